// SPDX-License-Identifier: Apache-2.0
/* Making attempts, each in a process of its own. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <applibs/log.h>

#include "attempt.h"

/* Exit status of a child whose attempt failed without saying why; larger than every errno. */
#define STATUS_NO_ERRNO	255

static int passed, failed;

void attempt_close(int fd)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	errno = error;
}

int attempt_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

static _Noreturn void run_task(int (*task)(void))
{
	errno = 0;
	if (task() >= 0)
		_exit(0);
	_exit(errno > 0 && errno < STATUS_NO_ERRNO ? errno : STATUS_NO_ERRNO);
}

/* The status of a child that runs @task, or -1. */
static int child_status(int (*task)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		alarm(ATTEMPT_LIMIT_S);
		run_task(task);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	return status;
}

int attempt_in_child(int (*task)(void))
{
	int status = child_status(task);

	errno = status >= 0 && WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
	return errno ? -1 : 0;
}

static const char *outcome(int status)
{
	if (status < 0)
		return "no process for it";
	if (!WIFEXITED(status))
		return strsignal(WTERMSIG(status));
	if (WEXITSTATUS(status) == 0)
		return "it worked";
	if (WEXITSTATUS(status) == STATUS_NO_ERRNO)
		return "it failed without an error";
	return strerror(WEXITSTATUS(status));
}

static void make(const struct attempt *attempt)
{
	int status = child_status(attempt->try);

	if (status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) == attempt->expected) {
		passed++;
		Log_Debug("attempt %s %s: %s\n", attempt->row,
			  attempt->expected ? "refused" : "works", attempt->what);
		return;
	}
	failed++;
	Log_Debug("attempt %s FAILED: %s: %s, expected %s\n", attempt->row, attempt->what,
		  outcome(status), attempt->expected ? strerror(attempt->expected) : "success");
}

void attempt_all(const struct attempt *attempts, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		make(&attempts[i]);
}

int attempt_sum(const char *name)
{
	Log_Debug("%s: %d passed, %d failed\n", name, passed, failed);
	return failed;
}

void attempt_end(const char *name)
{
	attempt_sum(name);
	for (;;)
		pause();
}
