# SPDX-License-Identifier: Apache-2.0
"""Root filesystems whose pid 1 starts programs in other people's sandboxes (tests/boxes)."""

import json
import os
import re
import shutil
import tempfile

from measure import COUNT_INSTRUCTIONS		# first: it says where other modules are
from images import KERNEL, make_flash, run
from qemu import BUILD, TOP, Device
from warden import make_root, pack_root

BOXES = os.path.join(BUILD, "boxes")
INIT = os.path.join(BOXES, "boxes", "image-root", "bin", "boxes")
DEBIAN = os.path.join(BOXES, "debian")		# what mk/fetch-packages has unpacked
SANDBOX_KERNEL = KERNEL + "-sandbox"
SYSCALLS = os.path.join(TOP, "system", "appman", "syscalls.h")
LIBRARY_FOLDERS = ("lib/arm-linux-gnueabihf", "usr/lib/arm-linux-gnueabihf")
LOADER = "ld-linux-armhf.so.3"
FOREIGN = ("usr/bin/bwrap", "usr/bin/crun")
PROGRAMS = ("sleeper", "starter")
EPERM, ENOSYS = 1, 38
USER_FIRST = 10000			# as in tests/boxes/boxes.c
LIMIT_S = 600


def needed(path):
    """The libraries that a program asks for itself."""
    return re.findall(r"\(NEEDED\) +Shared library: \[(.+)\]", run("arm-linux-gnueabihf-readelf", "-d", path))


def library(name):
    for folder in LIBRARY_FOLDERS:
        path = os.path.join(DEBIAN, folder, name)
        if os.path.exists(path):
            return path
    raise RuntimeError("%s: no package of tests/boxes/debian-packages has it" % name)


def closure(programs):
    """Every library that the programs need, by name."""
    found, left = {}, [name for path in programs for name in needed(path)]
    while left:
        name = left.pop()
        if name not in found:
            found[name] = library(name)
            left += needed(found[name])
    return found


def add_debian(root):
    """bubblewrap and crun, with their libraries."""
    programs = [os.path.join(DEBIAN, path) for path in FOREIGN]
    for path, inside in zip(programs, FOREIGN):
        os.makedirs(os.path.dirname(os.path.join(root, inside)), exist_ok=True)
        shutil.copy(path, os.path.join(root, inside))
    os.makedirs(os.path.join(root, LIBRARY_FOLDERS[0]))
    for name, path in closure(programs).items():
        os.chmod(shutil.copy(path, os.path.join(root, LIBRARY_FOLDERS[0], name)), 0o755)
    os.symlink(os.path.join("arm-linux-gnueabihf", LOADER), os.path.join(root, "lib", LOADER))


def system_calls(word):
    """The names in application-manager's table that have this answer."""
    with open(SYSCALLS, encoding="utf-8") as file:
        return re.findall(r"\b%s\((\w+)\)," % word, file.read())


def seccomp():
    """Our table as crun wants it."""
    private = ["breakpoint", "cacheflush", "set_tls", "get_tls"]
    return {
        "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": ENOSYS,
        "architectures": ["SCMP_ARCH_ARM"],
        "syscalls": [
            {"names": system_calls("ALLOW") + private, "action": "SCMP_ACT_ALLOW"},
            {"names": system_calls("REFUSE"), "action": "SCMP_ACT_ERRNO", "errnoRet": EPERM},
        ],
    }


