# SPDX-License-Identifier: Apache-2.0
"""What each function of the kernel does with its stack, from the machine instructions of vmlinux.

The depth of the stack pointer below what it was at the function's entry is followed along every branch,
so that a call counts what is on the stack where it is made, and not the largest frame.  Where paths meet
with different depths, the deeper one counts.  Bytes everywhere.
"""

import bisect
import os
import re
import subprocess

CROSS = os.environ.get("CROSS", "arm-linux-gnueabihf-")
TARGET = re.compile(r"^(?:r\d+, )?([0-9a-f]+) <")
CONDITION = re.compile(r"^(eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|hs|lo)$")
# Base mnemonics that an IT block may give a condition to.
STEMS = ("b", "bl", "blx", "bx", "pop", "push", "ldmia", "stmdb", "ldr", "str", "mov", "add", "sub",
         "stmia", "tbb", "rfeia", "ldmdb", "udf", "subs", "movs")
SHRINKS = re.compile(r"\[sp\], #(\d+)")
NUMBER = re.compile(r"#(-?\d+)")
JUMP_TABLE = re.compile(r"^pc, \[\w+, \w+, lsl #2\]$")
UPDATES_MAX = 16
NAMELESS = "branch at "


class Function:
    """@frame: deepest point; @calls: {(target, tail): depth}; @indirect: [(depth, tail)];
    @odd: what could not be followed."""

    def __init__(self, name, start, end):
        self.name, self.start, self.end = name, start, end
        self.frame = 0
        self.calls = {}
        self.indirect = {}
        self.odd = set()
        self.depth_at = {}


def run(*command):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout.decode()


def symbols(vmlinux):
    """[(address, [names])] of what is code, in order. The linker's own branches have no name."""
    found = {}
    for line in run(CROSS + "nm", "-n", vmlinux).splitlines():
        address, kind, name = (line.split() + [NAMELESS + line[:8]])[:3]
        if kind in "tTwW" and not name.startswith("$"):
            found.setdefault(int(address, 16) & ~1, []).append(name)
    return sorted(found.items())


def instructions(vmlinux):
    """[(address, mnemonic, condition or "", operands)]"""
    found = []
    for line in run(CROSS + "objdump", "-d", "--no-show-raw-insn", "-w", vmlinux).splitlines():
        parts = line.split("\t")
        if len(parts) >= 2 and parts[0].endswith(":"):
            mnemonic, condition = split_condition(parts[1].strip())
            operands = parts[2].split("@")[0].strip() if len(parts) > 2 else ""
            found.append((int(parts[0][:-1], 16), mnemonic, condition, operands))
    return found


def split_condition(mnemonic):
    base = mnemonic[:-2] if mnemonic.endswith((".n", ".w")) else mnemonic
    if base[:-2] in STEMS and CONDITION.match(base[-2:]) and base not in ("bls", "teq"):
        return base[:-2], base[-2:]
    if base in ("bls",):
        return "b", "ls"
    return base, ""


def listed(operands):
    """How many registers are in a list {r4, r5, pc}."""
    count = 0
    for part in operands[operands.index("{") + 1:operands.index("}")].split(","):
        first, _, last = part.strip().partition("-")
        count += int(last[1:]) - int(first[1:]) + 1 if last and last[1:].isdigit() else 1
    return count


def stack_change(mnemonic, operands):
    """By how many bytes the stack grows; None if nobody can say."""
    if mnemonic == "push" or mnemonic == "stmdb" and operands.startswith("sp!"):
        return 4 * listed(operands)
    if mnemonic == "pop" or mnemonic in ("ldmia", "ldm") and operands.startswith("sp!"):
        return -4 * listed(operands)
    if mnemonic in ("sub", "subw", "subs", "add", "addw") and operands.startswith("sp"):
        number = NUMBER.search(operands)
        if not number or (operands.count(",") == 2 and ", sp," not in operands):
            return None
        return int(number[1]) if mnemonic.startswith("sub") else -int(number[1])
    return other_change(mnemonic, operands)


def other_change(mnemonic, operands):
    if mnemonic in ("str", "strd", "stmdb"):
        grown = re.search(r"\[sp, #-(\d+)\]!", operands)
        return int(grown[1]) if grown else 0
    if mnemonic in ("ldr", "ldrd"):
        shrunk = SHRINKS.search(operands)
        return -int(shrunk[1]) if shrunk else None if operands.startswith("sp,") else 0
    if mnemonic == "mov" and operands.startswith("sp,") or mnemonic in ("vpush", "vpop"):
        return None
    return 0


def is_return(mnemonic, operands):
    if mnemonic == "bx" and operands == "lr" or mnemonic in ("udf", "rfeia", "eret"):
        return True
    if mnemonic in ("pop", "ldmia", "ldmdb", "ldm") and "pc}" in operands:
        return True
    return mnemonic in ("mov", "movs", "ldr", "add", "subs") and operands.startswith("pc,")


