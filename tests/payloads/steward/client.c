// SPDX-License-Identifier: Apache-2.0
/* The protocol as abi/control.md has it, and nothing of application-manager's code. */

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#include "client.h"

static uint32_t last_tag;

int client_connect(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const socklen_t length = offsetof(struct sockaddr_un, sun_path) + sizeof(CONTROL_SOCKET);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path + 1, CONTROL_SOCKET, sizeof(CONTROL_SOCKET) - 1);
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, length) < 0) {
		int err = errno;

		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

int client_send(int fd, struct control_request *request, const void *data, size_t bytes)
{
	struct iovec parts[] = { { request, sizeof(*request) }, { (void *)data, bytes } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = bytes ? 2 : 1 };

	request->tag = ++last_tag;
	return sendmsg(fd, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

int client_receive(int fd, struct answer *answer)
{
	ssize_t bytes = recv(fd, answer, sizeof(*answer), 0);

	if (bytes < 0)
		return -1;
	errno = bytes ? EPROTO : 0;
	return (size_t)bytes < sizeof(answer->head) ||
	       (size_t)bytes != sizeof(answer->head) + answer->head.record_bytes ? -1 : 0;
}

void client_print_event(const struct answer *answer)
{
	printf("%s %s: %s\n", answer->head.command == CONTROL_LOG ? "log" : "event",
	       answer->record.app.name, answer->head.reason);
}

int client_ask(int fd, struct control_request *request, const void *data, size_t bytes,
	       struct answer *answer)
{
	if (client_send(fd, request, data, bytes))
		return -1;
	for (;;) {
		if (client_receive(fd, answer))
			return -1;
		if (answer->head.command == request->command)
			return 0;
		client_print_event(answer);
	}
}