def bundle(number, program):
    """The config.json of one container."""
    user = USER_FIRST + number
    none = {name: [] for name in ("bounding", "effective", "inheritable", "permitted", "ambient")}
    strict = ["nosuid", "noexec", "nodev"]
    return {
        "ociVersion": "1.0.2",
        "process": {
            "terminal": False, "user": {"uid": user, "gid": user}, "args": [program], "env": [],
            "cwd": "/", "capabilities": none, "noNewPrivileges": True,
            "rlimits": [{"type": "RLIMIT_" + name, "hard": value, "soft": value} for name, value in
                        (("NOFILE", 64), ("CORE", 0), ("MEMLOCK", 0))],
        },
        "root": {"path": "/box", "readonly": True},
        "mounts": [
            {"destination": "/proc", "type": "proc", "source": "proc"},
            {"destination": "/dev", "type": "tmpfs", "source": "tmpfs",
             "options": ["nosuid", "noexec", "mode=755", "size=4k"]},
            {"destination": "/tmp", "type": "tmpfs", "source": "tmpfs",
             "options": strict + ["mode=700", "size=64k", "nr_inodes=16"]},
        ],
        "linux": {
            "namespaces": [{"type": "pid"}, {"type": "mount"}],
            "cgroupsPath": "/box%d" % number,
            "resources": {
                "memory": {"limit": 4 << 20}, "pids": {"limit": 32},
                "unified": {"memory.high": str(3584 << 10), "memory.oom.group": "1",
                            "cpu.weight": "100"},
            },
            "seccomp": seccomp(),
        },
    }


def make_boxes_root(folder, count, program):
    """The folder of a root filesystem: what runs, what it runs in, a bundle for each."""
    root = make_root(folder, INIT, ())
    shutil.copy(INIT, os.path.join(root, "bin", "boxes"))
    for name in ("box/bin", "box/proc", "box/dev", "box/tmp", "lib", "run", "sys/fs/cgroup", "tmp"):
        os.makedirs(os.path.join(root, name))
    for name in PROGRAMS:
        shutil.copy(os.path.join(BUILD, "payloads", name, "image-root", "bin", name),
                    os.path.join(root, "box", "bin"))
    for number in range(count):
        place = os.path.join(root, "bundles", str(number))
        os.makedirs(place)
        with open(os.path.join(place, "config.json"), "w", encoding="utf-8") as file:
            json.dump(bundle(number, program), file)
    add_debian(root)
    return root


# What /proc says of a process that has no rights and a filter, and of its own pid namespace.
CONFINED = {"CapEff": "0000000000000000", "CapBnd": "0000000000000000", "NoNewPrivs": "1", "Seccomp": "2"}
CONFINING = ("bubblewrap", "crun")


def check_confinement(device, count):
    """A sandbox that is cheap because it is open would be no comparison."""
    found = {}
    for pid, name, value in re.findall(r"^boxes: (\d+) (\w+):\t(.*)$", device.console, re.M):
        found.setdefault(pid, {})[name] = value
    users = {status["Uid"].split()[0] for status in found.values()}
    wrong = [pid for pid, status in found.items()
             if any(status[name] != value for name, value in CONFINED.items())
             or status["NSpid"].split()[1:] != ["1"]]
    if wrong or users != {str(USER_FIRST + number) for number in range(count)}:
        device.fail("not confined: %s" % found)


# For eleven at once; one starts with 4 MiB too.  application-manager does not: the monitor of this board
# knows 4 MiB.
RAM_KIB = 16384
RESULT = re.compile(r"^peer: after (\w+) (-?\d+)$", re.M)


def boot(way, program, count, kernel=SANDBOX_KERNEL, ram_kib=RAM_KIB):
    """({name: KiB}, {number: ticks} of the requests, [ticks] of main()) of one boot."""
    with tempfile.TemporaryDirectory() as folder:
        system = pack_root(make_boxes_root(folder, count, "/bin/" + program))
        flash = make_flash(folder, (), kernel=kernel, system=(system,), ram_kib=ram_kib,
                           bootargs="lsm=none init=/bin/boxes -- %s /bin/%s %d" % (way, program, count))
        with Device(flash, ram="%dK" % ram_kib, arguments=COUNT_INSTRUCTIONS, limit_s=LIMIT_S) as device:
            device.wait_for(r"^boxes: (done|TROUBLE.*)$")
            if "TROUBLE" in device.console:
                device.fail("%s: %d of %s" % (way, count, program))
            if way in CONFINING:
                check_confinement(device, count)
            console = device.console
    kib = {name: int(number) for name, number in RESULT.findall(console)}
    begins = {int(number): int(ticks) for number, ticks in
              re.findall(r"^boxes: begin (\d+) (\d+)$", console, re.M)}
    mains = [int(ticks) for ticks in re.findall(r"^starter: main at (\d+)$", console, re.M)]
    return kib, begins, mains
