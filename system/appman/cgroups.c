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

#include "abi/array.h"
#include "abi/errors.h"
#include "cgroups.h"
#include "channel.h"
#include "console.h"
#include "descriptor.h"
#include "limits.h"
#include "memory.h"
#include "scratch.h"

/* A percent of the period over which cpu.max is counted: the kernel's default of 100 ms. */
#define CPU_PERCENT_US	1000

#define APPS		CGROUPS_FOLDER "/apps"
#define CONTROLLERS	"+memory +pids +cpu"

static int events_fd = -1;

static int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -errno : close_after(fd, write(fd, text, strlen(text)));
}

static void file_path(const struct app *app, const char *file, char path[CGROUPS_PATH_BYTES])
{
	snprintf(path, CGROUPS_PATH_BYTES, "%s/%s%s%s", app->is_system ? CGROUPS_FOLDER : APPS, app->id,
		 *file ? "/" : "", file);
}

/*
 * All that the apps may have together: what is free now, but for what the rest of the system needs, and
 * for what the kernel gives to nobody: apps that got as far would have it kill a system app.
 */
static int limit_all_apps(void)
{
	struct memory_usage usage;
	char text[32];
	int err = memory_measure(&usage);
	unsigned long kib;

	if (err)
		return err;
	kib = usage.free_kib + usage.cache_kib;
	kib -= usage.kept_kib < kib ? usage.kept_kib : kib;
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

/* Only who has read waits for the next change. */
static void end_notice(void)
{
	char text[CGROUP_EVENTS_BYTES];

	(void)!pread(events_fd, text, sizeof(text), 0);
}

int cgroups_open(void)
{
	int err = prepare();

	if (err)
		return err;
	/* Events of a cgroup are those of its children too. */
	events_fd = open(APPS "/memory.events", O_RDONLY | O_CLOEXEC);
	if (events_fd < 0)
		return -errno;
	end_notice();
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

	snprintf(text, sizeof(text), "%u%s", number, unit);
	return set(app, file, text);
}

int cgroups_give(const struct app *app, const struct cgroup_limits *limits)
{
	const struct {
		const char *name;
		uint32_t number;
		const char *unit;
	} files[] = {
		{ "memory.max", limits->memory_max_kib, "K" },
		{ "memory.high", limits->memory_high_kib, "K" },
		/* Half an app is worth nothing: all of its processes end, or none. */
		{ "memory.oom.group", 1, "" },
		{ "pids.max", limits->pids_max, "" },
		{ "cpu.weight", limits->cpu_weight, "" },
	};
	char path[CGROUPS_PATH_BYTES];
	int err = 0;

	file_path(app, "", path);
	if (mkdir(path, 0755) < 0 && errno != EEXIST) {
		err = -errno;
		console_error(E_APPMAN_CGROUP, "%s: %s: %s", app->name, path, strerror(-err));
		return err;
	}
	for (size_t i = 0; i < ARRAY_SIZE(files) && !err; i++)
		err = set_number(app, files[i].name, files[i].number, files[i].unit);
	if (err)
		return err;
	if (limits->cpu_max_percent == 100)
		return set(app, "cpu.max", "max");
	return set_number(app, "cpu.max", limits->cpu_max_percent * CPU_PERCENT_US, "");
}

void cgroups_entry(const struct app *app, char path[CGROUPS_PATH_BYTES])
{
	file_path(app, "cgroup.procs", path);
}

void cgroups_kill(const struct app *app)
{
	set(app, "cgroup.kill", "1");
}

/* In the one large buffer, or NULL with errno. */
static const char *read_file(const struct app *app, const char *file)
{
	char path[CGROUPS_PATH_BYTES];

	file_path(app, file, path);
	return scratch_read_file(path);
}

static uint32_t read_kib(const struct app *app, const char *file)
{
	const char *text = read_file(app, file);

	return text ? (uint32_t)(strtoul(text, NULL, 10) / 1024) : 0;
}

static int read_memory(const struct app *app, struct cgroup_memory *memory)
{
	const char *text = read_file(app, "memory.events");

	if (!text)
		return -errno;
	cgroups_parse_events(text, memory);
	memory->peak_kib = read_kib(app, "memory.peak");
	return 0;
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
		      "%s uses more than %u KiB of its %u KiB of memory and is slowed down",
		      app->name, app->limits.memory_high_kib, app->limits.memory_max_kib);
}

void cgroups_notice(void)
{
	struct cgroup_memory memory;

	end_notice();
	for_each_app(app)
		if (app->state == APP_RUNNING && !read_memory(app, &memory))
			tell(app, &memory);
}

bool cgroups_report_kill(struct app *app)
{
	struct cgroup_memory memory;
	bool is_over;

	if (read_memory(app, &memory))
		return false;
	is_over = memory.over != app->memory_over;
	app->memory_over = memory.over;
	/* One that took it all at once ends before the notice is here. */
	tell(app, &memory);
	app->memory_peak_kib = memory.peak_kib;
	app->told_of_memory = false;
	if (memory.kills == app->memory_kills)
		return false;
	app->memory_kills = memory.kills;
	console_error(E_APPMAN_MEMORY,
		      is_over ? "%s wanted more memory than its limit of %u KiB and was killed; its peak was %u KiB" :
				"%s was killed below its limit of %u KiB, because no memory was left; its peak was %u KiB",
		      app->name, app->limits.memory_max_kib, memory.peak_kib);
	return true;
}

int cgroups_measure(const struct app *app, int peak_fd, struct app_channel_memory *memory)
{
	const char *stat = read_file(app, "memory.stat");
	char peak[24] = "";

	if (!stat)
		return -errno;
	memory->user = cgroups_parse_user_kib(stat);
	memory->total = read_kib(app, "memory.current");
	memory->peak = read_kib(app, "memory.peak");
	memory->high = app->limits.memory_high_kib;
	memory->limit = app->limits.memory_max_kib;
	if (peak_fd >= 0 && pread(peak_fd, peak, sizeof(peak) - 1, 0) > 0)
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
