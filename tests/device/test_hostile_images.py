# SPDX-License-Identifier: Apache-2.0
"""Images that somebody made on purpose: each is refused or is sound, and the kernel takes no harm.

The same check of the kernel is fuzzed on the build machine (kernel/test); here are the mount, the
driver behind it and real memory.
"""

import os
import random
import re
import shutil
import struct

from images import BUILD, SPH, flash_map, run
from qemu import Device
from warden import WARDEN_ID, make_walker_flash

SEED = 20261125
MUTANTS = 300
CONTROL_EVERY = 25		# unchanged images between the mutants
PAGE = 4096
INODE_BYTES = 12
RAM_BASE = 0x40000000
SUPER_FLAGS, SUPER_SIZE, SUPER_ROOT = 8, 4, 64
RAW = 0xc0000000		# a direct pointer to a raw block
INTERESTING = (0, 1, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff, 0xc0000000, 0xfffffffc)


def make_body(folder):
    """The filesystem of an image with folders in folders, links, small files and a program."""
    root = os.path.join(folder, "tree")
    os.makedirs(os.path.join(root, "a", "b", "c"))
    os.makedirs(os.path.join(root, "bin"))
    shutil.copy(os.path.join(BUILD, "payloads", "sleeper", "image-root", "bin", "sleeper"),
                os.path.join(root, "bin"))
    for number in range(12):
        with open(os.path.join(root, "a", "b", "file%d" % number), "w", encoding="utf-8") as file:
            file.write("%d\n" % number * number * 50)
    os.symlink("../../b/file1", os.path.join(root, "a", "b", "c", "up"))
    os.symlink("a/b", os.path.join(root, "down"))
    image = root + ".image"
    run(SPH, "image", "pack", "--type", "rootfs", "--name", "hostile", "--component-id", WARDEN_ID,
        "-o", image, root)
    with open(image, "rb") as file:
        data = file.read()
    return data[:struct.unpack_from("<I", data, SUPER_SIZE)[0]]


def inode_at(body, name):
    """Where the inode of the file of that name is: right before the name."""
    padded = name.encode().ljust((len(name) + 3) & ~3, b"\0")
    place = body.index(padded) - INODE_BYTES
    assert struct.unpack_from("<I", body, place + 8)[0] & 63 == len(padded) // 4
    return place


def table_at(body, name):
    """Where the block pointers of the file are."""
    return struct.unpack_from("<I", body, inode_at(body, name) + 8)[0] >> 6 << 2


def metadata_end(body):
    """Where the first block of a file is: before it are superblock, folders and block pointers."""
    names = ["sleeper"] + ["file%d" % number for number in range(1, 12)]
    return min((struct.unpack_from("<I", body, table_at(body, name))[0] & ~RAW) << 2
               for name in names)


def with_word(body, offset, value):
    changed = bytearray(body)
    struct.pack_into("<I", changed, offset, value & 0xffffffff)
    return bytes(changed)


def with_mode(body, name, mode):
    changed = bytearray(body)
    struct.pack_into("<H", changed, inode_at(body, name), mode)
    return bytes(changed)


