// SPDX-License-Identifier: Apache-2.0
/*
 * An app that says how it was started: time since power-on, arguments, identity, open files,
 * memory.  Tests and measurements read its lines.
 */

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <applibs/log.h>

/* The counter of the ARM generic timer runs from power-on (Arm DDI 0406C, B8.1). */
static uint64_t counter_ticks(void)
{
	uint32_t low, high;

	__asm__ volatile("mrrc p15, 1, %0, %1, c14" : "=r"(low), "=r"(high));
	return (uint64_t)high << 32 | low;
}

static void print_file(const char *path)
{
	static char text[4096];
	int fd = open(path, O_RDONLY);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (fd >= 0)
		close(fd);
	if (length < 0) {
		Log_Debug("probe: %s: cannot be read\n", path);
		return;
	}
	text[length] = '\0';
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		Log_Debug("probe: %s: %s\n", path, line);
}

static void print_open_files(void)
{
	for (int fd = 0; fd < 1024; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			Log_Debug("probe: open file %d\n", fd);
}

static void print_processes(void)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (atoi(entry->d_name) > 0)
			Log_Debug("probe: sees process %s\n", entry->d_name);
	if (folder)
		closedir(folder);
}

int main(int argc, char **argv)
{
	uint64_t ticks = counter_ticks();
	char folder[256];

	Log_Debug("probe: main at %llu ticks\n", (unsigned long long)ticks);
	for (int i = 0; i < argc; i++)
		Log_Debug("probe: argument %d: %s\n", i, argv[i]);
	Log_Debug("probe: folder %s\n", getcwd(folder, sizeof(folder)));
	print_open_files();
	print_processes();
	print_file("/proc/self/status");
	print_file("/proc/meminfo");
	Log_Debug("probe: done\n");
	for (;;)
		pause();
}
