# SPDX-License-Identifier: Apache-2.0
"""A metadata pair: which of the two blocks counts, and what its log adds up to."""

import struct

from log import (ATTRIBUTE, CREATE, DELETE, DIR_STRUCT, DIRECTORY, FAMILY, Fault, GLOBAL_STATE, Log,
                 NO_ID, NULL, SUPERBLOCK)


class Image:
    """The medium.  Each block is parsed at most once."""

    def __init__(self, data, block_bytes):
        self.data, self.block_bytes = data, block_bytes
        self.blocks = len(data) // block_bytes
        self._logs = {}

    def block(self, number):
        return self.data[number * self.block_bytes:(number + 1) * self.block_bytes]

    def log(self, number):
        if number not in self._logs:
            self._logs[number] = Log(number, self.block(number))
        return self._logs[number]

    def holds(self, reference):
        return all(block < self.blocks for block in reference)


class Entry:
    """What one id has; each part is a tag or None."""

    def __init__(self):
        self.name = self.struct = None
        self.attributes = {}		# type: tag

    @property
    def is_directory(self):
        return self.name.kind == DIRECTORY

    @property
    def reference(self):
        """The pair of a directory; None if the struct is of another kind."""
        if self.struct is None or self.struct.kind != DIR_STRUCT:
            return None
        return two_words(self.struct.data)

    def live_bytes(self):
        tags = [self.name, self.struct] + list(self.attributes.values())
        return sum(tag.length for tag in tags if tag)


def two_words(data):
    """Upstream reads what is there and takes the rest as zeros."""
    return struct.unpack("<II", data[:8].ljust(8, b"\0"))


def sharing(one, other):
    """Two references mean the same pair while it is being relocated if they share a block."""
    return bool(set(one) & set(other))


def newer(one, other):
    """Sequence comparison of revisions; neither is newer if equal or half a turn apart."""
    return 0 < (one - other) & 0xffffffff < 0x80000000


class Pair:
    """The current state of the pair named by @reference, which must be on the medium.

    @log: of the block that counts, None if neither is valid.
    """

    def __init__(self, image, reference):
        self.reference = reference
        self.faults = []		# Fault; of the block that counts
        self.entries = []
        self.tail, self.tail_is_hard, self.tail_offset = None, False, None
        self.delta = bytes(12)
        self.log = self._choose(image.log(reference[0]), image.log(reference[1]))
        if self.log:
            self.faults += self.log.faults
            self._replay()

    @property
    def block(self):
        return self.log.block if self.log else self.reference[0]

    def _choose(self, first, second):
        if newer(second.revision, first.revision):
            first, second = second, first
        if not first.end and not second.end:
            return None
        if not first.end:
            self.faults.append(Fault(202, 0, "block %d counts" % second.block))
            return second
        unordered = not newer(first.revision, second.revision)
        if second.end and unordered and first is not second:
            same = first.commits == second.commits
            self.faults.append(Fault(204 if same else 203, 0, "blocks %d and %d" % self.reference))
        return first

    def _replay(self):
        for commit in self.log.commits:
            for tag in commit:
                self._apply(tag)
            self._end_commit()

    def _apply(self, tag):
        family = tag.kind & FAMILY
        if tag.kind == CREATE or tag.kind == DELETE:
            self._splice(tag)
        elif family == 0x600:		# the lowest bit alone says hard or soft
            data = self.log.data[tag.offset + 4:tag.offset + 12]
            self.tail, self.tail_is_hard = two_words(data), bool(tag.kind & 1)
            self.tail_offset = tag.offset
        elif tag.kind == GLOBAL_STATE:
            self.delta = tag.data[:12].ljust(12, b"\0")
        elif tag.id != NO_ID and family <= ATTRIBUTE and family != 0x100:
            self._set(tag, family)

    def _splice(self, tag):
        if tag.id == NO_ID:
            return
        if tag.kind == CREATE:
            if tag.id > len(self.entries):
                self._fault(208, tag)
            self.entries.insert(tag.id, Entry())
        elif tag.id < len(self.entries):
            del self.entries[tag.id]
        else:
            self._fault(209, tag)

    def _set(self, tag, family):
        """Compaction writes tags in the order of their age: ids may come in any order."""
        while tag.id >= len(self.entries):
            self.entries.append(Entry())
        entry = self.entries[tag.id]
        value = None if tag.deleted else tag
        if family == 0x000:
            entry.name = value
        elif family == 0x200:
            entry.struct = value
        elif value:
            entry.attributes[tag.kind & 0xff] = value
        else:
            entry.attributes.pop(tag.kind & 0xff, None)

    def _end_commit(self):
        """Holes are judged here, because within a commit they may be filled later."""
        while self.entries and self.entries[-1].name is None:
            entry = self.entries.pop()
            tags = [entry.struct] + list(entry.attributes.values())
            for tag in filter(None, tags):
                self._fault(211, tag)
            if not any(tags):
                self._hole(len(self.entries))
        for number, entry in enumerate(self.entries):
            if entry.name is None:
                self._hole(number)
                break

    def _hole(self, number):
        fault = Fault(210, 0, "id %d" % number)
        if fault not in self.faults:
            self.faults.append(fault)

    def _fault(self, number, tag):
        self.faults.append(Fault(number, tag.offset, "type 0x%03x, id %d, %d entries" %
                                 (tag.kind, tag.id, len(self.entries))))

    def superblock_entry(self):
        first = self.entries[0] if self.entries else None
        return first if first and first.name and first.name.kind == SUPERBLOCK and \
            first.name.data == b"littlefs" else None

    def next(self):
        """The pair that the tail names, or None at the end of the list."""
        return None if self.tail is None or NULL in self.tail else self.tail

    def numbered(self):
        """(id, entry) of everything that a directory shows."""
        return [(number, entry) for number, entry in enumerate(self.entries)
                if entry.name and not entry.name.kind & 0x80]
