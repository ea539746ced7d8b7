# SPDX-License-Identifier: Apache-2.0
"""What all objects together say: which functions can be at each place, and what each indirect call calls.

Functions flow from where they are named (in code, in initialised variables) through assignments, arguments
and results to the places from which they are called.  A structure's field is one place, whichever the
object: what one driver stores there may be called by every caller of that field.
"""

import collections
import os

import btf
import elf
import gimple

ALLOCATED, EXECUTABLE = 2, 4
# Sections of tables that the kernel reads for other purposes than to call.
IGNORED = (".export_symbol", "__ex_table", "___ksymtab", ".discard", ".alt.smp", "__bug_table", ".ARM.exidx",
           ".modinfo", ".pv_table")
MORE_FUNCTIONS = "__UNIQUE_ID___addressable_"
INITCALLS = ("initcalls",)

# Where the compiler walks a table by bytes and forgets what it is a table of.
TABLES = (("fs/littlefs/pair.o:scan_tag", ("variable", "fs/littlefs/pair.o:pair_tags")),
          ("vring_interrupt", ("place", "virtqueue_info", "callback")))

# Of these nobody knows all that they call, and why that does not matter: they run while the system
# starts, interpret programs of BPF, of which a seccomp filter calls nothing, or are not used.
ACCEPTED = {"do_one_initcall": "starts", "console_init": "starts", "__wait_rcu_gp": "not used",
            "irq_work_single": "its place is known", "kernel/bpf/core.o:___bpf_prog_run": "BPF",
            "fs/littlefs/pair.o:scan_tag": "in TABLES", "vring_interrupt": "in TABLES",
            "gic_enable_of_quirks": "starts", "gic_enable_quirks": "starts", "of_find_gpio": "starts",
            "drivers/of/address.o:of_match_bus": "starts",
            "net/core/rtnetlink.o:rtnl_dumpit": "no table is registered as one",
            "net/core/rtnetlink.o:rtnl_dump_all": "the same", "net/core/rtnetlink.o:rtnetlink_rcv_msg": "the same",
            "net/netlink/af_netlink.o:netlink_dump": "the same"}

Site = collections.namedtuple("Site", "function node args result")


