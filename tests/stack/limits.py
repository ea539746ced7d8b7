# SPDX-License-Identifier: Apache-2.0
"""What the graph cannot know, and limits.txt says with a reason: calls that never happen on a way that
counts, functions that are at most once on a stack, recursions with a bound.

	never CALLER -> CALLED : reason		the call is left out; * is every caller, and in CALLED any letters
	once [GROUP -> ]CALLED : reason		a stack has one of the group once at most, whoever calls it
	needs GROUP -> CALLED : reason		not called below a function of the group
	chain CALLER -> CALLED : reason		of what chains of notifiers call, what CALLER's chain has
	only CALLER -> CALLED THROUGH : reason	THROUGH calls CALLED only when CALLER has called it
	few CALLER -> CALLED,CALLED : reason	of its indirect calls the only ones
	without CALLER -> CALLED GROUP,GROUP : reason	a way through this call enters none of the groups
	again CALLER -> CALLED N : reason	the call that closes a cycle is made N times at most

A way through a "once" function goes on in a graph that has its group no more.  A function that is called
again N times, more than once, or calls itself, has all the turns in its depth, whoever calls it; recursions in one another
share their turns.  Of those that are called again once a way has ROUNDS at most.
"""

import fnmatch
import re

from graph import AGAIN, FAULT, NEVER

ROW = re.compile(r"^(never|once|needs|again|chain|only|few|without) (?:(\S+) -> )?(\S+)(?: (\S+))? : (\S.*)$")

ROUNDS = 2
NOTIFIERS = "notifier_call_chain"


class Wrong(Exception):
    """A row of the table is not of this kernel, or the table does not break a cycle."""


def read(path):
    """[(kind, caller, called, count, reason)]"""
    rows = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                found = ROW.match(line)
                if not found:
                    raise Wrong(line)
                rows.append(found.groups())
    return rows


