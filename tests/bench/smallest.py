#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""make smallest: with how little RAM a kernel reaches pid 1, Debian's beside ours.

Pid 1 is the same static program (tests/warden/first.c), for Debian's in an initramfs.  Debian's kernel starts
without a boot loader that would take memory itself: QEMU puts the kernel, its archive and the device
tree to the end of RAM, where the unpacked kernel comes last.  The search halves a range; that more RAM
never makes it fail is taken for granted.
"""

import functools
import glob
import os
import re
import subprocess
import sys
import tempfile

import measure		# first: it says where the modules of the device tests are
import peer_images
from images import KERNEL, flash_map, make_flash, run
from qemu import BUILD, TOP, Device, DeviceError
from warden import make_root, pack_root, program_of

DEBIAN = os.path.join(BUILD, "debian-kernel")
STUB = os.path.join(TOP, "tests", "debian", "stub.S")
CROSS = os.environ.get("CROSS", "arm-linux-gnueabihf-")
MACHINE = ("qemu-system-arm", "-M", "virt,highmem=off", "-cpu", "cortex-a7", "-display", "none",
           "-nic", "none", "-no-reboot", "-monitor", "none", "-serial", "stdio")
HERE = re.compile(r"^first: here, (\d+) of \d+ pages are used$", re.M)
# A kernel that dies before it has a console says nothing and does not end: what Debian's has, and ours.
DEBIAN_LIMIT_S, OUR_LIMIT_S = 120, 40
PAGE_BYTES, TREE_ROOM = 4096, 64 << 10
DECOMPRESSOR_ROOM = 256 << 10	# its variables, stack and heap are behind the compressed kernel
MIB = 1024			# in KiB

# KiB: too little, enough, how exact.
DEBIAN_RANGE, OUR_RANGE = (16 * MIB, 64 * MIB, MIB), (MIB, 4 * MIB, MIB)


def search(starts, too_little, enough, step):
    """The least number of KiB with which @starts is true."""
    if starts(too_little) or not starts(enough):
        raise RuntimeError("not between %d and %d KiB" % (too_little, enough))
    while enough - too_little > step:
        middle = (too_little + enough) // 2 // step * step
        if starts(middle):
            enough = middle
        else:
            too_little = middle
    return enough


# Debian's kernel.

def align_down(number):
    return number & -PAGE_BYTES


def vmlinuz():
    path, = glob.glob(os.path.join(DEBIAN, "boot", "vmlinuz-*"))
    return path


def make_archive(folder):
    with open(program_of("first"), "rb") as file:
        program = file.read()
    entries = (("dev", 0o40755, b""), ("proc", 0o40755, b""), ("init", 0o100755, program))
    archive = b"".join(peer_images.cpio_entry(number, name, mode, data)
                       for number, (name, mode, data) in enumerate(entries))
    path = os.path.join(folder, "archive")
    with open(path, "wb") as file:
        file.write(archive + peer_images.cpio_entry(0, "TRAILER!!!", 0, b""))
    return path


def make_tree(folder, ram_kib, archive):
    """The device tree that QEMU makes for so much RAM, with the place of the archive."""
    tree = os.path.join(folder, "tree")
    subprocess.run(MACHINE[:1] + ("-M", MACHINE[2] + ",dumpdtb=" + tree) + MACHINE[3:] +
                   ("-m", "%dK" % ram_kib), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    run("fdtput", "-t", "s", tree, "/chosen", "bootargs", "console=ttyAMA0 panic=-1 cma=0")
    for name, address in zip(("start", "end"), archive):
        run("fdtput", "-t", "x", tree, "/chosen", "linux,initrd-" + name, "%x" % address)
    return tree


def make_stub(folder, kernel, tree):
    stub = os.path.join(folder, "stub")
    run(CROSS + "gcc", "-nostdlib", "-static", "-no-pie", "-Wl,-Ttext=0,--build-id=none",
        "-DZIMAGE=0x%x" % kernel, "-DTREE=0x%x" % tree, "-o", stub + ".elf", STUB)
    run(CROSS + "objcopy", "-O", "binary", stub + ".elf", stub)
    return stub


def debian_command(folder, ram_kib):
    """QEMU with everything in its place, from the end of RAM down: tree, archive, kernel."""
    archive, kernel = make_archive(folder), vmlinuz()
    tree_at = flash_map("RAM_BASE") + ram_kib * 1024 - TREE_ROOM
    archive_at = align_down(tree_at - os.path.getsize(archive))
    kernel_at = align_down(archive_at - DECOMPRESSOR_ROOM - os.path.getsize(kernel))
    tree = make_tree(folder, ram_kib, (archive_at, archive_at + os.path.getsize(archive)))
    command = MACHINE + ("-m", "%dK" % ram_kib, "-bios", make_stub(folder, kernel_at, tree_at))
    for path, address in ((kernel, kernel_at), (archive, archive_at), (tree, tree_at)):
        command += ("-device", "loader,file=%s,addr=0x%x,force-raw=on" % (path, address))
    return command


@functools.lru_cache(maxsize=None)
def debian_console(ram_kib):
    with tempfile.TemporaryDirectory() as folder:
        try:
            result = subprocess.run(debian_command(folder, ram_kib), stdin=subprocess.DEVNULL,
                                    stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                    timeout=DEBIAN_LIMIT_S, check=False)
            text = result.stdout
        except subprocess.TimeoutExpired as expired:
            text = expired.stdout or b""
    return text.decode("utf-8", "replace").replace("\r", "")


def debian_starts(ram_kib):
    return bool(HERE.search(debian_console(ram_kib)))


# Ours: the device tree may tell of less RAM than there is.

@functools.lru_cache(maxsize=None)
def our_console(ram_kib):
    with tempfile.TemporaryDirectory() as folder:
        image = pack_root(make_root(folder, program_of("first"), ()))
        flash = make_flash(folder, (), kernel=KERNEL, bootargs="loglevel=4", system=(image,), ram_kib=ram_kib)
        with Device(flash, limit_s=OUR_LIMIT_S, expect_trouble=True,
                    arguments=measure.COUNT_INSTRUCTIONS) as device:
            try:
                device.wait_for(HERE.pattern + r"|Kernel panic|monitor: E")
            except DeviceError:
                pass
            return device.console


def we_start(ram_kib):
    return bool(HERE.search(our_console(ram_kib)))


def used_kib(console):
    return int(HERE.search(console)[1]) * PAGE_BYTES // 1024


def measure_all():
    """The least RAM to pid 1, and what is used then: pages that the kernel has, and its image is not in RAM
    for ours."""
    debian = search(debian_starts, *DEBIAN_RANGE)
    ours = search(we_start, *OUR_RANGE)
    return {"smallest_ram_debian_kib": debian, "smallest_ram_kib": ours,
            "smallest_ram_debian_used_kib": used_kib(debian_console(debian)),
            "smallest_ram_used_kib": used_kib(our_console(ours))}


def main():
    for key, value in measure_all().items():
        print("%-32s %10s" % (key, "{:,}".format(value)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
