# SPDX-License-Identifier: Apache-2.0
"""What a filesystem that has been read must obey."""

from files import read_file, size_of
from log import (CTZ_STRUCT, DIR_STRUCT, DIRECTORY, FCRC, FILE, INLINE_STRUCT, checksum)
from state import judge_state
from superblock import (ATTRIBUTE_MAX, FILE_MAX, NAME_USUAL, is_superblock_name)

ENTRIES_MAX = 254
COMPACTION_BYTES = 40		# revision, tail, global state, FCRC and CRC of a compacted block
FCRC_VERSION = 0x00020001


def judge(filesystem, report, program_bytes=1):
    """All rules that need more than one tag.  Returns {path: content of a file}."""
    image = filesystem.image
    if len(image.data) % image.block_bytes:
        report.add(113)
    for pair in filesystem.pairs():
        for fault in pair.faults:
            report.add(fault.number, pair.block, fault.offset, fault.detail)
        if pair.log and filesystem.superblock:
            judge_pair(filesystem, pair, program_bytes, report)
    if not filesystem.superblock:
        return {}
    judge_state(filesystem, report)
    for directory in filesystem.removed:
        if any(True for _ in directory.entries()):
            report.add(314, directory.chain[0].block)
    contents = {}
    for directory in filesystem.directories + filesystem.cut_off:
        judge_directory(filesystem, directory, report)
        for pair, number, entry in directory.entries():
            judge_entry(filesystem, pair, entry, report)
            if entry.name.kind == FILE and not filesystem.is_moved_away(pair, number):
                path = directory.path_of(entry)
                contents[path] = read_file(filesystem, pair, entry, "file " + printable(path))
    return contents


def printable(path):
    return "of an orphan" if path is None else path.decode("ascii", "backslashreplace")


# Logs and pairs

def judge_pair(filesystem, pair, program_bytes, report):
    log, block_bytes = pair.log, filesystem.image.block_bytes
    if any(block >= filesystem.blocks for block in pair.reference):
        report.add(301, pair.block, detail="pair {%d,%d}" % pair.reference)
    if len(pair.entries) > ENTRIES_MAX:
        report.add(223, pair.block, detail="%d entries" % len(pair.entries))
    live = sum(entry.live_bytes() for entry in pair.entries)
    if live + COMPACTION_BYTES > block_bytes:
        report.add(224, pair.block, detail="%d bytes" % live)
    version = filesystem.superblock.version
    if version == FCRC_VERSION - 1:
        for tag in [tag for commit in log.commits for tag in commit if tag.kind == FCRC][:1]:
            report.add(217, pair.block, tag.offset)
    judge_end(log, version, program_bytes, report)


def judge_end(log, version, program_bytes, report):
    """What is behind the last commit decides where the next one goes."""
    rest = log.data[log.end:]
    blank = rest.count(0xff) == len(rest)
    on_unit = log.end % program_bytes == 0
    if rest and not on_unit:
        report.add(221, log.block, log.end)
    if log.next_is_tag:
        report.add(225 if blank else 220, log.block, log.end)
    if version < FCRC_VERSION:
        erased = True			# 2.0 knows no better
    elif log.fcrc is None:
        erased = False
        if len(rest) >= program_bytes:
            report.add(216, log.block, log.end)
    else:
        erased = judge_fcrc(log, program_bytes, report)
    if erased and on_unit and not log.next_is_tag and not blank:
        report.add(219, log.block, log.end)


def judge_fcrc(log, program_bytes, report):
    size, stored = log.fcrc_fields()
    if log.end + size > len(log.data):
        report.add(218, log.block, log.fcrc.offset, "%d bytes" % size)
        return False
    if size < program_bytes:
        report.add(222, log.block, log.fcrc.offset, "%d bytes" % size)
    if checksum(log.data[log.end:log.end + size]) != stored:
        report.add(215, log.block, log.end)
        return False
    return True


# Directories and entries

def comes_before(one, other):
    """Upstream's order: bytes over the common length; of a name and its prefix the longer first."""
    common = min(len(one), len(other))
    if one[:common] != other[:common]:
        return one[:common] < other[:common]
    return len(one) > len(other)


def judge_directory(filesystem, directory, report):
    for pair in directory.chain[1:]:
        if not pair.entries:
            report.add(313, pair.block)
    names, last = set(), None
    for pair, _, entry in directory.entries():
        name = entry.name.data
        where = (pair.block, entry.name.offset, printable(name))
        if name in names:
            report.add(402, *where)
        elif last is not None and not comes_before(last, name):
            report.add(401, *where)
        names.add(name)
        last = name


def judge_entry(filesystem, pair, entry, report):
    superblock, name = filesystem.superblock, entry.name
    if len(name.data) > (superblock.name_max or NAME_USUAL):
        report.add(403, pair.block, name.offset, "%d bytes" % len(name.data))
    if name.data in (b"", b".", b"..") or b"/" in name.data or b"\0" in name.data:
        report.add(404, pair.block, name.offset, printable(name.data))
    judge_struct(filesystem, pair, entry, report)
    for tag in entry.attributes.values():
        judge_attribute(superblock, pair, tag, report)


def judge_struct(filesystem, pair, entry, report):
    tag, superblock = entry.struct, filesystem.superblock
    if tag is None:
        report.add(409, pair.block, entry.name.offset, printable(entry.name.data))
        return
    fitting = {DIRECTORY: (DIR_STRUCT,), FILE: (INLINE_STRUCT, CTZ_STRUCT)}
    if tag.kind not in fitting.get(entry.name.kind, ()):
        report.add(405, pair.block, tag.offset, "type 0x%03x, struct 0x%03x" %
                   (entry.name.kind, tag.kind))
        return
    if entry.name.kind != FILE:
        return
    size = size_of(entry)
    if size > (superblock.file_max or FILE_MAX):
        report.add(408, pair.block, tag.offset, "%d bytes" % size)
    most = min(superblock.attribute_max or ATTRIBUTE_MAX, filesystem.image.block_bytes // 8)
    if tag.kind == INLINE_STRUCT and size > most:
        report.add(406, pair.block, tag.offset, "%d bytes" % size)


def judge_attribute(superblock, pair, tag, report):
    if len(tag.data) > (superblock.attribute_max or ATTRIBUTE_MAX):
        report.add(407, pair.block, tag.offset, "%d bytes" % len(tag.data))


def superblock_attributes(pair):
    """Attributes of the root directory belong to the superblock entry of its first pair."""
    first = pair.entries[0] if pair.entries else None
    return first.attributes if first and is_superblock_name(first.name) else {}
