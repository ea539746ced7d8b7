// SPDX-License-Identifier: Apache-2.0
/* The filter of system calls of apps, for who is not application-manager. */

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attempt.h"
#include "filter.h"
#include "system/appman/limits.h"
#include "system/appman/seccomp.h"
#include "system/appman/syscalls.h"

static struct sock_filter program[SECCOMP_PROGRAM_MAX];

static int build(void)
{
	static const struct seccomp_block blocks[] = {
		{ 0, syscalls, sizeof(syscalls) },
		{ __ARM_NR_BASE, private_syscalls, sizeof(private_syscalls) },
	};
	int length = seccomp_build(blocks, ARRAY_SIZE(blocks), AUDIT_ARCH_ARM, program,
				   SECCOMP_PROGRAM_MAX);

	if (length >= 0)
		return length;
	errno = -length;
	return -1;
}

int filter_file(void)
{
	int length = build();
	int fd = length < 0 ? -1 : memfd_create("filter", 0);
	size_t bytes = (size_t)length * sizeof(program[0]);

	if (fd < 0)
		return -1;
	if (write(fd, program, bytes) != (ssize_t)bytes || lseek(fd, 0, SEEK_SET)) {
		attempt_close(fd);
		return -1;
	}
	return fd;
}

int filter_enter(void)
{
	int length = build();
	const struct sock_fprog filter = { .len = (unsigned short)length, .filter = program };

	if (length < 0 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}
