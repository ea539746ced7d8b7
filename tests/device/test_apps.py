# SPDX-License-Identifier: Apache-2.0
"""Apps: identity and files at their start, refusals, restarts, logs, images that are wrong."""

import json
import os
import re
import shutil
import struct
import subprocess

from images import (ROOTFS_IMAGE, SPH, STRICT, app_image, flash_map, make_flash, run, variant)
from qemu import BUILD, TOP, Device

OEM_KEY = os.path.join(TOP, "image", "keys", "dev", "oem.pem")


def test_app_starts_with_nothing(folder):
    """What pid 1 gives to an app: three files, its own user, no groups, no capability."""
    with Device(make_flash(folder, ("hello", "probe"))) as device:
        device.wait_for(r"probe\[\d+\]: probe: done$")
        lines = re.findall(r"probe\[\d+\]: probe: (.*)$", device.console, re.M)
    uid = "10001"
    status = dict(re.findall(r"/proc/self/status: (\w+):[ \t]*(.*)", "\n".join(lines)))
    assert status["Uid"].split() == [uid] * 4, status
    assert status["Gid"].split() == [uid] * 4, status
    assert status["Groups"].strip() == "", status
    for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
        assert int(status[name], 16) == 0, (name, status[name])
    assert status["NoNewPrivs"] == "1"
    assert int(status["SigBlk"], 16) == 0 and int(status["SigIgn"], 16) == 0
    assert [line for line in lines if line.startswith("open file")] == [
        "open file 0", "open file 1", "open file 2"], lines
    assert [line for line in lines if line.startswith("argument")] == [
        "argument 0: /mnt/app/bin/probe",
        "argument 1: first", "argument 2: second argument"], lines
    # Only itself: /proc hides the processes of others.
    seen = [line for line in lines if line.startswith("sees process")]
    assert seen == ["sees process " + status["Pid"]], seen


def test_an_app_from_nothing(folder):
    """What sph makes is compiled, packed, and runs."""
    place = os.path.join(folder, "drip")
    environment = dict(os.environ, SPHERULE_SDK=os.path.join(BUILD, "sdk"))
    run(SPH, "app", "new", "drip-2", place, env=environment)
    said = run(SPH, "app", "check", place, env=environment)
    assert said.startswith(place + "/app_manifest.json: valid\n"), said
    run(SPH, "app", "build", place, env=environment)
    with Device(make_flash(folder, (os.path.join(place, "out", "drip-2.image"),))) as device:
        device.wait_for(r"drip-2\[\d+\]: drip-2 is well$", count=2)


def test_sph_app_refuses(folder):
    """A name that is none, a folder that is there, an SDK that is not, a program that does not compile."""
    environment = dict(os.environ, SPHERULE_SDK=os.path.join(BUILD, "sdk"))
    without = {key: value for key, value in os.environ.items() if key != "SPHERULE_SDK"}
    place = os.path.join(folder, "app")
    run(SPH, "app", "new", "app", place, env=environment)
    with open(os.path.join(place, "main.c"), "a", encoding="utf-8") as file:
        file.write("#error no\n")
    for number, arguments, variables in (
            (5041, ("new", "Upper", place + "1"), environment),
            (5041, ("new", "../escape", place + "1"), environment),
            (5041, ("new", "x" * 32, place + "1"), environment),
            (5010, ("new", "app", place), environment),
            (5040, ("new", "app", place + "1"), without),
            (5040, ("check", place, "--sdk", place + "1"), without),
            (5042, ("build", place), environment)):
        result = subprocess.run((SPH, "app") + arguments, env=variables, capture_output=True,
                                text=True, check=False)
        assert result.returncode == 1 and "sph: error E%d: " % number in result.stderr, (
            arguments, result.stderr)
        assert not os.path.exists(place + "1"), arguments


def test_ports_are_those_of_the_manifest(folder):
    """An app binds by number what its manifest has, and nothing else."""
    with Device(make_flash(folder, ("porter",))) as device:
        device.wait_for(r"porter\[\d+\]: porter: 7 passed, 0 failed$")


