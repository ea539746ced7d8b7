# SPDX-License-Identifier: Apache-2.0
"""Limits of memory, processes and processor time: what an app takes is its own, and nobody else's."""

import re

import budgets
import contention
from images import ROOTFS_IMAGE, app_image, make_flash
from qemu import Device


def peak_kib(device, name):
    return int(device.wait_for(r"E4010: %s exited with status 0 .* peak of (\d+) KiB; " % name)[1])


def test_each_page_is_counted_for_itself(folder):
    """Not 64 at a time: 200 KiB more are 200 KiB more and two pages for their mappings; nobody is told in
    vain."""
    apps = [contention.hog(folder, n, "take", kib) for n, kib in enumerate(("40", "240"))]
    with Device(make_flash(folder, apps)) as device:
        small, large = peak_kib(device, "hog0"), peak_kib(device, "hog1")
        assert abs(large - small - 200) <= 12, (small, large)
        assert 40 < small < 120, small
        assert "E3122" not in device.console, device.console


def test_app_over_its_limit_is_told_and_killed_alone(folder):
    """First told, then killed, then started again; the figures are on record; hello goes on."""
    apps = [contention.hog(folder, 0, "eat"), "hello"]
    flash = make_flash(folder, apps, bootargs=contention.BOOTARGS)
    with Device(flash, expect_trouble=True) as device:
        killed = device.wait_for(r"error E3121: hog0 wanted more memory than its limit of 512 KiB and was "
                                 r"killed; its peak was (\d+) KiB$")
        assert 508 <= int(killed[1]) <= 512, killed[0]
        told = device.console.index("error E3122: hog0 uses more than 448 KiB of its 512 KiB")
        assert told < killed.start(), device.console
        device.wait_for(r"error E4010: hog0 was ended by signal 9 ")
        device.wait_for(r"hog0 started", count=2)
        # A limit holds within a page or so: what it had is what its limit has room for.
        pages = max(int(n) for n in re.findall(r"hog: has (\d+) pages", device.console))
        assert 64 < pages * 4 < 512, pages
        device.wait_for(r"hello, world 3$")
        assert device.console.count("hello started") == 1


def test_all_apps_together_have_a_limit(folder):
    """One whose own limit is more than the device has is killed before anything else suffers."""
    apps = [contention.hog(folder, 0, "eat", limits={"MemoryKB": 4096}), "hello"]
    flash = make_flash(folder, apps, system=(ROOTFS_IMAGE, app_image("networker")), bootargs=contention.BOOTARGS)
    with Device(flash, expect_trouble=True) as device:
        device.wait_for(r"error E3121: hog0 was killed below its limit of 4096 KiB, because no memory was left; ")
        device.wait_for(r"error E4010: hog0 was ended by signal 9 ", count=2)
        assert device.console.count("networker started") == 1, device.console
        device.wait_for(r"hello, world 3$")


def test_memory_of_the_kernel_is_counted(folder):
    """Sockets that are full, and processes: both end at a limit, and nobody else does."""
    apps = [contention.hog(folder, 0, "sockets"), contention.hog(folder, 1, "fork"), "hello"]
    flash = make_flash(folder, apps, bootargs=contention.BOOTARGS)
    with Device(flash, expect_trouble=True) as device:
        device.wait_for(r"error E3121: hog0 |hog: no more sockets: ")
        device.wait_for(r"hog1\[\d+\]: hog: \d+ processes: |error E3121: hog1 ")
        used = device.wait_for_report()
        assert used["ram_used_kib"] < 3000, used
        count = device.console.count("hello, world")
        device.wait_for(r"hello, world \d+$", count=count + 2)
        assert device.console.count("hello started") == 1


def test_files_in_memory_have_limits(folder):
    """What the manifest says fits in /tmp; who asks for none has none."""
    apps = [contention.hog(folder, 0, "tmp"), contention.hog(folder, 1, "tmp", limits={})]
    with Device(make_flash(folder, apps)) as device:
        device.wait_for(r"hog0\[\d+\]: hog: /tmp is full after 64 KiB: No space left on device$")
        found = device.wait_for(r"hog0\[\d+\]: hog: /tmp has room for (\d+) files: No space left on device$")
        assert int(found[1]) < 16, found[0]
        device.wait_for(r"hog1\[\d+\]: hog: /tmp is full after 0 KiB: ")
        device.wait_for(r"hog1\[\d+\]: hog: /tmp has room for 0 files: Read-only file system$")


def test_processor_time_has_a_limit(folder):
    """Of two that want all of it one has what its manifest says, and the other the rest."""
    apps = [contention.hog(folder, 0, "share", limits={"CpuMaxPercent": 20}), contention.hog(folder, 1, "share")]
    with Device(make_flash(folder, apps), arguments=contention.COUNT_INSTRUCTIONS, limit_s=240) as device:
        had = [int(device.wait_for(r"hog%d\[\d+\]: hog: had (\d+) %% of the processor$" % number, count=2)[1])
               for number in (0, 1)]
    assert 15 <= had[0] <= 25 and had[1] >= 60, had


def test_five_hogs_slow_nobody_else(folder):
    """The reply of pid 1 comes within a bound of guest time, and no system app is killed."""
    reply_ms, console = contention.measure(folder)
    budgets.check("contention_reply_ms", reply_ms)
    assert "networker: done" in console, console
    assert console.count("networker started") == 1, console
    assert not re.search(r"E4010: networker|E3121: networker", console), console
