// SPDX-License-Identifier: Apache-2.0
/*
 * An app that walks around the end of its page directory, which describes only 512 MiB: addresses of
 * the kernel by loads, stores and system calls, its own highest pages, and many new directories.
 */

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <applibs/log.h>

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))
#define FORKS	200
#define EXECS	50

/* Kernel and unmapped: text in the module area, linear map, vmalloc, vectors, the ends of each. */
static const uintptr_t forbidden[] = {
	0x00000000, 0x20000000, 0x20001000, 0x201ffffc, 0x2ffffffc, 0x3f000000, 0x3f800000,
	0x3f840000, 0x3ffffffc, 0x40000000, 0x40008000, 0x403ffffc, 0x40400000, 0x40800000, 0x60000000, 0x7ffffffc,
	0x80000000, 0xbf000000, 0xc0000000, 0xff800000, 0xffff0000, 0xffff0ff0, 0xfffffffc,
};

static int passed, failed;
static sigjmp_buf back;

static void check(int good, const char *what, unsigned long where)
{
	if (good) {
		passed++;
		return;
	}
	failed++;
	Log_Debug("paging: %s at 0x%lx\n", what, where);
}

static void on_fault(int signal_number)
{
	siglongjmp(back, signal_number);
}

static int faults(uintptr_t address, int store)
{
	if (sigsetjmp(back, 1))
		return 1;
	if (store)
		*(volatile uint32_t *)address = 0;
	else
		(void)*(volatile uint32_t *)address;
	return 0;
}

static void try_addresses(void)
{
	const struct sigaction action = { .sa_handler = on_fault };
	int null = open("/dev/null", O_WRONLY), zero = open("/proc/meminfo", O_RDONLY);

	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGBUS, &action, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(forbidden); i++) {
		check(faults(forbidden[i], 0), "a load worked", forbidden[i]);
		check(faults(forbidden[i], 1), "a store worked", forbidden[i]);
		check(pread(zero, (void *)forbidden[i], 4, 0) < 0 && errno == EFAULT,
		      "the kernel wrote", forbidden[i]);
		check(write(STDERR_FILENO, (void *)forbidden[i], 4) < 0 && errno == EFAULT,
		      "the kernel read", forbidden[i]);
	}
	close(null);
	close(zero);
}

/* The positive control: pages of its own, up to the last that a process may have. */
static void use_own_pages(void)
{
	static const uintptr_t own[] = { 0x10000000, 0x1f000000, 0x1ffff000 - (64 << 20), 0x1ffff000 };

	for (size_t i = 0; i < ARRAY_SIZE(own); i++) {
		uint32_t *page = mmap((void *)own[i], 4096, PROT_READ | PROT_WRITE,
				      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

		if (page == MAP_FAILED && errno == EEXIST)
			continue;	/* the stack may be there */
		check(page == (void *)own[i], "no page", own[i]);
		if (page == MAP_FAILED)
			continue;
		*page = 0x12345678;
		check(*page == 0x12345678, "wrong content", own[i]);
		munmap(page, 4096);
		check(faults(own[i], 0), "a load after munmap worked", own[i]);
	}
}

static void make_processes(const char *self)
{
	static volatile int shared = 1;

	for (int i = 0; i < FORKS + EXECS; i++) {
		pid_t pid = i < FORKS ? fork() : vfork();
		int status = -1;

		if (pid == 0 && i < FORKS) {
			shared = 2;
			_exit(faults(0x40000000, 0) && shared == 2 ? 7 : 1);
		}
		if (pid == 0) {
			execl(self, self, "child", (char *)NULL);
			_exit(1);
		}
		waitpid(pid, &status, 0);
		check(pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 7, "process", i);
	}
	check(shared == 1, "a child wrote to its parent", 0);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		return 7;
	try_addresses();
	use_own_pages();
	make_processes(argv[0]);
	Log_Debug("paging: %d passed, %d failed\n", passed, failed);
	for (;;)
		pause();
}
