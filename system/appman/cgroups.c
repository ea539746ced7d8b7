// SPDX-License-Identifier: Apache-2.0
/* The cgroups of apps. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abi/errors.h"
#include "cgroups.h"
#include "channel.h"
#include "console.h"
#include "limits.h"
#include "memory.h"
#include "scratch.h"

/* The period over which cpu.max is counted: the kernel's default. */
#define CPU_PERIOD_US	100000

#define APPS		CGROUPS_FOLDER "/apps"
#define CONTROLLERS	"+memory +pids +cpu"

static int events_fd = -1;

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/* The text of a small file, cut at @room. */
static int read_text(int fd, char *text, size_t room)
{
	ssize_t got = pread(fd, text, room - 1, 0);

	text[got < 0 ? 0 : got] = '\0';
	return got < 0 ? -errno : 0;
}

static int read_file(const char *path, char *text, size_t room)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int err;

	if (fd < 0) {
		text[0] = '\0';
		return -errno;
	}
	err = read_text(fd, text, room);
	close(fd);
	return err;
}

static void file_path(const struct app *app, const char *file, char path[CGROUPS_PATH_BYTES])
{
	snprintf(path, CGROUPS_PATH_BYTES, "%s/%s%s%s", app->is_system ? CGROUPS_FOLDER : APPS, app->id,
		 *file ? "/" : "", file);
}

/* All that the apps may have together: what is free now, but for what the rest of the system needs. */
static int limit_all_apps(void)
{
	struct memory_usage usage;
	char text[32];
	int err = memory_measure(&usage);
	unsigned long kib;

	if (err)
		return err;
	kib = usage.free_kib + usage.cache_kib;
	kib = kib > 2 * SYSTEM_RESERVE_KIB ? kib - SYSTEM_RESERVE_KIB : kib / 2;
	snprintf(text, sizeof(text), "%luK", kib);
	return write_text(APPS "/memory.max", text);
}

