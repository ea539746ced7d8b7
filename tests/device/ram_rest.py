# SPDX-License-Identifier: Apache-2.0
"""Whose the pages are of which neither struct page nor a task says anything: by who points to them.

@ram is a ram.Ram, of which all other pages are marked.  A name that is not found is a variable or a
function of the kernel, with the distance from it.
"""

import collections
import struct

REST = "other"
BLOCK = "blocks of pages that packets are cut from"	# net/core/sock.c, mm/page_frag_cache.c
PRESENT, FINE, TABLE = 3, 2, 1		# Arm DDI 0406C, B3.5.1: types of descriptors
MIB_SHIFT = 20
ADDRESS_MASK, TABLE_MASK = 0xfffff000, 0xfffffc00
SMALL_PAGES = 256			# of a table of the second level
LARGEST_AREA = 1 << 20

# What begins with the name on the left is called the name on the right.
PLAIN_WORDS = (
    ("n_tty_open", "the line discipline of the console"),
    ("bpf_prog_alloc", "the filter of system calls of apps, its program"),
    ("bpf_prog_store_orig_filter", "the filter of system calls of apps"),
    ("atomic_pool_init", "memory for DMA in interrupts (coherent_pool)"),
    ("dma_common_", "memory for DMA in interrupts (coherent_pool)"),
    ("gen_pool_add_owner", "the record of the memory for DMA"),
    ("signal_page", "the page that ends signal handlers, in every process"),
    ("ip_idents", "IP: counters of packet identifiers"),
    ("ip_tstamps", "IP: counters of packet identifiers"),
    ("empty_zero_page", "the page of zeros"),
    ("pcpu_", "per-CPU memory"),
)


def plain(name):
    for begin, words in PLAIN_WORDS:
        if name.startswith(begin):
            return words
    return name


def give(ram, address, size, owner, detail):
    ram.give(address, size, owner, detail)


def mark(ram):
    mark_known(ram)
    tables, mapped = kernel_mappings(ram)
    for address in tables:
        give(ram, address, ram.page_bytes, "page tables", "of the kernel")
    rest = {ram.base + frame * ram.page_bytes for frame in range(ram.frames) if not ram.pages[frame]}
    pointers = find_pointers(ram, rest)
    areas = vmalloc_areas(ram)
    for address in sorted(rest):
        frame = ram.frame_of(address)
        if ram.is_tail(frame):
            ram.pages[frame] = ram.pages[frame - 1]
        elif frame + 1 < ram.frames and ram.is_tail(frame + 1):
            give(ram, address, ram.page_bytes, REST, BLOCK)
        else:
            name = name_of_area(ram, areas, mapped.get(address)) or name_of(ram, pointers[address])
            give(ram, address, ram.page_bytes, REST, name)


def mark_known(ram):
    """What is found by a pointer to its end, or has a second page that looks free."""
    size = ram.number("THREAD_SIZE")
    end = ram.word(ram.symbols["irq_stack_ptr"])
    give(ram, end - size, size, REST, "the stack of interrupts")
    if "amba_ports" in ram.symbols:
        state = ram.member(ram.word(ram.symbols["amba_ports"]), "uart_port.state")
        buffer = ram.member(state, "uart_state.port.xmit_buf")
        if not ram.owner_at(buffer):
            give(ram, buffer, ram.page_bytes, REST, "what is to be sent on the serial line")


def kernel_mappings(ram):
    """(second-level tables of the kernel in RAM that the allocator gave, {page: its address in vmalloc})"""
    tables, mapped = set(), {}
    directory = ram.symbols["swapper_pg_dir"]
    first = (ram.base + len(ram.ram)) >> MIB_SHIFT
    last = (ram.number("VMALLOC_END") & 0xffffffff) >> MIB_SHIFT
    for at in range(first, last):
        entry = ram.word(directory + at * 4)
        if entry & PRESENT != TABLE:
            continue
        table = virtual(ram, entry & TABLE_MASK)
        if not ram.owner_at(table):
            tables.add(table & ADDRESS_MASK)
        for number in range(SMALL_PAGES):
            small = ram.word(table + number * 4)
            if small & FINE:
                mapped[virtual(ram, small & ADDRESS_MASK)] = at << MIB_SHIFT | number << 12
    return tables, mapped


def virtual(ram, physical):
    return physical - ram.number("PHYS_OFFSET") + ram.base


def vmalloc_areas(ram):
    """[(address, bytes, caller)]: what looks like a struct vm_struct in the slabs is one."""
    end, last = ram.base + len(ram.ram), ram.number("VMALLOC_END") & 0xffffffff
    offset = ram.number("vm_struct.addr")
    areas = []
    for at, (value,) in enumerate(struct.iter_unpack("<I", ram.ram)):
        start = ram.base + at * 4 - offset
        if not end <= value < last or value % ram.page_bytes or not ram.cache_of(start):
            continue
        size, caller = ram.member(start, "vm_struct.size"), ram.member(start, "vm_struct.caller")
        if size % ram.page_bytes == 0 and 0 < size <= LARGEST_AREA and is_text(ram, caller):
            areas.append((value, size, caller))
    return areas


def is_text(ram, address):
    return ram.symbols["_stext"] <= address < ram.symbols["_etext"]


def name_of_area(ram, areas, address):
    for start, size, caller in areas:
        if address is not None and start <= address < start + size:
            return plain(ram.functions.at(caller & ~1)[0])
    return None


def find_pointers(ram, rest):
    """{address of a page: [addresses of words that point to it or to its struct page]}"""
    pointers = collections.defaultdict(list)
    struct_bytes = ram.number("PAGE_STRUCT_BYTES")
    structs = {ram.page_struct((address - ram.base) // ram.page_bytes): address for address in rest}
    table = range(ram.page_struct(0), ram.page_struct(0) + ram.frames * struct_bytes)
    for at, (value,) in enumerate(struct.iter_unpack("<I", ram.ram)):
        here = ram.base + at * 4
        if here not in table:
            page = structs.get(value, value & ADDRESS_MASK)
            if page in rest and here & ADDRESS_MASK != page:
                pointers[page].append((value != page and value not in structs, here))
    return pointers


def name_of(ram, pointers):
    """Exact pointers before those into the page; variables before objects."""
    names = [(inexact, place(ram, pointer)) for inexact, pointer in sorted(pointers)]
    for wanted in (True, False):
        for _, (is_variable, name) in names:
            if name and is_variable == wanted:
                return plain(name)
    return "?"


def place(ram, pointer):
    """(whether a variable, what is at an address)"""
    owner = ram.owner_at(pointer)
    if not owner or owner.owner == "free" or owner.owner == REST:
        return False, None
    if owner.owner == "static":
        name, distance = ram.variables.at(pointer)
        return True, "%s+%d" % (name, distance) if distance else name
    return False, ("%s %s" % owner).strip()
