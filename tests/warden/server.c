// SPDX-License-Identifier: Apache-2.0
/*
 * A component with sockets: a stream socket that says who it sees at the other end and hands out
 * descriptors, and a datagram socket.
 */

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/gpio.h>

#include "attempt.h"
#include "identity.h"
#include "server.h"
#include "ward.h"

unsigned int socket_address(const char *name, int type, struct sockaddr_un *address)
{
	int length;

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	length = snprintf(address->sun_path + 1, sizeof(address->sun_path) - 1, "%s-%s", name,
			  type == SOCK_STREAM ? "stream" : "datagrams");
	return (unsigned int)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)length);
}

static int open_socket(const char *name, int type)
{
	struct sockaddr_un address;
	unsigned int length = socket_address(name, type, &address);
	int fd = socket(AF_UNIX, type, 0);

	if (bind(fd, (struct sockaddr *)&address, length) < 0)
		return -1;
	if (type == SOCK_STREAM && listen(fd, 8) < 0)
		return -1;
	return fd;
}

/* A requested line of this component. */
static int open_line(void)
{
	struct gpio_v2_line_request request = {
		.offsets = { OWN_LINE },
		.num_lines = 1,
		.config.flags = GPIO_V2_LINE_FLAG_INPUT,
	};
	int chip = open("/dev/gpiochip0", O_RDWR | O_CLOEXEC);

	if (chip < 0 || ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) < 0)
		return -1;
	close(chip);
	return request.fd;
}

static int open_pipe(void)
{
	int ends[2];

	return pipe(ends) < 0 ? -1 : ends[1];
}

static int open_event(void) { return eventfd(0, 0); }
static int open_chip(void) { return open("/dev/gpiochip0", O_RDWR | O_CLOEXEC); }
static int open_manifest(void) { return open("/etc/spherule-release", O_RDONLY | O_CLOEXEC); }
static int open_null(void) { return open("/dev/null", O_RDWR | O_CLOEXEC); }

static int (*const openers[])(void) = {
	[SERVER_PIPE] = open_pipe,	[SERVER_FILE] = open_manifest,
	[SERVER_NULL] = open_null,	[SERVER_EVENT] = open_event,
	[SERVER_CHIP] = open_chip,	[SERVER_LINE] = open_line,
};

static void send_descriptor(int client, int fd)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .header = {
		.cmsg_len = CMSG_LEN(sizeof(int)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	} };
	struct iovec part = { .iov_base = fd < 0 ? "-" : "+", .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = fd < 0 ? 0 : sizeof(control.bytes),
	};

	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	sendmsg(client, &message, MSG_NOSIGNAL);
}

static char sees(int client, const char *identity)
{
	char text[SPHERULE_IDENTITY_BYTES + 1] = "";
	socklen_t length = SPHERULE_IDENTITY_BYTES;

	if (getsockopt(client, SOL_SOCKET, SO_PEERSEC, text, &length) < 0)
		return SERVER_SEES_OTHER;
	return strcmp(text, identity) ? SERVER_SEES_OTHER : SERVER_SEES_CLIENT;
}

static void handle(int client, const char *identity)
{
	unsigned char wish;
	char answer;
	int fd;

	if (read(client, &wish, 1) != 1)
		return;
	if (wish < ARRAY_SIZE(openers)) {
		fd = openers[wish]();
		send_descriptor(client, fd);
		if (fd >= 0)
			close(fd);
		return;
	}
	/* The client may be gone already. */
	answer = sees(client, identity);
	send(client, &answer, 1, MSG_NOSIGNAL);
}

void serve(const char *name, const char *client_identity)
{
	int datagrams = open_socket(name, SOCK_DGRAM), stream = open_socket(name, SOCK_STREAM);

	if (datagrams < 0 || stream < 0)
		_exit(errno);
	for (;;) {
		int client = accept(stream, NULL, NULL);

		if (client < 0)
			continue;
		handle(client, client_identity);
		close(client);
	}
}
