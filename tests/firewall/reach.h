/* SPDX-License-Identifier: Apache-2.0 */
/* Ways to reach a host, each 0, or -1 with errno. */
#ifndef TESTS_FIREWALL_REACH_H
#define TESTS_FIREWALL_REACH_H

#include <netinet/in.h>
#include <stddef.h>

/*
 * How long something that must answer has for it, and how long one waits for what must not come:
 * the hosts outside see whether a packet has come to them, so that the time proves nothing.
 */
#define LONG_MS		8000
#define SHORT_MS	400

struct sockaddr_in reach_address(const char *host, unsigned int port);

/* A datagram and its echo. ETIMEDOUT: none. */
int reach_udp(const char *host, unsigned int port, size_t bytes, int wait_ms);
int reach_udp_connected(const char *host, unsigned int port);

/* A connection, a few bytes and their echo. ETIMEDOUT: none; ECONNREFUSED: refused. */
int reach_tcp(const char *host, unsigned int port, int wait_ms);

/* A socket that is bound to a port of the device, and listens if it is a stream; says what went wrong. */
int reach_open_port(int type, unsigned int port, int backlog);

/* Until somebody has raised the network; sends nothing. */
void reach_wait_for_network(const char *host);

/* The echo on a socket that has sent. */
int reach_echo(int fd, size_t bytes, int wait_ms);

/* The first address that the resolver of the device gives for a name, or 0. */
in_addr_t reach_name(const char *name, int wait_ms);

#endif
