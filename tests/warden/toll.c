// SPDX-License-Identifier: Apache-2.0
/*
 * What the LSM costs: pid 1 of a root filesystem for measurements.  It runs itself as an app would
 * run, under an identity if the kernel has them, and counts ticks of the ARM generic timer over many
 * repetitions; under QEMU's -icount these are instructions.
 *
 *	toll: open 12345		ticks for one, times TOLL_SCALE
 *	toll: pages used 123		with two more processes
 *
 * With the argument "filter" it makes two calls without and with the filter of system calls of apps,
 * one that the filter allows and one that neither it nor the kernel knows:
 *
 *	toll: allowed 12345, toll: filtered_allowed 12345, and the same for "absent"
 *
 * With the arguments "processes N PROGRAM" it starts N of /bin/PROGRAM, "sleeper" if none is named, with an
 * identity and nothing else, and only says how many pages are used: what an app costs without
 * application-manager's sandbox.
 */

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"
#include "filter.h"
#include "identity.h"
#include "nodes.h"
#include "used.h"

#define TOLL_SCALE	1000
#define PAGE_BYTES	4096
#define USER		20000
#define ROUNDS		20

static int file, listener;
static struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "\0toll" };

/* Arm DDI 0406C, B8.1: the virtual counter. */
static uint64_t ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("mrrc p15, 1, %0, %1, c14" : "=r"(low), "=r"(high));
	return (uint64_t)high << 32 | low;
}

static void null_call(void) { syscall(SYS_getppid); }
static void open_file(void) { close(open("/etc/spherule-release", O_RDONLY)); }

static void read_file(void)
{
	char byte;

	if (pread(file, &byte, 1, 0) != 1)
		_exit(errno);
}

static void map_memory(void)
{
	munmap(mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
	       PAGE_BYTES);
}

static void map_text(void)
{
	munmap(mmap(NULL, PAGE_BYTES, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0), PAGE_BYTES);
}

static void execute(void)
{
	static char *const arguments[] = { "/bin/toll", "exit", NULL };
	pid_t pid = vfork();

	if (pid == 0) {
		execve(arguments[0], arguments, NULL);
		_exit(errno);
	}
	waitpid(pid, NULL, 0);
}

static void fork_only(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	waitpid(pid, NULL, 0);
}

static void connect_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (connect(fd, (struct sockaddr *)&address, sizeof(address.sun_family) + 5))
		_exit(errno);
	close(fd);
	close(accept(listener, NULL, NULL));
}

static void make_socket(void) { close(socket(AF_INET, SOCK_DGRAM, 0)); }
static void signal_self(void) { kill(getpid(), 0); }

/* No kernel has that many, and the numbers of the architecture begin far above. */
static void absent_call(void) { syscall(0xffff); }

struct operation {
	const char *name;
	void (*operate)(void);
	unsigned int count;
};

static const struct operation operations[] = {
	{ "null", null_call, 4000 },	   { "open", open_file, 1000 },
	{ "read", read_file, 2000 },	   { "mmap", map_memory, 1000 },
	{ "mmap_text", map_text, 1000 },   { "exec", execute, 60 },
	{ "fork", fork_only, 60 },	   { "connect", connect_socket, 300 },
	{ "socket", make_socket, 500 },	   { "kill", signal_self, 2000 },
};

static const struct operation calls[] = {
	{ "allowed", null_call, 4000 },
	{ "absent", absent_call, 4000 },
};

/*
 * Whether an allocation finds room in a slab page or needs a new one depends on what is open by
 * chance, and would be most of the difference between two kernels.  So the operation is repeated with
 * more and more sockets and mappings beside it.  The round that took longest does not count: what the
 * kernel does now and then, half a million instructions, falls into one of them, in each kernel another.
 */
static uint64_t measure_one(const struct operation *operation)
{
	unsigned int repeat = operation->count / ROUNDS;
	int held[ROUNDS][2];
	uint64_t sum = 0, longest = 0;

	operation->operate();	/* what is done once is no toll */
	for (unsigned int round = 0; round < ROUNDS; round++) {
		uint64_t took, start = ticks();

		for (unsigned int n = 0; n < repeat; n++)
			operation->operate();
		took = ticks() - start;
		sum += took;
		longest = took > longest ? took : longest;
		held[round][0] = socket(AF_INET, SOCK_DGRAM, 0);
		held[round][1] = socket(AF_UNIX, SOCK_STREAM, 0);
		/* Neighbours with other rights stay mappings of their own. */
		mmap(NULL, PAGE_BYTES, round % 2 ? PROT_READ : PROT_NONE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	}
	for (unsigned int round = 0; round < ROUNDS; round++) {
		close(held[round][0]);
		close(held[round][1]);
	}
	return (sum - longest) * TOLL_SCALE / (repeat * (ROUNDS - 1));
}

static void measure(void)
{
	file = open("/bin/toll", O_RDONLY | O_CLOEXEC);
	listener = socket(AF_UNIX, SOCK_STREAM, 0);
	if (file < 0 || bind(listener, (struct sockaddr *)&address, sizeof(address.sun_family) + 5) ||
	    listen(listener, 8))
		_exit(errno);
	for (unsigned int i = 0; i < ARRAY_SIZE(operations); i++)
		dprintf(1, "toll: %s %llu\n", operations[i].name,
			(unsigned long long)measure_one(&operations[i]));
}

static void measure_calls(const char *with)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(calls); i++)
		dprintf(1, "toll: %s%s %llu\n", with, calls[i].name,
			(unsigned long long)measure_one(&calls[i]));
}

static void measure_filter(void)
{
	measure_calls("");
	if (filter_enter())
		_exit(errno);
	measure_calls("filtered_");
}

static pid_t start_app(const char *program, const char *what)
{
	char *const arguments[] = { (char *)program, (char *)what, NULL };
	pid_t pid = fork();

	if (pid == 0)
		identity_execute(0x1000, USER, arguments[0], arguments);
	return pid;
}

static void measure_in_app(const char *what)
{
	int status = -1;

	waitpid(start_app("/bin/toll", what), &status, 0);
	dprintf(1, "toll: done, status %d\n", status);
	reboot(RB_POWER_OFF);
}

static void be_first_process(void)
{
	nodes_make_world();
	start_app("/bin/toll", "sleep");
	start_app("/bin/toll", "sleep");
	usleep(500000);
	dprintf(1, "toll: pages used %ld\n", used_count().used);
	measure_in_app("measure");
}

static void be_first_process_for_filter(void)
{
	nodes_make_world();
	measure_in_app("measure_filter");
}

static void count_processes(unsigned long count, const char *program)
{
	char path[64];

	nodes_make_world();
	snprintf(path, sizeof(path), "/bin/%s", program);
	while (count--)
		start_app(path, NULL);
	usleep(500000);
	dprintf(1, "toll: pages used %ld\n", used_count().used);
	dprintf(1, "toll: done, status 0\n");
	reboot(RB_POWER_OFF);
}

int main(int argc, char **argv)
{
	if (argc < 2)
		be_first_process();
	else if (!strcmp(argv[1], "processes") && argc > 2)
		count_processes(strtoul(argv[2], NULL, 10), argc > 3 ? argv[3] : "sleeper");
	else if (!strcmp(argv[1], "filter"))
		be_first_process_for_filter();
	else if (!strcmp(argv[1], "measure"))
		measure();
	else if (!strcmp(argv[1], "measure_filter"))
		measure_filter();
	else if (!strcmp(argv[1], "sleep"))
		for (;;)
			pause();
	return 0;
}
