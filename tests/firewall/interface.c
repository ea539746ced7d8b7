// SPDX-License-Identifier: Apache-2.0
/* Network interfaces. */

#include <arpa/inet.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <net/route.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attempt.h"
#include "interface.h"

/* The kernel has 64 or less (NETDEV_FEATURE_COUNT). */
#define FEATURES_MAX	64

static void set_address(struct sockaddr *place, const char *address)
{
	struct sockaddr_in name = { .sin_family = AF_INET, .sin_addr.s_addr = inet_addr(address) };

	memcpy(place, &name, sizeof(name));
}

/* The place of a feature among the device's features; -1: it has none of that name. */
static int find_feature(int fd, struct ifreq *request, const char *name)
{
	static struct {
		struct ethtool_gstrings head;
		char names[FEATURES_MAX][ETH_GSTRING_LEN];
	} strings = { .head = { .cmd = ETHTOOL_GSTRINGS, .string_set = ETH_SS_FEATURES } };

	request->ifr_data = (char *)&strings;
	if (ioctl(fd, SIOCETHTOOL, request))
		return -1;
	for (unsigned int i = 0; i < strings.head.len && i < FEATURES_MAX; i++)
		if (!strncmp(strings.names[i], name, ETH_GSTRING_LEN))
			return (int)i;
	return -1;
}

/*
 * A host that hands over 64 KiB as one packet waits for ever for a ring of 32 buffers to have room for
 * it (docs/ram.md).  So the card is told that each packet is to fit the wire.
 */
static int refuse_large_packets(int fd, struct ifreq *request)
{
	struct {
		struct ethtool_sfeatures head;
		struct ethtool_set_features_block blocks[FEATURES_MAX / 32];
	} wanted = { .head = { .cmd = ETHTOOL_SFEATURES } };
	int feature = find_feature(fd, request, "rx-gro-hw");

	if (feature < 0)
		return 0;
	wanted.head.size = (uint32_t)feature / 32 + 1;
	wanted.blocks[feature / 32].valid = UINT32_C(1) << feature % 32;
	request->ifr_data = (char *)&wanted;
	return ioctl(fd, SIOCETHTOOL, request) < 0 ? -1 : 0;
}

int interface_raise(const char *name, const char *address, const char *mask)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), result;
	struct ifreq request = { 0 };

	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	set_address(&request.ifr_addr, address);
	result = ioctl(fd, SIOCSIFADDR, &request);
	set_address(&request.ifr_netmask, mask);
	if (result == 0)
		result = ioctl(fd, SIOCSIFNETMASK, &request);
	if (result == 0)
		result = refuse_large_packets(fd, &request);
	memset(&request.ifr_ifru, 0, sizeof(request.ifr_ifru));
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	if (result == 0)
		result = ioctl(fd, SIOCSIFFLAGS, &request);
	attempt_close(fd);
	return result;
}

int interface_route(const char *gateway)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), result;
	struct rtentry route = { .rt_flags = RTF_UP | RTF_GATEWAY };

	set_address(&route.rt_dst, "0.0.0.0");
	set_address(&route.rt_genmask, "0.0.0.0");
	set_address(&route.rt_gateway, gateway);
	result = ioctl(fd, SIOCADDRT, &route);
	attempt_close(fd);
	return result;
}
