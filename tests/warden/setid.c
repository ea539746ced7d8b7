// SPDX-License-Identifier: Apache-2.0
/*
 * Set-id programs (attacks.md, AS-18): the effective ids are the real ones after execve() too.  The
 * product's kernel does not even mount an image that has one; that of the KUnit tests does.
 */

#include <errno.h>
#include <sys/reboot.h>
#include <unistd.h>

#include "attempt.h"
#include "identity.h"
#include "nodes.h"
#include "ward.h"

#define USER	20001

/* As a component, an ordinary user, without no_new_privs: nothing but the LSM stands before it. */
static int execute(const char *path)
{
	char text[SPHERULE_IDENTITY_BYTES + 1];

	identity_format(COMPONENT_FILES, 0, text);
	if (setresgid(USER, USER, USER) || setresuid(USER, USER, USER) ||
	    identity_set_by_call(text, SPHERULE_IDENTITY_BYTES))
		return -1;
	execl(path, path, "exit", (char *)NULL);
	return -1;
}

static int plain(void) { return execute("/odd/plain"); }
static int set_uid(void) { return execute("/odd/setuid"); }
static int set_gid(void) { return execute("/odd/setgid"); }

static const struct attempt attempts[] = {
	{ "AS-18", "a plain program", plain, 0 },
	{ "AS-18", "a set-uid program", set_uid, EPERM },
	{ "AS-18", "a set-gid program", set_gid, EPERM },
};

void try_setid(void)
{
	nodes_make_world();
	attempt_all(attempts, ARRAY_SIZE(attempts));
	attempt_sum("ward setid");
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}
