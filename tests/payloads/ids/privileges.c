// SPDX-License-Identifier: Apache-2.0
/* Capabilities of Linux and secure bits: nothing is there, and nothing comes back. */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <errno.h>
#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/securebits.h>
#include <stdint.h>
#include <unistd.h>

#include "attempt.h"
#include "ids.h"

struct sets {
	struct __user_cap_data_struct half[2];
};

static int get_sets(struct sets *sets)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };

	return (int)syscall(__NR_capget, &header, sets->half);
}

static int set_sets(const struct sets *sets)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };

	return (int)syscall(__NR_capset, &header, sets->half);
}

static bool are_empty(void)
{
	struct sets sets;

	if (get_sets(&sets) < 0)
		return false;
	for (unsigned int i = 0; i < 2; i++)
		if (sets.half[i].effective || sets.half[i].permitted || sets.half[i].inheritable)
			return false;
	return true;
}

/* Each capability alone in the sets of @which (1 effective, 2 permitted, 4 inheritable). */
static int raise_each(unsigned int which)
{
	for (unsigned int i = 0; i <= CAP_LAST_CAP; i++) {
		struct sets sets = { 0 };
		uint32_t bit = 1u << i % 32;

		sets.half[i / 32].effective = which & 1 ? bit : 0;
		sets.half[i / 32].permitted = which & 2 ? bit : 0;
		sets.half[i / 32].inheritable = which & 4 ? bit : 0;
		if (set_sets(&sets) == 0 || errno != EPERM || !are_empty())
			return 0;
	}
	errno = EPERM;
	return -1;
}

static int sets_are_empty(void) { return are_empty() ? 0 : -1; }
static int set_empty(void) { const struct sets none = { 0 }; return set_sets(&none); }
static int raise_effective(void) { return raise_each(1); }
static int raise_permitted(void) { return raise_each(2); }
static int raise_both(void) { return raise_each(3); }
static int raise_inheritable(void) { return raise_each(4); }
static int raise_all(void) { return raise_each(7); }

/* The sets of pid 1, as if it were this process. */
static int set_of_first(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 1 };
	const struct sets none = { 0 };

	return (int)syscall(__NR_capset, &header, none.half);
}

static int control(int option, unsigned long first, unsigned long second)
{
	return (int)syscall(__NR_prctl, option, first, second, 0ul, 0ul);
}

static int each_ambient(void)
{
	for (unsigned int i = 0; i <= CAP_LAST_CAP; i++)
		if (control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i) == 0 || errno != EPERM ||
		    control(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i) != 0)
			return 0;
	errno = EPERM;
	return -1;
}

static int each_bounding(void)
{
	for (unsigned int i = 0; i <= CAP_LAST_CAP; i++)
		if (control(PR_CAPBSET_DROP, i, 0) == 0 || errno != EPERM)
			return 0;
	errno = EPERM;
	return -1;
}

static int each_secure_bit(void)
{
	for (unsigned int i = 0; i < 12; i++)
		if (control(PR_SET_SECUREBITS, 1ul << i, 0) == 0 || errno != EPERM ||
		    control(PR_GET_SECUREBITS, 0, 0) != SECUREBITS_DEFAULT)
			return 0;
	errno = EPERM;
	return -1;
}

/* Keeping capabilities over a change of ids may be asked for: there are none to keep. */
static int keep_and_become_root(void)
{
	control(PR_SET_KEEPCAPS, 1, 0);
	if (setresuid(65534, 65534, 65534) == 0)
		return are_empty() ? (errno = EPERM, -1) : 0;
	return are_empty() ? -1 : 0;
}

static const struct attempt attempts[] = {
	{ "AS-18", "its capabilities are none", sets_are_empty, 0 },
	{ "AS-18", "capset: none again", set_empty, 0 },
	{ "AS-18", "capset: effective, each", raise_effective, EPERM },
	{ "AS-18", "capset: permitted, each", raise_permitted, EPERM },
	{ "AS-18", "capset: both, each", raise_both, EPERM },
	{ "AS-18", "capset: inheritable, each", raise_inheritable, EPERM },
	{ "AS-18", "capset: all sets, each", raise_all, EPERM },
	{ "AS-18", "capset: those of pid 1", set_of_first, EPERM },
	{ "AS-18", "ambient set, each", each_ambient, EPERM },
	{ "AS-18", "bounding set, each", each_bounding, EPERM },
	{ "AS-18", "secure bits, each", each_secure_bit, EPERM },
	{ "AS-18", "keep capabilities and change its user", keep_and_become_root, EPERM },
};

void try_privileges(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
