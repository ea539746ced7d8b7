// SPDX-License-Identifier: Apache-2.0
/*
 * Set-id bits, links and the files of others, in folders that everybody may write to.  The product
 * has no such folder: here the kernel's own rules are seen.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"
#include "ward.h"

#define OTHERS_FILE	OPEN_FOLDER "/others-file"
#define OTHERS_LINK	OPEN_FOLDER "/others-link"
#define ROOTS_LINK	OPEN_FOLDER "/roots-link"	/* the warden's */
#define STICKY_FILE	STICKY_FOLDER "/others-file"
#define STICKY_FIFO	STICKY_FOLDER "/others-fifo"
#define OWN_FILE	OPEN_FOLDER "/own-file"
#define OWN_LINK	OPEN_FOLDER "/own-link"

static int create(const char *path, mode_t mode)
{
	int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, mode);

	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

/* Run by another component under another user. */
void make_files(void)
{
	umask(0);
	create(OTHERS_FILE, 0666);
	create(STICKY_FILE, 0666);
	if (symlink(OTHERS_FILE, OTHERS_LINK) || mkfifo(STICKY_FIFO, 0666))
		_exit(errno);
}

static int create_own(void) { return create(OWN_FILE, 0755); }
static int set_mode(mode_t mode) { return chmod(OWN_FILE, mode); }
static int chmod_plain(void) { return set_mode(0755); }
static int chmod_setuid(void) { return set_mode(04755); }
static int chmod_setgid(void) { return set_mode(02755); }
static int fchmodat_setuid(void) { return fchmodat(AT_FDCWD, OWN_FILE, 06755, 0); }

static int fchmod_setuid(void)
{
	return fchmod(open(OWN_FILE, O_RDONLY | O_CLOEXEC), 04755);
}

/* Linux, arch/arm/tools/syscall.tbl. */
static int fchmodat2_setuid(void)
{
	return syscall(452, AT_FDCWD, OWN_FILE, 04755, 0) < 0 ? -1 : 0;
}

static int create_setuid(void) { return create(OPEN_FOLDER "/setuid", 04755); }
static int create_setgid(void) { return create(OPEN_FOLDER "/setgid", 02755); }

