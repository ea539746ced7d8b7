# SPDX-License-Identifier: Apache-2.0
"""How programs ended, and what follows: records, the limit of crashes, safe mode, the quota of logs."""

import os
import re
import subprocess
import sys

import steward
from contention import COUNT_INSTRUCTIONS
from images import BUILD, ROOTFS_IMAGE, STRICT, flash_map, make_flash, run
from qemu import TOP, Device
from steward import app_version, component_id, said
from test_control import HELLO, answer_of
from test_power import RESET_BUTTON_LINE, find_pl061

sys.path.append(os.path.join(TOP, "tests", "littlefs"))
from editor import Editor		# pylint: disable=wrong-import-position

# abi/control.h
EXIT, SIGNAL, MEMORY, STOPPED, START = 1, 2, 4, 5, 6
NOWHERE, IN_PROGRAM, IN_LIBRARY = 0, 1, 2
LISTED = r"steward\[\d+\]: E4044 there are no more apps$"
ONCE = {"Lifecycle": {"Restart": "Never"}}
RECORD = re.compile(
    r"record (?P<id>\S+) boot (?P<boot>\d+) at (?P<time>\d+) s ran (?P<ran>\d+) ms reason (?P<reason>\d) "
    r"code (?P<code>\d+) signal (?P<signal>\d+) peak (?P<peak>\d+) KiB "
    r"pc (?P<pc_where>\d):(?P<pc>\w{8}) lr (?P<lr_where>\d):(?P<lr>\w{8})$")


def records_in(lines):
    """The last list of records that the steward printed, the newest first."""
    begin = max(number for number, line in enumerate(lines) if line.startswith("records: "))
    found = [RECORD.search(line) for line in lines[begin:]]
    return [{key: text if key == "id" else int(text, 16 if key in ("pc", "lr") else 10)
             for key, text in match.groupdict().items()} for match in found if match]


def of(records, number, boot=None):
    return [record for record in records
            if record["id"] == component_id(number) and boot in (None, record["boot"])]


def function_at(payload, address):
    """As a person looks it up: application-manager(8), Records."""
    program = os.path.join(BUILD, "payloads", payload, payload + ".debug")
    return run("arm-linux-gnueabihf-addr2line", "-f", "-e", program, hex(address)).split("\n")[0]


def check_ends(records, boot):
    """What the four apps of test_ends did at start number @boot."""
    quits, falls, jumps, eats = (of(records, number, boot) for number in range(1, 5))
    assert [len(found) for found in (quits, falls, jumps, eats)] == [1, 1, 1, 1], records
    assert (quits[0]["reason"], quits[0]["code"], quits[0]["signal"], quits[0]["pc"]) == (EXIT, 3, 0, 0), quits
    assert (falls[0]["reason"], falls[0]["signal"]) == (SIGNAL, 11), falls
    assert falls[0]["pc_where"] == falls[0]["lr_where"] == IN_PROGRAM, falls
    assert function_at("crasher", falls[0]["pc"]) == "fall", falls
    assert function_at("crasher", falls[0]["lr"]) == "stumble", falls
    assert (jumps[0]["reason"], jumps[0]["pc_where"], jumps[0]["pc"]) == (SIGNAL, NOWHERE, 0), jumps
    assert function_at("crasher", jumps[0]["lr"]) in ("jump", "main"), jumps
    assert (eats[0]["reason"], eats[0]["signal"]) == (MEMORY, 9), eats
    assert 200 <= eats[0]["peak"] <= 300 and quits[0]["peak"] < 100, (eats, quits)


def test_ends(folder):
    """By status, by a fault in the program, by one outside of it, for memory; kept over a reset and a
    power cut."""
    packages = [app_version(folder, "crasher", "quits", 1, **ONCE),
                app_version(folder, "crasher", "falls", 2, CmdArgs=["fault"], **ONCE),
                app_version(folder, "crasher", "jumps", 3, CmdArgs=["jump"], **ONCE),
                app_version(folder, "hog", "eats", 4, CmdArgs=["eat"], Limits={"MemoryKB": 256}, **ONCE)]
    script = ["until %s stopped" % name for name in ("quits", "falls", "jumps", "eats")] + ["records"]
    with steward.device(folder, script, apps=packages, expect_trouble=True) as device:
        check_ends(records_in(said(device)), 1)
        device.qmp("system_reset")
        device.wait_for(r"steward\[\d+\]: done$", count=2)
        records = records_in(said(device))
        check_ends(records, 1)
        check_ends(records, 2)
        assert [record["boot"] for record in records] == [2] * 4 + [1] * 4, records
        device.cut_power()
        flash1, flash0 = device.keep_flash(folder)
    with Device(flash1, flash0=flash0, expect_trouble=True) as device:
        records = records_in(said(device))
    for boot in (1, 2, 3):
        check_ends(records, boot)


