// SPDX-License-Identifier: Apache-2.0
/* Binds the ports that its manifest has, TCP 8080 and UDP 5000, and some that it has not. */

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "attempt.h"

static int bind_port(int type, uint16_t port)
{
	const struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	int result = fd < 0 ? -1 : bind(fd, (const struct sockaddr *)&address, sizeof(address));

	attempt_close(fd);
	return result;
}

static int own_tcp(void)
{
	return bind_port(SOCK_STREAM, 8080);
}

static int own_udp(void)
{
	return bind_port(SOCK_DGRAM, 5000);
}

static int any_tcp(void)
{
	return bind_port(SOCK_STREAM, 0);
}

static int tcp_port_of_udp(void)
{
	return bind_port(SOCK_STREAM, 5000);
}

static int udp_port_of_tcp(void)
{
	return bind_port(SOCK_DGRAM, 8080);
}

static int next_tcp(void)
{
	return bind_port(SOCK_STREAM, 8081);
}

static int in_child(void)
{
	return attempt_in_child(next_tcp);
}

int main(void)
{
	static const struct attempt attempts[] = {
		{ "ports", "TCP, its own", own_tcp, 0 },
		{ "ports", "UDP, its own", own_udp, 0 },
		{ "ports", "TCP, any", any_tcp, 0 },
		{ "ports", "TCP, its port of UDP", tcp_port_of_udp, EACCES },
		{ "ports", "UDP, its port of TCP", udp_port_of_tcp, EACCES },
		{ "ports", "TCP, the next one", next_tcp, EACCES },
		{ "ports", "the same by a child", in_child, EACCES },
	};

	attempt_all(attempts, ARRAY_SIZE(attempts));
	attempt_end("porter");
}
