# SPDX-License-Identifier: Apache-2.0
"""The recovery loader: no slot can be started, and an OS comes over the secure serial line.

What sends is the sb of lrzsz, a program of other people, on QEMU's socket.
"""

import os
import random
import re
import subprocess

from images import KERNEL, ROOTFS_IMAGE, SPH, STRICT, device_trees, flash_map, make_flash, os_parts, run
from qemu import Device
from starts import change, flash0_that_has_confirmed

SLOT_A, SLOT_B = flash_map("FLASH_SLOT_A"), flash_map("FLASH_SLOT_B")
SLOT_KERNEL, SLOT_BYTES = flash_map("SLOT_KERNEL"), flash_map("FLASH_SLOT_BYTES")
MANIFEST = flash_map("SLOT_MANIFEST")
ASKS = r"E1061 recovery"
LIMIT_S = 900			# QEMU takes some 15 KiB a second from the line


def os_image(folder, key=None, security_version=1):
    """An OS image of the product's files."""
    image, manifest = os.path.join(folder, "os.image"), os.path.join(folder, "image.manifest")
    parts = os_parts(device_trees(folder, STRICT), KERNEL, (ROOTFS_IMAGE,))
    run(SPH, "os", "sign", *parts, *(("--key", key) if key else ()), "--security-version",
        str(security_version), "--os-version", "recovered", "-o", manifest)
    run(SPH, "os", "image", *parts, "--manifest", manifest, "-o", image)
    return image


def lost_flash(folder):
    """A flash of which no slot starts: A has a changed kernel, B is empty."""
    flash = make_flash(folder)
    change(flash, SLOT_A + SLOT_KERNEL + 500000)
    return flash


def lost_device(folder):
    return Device(lost_flash(folder), limit_s=LIMIT_S, secure_line=True)


def send(device, path):
    """Sends a file as a person would; returns how sb ended.

    QEMU's main loop now and then sleeps on while bytes wait on its socket, until something else wakes
    it: on a busy machine once in some thousand blocks.  Anything said to it by QMP does.
    """
    with device.secure_line() as line:
        sender = subprocess.Popen(["sb", "-k", "-q", path], stdin=line, stdout=line,
                                  stderr=subprocess.DEVNULL)
        try:
            while sender.poll() is None:
                device.wait(0.5)
                device.qmp("query-status")
        finally:
            sender.kill()
        return sender.wait()


def expect_recovery(device, path):
    """The file is taken, the device restarts by itself, and Linux runs."""
    assert send(device, path) == 0, device.read_secure()[-300:]
    device.wait_for(r"hello\[\d+\]: hello, world 1$")
    secure = device.read_secure()
    assert re.search(r"recovery: OS recovered, restarting", secure), secure
    assert re.search(r"started by reset after a recovery", secure), secure
    assert re.search(r"slot [AB], confirmed", secure), secure


def expect_refusal(device, data, folder, number):
    """The contents are refused with the number, and the loader asks once more."""
    path = os.path.join(folder, "sent.image")
    asked = len(re.findall(ASKS, device.read_secure()))
    with open(path, "wb") as file:
        file.write(data)
    send(device, path)
    device.wait_for_secure(ASKS, asked + 1)
    secure = device.read_secure()
    assert re.search(r"E%d recovery: " % number, secure), (number, secure)
    assert not device.console, device.console


def changed(data, offset, mask=0x04):
    return data[:offset] + bytes([data[offset] ^ mask]) + data[offset + 1:]


def read(path):
    with open(path, "rb") as file:
        return file.read()


def cut_transfer(device, image):
    """The sender ends in the middle."""
    with device.secure_line() as line:
        sender = subprocess.Popen(["sb", "-k", "-q", image], stdin=line, stdout=line,
                                  stderr=subprocess.DEVNULL)
        device.wait(6)
        sender.kill()
        sender.wait()
    with device.secure_line() as line:
        line.sendall(b"\x18" * 2000)	# the rest of a block, then what a sender says that gives up


def test_os_comes_back(folder):
    """After garbage and half a transfer.  Nothing but the slot and the storage has changed."""
    image = os_image(folder)
    with lost_device(folder) as device:
        device.wait_for_secure(ASKS)
        with device.secure_line() as line:
            line.sendall(random.Random(6).randbytes(20000))
        cut_transfer(device, image)
        device.wait_for_secure(ASKS, 2)
        assert "E1062 recovery: " in device.read_secure()
        before = device.flash_bytes(0, flash_map("FLASH_BYTES"))
        expect_recovery(device, image)
        after = device.flash_bytes(0, flash_map("FLASH_STORAGE"))
        assert after[:SLOT_A] == before[:SLOT_A]
        assert after[SLOT_A:SLOT_B] == read(image).ljust(SLOT_BYTES, b"\xff")
        assert after[SLOT_B:] == before[SLOT_B:len(after)]


def test_what_is_not_genuine_is_refused(folder):
    """What the manifest decides needs no more than its sector, and a part that is missing is another one."""
    key = os.path.join(folder, "unknown.pem")
    run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key)
    flash0 = flash0_that_has_confirmed(folder, 2)
    unknown = read(os_image(folder, key=key))[:SLOT_KERNEL]
    older, head = (read(os_image(folder, security_version=version))[:SLOT_KERNEL] for version in (1, 2))
    with Device(lost_flash(folder), flash0=flash0, limit_s=LIMIT_S, secure_line=True) as device:
        device.wait_for_secure(ASKS)
        before = device.flash_bytes(0, flash_map("FLASH_BYTES"))
        expect_refusal(device, bytes(SLOT_BYTES + 1), folder, 1063)
        assert device.flash_bytes(0, flash_map("FLASH_BYTES")) == before
        for number, data in ((1008, head[:MANIFEST] + b"\xff" * 896 + head[MANIFEST + 896:]),
                             (1010, changed(head, MANIFEST + 832)), (1009, unknown), (1027, older),
                             (1013, head)):
            expect_refusal(device, data, folder, number)


def test_nobody_sends(folder):
    """Then it powers off."""
    with Device(lost_flash(folder), limit_s=LIMIT_S) as device:
        assert device.wait_for_exit() == 0
        secure = device.read_secure()
        assert len(re.findall(ASKS, secure)) == 1 and "cannot start" in secure, secure
        assert secure.count("C" * 20) == 1, secure
