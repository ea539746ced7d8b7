#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Compares json.c with Python's parser, made strict, over generated and mutated texts.

usage: json_test.py JSON_VERDICTS [COUNT]
The seed is fixed: two runs compare the same texts.
"""
import json
import random
import struct
import subprocess
import sys

SEED = 20240607
DEPTH = 64

PIECES = [b'{', b'}', b'[', b']', b',', b':', b'"', b'"a"', b'"\\u0041"', b'0', b'-', b'-0', b'1',
          b'01', b'1.', b'.5', b'1e', b'1e5', b'1E+2', b'1.5e-3', b'+1', b'true', b'false', b'null',
          b'True', b'nul', b'NaN', b'Infinity', b'-Infinity', b' ', b'\t', b'\n', b'\r', b'\x0b',
          b'\\', b'\\u', b'\\u0000', b'\\ud800', b'\\udc00', b'\\ud83d\\ude00', b'\\x41', b"'a'",
          b'\x00', b'\x1f', b'\x7f', b'\xc0\x80', b'\xc3\xa9', b'\xed\xa0\x80', b'\xf0\x9f\x98\x80',
          b'\xf4\x90\x80\x80', b'\xef\xbb\xbf', b'\xff', b'//', b'/**/', b'"\t"', b'"x', b'0x1']

FIXED = [b'', b' ', b'{}', b'[]', b'{"a":1,}', b'[1,]', b'[1 2]', b'{"a" 1}', b'{"a":1 "b":2}',
         b'{,}', b'[,1]', b'{"a"}', b'{a:1}', b'{1:1}', b'{"a":1}}', b'{"a":1}{}', b'{}x', b'{}\0',
         b'{"a":1,"a":2}', b'{"a":1,"\\u0061":2}', b'{"a":{"b":1,"b":1}}', b'[{"a":1,"a":1}]',
         b'{"a":[1,2,{"b":[]}]}', b'\xef\xbb\xbf{}', b'{"a":tru}', b'{"a":truefalse}', b'{"a":-}',
         b'{"a":"\\/\\b\\f\\n\\r\\t\\"\\\\"}', b'{"\\ud83d\\ude00":1,"\xf0\x9f\x98\x80":2}',
         b'[' * 64 + b']' * 64, b'[' * 65 + b']' * 65]


class Refused(Exception):
    """The text is JSON for Python but not for us."""


def refuse(*_):
    raise Refused


def unique(pairs):
    keys = [key for key, _ in pairs]
    if len(set(keys)) != len(keys):
        raise KeyError('duplicate')     # told apart from Refused: the grammar alone allows it
    return dict(pairs)


def check_strings(value, depth=1):
    if isinstance(value, str):
        if '\0' in value or any(0xd800 <= ord(c) <= 0xdfff for c in value):
            refuse()
    elif isinstance(value, list):
        if depth > DEPTH:
            refuse()
        for element in value:
            check_strings(element, depth + 1)


def as_list(pairs):
    return [part for pair in pairs for part in pair]


def expected(text):
    """Verdicts (grammar, with our further rules)."""
    try:
        string = text.decode('utf-8')
        check_strings(json.loads(string, parse_constant=refuse, object_pairs_hook=as_list))
    except (ValueError, Refused):
        return '00'
    try:
        value = json.loads(string, object_pairs_hook=unique)
    except KeyError:
        return '10'
    return '11' if isinstance(value, dict) else '10'


def make_value(rng, depth):
    kind = rng.randrange(8 if depth < 5 else 6)
    if kind == 0:
        return rng.choice([True, False, None])
    if kind == 1:
        return rng.randrange(-1000, 10 ** rng.randrange(1, 20))
    if kind == 2:
        return rng.uniform(-1e6, 1e6)
    if kind < 6:
        return ''.join(rng.choice('ab"\\/\n\té€😀\x7f ') for _ in range(rng.randrange(6)))
    if kind == 6:
        return [make_value(rng, depth + 1) for _ in range(rng.randrange(4))]
    return {make_key(rng): make_value(rng, depth + 1) for _ in range(rng.randrange(4))}


def make_key(rng):
    return rng.choice(['a', 'b', 'Name', 'é', '😀', ''])


def make_text(rng):
    kind = rng.randrange(4)
    if kind == 0:
        return b''.join(rng.choice(PIECES) for _ in range(rng.randrange(1, 10)))
    value = make_value(rng, 0)
    if rng.randrange(2):
        value = {make_key(rng): value, make_key(rng): make_value(rng, 1)}
    text = json.dumps(value, ensure_ascii=rng.randrange(2) == 0,
                      indent=rng.choice([None, 1])).encode('utf-8')
    for _ in range(0 if kind == 1 else rng.randrange(1, 4)):
        at = rng.randrange(len(text) + 1)
        cut = rng.randrange(3)
        text = text[:at] + rng.choice(PIECES + [b'']) + text[at + cut:]
    return text


def main():
    rng = random.Random(SEED)
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 60000
    texts = FIXED + [make_text(rng) for _ in range(count)]
    stream = b''.join(struct.pack('<I', len(t)) + t for t in texts)
    output = subprocess.run([sys.argv[1]], input=stream, stdout=subprocess.PIPE, check=True).stdout
    verdicts = output.decode().split()
    assert len(verdicts) == len(texts)
    failed = 0
    seen = {'00': 0, '10': 0, '11': 0}
    for text, verdict in zip(texts, verdicts):
        want = expected(text)
        seen[want] += 1
        if verdict != want:
            failed += 1
            if failed < 10:
                print(f'FAIL {text!r}: json.c says {verdict}, expected {want}')
    print(f'refused {seen["00"]}, grammar only {seen["10"]}, accepted {seen["11"]}')
    failed += min(seen.values()) < count // 100     # the comparison must have had both sides
    print(f'{len(texts)} texts compared, {failed} differ')
    print(f'{int(not failed)} passed, {int(bool(failed))} failed')
    return failed != 0


if __name__ == '__main__':
    sys.exit(main())
