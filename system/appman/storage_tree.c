// SPDX-License-Identifier: Apache-2.0
/*
 * Down into the first folder that is not empty, and up again when it is: what was looked at is gone
 * then, so that nothing has to be remembered but where the top is.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "storage_tree.h"

enum step { STEP_AGAIN, STEP_DOWN, STEP_UP };

static bool is_dot(const char *name)
{
	return !strcmp(name, ".") || !strcmp(name, "..");
}

/* Replaces *@folder by what @name names from there.  Returns 0 or -errno. */
static int go(int *folder, const char *name)
{
	int next = openat(*folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (next < 0)
		return -errno;
	close(*folder);
	*folder = next;
	return 0;
}

/* Removes a file or an empty folder.  STEP_DOWN: it is a folder that is not empty. */
static int remove_entry(int folder, const char *name)
{
	if (!unlinkat(folder, name, 0) || !unlinkat(folder, name, AT_REMOVEDIR))
		return STEP_AGAIN;
	return errno == ENOTEMPTY || errno == EEXIST ? STEP_DOWN : -errno;
}

/* Removes what it finds until the folder is empty or a folder in it is not.  @name: that one. */
static int empty(int folder, char name[NAME_MAX + 1])
{
	union {
		struct dirent64 first;	/* for its alignment */
		char bytes[512];
	} buffer;
	int got;

	/* From the start each time: a list that shrinks may skip entries. */
	while (lseek(folder, 0, SEEK_SET) == 0 &&
	       (got = getdents64(folder, &buffer.first, sizeof(buffer))) > 0) {
		bool is_empty = true;

		for (int at = 0; at < got;) {
			const struct dirent64 *entry = (const void *)(buffer.bytes + at);
			int step = STEP_AGAIN;

			at += entry->d_reclen;
			if (is_dot(entry->d_name))
				continue;
			is_empty = false;
			step = remove_entry(folder, entry->d_name);
			if (step == STEP_DOWN)
				memcpy(name, entry->d_name, strlen(entry->d_name) + 1);
			if (step != STEP_AGAIN)
				return step;
		}
		if (is_empty)
			return STEP_UP;
	}
	return got < 0 ? -errno : STEP_UP;
}

int storage_tree_remove(const char *path)
{
	int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	unsigned int depth = 0;
	char name[NAME_MAX + 1];
	int step = folder < 0 ? -errno : STEP_AGAIN;

	while (step >= 0) {
		step = empty(folder, name);
		if (step == STEP_UP && !depth)
			break;
		if (step == STEP_DOWN)
			depth++;
		else if (step == STEP_UP)
			depth--;
		if (step >= 0)
			step = go(&folder, step == STEP_DOWN ? name : "..");
	}
	if (folder >= 0)
		close(folder);
	if (step < 0)
		return step;
	return rmdir(path) < 0 ? -errno : 0;
}
