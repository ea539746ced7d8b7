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
#include "abi/sparse.h"
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

static struct client {
	int fd;				/* -1: this place is free */
	unsigned int rights;		/* CONTROL_MAY_* */
	unsigned int watches;		/* CONTROL_WATCH_* */
	const struct app *app;		/* its own place in the table: system apps stay */
} clients[CONTROL_CLIENTS_MAX];

static int listener = -1;
static const struct client *installer;	/* whose installation is under way, or NULL */

/* One byte more than the largest request, so that a larger one is seen. */
static union {
	struct control_request request;
	uint8_t bytes[sizeof(struct control_request) + CONTROL_DATA_MAX + 1];
} packet SPARSE;

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

static void end_installation(void)
{
	installed_abort();
	installer = NULL;
}

static void drop(struct client *client)
{
	close(client->fd);
	if (installer == client)
		end_installation();
	*client = (struct client){ .fd = -1 };
}

/* One: for the next this is called again. */
void control_accept(void)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	const struct app *app = fd < 0 ? NULL : peer_app(fd);
	/* An OEM app may have any component id that is not taken: only what the OS brings counts. */
	const unsigned int rights = app && app->is_system ? control_rights(app->id) : 0;

	for (size_t i = 0; rights && i < CONTROL_CLIENTS_MAX; i++) {
		if (clients[i].fd >= 0)
			continue;
		clients[i] = (struct client){ .fd = fd, .rights = rights, .app = app };
		return;
	}
	if (fd >= 0)
		close(fd);
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

struct call {
	struct client *client;
	const struct control_request *request;
	const uint8_t *data;
	size_t data_bytes;
	struct app *app;		/* whose component id is in the request; NULL: nobody's */
};

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

static void list(const struct call *call)
{
	uint32_t number = call->request->value;

	for_each_app(app) {
		if (number-- == 0) {
			answer_app(app);
			return;
		}
	}
	set_error(E_CONTROL_ABSENT, "there are no more apps");
}

static void status(const struct call *call)
{
	answer_app(call->app);
}

static void start(const struct call *call)
{
	struct app *app = call->app;

	if (safe_mode_is_on() && !app->is_system)
		set_error(E_CONTROL_STATE, "the device is in safe mode");
	else if (app->state == APP_STOPPED || app->state == APP_WAITING)
		supervise_start(app, console_now_ms());
	else if (app->state != APP_RUNNING)
		set_error(E_CONTROL_STATE, "the app cannot be started in its state");
}

static void stop(const struct call *call)
{
	const bool is_restart = call->request->command == CONTROL_RESTART;
	struct app *app = call->app;

	if (app->state == APP_REFUSED || app->state == APP_LEAVING ||
	    (app->state == APP_STOPPING && app->after > AFTER_RESTART))
		set_error(E_CONTROL_STATE, "the app cannot be stopped in its state");
	else
		supervise_stop(app, is_restart ? AFTER_RESTART : AFTER_NOTHING, console_now_ms());
}

static void memory(const struct call *call)
{
	struct memory_usage usage;
	const int err = memory_measure(&usage);

	(void)call;
	set_failure(err);
	if (err)
		return;
	answer.record.memory = (struct control_memory){ .total_kib = (uint32_t)usage.total_kib,
							.used_kib = (uint32_t)usage.used_kib,
							.is_safe_mode = safe_mode_is_on() };
	answer.head.record_bytes = sizeof(answer.record.memory);
}

static void records(const struct call *call)
{
	const struct control_record *end = records_get(call->request->value);

	if (!end) {
		set_error(E_CONTROL_ABSENT, "there are no more records");
		return;
	}
	answer.record.end = *end;
	answer.head.record_bytes = sizeof(*end);
}

static void safe_mode(const struct call *call)
{
	safe_mode_set(call->request->flags & CONTROL_SAFE_MODE_ON, console_now_ms());
}

static void watch(const struct call *call)
{
	call->client->watches = call->request->flags;
}

static void install_begin(const struct call *call)
{
	const int err = installer ? -EBUSY : installed_begin(call->request->value);

	if (!err)
		installer = call->client;
	set_failure(err);
}

