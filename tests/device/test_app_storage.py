# SPDX-License-Identifier: Apache-2.0
"""What apps write to: kept from start to start, each app its own, as much as its manifest asks for.

The app diary counts its starts and writes an entry each second.  What an app may not do is among the
attacks: keeper, outsider.
"""

import json
import os

import storage
from images import flash_map, make_flash, variant
from qemu import Device

FOLDER = "/mnt/storage"		# as each app sees its own
UID_FIRST = 10000


def asking(folder, number, size_kib, payload="diary"):
    """The diary with another id, which asks for @size_kib, or with None for no storage."""
    def edit(root):
        path = os.path.join(root, "app_manifest.json")
        with open(path, encoding="utf-8") as file:
            manifest = json.load(file)
        manifest["Capabilities"] = (
            {"MutableStorage": {"SizeKB": size_kib}} if size_kib else {})
        with open(path, "w", encoding="utf-8") as file:
            json.dump(manifest, file)

    place = os.path.join(folder, "made-%s-%s" % (number, size_kib))
    os.mkdir(place)
    return variant(place, payload, number, finish=edit)


def start_on(folder, apps, partition=None):
    """A device with these apps, whose storage is that of another, or empty."""
    flash = make_flash(folder, apps)
    if partition:
        storage.write_partition(flash, partition)
    return Device(flash)


def power_off(device):
    """The storage of a device that went down in good order."""
    device.qmp("system_powerdown")
    assert device.wait_for_exit() == 0
    device.wait_for(r"appman: power off$")
    assert "error" not in device.console, device.console
    return storage.read_partition(device)


def owners(device, name, count=1):
    """(folder, uid, gid, mode) of the folder, (uid, gid, mode) of the file, as the app sees them."""
    found = device.wait_for(r" %s\[\d+\]: diary: folder (\S+): (\d+) (\d+) (\d+), file: (\d+) (\d+) "
                            r"(\d+)$" % name, count=count)
    return (found[1], int(found[2]), int(found[3]), found[4]), (
        int(found[5]), int(found[6]), found[7])


def test_storage_is_kept(folder):
    """Over a restart in good order, and over a power cut after fsync()."""
    with start_on(folder, ("diary", "hello")) as device:
        device.wait_for(r"diary: start 1, entry 3$")
        assert owners(device, "diary") == (
            (FOLDER, UID_FIRST, UID_FIRST, "700"),
            (UID_FIRST, UID_FIRST, "600"))
        partition = power_off(device)
    status, text = storage.judge(folder, partition)
    assert status == 0, text
    with start_on(folder, ("diary", "hello"), partition) as device:
        device.wait_for(r"diary: start 2, entry [3-9]$")
        last = device.wait_for(r"diary: start 2, entry (\d+)$", count=2)[1]
        device.cut_power()
        partition = storage.read_partition(device)
    with start_on(folder, ("diary", "hello"), partition) as device:
        found = device.wait_for(r"diary: start 3, entry (\d+)$")
        assert int(found[1]) >= int(last), device.console


def test_user_stays_with_the_folder(folder):
    """Whatever order the images have in flash, and whatever app has gone."""
    first, second = asking(folder, 1, 8), asking(folder, 2, 8)
    with start_on(folder, (first, second)) as device:
        assert owners(device, "diary1")[0][:2] == (FOLDER, UID_FIRST)
        assert owners(device, "diary2")[0][:2] == (FOLDER, UID_FIRST + 1)
        partition = power_off(device)
    with start_on(folder, ("hello", second, first), partition) as device:
        device.wait_for(r"diary1\[\d+\]: diary: start 2, ")
        device.wait_for(r"diary2\[\d+\]: diary: start 2, ")
        assert owners(device, "diary1")[0][1] == UID_FIRST
        assert owners(device, "diary2")[0][1] == UID_FIRST + 1
        apps = device.wait_for_report()["apps"]
        assert apps["hello"]["uid"] not in (UID_FIRST, UID_FIRST + 1), apps
        partition = power_off(device)
    with start_on(folder, ("hello", second), partition) as device:
        device.wait_for(r"diary2\[\d+\]: diary: start 3, ")
        apps = device.wait_for_report()["apps"]
        assert apps["diary2"]["uid"] == UID_FIRST + 1, apps
        assert apps["hello"]["uid"] not in (UID_FIRST, UID_FIRST + 1), apps


