# SPDX-License-Identifier: Apache-2.0
"""The filesystem as a whole: the list of all pairs, the tree of directories, what is out of sync.

The list is what mounting and allocating go by, the tree is what looking up goes by.  Both are read
here, each for itself, and compared.
"""

from log import DIRECTORY
from pair import Pair, sharing
from state import GlobalState
from superblock import read_superblocks

FIRST = (0, 1)


class Listed:
    """A pair on the list; @hard: it goes on with the directory of the pair before it."""

    def __init__(self, pair, hard):
        self.pair, self.hard = pair, hard
        self.seen = False		# in the tree


class Directory:
    """The pairs of one directory.  @path is None for what nobody can reach."""

    def __init__(self, path, chain):
        self.path, self.chain = path, chain

    def entries(self):
        for pair in self.chain:
            for number, entry in pair.numbered():
                yield pair, number, entry

    def path_of(self, entry):
        return None if self.path is None else self.path + b"/" + entry.name.data


class Filesystem:
    """@owners: {block: text} of all blocks in use."""

    def __init__(self, image, report):
        self.image, self.report = image, report
        self.owners = {}
        self.list = self._read_list()
        self.by_pair = {frozenset(item.pair.reference): item for item in self.list}
        self.by_block = {block: item for item in self.list for block in item.pair.reference}
        self.superblock, self.root = read_superblocks(self.list, image, report)
        self.state = GlobalState(item.pair.delta for item in self.list)
        self.directories = []		# from the root
        self.cut_off = []		# what the tree does not reach
        self.removed = []		# those of them that are heads of orphans
        self.half_orphans = []		# (Listed, reference in the parent)
        self.orphans = []		# Listed
        self._taken = {}		# frozenset of a pair: path
        self._circle = None		# the first pair of one that the root does not reach
        self._replaced = []		# pairs of the tree that the list names otherwise
        if self.superblock:
            self._read_tree()
            self._read_rest()

    @property
    def blocks(self):
        """Everything must be below this."""
        count = self.superblock.block_count if self.superblock else 0
        return count if 2 <= count <= self.image.blocks else self.image.blocks

    def pairs(self):
        """Every pair whose log a driver may read."""
        return [item.pair for item in self.list] + self._replaced

    def claim(self, block, owner):
        """False if somebody else has the block."""
        if block in self.owners:
            self.report.add(701, block, detail="%s and %s" % (self.owners[block], owner))
            return False
        self.owners[block] = owner
        return True

    def is_moved_away(self, pair, number):
        return self.state.moves(pair.reference, number)

    # The list

    def _read_list(self):
        found, reference, hard = [], FIRST, False
        source = None
        while reference and self._may_follow(reference, source):
            pair = Pair(self.image, reference)
            for block in set(reference):
                self.owners[block] = "pair {%d,%d}" % reference
            found.append(Listed(pair, hard))
            if not pair.log:
                self._report_unreadable(pair)
                break
            source, reference, hard = pair, pair.next(), pair.tail_is_hard
            if pair.tail and not reference and pair.tail[0] != pair.tail[1]:
                self.report.add(305, pair.block, pair.tail_offset)
        return found

    def _may_follow(self, reference, source):
        """Whether the list goes on to this pair; each step takes a new block, so it ends."""
        where = (source.block, source.tail_offset) if source else (0, 0)
        if not self._is_usable(reference, *where):
            return False
        known = [block for block in reference if block in self.owners]
        if not known:
            return True
        whole = self.owners[known[0]] == "pair {%d,%d}" % reference or \
            self.owners[known[0]] == "pair {%d,%d}" % reference[::-1]
        self.report.add(303 if whole else 304, *where, "pair {%d,%d}" % reference)
        return False

    def _report_unreadable(self, pair):
        self.report.add(201, pair.block, detail="pair {%d,%d}" % pair.reference)

    def _is_usable(self, reference, block, offset):
        detail = "pair {%d,%d}" % reference
        if not self.image.holds(reference):
            self.report.add(301, block, offset, detail)
            return False
        if reference[0] == reference[1]:
            self.report.add(302, block, offset, detail)
            return False
        return True

    # The tree

    def _read_tree(self):
        root = self.list[self.root]
        for item in self.list[:self.root]:
            item.seen = True
            self._taken[frozenset(item.pair.reference)] = b"superblock"
        self.directories = self._read_from(b"", root.pair.reference)

    def _read_from(self, path, reference):
        """The directory of a pair and all below it."""
        found, pending = [], [(path, reference)]
        self._taken[frozenset(reference)] = path
        while pending:
            path, reference = pending.pop()
            directory = Directory(path, self._read_chain(reference))
            found.append(directory)
            for pair, number, entry in directory.entries():
                if entry.name.kind == DIRECTORY and not self.is_moved_away(pair, number):
                    child = self._find_child(pair, entry)
                    if child:
                        self._taken[frozenset(child)] = directory.path_of(entry)
                        pending.append((directory.path_of(entry), child))
        return found

    def _read_chain(self, reference):
        chain = []
        while reference:
            item = self.by_pair.get(frozenset(reference))
            pair = item.pair if item else Pair(self.image, reference)
            if item:
                item.seen = True
            else:
                self._add_replaced(pair)
            if not pair.log:
                self._report_unreadable(pair)
                break
            chain.append(pair)
            reference = pair.next() if pair.tail_is_hard else None
            if reference and not self._may_go_on(reference, pair):
                break
        return chain

    def _add_replaced(self, pair):
        """Its blocks are used beside those that the list names."""
        self._replaced.append(pair)
        owner = "pair {%d,%d}" % pair.reference
        listed = [self.by_block.get(block) for block in pair.reference]
        for block, item in zip(pair.reference, listed):
            if item is None or item not in [half for half, _ in self.half_orphans]:
                self.claim(block, owner)

    def _may_go_on(self, reference, pair):
        """A hard tail of the list was judged there; one from elsewhere is judged here."""
        key = frozenset(reference)
        if not self.image.holds(reference) or len(key) != 2:
            if frozenset(pair.reference) not in self.by_pair:
                self._is_usable(reference, pair.block, pair.tail_offset)
            return False
        if key in self._taken:
            return False
        if key not in self.by_pair:
            self.report.add(306, pair.block, pair.tail_offset, "pair {%d,%d}" % reference)
        self._taken[key] = None
        return True

    def _find_child(self, pair, entry):
        """The reference of a directory entry if it can be followed."""
        reference = entry.reference
        if reference is None:
            return None			# rules.py says so
        where = (pair.block, entry.struct.offset, "pair {%d,%d}" % reference)
        if not self._is_usable(reference, *where[:2]):
            return None
        key = frozenset(reference)
        item = self.by_pair.get(key)
        if item and (item.hard or item is self.list[0]):
            self.report.add(312, *where)
            return None
        if key == self._circle:
            return None			# back where it began
        if key in self._taken:
            self.report.add(311, *where)
            return None
        if not item and not self._note_half_orphan(reference):
            self.report.add(306, *where)
        return reference

    def _note_half_orphan(self, reference):
        for item in {self.by_block.get(block) for block in reference} - {None}:
            if not item.hard and not item.seen and item is not self.list[0]:
                item.seen = True
                self.half_orphans.append((item, reference))
                return True
        return False

    # What the tree does not show

    def _read_rest(self):
        """Listed pairs which the tree does not reach: orphans, and circles cut off from it."""
        referenced = self._references()
        for item in self.list:
            if not item.seen and not item.hard and \
                    not any(sharing(item.pair.reference, other) for other in
                            self._near(referenced, item)):
                self.orphans.append(item)
        for item in self.orphans:
            directories = self._read_from(None, item.pair.reference)
            self.removed.append(directories[0])
            self.cut_off += directories
        for item in self.list:
            if not item.seen and not item.hard:
                self.report.add(316, item.pair.block, detail="pair {%d,%d}" % item.pair.reference)
                self._circle = frozenset(item.pair.reference)
                self.cut_off += self._read_from(None, item.pair.reference)

    def _references(self):
        """{block: references of directory entries that name it}, anywhere.

        What a relocation has outdated does not count, though the list still names it: the directory
        of a half-orphan may have lost an entry since.
        """
        found, outdated = {}, [item.pair for item, _ in self.half_orphans]
        for pair in self.pairs():
            if pair in outdated:
                continue
            for number, entry in pair.numbered():
                if entry.is_directory and entry.reference and \
                        not self.is_moved_away(pair, number):
                    for block in entry.reference:
                        found.setdefault(block, []).append(entry.reference)
        return found

    @staticmethod
    def _near(referenced, item):
        return [other for block in item.pair.reference for other in referenced.get(block, ())]
