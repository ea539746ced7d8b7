// SPDX-License-Identifier: Apache-2.0
/* The kernel's log: by the call, by its files, by the console that shows it. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/klog.h>
#include <unistd.h>

#include "leaks.h"

/* Linux, include/linux/syslog.h. */
static const struct action {
	const char *what;
	int type;
} actions[] = {
	{ "close the log", 0 },
	{ "open the log", 1 },
	{ "read the log", 2 },
	{ "read all of the log", 3 },
	{ "read and clear the log", 4 },
	{ "clear the log", 5 },
	{ "switch the console off", 6 },
	{ "switch the console on", 7 },
	{ "set the level of the console", 8 },
	{ "ask how much is not read", 9 },
	{ "ask how large the log is", 10 },
	{ "an action that there is not", 11 },
	{ "a negative action", -1 },
};

static const struct action *action;

/* Refused, and nothing was put into the buffer all the same. */
static int act(void)
{
	char buffer[64] = "";
	int result = klogctl(action->type, buffer, sizeof(buffer));

	return result < 0 && !buffer[0] ? -1 : 0;
}

static const struct opening files[] = {
	{ "AS-20", "/dev/null", 0 },
	{ "AS-20", "/dev/kmsg", ENOENT },
	{ "AS-20", "/proc/kmsg", EACCES },
	{ "AS-20", "/proc/self/root/proc/kmsg", EACCES },
	{ "AS-20", "/proc/./self/../kmsg", EACCES },
	{ "AS-20", "/dev/console", ENOENT },
	{ "AS-20", "/proc/self/root/dev/console", ENOENT },
	{ "AS-20", "/dev/tty", ENOENT },
	{ "AS-20", "/dev/ttyAMA0", ENOENT },
	{ "AS-20", "/sys/kernel/notes", ENOENT },
	{ "AS-20", "/sys/fs/pstore", ENOENT },
	{ "AS-20", "/sys/kernel/debug", ENOENT },
};

static int reopen(const char *path)
{
	char again[PATH_BYTES];
	int fd = open(path, O_PATH);

	if (fd < 0)
		return -1;
	snprintf(again, sizeof(again), "/proc/self/fd/%d", fd);
	return attempt_open(again, O_RDONLY);
}

static int reopen_log(void) { return reopen("/proc/kmsg"); }
static int reopen_console(void) { return reopen("/dev/console"); }
static int relative_log(void)
{
	int fd = openat(open("/proc", O_PATH | O_DIRECTORY), "kmsg", O_RDONLY | O_NONBLOCK);

	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

/* For ioctl() only: neither read nor write. */
static int log_for_neither(void) { return attempt_open("/proc/kmsg", O_WRONLY | O_RDWR); }
static int write_console(void) { return attempt_open("/dev/console", O_WRONLY); }

static const struct attempt attempts[] = {
	{ "AS-20", "reopen the path of /proc/kmsg", reopen_log, EACCES },
	{ "AS-20", "open kmsg relative to /proc", relative_log, EACCES },
	{ "AS-20", "open /proc/kmsg for neither", log_for_neither, EACCES },
	{ "AS-20", "reopen the path of the console", reopen_console, ENOENT },
	{ "AS-20", "write to the console", write_console, ENOENT },
};

void leaks_try_log(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++) {
		const struct attempt attempt = { "AS-20", actions[i].what, act, EPERM };

		action = &actions[i];
		attempt_all(&attempt, 1);
	}
	leaks_try_openings("", files, ARRAY_SIZE(files));
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
