# SPDX-License-Identifier: Apache-2.0
"""What a mounted littlefs takes of the kernel's memory, whatever is in it."""

import budgets
import littlefs_memory


def test_memory_of_a_mount_and_of_open_files(folder):
    """No more than the budgets; nothing of the files is left when they are closed."""
    del folder
    found, figures = littlefs_memory.figures(), littlefs_memory.bench()
    assert found.mount["littlefs_inode"] == 1 and found.mount["super_block"] == 1, found.mount
    budgets.check("littlefs_mount_bytes", figures["littlefs_mount_bytes"])
    count = littlefs_memory.FILES
    for opened in (found.reading, found.writing):
        assert [opened[name] for name in ("littlefs_inode", "filp", "dentry")] == [count] * 3, opened
    assert found.writing["kmalloc-512"] - found.reading.get("kmalloc-512", 0) == count, found.writing
    budgets.check("littlefs_open_file_bytes", figures["littlefs_open_file_bytes"])
    for name in littlefs_memory.OF_LITTLEFS + littlefs_memory.OF_VFS:
        assert not found.closed.get(name), found.closed


def test_memory_does_not_depend_on_sizes(folder):
    """With one file, with one of 1 MiB, with a thousand: a mount takes the same, object for object."""
    del folder
    found = littlefs_memory.figures()
    assert found.files_seen > littlefs_memory.MANY, found.files_seen
    assert found.one_file == found.large_file == found.many_files == (found.mount, found.mount_bytes), (
        found.mount, found.one_file, found.large_file, found.many_files)
