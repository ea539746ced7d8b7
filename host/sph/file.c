// SPDX-License-Identifier: Apache-2.0
/* Whole files: read at once, written all or not at all. */
#include "host/sph/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

static const int stop_signals[] = { SIGINT, SIGTERM, SIGHUP };

/* For the signal handler; empty when there is nothing to remove. */
static char temporary[PATH_MAX];

int file_read_fd(int fd, const char *path, size_t max_bytes,
		 struct bytes *bytes, struct complaint *complaint)
{
	struct bytes b = { NULL, 0 };
	size_t capacity = 0;
	ssize_t n = -1;

	do {
		if (b.length == capacity) {
			uint8_t *grown;

			capacity = capacity ? capacity * 2 : 16384;
			grown = realloc(b.data, capacity);
			if (!grown)
				break;
			b.data = grown;
		}
		n = read(fd, b.data + b.length, capacity - b.length);
		if (n > 0)
			b.length += (size_t)n;
	} while ((n > 0 && b.length < max_bytes) || (n < 0 && errno == EINTR));
	if (n >= 0 && b.length < max_bytes) {
		*bytes = b;
		return 0;
	}
	free(b.data);
	if (n < 0)
		return complain(complaint, E_PACK_IO, "%s: cannot be read: %s",
				path, strerror(errno));
	return complain(complaint, E_PACK_FILE_SIZE,
			"%s: must be smaller than %zu bytes", path, max_bytes);
}

int file_read(const char *path, size_t max_bytes, struct bytes *bytes,
	      struct complaint *complaint)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int result;

	if (fd < 0)
		return complain(complaint, E_PACK_IO, "%s: cannot be read: %s",
				path, strerror(errno));
	result = file_read_fd(fd, path, max_bytes, bytes, complaint);
	close(fd);
	return result;
}

static void remove_temporary(int signal_number)
{
	unlink(temporary);
	/* SA_RESETHAND has restored the default: end as the signal wants it. */
	raise(signal_number);
}

static void handle_signals(void)
{
	struct sigaction action = { .sa_handler = remove_temporary,
				    .sa_flags = (int)SA_RESETHAND };
	struct sigaction old;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(stop_signals); i++) {
		/* What the caller ignores (nohup) stays ignored. */
		if (!sigaction(stop_signals[i], NULL, &old) &&
		    old.sa_handler != SIG_IGN)
			sigaction(stop_signals[i], &action, NULL);
	}
}

static int write_all(int fd, const uint8_t *data, size_t length)
{
	while (length) {
		ssize_t n = write(fd, data, length);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		length -= (size_t)n;
	}
	return 0;
}

/* Makes the rename itself durable; a filesystem that cannot is no error. */
static void sync_folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	char folder[PATH_MAX] = ".";
	int fd;

	if (slash)
		snprintf(folder, sizeof(folder), "%.*s",
			 (int)(slash - path) + 1, path);
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	fsync(fd);
	close(fd);
}

static int create_temporary(const char *path)
{
	sigset_t stop, old;
	int fd;
	size_t i;

	if (snprintf(temporary, sizeof(temporary), "%s.XXXXXX", path) >=
	    (int)sizeof(temporary))
		return -ENAMETOOLONG;
	/* A signal between the creation and the name would leave the file. */
	sigemptyset(&stop);
	for (i = 0; i < ARRAY_SIZE(stop_signals); i++)
		sigaddset(&stop, stop_signals[i]);
	sigprocmask(SIG_BLOCK, &stop, &old);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	else
		handle_signals();
	sigprocmask(SIG_SETMASK, &old, NULL);
	return fd;
}

int file_write(const char *path, const void *data, size_t length,
	       struct complaint *complaint)
{
	struct stat status;
	mode_t mask = umask(0);
	int fd, result = -EIO;

	umask(mask);
	/* A rename would replace /dev/null by the file. */
	if (!stat(path, &status) && !S_ISREG(status.st_mode))
		return complain(complaint, E_PACK_IO,
				"%s: exists and is not a regular file", path);
	fd = create_temporary(path);
	if (fd < 0) {
		result = fd;
		goto out;
	}
	result = write_all(fd, data, length);
	if (!result &&
	    (fchmod(fd, 0666 & ~mask) || fsync(fd) || rename(temporary, path)))
		result = -errno;
	if (result)
		unlink(temporary);
	else
		sync_folder_of(path);
	close(fd);
out:
	if (result)
		return complain(complaint, E_PACK_IO,
				"%s: cannot be written: %s", path,
				strerror(-result));
	return 0;
}
