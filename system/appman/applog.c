// SPDX-License-Identifier: Apache-2.0
/* What the apps write to their standard output and error. */

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "abi/errors.h"
#include "app.h"
#include "applog.h"
#include "console.h"
#include "control.h"
#include "descriptor.h"
#include "limits.h"

static int receiver = -1;
static struct sockaddr_un address;
static socklen_t address_length;

int applog_open(void)
{
	const struct sockaddr_un any = { .sun_family = AF_UNIX };
	const int on = 1;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;

	/* The kernel chooses an abstract name: there is no file that could be replaced. */
	address_length = sizeof(address);
	if (setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) < 0 ||
	    bind(fd, (const struct sockaddr *)&any, sizeof(any.sun_family)) < 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &address_length) < 0)
		return close_after(fd, -1);
	receiver = fd;
	return fd;
}

int applog_open_sender(void)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, address_length) < 0 ||
	    shutdown(fd, SHUT_RD) < 0)
		return close_after(fd, -1);
	return fd;
}

/* Says so once it is heard again. */
static bool is_heard(struct app *app, size_t length)
{
	if (!applog_takes(&app->log, length, console_now_ms()))
		return false;
	if (app->log.dropped_messages)
		console_error(E_APPMAN_LOG_QUOTA,
			      "%s logged more than its %u bytes a second: %u messages of %u bytes were dropped",
			      app->name, app->log.bytes_per_s, app->log.dropped_messages,
			      app->log.dropped_bytes);
	app->log.dropped_messages = app->log.dropped_bytes = 0;
	return true;
}

static void print_message(const struct ucred *peer, const char *text, size_t length)
{
	struct app *app = app_by_uid(peer->uid);
	char who[IMAGE_NAME_BYTES + 16];

	if (app && !is_heard(app, length))
		return;
	if (app) {
		control_log(app, text, length);
		snprintf(who, sizeof(who), "%s[%d]", app->name, (int)peer->pid);
	} else {
		snprintf(who, sizeof(who), "uid %u[%d]", peer->uid, (int)peer->pid);
	}
	console_app(who, text, length);
}

/*
 * The length of a message, which is longer than @room when it was cut; -1 when there is none.  There
 * is room for credentials only: files that an app sends along are dropped.
 */
static ssize_t receive(char *text, size_t room, struct ucred *peer)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct iovec part = { .iov_base = text, .iov_len = room };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t length = recvmsg(receiver, &message, MSG_CMSG_CLOEXEC | MSG_TRUNC);
	const struct cmsghdr *first = length < 0 ? NULL : CMSG_FIRSTHDR(&message);

	*peer = (struct ucred){ 0 };	/* nobody, when the message names nobody */
	if (first && first->cmsg_level == SOL_SOCKET && first->cmsg_type == SCM_CREDENTIALS)
		memcpy(peer, CMSG_DATA(first), sizeof(*peer));
	return length;
}

void applog_receive(void)
{
	static const char cut[] = "...";
	char text[LOG_MESSAGE_BYTES];
	struct ucred peer;

	for (int i = 0; i < LOG_BURST; i++) {
		ssize_t length = receive(text, sizeof(text), &peer);

		if (length < 0)
			return;
		if ((size_t)length > sizeof(text)) {
			length = sizeof(text);
			memcpy(text + sizeof(text) - strlen(cut), cut, strlen(cut));
		}
		print_message(&peer, text, (size_t)length);
	}
}
