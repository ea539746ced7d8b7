// SPDX-License-Identifier: Apache-2.0
/* What the kernel tells about this process itself: nothing of the kernel's own. */

#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leaks.h"

/* As attacks.md asks: what leaks now and then is found. */
#define SAMPLES 10000

/* Where the addresses of programs end (ARM_USER_PGD_2K). */
#define PROGRAM_END 0x20000000ull

/* The fields of /proc/<pid>/stat, proc_pid_stat(5). */
#define STAT_FIELDS	52
#define STAT_COMM	2
#define STAT_RSS_LIMIT	25
#define STAT_STACK	29
#define STAT_PROGRAM	30
#define STAT_SIGNALS	31	/* four sets of signals, which can be large numbers */
#define STAT_SIGNALS_END 35
#define STAT_BLOCKED_IN	35

/* Fields from the third on; the second is in brackets and may have anything in it. */
static int read_stat(const char *path, unsigned long long fields[STAT_FIELDS + 1])
{
	char text[512], *next;

	if (leaks_read(path, text, sizeof(text)) < 0)
		return -1;
	errno = EBADMSG;
	next = strrchr(text, ')');
	if (!next || strlen(next) < sizeof(") R "))
		return -1;
	next += sizeof(") R") - 1;
	for (unsigned int i = STAT_COMM + 2; i <= STAT_FIELDS; i++) {
		char *end;

		fields[i] = strtoull(next, &end, 10);
		if (end == next)
			return -1;
		next = end;
	}
	return 0;
}

/* A negative number is large too, and no address. */
static bool may_be_address(unsigned int field, unsigned long long value)
{
	if (field == STAT_RSS_LIMIT || (field >= STAT_SIGNALS && field < STAT_SIGNALS_END))
		return false;
	return value >= PROGRAM_END && value <= INT64_MAX;
}

/* Where it is in the kernel is not told, for a process that runs or waits. */
static int check_stat(const char *path)
{
	unsigned long long fields[STAT_FIELDS + 1];

	if (read_stat(path, fields) < 0)
		return -1;
	if (fields[STAT_STACK] || fields[STAT_PROGRAM] || fields[STAT_BLOCKED_IN] > 1)
		return -1;
	for (unsigned int i = STAT_COMM + 2; i <= STAT_FIELDS; i++)
		if (may_be_address(i, fields[i]))
			return -1;
	return 0;
}

static int with_waiting_child(int (*act)(const char *path), const char *format)
{
	char path[PATH_BYTES];
	pid_t pid = fork();
	int result, error;

	if (pid == 0)
		for (;;)
			pause();
	snprintf(path, sizeof(path), format, (int)pid);
	result = act(path);
	error = errno;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	errno = error;
	return result;
}

static int stat_of_self(void) { return check_stat("/proc/self/stat"); }
static int stat_of_thread(void) { return check_stat("/proc/thread-self/stat"); }
static int stat_of_child(void) { return with_waiting_child(check_stat, "/proc/%d/stat"); }

static int read_any(const char *path)
{
	char text[256];

	return leaks_read(path, text, sizeof(text)) < 0 ? -1 : 0;
}

static int call_of_child(void) { return with_waiting_child(read_any, "/proc/%d/syscall"); }

/* The file tells about the call that reads it: its number and first arguments are known. */
static int check_call(int fd)
{
	char text[256], *next = text;
	unsigned long long numbers[9];
	ssize_t length;

	if (lseek(fd, 0, SEEK_SET) < 0 || (length = read(fd, text, sizeof(text) - 1)) <= 0)
		return -1;
	text[length] = '\0';
	errno = EBADMSG;
	for (unsigned int i = 0; i < ARRAY_SIZE(numbers); i++) {
		numbers[i] = strtoull(next, &next, 0);
		if (numbers[i] > UINT32_MAX)
			return -1;
	}
	if (numbers[0] != SYS_read || numbers[1] != (unsigned int)fd ||
	    numbers[2] != (uintptr_t)text || numbers[3] != sizeof(text) - 1)
		return -1;
	/* Stack pointer and program counter are those of the program. */
	return numbers[7] < PROGRAM_END && numbers[8] < PROGRAM_END ? 0 : -1;
}

static int sample_calls(void)
{
	int fd = open("/proc/self/syscall", O_RDONLY);

	for (unsigned int i = 0; i < SAMPLES; i++)
		if (check_call(fd) < 0)
			return -1;
	return 0;
}

/* Linux, Documentation/admin-guide/mm/pagemap.rst. */
#define PAGE_PRESENT	(1ull << 63)
#define PAGE_FRAME	((1ull << 55) - 1)

static int check_page(const char *path, const void *address)
{
	uint64_t entry;
	int fd = open(path, O_RDONLY);
	off_t offset = (off_t)((uintptr_t)address / PAGE_BYTES * sizeof(entry));

	if (fd < 0 || pread(fd, &entry, sizeof(entry), offset) != sizeof(entry))
		return -1;
	errno = EBADMSG;
	return entry & PAGE_PRESENT && !(entry & PAGE_FRAME) ? 0 : -1;
}

/* Written before the attempts, so that there is a page for it. */
static volatile char data[PAGE_BYTES] = { 1 };

static int check_data_page(const char *path) { return check_page(path, (const char *)data); }

static int frame_of_data(void) { return check_data_page("/proc/self/pagemap"); }

static int frame_of_stack(void)
{
	int here = 0;

	return check_page("/proc/thread-self/../../pagemap", &here);
}

static int frame_of_child(void) { return with_waiting_child(check_data_page, "/proc/%d/pagemap"); }

/* What execve() puts on the stack: small numbers, and addresses of the program. */
static int auxiliary_vector(void)
{
	char text[512];
	Elf32_auxv_t entry;
	int length = leaks_read("/proc/self/auxv", text, sizeof(text));

	if (length < (int)(4 * sizeof(entry)))
		return -1;
	errno = EBADMSG;
	for (int offset = 0; offset < length; offset += (int)sizeof(entry)) {
		memcpy(&entry, text + offset, sizeof(entry));
		if (entry.a_un.a_val >= PROGRAM_END)
			return -1;
	}
	return 0;
}

static const struct attempt attempts[] = {
	{ "AS-20", "the numbers of its process are not the kernel's", stat_of_self, 0 },
	{ "AS-20", "those of its thread", stat_of_thread, 0 },
	{ "AS-20", "those of its child that waits", stat_of_child, 0 },
	{ "AS-20", "the auxiliary vector is the program's", auxiliary_vector, 0 },
	{ "AS-22", "the system call it is in, many times", sample_calls, 0 },
	{ "AS-22", "read the system call its child is in", call_of_child, EPERM },
	{ "AS-20", "the page frame of its data is not told", frame_of_data, 0 },
	{ "AS-20", "the page frame of its stack is not told", frame_of_stack, 0 },
	{ "AS-20", "nor that of its child's data", frame_of_child, 0 },
};

void leaks_try_own(void)
{
	data[0]++;
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
