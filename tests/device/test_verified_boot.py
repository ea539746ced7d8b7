# SPDX-License-Identifier: Apache-2.0
"""Nothing that was not signed starts: one bit of each part of a slot, other keys, both slots."""

import hashlib
import os
import random
import re
import struct

import budgets
from image_kills import INSTALLER
from images import ROOTFS_IMAGE, SPH, TOP, flash_map, make_flash, run
from qemu import BUILD, Device
from starts import NS_PER_TICK, change, expect_no_start, expect_start, flash0_that_has_confirmed
from xip import COUNT_INSTRUCTIONS

SLOT_A, SLOT_B = flash_map("FLASH_SLOT_A"), flash_map("FLASH_SLOT_B")
MANIFEST, SIGNED_BYTES = flash_map("SLOT_MANIFEST"), 832	# abi/boot_manifest.md
SYSTEM = flash_map("SLOT_SYSTEM")
ROOTFS_BYTES = os.path.getsize(ROOTFS_IMAGE) if os.path.exists(ROOTFS_IMAGE) else 0
SYSTEM_APP = SYSTEM + (ROOTFS_BYTES + 4095) // 4096 * 4096

# What is changed, where in the slot, and what the monitor says.
BITS = (
    ("magic", MANIFEST, r"E1008 slot A: there is no boot manifest"),
    ("security version", MANIFEST + 8, r"E1010 slot A: the signature"),
    ("flags", MANIFEST + 12, r"E1010 slot A: the signature"),
    ("OS version", MANIFEST + 20, r"E1010 slot A: the signature"),
    ("key", MANIFEST + 52, r"E1009 slot A: .* another key"),
    ("hash of a part", MANIFEST + 128 + 12, r"E1010 slot A: the signature"),
    ("unused part", MANIFEST + SIGNED_BYTES - 1, r"E1010 slot A: the signature"),
    ("signature, r", MANIFEST + SIGNED_BYTES, r"E1010 slot A: the signature"),
    ("signature, s", MANIFEST + SIGNED_BYTES + 63, r"E1010 slot A: the signature"),
    ("device tree", flash_map("SLOT_DTB") + 1000, r"E1013 slot A: the device tree"),
    ("kernel", flash_map("SLOT_KERNEL") + 500000, r"E1013 slot A: the kernel"),
    ("root filesystem", SYSTEM + ROOTFS_BYTES // 2, r"E1013 slot A: the root filesystem"),
    ("signature of its image", SYSTEM + ROOTFS_BYTES - 1, r"E1013 slot A: the root filesystem"),
    ("system app", SYSTEM_APP + 5000, r"E1013 slot A: a system app"),
)


NO_MANIFEST, ANOTHER_KEY, SIGNATURE = (
    r"E1008 slot A: there is no boot manifest", r"E1009 slot A: .* another key",
    r"E1010 slot A: the signature")
PARTS = 4				# of a slot without system apps
PART_FIELDS = (("kind", 0), ("offset", 4), ("length", 8), ("hash", 12 + 31))

# A bit of each field of the manifest (abi/boot_manifest.md), where in it, and what the monitor says.
FIELDS = (
    ("magic", 3, NO_MANIFEST), ("format", 4, SIGNATURE), ("length", 6, SIGNATURE),
    ("security version", 8, SIGNATURE), ("flags", 12, SIGNATURE), ("number of parts", 16, SIGNATURE),
    ("OS version", 20, SIGNATURE), ("key", 83, ANOTHER_KEY), ("board", 84, SIGNATURE),
    ("reserved", 100, SIGNATURE),
) + tuple(("%s of part %d" % (name, part), 128 + 44 * part + at, SIGNATURE)
          for part in range(PARTS) for name, at in PART_FIELDS) + (
    ("a part that is not used", 128 + 44 * PARTS, SIGNATURE),
    ("signature, r", SIGNED_BYTES + 31, SIGNATURE), ("signature, s", SIGNED_BYTES + 32, SIGNATURE),
)


def system_images(folder):
    """The root filesystem and a system app."""
    image = os.path.join(folder, "system.image")
    run(SPH, "image", "pack", os.path.join(BUILD, "apps", "hello", "image-root"),
        "--type", "system-app", "-o", image)
    return (ROOTFS_IMAGE, image)


def two_slots(folder, **options):
    """A flash with the same OS in both slots, of which A is to start."""
    system = system_images(folder)
    make_flash(folder, ("blink",), slot="b", system=system)
    return make_flash(folder, ("blink",), system=system, **options)


def measure(flash, slot):
    """M = H(M || H(part)) over the manifest and the parts of a start with the most RAM."""
    with open(flash, "rb") as file:
        file.seek(slot)
        data = file.read(flash_map("FLASH_SLOT_BYTES"))
    manifest = data[MANIFEST:MANIFEST + SIGNED_BYTES]
    hashes = [hashlib.sha256(manifest).digest()]
    for number in range(struct.unpack_from("<I", manifest, 16)[0]):
        kind, offset, count = struct.unpack_from("<3I", manifest, 128 + 44 * number)
        if kind != 1 or offset == flash_map("SLOT_DTB"):
            hashes.append(hashlib.sha256(data[offset:offset + count]).digest())
    value = bytes(32)
    for part in hashes:
        value = hashlib.sha256(value + part).digest()
    return len(hashes), value.hex()


def test_what_was_signed_starts(folder):
    """The positive control, and the measurement by another program."""
    flash = two_slots(folder)
    parts, value = measure(flash, SLOT_A)
    assert parts == 5, parts
    secure = expect_start(flash, "A", r"measurement " + value)
    assert "published development key" in secure and "E10" not in secure, secure
    change(flash, SLOT_A + MANIFEST)
    assert value in expect_start(flash, "B", r"trying slot B"), "the same parts, another measurement"


def test_every_part_counts(folder):
    flash = two_slots(folder)
    for name, offset, secure_says in BITS:
        change(flash, SLOT_A + offset)
        secure = expect_start(flash, "B", secure_says)
        assert "slot A is OS" not in secure, (name, secure)
        change(flash, SLOT_A + offset)
    expect_start(flash, "A", "measurement")


def small_slots(folder, **options):
    """The same with a small program in the place of Linux, for many starts; @options: of slot A."""
    make_flash(folder, (), kernel=INSTALLER, slot="b")
    return make_flash(folder, (), kernel=INSTALLER, **options)


def expect_small_start(flash, slot, secure_says, flash0=None):
    with Device(flash, flash0=flash0) as device:
        device.wait_for(r"^installer: ready$")
        secure = device.read_secure()
    assert re.search(r"slot %s is OS" % slot, secure) and re.search(secure_says, secure), secure
    return secure


def test_every_field_of_the_manifest(folder):
    flash = small_slots(folder)
    for name, offset, secure_says in FIELDS:
        change(flash, SLOT_A + MANIFEST + offset)
        secure = expect_small_start(flash, "B", secure_says)
        assert "slot A is OS" not in secure, (name, secure)
        change(flash, SLOT_A + MANIFEST + offset)
    expect_small_start(flash, "A", "measurement")


def test_older_os_is_refused(folder):
    """Genuine, and older than what this device has confirmed: in either slot, and as the other one."""
    flash0 = flash0_that_has_confirmed(folder, 2)
    expect_small_start(small_slots(folder, security_version=2), "A", "measurement", flash0=flash0)
    expect_no_start(small_slots(folder), r"E1027 slot A", r"E1027 slot B", flash0=flash0)
    make_flash(folder, (), kernel=INSTALLER, slot="b", security_version=2)
    flash = make_flash(folder, (), kernel=INSTALLER)
    expect_small_start(flash, "B", r"E1027 slot A: its security version", flash0=flash0)
    # The control: to a device that has confirmed nothing it is good enough.
    expect_small_start(flash, "A", "measurement")


def test_two_bad_slots_do_not_start(folder):
    flash = two_slots(folder)
    change(flash, SLOT_A + flash_map("SLOT_KERNEL") + 500000)
    change(flash, SLOT_B + SYSTEM + 5000)
    expect_no_start(flash, r"E1013 slot A: the kernel", r"E1013 slot B: the root filesystem")


def test_device_tree_of_other_ram_is_not_used(folder):
    """It may be damaged as long as nobody starts with it."""
    flash = two_slots(folder)
    change(flash, SLOT_A + flash_map("SLOT_DTB") + flash_map("SLOT_DTB_STRIDE") + 1000)
    expect_start(flash, "A", "measurement")
    expect_start(flash, "B", r"E1013 slot A: the device tree", ram="2M")


def test_other_keys_are_refused(folder):
    """The development key of apps, and one that nobody knows."""
    unknown = os.path.join(folder, "unknown.pem")
    run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", unknown)
    for key in (os.path.join(TOP, "image", "keys", "dev", "oem.pem"), unknown):
        expect_start(two_slots(folder, key=key), "B", r"E1009 slot A: .* another key")


def test_root_key_of_ones_own(folder):
    """A monitor that was built with it takes its trust store, and that of no development key."""
    root, key = os.path.join(folder, "root.pem"), os.path.join(folder, "os.pem")
    for path in (root, key):
        run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path)
    trust = os.path.join(folder, "trust.store")
    run(SPH, "trust", "sign", "--release", "--root-key", root, "--os", key, "-o", trust)
    monitor = os.path.join(folder, "monitor")
    flash0 = os.path.join(folder, "flash0.img")
    run("make", "-C", os.path.join(TOP, "monitor"), "BUILD=" + BUILD, "OUT=" + monitor,
        "ROOT_KEY=" + root)
    run(os.path.join(BUILD, "host", "mkflash"), "-o", flash0, "--monitor", monitor + "/monitor.bin")
    secure = expect_start(two_slots(folder, key=key, trust=trust), "A", r"trust store 1, 1 keys",
                          flash0=flash0)
    assert "development key" not in secure, secure
    expect_no_start(make_flash(folder, trust=trust), r"E1009 slot A", flash0=flash0)
    expect_no_start(make_flash(folder), r"E1020 .* another root key", flash0=flash0)


