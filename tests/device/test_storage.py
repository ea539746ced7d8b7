# SPDX-License-Identifier: Apache-2.0
"""The littlefs of the partition "storage" on the device.  The program is tests/storage."""

import storage


def test_littlefs_does_what_a_filesystem_does(folder):
    """The whole program without trouble, and a medium without errors after it."""
    _, partition = storage.run(folder)
    status, text = storage.judge(folder, partition)
    assert status == 0, text


def test_the_checker_sees_what_is_wrong(folder):
    """The empty filesystem has no error; with one bit of its root changed it has."""
    image = bytearray(storage.empty_littlefs())
    status, text = storage.judge(folder, image)
    assert status == 0, text
    for block in 0, len(image) // 16:
        image[block + 20] ^= 1
    status, text = storage.judge(folder, image)
    assert status == 1, text
