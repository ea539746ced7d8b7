// SPDX-License-Identifier: Apache-2.0
/*
 * An app whose manifest has nothing, and what it tries on its channel to application-manager: what it was
 * not given, packets that are none, more connections than one, more packets than are heard.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <applibs/applications.h>
#include <applibs/eventloop.h>
#include <applibs/lifecycle.h>
#include <applibs/powermanagement.h>
#include <applibs/sysevent.h>

#include "attempt.h"
#include "raw.h"

#define FLOOD		500
#define CROWD		100
#define DEAF		2000	/* far more than both buffers hold */
#define REPLIES_MAX	16

/* ---- What it was not given ----------------------------------------------- */

static int once(uint32_t command, uint32_t value)
{
	int fd = raw_connect(SOCK_SEQPACKET);

	return fd < 0 ? -1 : raw_ask(fd, command, value);
}

static int reboot_raw(void) { return once(APP_CHANNEL_REBOOT, 0); }
static int off_raw(void) { return once(APP_CHANNEL_POWER_DOWN, APP_CHANNEL_NO_WAKE); }
static int memory_raw(void) { return once(APP_CHANNEL_MEMORY, 0); }
static int reset_raw(void) { return once(APP_CHANNEL_RESET_PEAK, 0); }
static int updates_raw(void) { return once(APP_CHANNEL_EVENTS, APP_CHANNEL_ON_UPDATE_READY); }
static int all_events_raw(void) { return once(APP_CHANNEL_EVENTS, APP_CHANNEL_ON_ALL); }
static int memory_event(void) { return once(APP_CHANNEL_EVENTS, APP_CHANNEL_ON_MEMORY_HIGH); }
static int reboot(void) { return PowerManagement_ForceSystemReboot(); }
static int off(void) { return PowerManagement_ForceSystemPowerDown(POWERMANAGEMENT_NO_WAKE); }
static int off_for_a_while(void) { return PowerManagement_ForceSystemPowerDown(60); }
static int memory(void) { return Applications_GetTotalMemoryUsageInKB() ? 0 : -1; }
static int reset(void) { return Applications_ResetPeakMemoryUsage(); }
static int ready(void) { return Lifecycle_Ready(); }
static int alive(void) { return Lifecycle_Alive(); }

static void never(SysEvent_Events event, SysEvent_Status status, const SysEvent_Info *info,
		  void *context)
{
	(void)event;
	(void)status;
	(void)info;
	(void)context;
}

static int updates(void)
{
	return SysEvent_RegisterForEventNotifications(EventLoop_Create(), SysEvent_Events_Mask,
						      never, NULL) ? 0 : -1;
}

/* After having been refused the channel is as good as before, and nothing more is given. */
static int reboot_insists(void)
{
	int fd = raw_connect(SOCK_SEQPACKET);

	for (int i = 0; i < 20; i++)
		if (!raw_ask(fd, APP_CHANNEL_REBOOT, 0) || errno != EACCES)
			return 0;
	if (raw_ask(fd, APP_CHANNEL_EVENTS, 0) < 0)
		return 0;
	return raw_ask(fd, APP_CHANNEL_REBOOT, 0);
}

/* ---- Packets that are none ----------------------------------------------- */

/* The channel ends by it. */
static int packet(size_t bytes, uint32_t command, uint32_t value)
{
	static uint32_t words[1024];
	struct app_channel_message message;
	int fd = raw_connect(SOCK_SEQPACKET);

	words[0] = command;
	words[1] = value;
	if (fd < 0 || send(fd, words, bytes, MSG_NOSIGNAL) < 0)
		return -1;
	return raw_receive(fd, &message);
}

static int no_bytes(void) { return packet(0, 0, 0); }
static int half(void) { return packet(4, APP_CHANNEL_MEMORY, 0); }
static int one_less(void) { return packet(7, APP_CHANNEL_MEMORY, 0); }
static int one_more(void) { return packet(9, APP_CHANNEL_MEMORY, 0); }
static int huge(void) { return packet(4096, APP_CHANNEL_MEMORY, 0); }
static int command_0(void) { return packet(8, 0, 0); }
static int command_behind(void) { return packet(8, APP_CHANNEL_COMMAND_END, 0); }
static int command_event(void) { return packet(8, APP_CHANNEL_EVENT, 0); }
static int command_last(void) { return packet(8, 0xffffffffu, 0); }
static int value_of_none(void) { return packet(8, APP_CHANNEL_MEMORY, 1); }
static int unknown_event(void) { return packet(8, APP_CHANNEL_EVENTS, APP_CHANNEL_ON_ALL + 1); }
static int off_for_0(void) { return packet(8, APP_CHANNEL_POWER_DOWN, 0); }