def directed(body, place):
    """What a person would try.  @place: the physical address of the image, by its number."""
    table, folder = table_at(body, "sleeper"), inode_at(body, "c")
    yield "no image", b"\xff" * len(body)
    yield "a block beside the image", with_word(body, table, RAW | len(body) >> 2)
    yield "RAM as a program's page", lambda number: with_word(
        body, table, RAW | (RAM_BASE - place(number)) >> 2)
    yield "another partition", lambda number: with_word(
        body, table, RAW | (flash_map("FLASH_BASE") + flash_map("FLASH_STORAGE") - place(number)) >> 2)
    yield "a compressed block", with_word(body, table, len(body))
    yield "a character device", with_mode(body, "sleeper", 0o020666)
    yield "a block device", with_mode(body, "sleeper", 0o060666)
    yield "a fifo", with_mode(body, "sleeper", 0o010666)
    yield "a set-uid program", with_mode(body, "sleeper", 0o104555)
    yield "a set-gid folder", with_mode(body, "c", 0o042555)
    yield "another owner", with_word(body, inode_at(body, "sleeper"), 0o100555 | 10000 << 16)
    yield "a folder in itself", with_word(
        body, folder + 8, 1 | struct.unpack_from("<I", body, inode_at(body, "b") + 8)[0] & ~63)
    yield "a folder behind the end", with_word(body, folder + 8, 1 | len(body) >> 2 << 6)
    yield "a huge file", with_word(body, inode_at(body, "sleeper") + 4, 0xffffff)
    yield "a link out of the image", bytes(body).replace(b"../../b/file1", b"../../../../x")
    yield "an absolute link", bytes(body).replace(b"../../b/file1", b"/etc/passwd//")
    yield "a size beyond the partition", with_word(body, SUPER_SIZE, flash_map("FLASH_APPS_BYTES"))
    yield "a size of 4 GiB", with_word(body, SUPER_SIZE, 0xfffff000)
    yield "unknown flags", with_word(body, SUPER_FLAGS, 0xffffffff)
    yield "a root that is a file", with_word(body, SUPER_ROOT, 0o100755)


def mutant(body, source, metadata):
    """Some words or bits of the metadata changed, seldom of the rest."""
    changed = bytearray(body)
    for _ in range(source.choice((1, 1, 1, 2, 4, 16))):
        limit = metadata if source.random() < 0.9 else len(body)
        at = source.randrange(limit)
        if source.random() < 0.5:
            changed[at] ^= 1 << source.randrange(8)
        else:
            value = source.choice(INTERESTING + (len(body), len(body) >> 2, source.getrandbits(32)))
            struct.pack_into("<I", changed, at & ~3, value)
    return bytes(changed)


def make_images(body, stride, at_once):
    """[(what, image)] and the numbers of those that are unchanged."""
    base = flash_map("FLASH_BASE") + flash_map("FLASH_STORAGE")
    images = [("unchanged", body)]
    for what, image in directed(body, lambda number: base + number % at_once * stride):
        images.append((what, image(len(images)) if callable(image) else image))
    source, first_random = random.Random(SEED), len(images)
    metadata = metadata_end(body)
    for number in range(MUTANTS):
        if number % CONTROL_EVERY == 0:
            images.append(("unchanged", body))
        images.append(("mutant %d" % number, mutant(body, source, metadata)))
    return images, first_random


def walk(folder, first, images, stride):
    """[(number, what the walker says)] of images that are in the flash at once."""
    own = os.path.join(folder, "from%d" % first)
    os.mkdir(own)
    with Device(make_walker_flash(own, images, stride), limit_s=300) as device:
        device.wait_for(r"^walker: done$")
        assert device.wait_for_exit() == 0
        assert "walker: TROUBLE" not in device.console, device.console
        return re.findall(r"^walker: (\d+) (refused|mounted, \d+ entries, \d+ bytes)",
                          device.console, re.M)


def test_hostile_images(folder):
    body = make_body(folder)
    at_once = flash_map("FLASH_STORAGE_BYTES") // len(body)
    images, first_random = make_images(body, len(body), at_once)
    assert len({image for _, image in images}) > MUTANTS, "mutants are equal"
    said = {}
    for first in range(0, len(images), at_once):
        part = [image for _, image in images[first:first + at_once]]
        said.update((str(first + int(number)), answer)
                    for number, answer in walk(folder, first, part, len(body)))
    assert len(said) == len(images), (len(said), len(images))
    sound = said["0"]
    assert re.match(r"mounted, 1[89] entries", sound), sound
    for number, (what, _) in enumerate(images):
        if what == "unchanged":
            assert said[str(number)] == sound, (number, said[str(number)], sound)
        elif number < first_random:
            assert said[str(number)] == "refused", (what, said[str(number)])
    refused = sum(1 for answer in said.values() if answer == "refused")
    assert refused > MUTANTS // 2, "only %d of %d were refused" % (refused, len(images))
