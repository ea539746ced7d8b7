// SPDX-License-Identifier: Apache-2.0
/* Planting instructions and jumping to them. */

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "code.h"

#define ANSWER 42

/* movs r0, #42; bx lr (Arm DDI 0406C, A8.8.102 and A8.8.27, encodings T1). */
static const uint16_t instructions[] = { 0x2000 | ANSWER, 0x4770 };

/* Bit 0 of a function's address says that its code is Thumb. */
#define THUMB_BIT 1ul

void code_plant(void *address)
{
	memcpy(address, instructions, sizeof(instructions));
	__builtin___clear_cache(address, (char *)address + sizeof(instructions));
}

__attribute__((noinline)) int code_answer(void)
{
	return ANSWER;
}

static _Noreturn void call(const void *address)
{
	int (*function)(void) = (int (*)(void))((uintptr_t)address | THUMB_BIT);

	_exit(function());
}

int code_run(const void *address)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		call(address);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return -1;
	if (WIFEXITED(status) && WEXITSTATUS(status) == ANSWER)
		return 0;
	errno = WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV ? EFAULT : EILSEQ;
	return -1;
}
