#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the real sph over folders made on the fly.

usage: pack_test.py SPH PROJECT

Images are read back by a parser written from the format's description alone, and signatures are
verified by openssl: nothing here shares code with sph.
"""
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import stat
import struct
import subprocess
import sys
import tempfile
import time
import zlib

SPH, PROJECT = sys.argv[1], sys.argv[2]
BOARD = os.path.join(PROJECT, 'boards/qemu-virt/hardware.json')
KEYS = os.path.join(PROJECT, 'image/keys/dev')
OTHER = '5df999f1-7096-426a-8a78-a7a43c36cf28'
UUID = '48a22e96-d078-4e34-9d7a-91b3404031da'
PAGE = 4096
PT_LOAD, PT_NOTE = 1, 4
passed = failed = 0


def check(name, condition, detail=''):
    global passed, failed
    if condition:
        passed += 1
    else:
        failed += 1
        print(f'FAIL {name} {detail}')


def sph(*arguments, env=None):
    environment = dict(os.environ, SPH_KEYS=KEYS, **(env or {}))
    return subprocess.run([SPH, *arguments], capture_output=True, text=True, env=environment)


def make_elf(flags=0x05000000, stack=6, data_flags=6, skew=0, machine=40, load=PT_LOAD,
             data=0x100, bss=0):
    """An ARM program: one text, one data segment, PT_GNU_STACK (None: without)."""
    headers = [(load, 0, 0x10000, 0x2000, 0x2000, 5),
               (load, 0x2000, 0x13000 + skew, data, data + bss, data_flags)]
    if stack is not None:
        headers.append((0x6474e551, 0, 0, 0, 0, stack))
    out = struct.pack('<4sBBBB8xHHIIIIIHHHHHH', b'\x7fELF', 1, 1, 1, 0, 3, machine, 1, 0x10000,
                      52, 0, flags, 52, 32, len(headers), 0, 0, 0)
    for kind, offset, address, size, memory, prot in headers:
        out += struct.pack('<8I', kind, offset, address, address, size, memory, prot, 4096)
    return out.ljust(0x2000 + data, b'\xcc')


def write(folder, path, data, mode=0o644):
    full = os.path.join(folder, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, 'wb') as f:
        f.write(data if isinstance(data, bytes) else data.encode())
    os.chmod(full, mode)


def manifest(gpio='[0]', entry='/bin/app', name='blink', more=''):
    return (f'{{\n\t"SchemaVersion": 1, "Name": "{name}",\n\t"ComponentId": "{UUID}",\n'
            f'\t"EntryPoint": "{entry}",\n\t"Capabilities": {{"Gpio": {gpio}}}{more}\n}}\n')


def make_app(folder, elf=None, text=None):
    write(folder, 'app_manifest.json', text or manifest())
    write(folder, 'bin/app', elf or make_elf(), 0o755)
    return folder


class Image:
    """Reads an image package from the description in image.md and the cramfs format."""

    def __init__(self, data):
        self.data = data
        magic, self.size, self.flags, _ = struct.unpack_from('<4I', data)
        assert magic == 0x28cd3d45 and data[16:32] == b'Compressed ROMFS'
        self.crc, _, self.blocks, self.count = struct.unpack_from('<4I', data, 32)
        self.body = data[:self.size]
        self.meta = data[self.size:self.size + 192]
        self.signature = data[self.size + 192:]
        self.files = {}
        pending = [('', 64)]
        while pending:
            path, at = pending.pop()
            mode, uid, word, tail = struct.unpack_from('<HHII', data, at)
            size, gid, offset = word & 0xffffff, word >> 24, (tail >> 6) * 4
            entry = dict(mode=mode, uid=uid, gid=gid, size=size, table=offset, data=b'', start=None)
            self.files[path] = entry
            if stat.S_ISDIR(mode):
                names, end = [], offset + size
                while offset < end:
                    length = (struct.unpack_from('<I', data, offset + 8)[0] & 63) * 4
                    name = data[offset + 12:offset + 12 + length].rstrip(b'\0')
                    names.append(name)
                    pending.append((os.path.join(path, os.fsdecode(name)), offset))
                    offset += 12 + length
                assert names == sorted(names) and offset == end
                continue
            pointers = struct.unpack_from(f'<{(size + PAGE - 1) // PAGE}I', data, offset)
            for index, pointer in enumerate(pointers):
                assert pointer >> 30 == 3       # raw and direct
                start = (pointer & 0x3fffffff) * 4
                if index == 0:
                    entry['start'] = start
                assert start == entry['start'] + index * PAGE
                entry['data'] += data[start:start + min(PAGE, size - index * PAGE)]


    def is_mapped(self, path):
        """From a page boundary, and nothing but zeros to the next one."""
        start, end = self.files[path]['start'], self.files[path]['start'] + self.files[path]['size']
        return start % PAGE == 0 and not any(self.data[end:(end + PAGE - 1) // PAGE * PAGE])


def folder_of(path):
    found = {'': None}
    for base, folders, files in os.walk(path):
        for name in folders + files:
            full = os.path.join(base, name)
            found[os.path.relpath(full, path)] = full
    return found


def pack(folder, *arguments):
    """Returns (Image or None, the finished process)."""
    out = folder + '.img'
    if os.path.exists(out):
        os.unlink(out)
    result = sph('image', 'pack', folder, '-o', out, *arguments)
    left = [n for n in os.listdir(os.path.dirname(out)) if n.startswith(os.path.basename(out))]
    if result.returncode:
        check('no output file after an error', left == [], left)
        return None, result
    check('only the output file', left == [os.path.basename(out)], left)
    with open(out, 'rb') as f:
        return Image(f.read()), result


def refused(name, folder, number, text, *arguments):
    image, result = pack(folder, *arguments)
    check(name, image is None and result.returncode == 1 and
          result.stderr.startswith(f'sph: error E{number:04d}: ') and text in result.stderr and
          result.stderr.count('\n') == 1, result.stderr)


def accepted(name, folder, *arguments):
    image, result = pack(folder, *arguments)
    check(name, image is not None, result.stderr)
    return image


def test_contents(tmp):
    app = make_app(os.path.join(tmp, 'full'), text=manifest('[0, "$LED2", 5]'))
    write(app, 'lib/libx.so', make_elf(), 0o644)
    write(app, 'data/empty', b'')
    write(app, 'data/page', b'p' * PAGE)
    write(app, 'data/odd', bytes(range(256)) * 33 + b'!')
    write(app, 'data/copy', bytes(range(256)) * 33 + b'!')
    write(app, 'data/script', b'#!/bin/x\n', 0o700)
    write(app, 'data/script-text', b'#!/bin/x\n')
    write(app, 'n' * 252, b'long')
    write(app, 'B', b'upper')
    os.makedirs(os.path.join(app, 'nothing'))
    os.symlink('../bin/app', os.path.join(app, 'data/link'))
    os.link(os.path.join(app, 'B'), os.path.join(app, 'hard'))
    image = accepted('full app', app, '--board', BOARD)
    if not image:
        return
    found = folder_of(app)
    check('same paths', set(found) == set(image.files))
    for path, full in found.items():
        entry = image.files[path]
        check('owner', entry['uid'] == 0 and entry['gid'] == 0)
        if full is None or (os.path.isdir(full) and not os.path.islink(full)):
            check('directory mode', entry['mode'] == stat.S_IFDIR | 0o555)
        elif os.path.islink(full):
            check('link', entry['mode'] == stat.S_IFLNK | 0o777 and
                  entry['data'] == os.readlink(full).encode())
        else:
            with open(full, 'rb') as f:
                want = f.read()
            if path == 'app_manifest.json':
                want = want.replace(b'"$LED2"', b'1')
            check('contents of ' + path, entry['data'] == want)
            x = os.stat(full).st_mode & 0o111
            check('mode of ' + path, entry['mode'] == stat.S_IFREG | (0o555 if x else 0o444))
            check('layout of ' + path, entry['size'] == 0 or
                  image.is_mapped(path) == want.startswith(b'\x7fELF'))
    files = image.files
    check('twins share bytes', files['data/odd']['start'] == files['data/copy']['start'])
    check('twins share bytes, app', files['bin/app']['start'] == files['lib/libx.so']['start'])
    check('another mode, another inode', files['bin/app']['table'] != files['lib/libx.so']['table'])
    check('superblock', image.size == len(image.body) and image.size % PAGE == 0 and
          image.flags == 0x803 and image.count == len(files))
    check('crc', zlib.crc32(image.body[:32] + bytes(4) + image.body[36:]) == image.crc)
    check_metadata(tmp, image)
    shown = shown_json(app + '.img')
    check('show lists all', len(shown['files']) == len(files) and shown['signature'] == 'valid')


def test_layout(tmp):
    """What will be mapped begins on a page, and what may be when that costs an eighth at most."""
    app = make_app(os.path.join(tmp, 'layout'))
    text = b'\x7fELF is how such a file begins\n'
    cases = (('x-bit', b'#!/bin/x\n', 0o755, False),
             ('program', make_elf(bss=1), 0o755, True),
             ('library', make_elf(bss=2), 0o644, True),
             ('magic', text * 4, 0o644, False),
             ('magic-and-x-bit', text * 5, 0o755, False),
             ('nothing-to-load', make_elf(load=PT_NOTE), 0o755, False),
             ('cut', make_elf()[:100], 0o755, False),
             ('below', b'b' * (8 * PAGE - 1), 0o644, False),
             ('below-and-x-bit', b'x' * (8 * PAGE - 1), 0o755, False),
             ('eight', b'e' * (8 * PAGE), 0o644, True),
             ('above', b'a' * (8 * PAGE + 1), 0o644, True),
             ('twin', b'e' * (8 * PAGE), 0o755, True))
    for name, data, mode, _ in cases:
        write(app, name, data, mode)
    image = accepted('layouts', app)
    shown = {e['name']: e for e in shown_json(app + '.img')['files']}
    for name, data, _, mapped in cases:
        check('layout of ' + name, image.is_mapped(name) == mapped and
              shown[name]['layout'] == ('mapped' if mapped else 'packed'), shown[name])
        check('contents of ' + name, image.files[name]['data'] == data)
    check('twins share pages', image.files['twin']['start'] == image.files['eight']['start'])


def shown_json(path, *arguments):
    return json.loads(sph('image', 'show', path, '--json', *arguments).stdout)


def ram_of(path):
    """{name: what --ram says of it in JSON} of the regular files, after a look at the text."""
    files = {e['name']: e.get('ram') for e in shown_json(path, '--ram')['files']}
    lines = sph('image', 'show', path, '--ram').stdout.splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith('mode '))
    check('heading', lines[head].split() == ['mode', 'bytes', 'layout', 'in-place', 'start', 'most',
                                             'cache', 'name'], lines[head])
    width = lines[head].index('name')
    for line, ram in zip(lines[head + 1:], files.values()):
        columns = line[:width].split()[3:]
        check('text and JSON agree', columns == ([str(kib) for kib in ram.values()] if ram else
                                                 ['-'] * 4), line)
    check('legend', all(any(line.startswith(f'  {name} ') for line in lines[head + len(files):])
                        for name in lines[head].split()[3:7]), lines)
    return {name: ram for name, ram in files.items() if ram}


def test_ram(tmp):
    app = make_app(os.path.join(tmp, 'ram'), elf=make_elf(bss=0x1000))
    write(app, 'full-page', make_elf(data=PAGE, bss=0x2001))
    write(app, 'constants', make_elf(data_flags=4))
    write(app, 'small', b's' * (PAGE + 1))
    write(app, 'large', b'l' * (8 * PAGE + 1))
    write(app, 'empty', b'')
    os.symlink('small', os.path.join(app, 'link'))
    image = accepted('ram', app)

    def costs(name, expected):
        names = ('in_place_kib', 'start_kib', 'most_kib', 'cache_kib')
        got = ram_of(os.path.join(tmp, name))
        check('RAM of ' + name, got == {k: dict(zip(names, v)) for k, v in expected.items()}, got)

    want = {'app_manifest.json': (0, 0, 0, 4), 'app': (8, 4, 8, 0), 'full-page': (8, 0, 16, 0),
            'constants': (12, 0, 0, 0), 'small': (0, 0, 0, 8), 'large': (36, 0, 0, 0),
            'empty': (0, 0, 0, 0)}
    costs('ram.img', want)
    changed = bytearray(image.data)
    start, table = image.files['bin/app']['start'], image.files['bin/app']['table']
    end = start + image.files['bin/app']['size']
    changed[end] = 1
    write(tmp, 'shared.img', bytes(changed))
    costs('shared.img', dict(want, app=(8, 4, 8, 4)))
    # The same program a word further on: no page boundary any more.
    changed = bytearray(image.data)
    changed[start + 4:end + 4] = image.data[start:end]
    for at in range(table, table + 12, 4):
        struct.pack_into('<I', changed, at, struct.unpack_from('<I', changed, at)[0] + 1)
    write(tmp, 'packed.img', bytes(changed))
    costs('packed.img', dict(want, app=(0, 4, 8, 12)))
    check_without_ram(app + '.img')


def check_without_ram(path):
    """--ram adds columns and members, and changes nothing else."""
    plain, more = shown_json(path), shown_json(path, '--ram')
    for entry in more['files']:
        entry.pop('ram', None)
    check('JSON without --ram', plain == more, plain)
    text = sph('image', 'show', path).stdout
    lines = sph('image', 'show', path, '--ram').stdout.splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith('mode '))
    first, last = lines[head].index(' in-place'), lines[head].index('name') - 1
    rows = [line[:first] + line[last:] for line in lines[head + 1:lines.index('', head)]]
    check('text without --ram', text.splitlines() == lines[:head] + rows, text)


def check_metadata(tmp, image):
    m = image.meta
    check('metadata', struct.unpack_from('<4sHHII', m) == (b'SPIM', 1, 192, image.size, 1) and
          m[16:32].hex() == UUID.replace('-', '') and m[48:80] == b'blink'.ljust(32, b'\0') and
          struct.unpack_from('<III', m, 80) == (1, 1, 1) and not any(m[124:]))
    digest = bytearray(hashlib.sha256(image.body + m[:32] + bytes(16) + m[48:]).digest()[:16])
    digest[6] = digest[6] & 15 | 0x80
    digest[8] = digest[8] & 63 | 0x80
    check('image id', bytes(digest) == m[32:48])
    check('length', len(image.signature) == 64)
    pem = os.path.join(KEYS, 'oem.pem')
    public = subprocess.run(['openssl', 'ec', '-in', pem, '-pubout', '-outform', 'DER'],
                            capture_output=True, check=True).stdout
    check('key id', hashlib.sha256(public[-65:]).digest() == m[92:124])
    numbers = b''
    for half in (image.signature[:32], image.signature[32:]):
        half = half.lstrip(b'\0')
        half = (b'\0' if half[0] & 0x80 else b'') + half
        numbers += b'\x02' + bytes([len(half)]) + half
    for name, data in (('pub', public), ('sig', b'\x30' + bytes([len(numbers)]) + numbers),
                       ('signed', image.body + m), ('changed', image.body + m[:-1] + b'\1')):
        write(tmp, name, data)
    for name, want in (('signed', 0), ('changed', 1)):
        result = subprocess.run(['openssl', 'dgst', '-sha256', '-keyform', 'DER', '-verify',
                                 os.path.join(tmp, 'pub'), '-signature', os.path.join(tmp, 'sig'),
                                 os.path.join(tmp, name)], capture_output=True)
        check('openssl: ' + name, result.returncode == want, result.stderr)


def test_determinism(tmp):
    first = os.path.join(tmp, 'first')
    second = os.path.join(tmp, 'second')
    names = ['z', 'a', 'm/q', 'm/b', 'k']
    for folder, order in ((first, names), (second, names[::-1])):
        for name in order:
            write(folder, name, name * 100)
        make_app(folder)
    for base, folders, files in os.walk(second):
        for name in folders + files:
            os.utime(os.path.join(base, name), (1, 1))
            if os.geteuid() == 0:
                os.chown(os.path.join(base, name), 1234, 5678)
    one = accepted('first', first)
    again = accepted('again', first)
    two = accepted('second', second)
    check('same input, same bytes', one.data == again.data)
    check('copy, same bytes', one.data == two.data)
    write(second, 'z', b'other')
    check('other input, other bytes', accepted('changed', second).data != one.data)


def test_nodes(tmp):
    app = make_app(os.path.join(tmp, 'nodes'))
    accepted('control', app)
    path = os.path.join(app, 'node')
    os.mkfifo(path)
    refused('fifo', app, 5001, ': node: ')
    os.unlink(path)
    here = os.getcwd()
    os.chdir(app)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind('node')
    os.chdir(here)
    refused('socket', app, 5001, ': node: ')
    listener.close()
    os.unlink(path)
    if os.geteuid() == 0:
        try:
            os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))
            refused('device', app, 5001, ': node: ')
            os.unlink(path)
        except PermissionError:
            print('note: this root may not make device nodes; fifo and socket were tested')
    for mode in (0o4755, 0o2755, 0o1755):
        write(app, 'bits', b'x')
        os.chmod(os.path.join(app, 'bits'), mode)
        refused(f'mode {mode:o}', app, 5002, ': bits: ')
        os.unlink(os.path.join(app, 'bits'))
        os.mkdir(os.path.join(app, 'bits'))
        os.chmod(os.path.join(app, 'bits'), mode)
        refused(f'directory mode {mode:o}', app, 5002, ': bits: ')
        os.rmdir(os.path.join(app, 'bits'))
    write(app, 'bits', b'x', 0o755)
    accepted('mode 755', app)
    write(app, 'n' * 253, b'')
    refused('name', app, 5004, 'n' * 253)
    os.unlink(os.path.join(app, 'n' * 253))
    write(app, 'n' * 252, b'')
    accepted('name of 252', app)


def test_links(tmp):
    app = make_app(os.path.join(tmp, 'links'))
    os.mkdir(os.path.join(app, 'lib'))
    link = os.path.join(app, 'lib/x')
    for target, leaves in (('../bin/app', False), ('../../etc/passwd', True), ('/bin/app', True),
                           ('../bin/../..', True), ('../bin/..', True), ('missing', False)):
        os.symlink(target, link)
        if leaves:
            refused('link ' + target, app, 5003,
                    ': lib/x: symbolic link must be relative, with ".." only at its begin and '
                    f'inside the image: {target}')
        else:
            accepted('link ' + target, app)
        os.unlink(link)
    os.symlink('..', os.path.join(app, 'lib/up'))
    os.symlink('up/../etc', link)
    refused('link by way of a link', app, 5003, ': lib/x: ')


def test_depth(tmp):
    app = make_app(os.path.join(tmp, 'depth'))
    os.makedirs(os.path.join(app, *('d' * 15)))
    accepted('15 folders deep', app)
    os.mkdir(os.path.join(app, *('d' * 16)))
    refused('16 folders deep', app, 5014, ': folders must be at most 15 deep')


def test_sizes(tmp):
    app = make_app(os.path.join(tmp, 'sizes'))
    big = os.path.join(app, 'big')
    write(app, 'big', b'')
    os.truncate(big, (16 << 20) - 1)
    refused('body too large', app, 5006, 'the image would have')
    os.truncate(big, 16 << 20)
    refused('file too large', app, 5005, ': big: ')
    os.truncate(big, 15 << 20)
    image = accepted('large', app)
    check('large file', image and image.files['big']['data'] == bytes(15 << 20))


def capabilities(members):
    return ('{"SchemaVersion": 1, "Name": "n", "EntryPoint": "/bin/app", "ComponentId": "' + UUID +
            '", "Capabilities": {' + members + '}}')


def test_manifests(tmp):
    app = os.path.join(tmp, 'manifests')
    write(app, 'bin/app', make_elf(), 0o755)
    refused('no manifest', app, 5012, ': app_manifest.json: ')
    board = ('--board', BOARD)
    system = ('--type', 'system-app')
    for number, text, place, arguments in (
            (0, manifest(), '', ()),
            (0, manifest(), '', board),
            (0, manifest('["$LED1"]'), '', board),
            (3010, manifest('["$LED1"]'), ':5:28: Capabilities.Gpio[0]: ', ()),
            (3010, manifest('["$LED9"]'), ':5:28: Capabilities.Gpio[0]: ', board),
            (3010, manifest('["$power-button"]'), 'belongs to the system', board),
            (3010, manifest('[4]'), 'belongs to the system', board),
            (3010, manifest('[8]'), 'Capabilities.Gpio[0]', board),
            (3009, manifest('[1, "$LED2"]'), 'Gpio[1]', board),
            (3010, manifest('[8]'), 'for apps, of Gpio: LED1, LED2, BUTTON1, GPIO5, GPIO6, GPIO7)', board),
            (3010, capabilities('"Uart": ["$console"]'), 'system (qemu-virt has for apps, of Uart: none)', board),
            (3010, capabilities('"Uart": [0]'), ':1:142: Capabilities.Uart[0]: ', board),
            (3010, capabilities('"Adc": ["$LED1"]'), 'of Adc: none', board),
            (3010, capabilities('"Adc": ["$ADC0"]'), '(name the board with --board)', ()),
            (0, capabilities('"Adc": [0]'), '', ()),
            (0, capabilities('"AllowedConnections": ["Host.example:443", "10.0.0.0/8"]'), '', ()),
            (3011, capabilities('"AllowedConnections": ["*.example"]'), 'wildcards', ()),
            (3012, capabilities('"AllowedTcpServerPorts": [80]'), 'port of the system', ()),
            (0, capabilities('"AllowedTcpServerPorts": [80]'), '', system),
            (3012, capabilities('"SystemPrivileges": ["LowPort"]'), 'key of the OS', ()),
            (0, capabilities('"SystemPrivileges": ["LowPort"]'), '', system),
            (3006, manifest(more=', "Policy": {}'), ': Policy: ', ()),
            (3002, manifest() + '}', ':7:1: ', ())):
        write(app, 'app_manifest.json', text)
        if number:
            refused(f'manifest E{number}', app, number, place, *arguments)
        else:
            accepted('manifest', app, *arguments)
        result = sph('manifest', 'check', os.path.join(app, 'app_manifest.json'), *arguments)
        check('manifest check', result.returncode == (number != 0) and
              (not number or f'E{number}' in result.stderr and place in result.stderr), result.stderr)
    write(app, 'app_manifest.json', capabilities(
        '"Gpio": [5, 0], "AllowedConnections": ["Host.example:443", "10.0.0.0/8"], "Adc": [3],'
        '"AllowedTcpServerPorts": [8080, 1024], "AllowedApplicationConnections": ["' + OTHER + '"]'))
    said = sph('manifest', 'check', os.path.join(app, 'app_manifest.json')).stdout
    for line in ('Gpio         5 0', 'Adc          3', 'connects to  host.example:443',
                 'connects to  10.0.0.0/8', 'TCP ports    8080 1024', 'talks to     ' + OTHER,
                 'memory       512 KiB', 'component    ' + UUID, 'program      /bin/app'):
        check('manifest check says ' + line, f'\n  {line}\n' in said, said)
    check('manifest check: nothing else', 'UDP' not in said and 'storage' not in said, said)
    for wrong in (('--type', 'rootfs'), ('--type', ''), ('--type',)):
        result = sph('manifest', 'check', os.path.join(app, 'app_manifest.json'), *wrong)
        check(f'manifest check {wrong}', result.returncode == 2, result.stderr)
    write(app, 'app_manifest.json', manifest(name='blüh\\n'))
    refused('control character', app, 3009, ': Name: ')
    write(app, 'app_manifest.json', manifest(name='blüh'))
    check('name in ASCII', accepted('name', app).meta[48:54] == b'bl??h\0')


def test_programs(tmp):
    app = make_app(os.path.join(tmp, 'programs'))
    accepted('control', app)
    for name, elf in (('not ELF', b'#!/bin/sh\n'), ('no stack header', make_elf(stack=None)),
                      ('executable stack', make_elf(stack=7)), ('W+X', make_elf(data_flags=7)),
                      ('offset', make_elf(skew=4)), ('x86', make_elf(machine=3)),
                      ('EABI4', make_elf(flags=0x04000000)), ('cut', make_elf()[:0x2080])):
        write(app, 'bin/app', elf, 0o755)
        refused(name, app, 5008, ': /bin/app: ')
    write(app, 'bin/app', make_elf(), 0o644)
    refused('not executable', app, 5007, ': /bin/app: ')
    os.rename(os.path.join(app, 'bin/app'), os.path.join(app, 'bin/real'))
    refused('missing', app, 5007, ': /bin/app: ')
    os.symlink('real', os.path.join(app, 'bin/app'))
    refused('link', app, 5007, ': /bin/app: ')
    os.unlink(os.path.join(app, 'bin/app'))
    os.mkdir(os.path.join(app, 'bin/app'))
    refused('directory', app, 5007, ': /bin/app: ')


def test_keys(tmp):
    app = make_app(os.path.join(tmp, 'keys'))
    pem = os.path.join(tmp, 'own.pem')
    wrong = os.path.join(tmp, 'wrong.pem')
    for path, curve in ((pem, 'prime256v1'), (wrong, 'secp384r1')):
        subprocess.run(['openssl', 'ecparam', '-name', curve, '-genkey', '-noout', '-out', path],
                       check=True)
    image = accepted('own key', app, '--key', pem, '--release', '--security-version', '7')
    check('no development flag', struct.unpack_from('<III', image.meta, 80) == (7, 1, 0))
    show = ('image', 'show', app + '.img')
    check('show, own key', sph(*show, '--key', pem).returncode == 0)
    result = sph(*show, '--key', os.path.join(KEYS, 'oem.pem'))
    check('show, other key', result.returncode == 1 and 'E2012' in result.stderr, result.stderr)
    check('show, unknown key', 'E5009' in sph(*show).stderr)
    public = os.path.join(tmp, 'public.pem')
    subprocess.run(['openssl', 'ec', '-in', pem, '-pubout', '-out', public], check=True,
                   capture_output=True)
    check('show, public key', sph(*show, '--key', public).returncode == 0)
    refused('public key', app, 5009, 'private', '--key', public)
    refused('wrong curve', app, 5009, 'P-256', '--key', wrong)
    refused('no key', app, 5009, 'cannot be read', '--key', pem + 'x')
    refused('release', app, 5013, 'development', '--release')
    copy = os.path.join(tmp, 'innocent.pem')
    shutil.copy(os.path.join(KEYS, 'os.pem'), copy)
    refused('release, renamed development key', app, 5013, 'development', '--release',
            '--key', copy)
    os_key = accepted('system app', app, '--type', 'system-app')
    check('system app', os_key.meta[12] == 2 and os_key.meta[92:124] != image.meta[92:124])


def test_show_damaged(tmp):
    app = make_app(os.path.join(tmp, 'damaged'))
    image = accepted('control', app)
    path = app + '.img'
    check('show', 'mapped' in sph('image', 'show', path).stdout)
    for at, number in ((0, 2001), (4, 2002), (image.size, 2004), (100, 2012),
                       (image.size + 16, 2012), (len(image.data) - 1, 2012)):
        changed = bytearray(image.data)
        changed[at] ^= 1
        write(tmp, 'changed', bytes(changed))
        result = sph('image', 'show', os.path.join(tmp, 'changed'))
        check(f'byte {at}', result.returncode == 1 and f'E{number}' in result.stderr, result.stderr)
    write(tmp, 'changed', image.data[:-1])
    check('cut', 'E2003' in sph('image', 'show', os.path.join(tmp, 'changed')).stderr)


def test_interruption(tmp):
    """A signal at any moment leaves no temporary file, and the old output as it was."""
    app = make_app(os.path.join(tmp, 'signal'))
    write(app, 'big', os.urandom(8 << 20))
    out_folder = os.path.join(tmp, 'out')
    os.mkdir(out_folder)
    out = os.path.join(out_folder, 'x.img')
    write(out_folder, 'x.img', b'old')
    environment = dict(os.environ, SPH_KEYS=KEYS)
    seen = 0
    for attempt in range(30):
        process = subprocess.Popen([SPH, 'image', 'pack', app, '-o', out], env=environment,
                                   stderr=subprocess.DEVNULL)
        while process.poll() is None and len(os.listdir(out_folder)) < 2:
            pass
        process.send_signal(signal.SIGINT if attempt % 2 else signal.SIGTERM)
        seen += process.wait() < 0
        check('no temporary file', os.listdir(out_folder) == ['x.img'], os.listdir(out_folder))
        if seen >= 3:
            break
    check('was interrupted', seen > 0)
    with open(out, 'rb') as f:
        check('whole or old', f.read()[:4] in (b'old', b'\x45\x3d\xcd\x28'))
    check('device as output', 'E5010' in sph('image', 'pack', app, '-o', '/dev/null').stderr)
    check('no folder', 'E5010' in sph('image', 'pack', app, '-o', tmp + '/none/x').stderr)
    check('no input', 'E5010' in sph('image', 'pack', tmp + '/none', '-o', out).stderr)


def test_command_line(tmp):
    app = make_app(os.path.join(tmp, 'command'))
    out = os.path.join(tmp, 'command.img')
    check('help', sph('--help').returncode == 0 and 'image       pack' in sph('--help').stdout)
    check('version', sph('--version').stdout.startswith('sph '))
    for noun, verb in (('image', 'pack'), ('image', 'show'), ('manifest', 'check'),
                       ('board', 'header')):
        result = sph(noun, verb, '--help')
        check('help of ' + verb, result.returncode == 0 and f'sph {noun} {verb}' in result.stdout)
        check('usage of ' + verb, sph(noun, verb).returncode == 2)
    for arguments in ((), ('image',), ('image', 'bake'), ('image', 'pack', app),
                      ('image', 'pack', app, '-o', out, '--type', 'x'),
                      ('image', 'pack', app, '-o', out, '--name', 'x'),
                      ('image', 'pack', app, '-o', out, '--type', 'rootfs'),
                      ('image', 'pack', app, '-o', out, '--security-version', '-1'),
                      ('image', 'pack', app, '-o', out, '--security-version', '4294967296')):
        check(f'usage {arguments}', sph(*arguments).returncode == 2)
    check('no output', not os.path.exists(out))
    header = os.path.join(tmp, 'board.h')
    check('board header', sph('board', 'header', BOARD, '-o', header).returncode == 0)
    with open(header) as f:
        text = f.read()
    check('macros', re.search(r'^#define QEMU_VIRT_LED1 0$', text, re.M) and 'BUTTON1 2' in text and
          'POWER' not in text)
    subprocess.run(['gcc', '-fsyntax-only', '-Wall', '-Werror', '-include', header,
                    '-x', 'c', '/dev/null'], check=True)


def read_manifest(data):
    """Reads a boot manifest from the description in boot_manifest.md."""
    magic, form, length, security, flags, count = struct.unpack_from('<4sHHIII', data)
    assert (magic, form, length, len(data)) == (b'SPBM', 1, 832, 896)
    assert data[84:100] == b"qemu-virt".ljust(16, b"\0")
    assert not any(data[100:128]) and not any(data[128 + 44 * count:832])
    parts = [struct.unpack_from('<3I32s', data, 128 + 44 * i) for i in range(count)]
    return security, flags, data[20:52].rstrip(b'\0'), data[52:84], parts


def verified_by_openssl(data, key, tmp):
    """The last 64 bytes are a signature of what stands before them, says another program."""
    def der(number):
        number = number.lstrip(b'\0') or b'\0'
        number = (b'\0' if number[0] & 0x80 else b'') + number
        return bytes([2, len(number)]) + number
    pair = der(data[-64:-32]) + der(data[-32:])
    write(tmp, 'signature', bytes([48, len(pair)]) + pair)
    write(tmp, 'signed', data[:-64])
    public = os.path.join(tmp, 'public.pem')
    subprocess.run(['openssl', 'pkey', '-in', key, '-pubout', '-out', public], check=True)
    return subprocess.run(['openssl', 'dgst', '-sha256', '-verify', public, '-signature',
                           os.path.join(tmp, 'signature'), os.path.join(tmp, 'signed')],
                          capture_output=True, check=False).returncode == 0


def test_os_sign(tmp):
    sizes = {'tree4': 1900, 'tree2': 1901, 'kernel': 70001, 'rootfs': 8192 + 256, 'system': 4352}
    for index, (name, size) in enumerate(sizes.items()):
        write(tmp, name, bytes([index + 1]) * size)
    path = {name: os.path.join(tmp, name) for name in list(sizes) + ['out', 'big']}
    trees = ('--dtb', path['tree4'], '--dtb', path['tree2'])
    kernel = ('--kernel', path['kernel'])
    system = ('--system', path['rootfs'])
    good = ('os', 'sign', *trees, *kernel, *system, '--system', path['system'], '-o', path['out'])
    result = sph(*good, '--os-version', '1.2', '--security-version', '7')
    check('os sign', result.returncode == 0, result.stderr)
    with open(path['out'], 'rb') as f:
        data = f.read()
    security, flags, version, key_id, parts = read_manifest(data)
    check('os sign fields', (security, flags, version) == (7, 1, b'1.2'))
    key = os.path.join(KEYS, 'os.pem')
    check('os sign key', key_id.hex().startswith('946d4edb'))
    check('os sign signature', verified_by_openssl(data, key, tmp))
    check('control: changed', not verified_by_openssl(b'x' + data[1:], key, tmp))
    places = [(1, 0), (1, 0x4000), (2, 0x40000), (3, 0x240000), (4, 0x243000)]
    check('os sign places', [part[:2] for part in parts] == places, parts)
    check('os sign lengths', [part[2] for part in parts] == list(sizes.values()), parts)
    for part, name in zip(parts, sizes):
        with open(path[name], 'rb') as f:
            check('os sign hash ' + name, part[3] == hashlib.sha256(f.read()).digest())
    sph(*good, '--os-version', '1.2', '--security-version', '7')
    with open(path['out'], 'rb') as f:
        check('os sign is deterministic', f.read() == data)
    os.unlink(path['out'])

    write(tmp, 'big', bytes((2 << 20) + 1))
    write(tmp, 'empty', b'')
    for number, text, arguments in (
            (1012, 'larger than its place', (*trees, '--kernel', path['big'], *system)),
            (1012, 'empty', (*trees, *kernel, '--system', os.path.join(tmp, 'empty'))),
            (1011, '--os-version', (*trees, *kernel, *system, '--os-version', '')),
            (1011, '--os-version', (*trees, *kernel, *system, '--os-version', 'x' * 32)),
            (5009, 'private', (*trees, *kernel, *system, '--key', os.path.join(tmp, 'public.pem'))),
            (5010, 'nothing', (*trees, '--kernel', tmp + '/nothing', *system)),
            (5013, 'development', (*trees, *kernel, *system, '--release'))):
        result = sph('os', 'sign', *arguments, '-o', path['out'])
        check(f'os sign refuses {text}', result.returncode == 1 and f'E{number}' in result.stderr and
              text in result.stderr, result.stderr)
    for arguments in ((), (*trees, *kernel), (*trees, *system), (*kernel, *system),
                      (*trees, *kernel, *kernel, *system), (*trees, *trees, *kernel, *system),
                      (*trees, *kernel, *system, 'more'), (*trees, *kernel, *system * 14)):
        check(f'os sign usage {len(arguments)}',
              sph('os', 'sign', *arguments, '-o', path['out']).returncode == 2)
    check('os sign leaves nothing', not os.path.exists(path['out']))


def test_os_image(tmp):
    sizes = {'tree4': 1900, 'tree2': 1901, 'kernel': 70001, 'rootfs': 8192 + 256, 'system': 4350}
    path = {name: os.path.join(tmp, name) for name in list(sizes) + ['manifest', 'out']}
    for index, (name, size) in enumerate(sizes.items()):
        write(tmp, name, bytes([index + 1]) * size)
    parts = ('--dtb', path['tree4'], '--dtb', path['tree2'], '--kernel', path['kernel'],
             '--system', path['rootfs'], '--system', path['system'])
    sph('os', 'sign', *parts, '-o', path['manifest'])
    with open(path['manifest'], 'rb') as f:
        signed = f.read()
    image = ('os', 'image', '--manifest', path['manifest'], '-o', path['out'])
    result = sph(*image, *parts)
    check('os image', result.returncode == 0, result.stderr)
    wanted = bytearray(b'\xff' * (0x243000 + sizes['system']))
    for (name, size), place in zip(sizes.items(), (0, 0x4000, 0x40000, 0x240000, 0x243000)):
        wanted[place:place + size] = bytes([list(sizes).index(name) + 1]) * size
    wanted[0x3f000:0x3f000 + 896] = signed
    wanted += b'\xff' * 2
    with open(path['out'], 'rb') as f:
        check('os image contents', f.read() == wanted)
    os.unlink(path['out'])

    def refused_image(name, number, *arguments):
        result = sph(*image, *arguments)
        check(f'os image refuses {name}', result.returncode == 1 and f'E{number}' in result.stderr and
              not os.path.exists(path['out']), result.stderr)

    refused_image('another file', 1013, *parts[:5], path['rootfs'], *parts[6:])
    refused_image('trees in another order', 1013, '--dtb', parts[3], '--dtb', parts[1], *parts[4:])
    refused_image('fewer images', 1013, *parts[:-2])
    refused_image('no file', 5010, *parts[:-1], os.path.join(tmp, 'nothing'))
    write(tmp, 'big', bytes(6 << 20))
    refused_image('too much', 1012, *parts, '--system', os.path.join(tmp, 'big'))
    for number, name, data in ((1008, 'short', signed[:-1]), (5005, 'long', signed + b'x'),
                               (1008, 'magic', b'x' + signed[1:]),
                               (1011, 'format', signed[:4] + b'x' + signed[5:]),
                               (1012, 'parts', signed[:128] + b'x' + signed[129:])):
        write(tmp, 'manifest', data)
        refused_image('manifest: ' + name, number, *parts)
    for arguments in (image, (*image, *parts[:-4]), image[:4] + parts, ('os', 'image', *image[4:], *parts),
                      (*image, *parts, 'more'), (*image, *parts, *parts[-2:] * 14)):
        check(f'os image usage {len(arguments)}', sph(*arguments).returncode == 2)


def make_key(tmp, name):
    path = os.path.join(tmp, name + '.pem')
    subprocess.run(['openssl', 'ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', path],
                   check=True)
    return path


def public_half(key):
    path = key + '.pub'
    subprocess.run(['openssl', 'pkey', '-in', key, '-pubout', '-out', path], check=True)
    return path


def point_of(key):
    return subprocess.run(['openssl', 'pkey', '-in', key, '-pubout', '-outform', 'DER'],
                          capture_output=True, check=True).stdout[-65:]


def read_store(path):
    """Header, and the keys as (role, flags, lowest, highest, tenant, point)."""
    with open(path, 'rb') as f:
        data = f.read()
    magic, form, length, version, count, flags, root = struct.unpack_from('<4sHHIII32s', data)
    check('trust store head', (magic, form, length, len(data)) == (b'SPTS', 1, 1264, 1328))
    check('trust store reserved', not any(data[52:64]) and not any(data[64 + 100 * count:1264]))
    keys = [struct.unpack_from('<4I16s65s3x', data, 64 + 100 * i) for i in range(count)]
    return data, (version, flags, root), keys


def test_trust(tmp):
    out = os.path.join(tmp, 'trust.store')
    root, own_os, own_oem, debug = (make_key(tmp, name) for name in ('root', 'os', 'oem', 'debug'))
    most = 0xffffffff
    result = sph('trust', 'sign', '-o', out)
    check('trust sign', result.returncode == 0, result.stderr)
    data, head, keys = read_store(out)
    point = point_of(os.path.join(KEYS, 'root.pem'))
    check('trust sign: development', head == (1, 1, hashlib.sha256(point).digest()), head)
    check('trust sign: its keys', [key[:4] for key in keys] == [(1, 1, 0, most), (2, 1, 0, most)], keys)
    check('trust sign: its points', [key[5] for key in keys] ==
          [point_of(os.path.join(KEYS, name)) for name in ('os.pem', 'oem.pem')])
    check('trust signature', verified_by_openssl(data, os.path.join(KEYS, 'root.pem'), tmp))
    check('control: changed store', not verified_by_openssl(b'x' + data[1:],
                                                            os.path.join(KEYS, 'root.pem'), tmp))
    shown = sph('trust', 'show', out)
    check('trust show', shown.returncode == 0 and 'signature  valid' in shown.stdout and
          'd0e5c9a2-7b1f-4d3e-9c46-5f8a2b6e1d70' in shown.stdout, shown)

    own = ('--root-key', root, '--version', '4000000000', '--release',
           '--os', public_half(own_os), '--min-security-version', '3',
           '--os', own_os + '.other', '--revoked',
           '--oem', public_half(own_oem), '--tenant', UUID, '--max-security-version', '9',
           '--debug', debug)
    shutil.copy(make_key(tmp, 'other'), own_os + '.other')
    result = sph('trust', 'sign', *own, '-o', out)
    check('trust sign: own keys', result.returncode == 0, result.stderr)
    data, head, keys = read_store(out)
    check('trust sign: own root', head == (4000000000, 0, hashlib.sha256(point_of(root)).digest()))
    check('trust sign: own fields', [key[:4] for key in keys] ==
          [(1, 0, 3, most), (1, 2, 0, most), (2, 0, 0, 9), (3, 0, 0, most)], keys)
    check('trust sign: tenant', [key[4].hex() for key in keys] ==
          ['0' * 32, '0' * 32, UUID.replace('-', ''), '0' * 32], keys)
    check('trust sign: own points', keys[0][5] == point_of(own_os) and keys[3][5] == point_of(debug))
    check('trust signature: own', verified_by_openssl(data, root, tmp))
    sph('trust', 'sign', *own, '-o', out + '2')
    with open(out + '2', 'rb') as f:
        check('trust sign is deterministic', f.read() == data)
    for arguments, status, text in ((('--root-key', public_half(root)), 0, 'signature  valid'),
                                    (('--root-key', own_os), 1, 'E1020'), ((), 1, 'E5009')):
        shown = sph('trust', 'show', out, *arguments)
        check(f'trust show {text}', shown.returncode == status and text in shown.stdout + shown.stderr and
              re.search(r'^OS +0 +4294967295 .* revoked', shown.stdout, re.M), shown)
    for offset in (0, 4, 8, 12, 16, 64, 76, 1263):
        changed = bytearray(data)
        changed[offset] ^= 0x80
        write(tmp, 'changed', bytes(changed))
        shown = sph('trust', 'show', os.path.join(tmp, 'changed'), '--root-key', root)
        check(f'trust show: byte {offset}', shown.returncode == 1 and
              re.search('E102[01]', shown.stderr) and 'valid' not in shown.stdout, shown)
    for size in (0, 1327, 1329):
        write(tmp, 'short', (data + b'x')[:size])
        check(f'trust show: {size} bytes', sph('trust', 'show', os.path.join(tmp, 'short'),
                                               '--root-key', root).returncode == 1)
    os.unlink(out)
    refused_stores(out, root, own_os, own_oem)


def refused_stores(out, root, key, oem):
    development = os.path.join(KEYS, 'os.pem')
    for number, text, arguments in (
            (1021, '--version', ('--version', '0')),
            (1021, '--tenant', ('--os', key, '--tenant', UUID)),
            (1021, '--tenant', ('--oem', key)),
            (1021, 'UUID', ('--oem', key, '--tenant', UUID[:-1])),
            (1021, 'UUID', ('--oem', key, '--tenant', UUID + '0')),
            (1021, '--tenant', ('--debug', key, '--tenant', UUID)),
            (1021, 'lowest', ('--os', key, '--min-security-version', '2', '--max-security-version', '1')),
            (1021, 'twice', ('--os', key, '--debug', oem, '--oem', key, '--tenant', UUID)),
            (1021, 'UUID', ('--oem', key, '--tenant', '00000000-0000-0000-0000-000000000000')),
            (5009, 'private', ('--os', key, '--root-key', key + '.pub')),
            (5009, 'cannot be read', ('--os', key + '.nothing')),
            (5013, 'development', ('--release',)),
            (5013, 'development', ('--os', key, '--release')),
            (5013, 'development', ('--os', development, '--release', '--root-key', root))):
        result = sph('trust', 'sign', *arguments, '-o', out)
        check(f'trust sign refuses {arguments}', result.returncode == 1 and f'E{number}' in result.stderr
              and text in result.stderr, result.stderr)
    for arguments in (('--root-key', root), ('--revoked', '--os', key), ('--tenant', UUID),
                      ('--os', key, 'more'), ('--os', key, '--min-security-version', '-1'),
                      ('--os', key, '--version', 'x'), ('--os', key) * 13):
        check(f'trust sign usage {arguments}',
              sph('trust', 'sign', *arguments, '-o', out).returncode == 2)
    check('trust sign usage: no output', sph('trust', 'sign').returncode == 2)
    check('trust sign leaves nothing', not os.path.exists(out))


def main():
    start = time.monotonic()
    for test in (test_contents, test_layout, test_ram, test_determinism, test_nodes, test_links,
                 test_depth, test_sizes, test_manifests, test_programs, test_keys,
                 test_show_damaged, test_interruption, test_command_line, test_os_sign, test_os_image,
                 test_trust):
        with tempfile.TemporaryDirectory() as tmp:
            test(tmp)
    print(f'pack_test.py: {time.monotonic() - start:.0f} s')
    print(f'{passed} passed, {failed} failed')
    return failed != 0


if __name__ == '__main__':
    sys.exit(main())
