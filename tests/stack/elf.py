# SPDX-License-Identifier: Apache-2.0
"""Sections, symbols and relocations of an ELF file for 32-bit ARM, little endian."""

import collections
import struct

SYMTAB, RELOCATIONS = 2, 9
FUNCTION, SECTION, FILE = 2, 3, 4
ABS32 = 2

Section = collections.namedtuple("Section", "name type flags address data link info")
Symbol = collections.namedtuple("Symbol", "name value size type is_local section")


def string_at(table, offset):
    return table[offset:table.index(b"\0", offset)].decode()


class Elf:
    """@sections: [Section]; @symbols: [Symbol], whose section is an index."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.data = file.read()
        start, = struct.unpack_from("<I", self.data, 32)
        _, count, names = struct.unpack_from("<3H", self.data, 46)
        rows = [struct.unpack_from("<10I", self.data, start + 40 * at) for at in range(count)]
        table = self.data[rows[names][4]:rows[names][4] + rows[names][5]]
        self.sections = [Section(string_at(table, row[0]), row[1], row[2], row[3],
                                 self.data[row[4]:row[4] + row[5]] if row[1] != 8 else b"", row[6], row[7])
                         for row in rows]
        self.symbols = [symbol for section in self.sections if section.type == SYMTAB
                        for symbol in self.read_symbols(section)]

    def read_symbols(self, section):
        strings = self.sections[section.link].data
        for name, value, size, info, _, index in struct.iter_unpack("<IIIBBH", section.data):
            yield Symbol(string_at(strings, name), value, size, info & 15, info < 16, index)

    def named(self, name):
        return next((section for section in self.sections if section.name == name), None)

    def relocations(self):
        """(index of the section that is changed, offset in it, type, symbol)"""
        for section in self.sections:
            if section.type == RELOCATIONS:
                for offset, info in struct.iter_unpack("<II", section.data):
                    yield section.info, offset, info & 255, self.symbols[info >> 8]

    def word(self, index, offset):
        return struct.unpack_from("<I", self.sections[index].data, offset)[0]
