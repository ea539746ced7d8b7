# SPDX-License-Identifier: Apache-2.0
"""The picture of "make littlefs-peers": RAM of a mount, and bytes of flash for small changes."""

from chart import (INK, LABEL_WIDTH, MARGIN, PALE_INK, TRACK, VALUE_WIDTH, WIDTH, box, picture,
                   text)

ROW, BAR, HEAD = 20, 12, 34
TRACK_WIDTH = WIDTH - 2 * MARGIN - LABEL_WIDTH - VALUE_WIDTH
COLOURS = {"ours": "#2f7fb8", "jffs2": "#d9822b", "jffs2zlib": "#e5b873"}
FIRST_ROW = 84


def bar(y, label, value, largest, colour, unit):
    left = MARGIN + LABEL_WIDTH
    width = max(1, TRACK_WIDTH * value / largest) if value else 0
    return [
        text(MARGIN + 12, y + BAR - 1, label, 13),
        box(left, y, TRACK_WIDTH, BAR, TRACK),
        box(left, y, width, BAR, colour),
        text(WIDTH - MARGIN, y + BAR - 1, "%s %s" % ("{:,}".format(round(value)), unit), 13, INK,
             "end"),
    ]


def group(y, title, rows, unit):
    """(shapes, y below them) of @rows: (peer, value), on a scale of their own."""
    largest = max(value for _, value in rows) or 1
    shapes = [text(MARGIN, y + 14, title, 13, PALE_INK)]
    for number, (peer, value) in enumerate(rows):
        shapes += bar(y + 22 + ROW * number, peer.label, value, largest, COLOURS[peer.name], unit)
    return shapes, y + HEAD + ROW * len(rows)


def groups(peers, mount_parts, parts, mounts, chores):
    """(title, [(peer, value)], unit)"""
    for part in mount_parts:
        yield ("RAM of a mount, half full, %s" % part.label,
               [(peer, mounts[part.name, peer.name]["mount_bytes"]) for peer in peers], "bytes")
    for chore, title in (("config", "a file of 200 bytes replaced"),
                         ("log", "64 bytes appended and synced")):
        for part in parts:
            for key, what in (("programmed_bytes", "programmed"), ("erased_bytes", "erased")):
                yield ("%s, %s: bytes %s" % (title, part.label, what),
                       [(peer, chores[part.name, peer.name, chore][key]) for peer in peers],
                       "bytes")


def draw(peers, mount_parts, parts, mounts, chores):
    """An SVG of the figures that littlefs_peers.compare() returns."""
    shapes, y = [], FIRST_ROW
    for title, rows, unit in groups(peers, mount_parts, parts, mounts, chores):
        more, y = group(y, title, rows, unit)
        shapes += more
    return picture("littlefs beside JFFS2", "One kernel, the same flash. Each group has its own scale.",
                   y + MARGIN, shapes)
