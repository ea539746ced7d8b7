#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""make peers: three programs executed in place, beside the filesystems that others would use.

Prints Markdown tables and writes docs/xip-peers.svg.  tests/peers/README.md says what is compared,
and how.
"""

import collections
import os
import re
import sys
import tempfile

from measure import COUNT_INSTRUCTIONS, write_whole	# first: it says where other modules are
import peer_chart
import peer_images
from images import KERNEL, flash_map, make_flash
from qemu import TOP, Device
from warden import make_root, pack_root

CHART = os.path.join(TOP, "docs", "xip-peers.svg")
NODE = "/dev/apps"		# tests/peers/provide.h
OFFSET = 4096			# of our image in its partition: an app of the product has one

# name: in the keys; label: in table and chart; kernel: xipImage-KERNEL; without: the kernel that
# lacks what only this filesystem needs, or none; make, options: the image; plan: type, source,
# options and read-ahead, as in tests/peers/provide.h; offset: of the image in its partition.
Peer = collections.namedtuple("Peer", "name label kernel without make options plan offset")


def on_flash(name, label, kernel, without, make, offset=0):
    plan = ("cramfs", "mtd:apps", "offset=%d" % offset if offset else "-", "-")
    return Peer(name, label, kernel, without, make, (), plan, offset)


def on_block(name, label, make, options, mount_options="-", read_ahead="0"):
    """A filesystem on the block device; the kernel would read 128 KiB ahead if it were not told."""
    return Peer(name, label, "peers", "blockless", make, options,
                (name.split("_", maxsplit=1)[0], NODE, mount_options, read_ahead), 0)


# Each with the settings that take the least RAM.
PEERS = (
    on_flash("ours", "cramfs-XIP, ours", "peers", None, peer_images.make_cramfs, OFFSET),
    on_flash("stock_cramfs", "cramfs-XIP, upstream's", "stock", None, peer_images.make_cramfs),
    on_flash("zlib_cramfs", "cramfs, zlib", "workspace", "stock",
             peer_images.make_compressed_cramfs),
    on_block("squashfs", "squashfs, xz", peer_images.make_squashfs,
             ("-b", "4096", "-no-fragments")),
    on_block("erofs", "erofs, uncompressed", peer_images.make_erofs, ()),
    on_block("erofs_lz4", "erofs, lz4hc", peer_images.make_erofs, ("-zlz4hc,12",),
             "cache_strategy=disabled"),
    Peer("initramfs", "initramfs, xz", "peers", None, peer_images.make_initramfs, (),
         ("copy", "mtd:apps", "-", "-"), 0),
)
# The same as they come: blocks of 128 KiB, read-ahead of 128 KiB.
USUAL = (
    on_block("squashfs", "squashfs, xz, as it comes", peer_images.make_squashfs, (),
             read_ahead="-"),
    on_block("erofs", "erofs, uncompressed, as it comes", peer_images.make_erofs, (),
             read_ahead="-"),
    on_block("erofs_lz4", "erofs, lz4hc, as it comes", peer_images.make_erofs, ("-zlz4hc",),
             read_ahead="-"),
)
# What there is before a mount without the block layer.
BLOCKLESS = on_flash("blockless", "ours, no block layer", "blockless", None,
                     peer_images.make_cramfs, OFFSET)

RESULT = re.compile(r"^peer: (\w+) (\w+) (\d+)", re.M)
PROGRAMS = ("sleeper", "dynamic", "worker")


def make_peer_flash(folder, peer, image):
    """Flash whose pid 1 does what the plan of @peer says with @image in the partition "apps"."""
    root = make_root(folder, peer_images.PEER, ())
    os.makedirs(os.path.join(root, "mnt", "image"))
    with open(os.path.join(root, "etc", "plan"), "w", encoding="utf-8") as file:
        file.write(" ".join(peer.plan) + "\n")
    flash = make_flash(folder, (), kernel="%s-%s" % (KERNEL, peer.kernel), bootargs="",
                       system=(pack_root(root),))
    with open(image, "rb") as file, open(flash, "r+b") as bank:
        bank.seek(flash_map("FLASH_APPS") + peer.offset)
        bank.write(file.read())
    return flash


def boot(peer, folder):
    """{(group, key): number} of one boot; a group is before, after, start or a program."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        image = os.path.join(place, "image")
        flash_bytes = peer.make(peer_images.make_tree(place), image, *peer.options)
        flash = make_peer_flash(place, peer, image)
        with Device(flash, arguments=COUNT_INSTRUCTIONS) as device:
            device.wait_for(r"^peer: (done|TROUBLE.*)$")
            if "TROUBLE" in device.console:
                device.fail("peer: %s" % peer.name)
            found = RESULT.findall(device.console)
    numbers = {(group, key): int(number) for group, key, number in found}
    numbers["image", "bytes"] = flash_bytes
    return numbers


