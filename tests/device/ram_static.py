# SPDX-License-Identifier: Apache-2.0
"""What the kernel's static data is made of: its variables and what was taken before there was an allocator.

@ram is a ram.Ram.  What is found is counted in bytes; the last part is what then is left of the pages.
"""

import collections

import ram_rest

Part = collections.namedtuple("Part", "bytes what")

LARGEST_VARIABLES = 12
PAGE_DIRECTORY_BYTES = 16 << 10		# Arm DDI 0406C, B3.5: a table of the first level for 4 GiB
VECTORS_PAGES = 2			# arch/arm/mm/mmu.c, devicemaps_init()


def parts(ram):
    """[Part], which add up to the pages that are static."""
    symbols = ram.symbols
    # The stack of the idle thread is in the first of these, and is counted with the stacks.
    data = symbols["__init_begin"] - symbols["_sdata"] - ram.number("THREAD_SIZE")
    found = [
        Part(data, "variables with a value (`.data`), and those that are never written after the start"),
        Part(ram.frames * ram.number("PAGE_STRUCT_BYTES"),
             "page structures, %d bytes for each page of RAM" % ram.number("PAGE_STRUCT_BYTES")),
        Part(symbols["__bss_stop"] - symbols["__bss_start"], "variables that begin as zero (`.bss`)"),
        Part(PAGE_DIRECTORY_BYTES, "the kernel's page directory"),
        Part(len(early_tables(ram)) * ram.page_bytes, "page tables for the devices and the vectors"),
        Part(VECTORS_PAGES * ram.page_bytes, "the vectors of exceptions, and their code"),
        Part(per_cpu_bytes(ram), "per-CPU memory of the start"),
        Part(ram.page_bytes, "the page of zeros"),
    ]
    left = ram.count("static") * ram.page_bytes - sum(part.bytes for part in found)
    found.append(Part(left, "hash tables of names and inodes, the device tree unpacked, command lines; "
                            "ends of pages"))
    return sorted(found, reverse=True)


def early_tables(ram):
    """Pages with tables of the second level that are as old as the kernel's directory."""
    directory = ram.symbols["swapper_pg_dir"]
    found = set()
    for at in range(PAGE_DIRECTORY_BYTES // 4):
        entry = ram.word(directory + at * 4)
        if entry & ram_rest.PRESENT == ram_rest.TABLE:
            table = ram_rest.virtual(ram, entry & ram_rest.ADDRESS_MASK)
            if ram.owner_at(table).owner == "static":
                found.add(table)
    return found


def per_cpu_bytes(ram):
    """Of the area that memblock gave for it."""
    block, base = ram.symbols["memblock"], ram.word(ram.symbols["pcpu_base_addr"])
    regions = ram.member(block, "memblock.reserved.regions")
    for number in range(ram.member(block, "memblock.reserved.cnt")):
        region = regions + number * ram.number("MEMBLOCK_REGION_BYTES")
        if ram_rest.virtual(ram, ram.member(region, "memblock_region.base")) == base:
            return ram.member(region, "memblock_region.size")
    return 0


def variables(ram):
    """[Part]: the largest variables."""
    rows = [Part(size, "`%s`" % name) for address, size, kind, name in ram.all_symbols
            if kind in "bBdD" and ram.owner_at(address) == ("static", "")]
    return sorted(rows, reverse=True)[:LARGEST_VARIABLES]