class Limits:
    """Applies rows to a Graph, and finds depths."""

    def __init__(self, graph, rows):
        self.graph, self.rows = graph, rows
        self.group_of, self.again, self.unused = {}, [], []
        self.memo, self.found_names = {}, {}
        self.order = self.edges = None
        self.notified = self.take_notified()
        self.only, self.softly, self.needed = {}, {}, {}
        for kind, caller, called, count, _ in rows:
            if kind == "few":
                self.keep_few(caller, called.split(","))
                continue
            for address in self.addresses(called):
                self.apply(kind, caller, address, count)
        for (through, called), depths in self.only.items():
            self.graph.cut(through, called)
            for start, depth in depths:
                self.graph.add(start, called, depth)
        left = set(self.notified) - {called for kind, _, name, _, _ in rows if kind == "chain"
                                     for called in self.addresses(name)}
        if left:
            raise Wrong("in no chain of notifiers: %s" % [graph.name[called] for called in left])

    def addresses(self, name):
        if name not in self.found_names:
            self.found_names[name] = [address for address, names in self.graph.aliases.items()
                                      if address in self.graph.functions and
                                      (name in names or fnmatch.filter(names if "*" in name else (), name))]
        found = self.found_names[name]
        if not found:
            self.unused.append(name)
        return found

    def take_notified(self):
        """{called: depth} of what chains of notifiers call, which rows must give to each chain."""
        start = self.graph.address[NOTIFIERS]
        found = {called: depth for called, depth in self.graph.calls[start].items()
                 if self.graph.functions[start].indirect and called not in
                 {self.graph.start_of(target) for target, _ in self.graph.functions[start].calls}}
        for called in found:
            del self.graph.calls[start][called]
        return found

    def chain_call(self, caller, called):
        """A chain is called by a function for its kind, and that calls the one for all."""
        calls = self.graph.calls
        ways = [depth + calls[kind][self.graph.address[NOTIFIERS]] for kind, depth in calls[caller].items()
                if self.graph.address[NOTIFIERS] in calls[kind]]
        if not ways or called not in self.notified:
            self.unused.append("chain %s -> %s" % (self.graph.name[caller], self.graph.name[called]))
        else:
            self.graph.add(caller, called, max(ways) + self.notified[called])

    def callers(self, name, called):
        if name != "*":
            return self.addresses(name)
        return [start for start, calls in self.graph.calls.items() if called in calls]

    def keep_few(self, caller, names):
        """Of the indirect calls only those; direct ones stay."""
        kept = {address for name in names for address in self.addresses(name)}
        for start in self.addresses(caller):
            function = self.graph.functions[start]
            kept |= {self.graph.start_of(target) for target, _ in function.calls} | {
                self.graph.address[FAULT]}
            self.graph.calls[start] = {called: depth for called, depth in self.graph.calls[start].items()
                                       if called in kept}

    def call_through(self, caller, through, called):
        way = self.graph.calls[caller].get(through)
        last = self.graph.calls[through].get(called)
        if way is None or last is None:
            self.unused.append("only %s" % self.graph.name[called])
        else:
            self.only.setdefault((through, called), []).append((caller, way + last))

    def apply(self, kind, caller, called, count):
        if kind == "once":
            self.group_of[called] = caller or self.graph.name[called]
            return
        if kind == "needs":
            self.needed.update({(start, called): caller for start in self.callers("*", called)})
            return
        starts = self.callers(caller, called) if kind != "never" or caller != "*" else [None]
        if kind == "never":
            for start in starts:
                self.graph.cut(start, called)
            return
        for start in starts if kind == "only" else ():
            self.call_through(start, self.addresses(count)[0], called)
        for start in starts if kind == "without" else ():
            if called in self.graph.calls[start]:
                self.softly[start, called] = frozenset(count.split(","))
        for start in starts if kind == "chain" else ():
            self.chain_call(start, called)
        for start in starts if kind == "again" else ():
            if called in self.graph.calls[start]:
                self.again.append((start, called, self.graph.calls[start].pop(called), int(count)))

    def cycles(self):
        """What is left of cycles without "once" functions."""
        return self.graph.cycles(self.group_of.keys())

    def prepare(self):
        left = self.cycles()
        if left:
            raise Wrong("cycles: %s" % [[self.graph.name[node] for node in part] for part in left[:9]])
        self.order = [node for part in self.graph.components(self.group_of.keys()) for node in part]
        self.edges = self.graph.edges(self.order, self.group_of, set(self.softly) | set(self.needed))
        self.extra = {}
        for start, called, depth, count in self.again:
            if self.has_all_turns(start, called, count):
                way = self.graph.longest(self.edges, called, start)
                self.extra[called] = max(self.extra.get(called, 0), count * (depth + way))

    @staticmethod
    def has_all_turns(start, called, count):
        return count > 1 or start == called

    def depths(self):
        """{function: bytes}"""
        return self.rounds(frozenset(self.group_of.values()))[-1][0]

    def rounds(self, allowed):
        """[({function: bytes}, {function: (called, kind of call)})]: only the "once" functions of the
        groups @allowed are entered, and the n-th has n recursions one inside the other."""
        if allowed not in self.memo:
            soft = {edge: self.rounds(allowed - self.lost(edge))[-1][0][edge[1]] for edge in self.softly
                    if self.lost(edge) & allowed and self.group_of.get(edge[1], "") in allowed | {""}}
            soft.update({edge: NEVER for edge, group in self.needed.items() if group not in allowed})
            values = {called: self.rounds(allowed - {group})[-1][0][called] if group in allowed else NEVER
                      for called, group in self.group_of.items()}
            found = [self.graph.depths(self.edges, values, {}, soft, self.extra)]
            for _ in range(ROUNDS):
                found.append(self.graph.depths(self.edges, values, self.recursions(found[-1][0]), soft,
                                               self.extra))
            self.memo[allowed] = found
        return self.memo[allowed]

    def lost(self, edge):
        """The groups that are not entered any more below a call."""
        return self.softly.get(edge, frozenset()) | {self.group_of.get(edge[1], "")} - {""}

    def recursions(self, found):
        """{caller: [(called, bytes)]} of the calls that close cycles, with what was found so far."""
        more = {}
        for start, called, depth, count in self.again:
            if not self.has_all_turns(start, called, count):
                more.setdefault(start, []).append((called, depth + found[called]))
        return more

    def chain(self, start, allowed):
        """[(function, bytes)] of the deepest way from @start; bytes with what turns of a recursion add."""
        level, rows = ROUNDS, []
        while start is not None:
            total, (called, kind) = (part[start] for part in self.rounds(allowed)[level])
            if kind != AGAIN and self.lost((start, called)) & allowed:
                allowed, level = allowed - self.lost((start, called)), ROUNDS
            elif kind == AGAIN:
                level -= 1
            rest = self.rounds(allowed)[level][0][called] if called is not None else 0
            rows.append((start, total - rest))
            start = called
        return rows
