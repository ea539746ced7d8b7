// SPDX-License-Identifier: Apache-2.0
/*
 * What mounts take.  Many at once, because the kernel's memory comes in pages: the mean of them is
 * finer than that.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "attempt.h"
#include "gauge.h"
#include "mounts.h"
#include "text.h"
#include "ticks.h"

#define SMALL_FILES	20u
#define SMALL_BYTES	200u
#define LARGE_FILES	4u
#define LARGE_BYTES	64000u
#define LOG_APPENDS	500u
#define LOG_BYTES	64u
#define REST_US		20000000
#define PATH_BYTES	64
/* Linux, include/linux/posix-timers_types.h: the clock of the time that a process ran. */
#define CPU_CLOCK(pid)	((clockid_t)(~(unsigned int)(pid) << 3 | 2))

static void folder_of(char path[PATH_BYTES], unsigned int part)
{
	snprintf(path, PATH_BYTES, "/dev/m%u", part);
}

static void file_of(char path[PATH_BYTES], unsigned int part, unsigned int file)
{
	if (file < SMALL_FILES)
		snprintf(path, PATH_BYTES, "/dev/m%u/small%u", part, file);
	else
		snprintf(path, PATH_BYTES, "/dev/m%u/large%u", part, file - SMALL_FILES);
}

static int append_log(unsigned int part)
{
	char path[PATH_BYTES];
	int fd, result = 0;

	snprintf(path, sizeof(path), "/dev/m%u/log", part);
	fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (fd < 0)
		return -1;
	for (unsigned int i = 0; i < LOG_APPENDS && !result; i++)
		result = text_write(fd, -1, LOG_BYTES, i);
	attempt_close(fd);
	return result;
}

/* A log is made in place of the last large file, so that the part is no fuller. */
static int fill(unsigned int part, bool has_log)
{
	unsigned int files = SMALL_FILES + LARGE_FILES - has_log;
	char path[PATH_BYTES];

	for (unsigned int file = 0; file < files; file++) {
		file_of(path, part, file);
		if (text_make_file(path, file < SMALL_FILES ? SMALL_BYTES : LARGE_BYTES, file))
			return -1;
	}
	return has_log ? append_log(part) : 0;
}

static int read_all_of(unsigned int part)
{
	static char buffer[4096];
	char path[PATH_BYTES];
	ssize_t result = 0;

	for (unsigned int file = 0; file < SMALL_FILES + LARGE_FILES && !result; file++) {
		int fd;

		file_of(path, part, file);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 && errno == ENOENT)
			continue;
		while ((result = read(fd, buffer, sizeof(buffer))) > 0)
			;
		attempt_close(fd);
	}
	return result ? -1 : 0;
}

/* The time of one process, if its name is that of JFFS2's thread of a mount. */
static unsigned long long thread_ns(const char *pid)
{
	char path[PATH_BYTES], name[32] = "";
	struct timespec time = { 0 };
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%.10s/comm", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (fscanf(file, "%31s", name) != 1 || strncmp(name, "jffs2_gcd", 9) ||
	    clock_gettime(CPU_CLOCK(strtoul(pid, NULL, 10)), &time))
		memset(&time, 0, sizeof(time));
	fclose(file);
	return (unsigned long long)time.tv_sec * 1000000000u + (unsigned long long)time.tv_nsec;
}

static unsigned long long threads_ns(void)
{
	unsigned long long ns = 0;
	struct dirent *entry;
	DIR *proc = opendir("/proc");

	while (proc && (entry = readdir(proc)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			ns += thread_ns(entry->d_name);
	if (proc)
		closedir(proc);
	return ns;
}

static int drop_caches(void)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);
	int result = write(fd, "3", 1) == 1 ? 0 : -1;

	attempt_close(fd);
	return result;
}

static void print_rested(const char *step)
{
	static struct gauge_memory memory;

	usleep(REST_US);
	gauge_read_memory(&memory);
	gauge_print_memory(step, &memory);
}

static int for_all(unsigned int count, int (*act)(unsigned int part))
{
	int result = 0;

	for (unsigned int part = 0; part < count && !result; part++)
		result = act(part);
	return result;
}

static int unmount(unsigned int part)
{
	char path[PATH_BYTES];

	folder_of(path, part);
	return umount(path);
}

static int mount_all(unsigned int count, mounts_function *mount_part)
{
	uint64_t begin = ticks(), end;
	char path[PATH_BYTES];

	for (unsigned int part = 0; part < count; part++) {
		folder_of(path, part);
		if (mount_part(part, path))
			return -1;
	}
	end = ticks();
	dprintf(1, "writer: mount instructions %llu\n",
		(unsigned long long)(end - begin) * NS_PER_TICK / count);
	return 0;
}

/* Filled once and unmounted: the first mount of an empty JFFS2 erases everything. */
static int prepare(unsigned int count, bool has_log, mounts_function *mount_part)
{
	char path[PATH_BYTES];

	for (unsigned int part = 0; part < count; part++) {
		folder_of(path, part);
		if (mkdir(path, 0755) || mount_part(part, path))
			return -1;
		usleep(REST_US);
		if (fill(part, has_log))
			return -1;
		usleep(REST_US);
		if (umount(path))
			return -1;
	}
	return 0;
}

static int open_one(unsigned int part)
{
	char path[PATH_BYTES], byte;
	int fd;

	file_of(path, part, SMALL_FILES);
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd >= 0 && read(fd, &byte, 1) == 1 ? 0 : -1;
}

static void close_all(void)
{
	for (int fd = 3; fd < 3 + MOUNTS_MAX; fd++)
		close(fd);
}

int mounts_try(unsigned int count, bool has_log, mounts_function *mount_part)
{
	unsigned long long before_ns;

	if (prepare(count, has_log, mount_part) || drop_caches())
		return -1;
	print_rested("unmounted");
	before_ns = threads_ns();
	if (mount_all(count, mount_part))
		return -1;
	print_rested("mounted");
	dprintf(1, "writer: mount thread_instructions %llu\n", (threads_ns() - before_ns) / count);
	if (for_all(count, open_one))
		return -1;
	print_rested("opened");
	close_all();
	if (for_all(count, read_all_of))
		return -1;
	print_rested("read");
	if (drop_caches())
		return -1;
	print_rested("dropped");
	if (for_all(count, unmount) || drop_caches())
		return -1;
	print_rested("ended");
	return 0;
}
