# SPDX-License-Identifier: Apache-2.0
"""Ways to break one rule of a good image each, with the findings that must come, and no others."""

from editor import NOWHERE, encode, words
from log import (ATTRIBUTE, CREATE, CTZ_STRUCT, DELETE, DIR_STRUCT, DIRECTORY, FCRC, FILE,
                 GLOBAL_STATE, HARD_TAIL, INLINE_STRUCT, NO_ID, NULL, SOFT_TAIL, SUPERBLOCK)

PLAIN, PLAIN_20 = "g04-4k64-v21", "g03-4k64-v20"
PADDED, CHAIN, LARGE = "g12-4k128-p256", "v04-superblock-chain-3", "g10-64k32-v21"
LEAF = b"/n0/n1/n2"
NEWER = 1000			# above every revision of the images
FLAG = 0x80000000

MUTATIONS = []			# (function, numbers, image, options of the verdict)


def breaks(*numbers, image=PLAIN, **options):
    """@numbers: of exactly the findings that come."""
    def add(function):
        MUTATIONS.append((function, sorted(numbers), image, options))
        return function
    return add


def breaks_each(number, cases, image=PLAIN):
    """One mutation for each case, which the function gets."""
    def add(function):
        for case in cases:
            def mutate(editor, case=case):
                function(editor, case)
            mutate.__name__ = "%s %r" % (function.__name__, case)
            breaks(number, image=image)(mutate)
        return function
    return add


def inline(content=b"x"):
    return INLINE_STRUCT, content


def directory(reference):
    return DIR_STRUCT, words(*reference)


# The superblock

@breaks(101)
def superblock_renamed(editor):
    editor.edit(editor.pair(b""), lambda tag: (SUPERBLOCK, 0, b"littlefz")
                if tag[0] == SUPERBLOCK else tag)


@breaks_each(102, (0x00020002, 0x00030000, 0x00010007, 0))
def superblock_version(editor, version):
    editor.set_superblock(version=version)


@breaks_each(103, (0, 512, 8192))
def superblock_block_size(editor, size):
    editor.set_superblock(block_bytes=size)


@breaks_each(104, (0, 1, 65, 0xffffffff))
def superblock_block_count(editor, count):
    editor.set_superblock(block_count=count)


@breaks_each(105, ("name_max 1023", "file_max 2147483648", "attribute_max 1023"))
def superblock_limit(editor, case):
    field, value = case.split()
    editor.set_superblock(**{field: int(value)})


@breaks(106)
def superblock_long_names(editor):
    editor.set_superblock(name_max=256)


@breaks_each(107, ("name_max", "file_max", "attribute_max"), image=CHAIN)
def superblocks_disagree(editor, field):
    editor.set_superblock(editor.filesystem.list[0].pair, **{field: 100})


@breaks(107, 110, image=CHAIN)
def older_superblock_is_larger(editor):
    editor.data += b"\xff" * 4096
    editor.set_superblock(editor.filesystem.list[0].pair, block_count=65)


@breaks(image=CHAIN)
def older_superblock_lags(editor):
    editor.set_superblock(editor.filesystem.list[1].pair, version=0x00020000)


@breaks(108)
def superblock_in_a_directory(editor):
    pair = editor.pair(LEAF)
    editor.add(pair, (CREATE, 0, b""), (SUPERBLOCK, 0, b"littlefs"))


@breaks(109)
def superblock_short(editor):
    editor.edit(editor.pair(b""), lambda tag: tag[:2] + (tag[2][:20],)
                if tag[:2] == (INLINE_STRUCT, 0) else tag)


@breaks(110)
def device_larger(editor):
    editor.data += b"\xff" * 4096


@breaks(111)
def magic_not_first(editor):
    pair = editor.pair(b"")
    tags = editor.tags(pair)
    editor.rewrite(pair, [(ATTRIBUTE + 7, 0, b"first")] + tags)


@breaks(112)
def magic_once(editor):
    used = editor.pair(b"").block
    editor.write(1 - used, b"\xff" * 4096)


@breaks(113)
def part_of_a_block(editor):
    editor.data += b"\xff" * 100


# The log of a block

