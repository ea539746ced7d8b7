# SPDX-License-Identifier: Apache-2.0
"""The network under load: the card has 16 buffers for what is received, and nothing may be lost by that but
datagrams of a burst."""

import ram
import ram_rest
from guests import SERVER_TCP, SERVER_UDP, make_load_flash
from network import Hosts, NetworkDevice

STREAM_BYTES, CROWD, CROWD_BYTES, CROWDS = 2 << 20, 50, 4000, 2
BURST, BURST_BYTES = 300, 1000
LIMIT_S = 120		# so that a connection that hangs is a failure and not a hang of the tests
LEFT_KIB, LOOKS = 16, 15
FLOWS = "nf_conntrack"	# the kernel remembers each for two minutes

# Pages that are neither slab nor any program's: all but some ten are rings, buffers and packets.
REST_MAX_KIB = 128


def used_kib(device, folder):
    """Without what the kernel still remembers of connections that have ended, and without the pages of
    packets, which have a bound of their own."""
    memory = ram.look(device, folder)
    rest_kib = memory.totals()[ram_rest.REST]
    assert rest_kib <= REST_MAX_KIB, memory.totals()
    return memory.used_kib() - memory.slabs.get(FLOWS, (0,))[0] * memory.page_bytes // 1024 - rest_kib


def settled_kib(device, folder, enough_kib):
    """What is used as soon as it is little enough, or after many looks: sockets are freed a while after their
    connection has ended."""
    for _ in range(LOOKS):
        used = used_kib(device, folder)
        if used <= enough_kib:
            break
        device.wait(1)
    return used


def assert_streams_end_well(hosts, count, size):
    failed = hosts.ask("streams", SERVER_TCP, count, size, LIMIT_S)
    assert not failed, failed


def test_traffic_passes_and_ends(folder):
    """A long stream there and back, fifty connections at once, again and again, and after a burst of
    datagrams as well: every one ends in order with all its bytes, and the RAM comes back."""
    with Hosts() as hosts, NetworkDevice(hosts, make_load_flash(folder), limit_s=300) as device:
        device.wait_for(r"load-app: ready$")
        device.wait_for_report()
        # Once of each, so that the first of its kind is not counted.
        assert_streams_end_well(hosts, CROWD, CROWD_BYTES)
        assert_streams_end_well(hosts, 1, STREAM_BYTES)
        hosts.ask("burst", SERVER_UDP, BURST, BURST_BYTES)
        before = used_kib(device, folder)
        assert_streams_end_well(hosts, 1, STREAM_BYTES)
        for _ in range(CROWDS):
            assert_streams_end_well(hosts, CROWD, CROWD_BYTES)
        echoed = hosts.ask("burst", SERVER_UDP, BURST, BURST_BYTES)
        assert echoed > 0, echoed
        assert_streams_end_well(hosts, CROWD, CROWD_BYTES)
        after = settled_kib(device, folder, before + LEFT_KIB)
        assert after <= before + LEFT_KIB, (before, after)
