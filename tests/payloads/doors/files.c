// SPDX-License-Identifier: Apache-2.0
/*
 * Files: set-id bits, links, locks, writing to the system, memory at page zero.
 *
 * Without storage an app has no folder to write to: what it owns are memory files and pipes.  In its
 * image the filesystem itself says EROFS before anything else looks.  The app keeper has storage.
 */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "attempt.h"
#include "calls.h"
#include "doors.h"

#define PAGE		4096
#define PROGRAM		"bin/doors"
#define PATH_BYTES	40

static mode_t mode;

static int set_mode_by_path(int fd)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return (int)syscall(__NR_chmod, path, mode);
}

static int set_mode_at_path(int fd)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "/proc/thread-self/fd/%d", fd);
	return (int)syscall(__NR_fchmodat, AT_FDCWD, path, mode);
}

static int set_mode_of_file(int fd) { return (int)syscall(__NR_fchmod, fd, mode); }
static int set_mode_at_file(int fd)
{
	return (int)syscall(__NR_fchmodat2, fd, "", mode, AT_EMPTY_PATH);
}

static int (*const ways[])(int fd) = {
	set_mode_by_path, set_mode_at_path, set_mode_of_file, set_mode_at_file,
};

/* By every call; a refused one must leave the mode as it was. */
static int set_mode(int fd)
{
	struct stat before, after;
	int result = fd < 0 ? -1 : 0, error = errno;

	for (unsigned int i = 0; i < ARRAY_SIZE(ways) && fd >= 0; i++) {
		if (fstat(fd, &before) < 0)
			return -1;
		result = ways[i](fd);
		error = errno;
		if (fstat(fd, &after) < 0 || (result < 0 && before.st_mode != after.st_mode))
			return calls_report("the mode", i);
		if ((result < 0) != !!(mode & (S_ISUID | S_ISGID)))
			break;
	}
	attempt_close(fd);
	errno = error;
	return result;
}

static int memory_file(void) { return (int)syscall(__NR_memfd_create, "m", 0); }
static int pipe_end(void)
{
	int ends[2];

	return pipe(ends) < 0 ? -1 : ends[1];
}

static int set_plain_mode(void) { mode = 0600; return set_mode(memory_file()); }
static int set_uid_bit(void) { mode = S_ISUID | 0700; return set_mode(memory_file()); }
static int set_gid_bit(void) { mode = S_ISGID | 0710; return set_mode(memory_file()); }
static int set_both_bits(void) { mode = S_ISUID | S_ISGID | 0711; return set_mode(memory_file()); }
static int set_bits_of_pipe(void) { mode = S_ISUID | S_ISGID | 0700; return set_mode(pipe_end()); }
static int set_bits_of_program(void) { return chmod(PROGRAM, S_ISUID | 0755); }
static int set_bits_of_open_program(void)
{
	int fd = open(PROGRAM, O_RDONLY | O_CLOEXEC);
	int result = fchmod(fd, S_ISUID | 0755);

	attempt_close(fd);
	return result;
}
static int set_bits_of_appman(void) { return chmod("/bin/appman", S_ISUID | 0755); }

static int create(const char *path, int flags, mode_t bits)
{
	int fd = open(path, flags | O_CLOEXEC, bits);

	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

static int create_set_id(void) { return create("/dev/made", O_CREAT | O_RDWR, S_ISUID | 0777); }
static int create_set_id_here(void) { return create("made", O_CREAT | O_RDWR, S_ISUID | 0777); }
static int create_by_creat(void) { return (int)syscall(__NR_creat, "/dev/made", S_ISUID | 0777); }
static int create_unnamed(void) { return create("/dev", O_TMPFILE | O_RDWR, S_ISUID | 0777); }
static int create_unnamed_here(void) { return create(".", O_TMPFILE | O_RDWR, S_ISUID | 0777); }
static int make_set_id_folder(void) { return mkdir("/dev/made", S_ISGID | 0777); }
static int make_folder(void) { return mkdir("/mnt/apps/made", 0777); }

static int give_file_capabilities(void)
{
	/* VFS_CAP_REVISION_2 with all bits permitted and effective. */
	static const uint32_t all[5] = { 0x02000001, ~0u, 0, ~0u, 0 };
	int fd = memory_file();
	int result = fsetxattr(fd, "security.capability", all, sizeof(all), 0);

	attempt_close(fd);
	return result;
}

static int link_program(void) { return link(PROGRAM, "made"); }
static int link_appman(void) { return link("/bin/appman", "/bin/made"); }
static int link_null(void) { return link("/dev/null", "/dev/made"); }
static int link_console(void) { return link("/dev/console", "/mnt/apps/made"); }
static int link_memory_file(void)
{
	char path[PATH_BYTES];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", memory_file());
	return linkat(AT_FDCWD, path, AT_FDCWD, "/dev/made", AT_SYMLINK_FOLLOW);
}
static int link_memory_file_empty(void)
{
	return linkat(memory_file(), "", AT_FDCWD, "/dev/made", AT_EMPTY_PATH);
}
static int make_symbolic_link(void) { return symlink("/bin/appman", "/dev/made"); }
static int make_symbolic_link_here(void) { return symlink("/bin/appman", "made"); }

static int on_file(const char *path, int (*act)(int fd))
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int result = fd < 0 ? -1 : act(fd);

	attempt_close(fd);
	return result;
}

