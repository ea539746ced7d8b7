# SPDX-License-Identifier: Apache-2.0
"""kernel/hardening.txt against the configuration of the product's kernel and its boot arguments."""

import os
import re

from images import BUILD, device_trees, run
from qemu import TOP

TABLE = os.path.join(TOP, "kernel", "hardening.txt")
CONFIG = os.path.join(BUILD, "kernel", "out", ".config")

# What must not be among the boot arguments: each weakens what the configuration chose.
WEAKENING = (r"nokaslr", r"norandmaps", r"rodata=off", r"lsm=", r"security=", r"init_on_alloc=0",
             r"init_on_free=0", r"hardened_usercopy=off", r"proc_mem\.force_override=",
             r"mitigations=off", r"rdinit=", r"sysctl\.", r"debugfs=", r"slub_debug")


def rows():
    """[option, recommended, here, cost, reason] of each row."""
    with open(TABLE, encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                yield (line.rstrip("\n").split("\t") + ["", ""])[:5]


def configuration():
    with open(CONFIG, encoding="utf-8") as file:
        return dict(re.findall(r"^CONFIG_(\w+)=(.*)$", file.read(), re.M))


def test_table_is_true_of_the_kernel(folder):
    del folder
    found = configuration()
    wrong = ["%s is %s, the table says %s" % (option, found.get(option, "n"), here)
             for option, _, here, _, _ in rows() if found.get(option, "n") != here]
    assert not wrong, "\n".join(wrong)


def test_each_departure_has_reason_and_cost(folder):
    del folder
    options = [row[0] for row in rows()]
    assert len(options) == len(set(options)) >= 120, "an option twice, or rows missing"
    for option, recommended, here, cost, reason in rows():
        if here == recommended:
            assert not cost and not reason, option
        else:
            assert reason, "%s: no reason" % option
            assert re.fullmatch(r"none|-?[\d.]+\+-?[\d.]+", cost), "%s: cost %r" % (option, cost)


def test_boot_arguments_weaken_nothing(folder):
    """They are fixed in the device trees, which lie in flash with the kernel."""
    del folder
    for tree in device_trees(None, ""):
        arguments = run("fdtget", tree, "/chosen", "bootargs").split()
        for argument in arguments:
            assert not any(re.match(weak, argument) for weak in WEAKENING), argument
        assert arguments.count("init=/bin/appman") == 1, arguments
