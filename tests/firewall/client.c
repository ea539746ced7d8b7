// SPDX-License-Identifier: Apache-2.0
/* What the client may reach, and by which ways it does not reach the rest. */

#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attempt.h"
#include "guest.h"
#include "plan.h"
#include "reach.h"

#define WAY(name, call)	static int name(void) { return call; }

WAY(udp_gateway, reach_udp(GATEWAY, ECHO_PORT, 10, LONG_MS))
WAY(udp_gateway_large, reach_udp(GATEWAY, ECHO_PORT, 5000, LONG_MS))
WAY(udp_gateway_connected, reach_udp_connected(GATEWAY, ECHO_PORT))
WAY(tcp_gateway, reach_tcp(GATEWAY, ECHO_PORT, LONG_MS))
WAY(tcp_secure, reach_tcp(SECURE, SECURE_PORT, LONG_MS))
WAY(udp_secure, reach_udp(SECURE, SECURE_PORT, 10, LONG_MS))
WAY(udp_block, reach_udp(IN_BLOCK, ECHO_PORT, 10, LONG_MS))
WAY(tcp_block, reach_tcp(IN_BLOCK, ECHO_PORT, LONG_MS))
WAY(tcp_server, reach_tcp("127.0.0.1", SERVER_TCP, LONG_MS))
WAY(tcp_server_address, reach_tcp(DEVICE, SERVER_TCP, LONG_MS))
WAY(tcp_server_other, reach_tcp("127.3.2.1", SERVER_TCP, LONG_MS))
WAY(udp_server, reach_udp("127.0.0.1", SERVER_UDP, 10, LONG_MS))

WAY(udp_closed, reach_udp(CLOSED, ECHO_PORT, 10, SHORT_MS))
WAY(udp_closed_secure, reach_udp(CLOSED, SECURE_PORT, 10, SHORT_MS))
WAY(udp_closed_connected, reach_udp_connected(CLOSED, ECHO_PORT))
WAY(udp_closed_large, reach_udp(CLOSED, ECHO_PORT, 5000, SHORT_MS))
WAY(tcp_closed, reach_tcp(CLOSED, ECHO_PORT, SHORT_MS))
WAY(tcp_closed_secure, reach_tcp(CLOSED, SECURE_PORT, SHORT_MS))
WAY(tcp_secure_other, reach_tcp(SECURE, ECHO_PORT, SHORT_MS))
WAY(udp_secure_other, reach_udp(SECURE, ECHO_PORT, 10, SHORT_MS))
WAY(udp_beside_block, reach_udp(BESIDE_BLOCK, ECHO_PORT, 10, SHORT_MS))
WAY(udp_dns_secure, reach_udp(SECURE, 53, 10, SHORT_MS))
WAY(udp_dns_closed, reach_udp(CLOSED, 53, 10, SHORT_MS))
WAY(tcp_dns_closed, reach_tcp(CLOSED, 53, SHORT_MS))
WAY(udp_no_port, reach_udp("127.0.0.1", NO_PORT, 10, SHORT_MS))
WAY(tcp_no_port, reach_tcp("127.0.0.1", NO_PORT, SHORT_MS))
WAY(udp_multicast, reach_udp("224.0.0.251", 5353, 10, SHORT_MS))
WAY(tcp_unnamed, reach_tcp(NAMED, SECURE_PORT, SHORT_MS))
WAY(udp_unnamed, reach_udp(NAMED, SECURE_PORT, 10, SHORT_MS))

static int open_socket(int type, int protocol)
{
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, protocol);

	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

WAY(ping_socket, open_socket(SOCK_DGRAM, IPPROTO_ICMP))
WAY(raw_icmp, open_socket(SOCK_RAW, IPPROTO_ICMP))
WAY(raw_raw, open_socket(SOCK_RAW, IPPROTO_RAW))
WAY(raw_udp, open_socket(SOCK_RAW, IPPROTO_UDP))
WAY(udplite, open_socket(SOCK_DGRAM, IPPROTO_UDPLITE))

static int packet_socket(void)
{
	int fd = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(0x0800));

	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

/* Sends to @host with one option set. */
static int send_with(const char *host, int level, int option, const void *value, socklen_t length)
{
	const struct sockaddr_in to = reach_address(host, ECHO_PORT);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result = setsockopt(fd, level, option, value, length);

	if (result == 0)
		result = sendto(fd, "x", 1, 0, (const struct sockaddr *)&to, sizeof(to)) < 0 ? -1 :
											       0;
	attempt_close(fd);
	return result;
}

