// SPDX-License-Identifier: Apache-2.0
/* Who is at the other end of a Unix socket (SO_PEERSEC). */

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/spherule.h>

#include "attempt.h"
#include "identity.h"

static int peer_is_own(int fd)
{
	char text[128] = "";
	socklen_t length = sizeof(text) - 1;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERSEC, text, &length) < 0)
		return -1;
	errno = EBADMSG;
	return length != SPHERULE_IDENTITY_BYTES || strcmp(text, identity_own) ? -1 : 0;
}

static int both_are_own(int first, int second)
{
	return peer_is_own(first) < 0 || peer_is_own(second) < 0 ? -1 : 0;
}

static int make_pair(int type, int ends[2]) { return socketpair(AF_UNIX, type, 0, ends); }

static int pair(int type)
{
	int ends[2];

	return make_pair(type, ends) < 0 ? -1 : both_are_own(ends[0], ends[1]);
}

static int stream_pair(void) { return pair(SOCK_STREAM); }
static int packet_pair(void) { return pair(SOCK_SEQPACKET); }

/* Told how long the text is, and given none of it. */
static int short_buffer(void)
{
	char text[10] = "";
	socklen_t length = sizeof(text);
	int ends[2], result, error;

	if (make_pair(SOCK_STREAM, ends) < 0)
		return -1;
	result = getsockopt(ends[0], SOL_SOCKET, SO_PEERSEC, text, &length);
	error = errno;
	if (length != SPHERULE_IDENTITY_BYTES || text[0])
		return 0;
	errno = error;
	return result;
}

/* A listener with a name of the kernel's choice. */
static int make_listener(struct sockaddr_un *name, socklen_t *length)
{
	int listener = socket(AF_UNIX, SOCK_STREAM, 0);

	name->sun_family = AF_UNIX;
	*length = sizeof(*name);
	if (bind(listener, (struct sockaddr *)name, sizeof(name->sun_family)) < 0 ||
	    listen(listener, 1) < 0 ||
	    getsockname(listener, (struct sockaddr *)name, length) < 0)
		return -1;
	return listener;
}

static int connection(void)
{
	struct sockaddr_un name;
	socklen_t length;
	int listener = make_listener(&name, &length), client = socket(AF_UNIX, SOCK_STREAM, 0);

	if (listener < 0 || connect(client, (struct sockaddr *)&name, length) < 0)
		return -1;
	return both_are_own(client, accept(listener, NULL, NULL));
}

static int no_connection(void) { return peer_is_own(socket(AF_UNIX, SOCK_STREAM, 0)); }
static int only_listening(void)
{
	struct sockaddr_un name;
	socklen_t length;

	return peer_is_own(make_listener(&name, &length));
}

static int internet_socket(void) { return peer_is_own(socket(AF_INET, SOCK_STREAM, 0)); }

static int set_peer(void)
{
	int ends[2];

	if (make_pair(SOCK_STREAM, ends) < 0)
		return -1;
	return setsockopt(ends[0], SOL_SOCKET, SO_PEERSEC, identity_other,
			  SPHERULE_IDENTITY_BYTES);
}

static const struct attempt attempts[] = {
	{ "O2", "see it at a socket pair", stream_pair, 0 },
	{ "O2", "see it at a pair for packets", packet_pair, 0 },
	{ "O2", "see it at both ends of a connection", connection, 0 },
	{ "O2", "see it in a buffer that is too short", short_buffer, ERANGE },
	{ "O2", "see it at no connection", no_connection, ENOPROTOOPT },
	{ "O2", "see it at a listener", only_listening, ENOPROTOOPT },
	{ "O2", "see it at an internet socket", internet_socket, ENOPROTOOPT },
	{ "O3", "set it at a socket pair", set_peer, ENOPROTOOPT },
};

void identity_try_peers(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
