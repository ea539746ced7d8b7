# SPDX-License-Identifier: Apache-2.0
"""Whose each page of a stopped device's RAM is, from outside, in its saved RAM.

Each page frame has a struct page, which says whether it is free, a slab, a page table or memory of
a program. Stacks are found by the tasks; what then is left by whoever points to
it (ram_rest.py). The device may be the product to the byte. What is free is counted twice, by the
frames and by the allocator, and the two must agree.
"""

import bisect
import collections
import os
import re
import struct

import ram_rest
from images import KERNEL
from kernel_memory import CROSS, Damaged, Memory, layout, output, saved_ram
from qemu import BUILD

OFFSETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden", "ram_offsets.c")
COMMAND_OF = "mm/slab_common.o"
SYMBOL = re.compile(r"^([0-9a-f]+)(?: ([0-9a-f]+))? ([a-zA-Z]) (\S+)$", re.M)
DATA, TEXT = "bBdDrR", "tTwW"
NO_TYPE = -1
LONGEST_LIST = 1024

Page = collections.namedtuple("Page", "owner detail")


def all_symbols(out):
    """[(address, bytes, kind, name)] of the kernel's variables and functions, in order."""
    text = output(CROSS + "nm", "-n", "-S", os.path.join(out, "vmlinux"), out=out).decode()
    return [(int(address, 16), int(size or "0", 16), kind, name)
            for address, size, kind, name in SYMBOL.findall(text)]


class Names:
    """What an address of the kernel is called."""

    def __init__(self, symbols, kinds):
        self.rows = [(address, name) for address, _, kind, name in symbols if kind in kinds]
        self._addresses = [address for address, _ in self.rows]

    def at(self, address):
        """The name of the last one that begins there or before, and how far before."""
        at = bisect.bisect(self._addresses, address) - 1
        return (self.rows[at][1], address - self.rows[at][0]) if at >= 0 else ("?", 0)


