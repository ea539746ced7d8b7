#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Judges a littlefs image, by the description of the format alone.

	check.py IMAGE --block-bytes N [--program-bytes N] [--manifest] [--strict]

Prints the findings and how many blocks are used; with --manifest the manifest instead, and the
findings to standard error.  --program-bytes is what the device programs at once (1).  --strict: no
repair may be pending.  Ends with 0, 1 if there are errors, 2 after wrong usage.
"""

import argparse
import sys

from findings import ERROR, NOTE, WARNING, Report
from manifest import manifest
from pair import Image
from rules import judge
from walk import Filesystem

BLOCK_BYTES_MIN = 128


class Verdict:
    """Everything that one reading of an image gives."""

    def __init__(self, data, block_bytes, program_bytes=1, strict=False):
        self.report = Report(strict)
        image = Image(data, block_bytes)
        if image.blocks < 2:
            self.report.add(104, detail="the image has %d blocks" % image.blocks)
            self.filesystem, self.manifest, self.used, self.total = None, [], 0, image.blocks
            return
        self.filesystem = Filesystem(image, self.report)
        contents = judge(self.filesystem, self.report, program_bytes)
        self.manifest = manifest(self.filesystem, contents)
        self.total = self.filesystem.blocks
        self.used = sum(block < self.total for block in self.filesystem.owners)

    def summary(self):
        return "%d of %d blocks used, %d free; %d errors, %d warnings, %d notes" % (
            (self.used, self.total, self.total - self.used) +
            tuple(self.report.count(severity) for severity in (ERROR, WARNING, NOTE)))


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description="Judges a littlefs image.")
    parser.add_argument("image", metavar="IMAGE")
    parser.add_argument("--block-bytes", type=int, required=True, metavar="N")
    parser.add_argument("--program-bytes", type=int, default=1, metavar="N")
    parser.add_argument("--manifest", action="store_true")
    parser.add_argument("--strict", action="store_true")
    options = parser.parse_args(arguments)
    if options.block_bytes < BLOCK_BYTES_MIN:
        parser.error("a block has at least %d bytes" % BLOCK_BYTES_MIN)
    if not 1 <= options.program_bytes <= options.block_bytes:
        parser.error("a program unit has at least one byte and is no larger than a block")
    return options


def main(arguments):
    options = parse_arguments(arguments)
    try:
        with open(options.image, "rb") as file:
            data = file.read()
    except OSError as error:
        print("check.py: %s: %s" % (options.image, error.strerror), file=sys.stderr)
        return 2
    verdict = Verdict(data, options.block_bytes, options.program_bytes, options.strict)
    out = sys.stdout
    if options.manifest:
        print("".join(line + "\n" for line in verdict.manifest), end="")
        out = sys.stderr
    for finding in verdict.report.findings:
        print("%s: %s" % (options.image, finding), file=out)
    print("%s: %s" % (options.image, verdict.summary()), file=out)
    return 1 if verdict.report.count(ERROR) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
