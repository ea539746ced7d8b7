// SPDX-License-Identifier: Apache-2.0
/* Taking apps under the filter of system calls. */

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "limits.h"
#include "seccomp.h"
#include "syscalls.h"

static struct sock_filter program[SECCOMP_PROGRAM_MAX];
static struct sock_fprog filter = { .filter = program };

int seccomp_prepare(void)
{
	static const struct seccomp_block blocks[] = {
		{ 0, syscalls, sizeof(syscalls) },
		{ __ARM_NR_BASE, private_syscalls, sizeof(private_syscalls) },
	};
	int length = seccomp_build(blocks, sizeof(blocks) / sizeof(blocks[0]), AUDIT_ARCH_ARM,
				   program, SECCOMP_PROGRAM_MAX);

	if (length < 0)
		return length;
	filter.len = (unsigned short)length;
	return 0;
}

int seccomp_enter(void)
{
	/* Nobody runs without: an empty filter is refused by the kernel. */
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}