static int creat_setuid(void)
{
	int fd = creat(OPEN_FOLDER "/setuid", 04755);

	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

static int mknod_setuid(void) { return mknod(OPEN_FOLDER "/setuid", S_IFREG | 04755, 0); }
static int fifo_setuid(void) { return mkfifo(OPEN_FOLDER "/setuid", 04755); }
static int fifo_plain(void) { return mkfifo(OPEN_FOLDER "/plain-fifo", 0600); }
static int make_socket_node(void) { return mknod(OPEN_FOLDER "/socket", S_IFSOCK | 0600, 0); }

static int make_device(void)
{
	return mknod(OPEN_FOLDER "/device", S_IFCHR | 0666, makedev(1, 3));
}

static int make_block_device(void)
{
	return mknod(OPEN_FOLDER "/device", S_IFBLK | 0666, makedev(7, 0));
}

/* mkdir() drops the bits, it does not refuse them; what counts is that they are not there. */
static int mkdir_setgid(void)
{
	struct stat status;

	if (mkdir(OPEN_FOLDER "/folder", 06755) || stat(OPEN_FOLDER "/folder", &status))
		return -1;
	return status.st_mode & (S_ISUID | S_ISGID) ? -1 : 0;
}

static int unnamed(mode_t mode)
{
	int fd = open(OPEN_FOLDER, O_TMPFILE | O_RDWR | O_CLOEXEC, mode);

	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

static int unnamed_plain(void) { return unnamed(0755); }
static int unnamed_setuid(void) { return unnamed(04755); }

static int nothing_is_setid(void)
{
	static const char *const paths[] = { OWN_FILE, OPEN_FOLDER "/setuid",
					     OPEN_FOLDER "/setgid" };
	struct stat status;

	for (unsigned int i = 0; i < ARRAY_SIZE(paths); i++)
		if (!stat(paths[i], &status) && status.st_mode & (S_ISUID | S_ISGID))
			return -1;
	return 0;
}

static int link_own(void) { return link(OWN_FILE, OPEN_FOLDER "/own-hard"); }
static int link_others(void) { return link(OTHERS_FILE, OPEN_FOLDER "/others-hard"); }
static int link_others_link(void) { return link(OTHERS_LINK, OPEN_FOLDER "/link-hard"); }

static int link_others_by_descriptor(void)
{
	char path[32];
	int fd = open(OTHERS_FILE, O_RDWR | O_CLOEXEC);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, path, AT_FDCWD, OPEN_FOLDER "/others-hard", AT_SYMLINK_FOLLOW);
}

static int make_own_link(void) { return symlink(OWN_FILE, OWN_LINK); }
static int follow_own(void) { return attempt_open(OWN_LINK, O_RDONLY); }
static int follow_roots(void) { return attempt_open(ROOTS_LINK, O_RDONLY); }
static int follow_others(void) { return attempt_open(OTHERS_LINK, O_RDONLY); }
static int follow_others_to_create(void) { return create(OTHERS_LINK, 0600); }

static int status_by_others_link(void)
{
	struct stat status;

	return stat(OTHERS_LINK, &status);
}

static int chmod_by_others_link(void) { return chmod(OTHERS_LINK, 0600); }
static int open_others(void) { return attempt_open(OTHERS_FILE, O_RDWR); }
static int open_sticky(void) { return attempt_open(STICKY_FILE, O_WRONLY); }
static int create_over_sticky(void) { return create(STICKY_FILE, 0600); }

static int open_fifo(int flags)
{
	int fd = open(STICKY_FIFO, O_RDWR | O_NONBLOCK | O_CLOEXEC | flags, 0600);

	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

static int open_sticky_fifo(void) { return open_fifo(0); }
static int create_over_sticky_fifo(void) { return open_fifo(O_CREAT); }

/* A copy of this program, which runs from an image, in a folder. */
static int execute_copy(void)
{
	static char buffer[4096];
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = open(OPEN_FOLDER "/program", O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0755);
	ssize_t length;

	while ((length = read(from, buffer, sizeof(buffer))) > 0)
		if (write(to, buffer, (size_t)length) != length)
			return -1;
	close(to);
	execl(OPEN_FOLDER "/program", "program", "exit", (char *)NULL);
	return -1;
}

static int execute_itself(void)
{
	execl("/bin/ward", "ward", "exit", (char *)NULL);
	return -1;
}

static const struct attempt attempts[] = {
	{ "H-54", "make a file", create_own, 0 },
	{ "H-54", "chmod without set-id", chmod_plain, 0 },
	{ "H-54", "chmod set-uid", chmod_setuid, EPERM },
	{ "H-54", "chmod set-gid", chmod_setgid, EPERM },
	{ "H-54", "fchmod set-uid", fchmod_setuid, EPERM },
	{ "H-54", "fchmodat set-id", fchmodat_setuid, EPERM },
	{ "H-54", "fchmodat2 set-uid", fchmodat2_setuid, EPERM },
	{ "H-54", "open set-uid", create_setuid, EPERM },
	{ "H-54", "open set-gid", create_setgid, EPERM },
	{ "H-54", "creat set-uid", creat_setuid, EPERM },
	{ "H-54", "mknod set-uid", mknod_setuid, EPERM },
	{ "H-54", "mkfifo set-uid", fifo_setuid, EPERM },
	{ "H-54", "mkfifo", fifo_plain, 0 },
	{ "H-54", "mkdir drops set-gid", mkdir_setgid, 0 },
	{ "H-54", "O_TMPFILE", unnamed_plain, 0 },
	{ "H-54", "O_TMPFILE set-uid", unnamed_setuid, EPERM },
	{ "H-54", "nothing is set-id", nothing_is_setid, 0 },
	{ "H-78", "make a socket node", make_socket_node, 0 },
	{ "H-78", "make a device", make_device, EPERM },
	{ "H-78", "make a block device", make_block_device, EPERM },
	{ "H-73", "link its own file", link_own, 0 },
	{ "H-73", "link the file of another", link_others, EPERM },
	{ "H-73", "link the link of another", link_others_link, EPERM },
	{ "H-73", "link by a descriptor", link_others_by_descriptor, EPERM },
	{ "H-27", "make a link", make_own_link, 0 },
	{ "H-27", "follow its own link", follow_own, 0 },
	{ "H-27", "follow root's link", follow_roots, 0 },
	{ "H-27", "follow the link of another", follow_others, EACCES },
	{ "H-27", "create by the link of another", follow_others_to_create, EACCES },
	{ "H-27", "stat by the link of another", status_by_others_link, EACCES },
	{ "H-27", "chmod by the link of another", chmod_by_others_link, EACCES },
	{ "H-21", "open the file of another", open_others, 0 },
	{ "H-21", "open it in a sticky folder", open_sticky, 0 },
	{ "H-21", "O_CREAT over it in a sticky folder", create_over_sticky, EACCES },
	{ "H-21", "open a fifo in a sticky folder", open_sticky_fifo, 0 },
	{ "H-21", "O_CREAT over it", create_over_sticky_fifo, EACCES },
	{ "H-72", "execute itself", execute_itself, 0 },
	{ "H-72", "execute a copy of itself", execute_copy, EACCES },
};

void try_files(void)
{
	umask(0);
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
