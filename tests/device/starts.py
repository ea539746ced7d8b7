# SPDX-License-Identifier: Apache-2.0
"""Whether a device starts, and what its monitor says of it."""

import os
import re
import shutil

from image_kills import INSTALLER
from images import make_flash
from qemu import Device

NS_PER_TICK = 16		# QEMU's generic timer: 62.5 MHz


def flash0_of_a_used_device(flash):
    """Flash 0, in the folder of @flash, of a device that has started once: it remembers things."""
    path = os.path.join(os.path.dirname(flash), "flash0.img")
    with Device(flash) as device:
        device.wait_for(r"^  flash  apps: .*\n")
        device.cut_power()
        shutil.copyfile(os.path.join(device.folder, "flash0.img"), path)
    return path


def flash0_that_has_confirmed(folder, security_version):
    """Flash 0 of a device on which an OS of this version has said "boot ok"."""
    with Device(make_flash(folder, (), kernel=INSTALLER, security_version=security_version)) as device:
        device.wait_for(r"^installer: ready$")
        device.cut_power()
        return device.keep_flash(folder)[1]


def change(flash, offset, mask=0x04):
    """Flips bits of a byte; twice is not at all."""
    with open(flash, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ mask]))


def expect_start(flash, slot, secure_says, ram="4M", flash0=None):
    """Linux runs, from @slot; returns the log of the monitor."""
    with Device(flash, ram=ram, flash0=flash0) as device:
        device.wait_for(r"hello\[\d+\]: hello, world 1$")
        secure = device.read_secure()
        assert re.search(r"slot %s is OS" % slot, secure), secure
        assert re.search(secure_says, secure), secure
        return secure


def expect_no_start(flash, *secure_says, flash0=None):
    """Not a word of Linux: the device switches itself off, or asks for another OS."""
    with Device(flash, flash0=flash0) as device:
        device.wait_for_secure(r"cannot start|E1061 recovery")
        secure = device.read_secure()
        assert not device.console, device.console
        for pattern in secure_says:
            assert re.search(pattern, secure), (pattern, secure)
