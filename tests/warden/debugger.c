// SPDX-License-Identifier: Apache-2.0
/*
 * A debugger at work on programs that are executed in place, and what it must not reach.  The warden
 * runs it under identities; the arguments are processes (see run_debuggers() there).
 *
 *	debugger debuggee FD [untouched]
 *	debugger open PID... 		allowed to debug the first, none of the others
 *	debugger closed PID		not allowed to debug, whatever the other is
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"
#include "debuggee.h"
#include "mappings.h"
#include "trace.h"

#define HITS		100
#define PAGE_KIB	4

enum target { TARGET_OPEN, TARGET_SHUT, TARGET_STRONGER, TARGET_STRANGER, TARGETS };

static pid_t targets[TARGETS];

static int expect(int condition)
{
	if (!condition)
		errno = EPROTO;
	return condition ? 0 : -1;
}

/* Attaches to the open target, acts, detaches; the target runs on. */
static int debug(int (*act)(pid_t pid))
{
	pid_t pid = targets[TARGET_OPEN];
	int result, error;

	if (trace_attach(pid))
		return -1;
	result = act(pid);
	error = errno;
	if (trace_detach(pid))
		return -1;
	errno = error;
	return result;
}

static int read_same(pid_t pid, const volatile void *address)
{
	uint32_t word;

	if (trace_read(pid, (uintptr_t)address, &word))
		return -1;
	return expect(word == *(const volatile uint32_t *)address);
}

static int read_function(pid_t pid)
{
	return read_same(pid, (const void *)DEBUGGEE_ADDRESS(debuggee_add));
}

static int read_constant(pid_t pid) { return read_same(pid, &debuggee_step); }

static int read_count(pid_t pid, uint32_t *count)
{
	return trace_read(pid, (uintptr_t)&debuggee_data.count, count);
}

/* Detached between two looks, so that it counts; until ATTEMPT_LIMIT_S is over. */
static int count_grows(void)
{
	uint32_t first, second;

	if (trace_attach(targets[TARGET_OPEN]) || read_count(targets[TARGET_OPEN], &first))
		return -1;
	do {
		if (trace_detach(targets[TARGET_OPEN]))
			return -1;
		usleep(10000);
		if (trace_attach(targets[TARGET_OPEN]) ||
		    read_count(targets[TARGET_OPEN], &second))
			return -1;
	} while (second == first);
	if (trace_detach(targets[TARGET_OPEN]))
		return -1;
	return expect((second - first) % DEBUGGEE_STEP == 0);
}

static int change_count(pid_t pid)
{
	uint32_t count, neighbour;

	if (read_count(pid, &count) ||
	    trace_write(pid, (uintptr_t)&debuggee_data.count, count + 1000 * DEBUGGEE_STEP) ||
	    trace_read(pid, (uintptr_t)&debuggee_data.neighbour, &neighbour))
		return -1;
	return expect(neighbour == DEBUGGEE_NEIGHBOUR);
}

/* Stops it where it counts, with a breakpoint that stays. */
static int stop_at_function(pid_t pid, uint16_t *original)
{
	uint32_t registers[TRACE_REGISTERS];

	if (trace_set_breakpoint(pid, DEBUGGEE_ADDRESS(debuggee_add), original) ||
	    trace_continue_to(pid, SIGTRAP) || trace_registers(pid, registers))
		return -1;
	return expect(registers[TRACE_PC] == DEBUGGEE_ADDRESS(debuggee_add));
}

/*
 * From a breakpoint at the function to the next time it is called: over its first instruction by
 * another breakpoint, for this processor has no single steps.  @step: what the instruction adds.
 */
static int step_over(pid_t pid, uint16_t original, uint32_t step)
{
	uint32_t before[TRACE_REGISTERS], after[TRACE_REGISTERS];
	uint16_t next;

	if (trace_registers(pid, before) ||
	    trace_remove_breakpoint(pid, DEBUGGEE_ADDRESS(debuggee_add), original) ||
	    trace_set_breakpoint(pid, DEBUGGEE_ADDRESS(debuggee_return), &next) ||
	    trace_continue_to(pid, SIGTRAP) || trace_registers(pid, after) ||
	    trace_remove_breakpoint(pid, DEBUGGEE_ADDRESS(debuggee_return), next))
		return -1;
	return expect(after[TRACE_PC] == DEBUGGEE_ADDRESS(debuggee_return) &&
		      before[TRACE_R1] == step &&
		      after[TRACE_R0] == before[TRACE_R0] + step);
}

