// SPDX-License-Identifier: Apache-2.0
/* ptrace(): of nobody, by nobody, with no request. */

#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checked.h"
#include "target.h"
#include "tracer.h"

/* Linux, arch/arm/include/uapi/asm/ptrace.h; musl 1.2.3 lacks those of this architecture. */
#define GET_THREAD_AREA		22
#define SET_SYSCALL		23
#define GET_VFP_REGISTERS	27
#define SET_VFP_REGISTERS	28
#define GET_BREAKPOINTS		29
#define SET_BREAKPOINTS		30

/* elf.h: the general registers (NT_PRSTATUS). */
#define REGISTER_SET		1

/* The highest process number looked at; there are few processes on a device. */
#define PID_LAST		64

/* Not that of libc, which has its own ideas about where a result goes. */
static int trace(long request, pid_t pid, uintptr_t address, const void *data)
{
	return (int)syscall(SYS_ptrace, request, pid, address, data);
}

static uint32_t buffer[64];
static struct iovec vector = { buffer, sizeof(buffer) };

/* What a request is about: nothing, an address, a set of registers. */
enum subject { NOTHING, ADDRESS, REGISTERS };

/*
 * A child that is not traced is nobody's to be asked about (ESRCH): all depends on the first two.
 */
static const struct request {
	const char *what;
	long number;
	enum subject subject;
	int expected;
} requests[] = {
	{ "attach", PTRACE_ATTACH, NOTHING, EPERM },
	{ "seize", PTRACE_SEIZE, NOTHING, EPERM },
	{ "poke text", PTRACE_POKETEXT, ADDRESS, ESRCH },
	{ "poke data", PTRACE_POKEDATA, ADDRESS, ESRCH },
	{ "poke a register", PTRACE_POKEUSER, ADDRESS, ESRCH },
	{ "peek at text", PTRACE_PEEKTEXT, ADDRESS, ESRCH },
	{ "peek at data", PTRACE_PEEKDATA, ADDRESS, ESRCH },
	{ "peek at a register", PTRACE_PEEKUSER, ADDRESS, ESRCH },
	{ "set registers", PTRACE_SETREGS, ADDRESS, ESRCH },
	{ "set a set of registers", PTRACE_SETREGSET, REGISTERS, ESRCH },
	{ "set floating point registers", PTRACE_SETFPREGS, ADDRESS, ESRCH },
	{ "set vector registers", SET_VFP_REGISTERS, ADDRESS, ESRCH },
	{ "set a system call", SET_SYSCALL, ADDRESS, ESRCH },
	{ "set breakpoints", SET_BREAKPOINTS, ADDRESS, ESRCH },
	{ "set a signal", PTRACE_SETSIGINFO, ADDRESS, ESRCH },
	{ "set a signal mask", PTRACE_SETSIGMASK, ADDRESS, ESRCH },
	{ "set options", PTRACE_SETOPTIONS, ADDRESS, ESRCH },
	{ "get registers", PTRACE_GETREGS, ADDRESS, ESRCH },
	{ "get a set of registers", PTRACE_GETREGSET, REGISTERS, ESRCH },
	{ "get vector registers", GET_VFP_REGISTERS, ADDRESS, ESRCH },
	{ "get breakpoints", GET_BREAKPOINTS, ADDRESS, ESRCH },
	{ "get the thread area", GET_THREAD_AREA, ADDRESS, ESRCH },
	{ "get a signal", PTRACE_GETSIGINFO, ADDRESS, ESRCH },
	{ "peek at signals", PTRACE_PEEKSIGINFO, ADDRESS, ESRCH },
	{ "get its system call", PTRACE_GET_SYSCALL_INFO, ADDRESS, ESRCH },
	{ "get its filter", PTRACE_SECCOMP_GET_FILTER, ADDRESS, ESRCH },
	{ "continue", PTRACE_CONT, ADDRESS, ESRCH },
	{ "step", PTRACE_SINGLESTEP, ADDRESS, ESRCH },
	{ "continue to a system call", PTRACE_SYSCALL, ADDRESS, ESRCH },
	{ "interrupt", PTRACE_INTERRUPT, ADDRESS, ESRCH },
	{ "listen", PTRACE_LISTEN, ADDRESS, ESRCH },
	{ "detach", PTRACE_DETACH, ADDRESS, ESRCH },
	{ "kill", PTRACE_KILL, ADDRESS, ESRCH },
};