static int prepare(void)
{
	int err;

	if (mount("cgroup2", CGROUPS_FOLDER, "cgroup2", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		return -errno;
	err = write_text(CGROUPS_FOLDER "/cgroup.subtree_control", CONTROLLERS);
	if (err)
		return err;
	if (mkdir(APPS, 0755) < 0)
		return -errno;
	err = write_text(APPS "/cgroup.subtree_control", CONTROLLERS);
	return err ? err : limit_all_apps();
}

int cgroups_open(void)
{
	char text[CGROUP_EVENTS_BYTES];
	int err = prepare();

	if (err)
		return err;
	/* Events of a cgroup are those of its children too. */
	events_fd = open(APPS "/memory.events", O_RDONLY | O_CLOEXEC);
	if (events_fd < 0)
		return -errno;
	/* Only who has read once waits for a change. */
	read_text(events_fd, text, sizeof(text));
	return events_fd;
}

static int set(const struct app *app, const char *file, const char *text)
{
	char path[CGROUPS_PATH_BYTES];
	int err;

	file_path(app, file, path);
	err = write_text(path, text);
	if (err)
		console_error(E_APPMAN_CGROUP, "%s: %s = %s: %s", app->name, path, text,
			      strerror(-err));
	return err;
}

static int set_number(const struct app *app, const char *file, uint32_t number, const char *unit)
{
	char text[24];

	snprintf(text, sizeof(text), "%lu%s", (unsigned long)number, unit);
	return set(app, file, text);
}

static int set_cpu_max(const struct app *app, uint32_t percent)
{
	char text[24];

	if (!percent)
		return set(app, "cpu.max", "max");
	snprintf(text, sizeof(text), "%lu %d", (unsigned long)percent * (CPU_PERIOD_US / 100),
		 CPU_PERIOD_US);
	return set(app, "cpu.max", text);
}

int cgroups_give(const struct app *app, const struct cgroup_limits *limits)
{
	char path[CGROUPS_PATH_BYTES];
	int err;

	file_path(app, "", path);
	if (mkdir(path, 0755) < 0 && errno != EEXIST) {
		err = -errno;
		console_error(E_APPMAN_CGROUP, "%s: %s: %s", app->name, path, strerror(-err));
		return err;
	}
	err = set_number(app, "memory.max", limits->memory_max_kib, "K");
	if (!err)
		err = set_number(app, "memory.high", limits->memory_high_kib, "K");
	/* Half an app is worth nothing: all of its processes end, or none. */
	if (!err)
		err = set_number(app, "memory.oom.group", 1, "");
	if (!err)
		err = set_number(app, "pids.max", limits->pids_max, "");
	if (!err)
		err = set_number(app, "cpu.weight", limits->cpu_weight, "");
	return err ? err : set_cpu_max(app, limits->cpu_max_percent);
}

void cgroups_entry(const struct app *app, char path[CGROUPS_PATH_BYTES])
{
	file_path(app, "cgroup.procs", path);
}

void cgroups_kill(const struct app *app)
{
	set(app, "cgroup.kill", "1");
}

static uint32_t read_kib(const struct app *app, const char *file)
{
	char path[CGROUPS_PATH_BYTES], text[24];

	file_path(app, file, path);
	read_file(path, text, sizeof(text));
	return (uint32_t)(strtoul(text, NULL, 10) / 1024);
}

static int read_memory(const struct app *app, struct cgroup_memory *memory)
{
	char path[CGROUPS_PATH_BYTES], text[CGROUP_EVENTS_BYTES];
	int err;

	file_path(app, "memory.events", path);
	err = read_file(path, text, sizeof(text));
	cgroups_parse_events(text, memory);
	memory->peak_kib = read_kib(app, "memory.peak");
	return err;
}

/* The app each time, the console once for each start. */
static void tell(struct app *app, const struct cgroup_memory *memory)
{
	if (memory->high == app->memory_high)
		return;
	app->memory_high = memory->high;
	channel_tell(app, APP_CHANNEL_ON_MEMORY_HIGH);
	if (app->told_of_memory)
		return;
	app->told_of_memory = true;
	console_error(E_APPMAN_MEMORY_HIGH,
		      "%s uses more than %lu KiB of its %lu KiB of memory and is slowed down",
		      app->name, (unsigned long)app->limits.memory_high_kib,
		      (unsigned long)app->limits.memory_max_kib);
}

void cgroups_notice(void)
{
	char text[CGROUP_EVENTS_BYTES];
	struct cgroup_memory memory;

	/* Reading is what ends the notice. */
	read_text(events_fd, text, sizeof(text));
	for_each_app(app)
		if (app->state == APP_RUNNING && !read_memory(app, &memory))
			tell(app, &memory);
}

bool cgroups_report_kill(struct app *app)
{
	struct cgroup_memory memory;

	if (read_memory(app, &memory))
		return false;
	/* One that took it all at once ends before the notice is here. */
	tell(app, &memory);
	app->memory_peak_kib = memory.peak_kib;
	app->told_of_memory = false;
	if (memory.kills == app->memory_kills)
		return false;
	app->memory_kills = memory.kills;
	console_error(E_APPMAN_MEMORY,
		      "%s wanted more memory than its limit of %lu KiB and was killed; its peak was %lu KiB",
		      app->name, (unsigned long)app->limits.memory_max_kib,
		      (unsigned long)memory.peak_kib);
	return true;
}

int cgroups_measure(const struct app *app, int peak_fd, struct app_channel_memory *memory)
{
	char path[CGROUPS_PATH_BYTES], peak[24];
	const char *stat;

	file_path(app, "memory.stat", path);
	stat = scratch_read_file(path);
	if (!stat)
		return -errno;
	*memory = (struct app_channel_memory){
		.total = read_kib(app, "memory.current"),
		.user = cgroups_parse_user_kib(stat),
		.peak = read_kib(app, "memory.peak"),
		.high = app->limits.memory_high_kib,
		.limit = app->limits.memory_max_kib,
	};
	if (peak_fd >= 0 && !read_text(peak_fd, peak, sizeof(peak)))
		memory->peak = (uint32_t)(strtoul(peak, NULL, 10) / 1024);
	return 0;
}

int cgroups_reset_peak(const struct app *app, int *peak_fd)
{
	char path[CGROUPS_PATH_BYTES];

	file_path(app, "memory.peak", path);
	if (*peak_fd < 0)
		*peak_fd = open(path, O_RDWR | O_CLOEXEC);
	return *peak_fd < 0 || write(*peak_fd, "0", 1) < 0 ? -errno : 0;
}

void cgroups_forget(const struct app *app)
{
	char path[CGROUPS_PATH_BYTES];

	file_path(app, "", path);
	if (rmdir(path) < 0 && errno != ENOENT)
		console_error(E_APPMAN_CGROUP, "%s: remove %s: %s", app->name, path, strerror(errno));
}
