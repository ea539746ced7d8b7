#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The part of make powercut that cuts the power of the device while its monitor installs images.

	image_cuts.py [CUTS [SEED]]

Prints how far it is, and writes build/powercut/images.json.  Ends with 1 when the device had another set
of images than before or after the transaction that was cut.
"""

import concurrent.futures
import json
import os
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.append(os.path.join(TESTS, "device"))
import image_kills		# pylint: disable=wrong-import-position
from qemu import BUILD, DeviceError		# pylint: disable=wrong-import-position

CUTS = 300
SEED = 1
WORKERS = 2
STEP = 25			# cuts between two lines of progress
OUT = os.path.join(BUILD, "powercut")


def run(seed, count):
    """(counts, what went wrong or nothing)."""
    with tempfile.TemporaryDirectory(prefix="spherule-image-kills-") as folder:
        campaign = image_kills.Campaign(folder, seed)
        try:
            for done in range(1, count + 1):
                campaign.cut()
                if done % STEP == 0:
                    print("seed %d: %s" % (seed, campaign.counts))
                    sys.stdout.flush()
        except (image_kills.Wrong, DeviceError) as error:
            return campaign.counts, "seed %d: %s" % (seed, error)
        return campaign.counts, ""


def main(arguments):
    count = int(arguments[0]) if arguments else CUTS
    first = int(arguments[1]) if len(arguments) > 1 else SEED
    os.makedirs(OUT, exist_ok=True)
    shares = [count // WORKERS + (worker < count % WORKERS) for worker in range(WORKERS)]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(run, range(first, first + WORKERS), shares))
    wrong = [text for _, text in results if text]
    summary = {"monitor_kill_" + key: sum(counts[key] for counts, _ in results)
               for key in results[0][0]}
    summary["monitor_kill_wrong"] = len(wrong)
    with open(os.path.join(OUT, "images.json"), "w", encoding="utf-8") as file:
        json.dump(summary, file, indent=1)
        file.write("\n")
    print("\n".join(wrong + [json.dumps(summary)]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
