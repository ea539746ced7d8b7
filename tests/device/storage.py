# SPDX-License-Identifier: Apache-2.0
"""Flash whose pid 1 tries the littlefs of the partition "storage" (tests/storage), and what is in the
partition afterwards."""

import os
import struct
import subprocess
import sys
import zlib

from images import BUILD, KERNEL, flash_map, make_flash
from qemu import TOP, Device
from warden import make_root, pack_root

INIT = os.path.join(BUILD, "storage", "image-root", "bin", "storage")
CHECK = os.path.join(TOP, "tests", "littlefs", "check.py")
PROGRAM_BYTES = 4
LIMIT_S = 300

# littlefs v2, SPEC.md: tags, and what is in the superblock.
CREATE, SUPER, INLINE, CRC = 0x401, 0x0ff, 0x201, 0x500
NO_ID = 0x3ff
VERSION, NAME_MAX, FILE_MAX, ATTR_MAX = 0x00020001, 255, 0x7fffffff, 1022


def make_block(revision, block_bytes, blocks):
    """One block of the pair of an empty filesystem."""
    block, previous = bytearray(struct.pack("<I", revision)), 0xffffffff
    superblock = struct.pack("<6I", VERSION, block_bytes, blocks, NAME_MAX, FILE_MAX, ATTR_MAX)
    for kind, number, data in ((CREATE, 0, b""), (SUPER, 0, b"littlefs"), (INLINE, 0, superblock),
                               (CRC, NO_ID, None)):
        tag = kind << 20 | number << 10 | (4 if data is None else len(data))
        block += (tag ^ previous).to_bytes(4, "big") + (data or b"")
        previous = tag
    block += struct.pack("<I", zlib.crc32(block) ^ 0xffffffff)
    return bytes(block).ljust(block_bytes, b"\xff")


def empty_littlefs():
    block_bytes = flash_map("FLASH_SECTOR_BYTES")
    blocks = flash_map("FLASH_STORAGE_BYTES") // block_bytes
    return (make_block(1, block_bytes, blocks) + make_block(2, block_bytes, blocks)).ljust(
        blocks * block_bytes, b"\xff")


def make_storage_flash(folder, kernel=KERNEL):
    """Flash whose pid 1 tries an empty littlefs."""
    image = pack_root(make_root(folder, INIT, (INIT,)))
    flash = make_flash(folder, (), kernel=kernel, system=(image,))
    with open(flash, "r+b") as file:
        file.seek(flash_map("FLASH_STORAGE"))
        file.write(empty_littlefs())
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
