// SPDX-License-Identifier: Apache-2.0
/*
 * Hands questions of the host to the Security Monitor, as application-manager would: pid 1 of a root
 * filesystem for tests.  A line is a number, a word and what the word wants; "ask" takes the function,
 * its four arguments, and a record that is sent and comes back, all in hexadecimal:
 *
 *	3 ask 83000310 0 0 0 0 000102...
 *	envoy: 3 0 0 0 0 5f6e...	errno, three results, the record
 *	4 mount 40000
 *	envoy: 4 129 0 0 0 -		errno: the image there is refused
 *	5 reset				"off" switches off
 */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <termios.h>
#include <unistd.h>

#include <linux/spherule.h>

#include "attempt.h"
#include "nodes.h"

#define MONITOR		"/dev/security-monitor"
#define MAJOR_MISC	10
#define FOLDER		"/mnt/apps"
#define RECORD_BYTES	1800		/* in hexadecimal: less than a line of the terminal */
#define LINE_BYTES	4096
#define WORDS_MAX	8

struct answer {
	int error;
	uint32_t results[3];
	size_t record_bytes;
	uint8_t record[RECORD_BYTES];
};

static uint32_t number(const char *word)
{
	return word ? (uint32_t)strtoul(word, NULL, 16) : 0;
}

/* Bytes that were read, or -1. */
static int read_record(const char *text, uint8_t *record)
{
	size_t length = text ? strlen(text) : 0;

	if (length % 2 || length / 2 > RECORD_BYTES)
		return -1;
	for (size_t i = 0; i < length / 2; i++)
		if (sscanf(text + 2 * i, "%2hhx", &record[i]) != 1)
			return -1;
	return (int)(length / 2);
}

static int do_ask(char **words, struct answer *answer)
{
	struct spherule_monitor_request request = { .function = number(words[0]) };
	int fd = open(MONITOR, O_RDWR | O_CLOEXEC), bytes, result;

	for (int i = 0; i < 4; i++)
		request.arguments[i] = number(words[1 + i]);
	bytes = read_record(words[5], answer->record);
	if (fd < 0 || bytes < 0) {
		attempt_close(fd);
		return -1;
	}
	request.record_bytes = answer->record_bytes = (size_t)bytes;
	request.record = bytes ? (uintptr_t)answer->record : 0;
	result = ioctl(fd, SPHERULE_MONITOR_CALL, &request);
	attempt_close(fd);
	memcpy(answer->results, request.results, sizeof(answer->results));
	return result;
}

static int do_mount(char **words, struct answer *answer)
{
	char options[32];

	(void)answer;
	snprintf(options, sizeof(options), "offset=%lu", (unsigned long)number(words[0]));
	if (mount("mtd:apps", FOLDER, "cramfs", MS_RDONLY, options))
		return -1;
	return umount(FOLDER);
}

static int do_reset(char **words, struct answer *answer)
{
	(void)words;
	(void)answer;
	return reboot(RB_AUTOBOOT);
}

static int do_off(char **words, struct answer *answer)
{
	(void)words;
	(void)answer;
	return reboot(RB_POWER_OFF);
}

static const struct {
	const char *word;
	int (*obey)(char **words, struct answer *answer);
} orders[] = {
	{ "ask", do_ask }, { "mount", do_mount }, { "reset", do_reset }, { "off", do_off },
};

static int obey(char **words, struct answer *answer)
{
	for (size_t i = 0; i < ARRAY_SIZE(orders); i++)
		if (!strcmp(orders[i].word, words[0]))
			return orders[i].obey(words + 1, answer);
	errno = ENOSYS;
	return -1;
}

static void reply(const char *order, const struct answer *answer)
{
	static char text[2 * RECORD_BYTES + 2];

	snprintf(text, sizeof(text), "-");
	for (size_t i = 0; i < answer->record_bytes; i++)
		snprintf(text + 2 * i, sizeof(text) - 2 * i, "%02x", answer->record[i]);
	printf("envoy: %s %d %x %x %x %s\n", order, answer->error, (unsigned int)answer->results[0],
	       (unsigned int)answer->results[1], (unsigned int)answer->results[2], text);
	fflush(stdout);
}

static void obey_line(char *line)
{
	static struct answer answer;
	char *words[WORDS_MAX + 1] = { NULL }, *rest = line;
	unsigned int count = 0;

	while (count < WORDS_MAX && (words[count] = strtok_r(rest, " \n", &rest)))
		count++;
	if (count < 2)
		return;
	memset(&answer, 0, sizeof(answer));
	answer.error = obey(words + 1, &answer) ? errno : 0;
	reply(words[0], &answer);
}

static void be_quiet(void)
{
	struct termios settings;

	tcgetattr(0, &settings);
	settings.c_lflag &= ~(tcflag_t)(ECHO | ICANON);	/* lines are longer than the kernel's buffer */
	tcsetattr(0, TCSANOW, &settings);
}

int main(void)
{
	static char line[LINE_BYTES];

	nodes_make_world();
	mknod(MONITOR, S_IFCHR | 0600,
	      makedev(MAJOR_MISC, nodes_number("/proc/misc", "security-monitor")));
	be_quiet();
	dprintf(1, "envoy: ready\n");
	while (fgets(line, sizeof(line), stdin))
		obey_line(line);
	dprintf(1, "envoy: TROUBLE: no more orders\n");
	for (;;)
		pause();
}
