# SPDX-License-Identifier: Apache-2.0
"""The life of a device with keys of its own: claimed, opened, handed over; what Linux asks for it."""

import os
import re
import subprocess

from envoy import (BLANK, DEBUG, DEVELOPMENT, MANUFACTURING, REFUSED, SECURED, Envoy, Owner,
                   Product, read)
from images import SPH, flash_map, make_flash, run
from qemu import Device
from starts import expect_no_start

SECTOR = flash_map("FLASH_SECTOR_BYTES")
OURS, OF_DEVELOPMENT, OF_DEBUG = (number * SECTOR for number in range(3))
NOBODY = bytes(32)

E_TRUST_KEY, E_TRUST_REVOKED, E_TRUST_RANGE, E_TRUST_STAGE = 1023, 1024, 1025, 1026
E_DEVICE, E_EPOCH, E_STAGE, E_SIGNATURE, E_DEVELOPMENT = 1054, 1055, 1056, 1057, 1058


def expect_apps(envoy, **refused):
    """Which of the three apps can be mounted; those that cannot, with the monitor's reason."""
    for name, offset in (("ours", OURS), ("development", OF_DEVELOPMENT), ("debug", OF_DEBUG)):
        reason = refused.get(name, 0)
        found = envoy.verdict("IMAGE_VERIFY", offset), envoy.mount(offset)
        assert found == (reason, REFUSED if reason else 0), (name, found)


def claim(envoy, owner):
    assert envoy.verdict("DEVICE_MANUFACTURE") == 0
    assert owner.give("claim") == 0
    assert envoy.life()[0] == SECURED


def test_claim(folder):
    product = Product(folder)
    with Device(product.flash(), flash0=product.flash0) as device:
        envoy = Envoy(device)
        owner, thief = (Owner(product, envoy, key) for key in (product.owner, product.next))
        assert envoy.life() == (BLANK, 0, 0, NOBODY)
        assert owner.give("claim") == E_STAGE
        assert envoy.verdict("DEVICE_MANUFACTURE") == 0
        assert envoy.verdict("DEVICE_MANUFACTURE") == E_STAGE
        assert owner.give("capabilities", "--debug") == E_STAGE
        assert owner.give("claim", other_device=True) == E_DEVICE
        assert owner.give("claim", epoch=1) == E_EPOCH
        good, others = owner.order("claim"), thief.order("claim")
        assert envoy.verdict("DEVICE_ORDER", record=good[:192] + others[192:]) == E_SIGNATURE
        assert envoy.life() == (MANUFACTURING, 0, 0, NOBODY)
        expect_apps(envoy)
        assert envoy.verdict("DEVICE_ORDER", record=good) == 0
        for _ in range(2):
            assert envoy.life() == (SECURED, 1, 0, owner.id)
            expect_apps(envoy, development=E_TRUST_STAGE, debug=E_TRUST_STAGE)
            assert envoy.verdict("DEVICE_ORDER", record=good) == E_EPOCH
            assert thief.give("claim") == E_STAGE
            assert envoy.verdict("DEVICE_MANUFACTURE") == E_STAGE
            envoy.reset()
        assert "development key" not in device.read_secure(), device.secure


def test_capabilities_and_transfer(folder):
    product = Product(folder)
    with Device(product.flash(), flash0=product.flash0) as device:
        envoy = Envoy(device)
        old, new = (Owner(product, envoy, key) for key in (product.owner, product.next))
        claim(envoy, old)
        assert new.give("capabilities", "--debug") == E_SIGNATURE
        assert old.give("capabilities", "--debug", other_device=True) == E_DEVICE
        assert old.give("capabilities", "--debug", epoch=-1) == E_EPOCH
        expect_apps(envoy, development=E_TRUST_STAGE, debug=E_TRUST_STAGE)
        debug = old.order("capabilities", "--debug")
        assert envoy.verdict("DEVICE_ORDER", record=debug) == 0
        envoy.reset()
        assert envoy.life() == (SECURED, 2, DEBUG, old.id)
        expect_apps(envoy, development=E_TRUST_STAGE)
        assert old.give("capabilities", "--development") == 0
        assert envoy.life() == (SECURED, 3, DEVELOPMENT, old.id)
        expect_apps(envoy, debug=E_TRUST_STAGE)
        assert envoy.verdict("DEVICE_ORDER", record=debug) == E_EPOCH

        assert new.give("transfer", "--new-owner", product.next) == E_SIGNATURE
        two = [old.order("transfer", "--new-owner", product.next), old.order("capabilities", "--debug")]
        assert [envoy.verdict("DEVICE_ORDER", record=order) for order in two] == [0, E_EPOCH]
        envoy.reset()
        assert envoy.life() == (SECURED, 4, 0, new.id)
        expect_apps(envoy, development=E_TRUST_STAGE, debug=E_TRUST_STAGE)
        assert old.give("capabilities", "--debug") == E_SIGNATURE
        assert old.give("transfer", "--new-owner", product.owner) == E_SIGNATURE
        assert new.give("capabilities", "--debug", "--development") == 0
        assert envoy.life() == (SECURED, 5, DEBUG | DEVELOPMENT, new.id)
        expect_apps(envoy)
        assert new.give("capabilities") == 0
        expect_apps(envoy, development=E_TRUST_STAGE, debug=E_TRUST_STAGE)