class Ram(Memory):
    """@pages: a Page for each frame; @slabs: {cache: [pages, objects, bytes of each]}."""

    def __init__(self, ram, kernel=KERNEL):
        self.out = os.path.join(BUILD, "kernel", "out" + kernel[len(KERNEL):])
        self.layout = layout(self.out, OFFSETS, COMMAND_OF)
        self.base, self.page_bytes = self.number("PAGE_OFFSET") & 0xffffffff, self.number("PAGE_SIZE")
        self.all_symbols = all_symbols(self.out)
        self.variables, self.functions = (Names(self.all_symbols, kinds) for kinds in (DATA, TEXT))
        self.symbols = {name: address for address, _, _, name in self.all_symbols}
        self.ram = ram
        with open(kernel, "rb") as file:
            self.flash = file.read()
        self.parts = ((self.base, self.ram), (self.symbols["_text"], self.flash))
        self.frames = len(ram) // self.page_bytes
        self.pages = [None] * self.frames
        self.slabs = {}
        self.tasks = list(self.all_tasks())
        self.mark()

    def number(self, name):
        return self.layout[name][0]

    def string(self, address, room=32):
        return bytes(self.read(address, room)).split(b"\0")[0].decode("ascii", "replace")

    def listed(self, head, node):
        entry = self.word(head)
        for _ in range(LONGEST_LIST):
            if entry == head:
                return
            yield entry - self.number(node)
            entry = self.word(entry)
        raise Damaged("the list at 0x%08x has no end" % head)

    def all_tasks(self):
        init = self.symbols["init_task"]
        leaders = [init] + list(self.listed(init + self.number("task_struct.tasks"), "task_struct.tasks"))
        for leader in leaders:
            signal = self.member(leader, "task_struct.signal")
            yield from self.listed(signal + self.number("signal_struct.thread_head"),
                                   "task_struct.thread_node")

    def is_thread_of_kernel(self, task):
        return bool(self.member(task, "task_struct.flags") & self.number("PF_KTHREAD"))

    def name(self, task):
        return self.string(task + self.number("task_struct.comm"), 16)

    # Which frame is whose.

    def give(self, address, size, owner, detail):
        first = self.frame_of(address)
        for frame in range(first, first + -(-size // self.page_bytes)):
            if 0 <= frame < self.frames:
                self.pages[frame] = Page(owner, detail)

    def page_struct(self, frame):
        return self.word(self.symbols["mem_map"]) + frame * self.number("PAGE_STRUCT_BYTES")

    def page_type(self, page):
        kind = self.member(page, "page.page_type")
        return NO_TYPE if kind >> 28 != 0xf or kind == 0xffffffff else kind >> 24

    def mark(self):
        for frame in range(self.frames):
            if not self.pages[frame]:
                self.mark_frame(frame)
        for task in self.tasks:
            self.mark_task(task)
        ram_rest.mark(self)

    def check_free(self):
        """Free frames outside the allocator's blocks are those of the processor's own list, or one was
        taken for free.  Not of a device under load: some are on their way there."""
        zone = self.symbols["contig_page_data"]
        listed = self.member(self.member(zone, "zone.per_cpu_pageset"), "per_cpu_pages.count")
        found = sum(page == Page("free", "listed") for page in self.pages)
        if found != listed:
            raise Damaged("%d free pages on the processor's list, %d found" % (listed, found))

    def mark_frame(self, frame):
        page = self.page_struct(frame)
        kind = self.page_type(page)
        if self.member(page, "page.flags") >> self.number("PG_reserved") & 1:
            self.pages[frame] = Page("static", "")
        elif kind == self.number("PGTY_buddy"):
            self.give(self.base + frame * self.page_bytes,
                      self.page_bytes << self.member(page, "page.private"), "free", "")
        elif kind == self.number("PGTY_slab"):
            self.mark_slab(frame, page)
        elif kind == self.number("PGTY_table"):
            self.pages[frame] = Page("page tables", "")
        elif self.is_tail(frame):
            # Of nobody yet when the first page of the block is.
            self.pages[frame] = self.pages[frame - 1]
            if self.pages[frame] and self.pages[frame].owner == "slab":
                self.slabs[self.pages[frame].detail][0] += 1
        elif self.member(page, "page._refcount") == 0:
            self.pages[frame] = Page("free", "listed")
        elif self.member(page, "page.mapping") & self.number("PAGE_MAPPING_ANON"):
            self.pages[frame] = Page("programs", "")
        elif self.member(page, "page.mapping") >= self.base:
            self.pages[frame] = Page("files", "")

    def is_tail(self, frame):
        return bool(self.member(self.page_struct(frame), "page.compound_head") & 1)

    def mark_slab(self, frame, page):
        cache = self.member(page, "slab.slab_cache")
        name = self.string(self.member(cache, "kmem_cache.name"))
        self.pages[frame] = Page("slab", name)
        row = self.slabs.setdefault(name, [0, 0, 0])
        row[0] += 1
        row[1] += self.member(page, "slab.counters") & 0xffff
        row[2] = self.member(cache, "kmem_cache.size")

    def mark_task(self, task):
        kind = "threads of the kernel" if self.is_thread_of_kernel(task) else "processes"
        self.give(self.member(task, "task_struct.stack"), self.number("THREAD_SIZE"),
                  "stacks of " + kind, self.name(task))

    def frame_of(self, address):
        return (address - self.base) // self.page_bytes

    def owner_at(self, address):
        """The Page of an address of RAM, or None elsewhere."""
        frame = self.frame_of(address)
        return self.pages[frame] if 0 <= frame < self.frames else None

    def cache_of(self, address):
        """The slab cache of an object, or None."""
        owner = self.owner_at(address)
        return owner.detail if owner and owner.owner == "slab" else None

    def used_kib(self):
        """As application-manager counts: all but free pages and page cache."""
        totals = self.totals()
        return sum(totals.values()) - totals.get("free", 0) - totals.get("files", 0)

    def threads_of_kernel(self):
        return [self.name(task) for task in self.tasks if self.is_thread_of_kernel(task)]

    def count(self, owner):
        """Pages."""
        return sum(page.owner == owner for page in self.pages)

    def count_of(self, detail):
        """Pages."""
        return sum(page.detail == detail for page in self.pages)

    def totals(self):
        count = collections.Counter(page.owner for page in self.pages)
        return {owner: pages * self.page_bytes // 1024 for owner, pages in count.items()}


def look(device, folder, kernel=KERNEL):
    """Stops the device, which has little to do, reads its RAM, and lets it go on."""
    ram = Ram(saved_ram(device, folder), kernel)
    ram.check_free()
    return ram
