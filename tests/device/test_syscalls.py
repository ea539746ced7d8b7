#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The system calls that an app can reach, against the golden list tests/attacks/syscalls.txt.

	tests/device/test_syscalls.py --renew	writes the list anew from what the device says
"""

import difflib
import os
import re
import shutil
import sys
import tempfile

from images import make_flash
from qemu import BUILD, TOP, Device

GOLDEN = os.path.join(TOP, "tests", "attacks", "syscalls.txt")
TABLE = os.path.join(BUILD, "kernel", "src", "arch", "arm", "tools", "syscall.tbl")

# Linux, arch/arm/include/uapi/asm/unistd.h.
PRIVATE_FIRST = 0x0F0001
PRIVATE = ("ARM_breakpoint", "ARM_cacheflush", "ARM_usr26", "ARM_usr32", "ARM_set_tls",
           "ARM_get_tls")

STATES = {"R": "reachable", "x": "refused", ".": "absent"}

# What the product does without is not refused but not there: no code, no mistake in it.
COMPILED_OUT = """
    init_module finit_module delete_module kexec_load kexec_file_load bpf perf_event_open
    userfaultfd add_key request_key keyctl io_uring_setup io_uring_enter io_uring_register
    io_setup io_destroy io_getevents io_submit io_cancel io_pgetevents io_pgetevents_time64
    process_vm_readv process_vm_writev kcmp swapon swapoff acct rseq
    semget semop semctl semtimedop semtimedop_time64 msgget msgsnd msgrcv msgctl
    shmget shmat shmdt shmctl mq_open mq_unlink mq_timedsend mq_timedsend_time64
    mq_timedreceive mq_timedreceive_time64 mq_notify mq_getsetattr
    fanotify_init fanotify_mark inotify_init inotify_init1 inotify_add_watch inotify_rm_watch
    name_to_handle_at open_by_handle_at uselib nfsservctl sysfs
    pciconfig_iobase pciconfig_read pciconfig_write
    setuid setgid setreuid setregid setresuid setresgid setfsuid setfsgid setgroups
    chown fchown lchown
""".split()


def read_names():
    """The names of the numbers in the kernel's table, which has those of the old ABI as well."""
    names = {PRIVATE_FIRST + i: name for i, name in enumerate(PRIVATE)}
    with open(TABLE, encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if len(words) >= 3 and words[0].isdigit() and words[1] in ("common", "eabi"):
                names[int(words[0])] = words[2]
    return names


def read_states(console):
    """What the app said of each number: number -> word."""
    states = {}
    for first, letters in re.findall(r"syscalls: map (\d+) ([Rx.]+)$", console, re.M):
        for i, letter in enumerate(letters):
            states[int(first) + i] = STATES[letter]
    return states


def ask_device(folder):
    """Number -> state, of every number that the app tried."""
    with Device(make_flash(folder, ("syscalls", "hello"))) as device:
        result = device.wait_for(r"syscalls\[\d+\]: syscalls: (\d+) passed, (\d+) failed$")
        assert int(result[1]) >= 11 and result[2] == "0", device.console
        device.wait_for(r"hello\[\d+\]: hello, world \d+$")
        return read_states(device.console)


def as_lines(states, names):
    return ["%s\t%s" % (names.get(number, "number_%d" % number), states[number])
            for number in sorted(states) if states[number] != "absent"]


def read_golden():
    with open(GOLDEN, encoding="utf-8") as file:
        lines = file.read().splitlines()
    return ([line for line in lines if line.startswith("#")],
            [line for line in lines if not line.startswith("#")])


def test_reachable_system_calls_are_the_golden_ones(folder):
    names = read_names()
    states = ask_device(folder)
    numbers = {name: number for number, name in names.items()}

    # Every number of the table was tried, and the trying can tell one state from the others.
    assert set(names) <= set(states), sorted(set(names) - set(states))
    assert states[numbers["getpid"]] == "reachable" and states[numbers["pause"]] == "reachable"
    assert states[numbers["mount"]] == "refused" and states[numbers["reboot"]] == "refused"
    assert states[17] == "absent"

    there = [name for name in COMPILED_OUT if states[numbers[name]] != "absent"]
    assert not there, "system calls that should be compiled out: " + " ".join(there)

    found = as_lines(states, names)
    diff = list(difflib.unified_diff(read_golden()[1], found, "tests/attacks/syscalls.txt",
                                     "the device", lineterm=""))
    assert not diff, "\n".join(
        ["what an app can call has changed; if that is wanted: " + __file__ + " --renew"] + diff)


def renew():
    """Writes what the device says below the header that the list has."""
    header = read_golden()[0]
    folder = tempfile.mkdtemp(prefix="spherule-test-")
    try:
        lines = as_lines(ask_device(folder), read_names())
    finally:
        shutil.rmtree(folder)
    with open(GOLDEN, "w", encoding="utf-8") as file:
        file.write("\n".join(header + lines) + "\n")


if __name__ == "__main__":
    if sys.argv[1:] != ["--renew"]:
        sys.exit(__doc__)
    renew()
