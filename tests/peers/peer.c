// SPDX-License-Identifier: Apache-2.0
/*
 * What programs cost on a filesystem: pid 1 of a root filesystem for measurements.  It mounts the
 * filesystem of its plan, runs the programs in it, and prints what there was before and after.
 *
 *	peer: before free_kib 3000
 *	peer: after free_kib 2900
 *	peer: worker exec_kib 96
 *	peer: start ns 12345, and 67 for asking		from the mount until all have started
 *	peer: done
 */

#include <errno.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "attempt.h"
#include "gauge.h"
#include "nodes.h"
#include "provide.h"
#include "ticks.h"

#define FOLDER		"/mnt/apps"
#define PLAN		"/etc/plan"
#define SETTLE_US	2000000
#define POLLS_MAX	2000000

static const char *const programs[] = { "sleeper", "dynamic", "worker" };
static pid_t pids[ARRAY_SIZE(programs)];

static _Noreturn void end(void)
{
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static _Noreturn void give_up(const char *what)
{
	dprintf(1, "peer: TROUBLE: %s: %s\n", what, strerror(errno));
	end();
}

/* musl's sched_setscheduler() refuses. */
static void set_policy(int policy)
{
	struct sched_param none = { 0 };

	if (syscall(SYS_sched_setscheduler, 0, policy, &none))
		give_up("sched_setscheduler");
}

static pid_t start(const char *name)
{
	char path[32];
	char *const arguments[] = { path, NULL };
	pid_t pid = fork();

	if (pid)
		return pid;
	snprintf(path, sizeof(path), "/bin/%s", name);
	if (chroot(FOLDER) || chdir("/"))
		_exit(errno);
	execve(path, arguments, NULL);
	_exit(errno);
}

/* A program has started when it sleeps in pause(): all of them end in that. */
static int is_paused(pid_t pid)
{
	char path[32];
	long number = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/syscall", (int)pid);
	file = fopen(path, "re");
	if (!file)
		give_up(path);
	if (fscanf(file, "%ld", &number) != 1)
		number = -1;
	fclose(file);
	return number == SYS_pause;
}

static uint64_t own_time_ns(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/*
 * Asking all the time, but as the task that runs when nothing else wants to.  If it slept, the
 * clock would jump, and would no longer count instructions.  Returns the time that asking took.
 */
static uint64_t wait_until_paused(void)
{
	uint64_t begin = own_time_ns();
	unsigned int polls = 0;

	set_policy(SCHED_IDLE);
	for (unsigned int i = 0; i < ARRAY_SIZE(programs); i++)
		while (!is_paused(pids[i]))
			if (++polls == POLLS_MAX)
				give_up(programs[i]);
	set_policy(SCHED_OTHER);
	return own_time_ns() - begin;
}

/* What measuring itself takes is there before the first number counts. */
static void rehearse(struct gauge_memory *memory)
{
	gauge_read_memory(memory);
	is_paused(getpid());
	set_policy(SCHED_IDLE);
	set_policy(SCHED_OTHER);
	usleep(SETTLE_US);
}

int main(void)
{
	static struct gauge_memory before, after;
	static struct provide_plan plan;
	uint64_t begin, asking_ns, ns;

	nodes_make_world();
	if (provide_prepare(PLAN, &plan))
		give_up(PLAN);
	rehearse(&before);
	gauge_read_memory(&before);

	begin = ticks();
	if (provide_programs(&plan, FOLDER))
		give_up(plan.type);
	for (unsigned int i = 0; i < ARRAY_SIZE(programs); i++)
		pids[i] = start(programs[i]);
	asking_ns = wait_until_paused();
	ns = (ticks() - begin) * NS_PER_TICK - asking_ns;

	usleep(SETTLE_US);
	gauge_read_memory(&after);
	gauge_print_memory("before", &before);
	gauge_print_memory("after", &after);
	for (unsigned int i = 0; i < ARRAY_SIZE(programs); i++)
		gauge_print_process(programs[i], pids[i]);
	dprintf(1, "peer: start ns %llu, and %llu for asking\n", (unsigned long long)ns,
		(unsigned long long)asking_ns);
	dprintf(1, "peer: done\n");
	end();
}
