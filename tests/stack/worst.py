# SPDX-License-Identifier: Apache-2.0
"""The worst case of the kernel's stacks, entry by entry: "make stack".

calls.txt has what each function of the kernel may call indirectly.  It is made of a second compilation
(facts.py) that takes some minutes, and kept in the tree, so that the tests need the product only.  It is
of one version of the kernel, which its first line says, and of one configuration.

	worst.py		the table of entries and the deepest ways, from calls.txt
	worst.py --make	makes calls.txt first
"""

import collections
import os
import re
import struct
import sys

import compile as compilation
import elf
import facts
import graph
import limits

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.environ.get("BUILD", os.path.join(HERE, "..", "..", "build"))
OUT = os.path.join(BUILD, "kernel", "out")
CALLS, LIMITS = (os.path.join(HERE, name) for name in ("calls.txt", "limits.txt"))
RELEASE = re.compile(r"Linux version (\S+)")

STACK_BYTES = 8192
ABOVE_REGISTERS = 8		# THREAD_START_SP of arch/arm/include/asm/thread_info.h
REGISTERS = 72			# struct pt_regs of an entry from a program
ARGUMENTS = 8			# S_OFF of entry-header.S: the fifth and sixth argument
SYSCALL_ENTRY = ABOVE_REGISTERS + REGISTERS + ARGUMENTS
USER_ENTRY = ABOVE_REGISTERS + REGISTERS
ATOMIC = frozenset(("memory", "schedule", "fault"))
DEEPEST = 10

# Functions of assembly that call what they are given, and what that is: nothing on this stack, a
# function that another row starts with, or a place in the same function.
ASSEMBLY = ("_text", "_stext", "cpu_resume_mmu", "cpu_v7_reset", "ret_from_fork", "vfp_get_float",
            "vfp_put_float", "vfp_get_double", "vfp_put_double", "cpu_resume_arm", "no_hyp",
            "__hyp_stub_do_trap", "call_with_stack", "arm_copy_from_user", "arm_copy_to_user", "Ldiv0_64",
            "Ldiv0", "memcpy", "memmove")

# What is named in docs/stacks.md beside the classes of entries.
SUBSYSTEMS = ("netlink_sendmsg", "nfnetlink_rcv_batch", "cgroup_file_write", "littlefs_write_iter",
              "littlefs_read_iter", "mtdchar_write", "unix_stream_sendmsg", "tcp_sendmsg", "do_exit",
              "load_elf_binary", "do_mount", "do_try_to_free_pages", "vprintk_emit")

Row = collections.namedtuple("Row", "kind name bytes address atomic")


def release(path):
    with open(path, "rb") as file:
        return RELEASE.search(file.read().decode("latin-1"))[1]


def objects(out):
    """{object: the names of its own functions}"""
    found = {}
    for name in compilation.members(out):
        if compilation.saved_command(out, name):
            found[name] = {symbol.name for symbol in elf.Elf(os.path.join(out, name)).symbols
                           if symbol.is_local and symbol.type == elf.FUNCTION}
    return found


def make_calls(out, made, path):
    names = compilation.compile_all(out, made)
    vmlinux = elf.Elf(os.path.join(out, "vmlinux"))
    known = facts.Facts(made, names, {symbol.name for symbol in vmlinux.symbols
                                      if symbol.type == elf.FUNCTION and not symbol.is_local})
    known.solve()
    resolved = graph.Names(vmlinux, known.locals)
    groups = collections.defaultdict(set)
    for caller, called in known.targets().items():
        if resolved.addresses(caller):
            groups[tuple(sorted(name for name in called if resolved.addresses(name)))].add(caller)
    with open(path, "w", encoding="ascii") as file:
        file.write("# %s: who calls what indirectly; made by \"make stack\"\n" % release(
            os.path.join(out, "vmlinux")))
        for called, callers in sorted(groups.items(), key=lambda row: sorted(row[1])):
            file.write("%s > %s\n" % (" ".join(sorted(callers)), " ".join(called)))
    return known


def read_calls(path):
    """(the kernel's release, {caller: [called]})"""
    with open(path, encoding="ascii") as file:
        lines = file.read().splitlines()
    found = {}
    for line in lines[1:]:
        callers, _, called = line.partition(" >")
        found.update({caller: called.split() for caller in callers.split()})
    return lines[0][2:].split(":")[0], found


