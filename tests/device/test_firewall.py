# SPDX-License-Identifier: Apache-2.0
"""The firewall of application-manager between the device's apps and real hosts (tests/firewall)."""

import os
import re

from guests import NO_PORT, PROGRAM, SERVER_TCP, SERVER_UDP
from images import BUILD, make_flash
from network import CLOSED, GATEWAY, Hosts, NAMED, NetworkDevice, SECURE
from warden import make_root, pack_root

TCP, UDP = 6, 17
LONG_S, SHORT_S = 20, 1
ANSWER_MIN_S = 10		# limits.h


def program(name):
    return os.path.join(BUILD, "firewall", name, "image-root", "bin", name)


def make_firewall_flash(folder):
    image = pack_root(make_root(folder, program("gate"), (PROGRAM,)))
    return make_flash(folder, (), system=(image,))


class Gate:
    """The device with its hosts, ready for commands."""

    def __init__(self, folder, limit_s=240):
        self._hosts = Hosts()
        self._flash = make_firewall_flash(folder)
        self._limit_s = limit_s

    def __enter__(self):
        self.hosts = self._hosts.__enter__()
        try:
            self.device = NetworkDevice(self.hosts, self._flash, limit_s=self._limit_s).__enter__()
        except BaseException:
            self._hosts.__exit__(None, None, None)
            raise
        self.device.wait_for(r"^gate: ready$")
        return self

    def __exit__(self, kind, value, trace):
        try:
            self.device.__exit__(kind, value, trace)
        finally:
            self._hosts.__exit__(kind, value, trace)

    def start(self, mode, said):
        """Starts a guest and waits until it has said something."""
        count = len(re.findall(said, self.device.console, re.M))
        self.device.send("start %s\n" % mode)
        return self.device.wait_for(said, count + 1)

    def try_all(self, mode):
        """A guest that makes attempts, all of which must end as they have to."""
        found = self.start(mode, r"^%s: (\d+) passed, (\d+) failed$" % mode)
        assert found[2] == "0" and found[1] != "0", "\n".join(
            line for line in self.device.console.split("\n") if "FAILED" in line)

    def stop(self):
        self.device.send("stop\n")
        self.device.wait_for(r"^gate: guest ended, status 0x(?:f|0)$")

    def counters(self):
        """{app: {"sent": packets, "sent bytes": bytes, ...}}"""
        self.device.console = ""
        self.device.send("counters\n")
        self.device.wait_for(r"^gate: counters of networkd: 0.*$")
        found = {}
        for name, rest in re.findall(r"^gate: counters of (\w+): 0, (.*)$", self.device.console, re.M):
            found[name] = {}
            for what, packets, size in re.findall(r"(\w+) (\d+)/(\d+)", rest):
                found[name][what] = int(packets)
                found[name][what + " bytes"] = int(size)
        return found


def assert_nothing_forbidden(hosts):
    """Of all that the device has sent, each packet was for somebody who is open to an app."""
    for (host, protocol, port), count in hosts.packets().items():
        assert host in (GATEWAY, SECURE, NAMED, "10.8.0.1"), (host, protocol, port, count)
        assert host not in (SECURE, NAMED) or (protocol in (TCP, UDP) and port == 443), (host, port)


def test_each_way_out(folder):
    """Every app reaches what its entry says, and by no way anything else; what is refused leaves no
    packet on the wire."""
    with Gate(folder) as gate:
        for line in ("lo", "open", "nobody", "eth0", "route", "apps", "resolver"):
            gate.device.wait_for(r"^gate: %s: ok$" % line)
        gate.device.wait_for(r"^gate: its own datagram: Operation not permitted$")
        gate.try_all("server")
        gate.start("networkd", r"^networkd: ready$")
        gate.try_all("unnamed")
        gate.try_all("client")
        gate.try_all("stranger")
        gate.try_all("named")
        gate.device.wait_for(r"^networkd: host\.example: 1 of 1$")
        gate.device.wait_for(r"^networkd: other\.example: 0 of 1$")
        # A name that one app has is no way for another.
        gate.try_all("stranger")
        gate.try_all("intruder")
        packets = gate.hosts.packets()
        assert packets[GATEWAY, UDP, 5000] and packets[SECURE, TCP, 443] and packets[NAMED, TCP, 443]
        assert_nothing_forbidden(gate.hosts)
        counters = gate.counters()
        assert counters["client"]["sent"] and counters["client"]["received"]
        assert counters["client"]["refused"] > 20, counters
        assert counters["client"]["received bytes"] > 5000, counters
        assert counters["stranger"]["sent"] == counters["stranger"]["received"] == 0, counters
        assert counters["stranger"]["refused"] > 10, counters


