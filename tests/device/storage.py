# SPDX-License-Identifier: Apache-2.0
"""Flash whose pid 1 tries the littlefs of the partition "storage" (tests/storage), and what is in the
partition afterwards."""

import os
import subprocess
import sys

from images import BUILD, KERNEL, flash_map, make_flash
from images import run as run_tool
from qemu import TOP, Device
from warden import make_root, pack_root

INIT = os.path.join(BUILD, "storage", "image-root", "bin", "storage")
MKFS = os.path.join(BUILD, "host", "mkfs.littlefs")
CHECK = os.path.join(TOP, "tests", "littlefs", "check.py")
PROGRAM_BYTES = 4
LIMIT_S = 300


def empty_littlefs(folder):
    """The whole partition, as mkfs.littlefs makes it."""
    block_bytes = flash_map("FLASH_SECTOR_BYTES")
    path = os.path.join(folder, "empty.littlefs")
    run_tool(MKFS, "-b", str(block_bytes), "-c", str(flash_map("FLASH_STORAGE_BYTES") // block_bytes),
             "-p", str(PROGRAM_BYTES), path)
    with open(path, "rb") as file:
        return file.read()


def make_storage_flash(folder, kernel=KERNEL):
    """Flash whose pid 1 tries an empty littlefs."""
    image = pack_root(make_root(folder, INIT, (INIT,)))
    flash = make_flash(folder, (), kernel=kernel, system=(image,))
    with open(flash, "r+b") as file:
        file.seek(flash_map("FLASH_STORAGE"))
        file.write(empty_littlefs(folder))
    return flash


def run(folder, kernel=KERNEL):
    """Runs all parts: the console, and the partition after that."""
    with Device(make_storage_flash(folder, kernel), limit_s=LIMIT_S) as device:
        device.wait_for("^storage: done$")
        device.wait_for_exit()
        partition = device.flash_bytes(flash_map("FLASH_STORAGE"), flash_map("FLASH_STORAGE_BYTES"))
        return device.console, partition


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
