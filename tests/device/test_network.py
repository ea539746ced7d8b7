# SPDX-License-Identifier: Apache-2.0
"""What apps of the product may do on the network: application-manager makes the rules of their manifests,
and real hosts are outside (tests/firewall has the apps)."""

import os
import re
import sys

import steward
from guests import NO_PORT, SERVER_ASKS, SERVER_TCP, SERVER_UDP, component, guest, networkd
from images import ROOTFS_IMAGE, make_flash
from qemu import Device
from network import CLOSED, GATEWAY, Hosts, NAMED, NetworkDevice, SECURE
from steward import steward_image
from test_firewall import LONG_S, SHORT_S, TCP, UDP, assert_nothing_forbidden

sys.path.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bench"))
from sandbox_parts import make_partial_root		# pylint: disable=wrong-import-position

SERVER, CLIENT, STRANGER, RIVAL, LOOKER = (component(n) for n in range(1, 6))

CLIENT_ASKS = {
    "AllowedConnections": [GATEWAY, SECURE + ":443", "10.8.0.0/24", "host.example:443"],
    "AllowedApplicationConnections": [SERVER],
}


def test_apps_reach_what_their_manifests_say(folder):
    """An app reaches its hosts, its peer and its names, another one nobody; a server's port is open,
    from outside too, and nobody else has it: who asks for it as well is not started.  All of that on 2 MiB."""
    apps = (guest(folder, "server", SERVER, "server-app", SERVER_ASKS),
            guest(folder, "client", CLIENT, "client-app", CLIENT_ASKS),
            guest(folder, "stranger", STRANGER, "stranger-app", {}),
            guest(folder, "rival", RIVAL, "server-app", SERVER_ASKS))
    flash = make_flash(folder, apps, system=(ROOTFS_IMAGE, networkd(folder)))
    with Hosts() as hosts, NetworkDevice(hosts, flash, ram="2M", limit_s=240,
                                         expect_trouble=True) as device:
        device.wait_for(r"error E3101: rival: AllowedTcpServerPorts: Address in use: "
                        r"it belongs to server$")
        for name in ("server", "stranger", "client"):
            found = device.wait_for(r"%s-app: (\d+) passed, (\d+) failed$" % name)
            assert found[2] == "0" and found[1] != "0", "\n".join(
                line for line in device.console.split("\n") if "FAILED" in line)
        for host in (GATEWAY, CLOSED):
            for kind, port in (("SOCK_STREAM", SERVER_TCP), ("SOCK_DGRAM", SERVER_UDP)):
                answer = hosts.ask("reach", kind, host, port, "hello", LONG_S)
                assert answer == "hello", (kind, host, answer)
        for kind, port in (("SOCK_STREAM", NO_PORT), ("SOCK_DGRAM", 53), ("SOCK_DGRAM", SERVER_TCP)):
            answer = hosts.ask("reach", kind, GATEWAY, port, "hello", SHORT_S)
            assert answer.startswith("error"), (kind, port, answer)
        assert "rival started" not in device.console
        packets = hosts.packets()
        # The server has answered the one that is open to nobody.
        closed = {key: count for key, count in packets.items() if key[0] == CLOSED}
        assert all(port > 1024 for _, _, port in closed), closed
        assert packets[NAMED, TCP, 443] and packets[GATEWAY, UDP, 5000], packets
        hosts_only = type("Rest", (), {"packets": lambda self: {
            key: count for key, count in packets.items() if key[0] != CLOSED}})()
        assert_nothing_forbidden(hosts_only)


def test_no_app_starts_without_rules(folder):
    """application-manager cannot speak to netfilter: it says so, and starts nothing.  With it the same
    one starts the same app."""
    root = make_partial_root(folder)
    for without, starts in (("netfilter", False), ("nothing", True)):
        place = os.path.join(folder, without)
        os.mkdir(place)
        flash = make_flash(place, ("hello",), system=(root,), bootargs="without=" + without)
        with Device(flash) as device:
            device.wait_for(r"hello, world 1$" if starts else r"appman: hello is tried again in 500 ms$")
            refused = re.search(r"error E3100: the rules of the network could not be set: "
                                r"Protocol not supported$", device.console, re.M)
            assert bool(refused) != starts, device.console
            assert bool(re.search(r"appman: hello started", device.console)) == starts, device.console


def test_rules_follow_the_apps(folder):
    """Started again an app has what it had; replaced, what the new manifest says; removed, its ports are
    another app's."""
    looks = [guest(folder, name, LOOKER, "client-look", {"AllowedConnections": [host]})
             for name, host in (("one", GATEWAY), ("two", SECURE + ":443"))]
    rival = guest(folder, "rival", RIVAL, "server-app", SERVER_ASKS)
    # A look of "one" is a datagram and a SYN that is refused; of "two" a refusal and a connection.
    script = ["install 0", "tried one 2", "sleep 1000", "restart " + LOOKER, "tried one 4",
              "sleep 1000", "status " + LOOKER, "install 1", "tried two 4", "sleep 1000",
              "status " + LOOKER, "remove " + SERVER, "gone server", "install 2",
              "until rival running"]
    system = (ROOTFS_IMAGE, networkd(folder), steward_image(folder, script, looks + [rival]))
    server = guest(folder, "server", SERVER, "server-app", SERVER_ASKS)
    flash = make_flash(folder, (server,), system=system)
    with Hosts() as hosts, NetworkDevice(hosts, flash, limit_s=240) as device:
        lines = steward.said(device)
        assert "never" not in " ".join(lines), lines
        found = re.findall(r"(one|two)\[\d+\]: look: gateway (\d+), secure (\d+)$", device.console, re.M)
        assert found == [("one", "0", "111"), ("one", "0", "111"), ("two", "1", "0")], found
        counts = re.findall(r"(one|two) running oem .* sent (\d+) received (\d+) refused (\d+)$",
                            "\n".join(lines), re.M)
        # The start again has kept them, the replacement has not.
        assert [name for name, *_ in counts] == ["one", "two"], lines
        assert all(int(count) >= least for count, least in zip(counts[0][1:], (2, 2, 2))), counts
        assert int(counts[1][1]) > 3 and counts[1][3] == "1", counts
        assert not [key for key in hosts.packets() if key[0] == SECURE and key[2] != 443]
        device.wait_for(r"rival\[\d+\]: server-app: \d+ passed, 0 failed$")
        answer = hosts.ask("reach", "SOCK_STREAM", GATEWAY, SERVER_TCP, "hello", LONG_S)
        assert answer == "hello", answer
