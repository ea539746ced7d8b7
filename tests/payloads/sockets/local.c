// SPDX-License-Identifier: Apache-2.0
/* Unix sockets: who one says to be, talking within the app and to the log, and misuse. */

#define _GNU_SOURCE
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "attempt.h"
#include "sockets.h"

#define IDENTITY	"CID: 0B8F3A52-1F0E-4C0E-8A54-0D6A8F6F1C14\n"
#define ROUNDS		200

union control {
	struct cmsghdr header;
	char bytes[CMSG_SPACE(sizeof(struct ucred))];
};

/* Sends one byte with a control message of this type and content. */
static int send_control(int fd, int type, const void *content, size_t length)
{
	union control control = { .header = {
		.cmsg_len = CMSG_LEN(length),
		.cmsg_level = SOL_SOCKET,
		.cmsg_type = type,
	} };
	struct iovec part = { "x", 1 };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = CMSG_SPACE(length),
	};

	memcpy(CMSG_DATA(&control.header), content, length);
	return sendmsg(fd, &message, MSG_NOSIGNAL) == 1 ? 0 : -1;
}

static int make_pair(int ends[2])
{
	return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}

static int claim(pid_t pid, uid_t uid, gid_t gid)
{
	const struct ucred credentials = { pid, uid, gid };
	int ends[2];

	if (make_pair(ends) < 0)
		return 0;
	return send_control(ends[0], SCM_CREDENTIALS, &credentials, sizeof(credentials));
}

static int claim_self(void) { return claim(getpid(), getuid(), getgid()); }
static int claim_first(void) { return claim(1, getuid(), getgid()); }
static int claim_parent(void) { return claim(getppid(), getuid(), getgid()); }
static int claim_nobody(void) { return claim(0, getuid(), getgid()); }
static int claim_root(void) { return claim(getpid(), 0, getgid()); }
static int claim_group_of_root(void) { return claim(getpid(), getuid(), 0); }
static int claim_neighbour(void) { return claim(getpid(), getuid() + 1, getgid() + 1); }

static int claim_security(void)
{
	int ends[2];

	if (make_pair(ends) < 0)
		return 0;
	return send_control(ends[0], 3, IDENTITY, sizeof(struct ucred));
}

static int pass_own_file(void)
{
	int ends[2], file = STDIN_FILENO;

	return make_pair(ends) ? -1 : send_control(ends[0], SCM_RIGHTS, &file, sizeof(file));
}

static int pass_no_file(void)
{
	int ends[2], file = 63;

	return make_pair(ends) ? 0 : send_control(ends[0], SCM_RIGHTS, &file, sizeof(file));
}

static int names_itself(int fd)
{
	char text[128] = "";
	socklen_t length = sizeof(text) - 1;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERSEC, text, &length) < 0)
		return -1;
	return strncmp(text, IDENTITY, sizeof(IDENTITY) - 1) ? -1 : 0;
}

static int peers_of_pair(void)
{
	int ends[2];

	return make_pair(ends) || names_itself(ends[0]) || names_itself(ends[1]) ? -1 : 0;
}

/* The log's other side is the manager: it has no component. */
static int peer_of_log(void) { return names_itself(STDOUT_FILENO) ? -1 : 0; }

static int set_peer(void)
{
	int ends[2];

	if (make_pair(ends) < 0)
		return 0;
	return setsockopt(ends[0], SOL_SOCKET, SO_PEERSEC, IDENTITY, sizeof(IDENTITY));
}

static int set_peer_credentials(void)
{
	const struct ucred root = { 1, 0, 0 };
	int ends[2];

	if (make_pair(ends) < 0)
		return 0;
	return setsockopt(ends[0], SOL_SOCKET, SO_PEERCRED, &root, sizeof(root));
}

static int new_socket(int type) { return socket(AF_UNIX, type | SOCK_CLOEXEC, 0); }

/* The kernel chooses an abstract name when there is none. */
static int bind_somewhere(int fd, struct sockaddr_un *name, socklen_t *length)
{
	*name = (struct sockaddr_un){ .sun_family = AF_UNIX };
	*length = sizeof(*name);
	if (bind(fd, (struct sockaddr *)name, sizeof(name->sun_family)) < 0)
		return -1;
	return getsockname(fd, (struct sockaddr *)name, length);
}

static int bind_path(const char *path)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };

	strlcpy(name.sun_path, path, sizeof(name.sun_path));
	return bind(new_socket(SOCK_STREAM), (struct sockaddr *)&name, sizeof(name));
}

static int bind_in_dev(void) { return bind_path("/dev/socket"); }
static int bind_in_image(void) { return bind_path("socket"); }

