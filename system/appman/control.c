// SPDX-License-Identifier: Apache-2.0
/* The control socket. */

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "abi/control.h"
#include "abi/errors.h"
#include "console.h"
#include "control.h"
#include "control_peers.h"
#include "firewall/firewall.h"
#include "installed.h"
#include "memory.h"
#include "peer.h"
#include "records.h"
#include "safe_mode.h"
#include "supervise.h"

#define NOBODY	CONTROL_CLIENTS_MAX

static struct client {
	int fd;				/* -1: this place is free */
	unsigned int rights;		/* CONTROL_MAY_* */
	unsigned int watches;		/* CONTROL_WATCH_* */
	const struct app *app;		/* its own place in the table: system apps stay */
} clients[CONTROL_CLIENTS_MAX];

static int listener = -1;
static size_t installer = NOBODY;	/* whose installation is under way */

/* One byte more than the largest request, so that a larger one is seen. */
static union {
	struct control_request request;
	uint8_t bytes[sizeof(struct control_request) + CONTROL_DATA_MAX + 1];
} packet;

static struct {
	struct control_reply head;
	union {
		struct control_app app;
		struct control_memory memory;
		struct control_record end;
	} record;
} answer;

/* ---- Peers --------------------------------------------------------------- */

int control_open(void)
{
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		clients[i].fd = -1;
	listener = peer_listen(CONTROL_SOCKET, CONTROL_CLIENTS_MAX);
	return listener;
}

/* An OEM app may have any component id that is not taken: only what the OS brings counts. */
static const struct app *find_peer(int fd)
{
	const struct app *app = peer_app(fd);

	return app && app->is_system && control_rights(app->id) ? app : NULL;
}

static void drop(struct client *client)
{
	if (client->fd >= 0)
		close(client->fd);
	if (installer == (size_t)(client - clients)) {
		installed_abort();
		installer = NOBODY;
	}
	*client = (struct client){ .fd = -1 };
}

static void take_in(int fd)
{
	const struct app *app = find_peer(fd);

	for (size_t i = 0; app && i < CONTROL_CLIENTS_MAX; i++) {
		if (clients[i].fd >= 0)
			continue;
		clients[i] = (struct client){ .fd = fd, .rights = control_rights(app->id), .app = app };
		return;
	}
	close(fd);
}

void control_accept(void)
{
	for (int i = 0; i < CONTROL_BURST; i++) {
		int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0)
			return;
		take_in(fd);
	}
}

void control_sources(struct pollfd sources[CONTROL_CLIENTS_MAX])
{
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		sources[i] = (struct pollfd){ .fd = clients[i].fd, .events = POLLIN };
}

/* ---- Answers ------------------------------------------------------------- */

static void send_answer(struct client *client)
{
	const size_t bytes = sizeof(answer.head) + answer.head.record_bytes;

	if (send(client->fd, &answer, bytes, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)bytes)
		drop(client);
}

static void set_error(uint32_t number, const char *reason)
{
	answer.head.error = number;
	answer.head.record_bytes = 0;
	snprintf(answer.head.reason, sizeof(answer.head.reason), "%s", reason);
}

static void set_failure(int err)
{
	if (err == -EBUSY)
		set_error(E_CONTROL_BUSY, "another installation is under way");
	else if (err)
		set_error(E_CONTROL_FAILED, strerror(-err));
}

static void set_app(const struct app *app)
{
	struct control_app *record = &answer.record.app;

	memset(record, 0, sizeof(*record));
	image_uuid_parse(app->id, strlen(app->id), record->component_id);
	memcpy(record->name, app->name, sizeof(record->name));
	snprintf(record->state, sizeof(record->state), "%s", app_state_name(app->state));
	record->is_system = app->is_system;
	record->pid = (uint32_t)app->pid;
	record->uid = app->uid;
	record->restarts = app->restarts;
	record->image_bytes = app->image_bytes;
	if (app->pid)
		record->run_ms = (uint32_t)(console_now_ms() - app->started_ms);
	answer.head.record_bytes = sizeof(*record);
}

/* ---- Commands ------------------------------------------------------------ */

