# SPDX-License-Identifier: Apache-2.0
"""Hardening as it is on the running device, not as the build tree says: variables of the kernel in
the memory of the stopped product, and the places of an app's memory over a thousand runs."""

import re

from images import PRODUCT_APPS, make_flash
from kernel_memory import constant, layout, symbols
from qemu import Device
from test_processes import boot_and_look

INT_BYTES = 4

# What sysctls would set on a kernel that has them, and boot arguments on another (attacks.md, H-20 to
# H-22).  init_on_* and bypass_* are static keys, which count: 1 is on.
VARIABLES = {
    "kptr_restrict": 2, "dmesg_restrict": 1, "randomize_va_space": 2, "suid_dumpable": 0,
    "sysctl_protected_symlinks": 1, "sysctl_protected_hardlinks": 1, "sysctl_protected_fifos": 2,
    "sysctl_protected_regular": 2, "dac_mmap_min_addr": 32768, "mmap_min_addr": 32768,
    "panic_on_oops": 1, "panic_timeout": 5,
    "init_on_alloc": 1, "init_on_free": 1, "bypass_usercopy_checks": 0,
}

# Settings of IPv4 for interfaces, counted from 1; the first is no redirect, and is on.
DEVICE_SETTINGS = {"SHARED_MEDIA": 1, "ACCEPT_REDIRECTS": 0, "SECURE_REDIRECTS": 0,
                   "SEND_REDIRECTS": 0}

# Bits that change over 1,000 runs.  The program is linked for one place: it runs where it lies.
ASLR_LEAST_BITS = {"stack": 11, "mapping": 14, "heap": 13}


def number(memory, address):
    return int.from_bytes(memory.read(address, INT_BYTES), "little", signed=True)


def test_variables_of_the_kernel(folder):
    memory, _ = boot_and_look(folder, PRODUCT_APPS)
    found = {name: number(memory, symbols()[name]) for name in VARIABLES}
    assert found == VARIABLES, {name: (found[name], wanted) for name, wanted in VARIABLES.items()
                                if found[name] != wanted}
    for table in ("ipv4_devconf", "ipv4_devconf_dflt"):
        for name, wanted in DEVICE_SETTINGS.items():
            assert device_setting(memory, table, name) == wanted, (table, name)
    assert device_setting(memory, "ipv4_devconf_dflt", "ACCEPT_SOURCE_ROUTE") == 0


def device_setting(memory, table, name):
    first, size = layout()["ipv4_devconf.data[0]"]
    index = constant("IPV4_DEVCONF_" + name) - 1
    return number(memory, symbols()[table] + first + size * index)


def test_addresses_are_random(folder):
    with Device(make_flash(folder, ("aslr",)), limit_s=180) as device:
        device.wait_for(r"aslr: done$")
        bits = {name: int(count) for name, count in
                re.findall(r"aslr: (\w+) changes in (\d+) bits", device.console)}
        assert "failed" not in device.console, device.console
    for name, least in ASLR_LEAST_BITS.items():
        assert bits[name] >= least, bits
    assert bits["text"] == 0, bits
