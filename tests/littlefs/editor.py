# SPDX-License-Identifier: Apache-2.0
"""Breaks images on purpose: rewrites metadata blocks with checksums that are right again.

A tag is a tuple (type, id, data); data None writes the size that deletes.  A block is a list of
commits, each a list of tags.
"""

import struct
import zlib

from check import Verdict
from log import (CRC, CREATE, FCRC, FILE, GLOBAL_STATE, HARD_TAIL, INLINE_STRUCT, NO_ID, NULL,
                 SOFT_TAIL)

NOWHERE = (NULL, NULL)


def words(*values):
    return struct.pack("<%dI" % len(values), *values)


def crc_of(data):
    return words(zlib.crc32(bytes(data)) ^ 0xffffffff)


def encode(revision, commits, block_bytes, fcrc_bytes=1, unit=1, state=0, fcrc_size=None):
    """One block.  fcrc_bytes 0: no FCRC.  unit: commits are padded to it.  state: the lowest bit of
    the CRC tags.  fcrc_size: what the FCRC says if not the truth."""
    block, previous = bytearray(words(revision)), 0xffffffff

    def put(kind, number, data, size=None):
        nonlocal previous
        size = 0x3ff if data is None else len(data) if size is None else size
        word = kind << 20 | number << 10 | size
        block.extend((word ^ previous).to_bytes(4, "big") + (data or b""))
        previous = word

    for index, tags in enumerate(commits):
        start = len(block) if index else 0
        for tag in tags:
            put(*tag)
        end = -(-(len(block) + (20 if fcrc_bytes else 8)) // unit) * unit
        if fcrc_bytes and end + fcrc_bytes <= block_bytes:
            put(FCRC, NO_ID, words(fcrc_size or fcrc_bytes) + crc_of(b"\xff" * fcrc_bytes))
        put(CRC + state, NO_ID, b"", end - len(block) - 4)
        block += crc_of(block[start:])
        block += b"\xff" * (end - len(block))
        previous ^= state << 31
    assert len(block) <= block_bytes, len(block)
    return bytes(block).ljust(block_bytes, b"\xff")


class Editor:
    def __init__(self, data, block_bytes=4096):
        self.data, self.block_bytes = bytearray(data), block_bytes
        self.options = {}		# of encode()

    def verdict(self, **options):
        return Verdict(bytes(self.data), self.block_bytes, **options)

    @property
    def filesystem(self):
        return self.verdict().filesystem

    # Where things are

    def pair(self, path):
        """The first pair of a directory; paths begin with a slash, the root is b""."""
        return next(d.chain[0] for d in self.filesystem.directories if d.path == path)

    def find(self, path):
        """(pair, id, entry) of a name."""
        return next(found for directory in self.filesystem.directories
                    for found in directory.entries() if directory.path_of(found[2]) == path)

    def last(self):
        return self.filesystem.list[-1].pair

    def before(self, pair):
        """The pair whose tail names this one."""
        return next(item.pair for item in self.filesystem.list
                    if item.pair.next() == pair.reference)

    def free(self):
        """Numbers of blocks that nothing uses."""
        filesystem = self.filesystem
        return [block for block in range(filesystem.blocks) if block not in filesystem.owners]

    # Blocks

    def read(self, block):
        return bytes(self.data[block * self.block_bytes:(block + 1) * self.block_bytes])

    def write(self, block, data, offset=0):
        start = block * self.block_bytes + offset
        self.data[start:start + len(data)] = data

    def write_pair(self, reference, commits, revision=1, **options):
        """A new pair: the first block counts, the other one is erased."""
        self.write(reference[0], encode(revision, commits, self.block_bytes,
                                        **{**self.options, **options}))
        self.write(reference[1], b"\xff" * self.block_bytes)

    def rewrite(self, pair, *commits, **options):
        """The current block of a pair anew, with the revision that it has."""
        block = encode(pair.log.revision, commits, self.block_bytes, **{**self.options, **options})
        self.write(pair.block, block)

    # Tags

    @staticmethod
    def tags(pair, without=()):
        """What a compaction of the pair would write; @without: ids."""
        found, number = [], 0
        for old, entry in enumerate(pair.entries):
            if old in without:
                continue
            for tag in [entry.name, entry.struct] + list(entry.attributes.values()):
                found.append((tag.kind, number, tag.data))
            number += 1
        if pair.tail:
            found.append((HARD_TAIL if pair.tail_is_hard else SOFT_TAIL, NO_ID, words(*pair.tail)))
        if any(pair.delta):
            found.append((GLOBAL_STATE, NO_ID, pair.delta))
        return found

    def edit(self, pair, change, **options):
        """Compacts a pair with each tag t replaced by change(t); None drops it."""
        tags = [change(tag) for tag in self.tags(pair)]
        self.rewrite(pair, [tag for tag in tags if tag], **options)

    def add(self, pair, *tags, **options):
        """Compacts a pair and adds a commit."""
        self.rewrite(pair, self.tags(pair), list(tags), **options)

    def replace(self, path, kind, data):
        """Another struct for a name."""
        pair, number, _ = self.find(path)
        self.edit(pair, lambda tag: (kind, number, data)
                  if tag[1] == number and tag[0] & 0x700 == 0x200 else tag)

    def insert(self, pair, number, name, struct_tag, kind=FILE):
        """A new entry; the caller sees to the order of names."""
        self.add(pair, (CREATE, number, b""), (kind, number, name),
                 (struct_tag[0], number, struct_tag[1]))

    def remove(self, path):
        pair, number, _ = self.find(path)
        self.rewrite(pair, self.tags(pair, [number]))

    def set_tail(self, pair, reference, kind=None):
        kind = kind or (HARD_TAIL if pair.tail_is_hard else SOFT_TAIL)
        tags = [tag for tag in self.tags(pair) if tag[0] & 0x700 != 0x600]
        self.rewrite(pair, tags + [(kind, NO_ID, words(*reference))])

    def set_state(self, word, reference=(0, 0)):
        """The global state; the last pair of the list gets the difference."""
        state, pair = self.filesystem.state, self.last()
        old = int.from_bytes(pair.delta + words(), "little")
        old ^= int.from_bytes(words(state.word, *state.reference), "little")
        new = old ^ int.from_bytes(words(word, *reference), "little")
        tags = [tag for tag in self.tags(pair) if tag[0] != GLOBAL_STATE]
        self.rewrite(pair, tags + [(GLOBAL_STATE, NO_ID, new.to_bytes(12, "little"))])

    def set_superblock(self, pair=None, **fields):
        """Changes fields of the superblock in the root, or in another pair."""
        pair = pair or self.pair(b"")
        old = struct.unpack("<6I", pair.entries[0].struct.data)
        order = ("version", "block_bytes", "block_count", "name_max", "file_max", "attribute_max")
        new = [fields.get(name, value) for name, value in zip(order, old)]
        self.edit(pair, lambda tag: (INLINE_STRUCT, 0, words(*new))
                  if tag[:2] == (INLINE_STRUCT, 0) else tag)