def test_manifests_of_whole_pages_are_read(folder):
    """cramfs in 6.12 reads zeros for the last page of such files; our patch mends it.  The larger
    one is the largest that sph packs."""
    def pad_to(size):
        def pad(root):
            path = os.path.join(root, "app_manifest.json")
            with open(path, "a", encoding="utf-8") as file:
                file.write(" " * (size - os.path.getsize(path)))
        return pad

    apps = [variant(folder, "sleeper", n, finish=pad_to(4096 * n)) for n in (1, 2)]
    with Device(make_flash(folder, apps)) as device:
        report = device.wait_for_report()
        assert [report["apps"][name]["state"] for name in ("sleeper1", "sleeper2")] == [
            "running", "running"], report


def test_nothing_outlives_an_app(folder):
    """What an app leaves behind in a session of its own is gone before it starts again."""
    with Device(make_flash(folder, ("runaway",))) as device:
        device.wait_for(r"runaway: main \d+ ends$", count=3)
        last = device.wait_for(r"runaway started, pid (\d+), uid", count=4)[1]
        device.wait_for(r"runaway: child of %s lives$" % last, count=2)
        after = device.console[device.console.index("runaway started, pid " + last):]
        others = set(re.findall(r"runaway: child of (\d+) lives", after)) - {last}
        assert not others, others


def change_manifest(root, **fields):
    path = os.path.join(root, "app_manifest.json")
    with open(path, encoding="utf-8") as file:
        manifest = json.load(file)
    manifest.update(fields)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(manifest, file)


def test_system_app_has_what_its_row_says(folder):
    """networkd's row, of which it asks for all: one Linux capability and no other; the same program as
    an OEM app has none, and ends before it when there is no memory."""
    as_system = app_image("networker")
    as_oem = os.path.join(folder, "oem.image")
    root = os.path.join(folder, "oem")
    shutil.copytree(os.path.join(os.path.dirname(as_system), "image-root"), root)
    # It cannot ask for any: sph refuses, and so does the device (test_manifests in abi).
    change_manifest(root, Capabilities={})
    run(SPH, "image", "pack", root, "-o", as_oem)
    works = {"route socket", "raise interface", "bind low port", "set clock"}
    for system, apps, caps, linux in (
            ((ROOTFS_IMAGE, as_system), ("hello",), "00000107", 1 << 12),
            ((ROOTFS_IMAGE,), (as_oem, "hello"), "00000000", 0)):
        place = os.path.join(folder, caps)
        os.mkdir(place)
        with Device(make_flash(place, apps, system=system)) as device:
            device.wait_for(r"networker: done$")
            said = dict(re.findall(r"networker: ([\w ]+):[ \t]*(.*)$", device.console, re.M))
        assert said["CAPS"] == caps and said["NoNewPrivs"] == "1", said
        # When there is no memory, apps of OEMs end first.
        assert said["OOM score"] == ("0" if linux else "500"), said
        # Linux, fs/proc/base.c: two thirds of 1,000 and what is added, which must not be rounded away (patch 0030).
        assert (int(said["OOM rank"]) > 900) != bool(linux), said
        for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            wanted = linux if name in ("CapPrm", "CapEff") else 0
            assert int(said[name], 16) == wanted, (name, said)
        for operation in works | {"raw socket", "GPIO", "monitor"}:
            expected = operation in works and linux
            assert (said[operation] == "works") == bool(expected), (operation, said)


# All that an OEM's app can ask for and nothing grants yet (docs/manifest.md).
NOT_YET = {
    **{name: True for name in (
        "WifiConfig", "EnterpriseWifiConfig", "NetworkConfig", "ReadNetworkProxyConfig",
        "HardwareAddressConfig", "DhcpService", "SntpService", "TimeSyncConfig", "SystemTime", "CertStore",
        "SystemEventNotifications", "SoftwareUpdateDeferral", "HeapMemStats", "ResetMemoryWatermarks")},
    **{kind: [0, 1] for kind in ("Uart", "I2cMaster", "SpiMaster", "Pwm", "Adc")},
    "PowerControls": ["ForceReboot", "ForcePowerDown", "SetPowerProfile"],
    "DeviceAuthentication": "9eca6399-06ff-4bec-aaa6-6107eae14d74",
    # As many and as long as they may be.
    "AllowedConnections": ["%02d" % n + "h" * 29 for n in range(32)],
    "AllowedTcpServerPorts": list(range(2000, 2010)),
    "AllowedUdpServerPorts": list(range(2000, 2010)),
    "AllowedApplicationConnections": ["5df999f1-7096-426a-8a78-a7a43c36cf2%d" % n for n in range(8)],
}
SYSTEM_PRIVILEGES = [
    "NetworkConfig", "LowPort", "Time", "Power", "KernelLog", "Gpio", "FlashRead", "Monitor", "Serve",
    "Debug", "ImageUpdate", "ImageQuery", "DeviceState", "DeriveKey", "Attest", "Telemetry"]


