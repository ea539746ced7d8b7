# SPDX-License-Identifier: Apache-2.0
"""The device comes up: both sizes of RAM, both slots, with a network device, with the test kernel."""

import re

import budgets
from images import KERNEL, TEST_KERNEL, make_flash
from qemu import Device


def assert_product_runs(device, total_kib):
    report = device.wait_for_report()
    assert report["ram_total_kib"] == total_kib, report
    assert {name: app["state"] for name, app in report["apps"].items()} == {
        "hello": "running", "blink": "running"}, report
    device.wait_for(r"hello\[\d+\]: hello, world 3$")
    return report


def test_boot_4m(folder):
    """The product to the byte, without the tests' boot arguments."""
    with Device(make_flash(folder, bootargs="")) as device:
        report = assert_product_runs(device, 4096)
        budgets.check("ram_used_kib", report["ram_used_kib"])
        assert "E1003" not in device.read_secure()
        device.wait_for(r"^Spherule \d+\.\d+\.\d+ \(qemu-virt\), Linux 6\.12\.\d+-spherule$")


def test_boot_2m(folder):
    with Device(make_flash(folder), ram="2M") as device:
        report = assert_product_runs(device, 2048)
        budgets.check("ram_used_2m_kib", report["ram_used_kib"])


def test_boot_refuses_1m(folder):
    with Device(make_flash(folder), ram="1M") as device:
        assert device.wait_for_exit() == 0
        assert "E1006" in device.read_secure()
        assert not device.console, device.console


def test_slot_b_runs_the_same_kernel(folder):
    with Device(make_flash(folder, slot="b")) as device:
        assert_product_runs(device, 4096)
        assert re.search(r"slot B", device.read_secure())


def test_network_device_fits(folder):
    """The rings of virtio-net are capped: the driver takes little before the link is up."""
    flash = make_flash(folder)
    with Device(flash) as device:
        without = device.wait_for_report()["ram_used_kib"]
    nic = ("-netdev", "user,id=n,restrict=on", "-device", "virtio-net-device,netdev=n")
    with Device(flash, arguments=nic) as device:
        with_nic = device.wait_for_report()["ram_used_kib"]
        path = device.qmp("x-query-virtio")[0]["path"]
        rings = [device.qmp("x-query-virtio-queue-status", path=path, queue=queue)["vring-num"]
                 for queue in (0, 1)]
        assert rings == [32, 32], rings
    assert with_nic > without, "the driver did not take the device"
    budgets.check("virtio_net_probe_kib", with_nic - without)


def test_kunit(folder):
    """Every test inside the kernel: the hostile caller of the monitor, the text of identities."""
    flash = make_flash(folder, kernel=TEST_KERNEL, bootargs="loglevel=7")
    with Device(flash, limit_s=180) as device:
        device.wait_for(r"random: crng init done")
        for suite, least in (("spherule-monitor", 9), ("spherule-records", 8),
                             ("spherule-images", 10), ("spherule-os", 2), ("spherule-lsm", 4),
                             ("spherule-masks", 5)):
            found = device.wait_for(
                r"# %s: pass:(\d+) fail:(\d+) skip:(\d+) total:(\d+)" % suite)
            passed, failed, skipped, total = map(int, found.groups())
            assert total >= least and passed == total and not failed and not skipped, (
                device.console)


def test_product_kernel_is_no_test_kernel(folder):
    """The product's kernel image is not the test kernel, and fits its budget."""
    del folder
    with open(KERNEL, "rb") as image:
        data = image.read()
    budgets.check("kernel_image_bytes", len(data))
    assert b"kunit" not in data, "the product's kernel contains KUnit"
