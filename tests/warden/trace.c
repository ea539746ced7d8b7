// SPDX-License-Identifier: Apache-2.0
/* ptrace(2), and breakpoints made of it. */

#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "trace.h"

/* Linux, arch/arm/kernel/ptrace.c: the undefined Thumb instruction that raises SIGTRAP. */
#define BREAKPOINT 0xde01

/* Not that of libc: PEEK gives its result by a pointer here, as the kernel does. */
static int trace(long request, pid_t pid, uintptr_t address, uintptr_t data)
{
	return syscall(SYS_ptrace, request, pid, address, data) < 0 ? -1 : 0;
}

int trace_wait(pid_t pid, int signal)
{
	int status;

	if (waitpid(pid, &status, __WALL) != pid)
		return -1;
	if (WIFSTOPPED(status) && WSTOPSIG(status) == signal)
		return 0;
	errno = WIFEXITED(status) && WEXITSTATUS(status) ? WEXITSTATUS(status) : EPROTO;
	return -1;
}

int trace_attach(pid_t pid)
{
	return trace(PTRACE_ATTACH, pid, 0, 0) ? -1 : trace_wait(pid, SIGSTOP);
}

int trace_seize(pid_t pid) { return trace(PTRACE_SEIZE, pid, 0, 0); }
int trace_detach(pid_t pid) { return trace(PTRACE_DETACH, pid, 0, 0); }
int trace_continue(pid_t pid) { return trace(PTRACE_CONT, pid, 0, 0); }

int trace_continue_to(pid_t pid, int signal)
{
	return trace_continue(pid) ? -1 : trace_wait(pid, signal);
}

int trace_read(pid_t pid, uintptr_t address, uint32_t *word)
{
	return trace(PTRACE_PEEKTEXT, pid, address, (uintptr_t)word);
}

int trace_write(pid_t pid, uintptr_t address, uint32_t word)
{
	return trace(PTRACE_POKETEXT, pid, address, word);
}

int trace_registers(pid_t pid, uint32_t registers[TRACE_REGISTERS])
{
	return trace(PTRACE_GETREGS, pid, 0, (uintptr_t)registers);
}

/* ptrace() knows words only, an instruction may be half of one. */
static int exchange_instruction(pid_t pid, uintptr_t address, uint16_t new, uint16_t *old)
{
	unsigned int shift = address & 2 ? 16 : 0;
	uint32_t word;

	if (trace_read(pid, address & ~(uintptr_t)3, &word))
		return -1;
	*old = (uint16_t)(word >> shift);
	word = (word & ~(0xffffu << shift)) | (uint32_t)new << shift;
	return trace_write(pid, address & ~(uintptr_t)3, word);
}

int trace_set_breakpoint(pid_t pid, uintptr_t address, uint16_t *original)
{
	return exchange_instruction(pid, address, BREAKPOINT, original);
}

int trace_remove_breakpoint(pid_t pid, uintptr_t address, uint16_t original)
{
	uint16_t found;

	if (exchange_instruction(pid, address, original, &found))
		return -1;
	errno = EPROTO;
	return found == BREAKPOINT ? 0 : -1;
}
