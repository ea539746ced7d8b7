// SPDX-License-Identifier: Apache-2.0
/* Children to act on: they wait until a pipe ends, look at themselves and say what they found. */

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checked.h"
#include "target.h"

static _Noreturn void be_target(const int ends[2])
{
	char byte;

	close(ends[1]);
	while (read(ends[0], &byte, 1) < 0 && errno == EINTR)
		;
	_exit(checked_invariant() < 0);
}

int target_act(int (*action)(pid_t child))
{
	int ends[2], result, error, status;
	pid_t child;

	if (pipe(ends) < 0)
		return -1;
	child = fork();
	if (child < 0)
		return -1;
	if (child == 0)
		be_target(ends);
	result = action(child);
	error = errno;
	close(ends[0]);
	close(ends[1]);
	if (waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status)) {
		errno = EUCLEAN;
		return -1;
	}
	errno = error;
	return result;
}
