// SPDX-License-Identifier: Apache-2.0
/* Somebody who may reach nobody, and tries with what belongs to others. */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "abi/resolver.h"
#include "attempt.h"
#include "guest.h"
#include "plan.h"
#include "reach.h"

#define WAY(name, call)	static int name(void) { return call; }

WAY(udp_gateway, reach_udp(GATEWAY, ECHO_PORT, 10, SHORT_MS))
WAY(udp_connected, reach_udp_connected(GATEWAY, ECHO_PORT))
WAY(tcp_gateway, reach_tcp(GATEWAY, ECHO_PORT, SHORT_MS))
WAY(udp_named, reach_udp(NAMED, SECURE_PORT, 10, SHORT_MS))
WAY(tcp_server, reach_tcp("127.0.0.1", SERVER_TCP, SHORT_MS))
WAY(tcp_server_address, reach_tcp(DEVICE, SERVER_TCP, SHORT_MS))
WAY(udp_server, reach_udp("127.0.0.1", SERVER_UDP, 10, SHORT_MS))
WAY(udp_resolver, reach_udp("127.0.0.1", 53, 10, SHORT_MS))
WAY(tcp_resolver, reach_tcp("127.0.0.1", 53, SHORT_MS))

static int bind_port(int type, unsigned int port, int option)
{
	const struct sockaddr_in at = reach_address("0.0.0.0", port);
	const int on = 1;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	int result = option ? setsockopt(fd, SOL_SOCKET, option, &on, sizeof(on)) : 0;

	if (result == 0)
		result = bind(fd, (const struct sockaddr *)&at, sizeof(at));
	if (result < 0) {
		attempt_close(fd);
		return -1;
	}
	return fd;
}

WAY(share_tcp, bind_port(SOCK_STREAM, SERVER_TCP, SO_REUSEPORT))
WAY(share_udp, bind_port(SOCK_DGRAM, SERVER_UDP, SO_REUSEPORT))
WAY(reuse_tcp, bind_port(SOCK_STREAM, SERVER_TCP, SO_REUSEADDR))
WAY(other_port, bind_port(SOCK_DGRAM, 5353, SO_REUSEADDR))
WAY(low_port, bind_port(SOCK_DGRAM, 53, 0))

/* To where the client may send. */
static int send_from_port(unsigned int port)
{
	const struct sockaddr_in to = reach_address(GATEWAY, ECHO_PORT);
	int fd = bind_port(SOCK_DGRAM, port, 0), result;

	if (fd < 0)
		return -1;
	result = sendto(fd, "x", 1, 0, (const struct sockaddr *)&to, sizeof(to)) < 0 ? -1 : 0;
	attempt_close(fd);
	return result;
}

WAY(from_flow_port, send_from_port(FLOW_PORT))

static int to_resolver_socket(void)
{
	const struct sockaddr_un at = { .sun_family = AF_UNIX, .sun_path = RESOLVER_PATH };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), result;
	char byte;

	result = connect(fd, (const struct sockaddr *)&at, sizeof(at));
	/* Who gets in is hung up on: there is nothing to read, and then nobody to send to. */
	if (result == 0 && recv(fd, &byte, 1, 0) == 0)
		result = send(fd, &byte, 1, MSG_NOSIGNAL) < 0 ? -1 : 0;
	attempt_close(fd);
	return result;
}

static int netfilter_socket(void)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 12);

	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

