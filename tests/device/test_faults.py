# SPDX-License-Identifier: Apache-2.0
"""Memory is refused at every place where littlefs, and VFS on its way there, asks for some: the kernel
of the tests fails the n-th allocation of a task.  The program is tests/storage/faults.c."""

import re

import slabs
from images import TEST_KERNEL
from qemu import Device
from storage import LIMIT_S, finish, judge, make_storage_flash

ROUNDS = 3
# At which there must be something to refuse; the others ask for no memory at all.
ASKING = ("mount", "create", "open for reading", "open for writing", "readdir", "mmap", "truncate",
          "rename", "unlink", "unlink of an open file", "mkdir", "rmdir", "stat", "statfs", "umount",
          "remount", "chown", "setxattr", "getxattr", "listxattr")
SILENT = ("write", "large write", "fsync", "close")
OF_FILES = ("littlefs_inode", "dentry", "filp", "super_block", "kmalloc-512", "kmalloc-4k")


def test_memory_is_refused_at_each_place(folder):
    """Nothing is lost, nothing is left, the filesystem stays what it was."""
    with Device(make_storage_flash(folder, TEST_KERNEL, "faults"), limit_s=LIMIT_S) as device:
        looks = []
        for number in range(ROUNDS):
            device.wait_for("^storage: round %d$" % (number + 1))
            looks.append(slabs.look_settled(device, folder, TEST_KERNEL))
            device.send("go on\n")
        lines, partition = finish(device)
    more = looks[-1].since(looks[-2])
    assert looks[-1].caches["littlefs_inode"] and not [name for name in OF_FILES if more.get(name)], more
    found = re.findall(r"^storage: faults (.*): (\d+) refusals, (\d+) failed$", "\n".join(lines), re.M)
    assert len(found) == ROUNDS * len(ASKING + SILENT), found
    for name, refusals, failed in found:
        assert (int(refusals) > 0 and int(failed) > 0) == (name in ASKING), (name, refusals, failed)
    status, text = judge(folder, partition)
    assert status == 0, text
