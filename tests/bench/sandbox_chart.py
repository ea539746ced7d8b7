# SPDX-License-Identifier: Apache-2.0
"""The picture of "make sandbox-peers": RAM and instructions of one more app in each sandbox."""

from chart import MARGIN, PALE_INK, box, picture, text
from peer_chart import BAR, FIRST_ROW, ROW, bar

RAM_COLOUR, START_COLOUR = "#d9822b", "#1d4e89"
SUBTITLE = "A sleeping static program on one kernel; the program and all sandboxes are executed in flash."


def legend():
    shapes, x = [], MARGIN
    for label, colour in (("RAM of one more", RAM_COLOUR),
                          ("instructions from the request to main()", START_COLOUR)):
        shapes += [box(x, 76, 14, 14, colour), text(x + 22, 88, label, 13, PALE_INK)]
        x += 58 + 7 * len(label)
    return shapes


def row(label, figures, y, largest_kib, largest_instructions):
    instructions = figures["start_instructions"]
    return ([text(MARGIN, y + 20, label)] +
            bar(y, [(figures["kib"], RAM_COLOUR)], largest_kib, "%.1f KiB of RAM" % figures["kib"]) +
            bar(y + BAR + 3, [(instructions, START_COLOUR)], largest_instructions,
                "%.2f million" % (instructions / 1e6)))


def draw(rows):
    """An SVG of @rows: (label, figures), as sandbox_peers.compare() returns them."""
    largest_kib = max(figures["kib"] for _, figures in rows)
    largest_instructions = max(figures["start_instructions"] for _, figures in rows)
    shapes = legend()
    for number, (label, figures) in enumerate(rows):
        shapes += row(label, figures, FIRST_ROW + ROW * number, largest_kib, largest_instructions)
    return picture("One more sandboxed app", SUBTITLE, FIRST_ROW + ROW * len(rows) + MARGIN, shapes)
