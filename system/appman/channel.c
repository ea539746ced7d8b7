// SPDX-License-Identifier: Apache-2.0
/* The channels of apps. */

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "abi/app_channel.h"
#include "abi/manifest.h"
#include "cgroups.h"
#include "channel.h"
#include "console.h"
#include "deadline.h"
#include "limits.h"
#include "peer.h"
#include "power.h"
#include "supervise.h"

static struct channel {
	int fd;				/* -1: the app has none */
	int peak_fd;			/* of cgroups_reset_peak(), or -1 */
	uint32_t wanted, waiting;	/* APP_CHANNEL_ON_* */
	bool is_told;			/* of something that it has not taken yet */
	long long rests_until_ms;	/* -1: it is heard at once */
} channels[CHANNEL_SOURCES];

/* The last of them is the socket on which apps come: whoever comes too often is heard less often, too. */
static struct channel *const listener = &channels[APP_MAX];
static const struct channel nothing = { .fd = -1, .peak_fd = -1, .rests_until_ms = -1 };

/* ---- Coming and going ---------------------------------------------------- */

int channel_open(void)
{
	for (size_t i = 0; i < CHANNEL_SOURCES; i++)
		channels[i] = nothing;
	listener->fd = peer_listen(APP_CHANNEL_SOCKET, CHANNEL_BACKLOG);
	return listener->fd < 0 ? listener->fd : 0;
}

static void close_both(struct channel *channel)
{
	if (channel->fd >= 0)
		close(channel->fd);
	if (channel->peak_fd >= 0)
		close(channel->peak_fd);
	*channel = nothing;
}

void channel_close(const struct app *app)
{
	close_both(&channels[app - apps]);
}

/* A channel whose end we have not heard of yet is not in the way of the next one. */
static void end_if_left(size_t number)
{
	struct pollfd source = { .fd = channels[number].fd };

	if (poll(&source, 1, 0) <= 0 || !(source.revents & POLLHUP))
		return;
	channel_receive(number);
	close_both(&channels[number]);
}

/*
 * Whether one has come.  What waits for an app is our memory, not the app's: there is room for some
 * replies only.
 */
static bool accept_one(void)
{
	static const int room = CHANNEL_ROOM_BYTES;
	int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	const struct app *app = fd < 0 ? NULL : peer_app(fd);
	struct channel *channel = app && app->state == APP_RUNNING ? &channels[app - apps] : NULL;

	if (fd < 0)
		return false;
	if (channel && channel->fd >= 0)
		end_if_left((size_t)(app - apps));
	if (channel && channel->fd < 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room)) == 0)
		channel->fd = fd;
	else
		close(fd);
	return true;
}

long long channel_sources(struct pollfd sources[CHANNEL_SOURCES], long long now_ms)
{
	long long next_ms = -1;

	for (size_t i = 0; i < CHANNEL_SOURCES; i++) {
		if (deadline_is_over(channels[i].rests_until_ms, now_ms))
			channels[i].rests_until_ms = -1;
		sources[i] = (struct pollfd){ .fd = channels[i].fd, .events = POLLIN };
		if (channels[i].rests_until_ms >= 0)
			sources[i].fd = -1;
		next_ms = deadline_earlier(next_ms, channels[i].rests_until_ms);
	}
	return next_ms;
}

/* ---- To the app ---------------------------------------------------------- */

