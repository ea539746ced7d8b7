# SPDX-License-Identifier: Apache-2.0
"""What a littlefs must show after the power was cut: a model, and a stream of changes from a seed.

A namespace changes as a whole, and is durable when the call returns.  The contents of a file change as
a whole when it is synced: until then the medium has what was synced last, or one of the states that
the file had at the end of a call since then.
"""

import copy
import errno
import functools
import zlib

from images import flash_map

BLOCK_BYTES = flash_map("FLASH_SECTOR_BYTES")
INLINE_BYTES = 512		# more is in blocks of its own
BLOCKS_USED_MAX = 12		# of 16: those of contents that are being written come on top
FOLDERS = ("d", "e")
NAMES = ("a", "b", "c", "f", "g")
SLOTS = (1, 2)
RENAME_NOREPLACE = 1


@functools.lru_cache(maxsize=64)
def fill(count, seed):
    """As tests/storage/common.c."""
    found = bytearray()
    for _ in range(count):
        seed = (seed * 1103515245 + 12345) & 0xffffffff
        found.append(seed >> 16 & 0xff)
    return bytes(found)


class File:
    """@versions: what may be on the medium; the last is what a reader gets."""

    def __init__(self):
        self.versions = [b""]

    def change(self, data):
        self.versions.append(data)

    def sync(self):
        del self.versions[:-1]

    @property
    def now(self):
        return self.versions[-1]


