// SPDX-License-Identifier: Apache-2.0
/*
 * Stands where controld will stand: does what the file /script of its image says, a line each, and
 * prints how it ended: "LINE: ok" or "LINE: E<number> <reason>".
 *
 *	records | safe on | safe off
 *	list | memory | status ID | start ID | stop ID | restart ID | remove ID [storage]
 *	install FILE | half FILE | twice FILE	FILE: a package in the image
 *	until NAME STATE | tried NAME PACKETS | gone NAME | sleep MS | watch FLAGS | events COUNT | hear WORD
 *	begin WORD | again
 *	mark | repeat | leave SECONDS	back to the mark; over the next repeat when that long has passed since the mark
 *	slowest		the longest answer since the last such line
 *	busy MS		runs all the time, so that who looks from outside sees what is then there
 *	raw BYTES COMMAND | crowd N | stuck
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "abi/array.h"
#include "client.h"

#define WORDS_MAX	3
#define UNTIL_MS	30000
#define POLL_MS		20
#define LINE_BYTES	160

static FILE *script;
static long mark_at;
static long long mark_ms;
static int fd = -1;
static struct answer answer;
static char *words[WORDS_MAX];

static void say_result(void)
{
	if (answer.head.error)
		printf("E%lu %s\n", (unsigned long)answer.head.error, answer.head.reason);
	else
		printf("ok\n");
}

static void say_errno(void)
{
	printf("%s\n", errno ? strerror(errno) : "closed");
}

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

/* The longest answer: to what changes the set of images in flash, and to all else. */
static struct answer_time {
	long long ms;
	uint32_t command;
} slowest_flash, slowest_other;

static void note_time(uint32_t command, long long took_ms)
{
	const bool is_flash = command == CONTROL_REMOVE || (command >= CONTROL_INSTALL_BEGIN &&
							    command <= CONTROL_INSTALL_COMMIT);
	struct answer_time *slowest = is_flash ? &slowest_flash : &slowest_other;

	if (took_ms > slowest->ms)
		*slowest = (struct answer_time){ took_ms, command };
}

static int ask(struct control_request *request, const void *data, size_t bytes)
{
	long long asked_ms = now_ms();

	if (fd < 0)
		fd = client_connect();
	if (fd >= 0 && !client_ask(fd, request, data, bytes, &answer)) {
		note_time(request->command, now_ms() - asked_ms);
		return 0;
	}
	say_errno();
	close(fd);
	fd = -1;
	return -1;
}

static void ask_and_say(struct control_request *request)
{
	if (!ask(request, NULL, 0))
		say_result();
}

static void simple(uint32_t command)
{
	struct control_request request = { .command = command };

	if (words[1] && image_uuid_parse(words[1], strlen(words[1]), request.component_id))
		printf("bad id\n");
	else
		ask_and_say(&request);
}

static void start(void)
{
	simple(CONTROL_START);
}

static void stop(void)
{
	simple(CONTROL_STOP);
}

static void restart(void)
{
	simple(CONTROL_RESTART);
}

static void print_app(const struct control_app *app)
{
	printf("%s %s %s pid %lu uid %lu restarts %lu image %lu", app->name, app->state,
	       app->is_system ? "system" : "oem", (unsigned long)app->pid,
	       (unsigned long)app->uid, (unsigned long)app->restarts,
	       (unsigned long)app->image_bytes);
	printf(" sent %lu received %lu refused %lu\n", (unsigned long)app->sent,
	       (unsigned long)app->received, (unsigned long)app->refused);
}

static void status(void)
{
	simple(CONTROL_STATUS);
	if (!answer.head.error)
		print_app(&answer.record.app);
}

/* Looks at each app until @look says that it is enough, or the list has ended. */
static int for_each_app(int (*look)(const struct control_app *app))
{
	struct control_request request = { .command = CONTROL_LIST };

	for (;; request.value++) {
		if (ask(&request, NULL, 0) || answer.head.error)
			return 0;
		if (look(&answer.record.app))
			return 1;
	}
}

static int print_and_go_on(const struct control_app *app)
{
	print_app(app);
	return 0;
}

static void list(void)
{
	for_each_app(print_and_go_on);
	say_result();
}

static int has_name(const struct control_app *app)
{
	return !strcmp(app->name, words[1]);
}

static int has_state(const struct control_app *app)
{
	return has_name(app) && !strcmp(app->state, words[2]);
}

static int has_tried(const struct control_app *app)
{
	return has_name(app) && app->sent + app->refused >= strtoul(words[2], NULL, 0);
}

/* Until an app of which @look says so is there, or none is any more. */
static void wait_until(int (*look)(const struct control_app *app), int is_there)
{
	for (int ms = 0; ms < UNTIL_MS; ms += POLL_MS) {
		if (for_each_app(look) == is_there) {
			printf("ok\n");
			return;
		}
		poll(NULL, 0, POLL_MS);
	}
	printf("never\n");
}

static void until(void)
{
	wait_until(has_state, 1);
}

static void tried(void)
{
	wait_until(has_tried, 1);
}

static void gone(void)
{
	wait_until(has_name, 0);
}

