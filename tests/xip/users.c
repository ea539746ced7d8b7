// SPDX-License-Identifier: Apache-2.0
/* Who uses an image keeps it mounted. */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"
#include "xip.h"

#define FOLDER		"/mnt/apps/used"
#define PROGRAM		FOLDER "/bin/sleeper"

static void *map_program(int protection)
{
	int fd = open(PROGRAM, O_RDONLY | O_CLOEXEC);
	void *page = mmap(NULL, PAGE_BYTES, protection, MAP_PRIVATE, fd, 0);

	close(fd);
	if (page == MAP_FAILED)
		_exit(1);
	return page;
}

/* Each is run by a child of its own, which then waits to be killed. */
static void use_nothing(void) { }
static void use_file(void) { open(PROGRAM, O_RDONLY); }
static void use_folder(void) { chdir(FOLDER "/bin"); }
static void use_mapping(void) { map_program(PROT_READ); }
static void use_text(void) { map_program(PROT_READ | PROT_EXEC); }
static void use_copy(void) { *(volatile char *)map_program(PROT_READ | PROT_WRITE) = 1; }

/* The parent of the user ends; the user has its mapping from it. */
static void use_inherited(void)
{
	map_program(PROT_READ);
	if (fork())
		_exit(0);
}

static void use_as_program(void)
{
	char *const arguments[] = { PROGRAM, NULL };

	launch(PROGRAM, arguments);
	usleep(100000);		/* until it is that program */
}

static const struct {
	const char *name;
	void (*use)(void);
	int unmounting;		/* errno */
} users[] = {
	{ "nobody", use_nothing, 0 },
	{ "an open file", use_file, EBUSY },
	{ "a working folder", use_folder, EBUSY },
	{ "a mapping", use_mapping, EBUSY },
	{ "a mapping of text", use_text, EBUSY },
	{ "a private copy", use_copy, EBUSY },
	{ "a mapping of a parent", use_inherited, EBUSY },
	{ "a program", use_as_program, EBUSY },
};

/* Its group is what is killed: users may have children. */
static pid_t start_user(void (*use)(void))
{
	int ends[2];
	char byte;
	pid_t pid;

	if (pipe(ends))
		trouble("no pipe");
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		use();
		write(ends[1], "u", 1);
		for (;;)
			pause();
	}
	close(ends[1]);
	read(ends[0], &byte, 1);
	close(ends[0]);
	return pid;
}

static void end_user(pid_t pid)
{
	kill(-pid, SIGKILL);
	while (waitpid(-1, NULL, 0) > 0)
		;
}

static int unmount(int flags)
{
	return umount2(FOLDER, flags) ? errno : 0;
}

static void try_user(unsigned int number, const char *options)
{
	int result;
	pid_t pid;

	if (mount("mtd:apps", FOLDER, "cramfs", MS_RDONLY, options))
		trouble("mount: %m");
	pid = start_user(users[number].use);
	result = unmount(MNT_DETACH);
	if (result != EPERM)
		trouble("a lazy unmount: %s", strerror(result));
	result = unmount(0);
	if (result != users[number].unmounting)
		trouble("unmounting under %s: %s", users[number].name, strerror(result));
	if (result && access(PROGRAM, R_OK))
		trouble("the image of %s is not there any more", users[number].name);
	end_user(pid);
	if (result && unmount(0))
		trouble("unmounting after %s: %m", users[number].name);
	if (!access(PROGRAM, F_OK))
		trouble("the image of %s is still there", users[number].name);
	dprintf(1, "xip: user %s: %s\n", users[number].name, strerror(result));
}

void users_print(const struct xip_images *images)
{
	char options[32];

	if (mkdir(FOLDER, 0755))
		trouble("%s: %m", FOLDER);
	for (unsigned int i = 0; i < ARRAY_SIZE(users); i++) {
		snprintf(options, sizeof(options), "offset=%lu",
			 i % images->count * images->stride);
		try_user(i, options);
	}
}
