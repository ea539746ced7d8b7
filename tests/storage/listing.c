// SPDX-License-Identifier: Apache-2.0
/* Reading a directory while it changes: what is there all the time comes once. */

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage.h"

#define LIST	FOLDER "/list"
#define STAYING	60u

static unsigned int seen[STAYING];

static void path_of(char path[64], const char *kind, unsigned int number)
{
	snprintf(path, 64, LIST "/%s%03u", kind, number);
}

static void make(const char *kind, unsigned int number)
{
	char path[64];

	path_of(path, kind, number);
	if (!file_write(path, kind, strlen(kind)))
		trouble("%s: %m", path);
}

static void take(const char *kind, unsigned int number)
{
	char path[64];

	path_of(path, kind, number);
	if (unlink(path))
		trouble("unlink %s: %m", path);
}

/* Counts those that stay; returns the number of all. */
static unsigned int read_all(DIR *dir, void (*change)(unsigned int number))
{
	unsigned int count = 0, number;
	struct dirent *entry;

	while ((entry = readdir(dir)) && count < 10 * STAYING) {
		if (sscanf(entry->d_name, "stays%u", &number) == 1 && number < STAYING)
			seen[number]++;
		if (change)
			change(count);
		count++;
	}
	if (entry)
		trouble("the directory does not end");
	return count;
}

/* A name has the same number wherever it is asked for. */
static void expect_numbers(void)
{
	DIR *dir = opendir(LIST);
	struct dirent *entry;
	struct stat status;

	while (dir && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".."))
			continue;
		if (fstatat(dirfd(dir), entry->d_name, &status, 0) ||
		    status.st_ino != entry->d_ino)
			trouble("%s: number %llu, not %llu", entry->d_name,
				(unsigned long long)status.st_ino,
				(unsigned long long)entry->d_ino);
	}
	if (dir)
		closedir(dir);
}

static void expect_each_once(const char *what)
{
	for (unsigned int i = 0; i < STAYING; i++) {
		if (seen[i] != 1)
			trouble("%s: %u came %u times", what, i, seen[i]);
		seen[i] = 0;
	}
}

/* Names before, between and behind those that stay; not for ever, because the latter come too. */
static void come_and_go(unsigned int number)
{
	if (number >= STAYING)
		return;
	make("a", number);
	make("stays-", number);
	make("z", number);
	if (number < 3)
		return;
	take("a", number - 3);
	take("stays-", number - 2);
	take("z", number - 3);
}

static void rewrite(unsigned int number)
{
	make("stays", number % STAYING);
}

static void try_seek(DIR *dir)
{
	char name[256];
	struct dirent *entry;
	long place;

	rewinddir(dir);
	for (unsigned int i = 0; i < 30; i++)
		readdir(dir);
	place = telldir(dir);
	entry = readdir(dir);
	snprintf(name, sizeof(name), "%s", entry ? entry->d_name : "");
	read_all(dir, NULL);
	seekdir(dir, place);
	entry = readdir(dir);
	if (!entry || strcmp(entry->d_name, name))
		trouble("seekdir leads to %s, not %s", entry ? entry->d_name : "the end", name);
	memset(seen, 0, sizeof(seen));
}

/* As rm -r does it. */
static void remove_all(DIR *dir)
{
	struct dirent *entry;
	char path[300];

	rewinddir(dir);
	while ((entry = readdir(dir))) {
		snprintf(path, sizeof(path), LIST "/%s", entry->d_name);
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") && unlink(path))
			trouble("unlink %s: %m", path);
	}
}

void listing_try(void)
{
	DIR *dir;
	unsigned int count;

	if (mkdir(LIST, 0755))
		trouble("mkdir: %m");
	for (unsigned int i = 0; i < STAYING; i++)
		make("stays", i);
	dir = opendir(LIST);
	if (!dir) {
		trouble("opendir: %m");
		return;
	}
	count = read_all(dir, NULL);
	if (count != STAYING + 2)
		trouble("%u entries, not %u", count, STAYING + 2);
	expect_each_once("nothing changes");
	expect_numbers();
	rewinddir(dir);
	read_all(dir, rewrite);
	expect_each_once("files change");
	rewinddir(dir);
	read_all(dir, come_and_go);
	expect_each_once("names come and go");
	try_seek(dir);
	remove_all(dir);
	closedir(dir);
	if (rmdir(LIST))
		trouble("something is left of what was removed: %m");
}
