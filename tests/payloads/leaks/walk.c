// SPDX-License-Identifier: Apache-2.0
/* All of /proc: what opens is in the list here, and none of it has an address of the kernel. */

#define _GNU_SOURCE
#include <ctype.h>
#include <errno.h>
#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <applibs/log.h>

#include "leaks.h"

/* Of the system, of a process, and of a task of a process; "%" is for a number. */
static const char *const known[] = {
	"/proc/meminfo",
	"/proc/%/attr/current",
	"/proc/%/attr/exec",
	"/proc/%/attr/fscreate",
	"/proc/%/attr/keycreate",
	"/proc/%/attr/prev",
	"/proc/%/attr/sockcreate",
	"/proc/%/auxv",
	"/proc/%/cgroup",
	"/proc/%/cmdline",
	"/proc/%/comm",
	"/proc/%/environ",
	"/proc/%/fdinfo/%",
	"/proc/%/limits",
	"/proc/%/maps",
	"/proc/%/mem",
	"/proc/%/oom_adj",
	"/proc/%/oom_score",
	"/proc/%/oom_score_adj",
	"/proc/%/pagemap",
	"/proc/%/personality",
	"/proc/%/smaps",
	"/proc/%/smaps_rollup",
	"/proc/%/stat",
	"/proc/%/statm",
	"/proc/%/status",
	"/proc/%/syscall",
	"/proc/%/timerslack_ns",
};

/* Not text; read elsewhere. */
static const char *const binary[] = { "/proc/%/mem", "/proc/%/pagemap", "/proc/%/auxv" };

/*
 * The kernel is executed from flash right below 1 GiB, and all RAM is mapped from there on; 16 MiB
 * are more than a device has (boards/, VMSPLIT_1G).
 */
#define KERNEL_FIRST	0x3f800000ul
#define KERNEL_LAST	0x40fffffful
#define POINTER_DIGITS	8

#define OPEN_FOLDERS_MAX 8

static unsigned int seen, opened, unknown, addresses;

static bool matches(const char *path, const char *pattern)
{
	while (*pattern) {
		if (*pattern != '%') {
			if (*path++ != *pattern++)
				return false;
			continue;
		}
		if (!isdigit((unsigned char)*path))
			return false;
		while (isdigit((unsigned char)*path))
			path++;
		pattern++;
	}
	return !*path;
}

static bool is_in(const char *path, const char *const *patterns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (matches(path, patterns[i]))
			return true;
	return false;
}

/* What a task has is what its process has. */
static const char *without_task(const char *path, char shorter[PATH_BYTES])
{
	const char *task = strstr(path, "/task/"), *rest = task ? strchr(task + 6, '/') : NULL;

	if (!rest)
		return path;
	snprintf(shorter, PATH_BYTES, "%.*s%s", (int)(task - path), path, rest);
	return shorter;
}

/* Part of a number or a UUID is not an address. */
static bool ends_token(char byte) { return !isalnum((unsigned char)byte) && byte != '-'; }

static bool is_address(const char *text, size_t length)
{
	unsigned long value = strtoul(text, NULL, 16);

	return length == POINTER_DIGITS && value >= KERNEL_FIRST && value <= KERNEL_LAST;
}

static bool has_address(const char *text)
{
	for (const char *p = text; *p;) {
		size_t length = strspn(p, "0123456789abcdefABCDEF");
		bool begins = p == text || ends_token(p[-1]) || p[-1] == 'x';

		if (length && begins && ends_token(p[length]) && is_address(p, length))
			return true;
		p += length ? length : 1;
	}
	return false;
}

static void look_into(const char *path)
{
	static char text[8192];

	if (leaks_read(path, text, sizeof(text)) < 0 || !has_address(text))
		return;
	addresses++;
	Log_Debug("leaks: %s has an address of the kernel\n", path);
}

static int visit(const char *path, const struct stat *status, int type, struct FTW *where)
{
	char shorter[PATH_BYTES];
	const char *name = without_task(path, shorter);

	(void)type;
	(void)where;
	seen++;
	if (!S_ISREG(status->st_mode) || attempt_open(path, 0) < 0)
		return 0;
	opened++;
	if (!is_in(name, known, ARRAY_SIZE(known))) {
		unknown++;
		Log_Debug("leaks: %s can be read\n", path);
	}
	if (!is_in(name, binary, ARRAY_SIZE(binary)))
		look_into(path);
	return 0;
}

/* Less than this was not all of it; a process alone has more. */
#define SEEN_LEAST	100
#define OPENED_LEAST	20

static int walk(void)
{
	if (nftw("/proc", visit, OPEN_FOLDERS_MAX, FTW_PHYS) < 0)
		return -1;
	errno = ENODATA;
	return seen < SEEN_LEAST || opened < OPENED_LEAST ? -1 : 0;
}

static int read_unknown(void)
{
	if (walk() < 0)
		return -1;
	errno = EACCES;
	return unknown ? 0 : -1;
}

static int read_address(void)
{
	if (walk() < 0)
		return -1;
	errno = EACCES;
	return addresses ? 0 : -1;
}

/* The search finds what it is to find. */
static int find_address(void)
{
	errno = EBADMSG;
	return has_address("0800          0x3f96d5d9\n") && has_address("40123456: 00000002") &&
	       !has_address("CID: 40123456-0000") && !has_address("00010000-00014000 r-xp") &&
	       !has_address("140123456 bytes") ? 0 : -1;
}

static const struct attempt attempts[] = {
	{ "H-74", "read a file of /proc that is not known", read_unknown, EACCES },
	{ "AS-20", "find an address of the kernel in a text", find_address, 0 },
	{ "AS-20", "read an address of the kernel in /proc", read_address, EACCES },
};

void leaks_try_walk(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
