// SPDX-License-Identifier: Apache-2.0
/*
 * An app that asks who it is, by every way to be asked, and tries to become somebody else.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <applibs/log.h>
#include <linux/lsm.h>
#include <linux/spherule.h>

#include "attempt.h"

/* Linux, arch/arm/tools/syscall.tbl; musl 1.2.3 does not know them yet. */
#define SYS_LSM_GET_SELF_ATTR	459
#define SYS_LSM_SET_SELF_ATTR	460

static const char expected[] = "CID: 0B8F3A52-1F0E-4C0E-8A54-0D6A8F6F1C0A\n"
			       "TID: 00000000-0000-0000-0000-000000000000\n"
			       "CAPS: 00000000\n";
static const char another[] = "CID: 48A22E96-D078-4E34-9D7A-91B3404031DA\n"
			      "TID: 9eca6399-06ff-4bec-aaa6-6107eae14d74\n"
			      "CAPS: 00000001\n";
static const char *self;
static int passed, failed;

void attempt_all(const struct attempt *attempts, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++) {
		int result, error;

		errno = 0;
		result = attempts[i].try();
		error = errno;
		if (attempts[i].expected ? result < 0 && error == attempts[i].expected : !result) {
			passed++;
			continue;
		}
		failed++;
		Log_Debug("identity: %s: %s, expected %s\n", attempts[i].what,
			  result < 0 ? strerror(error) : "worked",
			  strerror(attempts[i].expected));
	}
}

static int read_file(const char *path, char text[128])
{
	int fd = open(path, O_RDONLY);
	ssize_t length = fd < 0 ? -1 : read(fd, text, 127);

	if (fd >= 0)
		close(fd);
	text[length < 0 ? 0 : length] = '\0';
	return length < 0 ? -1 : 0;
}

static int is_me(const char *path)
{
	char text[128];

	return read_file(path, text) < 0 || strcmp(text, expected) ? -1 : 0;
}

static int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY), error;
	ssize_t written = fd < 0 ? -1 : write(fd, text, strlen(text));

	error = errno;
	if (fd >= 0)
		close(fd);
	errno = error;
	return written < 0 ? -1 : 0;
}

static int current_is_me(void) { return is_me("/proc/self/attr/current"); }
static int thread_is_me(void) { return is_me("/proc/thread-self/attr/current"); }
static int set_current(void) { return write_file("/proc/self/attr/current", another); }
static int set_exec(void) { return write_file("/proc/self/attr/exec", another); }
static int set_exec_of_thread(void) { return write_file("/proc/thread-self/attr/exec", another); }
static int set_exec_to_same(void) { return write_file("/proc/self/attr/exec", expected); }
static int set_exec_malformed(void) { return write_file("/proc/self/attr/exec", "CID: x"); }
static int set_exec_by_call(void)
{
	union {
		struct lsm_ctx context;
		char bytes[sizeof(struct lsm_ctx) + SPHERULE_IDENTITY_BYTES];
	} attribute = { .context = {
		.id = LSM_ID_SPHERULE,
		.len = sizeof(attribute.bytes),
		.ctx_len = SPHERULE_IDENTITY_BYTES,
	} };

	memcpy(attribute.context.ctx, another, SPHERULE_IDENTITY_BYTES);
	return (int)syscall(SYS_LSM_SET_SELF_ATTR, LSM_ATTR_EXEC, &attribute,
			    sizeof(attribute.bytes), 0u);
}

static int current_by_call(void)
{
	union {
		struct lsm_ctx context;
		char bytes[256];
	} attribute = { 0 };
	uint32_t size = sizeof(attribute.bytes);

	if (syscall(SYS_LSM_GET_SELF_ATTR, LSM_ATTR_CURRENT, &attribute, &size, 0u) != 1)
		return -1;
	return memcmp(attribute.context.ctx, expected, SPHERULE_IDENTITY_BYTES);
}

static int set_prev(void) { return write_file("/proc/self/attr/prev", another); }

/* The status of a child that runs @main, or of this program again when @main is NULL. */
static int in_child(int (*main)(void))
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		if (main)
			_exit(main() ? 1 : 7);
		execl(self, self, "child", (char *)NULL);
		_exit(1);
	}
	waitpid(pid, &status, 0);
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 7 ? 0 : -1;
}

static int fork_inherits(void) { return in_child(current_is_me); }
static int exec_inherits(void) { return in_child(NULL); }

static int peer_is_me(int fd)
{
	char text[128] = "";
	socklen_t length = sizeof(text) - 1, too_short = 10;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERSEC, text, &length) < 0 ||
	    length != SPHERULE_IDENTITY_BYTES || strcmp(text, expected))
		return -1;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERSEC, text, &too_short) == 0 || errno != ERANGE)
		return -1;
	return 0;
}

static int socketpair_peer(void)
{
	int ends[2], result;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) < 0)
		return -1;
	result = peer_is_me(ends[0]) | peer_is_me(ends[1]);
	close(ends[0]);
	close(ends[1]);
	return result;
}

