# SPDX-License-Identifier: Apache-2.0
"""How deep the kernel's stacks were used on a stopped device, from outside, in its saved RAM.

A page is zeroed when it is given out, so the lowest word of a stack that is not zero, but for the canary
in its last word, was written: the mark of high water. A frame whose lowest words stayed zero is not
seen, so a mark is what was used at least. What the worst case is, tests/stack computes.

Ram.look() gives the memory; high_water() its stacks, in bytes from the top.
"""

import collections
import struct

CANARY = 0x57ac6e9d		# STACK_END_MAGIC of linux/magic.h
WORD_BYTES = 4
INTERRUPTS = "interrupts"

# @kind: "thread" of the kernel, "process", or "interrupts"; @used and @size in bytes; @canary: is it whole?
Stack = collections.namedtuple("Stack", "name kind used size canary")


def used_bytes(data):
    """Of the stack that is @data, its lowest word first, which is the canary's."""
    words = struct.unpack("<%dI" % (len(data) // WORD_BYTES), data)
    return next((len(data) - WORD_BYTES * at for at, word in enumerate(words) if at and word), 0)


def stack_at(memory, name, kind, address):
    data = memory.read(address, memory.number("THREAD_SIZE"))
    canary = struct.unpack_from("<I", data)[0]
    return Stack(name, kind, used_bytes(data), len(data), canary == CANARY)


def stack_of_task(memory, task):
    kind = "thread" if memory.is_thread_of_kernel(task) else "process"
    return stack_at(memory, memory.name(task), kind, memory.member(task, "task_struct.stack"))


def high_water(memory):
    """[Stack] of every thread and of the interrupts, the deepest first. @memory: a Ram of ram.py.
    The interrupts' stack has no canary: the scheduler, which looks, never runs on it."""
    stacks = [stack_of_task(memory, task) for task in memory.tasks]
    top = memory.word(memory.symbols["irq_stack_ptr"])
    stacks.append(stack_at(memory, INTERRUPTS, INTERRUPTS, top - memory.number("THREAD_SIZE")))
    return sorted(stacks, key=lambda stack: -stack.used)
