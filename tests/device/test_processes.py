#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The golden table: what every process of the running device may do and has open.

	test_processes.py --renew	writes the table anew, after a change that was wanted

The devices are the product to the byte; they are stopped and looked at from outside.
"""

import difflib
import os
import re
import sys
import tempfile
import time

from images import PRODUCT_APPS, make_flash
from kernel_memory import KernelMemory, constant, layout, symbols
from process_table import open_files, processes, spherule_blob, table
from qemu import TOP, Device

GOLDEN = os.path.join(TOP, "tests", "device", "golden", "processes.txt")
GOLDEN_APPS = PRODUCT_APPS + ("dynamic",)
RENEW = "python3 tests/device/test_processes.py --renew"

HEADER = """\
# What every process may do and has open: those of the kernel, application-manager, the apps
# %s.  tests/device/test_processes.py compares it; its option --renew writes it.

"""

# Idle is what the device nearly always is; this many looks are for a host under load.
LOOKS = 200


def read_memory(device, folder):
    """Stops the device while nothing runs, so that nothing is half done; reads its RAM."""
    path = os.path.join(folder, "ram")
    size = device.qmp("query-memory-size-summary")["base-memory"]
    for _ in range(LOOKS):
        device.qmp("stop")
        device.qmp("pmemsave", val=constant("PLAT_PHYS_OFFSET"), size=size, filename=path)
        with open(path, "rb") as file:
            memory = KernelMemory(bytearray(file.read()))
        if memory.is_idle():
            return memory
        device.qmp("cont")
        time.sleep(0.05)
    return device.fail("the device is never idle")


def boot_and_look(folder, apps, until=None):
    """Its memory, and its console, once all apps run and @until is on the console."""
    with Device(make_flash(folder, apps, bootargs="")) as device:
        report = device.wait_for_report()
        states = {name: app["state"] for name, app in report["apps"].items()}
        assert states == dict.fromkeys(apps, "running"), device.console
        if until:
            device.wait_for(until)
        return read_memory(device, folder), device.console


def find(memory, comm):
    """The one process of this name."""
    found, = (process for process in processes(memory) if process.comm == comm)
    return found


def golden_table(apps):
    """What the golden table says of a device with these of its apps."""
    absent = set(GOLDEN_APPS) - set(apps)
    with open(GOLDEN, encoding="utf-8") as file:
        lines = [line for line in file.read().splitlines() if line and line[0] != "#"]
    return [line for line in lines if line.split()[0] not in absent]


def found_table(memory):
    return [line for line in table(processes(memory)) if line]


def difference(expected, found):
    return list(difflib.unified_diff(expected, found, "golden", "found", lineterm=""))


def changed_lines(expected, found):
    """What differs, with "-" or "+" before it."""
    return [line for line in difference(expected, found)[2:] if line[0] in "-+"]


def assert_as_golden(memory, apps):
    changes = difference(golden_table(apps), found_table(memory))
    assert not changes, (
        "the processes are not those of %s:\n%s\nIf that is wanted: %s, and say why in the "
        "commit." % (GOLDEN, "\n".join(changes), RENEW))


def assert_kernel_is_itself(memory):
    """Whatever the golden table says: what the kernel began with is what all its threads have."""
    kernel = [process for process in processes(memory) if process.is_kernel]
    idle = kernel[0]
    assert memory.member(idle.task, "task_struct.cred") == symbols()["init_cred"]
    assert set(idle.facts["CID"]) == set("0-") and int(idle.facts["CAPS"], 16) == 0, idle.facts
    assert not any(fact.startswith("File") for fact in idle.facts), idle.facts
    assert "kthreadd" in [process.comm for process in kernel]
    for process in kernel:
        assert process.facts == idle.facts, (process.comm, process.facts, idle.facts)


def test_every_process_of_the_product(folder):
    memory, _ = boot_and_look(folder, PRODUCT_APPS)
    assert_as_golden(memory, PRODUCT_APPS)


def test_every_process_with_a_dynamic_app(folder):
    memory, _ = boot_and_look(folder, GOLDEN_APPS)
    assert_as_golden(memory, GOLDEN_APPS)
    assert_kernel_is_itself(memory)


def test_one_process_more_is_seen(folder):
    """With one app more than in the table there is a difference, and it is only that app."""
    memory, _ = boot_and_look(folder, PRODUCT_APPS + ("sleeper",))
    changes = changed_lines(golden_table(PRODUCT_APPS), found_table(memory))
    assert changes == ["+" + line for line in find(memory, "sleeper").lines()], changes
    try:
        assert_as_golden(memory, PRODUCT_APPS)
    except AssertionError as error:
        assert changes[0] in str(error) and RENEW in str(error), error
    else:
        raise AssertionError("the comparison does not fail")


# Which fact each member of the structures of a process is.
FACT_OF = {
    "cred.uid": "Uid", "cred.euid": "Uid", "cred.suid": "Uid", "cred.fsuid": "Uid",
    "cred.gid": "Gid", "cred.egid": "Gid", "cred.sgid": "Gid", "cred.fsgid": "Gid",
    "cred.cap_inheritable": "CapInh", "cred.cap_permitted": "CapPrm",
    "cred.cap_effective": "CapEff", "cred.cap_bset": "CapBnd", "cred.cap_ambient": "CapAmb",
    "cred.securebits": "Securebits", "group_info.gid[0]": "Groups", "file.f_mode": "File 0",
    "task_struct.atomic_flags": "NoNewPrivs", "task_struct.seccomp.mode": "Seccomp",
    "spherule_cred.identity.component": "CID", "spherule_cred.identity.tenant": "TID",
    "spherule_cred.identity.capabilities": "CAPS",
}


def test_each_fact_can_differ(folder):
    """One bit in the memory of the device is one line of the table, and the right one."""
    memory, _ = boot_and_look(folder, PRODUCT_APPS)
    before = found_table(memory)
    blink = find(memory, "blink")
    cred = memory.member(blink.task, "task_struct.cred")
    bases = {"task_struct": blink.task, "cred": cred, "spherule_cred": spherule_blob(memory, cred),
             "group_info": memory.member(cred, "cred.group_info"),
             "file": open_files(memory, blink.task)[0]}
    for member, fact in FACT_OF.items():
        address = bases[member.split(".")[0]] + layout()[member][0]
        memory.flip(address)
        changes = changed_lines(before, found_table(memory))
        changed = find(memory, "blink")
        memory.flip(address)
        assert changes == ["-" + blink.line(fact, blink.facts[fact]),
                           "+" + changed.line(fact, changed.facts[fact])], (member, changes)
    assert found_table(memory) == before


def test_table_agrees_with_proc(folder):
    """An app reads its own /proc/self/status; what is found in the memory is the same."""
    memory, console = boot_and_look(folder, ("hello", "probe"), until=r"probe: done$")
    status = dict(re.findall(r"probe: /proc/self/status: (\w+):[ \t]*(.*)$", console, re.M))
    files = re.findall(r"probe: open file (\d+)$", console, re.M)
    probe = find(memory, "probe")
    assert status["Name"] == "probe" and len(files) == 3, console
    for fact in ("Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb",
                 "NoNewPrivs", "Seccomp", "Threads"):
        assert probe.facts[fact].split() == status[fact].split(), (fact, status[fact], probe.facts)
    assert [fact for fact in probe.facts if fact.startswith("File")] == [
        "File " + number for number in files], probe.facts


def renew():
    with tempfile.TemporaryDirectory() as folder:
        memory, _ = boot_and_look(folder, GOLDEN_APPS)
    with open(GOLDEN, "w", encoding="utf-8") as file:
        file.write(HEADER % ", ".join(GOLDEN_APPS))
        file.writelines(line + "\n" for line in table(processes(memory)))


if __name__ == "__main__":
    if sys.argv[1:] != ["--renew"]:
        sys.exit(__doc__)
    renew()
