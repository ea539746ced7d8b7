# SPDX-License-Identifier: Apache-2.0
"""Compiles what the kernel was built from once more, with the commands of its build, to see what the
compiler knows: where each indirect call takes its function from, and the type of each variable.

For each object: its .gimple (the compiler's last dump before machine instructions), its .o, which has the
same code and the types in a section .BTF, and its .su (the compiler's own view of frames). They are in
build/stack; an object that is newer than what it was made from stays.
"""

import concurrent.futures
import os
import shlex
import subprocess

WORKERS = 2
ARCHIVES = ("vmlinux.a", "lib/lib.a", "arch/arm/lib/lib.a")


def saved_command(out, name):
    """The command that made the object @name, as words; None if it was made of assembly."""
    folder, base = os.path.split(name)
    with open(os.path.join(out, folder, ".%s.cmd" % base), encoding="utf-8") as file:
        line = file.readline().split(":=", 1)[1].split(" ; ")[0]
    words = [word for word in shlex.split(line) if not word.startswith("-Wp,-MMD")]
    return words if "-c" in words and words[-1].endswith(".c") else None


def members(out):
    """The objects that the kernel is linked from."""
    found = []
    for archive in ARCHIVES:
        text = subprocess.run(["ar", "t", os.path.basename(archive)], stdout=subprocess.PIPE, check=True,
                              cwd=os.path.join(out, os.path.dirname(archive)))
        found += [os.path.join(os.path.dirname(archive), name) for name in text.stdout.decode().split()]
    return found


def compile_one(out, made, name):
    words = saved_command(out, name)
    if not words:
        return None
    target = os.path.join(made, name)
    if os.path.exists(target) and os.path.getmtime(target) >= os.path.getmtime(os.path.join(out, name)):
        return name
    os.makedirs(os.path.dirname(target), exist_ok=True)
    words[words.index("-o") + 1] = target
    dump = "-fdump-tree-optimized=" + target[:-2] + ".gimple"
    subprocess.run(words + ["-gbtf", dump, "-fstack-usage"], cwd=out, check=True)
    return name


def compile_all(out, made):
    """The names of the objects that were made of C; @out: the kernel's build, @made: where to."""
    with concurrent.futures.ThreadPoolExecutor(WORKERS) as pool:
        done = pool.map(lambda name: compile_one(out, made, name), members(out))
    return [name for name in done if name]
