#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""make powercut: cuts the power of the device many times while it changes its littlefs.

	powercut.py [CUTS [SEED]]

Prints how far it is, and writes build/powercut/summary.json.  Ends with 1 when a cut left what it must
not leave; the image is kept in build/powercut.
"""

import concurrent.futures
import json
import os
import shutil
import sys
import tempfile
import threading

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.append(os.path.join(TESTS, "device"))
import power_cuts		# pylint: disable=wrong-import-position
from qemu import BUILD, DeviceError		# pylint: disable=wrong-import-position

CUTS = 220
CUTS_PER_SEED = 44		# on one partition
SEED = 1
WORKERS = 2
OUT = os.path.join(BUILD, "powercut")

lock = threading.Lock()
totals = dict.fromkeys(power_cuts.COUNTS, 0)


def report(counts, before):
    with lock:
        for key, value in counts.items():
            totals[key] += value - before[key]
        if totals["cuts"] % 10 == 0:
            print(", ".join("%s %d" % pair for pair in totals.items()))
            sys.stdout.flush()


def run(seed, count):
    """What went wrong, or nothing."""
    folder = tempfile.mkdtemp(prefix="spherule-powercut-")
    try:
        campaign = power_cuts.Campaign(folder, seed)
        for _ in range(count):
            before = dict(campaign.counts)
            campaign.cut()
            report(campaign.counts, before)
    except (power_cuts.Wrong, DeviceError) as error:
        for name in os.listdir(folder):
            if name.startswith("wrong-"):
                shutil.copy(os.path.join(folder, name), OUT)
        return "seed %s: %s" % (seed, error)
    finally:
        shutil.rmtree(folder)
    return ""


def main(arguments):
    count = int(arguments[0]) if arguments else CUTS
    first = int(arguments[1]) if len(arguments) > 1 else SEED
    os.makedirs(OUT, exist_ok=True)
    sizes = [min(CUTS_PER_SEED, count - done) for done in range(0, count, CUTS_PER_SEED)]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        wrong = list(filter(None, pool.map(run, range(first, first + len(sizes)), sizes)))
    summary = {"littlefs_powercuts": totals["cuts"], "littlefs_powercuts_wrong": len(wrong)}
    summary.update(("littlefs_powercut_" + key, value) for key, value in totals.items()
                   if key != "cuts")
    with open(os.path.join(OUT, "summary.json"), "w", encoding="utf-8") as file:
        json.dump(summary, file, indent=1)
        file.write("\n")
    print("\n".join(wrong + [json.dumps(summary)]))
    return 1 if wrong or totals["cuts"] < count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