static const int on = 1, mark = 1 << 16 | NETWORKD_UID;

WAY(broadcast_subnet, send_with("10.7.0.255", SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)))
WAY(broadcast_all, send_with("255.255.255.255", SOL_SOCKET, SO_BROADCAST, &on, sizeof(on)))
WAY(by_loopback_device, send_with(CLOSED, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3))
WAY(with_mark, send_with(CLOSED, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)))
WAY(dont_route, send_with(CLOSED, SOL_SOCKET, SO_DONTROUTE, &on, sizeof(on)))
WAY(with_route, send_with(CLOSED, IPPROTO_IP, IP_OPTIONS,
			  "\x83\x07\x04\x0a\x07\x00\x01\x01", 8))
WAY(transparent, send_with(CLOSED, IPPROTO_IP, IP_TRANSPARENT, &on, sizeof(on)))

/* From an address that is not the device's, with or without the option that lets bind() take it. */
static int send_from(const char *source, int option, const char *host)
{
	const struct sockaddr_in from = reach_address(source, 0),
				 to = reach_address(host, ECHO_PORT);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result = option ? setsockopt(fd, IPPROTO_IP, option, &on, sizeof(on)) : 0;

	if (result == 0)
		result = bind(fd, (const struct sockaddr *)&from, sizeof(from));
	if (result == 0)
		result = sendto(fd, "x", 1, 0, (const struct sockaddr *)&to, sizeof(to)) < 0 ? -1 :
											       0;
	attempt_close(fd);
	return result;
}

WAY(from_another, send_from("10.7.0.77", 0, GATEWAY))
WAY(from_another_free, send_from("10.7.0.77", IP_FREEBIND, GATEWAY))
WAY(from_loopback, send_from("127.0.0.1", 0, GATEWAY))
WAY(from_own, send_from(DEVICE, 0, GATEWAY))

/* The source in the ancillary data of one datagram. */
static int send_pktinfo(const char *source)
{
	struct sockaddr_in to = reach_address(GATEWAY, ECHO_PORT);
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(struct in_pktinfo))];
	} control = { 0 };
	struct iovec part = { "x", 1 };
	struct msghdr message = { .msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &part,
				  .msg_iovlen = 1, .msg_control = &control,
				  .msg_controllen = sizeof(control) };
	struct in_pktinfo info = { .ipi_spec_dst = reach_address(source, 0).sin_addr };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), result;

	control.header.cmsg_level = IPPROTO_IP;
	control.header.cmsg_type = IP_PKTINFO;
	control.header.cmsg_len = CMSG_LEN(sizeof(info));
	memcpy(CMSG_DATA(&control.header), &info, sizeof(info));
	result = sendmsg(fd, &message, 0) < 0 ? -1 : 0;
	attempt_close(fd);
	return result;
}

WAY(pktinfo_another, send_pktinfo("10.7.0.77"))
WAY(pktinfo_own, send_pktinfo(DEVICE))

/* From a port that the stranger will have next, while the kernel still knows the flow. */
static int from_flow_port(void)
{
	const struct sockaddr_in from = reach_address("0.0.0.0", FLOW_PORT);
	const struct sockaddr_in to = reach_address(GATEWAY, ECHO_PORT);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result = bind(fd, (const struct sockaddr *)&from, sizeof(from));

	if (result == 0)
		result = sendto(fd, "x", 1, 0, (const struct sockaddr *)&to, sizeof(to)) < 0 ? -1 :
											       0;
	if (result == 0)
		result = reach_echo(fd, 1, LONG_MS);
	attempt_close(fd);
	return result;
}

static int send_many(void)
{
	struct sockaddr_in to[] = { reach_address(CLOSED, ECHO_PORT),
				    reach_address(CLOSED, SECURE_PORT) };
	struct iovec part = { "x", 1 };
	struct mmsghdr messages[] = {
		{ .msg_hdr = { .msg_name = &to[0], .msg_namelen = sizeof(to[0]), .msg_iov = &part,
			       .msg_iovlen = 1 } },
		{ .msg_hdr = { .msg_name = &to[1], .msg_namelen = sizeof(to[1]), .msg_iov = &part,
			       .msg_iovlen = 1 } },
	};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result = sendmmsg(fd, messages, 2, 0) < 0 ? -1 : 0;

	attempt_close(fd);
	return result;
}