class Follower:
    """Follows one function. What is at @detours belongs to whoever jumps there: the linker's own branches,
    some of which go back into the same function."""

    def __init__(self, function, code, at, detours):
        self.function, self.code, self.at, self.detours = function, code, at, detours
        self.tables = []		# depths at jump tables
        self.pointer = None		# depth that r7 points at, in functions with a frame pointer
        self.updates = {}
        self.work = []

    def go_to(self, address, depth):
        before = self.function.depth_at.get(address)
        if address not in self.at or before is not None and before >= depth:
            return
        self.updates[address] = self.updates.get(address, 0) + 1
        if self.updates[address] > UPDATES_MAX:
            self.function.odd.add("grows in a loop at %x" % address)
            return
        self.function.depth_at[address] = depth
        self.work.append(address)

    def follow(self):
        self.go_to(self.function.start, 0)
        self.drain()
        # The cases of a jump table are only reached through it, at the depth that it has.
        for address in range(self.function.start, self.function.end, 2):
            if self.tables and address in self.at and address not in self.function.depth_at:
                _, mnemonic, _, operands = self.code[self.at[address]]
                if not mnemonic.startswith((".", "nop")) and (mnemonic, operands) != ("movs", "r0, r0"):
                    self.go_to(address, max(self.tables))
                    self.drain()

    def drain(self):
        while self.work:
            self.step(self.work.pop())

    def step(self, address):
        index = self.at[address]
        _, mnemonic, condition, operands = self.code[index]
        if mnemonic.startswith("."):
            return
        depth = self.function.depth_at[address]
        after = index + 1 < len(self.code) and self.code[index + 1][0]
        if after >= self.function.end and address not in self.detours:		# into the next one, unless what is called does not return
            if mnemonic not in ("bl", "blx", "nop", "b", "bx") and not is_return(mnemonic, operands):
                self.note_call(after, depth, True)
            after = None
        if mnemonic in ("bl", "blx", "b", "bx", "cbz", "cbnz"):
            self.branch(mnemonic, operands, depth, condition, after)
            return
        if mnemonic in ("tbb", "tbh") or mnemonic == "ldr" and JUMP_TABLE.match(operands):
            self.tables.append(depth)
            return
        if is_return(mnemonic, operands):
            self.leave(mnemonic, operands, depth)
            if condition:
                self.go_to(after, depth)
            return
        self.keep_pointer(mnemonic, operands, depth)
        change = stack_change(mnemonic, operands)
        if mnemonic == "mov" and operands == "sp, r7" and self.pointer is not None:
            change = self.unwound(index) - depth
        self.pass_on(address, depth, change, condition, after)

    def keep_pointer(self, mnemonic, operands, depth):
        """The frame pointer is set once, and moved right before it is taken back."""
        number = NUMBER.search(operands)
        if mnemonic == "mov" and operands == "r7, sp":
            self.pointer = depth
        elif mnemonic in ("add", "addw") and operands.startswith("r7, sp, #"):
            self.pointer = depth - int(number[1])

    def unwound(self, index):
        """The depth after "mov sp, r7", before which r7 may be moved."""
        _, mnemonic, _, operands = self.code[index - 1]
        moved = re.match(r"r7, (?:r7, )?#(\d+)$", operands) if mnemonic in ("add", "adds") else None
        return self.pointer - (int(moved[1]) if moved else 0)

    def leave(self, mnemonic, operands, depth):
        if mnemonic in ("mov", "movs", "ldr", "add") and operands != "pc, lr" and "[sp], #4" not in operands:
            self.function.odd.add("%s %s" % (mnemonic, operands))
            self.note_indirect(depth, True)

    def pass_on(self, address, depth, change, condition, after):
        if change is None:
            self.function.odd.add("the stack pointer is computed at %x" % address)
            change = 0
        if condition:
            change = max(change, 0)
        self.function.frame = max(self.function.frame, depth + change)
        self.go_to(after, depth + change)

    def note_indirect(self, depth, tail):
        key = (depth, tail)
        self.function.indirect[key] = self.function.indirect.get(key, 0) + 1

    def note_call(self, target, depth, tail):
        key = (target, tail)
        self.function.calls[key] = max(self.function.calls.get(key, 0), depth)

    def branch(self, mnemonic, operands, depth, condition, after):
        target = TARGET.match(operands)
        target = int(target[1], 16) if target else None
        jumps = mnemonic in ("b", "bx")
        if mnemonic in ("bl", "blx", "bx"):
            if target is not None:
                self.note_call(target, depth, False)
            elif operands != "lr" or mnemonic == "blx":
                self.note_indirect(depth, jumps)
        elif target is not None and (self.function.start <= target < self.function.end or
                                     target in self.detours):
            self.go_to(target, depth)
        elif target is not None:
            self.note_call(target, depth, True)
        if not jumps or condition:
            self.go_to(after, depth)


def functions(vmlinux):
    """{address: Function}, and {address: [names]}."""
    names = symbols(vmlinux)
    code = instructions(vmlinux)
    at = {row[0]: index for index, row in enumerate(code)}
    ends = [address for address, _ in names[1:]] + [names[-1][0] + 0x10000]
    found = {}
    detours = {address for (start, aliases), end in zip(names, ends) if aliases[0].startswith(NAMELESS)
               for address in range(start, end, 2)}
    for (address, aliases), end in zip(names, ends):
        if address in at:
            found[address] = Function(aliases[0], address, end)
            Follower(found[address], code, at, detours).follow()
    return found, dict(names)


def holding(starts, address):
    """The start of the function that @address is in. @starts: in order"""
    return starts[bisect.bisect_right(starts, address) - 1]