def test_manifest_of_another_os_is_refused(folder):
    """Signed, but not for what is in the slot."""
    flash = two_slots(folder)
    with open(flash, "r+b") as file:
        file.seek(SLOT_B + MANIFEST)
        other = file.read(SIGNED_BYTES + 64)
    flash = two_slots(folder, bootargs="loglevel=5 panic_on_warn=1 nothing=1")
    with open(flash, "r+b") as file:
        file.seek(SLOT_A + MANIFEST)
        file.write(other)
    expect_start(flash, "B", r"E1013 slot A: the device tree")


def test_nothing_hides_behind_the_last_image(folder):
    """Linux would take it for a system app."""
    flash = two_slots(folder)
    with open(system_images(folder)[1], "rb") as file:
        image = file.read()
    end = SLOT_A + SYSTEM_APP + (len(image) + 4095) // 4096 * 4096
    with open(flash, "r+b") as file:
        file.seek(end)
        file.write(image)
    expect_start(flash, "B", r"E1014 slot A: something stands behind")


def large_slot(folder, count):
    """A flash whose OS has at least @count bytes that are hashed."""
    root = os.path.join(folder, "large")
    os.mkdir(root)
    with open(os.path.join(root, "ballast"), "wb") as file:
        file.write(random.Random(6).randbytes(count))
    image = root + ".image"
    run(SPH, "image", "pack", root, "--type", "rootfs", "--name", "large", "--component-id",
        "6a0e3c1f-0d0b-4f4a-9a4e-1f2d3c4b5a69", "-o", image)
    return make_flash(folder, (), kernel=INSTALLER, system=(image,))


def test_time_of_three_mebibytes(folder):
    """By guest time of a processor of 1,000 MIPS: QEMU counts one instruction as one nanosecond."""
    flash = large_slot(folder, 3 << 20)
    with Device(flash, arguments=COUNT_INSTRUCTIONS) as device:
        device.wait_for(r"^installer: ready$")
        ticks = int(re.search(r"verified in (\d+) ticks", device.read_secure())[1])
    budgets.check("verify_boot_3mib_ms", ticks * NS_PER_TICK / 1e6)


def test_slot_without_a_manifest_does_not_start(folder):
    flash = make_flash(folder)
    with open(flash, "r+b") as file:
        file.seek(SLOT_A + MANIFEST)
        file.write(b"\xff" * (SIGNED_BYTES + 64))
    expect_no_start(flash, r"E1008 slot A", r"E1008 slot B")
