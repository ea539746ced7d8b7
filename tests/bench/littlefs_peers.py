#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""make littlefs-peers: our littlefs beside JFFS2, on one kernel and the same flash.

Prints Markdown tables and writes docs/littlefs-peers.svg.  tests/peers/README.md says what is
compared, and how.
"""

import collections
import os
import re
import sys
import tempfile

from measure import COUNT_INSTRUCTIONS, write_whole	# first: it says where other modules are
import littlefs_peer_chart
from images import BUILD, KERNEL, flash_map, make_flash, run
from peers import memory
from qemu import TOP, Device
from warden import make_root, pack_root

CHART = os.path.join(TOP, "docs", "littlefs-peers.svg")
WRITER = os.path.join(BUILD, "peers", "writer", "image-root", "bin", "writer")
MKFS = os.path.join(BUILD, "host", "mkfs.littlefs")
HEAD_BYTES = 512		# tests/peers/part.h: PART_HEAD_BYTES
RAM_PART_KIB, UNIT_BYTES = 512, 4
MOUNTS, MOUNTS_RAM_KIB = 16, 16384
LIMIT_S = 240

# name: in the keys; label: in table and chart; type: of mount(2); kernel: xipImage-KERNEL.
Peer = collections.namedtuple("Peer", "name label type kernel")
PEERS = (
    Peer("ours", "littlefs, ours", "littlefs", "jffs2"),
    Peer("jffs2", "JFFS2, no compression", "jffs2", "jffs2"),
    Peer("jffs2zlib", "JFFS2, zlib", "jffs2", "jffs2zlib"),
)

# name: in the keys; ram: of the guest, not of the storage partition; crowd: files with which it is
# nearly full, the bytes of each, and how many changes are made.
Part = collections.namedtuple("Part", "name label ram block_kib kib crowd")
STORAGE = Part("256k", "flash, 16 x 256 KiB", False, 256, 4096, (12, 250000, 40))
SMALL = Part("4k", "128 x 4 KiB", True, 4, RAM_PART_KIB, (34, 12000, 400))
USUAL = Part("64k", "8 x 64 KiB", True, 64, RAM_PART_KIB, (4, 64000, 400))
PARTS = (STORAGE, USUAL, SMALL)
MOUNT_PARTS = (USUAL, SMALL)

CHORES = ("config", "log", "overwrite", "crowded")
RESULT = re.compile(r"^(?:peer|writer): (\w+) (\w+) (\d+)$", re.M)


def make_seed(folder, part):
    """The start of both blocks of an empty littlefs; in the rest of them nothing is programmed."""
    path = os.path.join(folder, "empty.littlefs")
    block = part.block_kib * 1024
    run(MKFS, "-b", str(block), "-c", str(part.kib // part.block_kib), "-p", str(UNIT_BYTES), path)
    with open(path, "rb") as file:
        image = file.read()
    heads = [image[at:at + HEAD_BYTES] for at in (0, block)]
    assert not (image[HEAD_BYTES:block] + image[block + HEAD_BYTES:2 * block]).strip(b"\xff")
    return b"".join(heads)


def make_writer_flash(folder, peer, part, task, parts):
    """Flash whose pid 1 does @task with @parts parts of flash."""
    root = make_root(folder, WRITER, ())
    with open(os.path.join(root, "etc", "plan"), "w", encoding="utf-8") as file:
        file.write("%s %s %d %d %d %d\n" % ((peer.type, task, parts) + part.crowd))
    if peer.type == "littlefs":
        with open(os.path.join(root, "etc", "seed"), "wb") as file:
            file.write(make_seed(folder, part))
    bootargs = "flash_gauge.ram_count=%d" % (parts if part.ram else 0)
    if part.ram:
        bootargs += " flash_gauge.ram_kib=%d flash_gauge.block_kib=%d flash_gauge.unit_bytes=%d" % (
            part.kib, part.block_kib, UNIT_BYTES)
    return make_flash(folder, (), kernel="%s-%s" % (KERNEL, peer.kernel), bootargs=bootargs,
                      system=(pack_root(root),), ram_kib=MOUNTS_RAM_KIB if parts > 1 else None)


def boot(folder, peer, part, task, parts=1):
    """{(group, key): number} of one boot; a group is a chore or a step."""
    ram = "%dK" % MOUNTS_RAM_KIB if parts > 1 else "4M"
    with tempfile.TemporaryDirectory(dir=folder) as place:
        flash = make_writer_flash(place, peer, part, task, parts)
        with Device(flash, ram=ram, arguments=COUNT_INSTRUCTIONS, limit_s=LIMIT_S) as device:
            device.wait_for(r"^writer: (done|TROUBLE.*)$")
            if "TROUBLE" in device.console:
                device.fail("%s: %s on %s" % (task, peer.name, part.name))
            found = RESULT.findall(device.console)
    return {(group, key): int(number) for group, key, number in found}


def gained_bytes(numbers, step, since="unmounted"):
    """(used, cache): bytes for each mount that are used more, and page cache."""
    lost, cache = (after - before for before, after in
                   zip(memory(numbers, since), memory(numbers, step)))
    return ((lost - cache) * 1024 // MOUNTS, cache * 1024 // MOUNTS)


def mount_figures(numbers, logged):
    """The figures of mounts: of a part with whole files, and of one with a log."""
    used, _ = gained_bytes(numbers, "mounted")
    opened, opened_cache = gained_bytes(numbers, "opened")
    read, read_cache = gained_bytes(numbers, "read")
    return {
        "mount_bytes": used,
        "log_mount_bytes": gained_bytes(logged, "mounted")[0],
        "open_bytes": opened + opened_cache,
        "read_bytes": read + read_cache,
        "dropped_bytes": sum(gained_bytes(numbers, "dropped")),
        "left_bytes": sum(gained_bytes(numbers, "ended")),
        "mount_instructions": numbers["mount", "instructions"],
        "thread_instructions": numbers["mount", "thread_instructions"],
    }


def chore_figures(numbers, part, chore):
    count = numbers[chore, "operations"]
    return {
        "programmed_bytes": numbers[chore, "programmed_bytes"] / count,
        "erased_bytes": numbers[chore, "erases"] * part.block_kib * 1024 / count,
        "worst_erases": numbers[chore, "worst_erases"],
        "worst_erases_alone": numbers[chore, "worst_erases_alone"],
        "failed": numbers[chore, "failed"],
        "instructions": numbers[chore, "instructions"],
        "worst_instructions": numbers[chore, "worst_instructions"],
    }


def compare(folder):
    """Of mounts by (part, peer), of chores by (part, peer, chore), of boots by their key."""
    mounts, chores, others, before = {}, {}, {}, {}
    for peer in PEERS:
        for part in MOUNT_PARTS:
            runs = [boot(folder, peer, part, task, MOUNTS) for task in ("mounts", "log-mounts")]
            mounts[part.name, peer.name] = mount_figures(*runs)
        for part in PARTS:
            numbers = boot(folder, peer, part, "chores")
            if numbers["part", "refused"]:
                raise RuntimeError("%s programs what %s cannot" % (peer.name, part.name))
            for chore in CHORES:
                chores[part.name, peer.name, chore] = chore_figures(numbers, part, chore)
            others["littlefs_peer_%s_%s_worn" % (peer.name, part.name)] = numbers["part", "worn"]
            if part is STORAGE:
                lost, cache = memory(numbers, "before")
                before[peer.name] = lost - cache
    others["littlefs_peer_jffs2zlib_drivers_kib"] = before["jffs2zlib"] - before["jffs2"]
    return mounts, chores, others


def ram_ratios(mounts):
    """{part: RAM of our mount, of that of JFFS2 without compression}"""
    return {part.name: round(mounts[part.name, "ours"]["mount_bytes"] /
                             mounts[part.name, "jffs2"]["mount_bytes"], 3)
            for part in MOUNT_PARTS}


def worst_erases(chores, peer):
    return max(values["worst_erases"] for (_, name, _), values in chores.items() if name == peer)


def keys(mounts, chores, others):
    """One flat dictionary of the figures of compare()."""
    ratios = ram_ratios(mounts)
    flat = dict(others, littlefs_jffs2_ram_ratio=max(ratios.values()))	# no part is chosen
    flat.update(("littlefs_jffs2_ram_ratio_" + name, ratio) for name, ratio in ratios.items())
    for (part, peer), values in mounts.items():
        flat.update(("littlefs_peer_%s_%s_%s" % (peer, part, key), value)
                    for key, value in values.items())
    for (part, peer, chore), values in chores.items():
        flat.update(("littlefs_peer_%s_%s_%s_%s" % (peer, part, chore, key), round(value, 1))
                    for key, value in values.items())
    for peer in PEERS:
        flat["littlefs_peer_%s_worst_erases" % peer.name] = worst_erases(chores, peer.name)
    return flat


def measure(folder):
    return keys(*compare(folder))


def draw(mounts, chores):
    return littlefs_peer_chart.draw(PEERS, MOUNT_PARTS, PARTS, mounts, chores)


def markdown(head, rows):
    lines = ["| %s |" % " | ".join(head), "|" + "---|" * 2 + "--:|" * (len(head) - 2)]
    lines += ["| %s |" % " | ".join(map(str, row)) for row in rows]
    return "\n".join(lines)


def mount_table(mounts):
    columns = ("mount_bytes", "log_mount_bytes", "open_bytes", "read_bytes", "dropped_bytes",
               "left_bytes", "mount_instructions", "thread_instructions")
    head = ("part", "filesystem", "RAM of a mount", "with a log", "one file open",
            "all files read", "caches dropped", "unmounted", "instructions", "and in its thread")
    return markdown(head, [
        [part.label, peer.label] + ["{:,}".format(mounts[part.name, peer.name][key])
                                    for key in columns]
        for part in MOUNT_PARTS for peer in PEERS])


def chore_table(chores, chore):
    head = ("part", "filesystem", "programmed", "erased", "most erases", "before it returns",
            "failed", "instructions", "most")
    rows = []
    for part in PARTS:
        for peer in PEERS:
            values = chores[part.name, peer.name, chore]
            rows.append([part.label, peer.label] + ["{:,}".format(round(values[key])) for key in (
                "programmed_bytes", "erased_bytes", "worst_erases", "worst_erases_alone", "failed",
                "instructions", "worst_instructions")])
    return markdown(head, rows)


def main():
    with tempfile.TemporaryDirectory(prefix="spherule-peers-") as folder:
        tempfile.tempdir = folder	# the flash of the devices too
        mounts, chores, others = compare(folder)
    print(mount_table(mounts))
    for chore in CHORES:
        print("\n%s\n\n%s" % (chore, chore_table(chores, chore)))
    flat = keys(mounts, chores, others)
    for key in sorted(flat):
        if key in others or "ratio" in key:
            print("%s %g" % (key, flat[key]))
    write_whole(CHART, draw(mounts, chores))
    print(CHART)
    return 0


if __name__ == "__main__":
    sys.exit(main())