def test_each_way_in(folder):
    """A server's port is open for its owner only, whoever else has got hold of it."""
    with Gate(folder) as gate:
        gate.start("thief", r"^thief: has the ports$")
        for kind, port in (("SOCK_STREAM", SERVER_TCP), ("SOCK_DGRAM", SERVER_UDP)):
            answer = gate.hosts.ask("reach", kind, GATEWAY, port, "hello", SHORT_S)
            assert answer.startswith("error"), (kind, answer)
        gate.device.wait_for(r"^thief: cannot answer: errno 1$")
        assert "thief: a connection" not in gate.device.console
        assert not gate.hosts.packets(), gate.hosts.packets()
        gate.stop()
        gate.try_all("server")
        for host in (GATEWAY, CLOSED):
            for kind, port in (("SOCK_STREAM", SERVER_TCP), ("SOCK_DGRAM", SERVER_UDP)):
                answer = gate.hosts.ask("reach", kind, host, port, "hello", LONG_S)
                assert answer == "hello", (kind, host, answer)
        gate.start("networkd", r"^networkd: ready$")
        for kind, port in (("SOCK_STREAM", NO_PORT), ("SOCK_STREAM", 53), ("SOCK_DGRAM", 53),
                           ("SOCK_DGRAM", SERVER_TCP), ("SOCK_STREAM", SERVER_UDP)):
            answer = gate.hosts.ask("reach", kind, GATEWAY, port, "hello", SHORT_S)
            assert answer.startswith("error"), (kind, port, answer)
        assert str(gate.hosts.ask("ping", GATEWAY, SHORT_S)).startswith("error")
        assert "somebody came to a port" not in gate.device.console
        # Answers only, to who has asked: nothing of the device's own, no errors, no resets.
        for (host, protocol, port), count in gate.hosts.packets().items():
            assert host in (GATEWAY, CLOSED) and protocol in (TCP, UDP) and port > 1024, (host, port, count)
        assert gate.counters()["server"]["received"] >= 10


def test_an_answer_ends(folder):
    """The address of a name counts for its time to live, also through a replacement, and then no more."""
    with Gate(folder) as gate:
        gate.device.send("answer\n")
        gate.device.wait_for(r"^gate: answer: 1$")
        gate.device.send("replace 2\n")
        gate.device.wait_for(r"^gate: replaced 2 times")
        gate.try_all("again")
        gate.device.wait(ANSWER_MIN_S + 2)
        gate.try_all("unnamed")


def test_replacing_under_traffic(folder):
    """A thousand replacements: no packet that is allowed is lost, none that is forbidden passes."""
    with Gate(folder) as gate:
        gate.device.send("start pinger\n")
        gate.device.send("replace 1000\n")
        left = gate.device.wait_for(r"^gate: replaced (\d+) times, (-?\d+) KiB less free$")
        gate.device.send("stop\n")
        found = gate.device.wait_for(
            r"^pinger: (\d+) rounds, (\d+) lost, (\d+) refused, (\d+) passed$")
        assert left[1] == "1000", left[0]
        rounds, lost, refused, passed = (int(number) for number in found.groups())
        assert rounds > 100 and lost == 0 and passed == 0 and refused >= rounds - 1, found[0]
        assert_nothing_forbidden(gate.hosts)
        assert not any(host == CLOSED for host, _, _ in gate.hosts.packets())
        counters = gate.counters()
        # Replacing loses no count of an app that stays as it is.
        assert counters["client"]["sent"] >= 2 * rounds - 2, (rounds, counters)
        assert counters["client"]["refused"] >= rounds - 1, (rounds, counters)
