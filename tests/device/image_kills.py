# SPDX-License-Identifier: Apache-2.0
"""Cuts the power of the device while images are installed and removed: QEMU is killed.

In the place of Linux runs monitor/test_world/installer.c, which asks the monitor for one transaction
after the other.  After each cut both flashes go on as they are; what is installed must be the set before
or after the transaction that was under way, and the monitor must vouch for each image.
"""

import os
import random
import re
import shutil
import struct
import uuid

from images import SPH, flash_map, make_flash, run
from qemu import BUILD, Device

INSTALLER = os.path.join(BUILD, "monitor", "test_world", "installer.bin")
SHELF_MAX = 8
SHELF_BYTES = 4096

# The packages: component and what makes two of one differ; and the plan, as installer.c has them.
PACKAGES = (("a", 1), ("a", 2), ("b", 1), ("b", 2), ("c", 1))
PLAN = (((0,), None), ((1, 2), None), ((), 2), ((0, 3, 4), None), ((), 4), ((1,), None), ((4,), None),
        ((), 0))


class Wrong(Exception):
    """What no power cut may do."""


def pack(folder, component, version):
    """An app image of a component; what is in it differs by version."""
    root = os.path.join(folder, "%s%d" % (component, version))
    shutil.copytree(os.path.join(BUILD, "apps", "hello", "image-root"), root)
    path = os.path.join(root, "app_manifest.json")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    identity = str(uuid.UUID(int=0x1a57 << 96 | ord(component)))
    text = re.sub(r'("ComponentId":\s*)"[^"]*"', r'\1"%s"' % identity, text)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    with open(os.path.join(root, "version"), "w", encoding="utf-8") as file:
        file.write("%d" % version * 2000 * version)
    run(SPH, "image", "pack", root, "-o", root + ".image")
    with open(root + ".image", "rb") as file:
        return file.read()


def image_of(package):
    """(component id, image id) from the metadata (abi/image.h)."""
    metadata = package[-256:]
    return metadata[16:32], metadata[32:48]


def shelf(packages):
    head, body = struct.pack("<I", len(packages)), b""
    for package in packages:
        body_offset = SHELF_BYTES + len(body)
        head += struct.pack("<II16s", body_offset, len(package), image_of(package)[0])
        body += package + bytes(-len(package) % 4096)
    return head.ljust(SHELF_BYTES, b"\0") + body


class Campaign:
    """Cut after cut on one device."""

    def __init__(self, folder, seed):
        self.folder, self.source = folder, random.Random(seed)
        packages = [pack(folder, *which) for which in PACKAGES]
        self.images = [image_of(package) for package in packages]
        self.flash = [make_flash(folder, (), kernel=INSTALLER), None]
        with open(self.flash[0], "r+b") as file:
            file.seek(flash_map("FLASH_STORAGE"))
            file.write(shelf(packages))
        self.installed = {}			# component id: image id
        self.allowed = [self.installed]
        self.counts = {"cuts": 0, "transactions": 0, "in_flight": 0, "old": 0, "new": 0}

    def after(self, installed, step):
        installed = dict(installed)
        come, goes = PLAN[step]
        for number in come:
            component, image = self.images[number]
            installed[component] = image
        if goes is not None:
            installed.pop(self.images[goes][0], None)
        return installed

    def check_set(self, console):
        """What the device says is installed is one of the sets that may be."""
        rows = re.findall(r"^installer: image((?: \d+){16})$", console, re.M)
        shown = {bytes(map(int, row.split())) for row in rows}
        for which, allowed in enumerate(self.allowed):
            if shown == set(allowed.values()):
                if len(self.allowed) > 1:
                    self.counts["in_flight"] += 1
                    self.counts["old" if which == 0 else "new"] += 1
                self.installed = allowed
                return
        raise Wrong("cut %d: the device shows %s, allowed are %s" % (
            self.counts["cuts"], shown, self.allowed))

    def follow(self, console):
        """Which sets may be there after what was said."""
        said = re.findall(r"^installer: (begin|done) (\d+)$", console, re.M)
        self.allowed = [self.installed]
        for word, step in said:
            after = self.after(self.installed, int(step))
            if word == "begin":
                self.allowed = [self.installed, after]
            else:
                self.installed, self.allowed = after, [after]
                self.counts["transactions"] += 1

    def cut(self):
        """One start, some transactions, the power is cut."""
        with Device(self.flash[0], flash0=self.flash[1]) as device:
            device.wait_for(r"^installer: (ready|trouble.*)$")
            self.check_set(device.console)
            device.wait_for("^installer: begin", self.source.randint(1, 12))
            device.wait(self.source.random() * 0.02)
            device.cut_power()
            if "installer: trouble" in device.console:
                device.fail("the installer met trouble")
            self.follow(device.console)
            self.flash = device.keep_flash(self.folder)
        self.counts["cuts"] += 1
