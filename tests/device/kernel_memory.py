# SPDX-License-Identifier: Apache-2.0
"""The kernel's structures on a stopped device, read from outside in its saved RAM.

So the device can be the product to the byte: no program on it helps.  The layout of the structures
comes from the compiler (golden/offsets.c), the addresses of variables from vmlinux: the kernel is
linked for one place.  What it has in flash, names among it, is read from its image.
"""

import functools
import os
import re
import shlex
import struct
import subprocess

from images import KERNEL, flash_map
from qemu import BUILD

OFFSETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden", "offsets.c")
SOURCE = os.path.join(BUILD, "kernel", "src")
OUT = os.path.join(BUILD, "kernel", "out")
CROSS = os.environ.get("CROSS", "arm-linux-gnueabihf-")

# An object of the kernel proper, whose command compiles offsets.c too.
COMMAND_OF = "kernel/fork.o"

NUMBERS = {1: "<B", 2: "<H", 4: "<I", 8: "<Q"}
POINTER_BYTES = 4
LONGEST_TEXT = 256
LONGEST_LIST = 1024


class Damaged(Exception):
    """The dump is not what a sound kernel leaves, or is of another kernel."""


# What the build knows of the kernel.

def output(*command, out=OUT):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=out).stdout


def compile_command(out=OUT, offsets=OFFSETS, command_of=COMMAND_OF):
    """How the kernel's build made @command_of, but without writing to the build folder."""
    folder, name = os.path.split(command_of)
    with open(os.path.join(out, folder, ".%s.cmd" % name), encoding="utf-8") as file:
        line = file.readline()
    words = shlex.split(line.split(":=", 1)[1].split(" ; ")[0])
    words = [word for word in words if not word.startswith("-Wp,-MMD")]
    end = words.index("-c")
    assert words[end + 1:end + 3] == ["-o", command_of], words[end:]
    return words[:end] + ["-I" + SOURCE, "-S", "-o", "-", offsets]


@functools.lru_cache(maxsize=None)
def layout(out=OUT, offsets=OFFSETS, command_of=COMMAND_OF):
    """{"struct.member": (offset, bytes)}, and {"NAME": (value, 0)} of constants."""
    text = output(*compile_command(out, offsets, command_of), out=out).decode()
    rows = re.findall(r'"->(\S+) #?(-?\d+) #?(\d+)"', text)
    return {name: (int(value), int(size)) for name, value, size in rows}


def constant(name):
    return layout()[name][0]


@functools.lru_cache(maxsize=None)
def symbols(out=OUT):
    """The addresses of the kernel's functions and variables."""
    text = output(CROSS + "nm", os.path.join(out, "vmlinux"), out=out).decode()
    rows = (line.split() for line in text.splitlines())
    return {row[2]: int(row[0], 16) for row in rows if len(row) == 3}


@functools.lru_cache(maxsize=None)
def kernel_image():
    """The kernel as it is in flash, which must be the one whose addresses we know."""
    with open(KERNEL, "rb") as file:
        image = file.read()
    with open(os.path.join(OUT, "arch", "arm", "boot", "xipImage"), "rb") as file:
        if file.read() != image:
            raise Damaged("%s is not of the last build in %s" % (KERNEL, OUT))
    return image


def saved_ram(device, folder):
    """Stops the device, and lets it go on when its RAM is saved; that."""
    path = os.path.join(folder, "ram")
    device.qmp("stop")
    size = device.qmp("query-memory-size-summary")["base-memory"]
    device.qmp("pmemsave", val=flash_map("RAM_BASE"), size=size, filename=path)
    device.qmp("cont")
    with open(path, "rb") as file:
        return file.read()


# What the dump holds.

class Memory:
    """Reads by addresses of the kernel: @parts are (start, bytes) of each area, @layout is that of layout()."""

    def read(self, address, size):
        for base, data in self.parts:
            if base <= address and address + size <= base + len(data):
                return data[address - base:address - base + size]
        raise Damaged("0x%08x is neither RAM nor the kernel's image" % address)

    def word(self, address):
        return struct.unpack("<I", self.read(address, 4))[0]

    def member(self, address, name):
        return self.word(address + self.layout[name][0])


class KernelMemory(Memory):
    """The RAM of a stopped device, by the kernel's addresses and names."""

    def __init__(self, ram):
        self.parts = ((constant("PAGE_OFFSET"), ram), (symbols()["_text"], kernel_image()))

    def flip(self, address):
        """The lowest bit of the byte at @address of RAM: for tests of what reads it."""
        base, ram = self.parts[0]
        ram[address - base] ^= 1

    def member(self, address, name):
        """A member of the structure at @address: a number, or bytes if it is larger than one."""
        offset, size = layout()[name]
        data = bytes(self.read(address + offset, size))
        return struct.unpack(NUMBERS[size], data)[0] if size in NUMBERS else data

    def follow(self, address, *names):
        """From pointer to pointer; the last member may be anything."""
        for name in names:
            address = self.member(address, name)
        return address

    def elements(self, address, first, count):
        """The @count numbers of an array at the end of a structure; @first as "struct.array[0]"."""
        size = layout()[first][1]
        return [self.member(address + size * i, first) for i in range(count)]

    def pointers(self, address, count):
        return struct.unpack("<%dI" % count, self.read(address, POINTER_BYTES * count))

    def text(self, address):
        for length in range(LONGEST_TEXT):
            if not any(self.read(address + length, 1)):
                return self.read(address, length).decode()
        raise Damaged("no end of the text at 0x%08x" % address)

    def list(self, head, node):
        """The structures in a list, without its head.  @node: their member that links them."""
        before = head
        for _ in range(LONGEST_LIST):
            entry = self.member(before, "list_head.next")
            if self.member(entry, "list_head.prev") != before:
                raise Damaged("the list at 0x%08x is broken" % head)
            if entry == head:
                return
            yield entry - layout()[node][0]
            before = entry
        raise Damaged("no end of the list at 0x%08x" % head)

    def is_idle(self):
        """Nothing runs, so nothing is half done."""
        return self.member(symbols()["runqueues"], "rq.curr") == symbols()["init_task"]

    def tasks(self):
        """The idle task, then one task for each process, thread groups' leaders."""
        idle = symbols()["init_task"]
        yield idle
        yield from self.list(idle + layout()["task_struct.tasks"][0], "task_struct.tasks")

    def threads(self, task):
        """All threads of a process, its leader included."""
        head = self.member(task, "task_struct.signal") + layout()["signal_struct.thread_head"][0]
        return list(self.list(head, "task_struct.thread_node"))