@breaks(201)
def both_blocks_bad(editor):
    new = tuple(editor.free()[:2])
    editor.write_pair(new, [[(SOFT_TAIL, NO_ID, words(*NOWHERE))]])
    editor.set_tail(editor.last(), new, SOFT_TAIL)
    editor.insert(editor.pair(b"/home"), 0, b"\1", directory(new), DIRECTORY)
    assert not editor.verdict().report.findings
    editor.write(new[0], b"\0" * 64, 4)


@breaks(202)
def newer_block_torn(editor):
    pair = editor.pair(LEAF)
    torn = bytearray(encode(pair.log.revision + 1, [editor.tags(pair)], 4096))
    torn[20] ^= 1
    editor.write(other_block(pair), torn)


@breaks_each(203, (0, 0x80000000))
def revisions_without_order(editor, distance):
    pair = editor.pair(LEAF)
    tags = [tag for tag in editor.tags(pair) if tag[0] & 0x700 != ATTRIBUTE]
    editor.write(other_block(pair), encode(pair.log.revision + distance & 0xffffffff,
                                           [tags, [(ATTRIBUTE, 0, b"x")]], 4096))


@breaks(204)
def blocks_equal(editor):
    pair = editor.pair(LEAF)
    editor.write(other_block(pair), editor.read(pair.block))


def other_block(pair):
    return sum(pair.reference) - pair.block


@breaks_each(205, (CREATE, FCRC, SOFT_TAIL, GLOBAL_STATE))
def tag_size(editor, kind):
    """Only the size is wrong: what counts comes right behind."""
    pair = editor.pair(LEAF)
    tail = (SOFT_TAIL, NO_ID, words(*pair.tail))
    state = (GLOBAL_STATE, NO_ID, pair.delta)
    number = 0 if kind == CREATE else NO_ID
    wrong = [(kind, number, words(1)), (FILE, 0, b"a"), (INLINE_STRUCT, 0, b"x")]
    editor.add(pair, *(wrong if kind == CREATE else wrong[:1]), tail, state)


@breaks_each(206, (0x204, 0x104, 0x7fe, 0x5c3))
def tag_unknown(editor, kind):
    pair = editor.pair(LEAF)
    number = 0 if kind < 0x500 else NO_ID
    struct = (INLINE_STRUCT, 0, pair.entries[0].struct.data)
    editor.add(pair, (kind, number, words(1, 2)), struct)


@breaks_each(207, (0x402, 0x47f, 0x602))
def tag_dangerous(editor, kind):
    pair = editor.pair(LEAF)
    data = words(*pair.tail) if kind >= 0x600 else b""
    editor.add(pair, (kind, NO_ID if data else 0, data))


@breaks(207)
def crc_of_unknown_type(editor):
    pair = editor.pair(LEAF)
    editor.edit(pair, lambda tag: tag, state=2)


@breaks(208)
def create_makes_hole(editor):
    pair = editor.pair(LEAF)
    count = len(pair.entries)
    editor.add(pair, (CREATE, count + 1, b""), (FILE, count, b"z"), (INLINE_STRUCT, count, b""))


@breaks(209)
def delete_of_nothing(editor):
    pair = editor.pair(LEAF)
    editor.add(pair, (DELETE, len(pair.entries), b""))


@breaks(210)
def id_without_name(editor):
    pair, number, _ = editor.find(b"/etc/c481")
    editor.edit(pair, lambda tag: None if tag[1] == number else tag)


@breaks(210)
def create_without_name(editor):
    pair = editor.pair(LEAF)
    editor.add(pair, (CREATE, len(pair.entries), b""))


@breaks_each(211, (INLINE_STRUCT, ATTRIBUTE))
def tag_of_missing_id(editor, kind):
    pair = editor.pair(LEAF)
    editor.add(pair, (kind, len(pair.entries), b"x"))


@breaks_each(212, (FILE, INLINE_STRUCT, ATTRIBUTE, CREATE, DELETE))
def tag_without_id(editor, kind):
    editor.add(editor.pair(LEAF), (kind, NO_ID, b"" if kind in (CREATE, DELETE) else b"x"))


@breaks_each(213, (SOFT_TAIL, GLOBAL_STATE))
def tag_with_id(editor, kind):
    pair = editor.pair(LEAF)
    editor.edit(pair, lambda tag: (kind, 3, tag[2]) if tag[0] == kind else tag)


@breaks(215)
def rest_differs_from_fcrc(editor):
    log = editor.pair(LEAF).log
    editor.write(log.block, b"\xbf", log.end)