static int by_type(int type)
{
	int fd = raw_connect(type);

	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

static int by_stream(void) { return by_type(SOCK_STREAM); }
static int by_datagram(void) { return by_type(SOCK_DGRAM); }

/* Whoever had the name first would be asked by all apps. */
static int take_name(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	memcpy(address.sun_path + 1, APP_CHANNEL_SOCKET, sizeof(APP_CHANNEL_SOCKET) - 1);
	return bind(socket(AF_UNIX, SOCK_SEQPACKET, 0), (const struct sockaddr *)&address,
		    offsetof(struct sockaddr_un, sun_path) + sizeof(APP_CHANNEL_SOCKET));
}

static int send_control(int fd, int type, const void *data, size_t bytes)
{
	struct app_channel_request request = { .command = APP_CHANNEL_ALIVE };
	struct iovec part = { &request, sizeof(request) };
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control;
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = CMSG_SPACE(bytes),
	};

	memset(&control, 0, sizeof(control));
	control.align.cmsg_level = SOL_SOCKET;
	control.align.cmsg_type = type;
	control.align.cmsg_len = CMSG_LEN(bytes);
	memcpy(CMSG_DATA(&control.align), data, bytes);
	return sendmsg(fd, &message, MSG_NOSIGNAL) < 0 ? -1 : 0;
}

/* Of pid 1, and of whoever has the next user. */
static int as_another(void)
{
	const struct ucred root = { .pid = 1, .uid = 0, .gid = 0 };

	return send_control(raw_connect(SOCK_SEQPACKET), SCM_CREDENTIALS, &root, sizeof(root));
}

static int as_neighbour(void)
{
	const struct ucred other = { .pid = getpid(), .uid = getuid() + 1, .gid = getgid() };

	return send_control(raw_connect(SOCK_SEQPACKET), SCM_CREDENTIALS, &other, sizeof(other));
}

/* The other end of a pipe that was sent along is nobody's when the packet was read. */
static int file_is_kept(void)
{
	int fd = raw_connect(SOCK_SEQPACKET), ends[2];
	char byte;

	if (pipe(ends) < 0 || send_control(fd, SCM_RIGHTS, &ends[1], sizeof(ends[1])) < 0)
		return -1;
	close(ends[1]);
	if (raw_ask(fd, APP_CHANNEL_EVENTS, 0) < 0)
		return -1;
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	return read(ends[0], &byte, 1) == 0 ? 0 : -1;
}

/* ---- More than one, more than is heard ----------------------------------- */

static int second_connection(void)
{
	int first = raw_connect(SOCK_SEQPACKET), second;

	if (raw_ask(first, APP_CHANNEL_EVENTS, 0) < 0)
		return -1;
	second = raw_connect(SOCK_SEQPACKET);
	return second < 0 ? -1 : raw_ask(second, APP_CHANNEL_EVENTS, 0);
}

static int first_goes_on(void)
{
	int first = raw_connect(SOCK_SEQPACKET);

	for (int i = 0; i < 10; i++)
		if (raw_ask(first, APP_CHANNEL_EVENTS, 0) < 0 || raw_connect(SOCK_SEQPACKET) < 0)
			return -1;
	return raw_ask(first, APP_CHANNEL_EVENTS, 0);
}

/* Closed and made anew at once: pid 1 may not have heard of the end yet. */
static int again(void)
{
	for (int i = 0; i < 50; i++) {
		int fd = raw_connect(SOCK_SEQPACKET);

		if (fd < 0 || raw_ask(fd, APP_CHANNEL_EVENTS, 0) < 0)
			return -1;
		close(fd);
	}
	return 0;
}

static int in_a_child(void)
{
	return raw_ask(raw_connect(SOCK_SEQPACKET), APP_CHANNEL_EVENTS, 0);
}

static int child_beside(void)
{
	if (raw_ask(raw_connect(SOCK_SEQPACKET), APP_CHANNEL_EVENTS, 0) < 0)
		return -1;
	return attempt_in_child(in_a_child);
}

static int flood(void)
{
	int fd = raw_connect(SOCK_SEQPACKET);

	for (int i = 0; i < FLOOD; i++)
		if (raw_send(fd, i % 2 ? APP_CHANNEL_ALIVE : APP_CHANNEL_READY, 0) < 0)
			return -1;
	return raw_ask(fd, APP_CHANNEL_EVENTS, 0);
}

