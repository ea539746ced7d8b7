// SPDX-License-Identifier: Apache-2.0
/*
 * How random the places of memory are (attacks.md, H-32): runs itself many times and counts the bits of
 * an address that change.  The program itself is linked for one place, because it is executed in flash
 * where it lies.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <applibs/log.h>

#define RUNS	1000
#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

struct places {
	uint32_t stack;
	uint32_t mapping;
	uint32_t heap;
	uint32_t text;
};

static const char *const names[] = { "stack", "mapping", "heap", "text" };

/* The file descriptor of the pipe is the argument. */
static int report_places(int fd)
{
	char here;
	struct places places = {
		.stack = (uint32_t)&here,
		.mapping = (uint32_t)mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
		.heap = (uint32_t)sbrk(0),
		.text = (uint32_t)report_places,
	};

	return write(fd, &places, sizeof(places)) != sizeof(places);
}

static int run_once(const char *self, uint32_t found[])
{
	char *const arguments[] = { (char *)self, "places", NULL };
	int ends[2], status;
	ssize_t length;
	pid_t pid;

	if (pipe(ends) < 0)
		return -1;
	pid = vfork();
	if (pid == 0) {
		dup2(ends[1], STDIN_FILENO);
		execv(self, arguments);
		_exit(1);
	}
	close(ends[1]);
	length = read(ends[0], found, sizeof(struct places));
	close(ends[0]);
	if (waitpid(pid, &status, 0) != pid || status)
		return -1;
	return length == sizeof(struct places) ? 0 : -1;
}

static unsigned int count_bits(uint32_t mask)
{
	unsigned int count = 0;

	for (; mask; mask &= mask - 1)
		count++;
	return count;
}

int main(int argc, char **argv)
{
	uint32_t first[ARRAY_SIZE(names)], found[ARRAY_SIZE(names)], changed[ARRAY_SIZE(names)] = { 0 };

	if (argc > 1)
		return report_places(STDIN_FILENO);
	if (run_once(argv[0], first))
		Log_Debug("aslr: cannot run itself\n");
	for (int run = 1; run < RUNS; run++) {
		if (run_once(argv[0], found)) {
			Log_Debug("aslr: run %d failed\n", run);
			break;
		}
		for (unsigned int i = 0; i < ARRAY_SIZE(names); i++)
			changed[i] |= first[i] ^ found[i];
	}
	for (unsigned int i = 0; i < ARRAY_SIZE(names); i++)
		Log_Debug("aslr: %s changes in %u bits, 0x%08lx\n", names[i], count_bits(changed[i]),
			  (unsigned long)changed[i]);
	Log_Debug("aslr: done\n");
	for (;;)
		pause();
}
