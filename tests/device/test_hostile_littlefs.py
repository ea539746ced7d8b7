# SPDX-License-Identifier: Apache-2.0
"""Images of littlefs that somebody made on purpose, in the partition "storage": each is refused or
mounted, and whatever is read or changed there does the kernel no harm.

The core is fuzzed on the build machine (host/littlefs); here are the mount, VFS and real memory.  Most
mutants have right checksums: others are seen through at once.  The kernel is the one without the LSM,
which lets nobody write to the node of a partition.
"""

import os
import random
import re
import struct
import sys

from images import OPEN_KERNEL, flash_map
from orders import Guest
from qemu import TOP, Device
from storage import LIMIT_S, PROGRAM_BYTES, finish, make_storage_flash, read_partition

sys.path.append(os.path.join(TOP, "tests", "littlefs"))
from editor import Editor		# pylint: disable=wrong-import-position
from log import (ATTRIBUTE, CREATE, CTZ_STRUCT, DELETE, DIR_STRUCT, DIRECTORY,		# pylint: disable=wrong-import-position
                 FILE, GLOBAL_STATE, HARD_TAIL, INLINE_STRUCT, NO_ID, SOFT_TAIL, SUPERBLOCK)

SEED = 20261125
MUTANTS = 120
CONTROL_EVERY = 20		# unchanged images between the mutants
KINDS = (ATTRIBUTE, CREATE, CTZ_STRUCT, DELETE, DIR_STRUCT, DIRECTORY, FILE, GLOBAL_STATE, HARD_TAIL,
         INLINE_STRUCT, SOFT_TAIL, SUPERBLOCK)
INTERESTING = (0, 1, 2, 5, 15, 16, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff)


def make_base(folder):
    """What the device itself writes: folders in folders, files of all kinds."""
    with Device(make_storage_flash(folder, plan="orders"), limit_s=LIMIT_S) as device:
        guest = Guest(device)
        guest.must("mount")
        for path in ("d", "d/e", "d/e/f", "g"):
            guest.must("mkdir", path)
        for number in range(8):
            guest.must("replace", "small%d" % number, number * 60, number)
            guest.must("replace", "d/file%d" % number, number * 10, number)
        guest.must("replace", "d/e/f/leaf", 3000, 1)
        guest.must("replace", "large", 20000, 2)
        guest.must("umount")
        guest.end()
        return without_zeros(read_partition(device))


def without_zeros(image):
    """What mkfs.littlefs left in blocks that were never used does not have to be copied."""
    size = flash_map("FLASH_SECTOR_BYTES")
    return b"".join(image[at:at + size] if any(image[at:at + size]) else b"\xff" * size
                    for at in range(0, len(image), size))


def pieces(image):
    """[(offset, bytes)] of what is not blank; a program unit begins and ends each."""
    at, found, blank = 0, [], b"\xff" * 64
    for at in range(0, len(image), len(blank)):
        piece = image[at:at + len(blank)]
        if piece == blank:
            continue
        if found and found[-1][0] + len(found[-1][1]) == at:
            found[-1][1].extend(piece)
        else:
            found.append((at, bytearray(piece)))
    return found


def pack(images):
    """As tests/storage/hostile.c reads it."""
    packed = bytearray(struct.pack("<I", len(images)))
    for image in images:
        parts = pieces(image)
        packed += struct.pack("<I", len(parts))
        for offset, data in parts:
            packed += struct.pack("<II", offset, len(data)) + data
    return packed


# Mutants.

def changed_bytes(source, data):
    data = bytearray(data)
    at = source.randrange(len(data))
    if len(data) >= 4 and source.random() < 0.6:
        struct.pack_into("<I", data, at & ~3 if (at & ~3) + 4 <= len(data) else 0,
                         source.choice(INTERESTING + (source.getrandbits(32),)))
    else:
        data[at] ^= 1 << source.randrange(8)
    return bytes(data)


