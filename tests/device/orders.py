# SPDX-License-Identifier: Apache-2.0
"""The program storage (tests/storage) with the plan "orders": the host orders, line by line."""

import re


class Guest:
    """Gives orders to a device that has just been started; one at a time."""

    def __init__(self, device):
        self.device = device
        self.number = 0
        device.wait_for(r"^storage: ready$")

    def begin(self, *words):
        """The device has read the order and now obeys."""
        self.number += 1
        self.device.send("%d %s\n" % (self.number, " ".join(map(str, words))))
        self.device.wait_for(r"^storage: begin %d$" % self.number)

    def finish(self):
        """What came of the order: 0 or errno."""
        return int(self.device.wait_for(r"^storage: done %d (\d+)\n" % self.number)[1])

    def order(self, *words):
        self.begin(*words)
        return self.finish()

    def must(self, *words):
        """An order that has to work."""
        error = self.order(*words)
        if error:
            self.device.fail("%s: errno %d" % (" ".join(map(str, words)), error))

    def list(self):
        """{path: (bytes, crc32)} of all files, and all folders."""
        start = len(self.device.console)
        self.must("list")
        text = self.device.console[start:]
        files = re.findall(r"^storage: file (\d+) ([0-9a-f]{8}) (.*)$", text, re.M)
        return ({path: (int(size), int(crc, 16)) for size, crc, path in files},
                set(re.findall(r"^storage: folder (.*)$", text, re.M)))

    def end(self):
        """The device switches off."""
        self.device.send("0 end\n")
        self.device.wait_for(r"^storage: done$")
        self.device.wait_for_exit()