/* An allowed socket that is turned round. */
static int reconnected(void)
{
	const struct sockaddr_in first = reach_address(GATEWAY, ECHO_PORT);
	const struct sockaddr_in second = reach_address(CLOSED, ECHO_PORT);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result = connect(fd, (const struct sockaddr *)&first, sizeof(first));

	if (result == 0 && send(fd, "x", 1, 0) == 1)
		result = connect(fd, (const struct sockaddr *)&second, sizeof(second));
	if (result == 0)
		result = send(fd, "x", 1, 0) < 0 ? -1 : 0;
	attempt_close(fd);
	return result;
}

static int fast_open(void)
{
	const struct sockaddr_in to = reach_address(CLOSED, SECURE_PORT);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct pollfd source = { .fd = fd, .events = POLLOUT };
	int result = sendto(fd, "x", 1, MSG_FASTOPEN | MSG_NOSIGNAL, (const struct sockaddr *)&to,
			    sizeof(to)) < 0 ? -1 : 0;

	if (result < 0 && errno == EINPROGRESS) {
		socklen_t length = sizeof(int);
		int error = ETIMEDOUT;

		if (poll(&source, 1, SHORT_MS) == 1)
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
		errno = error;
		result = error ? -1 : 0;
	}
	attempt_close(fd);
	return result;
}

/* A server that its manifest does not have. */
static int listen_elsewhere(void)
{
	const struct sockaddr_in at = reach_address("0.0.0.0", OWN_PORT);
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), result;

	result = bind(listener, (const struct sockaddr *)&at, sizeof(at));
	if (result == 0)
		result = listen(listener, 4);
	if (result == 0)
		result = reach_tcp("127.0.0.1", OWN_PORT, SHORT_MS);
	attempt_close(listener);
	return result;
}

static const struct attempt attempts[] = {
	{ "FW-1", "UDP to its host", udp_gateway, 0 },
	{ "FW-1", "UDP in fragments to its host", udp_gateway_large, 0 },
	{ "FW-1", "connected UDP to its host", udp_gateway_connected, 0 },
	{ "FW-1", "TCP to its host", tcp_gateway, 0 },
	{ "FW-1", "UDP to another host", udp_closed, EPERM },
	{ "FW-1", "UDP to another host and port", udp_closed_secure, EPERM },
	{ "FW-1", "connected UDP to another host", udp_closed_connected, EPERM },
	{ "FW-1", "UDP in fragments to another host", udp_closed_large, EPERM },
	{ "FW-1", "TCP to another host", tcp_closed, ECONNREFUSED },
	{ "FW-1", "TCP to another host and port", tcp_closed_secure, ECONNREFUSED },
	{ "FW-1", "many datagrams at once", send_many, EPERM },
	{ "FW-1", "a socket that is connected anew", reconnected, EPERM },
	{ "FW-1", "TCP with its first data", fast_open, ECONNREFUSED },
	{ "FW-1", "a broadcast to the subnet", broadcast_subnet, EPERM },
	{ "FW-1", "a broadcast to all", broadcast_all, EPERM },
	{ "FW-1", "a multicast", udp_multicast, EPERM },
	{ "FW-1", "by way of the loopback device", by_loopback_device, EPERM },
	{ "FW-1", "without a route", dont_route, EPERM },
	{ "FW-1", "by a source route", with_route, EPERM },
	{ "FW-1", "with the mark of networkd", with_mark, EPERM },
	{ "FW-2", "TCP to its host and port", tcp_secure, 0 },
	{ "FW-2", "UDP to its host and port", udp_secure, 0 },
	{ "FW-2", "TCP to another port of it", tcp_secure_other, ECONNREFUSED },
	{ "FW-2", "UDP to another port of it", udp_secure_other, EPERM },
	{ "FW-3", "UDP into its block", udp_block, 0 },
	{ "FW-3", "TCP into its block", tcp_block, 0 },
	{ "FW-3", "UDP beside its block", udp_beside_block, EPERM },
	{ "FW-4", "TCP to its peer", tcp_server, 0 },
	{ "FW-4", "TCP to its peer by the device's address", tcp_server_address, 0 },
	{ "FW-4", "TCP to its peer by another address", tcp_server_other, 0 },
	{ "FW-4", "UDP to its peer", udp_server, 0 },
	{ "FW-4", "UDP to a port of nobody", udp_no_port, EPERM },
	{ "FW-4", "TCP to a port of nobody", tcp_no_port, ECONNREFUSED },
	{ "FW-5", "a server that is not in its manifest", listen_elsewhere, ECONNREFUSED },
	{ "FW-6", "DNS to a host that has another port", udp_dns_secure, EPERM },
	{ "FW-6", "DNS to another host", udp_dns_closed, EPERM },
	{ "FW-6", "DNS by TCP to another host", tcp_dns_closed, ECONNREFUSED },
	{ "FW-7", "a socket for pings", ping_socket, EPERM },
	{ "FW-7", "raw ICMP", raw_icmp, EPERM },
	{ "FW-7", "raw IP", raw_raw, EPERM },
	{ "FW-7", "raw UDP", raw_udp, EPERM },
	{ "FW-7", "UDP-Lite", udplite, EPERM },
	{ "FW-7", "a packet socket", packet_socket, EAFNOSUPPORT },
	{ "FW-8", "from its own address", from_own, 0 },
	{ "FW-8", "from its own address by datagram", pktinfo_own, 0 },
	{ "FW-8", "from an address of another", from_another, EADDRNOTAVAIL },
	{ "FW-8", "from an address of another, bound freely", from_another_free, ENETUNREACH },
	{ "FW-8", "from the loopback address", from_loopback, EINVAL },
	{ "FW-8", "from an address of another by datagram", pktinfo_another, ENETUNREACH },
	{ "FW-8", "transparently", transparent, EPERM },
	{ "FW-10", "a flow from a port of its choice", from_flow_port, 0 },
};

