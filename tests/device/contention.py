# SPDX-License-Identifier: Apache-2.0
"""Apps that take what they can get: five of them at once, beside a system app and one that is watched."""

import json
import os
import re

from images import ROOTFS_IMAGE, STRICT, app_image, make_flash, variant
from qemu import Device

# One instruction is 8 ns of guest time, a processor of 125 MIPS: slower than any Cortex-A7.
COUNT_INSTRUCTIONS = ("-icount", "shift=3,sleep=off")

HOGS = ("eat", "sockets", "fork", "log", "spin")
LATE_MODULUS_MS = 250		# tests/payloads/hog/main.c
# Limits of memory kill here, and the kernel says so.
BOOTARGS = STRICT.replace("loglevel=5", "loglevel=3")


def hog(folder, number, *arguments, limits=None):
    """The app hog with these arguments, as "hogNUMBER"; @limits: others than its own."""
    def edit(root):
        path = os.path.join(root, "app_manifest.json")
        with open(path, encoding="utf-8") as file:
            manifest = json.load(file)
        manifest["CmdArgs"] = list(arguments)
        if limits is not None:
            manifest["Limits"] = limits
        with open(path, "w", encoding="utf-8") as file:
            json.dump(manifest, file)
    return variant(folder, "hog", number, finish=edit)


def replies_ms(device, name):
    """Of each end of the app, how long after it pid 1 said so."""
    found = re.findall(r"^\[ *(\d+)\.(\d{3})\] appman: error E4010: %s exited with status (\d+) " % name,
                       device.console, re.M)
    return [(int(seconds + thousandths) - int(status)) % LATE_MODULUS_MS
            for seconds, thousandths, status in found]


def measure(folder, ends=4):
    """(the longest reply in ms of guest time, the console) with all hogs running."""
    apps = [hog(folder, 0, "late")] + [hog(folder, i + 1, way) for i, way in enumerate(HOGS)]
    flash = make_flash(folder, apps, system=(ROOTFS_IMAGE, app_image("networker")), bootargs=BOOTARGS)
    with Device(flash, arguments=COUNT_INSTRUCTIONS, limit_s=240, expect_trouble=True) as device:
        device.wait_for(r"error E4010: hog0 exited with status \d+ ", count=ends)
        device.wait_for(r"error E3121: hog1 ")
        # Which of its limits is first depends on what a process takes.
        device.wait_for(r"error E3121: hog3 |hog3\[\d+\]: hog: \d+ processes: ")
        device.qmp("system_powerdown")
        device.wait_for(r"appman: power button: stopping all apps$")
        assert device.wait_for_exit() == 0
        return max(replies_ms(device, "hog0")), device.console
