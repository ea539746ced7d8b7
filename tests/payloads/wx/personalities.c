// SPDX-License-Identifier: Apache-2.0
/* personality(): what makes readable memory executable, or memory easy to find, cannot be had. */

#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/personality.h>

#include "checked.h"
#include "wx.h"

/* "Tell me" (personality(2)). */
#define QUERY 0xfffffffful

static const struct bit {
	const char *what;
	unsigned long mask;
} bits[] = {
	{ "READ_IMPLIES_EXEC", READ_IMPLIES_EXEC },
	{ "ADDR_NO_RANDOMIZE", ADDR_NO_RANDOMIZE },
	{ "MMAP_PAGE_ZERO", MMAP_PAGE_ZERO },
	{ "ADDR_COMPAT_LAYOUT", ADDR_COMPAT_LAYOUT },
	{ "ADDR_LIMIT_3GB", ADDR_LIMIT_3GB },
	{ "FDPIC_FUNCPTRS", FDPIC_FUNCPTRS },
	{ "SHORT_INODE", SHORT_INODE },
	{ "WHOLE_SECONDS", WHOLE_SECONDS },
	{ "STICKY_TIMEOUTS", STICKY_TIMEOUTS },
	{ "UNAME26", UNAME26 },
	{ "PER_LINUX32", PER_LINUX32 },
	{ "PER_SVR4", PER_SVR4 },
	{ "PER_BSD", PER_BSD },
	{ "all of it but one bit", QUERY ^ 1 },
};

static const struct bit *bit;

static unsigned long current_personality(void)
{
	return (unsigned int)personality(QUERY);
}

static int change_to(unsigned long wanted)
{
	unsigned long before = current_personality();
	int result = personality(wanted), error = errno;

	if (result < 0 && current_personality() != before)
		return 0;
	errno = error;
	return result < 0 ? -1 : 0;
}

static int ask(void) { return personality(QUERY) < 0 ? -1 : 0; }
static int set_same(void) { return change_to(current_personality()); }
static int add_bit(void) { return change_to(current_personality() | bit->mask); }
static int only_bit(void) { return change_to(bit->mask); }

/* Each bit that it does not have, and without each that it has. */
static int flip_each_bit(void)
{
	unsigned long before = current_personality();

	for (unsigned int i = 0; i < 32; i++) {
		if (change_to(before ^ 1ul << i) == 0)
			return 0;
		if (errno != EPERM)
			return -1;
	}
	return -1;
}

/* After the refusal, what can be read cannot be executed. */
static int read_after_refusal(void)
{
	personality(current_personality() | READ_IMPLIES_EXEC);
	if (wx_page() && wx_open_program() >= 0 && wx_memory_file(0) >= 0)
		return mmap(NULL, PAGE_BYTES, PROT_READ, MAP_PRIVATE, wx_memory_file(0), 0) ==
				       MAP_FAILED ? -1 : 0;
	return -1;
}

static const struct attempt attempts[] = {
	{ "AS-04", "ask for its personality", ask, EPERM },
	{ "AS-04", "set the personality it has", set_same, EPERM },
	{ "AS-04", "flip each bit of its personality", flip_each_bit, EPERM },
	{ "AS-04", "map to read after asking for READ_IMPLIES_EXEC", read_after_refusal, 0 },
};

static void try_one(const char *format, int (*try)(void))
{
	char what[64];
	const struct attempt attempt = { "AS-04", what, try, EPERM };

	snprintf(what, sizeof(what), format, bit->what);
	checked_all(&attempt, 1);
}

void wx_try_personalities(void)
{
	checked_all(attempts, ARRAY_SIZE(attempts));
	for (size_t i = 0; i < ARRAY_SIZE(bits); i++) {
		bit = &bits[i];
		try_one("personality with %s", add_bit);
		try_one("personality of %s alone", only_bit);
	}
}
