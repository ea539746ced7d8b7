// SPDX-License-Identifier: Apache-2.0
/*
 * What the host orders, line by line over the console: it knows what must be there, and may end the
 * machine at any time (tests/device/cuts.py).  A line is a number, a word and what the word wants:
 *
 *	17 put small/a 100 20 5
 *	storage: begin 17
 *	storage: done 17 0
 *
 * The last number is 0 or errno.  Paths are below FOLDER.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <termios.h>
#include <unistd.h>

#include "attempt.h"
#include "storage.h"

#define LINE_BYTES	600
#define WORDS_MAX	8
#define PATH_BYTES	320
#define SLOTS		64
#define DATA_BYTES	400000u
#define CRC32_POLYNOMIAL 0xedb88320u	/* IEEE 802.3, the lowest bit first */

static int slots[SLOTS];
static unsigned char data[DATA_BYTES];

static const char *path_of(const char *name)
{
	static char paths[2][PATH_BYTES];
	static unsigned int turn;
	char *path = paths[turn++ % ARRAY_SIZE(paths)];

	snprintf(path, PATH_BYTES, FOLDER "/%s", name);
	return path;
}

static unsigned long number(const char *word)
{
	return word ? strtoul(word, NULL, 10) : 0;
}

static int *slot_of(const char *word)
{
	return &slots[number(word) % SLOTS];
}

/* All of it, or -1. */
static int put(int fd, off_t offset, size_t count, unsigned int seed)
{
	ssize_t done;

	if (count > DATA_BYTES) {
		errno = E2BIG;
		return -1;
	}
	fill(data, count, seed);
	done = offset < 0 ? write(fd, data, count) : pwrite(fd, data, count, offset);
	if (done >= 0 && (size_t)done < count)
		errno = EIO;
	return done == (ssize_t)count ? 0 : -1;
}

static int finish(int fd, int result)
{
	if (result) {
		attempt_close(fd);
		return -1;
	}
	return close(fd);
}

static int do_mount(char **words)
{
	return mount("mtd:storage", FOLDER, "littlefs",
		     words[0] && !strcmp(words[0], "ro") ? MS_RDONLY : 0, NULL);
}

/* Nothing changes, but what could be reclaimed is. */
static int do_remount(char **words)
{
	(void)words;
	return mount(NULL, FOLDER, NULL, MS_REMOUNT, NULL);
}

static int do_umount(char **words)
{
	(void)words;
	return umount(FOLDER);
}