class Stacks:
    """The product's kernel, with what calls.txt and limits.txt say of it."""

    def __init__(self, out=OUT, calls=CALLS, table=LIMITS):
        vmlinux = os.path.join(out, "vmlinux")
        self.graph = graph.Graph(vmlinux)
        self.names = graph.Names(self.graph.vmlinux, objects(out))
        self.release, self.calls = read_calls(calls)
        self.same_release = self.release == release(vmlinux)
        targets = collections.defaultdict(set)
        self.missing = set()
        for caller, called in self.calls.items():
            self.missing.update(name for name in [caller] + called if not self.names.addresses(name))
            for address in self.names.addresses(caller):
                targets[address].update(one for name in called for one in self.names.addresses(name))
        self.not_calling = [self.graph.name[address] for address in self.graph.add_indirect(targets)]
        self.not_listed = sorted(self.graph.name[address] for address, one in self.graph.functions.items()
                                 if one.indirect and address not in targets)
        self.limits = limits.Limits(self.graph, limits.read(table))
        self.limits.prepare()

    def depth(self, address, atomic=False):
        return self.limits.rounds(self.allowed(atomic))[-1][0][address]

    def allowed(self, atomic):
        return frozenset(self.limits.group_of.values()) - (ATOMIC if atomic else frozenset())

    def system_calls(self):
        table = next(one for one in self.graph.vmlinux.symbols if one.name == "sys_call_table")
        section = self.graph.vmlinux.sections[table.section]
        start = table.value - section.address
        end = next(one.value for one in sorted(self.graph.vmlinux.symbols, key=lambda one: one.value)
                   if one.value > table.value and one.section == table.section and one.name)
        words = struct.unpack_from("<%dI" % ((end - table.value) // 4), section.data, start)
        return {word & ~1 for word in words if word & ~1 in self.graph.functions}

    def entries(self):
        """[Row] of each entry, with the registers that it saves."""
        rows = [self.row("system call", address, SYSCALL_ENTRY) for address in self.system_calls()]
        for name in ("do_DataAbort", "do_PrefetchAbort", "do_undefinstr", "do_work_pending", "vfp_support_entry"):
            if name in self.graph.address:
                rows.append(self.row("exception", self.graph.address[name], USER_ENTRY))
        rows += [self.row("thread", address, ABOVE_REGISTERS) for address in self.of("kthread")]
        rows += [self.row("work item", address, self.worker())
                 for address in self.of("process_scheduled_works")]
        rows.append(self.row("interrupt", self.graph.address["generic_handle_arch_irq"], 0, True))
        return sorted(rows, key=lambda row: -row.bytes)

    def of(self, caller):
        """What a function calls indirectly, by calls.txt."""
        return {address for name in self.calls[self.key(caller)] for address in self.names.addresses(name)}

    def key(self, name):
        return next(key for key in self.calls if key == name or key.endswith(":" + name))

    def worker(self):
        calls = self.graph.calls
        way = ("kthread", "worker_thread", "process_scheduled_works")
        addresses = [self.graph.address[name] for name in way]
        depth = sum(calls[one].get(two, 0) for one, two in zip(addresses, addresses[1:]))
        return ABOVE_REGISTERS + depth + max(depth for depth, _ in self.graph.functions[addresses[-1]].indirect)

    def row(self, kind, address, above, atomic=False):
        return Row(kind, self.graph.name[address], above + self.depth(address, atomic), address, atomic)

    def interrupted(self):
        """What an interrupt takes of the stack that it interrupts, before it goes to its own."""
        return self.graph.functions[self.graph.address["__irq_svc"]].frame + \
            self.graph.functions[self.graph.address["call_with_stack"]].frame

    def interrupt_stack(self):
        """Softirqs, and an interrupt on top of them, on the stack of interrupts."""
        return self.depth(self.graph.address["generic_handle_arch_irq"], True) + \
            self.graph.functions[self.graph.address["__irq_svc"]].frame + self.hard()

    def hard(self):
        return self.depth(self.graph.address["gic_handle_irq"], True) + \
            self.graph.calls[self.graph.address["generic_handle_arch_irq"]].get(
                self.graph.address["gic_handle_irq"], 0)

    def chain(self, row):
        return " > ".join("%s %d" % (self.graph.name[address], size) for address, size in
                          self.limits.chain(row.address, self.allowed(row.atomic)))


def worst_case(stacks):
    """(bytes, name): of a thread's stack, with an interrupt at the deepest place."""
    row = next(row for row in stacks.entries() if row.kind != "interrupt")
    return row.bytes + stacks.interrupted(), row.name


def margin_percent(bytes_used):
    return round(100 * (1 - bytes_used / STACK_BYTES), 1)


def print_report(stacks):
    rows = stacks.entries()
    print("| entry | how many | deepest | bytes | of them over 3,072 |\n|---|---|---|---|---|")
    for kind in ("system call", "exception", "thread", "work item", "interrupt"):
        found = [row for row in rows if row.kind == kind]
        if found:
            print("| %s | %d | `%s` | %d | %d |" % (kind, len(found), found[0].name, found[0].bytes,
                                                  sum(row.bytes > 3072 for row in found)))
    print("\ninterrupt at the deepest place: %d more; stack of interrupts: %d" % (
        stacks.interrupted(), stacks.interrupt_stack()))
    print("\n| below | bytes |\n|---|---|")
    for name in SUBSYSTEMS:
        address = stacks.graph.address.get(name)
        if address is not None:
            print("| `%s` | %d |" % (name, stacks.depth(address)))
    print("\nThe largest frames:\n")
    frames = sorted(stacks.graph.functions.values(), key=lambda one: -one.frame)[:2 * DEEPEST]
    print(", ".join("`%s` %d" % (one.name, one.frame) for one in frames))
    print("\nThe deepest ways:\n")
    for row in rows[:DEEPEST]:
        print("%d %s: %s\n" % (row.bytes, row.kind, stacks.chain(row)))
    used, name = worst_case(stacks)
    print("worst case: %d of %d bytes, by %s; margin %s %%" % (used, STACK_BYTES, name, margin_percent(used)))


def refuse_unresolved(known):
    left = ["%s: %s" % (site.function, "; ".join(reasons)[:200]) for site, reasons in known.unresolved()]
    if left:
        sys.exit("nobody knows all that these call (ACCEPTED of facts.py):\n" + "\n".join(left))


def main():
    if "--make" in sys.argv:
        refuse_unresolved(make_calls(OUT, os.path.join(BUILD, "stack"), CALLS))
    print_report(Stacks())


if __name__ == "__main__":
    main()
