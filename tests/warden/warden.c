// SPDX-License-Identifier: Apache-2.0
/*
 * A stand-in for application-manager: pid 1 of a root filesystem for tests.  It prepares a world
 * without walls but the LSM's, runs programs under identities of its choice, and switches off.
 */

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <applibs/log.h>
#include <linux/spherule.h>
#include <signal.h>

#include "attempt.h"
#include "identity.h"
#include "manager.h"
#include "nodes.h"
#include "ward.h"

#define WARD_ARGUMENTS_MAX	5
#define SHARED_UID		20000

/* The node of the monitor has a number of its own at each start. */
#define MAJOR_MISC		10

static int failures;

static void must(int result, const char *what)
{
	if (result >= 0)
		return;
	failures++;
	Log_Debug("warden: %s: %s\n", what, strerror(errno));
}

static void make_node(const char *path, unsigned int major, unsigned int minor)
{
	must(mknod(path, S_IFCHR | 0666, makedev(major, minor)), path);
}

static void make_nodes(void)
{
	static const struct {
		unsigned int major, minor;
	} forbidden[] = { { 1, 1 },  { 1, 2 },	{ 1, 4 },  { 1, 5 },  { 1, 7 },	 { 1, 8 },    { 1, 9 },
			  { 1, 11 }, { 5, 0 },	{ 5, 1 },  { 5, 2 },  { 204, 64 }, { 77, 0 } };

	make_node("/dev/null", 1, 3);
	make_node("/dev/mtd0", 90, 0);
	make_node("/dev/mtd0ro", 90, 1);
	make_node("/dev/mtd2", 90, 4);
	make_node("/dev/gpiochip0", nodes_number("/proc/devices", "gpiochip"), 0);
	make_node("/dev/security-monitor", MAJOR_MISC,
		  nodes_number("/proc/misc", "security-monitor"));
	must(mkdir(OPEN_FOLDER "/nodes", 0755), "nodes");
	for (unsigned int i = 0; i < ARRAY_SIZE(forbidden); i++) {
		char path[48];

		snprintf(path, sizeof(path), OPEN_FOLDER "/nodes/%u-%u", forbidden[i].major,
			 forbidden[i].minor);
		make_node(path, forbidden[i].major, forbidden[i].minor);
	}
}

static void mount_image(const char *source, const char *path)
{
	must(mkdir(path, 0755), path);
	must(mount(source, path, "cramfs", MS_RDONLY, "offset=0"), source);
}

static void prepare(void)
{
	nodes_make_world();
	must(mount("tmpfs", OPEN_FOLDER, "tmpfs", 0, "mode=0777"), OPEN_FOLDER);
	make_nodes();
	must(mkdir(STICKY_FOLDER, 01777), STICKY_FOLDER);
	must(symlink("/etc/spherule-release", OPEN_FOLDER "/roots-link"), "roots-link");
	must(mkdir(HIDDEN_PROC, 0755), HIDDEN_PROC);
	must(mount("proc", HIDDEN_PROC, "proc", 0, "hidepid=2"), HIDDEN_PROC);
	mount_image("mtd:apps", OPEN_FOLDER "/image");
	mount_image("mtd:storage", OPEN_FOLDER "/storage");
}

struct ward {
	unsigned int component;
	uint32_t bits;
	uid_t uid;
	const char *path;
	const char *arguments[WARD_ARGUMENTS_MAX];
};

/* What the next wards may bind; NULL: nothing. */
static const struct spherule_ports *ward_ports;

static _Noreturn void become(const struct ward *ward)
{
	char text[SPHERULE_IDENTITY_BYTES + 1];
	char *arguments[WARD_ARGUMENTS_MAX + 2] = { (char *)ward->path };

	for (unsigned int i = 0; i < WARD_ARGUMENTS_MAX && ward->arguments[i]; i++)
		arguments[i + 1] = (char *)ward->arguments[i];
	identity_format(ward->component, ward->bits, text);
	if (setgroups(0, NULL) || setresgid(ward->uid, ward->uid, ward->uid) ||
	    setresuid(ward->uid, ward->uid, ward->uid) || chdir("/") ||
	    identity_set_by_call(text, SPHERULE_IDENTITY_BYTES) ||
	    (ward_ports && identity_set_ports(ward_ports, sizeof(*ward_ports))))
		_exit(errno);
	execve(ward->path, arguments, NULL);
	_exit(errno);
}

