# SPDX-License-Identifier: Apache-2.0
"""What the kernel of a stopped device has allocated: its slabs, counted from outside in its saved RAM.

Each page frame of RAM has a struct page, which says whether the frame is a slab, of which cache, and
how many objects of it are in use.  With CONFIG_SLUB_TINY no processor keeps objects for itself, so
that the numbers are exact.  The device may be the product to the byte.
"""

import collections
import os
import time

from images import KERNEL
from kernel_memory import Memory, layout, saved_ram, symbols
from qemu import BUILD

OFFSETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden", "slab_offsets.c")
COMMAND_OF = "mm/slab_common.o"
SETTLE_S = 0.5			# grace periods of RCU, after which memory is free
LOOKS = 60


class Slabs(Memory):
    """{cache: (objects in use, bytes of each)} of one kernel's RAM."""

    def __init__(self, ram, kernel=KERNEL):
        out = os.path.join(BUILD, "kernel", "out" + kernel[len(KERNEL):])
        self.layout = layout(out, OFFSETS, COMMAND_OF)
        self.base, self.symbols = self.layout["PAGE_OFFSET"][0] & 0xffffffff, symbols(out)
        with open(kernel, "rb") as file:
            self.parts = ((self.base, ram), (self.symbols["_text"], file.read()))
        self.caches = collections.defaultdict(int)
        self.sizes = {}
        self.count(len(ram) // self.layout["PAGE_SIZE"][0])

    def count(self, frames):
        mem_map, bytes_of_page = self.word(self.symbols["mem_map"]), self.layout["PAGE_STRUCT_BYTES"][0]
        for page in range(mem_map, mem_map + frames * bytes_of_page, bytes_of_page):
            if self.member(page, "slab.__page_type") >> 24 != self.layout["PGTY_slab"][0]:
                continue
            cache = self.member(page, "slab.slab_cache")
            name = self.text(self.member(cache, "kmem_cache.name"))
            self.caches[name] += self.member(page, "slab.counters") & 0xffff
            self.sizes[name] = self.member(cache, "kmem_cache.size")

    def text(self, address):
        return bytes(self.read(address, 32)).split(b"\0")[0].decode()

    def since(self, before):
        """{cache: objects more than in @before}, without those that are as many."""
        names = set(self.caches) | set(before.caches)
        more = {name: self.caches.get(name, 0) - before.caches.get(name, 0) for name in names}
        return {name: count for name, count in sorted(more.items()) if count}

    def bytes_since(self, before, names=None):
        """How many bytes more than in @before, in these caches or in all."""
        return sum(count * self.sizes.get(name, before.sizes.get(name))
                   for name, count in self.since(before).items() if not names or name in names)


def look(device, folder, kernel=KERNEL):
    """Stops the device, reads its RAM, and lets it go on."""
    return Slabs(saved_ram(device, folder), kernel)


def look_settled(device, folder, kernel=KERNEL):
    """The same when nothing is on its way to be freed any more: two looks in a row are equal."""
    before = look(device, folder, kernel)
    for _ in range(LOOKS):
        time.sleep(SETTLE_S)
        after = look(device, folder, kernel)
        if not after.since(before):
            return after
        before = after
    return device.fail("the device does not come to rest: %s" % after.since(before))
