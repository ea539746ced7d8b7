# SPDX-License-Identifier: Apache-2.0
"""Makes the flash that a test wants: which kernel, which slot, which apps, which boot arguments."""

import glob
import json
import os
import shutil
import subprocess
import uuid

from qemu import BUILD, TOP

BOARD = os.environ.get("BOARD", "qemu-virt")
KERNEL = os.path.join(BUILD, "kernel", "xipImage")
TEST_KERNEL = KERNEL + "-test"
OPEN_KERNEL = KERNEL + "-open"		# without the LSM
SPH = os.path.join(BUILD, "host", "sph")
ROOTFS_IMAGE = os.path.join(BUILD, "device", "rootfs.image")
TRUST_STORE = os.path.join(BUILD, "device", "trust.store")	# of the development keys
STORAGE = os.path.join(BUILD, "device", "storage.littlefs")	# empty
PRODUCT_APPS = ("hello", "blink")
IMAGE_ALIGN_BYTES = 4096

# What tests add to the product's boot arguments: a kernel warning is seen, and ends the test.
STRICT = "loglevel=5 panic_on_warn=1"


def run(*command, **options):
    """Runs a host command that must succeed; returns its output."""
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            universal_newlines=True, check=False, **options)
    if result.returncode:
        raise RuntimeError("%s: status %d\n%s" % (command, result.returncode, result.stdout))
    return result.stdout


def app_image(name):
    """The packed image of an app of the product or of a test payload."""
    folder = "apps" if name in PRODUCT_APPS else "payloads"
    return os.path.join(BUILD, folder, name, name + ".image")


def variant(folder, payload, number, finish=None):
    """A payload under another component id and name; @finish may edit the folder."""
    root = os.path.join(folder, "%s%d" % (payload, number))
    shutil.copytree(os.path.join(BUILD, "payloads", payload, "image-root"), root)
    path = os.path.join(root, "app_manifest.json")
    with open(path, encoding="utf-8") as file:
        manifest = json.load(file)
    manifest["ComponentId"] = str(uuid.UUID(int=0x5e1f << 96 | number + 1))
    manifest["Name"] = "%s%d" % (payload, number)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(manifest, file)
    if finish:
        finish(root)
    image = root + ".image"
    run(SPH, "image", "pack", root, "-o", image)
    return image


def device_trees(folder, extra_bootargs, ram_kib=None, edit_tree=None):
    """The board's device trees in their order in flash, with more boot arguments if wanted, and then
    also with another size of RAM, and as @edit_tree leaves the file."""
    trees = sorted(glob.glob(os.path.join(BUILD, "dtb", BOARD + "-*.dtb")),
                   key=lambda path: -int(path.rsplit("-", 1)[1][:-4]))
    if not extra_bootargs:
        return trees
    copies = []
    for tree in trees:
        copy = shutil.copy(tree, folder)
        arguments = run("fdtget", copy, "/chosen", "bootargs").strip()
        run("fdtput", "-t", "s", copy, "/chosen", "bootargs", arguments + " " + extra_bootargs)
        if ram_kib:
            node = "/memory@%x" % flash_map("RAM_BASE")
            base = run("fdtget", "-t", "x", copy, node, "reg").split()[0]
            run("fdtput", "-t", "x", copy, node, "reg", base, "%x" % (ram_kib * 1024))
        if edit_tree:
            edit_tree(copy)
        copies.append(copy)
    return copies


def os_parts(trees, kernel, system):
    """What is in a slot, as options of mkflash and of "sph os sign"."""
    parts = ["--kernel", kernel]
    for tree in trees:
        parts += ["--dtb", tree]
    for image in system:
        parts += ["--system", image]
    return parts


def make_flash(folder, apps=PRODUCT_APPS, kernel=KERNEL, slot="a", bootargs=STRICT,
               system=(ROOTFS_IMAGE,), ram_kib=None, key=None, trust=TRUST_STORE, security_version=1,
               edit_tree=None):
    """Bank 1 of the flash in @folder.  @apps: names, or paths of image files; @system: the image
    of the root filesystem, then those of system apps; @ram_kib: RAM of which the device trees are
    to tell, which takes @bootargs, instead of that of the board; @edit_tree: changes one of them, which
    takes @bootargs too; @key: what signs the boot manifest,
    instead of the development key; @trust: the trust store of the factory.

    Without @bootargs the device is the product to the byte.
    """
    flash = os.path.join(folder, "flash1.img")
    parts = os_parts(device_trees(folder, bootargs, ram_kib, edit_tree), kernel, system)
    manifest = os.path.join(folder, "os.manifest")
    run(SPH, "os", "sign", *parts, *(("--key", key) if key else ()),
        "--security-version", str(security_version), "-o", manifest)
    command = [os.path.join(BUILD, "host", "mkflash"), "-o", flash, "--slot", slot,
               "--storage", STORAGE, "--trust", trust, "--manifest", manifest] + parts
    for app in apps:
        command += ["--app", app if os.path.isabs(app) else app_image(app)]
    run(*command)
    return flash


def flash_map(name):
    """A number of the board's flash map."""
    path = os.path.join(TOP, "boards", BOARD, "flash_map.h")
    with open(path, encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if len(words) == 3 and words[:2] == ["#define", name]:
                return int(words[2], 0)
    raise KeyError(name)
