/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What an app may use of the machine: a cgroup (Linux, Documentation/admin-guide/cgroup-v2.rst) for
 * each, with limits of memory, processes and processor time.
 *
 *	/mnt/cgroups			application-manager, the kernel
 *	/mnt/cgroups/apps		all apps of OEMs: what they have together
 *	/mnt/cgroups/apps/<id>	one of them
 *	/mnt/cgroups/<id>		a system app: what the others take is not taken from it
 *
 * A cgroup is made when the app starts for the first time and stays, so that its figures do too.
 * The app's kernel memory is counted in its limit: page tables, stacks, sockets, files.
 */
#ifndef APPMAN_CGROUPS_H
#define APPMAN_CGROUPS_H

#include <stdint.h>

#include "abi/app_channel.h"
#include "app.h"

struct cgroup_memory {
	uint32_t peak_kib;		/* since the cgroup was made */
	uint32_t high;			/* how often it was over memory_high_kib */
	uint32_t over;			/* how often it wanted more than memory_max_kib, and nothing of its could go */
	uint32_t kills;			/* how many of its processes were killed for memory, whoever wanted it */
};

/*
 * Mounts the hierarchy and makes the cgroup of all apps, before the first app starts.  Returns a
 * descriptor that poll() finds POLLPRI on when cgroups_notice() has something to do, or -errno.
 */
int cgroups_open(void);

/* The cgroup of @app with these limits, new or not.  Returns 0, or -errno after having reported why. */
int cgroups_give(const struct app *app, const struct cgroup_limits *limits);

/* What a process writes "0" to, to enter the cgroup of @app. */
#define CGROUPS_PATH_BYTES	(sizeof(CGROUPS_FOLDER "/apps//cgroup.subtree_control") + IMAGE_UUID_TEXT_BYTES)
void cgroups_entry(const struct app *app, char path[CGROUPS_PATH_BYTES]);

/* Kills every process of @app, whatever session or user it has made itself part of. */
void cgroups_kill(const struct app *app);

/* Removes the cgroup of an app that goes, none of whose processes is left. */
void cgroups_forget(const struct app *app);

/* An app has come near its limit: notes it, and says so once for each start of the app. */
void cgroups_notice(void);

/* After the end of @app: if it was for memory, reports it with the figures.  Returns whether it was. */
bool cgroups_report_kill(struct app *app);

/* What @app uses now.  @peak_fd: of cgroups_reset_peak(), or -1.  Returns 0 or -errno. */
int cgroups_measure(const struct app *app, int peak_fd, struct app_channel_memory *memory);

/*
 * Counts the peak of @app anew in *@peak_fd, which was -1 before the first time, and which the caller
 * closes.  The kernel keeps 4 KiB for it.  Returns 0 or -errno.
 */
int cgroups_reset_peak(const struct app *app, int *peak_fd);

/* From the text of memory.stat: pages of programs and of files, those in memory included.  Pure. */
uint32_t cgroups_parse_user_kib(const char *text);

/*
 * Reads the text of memory.events: "name number" lines.  Pure.  What is not there is 0.
 */
void cgroups_parse_events(const char *text, struct cgroup_memory *memory);

#endif
