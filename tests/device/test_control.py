# SPDX-License-Identifier: Apache-2.0
"""The control socket: who may ask, what is answered, installing and removing while the device runs."""

import os
import re

import install_kills
import steward
from images import ROOTFS_IMAGE, make_flash
from qemu import Device
from steward import app_version, component_id, component_of, said
from test_apps import patched

HELLO = "5DF999F1-7096-426A-8A78-A7A43C36CF28"
UPDATED = "C47A9B13-2F8D-4F0E-9C35-7B6E0A5D1E03"
APP = component_id(0x77)


def answer_of(lines, request):
    found = [line[len(request) + 2:] for line in lines if line.startswith(request + ": ")]
    assert len(found) == 1, (request, lines)
    return found[0]


def test_apps_are_told_to_run(folder):
    """List, status, memory; stop, start and restart do what they say, and an unknown app is none."""
    script = ["until blink running", "list", "memory", "stop " + HELLO, "until hello stopped",
              "sleep 1000", "status " + HELLO, "start " + HELLO, "until hello running",
              "restart " + HELLO, "sleep 500", "until hello running", "status " + APP]
    with steward.device(folder, script, apps=("hello", "blink")) as device:
        lines = said(device)
        console = device.console
    assert "never" not in " ".join(lines), lines
    assert re.match(r"steward running system pid \d+ uid 100\d\d restarts 0", answer_of(lines, "list")), lines
    for name in ("hello running oem", "blink running oem"):
        assert any(line.startswith(name) for line in lines), (name, lines)
    assert re.match(r"used \d+ of 4096 KiB", lines[lines.index("memory: ok") + 1]), lines
    assert any(line.startswith("hello stopped oem pid 0 ") for line in lines), lines
    assert answer_of(lines, "status " + APP).startswith("E4044 "), lines
    for request in ("stop", "start", "restart"):
        assert answer_of(lines, "%s %s" % (request, HELLO)) == "ok", lines
    assert len(re.findall(r"appman: hello started", console)) == 3, console


def test_apps_come_and_go(folder):
    """Installed, replaced while it runs, removed, installed again; the next start has what is left."""
    packages = [app_version(folder, "sleeper", "one"), app_version(folder, "sleeper", "two")]
    script = ["install 0", "until one running", "install 1", "until two running",
              "remove " + APP, "gone two", "install 0", "until one running", "sleep 12000"]
    with steward.device(folder, script, packages) as device:
        lines = said(device)
        device.cut_power()
        flash1, flash0 = device.keep_flash(folder)
        users = set(re.findall(r"appman: (?:one|two) started, pid \d+, uid (\d+)", device.console))
    assert "never" not in " ".join(lines), lines
    assert lines.count("install 0: ok") == 2 and lines.count("install 1: ok") == 1, lines
    assert answer_of(lines, "remove " + APP) == "ok", lines
    assert len(users) == 1, users
    with Device(flash1, flash0=flash0) as device:
        # The steward does all of it again, from here on.
        assert device.wait_for(r"appman: (one|two) started")[1] == "one", device.console


def test_a_start_that_fails_goes_back(folder):
    """The new image ends at once, then one for whose storage there is no room: each time the former one is back."""
    packages = [app_version(folder, "sleeper", "good"), app_version(folder, "crasher", "crash"),
                app_version(folder, "sleeper", "greedy", Capabilities={"MutableStorage": {"SizeKB": 1023}})]
    script = ["watch 1", "install 0", "until good running", "install 1", "hear went", "until good running",
              "install 2", "hear went", "until good running", "list"]
    with steward.device(folder, script, packages, ("diary",), expect_trouble=True) as device:
        lines = said(device)
        console = device.console
    assert "never" not in " ".join(lines), lines
    assert any(line.startswith("good running oem") for line in lines), lines
    assert not any(re.match("(crash|greedy) ", line) for line in lines), lines
    assert len(re.findall(r"error E4040: (?:crash|greedy): ", console)) == 2, console
    assert len(re.findall(r"appman: good started", console)) == 3, console


def test_no_way_back_behind_a_higher_version(folder):
    """What the monitor never starts again cannot come back: the new one stays and is tried again."""
    packages = [app_version(folder, "sleeper", "good", security_version=1),
                app_version(folder, "crasher", "crash", security_version=2)]
    script = ["install 0", "until good running", "install 1", "sleep 3000", "list", "install 0"]
    with steward.device(folder, script, packages, expect_trouble=True) as device:
        lines = said(device)
        console = device.console
    assert re.search(r"error E4041: crash: .*E1027", console), console
    assert any(line.startswith("crash ") for line in lines), lines
    assert lines[-2].startswith("install 0: E1027 "), lines


