#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""make hardening-cost: what the recommendations that are not taken would cost.

	hardening_cost.py [OPTION]...	only the groups with one of these options

Builds the product's kernel with each group of options, boots the product with it, and prints KiB of
RAM used and KB of flash more than the product: the column "cost" of kernel/hardening.txt.  About half
an hour; build/kernel/out-cost is its only output folder.
"""

import os
import subprocess
import sys
import tempfile

import measure
from images import BOARD, KERNEL, STRICT, flash_map, make_flash, run
from qemu import BUILD, TOP, DeviceError

OUT = os.path.join(BUILD, "kernel", "out-cost")
SOURCE = os.path.join(BUILD, "kernel", "src")
BASE = os.path.join(BUILD, "kernel", "out", "fragment.config")

# Options of kernel/hardening.txt, what is set besides them, and boot arguments.  Those that rebuild
# little come one behind the other.
GROUPS = (
    (("VMAP_STACK",), ("VMAP_STACK=y",), ""),
    (("ZERO_CALL_USED_REGS",), ("ZERO_CALL_USED_REGS=y",), ""),
    (("SLAB_FREELIST_RANDOM", "SLAB_FREELIST_HARDENED", "RANDOM_KMALLOC_CACHES", "SLAB_BUCKETS"),
     ("SLUB_TINY=n", "SLAB_FREELIST_RANDOM=y", "SLAB_FREELIST_HARDENED=y",
      "RANDOM_KMALLOC_CACHES=y", "SLAB_BUCKETS=y"), ""),
    (("SLAB_MERGE_DEFAULT",), (), "slab_nomerge"),
    (("SHUFFLE_PAGE_ALLOCATOR",), ("SHUFFLE_PAGE_ALLOCATOR=y",), "page_alloc.shuffle=1"),
    (("SECURITY_YAMA",), ("SECURITY_YAMA=y", 'LSM="yama,spherule"'), ""),
    (("SECURITY_LANDLOCK",), ("SECURITY_LANDLOCK=y", 'LSM="landlock,spherule"'), ""),
    (("SECURITY_LOCKDOWN_LSM",),
     ("SECURITY_LOCKDOWN_LSM=y", "LOCK_DOWN_KERNEL_FORCE_NONE=n",
      "LOCK_DOWN_KERNEL_FORCE_CONFIDENTIALITY=y", 'LSM="lockdown,spherule"'), ""),
    (("PROC_PAGE_MONITOR",), ("PROC_PAGE_MONITOR=n",), ""),
    (("HARDEN_BRANCH_PREDICTOR", "HARDEN_BRANCH_HISTORY"),
     ("HARDEN_BRANCH_PREDICTOR=y", "HARDEN_BRANCH_HISTORY=y"), ""),
    (("DEBUG_SG", "DEBUG_NOTIFIERS"), ("DEBUG_SG=y", "DEBUG_NOTIFIERS=y"), ""),
    (("VMSPLIT_3G",), ("VMSPLIT_1G=n", "VMSPLIT_3G=y", "ARM_USER_PGD_2K=n"), ""),
)


def set_lines(options):
    """Lines of a fragment for OPTION=value."""
    for option in options:
        name, value = option.split("=", 1)
        yield "# CONFIG_%s is not set" % name if value == "n" else "CONFIG_%s=%s" % (name, value)


def make(*arguments):
    command = ["make", "-C", SOURCE, "O=" + OUT, "ARCH=arm", "LOCALVERSION=",
               "CROSS_COMPILE=" + os.environ.get("CROSS", "arm-linux-gnueabihf-"),
               "KBUILD_BUILD_USER=spherule", "KBUILD_BUILD_HOST=spherule",
               "KBUILD_BUILD_TIMESTAMP=@0"] + list(arguments)
    with open(os.path.join(OUT, "cost.log"), "a", encoding="utf-8") as log:
        subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, check=True)


def build(options):
    """The kernel of the product with these options; every one of them must have been taken."""
    os.makedirs(OUT, exist_ok=True)
    fragment = os.path.join(OUT, "fragment.config")
    with open(BASE, encoding="utf-8") as base, open(fragment, "w", encoding="utf-8") as file:
        file.write(base.read() + "".join(line + "\n" for line in set_lines(options)))
    make("KCONFIG_ALLCONFIG=" + fragment, "allnoconfig")
    subprocess.run([os.path.join(TOP, "mk", "kernel-config-check"), fragment,
                    os.path.join(OUT, ".config")], check=True)
    make("-j2", "xipImage")
    return os.path.join(OUT, "arch", "arm", "boot", "xipImage")


def ram_kib(kernel, arguments):
    with tempfile.TemporaryDirectory() as folder:
        flash = make_flash(folder, kernel=kernel, bootargs=(STRICT + " " + arguments).strip())
        return measure.median_of(3, measure.ram_used_kib, flash, "4M", measure.COUNT_INSTRUCTIONS)


def static_kib(out):
    """The data of a kernel: what is known of the RAM of one that does not fit into flash."""
    text = run(os.environ.get("CROSS", "arm-linux-gnueabihf-") + "size", os.path.join(out, "vmlinux"))
    _, data, bss = map(int, text.splitlines()[1].split()[:3])
    return (data + bss) // 1024


def cost(options, arguments):
    """KiB of RAM and KB of flash more than the product's kernel."""
    kernel = build(options) if options else KERNEL
    flash = os.path.getsize(kernel) - os.path.getsize(KERNEL)
    if os.path.getsize(kernel) > flash_map("SLOT_KERNEL_BYTES"):
        ram = static_kib(OUT) - static_kib(os.path.dirname(BASE))
    else:
        ram = ram_kib(kernel, arguments) - ram_kib(KERNEL, "")
    return ram, round(flash / 1000, 1)


def main(wanted):
    if not os.path.exists(KERNEL):
        sys.exit("%s is missing: make build BOARD=%s first" % (KERNEL, BOARD))
    for names, options, arguments in GROUPS:
        if wanted and not set(wanted) & set(names):
            continue
        print("%s ..." % ", ".join(names), flush=True)
        try:
            ram, flash = cost(options, arguments)
        except (DeviceError, RuntimeError, subprocess.CalledProcessError) as error:
            print("    cannot be measured: %s" % str(error)[:300], flush=True)
            continue
        for name in names:
            print("    %s\t%g+%g" % (name, ram, flash), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