static void answer_app(const struct app *app)
{
	struct control_app *record = &answer.record.app;
	struct firewall_counters counters;

	set_app(app);
	firewall_read_counters(app->uid, &counters);	/* all 0 when it fails */
	record->sent = (uint32_t)counters.sent.packets;
	record->received = (uint32_t)counters.received.packets;
	record->refused = (uint32_t)counters.refused.packets;
}

static struct app *named_app(void)
{
	char id[IMAGE_UUID_TEXT_BYTES];
	struct app *app;

	image_uuid_format(packet.request.component_id, id);
	app = app_by_id(id);
	if (!app)
		set_error(E_CONTROL_ABSENT, "no app with this component id is installed");
	return app;
}

static void list(struct client *client, size_t bytes)
{
	uint32_t number = packet.request.value;

	(void)client;
	(void)bytes;
	for_each_app(app) {
		if (number-- == 0) {
			answer_app(app);
			return;
		}
	}
	set_error(E_CONTROL_ABSENT, "there are no more apps");
}

static void status(struct client *client, size_t bytes)
{
	const struct app *app = named_app();

	(void)client;
	(void)bytes;
	if (app)
		answer_app(app);
}

static void start(struct client *client, size_t bytes)
{
	struct app *app = named_app();

	(void)client;
	(void)bytes;
	if (!app)
		return;
	if (safe_mode_is_on() && !app->is_system)
		set_error(E_CONTROL_STATE, "the device is in safe mode");
	else if (app->state == APP_STOPPED || app->state == APP_WAITING)
		supervise_start(app, console_now_ms());
	else if (app->state != APP_RUNNING)
		set_error(E_CONTROL_STATE, "the app cannot be started in its state");
}

static void stop_then(enum app_after after)
{
	struct app *app = named_app();

	if (!app)
		return;
	if (app->state == APP_REFUSED || app->state == APP_LEAVING ||
	    (app->state == APP_STOPPING && app->after > AFTER_RESTART))
		set_error(E_CONTROL_STATE, "the app cannot be stopped in its state");
	else
		supervise_stop(app, after, console_now_ms());
}

static void stop(struct client *client, size_t bytes)
{
	(void)client;
	(void)bytes;
	stop_then(AFTER_NOTHING);
}

static void restart(struct client *client, size_t bytes)
{
	(void)client;
	(void)bytes;
	stop_then(AFTER_RESTART);
}

static void memory(struct client *client, size_t bytes)
{
	struct memory_usage usage;
	const int err = memory_measure(&usage);

	(void)client;
	(void)bytes;
	set_failure(err);
	if (err)
		return;
	answer.record.memory = (struct control_memory){ .total_kib = (uint32_t)usage.total_kib,
							.used_kib = (uint32_t)usage.used_kib,
							.is_safe_mode = safe_mode_is_on() };
	answer.head.record_bytes = sizeof(answer.record.memory);
}

static void records(struct client *client, size_t bytes)
{
	const struct control_record *end = records_get(packet.request.value);

	(void)client;
	(void)bytes;
	if (!end) {
		set_error(E_CONTROL_ABSENT, "there are no more records");
		return;
	}
	answer.record.end = *end;
	answer.head.record_bytes = sizeof(*end);
}

static void safe_mode(struct client *client, size_t bytes)
{
	(void)client;
	(void)bytes;
	safe_mode_set(packet.request.flags & CONTROL_SAFE_MODE_ON, console_now_ms());
}

static void watch(struct client *client, size_t bytes)
{
	(void)bytes;
	client->watches = packet.request.flags;
}

static void install_begin(struct client *client, size_t bytes)
{
	int err = -EBUSY;

	(void)bytes;
	if (installer == NOBODY)
		err = installed_begin(packet.request.value);
	if (!err)
		installer = (size_t)(client - clients);
	set_failure(err);
}

static bool is_installer(const struct client *client)
{
	if (installer == (size_t)(client - clients))
		return true;
	set_error(E_CONTROL_STATE, "no installation of this client is under way");
	return false;
}

static void install_data(struct client *client, size_t bytes)
{
	if (is_installer(client))
		set_failure(installed_data(packet.request.value, packet.bytes + sizeof(packet.request),
					   bytes - sizeof(packet.request)));
}

