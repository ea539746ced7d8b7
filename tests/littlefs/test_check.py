#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Proves the checker on images that the upstream implementation wrote.

	test_check.py [PATTERN]...		only images and mutations whose name contains one of them

Ends with the line "N passed, N failed".
"""

import csv
import functools
import lzma
import os
import random
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

# pylint: disable=wrong-import-position
from check import Verdict
from editor import Editor
from findings import ERROR, NOTE, PENDING, RULES, WARNING
from mutations import MUTATIONS, PADDED, PLAIN

GOLDEN = os.path.join(os.path.dirname(os.path.dirname(HERE)), "host", "littlefs", "golden")

# Findings of images of the classes golden and cut, and of damaged ones that have to be read: no
# errors, and only these of the rest.  A finding of a cut that its notes announce is not here.
EXPECTED = {
    "g22-4k128-upgraded": [216], "g25-4k64-on-128": [110], "g27-4k128-erase00": [219],
    "g28-4k128-noerase": [219], "cut-split-root-v21p256-k001-clean": [112],
    "c08-bad-crc-commit": [215, 220], "c69-tag-open-ended": [215, 220],
    "c6a-equal-revisions": [204], "c73-gstate-orphan-none": [606, 607],
    "v02-padded-crc": [112, 202], "v03-no-fcrc-in-2.1": [216],
}

# The findings of the other damaged images.
DAMAGED = {
    "c01-flip-last-root-commit": [215, 220],
    "c04-flip-file-data": [],		# file data carry no checksum
    "c10-tail-to-self-hard": [303, 306],
    "c15-tail-short": [205, 301],
    "c20-dir-is-root": [307, 312, 314],
    "c21-dir-is-parent": [307, 311],
    "c22-dir-shared": [307, 311, 314],
    "c23-dir-null": [301, 307, 314],
    "c24-dir-same-block-twice": [302, 307, 314],
    "c26-dir-with-inline": [307, 314, 405],
    "c30-ctz-head-out-of-range": [501],
    "c31-ctz-size-max": [408, 502],
    "c33-ctz-size-plus-blocks": [501],
    "c34-ctz-head-in-metadata": [701],
    "c35-ctz-size-zero": [504],
    "c37-ctz-pointer-out-of-range": [501],
    "c39-file-with-dirstruct": [405],
    "c41-sb-block-size-0": [103],
    "c43-sb-block-count-1": [104],
    "c45-sb-name-max-huge": [105],
    "c46-sb-name-max-1022": [106],
    "c47-sb-file-max-huge": [105],
    "c49-sb-version-3": [102],
    "c4d-bad-magic": [101, 201],
    "c50-name-1022": [401, 403],
    "c53-name-slash": [401, 404],
    "c57-name-duplicate": [402],
    "c60-id-3fe": [208, 210, 223, 401],
    "c61-delete-missing": [209],
    "c64-name-id-3ff": [212],
    "c67-fcrc-size-block": [218],
    "c68-crc-tag-size-0": [205, 216],
    "c70-gstate-pair-out-of-range": [603],
    "c71-gstate-id-3fe": [604],
    "c72-gstate-type": [602],
    "c76-gstate-short": [205, 606, 607],
    "c80-blank": [101, 201],
    "c83-magic-only": [101, 201],
}

passed = failed = 0


def check(name, condition, detail=""):
    global passed, failed
    if condition:
        passed += 1
    else:
        failed += 1
        print("FAIL %s %s" % (name, detail))


@functools.lru_cache(maxsize=None)
def image(name):
    with lzma.open(os.path.join(GOLDEN, name + ".img.xz")) as file:
        return file.read()


def manifest(name):
    with lzma.open(os.path.join(GOLDEN, name + ".xz"), "rt", encoding="ascii") as file:
        return file.read().splitlines()


@functools.lru_cache(maxsize=None)
def index():
    with open(os.path.join(GOLDEN, "INDEX.tsv"), encoding="ascii") as file:
        return {row["name"]: row for row in csv.DictReader(file, delimiter="\t",
                                                           quoting=csv.QUOTE_NONE)}


def block_bytes(name):
    return int(index()[name]["block_size"])


# The golden images

def test_image(name):
    row = index()[name]
    data = image(name)
    check(name + ": size", len(data) == block_bytes(name) * int(row["blocks_dev"]))
    verdict = Verdict(data, block_bytes(name))
    expected = row["expected"].split()
    if expected[0] == "error":
        check(name + ": refused", verdict.report.count(ERROR) > 0)
    if expected[0] in ("error", "any"):
        numbers = verdict.report.numbers()
        check(name + ": findings", numbers == DAMAGED[name], numbers)
        return
    check(name + ": manifest", verdict.manifest in [manifest(file) for file in expected])
    check(name + ": no errors", verdict.report.count(ERROR) == 0, verdict.report.numbers((ERROR,)))
    pending = judge_pending(name, row, verdict)
    others = [n for n in verdict.report.numbers() if n not in pending]
    check(name + ": findings", others == EXPECTED.get(name, []), others)
    strict = Verdict(data, block_bytes(name), strict=True).report
    check(name + ": strict", (strict.count(ERROR) > 0) == bool(set(PENDING) &
                                                              set(verdict.report.numbers())))
    version = {"2.0": 0x20000, "2.1": 0x20001}[row["version"]]
    check(name + ": version", verdict.filesystem.superblock.version == version)


def judge_pending(name, row, verdict):
    """What the notes of a cut say of orphans and moves; returns the numbers that this explains."""
    if row["class"] != "cut":
        return []
    filesystem = verdict.filesystem
    orphans, halves = len(filesystem.orphans), len(filesystem.half_orphans)
    text = "orphans=%d half=%d gstate=%s" % (orphans, halves, filesystem.state)
    check(name + ": out of sync", row["notes"].split(";")[0] == text, text)
    explained = {308: orphans, 310: halves, 605: filesystem.state.has_move}
    numbers = verdict.report.numbers()
    check(name + ": pending", all((n in numbers) == bool(count) for n, count in explained.items()),
          numbers)
    return list(explained)


def test_program_units():
    """Commits of these images were padded to the program unit, by the notes of the index."""
    for name, unit in (("g11-4k128-p16", 16), (PADDED, 256), ("g13-4k128-p4k", 4096),
                       ("g14-4k128-p256-v20", 256), ("g15-64k32-p4k", 4096)):
        report = Verdict(image(name), block_bytes(name), unit).report
        check("%s: units of %d" % (name, unit), not report.findings, report.numbers())


def test_used_blocks():
    verdict = Verdict(image("g23-4k64-full"), 4096)
    check("full: no free block", (verdict.used, verdict.total) == (64, 64), verdict.used)
    verdict = Verdict(image("g33-4k64-empty"), 4096)
    check("empty: two blocks", (verdict.used, verdict.total) == (2, 64), verdict.used)
    verdict = Verdict(image("g25-4k64-on-128"), 4096)
    check("smaller than the device", verdict.total == 64, verdict.total)


# Mutations

def test_editor(name):
    """What the editor writes is right as long as nothing is changed."""
    editor = Editor(image(name))
    before = editor.verdict().manifest
    for item in editor.filesystem.list:
        editor.edit(item.pair, lambda tag: tag)
    verdict = editor.verdict()
    check("rewritten " + name, verdict.manifest == before and not verdict.report.findings,
          verdict.report.numbers())


def test_mutation(function, numbers, name, options):
    editor = Editor(image(name), block_bytes(name))
    if index()[name]["version"] == "2.0" and function.__name__ != "fcrc_in_20":
        editor.options = {"fcrc_bytes": 0}
    function(editor)
    report = editor.verdict(**options).report
    check("mutation " + function.__name__, report.numbers() == numbers, "%s, not %s: %s" % (
        report.numbers(), numbers, "; ".join(map(str, report.findings))))


def test_every_rule_is_broken():
    broken = {number for _, numbers, _, _ in MUTATIONS for number in numbers}
    check("every rule has a mutation", broken == set(RULES), broken ^ set(RULES))
    with open(os.path.join(HERE, "README.md"), encoding="ascii") as file:
        text = file.read()
    for number, (severity, rule) in RULES.items():
        row = "| %d | %s | %s |" % (number, severity, rule)
        check("README.md has %d" % number, row in text, row)


# Rubbish

def survives(name, data, size, **options):
    """Any exception is a failure; the verdict must be one of the kinds that there are."""
    try:
        verdict = Verdict(bytes(data), size, **options)
        found = all(f.severity in (ERROR, WARNING, NOTE) and str(f) for f in
                    verdict.report.findings)
        check(name, found and verdict.used <= max(verdict.total, 2) and verdict.summary())
    except Exception as error:		# pylint: disable=broad-except
        check(name, False, repr(error))


def test_rubbish():
    generator = random.Random(1)
    for size in (128, 512, 4096):
        for blocks in (0, 1, 2, 16):
            survives("random", generator.randbytes(size * blocks + 7), size)
            survives("zeros", bytes(size * blocks), size)
            survives("ones", b"\xff" * (size * blocks), size)
    data = image(PLAIN)
    for length in (0, 1, 4095, 4096, 8191, 8192, 8193, 100000):
        survives("cut off at %d" % length, data[:length], 4096)
    for size in (128, 131, 512, 1024, 8192, 65536):
        survives("read with blocks of %d" % size, data, size)


def test_flipped(name, rounds):
    """Single bytes anywhere: mostly found by the checksums."""
    generator = random.Random(name)
    used = sorted(Editor(image(name), block_bytes(name)).filesystem.owners)
    for _ in range(rounds):
        data = bytearray(image(name))
        for _ in range(generator.choice((1, 2, 8, 64))):
            at = generator.choice(used) * block_bytes(name)
            data[at + generator.randrange(min(block_bytes(name), 2048))] = generator.randrange(256)
        survives("flipped " + name, data, block_bytes(name), strict=True)


def test_wild_tags(name, rounds):
    """Tags with random types, ids, sizes and data, with right checksums."""
    generator = random.Random(name)
    kinds = (0x001, 0x002, 0x0ff, 0x003, 0x200, 0x201, 0x202, 0x203, 0x300, 0x3ff, 0x401, 0x4ff,
             0x402, 0x5ff, 0x5a0, 0x600, 0x601, 0x6ff, 0x7ff, 0x7fe, 0x100)
    start = Editor(image(name), block_bytes(name))
    items = start.filesystem.list
    for _ in range(rounds):
        editor = Editor(start.data, block_bytes(name))
        pair = generator.choice(items).pair
        tags = editor.tags(pair)
        for _ in range(generator.randrange(1, 4)):
            tags.insert(generator.randrange(len(tags) + 1), wild_tag(generator, kinds))
        if generator.randrange(4) == 0:
            del tags[generator.randrange(len(tags))]
        editor.rewrite(pair, tags)
        survives("wild tags " + name, editor.data, block_bytes(name))


def wild_tag(generator, kinds):
    size = generator.choice((0, 1, 4, 8, 8, 8, 12, 24, 40))
    numbers = (0, 1, 7, 62, 63, 64, 255, 0x7fffffff, 0xffffffff)
    data = b"".join(generator.choice(numbers).to_bytes(4, "little") for _ in range(size // 4))
    data = data.ljust(size, b"n") if generator.randrange(8) else None
    return generator.choice(kinds), generator.choice((0, 1, 2, 5, 0x3fe, 0x3ff)), data


# The command

def run(*arguments):
    return subprocess.run([sys.executable, os.path.join(HERE, "check.py"), *arguments],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
                          universal_newlines=True)


def test_command():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "image")

        def judged(name, *arguments):
            with open(path, "wb") as file:
                file.write(image(name))
            return run(path, "--block-bytes", "4096", *arguments)

        good = judged(PLAIN)
        check("good image", good.returncode == 0 and "41 of 64 blocks used, 23 free; 0 errors" in
              good.stdout, good)
        bad = judged("c57-name-duplicate")
        check("bad image", bad.returncode == 1 and "error L402 block " in bad.stdout, bad)
        listed = judged(PLAIN, "--manifest")
        check("manifest", listed.returncode == 0 and
              listed.stdout.splitlines() == manifest(PLAIN + ".manifest"))
        cut = "cut-rename-cross-v21-k001-clean"
        check("pending", judged(cut).returncode == 0)
        check("strict", judged(cut, "--strict").returncode == 1)
        for arguments in ((), (path,), (path, "--block-bytes", "x"), (path, "--block-bytes", "64"),
                          (path, "--block-bytes", "4096", "--program-bytes", "0"),
                          (folder + "/none", "--block-bytes", "4096"),
                          (path, "--block-bytes", "4096", "--repair")):
            result = run(*arguments)
            check("usage %s" % (arguments,), result.returncode == 2 and result.stderr, result)


def main(patterns):
    def wanted(name):
        return not patterns or any(pattern in name for pattern in patterns)

    for name in filter(wanted, index()):
        test_image(name)
    for mutation in MUTATIONS:
        if wanted(mutation[0].__name__):
            test_mutation(*mutation)
    if not patterns:
        for name in (PLAIN, "g08-4k512-v21", "g20-4k512-aged", "v04-superblock-chain-3"):
            test_editor(name)
        for test in (test_program_units, test_used_blocks, test_every_rule_is_broken, test_rubbish,
                     test_command):
            test()
        for name in (PLAIN, "v04-superblock-chain-3", "cut-rename-dir-over-v21-k001-clean",
                     "cut-remove-dir-reloc-v21-k003-clean"):
            test_flipped(name, 300)
            test_wild_tags(name, 500)
    print("%d passed, %d failed" % (passed, failed))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
