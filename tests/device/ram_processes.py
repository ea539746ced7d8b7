# SPDX-License-Identifier: Apache-2.0
"""What each process of a stopped device has of RAM: its page tables say which pages, its task which objects.

@ram is a ram.Ram.  What two processes share is in no process.
"""

import collections

import ram_rest

# @rows: [(what, bytes)], whole pages and then the objects in slabs.
Process = collections.namedtuple("Process", "name pid rows")

STACK_ROOM = 1 << 20		# a page nearer to the start of the stack than this belongs to it
# The parts of a task that are objects of their own (include/linux/sched.h).
PARTS = (("signal", "signals of the process"), ("sighand", "signal handlers"), ("mm", "address space"),
         ("files", "table of files"), ("fs", "root and working folder"), ("nsproxy", "namespaces"),
         ("cred", "credentials"), ("thread_pid", "number"), ("cgroups", "set of cgroups"))
# lib/maple_tree.c: what an entry that is a node has in its low bits.
NODE, NODE_TYPE_SHIFT, NODE_TYPE_MASK, LEAF = 2, 3, 15, 1
NODE_MASK = 0xffffff00
SMALLEST_NODE = 4096
LINUX_TABLE_BEFORE = "PTE_HWTABLE_OFF"	# the kernel's own flags stand before the processor's table


def processes(ram):
    """[Process], in the order of their tasks."""
    tasks = [task for task in ram.tasks if not ram.is_thread_of_kernel(task)]
    return [Process(ram.name(task), ram.member(task, "task_struct.pid"),
                    page_rows(ram, task) + object_rows(ram, task)) for task in tasks]


def total_bytes(process):
    return sum(size for _, size in process.rows)


def page_rows(ram, task):
    mm = ram.member(task, "task_struct.mm")
    tables, pages = walk(ram, mm)
    rows = [("kernel stack", ram.number("THREAD_SIZE")), ("page tables", len(tables) * ram.page_bytes)]
    count = collections.Counter(region(ram, mm, address) for address in pages)
    return rows + [(name, count[name] * ram.page_bytes)
                   for name in ("data", "heap", "stack", "libraries") if count[name]]


def walk(ram, mm):
    """({pages with page tables}, [addresses at which a page of its own is mapped])"""
    directory = ram.member(mm, "mm_struct.pgd")
    tables, pages = set(), []
    for at in range(ram.number("PGD_ENTRIES")):
        entry = ram.word(directory + at * 4)
        if entry & ram_rest.PRESENT != ram_rest.TABLE:
            continue
        table = ram_rest.virtual(ram, entry & ram_rest.TABLE_MASK) - ram.number(LINUX_TABLE_BEFORE)
        tables.add(table & ram_rest.ADDRESS_MASK)
        for number in range(ram_rest.SMALL_PAGES):
            small = ram.word(table + number * 4)
            if small & ram.number("L_PTE_PRESENT") and is_own(ram, small):
                pages.append(at << ram_rest.MIB_SHIFT | number << 12)
    return tables, pages


def is_own(ram, entry):
    """What is in flash, the page of zeros and what is shared by all is nobody's own."""
    owner = ram.owner_at(ram_rest.virtual(ram, entry & ram_rest.ADDRESS_MASK))
    return bool(owner and owner.owner == "programs")


def region(ram, mm, address):
    start, end = (ram.member(mm, "mm_struct." + name) for name in ("start_data", "end_data"))
    heap, heap_end = (ram.member(mm, "mm_struct." + name) for name in ("start_brk", "brk"))
    if address >= ram.member(mm, "mm_struct.start_stack") - STACK_ROOM:
        return "stack"
    if heap <= address < heap_end:
        return "heap"
    # Zeros behind the data end below the heap, in the last page at the latest.
    if start & ram_rest.ADDRESS_MASK <= address <= max(end, min(heap, end + STACK_ROOM)):
        return "data"
    return "libraries"


def object_rows(ram, task):
    """By what they are; an object that another task points to as well is left out."""
    mm = ram.member(task, "task_struct.mm")
    own = [("task", task)] + [(what, ram.member(task, "task_struct." + part)) for part, what in PARTS
                              if not is_shared(ram, task, part)]
    own.append(("page directory", ram.member(mm, "mm_struct.pgd")))
    rows = [(what, object_bytes(ram, address)) for what, address in own if ram.cache_of(address)]
    for what, each, objects in (
            ("tree of mappings", None, maple_nodes(ram, mm)),
            ("mappings", ram.number("VM_AREA_BYTES"), range(ram.member(mm, "mm_struct.map_count"))),
            ("open files", None, open_files(ram, task))):
        if objects:
            size = sum(each or object_bytes(ram, address) for address in objects)
            rows.append(("%d %s" % (len(objects), what) if len(objects) > 1 else what, size))
    return sorted(rows, key=lambda row: -row[1])


def object_bytes(ram, address):
    """With what its cache adds; caches of one size share a name."""
    return ram.slabs[ram.cache_of(address)][2]


def is_shared(ram, task, part):
    here = ram.member(task, "task_struct." + part)
    return any(other != task and ram.member(other, "task_struct." + part) == here for other in ram.tasks)


def maple_nodes(ram, mm):
    """Of the tree of mappings, which has one node, or one above some."""
    root = ram.member(mm, "mm_struct.mm_mt.ma_root")
    if not is_node(root):
        return set()
    nodes = {root & NODE_MASK}
    if root >> NODE_TYPE_SHIFT & NODE_TYPE_MASK > LEAF:
        cache = ram.cache_of(root & NODE_MASK)
        nodes |= {word & NODE_MASK for word in words(ram, root & NODE_MASK)
                  if is_node(word) and ram.cache_of(word & NODE_MASK) == cache}
    return nodes


def is_node(entry):
    return entry & 3 == NODE and entry > SMALLEST_NODE


def words(ram, address):
    return [ram.word(address + at) for at in range(0, object_bytes(ram, address), 4)]


def open_files(ram, task):
    """Files that no other process has open."""
    mine = table_of_files(ram, task)
    others = {file for other in ram.tasks if other != task for file in table_of_files(ram, other)}
    return mine - others


def table_of_files(ram, task):
    files = ram.member(task, "task_struct.files")
    if not files:
        return set()
    table = ram.member(files, "files_struct.fdt")
    first = ram.member(table, "fdtable.fd")
    return {ram.word(first + at * 4) for at in range(ram.member(table, "fdtable.max_fds"))} - {0}
