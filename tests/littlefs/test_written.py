#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Judges images that our own implementation wrote: at the end of many changes, and when it has
finished what a power cut left.

	test_written.py MODEL_TEST [CHANGES [CUT_CHANGES [SEED]]]

MODEL_TEST is host/littlefs/model_test, which knows what each image must show.  The checker shares no
code with it.  Ends with the line "N passed, N failed".
"""

import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CHECK = os.path.join(HERE, "check.py")
IMAGES_LEAST = 30


def judge(path):
    """What is wrong with an image, or nothing."""
    block_bytes, program_bytes = re.search(r"-(\d+)-(\d+)\.img$", path).groups()
    result = subprocess.run(
        [sys.executable, CHECK, path, "--block-bytes", block_bytes, "--program-bytes", program_bytes,
         "--manifest", "--strict"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if result.returncode:
        return result.stderr.decode("utf-8", "replace")
    with open(path[:-len("img")] + "manifest", "rb") as file:
        return "" if file.read() == result.stdout else "another manifest"


def main(arguments):
    model_test, numbers = arguments[0], (arguments[1:] + ["200", "12", "7"][len(arguments) - 1:])[:3]
    passed = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([model_test] + numbers + [folder], stdout=subprocess.DEVNULL, check=True)
        for name in sorted(name for name in os.listdir(folder) if name.endswith(".img")):
            wrong = judge(os.path.join(folder, name))
            passed += not wrong
            failed += bool(wrong)
            if wrong:
                print("%s: %s" % (name, wrong.strip()))
    if passed + failed < IMAGES_LEAST:
        print("only %d images" % (passed + failed))
        failed += 1
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
