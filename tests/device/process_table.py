# SPDX-License-Identifier: Apache-2.0
"""Every process of a stopped device as text: what it may do, in the words of /proc/<pid>/status,
and what it has open.

One line for each fact, so that a difference says by itself whose it is.  What is not the same in
every boot is not in it: process ids, how many workers the kernel has.
"""

import re
import socket
import stat
import uuid

from kernel_memory import Damaged, constant, symbols

# Real, effective, saved, filesystem: the order of /proc.
IDS = ("%s", "e%s", "s%s", "fs%s")
CAPABILITY_SETS = (("CapInh", "cap_inheritable"), ("CapPrm", "cap_permitted"),
                   ("CapEff", "cap_effective"), ("CapBnd", "cap_bset"), ("CapAmb", "cap_ambient"))
MODES = (("FMODE_READ", "r"), ("FMODE_WRITE", "w"), ("FMODE_PATH", "p"))


def ids(memory, cred, kind):
    return " ".join(str(memory.member(cred, "cred." + which % kind)) for which in IDS)


def groups(memory, cred):
    info = memory.member(cred, "cred.group_info")
    numbers = memory.elements(info, "group_info.gid[0]", memory.member(info, "group_info.ngroups"))
    return " ".join(map(str, numbers))


def spherule_blob(memory, cred):
    return memory.member(cred, "cred.security") + memory.member(
        symbols()["spherule_blob_sizes"], "lsm_blob_sizes.lbs_cred")


def identity(memory, cred):
    """Who the task is, as the kernel's spherule_identity_of() says; and whether it will change."""
    blob = spherule_blob(memory, cred)
    names = ("identity.component", "identity.tenant", "identity.capabilities")
    cid, tid, caps = (memory.member(blob, "spherule_cred." + name) for name in names)
    pending = memory.member(blob, "spherule_cred.pending")
    if not memory.member(blob, "spherule_cred.assigned"):
        cid, tid, caps = bytes(16), bytes(16), 0
    return {"CID": str(uuid.UUID(bytes=cid)).upper(), "TID": str(uuid.UUID(bytes=tid)),
            "CAPS": "%08x" % caps, "Pending": str(pending)}


def rights(memory, task):
    """The credentials of a task, and what it can never regain or call."""
    cred = memory.member(task, "task_struct.cred")
    if cred != memory.member(task, "task_struct.real_cred"):
        raise Damaged("task 0x%08x acts with the credentials of another" % task)
    flags = memory.member(task, "task_struct.atomic_flags")
    row = {"Uid": ids(memory, cred, "uid"), "Gid": ids(memory, cred, "gid"),
           "Groups": groups(memory, cred)}
    for name, member in CAPABILITY_SETS:
        row[name] = "%016x" % memory.member(cred, "cred." + member)
    row["Securebits"] = "%02x" % memory.member(cred, "cred.securebits")
    row["NoNewPrivs"] = str(flags >> constant("PFA_NO_NEW_PRIVS") & 1)
    row["Seccomp"] = str(memory.member(task, "task_struct.seccomp.mode"))
    row.update(identity(memory, cred))
    return row


# The kinds of open files.

def device_kind(memory, file):
    number = memory.follow(file, "file.f_inode", "inode.i_rdev")
    bits = constant("MINORBITS")
    return "%d:%d" % (number >> bits, number & (1 << bits) - 1)


def filesystem_kind(memory, file):
    return memory.text(memory.follow(file, "file.f_inode", "inode.i_sb", "super_block.s_type",
                                     "file_system_type.name"))


def socket_kind(memory, file):
    sock = memory.member(file, "file.private_data")
    family = memory.follow(sock, "socket.sk", "sock.__sk_common.skc_family")
    kind = memory.member(sock, "socket.type")
    return "%s %s" % (socket.AddressFamily(family).name[len("AF_"):].lower(),
                      socket.SocketKind(kind).name[len("SOCK_"):].lower())


def anonymous_kind(memory, file):
    return memory.text(memory.follow(file, "file.f_path.dentry", "dentry.d_name.name"))


KINDS = {
    stat.S_IFREG: ("reg", filesystem_kind),
    stat.S_IFDIR: ("dir", filesystem_kind),
    stat.S_IFLNK: ("link", filesystem_kind),
    stat.S_IFCHR: ("chr", device_kind),
    stat.S_IFBLK: ("blk", device_kind),
    stat.S_IFIFO: ("pipe", filesystem_kind),
    stat.S_IFSOCK: ("socket", socket_kind),
    0: ("anon", anonymous_kind),
}


def file_kind(memory, file):
    """Such as "chr 1:3 rw", "socket unix dgram rw", "anon [signalfd] rw"."""
    name, detail = KINDS[stat.S_IFMT(memory.follow(file, "file.f_inode", "inode.i_mode"))]
    mode = memory.member(file, "file.f_mode")
    letters = "".join(letter for bit, letter in MODES if mode & constant(bit))
    return "%s %s %s" % (name, detail(memory, file), letters)


def open_files(memory, task):
    """{number: struct file}"""
    files = memory.member(task, "task_struct.files")
    if not files:
        return {}
    fds = memory.member(files, "files_struct.fdt")
    array = memory.pointers(memory.member(fds, "fdtable.fd"),
                            memory.member(fds, "fdtable.max_fds"))
    return {number: file for number, file in enumerate(array) if file}


# The table.

def thread_facts(memory, task):
    files = open_files(memory, task)
    return {**rights(memory, task),
            **{"File %d" % number: file_kind(memory, file) for number, file in files.items()}}


def process_facts(memory, task):
    """Those of its first thread; where another thread is not like that one is a fact of its own."""
    facts = thread_facts(memory, task)
    threads = memory.threads(task)
    differences = {}
    for number, thread in enumerate(threads):
        other = thread_facts(memory, thread)
        for name in sorted(set(facts) | set(other)):
            if facts.get(name) != other.get(name):
                differences["Thread %d %s" % (number, name)] = other.get(name, "")
    return {**facts, "Threads": str(len(threads)), **differences}


class Process:
    """One process: its name, what it is and may do."""

    def __init__(self, memory, task):
        comm = memory.member(task, "task_struct.comm")
        self.comm = comm[:comm.index(b"\0")].decode()
        self.task = task
        self.is_kernel = bool(memory.member(task, "task_struct.flags") & constant("PF_KTHREAD"))
        self.facts = process_facts(memory, task)

    def name(self):
        """In brackets for the kernel's own, as ps(1) has them; its workers without their number."""
        if not self.is_kernel:
            return self.comm
        return "[%s]" % re.sub(r"^(kworker/\w+):\d+", r"\1", self.comm)

    def line(self, fact, value):
        return "%-18s  %-10s  %s" % (self.name(), fact, value or "-")

    def lines(self):
        return [self.line(fact, value) for fact, value in self.facts.items()]


def processes(memory):
    """All of them; the first one is the idle task, whose credentials are the kernel's."""
    return [Process(memory, task) for task in memory.tasks()]


def table(found):
    """The lines of the table.  A kernel thread that is as the idle task is one line."""
    idle = found[0]
    threads = set()
    blocks = []
    for process in found[1:]:
        if process.is_kernel and process.facts == idle.facts:
            threads.add(process.line("as", idle.name()))
        else:
            blocks.append(process.lines())
    lines = idle.lines() + [""] + sorted(threads)
    for block in sorted(blocks):
        lines += [""] + block
    return lines