def test_what_is_refused_changes_nothing(folder):
    """A changed bit, an older version, another component's manifest, an installation by halves, two at once."""
    good = app_version(folder, "sleeper", "good", security_version=3)
    damaged = os.path.join(folder, "damaged.image")
    with open(good, "rb") as file:
        data = bytearray(file.read())
    data[4096 + 100] ^= 0x10
    with open(damaged, "wb") as file:
        file.write(data)
    packages = [good, damaged, app_version(folder, "sleeper", "old", security_version=2),
                patched(folder, "blink", 16, b"\x01" * 16)]
    script = ["install 0", "until good running", "install 1", "install 2", "install 3", "half 2", "twice 2",
              "sleep 200", "install 2", "install 0", "until good running", "list"]
    with steward.device(folder, script, packages) as device:
        lines = said(device)
    assert answer_of(lines, "install 1").startswith("E2012 "), lines
    assert answer_of(lines, "install 3").startswith("E4006 image of 01010101-"), lines
    refused = [line for line in lines if line.startswith("install 2: ")]
    assert len(refused) == 2 and all(line.startswith("install 2: E1027 ") for line in refused), lines
    assert answer_of(lines, "half 2") == "ok", lines
    assert answer_of(lines, "twice 2").startswith("E4045 "), lines
    assert lines.count("install 0: ok") == 2, lines
    assert any(line.startswith("good running oem") for line in lines), lines


def test_two_apps_cannot_have_the_same(folder):
    """A pin, a port, a component of the system: refused with both names, and what is there goes on.  What
    has a neighbour's number, or the app's own, is installed."""
    blink = component_of("blink")

    def wants(version, component, **capabilities):
        return app_version(folder, "sleeper", version, component, Capabilities=capabilities)

    packages = [wants("pin", 1, Gpio=["$LED1"]), wants("port", 2, AllowedTcpServerPorts=[8080]),
                wants("same-port", 3, AllowedTcpServerPorts=[8080]),
                wants("next-port", 3, AllowedTcpServerPorts=[8081], AllowedUdpServerPorts=[8080]),
                wants("like-steward", steward.component()), wants("blink-again", blink, Gpio=["$LED1"]),
                wants("pin-free", 1, Gpio=["$LED1"])]
    script = ["install 0", "install 1", "install 2", "install 3", "install 4", "list", "install 5",
              "until blink-again running", "remove " + blink, "gone blink-again", "install 6",
              "until pin-free running"]
    with steward.device(folder, script, packages, ("blink",)) as device:
        lines = said(device)
    assert "never" not in " ".join(lines), lines
    assert re.match("E4048 pin and blink both want GPIO [0-9]+$", answer_of(lines, "install 0")), lines
    assert answer_of(lines, "install 2") == "E4048 same-port and port both want TCP port 8080", lines
    assert answer_of(lines, "install 4").startswith("E4007 like-steward has the component id of steward"), lines
    for request in ("install 1", "install 3", "install 5", "install 6"):
        assert answer_of(lines, request) == "ok", lines
    # An installation takes in all that is staged: what was refused is not any more.
    assert not any(re.match("(pin|same-port|like-steward) ", line) for line in lines), lines
    assert any(line.startswith("blink running oem") for line in lines), lines


def test_storage_goes_only_when_asked(folder):
    """The app that is installed again finds what it wrote, or nothing when it was to be removed."""
    packages = [app_version(folder, "diary", "diary")]
    script = ["watch 2", "install 0", "hear start", "remove " + APP, "gone diary",
              "install 0", "hear start", "remove %s storage" % APP, "gone diary", "install 0", "hear start"]
    with steward.device(folder, script, packages) as device:
        lines = said(device)
        starts = re.findall(r"diary\[\d+\]: diary: start (\d+), entry [01]$", device.console, re.M)
        console = device.console
    assert "never" not in " ".join(lines), lines
    assert [start for n, start in enumerate(starts) if starts[n - 1] != start or not n] == ["1", "2", "1"], (
        starts, console)


def test_events(folder):
    script = ["until hello running", "watch 3", "restart " + HELLO, "events 5"]
    with steward.device(folder, script) as device:
        lines = said(device)
    events = [line for line in lines if "event hello: " in line or "log hello: " in line]
    for wanted in ("event hello: exited with status 0", "event hello: started",
                   "log hello: hello, world 1"):
        assert any(wanted in line for line in events), (wanted, lines)