static void memory(void)
{
	simple(CONTROL_MEMORY);
	printf("used %lu of %lu KiB%s\n", (unsigned long)answer.record.memory.used_kib,
	       (unsigned long)answer.record.memory.total_kib,
	       answer.record.memory.is_safe_mode ? ", safe mode" : "");
}

static void print_record(const struct control_record *end)
{
	char id[IMAGE_UUID_TEXT_BYTES];

	image_uuid_format(end->component_id, id);
	printf("record %s boot %lu at %lu s ran %lu ms reason %u code %u signal %u peak %lu KiB pc %u:%08lx lr %u:%08lx\n",
	       id, (unsigned long)end->boot, (unsigned long)end->time_s,
	       (unsigned long)end->ran_ms, end->reason, end->code, end->signal,
	       (unsigned long)end->peak_kib, end->where & CONTROL_WHERE_MASK,
	       (unsigned long)end->pc, end->where >> CONTROL_WHERE_LR_SHIFT,
	       (unsigned long)end->lr);
}

static void records(void)
{
	struct control_request request = { .command = CONTROL_RECORDS };

	for (; !ask(&request, NULL, 0) && !answer.head.error; request.value++)
		print_record(&answer.record.end);
	say_result();
}

static void safe(void)
{
	struct control_request request = { .command = CONTROL_SAFE_MODE };

	request.flags = strcmp(words[1], "on") ? 0 : CONTROL_SAFE_MODE_ON;
	ask_and_say(&request);
}

static void remove_app(void)
{
	struct control_request request = { .command = CONTROL_REMOVE };

	request.flags = words[2] ? CONTROL_REMOVE_STORAGE : 0;
	if (image_uuid_parse(words[1], strlen(words[1]), request.component_id))
		printf("bad id\n");
	else
		ask_and_say(&request);
}

static void watch(void)
{
	struct control_request request = { .command = CONTROL_WATCH };

	request.flags = (uint32_t)strtoul(words[1], NULL, 0);
	ask_and_say(&request);
}

static void events(void)
{
	struct pollfd source = { .fd = fd, .events = POLLIN };
	unsigned long count = strtoul(words[1], NULL, 0);

	while (count-- && poll(&source, 1, UNTIL_MS) > 0 && !client_receive(fd, &answer))
		client_print_event(&answer);
	printf("ok\n");
}

/* Until an app logs, or an event says, WORD. */
static void hear(void)
{
	struct pollfd source = { .fd = fd, .events = POLLIN };

	while (poll(&source, 1, UNTIL_MS) > 0 && !client_receive(fd, &answer)) {
		client_print_event(&answer);
		if (strstr(answer.head.reason, words[1])) {
			printf("ok\n");
			return;
		}
	}
	printf("never\n");
}

/* For a test that cuts the power: what follows has begun. */
static void begin(void)
{
	printf("ok\n");
}

/* The script, from its start. */
static void again(void)
{
	rewind(script);
	printf("ok\n");
}

static void mark(void)
{
	mark_at = ftell(script);
	mark_ms = now_ms();
	printf("ok\n");
}

static void repeat(void)
{
	fseek(script, mark_at, SEEK_SET);
	printf("ok\n");
}

static void leave(void)
{
	const bool is_over = (now_ms() - mark_ms) / 1000 >= (long long)strtoul(words[1], NULL, 0);
	char line[LINE_BYTES];

	while (is_over && fgets(line, sizeof(line), script) && strcmp(line, "repeat\n"))
		;
	printf("%s\n", is_over ? "over" : "ok");
}

static void slowest(void)
{
	printf("answer %lld ms to %lu, flash %lld ms to %lu\n", slowest_other.ms,
	       (unsigned long)slowest_other.command, slowest_flash.ms,
	       (unsigned long)slowest_flash.command);
	slowest_other = slowest_flash = (struct answer_time){ 0 };
}

static void busy(void)
{
	const long long end_ms = now_ms() + (long long)strtoul(words[1], NULL, 0);

	while (now_ms() < end_ms)
		;
	printf("ok\n");
}

static void wait_ms(void)
{
	poll(NULL, 0, (int)strtoul(words[1], NULL, 0));
	printf("ok\n");
}

/* ---- Installation -------------------------------------------------------- */

static const uint8_t *map_file(const char *path, size_t *bytes)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	struct stat facts;
	void *data = MAP_FAILED;

	if (file >= 0 && !fstat(file, &facts))
		data = mmap(NULL, (size_t)facts.st_size, PROT_READ, MAP_PRIVATE, file, 0);
	if (file >= 0)
		close(file);
	if (data == MAP_FAILED) {
		say_errno();
		return NULL;
	}
	*bytes = (size_t)facts.st_size;
	return data;
}

