# SPDX-License-Identifier: Apache-2.0
"""Verified boot with skipped instructions: a sample of "make skips"."""

import random

import skips

SEED = 20261128
SAMPLE = 12			# of each attack


def test_skips(_):
    source = random.Random(SEED)
    places = skips.places()
    assert len(places) > 500, len(places)
    bypasses = []
    for attack in ("signature", "kernel", "rollback", "revoked key"):
        with skips.Bench(attack) as bench:
            for _ in range(SAMPLE):
                address, function = source.choice(places)
                count = source.choice(skips.SKIPS)
                if bench.boots(address, count):
                    bypasses.append("%s: %d bytes at 0x%x in %s" % (attack, count, address, function))
    assert not bypasses, bypasses


def test_the_bench_sees_a_start(_):
    with skips.Bench("nothing") as bench:
        assert bench.boots()
