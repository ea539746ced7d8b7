# SPDX-License-Identifier: Apache-2.0
"""Traffic of a host with the device's echoing server: what network.py does when it is asked to.

Runs in the namespace of the hosts.  Every wait is bounded; what did not come back is in the answer.
"""

import selectors
import socket
import time

CHUNK = 16384
LINGER_S = 1.0		# how long a burst waits for one more datagram


def pattern(size, seed):
    """Bytes that show it when some are lost, doubled or of another connection."""
    return b"".join((seed << 20 | at).to_bytes(4, "big") for at in range((size + 3) // 4))[:size]


class Echo:
    """One connection that sends all of @data and wants it back."""

    def __init__(self, address, data):
        self.data, self.sent, self.got, self.error, self.ended = data, 0, bytearray(), None, False
        self.socket = socket.socket()
        self.socket.setblocking(False)
        self.socket.connect_ex(address)

    def wants(self):
        return selectors.EVENT_READ | (selectors.EVENT_WRITE if self.sent < len(self.data) else 0)

    def act(self, events):
        """Whether there is more to do."""
        try:
            if events & selectors.EVENT_WRITE and self.sent < len(self.data):
                self.sent += self.socket.send(self.data[self.sent:self.sent + CHUNK])
                if self.sent == len(self.data):
                    self.socket.shutdown(socket.SHUT_WR)
            if events & selectors.EVENT_READ:
                more = self.socket.recv(CHUNK)
                self.got += more
                self.ended = not more
        except BlockingIOError:
            pass
        except OSError as error:
            self.error = error.strerror
        return not self.ended and not self.error

    def verdict(self):
        """None when all came back and the other end closed in order."""
        self.socket.close()
        if self.ended and self.got == self.data and not self.error:
            return None
        return "sent %d of %d, got %d, %s" % (self.sent, len(self.data), len(self.got),
                                              self.error or ("ended" if self.ended else "no end"))


def streams(address, count, size, wait_s):
    """@count connections at once, @size bytes there and back on each; what went wrong with each that failed."""
    selector, end = selectors.DefaultSelector(), time.monotonic() + wait_s
    echoes = [Echo(address, pattern(size, number)) for number in range(count)]
    for echo in echoes:
        selector.register(echo.socket, echo.wants(), echo)
    while selector.get_map() and time.monotonic() < end:
        for key, events in selector.select(0.2):
            if key.data.act(events):
                selector.modify(key.fileobj, key.data.wants(), key.data)
            else:
                selector.unregister(key.fileobj)
    return [verdict for verdict in (echo.verdict() for echo in echoes) if verdict]


def burst(address, count, size):
    """@count datagrams as fast as they can be sent; how many came back, each as it was sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.connect(address)
        sender.settimeout(LINGER_S)
        sent = {pattern(size, number) for number in range(count)}
        for datagram in sent:
            sender.send(datagram)
        good = 0
        try:
            while good < count:
                good += sender.recv(65536) in sent
        except OSError:
            pass
        return good