static int do_create(char **words)
{
	int fd = open(path_of(words[0]), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	return fd < 0 ? -1 : close(fd);
}

static int do_put(char **words)
{
	int fd = open(path_of(words[0]), O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -1 : finish(fd, put(fd, (off_t)number(words[1]), number(words[2]),
					    (unsigned int)number(words[3])));
}

static int do_append(char **words)
{
	int fd = open(path_of(words[0]), O_WRONLY | O_APPEND | O_CLOEXEC);

	return fd < 0 ? -1 : finish(fd, put(fd, -1, number(words[1]),
					    (unsigned int)number(words[2])));
}

static int do_replace(char **words)
{
	int fd = open(path_of(words[0]), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int result;

	if (fd < 0)
		return -1;
	result = put(fd, 0, number(words[1]), (unsigned int)number(words[2]));
	return finish(fd, result ? result : fsync(fd));
}

static int do_truncate(char **words)
{
	return truncate(path_of(words[0]), (off_t)number(words[1]));
}

static int do_rename(char **words)
{
	return (int)syscall(SYS_renameat2, AT_FDCWD, path_of(words[0]), AT_FDCWD,
			    path_of(words[1]), (unsigned int)number(words[2]));
}

static int do_unlink(char **words)
{
	return unlink(path_of(words[0]));
}

static int do_mkdir(char **words)
{
	return mkdir(path_of(words[0]), 0755);
}

static int do_rmdir(char **words)
{
	return rmdir(path_of(words[0]));
}

/* Slot, path, and "r" for reading only. */
static int do_open(char **words)
{
	int flags = words[2] && *words[2] == 'r' ? O_RDONLY : O_RDWR;

	*slot_of(words[0]) = open(path_of(words[1]), flags | O_CLOEXEC);
	return *slot_of(words[0]) < 0 ? -1 : 0;
}

static int do_slot_put(char **words)
{
	return put(*slot_of(words[0]), (off_t)number(words[1]), number(words[2]),
		   (unsigned int)number(words[3]));
}

static int do_slot_truncate(char **words)
{
	return ftruncate(*slot_of(words[0]), (off_t)number(words[1]));
}

static int do_slot_sync(char **words)
{
	return fsync(*slot_of(words[0]));
}

static int do_slot_close(char **words)
{
	return close(*slot_of(words[0]));
}

static int do_sync(char **words)
{
	(void)words;
	sync();
	return 0;
}

static uint32_t crc32(uint32_t crc, const unsigned char *bytes, size_t count)
{
	crc = ~crc;
	for (size_t i = 0; i < count; i++) {
		crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (CRC32_POLYNOMIAL & -(crc & 1));
	}
	return ~crc;
}

static int show_file(const char *name)
{
	static unsigned char chunk[4096];
	int fd = open(path_of(name), O_RDONLY | O_CLOEXEC);
	size_t total = 0;
	uint32_t crc = 0;
	ssize_t part;

	if (fd < 0)
		return -1;
	while ((part = read(fd, chunk, sizeof(chunk))) > 0) {
		crc = crc32(crc, chunk, (size_t)part);
		total += (size_t)part;
	}
	attempt_close(fd);
	if (!part)
		dprintf(1, "storage: file %zu %08x %s\n", total, crc, name);
	return (int)part;
}

static int show(const char *name, bool is_folder)
{
	if (!is_folder)
		return show_file(name);
	dprintf(1, "storage: folder %s\n", name);
	return 0;
}

/* Everything, folder by folder. */
static int do_list(char **words)
{
	(void)words;
	return walk(show);
}

static const struct {
	const char *word;
	int (*obey)(char **words);
} orders[] = {
	{ "mount", do_mount },		{ "remount", do_remount },
	{ "umount", do_umount },	{ "create", do_create },
	{ "put", do_put },		{ "append", do_append },
	{ "replace", do_replace },	{ "truncate", do_truncate },
	{ "rename", do_rename },	{ "unlink", do_unlink },
	{ "mkdir", do_mkdir },		{ "rmdir", do_rmdir },
	{ "open", do_open },		{ "slot-put", do_slot_put },
	{ "slot-sync", do_slot_sync },	{ "slot-truncate", do_slot_truncate },
	{ "slot-close", do_slot_close }, { "sync", do_sync },
	{ "list", do_list },
};

static int obey(char **words)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(orders); i++)
		if (!strcmp(orders[i].word, words[0]))
			return orders[i].obey(words + 1);
	errno = ENOSYS;
	return -1;
}

static void be_quiet(void)
{
	struct termios settings;

	if (tcgetattr(0, &settings))
		trouble("tcgetattr: %m");
	settings.c_lflag &= ~(tcflag_t)ECHO;
	if (tcsetattr(0, TCSANOW, &settings))
		trouble("tcsetattr: %m");
}

void orders_obey(void)
{
	char line[LINE_BYTES];

	be_quiet();
	dprintf(1, "storage: ready\n");
	while (fgets(line, sizeof(line), stdin)) {
		char *words[WORDS_MAX + 1] = { NULL }, *rest = line;
		unsigned int count = 0;

		while (count < WORDS_MAX && (words[count] = strtok_r(rest, " \n", &rest)))
			count++;
		if (count < 2)
			continue;
		if (!strcmp(words[1], "end"))
			return;
		dprintf(1, "storage: begin %s\n", words[0]);
		dprintf(1, "storage: done %s %d\n", words[0], obey(words + 1) ? errno : 0);
	}
	trouble("no more orders");
}
