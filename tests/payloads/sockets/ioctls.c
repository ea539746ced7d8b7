// SPDX-License-Identifier: Apache-2.0
/*
 * Requests that change or name the machine's network.  A socket of any family takes them: each is
 * made on TCP, UDP and Unix sockets.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <net/route.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attempt.h"
#include "sockets.h"

static const struct request {
	const char *what;
	unsigned long number;
	int expected;
	const char *row;
} requests[] = {
	{ "read the flags of an interface", SIOCGIFFLAGS, 0, "H-71" },
	{ "read its index", SIOCGIFINDEX, 0, "H-71" },
	{ "read its MTU", SIOCGIFMTU, 0, "H-71" },
	{ "read its hardware address", SIOCGIFHWADDR, EPERM, "H-71" },
	{ "set its flags", SIOCSIFFLAGS, EPERM, "H-71" },
	{ "set its metric", SIOCSIFMETRIC, EPERM, "H-71" },
	{ "set its MTU", SIOCSIFMTU, EPERM, "H-71" },
	{ "set its name", SIOCSIFNAME, EPERM, "H-71" },
	{ "set its hardware address", SIOCSIFHWADDR, EPERM, "H-71" },
	{ "set its hardware broadcast address", SIOCSIFHWBROADCAST, EPERM, "H-71" },
	{ "set its hardware", SIOCSIFMAP, EPERM, "H-71" },
	{ "set its queue", SIOCSIFTXQLEN, EPERM, "H-71" },
	{ "set its link", SIOCSIFLINK, ENOTTY, "H-71" },
	{ "add a multicast address", SIOCADDMULTI, EPERM, "H-71" },
	{ "remove a multicast address", SIOCDELMULTI, EPERM, "H-71" },
	{ "read its permanent address from its driver", SIOCETHTOOL, EPERM, "H-71" },
	{ "write to its chip", SIOCSMIIREG, EPERM, "H-71" },
	{ "let its hardware stamp the time", SIOCSHWTSTAMP, EPERM, "H-71" },
	{ "enslave it", SIOCBONDENSLAVE, EPERM, "H-71" },
	{ "release it", SIOCBONDRELEASE, EPERM, "H-71" },
	{ "the first request of its driver", SIOCDEVPRIVATE, EOPNOTSUPP, "H-71" },
	{ "add a bridge", SIOCBRADDBR, ENOPKG, "H-71" },
	{ "remove a bridge", SIOCBRDELBR, ENOPKG, "H-71" },
	{ "add to a bridge", SIOCBRADDIF, ENOPKG, "H-71" },
	{ "set a VLAN", SIOCSIFVLAN, ENOPKG, "H-71" },
	{ "a request of no kind", 0x8980, ENOTTY, "H-71" },
};

/* Only sockets of IPv4 know these. */
static const struct request of_internet[] = {
	{ "set an address", SIOCSIFADDR, EPERM, "H-71" },
	{ "set a broadcast address", SIOCSIFBRDADDR, EPERM, "H-71" },
	{ "set a remote address", SIOCSIFDSTADDR, EPERM, "H-71" },
	{ "set a net mask", SIOCSIFNETMASK, EPERM, "H-71" },
	{ "add a route", SIOCADDRT, EPERM, "H-71" },
	{ "remove a route", SIOCDELRT, EPERM, "H-71" },
	{ "add a neighbour", SIOCSARP, EPERM, "H-71" },
	{ "remove a neighbour", SIOCDARP, EPERM, "H-71" },
};

static const struct request *request;

/* Larger than every structure that one of the requests wants. */
union argument {
	struct ifreq interface;
	struct rtentry route;
	struct arpreq neighbour;
	char bytes[256];
};

/* SIOCETHTOOL: another way to the hardware address. */
static struct {
	struct ethtool_perm_addr question;
	unsigned char address[32];
} permanent;

static void fill(union argument *argument)
{
	memset(argument, 0, sizeof(*argument));
	if (request->number == SIOCADDRT || request->number == SIOCDELRT) {
		argument->route.rt_dst.sa_family = AF_INET;
		argument->route.rt_gateway.sa_family = AF_INET;
		return;
	}
	if (request->number == SIOCSARP || request->number == SIOCDARP) {
		argument->neighbour.arp_pa.sa_family = AF_INET;
		argument->neighbour.arp_flags = ATF_COM;
		return;
	}
	memcpy(argument->interface.ifr_name, "lo", sizeof("lo"));
	if (request->number == SIOCETHTOOL) {
		permanent.question.cmd = ETHTOOL_GPERMADDR;
		permanent.question.size = sizeof(permanent.address);
		argument->interface.ifr_data = (char *)&permanent;
		return;
	}
	argument->interface.ifr_addr.sa_family = AF_INET;
}

static int ask(int family, int type)
{
	union argument argument;
	int fd = socket(family, type | SOCK_CLOEXEC, 0);
	int result;

	fill(&argument);
	result = ioctl(fd, request->number, &argument);
	attempt_close(fd);
	return result;
}

static int by_internet(void)
{
	int result = ask(AF_INET, SOCK_DGRAM), error = errno;

	if (ask(AF_INET, SOCK_STREAM) != result || (result < 0 && errno != error))
		return -1;
	return result;
}

static int by_all(void)
{
	int result = by_internet(), error = errno;

	if (ask(AF_UNIX, SOCK_DGRAM) != result || (result < 0 && errno != error))
		return -1;
	return result;
}

static void try_requests(const struct request *first, unsigned int count, int (*make)(void))
{
	for (request = first; request < first + count; request++) {
		const struct attempt attempt = { request->row, request->what, make,
						 request->expected };

		attempt_all(&attempt, 1);
	}
}

static short flags_before;

static short flags_of_loopback(void)
{
	struct ifreq interface = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int result = ioctl(fd, SIOCGIFFLAGS, &interface);

	attempt_close(fd);
	return result < 0 ? -1 : interface.ifr_flags;
}

static int flags_are_the_same(void) { return flags_of_loopback() == flags_before ? 0 : -1; }

static const struct attempt attempts[] = {
	{ "H-71", "the interface is what it was", flags_are_the_same, 0 },
};

void try_ioctls(void)
{
	flags_before = flags_of_loopback();
	try_requests(requests, ARRAY_SIZE(requests), by_all);
	try_requests(of_internet, ARRAY_SIZE(of_internet), by_internet);
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
