// SPDX-License-Identifier: Apache-2.0
/*
 * What one more sandboxed app costs: pid 1 of a root filesystem for measurements.  It starts N times
 * the same program in the way that is named, waits, and prints what memory there is.
 *
 *	boxes WAY PROGRAM N
 *
 *	boxes: begin 2 123456		ticks, before the second was asked for
 *	peer: after free_kib 3000
 *	boxes: 17 Seccomp: 2		of each process of the program, and so on
 *	boxes: done
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"
#include "filter.h"
#include "gauge.h"
#include "nodes.h"
#include "ticks.h"

#define BOX		"/box"			/* the root of every sandbox, in flash */
#define CGROUPS		"/sys/fs/cgroup"	/* where crun looks for them */
#define USER_FIRST	10000
#define COUNT_MAX	32
#define SETTLE_US	2000000
#define BETWEEN_US	1000000

static char *program;		/* in BOX */
static uint64_t begins[COUNT_MAX];

static _Noreturn void end(void)
{
	reboot(RB_POWER_OFF);
	for (;;)
		pause();
}

static _Noreturn void give_up(const char *what)
{
	dprintf(1, "boxes: TROUBLE: %s: %s\n", what, strerror(errno));
	end();
}

/* In a child: pid 1 sees that the program does not run. */
static _Noreturn void fail(const char *what)
{
	dprintf(1, "boxes: TROUBLE: %s: %s\n", what, strerror(errno));
	_exit(127);
}

static void write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail(path);
	close(fd);
}

static void become_user(unsigned int number)
{
	uid_t user = USER_FIRST + number;

	if (setresgid(user, user, user) || setresuid(user, user, user))
		fail("user");
}

static _Noreturn void run_program(void)
{
	char *const arguments[] = { program, NULL };

	execv(program, arguments);
	fail(program);
}

/* What is the same for all ways but crun's, which does it itself. */
static void limit_resources(unsigned int number)
{
	static const char *const limits[][2] = {
		{ "memory.max", "4096K" }, { "memory.high", "3584K" }, { "memory.oom.group", "1" },
		{ "pids.max", "32" }, { "cpu.weight", "100" },
	};
	const struct rlimit files = { 64, 64 }, none = { 0, 0 };
	char folder[64], path[96];

	snprintf(folder, sizeof(folder), CGROUPS "/box%u", number);
	if (mkdir(folder, 0755))
		fail(folder);
	for (unsigned int i = 0; i < ARRAY_SIZE(limits); i++) {
		snprintf(path, sizeof(path), "%s/%s", folder, limits[i][0]);
		write_text(path, limits[i][1]);
	}
	snprintf(path, sizeof(path), "%s/cgroup.procs", folder);
	write_text(path, "0");
	if (setrlimit(RLIMIT_NOFILE, &files) || setrlimit(RLIMIT_CORE, &none) ||
	    setrlimit(RLIMIT_MEMLOCK, &none))
		fail("limits");
}

static void enter_box(void)
{
	if (chroot(BOX) || chdir("/"))
		fail(BOX);
}

static void run_plain(unsigned int number)
{
	enter_box();
	become_user(number);
	run_program();
}

static void run_with_mounts(unsigned int number)
{
	if (unshare(CLONE_NEWNS))
		fail("mount namespace");
	run_plain(number);
}

/* Its first process is a child of who makes it; that one goes. */
static void run_with_pids(unsigned int number)
{
	pid_t pid;

	if (unshare(CLONE_NEWNS | CLONE_NEWPID))
		fail("pid namespace");
	pid = fork();
	if (pid)
		_exit(pid < 0);
	if (mount("proc", BOX "/proc", "proc", 0, NULL))
		fail("proc");
	run_plain(number);
}

/* Made by the user itself, as bubblewrap does it. */
static void run_with_users(unsigned int number)
{
	char map[32];

	snprintf(map, sizeof(map), "%u %u 1", USER_FIRST + number, USER_FIRST + number);
	become_user(number);
	/* Who has changed its user has a /proc/self that belongs to root. */
	if (prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) || unshare(CLONE_NEWUSER))
		fail("user namespace");
	write_text("/proc/self/setgroups", "deny");
	write_text("/proc/self/uid_map", map);
	write_text("/proc/self/gid_map", map);
	enter_box();
	run_program();
}

