# SPDX-License-Identifier: Apache-2.0
"""A product with keys of its own, whose Linux asks the monitor what the host wants
(tests/warden/envoy.c)."""

import hashlib
import os
import re
import struct

from images import BUILD, SPH, TOP, make_flash, run, variant
from warden import make_root, pack_root, program_of

# Flash 0 of a device that was never started, and whose monitor has a root key of its own.
FLASH0, ROOT_KEY = (os.path.join(BUILD, "owner", name) for name in ("flash0.img", "root.pem"))
KEYS = os.path.join(TOP, "image", "keys", "dev")
TENANT, OTHER_TENANT = "48a22e96-d078-4e34-9d7a-91b3404031da", "7a1c3f60-52b4-4a2e-8c0e-6a7d5b9f2e11"
REFUSED = 129				# EKEYREJECTED
INFO_BYTES, ATTESTATION_BYTES = 160, 292
BLANK, MANUFACTURING, SECURED = 0, 1, 2
DEVELOPMENT, DEBUG = 1, 2		# SPH_DEVICE_CAP_*


def call_numbers():
    """{name without SPH_SMC_: function}"""
    with open(os.path.join(TOP, "abi", "smc.h"), encoding="utf-8") as file:
        return {name: 0x83000000 + int(number, 16) for name, number in re.findall(
            r"^#define SPH_SMC_(\w+)\s+\(SPH_SMC_BASE \+ (0x[0-9a-f]{4})\)$", file.read(), re.M)}


CALLS = call_numbers()


def new_key(folder, name):
    path = os.path.join(folder, name + ".pem")
    run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path)
    return path


def key_id(folder, key):
    """SHA-256 of the point, which is the end of the public key in DER."""
    der = os.path.join(folder, "point.der")
    run("openssl", "pkey", "-in", key, "-pubout", "-outform", "DER", "-out", der)
    with open(der, "rb") as file:
        return hashlib.sha256(file.read()[-65:]).digest()


def read(path):
    with open(path, "rb") as file:
        return file.read()


class Product:
    """Monitor, trust store, OS and three apps of somebody who has a root key."""

    def __init__(self, folder):
        self.folder = folder
        self.root, self.flash0 = ROOT_KEY, FLASH0
        self.os, self.oem, self.debug, self.owner, self.next = (
            new_key(folder, name) for name in ("os", "oem", "debug", "owner", "next"))
        self.dev_os, self.dev_oem = (os.path.join(KEYS, name) for name in ("os.pem", "oem.pem"))
        self.apps = [self._app(number, key) for number, key in enumerate(
            (self.oem, self.dev_oem, self.debug))]
        self.trust = self.trust_store()
        self.rootfs = pack_root(make_root(folder, program_of("envoy"), ()))

    def _app(self, number, key):
        image = variant(self.folder, "sleeper", number)
        run(SPH, "image", "pack", image[:-len(".image")], "--key", key, "-o", image)
        return image

    def trust_store(self, version=1, root=None, **changes):
        """The path of a store that lists all keys.  @changes: options of a key, or None: it is left
        out."""
        store = os.path.join(self.folder, "trust.store")
        keys = (("os", ("--os", self.os)), ("dev_os", ("--os", self.dev_os)),
                ("oem", ("--oem", self.oem, "--tenant", TENANT)),
                ("dev_oem", ("--oem", self.dev_oem, "--tenant", OTHER_TENANT)),
                ("debug", ("--debug", self.debug)))
        command = [SPH, "trust", "sign", "--root-key", root or self.root, "--version", str(version)]
        for name, options in keys:
            more = changes.get(name, ())
            if more is not None:
                command += options + more
        run(*command, "-o", store)
        return store

    def flash(self, key=None):
        """Flash 1; the OS is signed by our OS key, or by @key."""
        return make_flash(self.folder, self.apps, system=(self.rootfs,), key=key or self.os,
                          trust=self.trust)


class Envoy:
    """Asks the monitor of a device that is being started."""

    def __init__(self, device):
        self.device = device
        self.number = 0
        self.starts = 0
        self.wait()

    def wait(self):
        self.starts += 1
        self.device.wait_for(r"^envoy: ready$", count=self.starts)

    def _order(self, *words):
        self.number += 1
        self.device.send("%d %s\n" % (self.number, " ".join(words)))

    def _answer(self):
        """(errno, results, record)"""
        answer = self.device.wait_for(r"^envoy: %d (\d+) (\w+) (\w+) (\w+) (\S+)\n" % self.number)
        return (int(answer[1]), [int(answer[i], 16) for i in (2, 3, 4)],
                bytes.fromhex(answer[5].strip("-")))

    def ask(self, call, *arguments, record=b""):
        arguments = list(arguments) + [0] * (4 - len(arguments))
        self._order("ask", *("%x" % number for number in [CALLS[call]] + arguments), record.hex())
        return self._answer()

    def verdict(self, call, *arguments, record=b""):
        """0, or the reason of a refusal; anything else fails."""
        error, results, _ = self.ask(call, *arguments, record=record)
        if error not in (0, REFUSED):
            self.device.fail("%s: errno %d" % (call, error))
        return results[0] if error else 0

    def mount(self, offset):
        """errno of a mount of what stands there in "apps"."""
        self._order("mount", "%x" % offset)
        return self._answer()[0]

    def reset(self):
        self._order("reset")
        self.wait()

    def info(self):
        error, _, record = self.ask("DEVICE_INFO", record=bytes(INFO_BYTES))
        assert error == 0, error
        return record

    def life(self):
        """(stage, epoch, capabilities, id of the owner's key)"""
        record = self.info()
        return struct.unpack_from("<3I", record, 100) + (record[112:144],)

    def attest(self, nonce):
        error, _, record = self.ask("ATTEST", record=bytes(8) + nonce + bytes(ATTESTATION_BYTES - 40))
        assert error == 0, error
        return record


class Owner:
    """Signs orders to the device that an envoy speaks for."""

    def __init__(self, product, envoy, key):
        self.product, self.envoy, self.key = product, envoy, key
        self.id = key_id(product.folder, key)

    def order(self, kind, *options, other_device=False, epoch=0):
        """An order, as bytes; @epoch is added to that of the device."""
        info = self.envoy.info()
        device_id = bytes([info[0] ^ other_device]) + info[1:32]
        path = os.path.join(self.product.folder, "order")
        run(SPH, "order", kind, "--key", self.key, "--device-id", device_id.hex(), "--epoch",
            str(struct.unpack_from("<I", info, 104)[0] + epoch), "-o", path, *options)
        return read(path)

    def give(self, kind, *options, **changes):
        """The verdict on such an order."""
        return self.envoy.verdict("DEVICE_ORDER", record=self.order(kind, *options, **changes))
