# SPDX-License-Identifier: Apache-2.0
"""What apps and application-manager tell each other: readiness, watchdog, memory, power, updates."""

import os
import re

import budgets
import steward
import workers
from workers import make_device, worker

ALL = {"HeapMemStats": True, "ResetMemoryWatermarks": True, "SystemEventNotifications": True,
       "PowerControls": ["ForcePowerDown"]}
HASTY = {"TerminationGraceMs": 100}
UPDATE = "worker: event 1, status 2, type 1"


def of_app(console, name):
    """The lines of one app."""
    return re.findall(r"^\[ *[\d.]+\] %s\[\d+\]: worker: (.*)$" % name, console, re.M)


def test_app_is_told_before_it_is_killed(folder):
    """The word comes with figures that fit, before the end, and to the app itself; it needs no capability."""
    apps = [worker(folder, "grower", "grow", Limits={"MemoryKB": 300}), "hello"]
    with make_device(folder, apps, expect_trouble=True) as device:
        killed = device.wait_for(r"error E3121: grower wanted more memory than its limit of 300 KiB")
        told = device.wait_for(r"worker: told (\d+) of 300 KiB, more than 263, own (\d+), peak (\d+)$")
        total, own, peak = (int(told[n]) for n in (1, 2, 3))
        assert told.start() < killed.start(), device.console
        assert 250 <= total <= 300 and own < total <= peak + 4, told[0]
        goes_on = device.console.index("worker: goes on all the same")
        assert told.start() < goes_on < killed.start(), device.console
        assert "total 0, own 0, peak 0" in device.console, device.console	# no HeapMemStats
        device.wait_for(r"error E4010: grower was ended by signal 9 ")
        device.wait_for(r"hello, world \d+$", count=3)
        assert device.console.count("hello started") == 1


def test_what_the_manifest_gives(folder):
    """Each capability of the device beside the same app without it."""
    apps = [worker(folder, "given", "grants", Capabilities=ALL), worker(folder, "bare", "grants")]
    with make_device(folder, apps) as device:
        for name in ("given", "bare"):
            device.wait_for(r"%s\[\d+\]: worker: be told of updates: " % name)
        given, bare = of_app(device.console, "given"), of_app(device.console, "bare")
    denied = "Permission denied"
    for what, works in (("figures", "ok"), ("set back", "ok"), ("be told of updates", "ok"),
                        ("sleep for a while", "Not supported")):
        assert "%s: %s" % (what, works) in given, (what, given)
        assert "%s: %s" % (what, denied) in bare, (what, bare)
    for lines in (given, bare):
        assert "sleep for no time: Invalid argument" in lines, lines
        assert "defer: Not supported" in lines, lines
    before, after = [[int(n) for n in re.findall(r"\d+", line)]
                     for line in given if line.startswith("total ")]
    # 100 KiB were taken and given back: they are in the first peak, and not in the second.
    assert 30 < before[0] < 120 and before[1] < before[0] and before[2] > before[0] + 80, before
    assert after[2] < before[2] - 80 and after[2] >= after[0] - 8, (before, after)
    assert [line for line in bare if line.startswith("total ")] == ["total 0, own 0, peak 0"] * 2, bare


def test_power_off_is_who_may(folder):
    """One entry of PowerControls does not give the other; all apps are stopped as by the button."""
    apps = [worker(folder, "given", "off", Capabilities={"PowerControls": ["ForcePowerDown"]},
                   Lifecycle=HASTY), "hello"]
    with make_device(folder, apps) as device:
        device.wait_for(r"appman: given wants the device switched off: stopping all apps$")
        assert device.wait_for_exit() == 0
        assert of_app(device.console, "given")[:2] == ["reboot: Permission denied", "off: ok"], device.console
        assert "hello stopped" in device.console, device.console


def test_restart_is_who_may(folder):
    apps = [worker(folder, "given", "reboot", Capabilities={"PowerControls": ["ForceReboot"]},
                   Lifecycle=HASTY)]
    with make_device(folder, apps) as device:
        device.wait_for(r"appman: given wants the device restarted: stopping all apps$")
        device.wait_for(r"appman: Spherule ", count=2)
        assert of_app(device.console, "given")[:2] == ["off: Permission denied", "reboot: ok"], device.console


