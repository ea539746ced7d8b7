# SPDX-License-Identifier: Apache-2.0
"""Root filesystems whose pid 1 is the program xip (tests/xip), and the figures that it prints."""

import os
import re
import shutil

from images import BUILD, KERNEL, OPEN_KERNEL, flash_map, make_flash, variant
from qemu import Device
from warden import make_root, marked, pack_root

INIT = os.path.join(BUILD, "xip", "image-root", "bin", "xip")
PAYLOADS = os.path.join(BUILD, "payloads")
LIBRARIES = os.path.join(BUILD, "sdk", "lib")
LIBRARY = "libc.so"
LOADER = "ld-musl-armhf.so.1"

IMAGES = 32
REUSED_IMAGES = 4
DIFFERENT_PROGRAMS = 8		# places.c: COPIES

# As measure.COUNT_INSTRUCTIONS: two boots do the same.
COUNT_INSTRUCTIONS = ("-icount", "shift=0,sleep=off")
KIB = 1024
PAGE = 4096


def program(name):
    folder = os.path.join(BUILD, "apps") if name == "hello" else PAYLOADS
    return os.path.join(folder, name, "image-root", "bin", name)


def add_libraries(root):
    """As mk/device.mk does for the product's root filesystem."""
    for folder in ("lib", "usr/lib"):
        os.makedirs(os.path.join(root, folder))
    shutil.copy(os.path.join(LIBRARIES, LIBRARY), os.path.join(root, "usr", "lib"))
    os.symlink("../usr/lib/libc.so", os.path.join(root, "lib", LOADER))


def add_odd_files(root):
    """Sizes around whole pages, where reading and mapping differ."""
    for size in (0, 1, 4095, 4096, 4097, 8192, 40000, 65536):
        with open(os.path.join(root, "odd", str(size)), "wb") as file:
            file.write(bytes(number * 7 % 251 for number in range(size)))


def add_different_programs(root):
    """The same program but for a number that nothing reads, so that no two files are equal."""
    with open(program("sleeper"), "rb") as file:
        sleeper = file.read()
    for number in range(DIFFERENT_PROGRAMS):
        path = os.path.join(root, "bin", "same%d" % number)
        with open(path, "wb") as file:
            file.write(marked(sleeper, number))
        os.chmod(path, 0o755)


def make_images(folder, count):
    """Images of an app with its number in a file and in its program, and whole pages for the largest."""
    def finish(number):
        def mark(root):
            with open(os.path.join(root, "number"), "w", encoding="utf-8") as file:
                file.write("%d\n" % number)
            path = os.path.join(root, "bin", "sleeper")
            with open(path, "rb") as file:
                copy = marked(file.read(), number)
            with open(path, "wb") as file:
                file.write(copy)
        return mark

    images = []
    for number in range(count):
        with open(variant(folder, "sleeper", number, finish(number)), "rb") as file:
            images.append(file.read())
    # Where the monitor looks for what the factory installed; else it would not let them be mounted.
    sector = flash_map("FLASH_SECTOR_BYTES")
    largest = max(map(len, images))
    return images, (largest + sector - 1) // sector * sector


def make_rootfs(folder, plan, count, stride):
    """The image of the root filesystem; the arguments are what is in /etc/xip."""
    root = make_root(folder, INIT, [INIT] + [program(name) for name in
                                             ("sleeper", "dynamic", "hello")])
    add_libraries(root)
    add_odd_files(root)
    add_different_programs(root)
    with open(os.path.join(root, "etc", "xip"), "w", encoding="utf-8") as file:
        file.write("%s %d %d\n" % (plan, count, stride))
    return pack_root(root)


def make_xip_flash(folder, plan, count, kernel):
    images, stride = make_images(folder, count)
    flash = make_flash(folder, (), kernel=kernel,
                       system=(make_rootfs(folder, plan, count, stride),))
    with open(flash, "r+b") as file:
        for number, image in enumerate(images):
            file.seek(flash_map("FLASH_APPS") + number * stride)
            file.write(image)
    return flash


def run(folder, plan="all", count=IMAGES, kernel=KERNEL):
    """The console of one boot, in which nothing went wrong."""
    flash = make_xip_flash(folder, plan, count, kernel)
    with Device(flash, arguments=COUNT_INSTRUCTIONS, limit_s=180) as device:
        device.wait_for(r"^xip: done$")
        assert device.wait_for_exit() == 0
        if "xip: TROUBLE" in device.console:
            device.fail("trouble")
        return device.console


def run_reuse(folder):
    return run(folder, "reuse", REUSED_IMAGES, OPEN_KERNEL)


def mappings(console):
    """[(program, permissions, size KiB, resident KiB, file)]"""
    found = re.findall(r"^xip: map (\S+) (...) (\d+) (\d+) (\S+)$", console, re.M)
    return [(name, rights, int(size), int(rss), file) for name, rights, size, rss, file in found]


def number(console, key):
    """The number behind a key; keys may have several words."""
    return int(re.search(r"^xip: .*\b%s (-?\d+)\b" % re.escape(key), console, re.M)[1])


def copies(console):
    """{what: {"pages", "rss_kib", "used_kib", "cache_kib"}} of copies.c."""
    lines = re.findall(r"^xip: copies (\w+) ((?:\w+ -?\d+ ?)+)$", console, re.M)
    return {what: {key: int(value) for key, value in re.findall(r"(\w+) (-?\d+)", rest)}
            for what, rest in lines}


def figures(console):
    """The bench keys of one boot."""
    written = copies(console)["written"]
    page_kib = 4
    return {
        "xip_text_resident_kib": sum(rss for _, rights, _, rss, _ in mappings(console)
                                     if "w" not in rights),
        "xip_data_copies_per_page": round((written["used_kib"] + written["cache_kib"]) /
                                          (written["pages"] * page_kib), 1),
        "xip_mount_bytes": round(int(re.search(r"^xip: mounts \d+ used_kib (\d+)$", console,
                                               re.M)[1]) * KIB / IMAGES),
    }
