# SPDX-License-Identifier: Apache-2.0
"""The same three programs as an image of each filesystem that is compared (tests/peers).

Each make function writes an image of a folder and returns how many bytes of flash it takes.
"""

import lzma
import os
import shutil
import stat

import measure		# pylint: disable=unused-import # it says where the next modules are
from images import BUILD, SPH, run
from warden import WARDEN_ID

PEERS = os.path.join(BUILD, "peers")
IMAGE_TRAILER_BYTES = 256		# abi/image.h: metadata and signature, which others lack
PROGRAMS = (
    os.path.join(BUILD, "payloads", "sleeper", "image-root", "bin", "sleeper"),
    os.path.join(BUILD, "payloads", "dynamic", "image-root", "bin", "dynamic"),
    os.path.join(PEERS, "worker", "image-root", "bin", "worker"),
)
LIBRARY = os.path.join(BUILD, "sdk", "lib", "libc.so")
PEER = os.path.join(PEERS, "peer", "image-root", "bin", "peer")

# The least that is needed, and the same bytes at each run.  Not -Xbcj: the kernel then takes the
# size of the dictionary from the image, and with blocks of 4 KiB it is too small for the metadata.
SQUASHFS = ("-comp", "xz", "-all-root", "-no-xattrs", "-no-exports",
            "-all-time", "0", "-mkfs-time", "0", "-noappend", "-no-progress", "-quiet")
EROFS = ("-x-1", "-T0", "--all-root", "-U00000000-0000-0000-0000-000000000000", "--quiet")


def make_tree(folder):
    """What every image holds: as the product's root filesystem, without application-manager."""
    tree = os.path.join(folder, "tree")
    for name in ("bin", "lib", "usr/lib"):
        os.makedirs(os.path.join(tree, name))
    for path in PROGRAMS:
        shutil.copy(path, os.path.join(tree, "bin"))
    os.chmod(shutil.copy(LIBRARY, os.path.join(tree, "usr", "lib")), 0o755)
    os.symlink("../usr/lib/libc.so", os.path.join(tree, "lib", "ld-musl-armhf.so.1"))
    return tree


def make_cramfs(tree, image):
    """As the product's images are: nothing is compressed, everything on a page of its own."""
    run(SPH, "image", "pack", "--type", "rootfs", "--name", "peers", "--component-id", WARDEN_ID,
        "-o", image, tree)
    os.truncate(image, os.path.getsize(image) - IMAGE_TRAILER_BYTES)
    return os.path.getsize(image)


def make_compressed_cramfs(tree, image):
    run("/sbin/mkfs.cramfs", tree, image)
    return os.path.getsize(image)


def make_squashfs(tree, image, *options):
    run("mksquashfs", tree, image, *SQUASHFS, *options)
    with open(image, "rb") as file:
        file.seek(40)
        return int.from_bytes(file.read(8), "little")	# bytes_used: the rest is padding


def make_erofs(tree, image, *options):
    run("mkfs.erofs", *EROFS, *options, image, tree)
    return os.path.getsize(image)


def cpio_entry(number, name, mode, data):
    """Documentation/driver-api/early-userspace/buffer-format.rst; all numbers but these are 0."""
    fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name) + 1, 0)
    head = b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
    return head + b"\0" * (-len(head) % 4) + data + b"\0" * (-len(data) % 4)


def make_initramfs(tree, image):
    """The archive that a kernel would unpack counts; what is unpacked comes from a cramfs."""
    make_cramfs(tree, image)
    archive = b""
    for number, path in enumerate(sorted_paths(tree)):
        mode, data = os.lstat(path).st_mode, b""
        if stat.S_ISLNK(mode):
            data = os.readlink(path).encode()
        elif stat.S_ISREG(mode):
            with open(path, "rb") as file:
                data = file.read()
        archive += cpio_entry(number, os.path.relpath(path, tree), mode, data)
    archive += cpio_entry(0, "TRAILER!!!", 0, b"")
    filters = [{"id": lzma.FILTER_ARMTHUMB}, {"id": lzma.FILTER_LZMA2, "preset": 9}]
    return len(lzma.compress(archive, check=lzma.CHECK_CRC32, filters=filters))


def sorted_paths(tree):
    for folder, folders, files in os.walk(tree):
        folders.sort()
        for name in sorted(folders + files):
            yield os.path.join(folder, name)