static int hit_and_step(pid_t pid)
{
	uint16_t original;

	for (int i = 0; i < HITS; i++)
		if (stop_at_function(pid, &original) || step_over(pid, original, DEBUGGEE_STEP))
			return -1;
	return read_function(pid);
}

/* A constant is in a page of the text segment, as unwritable as text. */
static int change_constant(pid_t pid)
{
	const uint32_t other = 2 * DEBUGGEE_STEP;
	uint16_t original;

	if (trace_write(pid, (uintptr_t)&debuggee_step, other) ||
	    stop_at_function(pid, &original) || step_over(pid, original, other) ||
	    trace_write(pid, (uintptr_t)&debuggee_step, DEBUGGEE_STEP) ||
	    stop_at_function(pid, &original) || step_over(pid, original, DEBUGGEE_STEP))
		return -1;
	return read_constant(pid);
}

static int add_copies(const struct mapping *mapping, void *sum)
{
	if (mapping->executable)
		*(unsigned long *)sum += mapping->anonymous_kib;
	return 0;
}

/* Private copies are the pages that were written to, and no more. */
static int check_copies(void)
{
	int is_one_page = (DEBUGGEE_ADDRESS(debuggee_add) ^ (uintptr_t)&debuggee_step) < 4096;
	unsigned long copies_kib = 0;

	if (mappings_visit(targets[TARGET_OPEN], add_copies, &copies_kib) < 0)
		return -1;
	return expect(copies_kib == (is_one_page ? 1 : 2) * PAGE_KIB);
}

static int read_memory_of(enum target target)
{
	uint32_t word = 0;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)targets[target]);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	if (pread(fd, &word, sizeof(word), (off_t)(uintptr_t)&debuggee_step) != sizeof(word))
		return -1;
	return expect(word == DEBUGGEE_STEP);
}

static int read_memory_file(void) { return read_memory_of(TARGET_OPEN); }
static int read_memory_of_shut(void) { return read_memory_of(TARGET_SHUT); }
static int read_memory_of_stronger(void) { return read_memory_of(TARGET_STRONGER); }
static int read_memory_of_stranger(void) { return read_memory_of(TARGET_STRANGER); }

static int write_memory_file(void)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/mem", (int)targets[TARGET_OPEN]);
	return attempt_open(path, O_RDWR);
}

/* A debuggee that is traced from its first instruction on; its pages are all in flash yet. */
static pid_t launch(void)
{
	char ready[12];
	char *const arguments[] = { "/bin/debugger", "debuggee", ready, NULL };
	pid_t pid = fork();

	if (pid == 0) {
		snprintf(ready, sizeof(ready), "%d", open("/dev/null", O_WRONLY));
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0)
			execv(arguments[0], arguments);
		_exit(errno);
	}
	if (pid > 0 && trace_wait(pid, SIGTRAP))
		return -1;
	return pid;
}

static int finish(pid_t pid, int result)
{
	int error = errno;

	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	errno = error;
	return result;
}

/*
 * The kernel makes the copy.  When it copies from the address in the wrong process, what the
 * debugger has beside the word shows it.
 */
static int write_untouched_data(void)
{
	uint32_t neighbour = 0, count = 0;
	pid_t pid = launch();

	if (pid < 0)
		return -1;
	debuggee_data.neighbour = ~DEBUGGEE_NEIGHBOUR;
	if (trace_write(pid, (uintptr_t)&debuggee_data.count, 5000) ||
	    trace_read(pid, (uintptr_t)&debuggee_data.neighbour, &neighbour) ||
	    read_count(pid, &count))
		return finish(pid, -1);
	return finish(pid, expect(neighbour == DEBUGGEE_NEIGHBOUR && count == 5000));
}

static int stop_launched(void)
{
	uint16_t original;
	pid_t pid = launch();
	int result;

	if (pid < 0)
		return -1;
	result = stop_at_function(pid, &original) || step_over(pid, original, DEBUGGEE_STEP) ||
		 stop_at_function(pid, &original);
	return finish(pid, result ? -1 : 0);
}

static int read_text(void) { return debug(read_function); }
static int read_rodata(void) { return debug(read_constant); }
static int write_data(void) { return debug(change_count); }
static int break_and_step(void) { return debug(hit_and_step); }
static int write_rodata(void) { return debug(change_constant); }