static int connection_peer(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t length = sizeof(name);
	int listener = socket(AF_UNIX, SOCK_STREAM, 0), client = socket(AF_UNIX, SOCK_STREAM, 0);
	int server, result;

	if (bind(listener, (struct sockaddr *)&name, sizeof(name.sun_family)) < 0 ||
	    listen(listener, 1) < 0 ||
	    getsockname(listener, (struct sockaddr *)&name, &length) < 0 ||
	    connect(client, (struct sockaddr *)&name, length) < 0)
		return -1;
	server = accept(listener, NULL, NULL);
	result = peer_is_me(client) | peer_is_me(server);
	close(server);
	close(client);
	close(listener);
	return result;
}

static int unconnected_peer(void)
{
	char text[128];
	socklen_t length = sizeof(text);
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	int result = getsockopt(fd, SOL_SOCKET, SO_PEERSEC, text, &length), error = errno;

	close(fd);
	errno = error;
	return result;
}

static int make_socket(int family, int type, int protocol)
{
	int fd = socket(family, type, protocol);

	return fd < 0 ? -1 : close(fd);
}

static int unix_socket(void) { return make_socket(AF_UNIX, SOCK_DGRAM, 0); }
static int tcp_socket(void) { return make_socket(AF_INET, SOCK_STREAM, 0); }
static int udp_socket(void) { return make_socket(AF_INET, SOCK_DGRAM, 0); }
static int raw_socket(void) { return make_socket(AF_INET, SOCK_RAW, 1); }
static int packet_socket(void) { return make_socket(AF_PACKET, SOCK_RAW, 0); }
static int netlink_socket(void) { return make_socket(AF_NETLINK, SOCK_RAW, 0); }
static int firewall_socket(void) { return make_socket(AF_NETLINK, SOCK_RAW, 12); }
static int vsock_socket(void) { return make_socket(AF_VSOCK, SOCK_STREAM, 0); }
static int alg_socket(void) { return make_socket(AF_ALG, SOCK_SEQPACKET, 0); }

static int trace_me(void) { return ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 ? -1 : 0; }

static int attach_to_child(void)
{
	pid_t pid = fork();
	long result;
	int error;

	if (pid == 0) {
		pause();
		_exit(0);
	}
	result = ptrace(PTRACE_SEIZE, pid, NULL, NULL);
	error = errno;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	errno = error;
	return result < 0 ? -1 : 0;
}

static int write_to_child(void)
{
	static char target[4];
	struct iovec here = { "abc", 4 }, there = { target, 4 };
	pid_t pid = fork();
	ssize_t result;
	int error;

	if (pid == 0) {
		pause();
		_exit(0);
	}
	result = process_vm_writev(pid, &here, 1, &there, 1, 0);
	error = errno;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	errno = error;
	return result < 0 ? -1 : 0;
}

static int signal_self(void) { return kill(getpid(), 0); }

/* kill(-1) says success even when it reached nobody, so each process is tried by its number. */
static int signal_others(void)
{
	for (pid_t pid = 1; pid < 200; pid++)
		if (pid != getpid() && kill(pid, 0) == 0)
			return 0;
	errno = EPERM;
	return -1;
}

static int user_namespace(void) { return unshare(CLONE_NEWUSER); }
static int mount_namespace(void) { return unshare(CLONE_NEWNS); }

static const struct attempt attempts[] = {
	{ "read its identity", current_is_me, 0 },
	{ "read it of its thread", thread_is_me, 0 },
	{ "change it", set_current, EPERM },
	{ "set it for the next program", set_exec, EPERM },
	{ "the same by its thread", set_exec_of_thread, EPERM },
	{ "the same by the system call", set_exec_by_call, EPERM },
	{ "read it by the system call", current_by_call, 0 },
	{ "set what it has already", set_exec_to_same, EPERM },
	{ "set nonsense", set_exec_malformed, EPERM },
	{ "set the previous one", set_prev, EACCES },
	{ "still read it", current_is_me, 0 },
	{ "inherit it by fork", fork_inherits, 0 },
	{ "inherit it by exec", exec_inherits, 0 },
	{ "see it at a socket pair", socketpair_peer, 0 },
	{ "see it at a connection", connection_peer, 0 },
	{ "see it at no connection", unconnected_peer, ENOPROTOOPT },
	{ "UNIX socket", unix_socket, 0 },
	{ "TCP socket", tcp_socket, 0 },
	{ "UDP socket", udp_socket, 0 },
	{ "raw socket", raw_socket, EPERM },
	{ "packet socket", packet_socket, EAFNOSUPPORT },
	{ "netlink socket for routes", netlink_socket, EPERM },
	{ "netlink socket for the firewall", firewall_socket, EPERM },
	{ "vsock socket", vsock_socket, EAFNOSUPPORT },
	{ "crypto socket", alg_socket, EAFNOSUPPORT },
	{ "be traced", trace_me, EPERM },
	{ "trace its own child", attach_to_child, EPERM },
	{ "write into its own child", write_to_child, ENOSYS },
	{ "signal itself", signal_self, 0 },
	{ "signal others", signal_others, EPERM },
	{ "user namespace", user_namespace, EPERM },
	{ "mount namespace", mount_namespace, EPERM },
};

int main(int argc, char **argv)
{
	if (argc > 1)
		return is_me("/proc/self/attr/current") ? 1 : 7;
	self = argv[0];
	attempt_all(attempts, ARRAY_SIZE(attempts));
	try_memory();
	Log_Debug("identity: %d passed, %d failed\n", passed, failed);
	for (;;)
		pause();
}
