# SPDX-License-Identifier: Apache-2.0
"""Apps that are not what was installed: the monitor refuses them at the mount, the others run."""

import re

from images import PRODUCT_APPS, flash_map, make_flash
from qemu import Device
from starts import change, flash0_of_a_used_device

# The first bytes of the super-block, and a byte in the first files.
PLACES = (0, 20, 5000)
E_CHANGED = 1033


def start(flash, flash0):
    """(console, {name: state}) of a device that has come up."""
    with Device(flash, flash0=flash0) as device:
        report = device.wait_for_report()
        return device.console, {name: app["state"] for name, app in report["apps"].items()}


def offset_of(app):
    """Each app stands at the start of an erase sector, in the order of make_flash()."""
    return PRODUCT_APPS.index(app) * flash_map("FLASH_SECTOR_BYTES")


def test_a_changed_image_is_not_mounted(folder):
    """At offset 0 of the partition, which is another way through the kernel, as behind it."""
    flash = make_flash(folder)
    flash0 = flash0_of_a_used_device(flash)
    running = {app: "running" for app in PRODUCT_APPS}
    for app in PRODUCT_APPS:
        for place in PLACES:
            at = flash_map("FLASH_APPS") + offset_of(app) + place
            change(flash, at)
            console, states = start(flash, flash0)
            assert states == {name: "running" for name in PRODUCT_APPS if name != app}, console
            if place >= 16:
                assert re.search(r"error E4016: %s at offset 0x%x: E%d: " % (
                    app, offset_of(app), E_CHANGED), console), console
                assert "image at %#x refused: -129, E%d" % (
                    offset_of(app), E_CHANGED) in console, console
            change(flash, at)
    assert start(flash, flash0)[1] == running


def test_what_is_not_installed_is_not_there(folder):
    """An image that somebody wrote into the flash later is no app, whoever signed it."""
    flash = make_flash(folder, apps=PRODUCT_APPS[:1])
    flash0 = flash0_of_a_used_device(flash)
    console, states = start(make_flash(folder), flash0)
    assert states == {PRODUCT_APPS[0]: "running"}, console
