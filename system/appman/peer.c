// SPDX-License-Identifier: Apache-2.0
/* Sockets that apps connect to. */

#include <errno.h>
#include <linux/spherule.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "peer.h"

int peer_listen(const char *name, int backlog)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const size_t length = strnlen(name, sizeof(address.sun_path) - 1);
	const socklen_t bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	int err;

	if (fd < 0)
		return -errno;
	/* Abstract: there is no file that could be replaced, and nobody was here before pid 1. */
	memcpy(address.sun_path + 1, name, length);
	if (bind(fd, (const struct sockaddr *)&address, bytes) < 0 || listen(fd, backlog) < 0) {
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

/* The component id of a peer as the kernel knows it.  Returns 0 or -EPERM. */
static int read_component(int fd, char id[IMAGE_UUID_TEXT_BYTES])
{
	char identity[SPHERULE_IDENTITY_BYTES + 1] = "";
	uint8_t component_id[IMAGE_UUID_BYTES];
	socklen_t length = sizeof(identity);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERSEC, identity, &length) < 0 ||
	    length < SPHERULE_IDENTITY_BYTES || strncmp(identity, "CID: ", 5) ||
	    image_uuid_parse(identity + 5, IMAGE_UUID_TEXT_BYTES - 1, component_id))
		return -EPERM;
	image_uuid_format(component_id, id);
	return 0;
}

struct app *peer_app(int fd)
{
	struct ucred user;
	socklen_t length = sizeof(user);
	char id[IMAGE_UUID_TEXT_BYTES];
	struct app *app;

	if (read_component(fd, id) ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &user, &length) < 0)
		return NULL;
	app = app_by_id(id);
	return app && app->uid == user.uid ? app : NULL;
}
