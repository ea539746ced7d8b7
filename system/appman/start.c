// SPDX-License-Identifier: Apache-2.0
/* Starting the process of an app. */

#include <errno.h>
#include <fcntl.h>
#include <linux/lsm.h>
#include <linux/spherule.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "applog.h"
#include "cgroups.h"
#include "counter.h"
#include "devices.h"
#include "gpio.h"
#include "manifests.h"
#include "network.h"
#include "ports.h"
#include "privileges.h"
#include "seccomp.h"
#include "start.h"
#include "storage.h"
#include "users.h"
#include "view.h"

/* Linux, arch/arm/tools/syscall.tbl; musl 1.2.3 does not know it yet. */
#define SYS_LSM_SET_SELF_ATTR	460

#define NO_TENANT	"00000000-0000-0000-0000-000000000000"

/* What the child needs; made before vfork(), so that the child only makes system calls. */
struct start {
	const struct app *app;
	struct view view;
	char cgroup[CGROUPS_PATH_BYTES];
	char entry[sizeof(VIEW_IMAGE_FOLDER) + MANIFEST_MAX_PATH_BYTES];
	char *argv[MANIFEST_MAX_ARGS + 2];
	int log_fd;
	char identity[SPHERULE_IDENTITY_BYTES + 1];
	struct spherule_ports ports;
	gid_t groups[PRIVILEGES_GROUPS_MAX];
	size_t group_count;

	/* Written by the child, which shares this memory until it has become the app. */
	volatile const char *failed_step;
	volatile int failed_errno;
};

/*
 * Who the app is to the kernel, from its next execve() on (linux/spherule.h).  No tenant yet: nothing
 * verifies whose image it is.
 */
static void choose_identity(struct start *start, uint32_t capabilities)
{
	snprintf(start->identity, sizeof(start->identity), "CID: %s\nTID: %s\nCAPS: %08x\n",
		 start->app->id, NO_TENANT, capabilities);
	start->group_count = privileges_groups(capabilities, start->groups);
}

/* Not by /proc/self/attr/exec: what procfs keeps of a path that was walked is 3 KiB for each app. */
static int take_identity(const struct start *start)
{
	union {
		struct lsm_ctx context;
		char bytes[sizeof(struct lsm_ctx) + SPHERULE_IDENTITY_BYTES];
	} attribute = { .context = {
		.id = LSM_ID_SPHERULE,
		.len = sizeof(attribute.bytes),
		.ctx_len = SPHERULE_IDENTITY_BYTES,
	} };

	memcpy(attribute.context.ctx, start->identity, SPHERULE_IDENTITY_BYTES);
	return (int)syscall(SYS_LSM_SET_SELF_ATTR, LSM_ATTR_EXEC, &attribute,
			    sizeof(attribute.bytes), 0u);
}

static void choose_arguments(struct start *start)
{
	char *arg = manifest.args;
	size_t i = 0;

	snprintf(start->entry, sizeof(start->entry), VIEW_IMAGE_FOLDER "%s", manifest.entry_point);
	start->argv[i++] = start->entry;
	while (i <= manifest.arg_count) {
		start->argv[i++] = arg;
		arg += strlen(arg) + 1;
	}
	start->argv[i] = NULL;
}

/* By the cgroup's file, as whoever writes to it. */
static int enter_cgroup(const struct start *start)
{
	int fd = open(start->cgroup, O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, "0", 1) != 1 ? -1 : close(fd);
}

/*
 * When the machine has no memory left, apps of OEMs end before system apps.  As root, so that the app
 * can lower its value no more: Linux, fs/proc/base.c.
 */
static int offer_for_oom(const struct start *start)
{
	int fd;

	if (start->app->is_system)
		return 0;
	fd = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
	return fd < 0 || write(fd, APP_OOM_SCORE, strlen(APP_OOM_SCORE)) < 0 ? -1 : close(fd);
}

static int move_files(const struct start *start)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(start->log_fd, STDOUT_FILENO) < 0 ||
	    dup2(start->log_fd, STDERR_FILENO) < 0)
		return -1;
	return (int)syscall(SYS_close_range, STDERR_FILENO + 1, ~0u, 0u);
}

static int limit_resources(void)
{
	static const struct rlimit none, files = { APP_MAX_FILES, APP_MAX_FILES };

	/* Linux's default for locked memory is more than the device has. */
	if (setrlimit(RLIMIT_CORE, &none) < 0 || setrlimit(RLIMIT_MEMLOCK, &none) < 0)
		return -1;
	return setrlimit(RLIMIT_NOFILE, &files);
}

