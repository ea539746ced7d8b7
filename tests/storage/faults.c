// SPDX-License-Identifier: Apache-2.0
/*
 * Memory is refused at each place that asks for some: the kernel fails the n-th allocation of a task
 * (CONFIG_FAULT_INJECTION, /proc/PID/fail-nth), n = 1, 2, 3 until an operation comes through with
 * none refused.  It must end with ENOMEM and nothing changed, or work; what it changed is undone.
 *
 *	storage: faults create: 12 refusals, 10 failed
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "attempt.h"
#include "storage.h"

#define OPTIONS		"usrquota,mtime"
#define DEBUG		"/dev/debug"
#define PLACE		FOLDER "/faults"
#define FILE_A		PLACE "/a"
#define FILE_B		PLACE "/b"
#define DIR_C		PLACE "/c"
#define ATTRIBUTE	"user.refused"
#define OWNER		1000u
#define REFUSALS_MAX	1000u
#define SMALL_BYTES	300u
#define LARGE_BYTES	20000u

static unsigned char small[SMALL_BYTES], other[SMALL_BYTES], large[LARGE_BYTES];
static int nth_fd = -1, file_fd = -1;

static void set(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		trouble("%s: %m", path);
	attempt_close(fd);
}

/* Those who could wait for memory are refused it as well, single pages too, without a word. */
static void prepare(void)
{
	if (mkdir(DEBUG, 0700) || mount("debugfs", DEBUG, "debugfs", 0, NULL))
		trouble("debugfs: %m");
	set(DEBUG "/failslab/ignore-gfp-wait", "N");
	set(DEBUG "/failslab/verbose", "0");
	set(DEBUG "/fail_page_alloc/ignore-gfp-wait", "N");
	set(DEBUG "/fail_page_alloc/ignore-gfp-highmem", "N");
	set(DEBUG "/fail_page_alloc/min-order", "0");
	set(DEBUG "/fail_page_alloc/verbose", "0");
	nth_fd = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth_fd < 0)
		trouble("fail-nth: %m");
}

static void refuse(unsigned int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", nth);

	if (pwrite(nth_fd, text, (size_t)length, 0) != length)
		trouble("fail-nth: %m");
}

/* Whether the refusal came; none comes after this. */
static bool was_refused(void)
{
	char text[16] = "";

	if (pread(nth_fd, text, sizeof(text) - 1, 0) <= 0)
		trouble("fail-nth: %m");
	refuse(0);
	return !strtoul(text, NULL, 10);
}

/* The operations.  Before each is what before() makes. */

static int try_umount(void) { return umount(FOLDER); }
static int try_mount(void) { return mount("mtd:storage", FOLDER, "littlefs", 0, OPTIONS); }
static int try_remount(void) { return mount(NULL, FOLDER, NULL, MS_REMOUNT, NULL); }
static int try_unlink(void) { return unlink(FILE_A); }
static int try_rename(void) { return rename(FILE_A, FILE_B); }
static int try_mkdir(void) { return mkdir(PLACE "/d", 0755); }
static int try_rmdir(void) { return rmdir(DIR_C); }
static int try_truncate(void) { return truncate(FILE_A, SMALL_BYTES / 2); }
static int try_fsync(void) { return fsync(file_fd); }
static int try_close(void) { return close(dup(file_fd)); }
static int try_write(void) { return write(file_fd, other, SMALL_BYTES) < 0 ? -1 : 0; }
static int try_write_large(void) { return pwrite(file_fd, large, LARGE_BYTES, 0) < 0 ? -1 : 0; }

static int try_stat(void)
{
	struct stat status;

	return stat(FILE_A, &status);
}

static int try_statfs(void)
{
	struct statvfs figures;

	return statvfs(FOLDER, &figures);
}

