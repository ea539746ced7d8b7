# SPDX-License-Identifier: Apache-2.0
"""Says whose each KiB of the running device's RAM is: "make ram".  Prints the tables, writes them into
docs/ram.md and draws docs/ram.svg.

The device is the product, with instructions counted, so that two runs do the same.
"""

import os
import tempfile

import measure		# first: it says where the modules of the device tests are
import chart
import ram
import ram_processes
import ram_tables
from images import make_flash
from qemu import TOP, Device

CHART = os.path.join(TOP, "docs", "ram.svg")


def look(*apps):
    """The memory of a device half a second after its apps have started, and what it says itself."""
    with tempfile.TemporaryDirectory() as folder:
        flash = make_flash(folder, *([apps] if apps else []), bootargs="")
        with Device(flash, arguments=measure.COUNT_INSTRUCTIONS) as device:
            report = device.wait_for_report()
            return ram.look(device, folder), report["ram_used_kib"]


def dynamic_process():
    memory, _ = look("dynamic")
    return next(process for process in ram_processes.processes(memory) if process.name == "dynamic")


def draw(memory):
    totals = memory.totals()
    parts = [(label, totals[owner], colour) for owner, (label, colour) in ram_tables.OWNERS.items()
             if totals.get(owner)]
    return chart.draw("Where the {:,} KiB of RAM in use are".format(memory.used_kib()),
                      "Of {:,} KiB; application-manager and two apps. Code is executed in flash: 0 KiB."
                      .format(sum(totals.values())), parts, "KiB")


def main():
    memory, used = look()
    made = ram_tables.tables(memory, dynamic_process())
    print("%d KiB used, as application-manager says a moment before" % used)
    for text in made.values():
        print("\n" + text, end="")
    ram_tables.write(made)
    measure.write_whole(CHART, draw(memory))
    print("\n%s\n%s" % (ram_tables.PAGE, CHART))


if __name__ == "__main__":
    main()
