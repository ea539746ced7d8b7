# SPDX-License-Identifier: Apache-2.0
"""The list of everything in a filesystem, in the form that the golden images come with."""

import hashlib

from files import size_of
from log import DIRECTORY, FILE
from rules import superblock_attributes


def escaped(path):
    return "".join(chr(byte) if 0x20 < byte < 0x7f and byte != 0x5c else "\\x%02x" % byte
                   for byte in path)


def digest(data):
    """A dash for what cannot be read."""
    return "-" if data is None else hashlib.sha256(data).hexdigest()


def attribute_lines(attributes, path):
    return ["a %02x:%d %s %s" % (kind, len(tag.data), digest(tag.data), path)
            for kind, tag in sorted(attributes.items())]


def manifest(filesystem, contents):
    """Lines in the order of the escaped paths; @contents: of the files, by path."""
    found = []
    if filesystem.directories and filesystem.directories[0].chain:
        first = filesystem.directories[0].chain[0]
        found.append(("/", ["d - - /"] + attribute_lines(superblock_attributes(first), "/")))
    for directory in filesystem.directories:
        for pair, number, entry in directory.entries():
            if filesystem.is_moved_away(pair, number):
                continue
            path = escaped(directory.path_of(entry))
            lines = attribute_lines(entry.attributes, path)
            if entry.name.kind == DIRECTORY:
                lines.insert(0, "d - - " + path)
            elif entry.name.kind == FILE:
                content = contents.get(directory.path_of(entry))
                lines.insert(0, "f %s %s %s" % (size_of(entry), digest(content), path))
            found.append((path, lines))
    return [line for _, lines in sorted(found) for line in lines]
