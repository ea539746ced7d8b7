# SPDX-License-Identifier: Apache-2.0
"""The types of one object, as the compiler wrote them into its section .BTF (Documentation/bpf/btf.rst
of the kernel has the format), and names for the places in structures where functions are kept.

A place is "struct field": the innermost structure that has a name, and the field in it. Members of what
has no name belong to what contains it.
"""

import struct

INT, PTR, ARRAY, STRUCT, UNION, ENUM, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, PROTO, VAR = range(1, 15)
DATASEC, DECL_TAG, TYPE_TAG, ENUM64 = 15, 17, 18, 19
HEADER = struct.Struct("<HBBIIIII")
MORE = {INT: (4, 0), ARRAY: (12, 0), STRUCT: (0, 12), UNION: (0, 12), ENUM: (0, 8), PROTO: (0, 8), VAR: (4, 0),
        DATASEC: (0, 12), DECL_TAG: (4, 0), ENUM64: (0, 12)}
ALIASES = (TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG)
DEEPEST = 64


class Btf:
    """@types: [(kind, name, size or type, rest)]; a type is its index, 0 is void."""

    def __init__(self, data):
        _, _, _, head, types, size, strings, length = HEADER.unpack_from(data)
        self.strings = data[head + strings:head + strings + length]
        self.types = [(0, "", 0, b"")] + list(self.read(data[head + types:head + types + size]))
        self.by_name = {}
        self.variables = {}
        self.functions = {}
        for at, (kind, name, value, _) in enumerate(self.types):
            if kind in (STRUCT, UNION):
                self.by_name.setdefault(name, at)
            elif kind == TYPEDEF:
                self.by_name.setdefault(name, at)
            elif kind == FUNC:
                self.functions[name] = value
            elif kind == VAR:
                self.variables[name] = value

    def text(self, offset):
        return self.strings[offset:self.strings.index(b"\0", offset)].decode()

    def read(self, data):
        at = 0
        while at < len(data):
            name, info, value = struct.unpack_from("<III", data, at)
            kind, count = info >> 24 & 31, info & 0xffff
            fixed, each = MORE.get(kind, (0, 0))
            end = at + 12 + fixed + each * count
            yield kind, self.text(name), value, (info >> 31, data[at + 12:end])
            at = end

    def plain(self, at):
        """Without typedefs and qualifiers."""
        for _ in range(DEEPEST):
            if self.types[at][0] not in ALIASES:
                return at
            at = self.types[at][2]
        return 0

    def members(self, at):
        """[(name, type, offset in bytes)] of a structure"""
        flag, rest = self.types[at][3]
        return [(self.text(name), kind, (offset & 0xffffff if flag else offset) // 8)
                for name, kind, offset in struct.iter_unpack("<III", rest)]

    def size(self, at):
        at = self.plain(at)
        kind, _, value, rest = self.types[at]
        if kind == ARRAY:
            element, _, count = struct.unpack("<III", rest[1])
            return self.size(element) * count
        return value if kind in (INT, STRUCT, UNION, ENUM) else 4

    def is_function_pointer(self, at):
        at = self.plain(at)
        if self.types[at][0] != PTR:
            return False
        return self.types[self.plain(self.types[at][2])][0] == PROTO

    def signature(self, at):
        """The result and the parameters of a function or of a pointer to one."""
        at = self.plain(at)
        if self.types[at][0] == PTR:
            at = self.plain(self.types[at][2])
        kind, _, value, rest = self.types[at]
        return (value,) + tuple(row[1] for row in struct.iter_unpack("<II", rest[1])) if kind == PROTO else None

    def element(self, at):
        """What an array is of, however many dimensions it has."""
        at = self.plain(at)
        for _ in range(DEEPEST):
            if self.types[at][0] != ARRAY:
                break
            at = self.plain(struct.unpack_from("<I", self.types[at][3][1])[0])
        return at

    def place_at(self, at, offset, owner="", field=""):
        """[(place, type)] of what is at @offset of an object of the type @at: several in a union."""
        named = self.types[at][1]
        at = self.plain(at)
        kind, name, _, _ = self.types[at]
        if kind == ARRAY:
            element = self.element(at)
            return self.place_at(element, offset % max(self.size(element), 1), owner, field)
        if kind not in (STRUCT, UNION):
            return [((owner, field), at)] if offset == 0 else []
        if name or named:
            owner, field = name or named, ""
        found = []
        for member, inner, start in self.members(at):
            if start <= offset < start + max(self.size(inner), 1):
                found += self.place_at(inner, offset - start, owner, member or field)
        return found