static int talk(int type)
{
	struct sockaddr_un name;
	socklen_t length;
	int listener = new_socket(type), client = new_socket(type), server;
	char byte = 0;

	if (bind_somewhere(listener, &name, &length) < 0 || listen(listener, 4) < 0 ||
	    connect(client, (struct sockaddr *)&name, length) < 0)
		return -1;
	server = accept(listener, NULL, NULL);
	if (names_itself(client) || names_itself(server) || write(client, "x", 1) != 1)
		return -1;
	return read(server, &byte, 1) == 1 && byte == 'x' ? 0 : -1;
}

static int talk_by_stream(void) { return talk(SOCK_STREAM); }
static int talk_by_sequence(void) { return talk(SOCK_SEQPACKET); }

static int talk_by_datagram(void)
{
	struct sockaddr_un name;
	socklen_t length;
	int receiver = new_socket(SOCK_DGRAM), sender = new_socket(SOCK_DGRAM);
	char byte = 0;

	if (bind_somewhere(receiver, &name, &length) < 0 ||
	    sendto(sender, "x", 1, 0, (struct sockaddr *)&name, length) != 1)
		return -1;
	return read(receiver, &byte, 1) == 1 && byte == 'x' ? 0 : -1;
}

static int name_of_log(struct sockaddr_un *name, socklen_t *length)
{
	*length = sizeof(*name);
	return getpeername(STDOUT_FILENO, (struct sockaddr *)name, length);
}

/* As good as its own standard output: the log sees who writes, not through which socket. */
static int write_to_log(void)
{
	static const char text[] = "sockets: by another socket";
	struct sockaddr_un name;
	socklen_t length;

	if (name_of_log(&name, &length) < 0)
		return -1;
	return sendto(new_socket(SOCK_DGRAM), text, sizeof(text) - 1, 0, (struct sockaddr *)&name,
		      length) < 0 ? -1 : 0;
}

static int take_name_of_log(void)
{
	struct sockaddr_un name;
	socklen_t length;

	if (name_of_log(&name, &length) < 0)
		return 0;
	return bind(new_socket(SOCK_DGRAM), (struct sockaddr *)&name, length);
}

static int stream_to_log(void)
{
	struct sockaddr_un name;
	socklen_t length;

	if (name_of_log(&name, &length) < 0)
		return 0;
	return connect(new_socket(SOCK_STREAM), (struct sockaddr *)&name, length);
}

/* Files that nobody asked for are dropped by the log, not kept. */
static int files_to_log(void)
{
	int file = STDIN_FILENO;

	for (int i = 0; i < ROUNDS; i++)
		if (send_control(STDOUT_FILENO, SCM_RIGHTS, &file, sizeof(file)) < 0)
			return -1;
	return 0;
}

static int read_from_log(void)
{
	char byte;

	/* Its reading side was shut down before the app started: the end, and no message. */
	return read(STDOUT_FILENO, &byte, 1) == 0 ? 0 : -1;
}

static int bind_twice(void)
{
	struct sockaddr_un name;
	socklen_t length;
	int fd = new_socket(SOCK_STREAM);

	if (bind_somewhere(fd, &name, &length) < 0)
		return 0;
	name.sun_path[1] ^= 1;
	return bind(fd, (struct sockaddr *)&name, length);
}

static int connect_to_itself(void)
{
	struct sockaddr_un name;
	socklen_t length;
	int fd = new_socket(SOCK_STREAM);

	if (bind_somewhere(fd, &name, &length) < 0)
		return 0;
	return connect(fd, (struct sockaddr *)&name, length);
}

static int connect_twice(void)
{
	struct sockaddr_un name;
	socklen_t length;
	int listener = new_socket(SOCK_STREAM), client = new_socket(SOCK_STREAM);

	if (bind_somewhere(listener, &name, &length) < 0 || listen(listener, 4) < 0 ||
	    connect(client, (struct sockaddr *)&name, length) < 0)
		return 0;
	return connect(client, (struct sockaddr *)&name, length);
}

static int accept_without_listening(void) { return accept(new_socket(SOCK_STREAM), NULL, NULL); }
static int listen_on_datagrams(void) { return listen(new_socket(SOCK_DGRAM), 1); }
static int send_to_short_name(void)
{
	const struct sockaddr_un name = { .sun_family = AF_UNIX };

	return (int)sendto(new_socket(SOCK_DGRAM), "x", 1, 0, (const struct sockaddr *)&name, 1);
}
static int bind_long_name(void)
{
	char name[256] = { AF_UNIX };

	return bind(new_socket(SOCK_STREAM), (struct sockaddr *)name, sizeof(name));
}
static int bind_other_family(void)
{
	const struct sockaddr name = { .sa_family = AF_INET };

	return bind(new_socket(SOCK_STREAM), &name, sizeof(name));
}

