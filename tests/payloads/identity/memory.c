// SPDX-License-Identifier: Apache-2.0
/* Ways to executable memory that is not an image executed in place. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attempt.h"

#define PAGE	4096

static int keep_errno(int result, void *page)
{
	int error = errno;

	if (page != MAP_FAILED)
		munmap(page, PAGE);
	errno = error;
	return result;
}

static int map(int protection, int flags, int fd)
{
	void *page = mmap(NULL, PAGE, protection, flags, fd, 0);

	return keep_errno(page == MAP_FAILED ? -1 : 0, page);
}

/* Maps with @first, then asks for each of the further protections; the result of the last. */
static int map_then(int first, const int *further, unsigned int count, int fd)
{
	void *page = mmap(NULL, PAGE, first, fd < 0 ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_PRIVATE,
			  fd, 0);
	int result = page == MAP_FAILED ? -1 : 0;

	for (unsigned int i = 0; i < count && !result; i++)
		result = mprotect(page, PAGE, further[i]);
	return keep_errno(result, page);
}

static int own_program(void) { return open("bin/identity", O_RDONLY | O_CLOEXEC); }

static int map_program(int protection, int flags)
{
	int fd = own_program();
	int result = fd < 0 ? -1 : map(protection, flags, fd), error = errno;

	close(fd);
	errno = error;
	return result;
}

static int program_then(int first, int second)
{
	int fd = own_program();
	int result = map_then(first, &second, 1, fd), error = errno;

	close(fd);
	errno = error;
	return result;
}

static int map_rw(void) { return map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1); }
static int map_rx(void) { return map(PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1); }
static int map_shared_rx(void) { return map(PROT_READ | PROT_EXEC, MAP_SHARED | MAP_ANONYMOUS, -1); }
static int map_rwx(void)
{
	return map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1);
}

static int rw_to_rx(void)
{
	static const int steps[] = { PROT_READ | PROT_EXEC };

	return map_then(PROT_READ | PROT_WRITE, steps, ARRAY_SIZE(steps), -1);
}

static int rw_to_r_to_rx(void)
{
	static const int steps[] = { PROT_READ, PROT_READ | PROT_EXEC };

	return map_then(PROT_READ | PROT_WRITE, steps, ARRAY_SIZE(steps), -1);
}

static int rw_to_none_to_x(void)
{
	static const int steps[] = { PROT_NONE, PROT_EXEC };

	return map_then(PROT_READ | PROT_WRITE, steps, ARRAY_SIZE(steps), -1);
}

static int rw_to_r_to_rw(void)
{
	static const int steps[] = { PROT_READ, PROT_READ | PROT_WRITE };

	return map_then(PROT_READ | PROT_WRITE, steps, ARRAY_SIZE(steps), -1);
}

static int program_rx(void) { return map_program(PROT_READ | PROT_EXEC, MAP_PRIVATE); }
static int program_rwx(void)
{
	return map_program(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE);
}
static int program_rw(void) { return map_program(PROT_READ | PROT_WRITE, MAP_PRIVATE); }
static int program_rx_to_rw(void)
{
	return program_then(PROT_READ | PROT_EXEC, PROT_READ | PROT_WRITE);
}
static int program_rw_to_rx(void)
{
	return program_then(PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC);
}
static int program_r_to_rx(void) { return program_then(PROT_READ, PROT_READ | PROT_EXEC); }

static int stack_to_rx(void)
{
	char here[PAGE * 2];

	return mprotect((void *)(((unsigned long)here + PAGE) & ~(PAGE - 1ul)), PAGE,
			PROT_READ | PROT_EXEC);
}

static char data[PAGE * 2];

static int data_to_rx(void)
{
	return mprotect((void *)(((unsigned long)data + PAGE) & ~(PAGE - 1ul)), PAGE,
			PROT_READ | PROT_EXEC);
}