static void install_data(const struct call *call)
{
	set_failure(installed_data(call->request->value, call->data, call->data_bytes));
}

static void install_commit(const struct call *call)
{
	struct installed_refusal refusal;
	const int err = installed_commit(&refusal, console_now_ms());

	(void)call;
	if (err == -EKEYREJECTED)
		set_error(refusal.number, refusal.text);
	else
		set_failure(err);
	end_installation();
}

static void install_abort(const struct call *call)
{
	(void)call;
	end_installation();
}

static void remove_app(const struct call *call)
{
	const bool with_storage = call->request->flags & CONTROL_REMOVE_STORAGE;

	set_failure(installed_remove(call->app, with_storage, console_now_ms()));
}

/* What must be there. */
enum need { NOTHING, AN_APP, OWN_INSTALLATION };

static const struct {
	void (*obey)(const struct call *call);
	enum need need;
} commands[CONTROL_COMMAND_END] = {
	[CONTROL_LIST] = { list, NOTHING },
	[CONTROL_STATUS] = { status, AN_APP },
	[CONTROL_START] = { start, AN_APP },
	[CONTROL_STOP] = { stop, AN_APP },
	[CONTROL_RESTART] = { stop, AN_APP },
	[CONTROL_MEMORY] = { memory, NOTHING },
	[CONTROL_WATCH] = { watch, NOTHING },
	[CONTROL_INSTALL_BEGIN] = { install_begin, NOTHING },
	[CONTROL_INSTALL_DATA] = { install_data, OWN_INSTALLATION },
	[CONTROL_INSTALL_COMMIT] = { install_commit, OWN_INSTALLATION },
	[CONTROL_INSTALL_ABORT] = { install_abort, OWN_INSTALLATION },
	[CONTROL_REMOVE] = { remove_app, AN_APP },
	[CONTROL_RECORDS] = { records, NOTHING },
	[CONTROL_SAFE_MODE] = { safe_mode, NOTHING },
};

static void obey(struct client *client, const struct control_request *request, size_t data_bytes)
{
	const enum need need = commands[request->command].need;
	struct call call = { client, request, packet.bytes + sizeof(*request), data_bytes, NULL };
	char id[IMAGE_UUID_TEXT_BYTES];

	image_uuid_format(request->component_id, id);
	call.app = app_by_id(id);
	if (!(client->rights & control_right_of(request->command)))
		set_error(E_CONTROL_DENIED, "this program may not ask for that");
	else if (need == AN_APP && !call.app)
		set_error(E_CONTROL_ABSENT, "no app with this component id is installed");
	else if (need == OWN_INSTALLATION && installer != client)
		set_error(E_CONTROL_STATE, "no installation of this client is under way");
	else
		commands[request->command].obey(&call);
}

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
	else
		obey(client, &packet.request, bytes - sizeof(packet.request));
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

/*
 * Not a client's own doings: one that writes what it hears would never come to an end.  A command may
 * be the reason of an event: its answer is not lost by it.
 */
static void tell(const struct app *app, uint32_t command, unsigned int watch_flag, const char *text,
		 size_t length)
{
	const size_t bytes = sizeof(answer.head) + sizeof(answer.record.app);
	const __typeof__(answer) kept = answer;

	memset(&answer.head, 0, sizeof(answer.head));
	answer.head.command = command;
	set_app(app);
	if (length >= sizeof(answer.head.reason))
		length = sizeof(answer.head.reason) - 1;
	memcpy(answer.head.reason, text, length);
	for (size_t i = 0; i < CONTROL_CLIENTS_MAX; i++)
		if (clients[i].fd >= 0 && clients[i].app != app && clients[i].watches & watch_flag)
			(void)!send(clients[i].fd, &answer, bytes, MSG_NOSIGNAL | MSG_DONTWAIT);
	answer = kept;
}

void control_tell(const struct app *app, const char *what)
{
	tell(app, CONTROL_EVENT, CONTROL_WATCH_EVENTS, what, strlen(what));
}

void control_log(const struct app *app, const char *text, size_t length)
{
	tell(app, CONTROL_LOG, CONTROL_WATCH_LOG, text, length);
}
