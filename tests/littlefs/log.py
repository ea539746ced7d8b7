# SPDX-License-Identifier: Apache-2.0
"""One metadata block: from bytes to commits of tags.  What it means is pair.py's business."""

import struct
import zlib
from typing import NamedTuple

# Types of tags, eleven bits.
FILE, DIRECTORY, SUPERBLOCK = 0x001, 0x002, 0x0ff
DIR_STRUCT, INLINE_STRUCT, CTZ_STRUCT = 0x200, 0x201, 0x202
ATTRIBUTE = 0x300
CREATE, DELETE = 0x401, 0x4ff
CRC, FCRC = 0x500, 0x5ff
SOFT_TAIL, HARD_TAIL = 0x600, 0x601
GLOBAL_STATE = 0x7ff

NO_ID = 0x3ff
DELETED = 0x3ff			# as a size: there are no data and what was there is gone
NULL = 0xffffffff
FAMILY = 0x700			# name, struct, attribute, splice, CRC, tail, global state

# The only size that a type may have; types that are not here have any.
SIZES = {SUPERBLOCK: 8, DIR_STRUCT: 8, CTZ_STRUCT: 8, CREATE: 0, DELETE: 0, FCRC: 8, SOFT_TAIL: 8,
         HARD_TAIL: 8, GLOBAL_STATE: 12}
KNOWN = set(SIZES) | {FILE, DIRECTORY, INLINE_STRUCT, CRC, CRC + 1}


def is_crc(kind):
    """Upstream takes all of 0x500..0x57f for a CRC; only the lowest bit counts."""
    return kind & 0x780 == CRC


def checksum(data):
    """CRC-32 without the final inversion."""
    return zlib.crc32(data) ^ 0xffffffff


class Tag(NamedTuple):
    kind: int
    id: int
    size: int
    offset: int			# of the tag itself; its data follow
    data: bytes

    @property
    def deleted(self):
        return self.size == DELETED

    @property
    def length(self):
        """Bytes of the tag with its data on the medium."""
        return 4 + (0 if self.deleted else self.size)


class Fault(NamedTuple):
    """Something to report if the block turns out to be in use."""
    number: int
    offset: int
    detail: str


class Log:
    """The valid commits of one block.

    @end: first byte behind the last valid commit, 0 if there is none.  @fcrc: the FCRC tag of the
    last commit or None.  @next_is_tag: what stands at @end reads as a tag, so that no driver
    appends.
    """

    def __init__(self, block, data):
        self.block, self.data = block, data
        self.revision = int.from_bytes(data[:4], "little")
        self.commits = []
        self.end = 0
        self.fcrc = None
        self.next_is_tag = False
        self.faults = []
        self._read()

    def _read(self):
        offset, start, previous, tags = 4, 0, 0xffffffff, []
        while offset + 4 <= len(self.data):
            word = int.from_bytes(self.data[offset:offset + 4], "big") ^ previous
            if offset == self.end:
                self.next_is_tag = not word >> 31
            tag = self._tag(word, offset)
            if word >> 31 or offset + tag.length > len(self.data):
                return
            previous = word
            if is_crc(tag.kind):
                if not self._commit_is_good(start, offset):
                    return
                self._finish_commit(tags, tag)
                previous ^= (tag.kind & 1) << 31
                start, tags = self.end, []
            else:
                tags.append(tag)
            offset += tag.length

    def _tag(self, word, offset):
        size = word & 0x3ff
        data = b"" if size == DELETED else self.data[offset + 4:offset + 4 + size]
        return Tag(word >> 20 & 0x7ff, word >> 10 & 0x3ff, size, offset, data)

    def _commit_is_good(self, start, offset):
        """The checksum goes from the last commit to the CRC tag, which is in it too."""
        stored = self.data[offset + 4:offset + 8]
        return len(stored) == 4 and int.from_bytes(stored, "little") == \
            checksum(self.data[start:offset + 4])

    def _finish_commit(self, tags, crc_tag):
        fcrcs = [tag for tag in tags if tag.kind == FCRC]
        self.fcrc = fcrcs[-1] if fcrcs else None
        self.end = crc_tag.offset + crc_tag.length
        self.next_is_tag = False
        self.commits.append(tags)
        for tag in tags + [crc_tag]:
            self._judge(tag)

    def _judge(self, tag):
        """Rules that need nothing but the tag."""
        family = tag.kind & FAMILY
        named = family in (0x000, 0x200, ATTRIBUTE, 0x400)
        if tag.kind not in KNOWN and family != ATTRIBUTE:
            self._fault(207 if family in (0x400, 0x600) or is_crc(tag.kind) else 206, tag)
        if named and tag.id == NO_ID:
            self._fault(212, tag)
        if not named and tag.id != NO_ID and tag.kind in KNOWN:
            self._fault(213, tag)
        if not size_fits(tag):
            self._fault(205, tag)

    def _fault(self, number, tag):
        self.faults.append(Fault(number, tag.offset, "type 0x%03x, id %d, size %d" % tag[:3]))

    def fcrc_fields(self):
        """(size, checksum) of the last commit's FCRC."""
        return struct.unpack("<II", self.fcrc.data[:8].ljust(8, b"\0"))


def size_fits(tag):
    if is_crc(tag.kind):
        return 4 <= tag.size < DELETED
    if tag.deleted:
        return tag.kind & FAMILY == ATTRIBUTE
    return tag.kind not in SIZES or tag.size == SIZES[tag.kind]