static int own_text_to_rw(void)
{
	return mprotect((void *)((unsigned long)own_text_to_rw & ~(PAGE - 1ul)), PAGE,
			PROT_READ | PROT_WRITE);
}

/* With this personality the kernel makes readable mappings executable by itself. */
static int implied_exec(void)
{
	int before = personality(0xffffffff), result, error;

	if (before < 0 || personality((unsigned long)before | READ_IMPLIES_EXEC) < 0)
		return -1;
	result = map_rw();
	error = errno;
	personality((unsigned long)before);
	errno = error;
	return result;
}

static int memory_file(void) { return (int)syscall(SYS_memfd_create, "m", 0); }

static int map_memory_file(void)
{
	int fd = memory_file();
	int result = fd < 0 || ftruncate(fd, PAGE) < 0 ?
			     -1 :
			     map(PROT_READ | PROT_EXEC, MAP_PRIVATE, fd);
	int error = errno;

	close(fd);
	errno = error;
	return result;
}

static int execute_memory_file(void)
{
	char *const none[] = { NULL };
	int fd = memory_file(), program = own_program(), result = -1, error;
	char buffer[512];
	ssize_t length;

	while ((length = read(program, buffer, sizeof(buffer))) > 0)
		if (write(fd, buffer, (size_t)length) != length)
			return -1;
	result = (int)syscall(SYS_execveat, fd, "", none, none, AT_EMPTY_PATH);
	error = errno;
	close(fd);
	close(program);
	errno = error;
	return result;
}

static int open_own_memory(int flags, const char *path)
{
	int fd = open(path, flags);

	return fd < 0 ? -1 : close(fd);
}

/* Reading is no harm; what is forced into text is seen by whether the text changed. */
static int force_into_text(const char *path)
{
	volatile const unsigned char *text = (const unsigned char *)((unsigned long)map_rw & ~1ul);
	unsigned char before = *text, byte = (unsigned char)~before;
	int fd = open(path, O_RDWR), error;
	ssize_t written = fd < 0 ? -1 : pwrite(fd, &byte, 1, (off_t)(unsigned long)text);

	error = errno;
	close(fd);
	if (*text != before)
		return 0;	/* a success that must not be */
	errno = error;
	return written == 1 ? 0 : -1;
}

static int force_by_self(void) { return force_into_text("/proc/self/mem"); }
static int force_by_thread(void) { return force_into_text("/proc/thread-self/mem"); }
static int read_own_memory(void) { return open_own_memory(O_RDONLY, "/proc/self/mem"); }

static const struct attempt attempts[] = {
	{ "map RW", map_rw, 0 },
	{ "RW to R to RW", rw_to_r_to_rw, 0 },
	{ "map its program RX", program_rx, 0 },
	{ "map its program RW", program_rw, 0 },
	{ "read its own memory", read_own_memory, 0 },
	{ "map RX", map_rx, EACCES },
	{ "map RX shared", map_shared_rx, EACCES },
	{ "map RWX", map_rwx, EACCES },
	{ "RW to RX", rw_to_rx, EACCES },
	{ "RW to R to RX", rw_to_r_to_rx, EACCES },
	{ "RW to none to X", rw_to_none_to_x, EACCES },
	{ "its program RWX", program_rwx, EACCES },
	{ "its program RX to RW", program_rx_to_rw, EACCES },
	{ "its program RW to RX", program_rw_to_rx, EACCES },
	{ "its program R to RX", program_r_to_rx, EACCES },
	{ "stack to RX", stack_to_rx, EACCES },
	{ "data to RX", data_to_rx, EACCES },
	{ "its own text to RW", own_text_to_rw, EACCES },
	{ "implied exec", implied_exec, EACCES },
	{ "map a memory file RX", map_memory_file, EACCES },
	{ "execute a memory file", execute_memory_file, EACCES },
	{ "force into its text", force_by_self, EIO },
	{ "force into its text by its thread", force_by_thread, EIO },
};

void try_memory(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
