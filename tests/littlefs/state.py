# SPDX-License-Identifier: Apache-2.0
"""The global state: what an interrupted operation left to be done.

It is the exclusive or of the deltas of all pairs on the list.
"""

import struct

from log import DELETE, NO_ID
from pair import sharing

ORPHANS = 0x80000000		# list and tree may disagree
RAM_ONLY = 0x3ff		# a counter and flags that have no place on the medium


class GlobalState:
    def __init__(self, deltas):
        total = 0
        for delta in deltas:
            total ^= int.from_bytes(delta, "little")
        self.word, first, second = struct.unpack("<3I", total.to_bytes(12, "little"))
        self.reference = (first, second)

    def __str__(self):
        return "%08x {%d,%d}" % ((self.word,) + self.reference)

    @property
    def kind(self):
        return self.word >> 20 & 0x7ff

    @property
    def id(self):
        return self.word >> 10 & NO_ID

    @property
    def has_orphans(self):
        return bool(self.word & ORPHANS)

    @property
    def has_move(self):
        return self.kind == DELETE

    def moves(self, reference, number):
        """Whether this entry has been moved away and must be taken for deleted."""
        return self.has_move and number == self.id and sharing(reference, self.reference)


def judge_state(filesystem, report):
    state = filesystem.state
    if state.word & RAM_ONLY:
        report.add(601, detail=str(state))
    if state.kind not in (0, DELETE):
        report.add(602, detail=str(state))
    if not state.kind and (state.id or state.reference != (0, 0)):
        report.add(607, detail=str(state))
    if state.has_move:
        judge_move(filesystem, state, report)
    judge_sync(filesystem, state, report)


def judge_move(filesystem, state, report):
    sources = [pair for pair in filesystem.pairs() if sharing(pair.reference, state.reference)]
    if not sources:
        report.add(603, detail=str(state))
        return
    entry = dict(sources[-1].numbered()).get(state.id)
    if entry is None:
        report.add(604, sources[-1].block, detail=str(state))
        return
    report.add(605, sources[-1].block, detail=str(state))
    if not any(is_copy(other, entry) for directory in filesystem.directories
               for pair, number, other in directory.entries()
               if not state.moves(pair.reference, number)):
        report.add(608, sources[-1].block, detail=str(state))


def is_copy(one, other):
    """Equal but for the name.  Ids and offsets change on the way, the content does not."""
    return one.name.kind == other.name.kind and one.struct and other.struct and \
        one.struct.kind == other.struct.kind and one.struct.data == other.struct.data


def judge_sync(filesystem, state, report):
    """List and tree disagree if and only if the flag says that they may."""
    for item in filesystem.orphans:
        report.add(308 if state.has_orphans else 307, item.pair.block,
                   detail="pair {%d,%d}" % item.pair.reference)
    for item, reference in filesystem.half_orphans:
        report.add(310 if state.has_orphans else 309, item.pair.block,
                   detail="list {%d,%d}, parent {%d,%d}" % (item.pair.reference + reference))
    if state.has_orphans and not filesystem.orphans and not filesystem.half_orphans:
        report.add(606, detail=str(state))