def changed_tag(source, tag):
    kind, number, data = tag
    what = source.randrange(6)
    if what == 0:
        return None
    if what == 1:
        return source.choice(KINDS), number, data
    if what == 2:
        return kind, source.choice((0, 1, 5, 300, NO_ID, number ^ 1)), data
    return kind, number, changed_bytes(source, data) if data else b"\0" * 8


def change_tags(source, editor):
    """Some tags of one pair, of which the current block is written anew."""
    filesystem = editor.filesystem
    pair = source.choice([item.pair for item in filesystem.list])
    tags = editor.tags(pair)
    chosen = set(source.sample(range(len(tags)), min(len(tags), source.choice((1, 1, 1, 2, 4)))))
    new = [changed_tag(source, tag) if at in chosen else tag for at, tag in enumerate(tags)]
    editor.rewrite(pair, [tag for tag in new if tag])


def change_bits(source, editor):
    """Of metadata and of the skip pointers of files, without a checksum that fits."""
    for _ in range(source.choice((1, 2, 8, 64))):
        block = source.randrange(len(editor.data) // editor.block_bytes)
        editor.data[block * editor.block_bytes + source.randrange(2000)] ^= 1 << source.randrange(8)


def change_state(source, editor):
    """Moves and orphans that are none."""
    pairs = [item.pair.reference for item in editor.filesystem.list]
    editor.set_state(source.choice((0x80000000, DELETE << 20, DELETE << 20 | source.randrange(20) << 10,
                                    source.getrandbits(32) & ~0x3ff)),
                     source.choice(pairs + [(source.getrandbits(32), 3), (7, 7)]))


def change_tail(source, editor):
    """Lists that go in circles, into files, or out of the partition."""
    items = [item.pair for item in editor.filesystem.list]
    target = source.choice([pair.reference for pair in items] +
                           [(3, 9), (15, 14), (16, 17), (0xffffffff, 0)])
    editor.set_tail(source.choice(items), target, source.choice((SOFT_TAIL, HARD_TAIL)))


CHANGES = (change_tags,) * 5 + (change_bits, change_state, change_tail)


def mutant(base, source):
    editor = Editor(base, flash_map("FLASH_SECTOR_BYTES"))
    editor.options = {"unit": PROGRAM_BYTES, "fcrc_bytes": PROGRAM_BYTES}
    source.choice(CHANGES)(source, editor)
    return bytes(editor.data)


def make_images(base):
    """[(is unchanged, image)]"""
    source, images = random.Random(SEED), []
    for number in range(MUTANTS):
        if number % CONTROL_EVERY == 0:
            images.append((True, base))
        images.append((False, mutant(base, source)))
    return images + [(True, base)]


def test_hostile_littlefs(folder):
    """In one boot, so that what one image leaves behind is seen with the next."""
    first, second = os.path.join(folder, "1"), os.path.join(folder, "2")
    os.mkdir(first)
    os.mkdir(second)
    images = make_images(make_base(first))
    assert len({image for _, image in images}) > MUTANTS * 9 // 10, "mutants are equal"
    flash = make_storage_flash(second, OPEN_KERNEL, "hostile")
    with open(flash, "r+b") as file:
        packed = pack([image for _, image in images])
        assert len(packed) <= flash_map("FLASH_APPS_BYTES"), len(packed)
        file.seek(flash_map("FLASH_APPS"))
        file.write(packed)
    with Device(flash, limit_s=LIMIT_S) as device:
        lines, _ = finish(device)
    said = dict(re.findall(r"^storage: image (\d+) (refused|mounted, .*)", "\n".join(lines), re.M))
    assert len(said) == len(images), (len(said), len(images))
    sound = said["0"]
    assert re.match(r"mounted, 4\d entries, 0 errors, 6 of 6 changes", sound), sound
    for number, (is_unchanged, _) in enumerate(images):
        assert not is_unchanged or said[str(number)] == sound, (number, said[str(number)])
    refused = list(said.values()).count("refused")
    harmed = len([answer for answer in said.values() if answer not in ("refused", sound)])
    assert refused >= 10 and harmed >= 30, "%d refused, %d read otherwise" % (refused, harmed)