static const struct request *request;

static int trace_child(pid_t child)
{
	const uintptr_t addresses[] = { [ADDRESS] = tracer_text(), [REGISTERS] = REGISTER_SET };
	const void *const data[] = { [ADDRESS] = buffer, [REGISTERS] = &vector };

	return trace(request->number, child, addresses[request->subject], data[request->subject]);
}

static int try_request(void) { return target_act(trace_child); }

static int attach(pid_t pid) { return trace(PTRACE_ATTACH, pid, 0, NULL); }
static int seize(pid_t pid) { return trace(PTRACE_SEIZE, pid, 0, NULL); }
static int seize_with_options(pid_t pid)
{
	return trace(PTRACE_SEIZE, pid, 0, (void *)(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC));
}

static int act_on_child(void) { return target_act(seize_with_options); }
static int be_traced(void) { return trace(PTRACE_TRACEME, 0, 0, NULL); }
static int child_be_traced(void) { return attempt_in_child(be_traced); }
static int attach_parent(void) { return attach(getppid()); }
static int seize_parent(void) { return seize(getppid()); }
static int child_attach_parent(void) { return attempt_in_child(attach_parent); }
static int child_seize_parent(void) { return attempt_in_child(seize_parent); }
static int attach_self(void) { return attach(getpid()); }

static pid_t sibling;
static int attach_sibling(void) { return attach(sibling); }
static int let_sibling_attach(pid_t child)
{
	sibling = child;
	return attempt_in_child(attach_sibling);
}
static int sibling_of_child(void) { return target_act(let_sibling_attach); }

static void *attach_process(void *result)
{
	*(int *)result = attach(getpid()) < 0 ? errno : 0;
	return NULL;
}

static int thread_attach_process(void)
{
	int result = EAGAIN;
	pthread_t thread;

	if (pthread_create(&thread, NULL, attach_process, &result) == 0)
		pthread_join(thread, NULL);
	errno = result;
	return result ? -1 : 0;
}

/* Pid 1, kernel threads and whoever else there is: refused, or there is none. */
static int anybody(int (*action)(pid_t))
{
	int refused = 0;

	for (pid_t pid = 1; pid < PID_LAST; pid++) {
		if (action(pid) == 0)
			return 0;
		if (errno != EPERM && errno != ESRCH)
			return -1;
		refused += errno == EPERM;
	}
	errno = refused ? EPERM : ENOENT;
	return -1;
}

static int attach_anybody(void) { return anybody(attach); }
static int seize_anybody(void) { return anybody(seize); }

static const struct attempt attempts[] = {
	{ "AS-01", "seize its child with options", act_on_child, EPERM },
	{ "AS-01", "be traced", be_traced, EPERM },
	{ "AS-01", "let its child be traced", child_be_traced, EPERM },
	{ "H-28", "attach to its parent", child_attach_parent, EPERM },
	{ "H-28", "seize its parent", child_seize_parent, EPERM },
	{ "H-28", "attach to its sibling", sibling_of_child, EPERM },
	{ "H-28", "attach to itself", attach_self, EPERM },
	{ "H-28", "attach to its process, by a thread", thread_attach_process, EPERM },
	{ "H-77", "attach to anybody", attach_anybody, EPERM },
	{ "H-77", "seize anybody", seize_anybody, EPERM },
};

void tracer_try_trace(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
		char what[64];
		const struct attempt attempt = { "AS-01", what, try_request, requests[i].expected };

		request = &requests[i];
		snprintf(what, sizeof(what), "trace its child: %s", request->what);
		checked_all(&attempt, 1);
	}
	checked_all(attempts, ARRAY_SIZE(attempts));
}