class State:
    """Files and folders; @slots: open files, which may have lost their names."""

    def __init__(self):
        self.files, self.folders, self.slots = {}, set(), {}

    def apply(self, order):
        """(the state after an order, the errno that it gives)"""
        after = copy.deepcopy(self)
        try:
            getattr(after, "do_" + order[0].replace("-", "_"))(*order[1:])
        except OSError as error:
            return copy.deepcopy(self), error.errno
        return after, 0

    # What there is

    def is_there(self, path):
        return path in self.files or path in self.folders

    def file(self, path):
        if path in self.folders:
            raise OSError(errno.EISDIR, path)
        self.need_parent(path)
        if path not in self.files:
            raise OSError(errno.ENOENT, path)
        return self.files[path]

    def need_parent(self, path):
        if "/" in path and path.rsplit("/", 1)[0] not in self.folders:
            raise OSError(errno.ENOENT, path)

    def is_open(self, file):
        return any(file is other for other in self.slots.values())

    def inside(self, folder):
        return [path for path in list(self.files) + list(self.folders)
                if path.startswith(folder + "/")]

    def blocks(self):
        """What all versions of all files take, at most."""
        files = {id(file): file for file in list(self.files.values()) + list(self.slots.values())}
        data = sum(-(-(len(version) + 64) // BLOCK_BYTES) for file in files.values()
                   for version in file.versions if len(version) > INLINE_BYTES)
        return 2 + 2 * len(self.folders) + data

    # Orders, as in tests/storage/orders.c

    def do_create(self, path):
        self.need_parent(path)
        if self.is_there(path):
            raise OSError(errno.EEXIST, path)
        self.files[path] = File()

    @staticmethod
    def written(data, offset, count, seed):
        return data[:offset].ljust(offset, b"\0") + fill(count, seed) + data[offset + count:]

    def do_put(self, path, offset, count, seed):
        file = self.file(path)
        file.change(self.written(file.now, offset, count, seed))
        file.sync()

    def do_append(self, path, count, seed):
        self.do_put(path, len(self.file(path).now), count, seed)

    def do_replace(self, path, count, seed):
        if not self.is_there(path):
            self.do_create(path)
        file = self.file(path)
        file.change(fill(count, seed))
        file.sync()

    @staticmethod
    def cut_to(file, size):
        file.change(file.now[:size].ljust(size, b"\0"))

    def do_truncate(self, path, size):
        file = self.file(path)
        self.cut_to(file, size)
        if not self.is_open(file):
            file.sync()

    def do_rename(self, old, new, flags):
        for path in (old, new):
            self.need_parent(path)
        if not self.is_there(old):
            raise OSError(errno.ENOENT, old)
        if flags & RENAME_NOREPLACE and self.is_there(new):
            raise OSError(errno.EEXIST, new)
        if old == new:
            return
        if old in self.folders:
            self.rename_folder(old, new)
            return
        if new in self.folders:
            raise OSError(errno.EISDIR, new)
        self.files[new] = self.files.pop(old)

    def rename_folder(self, old, new):
        if new in self.files:
            raise OSError(errno.ENOTDIR, new)
        if self.inside(new):
            raise OSError(errno.ENOTEMPTY, new)
        self.folders.discard(old)
        self.folders.add(new)
        for path in self.inside(old):
            self.files[new + path[len(old):]] = self.files.pop(path)

    def do_unlink(self, path):
        self.file(path)
        del self.files[path]

    def do_mkdir(self, path):
        if self.is_there(path):
            raise OSError(errno.EEXIST, path)
        self.folders.add(path)

    def do_rmdir(self, path):
        if path in self.files:
            raise OSError(errno.ENOTDIR, path)
        if path not in self.folders:
            raise OSError(errno.ENOENT, path)
        if self.inside(path):
            raise OSError(errno.ENOTEMPTY, path)
        self.folders.discard(path)

    def do_open(self, slot, path):
        self.slots[slot] = self.file(path)

    def do_slot_put(self, slot, offset, count, seed):
        self.slots[slot].change(self.written(self.slots[slot].now, offset, count, seed))

    def do_slot_truncate(self, slot, size):
        self.cut_to(self.slots[slot], size)

    def do_slot_sync(self, slot):
        self.slots[slot].sync()

    def do_slot_close(self, slot):
        self.slots.pop(slot).sync()

    def do_sync(self):
        for file in self.slots.values():
            file.sync()

    # The power is cut

    def shows(self, files, folders, digest):
        """Whether a medium with these may be left; @files: {path: (bytes, digest)}."""
        return (folders == self.folders and files.keys() == self.files.keys() and
                all(any((len(version), digest(version)) == files[path] for version in file.versions)
                    for path, file in self.files.items()))

    def settle(self, files):
        """The device has been started anew, and shows @files, by crc32."""
        self.slots = {}
        for path, file in self.files.items():
            file.versions = [next(version for version in file.versions
                                  if (len(version), zlib.crc32(version)) == files[path])]


def possible(before, order):
    """The states of which one is there, when the power is cut in an order."""
    after, error = before.apply(order)
    if error:
        return [before]
    states = [before, after]
    if order[0] == "replace" and order[1] not in before.files:
        states.append(before.apply(("create", order[1]))[0])
    # Contents: before or after, as each file likes.
    if order[0] in ("put", "append", "replace", "truncate", "sync", "slot-sync", "slot-close"):
        both = copy.deepcopy(after)
        for path, file in both.files.items():
            file.versions = (before.files[path].versions if path in before.files else []) + \
                file.versions
        states.append(both)
    return states


# The stream of changes.

def any_path(source, state):
    folder = source.choice(("",) * 3 + tuple(name + "/" for name in sorted(state.folders)))
    return folder + source.choice(NAMES)


def known_path(source, state):
    """Mostly one that is there."""
    if state.files and source.random() < 0.9:
        return source.choice(sorted(state.files))
    return any_path(source, state)


def any_size(source):
    return source.choice((0, 1, source.randrange(100), source.randrange(513), 480 + source.randrange(33),
                          500, 511, 512, 513, source.randrange(3000), source.randrange(40000),
                          BLOCK_BYTES - 4 + source.randrange(9) if source.random() < 0.2 else 64))


def any_seed(source):
    return source.randrange(16)


def choose_slot(source, state):
    slot = source.choice(SLOTS)
    if slot not in state.slots:
        return ("open", slot, known_path(source, state))
    size = len(state.slots[slot].now)
    return source.choice((
        ("slot-put", slot, source.randrange(size + 20), source.randrange(600), any_seed(source)),
        ("slot-put", slot, source.randrange(size + 1), any_size(source) % 50000, any_seed(source)),
        ("slot-truncate", slot, source.randrange(size + 50)),
        ("slot-sync", slot), ("slot-close", slot), ("sync",)))


def choose_path(source, state):
    path = known_path(source, state)
    size = len(state.files[path].now) if path in state.files else 0
    return source.choice((
        ("create", any_path(source, state)),
        ("replace", any_path(source, state), any_size(source), any_seed(source)),
        ("replace", path, any_size(source), any_seed(source)),
        ("put", path, source.randrange(size + 30), source.randrange(600), any_seed(source)),
        ("append", path, source.randrange(200), any_seed(source)),
        ("append", path, source.randrange(6000), any_seed(source)),
        ("truncate", path, source.randrange(size + 100)),
        ("rename", path, any_path(source, state), 0),
        ("rename", path, any_path(source, state), 0),
        ("rename", path, any_path(source, state), RENAME_NOREPLACE),
        ("unlink", path)))


def choose_folder(source, state):
    del state
    one, other = source.sample(FOLDERS, 2)
    return source.choice((("mkdir", one), ("mkdir", one), ("rmdir", one),
                          ("rename", one, other, 0)))


CHOICES = (choose_path,) * 6 + (choose_slot,) * 3 + (choose_folder,)


def choose(source, state):
    """An order for which there is certainly room."""
    while True:
        order = source.choice(CHOICES)(source, state)
        if state.apply(order)[0].blocks() <= BLOCKS_USED_MAX:
            return order
