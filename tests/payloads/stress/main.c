// SPDX-License-Identifier: Apache-2.0
/*
 * An app that does one thing to the kernel over and over; its first argument says what (stress.h), the
 * second how many at once where there are many; tests write both into the manifest.  Once in a while it says how often: "stress: fork 12 rounds, 120 done".
 */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <applibs/log.h>

#include "stress.h"

#define SAY_S		1
#define MANY_DEFAULT	10	/* with what they write, children stay below the 512 KiB of an app: 30 each */
#define MANY_MAX	24	/* an app can have 32 processes, and 64 open files */

unsigned int stress_many = MANY_DEFAULT;

static long long now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void repeat(const char *name, unsigned int (*run)(void))
{
	unsigned long rounds = 0, done = 0;
	long long said_s = now_s();

	for (;;) {
		done += run();
		rounds++;
		if (now_s() - said_s < SAY_S)
			continue;
		said_s = now_s();
		Log_Debug("stress: %s %lu rounds, %lu done\n", name, rounds, done);
	}
}

static const struct {
	const char *name;
	unsigned int (*run)(void);
} ways[] = {
	{ "fork", round_fork },	  { "exec", round_exec },   { "eat", round_eat },
	{ "edge", round_edge },	  { "store", round_store }, { "tmp", round_tmp },
	{ "serve", round_serve }, { "call", round_call },   { "local", round_local },
};

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : "";
	const unsigned long many = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;

	if (many && many <= MANY_MAX)
		stress_many = (unsigned int)many;
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (!strcmp(name, ways[i].name))
			repeat(name, ways[i].run);
	return strcmp(name, STRESS_QUIT) != 0;
}