def asking(folder, number, capabilities, kind):
    """networker as another component, which asks for @capabilities."""
    image = os.path.join(folder, kind)

    def ask(root):
        path = os.path.join(root, "app_manifest.json")
        with open(path, encoding="utf-8") as file:
            manifest = json.load(file)
        manifest["Capabilities"] = capabilities
        with open(path, "w", encoding="utf-8") as file:
            json.dump(manifest, file)
        run(SPH, "image", "pack", root, "--type", kind, "-o", image)
        # variant() packs the folder once more, as an app.
        manifest["Capabilities"] = {}
        with open(path, "w", encoding="utf-8") as file:
            json.dump(manifest, file)

    variant(folder, "networker", number, finish=ask)
    return image


def test_what_is_not_enforced_yet_gives_nothing(folder):
    """Asking alone opens nothing: neither for an OEM's app, nor for a system app without a row."""
    as_oem = asking(folder, 1, NOT_YET, "app")
    as_system = asking(folder, 2, {"SystemPrivileges": SYSTEM_PRIVILEGES}, "system-app")
    for system, apps in (((ROOTFS_IMAGE,), (as_oem, "hello")), ((ROOTFS_IMAGE, as_system), ("hello",))):
        place = os.path.join(folder, "device%d" % len(system))
        os.mkdir(place)
        with Device(make_flash(place, apps, system=system)) as device:
            device.wait_for(r"networker: done$")
            said = dict(re.findall(r"networker: ([\w ]+):[ \t]*(.*)$", device.console, re.M))
        assert said["CAPS"] == "00000000", said
        for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            assert int(said[name], 16) == 0, (name, said)
        for operation in ("route socket", "raise interface", "bind low port", "set clock", "raw socket",
                          "GPIO", "monitor"):
            assert said[operation] != "works", (operation, said)


def test_gpio_line_has_one_owner(folder):
    """Two apps that ask for LED1: the second is told whose it is, and does not run."""
    def ask_for_led1(root):
        path = os.path.join(root, "app_manifest.json")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        assert '"Gpio": [1]' in text, text
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace('"Gpio": [1]', '"Gpio": [0]'))

    second = variant(folder, "lamp", 1, finish=ask_for_led1)
    with Device(make_flash(folder, ("blink", second, "hello"))) as device:
        device.wait_for(r"error E4013: lamp1: GPIO 0 belongs to blink$")
        apps = device.wait_for_report()["apps"]
        assert apps["blink"]["state"] == "running" and apps["lamp1"]["state"] == "waiting", apps
        device.wait_for(r"hello, world 3$")


def test_gpio_line_goes_to_the_next(folder):
    """The line of an app that ended is free: one of two crashing apps has it at a time."""
    pair = [variant(folder, "lamp", number) for number in (1, 2)]
    with Device(make_flash(folder, pair)) as device:
        for name in ("lamp1", "lamp2"):
            device.wait_for(r"%s\[\d+\]: lamp: has LED2$" % name, count=2)
        assert "cannot" not in device.console, device.console


def test_no_identity_no_app(folder):
    """On a kernel that runs without the LSM no app is started: nothing runs as nobody."""
    flash = make_flash(folder, ("hello",), bootargs=STRICT + " lsm=capability")
    with Device(flash) as device:
        device.wait_for(r"error E4017: list of images: Operation not permitted$")
        assert not device.wait_for_report()["apps"]
        assert "hello started" not in device.console


