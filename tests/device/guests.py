# SPDX-License-Identifier: Apache-2.0
"""Images of the guests of tests/firewall as apps that application-manager starts."""

import json
import os
import shutil
import uuid

from images import BUILD, ROOTFS_IMAGE, SPH, make_flash, run

NETWORKD = "3D1C5C6E-6F0B-4B19-9B0E-1F6B5E2C7A01"
PROGRAM = os.path.join(BUILD, "firewall", "guest", "image-root", "bin", "guest")
SERVER_TCP, SERVER_UDP, NO_PORT = 8080, 5001, 8081	# tests/firewall/plan.h
LOAD_KIB = 1536		# what fifty connections hold is the app's
SERVER_ASKS = {"AllowedTcpServerPorts": [SERVER_TCP], "AllowedUdpServerPorts": [SERVER_UDP]}


def component(number):
    return str(uuid.UUID(int=0x4e37 << 96 | number))


def guest(folder, name, component_id, mode, capabilities, system=False, **more):
    """The image of an app; @more: further fields of its manifest."""
    root = os.path.join(folder, name)
    os.makedirs(os.path.join(root, "bin"))
    shutil.copy(PROGRAM, os.path.join(root, "bin"))
    with open(os.path.join(root, "app_manifest.json"), "w", encoding="utf-8") as file:
        json.dump({"SchemaVersion": 1, "Name": name, "ComponentId": component_id,
                   "EntryPoint": "/bin/guest", "CmdArgs": [mode], "Capabilities": capabilities, **more}, file)
    image = root + ".image"
    run(SPH, "image", "pack", *(("--type", "system-app") if system else ()), root, "-o", image)
    return image


def networkd(folder):
    """Stands where networkd will stand."""
    return guest(folder, "networkd", NETWORKD, "networkd-app",
                 {"SystemPrivileges": ["NetworkConfig", "LowPort", "Serve"]}, system=True)


def make_load_flash(folder, **options):
    """Flash with two apps: who raises the network, and who echoes on the server's ports."""
    load = guest(folder, "load", component(0x10ad), "load-app", SERVER_ASKS,
                 Limits={"MemoryKB": LOAD_KIB})
    return make_flash(folder, (load,), system=(ROOTFS_IMAGE, networkd(folder)), **options)