def test_an_order_is_for_one_device(folder):
    """Two devices of one owner, in the same epoch."""
    product = Product(folder)
    flash = product.flash()
    with Device(flash, flash0=product.flash0) as first, Device(flash, flash0=product.flash0) as second:
        envoys = [Envoy(device) for device in (first, second)]
        owners = [Owner(product, envoy, product.owner) for envoy in envoys]
        for envoy, owner in zip(envoys, owners):
            claim(envoy, owner)
        assert envoys[0].info()[:100] != envoys[1].info()[:100]
        order = owners[0].order("capabilities", "--debug")
        assert [envoy.verdict("DEVICE_ORDER", record=order) for envoy in envoys] == [0, E_DEVICE]
        expect_apps(envoys[0], development=E_TRUST_STAGE)
        expect_apps(envoys[1], development=E_TRUST_STAGE, debug=E_TRUST_STAGE)


def expect_no_claim(product, flash, **options):
    with Device(flash, **options) as device:
        envoy = Envoy(device)
        assert envoy.verdict("DEVICE_MANUFACTURE") == 0
        assert Owner(product, envoy, product.owner).give("claim") == E_DEVELOPMENT
        assert envoy.life() == (MANUFACTURING, 0, 0, NOBODY)


def test_development_keys_are_not_claimed(folder):
    """Neither an OS of the development key, nor a monitor of the development root key."""
    product = Product(folder)
    expect_no_claim(product, product.flash(product.dev_os), flash0=product.flash0)
    expect_no_claim(product, make_flash(folder, (), system=(product.rootfs,)))


def test_development_os(folder):
    """It starts as long as the owner has opened that, who cannot shut it while it runs."""
    product = Product(folder)
    flash = product.flash()

    def run_os(key, *steps):
        """The verdicts on orders, of a power-on with an OS of this key."""
        with Device(product.flash(key), flash0=product.flash0) as device:
            envoy = Envoy(device)
            owner = Owner(product, envoy, product.owner)
            if envoy.life()[0] == BLANK:
                claim(envoy, owner)
            verdicts = [owner.give(*step) for step in steps]
            device.cut_power()
            product.flash0 = device.keep_flash(folder)[1]
            return verdicts

    run_os(product.os)
    expect_no_start(product.flash(product.dev_os), r"E1026 slot A", flash0=product.flash0)
    assert run_os(product.os, ("capabilities", "--development")) == [0]
    assert run_os(product.dev_os, ("capabilities",), ("transfer", "--new-owner", product.next),
                  ("capabilities", "--debug"), ("capabilities", "--debug", "--development")
                  ) == [E_TRUST_STAGE] * 3 + [0]
    assert run_os(product.os, ("capabilities",)) == [0]
    expect_no_start(product.flash(product.dev_os), r"E1026 slot A", flash0=product.flash0)


def verify(folder, record, nonce, info, *options):
    """Exit status and text of "sph attestation verify"."""
    paths = [os.path.join(folder, name) for name in ("attestation", "info")]
    for path, data in zip(paths, (record, info)):
        with open(path, "wb") as file:
            file.write(data)
    result = subprocess.run([SPH, "attestation", "verify", paths[0], "--nonce", nonce.hex(),
                             "--device-info", paths[1], *options], stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, universal_newlines=True, check=False)
    return result.returncode, result.stdout


