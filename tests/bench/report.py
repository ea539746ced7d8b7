#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""make report: RAM and flash, program by program, against tests/budgets.txt.

Ends with status 1 when a figure is over its budget.  What takes long to measure is taken from the
last "make bench".
"""

import glob
import os
import subprocess
import sys
import tempfile

import measure
from images import KERNEL, PRODUCT_APPS, app_image, flash_map, make_flash
from qemu import BUILD, Device
import budgets

SIZE = os.environ.get("CROSS", "arm-linux-gnueabihf-") + "size"
VMLINUX = os.path.join(BUILD, "kernel", "out", "vmlinux")

# name, file with symbols, file whose length is printed; in the order of the table
PROGRAMS = [
    ("appman", "appman/appman.debug", "appman/image-root/bin/appman"),
] + [
    (app, "apps/%s/%s.debug" % (app, app), app_image(app)) for app in PRODUCT_APPS
] + [
    (library, "sdk/lib/" + library, "sdk/lib/" + library)
    for library in sorted(map(os.path.basename, glob.glob(BUILD + "/sdk/lib/*.so")))
] + [
    ("monitor", "monitor/monitor.elf", "monitor/monitor.bin"),
]

# title, sections that begin with one of these; a section belongs to the first line that fits
KERNEL_PARTS = (
    ("in RAM: .init.data, freed after boot", (".init.data",)),
    ("in RAM: .data", (".data",)),
    ("in RAM: .bss", (".bss",)),
    ("in flash: init code and tables", (".init.",)),
    ("in flash: read-only data", (".rodata", "__", ".notes")),
    ("in flash: code", (".head.text", ".text", ".vectors", ".stubs")),
)

# Keys that are measured here: one boot each for RAM, files for the rest.
RAM_KEYS = (("ram_used_kib", "4M"), ("ram_used_2m_kib", "2M"))
RAM_PARTS = ("used", "cache", "free", "total")


def heading(title):
    print("\n" + title)


def print_table(columns, rows):
    """Rows of a name and numbers; columns: their titles."""
    print("  %-36s" % columns[0] + "".join("%14s" % title for title in columns[1:]))
    for row in rows:
        print("  %-36s" % row[0] + "".join("%14s" % "{:,}".format(cell) for cell in row[1:]))


def size_output(*arguments):
    return subprocess.run((SIZE,) + arguments, stdout=subprocess.PIPE, universal_newlines=True,
                          check=True).stdout.splitlines()


def program_rows():
    for name, program, image in PROGRAMS:
        line = size_output(os.path.join(BUILD, program))[1]
        sizes = [int(word) for word in line.split()[:3]]
        yield [name] + sizes + [os.path.getsize(os.path.join(BUILD, image))]


def kernel_sections():
    """{section: bytes} of what is loaded."""
    sections = {}
    for line in size_output("-A", VMLINUX):
        words = line.split()
        if len(words) == 3 and words[1].isdigit() and int(words[2]):
            sections[words[0]] = int(words[1])
    return sections


def kernel_rows():
    left = kernel_sections()
    for title, prefixes in KERNEL_PARTS:
        chosen = [name for name in left if name.startswith(prefixes)]
        yield [title, sum(left.pop(name) for name in chosen)]
    if left:
        yield ["other: " + " ".join(sorted(left)), sum(left.values())]


def aligned(size, step):
    return -(-size // step) * step


def flash_rows(sizes):
    """What each area of the flash map holds; images in one area begin on pages."""
    stride = flash_map("SLOT_DTB_STRIDE")
    trees = len(measure.device_trees(None, ""))
    areas = (
        ("device trees", trees * stride, "SLOT_DTB_BYTES"),
        ("kernel", sizes["kernel_image_bytes"], "SLOT_KERNEL_BYTES"),
        ("system images", sum(aligned(os.path.getsize(path), 4096)
                              for path in measure.SYSTEM_IMAGES), "SLOT_SYSTEM_BYTES"),
        ("apps", sum(aligned(os.path.getsize(app_image(app)), 4096)
                     for app in PRODUCT_APPS), "FLASH_APPS_BYTES"),
    )
    for name, used, area in areas:
        room = flash_map(area)
        yield [name, used, room, room - used]


def boot_both():
    """Boots with each size of RAM; returns rows for a table and figures of the budgets."""
    rows, figures = [], {}
    with tempfile.TemporaryDirectory(prefix="spherule-report-") as folder:
        flash = make_flash(folder)
        for key, ram in RAM_KEYS:
            with Device(flash, ram=ram) as device:
                report = device.wait_for_report()
            figures[key] = report["ram_used_kib"]
            rows.append([ram + "iB"] + [report["ram_%s_kib" % part] for part in RAM_PARTS])
    return rows, figures


def summary_is_old():
    """Something that runs on the device was built after the last bench."""
    if not os.path.exists(measure.SUMMARY):
        return False
    parts = (KERNEL, measure.MONITOR) + measure.SYSTEM_IMAGES
    return os.path.getmtime(measure.SUMMARY) < max(map(os.path.getmtime, parts))


def verdict(value, budget):
    if value is None:
        return "run make bench"
    return "ok" if value <= budget else "OVER"


def print_budgets(measured):
    """Every figure of the budgets; returns whether one is over."""
    bench, stale = measure.load_summary(), summary_is_old()
    over = False
    print("  %-36s%14s%14s" % ("figure", "value", "budget"))
    for key, budget in budgets.load().items():
        value = measured.get(key, bench.get(key))
        word = verdict(value, budget)
        over = over or word == "OVER"
        if stale and key not in measured and value is not None:
            word += ", of an older build: run make bench"
        print("  %-36s%14s%14s  %s" % (key, "-" if value is None else "{:,}".format(value),
                                       "{:,}".format(budget), word))
    return over


def main():
    sizes = measure.flash_bytes()
    heading("Programs, bytes (data and bss are RAM, text is executed in flash)")
    print_table(("program", "text", "data", "bss", "in flash"), program_rows())
    heading("Kernel by section, bytes")
    print_table(("part", "size"), kernel_rows())
    heading("Flash by area, bytes")
    print_table(("area", "used", "room", "free"), flash_rows(sizes))
    heading("RAM after boot, KiB (free includes cache)")
    ram_rows, figures = boot_both()
    print_table(("machine",) + RAM_PARTS, ram_rows)
    heading("Budgets (tests/budgets.txt; docs/bench.md says what each means)")
    figures.update(sizes)
    figures.update(measure.kernel_delta())
    return 1 if print_budgets(figures) else 0


if __name__ == "__main__":
    sys.exit(main())
