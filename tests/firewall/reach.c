// SPDX-License-Identifier: Apache-2.0
/* Ways to reach a host. */

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attempt.h"
#include "reach.h"

static char data[6000];

struct sockaddr_in reach_address(const char *host, unsigned int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = inet_addr(host),
		.sin_port = htons((uint16_t)port),
	};
}

static int wait_for(int fd, short events, int wait_ms)
{
	struct pollfd source = { .fd = fd, .events = events };

	if (poll(&source, 1, wait_ms) == 1)
		return 0;
	errno = ETIMEDOUT;
	return -1;
}

int reach_echo(int fd, size_t bytes, int wait_ms)
{
	ssize_t got;

	if (wait_for(fd, POLLIN, wait_ms))
		return -1;
	got = recv(fd, data, sizeof(data), 0);
	if (got == (ssize_t)bytes)
		return 0;
	if (got >= 0)
		errno = EBADMSG;
	return -1;
}

int reach_udp(const char *host, unsigned int port, size_t bytes, int wait_ms)
{
	const struct sockaddr_in to = reach_address(host, port);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result = sendto(fd, data, bytes, 0, (const struct sockaddr *)&to, sizeof(to)) < 0 ? -1 :
												0;

	if (result == 0)
		result = reach_echo(fd, bytes, wait_ms);
	attempt_close(fd);
	return result;
}

int reach_udp_connected(const char *host, unsigned int port)
{
	const struct sockaddr_in to = reach_address(host, port);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result = connect(fd, (const struct sockaddr *)&to, sizeof(to));

	if (result == 0)
		result = send(fd, data, 10, 0) < 0 ? -1 : 0;
	if (result == 0)
		result = reach_echo(fd, 10, LONG_MS);
	attempt_close(fd);
	return result;
}

int reach_open_port(int type, unsigned int port, int backlog)
{
	const struct sockaddr_in at = reach_address("0.0.0.0", port);
	const int on = 1;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if (bind(fd, (const struct sockaddr *)&at, sizeof(at)) ||
	    (type == SOCK_STREAM && listen(fd, backlog)))
		dprintf(1, "server: port %u: errno %d\n", port, errno);
	return fd;
}

void reach_wait_for_network(const char *host)
{
	const struct sockaddr_in to = reach_address(host, 1);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	while (connect(fd, (const struct sockaddr *)&to, sizeof(to)))
		usleep(SHORT_MS * 100);
	attempt_close(fd);
}

static int finish_connect(int fd, int wait_ms)
{
	socklen_t length = sizeof(int);
	int error = 0;

	if (wait_for(fd, POLLOUT, wait_ms))
		return -1;
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
	errno = error;
	return error ? -1 : 0;
}

int reach_tcp(const char *host, unsigned int port, int wait_ms)
{
	const struct sockaddr_in to = reach_address(host, port);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int result = connect(fd, (const struct sockaddr *)&to, sizeof(to));

	if (result < 0 && errno == EINPROGRESS)
		result = finish_connect(fd, wait_ms);
	if (result == 0)
		result = send(fd, data, 10, MSG_NOSIGNAL) < 0 ? -1 : 0;
	if (result == 0)
		result = reach_echo(fd, 10, wait_ms);
	attempt_close(fd);
	return result;
}

/* RFC 1035 section 4.1: a question of type A, and the end of the last answer. */
in_addr_t reach_name(const char *name, int wait_ms)
{
	static const unsigned char head[] = { 0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
	static const unsigned char tail[] = { 0, 0, 1, 0, 1 };
	const struct sockaddr_in to = reach_address("127.0.0.1", 53);
	unsigned char message[512];
	size_t at = sizeof(head), length = 0;
	in_addr_t address = 0;
	ssize_t got = -1;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(message, head, sizeof(head));
	for (const char *label = name; *label; label += length + (label[length] == '.')) {
		length = strcspn(label, ".");
		message[at++] = (unsigned char)length;
		memcpy(message + at, label, length);
		at += length;
	}
	memcpy(message + at, tail, sizeof(tail));
	at += sizeof(tail);
	if (sendto(fd, message, at, 0, (const struct sockaddr *)&to, sizeof(to)) == (ssize_t)at &&
	    !wait_for(fd, POLLIN, wait_ms))
		got = recv(fd, message, sizeof(message), 0);
	/* The address is what an answer ends in. */
	if (got > (ssize_t)at && message[7])
		memcpy(&address, message + got - sizeof(address), sizeof(address));
	attempt_close(fd);
	return address;
}
