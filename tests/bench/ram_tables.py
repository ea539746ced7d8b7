# SPDX-License-Identifier: Apache-2.0
"""The tables of docs/ram.md: whose each KiB of a running device's RAM is, as Markdown.

In the page a table stands between two marks, and only what is between them is written.
"""

import collections
import os
import re

import measure		# first: it says where the modules of the device tests are
import ram_processes
import ram_static
from qemu import TOP

PAGE = os.path.join(TOP, "docs", "ram.md")
BLOCK = re.compile(r"(?<=<!-- make ram: )(\w+)( -->\n)(.*?)(?=<!-- end -->)", re.S)
KIB = 1024

# Owner of ram.py: label, colour of the picture; in the order of both.
OWNERS = collections.OrderedDict((
    ("static", ("the kernel's static data", "#1d4e89")),
    ("slab", ("slab: the kernel's objects", "#2f7fb8")),
    ("stacks of threads of the kernel", ("stacks of the kernel's threads", "#58a4d6")),
    ("other", ("the kernel's other pages", "#8bc4e8")),
    ("programs", ("data and stacks of programs", "#d9822b")),
    ("stacks of processes", ("kernel stacks of processes", "#e5a563")),
    ("page tables", ("page tables", "#efc08f")),
    ("files", ("page cache", "#9bb58a")),
))
# Of a process, in the order of the table; the rest is in slabs.
PAGES = ("kernel stack", "page tables", "data", "heap", "stack", "libraries")


def number(value):
    return "{:,}".format(value) if isinstance(value, int) else "%.1f" % value


def table(head, rows, alignment="--:|" + "---|" * 4):
    """@alignment: of the columns, as Markdown says it, and more than there are."""
    marks = alignment.split("|")[:len(head)]
    lines = ["| %s |" % " | ".join(head), "|%s|" % "|".join(marks)]
    lines += ["| %s |" % " | ".join(cell if isinstance(cell, str) else number(cell) for cell in row)
              for row in rows]
    return "\n".join(lines) + "\n"


def kib(size):
    return round(size / KIB, 1)


def whose(memory):
    totals = memory.totals()
    unknown = set(totals) - set(OWNERS) - {"free"}
    assert not unknown, unknown
    rows = [(totals[owner], label) for owner, (label, _) in OWNERS.items() if totals.get(owner)]
    rows += [("**%s**" % number(memory.used_kib()), "**used**"), (totals["free"], "free"),
             (sum(totals.values()), "all")]
    return table(("KiB", "whose"), rows)


def static(memory):
    rows = [(kib(part.bytes), part.what) for part in ram_static.parts(memory)]
    return table(("KiB", "static data"), rows)


def variables(memory):
    rows = [(part.bytes, part.what) for part in ram_static.variables(memory)]
    return table(("bytes", "variable"), rows)


def slab(memory):
    rows = sorted(memory.slabs.items(), key=lambda row: (-row[1][0], row[0]))
    rows = [(pages * memory.page_bytes // KIB, "`%s`" % cache, number(objects), number(size),
             "%d %%" % (100 * objects * size // (pages * memory.page_bytes)))
            for cache, (pages, objects, size) in rows]
    return table(("KiB", "cache", "objects", "bytes of each", "in use"), rows,
                 "--:|---|--:|--:|--:|")


def rest(memory):
    count = collections.Counter(page.detail for page in memory.pages if page.owner == "other")
    count["page table of the kernel's mappings"] = memory.count_of("of the kernel")
    rows = [(pages * memory.page_bytes // KIB, what) for what, pages in sorted(
        count.items(), key=lambda row: (-row[1], row[0])) if pages]
    return table(("KiB", "what"), rows)


def threads(memory):
    size = memory.number("THREAD_SIZE") // KIB
    return table(("KiB", "thread of the kernel"), [(size, "`%s`" % name)
                                                   for name in memory.threads_of_kernel()])


def columns(process):
    """{part of the table: bytes} of one process."""
    found = {name: size for name, size in process.rows if name in PAGES}
    found["objects in slabs"] = sum(size for name, size in process.rows if name not in PAGES)
    found["**all**"] = ram_processes.total_bytes(process)
    return found


def by_process(processes):
    parts = PAGES + ("objects in slabs", "**all**")
    cells = [columns(process) for process in processes]
    rows = [[part] + [number(kib(cell[part])) if cell.get(part) else "" for cell in cells]
            for part in parts]
    head = ["KiB"] + [process.name for process in processes]
    return table(head, rows, "---|" + "--:|" * len(processes))


def objects(process):
    rows = [(size, name) for name, size in process.rows if name not in PAGES]
    return table(("bytes", "object of `%s`" % process.name), rows)


def tables(memory, dynamic):
    """{name: Markdown}; @memory: of the product, @dynamic: the dynamic process of another device."""
    processes = ram_processes.processes(memory)
    made = {make.__name__: make(memory) for make in (whose, static, variables, slab, rest, threads)}
    made["processes"] = by_process(processes + [dynamic])
    made["objects"] = objects(processes[1])
    return made


def read():
    """{name: what is in the page now}"""
    with open(PAGE, encoding="utf-8") as file:
        return {name: text for name, _, text in BLOCK.findall(file.read())}


def write(made):
    """Puts each table into its place; a table without a place, or the other way round, is an error."""
    if set(made) != set(read()):
        raise RuntimeError("%s has places for %s, there are %s" % (PAGE, sorted(read()), sorted(made)))
    with open(PAGE, encoding="utf-8") as file:
        text = file.read()
    measure.write_whole(PAGE, BLOCK.sub(lambda found: found[1] + found[2] + made[found[1]], text))
