# SPDX-License-Identifier: Apache-2.0
"""The superblock: what it says, and whether it may say so."""

import struct
from typing import NamedTuple

from log import INLINE_STRUCT, SUPERBLOCK

VERSIONS = (0x00020000, 0x00020001)
MAGIC = b"littlefs"
NAME_MAX, NAME_USUAL, FILE_MAX, ATTRIBUTE_MAX = 1022, 255, 0x7fffffff, 1022
FIELDS = ("version", "block_bytes", "block_count", "name_max", "file_max", "attribute_max")


class Superblock(NamedTuple):
    version: int
    block_bytes: int
    block_count: int
    name_max: int		# 0: the reader's own
    file_max: int
    attribute_max: int


def read_superblocks(listed, image, report):
    """@listed: the list of pairs.  Returns the superblock that counts and the place of the root.

    The superblock entries stand in the first pairs of the list, linked by hard tails; the last of
    them is the root.  Upstream takes any later one for a new root, so there must be none.
    """
    root, found = 0, []
    for place, item in enumerate(listed):
        if not has_entry(item.pair):
            continue
        if place and (place != root + 1 or not item.hard):
            report.add(108, item.pair.block)
            continue
        root = place
        found.append((item.pair, read_superblock(item.pair, report)))
    if not listed or not has_entry(listed[0].pair):
        report.add(101, 0)
        return None, 0
    judge_magic(listed[0].pair, image, report)
    for pair, superblock in found:
        if superblock:
            judge(superblock, pair.block, image, report)
    superblock = found[-1][1]
    for pair, other in found[:-1]:
        judge_agreement(other, superblock, pair.block, report)
    return superblock, root


def has_entry(pair):
    return pair.superblock_entry() is not None


def read_superblock(pair, report):
    tag = pair.superblock_entry().struct
    if tag is None or tag.kind != INLINE_STRUCT or tag.size != 24:
        report.add(109, pair.block, tag.offset if tag else None)
        return None
    return Superblock(*struct.unpack("<6I", tag.data))


def judge_magic(pair, image, report):
    """Who looks for a littlefs without reading it looks there."""
    for block in (0, 1):
        if image.block(block)[8:16] != MAGIC:
            report.add(111 if block == pair.block else 112, block, 8)


def judge(superblock, block, image, report):
    if superblock.version not in VERSIONS:
        report.add(102, block, detail="0x%08x" % superblock.version)
    if superblock.block_bytes != image.block_bytes:
        report.add(103, block, detail="%d" % superblock.block_bytes)
    if not 2 <= superblock.block_count <= image.blocks:
        report.add(104, block, detail="%d blocks" % superblock.block_count)
    elif superblock.block_count < image.blocks:
        report.add(110, block, detail="%d of %d blocks" % (superblock.block_count, image.blocks))
    limits = zip(FIELDS[3:], superblock[3:], (NAME_MAX, FILE_MAX, ATTRIBUTE_MAX))
    for field, value, most in limits:
        if value > most:
            report.add(105, block, detail="%s %d" % (field, value))
    if NAME_USUAL < superblock.name_max <= NAME_MAX:
        report.add(106, block, detail="%d" % superblock.name_max)


def judge_agreement(one, last, block, report):
    """Upgrading and growing rewrite the last superblock alone: version and count may lag."""
    if one is None or last is None:
        return
    lagging = one.version <= last.version and one.block_count <= last.block_count
    if not lagging or one[3:] != last[3:] or one.block_bytes != last.block_bytes:
        report.add(107, block)


def is_superblock_name(tag):
    return tag is not None and tag.kind == SUPERBLOCK
