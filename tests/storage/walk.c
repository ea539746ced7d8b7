// SPDX-License-Identifier: Apache-2.0
/* All that is in a filesystem, folder by folder. */

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "storage.h"

#define PATH_BYTES	320
#define FOLDERS_BYTES	8192	/* the paths of all folders */

/* Folders that are still to be read, a line for each, behind those that were. */
static char folders[FOLDERS_BYTES];

static int note_folder(const char *name)
{
	size_t used = strlen(folders);

	if ((size_t)snprintf(folders + used, sizeof(folders) - used, "%s\n", name) <
	    sizeof(folders) - used)
		return 0;
	folders[used] = '\0';
	errno = E2BIG;
	return -1;
}

static int visit_entry(const char *folder, const struct dirent *entry,
		       int (*visit)(const char *name, bool is_folder))
{
	bool is_folder = entry->d_type == DT_DIR;
	char name[PATH_BYTES];

	if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
		return 0;
	if ((size_t)snprintf(name, sizeof(name), "%s%s%s", folder, *folder ? "/" : "",
			     entry->d_name) >= sizeof(name)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return (is_folder && note_folder(name)) || visit(name, is_folder) ? -1 : 0;
}

static int visit_folder(const char *folder, int (*visit)(const char *name, bool is_folder))
{
	char path[PATH_BYTES + sizeof(FOLDER)];
	struct dirent *entry;
	int result = 0, error = 0;
	DIR *dir;

	snprintf(path, sizeof(path), FOLDER "/%s", folder);
	dir = opendir(path);
	if (!dir)
		return -1;
	while (!result) {
		errno = 0;
		entry = readdir(dir);
		if (!entry)
			break;
		result = visit_entry(folder, entry, visit);
	}
	error = errno;
	closedir(dir);
	errno = error;
	return error ? -1 : 0;
}

int walk(int (*visit)(const char *name, bool is_folder))
{
	const char *next = folders;
	int result;

	*folders = '\0';
	result = visit_folder("", visit);
	while (!result && *next) {
		const char *end = strchr(next, '\n');
		char name[PATH_BYTES];

		snprintf(name, sizeof(name), "%.*s", (int)(end - next), next);
		result = visit_folder(name, visit);
		next = end + 1;
	}
	return result;
}
