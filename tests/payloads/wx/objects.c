// SPDX-License-Identifier: Apache-2.0
/* Whatever can be given to mmap(): none of it may be mapped as executable. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "checked.h"
#include "wx.h"

static int memory_file(void) { return wx_memory_file(MEMFD_CLOEXEC); }
static int executable_file(void) { return wx_memory_file(MEMFD_CLOEXEC | MEMFD_EXEC); }
static int data_file(void) { return wx_memory_file(MEMFD_CLOEXEC | MEMFD_NOEXEC_SEAL); }
static int sealed_file(void)
{
	int fd = wx_memory_file(MEMFD_CLOEXEC | MEMFD_ALLOW_SEALING);

	if (fd >= 0 && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK) < 0)
		return -1;
	return fd;
}

/* The same file by another open file, which came to be as read-only. */
static int reopened_file(void)
{
	char path[32];
	int fd = memory_file();

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_RDONLY | O_CLOEXEC);
}

static int device(const char *path) { return open(path, O_RDONLY | O_CLOEXEC); }
static int null_device(void) { return device("/dev/null"); }
static int random_device(void) { return device("/dev/urandom"); }
static int zero_device(void) { return device("/dev/zero"); }
static int own_memory(void) { return device("/proc/self/mem"); }
static int thread_memory(void) { return device("/proc/thread-self/mem"); }
static int own_maps(void) { return device("/proc/self/maps"); }
static int own_pagemap(void) { return device("/proc/self/pagemap"); }
static int own_identity(void) { return device("/proc/self/attr/current"); }
static int memory_information(void) { return device("/proc/meminfo"); }
static int folder(void) { return device("/proc/self"); }
static int path_only(void) { return open(wx_program, O_PATH | O_CLOEXEC); }

static int tcp_socket(void) { return socket(AF_INET, SOCK_STREAM, 0); }
static int udp_socket(void) { return socket(AF_INET, SOCK_DGRAM, 0); }
static int unix_socket(void) { return socket(AF_UNIX, SOCK_STREAM, 0); }
static int event_file(void) { return eventfd(0, EFD_CLOEXEC); }
static int timer_file(void) { return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC); }
static int epoll_file(void) { return epoll_create1(EPOLL_CLOEXEC); }
static int process_file(void) { return (int)syscall(SYS_pidfd_open, getpid(), 0u); }
static int pipe_end(void)
{
	int ends[2];

	return pipe2(ends, O_CLOEXEC) < 0 ? -1 : ends[0];
}

static int signal_file(void)
{
	sigset_t none;

	sigemptyset(&none);
	return signalfd(-1, &none, SFD_CLOEXEC);
}

/*
 * With the errno of mapping it for reading and for executing; 0: it can be mapped.  Where the
 * kernel says EPERM of anonymous memory, mmap() of musl says ENOMEM.
 */
