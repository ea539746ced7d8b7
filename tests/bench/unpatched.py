#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the kernel's patches are worth in RAM: pid 1 and two processes, on our kernel and on one of upstream's
sources with the same configuration (kernel/config/unpatched.config), started by the same monitor with
the same boot arguments.

Upstream's kernel knows no monitor that tells of the flash, so that its device tree has it as memory that is
only read.  No application-manager: it needs what only our kernel has.
"""

import sys
import tempfile

import measure as figures		# first: it says where the modules of the device tests are
from images import KERNEL, flash_map, run
from warden import make_toll_flash

UNPATCHED_KERNEL = KERNEL + "-unpatched"
PROCESSES = "processes 2"
PAGE_KIB = 4


def add_flash(tree):
    """The system images of slot A, by Documentation/devicetree/bindings/mtd/mtd-physmap.yaml."""
    base = flash_map("FLASH_BASE") + flash_map("FLASH_SLOT_A") + flash_map("SLOT_SYSTEM")
    node = "/rom@%x" % base
    run("fdtput", "-c", tree, node)
    for name, kind, values in (("compatible", "s", ("mtd-rom",)), ("linux,mtd-name", "s", ("system",)),
                               ("reg", "x", ("%x" % base, "%x" % flash_map("SLOT_SYSTEM_BYTES"))),
                               ("bank-width", "x", ("4",))):
        run("fdtput", "-t", kind, tree, node, name, *values)


def used_kib(folder, kernel, **options):
    with tempfile.TemporaryDirectory(dir=folder) as place:
        flash = make_toll_flash(place, kernel, PROCESSES, **options)
        return PAGE_KIB * figures.pages_used_by_processes(flash)


def measure(folder):
    return {"ram_used_unpatched_kib": used_kib(folder, UNPATCHED_KERNEL, edit_tree=add_flash),
            "ram_used_patched_kib": used_kib(folder, KERNEL)}


def main():
    with tempfile.TemporaryDirectory() as folder:
        for key, value in measure(folder).items():
            print("%-24s %6d" % (key, value))
    return 0


if __name__ == "__main__":
    sys.exit(main())
