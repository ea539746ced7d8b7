// SPDX-License-Identifier: Apache-2.0
/* Other ways to reach into a process, and to let others reach into oneself. */

#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "checked.h"
#include "target.h"
#include "tracer.h"

/* Linux, include/uapi/linux/kcmp.h. */
#define KCMP_VM 1

static uint32_t word = 0xdeadbeef;

static int transfer(long call, pid_t pid)
{
	const struct iovec here = { &word, sizeof(word) };
	const struct iovec there = { (void *)tracer_text(), sizeof(word) };

	return (int)syscall(call, pid, &here, 1, &there, 1, 0);
}

static int write_child(pid_t child) { return transfer(SYS_process_vm_writev, child); }
static int read_child(pid_t child) { return transfer(SYS_process_vm_readv, child); }
static int compare_child(pid_t child)
{
	return (int)syscall(SYS_kcmp, getpid(), child, KCMP_VM, 0, 0);
}

static int descriptor_of(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }
static int take_file_of(pid_t pid)
{
	return syscall(SYS_pidfd_getfd, descriptor_of(pid), STDIN_FILENO, 0) < 0 ? -1 : 0;
}

static int advise_child(pid_t child)
{
	const struct iovec there = { (void *)tracer_text(), sizeof(word) };

	return (int)syscall(SYS_process_madvise, descriptor_of(child), &there, 1, MADV_DONTNEED, 0);
}

static int move_pages_of(pid_t child)
{
	void *page = (void *)tracer_text();
	int node = 0, status;

	return (int)syscall(SYS_move_pages, child, 1, &page, &node, &status, 0);
}

static int migrate_pages_of(pid_t child)
{
	unsigned long nodes = 1;

	return (int)syscall(SYS_migrate_pages, child, 2, &nodes, &nodes);
}

static int write_to_child(void) { return target_act(write_child); }
static int write_to_self(void) { return transfer(SYS_process_vm_writev, getpid()); }
static int read_from_child(void) { return target_act(read_child); }
static int compare_with_child(void) { return target_act(compare_child); }
static int advise(void) { return target_act(advise_child); }
static int move_pages(void) { return target_act(move_pages_of); }
static int migrate_pages(void) { return target_act(migrate_pages_of); }
static int open_process(void) { return descriptor_of(getpid()) < 0 ? -1 : 0; }
static int take_own_file(void) { return take_file_of(getpid()); }
static int take_file_of_child(void) { return target_act(take_file_of); }
static int take_file_of_parent(void) { return take_file_of(getppid()); }
static int take_file_of_manager(void) { return take_file_of(1); }

static int name_tracer(void) { return prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0); }
static int name_parent_tracer(void) { return prctl(PR_SET_PTRACER, getppid(), 0, 0, 0); }

static int attach(pid_t child)
{
	return (int)syscall(SYS_ptrace, PTRACE_ATTACH, child, 0, 0);
}

/* A process may say whether others may look at it; that is not enough. */
static int set_dumpable(void) { return prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }
static int set_not_dumpable(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
static int set_dumpable_for_root(void) { return prctl(PR_SET_DUMPABLE, 2, 0, 0, 0); }
static int attach_dumpable(void) { return set_dumpable() < 0 ? -1 : target_act(attach); }
static int write_when_not_dumpable(void)
{
	return set_not_dumpable() < 0 ? -1 : attempt_open("/proc/self/mem", 02);
}

/* Where the kernel thinks that text, data, heap, stack, arguments and program are. */
static int change_map(void)
{
	for (int option = PR_SET_MM_START_CODE; option <= PR_SET_MM_MAP_SIZE; option++) {
		if (prctl(PR_SET_MM, option, tracer_text(), 0, 0) == 0)
			return 0;
		if (errno != EPERM)
			return -1;
	}
	return -1;
}

static const struct attempt attempts[] = {
	{ "AS-01", "write to its child", write_to_child, ENOSYS },
	{ "AS-01", "write to itself", write_to_self, ENOSYS },
	{ "AS-01", "read from its child", read_from_child, ENOSYS },
	{ "AS-01", "compare itself with its child", compare_with_child, ENOSYS },
	{ "AS-01", "give advice about its child's text", advise, ENOSYS },
	{ "AS-15", "move its child's pages", move_pages, ENOSYS },
	{ "AS-15", "move its child to other memory", migrate_pages, ENOSYS },
	{ "AS-15", "open a process", open_process, 0 },
	{ "AS-15", "take a file of itself", take_own_file, 0 },
	{ "AS-15", "take a file of its child", take_file_of_child, EPERM },
	{ "AS-15", "take a file of its parent", take_file_of_parent, EPERM },
	{ "AS-15", "take a file of the manager", take_file_of_manager, EPERM },
	{ "H-28", "name anybody its tracer", name_tracer, EINVAL },
	{ "H-28", "name its parent its tracer", name_parent_tracer, EINVAL },
	{ "H-28", "let others look at it", set_dumpable, 0 },
	{ "H-28", "attach to a child that lets others look", attach_dumpable, EPERM },
	{ "H-21", "let only root look at it", set_dumpable_for_root, EINVAL },
	{ "AS-02", "write to its memory when nobody may look", write_when_not_dumpable, EACCES },
	{ "AS-02", "move its text, data, heap or program", change_map, EPERM },
};

void tracer_try_control(void)
{
	checked_all(attempts, ARRAY_SIZE(attempts));
}
