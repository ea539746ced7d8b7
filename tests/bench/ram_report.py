# SPDX-License-Identifier: Apache-2.0
"""Prints whose each KiB of the running device's RAM is: "make ram".

The device is the product, with instructions counted, so that two runs do the same.
"""

import os
import sys
import tempfile

import measure
from images import make_flash
from qemu import Device

sys.path.append(os.path.join(measure.TESTS, "device"))
import ram		# pylint: disable=wrong-import-position

SLABS_SHOWN = 12


def print_table(head, rows):
    print("\n| KiB | %s |\n|---|---|" % head)
    for kib, what in rows:
        print("| %s | %s |" % (kib, what))


def slab_rows(slabs, page_kib):
    rows = sorted(slabs.items(), key=lambda row: -row[1][0])
    for cache, (pages, objects, size) in rows[:SLABS_SHOWN]:
        yield pages * page_kib, "%s: %d of %d bytes" % (cache, objects, size)
    yield (sum(pages for _, (pages, _, _) in rows[SLABS_SHOWN:]) * page_kib,
           "%d more caches" % len(rows[SLABS_SHOWN:]))


def main():
    with tempfile.TemporaryDirectory() as folder:
        with Device(make_flash(folder, bootargs=""), arguments=measure.COUNT_INSTRUCTIONS) as device:
            used = device.wait_for_report()["ram_used_kib"]
            memory = ram.look(device, folder)
    print("%d KiB used, as application-manager says" % used)
    print_table("whose", sorted(((kib, owner) for owner, kib in memory.totals().items()), reverse=True))
    in_use = sum(objects * size for _, objects, size in memory.slabs.values()) // 1024
    print_table("slab (%d KiB of it in use)" % in_use,
                slab_rows(memory.slabs, memory.page_bytes // 1024))
    print_table("each page of the rest", [(memory.page_bytes // 1024, page.detail or "?")
                                          for page in memory.pages if page.owner == "other"])
    threads = [memory.name(task) for task in memory.tasks if memory.is_thread_of_kernel(task)]
    print("\n%d threads of the kernel: %s" % (len(threads), ", ".join(threads)))


main()
