// SPDX-License-Identifier: Apache-2.0
/* Other processes: nothing in /proc says that there are any. */

#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "leaks.h"

#define PID_LAST 300

static const struct opening of_manager[] = {
	{ "AS-15", "", ENOENT },	       { "AS-15", "/mem", ENOENT },
	{ "AS-15", "/maps", ENOENT },	       { "AS-15", "/smaps", ENOENT },
	{ "AS-15", "/environ", ENOENT },       { "AS-15", "/auxv", ENOENT },
	{ "AS-15", "/stat", ENOENT },	       { "AS-15", "/status", ENOENT },
	{ "AS-22", "/syscall", ENOENT },       { "AS-15", "/cmdline", ENOENT },
	{ "AS-15", "/comm", ENOENT },	       { "AS-15", "/fd", ENOENT },
	{ "AS-15", "/fd/0", ENOENT },	       { "AS-15", "/fdinfo/0", ENOENT },
	{ "AS-15", "/map_files", ENOENT },     { "AS-15", "/root", ENOENT },
	{ "AS-15", "/cwd", ENOENT },	       { "AS-15", "/exe", ENOENT },
	{ "AS-15", "/attr/current", ENOENT },  { "AS-15", "/oom_score_adj", ENOENT },
	{ "AS-15", "/pagemap", ENOENT },       { "AS-15", "/task/1/mem", ENOENT },
	{ "AS-15", "/task/1/status", ENOENT }, { "AS-15", "/net/tcp", ENOENT },
	{ "AS-15", "/ns/mnt", ENOENT },	       { "AS-15", "/mountinfo", ENOENT },
};

static const struct opening of_itself[] = {
	{ "AS-15", "/proc/self/maps", 0 },
	{ "AS-15", "/proc/self/environ", 0 },
	{ "AS-15", "/proc/self/fdinfo/0", 0 },
};

/* This process and the one that makes the attempts. */
static int is_own(pid_t pid) { return pid == getpid() || pid == getppid(); }

static int each_number(int (*act)(const char *path))
{
	char path[PATH_BYTES];

	for (pid_t pid = 1; pid <= PID_LAST; pid++) {
		if (is_own(pid))
			continue;
		snprintf(path, sizeof(path), "/proc/%d", (int)pid);
		if (act(path) == 0)
			return 0;
		if (errno != ENOENT)
			return -1;
	}
	errno = ENOENT;
	return -1;
}

static int open_folder(const char *path) { return attempt_open(path, 0); }
static int enter_folder(const char *path) { return chdir(path); }
static int ask_status(const char *path)
{
	struct stat status;

	return stat(path, &status);
}
static int ask_access(const char *path) { return access(path, F_OK); }
static int read_program_link(const char *path)
{
	char link[PATH_BYTES], target[PATH_BYTES];

	snprintf(link, sizeof(link), "%s/exe", path);
	return readlink(link, target, sizeof(target)) < 0 ? -1 : 0;
}

static int open_others(void) { return each_number(open_folder); }
static int enter_others(void) { return each_number(enter_folder); }
static int status_of_others(void) { return each_number(ask_status); }
static int access_others(void) { return each_number(ask_access); }
static int programs_of_others(void) { return each_number(read_program_link); }

static int status_of_parent(void)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "/proc/%d", (int)getppid());
	return ask_status(path);
}

/* By reading the folder: only its own are there, and they are. */
static int list_others(void)
{
	DIR *folder = opendir("/proc");
	unsigned int own = 0, others = 0;
	struct dirent *entry;

	if (!folder)
		return -1;
	while ((entry = readdir(folder))) {
		if (!isdigit((unsigned char)*entry->d_name))
			continue;
		if (is_own((pid_t)strtol(entry->d_name, NULL, 10)))
			own++;
		else
			others++;
	}
	closedir(folder);
	errno = own == 2 ? ENOENT : ENODATA;
	return others ? 0 : -1;
}

static const struct attempt attempts[] = {
	{ "H-31", "see its parent, the same app", status_of_parent, 0 },
	{ "H-31", "open the folder of another process", open_others, ENOENT },
	{ "H-31", "enter the folder of another process", enter_others, ENOENT },
	{ "H-31", "ask for the owner of another process", status_of_others, ENOENT },
	{ "H-31", "ask whether there is another process", access_others, ENOENT },
	{ "H-31", "read the name of another program", programs_of_others, ENOENT },
	{ "H-31", "list another process", list_others, ENOENT },
};

void leaks_try_others(void)
{
	leaks_try_openings("", of_itself, ARRAY_SIZE(of_itself));
	leaks_try_openings("/proc/1", of_manager, ARRAY_SIZE(of_manager));
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
