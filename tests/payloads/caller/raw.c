// SPDX-License-Identifier: Apache-2.0
/* Packets by hand. */

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "raw.h"

int raw_connect(int type)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const socklen_t length =
		offsetof(struct sockaddr_un, sun_path) + sizeof(APP_CHANNEL_SOCKET);
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	int error;

	memcpy(address.sun_path + 1, APP_CHANNEL_SOCKET, sizeof(APP_CHANNEL_SOCKET) - 1);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, length) == 0)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

int raw_send(int fd, uint32_t command, uint32_t value)
{
	const struct app_channel_request request = { command, value };

	if (send(fd, &request, sizeof(request), MSG_NOSIGNAL) >= 0)
		return 0;
	/* Which of the two it is depends on who was first. */
	if (errno == EPIPE)
		errno = ECONNRESET;
	return -1;
}

int raw_receive(int fd, struct app_channel_message *message)
{
	ssize_t got = recv(fd, message, sizeof(*message), 0);

	if (got == (ssize_t)sizeof(*message))
		return 0;
	if (got >= 0)
		errno = got ? EPROTO : ECONNRESET;
	return -1;
}

int raw_ask(int fd, uint32_t command, uint32_t value)
{
	struct app_channel_message message;

	if (raw_send(fd, command, value) < 0 || raw_receive(fd, &message) < 0)
		return -1;
	errno = message.command == command ? -message.result : EPROTO;
	return errno ? -1 : 0;
}