class Facts:
    """@edges: {from: {to}}; @held: {node: {function}}; @sites: [Site]; @loose: static data of unknown type"""

    def __init__(self, made, names, global_functions):
        self.edges = collections.defaultdict(set)
        self.held = collections.defaultdict(set)
        self.sites = []
        self.loose = []
        self.odd = collections.defaultdict(set)
        self.waiting = []
        self.locals = {}
        for name in names:
            self.read(made, name, global_functions)

    def read(self, made, name, global_functions):
        object_file = elf.Elf(os.path.join(made, name))
        types = btf.Btf(object_file.named(".BTF").data)
        functions = {symbol.name for symbol in object_file.symbols if symbol.type == elf.FUNCTION}
        local = {symbol.name for symbol in object_file.symbols if symbol.is_local and symbol.name}
        self.locals[name] = {symbol.name for symbol in object_file.symbols
                             if symbol.is_local and symbol.type == elf.FUNCTION}
        unit = gimple.Unit(name, types, local, functions | global_functions)
        if os.path.exists(os.path.join(made, name[:-2] + ".gimple")):		# none without functions
            unit.read(os.path.join(made, name[:-2] + ".gimple"))
        for source, target in unit.edges:
            self.connect(source, target)
        for function, target in unit.seeds:
            for node in self.parts(target):
                self.seed(function, node)
        self.sites += [Site(*row) for row in unit.sites]
        self.read_data(unit, object_file, types)

    @staticmethod
    def parts(node):
        return node[1:] if node[0] == "any" else (node,)

    def connect(self, source, target):
        for first in self.parts(source):
            for last in self.parts(target):
                if first[0] == "unknown":
                    self.odd[last].add(first[1])
                elif last[0] != "unknown":
                    self.edges[first].add(last)
                else:
                    self.odd[last].add(str(first))

    def seed(self, function, node):
        if node[0] == "unknown":
            self.odd[node].add(function)
        if function not in self.held[node]:
            self.held[node].add(function)
            self.waiting.append((node, function))

    def read_data(self, unit, object_file, types):
        variables = collections.defaultdict(list)
        for symbol in object_file.symbols:
            if symbol.type == 1:
                variables[symbol.section].append(symbol)
        for index, offset, kind, symbol in object_file.relocations():
            section = object_file.sections[index]
            if kind != elf.ABS32 or not section.flags & ALLOCATED or section.flags & EXECUTABLE:
                continue
            if section.name.startswith(IGNORED) or not self.is_function(object_file, symbol, unit):
                continue
            owner = next((one for one in variables[index]
                          if one.value <= offset < one.value + max(one.size, 1)), None)
            self.store(unit, types, owner, offset, section, unit.qualified(symbol.name))

    @staticmethod
    def is_function(object_file, symbol, unit):
        if symbol.type == elf.FUNCTION:
            return True
        return symbol.section == 0 and symbol.name in unit.functions

    def store(self, unit, types, owner, offset, section, function):
        if owner and owner.name.startswith(MORE_FUNCTIONS):
            return
        kind = types.variables.get(owner.name) if owner else None
        if kind is None:
            kind = unit.static_type(owner.name.split(".")[0]) if owner else None
        if section.name.startswith((".initcall", ".con_initcall")):
            self.seed(function, INITCALLS)
            return
        places = types.place_at(kind, offset - owner.value) if kind else []
        places = self.fitting(types, places, function.rpartition(":")[2])
        if not places:
            self.loose.append((unit.name, section.name, owner.name if owner else "",
                               offset - owner.value if owner else offset, function))
            self.seed(function, ("loose", unit.name, owner.name if owner else section.name))
        for (structure, field), _ in places:
            node = ("place", structure, field) if structure else ("variable", unit.qualified(owner.name))
            self.seed(function, node)

    @staticmethod
    def fitting(types, places, function):
        """Of the members of a union, those that the function has the type of, if any."""
        wanted = types.signature(types.functions.get(function, 0))
        found = [row for row in places if wanted and types.signature(row[1]) == wanted]
        return found or places

    def solve(self):
        """Lets functions flow until nothing changes."""
        called = collections.defaultdict(list)
        for site in self.sites:
            for node in self.parts(site.node):
                called[node].append(site)
                for function in list(self.held[node]):
                    self.pass_arguments(site, function)
        while self.waiting:
            node, function = self.waiting.pop()
            for target in list(self.edges[node]):
                self.seed(function, target)
            for site in called[node]:
                self.pass_arguments(site, function)

    def pass_arguments(self, site, function):
        for at, node in site.args:
            if node[0] == "function":
                self.seed(node[1], ("argument", function, at))
            else:
                for part in self.parts(node):
                    self.link(part, ("argument", function, at))
        if site.result:
            for part in self.parts(site.result):
                self.link(("result", function), part)

    def link(self, source, target):
        if target not in self.edges[source]:
            self.edges[source].add(target)
            for function in list(self.held[source]):
                self.seed(function, target)

    def targets(self):
        """{function: {called function}} of the indirect calls."""
        found = collections.defaultdict(set)
        for site in self.sites:
            for node in self.parts(site.node):
                found[site.function] |= self.held[node]
        for function, place in TABLES:
            assert self.held[place], place
            found[function] |= self.held[place]
        return found

    def unresolved(self):
        """Sites that may call what is not known."""
        for site in self.sites:
            reasons = {reason for node in self.parts(site.node) for reason in self.reasons(node)}
            if reasons and site.function not in ACCEPTED:
                yield site, sorted(reasons)

    def reasons(self, start):
        """Where what is at @start may come from, that nobody knows."""
        before = self.backwards()
        seen, work, found = {start}, [start], set()
        while work:
            node = work.pop()
            found |= {"%s -> %s" % (reason, node) for reason in self.odd.get(node, ())}
            for source in before.get(node, ()):
                if source not in seen:
                    seen.add(source)
                    work.append(source)
        return found

    def backwards(self):
        if not hasattr(self, "_backwards"):
            self._backwards = collections.defaultdict(set)
            for source, targets in self.edges.items():
                for target in targets:
                    self._backwards[target].add(source)
        return self._backwards
