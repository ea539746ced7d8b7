// SPDX-License-Identifier: Apache-2.0
/*
 * Echoes whatever comes on the server's ports, on as many connections at once as an app may have files.
 * The peer always reads, so that a send() that waits ends.
 */

#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attempt.h"
#include "guest.h"
#include "plan.h"
#include "reach.h"

#define FILES_MAX	60	/* APP_MAX_FILES is 64, some are the app's already */
#define BACKLOG		64
#define ROOM		2048

enum { LISTENER, DATAGRAMS, FIRST_CONNECTION };

static struct pollfd sources[FILES_MAX];
static nfds_t source_count = FIRST_CONNECTION;
static char data[ROOM];

/* A whole buffer or an error. */
static int send_all(int fd, size_t length)
{
	for (size_t at = 0; at < length;) {
		ssize_t sent = send(fd, data + at, length - at, MSG_NOSIGNAL);

		if (sent <= 0)
			return -1;
		at += (size_t)sent;
	}
	return 0;
}

static void accept_connection(void)
{
	int fd = accept(sources[LISTENER].fd, NULL, NULL);

	if (fd >= 0)
		sources[source_count++] = (struct pollfd){ .fd = fd, .events = POLLIN };
}

static void echo_datagram(void)
{
	struct sockaddr_in from;
	socklen_t room = sizeof(from);
	ssize_t length = recvfrom(sources[DATAGRAMS].fd, data, sizeof(data), 0,
				  (struct sockaddr *)&from, &room);

	if (length >= 0)
		sendto(sources[DATAGRAMS].fd, data, (size_t)length, 0, (struct sockaddr *)&from, room);
}

/* Returns -1 when the connection has ended. */
static int echo_stream(int fd)
{
	ssize_t length = recv(fd, data, sizeof(data), 0);

	return length > 0 ? send_all(fd, (size_t)length) : -1;
}

static void serve_connections(void)
{
	for (nfds_t i = FIRST_CONNECTION; i < source_count;) {
		if (sources[i].revents && echo_stream(sources[i].fd)) {
			close(sources[i].fd);
			sources[i] = sources[--source_count];
		} else {
			i++;
		}
	}
}

void load_app(void)
{
	sources[LISTENER].fd = reach_open_port(SOCK_STREAM, SERVER_TCP, BACKLOG);
	sources[DATAGRAMS].fd = reach_open_port(SOCK_DGRAM, SERVER_UDP, 0);
	reach_wait_for_network(GATEWAY);
	dprintf(1, "load-app: ready\n");
	for (;;) {
		/* Who finds no room waits among the connections that were not accepted. */
		sources[LISTENER].events = source_count < FILES_MAX ? POLLIN : 0;
		sources[DATAGRAMS].events = POLLIN;
		if (poll(sources, source_count, -1) <= 0)
			continue;
		serve_connections();
		if (sources[DATAGRAMS].revents)
			echo_datagram();
		if (sources[LISTENER].revents & POLLIN)
			accept_connection();
	}
}
