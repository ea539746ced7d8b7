# SPDX-License-Identifier: Apache-2.0
"""Root filesystems whose pid 1 is the warden or the toll (tests/warden), and programs that must not
run."""

import os
import re
import shutil
import struct

from images import BUILD, SPH, flash_map, make_flash, run

WARDEN_ID = "0b8f3a52-1f0e-4c0e-8a54-0d6a8f6f1cf0"
IMAGE_APP_ID = "0b8f3a52-1f0e-4c0e-8a54-0d6a8f6f1cf1"


def program_of(name):
    return os.path.join(BUILD, "warden", name, "image-root", "bin", name)


WARD = program_of("ward")
DEBUGGER = program_of("debugger")

# ELF32: System V ABI, chapter 4 and 5.
EI_PAD = 15
E_PHOFF, E_PHNUM = 28, 44
PHDR = struct.Struct("<8I")
PT_NULL, PT_LOAD, PT_GNU_STACK = 0, 1, 0x6474e551
PF_X, PF_W = 1, 2
TYPE, FILESZ, MEMSZ, FLAGS = 0, 4, 5, 6


def executable_stack(header):
    if header[TYPE] == PT_GNU_STACK:
        header[FLAGS] |= PF_X


def no_stack_header(header):
    if header[TYPE] == PT_GNU_STACK:
        header[TYPE] = PT_NULL


def writable_text(header):
    if header[TYPE] == PT_LOAD and header[FLAGS] & PF_X:
        header[FLAGS] |= PF_W


def executable_bss(header):
    if header[TYPE] == PT_LOAD and header[FLAGS] & PF_X:
        header[MEMSZ] = header[FILESZ] + 4096


def nothing(header):
    del header


# Name of the copy: what is changed in each of its program headers.
ODD_PROGRAMS = {
    "plain": nothing,
    "stack": executable_stack,
    "headless": no_stack_header,
    "bss": executable_bss,
    "wx": writable_text,
}

# cramfs: the mode is the first half-word of an inode of 12 bytes, and its name follows.
CRAMFS_INODE_BYTES = 12
SET_ID_MODES = {"setuid": 0o104555, "setgid": 0o102555}


def marked(program, number):
    """The program with a number in the padding of its header, by which it is found again."""
    program = bytearray(program)
    program[EI_PAD] = number
    return bytes(program)


def change_headers(image, program, change):
    """Changes the program headers of one program in an image, which the packer would refuse."""
    start = image.find(program[:4096])
    assert start >= 0 and image.find(program[:4096], start + 1) < 0, "not there, or twice"
    offset = start + struct.unpack_from("<I", program, E_PHOFF)[0]
    for _ in range(struct.unpack_from("<H", program, E_PHNUM)[0]):
        header = list(PHDR.unpack_from(image, offset))
        change(header)
        PHDR.pack_into(image, offset, *header)
        offset += PHDR.size


def set_mode(image, name, mode):
    """Gives the one file of that name another mode, behind the packer's back."""
    padded = name.encode().ljust((len(name) + 3) & ~3, b"\0")
    places = [match.start() - CRAMFS_INODE_BYTES for match in re.finditer(re.escape(padded), image)]
    place, = (at for at in places if struct.unpack_from("<H", image, at)[0] == 0o100555)
    struct.pack_into("<H", image, place, mode)


def make_set_id_flash(folder, kernel, bootargs):
    """Flash whose root filesystem has programs with set-id bits, which only @kernel may mount."""
    root = make_root(folder, program_of("ward"), (WARD,))
    for number, name in enumerate(("plain",) + tuple(SET_ID_MODES), 1):
        path = os.path.join(root, "odd", name)
        with open(WARD, "rb") as file, open(path, "wb") as copy:
            copy.write(marked(file.read(), number))
        os.chmod(path, 0o755)
    image = pack_root(root)
    with open(image, "r+b") as file:
        data = bytearray(file.read())
        for name, mode in SET_ID_MODES.items():
            set_mode(data, name, mode)
        file.seek(0)
        file.write(data)
    return make_flash(folder, (), kernel=kernel, bootargs=bootargs, system=(image,))


def make_root(folder, init, programs):
    """A folder to be packed: @init is pid 1, @programs are in /bin as well."""
    root = os.path.join(folder, "root")
    for name in ("bin", "dev", "etc", "mnt/apps", "odd", "proc"):
        os.makedirs(os.path.join(root, name))
    shutil.copy(init, os.path.join(root, "bin", "appman"))
    for program in programs:
        shutil.copy(program, os.path.join(root, "bin"))
    with open(os.path.join(root, "etc", "spherule-release"), "w", encoding="utf-8") as file:
        file.write("warden\n")
    return root


