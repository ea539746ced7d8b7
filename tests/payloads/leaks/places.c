// SPDX-License-Identifier: Apache-2.0
/*
 * Where the memory of a program is: not always at the same place.  Text and data are where the
 * linker put them, because relocating a program would cost RAM (sdk/app.mk).
 */

#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leaks.h"
#include "mappings.h"

/* With 8 bits of chance (ARCH_MMAP_RND_BITS is more), all alike once in 10^16 runs. */
#define RUNS 8

enum place { STACK, MAPPING, SIGPAGE, PLACES };

int leaks_write_places(void)
{
	uint32_t places[PLACES] = { 0 };
	struct mapping page;

	places[STACK] = (uint32_t)(uintptr_t)places;
	places[MAPPING] = (uint32_t)(uintptr_t)mmap(NULL, PAGE_BYTES, PROT_READ,
						    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (mappings_find("[sigpage]", &page) == 0)
		places[SIGPAGE] = (uint32_t)page.start;
	return write(STDOUT_FILENO, places, sizeof(places)) == sizeof(places) ? 0 : 1;
}

static int places_of_child(uint32_t places[PLACES])
{
	int ends[2], status;
	ssize_t length;
	pid_t pid;

	if (pipe(ends) < 0)
		return -1;
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execl(leaks_program, leaks_program, LEAKS_CHILD_ARGUMENT, (char *)NULL);
		_exit(errno);
	}
	close(ends[1]);
	length = read(ends[0], places, PLACES * sizeof(*places));
	close(ends[0]);
	waitpid(pid, &status, 0);
	return length == (ssize_t)(PLACES * sizeof(*places)) ? 0 : -1;
}

static int varies(enum place place)
{
	uint32_t places[PLACES], first = 0;
	unsigned int others = 0;

	for (unsigned int i = 0; i < RUNS; i++) {
		if (places_of_child(places) < 0 || !places[place])
			return -1;
		if (i == 0)
			first = places[place];
		others += places[place] != first;
	}
	errno = EBADMSG;
	return others ? 0 : -1;
}

static int stack_varies(void) { return varies(STACK); }
static int mapping_varies(void) { return varies(MAPPING); }
static int sigpage_varies(void) { return varies(SIGPAGE); }

static const struct attempt attempts[] = {
	{ "H-21", "the stack is not always at the same place", stack_varies, 0 },
	{ "H-21", "nor a mapping", mapping_varies, 0 },
	{ "H-21", "nor the page for signals", sigpage_varies, 0 },
};

void leaks_try_places(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