@breaks(216)
def fcrc_missing(editor):
    editor.edit(editor.pair(LEAF), lambda tag: tag, fcrc_bytes=0)


@breaks(217, image=PLAIN_20)
def fcrc_in_20(editor):
    editor.edit(editor.last(), lambda tag: tag)


@breaks_each(218, (4096, 0xffffffff))
def fcrc_too_long(editor, size):
    editor.edit(editor.pair(LEAF), lambda tag: tag, fcrc_size=size)


@breaks(219)
def rest_not_blank(editor):
    log = editor.pair(LEAF).log
    editor.write(log.block, b"\0", 4000)


@breaks(219, image=PLAIN_20)
def rest_not_blank_20(editor):
    log = editor.last().log
    editor.write(log.block, b"\0", 4000)


@breaks(220, image=PLAIN_20)
def commit_begun_20(editor):
    log = editor.last().log
    editor.write(log.block, b"\0", log.end)


@breaks(221, image=PADDED, program_bytes=256)
def end_inside_program_unit(editor):
    editor.edit(editor.last(), lambda tag: tag, fcrc_bytes=256)


@breaks(222, image=PADDED, program_bytes=256)
def fcrc_short(editor):
    editor.edit(editor.last(), lambda tag: tag, unit=256)


@breaks(image=PADDED, program_bytes=256)
def padded_as_it_should_be(editor):
    editor.edit(editor.last(), lambda tag: tag, unit=256, fcrc_bytes=256)


@breaks(223, image=LARGE)
def too_many_entries(editor):
    pair = small_directory(editor)
    new = [tag for number in range(255)
           for tag in ((FILE, number, b"n%03d" % number), (INLINE_STRUCT, number, b""))]
    editor.rewrite(pair, new + [tag for tag in editor.tags(pair) if tag[1] == NO_ID])


@breaks(image=LARGE)
def many_entries(editor):
    pair = small_directory(editor)
    new = [tag for number in range(254)
           for tag in ((FILE, number, b"n%03d" % number), (INLINE_STRUCT, number, b""))]
    editor.rewrite(pair, new + [tag for tag in editor.tags(pair) if tag[1] == NO_ID])


def small_directory(editor):
    """One without entries."""
    return next(item.pair for item in editor.filesystem.list if not item.pair.entries)


@breaks(224)
def too_much_alive(editor):
    """A log that ends with its block, without a tail, and holds almost nothing but live data."""
    pair = editor.last()
    zero = editor.tags(pair)
    used = 4 + sum(4 + len(tag[2]) for tag in zero) + 8
    new, number = [], len(pair.entries)
    while used + 4 < 4092:
        size = min(4092 - used - 16, 500)
        new += [(FILE, number, b"\xfe%03d" % number), (INLINE_STRUCT, number, b"x" * max(0, size))]
        used += 12 + max(0, size)
        number += 1
    editor.rewrite(pair, zero + new, fcrc_bytes=0, unit=4096)


@breaks(225)
def blank_reads_as_tag(editor):
    editor.edit(editor.pair(LEAF), lambda tag: tag, state=1)


# The list and the directories

@breaks_each(301, ((64, 65), (63, 64), (0x7fffffff, 1)))
def tail_outside(editor, reference):
    editor.set_tail(editor.last(), reference, SOFT_TAIL)


@breaks(302)
def tail_to_one_block(editor):
    block = editor.free()[0]
    editor.set_tail(editor.last(), (block, block), SOFT_TAIL)


@breaks_each(303, ((0, 1), (1, 0)))
def list_goes_round(editor, reference):
    editor.set_tail(editor.last(), reference, SOFT_TAIL)


@breaks(304)
def list_shares_block(editor):
    editor.set_tail(editor.last(), (0, editor.free()[0]), SOFT_TAIL)


@breaks(305)
def half_null(editor):
    editor.set_tail(editor.last(), (NULL, 5), SOFT_TAIL)


@breaks(306)
def directory_not_listed(editor):
    pair = editor.pair(LEAF)
    before = editor.before(pair)
    word = editor.filesystem.state
    editor.set_tail(before, pair.tail)
    repair_state(editor, word)


def repair_state(editor, state):
    """Taking a pair off the list takes its delta away too."""
    editor.set_state(state.word, state.reference)