def test_who_may_ask(folder):
    """controld all, updated some of it, the same program as an OEM app nothing."""
    script = ["sleep 1000", "list", "status " + HELLO, "stop " + HELLO, "watch 1",
              "install 0", "memory"]
    package = [app_version(folder, "sleeper", "new")]
    for component, system, works in ((None, True, "list status stop watch install memory"),
                                     (UPDATED, True, "list status install memory"),
                                     (None, False, ""), (component_id(5), True, "")):
        place = os.path.join(folder, "%s-%s" % (component, system))
        os.mkdir(place)
        image = steward.steward_image(place, script, package, component, system)
        images = (ROOTFS_IMAGE, image) if system else (ROOTFS_IMAGE,)
        apps = ("hello",) if system else ("hello", image)
        with Device(make_flash(place, apps, system=images), expect_trouble=True) as device:
            lines = said(device)
        for request in script[1:]:
            line = [line for line in lines if line.startswith(request + ": ")][0]
            answer = line[len(request) + 2:]
            if request.split()[0] in works.split():
                assert "E40" not in answer and "closed" not in answer, (component, system, line)
            elif works:
                assert answer.startswith("E4042 "), (component, system, line)
            else:
                assert re.match(r"closed|Connection reset|Broken pipe", answer), (component, system, line)


def test_hostile_clients(folder):
    """Short, long and unknown packets, too many clients, one that never listens: the next is served."""
    raw = {"raw 1 1": "E4043", "raw 31 1": "E4043", "raw 32 0": "E4043", "raw 32 15": "E4043",
           "raw 32 4294967295": "E4043", "raw 36 1": "E4043", "raw 32 9": "E4043",
           "raw 4132 9": "E4043", "raw 8000 9": "E4043", "raw 32 2": "E4043", "raw 36 9": "E4046",
           "raw 32 10": "E4046", "raw 32 11": "E4046"}
    script = ["until hello running"] + sorted(raw) + ["raw 0 1", "memory", "crowd 20", "stuck", "list"]
    with steward.device(folder, script) as device:
        lines = said(device)
    for request, number in raw.items():
        assert answer_of(lines, request).startswith(number + " "), (request, lines)
    assert answer_of(lines, "raw 0 1") in ("closed", "Broken pipe"), lines
    assert answer_of(lines, "memory") == "ok", lines
    assert answer_of(lines, "crowd 20") == "3 served", lines
    assert answer_of(lines, "stuck") == "dropped", lines
    assert answer_of(lines, "list").startswith("steward running system"), lines


def test_restart_is_as_the_manifest_says(folder):
    """Of three that end with an error: only who wishes so is started again."""
    packages = [app_version(folder, "crasher", name.lower(), number, Lifecycle={"Restart": name})
                for number, name in enumerate(("Always", "OnFailure", "Never"))]
    script = ["until never stopped", "sleep 2000", "list"]
    with steward.device(folder, script, apps=packages, expect_trouble=True) as device:
        lines = said(device)
    for name, again in (("always", True), ("onfailure", True), ("never", False)):
        restarts = [int(count) for line in lines for count in re.findall(r"^(?:list: )?%s .* restarts (\d+)" % name, line)]
        assert restarts and (restarts[0] > 0) == again, (name, lines)


def test_limits_are_those_of_the_manifest(folder):
    """Another memory, another grace; the control beside each has the default."""
    eat = {"CmdArgs": ["eat"]}
    packages = [app_version(folder, "hog", "small", 1, Limits={"MemoryKB": 200}, **eat),
                app_version(folder, "hog", "usual", 2, **eat),
                app_version(folder, "stubborn", "hasty", 3, Lifecycle={"TerminationGraceMs": 300}),
                app_version(folder, "stubborn", "slow", 4)]
    script = ["until hasty running", "until slow running", "stop " + component_id(3), "until hasty stopped",
              "stop " + component_id(4), "until slow stopped"]
    with steward.device(folder, script, apps=packages, expect_trouble=True) as device:
        lines = said(device)
        for name, kib in (("small", 200), ("usual", 512)):
            device.wait_for(r"error E3121: %s wanted more memory than its limit of %d KiB " % (name, kib))
        for name, grace_ms in (("hasty", 300), ("slow", 2000)):
            device.wait_for(r"appman: %s did not stop within %d ms and is killed" % (name, grace_ms))
    assert "never" not in " ".join(lines), lines


def test_power_cuts_of_installations(folder):
    """A sample of "make powercut"."""
    campaign = install_kills.Campaign(folder, 20261128)
    for _ in range(8):
        campaign.cut()
    assert campaign.counts["replaced"] > 4, campaign.counts
