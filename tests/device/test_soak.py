# SPDX-License-Identifier: Apache-2.0
"""A short load on both sizes of RAM; "make soak" is the long one (docs/soak.md)."""

import budgets
import soak

LOAD_S = 2
LEAK_MAX_BYTES = 8192		# of objects alone
LIMIT_S = 300


def short_load(folder, ram_size, names):
    load = soak.Soak(folder, ram_size, load_s=LOAD_S)
    figures = load.run(LIMIT_S)
    objects, count = load.grown()
    assert figures["leak_kib"] <= soak.LEAK_MAX_KIB and count <= LEAK_MAX_BYTES, (figures, objects)
    assert figures["oom_kills"] > 0, figures
    assert set(names) <= set(figures["work"]), figures
    budgets.check("soak_reply_ms", figures["answer_ms_max"])


def test_load_on_4_mib(folder):
    """Everything at once; RAM comes back, and nobody of the system ends."""
    short_load(folder, "4M", ("fork", "exec", "serve", "call", "local", "tmp", "edge"))


def test_load_on_2_mib(folder):
    short_load(folder, "2M", ("serve", "call"))
