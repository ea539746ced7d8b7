// SPDX-License-Identifier: Apache-2.0
/* Helpers that the kernel starts (attacks.md, AS-16): they inherit nothing, so they do not run. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "attempt.h"
#include "identity.h"
#include "nodes.h"
#include "ward.h"

static int start_helper(const char *path)
{
	int fd = open("/proc/spherule-helper", O_WRONLY | O_CLOEXEC);
	ssize_t written = fd < 0 ? -1 : write(fd, path, strlen(path));

	attempt_close(fd);
	return written < 0 ? -1 : 0;
}

static int helper(void) { return start_helper("/bin/ward"); }
static int no_helper(void) { return start_helper("/bin/nothing"); }

/* The same program under an identity runs. */
static int program(void)
{
	char text[SPHERULE_IDENTITY_BYTES + 1];

	identity_format(COMPONENT_FILES, 0, text);
	if (identity_set_by_call(text, SPHERULE_IDENTITY_BYTES))
		return -1;
	execl("/bin/ward", "ward", "exit", (char *)NULL);
	return -1;
}

static const struct attempt attempts[] = {
	{ "AS-16", "a program under an identity", program, 0 },
	{ "AS-16", "a helper that is not there", no_helper, ENOENT },
	{ "AS-16", "a helper of the kernel", helper, EPERM },
};

void try_helper(void)
{
	nodes_make_world();
	attempt_all(attempts, ARRAY_SIZE(attempts));
	attempt_sum("ward helper");
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
