// SPDX-License-Identifier: Apache-2.0
/*
 * Descriptors of memory files and of the program that were opened for reading: nothing writes to
 * them, wherever they have been.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "checked.h"
#include "mappings.h"
#include "tracer.h"

#define PAGE_BYTES 4096u

/* open(2): a descriptor for ioctl() only.  musl's O_ACCMODE has O_PATH in it. */
#define FOR_IOCTL (O_WRONLY | O_RDWR)

static uint32_t word = 0xdeadbeef;

/* musl declares these only with 64-bit offsets: those are what the calls take. */
static off_t text(void) { return (off_t)tracer_text(); }

static int write_at(int fd)
{
	if (lseek(fd, text(), SEEK_SET) < 0)
		return -1;
	return write(fd, &word, sizeof(word)) < 0 ? -1 : 0;
}

static int write_vector(int fd)
{
	const struct iovec vector = { &word, sizeof(word) };

	if (lseek(fd, text(), SEEK_SET) < 0)
		return -1;
	return writev(fd, &vector, 1) < 0 ? -1 : 0;
}

static int pwrite_at(int fd) { return pwrite(fd, &word, sizeof(word), text()) < 0 ? -1 : 0; }
static int pwrite_vector(int fd)
{
	const struct iovec vector = { &word, sizeof(word) };

	return pwritev(fd, &vector, 1, text()) < 0 ? -1 : 0;
}

static int pwrite_vector_with_flags(int fd)
{
	const struct iovec vector = { &word, sizeof(word) };

	return syscall(SYS_pwritev2, fd, &vector, 1, (long)text(), 0, 0) < 0 ? -1 : 0;
}

static int splice_to(int fd)
{
	off_t offset = text();
	int ends[2];

	if (pipe(ends) < 0 || write(ends[1], &word, sizeof(word)) < 0)
		return -1;
	return splice(ends[0], NULL, fd, &offset, sizeof(word), 0) < 0 ? -1 : 0;
}

static int send_file(int fd)
{
	int source = open("app_manifest.json", O_RDONLY);

	if (lseek(fd, text(), SEEK_SET) < 0)
		return -1;
	return sendfile(fd, source, NULL, sizeof(word)) < 0 ? -1 : 0;
}

static int copy_range(int fd)
{
	int source = open("app_manifest.json", O_RDONLY);
	off_t offset = text();

	return copy_file_range(source, NULL, fd, &offset, sizeof(word), 0) < 0 ? -1 : 0;
}

static int allocate(int fd) { return fallocate(fd, 0, text(), sizeof(word)); }
static int truncate_to(int fd) { return ftruncate(fd, text()); }

static int map_shared(int fd)
{
	void *page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	return page == MAP_FAILED ? -1 : 0;
}

/* The access mode is not among the flags that this changes. */
static int change_mode(int fd)
{
	if (fcntl(fd, F_SETFL, O_RDWR | O_APPEND) < 0)
		return -1;
	return pwrite_at(fd);
}

static const struct writer {
	const char *what;
	int (*write)(int fd);
	int expected;
} writers[] = {
	{ "write()", write_at, EBADF },
	{ "writev()", write_vector, EBADF },
	{ "pwrite()", pwrite_at, EBADF },
	{ "pwritev()", pwrite_vector, EBADF },
	{ "pwritev2()", pwrite_vector_with_flags, EBADF },
	{ "splice()", splice_to, EBADF },
	{ "sendfile()", send_file, EBADF },
	{ "copy_file_range()", copy_range, EBADF },
	{ "fallocate()", allocate, EBADF },
	{ "ftruncate()", truncate_to, EINVAL },
	{ "a shared mapping", map_shared, EACCES },
	{ "another mode", change_mode, EBADF },
};

static int own(void) { return open("/proc/self/mem", O_RDONLY); }
static int own_of_task(void) { return open("/proc/thread-self/mem", O_RDONLY); }
static int own_for_ioctl(void) { return open("/proc/self/mem", FOR_IOCTL); }
static int duplicate(void) { return fcntl(own(), F_DUPFD, 40); }
static int by_process_descriptor(void)
{
	return (int)syscall(SYS_pidfd_getfd, syscall(SYS_pidfd_open, getpid(), 0), own(), 0);
}

static int program(void) { return open(tracer_program, O_RDONLY); }
static int program_in_proc(void) { return open("/proc/self/exe", O_RDONLY); }

/* Over a socket, from a child whose memory it is. */
union control {
	char bytes[CMSG_SPACE(sizeof(int))];
	struct cmsghdr header;
};

static int send_descriptor(int socket, int fd)
{
	union control control = { .header = {
		.cmsg_len = CMSG_LEN(sizeof(int)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_RIGHTS,
	} };
	struct iovec byte = { "", 1 };
	const struct msghdr message = {
		.msg_iov = &byte, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};

	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	return sendmsg(socket, &message, 0) < 0 ? -1 : 0;
}

static int receive_descriptor(int socket)
{
	union control control;
	char byte;
	struct iovec vector = { &byte, 1 };
	struct msghdr message = {
		.msg_iov = &vector, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	int fd = -1;

	if (recvmsg(socket, &message, 0) < 0 || message.msg_flags & MSG_CTRUNC)
		return -1;
	memcpy(&fd, CMSG_DATA(&control.header), sizeof(fd));
	return fd;
}

static int received(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0 || send_descriptor(ends[0], own()) < 0)
		return -1;
	return receive_descriptor(ends[1]);
}

static int received_from_child(void)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return -1;
	if (fork() == 0)
		_exit(send_descriptor(ends[0], own()) < 0);
	return receive_descriptor(ends[1]);
}