static int attach(enum target target)
{
	return trace_attach(targets[target]) ? -1 : trace_detach(targets[target]);
}

static int attach_shut(void) { return attach(TARGET_SHUT); }
static int attach_stronger(void) { return attach(TARGET_STRONGER); }
static int attach_stranger(void) { return attach(TARGET_STRANGER); }
static int seize(enum target target)
{
	return trace_seize(targets[target]);
}

static int seize_open(void) { return seize(TARGET_OPEN); }
static int seize_shut(void) { return seize(TARGET_SHUT); }
static int seize_stronger(void) { return seize(TARGET_STRONGER); }
static int seize_stranger(void) { return seize(TARGET_STRANGER); }
static int attach_manager(void) { return trace_attach(1); }
static int write_unattached(void)
{
	return trace_write(targets[TARGET_OPEN], DEBUGGEE_ADDRESS(debuggee_add), 0);
}

static const struct attempt open_attempts[] = {
	{ "AS-01", "debug: read text in flash", read_text, 0 },
	{ "AS-01", "debug: read a constant in flash", read_rodata, 0 },
	{ "AS-01", "debug: see a variable change", count_grows, 0 },
	{ "AS-01", "debug: change a variable", write_data, 0 },
	{ "AS-01", "debug: hit a breakpoint and step over it, often", break_and_step, 0 },
	{ "AS-01", "debug: change a constant and back", write_rodata, 0 },
	{ "AS-01", "debug: see it go on counting", count_grows, 0 },
	{ "AS-01", "debug: copies of what was written only", check_copies, 0 },
	{ "AS-01", "debug: write data that is in flash yet", write_untouched_data, 0 },
	{ "AS-01", "debug: stop a program that was launched", stop_launched, 0 },
	{ "AS-02", "debug: read its memory file", read_memory_file, 0 },
	{ "AS-02", "debug: write its memory file", write_memory_file, EPERM },
	{ "AS-01", "debug: write without attaching", write_unattached, ESRCH },
	{ "AS-01", "debug: attach to one of the component that is shut", attach_shut, EPERM },
	{ "AS-15", "debug: attach to one with a capability more", attach_stronger, EPERM },
	{ "AS-15", "debug: attach to another component", attach_stranger, EPERM },
	{ "AS-01", "debug: seize", seize_open, 0 },
	{ "AS-01", "debug: seize one of the component that is shut", seize_shut, EPERM },
	{ "AS-15", "debug: seize one with a capability more", seize_stronger, EPERM },
	{ "AS-15", "debug: seize another component", seize_stranger, EPERM },
	{ "AS-02", "debug: read the memory of one that is shut", read_memory_of_shut, EACCES },
	{ "AS-15", "debug: read the memory of one with a capability more", read_memory_of_stronger,
	  EACCES },
	{ "AS-15", "debug: read the memory of another component", read_memory_of_stranger, EACCES },
	{ "H-77", "debug: attach to the manager", attach_manager, EPERM },
};

static int attach_open(void) { return attach(TARGET_OPEN); }
static int launch_closed(void)
{
	pid_t pid = launch();

	return pid < 0 ? -1 : finish(pid, 0);
}

static const struct attempt closed_attempts[] = {
	{ "AS-01", "without the capability: attach to one that has it", attach_open, EPERM },
	{ "AS-01", "without the capability: seize one that has it", seize_open, EPERM },
	{ "AS-01", "without the capability: launch", launch_closed, EPERM },
	{ "AS-02", "without the capability: read its memory file", read_memory_file, EACCES },
	{ "AS-02", "without the capability: write its memory file", write_memory_file, EPERM },
};

static void take_targets(int argc, char **argv)
{
	for (int i = 2; i < argc && i - 2 < TARGETS; i++)
		targets[i - 2] = (pid_t)strtol(argv[i], NULL, 10);
}

int main(int argc, char **argv)
{
	const char *mode = argc > 2 ? argv[1] : "";

	if (!strcmp(mode, "debuggee"))
		debuggee_run((int)strtol(argv[2], NULL, 10), argc > 3);
	take_targets(argc, argv);
	if (!strcmp(mode, "open"))
		attempt_all(open_attempts, ARRAY_SIZE(open_attempts));
	else
		attempt_all(closed_attempts, ARRAY_SIZE(closed_attempts));
	return attempt_sum(mode[0] == 'o' ? "ward debugger" : "ward no debugger");
}
