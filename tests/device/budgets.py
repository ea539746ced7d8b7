# SPDX-License-Identifier: Apache-2.0
"""tests/budgets.txt: what the device may cost."""

import os

from qemu import TOP


def load():
    """{key: largest value allowed}"""
    table = {}
    with open(os.path.join(TOP, "tests", "budgets.txt"), encoding="utf-8") as file:
        for line in file:
            words = line.split("#")[0].split()
            if words:
                table[words[0]] = int(words[1])
    return table


def check(key, value):
    """Raises AssertionError when @value is over the budget of @key."""
    allowed = load()[key]
    assert value <= allowed, "%s is %g, the budget is %g" % (key, value, allowed)
