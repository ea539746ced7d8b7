// SPDX-License-Identifier: Apache-2.0
/*
 * An app that takes what it can get; its first argument says of what, tests write it into the manifest.
 *
 *	take N		N KiB of memory, then ends with status 0
 *	eat		memory without end
 *	sockets		memory of the kernel without end
 *	tmp		memory without end, by files in /tmp
 *	fork		processes
 *	log		messages, as long as they may be
 *	spin		the processor
 *	share		the processor, and says each SHARE_MS what it had of it
 *	late		kills itself after a while with a status that says when, modulo LATE_MODULUS_MS
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <applibs/log.h>

#define PAGE_BYTES	4096
#define PAGES_PER_LINE	16
#define LATE_MODULUS_MS	250
#define SHARE_MS	1000

static void take(unsigned long pages)
{
	for (unsigned long i = 0; i < pages; i++) {
		char *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (page == MAP_FAILED) {
			Log_Debug("hog: no memory after %lu pages: %s\n", i, strerror(errno));
			return;
		}
		*page = 1;
		if (i % PAGES_PER_LINE == 0)
			Log_Debug("hog: has %lu pages\n", i + 1);
	}
}

static void eat(void)
{
	for (;;)
		take(-1ul);
}

/* What is sent and not read is the kernel's memory. */
static void fill_sockets(void)
{
	static char text[PAGE_BYTES];
	int pair[2];

	while (!socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair))
		while (send(pair[0], text, sizeof(text), 0) > 0)
			;
	Log_Debug("hog: no more sockets: %s\n", strerror(errno));
	for (;;)
		pause();
}

static void fill_tmp(void)
{
	static char text[PAGE_BYTES];
	unsigned long bytes = 0;
	int fd = open("/tmp/full", O_CREAT | O_WRONLY, 0600);
	ssize_t done;

	while ((done = write(fd, text, sizeof(text))) > 0)
		bytes += (unsigned long)done;
	Log_Debug("hog: /tmp is full after %lu KiB: %s\n", bytes / 1024, strerror(errno));
	for (int i = 0; ; i++) {
		char path[32];

		snprintf(path, sizeof(path), "/tmp/%d", i);
		fd = open(path, O_CREAT | O_WRONLY, 0600);
		if (fd < 0) {
			Log_Debug("hog: /tmp has room for %d files: %s\n", i, strerror(errno));
			break;
		}
		close(fd);
	}
	for (;;)
		pause();
}

static void fork_without_end(void)
{
	unsigned long count = 1;
	int said = 0;

	for (;;) {
		pid_t pid = fork();

		if (pid == 0)
			for (;;)
				pause();
		if (pid > 0) {
			count++;
			continue;
		}
		if (!said++)
			Log_Debug("hog: %lu processes: %s\n", count, strerror(errno));
	}
}

static void log_without_end(void)
{
	char text[200];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (;;)
		Log_Debug("%s\n", text);
}

static void spin(void)
{
	for (volatile unsigned int i = 0;; i++)
		;
}

static unsigned long now_ms(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (unsigned long)now.tv_sec * 1000 + (unsigned long)now.tv_nsec / 1000000;
}

static void share(void)
{
	for (;;) {
		unsigned long begin_ms = now_ms(CLOCK_BOOTTIME), had_ms = now_ms(CLOCK_PROCESS_CPUTIME_ID);
		unsigned long spent_ms;

		while ((spent_ms = now_ms(CLOCK_BOOTTIME) - begin_ms) < SHARE_MS)
			;
		had_ms = now_ms(CLOCK_PROCESS_CPUTIME_ID) - had_ms;
		Log_Debug("hog: had %lu %% of the processor\n", had_ms * 100 / spent_ms);
	}
}

static void end_late(void)
{
	usleep(100000);
	_exit((int)(now_ms(CLOCK_BOOTTIME) % LATE_MODULUS_MS));
}

static const struct {
	const char *name;
	void (*run)(void);
} ways[] = {
	{ "eat", eat }, { "sockets", fill_sockets }, { "tmp", fill_tmp }, { "fork", fork_without_end },
	{ "log", log_without_end }, { "spin", spin }, { "share", share },
	{ "late", end_late },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(argv[1], ways[i].name))
			ways[i].run();
	if (argc > 2)
		take(strtoul(argv[2], NULL, 10) * 1024 / PAGE_BYTES);
	return 0;
}
