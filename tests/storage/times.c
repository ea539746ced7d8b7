// SPDX-License-Identifier: Apache-2.0
/* Times of files, with the option mtime and without it. */

#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "storage.h"

#define FILE_	FOLDER "/time"
#define LONG_AGO	1000000000

static time_t time_of(const char *path)
{
	struct stat status = { 0 };

	if (stat(path, &status))
		trouble("%s: %m", path);
	return status.st_mtime;
}

static void set_time(const char *path, time_t seconds)
{
	const struct timespec times[2] = { { .tv_sec = seconds }, { .tv_sec = seconds } };

	if (utimensat(AT_FDCWD, path, times, 0))
		trouble("utimensat: %m");
}

static void expect_now(const char *what)
{
	time_t seconds = time_of(FILE_), now = time(NULL);

	if (seconds > now || seconds < now - 60)
		trouble("%s: time %lld, now is %lld", what, (long long)seconds, (long long)now);
}

void times_try(void)
{
	struct timespec now = { .tv_sec = 1700000000 };

	if (clock_settime(CLOCK_REALTIME, &now))
		trouble("clock_settime: %m");
	mount_again("mtime");
	if (!file_write(FILE_, "one", 3))
		trouble("%s: %m", FILE_);
	mount_again("mtime");
	expect_now("written");
	set_time(FILE_, LONG_AGO);
	mount_again("mtime");
	if (time_of(FILE_) != LONG_AGO)
		trouble("a time that was set is %lld", (long long)time_of(FILE_));
	if (truncate(FILE_, 1))
		trouble("truncate: %m");
	mount_again("mtime");
	expect_now("truncated");
	file_expect(FILE_, "o", 1);
	/* Without the option the time of the medium stays what it is, and nobody sees it. */
	set_time(FILE_, LONG_AGO);
	mount_again(NULL);
	if (time_of(FILE_) == LONG_AGO)
		trouble("a time without the option");
	mount_again("mtime");
	if (time_of(FILE_) != LONG_AGO)
		trouble("a time after a mount without the option");
	mount_again(NULL);
	if (unlink(FILE_))
		trouble("unlink: %m");
}