static void install_commit(struct client *client, size_t bytes)
{
	struct installed_refusal refusal;
	int err;

	(void)bytes;
	if (!is_installer(client))
		return;
	err = installed_commit(&refusal, console_now_ms());
	if (err == -EKEYREJECTED)
		set_error(refusal.number, refusal.text);
	else
		set_failure(err);
	installed_abort();
	installer = NOBODY;
}

static void install_abort(struct client *client, size_t bytes)
{
	(void)bytes;
	if (!is_installer(client))
		return;
	installed_abort();
	installer = NOBODY;
}

static void remove_app(struct client *client, size_t bytes)
{
	struct app *app = named_app();

	(void)client;
	(void)bytes;
	if (app)
		set_failure(installed_remove(app, packet.request.flags & CONTROL_REMOVE_STORAGE,
					     console_now_ms()));
}

static void (*const commands[CONTROL_COMMAND_END])(struct client *client, size_t bytes) = {
	[CONTROL_LIST] = list,
	[CONTROL_STATUS] = status,
	[CONTROL_START] = start,
	[CONTROL_STOP] = stop,
	[CONTROL_RESTART] = restart,
	[CONTROL_MEMORY] = memory,
	[CONTROL_WATCH] = watch,
	[CONTROL_INSTALL_BEGIN] = install_begin,
	[CONTROL_INSTALL_DATA] = install_data,
	[CONTROL_INSTALL_COMMIT] = install_commit,
	[CONTROL_INSTALL_ABORT] = install_abort,
	[CONTROL_REMOVE] = remove_app,
	[CONTROL_RECORDS] = records,
	[CONTROL_SAFE_MODE] = safe_mode,
};

static void handle(struct client *client, size_t bytes)
{
	const char *wrong = control_check(&packet.request, bytes);

	memset(&answer, 0, sizeof(answer));
	if (bytes >= sizeof(packet.request)) {
		answer.head.command = packet.request.command;
		answer.head.tag = packet.request.tag;
	}
	if (wrong)
		set_error(E_CONTROL_REQUEST, wrong);
	else if (!(client->rights & control_right_of(packet.request.command)))
		set_error(E_CONTROL_DENIED, "this program may not ask for that");
	else
		commands[packet.request.command](client, bytes);
	send_answer(client);
}

void control_receive(size_t number)
{
	struct client *client = &clients[number];

	for (int i = 0; i < CONTROL_BURST && client->fd >= 0; i++) {
		ssize_t bytes = recv(client->fd, &packet, sizeof(packet), MSG_DONTWAIT);

		if (bytes < 0 && errno == EAGAIN)
			return;
		/* An empty packet reads like the end, and is treated like it. */
		if (bytes <= 0)
			drop(client);
		else
			handle(client, (size_t)bytes);
	}
}

/* ---- Events -------------------------------------------------------------- */

/* Not a client's own doings: one that writes what it hears would never come to an end. */
static void tell(const struct app *app, unsigned int watch_flag)
{
	const size_t bytes = sizeof(answer.head) + answer.head.record_bytes;

	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (clients[i].fd >= 0 && clients[i].app != app && clients[i].watches & watch_flag)
			(void)!send(clients[i].fd, &answer, bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
}

/* A command may be the reason of an event: its answer is not lost by it. */
static void tell_about(const struct app *app, uint32_t command, unsigned int watch_flag,
		       const char *text, size_t length)
{
	const __typeof__(answer) kept = answer;

	memset(&answer.head, 0, sizeof(answer.head));
	answer.head.command = command;
	set_app(app);
	if (length >= sizeof(answer.head.reason))
		length = sizeof(answer.head.reason) - 1;
	memcpy(answer.head.reason, text, length);
	tell(app, watch_flag);
	answer = kept;
}

void control_tell(const struct app *app, const char *what)
{
	tell_about(app, CONTROL_EVENT, CONTROL_WATCH_EVENTS, what, strlen(what));
}

void control_log(const struct app *app, const char *text, size_t length)
{
	tell_about(app, CONTROL_LOG, CONTROL_WATCH_LOG, text, length);
}