static pid_t start(const struct ward *ward)
{
	pid_t pid = fork();

	if (pid == 0)
		become(ward);
	must(pid, "fork");
	return pid;
}

static void run(const struct ward *ward)
{
	int status = -1;
	pid_t pid = start(ward);

	if (waitpid(pid, &status, 0) != pid || status) {
		failures++;
		Log_Debug("warden: %s %s under bits %lx: status 0x%x\n", ward->path,
			  ward->arguments[0], (unsigned long)ward->bits, (unsigned int)status);
	}
}

/* Until the server of that name answers; the manager may connect to everybody. */
static void wait_for(const char *name)
{
	struct sockaddr_un address;
	unsigned int length = socket_address(name, SOCK_STREAM, &address);

	for (int i = 0; i < 1000; i++) {
		int fd = socket(AF_UNIX, SOCK_STREAM, 0);
		int result = connect(fd, (struct sockaddr *)&address, length);

		close(fd);
		if (!result)
			return;
		usleep(10000);
	}
	must(-1, name);
}

static int give_line_away(void) { return nodes_give_line(OWN_LINE, COMPONENT_FILES); }
static int give_line_again(void) { return nodes_give_line(OWN_LINE, COMPONENT_SERVER); }
static int give_no_line(void) { return nodes_give_line(200, COMPONENT_SERVER); }

static const struct attempt line_attempts[] = {
	{ "AS-42", "give a line to its owner again", give_line_again, 0 },
	{ "AS-42", "give the line of another away", give_line_away, EBUSY },
	{ "AS-25", "give a line that is not there", give_no_line, EINVAL },
};

static void run_neighbours(void)
{
	static const struct ward victim = { COMPONENT_VICTIM, 0, SHARED_UID, "/bin/ward",
					    { "victim" } };
	static const struct ward server = { COMPONENT_SERVER, SPHERULE_CAP_SERVE | SPHERULE_CAP_GPIO,
					    SHARED_UID, "/bin/ward", { "server" } };
	char victim_pid[12], server_pid[12];
	struct ward attacker = { COMPONENT_ATTACKER, 0, SHARED_UID, "/bin/ward",
				 { "neighbour", victim_pid, server_pid } };

	must(nodes_give_line(OWN_LINE, COMPONENT_SERVER), "give a line");
	snprintf(victim_pid, sizeof(victim_pid), "%d", (int)start(&victim));
	snprintf(server_pid, sizeof(server_pid), "%d", (int)start(&server));
	wait_for("victim");
	wait_for("server");
	run(&attacker);
	attempt_all(line_attempts, ARRAY_SIZE(line_attempts));
	must(nodes_give_line(OWN_LINE, 0), "take the line");
}

static void run_lines(void)
{
	static const struct ward owner = { COMPONENT_LINES, SPHERULE_CAP_GPIO, SHARED_UID + 1,
					   "/bin/ward", { "lines" } };
	static const struct ward stranger = { COMPONENT_FILES, SPHERULE_CAP_GPIO, SHARED_UID + 2,
					      "/bin/ward", { "no-lines" } };

	must(nodes_give_line(OWN_LINE, COMPONENT_LINES), "give a line");
	run(&owner);
	run(&stranger);
	must(nodes_give_line(OWN_LINE, 0), "take the line");
}

static void run_bits(void)
{
	static const struct spherule_ports ports = { 2, 1, { 80, 8080, 67 } };
	char text[12];
	struct ward ward = { COMPONENT_FILES, 0, SHARED_UID + 3, "/bin/ward", { "bits", text } };

	ward_ports = &ports;
	for (uint32_t bits = 1; bits; bits = bits > SPHERULE_CAP_KNOWN ? 0 : bits << 1) {
		ward.bits = bits > SPHERULE_CAP_KNOWN ? 0 : bits;
		snprintf(text, sizeof(text), "%lx", (unsigned long)ward.bits);
		run(&ward);
	}
	ward.bits = SPHERULE_CAP_KNOWN;
	snprintf(text, sizeof(text), "%lx", (unsigned long)ward.bits);
	run(&ward);
	ward_ports = NULL;
}

