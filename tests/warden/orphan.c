// SPDX-License-Identifier: Apache-2.0
/*
 * Pid 1 that closes connections for whose end there is no memory: the n-th allocation of close() is refused
 * (CONFIG_FAULT_INJECTION, /proc/PID/fail-nth), n = 1, 2, 3 until none is refused any more.  The other end has
 * closed already, so that the kernel only has to say that this end closes too.  A connection that is left
 * in LAST_ACK then, longer than the kernel tries again, stays for ever, and nobody owns it.
 *
 *	orphan: refusal 1 of close(): ended
 *	orphan: done, 3 refusals
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attempt.h"
#include "interface.h"
#include "nodes.h"

#define REFUSALS_MAX	20
#define LAST_ACK	"09"	/* include/net/tcp_states.h, as /proc/net/tcp shows it */
#define STATE_FIELD	4	/* its place there, from 1 */
/* The first repetition comes after 200 ms (TCP_RTO_MIN); this many are given time to come. */
#define LOOKS		20
#define LOOK_US		200000

static int nth_fd;

static void end(const char *what)
{
	dprintf(1, "orphan: %s: %s\n", what, strerror(errno));
	sync();
	reboot(RB_POWER_OFF);
}

/* @nth: 0 refuses nothing any more.  What was left of it: 0 when the refusal came. */
static unsigned int refuse(unsigned int nth)
{
	char text[16] = "";
	int length = snprintf(text, sizeof(text), "%u", nth);
	char before[16] = "";

	if (pread(nth_fd, before, sizeof(before) - 1, 0) <= 0 || pwrite(nth_fd, text, (size_t)length, 0) != length)
		end("fail-nth");
	return (unsigned int)strtoul(before, NULL, 10);
}

/* This end of a connection whose other end has closed. */
static int half_closed(void)
{
	struct sockaddr_in name = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(name);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int other = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), fd = -1;
	char byte;

	if (listener >= 0 && !bind(listener, (struct sockaddr *)&name, size) && !listen(listener, 1) &&
	    !getsockname(listener, (struct sockaddr *)&name, &size) &&
	    !connect(other, (struct sockaddr *)&name, size))
		fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	attempt_close(other);
	attempt_close(listener);
	if (fd < 0 || read(fd, &byte, 1) != 0)
		end("a connection");
	return fd;
}

static bool has_last_ack(void)
{
	static char table[4096];
	int fd = open("/proc/net/tcp", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, table, sizeof(table) - 1);
	char *line, *rest = table, *field;

	attempt_close(fd);
	if (got <= 0)
		end("/proc/net/tcp");
	table[got] = '\0';
	while ((line = strsep(&rest, "\n"))) {
		for (int at = 0; (field = strsep(&line, " ")); ) {
			if (*field && ++at == STATE_FIELD && !strcmp(field, LAST_ACK))
				return true;
		}
	}
	return false;
}

static const char *what_became_of_it(void)
{
	for (int look = 0; look < LOOKS; look++) {
		if (!has_last_ack())
			return "ended";
		usleep(LOOK_US);
	}
	return "left";
}

int main(void)
{
	unsigned int nth;

	nodes_make_world();
	if (interface_raise("lo", "127.0.0.1", "255.0.0.0"))
		end("lo");
	nth_fd = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	for (nth = 1; nth <= REFUSALS_MAX; nth++) {
		int fd = half_closed();

		refuse(nth);
		close(fd);
		if (refuse(0))
			break;
		dprintf(1, "orphan: refusal %u of close(): %s\n", nth, what_became_of_it());
	}
	dprintf(1, "orphan: done, %u refusals\n", nth - 1);
	sync();
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
