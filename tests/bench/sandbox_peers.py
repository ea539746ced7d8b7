#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""make sandbox-peers: what one more sandboxed app costs, by parts and beside bubblewrap and crun.

Prints Markdown tables and writes docs/sandbox-peers.svg.  docs/sandbox-peers.md says what is compared.
"""

import os
import sys
import tempfile

import boxes		# first: it says where other modules are
import sandbox_chart
import sandbox_parts
from measure import NS_PER_TICK, filter_cost, write_whole
from qemu import TOP

CHART = os.path.join(TOP, "docs", "sandbox-peers.svg")
COPIES = 10

# name in the keys, and of tests/boxes/boxes.c; label
PLAIN, OURS = "plain", "ours"
WAYS = (
    (PLAIN, "no sandbox"),
    (OURS, "Spherule"),
    ("bubblewrap", "bubblewrap"),
    ("crun", "crun"),
)
# Each with what it is compared with: a process with the namespaces of the other.
NAMESPACES = (
    ("mount", "mounts", PLAIN),
    ("pid", "pids", "mounts"),
    ("user", "users", PLAIN),
)


def used_kib(kib):
    """Only to subtract: what the machine has in all is not in it."""
    return -kib["free_kib"] - kib["per_cpu_kib"] - kib["file_pages_kib"] + kib["shmem_kib"]


def one_more(before, after, count):
    return round((after - before) / count, 1)


def foreign(way):
    """{"kib", "cache_kib", "start_instructions"} of one more, of a way of tests/boxes."""
    first, last = (boxes.boot(way, "sleeper", count)[0] for count in (1, 1 + COPIES))
    _, begins, mains = boxes.boot(way, "starter", 2)
    cache = [kib["file_pages_kib"] - kib["shmem_kib"] for kib in (first, last)]
    return {"kib": one_more(used_kib(first), used_kib(last), COPIES),
            "cache_kib": one_more(*cache, COPIES),
            "start_instructions": (mains[1] - begins[1]) * NS_PER_TICK}


def ours():
    """The same of application-manager, on the same kernel and with the LSM."""
    whole = sandbox_parts.compare(boxes.SANDBOX_KERNEL, [sandbox_parts.WHOLE])[sandbox_parts.WHOLE]
    return {"kib": whole[0], "cache_kib": 0, "start_instructions": whole[1]}


def compare():
    """{name: figures} in the order of WAYS."""
    return {name: ours() if name == OURS else foreign(name) for name, _ in WAYS}


def namespaces(plain_kib):
    """{name: KiB that one namespace adds to a process}"""
    kib = {PLAIN: plain_kib}
    for _, way, _ in NAMESPACES:
        first, last = (used_kib(boxes.boot(way, "sleeper", count)[0]) for count in (1, 1 + COPIES))
        kib[way] = one_more(first, last, COPIES)
    return {name: round(kib[way] - kib[beside], 1) for name, way, beside in NAMESPACES}


def part_keys(parts):
    """What each part of our sandbox takes: what is less without it."""
    flat = {}
    for name, (_, with_it, without) in sandbox_parts.PARTS.items():
        flat["sandbox_%s_kib" % name] = round(parts[with_it][0] - parts[without][0], 1)
        flat["sandbox_%s_instructions" % name] = parts[with_it][1] - parts[without][1]
    return flat


def keys(figures, added):
    flat = {}
    for name, values in figures.items():
        flat["peer_%s_kib" % name] = values["kib"]
        flat["peer_%s_start_instructions" % name] = values["start_instructions"]
    flat.update(("namespace_%s_kib" % name, value) for name, value in added.items())
    return flat


def measure_all():
    """(figures of the ways, {namespace: KiB}, {part: (KiB, instructions)}, cost of the filter)"""
    figures = compare()
    return figures, namespaces(figures[PLAIN]["kib"]), sandbox_parts.compare(), filter_cost()


def measure(folder):
    """The keys of all of it, for make bench."""
    del folder
    figures, added, parts, calls = measure_all()
    return dict(keys(figures, added), **part_keys(parts), **calls)


def table_of_ways(figures):
    lines = ["| | RAM, KiB | beside no sandbox | page cache | instructions to `main()` |",
             "|---|--:|--:|--:|--:|"]
    for name, label in WAYS:
        values = figures[name]
        lines.append("| %s | %.1f | %.1f | %.1f | %s |" % (
            label, values["kib"], values["kib"] - figures[PLAIN]["kib"], values["cache_kib"],
            "{:,}".format(values["start_instructions"])))
    return "\n".join(lines)


def table_of_parts(parts):
    lines = ["| | RAM with it, KiB | without | so it takes | instructions to `main()` that it takes |",
             "|---|--:|--:|--:|--:|"]
    flat = part_keys(parts)
    for name, (label, with_it, without) in sandbox_parts.PARTS.items():
        lines.append("| %s | %.1f | %.1f | %.1f | %s |" % (
            label, parts[with_it][0], parts[without][0], flat["sandbox_%s_kib" % name],
            "{:,}".format(flat["sandbox_%s_instructions" % name])))
    return "\n".join(lines)


def main():
    with tempfile.TemporaryDirectory(prefix="spherule-sandbox-") as folder:
        tempfile.tempdir = folder	# the flash of the devices too
        figures, added, parts, calls = measure_all()
    print(table_of_ways(figures))
    print("\n" + "\n".join("%s namespace: %.1f KiB" % pair for pair in added.items()))
    print("\n" + table_of_parts(parts))
    print("\n" + "\n".join("%s %d" % pair for pair in calls.items()))
    write_whole(CHART, sandbox_chart.draw([(label, figures[name]) for name, label in WAYS]))
    print(CHART)
    return 0


if __name__ == "__main__":
    sys.exit(main())
