// SPDX-License-Identifier: Apache-2.0
/*
 * As user 0 under an identity: all ids stay equal, nothing that was dropped comes back, and root
 * alone opens nothing.  Here no other user id, mode or hidden /proc stands before the LSM.
 */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/reboot.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <applibs/log.h>

#include "attempt.h"
#include "ids.h"

#define NONE		(~0u)
#define SOMEBODY	10001u
#define LAST_PID	300

static const unsigned int values[] = { 0, 1, SOMEBODY, NONE };
static const struct setter *setter;

/* Whatever the call said: if it worked the ids are equal, if it did not they are what they were. */
static bool is_sound(const struct setter *which, const unsigned int *arguments)
{
	int result = setter_call(which, arguments), error = errno;
	bool no_id = which->arguments == 1 && arguments[0] == NONE;
	struct ids ids;

	if (ids_read(which->kind, &ids) && ids.real == ids.effective && ids.real == ids.saved &&
	    ids.real == ids.filesystem &&
	    (result >= 0 || (ids.real == 0 && (error == EPERM || (no_id && error == EINVAL)))))
		return true;
	errno = error;
	setter_report(which, arguments, result);
	return false;
}

/* Each in a child of its own: one that works may change who the caller is. */
static bool is_sound_in_child(const struct setter *which, const unsigned int *arguments)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0)
		_exit(is_sound(which, arguments) ? 0 : 1);
	return waitpid(pid, &status, 0) == pid && status == 0;
}

static int each_combination(void)
{
	return setter_combine(setter, values, ARRAY_SIZE(values), is_sound_in_child) ? 0 : -1;
}

/* What keeps a way back: refused, or root is gone for good. */
static bool is_no_way_back(const struct setter *which, const unsigned int *arguments)
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		setter_call(which, arguments);
		if (ids_are_all(which->kind, 0))
			_exit(0);
		for (unsigned int i = 0; i < setter_count; i++) {
			static const unsigned int root[SETTER_ARGUMENTS];

			if (setters[i].kind == which->kind)
				setter_call(&setters[i], root);
		}
		_exit(ids_are_all(which->kind, 0) ? 1 : 0);
	}
	if (waitpid(pid, &status, 0) == pid && status == 0)
		return true;
	setter_report(which, arguments, 0);
	return false;
}

static int come_back(void)
{
	if (!setter_combine(setter, values, ARRAY_SIZE(values), is_no_way_back))
		return 0;
	errno = EPERM;
	return -1;
}

static void try_setters(void)
{
	char what[64];
	const struct attempt attempts[] = {
		{ "AS-17", what, each_combination, 0 },
		{ "AS-17", what, come_back, EPERM },
	};

	for (setter = setters; setter < setters + setter_count; setter++) {
		snprintf(what, sizeof(what), "root: %s: all ids equal, each combination",
			 setter->name);
		attempt_all(&attempts[0], 1);
		snprintf(what, sizeof(what), "root: %s: come back", setter->name);
		attempt_all(&attempts[1], 1);
	}
}

static int is_root(void) { return ids_are_all(USER, 0) ? 0 : -1; }
static int keep_root_saved(void) { return setresuid(SOMEBODY, SOMEBODY, 0); }
static int keep_root_real(void) { return setresuid(0, SOMEBODY, SOMEBODY); }
static int lend_filesystem_user(void)
{
	setfsuid(SOMEBODY);
	errno = EPERM;
	return ids_are_all(USER, 0) ? -1 : 0;
}
static int join_group(void)
{
	const gid_t group = 100;

	return (int)syscall(__NR_setgroups32, 1, &group);
}

static int change_root(void) { return chroot("/"); }
static int mount_tmpfs(void) { return mount("none", "/dev", "tmpfs", 0, NULL); }
static int remount(void) { return mount("none", "/", NULL, MS_REMOUNT, NULL); }
static int unmount(void) { return umount2("/proc", MNT_DETACH); }
static int set_name(void) { return (int)syscall(__NR_sethostname, "x", 1); }
static int unshare_mounts(void) { return unshare(CLONE_NEWNS); }
static int set_clock(void)
{
	static const int32_t time[2] = { 1000000000, 0 };

	return (int)syscall(__NR_settimeofday, time, 0);
}
static int set_clock_by_number(void)
{
	static const int64_t time[2] = { 1000000000, 0 };

	return (int)syscall(__NR_clock_settime64, 0, time);
}

