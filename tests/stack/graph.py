# SPDX-License-Identifier: Apache-2.0
"""The call graph of the kernel with the depth of each call, and the deepest way down from each function.

Functions are their addresses in vmlinux.  Of an indirect call only the function that makes it is known, not
which of its instructions: it counts with the deepest of them.  Each set of functions that can call each
other must be broken by cuts, which the caller gives: a call that is left out.
"""

import bisect
import collections
import os
import struct
import sys

import elf
import frames

FAULT = "__dabt_svc"		# what a fault at an instruction that may fault calls
CALL, AGAIN = range(2)
NEVER = -1 << 30


def files(vmlinux):
    """[(name of a source file, {local function: [addresses]})] of vmlinux, block by block."""
    blocks = []
    for symbol in vmlinux.symbols:
        if symbol.type == elf.FILE:
            blocks.append((symbol.name, collections.defaultdict(list)))
        elif symbol.is_local and symbol.type == elf.FUNCTION and blocks:
            blocks[-1][1][symbol.name].append(symbol.value & ~1)
    return blocks


class Names:
    """From what facts call a function to its addresses."""

    def __init__(self, vmlinux, objects):
        self.everywhere = {symbol.name: [symbol.value & ~1] for symbol in vmlinux.symbols
                           if symbol.type == elf.FUNCTION and not symbol.is_local}
        by_file = collections.defaultdict(list)
        for name, functions in files(vmlinux):
            by_file[name].append(functions)
        self.local = {}
        for unit, functions in objects.items():
            blocks = by_file[os.path.basename(unit)[:-2] + ".c"]
            self.local[unit] = [block for block in blocks if block and set(block) <= functions]

    def addresses(self, name):
        unit, _, function = name.rpartition(":")
        if not unit:
            return self.everywhere.get(function, [])
        return [address for block in self.local.get(unit, ()) for address in block.get(function, ())]


class Graph:
    """@calls: {function: {called function: depth of the call}}; @name: {address: name}"""

    def __init__(self, path):
        self.vmlinux = elf.Elf(path)
        self.functions, aliases = frames.functions(path)
        self.starts = sorted(self.functions)
        self.aliases = aliases
        self.name = {address: self.best(aliases[address]) for address in self.functions}
        self.address = {name: address for address, names in aliases.items() for name in names}
        self.calls = {address: {} for address in self.functions}
        for address, function in self.functions.items():
            for (target, _), depth in function.calls.items():
                self.add(address, self.start_of(target), depth)
        self.add_faults()

    @staticmethod
    def best(names):
        plain = [name for name in names if not name.endswith(("_start", "_end")) and "." not in name]
        return min(plain or names, key=lambda name: (name.startswith("__"), len(name)))

    def start_of(self, address):
        return address if address in self.functions else frames.holding(self.starts, address)

    def add(self, caller, called, depth):
        self.calls[caller][called] = max(self.calls[caller].get(called, 0), depth)

    def add_faults(self):
        section = self.vmlinux.named("__ex_table")
        for at, _ in struct.iter_unpack("<II", section.data):
            at &= ~1
            start = frames.holding(self.starts, at)
            depth = self.functions[start].depth_at.get(at, self.functions[start].frame)
            self.add(start, self.address[FAULT], depth)

    def add_indirect(self, targets):
        """@targets: {address: {address}}. Returns the callers without an indirect call."""
        wrong = []
        for caller, called in targets.items():
            depths = [depth for depth, _ in self.functions[caller].indirect]
            if not depths:
                wrong.append(caller)
                continue
            for target in called:
                self.add(caller, self.start_of(target), max(depths))
        return wrong

    def cut(self, caller, called):
        """Takes calls out: from @caller, or from all if None. Returns how many."""
        count = 0
        for start in [caller] if caller is not None else list(self.calls):
            count += self.calls[start].pop(called, None) is not None
        return count

    def components(self, without=frozenset()):
        """[[address]] of functions that can call each other, callees before callers; calls of the
        functions @without do not count."""
        index, low, on, stack, found = {}, {}, set(), [], []
        for root in self.starts:
            if root in index:
                continue
            work = [(root, iter(self.calls[root].keys() - without))]
            index[root] = low[root] = len(index)
            stack.append(root)
            on.add(root)
            while work:
                node, rest = work[-1]
                for called in rest:
                    if called not in index:
                        index[called] = low[called] = len(index)
                        stack.append(called)
                        on.add(called)
                        work.append((called, iter(self.calls[called].keys() - without)))
                        break
                    if called in on:
                        low[node] = min(low[node], index[called])
                else:
                    work.pop()
                    if work:
                        low[work[-1][0]] = min(low[work[-1][0]], low[node])
                    if low[node] == index[node]:
                        at = stack.index(node)
                        found.append(stack[at:])
                        on.difference_update(stack[at:])
                        del stack[at:]
        return found

    def cycles(self, without=frozenset()):
        return [part for part in self.components(without)
                if len(part) > 1 or part[0] in self.calls[part[0]] and part[0] not in without]

    def edges(self, order, once, marked):
        """[(function, its frame, [(called, depth)], [the same of what is special])]: special are calls of
        "once" functions and those of @marked."""
        rows = []
        for node in order:
            special = [row for row in self.calls[node].items() if row[0] in once or (node, row[0]) in marked]
            plain = [row for row in self.calls[node].items()
                     if row[0] not in once and (node, row[0]) not in marked]
            rows.append((node, self.functions[node].frame, plain, special))
        return rows

    @staticmethod
    def depths(edges, values, more, soft, extra):
        """({function: deepest bytes}, {function: (called function on that way or None, kind of call)}).
        @edges: callees first; @values: the depth of each "once" function, NEVER if it may not be called any
        more; @more: {caller: [(called, bytes)]} by recursion; @soft: {(caller, called): bytes} of what is
        called; @extra: of what is called again several times"""
        found, ways = {}, {}
        for node, best, plain, special in edges:
            way = (None, CALL)
            for called, depth in plain:
                depth += found[called]
                if depth > best:
                    best, way = depth, (called, CALL)
            for called, depth in special:
                below = soft.get((node, called))
                if below is None:
                    below = values[called] if called in values else found[called]
                if depth + below > best:
                    best, way = depth + below, (called, CALL)
            for called, depth in more.get(node, ()):
                if depth > best:
                    best, way = depth, (called, AGAIN)
            found[node], ways[node] = best + extra.get(node, 0), way
        return found, ways

    @staticmethod
    def longest(edges, start, end):
        """The bytes of the deepest way from @start to where @end is entered; 0 if they are the same."""
        found = {end: 0}		# a "once" function on the way is at its place in @edges, or not counted
        for node, _, plain, special in edges:
            ways = [depth + found[called] for called, depth in plain + special if called in found]
            if ways and node != end:
                found[node] = max(ways)
        return found.get(start, 0)
