#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Tests sph order and sph attestation against openssl.  usage: order_test.py SPH"""

import hashlib
import pathlib
import struct
import subprocess
import sys
import tempfile
import unittest

SPH = sys.argv.pop(1)
NONCE = bytes(range(32))


def run(*args, data=None):
    return subprocess.run([str(a) for a in args], input=data, capture_output=True)


def need(*args, data=None):
    result = run(*args, data=data)
    assert result.returncode == 0, (args, result.stderr)
    return result.stdout


def to_der(signature):
    """SEQUENCE of r and s, from 64 bytes."""
    body = b""
    for half in (signature[:32], signature[32:]):
        number = half.lstrip(b"\0") or b"\0"
        number = (b"\0" if number[0] & 0x80 else b"") + number
        body += bytes([2, len(number)]) + number
    return bytes([0x30, len(body)]) + body


def from_der(der):
    r_bytes = der[3]
    halves = der[4:4 + r_bytes], der[6 + r_bytes:]
    return b"".join(half.lstrip(b"\0").rjust(32, b"\0") for half in halves)


class Key:
    def __init__(self, folder, name):
        self.path, self.public = folder / (name + ".pem"), folder / (name + ".pub")
        need("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.path)
        need("openssl", "pkey", "-in", self.path, "-pubout", "-out", self.public)
        self.point = need("openssl", "pkey", "-in", self.path, "-pubout", "-outform", "DER")[-65:]
        self.id = hashlib.sha256(self.point).digest()

    def sign(self, data):
        return from_der(need("openssl", "dgst", "-sha256", "-sign", self.path, data=data))

    def verifies(self, data, signature):
        der = self.path.with_suffix(".sig")
        der.write_bytes(to_der(signature))
        return run("openssl", "dgst", "-sha256", "-verify", self.public, "-signature", der,
                   data=data).returncode == 0


class Test(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.dir = pathlib.Path(cls.temporary.name)
        cls.device, cls.owner, cls.next = (Key(cls.dir, n) for n in ("device", "owner", "next"))
        cls.info = cls.dir / "info"
        cls.info.write_bytes(cls.device.id + cls.device.point + bytes(3) +
                             struct.pack("<3I", 2, 5, 0) + bytes(48))
        cls.out = cls.dir / "out"

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def order(self, kind, *options):
        need(SPH, "order", kind, "--key", self.owner.path, "-o", self.out, *options)
        order = self.out.read_bytes()
        self.assertEqual(len(order), 256)
        self.assertTrue(self.owner.verifies(order[:192], order[192:]))
        self.assertFalse(self.next.verifies(order[:192], order[192:]))
        return order[:192]

    def expected(self, kind, capabilities, point):
        return struct.pack("<IHH3I", 0x4f445053, 1, 192, kind, 5, capabilities) + \
            self.device.id + point + bytes(75)

    def test_orders(self):
        named = ("--device-info", self.info)
        self.assertEqual(self.order("claim", *named), self.expected(1, 0, self.owner.point))
        self.assertEqual(self.order("transfer", "--new-owner", self.next.public, *named),
                         self.expected(2, 0, self.next.point))
        self.assertEqual(self.order("capabilities", "--debug", *named),
                         self.expected(3, 2, bytes(65)))
        self.assertEqual(self.order("capabilities", "--development", "--debug", "--device-id",
                                    self.device.id.hex(), "--epoch", "5"),
                         self.expected(3, 3, bytes(65)))
        self.assertEqual(self.order("capabilities", *named), self.expected(3, 0, bytes(65)))

    def test_wrong_options(self):
        key, out = ("--key", self.owner.path), ("-o", self.out)
        info, id = ("--device-info", self.info), ("--device-id", self.device.id.hex())
        for kind, options in (
                ("claim", key + out), ("claim", info + out), ("claim", key + info),
                ("claim", key + out + id), ("claim", key + out + id + info + ("--epoch", "1")),
                ("claim", key + out + info + ("--debug",)), ("transfer", key + out + info),
                ("claim", key + out + info + ("--new-owner", self.next.path)),
                ("claim", key + out + ("--device-id", "ab", "--epoch", "1")),
                ("claim", key + out + ("--device-id", "zz" * 32, "--epoch", "1"))):
            self.assertEqual(run(SPH, "order", kind, *options).returncode, 2, options)

    def test_wrong_files(self):
        bad = self.dir / "bad"
        bad.write_bytes(bytes(160))
        result = run(SPH, "order", "claim", "--key", self.owner.path, "--device-info", bad, "-o",
                     self.out)
        self.assertIn(b"E1051", result.stderr)
        result = run(SPH, "order", "claim", "--key", self.owner.public, "--device-info", self.info,
                     "-o", self.out)
        self.assertIn(b"E5009", result.stderr)

    def attestation(self, nonce=NONCE, flip=None, signer=None):
        body = struct.pack("<2I", 0x54415053, 1) + nonce + self.device.id + b"M" * 32 + \
            b"I" * 32 + b"1.2.3".ljust(16, b"\0") + struct.pack("<8I", 7, 3, 1, 2, 5, 2, 99, 1) + \
            bytes(44)
        signed = bytearray(body + (signer or self.device).sign(body))
        if flip is not None:
            signed[flip] ^= 1
        path = self.dir / "attestation"
        path.write_bytes(signed)
        return path

    def verify(self, path, *options):
        return run(SPH, "attestation", "verify", path, "--device-info", self.info, "--nonce",
                   NONCE.hex(), *options)

    def test_attestation(self):
        result = self.verify(self.attestation(), "--measurement", (b"M" * 32).hex())
        self.assertEqual(result.returncode, 0, result.stderr)
        for line in (b"monitor              1.2.3", b"slot                 B", b"boots                99",
                     b"debug                open", b"development          shut",
                     b"stage                secured", b"signature            valid"):
            self.assertIn(line, result.stdout)

    def test_attestation_refused(self):
        short = self.dir / "short"
        short.write_bytes(bytes(291))
        cases = [self.verify(self.attestation(), "--measurement", (b"N" * 32).hex()),
                 self.verify(self.attestation(nonce=bytes(32))),
                 self.verify(self.attestation(signer=self.owner)), self.verify(short)]
        cases += [self.verify(self.attestation(flip=at)) for at in range(0, 292, 29)]
        for result in cases:
            self.assertEqual((result.returncode, result.stdout), (1, b""))
            self.assertIn(b"E1059", result.stderr)


unittest.main()
