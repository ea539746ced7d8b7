# SPDX-License-Identifier: Apache-2.0
"""What a mounted littlefs takes of the kernel's memory, on the product's kernel: slabs.py counts what
the device has allocated, object by object."""

import functools
import tempfile

import slabs
from orders import Guest
from qemu import Device
from storage import LIMIT_S, make_storage_flash

FILES = 32			# open at once
MANY = 1000
SMALL_BYTES = 100
LARGE_BYTES = 1 << 20
CHUNK_BYTES = 262144		# of the large file, with one order

MOUNTS = 4

# The inode and the buffer of a file; and Linux's own share of it when it is open.
OF_LITTLEFS = ("littlefs_inode", "kmalloc-512")
OF_VFS = ("filp", "dentry")


class Figures:
    """Differences as {cache: objects}, and bytes."""

    def __init__(self, folder):
        with Device(make_storage_flash(folder, plan="orders"), limit_s=LIMIT_S) as device:
            self.look = functools.partial(slabs.look_settled, device, folder)
            self.guest = Guest(device)
            # What the first mount of all takes stays.
            self.guest.must("mount")
            self.guest.must("create", "file")
            self.mount, self.mount_bytes = self.measure_mount()
            self.measure_files()
            self.one_file = self.measure_mount()
            self.large_file = self.measure_large()
            self.many_files = self.measure_many()
            self.guest.must("umount")
            self.guest.end()

    def measure_mount(self):
        """What a mount takes after everything in it was read, and after what can go has gone.  The
        least of some: in any of them the kernel may start one more worker."""
        found = []
        for _ in range(MOUNTS):
            self.guest.must("umount")
            before = self.look()
            self.guest.must("mount")
            self.guest.list()
            self.guest.must("remount")
            after = self.look()
            found.append((after.bytes_since(before), after.since(before)))
        least, objects = min(found, key=lambda pair: pair[0])
        return objects, least

    def measure_files(self):
        """Open for reading, then for writing with something in the buffer."""
        must = self.guest.must
        for number in range(FILES):
            must("replace", number, 300, number)
        must("remount")
        idle = self.look()
        for number in range(FILES):
            must("open", number, number, "r")
        reading = self.look()
        for number in range(FILES):
            must("slot-close", number)
            must("open", number, number)
            must("slot-put", number, 0, 200, 1)
        writing = self.look()
        for number in range(FILES):
            must("slot-close", number)
        must("remount")
        self.closed = self.look().since(idle)
        for number in range(FILES):
            must("unlink", number)
        self.reading, self.writing = reading.since(idle), writing.since(idle)
        self.reading_bytes = reading.bytes_since(idle, OF_LITTLEFS) / FILES
        self.writing_bytes = writing.bytes_since(idle, OF_LITTLEFS) / FILES
        self.vfs_bytes = writing.bytes_since(idle, OF_VFS) / FILES

    def measure_large(self):
        must = self.guest.must
        must("create", "large")
        for offset in range(0, LARGE_BYTES, CHUNK_BYTES):
            must("put", "large", offset, CHUNK_BYTES, offset)
        found = self.measure_mount()
        must("unlink", "large")
        return found

    def measure_many(self):
        self.guest.must("mkdir", "many")
        for number in range(MANY):
            self.guest.must("replace", "many/%d" % number, SMALL_BYTES, number)
        self.files_seen = len(self.guest.list()[0])
        return self.measure_mount()


@functools.lru_cache(maxsize=None)
def figures():
    with tempfile.TemporaryDirectory() as folder:
        return Figures(folder)


def bench():
    """The bench keys."""
    found = figures()
    return {
        "littlefs_mount_bytes": found.mount_bytes,
        "littlefs_mount_own_bytes": found.mount["kmalloc-4k"] * 4096,
        "littlefs_open_file_bytes": round(found.writing_bytes),
        "littlefs_open_file_reading_bytes": round(found.reading_bytes),
        "littlefs_open_file_vfs_bytes": round(found.vfs_bytes),
    }
