// SPDX-License-Identifier: Apache-2.0
/* Socket families, types and protocols: which of all numbers make a socket. */

#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>

#include <applibs/log.h>

#include "attempt.h"
#include "sockets.h"

/* Linux 6.12, include/linux/socket.h; numbers behind it are tried too. */
#define LAST_FAMILY		46
#define NETLINK_PROTOCOLS	32
#define IP_PROTOCOLS		256
#define MPTCP_PROTOCOL		262
#define FLAGS			(SOCK_NONBLOCK | SOCK_CLOEXEC)

static const int types[] = {
	SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_RDM, SOCK_SEQPACKET, SOCK_DCCP, SOCK_PACKET,
};

static int family;
static int (*make)(int family, int type, int protocol);

static int make_socket(int family, int type, int protocol)
{
	int fd = socket(family, type, protocol);

	attempt_close(fd);
	return fd < 0 ? -1 : 0;
}

static int make_pair(int family, int type, int protocol)
{
	int ends[2];

	if (socketpair(family, type, protocol, ends) < 0)
		return -1;
	attempt_close(ends[0]);
	attempt_close(ends[1]);
	return 0;
}

/* Every one is refused with the same errno; says which one is not. */
static int report(int type, int protocol, int result)
{
	int error = errno;

	Log_Debug("sockets: family %d, type %d, protocol %d: %s\n", family, type, protocol,
		  result < 0 ? "another error" : "made");
	errno = error;
	return result;
}

static int each_type(void)
{
	int first = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(types); i++) {
		for (unsigned int flags = 0; flags < 2; flags++) {
			int type = types[i] | (flags ? FLAGS : 0);
			int result = make(family, type, 0);

			if (result == 0 || (first && errno != first))
				return report(type, 0, result);
			first = errno;
		}
	}
	errno = first;
	return -1;
}

static void try_family(int number)
{
	char what[48];
	const struct attempt attempts[] = {
		{ "H-70", what, each_type, EAFNOSUPPORT },
		{ "H-70", what, each_type, EAFNOSUPPORT },
	};

	family = number;
	snprintf(what, sizeof(what), "family %d, every type", number);
	make = make_socket;
	attempt_all(&attempts[0], 1);
	snprintf(what, sizeof(what), "pairs of family %d, every type", number);
	make = make_pair;
	attempt_all(&attempts[1], 1);
}

/* PF_PACKET has a second name: type SOCK_PACKET of PF_INET. */
static int packet_by_old_name(void) { return make_socket(AF_INET, SOCK_PACKET, htons(3)); }
static int packet_of_all(void) { return make_socket(AF_PACKET, SOCK_RAW, htons(3)); }
static int packet_cooked(void) { return make_socket(AF_PACKET, SOCK_DGRAM, htons(3)); }
static int negative_family(void) { return make_socket(-1, SOCK_STREAM, 0); }
static int large_family(void) { return make_socket(0x7fffffff, SOCK_STREAM, 0); }
static int unknown_flags(void) { return make_socket(AF_UNIX, SOCK_STREAM | 0x100, 0); }

static int netlink_protocol;

static int netlink_each_type(void)
{
	static const int of_netlink[] = { SOCK_RAW, SOCK_DGRAM, SOCK_RAW | FLAGS };

	family = AF_NETLINK;
	for (unsigned int i = 0; i < ARRAY_SIZE(of_netlink); i++)
		if (make_socket(AF_NETLINK, of_netlink[i], netlink_protocol) == 0 || errno != EPERM)
			return report(of_netlink[i], netlink_protocol, errno == EPERM ? 0 : -1);
	errno = EPERM;
	return -1;
}

static void try_netlink(void)
{
	char what[48];
	const struct attempt attempt = { "H-70", what, netlink_each_type, EPERM };

	for (netlink_protocol = 0; netlink_protocol <= NETLINK_PROTOCOLS; netlink_protocol++) {
		snprintf(what, sizeof(what), "netlink, protocol %d", netlink_protocol);
		attempt_all(&attempt, 1);
	}
}

