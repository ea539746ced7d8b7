// SPDX-License-Identifier: Apache-2.0
/* Tables of attempts that are one thing each with another argument. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include <applibs/log.h>

#include "attempt.h"
#include "calls.h"

static const struct call *call;
static const struct opening *opening;

static int make_call(void)
{
	const long *a = call->arguments;

	return syscall(call->number, a[0], a[1], a[2], a[3], a[4], a[5]) < 0 ? -1 : 0;
}

void try_calls(const struct call *calls, unsigned int count)
{
	for (call = calls; call < calls + count; call++) {
		const struct attempt attempt = { call->row, call->what, make_call,
						 call->expected };

		attempt_all(&attempt, 1);
	}
}

static int make_opening(void)
{
	return attempt_open(opening->path, opening->flags);
}

void try_openings(const struct opening *openings, unsigned int count)
{
	static const char *const modes[] = { "read", "write", "read and write" };
	char what[96];

	for (opening = openings; opening < openings + count; opening++) {
		const struct attempt attempt = { opening->row, what, make_opening,
						 opening->expected };

		snprintf(what, sizeof(what), "%s %s", modes[opening->flags & O_ACCMODE],
			 opening->path);
		attempt_all(&attempt, 1);
	}
}

int calls_report(const char *what, long which)
{
	Log_Debug("doors: %s: %ld let it in\n", what, which);
	return 0;
}
