# SPDX-License-Identifier: Apache-2.0
"""Allocations that fail on a running device: the kernel's own fault injection, turned on and off from outside.

The kernel is the product's with kernel/config/faults.config.  It has no debugfs and no sysctls, so its
variables are written where they are, in RAM.  What may wait for memory fails too, which the boot arguments
of the kernel cannot say; allocations that must not fail do not.  Each @every-th call fails, and how many did
is read from what is left of the times.
"""

import os
import struct

from images import KERNEL, flash_map
from kernel_memory import layout, symbols
from qemu import BUILD

FAULTS_KERNEL = KERNEL + "-faults"
OUT = os.path.join(BUILD, "kernel", "out-faults")
OFFSETS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden", "fault_offsets.c")
TIMES = 1 << 30			# more than there will be

# Of each variable what it must not look at: whether the caller could wait, how many pages there are.
ZEROS = {"failslab": ("failslab.ignore_gfp_reclaim",),
         "fail_page_alloc": ("fail_page_alloc.ignore_gfp_highmem", "fail_page_alloc.ignore_gfp_reclaim",
                             "fail_page_alloc.min_order")}


class Faults:
    """Of one device that runs FAULTS_KERNEL."""

    def __init__(self, device):
        self.device, self.layout = device, layout(OUT, OFFSETS, "mm/failslab.o")
        self.symbols = symbols(OUT)

    def address(self, variable, member):
        """Where RAM has it, as QEMU counts."""
        virtual = self.symbols[variable] + self.layout[member][0]
        return virtual - (self.layout["PAGE_OFFSET"][0] & 0xffffffff) + flash_map("RAM_BASE")

    def write(self, variable, member, value):
        data = struct.pack("<Q", value)[:self.layout[member][1]]
        self.device.write_memory(self.address(variable, member), data)

    def begin(self, every):
        """@every: {variable: each how many-th call fails}"""
        for variable, calls in every.items():
            self.write(variable, "fault_attr.verbose", 0)
            self.write(variable, "fault_attr.times", TIMES)
            self.write(variable, "fault_attr.interval", calls)
            for member in ZEROS[variable]:
                self.write(variable, member, 0)
            self.write(variable, "fault_attr.probability", 100)

    def end(self):
        """None any more; how many there were, by variable."""
        counts = {}
        for variable in ZEROS:
            self.write(variable, "fault_attr.probability", 0)
            left = self.device.physical_word(self.address(variable, "fault_attr.times"))
            counts[variable] = TIMES - left if left > 1 else 0
        return counts
