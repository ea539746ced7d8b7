#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Runs lfsdump over all images that the upstream implementation made.

usage: golden_test.py PROGRAMS GOLDEN

INDEX.tsv says what each image must show: a manifest, one of some, an error, or anything but a
crash.
"""
import csv
import json
import lzma
import os
import subprocess
import sys
import tempfile

PROGRAMS, GOLDEN = sys.argv[1], sys.argv[2]
TIMEOUT_S = 60
passed = failed = 0


def check(name, condition, detail=''):
    global passed, failed
    if condition:
        passed += 1
    else:
        failed += 1
        print(f'FAIL {name} {detail}')


def run(program, *arguments):
    return subprocess.run([os.path.join(PROGRAMS, program), *arguments], capture_output=True,
                          timeout=TIMEOUT_S)


def read_packed(name):
    with lzma.open(os.path.join(GOLDEN, name + '.xz')) as packed:
        return packed.read()


def is_clean_error(result):
    """An error that was found, not a crash or a sanitizer's report."""
    return result.returncode == 1 and result.stderr.startswith(b'lfsdump: ') and \
        result.stderr.count(b'\n') == 1


def check_manifest(row, result):
    name, expected = row['name'], row['expected'].split()
    if expected == ['error']:
        check(name, is_clean_error(result), f'{result.returncode} {result.stderr[:200]}')
    elif expected == ['any']:
        check(name, result.returncode == 0 or is_clean_error(result),
              f'{result.returncode} {result.stderr[-2000:]}')
    else:
        wanted = [read_packed(one) for one in expected]
        check(name, result.returncode == 0 and result.stdout in wanted,
              f'{result.returncode} {result.stderr[-500:]}')


def check_json(row, result):
    if result.returncode == 0:
        dump = json.loads(result.stdout)
        check(row['name'] + ' json', dump['block_bytes'] == int(row['block_size']) and
              dump['device_block_count'] == int(row['blocks_dev']))
        if row['class'] != 'damaged':
            check(row['name'] + ' version', dump['version'] == row['version'])
    else:
        check(row['name'] + ' json', is_clean_error(result), result.stderr[-500:])


def check_repair(row, image):
    """What a power cut left is finished, and nothing else is seen than before."""
    before = run('lfsdump', '-m', '-b', row['block_size'], image)
    is_pending = 'gstate=00000000' not in row['notes']
    result = run('fsck.littlefs', '-b', row['block_size'], image)
    check(row['name'] + ' check', result.returncode == (4 if is_pending else 0),
          result.stderr[-500:])
    result = run('fsck.littlefs', '-r', '-b', row['block_size'], image)
    check(row['name'] + ' repair', result.returncode == is_pending, result.stderr[-2000:])
    result = run('fsck.littlefs', '-b', row['block_size'], image)
    check(row['name'] + ' check again', result.returncode == 0, result.stderr[-500:])
    after = run('lfsdump', '-m', '-b', row['block_size'], image)
    check(row['name'] + ' after', after.returncode == 0 and before.stdout == after.stdout)


def check_mkfs(image, golden, version):
    """An empty filesystem, as upstream makes it; and numbers that cannot be."""
    os.remove(image)
    result = run('mkfs.littlefs', '-c', '64', '-p', '1', '-V', version, image)
    check(golden + ' mkfs', result.returncode == 0, result.stderr[-500:])
    result = run('lfsdump', '-m', image)
    check(golden + ' mkfs manifest', result.stdout == read_packed(golden + '.manifest'))
    result = run('fsck.littlefs', image)
    check(golden + ' mkfs fsck', result.returncode == 0 and b'2 of 64 blocks' in result.stdout)
    check(golden + ' mkfs refusal', run('mkfs.littlefs', '-b', '100', image).returncode == 1)


def main():
    with open(os.path.join(GOLDEN, 'INDEX.tsv'), newline='') as file:
        rows = list(csv.DictReader(file, delimiter='\t', quoting=csv.QUOTE_NONE))
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, 'image')
        for row in rows:
            with open(image, 'wb') as file:
                file.write(read_packed(row['name'] + '.img'))
            check_manifest(row, run('lfsdump', '-m', '-b', row['block_size'], image))
            check_json(row, run('lfsdump', '-j', image))
            if row['class'] == 'cut':
                check_repair(row, image)
        check_mkfs(image, 'g33-4k64-empty', '2.1')
        check_mkfs(image, 'g34-4k64-empty-v20', '2.0')
    print(f'littlefs golden: {passed} passed, {failed} failed')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