def test_watchdog(folder):
    """Who hangs is killed and counts as failed; who says that it is well runs, and so does who promised nothing."""
    dog = {"WatchdogMs": 1000}
    apps = [worker(folder, "hung", "hang", 3, Lifecycle=dog),
            worker(folder, "failure", "hang", Lifecycle=dict(dog, Restart="OnFailure")),
            worker(folder, "once", "hang", Lifecycle=dict(dog, Restart="Never")),
            worker(folder, "well", "well", Lifecycle=dog), worker(folder, "free", "hang"),
            worker(folder, "early", "ready", 100, Lifecycle=dict(dog, ReadyMs=3000))]
    with make_device(folder, apps, expect_trouble=True) as device:
        for name in ("hung", "failure"):
            device.wait_for(r"error E4050: %s did not say for 1000 ms that it is well and is killed$" % name,
                            count=2)
            device.wait_for(r"error E4010: %s was ended by signal 9 " % name)
        device.wait_for(r"once was ended by signal 9 and is not started again$")
        console = device.console
    for name in ("well", "free", "early"):
        assert "E4050: %s " % name not in console and console.count(name + " started") == 1, console
    assert console.count("once started") == 1, console
    # It is well for 300 ms, then 1,000 pass.
    started, killed = (float(re.search(r"^\[ *([\d.]+)\] appman: %s" % what, console, re.M)[1])
                       for what in ("hung started", "error E4050: hung"))
    assert 1.19 < killed - started < 1.6, (started, killed)	# both are cut to milliseconds


def test_start_order(folder):
    """System apps first; the others when those that promised have said that they are ready, or have
    ended, or are late."""
    system = [worker(folder, "slow", "ready", 700, system=True, Lifecycle={"ReadyMs": 5000}),
              worker(folder, "silent", "hang", system=True, Lifecycle={"ReadyMs": 1500}),
              worker(folder, "ending", "end", 300, system=True,
                     Lifecycle={"ReadyMs": 9000, "Restart": "Never"}),
              worker(folder, "plain", "well", system=True)]
    with make_device(folder, ["hello", worker(folder, "late", "ready", 500, Lifecycle={"ReadyMs": 200})],
                     system, expect_trouble=True) as device:
        device.wait_for(r"error E4051: late did not say within 200 ms that it is ready$")
        device.wait_for(r"hello, world 2$")
        report = device.wait_for_report()
        console = device.console
    assert len(report["apps"]) >= 6, report
    order = ["appman: slow started", "appman: silent started", "appman: ending started",
             "appman: plain started", "slow[", "error E4051: silent did not say within 1500 ms",
             "appman: hello started", "appman: late started"]
    places = [console.index(text) for text in order]
    assert places == sorted(places), console
    assert "E4051: slow" not in console and "E4051: ending" not in console, console


def test_nobody_waits_for_who_promises_nothing(folder):
    """Beside the last: the same system apps without ReadyMs."""
    with make_device(folder, ["hello"], [worker(folder, "silent", "hang", system=True)]) as device:
        device.wait_for(r"hello, world 1$")
        started = [float(time) for time in re.findall(r"^\[ *([\d.]+)\] appman: \w+ started", device.console,
                                                      re.M)]
    assert started[1] - started[0] < 0.3, started


def test_app_is_told_that_it_is_replaced(folder):
    """Who may know, and who may not; both are replaced."""
    def version(name, number, **capabilities):
        place = os.path.join(folder, name)
        os.mkdir(place)
        return steward.app_version(place, "worker", name, number, CmdArgs=["updates"], Capabilities=capabilities)

    knows = {"SystemEventNotifications": True}
    packages = [version("old", 1, **knows), version("new", 1, **knows), version("blind", 2), version("next", 2)]
    script = ["install 0", "until old running", "install 2", "until blind running", "sleep 1000",
              "install 1", "until new running", "install 3", "until next running"]
    with steward.device(folder, script, packages) as device:
        lines = steward.said(device)
        console = device.console
    assert "never" not in " ".join(lines), lines
    told = re.findall(r"(\w+)\[\d+\]: (%s)$" % UPDATE, console, re.M)
    assert [name for name, _ in told] == ["old"], console
    assert re.search(r"blind\[\d+\]: worker: be told of updates: Permission denied", console), console


def test_flooding_slows_nobody_else(folder):
    """Questions and connections without end: pid 1 answers others as if nothing were."""
    reply_ms, console = workers.flood_reply_ms(folder)
    budgets.check("channel_flood_reply_ms", reply_ms)
    assert console.count("hello started") == 1, console
