# SPDX-License-Identifier: Apache-2.0
"""Connections whose end no memory was there for: the program tests/warden/orphan.c as pid 1 of the kernel whose
allocations can be made to fail."""

import re

from faults import FAULTS_KERNEL
from images import make_flash
from qemu import Device
from warden import make_root, pack_root, program_of


def refusals(folder):
    """{number of the allocation of close() that was refused: what became of the connection}"""
    root = pack_root(make_root(folder, program_of("orphan"), ()))
    with Device(make_flash(folder, (), kernel=FAULTS_KERNEL, system=(root,)), limit_s=300) as device:
        device.wait_for(r"orphan: done, \d+ refusals$")
        return dict(re.findall(r"^orphan: refusal (\d+) of close\(\): (\w+)$", device.console.replace("\r", ""), re.M))
