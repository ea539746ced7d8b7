# SPDX-License-Identifier: Apache-2.0
"""Skipped instructions: what a disturbed supply or clock makes of verified boot.

The monitor is changed so that it does not execute 2 to 10 bytes of its program, at one place, and is
started with a slot that it must refuse.  Whatever comes of it is fine, but that slot.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time

from images import SPH, TOP, make_flash, flash_map, run
from qemu import BUILD, monitor_flash
from starts import flash0_that_has_confirmed

ELF = os.path.join(BUILD, "monitor", "monitor.elf")
NOP = b"\x00\xbf"				# T1 encoding: DDI 0406C.d, A8.8.119
SKIPS = (2, 4, 6, 8, 10)			# bytes
LIMIT_S = 20					# for a monitor that hangs

# All code that has a part in the decision: ours, and what of the library says yes or no.
FUNCTIONS = re.compile(
    r"^(main|find\w*|verif\w+|choose_\w+|check_\w+|parse\w*|fail|recall|layout_of|judge|load|"
    r"(boot|measure|crypto|trust|versions|slots|state|store|proof)_\w+|memcmp|update_from_flash|"
    r"prove|stage_allows|lacking|policy_doubt|is_in_range|compute_point|stop_on_doubt|"
    r"mbedtls_ecp_(is_zero|check_pubkey)|mbedtls_mpi_cmp_\w+)(\.\w+)*$")

STARTED = re.compile(rb"starting Linux at")
REFUSED = re.compile(rb"cannot start|recovery|E1007|E1017|E1018")


def flip(flash, offset):
    with open(flash, "r+b") as file:
        file.seek(offset)
        byte = file.read(1)[0]
        file.seek(offset)
        file.write(bytes([byte ^ 4]))


# What is wrong with the slot, by the place of a bit in it.
BITS = {
    "signature": flash_map("SLOT_MANIFEST") + 832 + 20,
    "kernel": flash_map("SLOT_KERNEL") + 1000,
    "root filesystem": flash_map("SLOT_SYSTEM") + 5000,
}


def flip_a_bit(attack, folder):
    flash = make_flash(folder, ())
    flip(flash, flash_map("FLASH_SLOT_A") + BITS[attack])
    return flash, monitor_flash()


def revoke(_, folder):
    """An OS whose key the trust store lists as revoked."""
    trust = os.path.join(folder, "revoked.store")
    key = os.path.join(TOP, "image", "keys", "dev", "os.pem")
    run(SPH, "trust", "sign", "--os", key, "--revoked", "-o", trust)
    return make_flash(folder, (), trust=trust), monitor_flash()


def go_back(_, folder):
    """A genuine OS that is older than one that the device has confirmed."""
    flash0 = flash0_that_has_confirmed(folder, 2)
    return make_flash(folder, ()), flash0


def leave(_, folder):
    """A good slot, which starts."""
    return make_flash(folder, ()), monitor_flash()


# What makes the two flashes of each.
ATTACKS = {"nothing": leave, "signature": flip_a_bit, "kernel": flip_a_bit, "root filesystem": flip_a_bit,
           "rollback": go_back, "revoked key": revoke}


def places():
    """(address, function) of each instruction whose skipping is tried."""
    text = subprocess.run(["arm-linux-gnueabihf-objdump", "-d", "-j", ".text", ELF],
                          stdout=subprocess.PIPE, universal_newlines=True, check=True).stdout
    found, function = [], ""
    for line in text.splitlines():
        name = re.match(r"^[0-9a-f]+ <(.+)>:$", line)
        code = re.match(r"^ +([0-9a-f]+):\t", line)
        if name:
            function = name[1]
        elif code and FUNCTIONS.match(function):
            found.append((int(code[1], 16), function))
    return found


class Bench:
    """Flashes of one attack, and a monitor to skip in.  A context manager; not for two threads."""

    def __init__(self, attack):
        self.attack = attack
        self._folder = tempfile.TemporaryDirectory(prefix="spherule-skips-")
        self.flash1, flash0 = ATTACKS[attack](attack, self._folder.name)
        self.flash0 = os.path.join(self._folder.name, "flash0.img")
        shutil.copyfile(flash0, self.flash0)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._folder.cleanup()

    def boots(self, address=None, count=0):
        """Whether the slot starts when @count bytes at @address are skipped."""
        with open(self.flash0, "r+b") as flash:
            flash.seek(address or 0)
            original = flash.read(count)
            flash.seek(address or 0)
            flash.write(NOP * (count // 2))
            flash.flush()
            try:
                return self._run()
            finally:
                flash.seek(address or 0)
                flash.write(original)

    def _run(self):
        """QEMU writes nothing to the files; it is ended as soon as the monitor has decided."""
        drive = "if=pflash,unit=%d,format=raw,snapshot=on,file=%s"
        process = subprocess.Popen(
            ["qemu-system-arm", "-M", "virt,highmem=off,secure=on", "-cpu", "cortex-a7", "-m", "4M",
             "-display", "none", "-nic", "none", "-monitor", "none", "-no-reboot",
             "-serial", "null", "-serial", "stdio",
             "-drive", drive % (0, self.flash0), "-drive", drive % (1, self.flash1)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        said, deadline = b"", time.monotonic() + LIMIT_S
        os.set_blocking(process.stdout.fileno(), False)
        while time.monotonic() < deadline:
            piece = process.stdout.read()
            said += piece or b""
            if STARTED.search(said) or REFUSED.search(said) or piece == b"":
                break
            time.sleep(0.01)
        process.kill()
        process.wait()
        process.stdout.close()
        return STARTED.search(said) is not None