void client_try(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
}

static int ask_name(void)
{
	errno = EHOSTUNREACH;
	return reach_name(NAME, LONG_MS) == reach_address(NAMED, 0).sin_addr.s_addr ? 0 : -1;
}

static int ask_other_name(void)
{
	errno = EHOSTUNREACH;
	return reach_name(OTHER_NAME, LONG_MS) == reach_address(CLOSED, 0).sin_addr.s_addr ? 0 : -1;
}

WAY(tcp_named, reach_tcp(NAMED, SECURE_PORT, LONG_MS))
WAY(udp_named, reach_udp(NAMED, SECURE_PORT, 10, LONG_MS))
WAY(tcp_named_other, reach_tcp(NAMED, ECHO_PORT, SHORT_MS))

static const struct attempt unnamed[] = {
	{ "FW-9", "TCP to its name's address before it asks", tcp_unnamed, ECONNREFUSED },
	{ "FW-9", "UDP to its name's address before it asks", udp_unnamed, EPERM },
};

static const struct attempt named[] = {
	{ "FW-9", "ask for its name", ask_name, 0 },
	{ "FW-9", "TCP to its name's address at once", tcp_named, 0 },
	{ "FW-9", "UDP to its name's address", udp_named, 0 },
	{ "FW-9", "TCP to another port of it", tcp_named_other, ECONNREFUSED },
	{ "FW-9", "ask for another name", ask_other_name, 0 },
	{ "FW-9", "TCP to the other name's address", tcp_closed_secure, ECONNREFUSED },
	{ "FW-9", "UDP to the other name's address", udp_closed_secure, EPERM },
};

static const struct attempt again[] = {
	{ "FW-9", "TCP to its name's address while it counts", tcp_named, 0 },
	{ "FW-9", "UDP to its name's address while it counts", udp_named, 0 },
};

void client_again(void) { attempt_all(again, ARRAY_SIZE(again)); }
void client_unnamed(void) { attempt_all(unnamed, ARRAY_SIZE(unnamed)); }
void client_named(void) { attempt_all(named, ARRAY_SIZE(named)); }