static int take_lock(int fd) { return flock(fd, LOCK_EX | LOCK_NB); }
static int take_record_lock(int fd)
{
	struct flock all = { .l_type = F_RDLCK };

	return fcntl(fd, F_SETLK, &all);
}
static int take_file_lock(int fd)
{
	struct flock all = { .l_type = F_RDLCK };

	/* F_OFD_SETLK, which musl shows to nobody without 64-bit offsets of its own. */
	return (int)syscall(__NR_fcntl64, fd, 37, &all);
}
static int take_lease(int fd) { return fcntl(fd, F_SETLEASE, F_RDLCK); }
static int ask_for_notices(int fd) { return fcntl(fd, F_NOTIFY, DN_MODIFY); }

static int lock_appman(void) { return on_file("/bin/appman", take_lock); }
static int lock_null(void) { return on_file("/dev/null", take_lock); }
static int record_lock_appman(void) { return on_file("/bin/appman", take_record_lock); }
static int file_lock_appman(void) { return on_file("/bin/appman", take_file_lock); }
static int lease_appman(void) { return on_file("/bin/appman", take_lease); }
static int watch_dev(void) { return on_file("/dev", ask_for_notices); }

static int truncate_appman(void) { return truncate("/bin/appman", 0); }
static int truncate_program(void) { return truncate(PROGRAM, 0); }
static int rename_appman(void) { return rename("/bin/appman", "/bin/other"); }
static int exchange_programs(void)
{
	return (int)syscall(__NR_renameat2, AT_FDCWD, "/bin/appman", AT_FDCWD, "/lib", 2);
}
static int remove_appman(void) { return unlink("/bin/appman"); }
static int take_program(void) { return chown(PROGRAM, getuid(), getgid()); }
static int remove_folder(void) { return rmdir("/mnt/apps"); }
static int touch_program(void) { return utimensat(AT_FDCWD, PROGRAM, NULL, 0); }
static int read_program(void) { return attempt_open(PROGRAM, O_RDONLY); }

static int map_at(uintptr_t address)
{
	void *page = mmap((void *)address, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	return page == MAP_FAILED ? -1 : 0;
}

static int map_page_zero(void) { return map_at(0); }
static int map_page_four(void) { return map_at(4 * PAGE); }
static int map_page_last_forbidden(void) { return map_at(7 * PAGE); }
static int map_high_page(void) { return map_at(0x10000000); }
static int move_to_page_zero(void)
{
	void *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	page = mremap(page, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, (void *)0);
	return page == MAP_FAILED ? -1 : 0;
}

static const struct attempt attempts[] = {
	{ "AS-18", "set a plain mode", set_plain_mode, 0 },
	{ "AS-18", "set-user-id of a memory file", set_uid_bit, EPERM },
	{ "AS-18", "set-group-id of a memory file", set_gid_bit, EPERM },
	{ "AS-18", "both of a memory file", set_both_bits, EPERM },
	{ "AS-18", "both of a pipe", set_bits_of_pipe, EPERM },
	{ "AS-18", "set-user-id of its program", set_bits_of_program, EROFS },
	{ "AS-18", "the same by a descriptor", set_bits_of_open_program, EROFS },
	{ "AS-18", "set-user-id of appman", set_bits_of_appman, EROFS },
	{ "AS-18", "create a set-id file", create_set_id, EROFS },
	{ "AS-18", "create one in its folder", create_set_id_here, EROFS },
	{ "AS-18", "create one by creat", create_by_creat, EROFS },
	{ "AS-18", "create one without a name", create_unnamed, EROFS },
	{ "AS-18", "create one without a name in its folder", create_unnamed_here, EROFS },
	{ "AS-18", "make a set-id folder", make_set_id_folder, EROFS },
	{ "H-73", "make a folder", make_folder, EROFS },
	{ "AS-18", "give capabilities to a file", give_file_capabilities, EPERM },

	{ "H-73", "link its program", link_program, EROFS },
	{ "H-73", "link appman", link_appman, EROFS },
	{ "H-73", "link /dev/null", link_null, EROFS },
	{ "H-73", "link a node to another filesystem", link_console, ENOENT },
	{ "H-73", "give a memory file a name", link_memory_file, EROFS },
	{ "H-73", "the same by its descriptor", link_memory_file_empty, EROFS },
	{ "H-73", "make a symbolic link", make_symbolic_link, EROFS },
	{ "H-73", "make a symbolic link in its folder", make_symbolic_link_here, EROFS },
	{ "H-73", "lock appman", lock_appman, ENOSYS },
	{ "H-73", "lock /dev/null", lock_null, ENOSYS },
	{ "H-73", "lock a record of appman", record_lock_appman, EACCES },
	{ "H-73", "lock a record of appman for the open file", file_lock_appman, EACCES },
	{ "H-73", "take a lease on appman", lease_appman, EINVAL },
	{ "H-73", "be told of changes in /dev", watch_dev, EINVAL },

	{ "H-78", "read its program", read_program, 0 },
	{ "H-78", "truncate appman", truncate_appman, EROFS },
	{ "H-78", "truncate its program", truncate_program, EROFS },
	{ "H-78", "rename appman", rename_appman, EROFS },
	{ "H-78", "exchange appman", exchange_programs, EROFS },
	{ "H-78", "remove appman", remove_appman, EROFS },
	{ "H-78", "take its program", take_program, EROFS },
	{ "H-78", "touch its program", touch_program, EROFS },
	{ "H-78", "remove the folder of the apps", remove_folder, EROFS },

	{ "H-78", "map a high page", map_high_page, 0 },
	/* The first two pages are the architecture's: EINVAL before the LSM is asked. */
	{ "H-78", "map page zero", map_page_zero, EINVAL },
	{ "H-78", "move a page to zero", move_to_page_zero, EINVAL },
	{ "H-78", "map a page of the first 32 KiB", map_page_four, EPERM },
	{ "H-78", "map the last of them", map_page_last_forbidden, EPERM },
};

void try_files(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
