# SPDX-License-Identifier: Apache-2.0
"""Apps that are not what was installed: the monitor refuses them at the mount, the others run."""

import re

from image_fields import INSTALLED, body_bytes
from images import PRODUCT_APPS, flash_map, make_flash, variant
from qemu import Device
from starts import change, flash0_of_a_used_device

# The first bytes of the super-block, and a byte in the first files.
PLACES = (0, 20, 5000)
E_CHANGED = 1033
APPS, SECTOR = flash_map("FLASH_APPS"), flash_map("FLASH_SECTOR_BYTES")


def start(flash, flash0):
    """(console, {name: state}) of a device that has come up."""
    with Device(flash, flash0=flash0) as device:
        report = device.wait_for_report()
        return device.console, {name: app["state"] for name, app in report["apps"].items()}


def offset_of(app):
    """Each app stands at the start of an erase sector, in the order of make_flash()."""
    return PRODUCT_APPS.index(app) * SECTOR


def expect_refusal(console, what, offset, number):
    """Application-manager names the number, and for the monitor's the kernel too."""
    if number == E_CHANGED:
        assert "image at %#x refused: -129, E%d" % (offset, number) in console, (what, console)
    assert re.search(r"error E%d: \S+ at offset 0x%x: E%d: " % (
        4016 if number == E_CHANGED else 4004, offset, number), console), (what, console)


def test_a_changed_image_is_not_mounted(folder):
    """At offset 0 of the partition, which is another way through the kernel, as behind it."""
    flash = make_flash(folder)
    flash0 = flash0_of_a_used_device(flash)
    running = {app: "running" for app in PRODUCT_APPS}
    for app in PRODUCT_APPS:
        for place in PLACES:
            at = APPS + offset_of(app) + place
            change(flash, at)
            console, states = start(flash, flash0)
            assert states == {name: "running" for name in PRODUCT_APPS if name != app}, console
            if place >= 16:
                expect_refusal(console, app, offset_of(app), E_CHANGED)
            change(flash, at)
    assert start(flash, flash0)[1] == running


def test_what_is_not_installed_is_not_there(folder):
    """An image that somebody wrote into the flash later is no app, whoever signed it."""
    flash = make_flash(folder, apps=PRODUCT_APPS[:1])
    flash0 = flash0_of_a_used_device(flash)
    console, states = start(make_flash(folder), flash0)
    assert states == {PRODUCT_APPS[0]: "running"}, console


def test_every_field_counts(folder):
    """One bit in each field behind the body of an installed image."""
    apps = [variant(folder, "sleeper", number) for number in range(len(INSTALLED))]
    flash = make_flash(folder, apps + ["hello"])
    with Device(flash) as device:
        states = [app["state"] for app in device.wait_for_report()["apps"].values()]
        assert states == ["running"] * (len(apps) + 1), device.console
        device.cut_power()
        flash, flash0 = device.keep_flash(folder)
    for number, (_, place, mask, _) in enumerate(INSTALLED):
        with open(apps[number], "rb") as file:
            change(flash, APPS + number * SECTOR + body_bytes(file.read(8)) + place, mask)
    console, states = start(flash, flash0)
    assert states == {"hello": "running"}, console
    for number, (what, _, _, reason) in enumerate(INSTALLED):
        expect_refusal(console, what, number * SECTOR, reason)
