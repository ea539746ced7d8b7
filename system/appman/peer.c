// SPDX-License-Identifier: Apache-2.0
/* Sockets that apps connect to. */

#include <errno.h>
#include <linux/spherule.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "descriptor.h"
#include "peer.h"

int peer_listen(const char *name, int backlog)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const size_t length = strnlen(name, sizeof(address.sun_path) - 1);
	const socklen_t bytes = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length);
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	/* Abstract: there is no file that could be replaced, and nobody was here before pid 1. */
	memcpy(address.sun_path + 1, name, length);
	if (bind(fd, (const struct sockaddr *)&address, bytes) < 0 || listen(fd, backlog) < 0)
		return close_after(fd, -1);
	return fd;
}

struct app *peer_app(int fd)
{
	char identity[SPHERULE_IDENTITY_BYTES + 1] = "", id[IMAGE_UUID_TEXT_BYTES];
	uint8_t component_id[IMAGE_UUID_BYTES];
	struct ucred user = { .uid = APP_NO_UID };
	socklen_t length = SPHERULE_IDENTITY_BYTES, user_length = sizeof(user);
	struct app *app;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERSEC, identity, &length) < 0 ||
	    getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &user, &user_length) < 0 ||
	    strncmp(identity, "CID: ", 5) ||
	    image_uuid_parse(identity + 5, IMAGE_UUID_TEXT_BYTES - 1, component_id))
		return NULL;
	image_uuid_format(component_id, id);
	app = app_by_id(id);
	return app && app->uid == user.uid ? app : NULL;
}
