#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes the seeds of the fuzzers from images, in the form that packed.h describes.

usage: corpus_make.py GOLDEN SEEDS

SEEDS/images has them for fuzz_read.c, SEEDS/changed for fuzz_write.c, with changes in front, and some
that begin with a filesystem which that makes.
Of blocks that are no metadata only the begin is kept: pointers are there.
"""
import csv
import hashlib
import lzma
import os
import struct
import sys

MAX_BYTES = 20000
DATA_BYTES = 48
BLOCK_BYTES = 4096
CHANGES = 30
QUOTA = 4

# Filesystems that fuzz_write.c makes: log2 of the block size, blocks, flags.
MADE = [(7, 100, 1), (8, 40, 5), (9, 24, 3), (9, 96, 13), (10, 20, 5), (12, 16, 1), (12, 64, 5)]
CUTS = (0, 9, 30, 100)


def pack(image):
    count = len(image) // BLOCK_BYTES
    if count > 255:
        return None
    out = bytes([12 - 7, count])
    for block in range(count):
        data = image[block * BLOCK_BYTES:(block + 1) * BLOCK_BYTES]
        # A revision is small in what the images have; the first tag of a log is a name or an id.
        is_log = data[5:6] in (b'\x0f', b'\x1f', b'\xf0') or data[4:5] in (b'\xf0', b'\xff')
        if not is_log:
            data = data[:DATA_BYTES]
        data = data.rstrip(b'\xff')
        if data:
            out += struct.pack('<BH', block, len(data)) + data
    return out if len(out) <= MAX_BYTES else None


def choose(name, flags, cut):
    """What fuzz_write.c does: its header and changes, others for each name and the same each time."""
    changes = b''.join(hashlib.sha256(b'%s %d' % (name.encode(), i)).digest() for i in range(3))
    device, config = changes[-2:]
    return struct.pack('<BBBHBBB', flags, device, config, cut, 0, 0, CHANGES) + changes[:3 * CHANGES]


def write(seeds, kind, name, data):
    with open(os.path.join(seeds, kind, name + '.bin'), 'wb') as file:
        file.write(data)


def main():
    golden, seeds = sys.argv[1:]
    for kind in ('images', 'changed'):
        os.makedirs(os.path.join(seeds, kind), exist_ok=True)
    with open(os.path.join(golden, 'INDEX.tsv'), newline='') as file:
        rows = list(csv.DictReader(file, delimiter='\t', quoting=csv.QUOTE_NONE))
    for row in rows:
        if int(row['block_size']) != BLOCK_BYTES:
            continue
        with lzma.open(os.path.join(golden, row['name'] + '.img.xz')) as packed:
            seed = pack(packed.read())
        if seed:
            write(seeds, 'images', row['name'], seed)
            write(seeds, 'changed', row['name'], choose(row['name'], QUOTA, 0) + seed)
    for log2, count, flags in MADE:
        for cut in CUTS:
            name = 'made-%d-%d-%d-%d' % (log2, count, flags, cut)
            write(seeds, 'changed', name, choose(name, flags, cut) + bytes([log2 - 7, count]))


if __name__ == '__main__':
    main()
