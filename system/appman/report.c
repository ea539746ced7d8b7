// SPDX-License-Identifier: Apache-2.0
/* What the console shows when the device has come up. */

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "app.h"
#include "console.h"
#include "abi/errors.h"
#include "flash.h"
#include "memory.h"
#include "monitor.h"
#include "report.h"
#include "scratch.h"

const char *report_release(void)
{
	char *text = scratch_read_file("/etc/spherule-release");

	if (!text)
		return "Spherule";
	text[strcspn(text, "\n")] = '\0';
	return text;
}

/* The program of pid 1 is a file of the root filesystem. */
static uint32_t own_bytes(void)
{
	struct stat status;

	return stat("/proc/self/exe", &status) < 0 ? 0 : (uint32_t)status.st_size;
}

static uint32_t bytes_to_kib(uint32_t bytes)
{
	return (bytes + 1023) / 1024;
}

/*
 * Pages of its own that a process has: data, stack, heap.  What is executed in flash is not among
 * them.  The second number of statm (proc(5)).
 */
static unsigned long resident_kib(pid_t pid)
{
	char path[32], *text;

	snprintf(path, sizeof(path), "/proc/%d/statm", (int)pid);
	text = pid > 0 ? scratch_read_file(path) : NULL;
	text = text ? strchr(text, ' ') : NULL;
	return text ? strtoul(text, NULL, 10) * MEMORY_PAGE_KIB : 0;
}

static void print_process(const char *name, const char *state, pid_t pid, uid_t uid,
			  uint32_t flash_bytes)
{
	console_plain("  %-24s %-9s %5d %6d %5lu KiB %5u KiB", name, state, (int)pid, (int)uid,
		      resident_kib(pid), bytes_to_kib(flash_bytes));
}

static void print_apps(void)
{
	console_plain("  %-24s %-9s %5s %6s %9s %9s", "app", "state", "pid", "uid", "data", "flash");
	print_process("appman", "running", getpid(), 0, own_bytes());
	for_each_app(app)
		print_process(app->name, app_state_name(app->state), app->pid, app->uid,
			      app->image_bytes);
}

/* Up to the end of the last image. */
static uint32_t end_of_images(struct flash_walk *walk)
{
	struct flash_image image;
	uint32_t end = 0;

	while (walk->offset < walk->partition_bytes && flash_next(walk, &image) != 0)
		end = walk->offset;
	return end;
}

/* What the monitor has given to images. */
static uint32_t taken_by_images(const struct flash_walk *walk)
{
	uint32_t free_bytes;

	if (monitor_free_bytes(&free_bytes) || free_bytes > walk->partition_bytes)
		return 0;
	return walk->partition_bytes - free_bytes;
}

static void print_flash(const char *partition, bool is_installed)
{
	struct flash_walk walk;
	uint32_t used;

	if (flash_open(&walk, partition))
		return;
	used = is_installed ? taken_by_images(&walk) : end_of_images(&walk);
	console_plain("  flash  %s: %u KiB used of %u KiB", partition, bytes_to_kib(used),
		      bytes_to_kib(walk.partition_bytes));
	flash_close(&walk);
}

void report_print(void)
{
	struct utsname kernel = { 0 };
	struct memory_usage usage;
	/* First: looking at the processes itself takes some kernel memory. */
	int err = memory_measure(&usage);

	uname(&kernel);
	console_plain("%s", "");
	console_plain("%s, Linux %s", report_release(), kernel.release);
	print_apps();
	if (!console_failure(E_APPMAN_INTERNAL, "/proc/zoneinfo", err))
		console_plain("  RAM    %lu KiB used, %lu KiB free of %lu KiB (%lu KiB of it cache)",
			      usage.used_kib, usage.free_kib + usage.cache_kib, usage.total_kib,
			      usage.cache_kib);
	print_flash("system", false);
	print_flash("apps", true);
	console_plain("%s", "");
}