static int each_reboot(void)
{
	static const unsigned int commands[] = {
		LINUX_REBOOT_CMD_CAD_OFF, LINUX_REBOOT_CMD_CAD_ON, LINUX_REBOOT_CMD_SW_SUSPEND,
		LINUX_REBOOT_CMD_KEXEC, LINUX_REBOOT_CMD_HALT, LINUX_REBOOT_CMD_RESTART2,
		LINUX_REBOOT_CMD_RESTART, LINUX_REBOOT_CMD_POWER_OFF,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(commands); i++)
		if (syscall(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, commands[i],
			    "x") == 0 || errno != EPERM)
			return -1;
	errno = EPERM;
	return -1;
}

static int each_syslog(void)
{
	static char text[64];

	for (int type = 0; type <= 10; type++)
		if (syscall(__NR_syslog, type, text, sizeof(text)) >= 0 || errno != EPERM) {
			Log_Debug("ids: syslog type %d is open\n", type);
			return 0;
		}
	errno = EPERM;
	return -1;
}

static int make_node(mode_t kind, dev_t number)
{
	return mknod("/dev/made", kind | 0600, number);
}
static int make_memory(void) { return make_node(S_IFCHR, makedev(1, 1)); }
static int make_kernel_memory(void) { return make_node(S_IFCHR, makedev(1, 2)); }
static int make_ports(void) { return make_node(S_IFCHR, makedev(1, 4)); }
static int make_kernel_log(void) { return make_node(S_IFCHR, makedev(1, 11)); }
static int make_flash(void) { return make_node(S_IFCHR, makedev(90, 0)); }
static int make_disk(void) { return make_node(S_IFBLK, makedev(31, 0)); }
static int make_null(void) { return make_node(S_IFCHR, makedev(1, 3)); }

static bool is_for_all(const char *name)
{
	static const char *const for_all[] = { "null", "zero", "full", "random", "urandom" };

	for (unsigned int i = 0; i < ARRAY_SIZE(for_all); i++)
		if (!strcmp(name, for_all[i]))
			return true;
	return false;
}

/* Every node that there is, in every mode: root passes their modes, its identity passes nothing. */
static int open_nodes(void)
{
	/* 3 is for ioctl() only. */
	static const int modes[] = { O_RDONLY, O_WRONLY, O_RDWR, 3 };
	DIR *folder = opendir("/dev");
	const struct dirent *entry;
	unsigned int count = 0;
	char path[64];

	while (folder && (entry = readdir(folder))) {
		if (*entry->d_name == '.' || is_for_all(entry->d_name) || entry->d_type != DT_CHR)
			continue;
		snprintf(path, sizeof(path), "/dev/%.40s", entry->d_name);
		for (unsigned int i = 0; i < ARRAY_SIZE(modes); i++)
			if (attempt_open(path, modes[i] | O_NONBLOCK) == 0 ||
			    (errno != EPERM && errno != EACCES)) {
				Log_Debug("ids: %s, mode %d\n", path, modes[i]);
				return 0;
			}
		count++;
	}
	errno = count ? EPERM : ENOENT;
	return -1;
}

/* Nodes that the warden has made by number: memory, kernel memory, ports, the kernel's log. */
static int open_numbers(void)
{
	static const char *const numbers[] = { "1-1", "1-2", "1-4", "1-11" };
	char path[64];

	for (unsigned int i = 0; i < ARRAY_SIZE(numbers); i++) {
		snprintf(path, sizeof(path), "/mnt/apps/nodes/%s", numbers[i]);
		if (attempt_open(path, O_RDONLY) == 0 || errno != EPERM ||
		    attempt_open(path, O_RDWR) == 0 || errno != EPERM)
			return -1;
	}
	errno = EPERM;
	return -1;
}

static int open_null(void) { return attempt_open("/dev/null", O_RDWR); }

static int signal_others(void)
{
	unsigned int refusals = 0;

	for (pid_t pid = 1; pid <= LAST_PID; pid++) {
		if (pid == getpid() || pid == getppid())
			continue;
		if (kill(pid, 0) == 0) {
			Log_Debug("ids: process %d can be signalled\n", (int)pid);
			return 0;
		}
		refusals += errno == EPERM;
	}
	errno = refusals ? EPERM : ESRCH;
	return -1;
}

static int limit_first(void)
{
	const struct rlimit limit = { 8, 8 };

	return prlimit(1, RLIMIT_NOFILE, &limit, NULL);
}
static int nicer_first(void) { return setpriority(PRIO_PROCESS, 1, 5); }
static int see_first(void) { return attempt_open("/proc/1/maps", O_RDONLY); }
static int lead_group(void) { return setpgid(0, 0); }
static int hang_up(void) { return (int)syscall(__NR_vhangup); }

static int be_real_time(void)
{
	const struct sched_param parameters = { .sched_priority = 1 };

	return (int)syscall(__NR_sched_setscheduler, 0, SCHED_FIFO, &parameters);
}

static int raise_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) < 0)
		return 0;
	limit.rlim_cur = limit.rlim_max = limit.rlim_max + 1;
	return setrlimit(RLIMIT_NOFILE, &limit);
}

