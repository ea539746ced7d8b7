# SPDX-License-Identifier: Apache-2.0
"""Only keys that the trust store of the root key lists can sign an OS, and only what they may sign."""

import os
import struct

from images import SPH, TOP, TRUST_STORE, flash_map, make_flash, run
from starts import change, expect_no_start, expect_start, flash0_of_a_used_device

TRUST, STORE_BYTES, KEY_BYTES = flash_map("FLASH_TRUST"), 1264, 100	# abi/trust_store.md
KEYS = os.path.join(TOP, "image", "keys", "dev")
OS_KEY, OEM_KEY, ROOT_KEY = (os.path.join(KEYS, name + ".pem") for name in ("os", "oem", "root"))
TENANT = "48a22e96-d078-4e34-9d7a-91b3404031da"

SIGNATURE = r"E1020 the signature of the trust store"

# What is changed, where in the store, and what the monitor says.
BITS = (
    ("magic", 0, r"E1020 there is no trust store"),
    ("format", 4, SIGNATURE),
    ("length", 6, SIGNATURE),
    ("version", 8, SIGNATURE),
    ("number of keys", 12, SIGNATURE),
    ("flags", 16, SIGNATURE),
    ("root key", 20 + 31, r"E1020 the trust store is signed by another root key"),
    ("reserved", 52, SIGNATURE),
    ("role", 64, SIGNATURE),
    ("flags of a key", 64 + 4, SIGNATURE),
    ("lowest security version", 64 + 8, SIGNATURE),
    ("highest security version", 64 + 12, SIGNATURE),
    ("tenant", 64 + KEY_BYTES + 16, SIGNATURE),
    ("point", 64 + 32 + 64, SIGNATURE),
    ("reserved of a key", 64 + 97, SIGNATURE),
    ("unused key", STORE_BYTES - 1, SIGNATURE),
    ("signature, r", STORE_BYTES, SIGNATURE),
    ("signature, s", STORE_BYTES + 63, SIGNATURE),
)

# Signed, and against the rules: offset, words.
OS, OEM = 64, 64 + KEY_BYTES
NONSENSE = (
    (4, STORE_BYTES << 16 | 2),		# format
    (4, STORE_BYTES - 1 << 16 | 1),	# length
    (8, 0),				# version
    (12, 0), (12, 1), (12, 3), (12, 13), (12, 0xffffffff),	# number of keys
    (16, 3), (16, 0),			# flags: unknown; not those of the root key
    (52, 1),				# reserved
    (OS, 0), (OS, 4),			# role
    (OS + 4, 4),			# flags
    (OS + 8, 5, 4),			# no security version
    (OS + 16, 1),			# a tenant of the OS
    (OEM + 16, 0, 0, 0, 0),		# apps of nobody
    (OS + 32, 0x02020202),		# a point in another form
    (OS + 96, 0x01000000),		# reserved
    (STORE_BYTES - 4, 1),		# a key that is not used
)


def trust_store(folder, *options):
    path = os.path.join(folder, "trust.store")
    run(SPH, "trust", "sign", "-o", path, *options)
    return path


def signed(folder, store):
    """The store with a signature of the development root key, by another program."""
    data, der = os.path.join(folder, "store"), os.path.join(folder, "der")
    with open(data, "wb") as file:
        file.write(store)
    run("openssl", "dgst", "-sha256", "-sign", ROOT_KEY, "-out", der, data)
    with open(der, "rb") as file:
        sequence = file.read()
    r_bytes = sequence[3]
    numbers = sequence[4:4 + r_bytes], sequence[6 + r_bytes:]
    return store + b"".join(number.lstrip(b"\0").rjust(32, b"\0") for number in numbers)


def write(flash, offset, data):
    with open(flash, "r+b") as file:
        file.seek(offset)
        file.write(data)


def test_every_bit_of_the_store_counts(folder):
    flash = make_flash(folder)
    expect_start(flash, "A", r"trust store 1, 2 keys")
    for _, offset, secure_says in BITS:
        change(flash, TRUST + offset)
        expect_no_start(flash, secure_says)
        change(flash, TRUST + offset)
    expect_start(flash, "A", r"trust store 1, 2 keys")


def test_signed_nonsense_is_refused(folder):
    """A store that the holder of the root key signed by mistake, one word of it wrong."""
    flash = make_flash(folder)
    with open(TRUST_STORE, "rb") as file:
        good = file.read()[:STORE_BYTES]
    write(flash, TRUST, signed(folder, good))
    expect_start(flash, "A", r"trust store 1, 2 keys")
    twice = good[:64 + KEY_BYTES] + good[64:64 + KEY_BYTES] + good[64 + 2 * KEY_BYTES:]
    bad = [twice]
    for offset, *words in NONSENSE:
        bad.append(good[:offset] + struct.pack("<%dI" % len(words), *words) +
                   good[offset + 4 * len(words):])
    for store in bad:
        write(flash, TRUST, signed(folder, store))
        expect_no_start(flash, r"E1021")


def test_no_store_no_start(folder):
    flash = make_flash(folder)
    write(flash, TRUST, b"\xff" * (STORE_BYTES + 64))
    expect_no_start(flash, r"E1020 there is no trust store")


def test_store_of_another_root_is_refused(folder):
    root = os.path.join(folder, "root.pem")
    run("openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", root)
    store = trust_store(folder, "--root-key", root, "--os", OS_KEY)
    flash = make_flash(folder, trust=store)
    expect_no_start(flash, r"E1020 the trust store is signed by another root key")
    # And when it says that it is signed by the right one.
    with open(TRUST_STORE, "rb") as file:
        good = file.read()
    write(flash, TRUST + 16, good[16:52])
    expect_no_start(flash, SIGNATURE)


def test_keys_sign_what_the_store_lets_them(folder):
    for options, secure_says in (
            (("--os", OS_KEY, "--revoked"), r"E1024 slot A: the key of the boot manifest was revoked"),
            (("--os", OS_KEY, "--min-security-version", "2"), r"E1025 slot A"),
            (("--os", OS_KEY, "--max-security-version", "0"), r"E1025 slot A"),
            (("--oem", OS_KEY, "--tenant", TENANT), r"E1009 slot A"),
            (("--debug", OS_KEY), r"E1009 slot A"),
            (("--os", OEM_KEY), r"E1009 slot A")):
        expect_no_start(make_flash(folder, trust=trust_store(folder, *options)), secure_says)
    store = trust_store(folder, "--oem", OEM_KEY, "--tenant", TENANT, "--os", OS_KEY,
                        "--min-security-version", "7", "--max-security-version", "7",
                        "--version", "4")
    expect_start(make_flash(folder, trust=store, security_version=7), "A", r"trust store 4, 2 keys")


def test_root_key_signs_no_os(folder):
    expect_no_start(make_flash(folder, key=ROOT_KEY), r"E1009 slot A: .* another key")


def test_store_is_taken_in_once(folder):
    """Afterwards that of the factory does not count, whatever stands there."""
    flash = make_flash(folder)
    flash0 = flash0_of_a_used_device(flash)
    for offset in (0, 64, STORE_BYTES):
        change(flash, TRUST + offset)
    expect_start(flash, "A", r"trust store 1, 2 keys", flash0=flash0)
    store = trust_store(folder, "--os", OS_KEY, "--revoked", "--version", "2")
    with open(store, "rb") as file:
        write(flash, TRUST, file.read())
    expect_start(flash, "A", r"trust store 1, 2 keys", flash0=flash0)