static int try_create(void)
{
	int fd = open(PLACE "/new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	return fd < 0 ? -1 : close(fd);
}

static int try_open_read(void)
{
	int fd = open(FILE_A, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : close(fd);
}

static int try_open_write(void)
{
	int fd = open(FILE_A, O_RDWR | O_CLOEXEC);

	return fd < 0 ? -1 : close(fd);
}

static int try_readdir(void)
{
	static char entries[1024] __attribute__((aligned(8)));
	int fd = open(PLACE, O_RDONLY | O_DIRECTORY | O_CLOEXEC), result;

	if (fd < 0)
		return -1;
	result = getdents(fd, (struct dirent *)entries, sizeof(entries)) < 0 ? -1 : 0;
	attempt_close(fd);
	return result;
}

static int try_chown(void) { return chown(FILE_A, OWNER, OWNER); }
static int try_setxattr(void) { return setxattr(FILE_A, ATTRIBUTE, small, SMALL_BYTES, 0); }

static int try_getxattr(void)
{
	return getxattr(FILE_A, ATTRIBUTE, NULL, 0) < 0 && errno != ENODATA ? -1 : 0;
}

static int try_listxattr(void) { return listxattr(FILE_A, NULL, 0) < 0 ? -1 : 0; }

/* A page fault without memory is tried again. */
static int try_map(void)
{
	void *place = mmap(NULL, SMALL_BYTES, PROT_READ, MAP_PRIVATE, file_fd, 0);

	if (place == MAP_FAILED)
		return -1;
	if (memcmp(place, small, SMALL_BYTES))
		trouble("another page");
	return munmap(place, SMALL_BYTES);
}

/* What must be there afterwards; an operation that failed has changed nothing. */

static void same_a(bool worked)
{
	(void)worked;
	file_expect(FILE_A, small, SMALL_BYTES);
}

/* VFS makes it and then opens it: it may be there though it could not be opened. */
static void new_is(bool worked)
{
	struct stat status;
	bool is_there = !stat(PLACE "/new", &status);

	if ((worked && !is_there) || (is_there && status.st_size))
		trouble("a new file is not there, or not empty");
	unlink(PLACE "/new");
}

static void d_is(bool worked)
{
	if (!rmdir(PLACE "/d") != worked)
		trouble("a new directory is there or is not, as it should not be");
}

static void c_is(bool worked)
{
	if (!access(DIR_C, F_OK) == worked)
		trouble("a directory is there or is not, as it should not be");
}

static void a_is(bool worked)
{
	if (worked)
		gone_expect(FILE_A);
	else
		file_expect(FILE_A, small, SMALL_BYTES);
}

static void renamed(bool worked)
{
	a_is(worked);
	file_expect(FILE_B, worked ? small : other, SMALL_BYTES);
}

static void shorter(bool worked)
{
	file_expect(FILE_A, small, worked ? SMALL_BYTES / 2 : SMALL_BYTES);
}

static void written(bool worked)
{
	file_expect(FILE_A, worked ? other : small, SMALL_BYTES);
}

static void written_large(bool worked)
{
	file_expect(FILE_A, worked ? large : small, worked ? LARGE_BYTES : SMALL_BYTES);
}

/* The open file has what A had, although A is gone. */
static void open_file_is(bool worked)
{
	static unsigned char found[SMALL_BYTES];

	a_is(worked);
	if (pread(file_fd, found, SMALL_BYTES, 0) != SMALL_BYTES ||
	    memcmp(found, small, SMALL_BYTES))
		trouble("an open file that was removed has other bytes");
}

/* The next user of A is its owner again. */
static void given(bool worked)
{
	struct stat status = { 0 };

	if (stat(FILE_A, &status) || status.st_uid != (worked ? OWNER : 0))
		trouble("owner %u", status.st_uid);
	chown(FILE_A, 0, 0);
	same_a(worked);
}

static void described(bool worked)
{
	if ((getxattr(FILE_A, ATTRIBUTE, NULL, 0) == (ssize_t)SMALL_BYTES) != worked)
		trouble("an attribute is there or is not, as it should not be");
	removexattr(FILE_A, ATTRIBUTE);
	same_a(worked);
}

static void mounted(bool worked)
{
	if (!worked && mount("mtd:storage", FOLDER, "littlefs", 0, OPTIONS))
		trouble("mount after a refusal: %m");
}

static void unmounted(bool worked)
{
	if (worked && mount("mtd:storage", FOLDER, "littlefs", 0, OPTIONS))
		trouble("mount: %m");
}

/* In which state the operation finds A. */
enum file_is { CLOSED, OPEN, CHANGED, UNMOUNTED };

static const struct {
	const char *name;
	int (*try)(void);
	void (*check)(bool worked);
	enum file_is a;
} operations[] = {
	{ "mount", try_mount, mounted, UNMOUNTED },
	{ "umount", try_umount, unmounted, CLOSED },
	{ "remount", try_remount, same_a, CLOSED },
	{ "stat", try_stat, same_a, CLOSED },
	{ "statfs", try_statfs, same_a, CLOSED },
	{ "create", try_create, new_is, CLOSED },
	{ "open for reading", try_open_read, same_a, CLOSED },
	{ "open for writing", try_open_write, same_a, CLOSED },
	{ "readdir", try_readdir, same_a, CLOSED },
	{ "mmap", try_map, same_a, OPEN },
	{ "write", try_write, written, OPEN },
	{ "large write", try_write_large, written_large, OPEN },
	{ "fsync", try_fsync, written, CHANGED },
	{ "close", try_close, written, CHANGED },
	{ "truncate", try_truncate, shorter, CLOSED },
	{ "rename", try_rename, renamed, CLOSED },
	{ "unlink", try_unlink, a_is, CLOSED },
	{ "unlink of an open file", try_unlink, open_file_is, OPEN },
	{ "mkdir", try_mkdir, d_is, CLOSED },
	{ "rmdir", try_rmdir, c_is, CLOSED },
	{ "chown", try_chown, given, CLOSED },
	{ "setxattr", try_setxattr, described, CLOSED },
	{ "getxattr", try_getxattr, same_a, CLOSED },
	{ "listxattr", try_listxattr, same_a, CLOSED },
};

static void make(const char *path, const unsigned char *bytes)
{
	if (!file_write(path, bytes, SMALL_BYTES))
		trouble("%s: %m", path);
}

/* Nothing of it is in the caches. */
static void make_world(enum file_is a)
{
	make(FILE_A, small);
	make(FILE_B, other);
	mkdir(DIR_C, 0755);
	if (try_remount())
		trouble("remount: %m");
	file_fd = a == OPEN || a == CHANGED ? open(FILE_A, O_RDWR | O_CLOEXEC) : -1;
	if (a == CHANGED && pwrite(file_fd, other, SMALL_BYTES, 0) != SMALL_BYTES)
		trouble("write: %m");
	if (a == UNMOUNTED && umount(FOLDER))
		trouble("umount: %m");
}

/* With the n-th allocation refused; false when there are not so many. */
static bool try_once(unsigned int operation, unsigned int nth, unsigned int *failed)
{
	const char *name = operations[operation].name;
	int result, error;
	bool is_refused;

	make_world(operations[operation].a);
	refuse(nth);
	result = operations[operation].try();
	error = errno;
	is_refused = was_refused();
	if (result && (!is_refused || error != ENOMEM))
		trouble("%s, allocation %u: %s", name, nth, strerror(error));
	*failed += result != 0;
	operations[operation].check(!result);
	if (file_fd >= 0)
		close(file_fd);
	return is_refused;
}

static void try_operation(unsigned int operation)
{
	unsigned int nth = 1, failed = 0;

	while (nth < REFUSALS_MAX && try_once(operation, nth, &failed))
		nth++;
	dprintf(1, "storage: faults %s: %u refusals, %u failed\n", operations[operation].name,
		nth - 1, failed);
	if (nth == REFUSALS_MAX)
		trouble("%s never comes through", operations[operation].name);
}

static unsigned long free_blocks(void)
{
	struct statvfs figures = { 0 };

	if (statvfs(FOLDER, &figures))
		trouble("statvfs: %m");
	return (unsigned long)figures.f_bfree;
}

static void clean_up(void)
{
	unlink(FILE_A);
	unlink(FILE_B);
	rmdir(DIR_C);
}

static void round_of_all(void)
{
	unsigned long free = free_blocks();

	for (unsigned int i = 0; i < ARRAY_SIZE(operations); i++)
		try_operation(i);
	clean_up();
	if (free_blocks() != free)
		trouble("%lu blocks free, not %lu", free_blocks(), free);
}

/* What the host counts must be the same after the second round and after the third. */
void faults_try(void)
{
	char line[16];

	fill(small, SMALL_BYTES, 1);
	fill(other, SMALL_BYTES, 2);
	fill(large, LARGE_BYTES, 3);
	prepare();
	if (try_mount() || mkdir(PLACE, 0755))
		trouble("mount: %m");
	for (unsigned int round = 1; round <= 3; round++) {
		round_of_all();
		try_remount();
		dprintf(1, "storage: round %u\n", round);
		fgets(line, sizeof(line), stdin);
	}
	if (umount(FOLDER))
		trouble("umount: %m");
}