def test_page_directory_of_half_a_page(folder):
    """Around its end, and many of them; the kernel takes no harm and hello goes on."""
    with Device(make_flash(folder, ("paging", "hello"))) as device:
        result = device.wait_for(r"paging: (\d+) passed, (\d+) failed$")
        assert int(result[1]) > 300 and result[2] == "0", device.console
        device.wait_for(r"hello, world 3$")


def test_refused_image_is_not_tried_again(folder):
    image = replaced(folder, "blink", b'"CmdArgs"', b'"CmdArgz"')
    with Device(make_flash(folder, (image, "hello"))) as device:
        assert device.wait_for_report()["apps"]["blink"]["state"] == "refused"
        device.wait_for(r"hello, world 3$")
        assert device.console.count("error E4005: blink") == 1


def test_dynamic_app_runs(folder):
    with Device(make_flash(folder, ("dynamic",))) as device:
        device.wait_for(r"dynamic\[\d+\]: dynamic: up$")
        assert device.wait_for_report()["apps"]["dynamic"]["state"] == "running"


def test_killed_app_restarts(folder):
    with Device(make_flash(folder, ("phoenix", "hello"))) as device:
        device.wait_for(r"phoenix\[\d+\]: phoenix: alive, pid (\d+)$", count=3)
        pids = re.findall(r"phoenix\[\d+\]: phoenix: alive, pid (\d+)$", device.console, re.M)
        assert len(set(pids)) == len(pids) >= 3, pids
        assert re.search(r"error E4010: phoenix was ended by signal 9 after", device.console)


def test_crash_loop_backs_off_and_others_go_on(folder):
    with Device(make_flash(folder, ("crasher", "hello"))) as device:
        device.wait_for(r"crasher exited with status 3 .* again in 4000 ms$")
        delays = re.findall(r"crasher exited with status 3 .* again in (\d+) ms$",
                            device.console, re.M)
        assert delays == ["250", "500", "1000", "2000", "4000"], delays
        # After the last of these crashes, hello still counts.
        count = len(re.findall(r"hello\[\d+\]: hello, world", device.console))
        device.wait_for(r"hello\[\d+\]: hello, world \d+$", count=count + 2)
        assert not re.search(r"error E4010: hello", device.console)


def test_app_cannot_forge_the_log(folder):
    with Device(make_flash(folder, ("forger",))) as device:
        device.wait_for(r"forger\[\d+\]: forger: done$")
        assert "\033" not in device.console
        for line in device.console.splitlines():
            assert "forged" not in line or re.match(r"\[ *\d+\.\d{3}\] forger\[\d+\]: ", line), line
        assert re.search(r"forger\[\d+\]: x{100,}\.\.\.$", device.console, re.M)


def der_number(der, at):
    """The number of an INTEGER of DER at @at, as 32 bytes, and where the next one begins."""
    length = der[at + 1]
    return der[at + 2:at + 2 + length][-32:].rjust(32, b"\0"), at + 2 + length


def sign_again(path):
    """Signs a package with the development key, whatever is in it: r, then s, of what is before it."""
    with open(path, "r+b") as file:
        text = file.read()[:-64]
        with open(path + ".text", "wb") as copy:
            copy.write(text)
        run("openssl", "dgst", "-sha256", "-sign", OEM_KEY, "-out", path + ".der", path + ".text")
        with open(path + ".der", "rb") as signature:
            der = signature.read()
        r, behind = der_number(der, 2)
        file.seek(len(text))
        file.write(r + der_number(der, behind)[0])
    return path


def patched(folder, name, offset_in_metadata, data):
    """A copy of an app's image with bytes of its metadata changed."""
    with open(app_image(name), "rb") as file:
        image = bytearray(file.read())
    metadata = struct.unpack_from("<I", image, 4)[0]
    start = metadata + offset_in_metadata
    image[start:start + len(data)] = data
    path = os.path.join(folder, "patched.image")
    with open(path, "wb") as file:
        file.write(image)
    return sign_again(path)


def replaced(folder, name, old, new):
    """A copy of an app's image with a text in its body changed for one of the same length."""
    assert len(old) == len(new)
    with open(app_image(name), "rb") as file:
        image = file.read()
    assert image.count(old) == 1, (old, image.count(old))
    path = os.path.join(folder, "replaced.image")
    with open(path, "wb") as file:
        file.write(image.replace(old, new))
    return sign_again(path)