def test_storage_that_is_not_asked_for_any_more(folder):
    """A new version of the app does not ask: it does not get what the last one left, until one asks."""
    asks, does_not = asking(folder, 1, 8), asking(folder, 1, None)
    with start_on(folder, (asks, "hello")) as device:
        device.wait_for(r"diary: start 1, entry 1$")
        partition = power_off(device)
    with start_on(folder, (does_not, "hello"), partition) as device:
        device.wait_for(r"diary: cannot read: Permission denied$")
        device.wait_for(r"hello, world 1$")
        partition = power_off(device)
    with start_on(folder, (does_not, asking(folder, 2, 8)), partition) as device:
        device.wait_for(r"diary1\[\d+\]: diary: cannot read: Permission denied$")
        assert owners(device, "diary2")[0][1] == UID_FIRST + 1
        partition = power_off(device)
    with start_on(folder, (asks, "hello"), partition) as device:
        device.wait_for(r"diary: start 2, entry ")
        assert owners(device, "diary1")[0] == (FOLDER, UID_FIRST, UID_FIRST, "700")


def test_promises_fit_the_storage(folder):
    """The third app asks for what the other two have: it does not start, the others write."""
    apps = [asking(folder, number, 256) for number in (1, 2, 3)]
    with start_on(folder, apps + ["hello"]) as device:
        device.wait_for(r"error E4015: diary3: MutableStorage of 256 KiB, 1024 KiB of flash of "
                        r"4096 KiB: No space left on device$")
        for name in ("diary1", "diary2"):
            device.wait_for(r"appman: %s was promised 1024 KiB of flash$" % name)
            device.wait_for(r"%s\[\d+\]: diary: start 1, entry 2$" % name)
        states = {name: app["state"] for name, app in device.wait_for_report()["apps"].items()}
        assert states == {"diary1": "running", "diary2": "running", "diary3": "waiting",
                          "hello": "running"}, states
        device.wait_for(r"hello, world 2$")


def test_the_largest_storage(folder):
    """What the manifest may say at most can be kept by an empty storage; one more cannot be packed."""
    with start_on(folder, (asking(folder, 1, 1023), "hello")) as device:
        device.wait_for(r"diary: start 1, entry 1$")
    try:
        asking(folder, 1, 1024)
    except RuntimeError as error:
        assert "E3009" in str(error) and "must be 1 to 1023" in str(error), error
    else:
        raise AssertionError("1024 KiB were packed")


def expect_no_storage(folder, damage):
    """Who asks for storage is not started and named; the others run; nothing is written."""
    flash = make_flash(folder, ("diary", "hello"))
    storage.write_partition(flash, damage)
    with Device(flash) as device:
        device.wait_for(r"error E4014: no littlefs in partition \"storage\": .*; apps that ask for "
                        r"MutableStorage do not start$")
        device.wait_for(r"error E4015: diary: MutableStorage of 8 KiB: there is no storage$")
        device.wait_for(r"hello, world 2$")
        apps = device.wait_for_report()["apps"]
        assert apps["diary"]["state"] == "waiting" and apps["hello"]["state"] == "running", apps
        assert "diary started" not in device.console
        assert storage.read_partition(device) == damage


def test_blank_storage(folder):
    """Never made: that is done where the flash is made."""
    expect_no_storage(folder, b"\xff" * flash_map("FLASH_STORAGE_BYTES"))


def test_damaged_storage(folder):
    """What somebody else wrote is not overwritten."""
    expect_no_storage(folder, b"something " * (flash_map("FLASH_STORAGE_BYTES") // 10) + b"else")


def test_mkflash_keeps_a_storage(folder):
    """An empty filesystem goes into a storage that is erased, and into no other."""
    flash = make_flash(folder)
    with open(flash, "r+b") as file:
        file.seek(flash_map("FLASH_STORAGE"))
        assert file.read(flash_map("FLASH_STORAGE_BYTES")) == storage.empty_littlefs()
        file.seek(flash_map("FLASH_STORAGE"))
        file.write(b"\xff" * flash_map("FLASH_STORAGE_BYTES"))
        file.seek(flash_map("FLASH_STORAGE") + flash_map("FLASH_STORAGE_BYTES") - 1)
        file.write(b"\xfe")
    make_flash(folder)
    with open(flash, "rb") as file:
        file.seek(flash_map("FLASH_STORAGE"))
        found = file.read(flash_map("FLASH_STORAGE_BYTES"))
    assert found == b"\xff" * (flash_map("FLASH_STORAGE_BYTES") - 1) + b"\xfe"