static const struct origin {
	const char *row, *what;
	int (*open)(void);
} origins[] = {
	{ "AS-02", "its memory", own },
	{ "AS-03", "that of its thread", own_of_task },
	{ "AS-03", "its memory, opened for neither", own_for_ioctl },
	{ "AS-03", "its memory, duplicated", duplicate },
	{ "AS-03", "its memory, got from its process", by_process_descriptor },
	{ "AS-03", "its memory, received over a socket", received },
	{ "AS-03", "that of a child, received over a socket", received_from_child },
	{ "H-72", "its program", program },
	{ "H-72", "its program in /proc", program_in_proc },
};

static const struct origin *origin;
static const struct writer *writer;

static int try_write(void)
{
	int fd = origin->open();

	return fd < 0 ? -1 : writer->write(fd);
}

static int reopen(int fd, int flags)
{
	char path[32];

	if (fd < 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return attempt_open(path, flags);
}

static int reopen_received(void) { return reopen(received(), O_RDWR); }
static int reopen_duplicate(void) { return reopen(duplicate(), O_WRONLY); }
static int reopen_for_ioctl(void) { return reopen(own_for_ioctl(), O_RDWR); }
static int reopen_program(void) { return reopen(program(), O_RDWR); }
static int reopen_program_path(void) { return reopen(open(tracer_program, O_PATH), O_WRONLY); }
static int open_program(void) { return attempt_open(tracer_program, O_RDWR); }
static int open_program_in_proc(void) { return attempt_open("/proc/self/exe", O_WRONLY); }
static int truncate_program(void) { return truncate(tracer_program, 0); }
static int mode_of_program(void) { return chmod(tracer_program, 0777); }
static int remove_program(void) { return unlink(tracer_program); }

static int is_own_text(const struct mapping *mapping, void *found)
{
	if (tracer_text() < mapping->start || tracer_text() >= mapping->end)
		return 0;
	*(struct mapping *)found = *mapping;
	return 1;
}

static int open_mapped_file(void)
{
	struct mapping mapping;
	char path[64];

	if (mappings_visit(MAPPINGS_SELF, is_own_text, &mapping) != 1)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/map_files/%lx-%lx", mapping.start, mapping.end);
	return attempt_open(path, O_RDONLY);
}

/* A pipe that holds a page of the file must not take more bytes into that page. */
static int write_behind_spliced(void)
{
	char before[16], after[16], filler[256] = { 0 };
	int fd = program(), ends[2];
	off_t offset = 0;

	if (pipe2(ends, O_NONBLOCK) < 0 || pread(fd, before, sizeof(before), 0) < 0)
		return -1;
	while (write(ends[1], filler, sizeof(filler)) > 0)
		;
	while (read(ends[0], filler, sizeof(filler)) > 0)
		;
	if (splice(fd, &offset, ends[1], NULL, 1, 0) != 1 ||
	    write(ends[1], "changed", sizeof("changed")) < 0 ||
	    pread(fd, after, sizeof(after), 0) < 0)
		return -1;
	errno = EUCLEAN;
	return memcmp(before, after, sizeof(before)) ? -1 : 0;
}

/* The same with a page of text that is lent to the pipe. */
static int lend_text(void)
{
	const struct iovec vector = { (void *)tracer_text(), sizeof(word) };
	int ends[2];

	if (pipe(ends) < 0 || vmsplice(ends[1], &vector, 1, SPLICE_F_GIFT) < 0)
		return -1;
	return write(ends[1], &word, sizeof(word)) < 0 ? -1 : 0;
}

static const struct attempt attempts[] = {
	{ "AS-03", "reopen its received memory to write", reopen_received, EPERM },
	{ "AS-03", "reopen its duplicated memory to write", reopen_duplicate, EPERM },
	{ "AS-03", "reopen its memory opened for neither to write", reopen_for_ioctl, EPERM },
	{ "H-72", "reopen its program to write", reopen_program, EROFS },
	{ "H-72", "reopen the path of its program to write", reopen_program_path, EROFS },
	{ "H-72", "open its program to write", open_program, EROFS },
	{ "H-72", "open its program in /proc to write", open_program_in_proc, EROFS },
	{ "H-72", "open the file of a mapping", open_mapped_file, EPERM },
	{ "H-72", "truncate its program", truncate_program, EROFS },
	{ "H-72", "change the mode of its program", mode_of_program, EROFS },
	{ "H-72", "remove its program", remove_program, EROFS },
	{ "AS-44", "write behind a page of its program in a pipe", write_behind_spliced, 0 },
	/* What is mapped from flash has no page that could be lent. */
	{ "AS-44", "lend its text to a pipe", lend_text, EEXIST },
};

void tracer_try_descriptors(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(origins) * ARRAY_SIZE(writers); i++) {
		char what[96];
		struct attempt attempt = { .what = what, .try = try_write };

		origin = &origins[i / ARRAY_SIZE(writers)];
		writer = &writers[i % ARRAY_SIZE(writers)];
		attempt.row = origin->row;
		attempt.expected = writer->expected;
		snprintf(what, sizeof(what), "%s, by %s", origin->what, writer->what);
		checked_all(&attempt, 1);
	}
	checked_all(attempts, ARRAY_SIZE(attempts));
}
