// SPDX-License-Identifier: Apache-2.0
/* Ports below 1024, and talking over IPv4 within the app. */

#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <net/if.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <applibs/log.h>

#include "attempt.h"
#include "sockets.h"

#define FIRST_FREE_PORT	1024

bool loopback_is_up(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool up = ioctl(fd, SIOCGIFFLAGS, &request) == 0 && request.ifr_flags & IFF_UP;

	attempt_close(fd);
	return up;
}

static struct sockaddr_in address_of(uint32_t address, unsigned int port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(address),
		.sin_port = htons((uint16_t)port),
	};
}

static int bind_to(int fd, uint32_t address, unsigned int port)
{
	const struct sockaddr_in name = address_of(address, port);

	return bind(fd, (const struct sockaddr *)&name, sizeof(name));
}

/* With an option of SOL_SOCKET that shares ports, or 0. */
static int bind_new(int type, unsigned int port, int option)
{
	const int on = 1;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	int result = option ? setsockopt(fd, SOL_SOCKET, option, &on, sizeof(on)) : 0;

	if (result == 0)
		result = bind_to(fd, INADDR_ANY, port);
	attempt_close(fd);
	return result;
}

static int bind_each_low_port(int type, int option)
{
	for (unsigned int port = 1; port < FIRST_FREE_PORT; port++) {
		if (bind_new(type, port, option) == 0) {
			Log_Debug("sockets: type %d has port %u\n", type, port);
			return 0;
		}
		if (errno != EACCES)
			return -1;
	}
	errno = EACCES;
	return -1;
}

static int tcp_low(void) { return bind_each_low_port(SOCK_STREAM, 0); }
static int tcp_low_reused(void) { return bind_each_low_port(SOCK_STREAM, SO_REUSEADDR); }
static int tcp_low_shared(void) { return bind_each_low_port(SOCK_STREAM, SO_REUSEPORT); }
static int udp_low(void) { return bind_each_low_port(SOCK_DGRAM, 0); }
static int udp_low_reused(void) { return bind_each_low_port(SOCK_DGRAM, SO_REUSEADDR); }
static int udp_low_shared(void) { return bind_each_low_port(SOCK_DGRAM, SO_REUSEPORT); }
static int tcp_first_free(void) { return bind_new(SOCK_STREAM, FIRST_FREE_PORT, 0); }
static int udp_first_free(void) { return bind_new(SOCK_DGRAM, FIRST_FREE_PORT, 0); }
static int tcp_any(void) { return bind_new(SOCK_STREAM, 0, 0); }
static int udp_any(void) { return bind_new(SOCK_DGRAM, 0, 0); }
static int udp_mdns(void) { return bind_new(SOCK_DGRAM, 5353, 0); }
static int udp_mdns_reused(void) { return bind_new(SOCK_DGRAM, 5353, SO_REUSEADDR); }
static int udp_high_shared(void) { return bind_new(SOCK_DGRAM, 50000, SO_REUSEPORT); }

/* A family of 0 once meant IPv4 as well. */
static int low_without_family(void)
{
	struct sockaddr_in name = address_of(INADDR_ANY, 80);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int result;

	name.sin_family = AF_UNSPEC;
	result = bind(fd, (const struct sockaddr *)&name, sizeof(name));
	attempt_close(fd);
	return result;
}

static int low_multicast(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result = bind_to(fd, 0xe00000fb, 53);

	attempt_close(fd);
	return result;
}

/* IP_BIND_ADDRESS_NO_PORT and IP_LOCAL_PORT_RANGE choose the port later. */
static int low_by_range(void)
{
	const uint32_t range = 1023u << 16 | 1;
	struct sockaddr_in name;
	socklen_t length = sizeof(name);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result = setsockopt(fd, IPPROTO_IP, 51, &range, sizeof(range));

	if (result == 0)
		result = bind_to(fd, INADDR_ANY, 0);
	if (result == 0 && getsockname(fd, (struct sockaddr *)&name, &length) == 0 &&
	    ntohs(name.sin_port) >= FIRST_FREE_PORT) {
		errno = EACCES;
		result = -1;
	}
	attempt_close(fd);
	return result;
}

/* A server, a client and a byte from one to the other, in one process. */
static int talk_by_tcp(void)
{
	struct sockaddr_in name;
	socklen_t length = sizeof(name);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int server;
	char byte = 0;

	if (listen(listener, 1) < 0 ||
	    getsockname(listener, (struct sockaddr *)&name, &length) < 0)
		return -1;
	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (ntohs(name.sin_port) < FIRST_FREE_PORT)
		return -1;
	if (connect(client, (struct sockaddr *)&name, length) < 0)
		return -1;
	server = accept(listener, NULL, NULL);
	return write(client, "x", 1) == 1 && read(server, &byte, 1) == 1 && byte == 'x' ? 0 : -1;
}

static int talk_by_udp(void)
{
	struct sockaddr_in name;
	socklen_t length = sizeof(name);
	int receiver = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int sender = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	char byte = 0;

	if (bind_to(receiver, INADDR_ANY, 0) < 0 ||
	    getsockname(receiver, (struct sockaddr *)&name, &length) < 0)
		return -1;
	name.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (sendto(sender, "x", 1, 0, (struct sockaddr *)&name, length) != 1)
		return -1;
	return read(receiver, &byte, 1) == 1 && byte == 'x' ? 0 : -1;
}

/* To the broadcast address without having asked for that. */
static int broadcast(void)
{
	const struct sockaddr_in all = address_of(INADDR_BROADCAST, 5000);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	return (int)sendto(fd, "x", 1, 0, (const struct sockaddr *)&all, sizeof(all));
}

static const struct attempt attempts[] = {
	{ "AS-41", "TCP, any port", tcp_any, 0 },
	{ "AS-41", "UDP, any port", udp_any, 0 },
	{ "AS-41", "TCP, port 1024", tcp_first_free, EACCES },
	{ "AS-41", "UDP, port 1024", udp_first_free, EACCES },
	{ "AS-41", "UDP, the port of mDNS", udp_mdns, EACCES },
	{ "AS-41", "UDP, the port of mDNS, reused", udp_mdns_reused, EACCES },
	{ "AS-41", "UDP, a shared high port", udp_high_shared, EACCES },
	{ "AS-41", "TCP, every port below 1024", tcp_low, EACCES },
	{ "AS-41", "TCP, every low port, reused", tcp_low_reused, EACCES },
	{ "AS-41", "TCP, every low port, shared", tcp_low_shared, EACCES },
	{ "AS-41", "UDP, every port below 1024", udp_low, EACCES },
	{ "AS-41", "UDP, every low port, reused", udp_low_reused, EACCES },
	{ "AS-41", "UDP, every low port, shared", udp_low_shared, EACCES },
	{ "AS-41", "TCP, a low port without a family", low_without_family, EACCES },
	{ "AS-41", "UDP, a low port of a multicast group", low_multicast, EACCES },
	{ "AS-41", "UDP, low ports by a range", low_by_range, EACCES },
};

static void try_talk(void)
{
	int unreachable = loopback_is_up() ? 0 : ENETUNREACH;
	const struct attempt talk[] = {
		{ "AS-41", "TCP to itself", talk_by_tcp, unreachable },
		{ "AS-41", "UDP to itself", talk_by_udp, unreachable },
		{ "AS-41", "UDP to everybody", broadcast, unreachable ? unreachable : EACCES },
	};

	attempt_all(talk, ARRAY_SIZE(talk));
}

void try_ports(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
	try_talk();
}
