#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""make soak: the device under load, on 4 and on 2 MiB; docs/soak.md says what that is.

	under_load.py [MINUTES [SEED]]

First the product as it is, both sizes beside each other, for MINUTES of load each on the device's own clock,
which here is the host's; then the same for a tenth of that with allocations that fail, and the end of connections
for which each allocation fails once.  Prints how far it is, and writes build/soak/summary.json.  Ends with 1 when something is wrong: then the console is kept beside it.
"""

import concurrent.futures
import json
import os
import sys
import tempfile
import threading
import time

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.append(os.path.join(TESTS, "device"))
import orphans		# pylint: disable=wrong-import-position
import soak		# pylint: disable=wrong-import-position
from measure import write_whole		# pylint: disable=wrong-import-position
from qemu import BUILD, DeviceError		# pylint: disable=wrong-import-position

MINUTES = 20
SEED = 1
ROUNDS = {"4M": 2, "2M": 5}		# those of 2 MiB have a part of the load each
FAULTS_PART = 10
EVERY = {"failslab": 997, "fail_page_alloc": 499}
HOST_FACTOR = 2			# how much longer than its own clock a device may take
OUT = os.path.join(BUILD, "soak")

lock = threading.Lock()


def say(name, text):
    with lock:
        print("%-9s %s" % (name, text))
        sys.stdout.flush()


def progress(name):
    """Says how far a device is."""
    def tell(device):
        seconds = soak.STAMP.findall(device.console)[-1][0]
        say(name, "%4s s, %d starts of apps, %d killed for memory" % (
            seconds, len(soak.STARTED.findall(device.console)), len(soak.KILLED.findall(device.console))))
    return tell


def run(ram_size, seconds, seed, every):
    """(figures, what went wrong or nothing) of one size of RAM."""
    name, rounds = ram_size + (" faults" if every else ""), ROUNDS[ram_size]
    with tempfile.TemporaryDirectory(prefix="spherule-soak-") as folder:
        load = soak.Soak(folder, ram_size, seed=seed, rounds=rounds, load_s=-(-seconds // rounds), every=every,
                         arguments=())
        limit_s = HOST_FACTOR * (seconds + 3 * soak.SETTLE_S) + 600
        try:
            figures = load.run(limit_s, progress(name))
        except (soak.Wrong, DeviceError) as error:
            write_whole(os.path.join(OUT, name.replace(" ", "-") + ".txt"), "%s\n%s" % (error, load.console))
            return {}, "%s: %s" % (name, str(error).split("\n", maxsplit=1)[0])
    say(name, json.dumps(figures))
    if figures["leak_kib"] > soak.LEAK_MAX_KIB:
        return figures, "%s: %d KiB more than before the load; objects %s, %d bytes" % (name, figures["leak_kib"], *load.grown())
    return figures, ""


def run_both(seconds, seed, every=None):
    with concurrent.futures.ThreadPoolExecutor(len(ROUNDS)) as pool:
        return list(pool.map(lambda size: run(size, seconds, seed, every), ROUNDS))


def summarize(plain, faulty):
    """Flat, of both sizes: the larger where it is a limit, the sum where it is a count."""
    most, total = (lambda runs, key: max(one[key] for one in runs)), (lambda runs, key: sum(one[key] for one in runs))
    return {
        "soak_minutes": round(min(one["load_s"] for one in plain) / 60, 1),
        "soak_leak_kib": most(plain, "leak_kib"), "soak_spread_kib": most(plain, "spread_kib"),
        "soak_answer_ms": most(plain, "answer_ms_max"),
        "soak_app_starts": total(plain, "app_starts"), "soak_oom_kills": total(plain, "oom_kills"),
        "soak_oom_kills_global": total(plain, "oom_kills_global"),
        "soak_stack_bytes_max": most(plain + faulty, "stack_bytes_max"),
        "soak_faults_minutes": round(min(one["load_s"] for one in faulty) / 60, 1),
        "soak_faults": sum(sum(one["injected"].values()) for one in faulty),
        "soak_faults_leak_kib": most(faulty, "leak_kib"),
    }


def try_orphans():
    """(how many refusals there were, what went wrong or nothing)"""
    with tempfile.TemporaryDirectory(prefix="spherule-soak-") as folder:
        try:
            found = orphans.refusals(folder)
        except DeviceError as error:
            write_whole(os.path.join(OUT, "orphans.txt"), str(error))
            return 0, "orphans: %s" % str(error).split("\n", maxsplit=1)[0]
    say("orphans", found)
    left = [number for number, end in found.items() if end != "ended"]
    if not found or left:
        return len(found), "orphans: no memory for allocation %s of close(), and a connection stays for ever" % left
    return len(found), ""


def print_stacks(results):
    """The deepest mark of each kind of task."""
    deepest = {}
    for figures, _ in results:
        for name, used in figures.get("stacks", {}).items():
            deepest[name] = max(deepest.get(name, 0), used)
    for name, used in sorted(deepest.items(), key=lambda pair: -pair[1]):
        print("kernel stack of %-16s %5d bytes" % (name, used))


def main(arguments):
    minutes = int(arguments[0]) if arguments else MINUTES
    seed = int(arguments[1]) if len(arguments) > 1 else SEED
    begun = time.monotonic()
    plain = run_both(minutes * 60, seed)
    faulty = run_both(minutes * 60 // FAULTS_PART, seed, EVERY)
    refusals, what = try_orphans()
    print_stacks(plain + faulty)
    wrong = [what for _, what in plain + faulty + [(refusals, what)] if what]
    if not wrong or all(figures for figures, _ in plain + faulty):
        summary = summarize([figures for figures, _ in plain], [figures for figures, _ in faulty])
        summary["soak_close_refusals"] = refusals
        write_whole(os.path.join(OUT, "summary.json"), json.dumps(summary, indent=1) + "\n")
        print(json.dumps(summary))
    print("\n".join(wrong + ["%d s" % (time.monotonic() - begun)]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
