# SPDX-License-Identifier: Apache-2.0
"""What each part of an app's sandbox costs: application-manager as it is, and with one part left out
(tests/boxes/partial.c)."""

import os
import re
import shutil
import tempfile

import boxes		# first: it says where other modules are
from images import KERNEL, make_flash, variant
from measure import COUNT_INSTRUCTIONS, NS_PER_TICK, ROOTFS
from qemu import Device
from warden import pack_root

APPMAN = os.path.join(boxes.BOXES, "appman", "image-root", "bin", "appman")
COPIES = 10

# name in the keys: (the boot argument "without", label).  "view" takes /dev and /tmp with it.
PARTS = {
    "cgroup": ("cgroup", "cgroup: limits of memory, processes, processor"),
    "tmp": ("tmp", "/tmp: a tmpfs of its own"),
    "dev": ("dev", "/dev: its nodes only"),
    "view": ("view", "mount namespace, with /dev and /tmp"),
    "filter": ("filter", "filter of system calls"),
    "log": ("log", "log: a socket"),
    "all": ("cgroup,view,filter,log", "all of them"),
}


def make_partial_root(folder):
    """The product's root filesystem with the application-manager of which parts can be left out."""
    root = shutil.copytree(ROOTFS, os.path.join(folder, "root"), symlinks=True)
    shutil.copy(APPMAN, os.path.join(root, "bin", "appman"))
    return pack_root(root)


def boot(folder, images, without, kernel):
    """(KiB used, [ticks from the request for an app to its main()])"""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        flash = make_flash(place, images, kernel=kernel, system=(make_partial_root(place),),
                           bootargs="without=%s," % without)
        with Device(flash, arguments=COUNT_INSTRUCTIONS, limit_s=boxes.LIMIT_S) as device:
            report = device.wait_for_report()
            running = [app for app in report["apps"].values() if app["state"] == "running"]
            if len(running) != len(images):
                device.fail("%d of %d apps are running" % (len(running), len(images)))
            console = device.console
    begins = [int(ticks) for ticks in re.findall(r"partial: begin (\d+)$", console, re.M)]
    mains = [int(ticks) for ticks in re.findall(r"starter: main at (\d+)$", console, re.M)]
    return report["ram_used_kib"], [main - begin for begin, main in zip(begins, mains)]


def make_apps(folder):
    """The images of the programs that sleep, and of those that say when they start."""
    return ([variant(folder, "sleeper", number) for number in range(COPIES + 1)],
            [variant(folder, "starter", number) for number in range(2)])


def measure_without(folder, apps, without, kernel):
    """(KiB of one more app, instructions of its start) when some parts are left out."""
    sleepers, starters = apps
    used = [boot(folder, images, without, kernel)[0] for images in (sleepers[:1], sleepers)]
    starts = boot(folder, starters, without, kernel)[1]
    return round((used[1] - used[0]) / COPIES, 1), starts[1] * NS_PER_TICK


def compare(kernel=KERNEL, parts=None):
    """{name: (KiB, instructions)} of what is left without a part; "whole" is without nothing."""
    chosen = PARTS if parts is None else parts
    boots = [("whole", "-")] + [(name, part[0]) for name, part in chosen.items()]
    with tempfile.TemporaryDirectory() as folder:
        apps = make_apps(folder)
        return {name: measure_without(folder, apps, without, kernel) for name, without in boots}
