// SPDX-License-Identifier: Apache-2.0
/*
 * Four processes in one directory at once: one makes and removes names, one renames, one reads and
 * rewrites files, one lists.  What is there all the time is listed once, whatever the others do.
 */

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"
#include "storage.h"

#define PLACE		FOLDER "/together"
#define STAYING		40u
#define WANDERING	8u
#define ROUNDS		64u
#define LISTS_LEAST	20u
#define BYTES		400u

static void path_of(char path[64], const char *kind, unsigned int number)
{
	snprintf(path, 64, PLACE "/%s%03u", kind, number);
}

static void make(const char *kind, unsigned int number)
{
	unsigned char bytes[BYTES];
	char path[64];

	path_of(path, kind, number);
	fill(bytes, sizeof(bytes), number);
	if (!file_write(path, bytes, sizeof(bytes)))
		trouble("%s: %m", path);
}

/* Before, between and behind those that stay. */
static const char * const kinds[] = { "a", "staying-", "stays-", "z" };

static void make_and_remove(unsigned int round)
{
	const char *kind = kinds[round % ARRAY_SIZE(kinds)];
	char path[64];

	make(kind, round);
	path_of(path, kind, round);
	if (unlink(path))
		trouble("unlink %s: %m", path);
}

/* Eight files, each of which goes from one name to the next, and over the next file's old name. */
static void rename_one(unsigned int round)
{
	unsigned int number = round % WANDERING, turn = round / WANDERING;
	char from[64], to[64];

	path_of(from, kinds[turn % ARRAY_SIZE(kinds)], 500 + number);
	path_of(to, kinds[(turn + 1) % ARRAY_SIZE(kinds)], 500 + number);
	if (rename(from, to))
		trouble("rename %s: %m", from);
}

/* Whoever rewrites a file is the one who reads it: a file is empty between open and write. */
static void read_and_rewrite(unsigned int round)
{
	unsigned char bytes[BYTES];
	unsigned int number = round * 7u % STAYING;
	char path[64];

	path_of(path, "stays", number);
	fill(bytes, sizeof(bytes), number);
	file_expect(path, bytes, sizeof(bytes));
	make("stays", number);
	file_expect(path, bytes, sizeof(bytes));
}

static void list_once(void)
{
	unsigned int seen[STAYING] = { 0 }, number;
	DIR *dir = opendir(PLACE);
	struct dirent *entry;

	if (!dir) {
		trouble("opendir: %m");
		return;
	}
	while ((entry = readdir(dir)))
		if (sscanf(entry->d_name, "stays%u", &number) == 1 && number < STAYING)
			seen[number]++;
	closedir(dir);
	for (unsigned int i = 0; i < STAYING; i++)
		if (seen[i] != 1)
			trouble("%u came %u times while others were at work", i, seen[i]);
}

static void (* const workers[])(unsigned int round) = {
	make_and_remove, rename_one, read_and_rewrite,
};

static void work(void (*act)(unsigned int round))
{
	for (unsigned int round = 0; round < ROUNDS; round++)
		act(round);
	_exit(0);
}

static void expect_all(void)
{
	unsigned char bytes[BYTES];
	char path[64];

	for (unsigned int i = 0; i < STAYING; i++) {
		path_of(path, "stays", i);
		fill(bytes, sizeof(bytes), i);
		file_expect(path, bytes, sizeof(bytes));
	}
	for (unsigned int i = 0; i < WANDERING; i++) {
		path_of(path, kinds[ROUNDS / WANDERING % ARRAY_SIZE(kinds)], 500 + i);
		fill(bytes, sizeof(bytes), 500 + i);
		file_expect(path, bytes, sizeof(bytes));
	}
}

static void remove_all(void)
{
	char path[64];

	for (unsigned int i = 0; i < STAYING; i++) {
		path_of(path, "stays", i);
		unlink(path);
	}
	for (unsigned int i = 0; i < WANDERING; i++) {
		path_of(path, kinds[ROUNDS / WANDERING % ARRAY_SIZE(kinds)], 500 + i);
		unlink(path);
	}
	if (rmdir(PLACE))
		trouble("something is left of %s: %m", PLACE);
}

void together_try(void)
{
	unsigned int lists = 0, left = ARRAY_SIZE(workers);
	int status;

	if (mkdir(PLACE, 0755))
		trouble("mkdir: %m");
	for (unsigned int i = 0; i < STAYING; i++)
		make("stays", i);
	for (unsigned int i = 0; i < WANDERING; i++)
		make(kinds[0], 500 + i);
	for (unsigned int i = 0; i < ARRAY_SIZE(workers); i++)
		if (!fork())
			work(workers[i]);
	while (left) {
		list_once();
		lists++;
		while (left && waitpid(-1, &status, WNOHANG) > 0) {
			left--;
			if (status)
				trouble("a worker ended with %d", status);
		}
	}
	dprintf(1, "storage: %u lists while others were at work\n", lists);
	if (lists < LISTS_LEAST)
		trouble("too few lists");
	expect_all();
	remove_all();
}
