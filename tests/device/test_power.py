# SPDX-License-Identifier: Apache-2.0
"""Power button, reset button, and what the outside of the device sees of the LED."""

import time

from images import flash_map, make_flash
from qemu import Device

# Boards' truth: QEMU, hw/arm/virt.c; Arm PL061 technical reference manual (DDI 0190), 3.2.
GPIO_BASE = 0x09030000
GPIO_DATA_ALL = GPIO_BASE + 0x3fc	# address bits 9:2 are the mask of the lines
GPIO_DIRECTION = GPIO_BASE + 0x400
LED1 = 1 << 0
LED2 = 1 << 1
POWER_BUTTON_LINE = 3
RESET_BUTTON_LINE = 4


def find_pl061(device):
    """The path of the normal world's GPIO block in QEMU's object tree: the first of its kind."""
    children = device.qmp("qom-list", path="/machine/unattached")
    for child in sorted(children, key=lambda c: int(c["name"].strip("device[]") or 0)
                        if c["name"].startswith("device[") else 1 << 30):
        if child["type"] == "child<pl061>":
            return "/machine/unattached/" + child["name"]
    return device.fail("no PL061")


def test_led_toggles(folder):
    with Device(make_flash(folder)) as device:
        device.wait_for(r"blink started")
        device.wait_for(r"hello\[\d+\]: hello, world 1$")
        seen = set()
        for _ in range(400):
            data = device.physical_word(GPIO_DATA_ALL)
            seen.add(bool(data & LED1))
            assert not data & LED2, "LED2 changed, which nobody asked for"
            if len(seen) == 2:
                break
            time.sleep(0.05)
        assert seen == {False, True}, "LED1 stays %s" % seen
        direction = device.physical_word(GPIO_DIRECTION)
        assert direction & LED1 and not direction & LED2, hex(direction)


def test_power_button_powers_off(folder):
    with Device(make_flash(folder)) as device:
        device.wait_for_report()
        device.qmp("system_powerdown")
        assert device.wait_for_exit() == 0
        for pattern in (r"power button: stopping all apps$", r"hello stopped: it exited with status 0$",
                        r"blink stopped: it exited with status 0$", r"appman: power off$"):
            device.wait_for(pattern)
        assert "error" not in device.console, device.console
        assert "power off" in device.read_secure()


def test_reset_button_resets(folder):
    with Device(make_flash(folder)) as device:
        device.wait_for_report()
        pl061 = find_pl061(device)
        device.set_line(pl061, RESET_BUTTON_LINE, 1)
        device.wait_for(r"reset button: stopping all apps$")
        device.wait_for(r"appman: reset$")
        device.set_line(pl061, RESET_BUTTON_LINE, 0)
        device.wait_for(r"appman: Spherule", count=2)
        device.wait_for(r"hello started", count=2)
        device.wait_for(r"^  flash  apps: ", count=2)
        log = device.read_secure()
        assert log.count("starting Linux") == 2, log
        assert "started by power on" in log and "started by reset that Linux asked for" in log, log


def test_stubborn_app_is_killed(folder):
    """An app that ignores SIGTERM is killed and the device goes off; one that does not is not."""
    with Device(make_flash(folder, ("stubborn", "sleeper"))) as device:
        device.wait_for(r"stubborn: ignores SIGTERM$")
        device.wait_for_report()
        device.qmp("system_powerdown")
        assert device.wait_for_exit() == 0
        device.wait_for(r"sleeper stopped: it was ended by signal 15$")
        device.wait_for(r"stubborn did not stop within 2000 ms and is killed$")
        device.wait_for(r"stubborn stopped: it was ended by signal 9$")
        assert "sleeper did not stop" not in device.console


def test_storage_is_left_alone(folder):
    """A new version is put into the flash: the device's storage stays."""
    flash = make_flash(folder)
    offset = flash_map("FLASH_STORAGE")
    mark = b"what the device remembers"
    with open(flash, "r+b") as file:
        file.seek(offset)
        file.write(mark)
    make_flash(folder, slot="b")
    with open(flash, "rb") as file:
        file.seek(offset)
        assert file.read(len(mark)) == mark
    with Device(flash) as device:
        device.wait_for_report()
        assert device.flash_bytes(offset, len(mark)) == mark
