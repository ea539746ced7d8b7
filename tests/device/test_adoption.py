# SPDX-License-Identifier: Apache-2.0
"""At its first start a device takes in what the factory wrote, if all of it is as it was signed."""

import os
import re

from image_fields import changed, changes
from images import app_image, flash_map, make_flash
from qemu import Device

APPS, SECTOR = flash_map("FLASH_APPS"), flash_map("FLASH_SECTOR_BYTES")


def read_image(name):
    with open(app_image(name), "rb") as file:
        return file.read()


def make_images(folder, images):
    """Paths of files with these images."""
    paths = []
    for number, image in enumerate(images):
        paths.append(os.path.join(folder, "%d.image" % number))
        with open(paths[-1], "wb") as file:
            file.write(image)
    return paths


def reasons(secure):
    """{offset in "apps": the number of the refusal} of what the monitor said."""
    base = int(re.search(r"flash \d+ KiB at (0x[0-9a-f]+)", secure)[1], 0) + APPS
    return {int(address, 0) - base: int(number) for number, address in re.findall(
        r"E(\d{4}) the package at (0x[0-9a-f]+) is not taken in", secure)}


def test_every_field_counts(folder):
    """Copies of an app, each with one bit changed, and behind them the app itself."""
    hello = read_image("hello")
    bits = changes(hello)
    copies = make_images(folder, [changed(hello, offset, mask) for _, offset, mask, _ in bits])
    flash = make_flash(folder, copies + ["hello", "blink"])
    with Device(flash) as device:
        device.wait_for(r"hello\[\d+\]: hello, world 1$")
        assert set(device.wait_for_report()["apps"]) == {"hello", "blink"}
        secure = device.read_secure()
    assert "2 apps are installed" in secure, secure
    found = reasons(secure)
    for number, (what, _, _, reason) in enumerate(bits):
        assert found.pop(number * SECTOR, None) == reason, (what, reason, secure)
    assert not found, (found, secure)
