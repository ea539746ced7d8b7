# SPDX-License-Identifier: Apache-2.0
"""Devices on which tests/payloads/worker speaks with application-manager, by guest time: a loaded machine makes
no app late."""

import json
import os
import shutil

import contention
import steward
from images import BUILD, ROOTFS_IMAGE, SPH, make_flash, run
from qemu import Device


def worker(folder, name, *arguments, system=False, **fields):
    """An image of the app worker; @fields: of its manifest."""
    root = os.path.join(folder, name)
    shutil.copytree(os.path.join(BUILD, "payloads", "worker", "image-root"), root)
    path = os.path.join(root, "app_manifest.json")
    with open(path, encoding="utf-8") as file:
        manifest = json.load(file)
    # Of as many apps as a test has, none with the id of another.
    manifest.update(ComponentId=steward.component_id(int.from_bytes(name.encode(), "big") % (1 << 64)),
                    Name=name, CmdArgs=[str(word) for word in arguments], **fields)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(manifest, file)
    run(SPH, "image", "pack", *(("--type", "system-app") if system else ()), root, "-o", root + ".image")
    return root + ".image"


def make_device(folder, apps, system=(), **options):
    options.setdefault("arguments", contention.COUNT_INSTRUCTIONS)
    return Device(make_flash(folder, apps, system=(ROOTFS_IMAGE,) + tuple(system),
                             bootargs=contention.BOOTARGS), limit_s=240, **options)


def flood_reply_ms(folder, ends=4):
    """(the longest reply of pid 1 in ms of guest time beside an app that floods its channel, the console)"""
    apps = [contention.hog(folder, 0, "late"), "hello",
            worker(folder, "flooder", "flood", Capabilities={"HeapMemStats": True})]
    with make_device(folder, apps, expect_trouble=True) as device:
        device.wait_for(r"error E4010: hog0 exited with status \d+ ", count=ends)
        count = device.console.count("hello, world")
        device.wait_for(r"hello, world \d+$", count=count + 2)
        return max(contention.replies_ms(device, "hog0")), device.console
