// SPDX-License-Identifier: Apache-2.0
/*
 * One component against another that runs as the same user (attacks.md, AS-15): signals, settings,
 * /proc, sockets, descriptors.  Its own child is the positive control.
 */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"
#include "identity.h"
#include "server.h"
#include "ward.h"

/* Linux, arch/arm/tools/syscall.tbl; musl 1.2.3 does not know all of them. */
#define SYS_PIDFD_SEND_SIGNAL	424
#define SYS_PIDFD_OPEN		434
#define SYS_PIDFD_GETFD		438

static pid_t victim, server, child;

static int sys(long result)
{
	return result < 0 ? -1 : 0;
}

static int is_alive(const char *name)
{
	struct sockaddr_un address;
	unsigned int length = socket_address(name, SOCK_STREAM, &address);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return connect(fd, (struct sockaddr *)&address, length);
}

static int signal_null(pid_t pid) { return kill(pid, 0); }
static int signal_kill(pid_t pid) { return kill(pid, SIGKILL); }
static int signal_thread(pid_t pid) { return sys(syscall(SYS_tkill, pid, SIGKILL)); }
static int signal_group_thread(pid_t pid) { return sys(syscall(SYS_tgkill, pid, pid, SIGKILL)); }
static int signal_stop(pid_t pid) { return kill(pid, SIGSTOP); }

static int signal_queue(pid_t pid)
{
	return sigqueue(pid, SIGUSR1, (union sigval){ .sival_int = 0 });
}

static int signal_pidfd(pid_t pid)
{
	int fd = (int)syscall(SYS_PIDFD_OPEN, pid, 0);

	return sys(syscall(SYS_PIDFD_SEND_SIGNAL, fd, SIGKILL, NULL, 0));
}

static int take_descriptor(pid_t pid)
{
	int fd = (int)syscall(SYS_PIDFD_OPEN, pid, 0);

	return sys(syscall(SYS_PIDFD_GETFD, fd, 0, 0));
}

static int read_limit(pid_t pid)
{
	struct rlimit limit;

	return sys(prlimit(pid, RLIMIT_NOFILE, NULL, &limit));
}

static int write_limit(pid_t pid)
{
	struct rlimit limit = { 4, 4 };

	return sys(prlimit(pid, RLIMIT_NOFILE, &limit, NULL));
}

static int read_scheduler(pid_t pid) { return sys(syscall(SYS_sched_getscheduler, pid)); }

static int write_scheduler(pid_t pid)
{
	struct sched_param parameter = { 0 };

	return sys(syscall(SYS_sched_setscheduler, pid, SCHED_IDLE, &parameter));
}

static int read_slice(pid_t pid)
{
	struct timespec slice;

	return sys(syscall(SYS_sched_rr_get_interval, pid, &slice));
}

static int write_priority(pid_t pid) { return setpriority(PRIO_PROCESS, (id_t)pid, 19); }
static int read_group(pid_t pid) { return getpgid(pid) < 0 ? -1 : 0; }
static int read_session(pid_t pid) { return getsid(pid) < 0 ? -1 : 0; }
static int attach(pid_t pid) { return sys(ptrace(PTRACE_ATTACH, pid, NULL, NULL)); }
static int seize(pid_t pid) { return sys(ptrace(PTRACE_SEIZE, pid, NULL, NULL)); }

static int read_robust_list(pid_t pid)
{
	void *head;
	size_t length;

	return sys(syscall(SYS_get_robust_list, pid, &head, &length));
}

