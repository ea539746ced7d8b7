// SPDX-License-Identifier: Apache-2.0
/* TCP and UDP on the device itself, between two apps: one serves, one calls. */

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "stress.h"

#define CALLS_MAX	24
#define SERVED		24
#define BACKLOG		8
#define WAIT_MS		200
#define ABORT_EACH	3	/* every third connection ends with a reset */

static const char text[700];

static struct sockaddr_in place(uint32_t address, uint16_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(address),
		.sin_port = htons(port),
	};
}

/* -1 when it is refused, which may be for long: then there is a pause, so that not all time goes there. */
static int open_bound(int type, uint16_t port)
{
	const struct sockaddr_in name = place(INADDR_ANY, port);
	const int on = 1;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (!bind(fd, (const struct sockaddr *)&name, sizeof(name)))
		return fd;
	close(fd);
	usleep(WAIT_MS * 1000);
	return -1;
}

static unsigned int answer_datagrams(int fd)
{
	struct sockaddr_in from;
	socklen_t length = sizeof(from);
	unsigned int count = 0;
	char data[sizeof(text)];
	ssize_t bytes;

	while (count < SERVED &&
	       (bytes = recvfrom(fd, data, sizeof(data), 0, (struct sockaddr *)&from, &length)) > 0) {
		sendto(fd, data, (size_t)bytes, 0, (const struct sockaddr *)&from, length);
		count++;
	}
	return count;
}

/* Reads what is there, answers and closes. */
static unsigned int answer_call(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	struct pollfd source = { .fd = fd, .events = POLLIN };
	char data[sizeof(text)];
	unsigned int done = 0;

	if (fd < 0)
		return 0;
	if (poll(&source, 1, WAIT_MS) > 0 && recv(fd, data, sizeof(data), 0) > 0)
		done = send(fd, data, sizeof(data), MSG_NOSIGNAL) > 0;
	close(fd);
	return done;
}

unsigned int round_serve(void)
{
	struct pollfd sources[] = { { .fd = open_bound(SOCK_STREAM, STRESS_TCP_PORT), .events = POLLIN },
				    { .fd = open_bound(SOCK_DGRAM, STRESS_UDP_PORT), .events = POLLIN } };
	unsigned int done = 0;

	listen(sources[0].fd, BACKLOG);
	for (int i = 0; i < SERVED && poll(sources, 2, WAIT_MS) > 0; i++) {
		if (sources[0].revents)
			done += answer_call(sources[0].fd);
		if (sources[1].revents)
			done += answer_datagrams(sources[1].fd);
	}
	close(sources[0].fd);
	close(sources[1].fd);
	return done;
}

static int call(uint16_t port, int type)
{
	const struct sockaddr_in name = place(INADDR_LOOPBACK, port);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	/* In progress, or refused: what is sent then says so. */
	connect(fd, (const struct sockaddr *)&name, sizeof(name));
	return fd;
}

static unsigned int hang_up(int fd, int number)
{
	const struct linger at_once = { .l_onoff = 1 };
	struct pollfd source = { .fd = fd, .events = POLLIN };
	char data[sizeof(text)];
	unsigned int done;

	if (number % ABORT_EACH == 0)
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	done = poll(&source, 1, number ? 0 : WAIT_MS) > 0 && recv(fd, data, sizeof(data), 0) > 0;
	close(fd);
	return done;
}

unsigned int round_call(void)
{
	unsigned int done = 0;
	const int calls = (int)stress_many < CALLS_MAX ? (int)stress_many : CALLS_MAX;
	int fds[CALLS_MAX];

	for (int i = 0; i < calls; i++)
		fds[i] = i % 2 ? call(STRESS_UDP_PORT, SOCK_DGRAM) : call(STRESS_TCP_PORT, SOCK_STREAM);
	for (int i = 0; i < calls; i++)
		send(fds[i], text, sizeof(text), MSG_NOSIGNAL);
	for (int i = 0; i < calls; i++)
		done += hang_up(fds[i], i);
	return done;
}
