// SPDX-License-Identifier: Apache-2.0
/* What the console shows when the device has come up. */

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/utsname.h>

#include "app.h"
#include "console.h"
#include "abi/errors.h"
#include "flash.h"
#include "memory.h"
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

static uint32_t bytes_to_kib(uint32_t bytes)
{
	return (bytes + 1023) / 1024;
}

static void print_apps(void)
{
	console_plain("  %-24s %-9s %5s %6s %8s", "app", "state", "pid", "uid", "image");
	for_each_app(app)
		console_plain("  %-24s %-9s %5d %6d %4lu KiB", app->name,
			      app_state_name(app->state), (int)app->pid, (int)app_uid(app),
			      (unsigned long)bytes_to_kib(app->image_bytes));
}

static void print_memory(void)
{
	struct memory_usage usage;
	int err = memory_measure(&usage);

	if (err) {
		console_error(E_APPMAN_INTERNAL, "/proc/zoneinfo: %s", strerror(-err));
		return;
	}
	console_plain("  RAM    %lu KiB used, %lu KiB free of %lu KiB (%lu KiB of it cache)",
		      usage.used_kib, usage.free_kib + usage.cache_kib, usage.total_kib,
		      usage.cache_kib);
}

/* Up to the end of the last image. */
static void print_flash(const char *partition)
{
	struct flash_walk walk;
	struct flash_image image;
	uint32_t end = 0;

	if (flash_open(&walk, partition))
		return;
	while (walk.offset < walk.partition_bytes && flash_next(&walk, &image) != 0)
		end = walk.offset;
	console_plain("  flash  %s: %lu KiB used of %lu KiB", partition,
		      (unsigned long)bytes_to_kib(end),
		      (unsigned long)bytes_to_kib(walk.partition_bytes));
	flash_close(&walk);
}

void report_print(void)
{
	struct utsname kernel = { 0 };

	uname(&kernel);
	console_plain("%s", "");
	console_plain("%s, Linux %s", report_release(), kernel.release);
	print_apps();
	print_memory();
	print_flash("system");
	print_flash("apps");
	console_plain("%s", "");
}