/* Every protocol of IPv4 with this type; those for which it is meant are the controls below. */
static int each_protocol(int type, int meant)
{
	static const int further[] = { IP_PROTOCOLS, MPTCP_PROTOCOL, -1, 0x7fffffff };
	unsigned int count = IP_PROTOCOLS + ARRAY_SIZE(further);

	family = AF_INET;
	for (unsigned int i = 0; i < count; i++) {
		int protocol = i < IP_PROTOCOLS ? (int)i : further[i - IP_PROTOCOLS];
		int result;

		if (meant >= 0 && (protocol == 0 || protocol == meant))
			continue;
		result = make_socket(AF_INET, type, protocol);
		if (result == 0 || errno != EPERM)
			return report(type, protocol, result);
	}
	errno = EPERM;
	return -1;
}

static int stream_protocols(void) { return each_protocol(SOCK_STREAM, IPPROTO_TCP); }
static int datagram_protocols(void) { return each_protocol(SOCK_DGRAM, IPPROTO_UDP); }
static int raw_protocols(void) { return each_protocol(SOCK_RAW, -1); }
static int sequenced_protocols(void) { return each_protocol(SOCK_SEQPACKET, -1); }
static int reliable_protocols(void) { return each_protocol(SOCK_RDM, -1); }
static int dccp_protocols(void) { return each_protocol(SOCK_DCCP, -1); }

static int tcp(void) { return make_socket(AF_INET, SOCK_STREAM, 0); }
static int tcp_by_number(void) { return make_socket(AF_INET, SOCK_STREAM, IPPROTO_TCP); }
static int udp(void) { return make_socket(AF_INET, SOCK_DGRAM | FLAGS, 0); }
static int udp_by_number(void) { return make_socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP); }
static int pair_of_tcp(void) { return make_pair(AF_INET, SOCK_STREAM, 0); }
static int unix_stream(void) { return make_socket(AF_UNIX, SOCK_STREAM, 0); }
static int unix_datagram(void) { return make_socket(AF_UNIX, SOCK_DGRAM, 0); }
static int unix_sequenced(void) { return make_socket(AF_UNIX, SOCK_SEQPACKET, 0); }
static int pair_of_unix(void) { return make_pair(AF_UNIX, SOCK_STREAM | FLAGS, 0); }
static int unix_of_packets(void) { return make_socket(AF_UNIX, SOCK_PACKET, 0); }
static int unix_protocol(void) { return make_socket(AF_UNIX, SOCK_STREAM, 2); }

static const struct attempt attempts[] = {
	{ "H-70", "TCP", tcp, 0 },
	{ "H-70", "TCP by its number", tcp_by_number, 0 },
	{ "H-70", "UDP", udp, 0 },
	{ "H-70", "UDP by its number", udp_by_number, 0 },
	{ "H-70", "Unix stream", unix_stream, 0 },
	{ "H-70", "Unix datagram", unix_datagram, 0 },
	{ "H-70", "Unix sequenced", unix_sequenced, 0 },
	{ "H-70", "Unix pair", pair_of_unix, 0 },
	{ "H-70", "Unix of packets", unix_of_packets, ESOCKTNOSUPPORT },
	{ "H-70", "Unix of another protocol", unix_protocol, EPROTONOSUPPORT },
	{ "H-70", "a pair of TCP", pair_of_tcp, EOPNOTSUPP },
	{ "H-70", "stream, every other protocol", stream_protocols, EPERM },
	{ "H-70", "datagram, every other protocol", datagram_protocols, EPERM },
	{ "H-70", "raw, every protocol", raw_protocols, EPERM },
	{ "H-70", "sequenced, every protocol", sequenced_protocols, EPERM },
	{ "H-70", "reliable, every protocol", reliable_protocols, EPERM },
	{ "H-70", "DCCP, every protocol", dccp_protocols, EPERM },
	{ "AS-05", "packets by the old name", packet_by_old_name, EAFNOSUPPORT },
	{ "AS-05", "packets, raw", packet_of_all, EAFNOSUPPORT },
	{ "AS-05", "packets, cooked", packet_cooked, EAFNOSUPPORT },
	{ "H-70", "a negative family", negative_family, EAFNOSUPPORT },
	{ "H-70", "a large family", large_family, EAFNOSUPPORT },
	{ "H-70", "unknown flags", unknown_flags, EINVAL },
};

void try_families(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
	try_netlink();
	for (int number = 0; number <= LAST_FAMILY; number++)
		if (number != AF_UNIX && number != AF_INET && number != AF_NETLINK)
			try_family(number);
}