/* Those that are debugged, or must not be; in the order of the arguments of the program debugger. */
static const struct ward debuggees[] = {
	{ COMPONENT_DEBUGGED, SPHERULE_CAP_DEBUG, SHARED_UID, "/bin/debugger", { "debuggee" } },
	{ COMPONENT_DEBUGGED, 0, SHARED_UID, "/bin/debugger", { "debuggee", "", "untouched" } },
	{ COMPONENT_DEBUGGED, SPHERULE_CAP_DEBUG | SPHERULE_CAP_TIME, SHARED_UID, "/bin/debugger",
	  { "debuggee", "", "untouched" } },
	{ COMPONENT_VICTIM, SPHERULE_CAP_DEBUG, SHARED_UID, "/bin/debugger",
	  { "debuggee", "", "untouched" } },
	/* A second instance of what is debugged: no argument, it just runs on. */
	{ COMPONENT_DEBUGGED, SPHERULE_CAP_DEBUG, SHARED_UID, "/bin/debugger",
	  { "debuggee", "", "untouched" } },
};

static pid_t start_debuggee(const struct ward *plan)
{
	struct ward ward = *plan;
	char text[12], byte;
	int ends[2];
	pid_t pid;

	must(pipe(ends), "pipe");
	snprintf(text, sizeof(text), "%d", ends[1]);
	ward.arguments[1] = text;
	pid = start(&ward);
	close(ends[1]);
	must(read(ends[0], &byte, 1) == 1 ? 0 : -1, "a debuggee");
	close(ends[0]);
	return pid;
}

static void end_debuggee(pid_t pid)
{
	int status = -1;

	kill(pid, SIGTERM);
	if (waitpid(pid, &status, 0) == pid && status == 0)
		return;
	failures++;
	Log_Debug("warden: debuggee %d: status 0x%x\n", (int)pid, (unsigned int)status);
}

static void run_debuggers(void)
{
	char numbers[ARRAY_SIZE(debuggees)][12];
	pid_t pids[ARRAY_SIZE(debuggees)];
	const struct ward debugger = { COMPONENT_DEBUGGED, SPHERULE_CAP_DEBUG, SHARED_UID,
				       "/bin/debugger",
				       { "open", numbers[0], numbers[1], numbers[2], numbers[3] } };
	const struct ward closed = { COMPONENT_DEBUGGED, SPHERULE_CAP_KNOWN & ~SPHERULE_CAP_DEBUG,
				     SHARED_UID, "/bin/debugger", { "closed", numbers[0] } };

	for (unsigned int i = 0; i < ARRAY_SIZE(debuggees); i++) {
		pids[i] = start_debuggee(&debuggees[i]);
		snprintf(numbers[i], sizeof(numbers[i]), "%d", (int)pids[i]);
	}
	run(&debugger);
	run(&closed);
	for (unsigned int i = 0; i < ARRAY_SIZE(debuggees); i++)
		end_debuggee(pids[i]);
}

static const struct ward others[] = {
	{ COMPONENT_VICTIM, 0, SHARED_UID + 4, "/bin/ward", { "owner" } },
	{ COMPONENT_FILES, 0, SHARED_UID + 5, "/bin/ward", { "files" } },
	{ COMPONENT_FILES, 0, SHARED_UID + 5, "/bin/ward", { "oddities" } },
	{ COMPONENT_FILES, 0, 0, "/bin/ids", { "root" } },
};

int main(void)
{
	static const struct ward last = { COMPONENT_FILES, SPHERULE_CAP_POWER, SHARED_UID,
					  "/bin/ward", { "power" } };

	prepare();
	manager_try_all();
	run_neighbours();
	run_lines();
	run_bits();
	run_debuggers();
	for (unsigned int i = 0; i < ARRAY_SIZE(others); i++)
		run(&others[i]);
	failures += attempt_sum("warden itself");
	Log_Debug("warden: done, %d failures\n", failures);
	run(&last);
	Log_Debug("warden: still on\n");
	for (;;)
		pause();
}
