#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Draws build/bench/summary.json: ram.svg, where the RAM is; flash.svg, what is in flash."""

import os
import sys
from xml.sax.saxutils import escape

import measure

WIDTH, MARGIN, ROW, LABEL_WIDTH, VALUE_WIDTH = 760, 24, 30, 230, 190
STYLE = "font-family='DejaVu Sans, Verdana, sans-serif'"
INK, PALE_INK, PAPER, TRACK = "#1f2933", "#52606d", "#ffffff", "#eef1f4"

# key, label, colour; in the order of the picture
RAM_PARTS = (
    ("split_static_kib", "kernel: data, page structs", "#1d4e89"),
    ("split_slab_kib", "kernel: slab", "#2f7fb8"),
    ("split_stacks_kib", "kernel: stacks", "#58a4d6"),
    ("split_page_tables_kib", "page tables", "#8bc4e8"),
    ("split_other_kib", "page directories, other", "#bcd9ea"),
    ("split_user_kib", "programs: data, stacks", "#d9822b"),
    ("split_cache_kib", "cache, can be reclaimed", "#9bb58a"),
    ("split_free_kib", "free", "#d9dee3"),
)

FLASH_PARTS = (
    ("monitor_bytes", "Security Monitor", "#7b4a9e"),
    ("dtb_bytes", "device trees", "#9f7fc0"),
    ("kernel_image_bytes", "kernel", "#1d4e89"),
    ("rootfs_bytes", "root filesystem", "#2f7fb8"),
    ("app_hello_bytes", "app hello", "#d9822b"),
    ("app_blink_bytes", "app blink", "#e5a563"),
)


def text(x, y, words, size=14, colour=INK, anchor="start"):
    return "<text x='%g' y='%g' font-size='%d' fill='%s' text-anchor='%s'>%s</text>" % (
        x, y, size, colour, anchor, escape(words))


def box(x, y, width, height, colour):
    return "<rect x='%.1f' y='%g' width='%.1f' height='%g' fill='%s'/>" % (
        x, y, width, height, colour)


def stacked_bar(parts, y, height):
    """All parts side by side, as wide as the picture."""
    total = sum(value for _, value, _ in parts)
    x, shapes = MARGIN, []
    for _, value, colour in parts:
        width = (WIDTH - 2 * MARGIN) * value / total
        shapes.append(box(x, y, width, height, colour))
        x += width
    return shapes


def row(part, y, largest, total, unit):
    """One part: its label, a bar, its value and share."""
    label, value, colour = part
    track = WIDTH - 2 * MARGIN - LABEL_WIDTH - VALUE_WIDTH
    left, base = MARGIN + LABEL_WIDTH, y + ROW - 11
    return [
        box(MARGIN, y + 7, 14, 14, colour),
        text(MARGIN + 24, base, label),
        box(left, y + 7, track, 14, TRACK),
        box(left, y + 7, max(1, track * value / largest), 14, colour),
        text(WIDTH - MARGIN - 52, base, "%s %s" % ("{:,}".format(value), unit), anchor="end"),
        text(WIDTH - MARGIN, base, "%.1f %%" % (100 * value / total), 12, PALE_INK, "end"),
    ]


def picture(title, subtitle, height, shapes):
    """The SVG of a picture: its title, a line below it, and @shapes."""
    return "\n".join([
        "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' viewBox='0 0 %d %d' %s>" %
        (WIDTH, height, WIDTH, height, STYLE),
        "<title>%s</title>" % escape(title),
        box(0, 0, WIDTH, height, PAPER),
        text(MARGIN, 36, title, 20),
        text(MARGIN, 58, subtitle, 13, PALE_INK),
    ] + shapes + ["</svg>"]) + "\n"


def draw(title, subtitle, parts, unit):
    """A picture of @parts: (label, value, colour)."""
    largest = max(value for _, value, _ in parts)
    total = sum(value for _, value, _ in parts)
    first_row = 124
    shapes = stacked_bar(parts, 74, 32)
    for number, part in enumerate(parts):
        shapes += row(part, first_row + ROW * number, largest, total, unit)
    return picture(title, subtitle, first_row + ROW * len(parts) + MARGIN, shapes)


def choose(summary, table):
    return [(label, summary[key], colour) for key, label, colour in table]


def ram_chart(summary):
    parts = choose(summary, RAM_PARTS)
    total = sum(value for _, value, _ in parts)
    return draw("Where the {:,} KiB of RAM are".format(total),
                "Apps hello, blink and probe running. All code is executed in flash: 0 KiB.",
                parts, "KiB")


def flash_chart(summary):
    parts = choose(summary, FLASH_PARTS)
    subtitle = "The operating system in one slot: {:,} bytes.".format(summary["os_flash_bytes"])
    return draw("What is in flash", subtitle, parts, "bytes")


CHARTS = (("ram.svg", ram_chart), ("flash.svg", flash_chart))


def write_all(summary):
    """Returns the paths of the pictures."""
    paths = []
    for name, make in CHARTS:
        paths.append(os.path.join(measure.BENCH, name))
        measure.write_whole(paths[-1], make(summary))
    return paths


def main():
    summary = measure.load_summary()
    if not summary:
        print("chart: %s is missing: run make bench" % measure.SUMMARY, file=sys.stderr)
        return 1
    print("\n".join(write_all(summary)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
