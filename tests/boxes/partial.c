// SPDX-License-Identifier: Apache-2.0
/*
 * application-manager without a part of the sandbox: what is linked into a test build of it, to see
 * what each part costs.  The linker sends the calls here (WRAPPED of the Makefile); the boot argument
 * "without=PART,PART" says which are left out.
 *
 * It also says when an app is asked for:
 *
 *	appman: partial: begin 123456		ticks
 */

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "applog.h"
#include "cgroups.h"
#include "console.h"
#include "seccomp.h"
#include "start.h"
#include "ticks.h"
#include "view.h"

/* Linux, arch/arm/tools/syscall.tbl. */
#define SYS_OPEN_TREE	428
#define SYS_MOVE_MOUNT	429

static bool without(const char *part)
{
	const char *list = getenv("without");

	return list && strstr(list, part);
}

int __real_start_app(struct app *app);
int __wrap_start_app(struct app *app);
int __wrap_start_app(struct app *app)
{
	uint64_t begin = ticks();
	int err = __real_start_app(app);

	console_info("partial: begin %llu", (unsigned long long)begin);
	return err;
}

int __real_cgroups_give(const struct app *app, const struct cgroup_limits *limits);
int __wrap_cgroups_give(const struct app *app, const struct cgroup_limits *limits);
int __wrap_cgroups_give(const struct app *app, const struct cgroup_limits *limits)
{
	return without("cgroup") ? 0 : __real_cgroups_give(app, limits);
}

void __real_cgroups_entry(const struct app *app, char path[CGROUPS_PATH_BYTES]);
void __wrap_cgroups_entry(const struct app *app, char path[CGROUPS_PATH_BYTES]);
void __wrap_cgroups_entry(const struct app *app, char path[CGROUPS_PATH_BYTES])
{
	/* What is written there is nothing. */
	if (without("cgroup"))
		snprintf(path, CGROUPS_PATH_BYTES, "/dev/null");
	else
		__real_cgroups_entry(app, path);
}

int __real_seccomp_enter(void);
int __wrap_seccomp_enter(void);
int __wrap_seccomp_enter(void)
{
	return without("filter") ? 0 : __real_seccomp_enter();
}

int __real_applog_open_sender(void);
int __wrap_applog_open_sender(void);
int __wrap_applog_open_sender(void)
{
	return without("log") ? open("/dev/console", O_WRONLY | O_NOCTTY | O_CLOEXEC) :
				__real_applog_open_sender();
}

/* Without a view the image is where everybody's are. */
static char image[APP_PATH_BYTES];

int __real_view_enter(const struct view *view);
int __wrap_view_enter(const struct view *view);
int __wrap_view_enter(const struct view *view)
{
	if (!without("view"))
		return __real_view_enter(view);
	snprintf(image, sizeof(image), "%s", view->image);
	return 0;
}

int __real_execve(const char *path, char *const arguments[], char *const environment[]);
int __wrap_execve(const char *path, char *const arguments[], char *const environment[]);
int __wrap_execve(const char *path, char *const arguments[], char *const environment[])
{
	static char other[sizeof(image) + sizeof(VIEW_IMAGE_FOLDER) + 256];

	if (!without("view"))
		return __real_execve(path, arguments, environment);
	snprintf(other, sizeof(other), "%s%s", image, path + strlen(VIEW_IMAGE_FOLDER));
	return __real_execve(other, arguments, environment);
}

/* Without a /dev of its own an app sees all of it: the mounts and the unmount are left out. */
static bool is_left_dev(const char *path)
{
	return without("dev") && !strcmp(path, "/dev");
}

int __real_mount(const char *source, const char *target, const char *type, unsigned long flags,
		 const void *options);
int __wrap_mount(const char *source, const char *target, const char *type, unsigned long flags,
		 const void *options);
int __wrap_mount(const char *source, const char *target, const char *type, unsigned long flags,
		 const void *options)
{
	if (flags & MS_BIND && is_left_dev(target))
		return 0;
	return __real_mount(source, target, type, flags, options);
}

int __real_umount2(const char *target, int flags);
int __wrap_umount2(const char *target, int flags);
int __wrap_umount2(const char *target, int flags)
{
	return is_left_dev(target) ? 0 : __real_umount2(target, flags);
}

/* As on a kernel that has no netfilter. */
int __real_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol);
int __wrap_socket(int domain, int type, int protocol)
{
	if (domain != AF_NETLINK || protocol != NETLINK_NETFILTER || !without("netfilter"))
		return __real_socket(domain, type, protocol);
	errno = EPROTONOSUPPORT;
	return -1;
}

/* Six arguments at most; what was not given is not looked at. */
long __real_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f);
long __wrap_syscall(long number, long a, long b, long c, long d, long e, long f)
{
	if (number == SYS_MOVE_MOUNT && is_left_dev((const char *)d))
		return 0;
	if (number == SYS_OPEN_TREE && without("dev") && !strncmp((const char *)b, "/dev", 4))
		return open((const char *)b, O_PATH | O_CLOEXEC);
	return __real_syscall(number, a, b, c, d, e, f);
}