/* Bubblewrap as a user without rights runs it, below a cgroup that somebody else made. */
static void run_in_bubblewrap(unsigned int number)
{
	char user[12], filter[12];
	int fd = filter_file();
	char *const arguments[] = {
		"/usr/bin/bwrap", "--unshare-user", "--unshare-pid", "--as-pid-1",
		"--uid", user, "--gid", user, "--ro-bind", BOX, "/", "--proc", "/proc",
		"--size", "4096", "--tmpfs", "/dev", "--dev-bind", "/dev/null", "/dev/null",
		"--remount-ro", "/dev", "--size", "65536", "--tmpfs", "/tmp", "--clearenv",
		"--chdir", "/", "--new-session", "--die-with-parent", "--cap-drop", "ALL",
		"--seccomp", filter, program, NULL,
	};

	if (fd < 0)
		fail("filter");
	snprintf(user, sizeof(user), "%u", USER_FIRST + number);
	snprintf(filter, sizeof(filter), "%d", fd);
	limit_resources(number);
	become_user(number);
	execv(arguments[0], arguments);
	fail(arguments[0]);
}

static void run_in_crun(unsigned int number)
{
	char bundle[32], name[16];
	char *const arguments[] = { "/usr/bin/crun", "--root", "/run/crun", "--cgroup-manager",
				    "cgroupfs", "run", "--detach", "--no-new-keyring", "--bundle",
				    bundle, name, NULL };

	snprintf(bundle, sizeof(bundle), "/bundles/%u", number);
	snprintf(name, sizeof(name), "box%u", number);
	execv(arguments[0], arguments);
	fail(arguments[0]);
}

static const struct {
	const char *name;
	void (*run)(unsigned int number);
	bool ends;		/* the process that is started leaves the program behind */
} ways[] = {
	{ "plain", run_plain, false },
	{ "mounts", run_with_mounts, false },
	{ "pids", run_with_pids, true },
	{ "users", run_with_users, false },
	{ "bubblewrap", run_in_bubblewrap, false },
	{ "crun", run_in_crun, true },
};

static void start(unsigned int way, unsigned int number)
{
	int status = 0;
	pid_t pid;

	begins[number] = ticks();
	pid = fork();
	if (pid == 0)
		ways[way].run(number);
	if (pid < 0 || (ways[way].ends && waitpid(pid, &status, 0) != pid) || status)
		give_up(ways[way].name);
	usleep(BETWEEN_US);
	if (!ways[way].ends && waitpid(pid, &status, WNOHANG))
		give_up(ways[way].name);
}

/* Prints the lines of a process that say how it is confined. */
static void print_status(const char *pid)
{
	static const char *const wanted[] = { "Uid:", "CapEff:", "CapBnd:", "NoNewPrivs:", "Seccomp:",
					      "NSpid:" };
	char path[300], line[128];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/status", pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		for (unsigned int i = 0; i < ARRAY_SIZE(wanted); i++)
			if (!strncmp(line, wanted[i], strlen(wanted[i])))
				dprintf(1, "boxes: %s %s", pid, line);
	if (file)
		fclose(file);
}

static bool runs_program(const char *pid)
{
	char path[300], name[32] = "";
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, name, sizeof(name) - 1) < 0)
		name[0] = '\0';
	attempt_close(fd);
	name[strcspn(name, "\n")] = '\0';
	return !strcmp(name, strrchr(program, '/') + 1);
}

static void print_confinement(void)
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (runs_program(entry->d_name))
			print_status(entry->d_name);
	if (folder)
		closedir(folder);
}

static void make_node(const char *path, unsigned int minor)
{
	if (mknod(path, S_IFCHR | 0666, makedev(1, minor)))
		give_up(path);
}

static void make_world(void)
{
	nodes_make_world();
	make_node("/dev/null", 3);
	make_node("/dev/zero", 5);
	make_node("/dev/full", 7);
	make_node("/dev/random", 8);
	make_node("/dev/urandom", 9);
	if (mount("tmpfs", "/run", "tmpfs", 0, NULL) || mount("tmpfs", "/tmp", "tmpfs", 0, NULL) ||
	    mount("cgroup2", CGROUPS, "cgroup2", 0, NULL))
		give_up("mount");
	write_text(CGROUPS "/cgroup.subtree_control", "+memory +pids +cpu");
	umask(022);
}

static unsigned int find_way(const char *name)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(ways); i++)
		if (!strcmp(ways[i].name, name))
			return i;
	give_up(name);
}

int main(int argc, char **argv)
{
	static struct gauge_memory memory;
	unsigned int way, count;

	make_world();
	if (argc != 4)
		give_up("arguments");
	way = find_way(argv[1]);
	program = argv[2];
	count = (unsigned int)strtoul(argv[3], NULL, 10);
	gauge_read_memory(&memory);	/* what measuring takes is there before it counts */
	for (unsigned int number = 0; number < count && number < COUNT_MAX; number++)
		start(way, number);
	usleep(SETTLE_US);
	gauge_read_memory(&memory);
	for (unsigned int number = 0; number < count && number < COUNT_MAX; number++)
		dprintf(1, "boxes: begin %u %llu\n", number, (unsigned long long)begins[number]);
	gauge_print_memory("after", &memory);
	print_confinement();
	dprintf(1, "boxes: done\n");
	end();
}
