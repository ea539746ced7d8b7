// SPDX-License-Identifier: Apache-2.0
/* Attempts with a check after each. */

#include <errno.h>

#include "checked.h"

static const struct attempt *current;

static int try_current(void)
{
	int result = current->try(), error = errno;

	if (checked_invariant() < 0)
		return -1;
	errno = error;
	return result;
}

void checked_all(const struct attempt *attempts, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		struct attempt attempt = attempts[i];

		current = &attempts[i];
		attempt.try = try_current;
		attempt_all(&attempt, 1);
	}
}