static const struct attempt attempts[] = {
	{ "FW-1", "UDP to the host of another", udp_gateway, EPERM },
	{ "FW-1", "connected UDP to the host of another", udp_connected, EPERM },
	{ "FW-1", "TCP to the host of another", tcp_gateway, ECONNREFUSED },
	{ "FW-9", "UDP to the name's address of another", udp_named, EPERM },
	{ "FW-4", "TCP to the peer of another", tcp_server, ECONNREFUSED },
	{ "FW-4", "TCP to the peer of another by the device's address", tcp_server_address,
	  ECONNREFUSED },
	{ "FW-4", "UDP to the peer of another", udp_server, EPERM },
	{ "FW-6", "the resolver by UDP", udp_resolver, EPERM },
	{ "FW-6", "the resolver by TCP", tcp_resolver, ECONNREFUSED },
	{ "FW-5", "to share the port of the server, TCP", share_tcp, EADDRINUSE },
	{ "FW-5", "to share the port of the server, UDP", share_udp, EADDRINUSE },
	{ "FW-5", "to use the port of the server again", reuse_tcp, EADDRINUSE },
	{ "FW-5", "a port that it was not given", other_port, EACCES },
	{ "FW-5", "the port of the resolver", low_port, EACCES },
	{ "FW-10", "on with the flow of another, from its port", from_flow_port, EPERM },
	{ "FW-11", "the socket of the resolver", to_resolver_socket, EACCES },
	{ "FW-11", "the rules", netfilter_socket, EPERM },
};

void stranger_try(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
}

static const struct attempt as_app[] = {
	{ "FW-1", "UDP to the host of another", udp_gateway, EPERM },
	{ "FW-1", "connected UDP to the host of another", udp_connected, EPERM },
	{ "FW-1", "TCP to the host of another", tcp_gateway, ECONNREFUSED },
	{ "FW-9", "UDP to the name's address of another", udp_named, EPERM },
	{ "FW-4", "TCP to the peer of another", tcp_server, ECONNREFUSED },
	{ "FW-4", "TCP to the peer of another by the device's address", tcp_server_address,
	  ECONNREFUSED },
	{ "FW-4", "UDP to the peer of another", udp_server, EPERM },
	{ "FW-6", "the resolver by UDP", udp_resolver, EPERM },
	{ "FW-6", "the resolver by TCP", tcp_resolver, ECONNREFUSED },
	{ "FW-5", "to share the port of the server, TCP", share_tcp, EACCES },
	{ "FW-5", "a port that it was not given", other_port, EACCES },
	{ "FW-11", "the socket of the resolver", to_resolver_socket, ENOENT },
	{ "FW-11", "the rules", netfilter_socket, EPERM },
};

void stranger_app(void)
{
	reach_wait_for_network(GATEWAY);
	attempt_all(as_app, ARRAY_SIZE(as_app));
	attempt_end("stranger-app");
}

static const struct attempt intrusions[] = {
	{ "FW-11", "the socket of the resolver, as its user", to_resolver_socket, EPIPE },
};

void stranger_intrude(void)
{
	attempt_all(intrusions, ARRAY_SIZE(intrusions));
}

/* Has the ports before the server comes, and says whether anybody gets as far as a connection. */
void stranger_steal(void)
{
	struct pollfd sources[] = {
		{ .fd = bind_port(SOCK_STREAM, SERVER_TCP, SO_REUSEADDR), .events = POLLIN },
		{ .fd = bind_port(SOCK_DGRAM, SERVER_UDP, SO_REUSEADDR), .events = POLLIN },
	};

	if (sources[0].fd < 0 || sources[1].fd < 0 || listen(sources[0].fd, 4))
		dprintf(1, "thief: has not the ports: errno %d\n", errno);
	else
		dprintf(1, "thief: has the ports\n");
	for (;;) {
		struct sockaddr_in from;
		socklen_t room = sizeof(from);
		char data[64];
		ssize_t length;

		if (poll(sources, 2, -1) <= 0)
			continue;
		if (sources[0].revents && accept(sources[0].fd, NULL, NULL) >= 0)
			dprintf(1, "thief: a connection\n");
		if (!sources[1].revents)
			continue;
		length = recvfrom(sources[1].fd, data, sizeof(data), 0, (struct sockaddr *)&from,
				  &room);
		if (length > 0 && sendto(sources[1].fd, data, (size_t)length, 0,
					 (struct sockaddr *)&from, room) < 0)
			dprintf(1, "thief: cannot answer: errno %d\n", errno);
	}
}