static void send_message(struct channel *channel, const struct app_channel_message *message)
{
	if (send(channel->fd, message, sizeof(*message), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
		close_both(channel);
}

/* One at a time: who does not read has one event in its buffer. */
static void send_event(const struct app *app, struct channel *channel)
{
	struct app_channel_message message = { .command = APP_CHANNEL_EVENT };

	message.events = channel->waiting & channel->wanted;
	if (channel->fd < 0 || channel->is_told || !message.events)
		return;
	channel->is_told = true;
	cgroups_measure(app, channel->peak_fd, &message.memory);
	send_message(channel, &message);
}

void channel_tell(const struct app *app, uint32_t events)
{
	channels[app - apps].waiting |= events;
	send_event(app, &channels[app - apps]);
}

/* ---- From the app -------------------------------------------------------- */

struct call {
	struct app *app;
	struct channel *channel;
	uint32_t value;
	struct app_channel_message *message;
};

static int ready(const struct call *call)
{
	supervise_ready(call->app, console_now_ms());
	return 0;
}

static int alive(const struct call *call)
{
	supervise_alive(call->app, console_now_ms());
	return 0;
}

static int want_events(const struct call *call)
{
	if (call->value & APP_CHANNEL_ON_UPDATES &&
	    !(call->app->flags & MANIFEST_SYSTEM_EVENT_NOTIFICATIONS))
		return -EACCES;
	call->channel->wanted = call->value;
	call->channel->is_told = false;
	return 0;
}

static int take_events(const struct call *call)
{
	call->channel->waiting &= ~call->value;
	call->channel->is_told = false;
	return 0;
}

static int measure(const struct call *call)
{
	return cgroups_measure(call->app, call->channel->peak_fd, &call->message->memory);
}

static int reset_peak(const struct call *call)
{
	return cgroups_reset_peak(call->app, &call->channel->peak_fd);
}

/* Who wants to wake up again would be off for ever: no board has a clock that can do that. */
static int end_device(const struct call *call)
{
	const bool off = call->message->command == APP_CHANNEL_POWER_DOWN;
	char why[IMAGE_NAME_BYTES + 32];

	if (off && call->value != APP_CHANNEL_NO_WAKE)
		return -ENOTSUP;
	snprintf(why, sizeof(why), "%s wants the device %s", call->app->name,
		 off ? "switched off" : "restarted");
	power_want(off ? POWER_OFF : POWER_RESET, why);
	return 0;
}

static const struct {
	int (*obey)(const struct call *call);
	bool is_answered;
	uint32_t flag, power;		/* of the manifest, without which it is refused */
} commands[APP_CHANNEL_COMMAND_END] = {
	[APP_CHANNEL_READY] = { ready, false, 0, 0 },
	[APP_CHANNEL_ALIVE] = { alive, false, 0, 0 },
	[APP_CHANNEL_EVENTS] = { want_events, true, 0, 0 },
	[APP_CHANNEL_TAKEN] = { take_events, false, 0, 0 },
	[APP_CHANNEL_MEMORY] = { measure, true, MANIFEST_HEAP_MEM_STATS, 0 },
	[APP_CHANNEL_RESET_PEAK] = { reset_peak, true, MANIFEST_RESET_MEMORY_WATERMARKS, 0 },
	[APP_CHANNEL_REBOOT] = { end_device, true, 0, MANIFEST_FORCE_REBOOT },
	[APP_CHANNEL_POWER_DOWN] = { end_device, true, 0, MANIFEST_FORCE_POWER_DOWN },
};

static void obey(struct app *app, struct channel *channel, const struct app_channel_request *request)
{
	const uint32_t command = request->command;
	struct app_channel_message message = { .command = command, .result = -EACCES };
	const struct call call = { app, channel, request->value, &message };

	if ((app->flags & commands[command].flag) == commands[command].flag &&
	    (app->power_controls & commands[command].power) == commands[command].power)
		message.result = commands[command].obey(&call);
	if (commands[command].is_answered)
		send_message(channel, &message);
	send_event(app, channel);
}

/* Whether there was something. */
static bool receive_one(struct app *app, struct channel *channel)
{
	struct app_channel_request request;
	ssize_t bytes = recv(channel->fd, &request, sizeof(request), MSG_DONTWAIT | MSG_TRUNC);

	if (bytes < 0 && errno == EAGAIN)
		return false;
	/* An end, an error, or a packet that is no request. */
	if (bytes < 0 || app_channel_check(&request, (size_t)bytes))
		close_both(channel);
	else
		obey(app, channel, &request);
	return true;
}

void channel_receive(size_t number)
{
	struct channel *channel = &channels[number];

	for (int i = 0; i < CHANNEL_BURST && channel->fd >= 0; i++)
		if (!(channel == listener ? accept_one() : receive_one(&apps[number], channel)))
			return;
	if (channel->fd >= 0)
		channel->rests_until_ms = console_now_ms() + CHANNEL_REST_MS;
}