/* Ends at the first capability that this kernel does not have. */
static int drop_bounding_set(void)
{
	int capability = 0;

	while (prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0)
		if (prctl(PR_CAPBSET_DROP, capability++, 0, 0, 0) < 0)
			return -1;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

/*
 * The functions of libc for this synchronise threads through memory that the child of vfork()
 * shares with its parent, so the system calls are made directly.
 */
static int become_user(const struct start *start)
{
	uid_t id = start->app->uid;

	if (syscall(SYS_setgroups32, start->group_count, start->groups) < 0 ||
	    syscall(SYS_setresgid32, id, id, id) < 0)
		return -1;
	return (int)syscall(SYS_setresuid32, id, id, id);
}

static int clear_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Ends the child when a step of it has failed. */
static void must(struct start *start, int result, const char *step)
{
	if (result >= 0)
		return;
	start->failed_errno = errno;
	start->failed_step = step;
	_exit(127);
}

static _Noreturn void run_child(struct start *start)
{
	static char *const environment[] = { NULL };

	must(start, setsid(), "make its session");
	must(start, enter_cgroup(start), "enter its cgroup");
	must(start, offer_for_oom(start), "set its place among those that end for memory");
	must(start, view_enter(&start->view), "make its view of the files");
	must(start, chdir(VIEW_IMAGE_FOLDER), "enter its folder");
	umask(077);
	must(start, take_identity(start), "take its identity");
	must(start, ports_take(&start->ports), "take its ports");
	must(start, move_files(start), "set up its files");
	must(start, limit_resources(), "set its limits");
	must(start, drop_bounding_set(), "drop capabilities");
	must(start, become_user(start), "change to its user");
	must(start, clear_signals(), "unblock signals");
	must(start, seccomp_enter(), "filter its system calls");
	must(start, execve(start->entry, start->argv, environment), "execute its program");
	_exit(127);
}

/* In a function of its own: nothing in its frame is used by both processes. */
static __attribute__((noinline)) pid_t fork_child(struct start *start)
{
	pid_t pid = vfork();

	if (pid == 0)
		run_child(start);
	return pid;
}

/* What of the manifest counts while the app runs. */
static void choose_limits(struct app *app)
{
	app->limits = (struct cgroup_limits){
		.memory_max_kib = manifest.memory_kib,
		.memory_high_kib = manifest.memory_kib - manifest.memory_kib / APP_MEMORY_WARN_PART,
		.pids_max = APP_PIDS_MAX,
		.cpu_weight = manifest.cpu_weight,
		.cpu_max_percent = manifest.cpu_max_percent,
	};
	app->grace_ms = manifest.grace_ms;
	app->restart = manifest.restart;
	app->watchdog_ms = manifest.watchdog_ms;
	app->ready_ms = manifest.ready_ms;
	app->flags = manifest.flags;
	app->power_controls = manifest.power_controls;
	app->log.bytes_per_s = manifest.log_bytes_per_s;
	if (app->is_system && app->log.bytes_per_s < LOG_SYSTEM_BYTES_PER_S)
		app->log.bytes_per_s = LOG_SYSTEM_BYTES_PER_S;
}

/* What outlives a process of the app.  All or none. */
static int give_rights(struct app *app)
{
	int err = gpio_give_lines(app, &manifest);

	if (!err)
		err = cgroups_give(app, &app->limits);
	if (!err)
		err = storage_give(app, manifest.storage_kib);
	if (!err)
		err = network_give(app, &manifest);
	if (err)
		gpio_take_lines(app);
	return err;
}

/* Bit 0 is gpiochip0. */
static uint32_t chips_of_manifest(void)
{
	uint32_t chips = 0;

	for (unsigned int i = 0; i < manifest.gpio_count; i++)
		chips |= 1u << manifest.gpios[i] / MANIFEST_GPIO_LINES_PER_CHIP;
	return chips;
}

/* All that the child needs. */
static int prepare(struct start *start)
{
	const struct app *app = start->app;
	uint32_t capabilities = privileges_capabilities(app, &manifest);
	int err;

	choose_arguments(start);
	choose_identity(start, capabilities);
	cgroups_entry(app, start->cgroup);
	err = ports_list(&start->ports, manifest.tcp_ports, manifest.tcp_port_count, manifest.udp_ports,
			 manifest.udp_port_count);
	if (err)
		return manifests_refuse(app, "list its ports", err);
	view_choose(&start->view, app, &manifest);
	err = devices_view(chips_of_manifest(), capabilities, start->view.devices);
	if (err)
		return manifests_refuse(app, "make its /dev", err);
	start->log_fd = applog_open_sender();
	if (start->log_fd < 0)
		return manifests_refuse(app, "connect its log", start->log_fd);
	return 0;
}

int start_app(struct app *app)
{
	struct start start = { .app = app, .log_fd = -1 };
	uint64_t begin_us = counter_since_power_on_us();
	int err;

	/* Without one it would keep ours. */
	if (!users_is_app(app->uid))
		return manifests_refuse(app, "find its user", -EUSERS);
	err = manifests_read(app);
	if (!err)
		err = prepare(&start);
	if (err)
		return err;
	choose_limits(app);
	err = give_rights(app);
	if (err) {
		close(start.log_fd);
		return err;
	}

	app->pid = fork_child(&start);
	err = app->pid < 0 ? -errno : -start.failed_errno;
	app->start_us = (uint32_t)(counter_since_power_on_us() - begin_us);
	close(start.log_fd);
	if (err) {
		manifests_refuse(app, app->pid < 0 ? "make a process" : (const char *)start.failed_step,
				 err);
		app->pid = 0;	/* a child that failed is reaped as a stranger */
		gpio_take_lines(app);
	}
	return err;
}
