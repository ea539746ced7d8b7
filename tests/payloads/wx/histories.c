// SPDX-License-Identifier: Apache-2.0
/*
 * Memory that was once filled, by every history of protections that ends with executing it.  Code
 * is planted first; a refusal counts only if it cannot be run afterwards.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "checked.h"
#include "code.h"
#include "wx.h"

static void *map(int flags, int fd)
{
	void *page = mmap(NULL, PAGE_BYTES, PROT_RW, flags, fd, 0);

	return page == MAP_FAILED ? NULL : page;
}

static void *map_memory_file(int sharing)
{
	int fd = wx_memory_file(MEMFD_CLOEXEC | MEMFD_EXEC);

	return fd < 0 ? NULL : map(sharing, fd);
}

static void *private_page(void) { return wx_page(); }
static void *shared_page(void) { return map(MAP_SHARED | MAP_ANONYMOUS, -1); }
static void *growing_page(void) { return map(MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN, -1); }
static void *private_file_page(void) { return map_memory_file(MAP_PRIVATE); }
static void *shared_file_page(void) { return map_memory_file(MAP_SHARED); }

/* A copy of a page of the image: what was executed in place, and is no more. */
static void *image_page(void)
{
	int fd = wx_open_program();

	return fd < 0 ? NULL : map(MAP_PRIVATE, fd);
}