/* Returns 0 when all of it was taken; else it has said why not. */
static int send_package(const uint8_t *data, size_t bytes, size_t until_bytes)
{
	struct control_request request = { .command = CONTROL_INSTALL_BEGIN };

	request.value = (uint32_t)bytes;
	if (ask(&request, NULL, 0))
		return -1;
	request.command = CONTROL_INSTALL_DATA;
	for (size_t done = 0; !answer.head.error && done < until_bytes;) {
		size_t count = until_bytes - done;

		if (count > CONTROL_DATA_MAX)
			count = CONTROL_DATA_MAX;
		request.value = (uint32_t)done;
		if (ask(&request, data + done, count))
			return -1;
		done += count;
	}
	if (answer.head.error)
		say_result();
	return answer.head.error ? -1 : 0;
}

static void install(void)
{
	struct control_request request = { .command = CONTROL_INSTALL_COMMIT };
	size_t bytes;
	const uint8_t *data = map_file(words[1], &bytes);

	if (!data)
		return;
	if (!send_package(data, bytes, bytes))
		ask_and_say(&request);
	munmap((void *)data, bytes);
}

/* The client dies in the middle. */
static void half(void)
{
	size_t bytes;
	const uint8_t *data = map_file(words[1], &bytes);

	if (!data)
		return;
	if (!send_package(data, bytes, bytes / 2 & ~3ul))
		printf("ok\n");
	munmap((void *)data, bytes);
	close(fd);
	fd = -1;
}

/* A second client while the first is in the middle. */
static void twice(void)
{
	struct control_request request = { .command = CONTROL_INSTALL_BEGIN, .value = 4096 };
	int first = client_connect();
	struct answer ignored;

	if (first < 0 || client_ask(first, &request, NULL, 0, &ignored) || ignored.head.error)
		printf("the first was refused\n");
	else
		install();
	close(first);
}

/* ---- Hostile clients ----------------------------------------------------- */

static void raw(void)
{
	static struct {
		struct control_request request;
		uint8_t data[8192];
	} packet;
	const size_t bytes = strtoul(words[1], NULL, 0);

	packet.request.command = (uint32_t)strtoul(words[2], NULL, 0);
	if (fd < 0)
		fd = client_connect();
	if (send(fd, &packet, bytes, MSG_NOSIGNAL) < 0 || client_receive(fd, &answer)) {
		say_errno();
		close(fd);
		fd = -1;
	} else {
		say_result();
	}
}

/* How many of N connections are answered. */
static void crowd(void)
{
	struct control_request request = { .command = CONTROL_LIST };
	const int count = (int)strtoul(words[1], NULL, 0);
	int fds[32], served = 0;

	for (int i = 0; i < count && i < (int)ARRAY_SIZE(fds); i++) {
		struct answer mine;

		fds[i] = client_connect();
		served += fds[i] >= 0 && !client_ask(fds[i], &request, NULL, 0, &mine);
	}
	for (int i = 0; i < count && i < (int)ARRAY_SIZE(fds); i++)
		if (fds[i] >= 0)
			close(fds[i]);
	printf("%d served\n", served);
}

/* Asks and never reads the answers. */
static void stuck(void)
{
	struct control_request request = { .command = CONTROL_LIST };
	int deaf = client_connect();
	int asked = 0;

	while (deaf >= 0 && asked < 10000 &&
	       send(deaf, &request, sizeof(request), MSG_NOSIGNAL) == sizeof(request))
		asked++;
	printf("%s\n", asked < 10000 && (errno == EPIPE || errno == ECONNRESET) ? "dropped" : strerror(errno));
	close(deaf);
}

static const struct {
	const char *word;
	unsigned int words;		/* at least */
	void (*run)(void);
} verbs[] = {
	{ "records", 1, records }, { "safe", 2, safe }, { "list", 1, list }, { "memory", 1, memory }, { "status", 2, status },
	{ "start", 2, start }, { "stop", 2, stop }, { "restart", 2, restart },
	{ "remove", 2, remove_app }, { "install", 2, install }, { "half", 2, half },
	{ "twice", 2, twice }, { "until", 3, until }, { "tried", 3, tried }, { "gone", 2, gone },
	{ "sleep", 2, wait_ms }, { "watch", 2, watch }, { "events", 2, events }, { "hear", 2, hear },
	{ "begin", 2, begin }, { "again", 1, again }, { "mark", 1, mark }, { "repeat", 1, repeat },
	{ "leave", 2, leave },
	{ "slowest", 1, slowest }, { "busy", 2, busy },
	{ "raw", 3, raw }, { "crowd", 2, crowd }, { "stuck", 1, stuck },
};

static void run_line(char *line)
{
	unsigned int count = 0;

	printf("%s: ", line);
	memset(words, 0, sizeof(words));
	for (char *word = strtok(line, " "); word && count < WORDS_MAX; word = strtok(NULL, " "))
		words[count++] = word;
	for (size_t i = 0; count && i < ARRAY_SIZE(verbs); i++) {
		if (strcmp(verbs[i].word, words[0]) || count < verbs[i].words)
			continue;
		verbs[i].run();
		return;
	}
	printf("no such line\n");
}

int main(void)
{
	char line[LINE_BYTES];

	script = fopen("script", "r");
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (script && fgets(line, sizeof(line), script)) {
		line[strcspn(line, "\n")] = 0;
		run_line(line);
	}
	printf("done\n");
	for (;;)
		pause();
}