static int read_proc(const char *root, pid_t pid, const char *name)
{
	char path[64], byte;
	int fd, result;

	snprintf(path, sizeof(path), "%s/%d/%s", root, (int)pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	result = fd < 0 || read(fd, &byte, 1) < 0 ? -1 : 0;
	attempt_close(fd);
	return result;
}

static int read_memory(pid_t pid) { return read_proc("/proc", pid, "mem"); }
static int read_maps(pid_t pid) { return read_proc("/proc", pid, "maps"); }
static int read_environment(pid_t pid) { return read_proc("/proc", pid, "environ"); }
static int read_auxv(pid_t pid) { return read_proc("/proc", pid, "auxv"); }
static int read_identity(pid_t pid) { return read_proc("/proc", pid, "attr/current"); }
static int read_descriptors(pid_t pid) { return read_proc("/proc", pid, "fdinfo/0"); }
static int read_hidden_status(pid_t pid) { return read_proc(HIDDEN_PROC, pid, "status"); }

static int read_link(pid_t pid, const char *name)
{
	char path[64], target[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return readlink(path, target, sizeof(target)) < 0 ? -1 : 0;
}

static int read_program(pid_t pid) { return read_link(pid, "exe"); }
static int read_folder(pid_t pid) { return read_link(pid, "cwd"); }
static int read_root(pid_t pid) { return read_link(pid, "root"); }
static int read_descriptor(pid_t pid) { return read_link(pid, "fd/0"); }

/* Where the product mounts procfs, a process of another component is not there at all. */
static int write_oom_score(pid_t pid)
{
	char path[64];
	int fd, result;

	snprintf(path, sizeof(path), HIDDEN_PROC "/%d/oom_score_adj", (int)pid);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	result = fd < 0 || write(fd, "1000", 4) < 0 ? -1 : 0;
	attempt_close(fd);
	return result;
}

/* The kernel sends the signal when there is something to read, not the task that asked for it. */
static int signal_by_file(pid_t pid)
{
	int ends[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0 || fcntl(ends[0], F_SETOWN, pid) < 0 ||
	    fcntl(ends[0], F_SETSIG, SIGKILL) < 0 ||
	    fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK) < 0)
		return -1;
	return write(ends[1], "x", 1) == 1 ? 0 : -1;
}

/* EPERM: it is still there to refuse the connection; ECONNREFUSED: it was killed. */
static int victim_dies_by_file(void)
{
	if (signal_by_file(victim))
		return -1;
	usleep(100000);
	return is_alive(VICTIM_NAME);
}

static int child_dies_by_file(void)
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		for (;;)
			pause();
	if (signal_by_file(pid))
		return -1;
	return waitpid(pid, &status, 0) == pid && WIFSIGNALED(status) ? 0 : -1;
}

static int connect_victim(void) { return is_alive(VICTIM_NAME); }
static int connect_server(void) { return is_alive(SERVER_NAME); }

static int send_datagram(const char *name)
{
	struct sockaddr_un address;
	unsigned int length = socket_address(name, SOCK_DGRAM, &address);
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	return sendto(fd, "x", 1, 0, (struct sockaddr *)&address, length) == 1 ? 0 : -1;
}

static int connect_datagrams(const char *name)
{
	struct sockaddr_un address;
	unsigned int length = socket_address(name, SOCK_DGRAM, &address);

	return connect(socket(AF_UNIX, SOCK_DGRAM, 0), (struct sockaddr *)&address, length);
}

static int send_victim(void) { return send_datagram(VICTIM_NAME); }
static int send_server(void) { return send_datagram(SERVER_NAME); }
static int connect_victim_datagrams(void) { return connect_datagrams(VICTIM_NAME); }
static int connect_server_datagrams(void) { return connect_datagrams(SERVER_NAME); }

static int ask(unsigned char wish)
{
	struct sockaddr_un address;
	unsigned int length = socket_address(SERVER_NAME, SOCK_STREAM, &address);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	if (connect(fd, (struct sockaddr *)&address, length) < 0 || write(fd, &wish, 1) != 1)
		return -1;
	return fd;
}

static int i_see_the_server(void)
{
	char text[SPHERULE_IDENTITY_BYTES + 1] = "", expected[SPHERULE_IDENTITY_BYTES + 1];
	socklen_t length = SPHERULE_IDENTITY_BYTES;
	int fd = ask(SERVER_WHO_AM_I);

	identity_format(COMPONENT_SERVER, SPHERULE_CAP_SERVE | SPHERULE_CAP_GPIO, expected);
	if (getsockopt(fd, SOL_SOCKET, SO_PEERSEC, text, &length) < 0)
		return -1;
	return strcmp(text, expected) ? -1 : 0;
}

static int server_sees_me(void)
{
	char answer;

	return read(ask(SERVER_WHO_AM_I), &answer, 1) == 1 && answer == SERVER_SEES_CLIENT ? 0 : -1;
}

