// SPDX-License-Identifier: Apache-2.0
/* Echoes on the server's ports, by TCP and UDP, and does not reach anybody by itself. */

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attempt.h"
#include "guest.h"
#include "plan.h"
#include "reach.h"

#define BACKLOG	4

static void echo_stream(int listener)
{
	int fd = accept(listener, NULL, NULL);
	char data[64];
	ssize_t length = recv(fd, data, sizeof(data), 0);

	if (length > 0)
		send(fd, data, (size_t)length, MSG_NOSIGNAL);
	close(fd);
}

static void echo_datagram(int fd)
{
	struct sockaddr_in from;
	socklen_t room = sizeof(from);
	char data[64];
	ssize_t length = recvfrom(fd, data, sizeof(data), 0, (struct sockaddr *)&from, &room);

	if (length > 0)
		sendto(fd, data, (size_t)length, 0, (struct sockaddr *)&from, room);
}

static int udp_out(void) { return reach_udp(GATEWAY, ECHO_PORT, 10, SHORT_MS); }
static int tcp_out(void) { return reach_tcp(GATEWAY, ECHO_PORT, SHORT_MS); }
static int tcp_self(void) { return reach_udp("127.0.0.1", 53, 10, SHORT_MS); }

static const struct attempt attempts[] = {
	{ "FW-1", "UDP of a server to a host", udp_out, EPERM },
	{ "FW-1", "TCP of a server to a host", tcp_out, ECONNREFUSED },
	{ "FW-6", "the resolver for an app without names", tcp_self, EPERM },
};

void server_app(void)
{
	struct pollfd sources[] = {
		{ .fd = reach_open_port(SOCK_STREAM, SERVER_TCP, BACKLOG), .events = POLLIN },
		{ .fd = reach_open_port(SOCK_DGRAM, SERVER_UDP, 0), .events = POLLIN },
	};

	reach_wait_for_network(GATEWAY);
	attempt_all(attempts, ARRAY_SIZE(attempts));
	attempt_sum("server-app");
	for (;;) {
		if (poll(sources, ARRAY_SIZE(sources), -1) <= 0)
			continue;
		if (sources[0].revents)
			echo_stream(sources[0].fd);
		if (sources[1].revents)
			echo_datagram(sources[1].fd);
	}
}

void server_serve(void)
{
	struct pollfd sources[] = {
		{ .fd = reach_open_port(SOCK_STREAM, SERVER_TCP, BACKLOG), .events = POLLIN },
		{ .fd = reach_open_port(SOCK_DGRAM, SERVER_UDP, 0), .events = POLLIN },
		{ .fd = reach_open_port(SOCK_STREAM, NO_PORT, BACKLOG), .events = POLLIN },
	};

	attempt_all(attempts, ARRAY_SIZE(attempts));
	attempt_sum("server");
	for (;;) {
		if (poll(sources, ARRAY_SIZE(sources), -1) <= 0)
			continue;
		if (sources[0].revents)
			echo_stream(sources[0].fd);
		if (sources[1].revents)
			echo_datagram(sources[1].fd);
		if (sources[2].revents) {
			dprintf(1, "server: somebody came to a port that is not open\n");
			echo_stream(sources[2].fd);
		}
	}
}
