# SPDX-License-Identifier: Apache-2.0
"""Cuts the power of the device while it changes the littlefs of its partition: QEMU is killed.

After each cut the partition is judged twice, by the checker of tests/littlefs and by the driver of the
device that is started anew on it, and must be one of the states that the model of cuts.py allows.
Then the device makes a change, which finishes what the cut left, and goes on.

What a kill can show: QEMU writes each programmed unit and each erased sector to the file before the
guest goes on, and what it has handed to the host's kernel outlives it.  So an image is what flash would
be if each of the guest's operations were done or not, in their order; an erase may be done in part, page
by page.  Bits that are half programmed, and writes out of order, are the business of the host's tests
(host/littlefs/model_test.c).
"""

import hashlib
import os
import random
import sys
import time
import zlib

import cuts
from images import KERNEL, flash_map
from orders import Guest
from qemu import TOP, Device
from storage import (LIMIT_S, PROGRAM_BYTES, empty_littlefs, make_storage_flash, read_partition,
                     write_partition)

sys.path.append(os.path.join(TOP, "tests", "littlefs"))
from check import Verdict		# pylint: disable=wrong-import-position
from findings import ERROR		# pylint: disable=wrong-import-position

ORDERS_MAX = 25			# between two cuts
EARLY = 0.2			# of the cuts: while the device finishes what the last one left
MARK = "mark"			# the file with which it does that
COUNTS = ("cuts", "orders", "in_flight", "old", "new", "early", "repairs_pending", "findings")


class Wrong(Exception):
    """What no power cut may do; the message has the seed, and the image is kept."""


def sha(data):
    return hashlib.sha256(data).hexdigest()


def parse(manifest):
    """({path: (bytes, sha256)}, folders) of the checker's manifest."""
    rows = [line.split(" ", 3) for line in manifest]
    files = {path[1:]: (int(size), digest) for kind, size, digest, path in rows if kind == "f"}
    return files, {path[1:] for kind, _, _, path in rows if kind == "d" and path != "/"}


class Campaign:
    """Cut after cut on one partition."""

    def __init__(self, folder, seed, kernel=KERNEL):
        self.folder, self.seed, self.source = folder, seed, random.Random(seed)
        self.flash = make_storage_flash(folder, kernel, "orders")
        self.partition = empty_littlefs()
        self.states = [cuts.State()]		# of which one is in the partition
        self.order_s = 0.02			# about what an order takes
        self.counts = dict.fromkeys(COUNTS, 0)

    def cut(self):
        """One start, some changes, the power is cut; what is left is judged."""
        write_partition(self.flash, self.partition)
        with Device(self.flash, limit_s=LIMIT_S) as device:
            guest = Guest(device)
            guest.must("mount")
            self.find_state(*guest.list())
            is_early = self.source.random() < EARLY
            mark = ("replace", MARK, self.source.randrange(600), self.source.randrange(16))
            if is_early:
                self.order_and_cut(device, guest, mark)
            else:
                self.obey(guest, mark)
                self.judge(read_partition(device), strict=True)
                self.change_and_cut(device, guest)
            self.counts["early"] += is_early
            self.partition = read_partition(device)
        self.counts["cuts"] += 1
        self.judge(self.partition, strict=False)

    def wrong(self, what):
        path = os.path.join(self.folder, "wrong-%s-%d.littlefs" % (self.seed, self.counts["cuts"]))
        with open(path, "wb") as file:
            file.write(self.partition)
        raise Wrong("seed %s, cut %d: %s; %s" % (self.seed, self.counts["cuts"], what, path))

    def find_state(self, files, folders):
        """What the device's own driver sees."""
        for which, state in enumerate(self.states):
            if state.shows(files, folders, zlib.crc32):
                if len(self.states) > 1:
                    self.counts["old" if which == 0 else "new"] += 1
                state.settle(files)
                self.states = [state]
                return
        self.wrong("the device shows %s %s" % (files, folders))

    def judge(self, partition, strict):
        """What the checker sees; with @strict nothing may be left to be repaired."""
        verdict = Verdict(partition, cuts.BLOCK_BYTES, PROGRAM_BYTES, strict)
        findings = verdict.report.findings
        if verdict.report.count(ERROR):
            self.partition = partition
            self.wrong("the checker says " + "; ".join(map(str, findings)))
        if not any(state.shows(*parse(verdict.manifest), sha) for state in self.states):
            self.partition = partition
            self.wrong("the checker sees %s" % verdict.manifest)
        if not strict:
            numbers = {finding.number for finding in findings}
            self.counts["findings"] += bool(numbers - {112})
            self.counts["repairs_pending"] += bool(numbers & {308, 310, 605, 606})

    def obey(self, guest, order):
        start = time.monotonic()
        error = guest.order(*order)
        self.order_s += (time.monotonic() - start - self.order_s) / 8
        self.counts["orders"] += 1
        after, expected = self.states[0].apply(order)
        if error != expected:
            guest.device.fail("%s: errno %d, not %d" % (order, error, expected))
        self.states = [after]

    def change_and_cut(self, device, guest):
        for _ in range(self.source.randrange(ORDERS_MAX)):
            self.obey(guest, cuts.choose(self.source, self.states[0]))
        self.order_and_cut(device, guest, self.choose_change())

    def choose_change(self):
        """An order that does something to a file or a name."""
        while True:
            order = cuts.choose(self.source, self.states[0])
            if order[0] != "open" and not self.states[0].apply(order)[1]:
                return order

    def order_and_cut(self, device, guest, order):
        """The moment is any: no time is asserted."""
        pause_s = self.source.random() * self.order_s * 1.2
        before = self.states[0]
        guest.begin(*order)
        time.sleep(pause_s)
        device.cut_power()
        is_done = "storage: done %d " % guest.number in device.console
        self.counts["in_flight"] += not is_done
        self.states = [before.apply(order)[0]] if is_done else cuts.possible(before, order)
