# SPDX-License-Identifier: Apache-2.0
"""The picture of "make peers": RAM and flash of the same programs on each filesystem."""

from chart import (INK, LABEL_WIDTH, MARGIN, PALE_INK, TRACK, VALUE_WIDTH, WIDTH, box, picture,
                   text)

ROW, BAR, FIRST_ROW = 46, 13, 116
TRACK_WIDTH = WIDTH - 2 * MARGIN - LABEL_WIDTH - VALUE_WIDTH

# key, label, colour; in the order of the bar
RAM_PARTS = (
    ("used_kib", "RAM used", "#d9822b"),
    ("cache_kib", "page cache, can be reclaimed", "#9bb58a"),
    ("drivers_kib", "drivers, before the mount", "#8bc4e8"),
)
FLASH_COLOUR = "#7b4a9e"
SUBTITLE = ("Each with the settings that take the least RAM; upstream's cramfs-XIP without its "
            "decompressor.")


def legend():
    shapes, x = [], MARGIN
    for _, label, colour in RAM_PARTS + ((None, "flash", FLASH_COLOUR),):
        shapes += [box(x, 76, 14, 14, colour), text(x + 22, 88, label, 13, PALE_INK)]
        x += 58 + 7 * len(label)
    return shapes


def bar(y, parts, largest, value):
    """Parts side by side on a track, and what they are together."""
    left = x = MARGIN + LABEL_WIDTH
    shapes = [box(left, y, TRACK_WIDTH, BAR, TRACK)]
    for number, colour in parts:
        width = TRACK_WIDTH * number / largest
        shapes.append(box(x, y, width, BAR, colour))
        x += width
    return shapes + [text(WIDTH - MARGIN, y + BAR - 2, value, 13, INK, "end")]


def row(label, figures, y, largest_kib, largest_bytes):
    ram = [(figures[key], colour) for key, _, colour in RAM_PARTS]
    flash = figures["flash_bytes"]
    drivers = " + %d" % figures["drivers_kib"] if figures["drivers_kib"] else ""
    running = figures["used_kib"] + figures["cache_kib"]
    return ([text(MARGIN, y + 20, label)] +
            bar(y, ram, largest_kib, "%d%s KiB of RAM" % (running, drivers)) +
            bar(y + BAR + 3, [(flash, FLASH_COLOUR)], largest_bytes,
                "%d KiB of flash" % round(flash / 1024)))


def draw(rows):
    """An SVG of @rows: (label, figures), as peers.figures() returns them."""
    title = "Three programs, one kernel: what they take on each filesystem"
    largest_kib = max(sum(figures[key] for key, _, _ in RAM_PARTS) for _, figures in rows)
    largest_bytes = max(figures["flash_bytes"] for _, figures in rows)
    shapes = legend()
    for number, (label, figures) in enumerate(rows):
        shapes += row(label, figures, FIRST_ROW + ROW * number, largest_kib, largest_bytes)
    return picture(title, SUBTITLE, FIRST_ROW + ROW * len(rows) + MARGIN, shapes)