static void *guard_page(void)
{
	void *page = mmap(NULL, PAGE_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED || mprotect(page, PAGE_BYTES, PROT_RW) < 0 ? NULL : page;
}

static void *moved_page(void)
{
	void *page = wx_page();

	if (page)
		page = mremap(page, PAGE_BYTES, 2 * PAGE_BYTES, MREMAP_MAYMOVE);
	return page == MAP_FAILED ? NULL : page;
}

static void *heap_page(void)
{
	return wx_page_of((char *)malloc(2 * PAGE_BYTES) + PAGE_BYTES);
}

/* The call itself: brk() and sbrk() of musl always fail. */
static void *break_page(void)
{
	unsigned long end = (unsigned long)syscall(SYS_brk, 0);
	unsigned long wanted = end + 2 * PAGE_BYTES;

	return (unsigned long)syscall(SYS_brk, wanted) == wanted ?
		       wx_page_of((void *)(end + PAGE_BYTES)) : NULL;
}

static char data[2 * PAGE_BYTES] = { 1 };
static char zeroed_data[2 * PAGE_BYTES];

static void *data_page(void) { return wx_page_of(data + PAGE_BYTES); }
static void *zeroed_page(void) { return wx_page_of(zeroed_data + PAGE_BYTES); }

/* Far below this function's frame, so that nothing of the stack that is in use is on it. */
static void *stack_page(void)
{
	volatile char room[16 * PAGE_BYTES];

	room[0] = 1;
	return wx_page_of((const char *)room + PAGE_BYTES);
}

static const struct backing {
	const char *what;
	void *(*make)(void);	/* a page for reading and writing, or NULL with errno */
} backings[] = {
	{ "private memory", private_page },
	{ "shared memory", shared_page },
	{ "memory that grows down", growing_page },
	{ "a memory file, private", private_file_page },
	{ "a memory file, shared", shared_file_page },
	{ "a private copy of its program", image_page },
	{ "a guard page", guard_page },
	{ "moved memory", moved_page },
	{ "the heap", heap_page },
	{ "the end of the data segment", break_page },
	{ "data", data_page },
	{ "zeroed data", zeroed_page },
	{ "the stack", stack_page },
};

#define MAX_STEPS 4

/* From RW on. */
static const struct history {
	const char *what;
	int steps[MAX_STEPS];
	unsigned int count;
	int expected;
} histories[] = {
	{ "R, RW", { PROT_READ, PROT_RW }, 2, 0 },
	{ "X", { PROT_EXEC }, 1, EACCES },
	{ "RX", { PROT_RX }, 1, EACCES },
	{ "WX", { PROT_WX }, 1, EACCES },
	{ "RWX", { PROT_RWX }, 1, EACCES },
	{ "R, RX", { PROT_READ, PROT_RX }, 2, EACCES },
	{ "none, X", { PROT_NONE, PROT_EXEC }, 2, EACCES },
	{ "none, RX", { PROT_NONE, PROT_RX }, 2, EACCES },
	{ "R, none, R, RX", { PROT_READ, PROT_NONE, PROT_READ, PROT_RX }, 4, EACCES },
};

static const struct backing *backing;
static const struct history *history;

/* Whatever mprotect() said: what was planted must not run. */
static int check_does_not_run(const void *page, int result, int error)
{
	if (code_run(page) == 0)
		errno = EUCLEAN;
	if (errno != EFAULT)
		return -1;
	errno = error;
	return result;
}

static int protect_and_run(void *page)
{
	int result = wx_protect(page, history->steps, history->count);

	return check_does_not_run(page, result, errno);
}

static int follow(void)
{
	void *page = backing->make();

	if (!page)
		return -1;
	code_plant(page);
	return protect_and_run(page);
}

/* What a child does with memory that its parent filled. */
static void *inherited;

static int protect_inherited(void) { return protect_and_run(inherited); }

static int follow_in_child(void)
{
	inherited = backing->make();
	if (!inherited)
		return -1;
	code_plant(inherited);
	return attempt_in_child(protect_inherited);
}

/* A process that shares its memory with its parent, and the reverse: the child fills. */
static int protect_for_parent(void *unused)
{
	(void)unused;
	return wx_protect(inherited, history->steps, history->count) ? errno : 0;
}

static int plant_for_parent(void *unused)
{
	(void)unused;
	code_plant(inherited);
	return 0;
}

static int in_sharing_child(int (*task)(void *))
{
	static char stack[2 * PAGE_BYTES] __attribute__((aligned(8)));
	int status;
	pid_t pid = clone(task, stack + sizeof(stack), CLONE_VM | SIGCHLD, NULL);

	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	errno = WEXITSTATUS(status);
	return errno ? -1 : 0;
}

static int follow_by_sharing_child(void)
{
	int result;

	inherited = wx_page();
	if (!inherited)
		return -1;
	code_plant(inherited);
	result = in_sharing_child(protect_for_parent);
	return check_does_not_run(inherited, result, errno);
}

static int filled_by_sharing_child(void)
{
	inherited = wx_page();
	if (!inherited || in_sharing_child(plant_for_parent) < 0)
		return -1;
	return protect_and_run(inherited);
}

/* By the thread itself: its stack goes with it. */
static void *follow_in_thread(void *result)
{
	void *page = stack_page();

	code_plant(page);
	*(int *)result = protect_and_run(page) < 0 ? errno : 0;
	return NULL;
}

static int on_thread_stack(void)
{
	pthread_attr_t attributes;
	pthread_t thread;
	int result = EAGAIN;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 32 * PAGE_BYTES);
	if (pthread_create(&thread, &attributes, follow_in_thread, &result) == 0)
		pthread_join(thread, NULL);
	errno = result;
	return result ? -1 : 0;
}

static void try_one(const char *where, int (*try)(void))
{
	char what[96];
	const struct attempt attempt = { "AS-06", what, try, history->expected };

	snprintf(what, sizeof(what), "%s: RW, %s", where, history->what);
	checked_all(&attempt, 1);
}

void wx_try_histories(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(histories); i++) {
		history = &histories[i];
		for (size_t j = 0; j < ARRAY_SIZE(backings); j++) {
			backing = &backings[j];
			try_one(backing->what, follow);
		}
		backing = &backings[0];
		try_one("a thread's stack", on_thread_stack);
		try_one("private memory of its parent", follow_in_child);
		try_one("private memory, by a child that shares it", follow_by_sharing_child);
		try_one("private memory, filled by such a child", filled_by_sharing_child);
		backing = &backings[1];
		try_one("shared memory of its parent", follow_in_child);
	}
}