/* What an app is judged by that application-manager has started, with the manifest of test_network.py. */
static const struct attempt as_app[] = {
	{ "FW-1", "UDP to its host", udp_gateway, 0 },
	{ "FW-1", "UDP in fragments to its host", udp_gateway_large, 0 },
	{ "FW-1", "connected UDP to its host", udp_gateway_connected, 0 },
	{ "FW-1", "TCP to its host", tcp_gateway, 0 },
	{ "FW-1", "UDP to another host", udp_closed, EPERM },
	{ "FW-1", "connected UDP to another host", udp_closed_connected, EPERM },
	{ "FW-1", "UDP in fragments to another host", udp_closed_large, EPERM },
	{ "FW-1", "TCP to another host", tcp_closed, ECONNREFUSED },
	{ "FW-1", "a socket that is connected anew", reconnected, EPERM },
	{ "FW-1", "TCP with its first data", fast_open, ECONNREFUSED },
	{ "FW-1", "a broadcast to the subnet", broadcast_subnet, EPERM },
	{ "FW-1", "a multicast", udp_multicast, EPERM },
	{ "FW-1", "by way of the loopback device", by_loopback_device, EPERM },
	{ "FW-1", "with the mark of networkd", with_mark, EPERM },
	{ "FW-2", "TCP to its host and port", tcp_secure, 0 },
	{ "FW-2", "UDP to its host and port", udp_secure, 0 },
	{ "FW-2", "TCP to another port of it", tcp_secure_other, ECONNREFUSED },
	{ "FW-2", "UDP to another port of it", udp_secure_other, EPERM },
	{ "FW-3", "UDP into its block", udp_block, 0 },
	{ "FW-3", "TCP into its block", tcp_block, 0 },
	{ "FW-3", "UDP beside its block", udp_beside_block, EPERM },
	{ "FW-4", "TCP to its peer", tcp_server, 0 },
	{ "FW-4", "TCP to its peer by the device's address", tcp_server_address, 0 },
	{ "FW-4", "UDP to its peer", udp_server, 0 },
	{ "FW-4", "UDP to a port of nobody", udp_no_port, EPERM },
	{ "FW-4", "TCP to a port of nobody", tcp_no_port, ECONNREFUSED },
	{ "FW-5", "a server that is not in its manifest", listen_elsewhere, EACCES },
	{ "FW-6", "DNS to another host", udp_dns_closed, EPERM },
	{ "FW-9", "TCP to its name's address before it asks", tcp_unnamed, ECONNREFUSED },
	{ "FW-9", "ask for its name", ask_name, 0 },
	{ "FW-9", "TCP to its name's address at once", tcp_named, 0 },
	{ "FW-9", "UDP to its name's address", udp_named, 0 },
	{ "FW-9", "TCP to another port of it", tcp_named_other, ECONNREFUSED },
	{ "FW-9", "ask for another name", ask_other_name, 0 },
	{ "FW-9", "TCP to the other name's address", tcp_closed_secure, ECONNREFUSED },
};

static void wait_for_server(void)
{
	while (reach_tcp("127.0.0.1", SERVER_TCP, LONG_MS))
		usleep(SHORT_MS * 100);
}

void client_app(void)
{
	reach_wait_for_network(GATEWAY);
	wait_for_server();
	attempt_all(as_app, ARRAY_SIZE(as_app));
	attempt_end("client-app");
}

static int result_of(int (*way)(void))
{
	return way() ? errno : 0;
}

void client_look(void)
{
	reach_wait_for_network(GATEWAY);
	dprintf(1, "look: gateway %d, secure %d\n", result_of(udp_gateway), result_of(tcp_secure));
	for (;;)
		pause();
}

static volatile sig_atomic_t is_over;

static void end(int number)
{
	(void)number;
	is_over = 1;
}

/*
 * One socket for all: the kernel must know it as the same flow throughout, and refuse nothing of
 * it.
 */
void client_ping(void)
{
	const struct sockaddr_in to = reach_address(GATEWAY, ECHO_PORT);
	unsigned long sent = 0, lost = 0, refused = 0, passed = 0;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	signal(SIGTERM, end);
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)))
		return;
	while (!is_over) {
		sent++;
		if (send(fd, "0123456789", 10, 0) != 10 || reach_echo(fd, 10, LONG_MS))
			lost += !is_over;
		if (reach_udp(CLOSED, ECHO_PORT, 10, SHORT_MS) && errno == EPERM)
			refused++;
		else
			passed += !is_over;
		if (reach_udp(GATEWAY, ECHO_PORT, 20, LONG_MS))
			lost += !is_over;
	}
	dprintf(1, "pinger: %lu rounds, %lu lost, %lu refused, %lu passed\n", sent, lost, refused,
		passed);
}
