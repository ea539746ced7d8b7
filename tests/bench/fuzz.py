#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""make fuzz: runs the fuzzers of all folders, and counts those of what the monitor parses and answers.

	fuzz.py RUNS FOLDER...

Adds monitor_fuzz_executions to build/fuzz/summary.json.  Ends with 1 at the first that is not clean.
"""

import json
import os
import re
import subprocess
import sys

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.environ.get("BUILD", os.path.join(os.path.dirname(TESTS), "build"))
SUMMARY = os.path.join(BUILD, "fuzz", "summary.json")

# What the monitor contains of each folder; abi/ has parsers of others too.  None: all.
MONITOR = {"abi": ("fuzz_image", "fuzz_boot_manifest", "fuzz_trust_store", "fuzz_device_order"),
           "monitor/test": None}
CLEAN = re.compile(r"/(fuzz_\w+): \d+ files, (\d+) mutations, seed \d+: clean$")


def run(folder, runs):
    """Runs the fuzzers of a folder; returns {name: executions}, or None after a fault."""
    process = subprocess.Popen(["make", "-C", folder, "fuzz-run", "FUZZ_RUNS=%s" % runs],
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               universal_newlines=True)
    counted = {}
    for line in process.stdout:
        sys.stdout.write(line)
        sys.stdout.flush()
        clean = CLEAN.search(line.rstrip())
        if clean:
            counted[clean[1]] = int(clean[2])
    return None if process.wait() else counted


def add(executions):
    try:
        with open(SUMMARY, encoding="utf-8") as file:
            summary = json.load(file)
    except FileNotFoundError:
        summary = {}
    summary["monitor_fuzz_executions"] = executions
    os.makedirs(os.path.dirname(SUMMARY), exist_ok=True)
    with open(SUMMARY, "w", encoding="utf-8") as file:
        json.dump(summary, file, indent=1)
        file.write("\n")


def main(runs, folders):
    executions = 0
    for folder in folders:
        counted = run(folder, runs)
        if counted is None:
            return 1
        if folder in MONITOR:
            executions += sum(counted[name] for name in MONITOR[folder] or counted)
    if set(MONITOR) <= set(folders):
        add(executions)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