@breaks(307)
def orphan_not_announced(editor):
    pair = editor.pair(LEAF)
    editor.rewrite(pair, [tag for tag in editor.tags(pair) if tag[1] == NO_ID])
    editor.remove(LEAF)


@breaks(308)
def orphan_announced(editor):
    orphan_not_announced(editor)
    editor.set_state(FLAG)


@breaks(308, 314)
def orphan_with_entries(editor):
    editor.remove(LEAF)
    editor.set_state(FLAG)


@breaks(309)
def half_orphan_not_announced(editor):
    pair, free = editor.pair(LEAF), editor.free()[0]
    editor.write(free, encode(NEWER, [editor.tags(pair)], 4096))
    editor.replace(LEAF, DIR_STRUCT, words(pair.block, free))


@breaks(310)
def half_orphan_announced(editor):
    half_orphan_not_announced(editor)
    editor.set_state(FLAG)


@breaks(311)
def directory_twice(editor):
    editor.insert(editor.pair(LEAF), 0, b"again", directory(editor.pair(b"/home").reference),
                  DIRECTORY)


@breaks(312)
def directory_is_root(editor):
    editor.insert(editor.pair(LEAF), 0, b"again", directory((0, 1)), DIRECTORY)


@breaks(312)
def directory_is_rest_of_another(editor):
    hard = next(item.pair for item in editor.filesystem.list if item.hard)
    editor.insert(editor.pair(LEAF), 0, b"again", directory(hard.reference), DIRECTORY)


@breaks(312, image=CHAIN)
def directory_is_superblock(editor):
    pair = editor.filesystem.list[1].pair
    editor.insert(small_directory(editor), 0, b"again", directory(pair.reference), DIRECTORY)


@breaks(313)
def empty_pair_in_chain(editor):
    new = tuple(editor.free()[:2])
    editor.write_pair(new, [[(SOFT_TAIL, NO_ID, words(*NOWHERE))]])
    editor.set_tail(editor.last(), new, HARD_TAIL)


@breaks()
def pair_in_chain(editor):
    new = tuple(editor.free()[:2])
    editor.write_pair(new, [[(FILE, 0, b"\xff"), (INLINE_STRUCT, 0, b"")]])
    editor.set_tail(editor.last(), new, HARD_TAIL)


@breaks(316)
def directory_within_itself(editor):
    reference = editor.pair(b"/n0").reference
    editor.insert(editor.pair(LEAF), 0, b"aaa", directory(reference), DIRECTORY)
    pair = editor.pair(b"")
    number = next(n for n, entry in pair.numbered() if entry.name.data == b"n0")
    editor.rewrite(pair, editor.tags(pair, [number]))


# Entries

@breaks(401)
def names_by_the_alphabet(editor):
    """What the specification says is not what upstream does."""
    editor.insert(editor.pair(LEAF), 0, b"lea", inline())


@breaks()
def names_as_upstream_has_them(editor):
    editor.insert(editor.pair(LEAF), 1, b"lea", inline())


@breaks(401)
def names_across_pairs(editor):
    """The first name of the second pair is below the last one of the first."""
    hard = editor.last()
    editor.insert(hard, 0, b"A", inline())


@breaks(402)
def name_twice(editor):
    editor.insert(editor.pair(LEAF), 0, b"leaf", inline())


@breaks(403)
def name_too_long(editor):
    editor.set_superblock(name_max=254)


@breaks_each(404, (b"", b".", b"..", b"a/b", b"a\0b"))
def name_unreachable(editor, name):
    editor.insert(editor.pair(LEAF), 0 if name else 1, name, inline())


@breaks_each(405, (FILE, DIRECTORY))
def struct_of_other_type(editor, kind):
    struct = inline() if kind == DIRECTORY else directory(editor.pair(b"/home").reference)
    editor.insert(editor.pair(LEAF), 0, b"a", struct, kind)


@breaks(206, 405)
def name_of_unknown_type(editor):
    editor.insert(editor.pair(LEAF), 0, b"a", inline(), 0x003)


@breaks(406)
def inline_too_long(editor):
    editor.insert(editor.pair(LEAF), 0, b"a", inline(b"x" * 513))


@breaks(407)
def attribute_too_long(editor):
    """Inline data obey this limit too, so they are made smaller."""
    editor.replace(b"/var/i511", INLINE_STRUCT, b"")
    editor.replace(b"/n0/c51", INLINE_STRUCT, b"")
    editor.set_superblock(attribute_max=499)