def pack_root(root):
    image = root + ".image"
    run(SPH, "image", "pack", "--type", "rootfs", "--name", "warden", "--component-id", WARDEN_ID,
        "-o", image, root)
    return image


def make_rootfs(folder, programs=()):
    """The image of the warden's root filesystem; @programs: further files for /bin."""
    root = make_root(folder, program_of("warden"), (WARD, DEBUGGER) + tuple(programs))
    with open(os.path.join(root, "odd", "script"), "w", encoding="utf-8") as file:
        file.write("#!/bin/ward\n")
    os.chmod(os.path.join(root, "odd", "script"), 0o755)
    with open(WARD, "rb") as file:
        ward = file.read()
    odd = {name: marked(ward, number) for number, name in enumerate(ODD_PROGRAMS, 1)}
    for name, program in odd.items():
        path = os.path.join(root, "odd", name)
        with open(path, "wb") as file:
            file.write(program)
        os.chmod(path, 0o755)

    path = pack_root(root)
    with open(path, "rb") as file:
        image = bytearray(file.read())
    for name, change in ODD_PROGRAMS.items():
        change_headers(image, odd[name], change)
    with open(path, "wb") as file:
        file.write(image)
    return path


def make_app(folder):
    """An app image with the program ward, for the partitions "apps" and "storage"."""
    root = os.path.join(folder, "ward-app")
    os.makedirs(os.path.join(root, "bin"))
    shutil.copy(WARD, os.path.join(root, "bin"))
    with open(os.path.join(root, "app_manifest.json"), "w", encoding="utf-8") as file:
        file.write('{"SchemaVersion": 1, "Name": "ward", "ComponentId": "%s", '
                   '"EntryPoint": "/bin/ward", "CmdArgs": [], "Capabilities": {}}' % IMAGE_APP_ID)
    run(SPH, "image", "pack", root, "-o", root + ".image")
    return root + ".image"


def make_warden_flash(folder, programs=(), **options):
    """Flash whose pid 1 is the warden, with one image in "apps" and the same in "storage"."""
    app = make_app(folder)
    flash = make_flash(folder, (app,), system=(make_rootfs(folder, programs),), **options)
    with open(app, "rb") as image, open(flash, "r+b") as file:
        file.seek(flash_map("FLASH_STORAGE"))
        file.write(image.read())
    return flash


def make_walker_flash(folder, images, stride):
    """Flash whose pid 1 mounts each of @images, which stand @stride bytes apart in "storage":
    from "apps" the monitor would refuse them before the kernel looks."""
    walker = program_of("walker")
    root = make_root(folder, walker, ())
    with open(os.path.join(root, "etc", "images"), "w", encoding="utf-8") as file:
        file.write("%d %d\n" % (len(images), stride))
    flash = make_flash(folder, (), system=(pack_root(root),))
    with open(flash, "r+b") as file:
        for number, image in enumerate(images):
            assert len(image) <= stride, len(image)
            file.seek(flash_map("FLASH_STORAGE") + number * stride)
            file.write(image)
    return flash


def add_libraries(root):
    """The C library, which has the SDK's in it, where dynamic programs look for it."""
    libraries = os.path.join(root, "usr", "lib")
    os.makedirs(libraries)
    os.mkdir(os.path.join(root, "lib"))
    path = shutil.copy(os.path.join(BUILD, "sdk", "lib", "libc.so"), libraries)
    os.chmod(path, 0o755)
    os.symlink("../usr/lib/libc.so", os.path.join(root, "lib", "ld-musl-armhf.so.1"))


def make_toll_root(folder):
    """The image of the root filesystem whose pid 1 is the toll."""
    toll = program_of("toll")
    sleepers = [os.path.join(BUILD, "payloads", name, "image-root", "bin", name)
                for name in ("sleeper", "dynamic")]
    root = make_root(folder, toll, [toll] + sleepers)
    add_libraries(root)
    return pack_root(root)


def make_toll_flash(folder, kernel, arguments="", **options):
    """Flash whose pid 1 measures what system calls cost on @kernel, and switches off.  @arguments: of
    the program."""
    return make_flash(folder, (), kernel=kernel,
                      bootargs="init=/bin/toll -- " + arguments if arguments else "",
                      system=(make_toll_root(folder),), **options)
