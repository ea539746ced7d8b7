# SPDX-License-Identifier: Apache-2.0
"""What the checker can find: one number for each rule, which never changes its meaning.

An error is what upstream would refuse, misread or corrupt, or where space or data are lost.  A
warning is legal but wasteful.  A note is legal and worth knowing.
"""

from typing import NamedTuple, Optional

ERROR, WARNING, NOTE = "error", "warning", "note"

# number: severity, the rule.  1xx superblock, 2xx log of a metadata block, 3xx list and
# directories, 4xx entries, 5xx file data, 6xx global state, 7xx use of blocks.
RULES = {
    101: (ERROR, "Pair {0,1} holds a superblock entry named littlefs as id 0."),
    102: (ERROR, "The version of the format is 2.0 or 2.1."),
    103: (ERROR, "The block size in the superblock is that of the device."),
    104: (ERROR, "The block count in the superblock is at least 2 and no larger than the device."),
    105: (ERROR, "No limit in the superblock is larger than the format allows."),
    106: (WARNING, "A name limit over 255 is refused by a usual build of upstream."),
    107: (ERROR, "All superblocks agree; only version and count may be older than in the last one."),
    108: (ERROR, "A superblock entry is only in the pairs from {0,1} to the root."),
    109: (ERROR, "The superblock is an inline struct of 24 bytes."),
    110: (NOTE, "The filesystem is smaller than the device."),
    111: (WARNING, "The magic is at offset 8 of the current block of {0,1}."),
    112: (NOTE, "The magic is at offset 8 of the other block of {0,1} too."),
    113: (WARNING, "The image is a whole number of blocks."),
    201: (ERROR, "One block of each pair begins with a valid commit."),
    202: (NOTE, "The block with the newer revision has no valid commit, so the older one counts."),
    203: (ERROR, "Two valid blocks of a pair whose revisions have no order hold the same."),
    204: (NOTE, "The revisions of both blocks have no order, but they hold the same."),
    205: (ERROR, "The size of a tag fits its type."),
    206: (WARNING, "A tag of unknown type is ignored by every reader."),
    207: (ERROR, "A create, delete, tail or CRC tag has one of the known types."),
    208: (ERROR, "A create tag makes no hole in the ids."),
    209: (ERROR, "A delete tag names an id that exists."),
    210: (ERROR, "Every id below the number of entries has a name at the end of a commit."),
    211: (ERROR, "A struct or attribute belongs to an id that exists at the end of its commit."),
    212: (ERROR, "A name, struct, attribute, create or delete tag has an id."),
    213: (WARNING, "A CRC, FCRC, tail or global-state tag has no id."),
    215: (WARNING, "The bytes behind the last commit are what its FCRC says."),
    216: (WARNING, "In 2.1 the last commit has an FCRC if a program unit is left behind it."),
    217: (ERROR, "A 2.0 filesystem has no FCRC: old readers take it for a CRC."),
    218: (WARNING, "An FCRC covers bytes of its own block only."),
    219: (WARNING, "A block that a driver will append to is blank behind the last commit."),
    220: (NOTE, "Behind the last commit is the beginning of another one, which does not count."),
    221: (WARNING, "The last commit ends on a program unit, or nobody can append to it."),
    222: (WARNING, "An FCRC covers at least one program unit."),
    223: (WARNING, "A pair has less than 255 entries."),
    224: (WARNING, "What is live in a pair fits into one block after compaction."),
    225: (WARNING, "Erased bytes behind the last commit do not read as a tag."),
    301: (ERROR, "Both blocks of a pair are inside the filesystem."),
    302: (ERROR, "A pair has two different blocks."),
    303: (ERROR, "The list of all pairs ends."),
    304: (ERROR, "No two pairs of the list share a block."),
    305: (WARNING, "The end of the list is written as two null pointers."),
    306: (ERROR, "The pair of every directory is on the list."),
    307: (ERROR, "A pair on the list without a parent is announced by the orphan flag."),
    308: (NOTE, "A pair on the list has no parent; the next write drops it."),
    309: (ERROR, "A list and a parent that name different pairs are announced by the orphan flag."),
    310: (NOTE, "The list and the parent name different pairs; the next write repairs that."),
    311: (ERROR, "No two directories have the same pair."),
    312: (ERROR, "The pair of a directory is not the rest of another one, nor the root."),
    313: (WARNING, "No pair of a directory but its first is empty."),
    314: (ERROR, "A directory that was cut off for removal is empty."),
    316: (ERROR, "Every directory can be reached from the root."),
    401: (ERROR, "The names of a directory are in upstream's order."),
    402: (ERROR, "No two entries of a directory have the same name."),
    403: (ERROR, "No name is longer than the limit in the superblock."),
    404: (ERROR, "A name can be looked up: not empty, not . or .., without slash and NUL."),
    405: (ERROR, "The struct of an entry fits the type of its name."),
    406: (WARNING, "Inline data are within attr_max and an eighth of a block."),
    407: (ERROR, "No attribute is longer than the limit in the superblock."),
    408: (ERROR, "No file is larger than the limit in the superblock."),
    409: (ERROR, "Every entry has a struct."),
    501: (ERROR, "Every block pointer of a file is inside the filesystem."),
    502: (ERROR, "A file has no more blocks than the filesystem."),
    503: (ERROR, "Every skip pointer leads to the block that its power of two says."),
    504: (WARNING, "An empty file is inline."),
    601: (ERROR, "The low ten bits of the global state are zero."),
    602: (ERROR, "The global state is empty or a pending delete."),
    603: (ERROR, "The source of a pending move is on the list."),
    604: (ERROR, "The id of a pending move exists in its source."),
    605: (NOTE, "A move waits for the delete of its source."),
    606: (NOTE, "The orphan flag is set though nothing is out of sync."),
    607: (WARNING, "A global state without a move has no id and no pair."),
    608: (ERROR, "What a pending move takes away exists at its target."),
    701: (ERROR, "No block is used twice."),
}

# What a repair would end; under --strict it is an error.
PENDING = (308, 310, 605, 606)


class Finding(NamedTuple):
    number: int
    severity: str
    block: Optional[int]
    offset: Optional[int]
    detail: str

    def __str__(self):
        where = "" if self.block is None else " block %d" % self.block
        where += "" if self.offset is None else " offset 0x%x" % self.offset
        detail = " (%s)" % self.detail if self.detail else ""
        return "%s L%d%s: %s%s" % (self.severity, self.number, where, RULES[self.number][1], detail)


class Report:
    """The findings of one image, each once."""

    def __init__(self, strict=False):
        self.strict = strict
        self.findings = {}		# a set that keeps the order

    def add(self, number, block=None, offset=None, detail=""):
        severity = RULES[number][0]
        if self.strict and number in PENDING:
            severity = ERROR
        self.findings[Finding(number, severity, block, offset, detail)] = True

    def numbers(self, severities=(ERROR, WARNING, NOTE)):
        return sorted({f.number for f in self.findings if f.severity in severities})

    def count(self, severity):
        return sum(f.severity == severity for f in self.findings)
