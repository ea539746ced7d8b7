// SPDX-License-Identifier: MIT
/*
 * The channel: requests by send and recv, events by way of the caller's loop.
 *
 * Each listener has a descriptor of its own for the same socket, because a
 * loop takes each only once; whoever is called reads for all.  An event that
 * is met while a reply is waited for is asked for again, so that it wakes the
 * loop and no callback runs inside of another call.
 */
#include "channel.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct listener {
	EventLoop *el;
	EventRegistration *reg; /* NULL: the place is free */
	int fd;
	uint32_t events;
	channel_deliver *deliver;
};

static struct listener listeners[CHANNEL_LISTENERS];
static int channel_fd = -1;

static int fail(int error)
{
	errno = error;
	return -1;
}

static int open_channel(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const socklen_t length =
		offsetof(struct sockaddr_un, sun_path) + sizeof(APP_CHANNEL_SOCKET);
	int error;

	if (channel_fd >= 0)
		return 0;
	memcpy(address.sun_path + 1, APP_CHANNEL_SOCKET,
	       sizeof(APP_CHANNEL_SOCKET) - 1);
	channel_fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (channel_fd < 0)
		return -1;
	if (connect(channel_fd, (const struct sockaddr *)&address, length) == 0)
		return 0;
	error = errno;
	close(channel_fd);
	channel_fd = -1;
	return fail(error);
}

/* Registrations stay, without a descriptor: loops forget what is closed. */
static void close_channel(void)
{
	for (int i = 0; i < CHANNEL_LISTENERS; i++) {
		if (listeners[i].reg && listeners[i].fd >= 0)
			close(listeners[i].fd);
		listeners[i].fd = -1;
	}
	if (channel_fd >= 0)
		close(channel_fd);
	channel_fd = -1;
}

int applibs_channel_send(uint32_t command, uint32_t value)
{
	const struct app_channel_request request = { command, value };
	ssize_t sent;

	if (open_channel() < 0)
		return -1;
	do {
		sent = send(channel_fd, &request, sizeof(request), MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	if (sent == (ssize_t)sizeof(request))
		return 0;
	close_channel();
	return fail(ECONNRESET);
}

/* The next message; false when there is none, or no channel any more. */
static bool receive(struct app_channel_message *message, int flags)
{
	ssize_t got;

	do {
		got = recv(channel_fd, message, sizeof(*message), flags);
	} while (got < 0 && errno == EINTR);
	if (got == (ssize_t)sizeof(*message))
		return true;
	if (got >= 0 || errno != EAGAIN)
		close_channel();
	return false;
}

int applibs_channel_ask(uint32_t command, uint32_t value,
		struct app_channel_memory *memory)
{
	struct app_channel_message message;
	bool missed = false;

	if (applibs_channel_send(command, value) < 0)
		return -1;
	for (;;) {
		if (!receive(&message, 0))
			return fail(ECONNRESET);
		if (message.command == command)
			break;
		missed = missed || message.command == APP_CHANNEL_EVENT;
	}
	if (missed)
		applibs_channel_send(APP_CHANNEL_TAKEN, 0);
	if (memory)
		*memory = message.memory;
	return message.result ? fail(-message.result) : 0;
}

/* What is taken before it is delivered may come again meanwhile. */
static void dispatch(EventLoop *el, int fd, EventLoop_IoEvents events,
		     void *context)
{
	struct app_channel_message message;

	(void)el;
	(void)fd;
	(void)events;
	(void)context;
	if (!receive(&message, MSG_DONTWAIT) ||
	    message.command != APP_CHANNEL_EVENT)
		return;
	applibs_channel_send(APP_CHANNEL_TAKEN, message.events);
	for (int i = 0; i < CHANNEL_LISTENERS; i++)
		if (listeners[i].reg && listeners[i].events & message.events)
			listeners[i].deliver(listeners[i].events & message.events,
					     &message.memory);
}

static uint32_t all_events(void)
{
	uint32_t events = 0;

	for (int i = 0; i < CHANNEL_LISTENERS; i++)
		events |= listeners[i].reg ? listeners[i].events : 0;
	return events;
}

EventRegistration *applibs_channel_listen(enum channel_listener who, EventLoop *el,
				  uint32_t events, channel_deliver *deliver)
{
	struct listener *listener = &listeners[who];
	struct listener new = { el, NULL, -1, events, deliver };
	int error;

	if (!el || listener->reg) {
		errno = el ? EEXIST : EFAULT;
		return NULL;
	}
	if (applibs_channel_ask(APP_CHANNEL_EVENTS, all_events() | events, NULL) < 0)
		return NULL;
	new.fd = dup(channel_fd);
	if (new.fd >= 0)
		new.reg = EventLoop_RegisterIo(el, new.fd, EventLoop_Input,
					       dispatch, NULL);
	if (new.reg) {
		*listener = new;
		return new.reg;
	}
	error = errno;
	if (new.fd >= 0)
		close(new.fd);
	applibs_channel_ask(APP_CHANNEL_EVENTS, all_events(), NULL);
	errno = error;
	return NULL;
}

int applibs_channel_end(enum channel_listener who, EventRegistration *reg)
{
	struct listener *listener = &listeners[who];

	if (!reg)
		return 0;
	if (reg != listener->reg)
		return fail(EINVAL);
	EventLoop_UnregisterIo(listener->el, reg);
	if (listener->fd >= 0)
		close(listener->fd);
	*listener = (struct listener){ .fd = -1 };
	if (channel_fd >= 0)
		applibs_channel_ask(APP_CHANNEL_EVENTS, all_events(), NULL);
	return 0;
}
