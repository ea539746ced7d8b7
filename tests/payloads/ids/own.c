// SPDX-License-Identifier: Apache-2.0
/* As an app: nothing changes an id. */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "attempt.h"
#include "ids.h"

#define NONE	(~0u)	/* "leave it as it is" */

static unsigned int own[2];
static unsigned int values[5];
static const struct setter *setter;

static bool is_own(const unsigned int *arguments)
{
	for (unsigned int i = 0; i < setter->arguments; i++)
		if (arguments[i] != own[setter->kind] && arguments[i] != NONE)
			return false;
	return true;
}

static bool is_unchanged(const struct setter *which)
{
	return ids_are_all(which->kind, own[which->kind]);
}

/* With what would change something: EPERM, and nothing has changed. */
static bool is_refused(const struct setter *which, const unsigned int *arguments)
{
	int result;

	if (is_own(arguments))
		return true;
	result = setter_call(which, arguments);
	if (is_unchanged(which) &&
	    (which->never_fails ? result == (int)own[which->kind] : result < 0 && errno == EPERM))
		return true;
	setter_report(which, arguments, result);
	return false;
}

/* With what it is already: it works, but a single -1 is no id. */
static bool is_allowed(const struct setter *which, const unsigned int *arguments)
{
	bool no_id = which->arguments == 1 && arguments[0] == NONE && !which->never_fails;
	int result;

	if (!is_own(arguments))
		return true;
	result = setter_call(which, arguments);
	if (is_unchanged(which) && (no_id ? result < 0 && errno == EINVAL : result >= 0))
		return true;
	setter_report(which, arguments, result);
	return false;
}

static int with_others(void)
{
	if (!setter_combine(setter, values, ARRAY_SIZE(values), is_refused))
		return 0;
	errno = EPERM;
	return -1;
}

static int with_own(void)
{
	return setter_combine(setter, values, ARRAY_SIZE(values), is_allowed) ? 0 : -1;
}

static void try_setters(void)
{
	char what[64];
	const struct attempt attempts[] = {
		{ "AS-17", what, with_own, 0 },
		{ "AS-17", what, with_others, EPERM },
	};

	for (setter = setters; setter < setters + setter_count; setter++) {
		snprintf(what, sizeof(what), "%s: what it is already", setter->name);
		attempt_all(&attempts[0], 1);
		snprintf(what, sizeof(what), "%s: every combination of others", setter->name);
		attempt_all(&attempts[1], 1);
	}
}

/* libc has no call of the kernel for these two. */
static int each_other(int (*set)(unsigned int), enum kind kind)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(values); i++) {
		if (values[i] == own[kind] || values[i] == NONE)
			continue;
		if (set(values[i]) == 0 || errno != EPERM || !ids_are_all(kind, own[kind]))
			return 0;
	}
	errno = EPERM;
	return -1;
}

static int set_effective_user(void) { return each_other(seteuid, USER); }
static int set_effective_group(void) { return each_other(setegid, GROUP); }
static int set_own_effective_user(void) { return seteuid(own[USER]); }

static int has_no_groups(void) { return getgroups(0, NULL) == 0 ? 0 : -1; }

static int join(size_t count, gid_t group)
{
	int result = (int)syscall(__NR_setgroups32, count, &group), error = errno;

	if (has_no_groups())
		return 0;
	errno = error;
	return result;
}

static int join_none(void) { return join(0, 0); }
static int join_root(void) { return join(1, 0); }
static int join_own(void) { return join(1, own[GROUP]); }
static int join_gpio(void) { return join(1, 100); }
static int join_flash(void) { return join(1, 101); }
static int join_nobody(void) { return join(1, 65535); }
static int join_too_many(void) { return join(65537, 0); }

/* The calls with 16-bit ids would cut an id to another one: they are compiled out. */
static int by_old_calls(void)
{
	static const long numbers[] = {
		__NR_setuid, __NR_setgid, __NR_setreuid, __NR_setregid, __NR_setresuid,
		__NR_setresgid, __NR_setfsuid, __NR_setfsgid, __NR_setgroups, __NR_chown,
		__NR_lchown, __NR_fchown,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(numbers); i++)
		if (syscall(numbers[i], 0, 0, 0) >= 0 || errno != ENOSYS)
			return 0;
	errno = ENOSYS;
	return -1;
}

static int ask_own_priority(void) { return getpriority(PRIO_PROCESS, 0) < 0 ? -1 : 0; }

static int ids_are_own(void)
{
	return ids_are_all(USER, own[USER]) && ids_are_all(GROUP, own[GROUP]) ? 0 : -1;
}

/* In the child of fork(), which has its parent's credentials. */
static int become_root_in_child(void)
{
	return setresuid(0, 0, 0);
}
static int root_by_child(void) { return attempt_in_child(become_root_in_child); }

static const struct attempt attempts[] = {
	{ "AS-17", "all ids are the real ones", ids_are_own, 0 },
	{ "AS-17", "seteuid: what it is already", set_own_effective_user, 0 },
	{ "AS-17", "seteuid: every other", set_effective_user, EPERM },
	{ "AS-17", "setegid: every other", set_effective_group, EPERM },
	{ "AS-17", "root by a child", root_by_child, EPERM },
	{ "AS-17", "it is in no group", has_no_groups, 0 },
	{ "AS-17", "setgroups: none", join_none, EPERM },
	{ "AS-17", "setgroups: root", join_root, EPERM },
	{ "AS-17", "setgroups: its own", join_own, EPERM },
	{ "AS-17", "setgroups: that of the GPIO chips", join_gpio, EPERM },
	{ "AS-17", "setgroups: that of the flash", join_flash, EPERM },
	{ "AS-17", "setgroups: 65535", join_nobody, EPERM },
	{ "AS-17", "setgroups: too many", join_too_many, EPERM },
	{ "AS-17", "the calls with 16-bit ids", by_old_calls, ENOSYS },
	{ "AS-17", "ask for its own priority", ask_own_priority, 0 },
};

void try_own(void)
{
	own[USER] = getuid();
	own[GROUP] = getgid();
	values[0] = 0;
	values[1] = own[USER];
	values[2] = own[USER] + 1;
	values[3] = NONE;
	values[4] = 65535;
	attempt_all(attempts, ARRAY_SIZE(attempts));
	try_setters();
	attempt_all(attempts, 1);
}
