# SPDX-License-Identifier: Apache-2.0
"""Real hosts for the device to talk to, in a network namespace of their own.

The test starts this file as a program by unshare(1): it makes a tap device, gives it the addresses of
several hosts, runs a DNS server (dnsmasq) and servers that echo, notes every packet that the device
sends, and does what it is told by lines on its standard input.  QEMU joins the namespace.  Nothing
reaches the machine's own network, and the namespace ends with the program.
"""

import collections
import json
import os
import selectors
import socket
import struct
import subprocess
import sys
import threading

import traffic
from qemu import Device

# tests/firewall/plan.h has the same.
DEVICE = "10.7.0.2"
GATEWAY, SECURE, NAMED, CLOSED = "10.7.0.1", "10.7.0.3", "10.7.0.4", "10.7.0.9"
IN_BLOCK, BESIDE_BLOCK = "10.8.0.1", "10.8.1.1"
HOSTS = (GATEWAY, SECURE, NAMED, CLOSED, IN_BLOCK, BESIDE_BLOCK)
ECHO_PORTS = (5000, 443)
NAMES = {"host.example": NAMED, "other.example": CLOSED}

NIC = ("-netdev", "tap,id=n,ifname=tap0,script=no,downscript=no", "-device", "virtio-net-device,netdev=n")


class Hosts:
    """The namespace with its hosts; a context manager."""

    def __enter__(self):
        self._process = subprocess.Popen(
            ["unshare", "-Urn", "--kill-child", sys.executable, os.path.abspath(__file__)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, universal_newlines=True)
        answer = self._process.stdout.readline()
        if not answer.startswith("ready "):
            raise RuntimeError("the hosts of the test did not start: %r" % answer)
        self.pid = int(answer.split()[1])
        return self

    def __exit__(self, kind, value, trace):
        self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()

    def ask(self, *words):
        """Does one thing in the namespace; returns what came of it."""
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def packets(self):
        """What the device has sent so far: {(destination, protocol, destination port): packets}."""
        return {tuple(key): count for key, count in self.ask("packets")}


class NetworkDevice(Device):
    """The device with a network card in the namespace of @hosts."""

    def __init__(self, hosts, flash1, **options):
        super().__init__(flash1, arguments=NIC, **options)
        self._arguments = ["nsenter", "--preserve-credentials", "-U", "-n", "-t", str(hosts.pid)] + \
            self._arguments


# What follows runs in the namespace.

def run(*command):
    subprocess.run(command, check=True)


def make_network():
    run("ip", "link", "set", "lo", "up")
    run("ip", "tuntap", "add", "tap0", "mode", "tap")
    for host in HOSTS:
        run("ip", "address", "add", host + "/24", "dev", "tap0")
    run("ip", "link", "set", "tap0", "up")


def start_dns():
    # As a daemon it would change its groups, which a namespace without root cannot.
    records = ["--host-record=%s,%s,300" % item for item in NAMES.items()]
    return subprocess.Popen(["dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--no-resolv",
                             "--no-hosts", "--bind-interfaces", "--listen-address=" + GATEWAY,
                             "--pid-file="] + records,
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Echoes:
    """Servers on all addresses and ports, in one thread."""

    def __init__(self):
        self._selector = selectors.DefaultSelector()
        for host in HOSTS:
            for port in ECHO_PORTS:
                self._add(socket.SOCK_DGRAM, (host, port), self._datagram)
                self._add(socket.SOCK_STREAM, (host, port), self._connection)

    def _add(self, kind, address, act):
        server = socket.socket(socket.AF_INET, kind)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind(address)
        if kind == socket.SOCK_STREAM:
            server.listen(16)
        self._selector.register(server, selectors.EVENT_READ, act)

    def _connection(self, server):
        connection, _ = server.accept()
        self._selector.register(connection, selectors.EVENT_READ, self._stream)

    def _stream(self, connection):
        try:
            data = connection.recv(4096)
            if data:
                connection.sendall(data)
                return
        except OSError:
            pass
        self._selector.unregister(connection)
        connection.close()

    @staticmethod
    def _datagram(server):
        data, source = server.recvfrom(65536)
        server.sendto(data, source)

    def run(self):
        while True:
            for key, _ in self._selector.select():
                key.data(key.fileobj)


class Notes:
    """Every IPv4 packet that comes from the device."""

    def __init__(self):
        self.counts = collections.Counter()
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        self._socket.bind(("tap0", 0x0800))

    def run(self):
        while True:
            data, source = self._socket.recvfrom(2048)
            if source[2] != socket.PACKET_OUTGOING and len(data) >= 20:
                self._note(data)

    def _note(self, data):
        at = (data[0] & 15) * 4
        fragment = struct.unpack_from(">H", data, 6)[0] & 0x1fff
        port = struct.unpack_from(">H", data, at + 2)[0] if not fragment and len(data) >= at + 4 else 0
        self.counts[socket.inet_ntoa(data[16:20]), data[9], port] += 1


def reach(kind, source, port, data, wait_s):
    """Sends @data to a port of the device from @source; what came back, or an error."""
    with socket.socket(socket.AF_INET, getattr(socket, kind)) as sender:
        sender.bind((source, 0))
        sender.settimeout(wait_s)
        try:
            sender.connect((DEVICE, port))
            sender.send(data.encode())
            return sender.recv(4096).decode()
        except OSError as error:
            return "error: %s" % (error.strerror or "timed out")


def ping(source, wait_s):
    """One echo request by ICMP (RFC 792); the type of the answer, or an error."""
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP) as sender:
        sender.bind((source, 0))
        sender.settimeout(wait_s)
        sender.sendto(b"\x08\x00\xf7\xfc\x00\x01\x00\x02", (DEVICE, 0))
        try:
            return sender.recv(4096)[20]
        except OSError as error:
            return "error: %s" % (error.strerror or "timed out")


def streams(port, count, size, wait_s):
    return traffic.streams((DEVICE, port), count, size, wait_s)


def burst(port, count, size):
    return traffic.burst((DEVICE, port), count, size)


def main():
    make_network()
    notes = Notes()
    dns = start_dns()
    for room in (Echoes(), notes):
        threading.Thread(target=room.run, daemon=True).start()
    actions = {"packets": lambda: list(notes.counts.items()), "reach": reach, "ping": ping,
               "streams": streams, "burst": burst}
    print("ready %d" % os.getpid(), flush=True)
    for line in sys.stdin:
        words = json.loads(line)
        print(json.dumps(actions[words[0]](*words[1:])), flush=True)
    dns.kill()


if __name__ == "__main__":
    main()