/* Takes a descriptor from the server; the message always comes, a refused descriptor does not. */
static int receive(unsigned char wish)
{
	char byte = '?';
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { .iov_base = &byte, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t length = recvmsg(ask(wish), &message, 0);

	if (length != 1 || byte != '+')
		errno = EPROTO;		/* the server had none to give */
	else if (message.msg_flags & MSG_CTRUNC)
		errno = EPERM;
	else if (CMSG_FIRSTHDR(&message))
		return 0;
	else
		errno = ENODATA;
	return -1;
}

static int receive_pipe(void) { return receive(SERVER_PIPE); }
static int receive_file(void) { return receive(SERVER_FILE); }
static int receive_null(void) { return receive(SERVER_NULL); }
static int receive_event(void) { return receive(SERVER_EVENT); }
static int receive_chip(void) { return receive(SERVER_CHIP); }
static int receive_line(void) { return receive(SERVER_LINE); }

static const struct attempt attempts[] = {
	{ "AS-15", "SIGIO to its child", child_dies_by_file, 0 },
	{ "AS-15", "SIGIO to another component", victim_dies_by_file, EPERM },
	{ "AS-15", "connect to another component", connect_victim, EPERM },
	{ "AS-15", "send to another component", send_victim, EPERM },
	{ "AS-15", "connect datagrams to another component", connect_victim_datagrams, EPERM },
	{ "AS-15", "connect to a server", connect_server, 0 },
	{ "AS-15", "send to a server", send_server, 0 },
	{ "AS-15", "connect datagrams to a server", connect_server_datagrams, 0 },
	{ "O2", "SO_PEERSEC names the server", i_see_the_server, 0 },
	{ "O2", "SO_PEERSEC names the client", server_sees_me, 0 },
	{ "AS-15", "receive a pipe", receive_pipe, 0 },
	{ "AS-15", "receive a file", receive_file, 0 },
	{ "H-60", "receive /dev/null", receive_null, 0 },
	{ "AS-15", "receive an event descriptor", receive_event, EPERM },
	{ "H-60", "receive a GPIO chip", receive_chip, EPERM },
	{ "AS-42", "receive a GPIO line", receive_line, EPERM },
};

/* The same against another component, against its own child, and against a server. */
static const struct {
	const char *row;
	const char *what;
	int (*act)(pid_t pid);
	int expected;	/* of another component */
	int own;	/* of its own child; -1: not tried */
} actions[] = {
	{ "AS-15", "kill 0", signal_null, EPERM, 0 },
	{ "AS-15", "SIGSTOP", signal_stop, EPERM, 0 },
	{ "AS-15", "sigqueue", signal_queue, EPERM, 0 },
	{ "AS-15", "pidfd_getfd", take_descriptor, EPERM, EPERM },
	{ "AS-15", "read limits", read_limit, EPERM, 0 },
	{ "AS-15", "write limits", write_limit, EPERM, 0 },
	{ "AS-15", "read scheduler", read_scheduler, EPERM, 0 },
	{ "AS-15", "write scheduler", write_scheduler, EPERM, 0 },
	{ "AS-15", "read time slice", read_slice, EPERM, 0 },
	{ "AS-15", "write priority", write_priority, EPERM, 0 },
	{ "AS-15", "read process group", read_group, EPERM, 0 },
	{ "AS-15", "read session", read_session, EPERM, 0 },
	{ "AS-01", "attach", attach, EPERM, EPERM },
	{ "AS-01", "seize", seize, EPERM, EPERM },
	{ "AS-15", "read robust list", read_robust_list, EPERM, 0 },
	{ "AS-03", "read memory", read_memory, EACCES, -1 },
	{ "AS-15", "read maps", read_maps, EACCES, 0 },
	{ "AS-15", "read environment", read_environment, EACCES, 0 },
	{ "AS-15", "read auxv", read_auxv, EACCES, 0 },
	{ "O2", "read identity", read_identity, EACCES, 0 },
	{ "AS-15", "read descriptors", read_descriptors, EACCES, 0 },
	{ "AS-15", "read program", read_program, EACCES, 0 },
	{ "AS-15", "read folder", read_folder, EACCES, 0 },
	{ "AS-15", "read root", read_root, EACCES, 0 },
	{ "AS-15", "read a descriptor", read_descriptor, EACCES, 0 },
	{ "H-31", "see it in /proc of the product", read_hidden_status, ENOENT, 0 },
	{ "AS-15", "write OOM score", write_oom_score, ENOENT, 0 },
	{ "AS-15", "SIGKILL", signal_kill, EPERM, 0 },
	{ "AS-15", "tkill", signal_thread, EPERM, 0 },
	{ "AS-15", "tgkill", signal_group_thread, EPERM, 0 },
	{ "AS-15", "pidfd_send_signal", signal_pidfd, EPERM, 0 },
};

/* Which action, on whom: the attempt runs in a process of its own. */
static unsigned int action;
static pid_t target;

static int act(void)
{
	return actions[action].act(target);
}

static pid_t start_child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	return pid;
}

static void end_child(void)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void try_on(const char *whom, pid_t pid, int expected)
{
	char what[80];
	struct attempt attempt = { actions[action].row, what, act, expected };

	if (expected < 0)
		return;
	snprintf(what, sizeof(what), "%s: %s", actions[action].what, whom);
	target = pid;
	attempt_all(&attempt, 1);
}

void try_neighbour(pid_t victim_pid, pid_t server_pid)
{
	victim = victim_pid;
	server = server_pid;
	for (action = 0; action < ARRAY_SIZE(actions); action++) {
		child = start_child();
		try_on("own child", child, actions[action].own);
		end_child();
		try_on("another component", victim, actions[action].expected);
		try_on("a server", server, actions[action].expected);
	}
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