/* A short buffer gets as much as fits, and the true length. */
static int name_in_short_buffer(void)
{
	struct sockaddr_un name;
	socklen_t length;
	char bytes[8] = "unuse";
	int fd = new_socket(SOCK_STREAM);

	if (bind_somewhere(fd, &name, &length) < 0)
		return -1;
	length = 3;
	if (getsockname(fd, (struct sockaddr *)bytes, &length) < 0)
		return -1;
	return length > 3 && bytes[3] == 's' ? 0 : -1;
}

static _Noreturn void connect_and_close(const struct sockaddr_un *name, socklen_t length)
{
	for (int i = 0; i < ROUNDS; i++) {
		int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);

		if (connect(fd, (const struct sockaddr *)name, length) == 0)
			send(fd, "x", 1, MSG_NOSIGNAL);
		close(fd);
	}
	_exit(0);
}

/* Connecting, sending and closing at once by several, while the listener comes and goes. */
static int storm(void)
{
	pid_t children[4];
	struct sockaddr_un name;
	socklen_t length;
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0), status, result = 0;

	if (bind_somewhere(listener, &name, &length) < 0 || listen(listener, 2) < 0)
		return -1;
	for (unsigned int i = 0; i < ARRAY_SIZE(children); i++) {
		children[i] = fork();
		if (children[i] == 0)
			connect_and_close(&name, length);
	}
	for (int i = 0; i < ROUNDS; i++)
		attempt_close(accept(listener, NULL, NULL));
	close(listener);
	for (unsigned int i = 0; i < ARRAY_SIZE(children); i++)
		if (waitpid(children[i], &status, 0) != children[i] || status)
			result = -1;
	return result;
}

static const struct attempt attempts[] = {
	{ "H-70", "say who it is", claim_self, 0 },
	{ "H-70", "say that it is pid 1", claim_first, EPERM },
	{ "H-70", "say that it is its parent", claim_parent, EPERM },
	{ "H-70", "say that it is no process", claim_nobody, EPERM },
	{ "H-70", "say that it is root", claim_root, EPERM },
	{ "H-70", "say that its group is root's", claim_group_of_root, EPERM },
	{ "H-70", "say that it is its neighbour", claim_neighbour, EPERM },
	{ "H-70", "send a security label", claim_security, EINVAL },
	{ "H-70", "pass a file", pass_own_file, 0 },
	{ "H-70", "pass a file that is not open", pass_no_file, EBADF },
	{ "H-70", "see itself at a pair", peers_of_pair, 0 },
	{ "H-70", "see itself at the log", peer_of_log, ENOPROTOOPT },
	{ "H-70", "set who its peer is", set_peer, ENOPROTOOPT },
	{ "H-70", "set its peer's user", set_peer_credentials, ENOPROTOOPT },

	{ "AS-26", "talk by a stream", talk_by_stream, 0 },
	{ "AS-26", "talk by a sequence", talk_by_sequence, 0 },
	{ "AS-26", "talk by datagrams", talk_by_datagram, 0 },
	{ "H-73", "bind to a path in /dev", bind_in_dev, EROFS },
	{ "H-73", "bind to a path in its folder", bind_in_image, EROFS },
	{ "AS-26", "write to the log by another socket", write_to_log, 0 },
	{ "AS-26", "take the name of the log", take_name_of_log, EADDRINUSE },
	{ "AS-26", "a stream to the log", stream_to_log, ECONNREFUSED },
	{ "AS-26", "send files to the log", files_to_log, 0 },
	{ "AS-26", "read from the log", read_from_log, 0 },
	{ "AS-26", "bind twice", bind_twice, EINVAL },
	{ "AS-26", "connect to itself", connect_to_itself, ECONNREFUSED },
	{ "AS-26", "connect twice", connect_twice, EISCONN },
	{ "AS-26", "accept without listening", accept_without_listening, EINVAL },
	{ "AS-26", "listen on datagrams", listen_on_datagrams, EOPNOTSUPP },
	{ "AS-26", "send to a name that is too short", send_to_short_name, EINVAL },
	{ "AS-26", "bind to a name that is too long", bind_long_name, EINVAL },
	{ "AS-26", "bind to a name of another family", bind_other_family, EINVAL },
	{ "AS-26", "its name in a short buffer", name_in_short_buffer, 0 },
	{ "AS-26", "connect and close by many at once", storm, 0 },
};

void try_local(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
