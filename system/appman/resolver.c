// SPDX-License-Identifier: Apache-2.0
/* The socket by which networkd tells the addresses of names. */

#include <errno.h>
#include <linux/spherule.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "abi/errors.h"
#include "abi/resolver.h"
#include "console.h"
#include "firewall/firewall.h"
#include "limits.h"
#include "resolver.h"

static const struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = RESOLVER_PATH };
static int listener = -1, peer = -1;

int resolver_open(void)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -errno;
	unlink(RESOLVER_PATH);
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ||
	    chmod(RESOLVER_PATH, 0600) < 0 || listen(fd, 1) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	listener = fd;
	return fd;
}

int resolver_give(uid_t uid)
{
	return chown(RESOLVER_PATH, uid, 0) < 0 ? -errno : 0;
}

/* As the LSM says it of whoever called connect(); a user id could be had in other ways. */
static int is_networkd(int fd)
{
	static const char wanted[] = "CID: " SYSTEM_APP_NETWORKD "\n";
	char identity[SPHERULE_IDENTITY_BYTES + 1] = { 0 };
	socklen_t length = SPHERULE_IDENTITY_BYTES;

	return getsockopt(fd, SOL_SOCKET, SO_PEERSEC, identity, &length) == 0 &&
	       !strncasecmp(identity, wanted, strlen(wanted));
}

static void hang_up(void)
{
	if (peer >= 0)
		close(peer);
	peer = -1;
}

/* One for each turn: who connects without end has the event loop go round, no more. */
int resolver_accept(void)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0)
		return peer;
	if (!is_networkd(fd)) {
		close(fd);
		return peer;
	}
	hang_up();
	peer = fd;
	return peer;
}

static int tell_firewall(const struct resolver_answer *answer)
{
	int entries = 0;

	for (size_t i = 0; i < answer->address_count; i++) {
		int result = firewall_add_answer(answer->name, answer->name_length,
						 answer->addresses[i], answer->ttl_s);

		if (result < 0)
			return result;
		entries = result;
	}
	return entries;
}

/* Returns 0, or -1 when the connection is to end. */
static int receive_one(void)
{
	uint8_t bytes[RESOLVER_MESSAGE_MAX];
	struct resolver_answer answer;
	struct resolver_reply reply;
	ssize_t length = recv(peer, bytes, sizeof(bytes), MSG_TRUNC);

	if (length < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (length <= 0 || resolver_parse_answer(bytes, (size_t)length, &answer))
		return -1;
	reply = (struct resolver_reply){ answer.id, tell_firewall(&answer) };
	length = (ssize_t)resolver_format_reply(&reply, bytes);
	return send(peer, bytes, (size_t)length, MSG_NOSIGNAL) == length ? 0 : -1;
}

int resolver_receive(void)
{
	if (peer >= 0 && receive_one())
		hang_up();
	return peer;
}
