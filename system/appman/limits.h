/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every limit and every fixed number of application-manager.
 *
 * Pid 1 allocates nothing: what it can hold is decided here.
 */
#ifndef APPMAN_LIMITS_H
#define APPMAN_LIMITS_H

#define APP_MAX			16	/* apps that can run at once */

/* Users of apps, and their groups, which have the same numbers (users.h). */
#define APP_UID_FIRST		10000
#define APP_UID_COUNT		1000
#define APP_NO_UID		((uid_t)-1)

/* Groups that own device nodes: GPIO chips, flash for reading, the Security Monitor. */
#define GID_GPIO		100
#define GID_FLASH		101
#define GID_MONITOR		102

/* Component ids of system apps that have privileges (privileges.c), as image_uuid_format() has them. */
#define SYSTEM_APP_NETWORKD	"3d1c5c6e-6f0b-4b19-9b0e-1f6b5e2c7a01"
#define SYSTEM_APP_CONTROLD	"8e1d2f60-51a7-4d4e-8a66-0c9b1d7f3a02"
#define SYSTEM_APP_UPDATED	"c47a9b13-2f8d-4f0e-9c35-7b6e0a5d1e03"

#define APPS_FOLDER		"/mnt/apps"

/* The littlefs that apps write to; a folder for each, by component id. */
#define STORAGE_FOLDER		"/mnt/storage"
#define STORAGE_PARTITION	"storage"

/*
 * An app that ends is started again, at first soon, then with twice the delay each time.  One that
 * ran for RESTART_STABLE_MS is considered well again.
 */
#define RESTART_FIRST_MS	250
#define RESTART_MAX_MS		32000
#define RESTART_STABLE_MS	10000

/* An app of an OEM that ends so often in a row without having become well stays stopped. */
#define CRASHES_MAX		8

/* The device starts system apps only after so many starts in a row that a reset ended so early. */
#define SAFE_MODE_EARLY_ENDS	3
#define SAFE_MODE_STABLE_MS	30000

/* How programs ended is written so many times at once, then once each so many ms. */
#define RECORDS_WRITES_AT_ONCE	8
#define RECORDS_WRITE_MS	60000

/* The image of an app that has ended is unmounted when its last process is gone. */
#define UNMOUNT_RETRY_MS	20

/* Those who may ask at once (control.c), and how many of their packets are taken in a turn. */
#define CONTROL_CLIENTS_MAX	4
#define CONTROL_BURST		4

/*
 * Packets of one app's channel (channel.c) that are taken in a turn; after as many at once the next are
 * taken CHANNEL_REST_MS later; so are apps that come.  How many of these wait.
 */
#define CHANNEL_BURST		4
#define CHANNEL_REST_MS		10
#define CHANNEL_BACKLOG		APP_MAX

/* What replies may take that an app does not read; the kernel makes 4,608 of anything that is less. */
#define CHANNEL_ROOM_BYTES	2304

/* How long killed processes are waited for when the device goes down, after the apps' own grace. */
#define STOP_GRACE_MS		2000

/* The report comes when the apps have had this long to settle. */
#define REPORT_DELAY_MS		500

/* The monitor resets the device when it has not heard of us for so long; it hears thrice as often. */
#define WATCHDOG_MS		30000

/* One datagram of an app's log, and how many are taken before something else has its turn. */
#define LOG_MESSAGE_BYTES	256
#define LOG_BURST		16

/*
 * An app may log so many seconds' worth of its quota at once, and at least so many bytes; after it had
 * no more, half of that must have come back.  A system app has at least this quota.
 */
#define LOG_QUOTA_S		16
#define LOG_QUOTA_MIN_BYTES	(2 * LOG_MESSAGE_BYTES)
#define LOG_MESSAGE_COST_MIN	16	/* a shorter message costs so much: its line has a name and a time */
#define LOG_SYSTEM_BYTES_PER_S	16384

/* Open files of one app. */
#define APP_MAX_FILES		64

/*
 * What an app may use beside what its manifest says (cgroups.h).  When no more than this part of its
 * memory is left it is told.
 */
#define APP_MEMORY_WARN_PART	8
#define APP_PIDS_MAX		32

/* What the kernel adds to the share of RAM, in thousandths, of an OEM's app when it looks whom to kill. */
#define APP_OOM_SCORE		"500"

/* RAM that all apps of OEMs together leave to the kernel, to us and to system apps. */
#define SYSTEM_RESERVE_KIB	384

/* What an app sees (view.h): where its image is, and how many files its /tmp holds, the folder among them. */
#define VIEW_IMAGE_FOLDER	"/mnt/app"
#define VIEW_TMP_FILES		16

/* Instructions of the filter of system calls: two for each range of numbers (seccomp.h). */
#define SECCOMP_PROGRAM_MAX	320

#define CGROUPS_FOLDER		"/mnt/cgroups"

/* memory.events has seven lines of at most 30 bytes. */
#define CGROUP_EVENTS_BYTES	256

/* A line on the console: a whole message of an app with its time and tag. */
#define CONSOLE_LINE_BYTES	(LOG_MESSAGE_BYTES + 64)

/* /proc/zoneinfo and manifests are read into one buffer that is used by turns; one byte for NUL. */
#define SCRATCH_BYTES		(8192 + 1)

#define GPIO_CHIPS_MAX		4

/*
 * The firewall, of all apps together: addresses, blocks of them, ports, and ports that apps reach of each
 * other; for each app, addresses that a resolver has told and that count at once.
 */
#define FIREWALL_HOSTS_MAX	128
#define FIREWALL_NETWORKS_MAX	64
#define FIREWALL_PORTS_MAX	64
#define FIREWALL_LOCAL_MAX	128
#define FIREWALL_ANSWERS_MAX	16

/* One transaction of all of that, in the same buffer. */
#define FIREWALL_BATCH_BYTES	65536

/* An address of a name counts no shorter than an app needs to use it, and not for ever. */
#define FIREWALL_ANSWER_MIN_S	10
#define FIREWALL_ANSWER_MAX_S	86400

#endif