def test_ends_that_were_asked_for(folder):
    """Told to stop, and not to be started: the reason says so, and the second is said once."""
    packages = [app_version(folder, "sleeper", "told", 1), app_version(folder, "blink", "clash", 2)]
    script = ["until told running", "stop " + component_id(1), "until told stopped", "sleep 3000", "records"]
    with steward.device(folder, script, apps=["blink"] + packages) as device:
        records = records_in(said(device))
    assert [record["reason"] for record in of(records, 1)] == [STOPPED], records
    assert [(record["reason"], record["code"]) for record in of(records, 2)] == [(START, 16)], records


def test_a_ring_that_is_damaged(folder):
    """Whatever was written over it, the device starts, and the ring goes on."""
    packages = [app_version(folder, "crasher", "quits", 1, **ONCE)]
    with steward.device(folder, ["until quits stopped", "records"], apps=packages) as device:
        assert len(records_in(said(device))) == 1
        device.cut_power()
        flash1, flash0 = device.keep_flash(folder)
    with open(flash1, "r+b") as flash:
        flash.seek(flash_map("FLASH_STORAGE"))
        data = flash.read(flash_map("FLASH_STORAGE_BYTES"))
        places = [found.start() for found in re.finditer(b"END1", data)]
        assert places
        for place in places:
            flash.seek(flash_map("FLASH_STORAGE") + place + 4)
            flash.write(b"\0" * 40)
    with Device(flash1, flash0=flash0) as device:
        records = records_in(said(device))
        device.wait_for_report()
    assert [record["boot"] for record in records] == [2], records


def test_a_ring_that_is_forged(folder):
    """In a sound filesystem, by somebody who can write to the flash: what is out of its range is no ring, and
    what is not is one, which nothing but people looks at."""
    at, size = flash_map("FLASH_STORAGE"), flash_map("FLASH_STORAGE_BYTES")
    packages = [app_version(folder, "crasher", "quits", 1, **ONCE)]
    with steward.device(folder, ["until quits stopped", "records"], apps=packages) as device:
        said(device)
        device.cut_power()
        flash1, flash0 = device.keep_flash(folder)
    with open(flash1, "rb") as flash:
        flash.seek(at)
        image = flash.read(size)
    for place, boots in ((8 + 40, [2]), (8 + 16, [2, 0x7f])):	# a reason, a number of a start
        editor = Editor(image, flash_map("FLASH_SECTOR_BYTES"))
        editor.options = {"unit": flash_map("FLASH_PROGRAM_BYTES")}
        def forge(tag):
            begin = tag[2].find(b"END1") if tag[2] else -1
            return tag if begin < 0 else (*tag[:2], tag[2][:begin + place] + b"\x7f" + tag[2][begin + place + 1:])
        editor.edit(editor.pair(b""), forge)
        with open(flash1, "r+b") as flash:
            flash.seek(at)
            flash.write(editor.data)
        with Device(flash1, flash0=flash0) as device:
            records = records_in(said(device))
            console = device.console
        assert [record["boot"] for record in records] == boots, records
        assert ("error E4056: " in console) == (len(boots) == 1), console


def system_crasher(folder):
    root = os.path.join(folder, "system-crasher")
    subprocess.run(["cp", "-a", os.path.join(BUILD, "payloads", "crasher", "image-root"), root], check=True)
    image = root + ".image"
    run(os.path.join(BUILD, "host", "sph"), "image", "pack", "--type", "system-app", root, "-o", image)
    return image


def test_crash_loop(folder):
    """An app that always ends is left stopped; a system app is not; being told to, the app starts again."""
    packages = [app_version(folder, "crasher", "loops", 1)]
    script = ["sleep 35000", "until loops stopped", "status " + component_id(1), "sleep 40000", "status " + component_id(1),
              "start " + component_id(1), "sleep 3000", "status " + component_id(1)]
    image = steward.steward_image(folder, script)
    flash = make_flash(folder, packages, system=(ROOTFS_IMAGE, image, system_crasher(folder)))
    with Device(flash, arguments=COUNT_INSTRUCTIONS, limit_s=300) as device:
        device.wait_for(r"error E4055: loops ended 8 times in a row within 10 s; it stays stopped$")
        device.wait_for(r"error E4010: crasher exited with status 3 .* it starts again in 32000 ms$", count=2)
        lines = said(device)
        started = len(re.findall(r"appman: loops started", device.console))
    states = [line for line in lines if re.search(r"\bloops \w+ oem", line)]
    assert [bool(re.search("loops stopped oem", line)) for line in states] == [True, True, False], lines
    assert started > 8, device.console


