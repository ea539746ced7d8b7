# SPDX-License-Identifier: Apache-2.0
"""Cuts the power of a running device while apps are replaced: QEMU is killed.

tests/payloads/steward asks application-manager to replace an app by its other version, again and again.
After each cut both flashes go on as they are; the device must start, have the one version or the other,
and run it.
"""

import random
import re

import steward
from images import ROOTFS_IMAGE, app_image, make_flash
from qemu import Device

NAMES = ("one", "two")
TROUBLE = r"error E(?!4040)\d+"


class Wrong(Exception):
    """What no power cut may do."""


class Campaign:
    """Cut after cut on one device."""

    def __init__(self, folder, seed):
        self.folder, self.source = folder, random.Random(seed)
        packages = [steward.app_version(folder, "sleeper", name) for name in NAMES]
        script = ["sleep 300", "begin 1", "install 1", "until two running", "begin 0", "install 0",
                  "until one running", "again"]
        image = steward.steward_image(folder, script, packages)
        self.flash = [make_flash(folder, (app_image("hello"), packages[0]),
                                 system=(ROOTFS_IMAGE, image)), None]
        self.counts = {"cuts": 0, "replaced": 0, "in_flight": 0, "old": 0, "new": 0}
        self.has, self.coming = "one", None

    def check_start(self, device):
        """The version that runs is one that may be there."""
        name = device.wait_for(r"appman: (one|two) started")[1]
        if self.coming:
            self.counts["in_flight"] += 1
            self.counts["new" if name == self.coming else "old"] += 1
        elif name != self.has:
            raise Wrong("cut %d: %s started, and %s was there" % (self.counts["cuts"], name, self.has))
        self.has, self.coming = name, None

    def follow(self, console):
        """What was installed when the power went, and what was coming."""
        for version, how in re.findall(r"steward\[\d+\]: (begin|install) ?([01][^\n]*)$", console, re.M):
            number = int(how[0])
            if version == "begin":
                self.coming = NAMES[number] if NAMES[number] != self.has else None
            elif how.endswith(": ok"):
                self.counts["replaced"] += self.has != NAMES[number]
                self.has, self.coming = NAMES[number], None
            else:
                raise Wrong("cut %d: install %s" % (self.counts["cuts"], how))

    def cut(self):
        """One start, some replacements, the power is cut."""
        with Device(self.flash[0], flash0=self.flash[1]) as device:
            self.check_start(device)
            device.wait_for(r"steward\[\d+\]: begin", self.source.randint(1, 3))
            device.wait(self.source.random() * 0.5)
            device.cut_power()
            found = re.search(TROUBLE, device.console)
            if found:
                raise Wrong("cut %d: %s\n%s" % (self.counts["cuts"], found[0], device.console[-3000:]))
            self.follow(device.console)
            self.flash = device.keep_flash(self.folder)
        self.counts["cuts"] += 1
