# SPDX-License-Identifier: Apache-2.0
"""What each part of an app's sandbox costs: application-manager as it is, and with one part left out
(tests/boxes/partial.c)."""

import json
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

# What is booted: the boot argument "without", and what the apps ask for beside.
WHOLE, ASKED = "whole", "asked"
BOOTS = {
    WHOLE: ("-", None),
    ASKED: ("-", {"Limits": {"TmpKB": 64}}),
    "cgroup": ("cgroup", None),
    "dev": ("dev", None),
    "view": ("view", None),
    "filter": ("filter", None),
    "log": ("log", None),
    "all": ("cgroup,view,filter,log", None),
}

# name in the keys: (label, the boots with it and without it).  "view" takes /dev with it.
PARTS = {
    "cgroup": ("cgroup: limits of memory, processes, processor", WHOLE, "cgroup"),
    "tmp": ("/tmp: a tmpfs of its own, for an app that asks for one", ASKED, WHOLE),
    "dev": ("/dev: its nodes only", WHOLE, "dev"),
    "view": ("mount namespace, with /dev", WHOLE, "view"),
    "filter": ("filter of system calls", WHOLE, "filter"),
    "log": ("log: a socket", WHOLE, "log"),
    "all": ("all of them, but /tmp", WHOLE, "all"),
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


def make_apps(folder, fields):
    """The images of the programs that sleep, and of those that say when they start, with these fields of
    the manifest too."""
    def ask(root):
        path = os.path.join(root, "app_manifest.json")
        with open(path, encoding="utf-8") as file:
            manifest = dict(json.load(file), **fields or {})
        with open(path, "w", encoding="utf-8") as file:
            json.dump(manifest, file)

    return ([variant(folder, "sleeper", number, ask) for number in range(COPIES + 1)],
            [variant(folder, "starter", number, ask) for number in range(2)])


def measure_boot(folder, name, kernel):
    """(KiB of one more app, instructions of its start) in a row of BOOTS."""
    without, fields = BOOTS[name]
    with tempfile.TemporaryDirectory(dir=folder) as place:
        sleepers, starters = make_apps(place, fields)
        used = [boot(place, images, without, kernel)[0] for images in (sleepers[:1], sleepers)]
        starts = boot(place, starters, without, kernel)[1]
    return round((used[1] - used[0]) / COPIES, 1), starts[1] * NS_PER_TICK


def compare(kernel=KERNEL, names=None):
    """{name: (KiB, instructions)} of the boots."""
    with tempfile.TemporaryDirectory() as folder:
        return {name: measure_boot(folder, name, kernel) for name in names or BOOTS}