static int crowd(void)
{
	for (int i = 0; i < CROWD; i++) {
		int fd = raw_connect(SOCK_SEQPACKET);

		if (fd < 0)
			return -1;
		close(fd);
	}
	return again();
}

/* Asks and never reads: its channel ends, and nobody waits for it. */
static int deaf_on(int fd)
{
	for (int i = 0; i < DEAF; i++)
		if (raw_send(fd, APP_CHANNEL_EVENTS, 0) < 0)
			return -1;
	return 0;
}

static int deaf(void)
{
	return deaf_on(raw_connect(SOCK_SEQPACKET));
}

/* What it has not read is memory of pid 1: how many replies that can be. */
static int few_replies_wait(void)
{
	struct app_channel_message message;
	int fd = raw_connect(SOCK_SEQPACKET), count = 0;

	if (deaf_on(fd) == 0)
		return -1;
	while (raw_receive(fd, &message) == 0)
		count++;
	errno = E2BIG;
	return count > 0 && count < REPLIES_MAX ? 0 : -1;
}

static const struct attempt attempts[] = {
	{ "AS-19", "restart by application-manager", reboot, EACCES },
	{ "AS-19", "restart by a packet", reboot_raw, EACCES },
	{ "AS-19", "restart, again and again on one channel", reboot_insists, EACCES },
	{ "AS-19", "power off by application-manager", off, EACCES },
	{ "AS-19", "power off by a packet", off_raw, EACCES },
	{ "AS-19", "power off for a while", off_for_a_while, EACCES },
	{ "AS-19", "power off for no time", off_for_0, ECONNRESET },
	{ "AS-26", "figures of memory", memory, EACCES },
	{ "AS-26", "figures of memory by a packet", memory_raw, EACCES },
	{ "AS-26", "set back the peak", reset, EACCES },
	{ "AS-26", "set back the peak by a packet", reset_raw, EACCES },
	{ "AS-26", "be told of updates", updates, EACCES },
	{ "AS-26", "be told of updates by a packet", updates_raw, EACCES },
	{ "AS-26", "be told of everything", all_events_raw, EACCES },
	{ "AS-26", "be told of memory", memory_event, 0 },
	{ "AS-26", "say that it is ready", ready, 0 },
	{ "AS-26", "say that it is well", alive, 0 },
	{ "AS-26", "a packet of 0 bytes", no_bytes, ECONNRESET },
	{ "AS-26", "a packet of 4 bytes", half, ECONNRESET },
	{ "AS-26", "a packet of 7 bytes", one_less, ECONNRESET },
	{ "AS-26", "a packet of 9 bytes", one_more, ECONNRESET },
	{ "AS-26", "a packet of 4096 bytes", huge, ECONNRESET },
	{ "AS-26", "command 0", command_0, ECONNRESET },
	{ "AS-26", "the command behind the last", command_behind, ECONNRESET },
	{ "AS-26", "an event as a command", command_event, ECONNRESET },
	{ "AS-26", "the largest command", command_last, ECONNRESET },
	{ "AS-26", "a value for a command that takes none", value_of_none, ECONNRESET },
	{ "AS-26", "an event that is not there", unknown_event, ECONNRESET },
	{ "AS-26", "connect by a stream", by_stream, ECONNREFUSED },
	{ "AS-26", "connect by datagrams", by_datagram, ECONNREFUSED },
	{ "AS-26", "the name of application-manager's socket", take_name, EADDRINUSE },
	{ "AS-26", "credentials of pid 1", as_another, EPERM },
	{ "AS-26", "credentials of another app", as_neighbour, EPERM },
	{ "AS-26", "a file that is sent along is closed", file_is_kept, 0 },
	{ "AS-26", "a second connection", second_connection, ECONNRESET },
	{ "AS-26", "a second connection by a child", child_beside, ECONNRESET },
	{ "AS-26", "the first connection beside others", first_goes_on, 0 },
	{ "AS-26", "connections one behind the other", again, 0 },
	{ "AS-26", "more packets than are heard", flood, 0 },
	{ "AS-26", "more connections than are heard", crowd, 0 },
	{ "AS-26", "requests without reading", deaf, ECONNRESET },
	{ "AS-26", "few replies wait for who does not read", few_replies_wait, 0 },
	{ "AS-26", "the next connection after all of that", memory_event, 0 },
};

int main(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
	attempt_end("caller");
}
