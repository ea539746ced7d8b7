#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Draws docs/littlefs-upstream.svg from the table in docs/littlefs-peers.md: ours as a part of upstream's."""

import os
import sys

import measure		# first: it says where the modules of the device tests are
from chart import INK, MARGIN, PALE_INK, TRACK, WIDTH, box, picture, text
from qemu import TOP

PAGE = os.path.join(TOP, "docs", "littlefs-peers.md")
CHART = os.path.join(TOP, "docs", "littlefs-upstream.svg")
LABEL_WIDTH, VALUE_WIDTH, ROW, FIRST_ROW = 250, 150, 24, 92
COLOUR, OTHER_COLOUR = "#1d4e89", "#d9822b"
OURS, UPSTREAM = 1, 2		# columns: blocks of 4 KiB


def rows():
    """[(label, ours, upstream's)] of the table's lines that have both."""
    found = []
    with open(PAGE, encoding="utf-8") as page:
        for line in page:
            cells = [cell.strip() for cell in line.strip("|\n ").split("|")]
            if len(cells) == 9 and cells[0].endswith(("_byte", "_bytes", "_erases")):
                found.append((cells[0], cells[OURS], cells[UPSTREAM]))
    return [(label, ours, upstream) for label, ours, upstream in found if upstream != "-"]


def draw_row(label, ours, upstream, y):
    track = WIDTH - 2 * MARGIN - LABEL_WIDTH - VALUE_WIDTH
    left, share = MARGIN + LABEL_WIDTH, float(ours) / float(upstream)
    return [
        text(MARGIN, y + 14, label.replace("_", " "), 13),
        box(left, y + 3, track, 14, TRACK),
        box(left, y + 3, max(1, track * min(share, 1)), 14, COLOUR if share <= 1 else OTHER_COLOUR),
        text(WIDTH - MARGIN, y + 14, "%s of %s" % (ours, upstream), 13, INK, "end"),
    ]


def draw():
    shapes, y = [], FIRST_ROW
    for row in rows():
        shapes += draw_row(*row, y)
        y += ROW
    shapes.append(text(MARGIN, 78, "Blocks of 4 KiB, read and programmed by 16 bytes. "
                       "A whole bar: upstream's library 2.11.2.", 13, PALE_INK))
    return picture("littlefs: bytes that the flash moves, ours beside upstream's",
                   "For each byte of a file, or for each operation.", y + MARGIN, shapes)


def main():
    measure.write_whole(CHART, draw())
    print(CHART)
    return 0


if __name__ == "__main__":
    sys.exit(main())
