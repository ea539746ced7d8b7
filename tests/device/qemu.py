# SPDX-License-Identifier: Apache-2.0
"""The emulated device, for tests and measurements: QEMU with a copy of the flash.

A Device is started with its own flash files, its console is read as it comes, and it is always
ended.  Every wait has a hard limit, so that a hang is a failure and not a hang of the tests; no
test asserts how long something took.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.environ.get("BUILD", os.path.join(TOP, "build"))
FLASH_BYTES = 64 << 20

# What must never be on a console, whatever the test is about.
TROUBLE = re.compile(
    r"WARNING: CPU|cut here|BUG:|Oops|Internal error|Unable to handle kernel|Kernel panic|"
    r"Call trace|scheduling while atomic|soft lockup|rcu.*stall|Out of memory|"
    r"monitor: E1007|monitor: E100[1245]|invalid opcode|segfault")


class DeviceError(Exception):
    """The device did not do what was waited for; carries the console."""


class Device:
    """One power-on of the device.  Use as a context manager."""

    def __init__(self, flash1, flash0=None, ram="4M", arguments=(), limit_s=90,
                 expect_trouble=False, secure_line=False):
        """@secure_line: secure_line() is the other end of the secure serial line."""
        self.limit_s = limit_s
        self.expect_trouble = expect_trouble
        self.console = ""
        self.secure = ""
        self.folder = tempfile.mkdtemp(prefix="spherule-")
        self._arguments = [
            "qemu-system-arm", "-M", "virt,highmem=off,secure=on", "-cpu", "cortex-a7",
            "-display", "none", "-m", ram,
            "-drive", "if=pflash,unit=0,format=raw,file=" + self._copy(flash0 or monitor_flash()),
            "-drive", "if=pflash,unit=1,format=raw,file=" + self._copy(flash1),
            "-chardev", "socket,id=qmp,path=%s/qmp,server=on,wait=off" % self.folder,
            "-mon", "chardev=qmp,mode=control",
            "-chardev", "socket,id=qtest,path=%s/qtest,server=on,wait=off" % self.folder,
            "-qtest", "chardev:qtest", "-accel", "tcg",
            "-serial", "stdio",
        ] + self._secure_serial(secure_line) + list(arguments)
        if not any("nic" in a or "netdev" in a for a in arguments):
            self._arguments += ["-nic", "none"]

    def _secure_serial(self, secure_line):
        log = self.folder + "/secure"
        if not secure_line:
            return ["-serial", "file:" + log]
        return ["-chardev", "socket,id=secure,path=%s-line,server=on,wait=off,logfile=%s" % (log, log),
                "-serial", "chardev:secure"]

    def _copy(self, path):
        # A reflink or hole-free copy of 64 MiB; the original is shared by all tests.
        copy = os.path.join(self.folder, os.path.basename(path))
        if os.path.exists(copy):
            copy += ".1"
        shutil.copyfile(path, copy)
        return copy

    def __enter__(self):
        # QEMU's own words do not belong on the console of the device.
        self._errors = open(os.path.join(self.folder, "errors"), "w+", encoding="utf-8")
        self._process = subprocess.Popen(self._arguments, stdin=subprocess.PIPE,
                                         stdout=subprocess.PIPE, stderr=self._errors)
        self._deadline = time.monotonic() + self.limit_s
        self._changed = threading.Condition()
        self._reader = threading.Thread(target=self._read_console, daemon=True)
        self._reader.start()
        self._qmp = None
        self._events = []
        return self

    def __exit__(self, kind, value, trace):
        self._process.kill()
        self._process.wait()
        self._reader.join()
        self._process.stdout.close()
        self._process.stdin.close()
        if self._qmp:
            self._qmp.close()
        self.read_secure()
        self._errors.close()
        shutil.rmtree(self.folder, ignore_errors=True)
        if kind is None and not self.expect_trouble:
            self.assert_no_trouble()

    def _read_console(self):
        while True:
            data = self._process.stdout.read1(4096)
            with self._changed:
                self.console += data.decode("utf-8", "replace").replace("\r", "")
                self._changed.notify_all()
            if not data:
                return

    def send(self, text):
        """Types @text on the console."""
        self._process.stdin.write(text.encode())
        self._process.stdin.flush()

    def cut_power(self):
        """Ends QEMU at once; the flash is as it is, and the console has all that was said."""
        self._process.kill()
        self._process.wait()
        self._reader.join()

    def wait(self, seconds):
        """Lets the device run, for a cut at some later moment."""
        time.sleep(seconds)

    def keep_flash(self, folder):
        """Copies of flash 1 and 0 in @folder, for the next power-on; the power was cut."""
        kept = []
        for number, source in enumerate((self._flash1(), self._flash0())):
            kept.append(os.path.join(folder, "kept%d.img" % (1 - number)))
            shutil.copyfile(source, kept[-1] + ".new")
            os.replace(kept[-1] + ".new", kept[-1])
        return kept

    def read_secure(self):
        """The monitor's log so far."""
        try:
            with open(self.folder + "/secure", encoding="utf-8", errors="replace") as log:
                self.secure = log.read().replace("\r", "")
        except FileNotFoundError:
            pass
        return self.secure

    def secure_line(self):
        """A socket of one's own; what the monitor says comes there and to read_secure().

        QEMU holds everything up, its monitor protocol too, while nobody reads what it writes to a
        socket, and some 300 single bytes fill one.  So there is always a reader between: what the
        user of the line does not take in time is lost, as on a wire.
        """
        far = connect(self.folder + "/secure-line", self._deadline)
        near, line = socket.socketpair()
        for source, sink, flags in ((near, far, 0), (far, near, socket.MSG_DONTWAIT)):
            threading.Thread(target=_carry, args=(source, sink, flags), daemon=True).start()
        return line

    def wait_for_secure(self, pattern, count=1):
        """Waits until the monitor's log has @pattern @count times; returns the last match."""
        expression = re.compile(pattern, re.M)
        while True:
            found = list(expression.finditer(self.read_secure()))
            if len(found) >= count:
                return found[count - 1]
            if time.monotonic() > self._deadline:
                return self.fail("no %r in the monitor's log (%d of %d)" % (pattern, len(found), count))
            time.sleep(0.05)

    def fail(self, what):
        self._errors.seek(0)
        raise DeviceError("%s\n--- QEMU\n%s--- secure console\n%s--- console\n%s" % (
            what, self._errors.read(), self.read_secure(), self.console[-6000:]))

    def assert_no_trouble(self):
        for text in (self.console, self.secure):
            found = TROUBLE.search(text)
            if found:
                self.fail("trouble on the console: %r" % found.group(0))

    def wait_for(self, pattern, count=1):
        """Waits until the console has @pattern @count times in whole lines; returns the last match."""
        expression = re.compile(pattern, re.M)
        with self._changed:
            while True:
                found = list(expression.finditer(self.console, 0, self.console.rfind("\n") + 1))
                if len(found) >= count:
                    return found[count - 1]
                left = self._deadline - time.monotonic()
                if left <= 0 or (not self._reader.is_alive() and self._process.poll() is not None):
                    break
                self._changed.wait(min(left, 0.5))
        return self.fail("no %r on the console (%d of %d)" % (pattern, len(found), count))

    def wait_for_report(self):
        """Waits for the report of application-manager; returns it as a dictionary."""
        self.wait_for(r"^  flash  apps: .*\n")
        return parse_report(self.console)

    def wait_for_exit(self):
        """Waits until QEMU ends by itself: the machine was powered off."""
        try:
            return self._process.wait(max(0.1, self._deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            return self.fail("the device did not power off")

    # QEMU's monitor protocol (QMP).

    def _connect_qmp(self):
        if self._qmp:
            return
        path = self.folder + "/qmp"
        connection = connect(path, self._deadline)
        self._qmp = connection.makefile("rw", encoding="utf-8")
        connection.close()
        json.loads(self._qmp.readline())
        self.qmp("qmp_capabilities")

    def qmp(self, command, **arguments):
        """A QMP command; returns its result.  Events that come meanwhile are kept."""
        self._connect_qmp()
        self._qmp.write(json.dumps({"execute": command, "arguments": arguments}) + "\n")
        self._qmp.flush()
        while True:
            reply = json.loads(self._qmp.readline())
            if "event" in reply:
                self._events.append(reply)
            elif "error" in reply:
                self.fail("QMP %s: %s" % (command, reply["error"]))
            else:
                return reply["return"]

    def physical_word(self, address):
        """Reads a register or memory from outside, as QEMU's command xp does."""
        text = self.qmp("human-monitor-command", **{"command-line": "xp /1wx 0x%x" % address})
        return int(text.split(":")[1].split()[0], 16)

    def set_line(self, device_path, line, level):
        """Drives an input line of a device from outside, by QEMU's test protocol."""
        self._qtest("set_irq_in %s unnamed-gpio-in %d %d" % (device_path, line, level))

    def write_memory(self, address, data):
        """Writes to RAM from outside, by the same protocol."""
        self._qtest("write 0x%x 0x%x 0x%s" % (address, len(data), data.hex()))

    def _qtest(self, command):
        with connect(self.folder + "/qtest", self._deadline).makefile("rw") as qtest:
            qtest.write(command + "\n")
            qtest.flush()
            answer = qtest.readline()
        if not answer.startswith("OK"):
            self.fail("%s: %s" % (command, answer))

    def flash_bytes(self, offset, count):
        """What is in flash 1; the device may be running."""
        with open(os.path.join(self.folder, os.path.basename(self._flash1())), "rb") as flash:
            flash.seek(offset)
            return flash.read(count)

    def _flash0(self):
        return self._arguments[self._arguments.index("-m") + 3].split("file=")[1]

    def _flash1(self):
        return self._arguments[self._arguments.index("-m") + 5].split("file=")[1]


def _carry(source, sink, flags):
    """Carries bytes until either end is closed; with MSG_DONTWAIT those that find no room are lost."""
    with source, contextlib.suppress(OSError):
        while data := source.recv(4096):
            with contextlib.suppress(BlockingIOError):
                sink.sendall(data, flags)
    # Wakes whoever carries in the other direction.
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


def connect(path, deadline):
    """Connects to one of QEMU's sockets, which appears a moment after the start."""
    while True:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(path)
            return connection
        except OSError:
            connection.close()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def monitor_flash():
    """Flash 0 of a device that was never started."""
    return os.path.join(BUILD, "monitor", "flash0.img")


def parse_report(console):
    """The numbers of the last report on a console."""
    text = console[console.rindex("  RAM "):]
    rows = re.findall(r"^  (\S+) +(\w+) +(\d+) +(\d+) +(\d+) KiB +(\d+) KiB$", console, re.M)
    ram = re.search(r"RAM    (\d+) KiB used, (\d+) KiB free of (\d+) KiB \((\d+) KiB", text)
    flash = dict(re.findall(r"flash  (\w+): (\d+) KiB", text))
    return {
        "apps": {name: {"state": state, "pid": int(pid), "uid": int(uid), "data_kib": int(data)}
                 for name, state, pid, uid, data, _ in rows if uid != "0"},
        "appman_data_kib": next(int(row[4]) for row in rows if row[3] == "0"),
        "ram_used_kib": int(ram[1]), "ram_free_kib": int(ram[2]), "ram_total_kib": int(ram[3]),
        "ram_cache_kib": int(ram[4]),
        "flash_system_kib": int(flash["system"]), "flash_apps_kib": int(flash["apps"]),
    }
