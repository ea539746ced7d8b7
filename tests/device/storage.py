# SPDX-License-Identifier: Apache-2.0
"""Flash whose pid 1 follows a plan on the littlefs of the partition "storage" (tests/storage), and
what is in the partition afterwards."""

import os
import subprocess
import sys

from images import BUILD, KERNEL, STORAGE, flash_map, make_flash
from qemu import TOP, Device
from warden import make_root, pack_root

INIT = os.path.join(BUILD, "storage", "image-root", "bin", "storage")
CHECK = os.path.join(TOP, "tests", "littlefs", "check.py")
PROGRAM_BYTES = flash_map("FLASH_PROGRAM_BYTES")
LIMIT_S = 300


def empty_littlefs():
    """The whole partition, as mkfs.littlefs makes it."""
    with open(STORAGE, "rb") as file:
        return file.read()


def make_storage_flash(folder, kernel=KERNEL, plan="all", partition=None):
    """Flash whose pid 1 follows @plan; the filesystem is empty, or that of @partition."""
    root = make_root(folder, INIT, (INIT,))
    with open(os.path.join(root, "etc", "storage"), "w", encoding="utf-8") as file:
        file.write(plan + "\n")
    flash = make_flash(folder, (), kernel=kernel, system=(pack_root(root),))
    write_partition(flash, partition or empty_littlefs())
    return flash


def write_partition(flash, partition):
    with open(flash, "r+b") as file:
        file.seek(flash_map("FLASH_STORAGE"))
        file.write(partition)


def read_partition(device):
    """What a device that stands still has in its partition."""
    return device.flash_bytes(flash_map("FLASH_STORAGE"), flash_map("FLASH_STORAGE_BYTES"))


def finish(device):
    """Waits until the plan is done; the program's lines, and the partition."""
    device.wait_for("^storage: done$")
    device.wait_for_exit()
    lines = [line for line in device.console.splitlines() if line.startswith("storage:")]
    trouble = [line for line in lines if "TROUBLE" in line]
    if trouble:
        device.fail("\n".join(trouble))
    return lines, read_partition(device)


def run(folder, kernel=KERNEL, plan="all"):
    with Device(make_storage_flash(folder, kernel, plan), limit_s=LIMIT_S) as device:
        return finish(device)


def judge(folder, partition):
    """What the checker says of a partition: its exit status and its text."""
    path = os.path.join(folder, "storage.littlefs")
    with open(path, "wb") as file:
        file.write(partition)
    result = subprocess.run(
        [sys.executable, CHECK, path, "--block-bytes", str(flash_map("FLASH_SECTOR_BYTES")),
         "--program-bytes", str(PROGRAM_BYTES), "--strict"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True, check=False)
    return result.returncode, result.stdout
