// SPDX-License-Identifier: Apache-2.0
/*
 * What devices do to their storage.  A chore is many operations of one kind; after each the
 * filesystem has time for what it does by itself, as it has on a device that is mostly idle.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "attempt.h"
#include "chores.h"
#include "part.h"
#include "text.h"
#include "ticks.h"

#define SMALL_FILES	20u
#define SMALL_BYTES	200u
#define LOG_BYTES	64u
#define LARGE_BYTES	65536u
#define PIECE_BYTES	4096u
#define MIDDLE		28672		/* page 7 of 16 */
#define CROWD_PIECE	1024u
#define IDLE_US		200000		/* four turns of JFFS2's thread */
#define REST_US		5000000

static const struct chores_crowd *the_crowd;
static int open_file = -1;

/* What one chore did.  "alone": until the operation was done; the rest came in the idle time. */
struct sum {
	unsigned int count, failed, erases, worst_erases, worst_erases_alone;
	unsigned long long programmed_bytes, ns, worst_ns;
};

static void name_of(char name[16], const char *kind, unsigned int number)
{
	snprintf(name, 16, "%s%u", kind, number);
}

static int make_files(const char *kind, unsigned int count, size_t bytes)
{
	char name[16];

	for (unsigned int i = 0; i < count; i++) {
		name_of(name, kind, i);
		if (text_make_file(name, bytes, i))
			return -1;
	}
	return 0;
}

static int replace(const char *name, size_t bytes, unsigned int seed)
{
	if (text_make_file("new", bytes, seed)) {
		int error = errno;

		unlink("new");
		errno = error;
		return -1;
	}
	return rename("new", name);
}

static int prepare_config(void)
{
	return make_files("small", SMALL_FILES + 1, SMALL_BYTES);
}

static int update_config(unsigned int number)
{
	return replace("small7", SMALL_BYTES, 1000 + number);
}

static int prepare_log(void)
{
	open_file = open("log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	return open_file < 0 ? -1 : 0;
}

static int append_log(unsigned int number)
{
	return text_write(open_file, -1, LOG_BYTES, number);
}

static int prepare_large(void)
{
	attempt_close(open_file);
	if (unlink("log") || text_make_file("large", LARGE_BYTES, 1))
		return -1;
	open_file = open("large", O_WRONLY | O_CLOEXEC);
	return open_file < 0 ? -1 : 0;
}

static int overwrite_large(unsigned int number)
{
	return text_write(open_file, MIDDLE, PIECE_BYTES, 100 + number);
}

static int prepare_crowd(void)
{
	attempt_close(open_file);
	open_file = -1;
	if (unlink("large"))
		return -1;
	usleep(REST_US);
	return make_files("crowd", the_crowd->files, the_crowd->bytes);
}

/* Half of them overwrite, a quarter replace the whole file, a quarter shorten it and append. */
static int change_crowd(unsigned int number)
{
	unsigned int random = number * 2654435761u >> 8;
	unsigned int place = random / 64 % (unsigned int)(the_crowd->bytes - CROWD_PIECE);
	int fd, result;
	char name[16];

	name_of(name, "crowd", random % the_crowd->files);
	if (number % 4 == 3)
		return replace(name, the_crowd->bytes, number);
	fd = open(name, O_WRONLY | O_CLOEXEC);
	if (number % 4 == 2)
		place = (unsigned int)(the_crowd->bytes - CROWD_PIECE);
	result = number % 4 == 2 && ftruncate(fd, (off_t)place) ? -1 :
		text_write(fd, (long)place, CROWD_PIECE, number);
	if (close(fd))
		result = -1;
	return result;
}

static const struct {
	const char *name;
	unsigned int count;	/* 0: as the crowd says */
	int (*prepare)(void);
	int (*operate)(unsigned int number);
} chores[] = {
	{ "config", 200, prepare_config, update_config },
	{ "log", 500, prepare_log, append_log },
	{ "overwrite", 20, prepare_large, overwrite_large },
	{ "crowded", 0, prepare_crowd, change_crowd },
};

static unsigned int larger(unsigned int a, unsigned int b)
{
	return a > b ? a : b;
}

static int do_one(int (*operate)(unsigned int), unsigned int number, struct sum *sum)
{
	struct part_counts before, done, idle;
	unsigned long long ns;
	uint64_t begin;

	if (part_count(0, &before))
		return -1;
	begin = ticks();
	if (operate(number))
		sum->failed++;
	ns = (ticks() - begin) * NS_PER_TICK;
	if (part_count(0, &done))
		return -1;
	usleep(IDLE_US);
	if (part_count(0, &idle))
		return -1;
	sum->count++;
	sum->ns += ns;
	sum->worst_ns = ns > sum->worst_ns ? ns : sum->worst_ns;
	sum->programmed_bytes += idle.programmed_bytes - before.programmed_bytes;
	sum->erases += idle.erases - before.erases;
	sum->worst_erases_alone = larger(sum->worst_erases_alone, done.erases - before.erases);
	sum->worst_erases = larger(sum->worst_erases, idle.erases - before.erases);
	return 0;
}

static void print_sum(const char *name, const struct sum *sum)
{
	dprintf(1, "writer: %s operations %u\n", name, sum->count);
	dprintf(1, "writer: %s failed %u\n", name, sum->failed);
	dprintf(1, "writer: %s programmed_bytes %llu\n", name, sum->programmed_bytes);
	dprintf(1, "writer: %s erases %u\n", name, sum->erases);
	dprintf(1, "writer: %s worst_erases %u\n", name, sum->worst_erases);
	dprintf(1, "writer: %s worst_erases_alone %u\n", name, sum->worst_erases_alone);
	dprintf(1, "writer: %s instructions %llu\n", name, sum->ns / sum->count);
	dprintf(1, "writer: %s worst_instructions %llu\n", name, sum->worst_ns);
}

int chores_do(const char *folder, const struct chores_crowd *crowd)
{
	the_crowd = crowd;
	if (chdir(folder))
		return -1;
	for (unsigned int i = 0; i < ARRAY_SIZE(chores); i++) {
		unsigned int count = chores[i].count ?: crowd->changes;
		struct sum sum = { 0 };

		if (chores[i].prepare())
			return -1;
		usleep(REST_US);
		for (unsigned int number = 0; number < count; number++)
			if (do_one(chores[i].operate, number, &sum))
				return -1;
		print_sum(chores[i].name, &sum);
	}
	return chdir("/");
}
