// SPDX-License-Identifier: Apache-2.0
/*
 * Effective, saved and filesystem ids always are the real ones, and nothing that was dropped comes
 * back.  As an app: every call that sets ids, with every combination of values.
 *
 * With the argument "root", which the warden gives it with user 0, all capabilities of Linux and an
 * identity: the same as root, and what root cannot do then.
 */

#include <string.h>

#include "attempt.h"
#include "ids.h"

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "root")) {
		try_root();
		try_privileges();
		return attempt_sum("ids root") ? 1 : 0;
	}
	try_own();
	try_privileges();
	attempt_end("ids");
}
