// SPDX-License-Identifier: Apache-2.0
/*
 * Stands where networkd will stand: takes questions on port 53 of the device, asks the server
 * outside, tells application-manager the addresses, waits for its reply and hands out the answer.
 */

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "abi/resolver.h"
#include "attempt.h"
#include "guest.h"
#include "interface.h"
#include "plan.h"
#include "reach.h"

#define DNS_HEAD_BYTES	12

static int manager;

/* The name of the one question in @message, with dots; and where the answers begin. */
static size_t read_name(const unsigned char *message, size_t length, struct resolver_answer *answer)
{
	size_t at = DNS_HEAD_BYTES, to = 0;

	while (at < length && message[at] && to + message[at] + 1 < sizeof(answer->name) &&
	       at + message[at] < length) {
		if (to)
			answer->name[to++] = '.';
		memcpy(answer->name + to, message + at + 1, message[at]);
		to += message[at];
		at += message[at] + 1u;
	}
	answer->name_length = (uint8_t)to;
	return at + 5;
}

/* Behind a name, which may end in a pointer. */
static size_t skip_name(const unsigned char *message, size_t length, size_t at)
{
	while (at < length && message[at] && message[at] < 0xc0)
		at += message[at] + 1u;
	return at < length && message[at] ? at + 2 : at + 1;
}

/* Behind each name: type, class, time to live, length, address. */
static void read_addresses(const unsigned char *message, size_t length, size_t at,
			   struct resolver_answer *answer)
{
	for (at = skip_name(message, length, at);
	     at + 14 <= length && answer->address_count < RESOLVER_ADDRESSES_MAX;
	     at = skip_name(message, length, at + 14)) {
		const unsigned char *a = message + at + 10, *t = message + at + 4;

		answer->ttl_s = (uint32_t)t[0] << 24 | (uint32_t)t[1] << 16 | (uint32_t)t[2] << 8 |
				t[3];
		answer->addresses[answer->address_count++] =
			(uint32_t)a[0] << 24 | (uint32_t)a[1] << 16 | (uint32_t)a[2] << 8 | a[3];
	}
}

static int tell_manager(const unsigned char *message, size_t length)
{
	struct resolver_answer answer = { .id = 7 };
	struct resolver_reply reply = { 0 };
	uint8_t bytes[RESOLVER_MESSAGE_MAX];
	ssize_t got;

	read_addresses(message, length, read_name(message, length, &answer), &answer);
	length = resolver_format_answer(&answer, bytes);
	if (!length || send(manager, bytes, length, MSG_NOSIGNAL) != (ssize_t)length)
		return -1;
	got = recv(manager, bytes, sizeof(bytes), 0);
	if (got < 0 || resolver_parse_reply(bytes, (size_t)got, &reply) || reply.id != answer.id)
		return -1;
	dprintf(1, "networkd: %s: %d of %u\n", answer.name, (int)reply.result,
		answer.address_count);
	return reply.result;
}

/* Returns the length of the answer of the server outside, or -1. */
static ssize_t ask(unsigned char *message, size_t length, size_t room)
{
	const struct sockaddr_in to = reach_address(GATEWAY, 53);
	const struct timeval limit = { .tv_sec = LONG_MS / 1000 };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ssize_t got = -1;

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (sendto(fd, message, length, 0, (const struct sockaddr *)&to, sizeof(to)) ==
	    (ssize_t)length)
		got = recv(fd, message, room, 0);
	attempt_close(fd);
	return got;
}

void networkd_resolve(void)
{
	const struct sockaddr_in at = reach_address("127.0.0.1", 53);
	const struct sockaddr_un manager_at = { .sun_family = AF_UNIX, .sun_path = RESOLVER_PATH };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	manager = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (bind(fd, (const struct sockaddr *)&at, sizeof(at)) ||
	    connect(manager, (const struct sockaddr *)&manager_at, sizeof(manager_at))) {
		dprintf(1, "networkd: errno %d\n", errno);
		return;
	}
	dprintf(1, "networkd: ready\n");
	for (;;) {
		struct sockaddr_in from;
		socklen_t room = sizeof(from);
		unsigned char message[512];
		ssize_t length =
			recvfrom(fd, message, sizeof(message), 0, (struct sockaddr *)&from, &room);

		if (length > 0)
			length = ask(message, (size_t)length, sizeof(message));
		if (length > DNS_HEAD_BYTES && tell_manager(message, (size_t)length) >= 0)
			sendto(fd, message, (size_t)length, 0, (struct sockaddr *)&from, room);
	}
}

void networkd_app(void)
{
	if (interface_raise("eth0", DEVICE, "255.255.255.0") || interface_route(GATEWAY))
		dprintf(1, "networkd: cannot raise the network: errno %d\n", errno);
	networkd_resolve();
}