def expect_refusal(folder, image, pattern):
    """The image is refused with the pattern, and the app behind it in flash runs."""
    with Device(make_flash(folder, (image, "hello"))) as device:
        device.wait_for(pattern)
        device.wait_for(r"hello\[\d+\]: hello, world 1$")


def expect_not_installed(folder, image, number):
    """The monitor does not take the image in; the app behind it in flash runs."""
    with Device(make_flash(folder, (image, "hello"))) as device:
        assert set(device.wait_for_report()["apps"]) == {"hello"}
        assert "E%d" % number in device.read_secure(), device.read_secure()


def test_image_with_unknown_type_is_refused(folder):
    expect_not_installed(folder, patched(folder, "blink", 12, struct.pack("<I", 77)), 2006)


def test_image_of_a_newer_abi_is_refused(folder):
    expect_not_installed(folder, patched(folder, "blink", 84, struct.pack("<I", 999)), 2009)


def test_image_in_the_wrong_partition_is_refused(folder):
    expect_not_installed(folder, patched(folder, "blink", 12, struct.pack("<I", 2)), 1031)


def test_image_and_manifest_must_agree(folder):
    expect_refusal(folder, patched(folder, "blink", 16, b"\x01" * 16),
                   r"error E4006: blink: image of 01010101-.*, manifest of ")


def test_unknown_field_is_refused_by_name(folder):
    expect_refusal(folder, replaced(folder, "blink", b'"CmdArgs"', b'"CmdArgz"'),
                   r"error E4005: blink: app_manifest.json:\d+:\d+: E3006: CmdArgz: ")


def test_unknown_capability_is_refused_by_name(folder):
    expect_refusal(folder, replaced(folder, "blink", b'"Gpio"', b'"Wifi"'),
                   r"error E4005: blink: app_manifest.json:\d+:\d+: E3006: Capabilities.Wifi: ")


def test_privileges_of_the_system_are_refused_to_others(folder):
    """sph would not pack it; who signs can leave sph out."""
    old = b'"CmdArgs": [],\n\t"Capabilities": { "Gpio": [0] }'
    new = b'"Capabilities":{"SystemPrivileges":["LowPort"]}'
    expect_refusal(folder, replaced(folder, "blink", old, new.ljust(len(old))),
                   r"error E4005: blink: app_manifest.json:\d+:\d+: E3012: Capabilities.SystemPrivileges: ")


def test_missing_program_is_refused(folder):
    expect_refusal(folder, replaced(folder, "blink", b'"/bin/blink"', b'"/bin/blonk"'),
                   r"error E4009: blink: /bin/blonk: No such file or directory$")


def test_second_image_of_a_component_is_refused(folder):
    with Device(make_flash(folder, ("hello", "hello"))) as device:
        device.wait_for(r"hello\[\d+\]: hello, world 1$")
        assert len(device.wait_for_report()["apps"]) == 1
        assert "E1032" in device.read_secure(), device.read_secure()


def test_more_apps_than_places(folder):
    """17 apps: 16 run, the last one is refused by name."""
    apps = [variant(folder, "sleeper", number) for number in range(17)]
    with Device(make_flash(folder, apps)) as device:
        device.wait_for(r"error E4008: sleeper16: there are 16 apps already; not started$")
        report = device.wait_for_report()
        assert len(report["apps"]) == 16, report
        assert all(app["state"] == "running" for app in report["apps"].values()), report
        assert len({app["uid"] for app in report["apps"].values()}) == 16


def test_what_is_behind_the_images_does_not_matter(folder):
    """Garbage where another image could begin is no image, and what came before runs."""
    flash = make_flash(folder, ("hello",))
    with open(flash, "r+b") as file:
        file.seek(flash_map("FLASH_APPS") + flash_map("FLASH_SECTOR_BYTES"))
        file.write(b"\x55" * 4096)
    with Device(flash) as device:
        assert set(device.wait_for_report()["apps"]) == {"hello"}
        assert "error" not in device.console, device.console