@breaks(408)
def file_too_large(editor):
    editor.set_superblock(file_max=41292)


@breaks(409)
def struct_missing(editor):
    pair, number, _ = editor.find(LEAF + b"/leaf")
    editor.edit(pair, lambda tag: None if tag[:2] == (INLINE_STRUCT, number) else tag)


# Files

BIG, BIG_SIZE = b"/big.bin", 41293


def file_blocks(editor):
    """The blocks of the big file, by their indices."""
    _, _, entry = editor.find(BIG)
    block = int.from_bytes(entry.struct.data[:4], "little")
    found = [block]
    for _ in range(10):
        block = int.from_bytes(editor.read(block)[:4], "little")
        found.append(block)
    return found[::-1]


@breaks_each(501, (64, 0x10000, NULL))
def head_outside(editor, block):
    editor.replace(BIG, CTZ_STRUCT, words(block, BIG_SIZE))


@breaks_each(501, (1, 5, 10))
def pointer_outside(editor, index):
    editor.write(file_blocks(editor)[index], words(64))


@breaks(502)
def size_beyond_device(editor):
    head = file_blocks(editor)[-1]
    editor.replace(BIG, CTZ_STRUCT, words(head, 0x7fffffff))


@breaks_each(503, ((2, 1), (4, 1), (4, 2), (8, 1), (8, 2), (8, 3), (10, 1)))
def skip_pointer(editor, case):
    """No sequential read would notice."""
    index, which = case
    blocks = file_blocks(editor)
    editor.write(blocks[index], words(blocks[index]), 4 * which)


@breaks(504)
def empty_file_with_block(editor):
    editor.replace(LEAF + b"/leaf", CTZ_STRUCT, words(editor.free()[0], 0))


# The global state

@breaks_each(601, (1, 0x200, 0x3ff))
def state_low_bits(editor, word):
    editor.set_state(word)


@breaks_each(602, (0x12300000, 0x40100000))
def state_type(editor, word):
    editor.set_state(word, editor.pair(LEAF).reference)


@breaks_each(603, (None, (0x10000, 0x20000), NOWHERE))
def move_from_nowhere(editor, reference):
    editor.set_state(DELETE << 20, reference or editor.free()[:2])


@breaks_each(604, (1, 0x3fe))
def move_of_nothing(editor, number):
    editor.set_state(DELETE << 20 | number << 10, editor.pair(LEAF).reference)


@breaks(604)
def move_of_superblock(editor):
    editor.set_state(DELETE << 20, (0, 1))


@breaks(605)
def move_with_target(editor):
    pair = editor.pair(LEAF)
    editor.insert(editor.pair(b"/home"), 2, b"target", inline(pair.entries[0].struct.data))
    editor.set_state(DELETE << 20, pair.reference)


@breaks(605, 608)
def move_without_target(editor):
    editor.set_state(DELETE << 20, editor.pair(LEAF).reference)


@breaks(606)
def flag_without_orphans(editor):
    editor.set_state(FLAG)


@breaks_each(607, ((0, 1), (3, 0), (0, 5)))
def state_with_rubbish(editor, case):
    number, block = case
    editor.set_state(number << 10, (block, 0))


# The use of blocks

@breaks(701)
def two_files_share(editor):
    editor.replace(LEAF + b"/leaf", CTZ_STRUCT, words(file_blocks(editor)[-1], BIG_SIZE))


@breaks_each(701, (0, 1))
def file_in_metadata(editor, block):
    editor.replace(LEAF + b"/leaf", CTZ_STRUCT, words(block, 4000))


@breaks(701)
def file_goes_round(editor):
    blocks = file_blocks(editor)
    editor.write(blocks[9], words(blocks[10]))


@breaks(309, 701)
def new_half_of_pair_in_file(editor):
    """A relocated pair whose new block is that of a file; the file is read after it."""
    pair, free = editor.pair(LEAF), editor.free()[0]
    editor.write(free, encode(NEWER, [editor.tags(pair)], 4096))
    editor.replace(LEAF, DIR_STRUCT, words(pair.block, free))
    editor.set_state(0)
    editor.insert(editor.pair(b"/home"), 2, b"x", (CTZ_STRUCT, words(free, 100)))


