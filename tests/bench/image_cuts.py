#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The part of make powercut that cuts the power of the device while images are installed.

	image_cuts.py images|apps [CUTS [SEED]]

images: by a program in the place of Linux, many at once; apps: by application-manager, which replaces
one that runs.  Prints how far it is, and writes build/powercut/images.json or apps.json.  Ends with 1 when
the device had another set of images than before or after the transaction that was cut.
"""

import concurrent.futures
import json
import os
import sys
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.append(os.path.join(TESTS, "device"))
import image_kills		# pylint: disable=wrong-import-position
import install_kills		# pylint: disable=wrong-import-position
from qemu import BUILD, DeviceError		# pylint: disable=wrong-import-position

# Which module has the campaign, how many cuts, and what the keys of the summary begin with.
KINDS = {"images": (image_kills, 300, "monitor_kill_"), "apps": (install_kills, 200, "install_kill_")}
SEED = 1
WORKERS = 2
STEP = 25			# cuts between two lines of progress
OUT = os.path.join(BUILD, "powercut")


def run(module, seed, count):
    """(counts, what went wrong or nothing)."""
    with tempfile.TemporaryDirectory(prefix="spherule-image-kills-") as folder:
        campaign = module.Campaign(folder, seed)
        try:
            for done in range(1, count + 1):
                campaign.cut()
                if done % STEP == 0:
                    print("seed %d: %s" % (seed, campaign.counts))
                    sys.stdout.flush()
        except (module.Wrong, DeviceError) as error:
            return campaign.counts, "seed %d: %s" % (seed, error)
        return campaign.counts, ""


def main(arguments):
    kind = arguments[0]
    module, cuts, prefix = KINDS[kind]
    count = int(arguments[1]) if len(arguments) > 1 else cuts
    first = int(arguments[2]) if len(arguments) > 2 else SEED
    os.makedirs(OUT, exist_ok=True)
    shares = [count // WORKERS + (worker < count % WORKERS) for worker in range(WORKERS)]
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(run, [module] * WORKERS, range(first, first + WORKERS), shares))
    wrong = [text for _, text in results if text]
    summary = {prefix + key: sum(counts[key] for counts, _ in results)
               for key in results[0][0]}
    summary[prefix + "wrong"] = len(wrong)
    with open(os.path.join(OUT, kind + ".json"), "w", encoding="utf-8") as file:
        json.dump(summary, file, indent=1)
        file.write("\n")
    print("\n".join(wrong + [json.dumps(summary)]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
