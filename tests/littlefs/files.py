# SPDX-License-Identifier: Apache-2.0
"""File contents: inline, or a list of blocks with skip pointers (CTZ)."""

from log import CTZ_STRUCT, INLINE_STRUCT
from pair import two_words


def trailing_zeros(number):
    return (number & -number).bit_length() - 1


def data_start(index):
    """Pointers stand before the data: one for each power of two that divides the index."""
    return 4 * (trailing_zeros(index) + 1) if index else 0


def blocks_needed(size, block_bytes, most):
    """How many blocks hold @size bytes; counts no further than one above @most."""
    count = 0
    while size > 0 and count <= most:
        size -= block_bytes - data_start(count)
        count += 1
    return count


def size_of(entry):
    tag = entry.struct
    if tag is None:
        return None
    return two_words(tag.data)[1] if tag.kind == CTZ_STRUCT else len(tag.data)


def read_file(filesystem, pair, entry, owner):
    """The content; None if it cannot be read, which is reported.  Claims the blocks."""
    tag = entry.struct
    if tag is None or tag.kind not in (INLINE_STRUCT, CTZ_STRUCT):
        return None			# rules.py says so
    if tag.kind == INLINE_STRUCT:
        return tag.data
    head, size = two_words(tag.data)
    report = filesystem.report
    if size == 0:
        report.add(504, pair.block, tag.offset)
        return b""
    image, most = filesystem.image, filesystem.blocks
    count = blocks_needed(size, image.block_bytes, most)
    if count > most:
        report.add(502, pair.block, tag.offset, "%d bytes" % size)
        return None
    blocks = collect_blocks(filesystem, head, count, (pair.block, tag.offset), owner)
    if blocks is None:
        return None
    judge_skip_pointers(image, blocks, report)
    content = b"".join(image.block(block)[data_start(index):] for index, block in enumerate(blocks))
    return content[:size]


def collect_blocks(filesystem, head, count, where, owner):
    """The blocks in the order of the file, by the pointers that upstream's reading to the end of
    a file never follows all of; ends at the first block that is not free to be this file's."""
    blocks, block = [None] * count, head
    for index in reversed(range(count)):
        if block >= filesystem.blocks:
            filesystem.report.add(501, *where, "block %d, index %d" % (block, index))
            return None
        if not filesystem.claim(block, owner):
            return None
        blocks[index] = block
        if index:
            where, block = (block, 0), pointer(filesystem.image, block, 0)
    return blocks


def pointer(image, block, which):
    return int.from_bytes(image.block(block)[4 * which:4 * which + 4], "little")


def judge_skip_pointers(image, blocks, report):
    """Seeks use the long ones, which no sequential read looks at."""
    for index in range(1, len(blocks)):
        for which in range(1, trailing_zeros(index) + 1):
            found, right = pointer(image, blocks[index], which), blocks[index - (1 << which)]
            if found != right:
                report.add(503, blocks[index], 4 * which, "%d, not %d" % (found, right))
