# SPDX-License-Identifier: Apache-2.0
"""Devices on which tests/payloads/steward asks application-manager for things."""

import json
import os
import re
import shutil
import uuid

from images import BOARD, BUILD, ROOTFS_IMAGE, SPH, app_image, make_flash, run
from qemu import TOP, Device

SOURCE = os.path.join(BUILD, "payloads", "steward", "image-root")


def steward_image(folder, script, packages=(), component=None, system=True, **fields):
    """The image of a steward; @packages: files that become 0, 1, ...; @component: another id; @fields: of its
    manifest."""
    root = os.path.join(folder, "steward-root")
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(SOURCE, root)
    with open(os.path.join(root, "script"), "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in script))
    for number, package in enumerate(packages):
        shutil.copy(package, os.path.join(root, str(number)))
    if component:
        fields["ComponentId"] = component
    if fields:
        path = os.path.join(root, "app_manifest.json")
        with open(path, encoding="utf-8") as file:
            manifest = json.load(file)
        manifest.update(fields)
        with open(path, "w", encoding="utf-8") as file:
            json.dump(manifest, file)
    image = os.path.join(folder, "steward.image")
    run(SPH, "image", "pack", *(("--type", "system-app") if system else ()), root, "-o", image)
    return image


def app_version(folder, payload, version, component=0x77, security_version=None, system=False, **fields):
    """A package of a payload under a component id and with a name that says its version; @system: a system app;
    @fields: of its manifest."""
    root = os.path.join(folder, "%s-%s" % (payload, version))
    source = os.path.join(os.path.dirname(app_image(payload)), "image-root")
    shutil.copytree(source, root)
    path = os.path.join(root, "app_manifest.json")
    with open(path, encoding="utf-8") as file:
        manifest = json.load(file)
    manifest["ComponentId"] = component_id(component)
    manifest["Name"] = version
    manifest.update(fields)
    with open(path, "w", encoding="utf-8") as file:
        json.dump(manifest, file)
    image = root + ".image"
    run(SPH, "image", "pack", *(("--type", "system-app") if system else ()), root, "-o", image,
        "--board", os.path.join(TOP, "boards", BOARD, "hardware.json"),
        *(("--security-version", str(security_version)) if security_version is not None else ()))
    return image


def component_of(payload):
    """The component id of a payload or a sample app."""
    path = os.path.join(os.path.dirname(app_image(payload)), "image-root", "app_manifest.json")
    with open(path, encoding="utf-8") as file:
        return json.load(file)["ComponentId"]


def component():
    """The steward's."""
    return component_of("steward")


def component_id(number):
    """A component id of a test: a number's own; what is one already is kept."""
    if isinstance(number, str):
        return number
    return str(uuid.UUID(int=0x57e3 << 96 | number))


def device(folder, script, packages=(), apps=("hello",), **options):
    """A device with a steward in the system partition."""
    image = steward_image(folder, script, packages)
    return Device(make_flash(folder, apps, system=(ROOTFS_IMAGE, image)), **options)


def said(device_, limit=r"done$"):
    """What the steward printed until it was done, line by line."""
    device_.wait_for(r"steward\[\d+\]: " + limit)
    return re.findall(r"^\[ *[\d.]+\] steward\[\d+\]: (.*)$", device_.console, re.M)
