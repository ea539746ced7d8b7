// SPDX-License-Identifier: Apache-2.0
/*
 * Programs in an image that must not be executed.  They are copies of this program of which the test
 * changed some bytes behind the packer's back, as whoever signs an image can.  A set-id program is not
 * among them: an image that has one is not mounted.  setid.c tries it where it is.
 */

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"
#include "ward.h"

/*
 * 0 when the program ran to its end. What the kernel finds out only after the old program is gone
 * kills the process, which is a refusal as well: ENOEXEC.
 */
static int run(const char *path)
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		execl(path, path, "exit", (char *)NULL);
		_exit(errno);
	}
	if (waitpid(pid, &status, 0) != pid)
		return -1;
	errno = WIFEXITED(status) ? WEXITSTATUS(status) : ENOEXEC;
	return errno ? -1 : 0;
}

static int plain(void) { return run("/odd/plain"); }
static int executable_stack(void) { return run("/odd/stack"); }
static int no_stack_header(void) { return run("/odd/headless"); }
static int executable_bss(void) { return run("/odd/bss"); }
static int writable_text(void) { return run("/odd/wx"); }
static int no_program(void) { return run("/etc/spherule-release"); }
static int script(void) { return run("/odd/script"); }
static int from_apps(void) { return run("/mnt/apps/image/bin/ward"); }
static int from_storage(void) { return run("/mnt/apps/storage/bin/ward"); }

static const struct attempt attempts[] = {
	{ "AS-04", "a plain program", plain, 0 },
	{ "AS-04", "an executable stack", executable_stack, ENOEXEC },
	{ "AS-04", "no PT_GNU_STACK", no_stack_header, ENOEXEC },
	{ "AS-08", "an executable segment with more memory than file", executable_bss, ENOEXEC },
	{ "H-41", "a segment that is writable and executable", writable_text, ENOEXEC },
	{ "H-43", "a file that is no program", no_program, EACCES },
	{ "H-43", "a script", script, ENOEXEC },
	{ "AS-07", "a program of an image in flash", from_apps, 0 },
	{ "AS-07", "the same image where flash is writable", from_storage, EACCES },
};

void try_oddities(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