static const struct object {
	const char *what;
	int (*open)(void);	/* NULL: no file */
	int flags;
	int readable, executable;
} objects[] = {
	{ "anonymous memory", NULL, MAP_ANONYMOUS, 0, EACCES },
	{ "memory that grows down", NULL, MAP_ANONYMOUS | MAP_GROWSDOWN, 0, EACCES },
	{ "memory for a stack", NULL, MAP_ANONYMOUS | MAP_STACK, 0, EACCES },
	{ "locked memory", NULL, MAP_ANONYMOUS | MAP_LOCKED, ENOMEM, EACCES },
	{ "populated memory", NULL, MAP_ANONYMOUS | MAP_POPULATE, 0, EACCES },
	{ "unreserved memory", NULL, MAP_ANONYMOUS | MAP_NORESERVE, 0, EACCES },
	{ "memory with flags", NULL, MAP_ANONYMOUS | MAP_DENYWRITE | MAP_EXECUTABLE, 0, EACCES },
	{ "huge pages", NULL, MAP_ANONYMOUS | MAP_HUGETLB, EINVAL, EINVAL },
	{ "a memory file", memory_file, 0, 0, EACCES },
	{ "an executable memory file", executable_file, 0, 0, EACCES },
	{ "a memory file for data", data_file, 0, 0, EACCES },
	{ "a sealed memory file", sealed_file, 0, 0, EACCES },
	{ "a memory file opened again", reopened_file, 0, 0, EACCES },
	{ "/dev/null", null_device, 0, ENODEV, EACCES },
	{ "/dev/urandom", random_device, 0, ENODEV, EACCES },
	{ "/dev/zero", zero_device, 0, ENOENT, ENOENT },
	{ "its memory in /proc", own_memory, 0, ENODEV, EACCES },
	{ "the memory of its thread in /proc", thread_memory, 0, ENODEV, EACCES },
	{ "/proc/self/maps", own_maps, 0, ENODEV, EACCES },
	{ "/proc/self/pagemap", own_pagemap, 0, ENODEV, EACCES },
	{ "/proc/self/attr/current", own_identity, 0, ENODEV, EACCES },
	{ "/proc/meminfo", memory_information, 0, EIO, EACCES },
	{ "a folder", folder, 0, ENODEV, EACCES },
	{ "a path", path_only, 0, EBADF, EBADF },
	{ "a TCP socket", tcp_socket, 0, 0, EACCES },
	{ "a UDP socket", udp_socket, 0, ENODEV, EACCES },
	{ "a UNIX socket", unix_socket, 0, ENODEV, EACCES },
	{ "a pipe", pipe_end, 0, ENODEV, EACCES },
	{ "an event file", event_file, 0, ENODEV, EACCES },
	{ "a timer file", timer_file, 0, ENODEV, EACCES },
	{ "a signal file", signal_file, 0, ENODEV, EACCES },
	{ "an epoll file", epoll_file, 0, ENODEV, EACCES },
	{ "a process file", process_file, 0, ENODEV, EACCES },
};

static const int executable[] = { PROT_RX, PROT_EXEC, PROT_WX, PROT_RWX };
static const int sharing[] = { MAP_PRIVATE, MAP_SHARED };

static const struct object *current;

static void *map(int protection, int sharing_flag, int fd)
{
	return mmap(NULL, PAGE_BYTES, protection, sharing_flag | current->flags, fd, 0);
}

static int open_current(int *fd)
{
	*fd = current->open ? current->open() : -1;
	return current->open && *fd < 0 ? -1 : 0;
}

static int map_readable(void)
{
	int fd;

	if (open_current(&fd) < 0)
		return -1;
	return map(PROT_READ, MAP_PRIVATE, fd) == MAP_FAILED ? -1 : 0;
}

/* Every protection, private and shared; all have to end alike. */
static int map_executable(void)
{
	int fd;

	if (open_current(&fd) < 0)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(executable) * ARRAY_SIZE(sharing); i++) {
		int protection = executable[i / ARRAY_SIZE(sharing)];

		if (map(protection, sharing[i % ARRAY_SIZE(sharing)], fd) != MAP_FAILED)
			return 0;
		if (errno != current->executable)
			return -1;
	}
	errno = current->executable;
	return -1;
}

static int map_then_protect(void)
{
	void *page;
	int fd;

	if (open_current(&fd) < 0)
		return -1;
	page = map(PROT_READ, MAP_PRIVATE, fd);
	if (page == MAP_FAILED)
		return -1;
	for (size_t i = 0; i < ARRAY_SIZE(executable); i++) {
		if (mprotect(page, PAGE_BYTES, executable[i]) == 0)
			return 0;
		if (errno != EACCES)
			return -1;
	}
	errno = EACCES;
	return -1;
}

static void try_one(const char *how, int (*try)(void), int expected)
{
	char what[96];
	const struct attempt attempt = { "AS-05", what, try, expected };

	snprintf(what, sizeof(what), "map %s %s", current->what, how);
	checked_all(&attempt, 1);
}

void wx_try_objects(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(objects); i++) {
		current = &objects[i];
		try_one("to read", map_readable, current->readable);
		try_one("to execute", map_executable, current->executable);
		if (!current->readable)
			try_one("to read, then to execute", map_then_protect, EACCES);
	}
}