def test_attestation(folder):
    """Of one device before and after its claim; another device, nonce or bit is not believed."""
    product = Product(folder)
    nonce, flash = os.urandom(32), product.flash()
    with Device(flash, flash0=product.flash0) as device, Device(flash, flash0=product.flash0) as other:
        envoy, stranger = Envoy(device), Envoy(other)
        info = envoy.info()
        measurement = re.search(r"measurement ([0-9a-f]{64})", device.read_secure())[1]
        status, text = verify(folder, envoy.attest(nonce), nonce, info, "--measurement", measurement)
        assert status == 0 and "blank" in text, text
        claim(envoy, Owner(product, envoy, product.owner))
        record = envoy.attest(nonce)
        status, text = verify(folder, record, nonce, info, "--measurement", measurement)
        assert status == 0 and "secured" in text and measurement in text, text
        changed = record[:196] + bytes([record[196] ^ 1]) + record[197:]
        for wrong in ((changed, nonce, info), (record, os.urandom(32), info),
                      (record, nonce, stranger.info()), (stranger.attest(nonce), nonce, info),
                      (record, nonce, info, "--measurement", "00" * 32)):
            status, text = verify(folder, *wrong)
            assert status == 1 and "E1059" in text, text


def install(envoy, image):
    """The verdict of the monitor on an image that comes in as an update does."""
    error, results, _ = envoy.ask("IMAGE_BEGIN", 1, len(image))
    assert error == 0, error
    handle = results[0]
    for offset in range(0, len(image), 1024):
        piece = image[offset:offset + 1024]
        error, _, _ = envoy.ask("IMAGE_WRITE", handle, offset, 0, len(piece), record=piece)
        assert error == 0, error
    reason = envoy.verdict("IMAGE_FINISH", handle)
    return reason or envoy.verdict("IMAGE_INSTALL")


def component(image):
    """The words of the component id of a package."""
    body = int.from_bytes(image[4:8], "little")
    return [int.from_bytes(image[body + at:body + at + 4], "little") for at in range(16, 32, 4)]


def update(product, envoy, version, **changes):
    return envoy.verdict("TRUST_UPDATE", record=read(product.trust_store(version, **changes)))


def test_trust_updates(folder):
    """Newer, of the root key, and with the keys of what runs and is installed."""
    product = Product(folder)
    with Device(product.flash(), flash0=product.flash0) as device:
        envoy = Envoy(device)
        assert envoy.ask("TRUST_INFO")[1][:2] == [1, 5]
        assert update(product, envoy, 3, dev_os=None) == 0
        envoy.reset()
        assert envoy.ask("TRUST_INFO")[1][:2] == [3, 4]
        for version in (1, 2, 3):
            assert update(product, envoy, version) == 1022
        assert update(product, envoy, 4, root=product.next) == 1020
        store = bytearray(read(product.trust_store(4)))
        store[8] ^= 1
        assert envoy.verdict("TRUST_UPDATE", record=bytes(store)) == 1020
        for name in ("os", "oem", "dev_oem", "debug"):
            assert update(product, envoy, 4, **{name: None}) == E_TRUST_KEY
            assert update(product, envoy, 4, **{name: ("--revoked",)}) == E_TRUST_REVOKED
            assert update(product, envoy, 4, **{name: ("--min-security-version", "2")}) == E_TRUST_RANGE
        assert envoy.ask("TRUST_INFO")[1][:2] == [3, 4]
        assert update(product, envoy, 4) == 0
        expect_apps(envoy)


def test_revoked_keys(folder):
    """An app of a key that was revoked later is neither installed nor mounted."""
    product = Product(folder)
    ours = read(product.apps[0])
    with Device(product.flash(), flash0=product.flash0) as device:
        envoy = Envoy(device)
        owner = Owner(product, envoy, product.owner)
        claim(envoy, owner)
        assert envoy.verdict("IMAGE_REMOVE", *component(ours)) == 0
        assert install(envoy, ours) == 0
        assert envoy.verdict("IMAGE_REMOVE", *component(ours)) == 0
        assert update(product, envoy, 2, oem=("--revoked",)) == 0
        assert install(envoy, ours) == E_TRUST_REVOKED
        # What does not run now is no reason against an update.
        assert owner.give("capabilities", "--development") == 0
        assert envoy.mount(OF_DEVELOPMENT) == 0
        assert update(product, envoy, 3, dev_oem=("--revoked",)) == E_TRUST_REVOKED
        assert owner.give("capabilities") == 0
        assert update(product, envoy, 3, dev_oem=("--revoked",)) == 0
        assert owner.give("capabilities", "--development", "--debug") == 0
        envoy.reset()
        assert envoy.mount(OF_DEBUG) == 0
        assert envoy.mount(OF_DEVELOPMENT) == REFUSED
        assert envoy.verdict("IMAGE_VERIFY", OF_DEVELOPMENT) == E_TRUST_REVOKED
