# SPDX-License-Identifier: Apache-2.0
"""The worst case of the kernel's stacks, computed of the product's kernel (tests/stack), and whether what
it is computed with is true of that kernel."""

import os
import subprocess
import sys

import budgets
from qemu import TOP

sys.path.append(os.path.join(TOP, "tests", "stack"))
import compile as compilation		# pylint: disable=wrong-import-position
import limits				# pylint: disable=wrong-import-position
import worst				# pylint: disable=wrong-import-position

# They set the stack pointers of other modes of the processor.
OTHER_MODES = ("cpu_init",)

# Compiled again with the compiler's own account of frames.
SAMPLE = ("fs/littlefs/log.o", "fs/select.o", "net/netfilter/nf_tables_core.o", "kernel/seccomp.o")
LEAST_SAMPLE = 50


def test_worst_case_of_stacks(folder):
    stacks = worst.Stacks()
    check_frames(stacks, folder)
    if not stacks.same_release:
        print("note: calls.txt is of another kernel; \"make stack\" makes it anew")
        return
    assert not stacks.missing, "calls.txt names what is not there: %s" % sorted(stacks.missing)
    assert not stacks.not_calling, "these call nothing indirectly: %s" % stacks.not_calling
    assert set(stacks.not_listed) == set(worst.ASSEMBLY), set(stacks.not_listed) ^ set(worst.ASSEMBLY)
    odd = [name for name in stacks.calls if name not in OTHER_MODES for address in stacks.names.addresses(name)
           if stacks.graph.functions[address].odd]
    assert not odd, "stacks of variable size, or of a kind that nobody follows: %s" % odd
    assert not stacks.limits.unused, "limits.txt names what is not there: %s" % stacks.limits.unused
    budgets.check("stack_worst_bytes", worst.worst_case(stacks)[0])
    budgets.check("stack_interrupt_bytes", stacks.interrupt_stack())
    check_unknown_cycle(stacks)


def check_frames(stacks, folder):
    """Each frame is what the compiler says; one that takes variable arguments is larger by registers."""
    names = [name for name in stacks.graph.name.values()]
    single = {name for name in names if names.count(name) == 1}
    checked = 0
    for name in SAMPLE:
        for function, size in compiler_frames(name, folder):
            if function in single:
                found = stacks.graph.functions[stacks.graph.address[function]].frame
                assert size <= found <= size + 16, (function, found, size)
                checked += 1
    assert checked >= LEAST_SAMPLE, checked


def compiler_frames(name, folder):
    words = compilation.saved_command(worst.OUT, name)
    target = os.path.join(folder, os.path.basename(name))
    words[words.index("-o") + 1] = target
    subprocess.run(words + ["-fstack-usage"], cwd=worst.OUT, check=True)
    with open(target[:-2] + ".su", encoding="utf-8") as file:
        for line in file:
            place, size, kind = line.rstrip("\n").split("\t")
            assert kind == "static", line
            yield place.rpartition(":")[2], int(size)


def check_unknown_cycle(stacks):
    """A recursion that limits.txt does not know is refused."""
    address = stacks.graph.address
    stacks.graph.add(address["lfs_read"], address["littlefs_write_iter"], 8)
    try:
        stacks.limits.prepare()
    except limits.Wrong as error:
        assert "lfs_read" in str(error), error
        return
    raise AssertionError("a cycle that nobody knows was not seen")