static int make_socket(int family, int type, int protocol)
{
	int fd = socket(family, type, protocol);

	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}
static int raw_socket(void) { return make_socket(AF_INET, SOCK_RAW, 1); }
static int packet_socket(void) { return make_socket(AF_PACKET, SOCK_RAW, 0); }
static int route_socket(void) { return make_socket(AF_NETLINK, SOCK_RAW, 0); }
static int tcp_socket(void) { return make_socket(AF_INET, SOCK_STREAM, 0); }

static int set_interface(void)
{
	struct ifreq interface = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result = ioctl(fd, SIOCSIFFLAGS, &interface);

	attempt_close(fd);
	return result;
}

static int bind_low(void)
{
	const struct sockaddr_in name = { .sin_family = AF_INET, .sin_port = htons(80) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int result = bind(fd, (const struct sockaddr *)&name, sizeof(name));

	attempt_close(fd);
	return result;
}

static int set_mark(void)
{
	const int mark = 1;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark));
}

static int claim_first(void)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(struct ucred))];
	} control = { .header = {
		.cmsg_len = CMSG_LEN(sizeof(struct ucred)),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = SCM_CREDENTIALS,
	} };
	const struct ucred first = { 1, 0, 0 };
	struct iovec part = { "x", 1 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	int ends[2];

	memcpy(CMSG_DATA(&control.header), &first, sizeof(first));
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return 0;
	return (int)sendmsg(ends[0], &message, 0);
}

static const struct attempt attempts[] = {
	{ "AS-17", "root: it is root", is_root, 0 },
	{ "AS-17", "root: keep root as its saved id", keep_root_saved, EPERM },
	{ "AS-17", "root: keep root as its real id", keep_root_real, EPERM },
	{ "AS-17", "root: another user for files", lend_filesystem_user, EPERM },
	{ "AS-17", "root: join a group", join_group, EPERM },
	{ "AS-18", "root: open /dev/null", open_null, 0 },
	{ "AS-18", "root: TCP socket", tcp_socket, 0 },
	{ "AS-18", "root: chroot", change_root, EPERM },
	{ "AS-18", "root: mount", mount_tmpfs, EPERM },
	{ "AS-18", "root: remount", remount, EPERM },
	{ "AS-18", "root: unmount", unmount, EPERM },
	{ "AS-18", "root: mount namespace", unshare_mounts, EPERM },
	{ "AS-18", "root: sethostname", set_name, EPERM },
	{ "AS-18", "root: settimeofday", set_clock, EPERM },
	{ "AS-18", "root: clock_settime", set_clock_by_number, EPERM },
	{ "AS-18", "root: reboot, each command", each_reboot, EPERM },
	{ "AS-18", "root: syslog, each type", each_syslog, EPERM },
	{ "AS-18", "root: make a node of memory", make_memory, EPERM },
	{ "AS-18", "root: make a node of kernel memory", make_kernel_memory, EPERM },
	{ "AS-18", "root: make a node of ports", make_ports, EPERM },
	{ "AS-18", "root: make a node of the kernel's log", make_kernel_log, EPERM },
	{ "AS-18", "root: make a node of flash", make_flash, EPERM },
	{ "AS-18", "root: make a node of a disk", make_disk, EPERM },
	{ "AS-18", "root: make a second /dev/null", make_null, EPERM },
	{ "AS-18", "root: open every node of others", open_nodes, EPERM },
	{ "AS-18", "root: open memory by its numbers", open_numbers, EPERM },
	{ "AS-18", "root: signal others", signal_others, EPERM },
	{ "AS-18", "root: limit pid 1", limit_first, EPERM },
	{ "AS-18", "root: pid 1 nicer", nicer_first, EPERM },
	{ "AS-18", "root: the memory map of pid 1", see_first, EACCES },
	{ "AS-18", "root: a process group", lead_group, EPERM },
	{ "AS-18", "root: vhangup", hang_up, EPERM },
	{ "AS-18", "root: SCHED_FIFO", be_real_time, EPERM },
	{ "AS-18", "root: raise its limit of files", raise_limit, EPERM },
	{ "AS-18", "root: raw socket", raw_socket, EPERM },
	{ "AS-18", "root: packet socket", packet_socket, EAFNOSUPPORT },
	{ "AS-18", "root: route socket", route_socket, EPERM },
	{ "AS-18", "root: flags of an interface", set_interface, EPERM },
	{ "AS-18", "root: a low port", bind_low, EACCES },
	{ "AS-18", "root: a mark", set_mark, EPERM },
	{ "AS-18", "root: say that it is pid 1", claim_first, EPERM },
};

void try_root(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
	try_setters();
	attempt_all(attempts, 1);
}