def reset(device, count):
    """Holds the reset button until it is noticed; @count: how often the device has started by then."""
    path = find_pl061(device)
    device.set_line(path, RESET_BUTTON_LINE, 1)
    device.wait_for(r"reset button: stopping all apps$", count=count)
    device.set_line(path, RESET_BUTTON_LINE, 0)
    device.wait_for(r"appman: Spherule .* ms after power-on$", count=count + 1)


def test_safe_mode_after_early_resets(folder):
    """Three starts that were ended early: the next one starts system apps only, and the one after it, as
    it lasted, all again."""
    script = ["memory", "list", "sleep 31000"]
    with steward.device(folder, script, limit_s=300) as device:
        starts = 1
        while "error E4057: " not in device.console and starts < 8:
            device.wait_for(LISTED, count=starts)
            if "error E4057: " not in device.console:
                reset(device, starts)
                starts += 1
        assert starts >= 4, device.console
        device.wait_for(r"error E4057: safe mode: 3 starts in a row ended within 30 s; only system apps are started$")
        device.wait_for(LISTED, count=starts)
        last = device.console[device.console.rindex("error E4057: "):]
        assert ", safe mode" in last and "hello stopped oem" in last and "hello started" not in last, last
        device.wait_for(r"steward\[\d+\]: done$")
        reset(device, starts)
        device.wait_for(LISTED, count=starts + 1)
        last = device.console[device.console.rindex("ms after power-on"):]
        assert "hello started" in last and "safe mode" not in last, last


def test_power_cuts_are_no_early_ends(folder):
    """The plug pulled four times: all apps run."""
    flash1, flash0 = make_flash(folder, ("hello",)), None
    for _ in range(5):
        with Device(flash1, flash0=flash0) as device:
            device.wait_for(r"appman: hello started")
            device.cut_power()
            flash1, flash0 = device.keep_flash(folder)
            assert "E4057" not in device.console, device.console


def test_safe_mode_on_request(folder):
    script = ["until hello running", "memory", "safe on", "until hello stopped", "memory", "start " + HELLO,
              "install 0", "until one stopped", "safe off", "until hello running", "until one running", "memory"]
    packages = [app_version(folder, "sleeper", "one")]
    with steward.device(folder, script, packages) as device:
        lines = said(device)
    assert "never" not in " ".join(lines), lines
    assert answer_of(lines, "start " + HELLO).startswith("E4046 "), lines
    used = [line for line in lines if re.search(r"used \d+ of 4096 KiB", line)]
    assert [line.endswith(", safe mode") for line in used] == [False, True, False], lines


def logged(console, name):
    return sum(len(line) + 1 for line in re.findall(r"\] %s\[\d+\]: (.*)$" % name, console, re.M))


def test_log_quota(folder):
    """What an app logs beyond its quota is dropped and counted; others beside it are heard."""
    packages = [app_version(folder, "hog", "tight", 1, CmdArgs=["log"], Limits={"LogBytesPerSecond": 256}),
                app_version(folder, "hog", "loose", 2, CmdArgs=["log"], Limits={"LogBytesPerSecond": 2048})]
    with Device(make_flash(folder, ["hello"] + packages, bootargs=STRICT), limit_s=200) as device:
        for name, quota in (("tight", 256), ("loose", 2048)):
            device.wait_for(r"error E4058: %s logged more than its %d bytes a second: \d+ messages of \d+ bytes "
                            r"were dropped$" % (name, quota), count=2)
        end = device.wait_for(r"^\[ *(\d+)\.\d+\] hello\[\d+\]: hello, world (?!1$)\d+$", count=2)
        console = device.console[:end.end()]
    seconds = int(re.findall(r"^\[ *(\d+)\.", console, re.M)[-1]) + 1
    tight, loose = logged(console, "tight"), logged(console, "loose")
    assert 256 * 16 - 200 <= tight <= 256 * (16 + seconds), (tight, seconds)
    assert 4 * tight < loose <= 2048 * (16 + seconds), (tight, loose, seconds)
    heard = [int(number) for number in re.findall(r"hello, world (\d+)$", console, re.M)]
    assert heard == list(range(1, len(heard) + 1)), heard
