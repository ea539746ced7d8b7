# SPDX-License-Identifier: Apache-2.0
"""One bit and more of each field of an image package (abi/image.h), and who says what of it."""

import struct

# What is changed, where in the metadata and what follows it, which bits, and the monitor's reason.
# What no rule of the parser forbids is found by the signature, E2012.
FIELDS = (
    ("magic", 0, 0x01, 2004), ("magic", 3, 0x80, 2004),
    ("format", 4, 0x02, 2005), ("format", 5, 0x80, 2005),
    ("length of the metadata", 6, 0x04, 2005), ("length of the metadata", 7, 0x01, 2005),
    ("length of the body", 8, 0x01, 2002), ("length of the body", 9, 0x10, 2002),
    ("type: none", 12, 0x04, 2006), ("type: none", 15, 0x80, 2006),
    ("type: root filesystem", 12, 0x02, 1031),
    ("component id", 16, 0x01, 2012), ("component id", 31, 0x80, 2012),
    ("image id", 32, 0x01, 2012), ("image id", 47, 0x80, 2012),
    ("name: another", 48, 0x01, 2012), ("name: not printable", 48, 0x80, 2007),
    ("name: not padded", 78, 0x01, 2007), ("name: no end", 79, 0x40, 2007),
    ("security version", 80, 0x02, 2012), ("security version", 83, 0x80, 2012),
    ("ABI", 84, 0x02, 2009), ("ABI: none", 84, 0x01, 2009),
    ("flags: no development key", 88, 0x01, 2010), ("flags: unknown", 91, 0x80, 2010),
    ("key", 92, 0x01, 1023), ("key", 123, 0x80, 1023),
    ("reserved", 124, 0x01, 2011), ("reserved", 191, 0x80, 2011),
    ("signature, r", 192, 0x80, 2012), ("signature, r", 223, 0x01, 2012),
    ("signature, s", 224, 0x80, 2012), ("signature, s", 255, 0x01, 2012),
)

# The same of the body: where in it.
BODY = (
    ("magic of the filesystem", 0, 0x01, 2001),
    ("length, not whole pages", 4, 0x01, 2002),
    ("length, less", 5, 0x10, 2004),
    ("length, more", 6, 0x10, 2004),
    ("length, too much", 7, 0x02, 2002),
    ("super-block", 20, 0x04, 2012),
    ("contents", 5000, 0x04, 2012),
)


# One bit of each field, and what is said of it when the image was installed before: by the parser in
# application-manager (E4004) or, at the mount, by the monitor (E4016).
INSTALLED = (
    ("magic", 0, 0x01, 2004),
    ("format", 4, 0x02, 2005),
    ("length of the metadata", 6, 0x04, 2005),
    ("length of the body", 8, 0x01, 2002),
    ("type", 12, 0x04, 2006),
    ("component id", 31, 0x80, 1033),
    ("image id", 47, 0x80, 1033),
    ("name", 48, 0x01, 1033),
    ("security version", 80, 0x02, 1033),
    ("ABI", 84, 0x02, 2009),
    ("flags", 88, 0x01, 1033),
    ("key", 123, 0x80, 1033),
    ("reserved", 191, 0x80, 2011),
    ("signature, r", 192, 0x80, 1033),
    ("signature, s", 255, 0x01, 1033),
)


def body_bytes(image):
    return struct.unpack_from("<I", image, 4)[0]


def changes(image):
    """(what, offset in the image, mask, reason) of all of them."""
    body = body_bytes(image)
    return list(BODY) + [(what, body + place, mask, reason) for what, place, mask, reason in FIELDS]


def changed(image, offset, mask):
    copy = bytearray(image)
    copy[offset] ^= mask
    return bytes(copy)
