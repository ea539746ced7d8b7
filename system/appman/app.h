/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of apps: what is installed and how each is doing.
 *
 *	           start fails or process ends
 *	          +----------------------------+
 *	          v                            |
 *	 load -> WAITING -- delay is over --> RUNNING -- shut down --> STOPPING
 *	          |     \                                                 |
 *	          |      -- image is wrong --> REFUSED                    | process ends
 *	          |                               |                       v
 *	          +-------- shut down ------------+------------------> STOPPED
 *
 * An app that is replaced or removed while the device runs goes from STOPPING to LEAVING, and from there
 * to WAITING or ABSENT.
 *
 * The manifest is not kept: it is in the mounted image, cannot change there, and is read again at
 * each start.
 */
#ifndef APPMAN_APP_H
#define APPMAN_APP_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "abi/image.h"
#include "limits.h"

enum app_state {
	APP_ABSENT,	/* this place of the table is free */
	APP_WAITING,	/* starts at deadline_ms */
	APP_RUNNING,
	APP_STOPPING,	/* was told to end, and is killed at deadline_ms */
	APP_LEAVING,	/* ended, and its image is being unmounted: tried again at deadline_ms */
	APP_REFUSED,	/* its image can never start */
	APP_STOPPED,
	APP_STATE_COUNT,
};

/* What comes when a STOPPING app has ended. */
enum app_after {
	AFTER_NOTHING,	/* it stays STOPPED */
	AFTER_RESTART,
	AFTER_REPLACE,	/* by the image that is installed now; the former one is kept for a while */
	AFTER_GO_BACK,	/* likewise, and nothing of the one that failed is kept */
	AFTER_REMOVE,
};

/* What an app may use of the machine (cgroups.h). */
struct cgroup_limits {
	uint32_t memory_max_kib;	/* more is not given: the app is killed, the whole of it */
	uint32_t memory_high_kib;	/* from here on it is told, and slowed down */
	uint32_t pids_max;		/* processes and threads */
	uint32_t cpu_weight;		/* 1 to 10000: its share beside others that want the processor too */
	uint32_t cpu_max_percent;	/* 1 to 100 of the processor; 100: no limit */
};

/* What an app may log (applog.h). */
struct log_quota {
	unsigned int bytes_per_s;
	long long room;			/* thousandths of a byte */
	bool is_closed;			/* it had no room, and has not enough of it again */
	unsigned int dropped_bytes, dropped_messages;
	long long filled_ms;		/* when @room was counted; 0: it has never logged */
};

struct app {
	enum app_state state;
	enum app_after after;
	bool is_system;			/* came from the system partition */
	char name[IMAGE_NAME_BYTES];
	char id[IMAGE_UUID_TEXT_BYTES];
	uid_t uid;			/* and its group (users.h) */
	bool has_folder;		/* in the storage */
	uint32_t offset;		/* of its image in the partition */
	uint32_t image_bytes;
	bool on_trial;			/* a new image; the former one is mounted yet */
	uint32_t former_offset, former_bytes;
	unsigned int grace_ms;		/* between SIGTERM and SIGKILL */
	uint8_t restart;		/* enum manifest_restart */
	bool remove_storage;		/* when it is removed */
	unsigned int watchdog_ms;	/* it says so often that it is well; 0: it need not */
	unsigned int ready_ms;		/* within so long that it is ready; 0: it need not */
	uint32_t flags;			/* of its manifest: enum manifest_flag */
	uint32_t power_controls;	/* likewise: enum manifest_power */
	pid_t pid;			/* while RUNNING or STOPPING */
	unsigned int restarts;
	unsigned int delay_ms;		/* before the last start; 0 before the first */
	unsigned int crashes;		/* in a row, without having become well */
	bool is_held;			/* by safe mode: STOPPED until it is over */
	struct log_quota log;
	struct cgroup_limits limits;	/* of the last start */
	bool told_of_memory;		/* since the last start */
	uint32_t memory_high;		/* how often it was over limits.memory_high_kib */
	uint32_t memory_over;		/* how often it reached its limit */
	uint32_t memory_kills;		/* how many of its processes were killed for memory */
	uint32_t memory_peak_kib;	/* at its last end, since the device started */
	uint32_t start_us;		/* what the last start took, until its program was executed */
	long long started_ms;
	long long deadline_ms;
	long long ready_by_ms;		/* while RUNNING: -1, or it has not said yet that it is ready */
	long long alive_by_ms;		/* likewise: -1, or when its watchdog ends it */
	bool is_hung;			/* its watchdog has ended it */
};

extern struct app apps[APP_MAX];

/* For the loops over the table. */
#define for_each_app(app) \
	for (struct app *app = apps; app < apps + APP_MAX; app++) \
		if (app->state == APP_ABSENT) {} else

const char *app_state_name(enum app_state state);

/* NULL when there is none. */
struct app *app_by_pid(pid_t pid);
struct app *app_by_uid(uid_t uid);
struct app *app_by_id(const char *id);

/*
 * Mounts the image at @offset of the installed ones and enters it in the table, or in the place of
 * @app, whose image is not mounted.  Reports what is wrong.  Returns the app, or NULL.
 */
struct app *app_load_one(uint32_t offset, struct app *app);

/* "/mnt/apps/<component id>" */
#define APP_PATH_BYTES	(sizeof(APPS_FOLDER "/") + IMAGE_UUID_TEXT_BYTES)
void app_path(const struct app *app, char path[APP_PATH_BYTES]);

/* Where the former image of an app on trial is: the same with FORMER behind it. */
#define FORMER	".former"
#define APP_FORMER_BYTES	(APP_PATH_BYTES + sizeof(FORMER))
void app_former_path(const struct app *app, char path[APP_FORMER_BYTES]);

/*
 * Mount the images of the system apps, of which the monitor has verified all at the start, and those
 * of the installed apps, of which it verifies each when it is mounted.  They enter the images in the
 * table and report what is refused.
 */
void app_load_system(void);
void app_load_installed(void);

#endif
