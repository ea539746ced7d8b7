#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""make skips: skips 2 to 10 bytes of the monitor at each place that has a part in verified boot.

	skips.py [ATTACK]...		all of tests/device/skips.py without names

Prints each skip that makes a slot start that was not signed, and writes build/skips/summary.json.
Takes an hour for each attack.  Ends with 1 when there was one.
"""

import concurrent.futures
import json
import os
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.append(os.path.join(TESTS, "device"))
import skips		# pylint: disable=wrong-import-position
from qemu import BUILD		# pylint: disable=wrong-import-position

WORKERS = 2
OUT = os.path.join(BUILD, "skips")


def try_places(attack, places):
    """(boots, bypasses) of these places."""
    tried, bypasses = 0, []
    with skips.Bench(attack) as bench:
        for address, function in places:
            for count in skips.SKIPS:
                tried += 1
                if bench.boots(address, count):
                    bypasses.append((attack, "0x%x" % address, function, count))
                    print("starts: %s, %d bytes at %s in %s" % (
                        attack, count, bypasses[-1][1], function))
            if tried % 500 == 0:
                print("%s: %d tried" % (attack, tried))
            sys.stdout.flush()
    return tried, bypasses


def main(attacks):
    os.makedirs(OUT, exist_ok=True)
    places = skips.places()
    work = [(attack, places[n::WORKERS]) for attack in attacks or set(skips.ATTACKS) - {"nothing"}
            for n in range(WORKERS)]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(try_places, *zip(*work)))
    bypasses = [bypass for _, found in results for bypass in found]
    summary = {"monitor_skips": sum(tried for tried, _ in results),
               "monitor_skips_bypass": len(bypasses)}
    with open(os.path.join(OUT, "summary.json"), "w", encoding="utf-8") as file:
        json.dump(summary, file, indent=1)
        file.write("\n")
    print(json.dumps(summary))
    return 1 if bypasses else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
