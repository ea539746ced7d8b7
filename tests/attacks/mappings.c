// SPDX-License-Identifier: Apache-2.0
/* Reading /proc/<pid>/smaps. */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <applibs/log.h>

#include "attempt.h"
#include "mappings.h"

/* Address, permissions, offset, device and inode come before the name. */
#define FIELDS_BEFORE_NAME 5

/* Where apps, the system's programs and its libraries are; cramfs, all of them. */
static const char *const image_folders[] = { "/mnt/apps/", "/mnt/app/", "/bin/", "/lib/", "/usr/lib/" };

/* Made by the kernel, read-only to programs. */
static const char *const kernel_pages[] = { "[sigpage]", "[vectors]", "[vdso]" };

static void take_name(const char *line, char name[MAPPING_NAME_BYTES])
{
	for (unsigned int i = 0; i < FIELDS_BEFORE_NAME; i++) {
		line += strcspn(line, " ");
		line += strspn(line, " ");
	}
	snprintf(name, MAPPING_NAME_BYTES, "%.*s", (int)strcspn(line, "\n"), line);
}

static bool take_header(const char *line, struct mapping *mapping)
{
	unsigned long start, end;
	char *next;

	start = strtoul(line, &next, 16);
	if (next == line || *next != '-')
		return false;
	end = strtoul(next + 1, &next, 16);
	if (strlen(next) < sizeof(" rwxp ") - 1)
		return false;
	*mapping = (struct mapping){
		.start = start,
		.end = end,
		.readable = next[1] == 'r',
		.writable = next[2] == 'w',
		.executable = next[3] == 'x',
	};
	take_name(line, mapping->name);
	return true;
}

static void take_number(const char *line, const char *key, unsigned long *value)
{
	size_t length = strlen(key);

	if (!strncmp(line, key, length))
		*value = strtoul(line + length, NULL, 10);
}

static FILE *open_list(pid_t pid)
{
	char path[32];

	if (pid == MAPPINGS_SELF)
		return fopen("/proc/self/smaps", "re");
	snprintf(path, sizeof(path), "/proc/%d/smaps", (int)pid);
	return fopen(path, "re");
}

int mappings_visit(pid_t pid, int (*visit)(const struct mapping *mapping, void *context),
		   void *context)
{
	struct mapping mapping = { 0 }, next;
	FILE *file = open_list(pid);
	char line[256];
	int result = 0;

	if (!file)
		return -1;
	while (!result && fgets(line, sizeof(line), file)) {
		if (take_header(line, &next)) {
			if (mapping.end)
				result = visit(&mapping, context);
			mapping = next;
			continue;
		}
		take_number(line, "Rss:", &mapping.rss_kib);
		take_number(line, "Private_Dirty:", &mapping.private_dirty_kib);
		take_number(line, "Anonymous:", &mapping.anonymous_kib);
	}
	if (!result && mapping.end)
		result = visit(&mapping, context);
	fclose(file);
	return result;
}

struct search {
	const char *name;
	struct mapping *found;
};

static int is_searched(const struct mapping *mapping, void *context)
{
	struct search *search = context;

	if (strcmp(mapping->name, search->name))
		return 0;
	*search->found = *mapping;
	return 1;
}

int mappings_find(const char *name, struct mapping *found)
{
	struct search search = { name, found };
	int result = mappings_visit(MAPPINGS_SELF, is_searched, &search);

	if (result == 0)
		errno = ENOENT;
	return result == 1 ? 0 : -1;
}

static bool is_image(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(image_folders); i++)
		if (!strncmp(name, image_folders[i], strlen(image_folders[i])))
			return true;
	return false;
}

static bool is_kernel_page(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(kernel_pages); i++)
		if (!strcmp(name, kernel_pages[i]))
			return true;
	return false;
}

/* What is wrong with a mapping, or NULL. */
static const char *complaint_about(const struct mapping *mapping)
{
	if (!mapping->executable)
		return NULL;
	if (mapping->writable)
		return "writable and executable";
	if (is_kernel_page(mapping->name))
		return NULL;
	if (!is_image(mapping->name))
		return "executable and not of an image";
	if (mapping->private_dirty_kib || mapping->anonymous_kib)
		return "executable and changed";
	return NULL;
}

static int check_mapping(const struct mapping *mapping, void *context)
{
	const char *complaint = complaint_about(mapping);
	unsigned int *executable = context;

	*executable += mapping->executable;
	if (complaint)
		Log_Debug("mapping 0x%lx-0x%lx %s: %s\n", mapping->start, mapping->end,
			  mapping->name, complaint);
	return complaint ? 1 : 0;
}

int mappings_check_executable(void)
{
	unsigned int executable = 0;
	int result = mappings_visit(MAPPINGS_SELF, check_mapping, &executable);

	if (result < 0)
		return -1;
	/* This very code is executable: without it the list was not read rightly. */
	if (result > 0 || !executable) {
		errno = EUCLEAN;
		return -1;
	}
	return 0;
}
