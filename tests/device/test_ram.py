# SPDX-License-Identifier: Apache-2.0
"""Every page of RAM has an owner with a name, and docs/ram.md has what "make ram" writes."""

import os
import re
import sys

import ram_processes
import ram_static

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bench"))
# pylint: disable=wrong-import-position
import ram_report
import ram_tables

# How far the page may be behind, in all and in one line of the first table.
DRIFT_KIB = 24
SAYS_KIB = 12		# application-manager looks a moment before


def check_frames(memory, said_kib):
    totals = memory.totals()
    assert sum(totals.values()) * 1024 == len(memory.ram), totals
    assert abs(memory.used_kib() - said_kib) <= SAYS_KIB, (totals, said_kib)
    nameless = [page for page in memory.pages if page.owner == "other" and page.detail == "?"]
    assert not nameless, "%d pages are nobody's" % len(nameless)


def check_parts(memory):
    """What the parts are made of adds up to them."""
    parts = ram_static.parts(memory)
    assert all(part.bytes > 0 for part in parts), parts
    assert sum(part.bytes for part in parts) == memory.totals()["static"] * 1024, parts
    processes = ram_processes.processes(memory)
    for owner, names in (("programs", ("data", "heap", "stack", "libraries")),
                         ("stacks of processes", ("kernel stack",)),
                         ("page tables", ("page tables",))):
        found = sum(size for process in processes for name, size in process.rows if name in names)
        kernel = memory.count_of("of the kernel") * memory.page_bytes if owner == "page tables" else 0
        assert found + kernel == memory.count(owner) * memory.page_bytes, (owner, processes)
    for process in processes:
        assert dict(process.rows)["task"] == memory.slabs["task_struct"][2], process


def first_column(text):
    return {words: int(count.replace(",", ""))
            for count, words in re.findall(r"^\| \**([\d,]+)\** \| (.*) \|$", text, re.M)}


def check_page(made):
    there = ram_tables.read()
    assert set(there) == set(made), (sorted(there), sorted(made))
    for name, text in made.items():
        assert there[name].splitlines()[:2] == text.splitlines()[:2], (name, there[name])
    old, new = first_column(there["whose"]), first_column(made["whose"])
    assert set(old) == set(new) and old["**used**"], (old, new)
    far = {what for what in new if abs(new[what] - old[what]) > DRIFT_KIB}
    assert not far, "run make ram: %s" % [(what, old[what], new[what]) for what in sorted(far)]
    with open(ram_report.CHART, encoding="utf-8") as file:
        assert "Where the %d KiB" % old["**used**"] in file.read()


def test_every_page_is_somebodys(_):
    memory, said_kib = ram_report.look()
    check_frames(memory, said_kib)
    check_parts(memory)
    check_page(ram_tables.tables(memory, ram_report.dynamic_process()))
