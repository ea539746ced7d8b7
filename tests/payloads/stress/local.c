// SPDX-License-Identifier: Apache-2.0
/*
 * Unix sockets: full of data, and with descriptors on their way, also of the sockets themselves, which only
 * the kernel's garbage collector finds when they are closed.
 */

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stress.h"

#define PAIRS	4
#define SENT_MAX	8
#define COLLECT_US	2000	/* the collector is a thread of the kernel, and what it has not done is charged to us */

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(2 * sizeof(int))];
};

static const char text[512];

/* Both ends of a pair go over the pair itself: closed then, nobody has them. */
static unsigned int send_ends(const int ends[2])
{
	union control control = { .header = {
		.cmsg_len = CMSG_LEN(2 * sizeof(int)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	} };
	struct iovec part = { (void *)text, 1 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.bytes),
	};

	memcpy(CMSG_DATA(&control.header), ends, 2 * sizeof(int));
	return sendmsg(ends[0], &message, MSG_NOSIGNAL | MSG_DONTWAIT) == 1;
}

static unsigned int fill(int fd)
{
	unsigned int sent = 0;

	while (sent < SENT_MAX && send(fd, text, sizeof(text), MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
		sent++;
	return sent;
}

unsigned int round_local(void)
{
	int pairs[PAIRS][2];
	unsigned int made = 0, done = 0;

	while (made < PAIRS && !socketpair(AF_UNIX, made % 2 ? SOCK_DGRAM : SOCK_STREAM, 0, pairs[made]))
		made++;
	for (unsigned int i = 0; i < made; i++)
		done += fill(pairs[i][0]) + send_ends(pairs[i]);
	for (unsigned int i = 0; i < made; i++) {
		close(pairs[i][0]);
		close(pairs[i][1]);
	}
	usleep(COLLECT_US);
	return done;
}
