# SPDX-License-Identifier: Apache-2.0
"""Runs the attack apps and the warden, and adds their attempts up by row of tests/attacks/README.md."""

import collections
import concurrent.futures
import os
import re
import threading

from images import BUILD, make_flash
from qemu import TOP, Device
from warden import make_warden_flash

TABLE = os.path.join(TOP, "tests", "attacks", "README.md")
WARDEN = "warden"

# Apps on the product's own root filesystem, with the fewest attempts that each may make.
APPS = {"identity": 40, "intruder": 29, "wx": 390, "tracer": 340, "leaks": 310, "doors": 500,
        "sockets": 260, "ids": 44, "syscalls": 10, "keeper": 50, "outsider": 40, "caller": 43}
# Whose storage is attacked, and who must be able to write all the time.
NEIGHBOURS = {"keeper": ("diary",), "outsider": ("diary",)}
NAMES = tuple(APPS) + (WARDEN,)

# What the warden's programs add up to; under each set of capabilities the same attempts are made.
WARDEN_SUMS = {"warden itself": 25, "ward neighbour": 100, "ward lines": 20, "ward no-lines": 6,
               "ward files": 38, "ward oddities": 9, "ward debugger": 24, "ward no debugger": 5}
BIT_RUNS = 18			# none, each of sixteen, all
BIT_ATTEMPTS = 85

ATTEMPT = re.compile(r"attempt (\S+) (refused|works|FAILED): (.*)$", re.M)

# How the attempts of a row ended, counted, and who made them.
Row = collections.namedtuple("Row", "outcomes names")

lock = threading.Lock()
consoles = {}			# name: the future console


def table_rows():
    """[(row id, names of NAMES that try it)] of the README's table, in order."""
    with open(TABLE, encoding="utf-8") as file:
        rows = re.findall(r"^\| ((?:AS|H|O)-?\d+) \|.*\| ([^|]*) \|$", file.read(), re.M)
    return [(row, set(re.findall(r"\w+", by)) & set(NAMES)) for row, by in rows]


def run_app(folder, name):
    """hello is beside each app and goes on counting: nobody was disturbed, nothing started anew."""
    neighbours = NEIGHBOURS.get(name, ())
    with Device(make_flash(folder, neighbours + (name, "hello")), limit_s=300) as device:
        made = device.wait_for(r" %s\[\d+\]: %s: (\d+) passed, (\d+) failed$" % (name, name))
        if int(made[1]) < APPS[name] or made[2] != "0":
            device.fail("%s: %s attempts passed, %s failed" % (name, made[1], made[2]))
        count = len(re.findall(r"hello, world", device.console))
        device.wait_for(r"hello, world \d+$", count=count + 2)
        for neighbour in neighbours:
            count = len(re.findall(r"%s: start 1, entry" % neighbour, device.console))
            device.wait_for(r"%s: start 1, entry \d+$" % neighbour, count=count + 2)
            if neighbour + ": cannot" in device.console:
                device.fail("%s was disturbed" % neighbour)
        if device.read_secure().count("starting Linux") != 1 or (
                device.console.count("hello started") != 1):
            device.fail("something was started anew")
        return device.console


def check_warden(device):
    sums = re.findall(r"^(ward[a-z -]*): (\d+) passed, (\d+) failed$", device.console, re.M)
    for name, least in WARDEN_SUMS.items():
        found = [int(passed) for sum_of, passed, failed in sums
                 if sum_of == name and failed == "0"]
        if len(found) != 1 or found[0] < least:
            device.fail("%s: %s" % (name, found))
    bits = [int(passed) for name, passed, _ in sums if name == "ward bits"]
    if len(bits) != BIT_RUNS or min(bits) < BIT_ATTEMPTS:
        device.fail("ward bits: %s" % bits)


def run_warden(folder):
    programs = [os.path.join(BUILD, "payloads", "ids", "image-root", "bin", "ids")]
    with Device(make_warden_flash(folder, programs), limit_s=300) as device:
        device.wait_for(r"^warden: done, 0 failures$")
        # The positive control of the capability to switch off.
        device.wait_for_exit()
        check_warden(device)
        return device.console


def console(folder, name):
    """The console after the attempts of one of NAMES, none of which failed.  Each runs once."""
    with lock:
        future = consoles.get(name)
        mine = future is None
        if mine:
            future = consoles[name] = concurrent.futures.Future()
    if mine:
        place = os.path.join(folder, name)
        os.mkdir(place)
        try:
            future.set_result(run_warden(place) if name == WARDEN else run_app(place, name))
        except Exception as error:		# pylint: disable=broad-except
            future.set_exception(error)
    return future.result()


def add_up(texts):
    """{row id: Row} of the attempts on the consoles {name: text}."""
    rows = {}
    for name, text in texts.items():
        for row, outcome, _ in ATTEMPT.findall(text):
            found = rows.setdefault(row, Row(collections.Counter(), set()))
            found.outcomes[outcome] += 1
            found.names.add(name)
    return rows


def run_all(folder):
    return add_up({name: console(folder, name) for name in NAMES})


def measure(folder):
    """The bench keys: rows of the table, and those of which every attempt ended as it must."""
    found = run_all(folder)
    rows = [row for row, _ in table_rows()]
    return {"attack_rows": len(rows),
            "attack_rows_refused": sum(1 for row in rows
                                       if row in found and not found[row].outcomes["FAILED"])}