def memory(numbers, when):
    """(KiB not free, KiB of page cache) without what the machine has in all: only to subtract."""
    cache = numbers[when, "file_pages_kib"] - numbers[when, "shmem_kib"]
    return -numbers[when, "free_kib"] - numbers[when, "per_cpu_kib"], cache


def used_before(numbers):
    lost, cache = memory(numbers, "before")
    return lost - cache


def figures(peer, boots):
    """The figures of one filesystem, from the boots of all: {kernel or name: numbers}."""
    numbers = boots[peer.name]
    lost, cache = (after - before for before, after in
                   zip(memory(numbers, "before"), memory(numbers, "after")))
    drivers = 0
    if peer.without:
        drivers = used_before(numbers) - used_before(boots[peer.without])
    return {
        "used_kib": lost - cache,
        "cache_kib": cache,
        "text_kib": sum(numbers[program, key] for program in PROGRAMS
                        for key in ("exec_kib", "read_only_kib")),
        "drivers_kib": drivers,
        "flash_bytes": numbers["image", "bytes"],
        "instructions": numbers["start", "ns"],		# 1 ns each: COUNT_INSTRUCTIONS
    }


def compare(folder, peers=PEERS):
    """[(peer, its figures)]"""
    boots = {peer.name: boot(peer, folder) for peer in (BLOCKLESS, PEERS[1]) + peers}
    boots["stock"] = boots[PEERS[1].name]
    return [(peer, figures(peer, boots)) for peer in peers]


def ram_kib(values):
    return values["used_kib"] + values["cache_kib"]


def keys(rows):
    """One flat dictionary of the figures of compare()."""
    flat, by_name = {}, {}
    for peer, values in rows:
        by_name[peer.name] = ram_kib(values)
        flat.update(("xip_peer_%s_%s" % (peer.name, key), value) for key, value in values.items())
    for name in ("stock_cramfs", "erofs"):
        flat["xip_vs_%s_kib" % name] = by_name[name] - by_name["ours"]
    return flat


def measure(folder):
    return keys(compare(folder))


def draw(rows):
    return peer_chart.draw([(peer.label, values) for peer, values in rows])


def table(rows):
    """Markdown."""
    lines = ["| filesystem | RAM, KiB | used | cache | text in RAM | drivers | flash, bytes | "
             "instructions |", "|---|--:|--:|--:|--:|--:|--:|--:|"]
    for peer, values in rows:
        cells = [ram_kib(values)] + [values[key] for key in (
            "used_kib", "cache_kib", "text_kib", "drivers_kib", "flash_bytes", "instructions")]
        lines.append("| %s | %s |" % (peer.label, " | ".join(map("{:,}".format, cells))))
    return "\n".join(lines)


def main():
    with tempfile.TemporaryDirectory(prefix="spherule-peers-") as folder:
        tempfile.tempdir = folder	# the flash of the devices too
        rows = compare(folder)
        print(table(rows), flush=True)
        print("\n" + table(compare(folder, USUAL)))
        for key, value in keys(rows).items():
            if key.startswith("xip_vs_"):
                print("%s %d" % (key, value))
    write_whole(CHART, draw(rows))
    print(CHART)
    return 0


if __name__ == "__main__":
    sys.exit(main())
