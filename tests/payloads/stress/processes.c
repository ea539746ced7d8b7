// SPDX-License-Identifier: Apache-2.0
/* Processes: made, and collected. */

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "stress.h"

static void be_child(void)
{
	volatile char page[PAGE_BYTES];

	/* A page of its own, so that there is one to copy. */
	page[0] = 1;
	(void)page[0];
	_exit(0);
}

static void be_anew(void)
{
	static char *const arguments[] = { (char *)STRESS_SELF, (char *)STRESS_QUIT, NULL };
	static char *const environment[] = { NULL };

	execve(STRESS_SELF, arguments, environment);
	_exit(1);
}

static unsigned int collect(void)
{
	unsigned int well = 0;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, 0)) > 0 || (pid < 0 && errno == EINTR))
		well += pid > 0 && WIFEXITED(status) && !WEXITSTATUS(status);
	return well;
}

static unsigned int storm(pid_t (*make)(void), void (*be)(void))
{
	for (unsigned int i = 0; i < stress_many; i++)
		if (make() == 0)
			be();
	return collect();
}

unsigned int round_fork(void)
{
	return storm(fork, be_child);
}

unsigned int round_exec(void)
{
	return storm(fork, be_anew);
}
