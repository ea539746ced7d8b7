// SPDX-License-Identifier: Apache-2.0
/* Network interfaces. */

#include <arpa/inet.h>
#include <net/if.h>
#include <net/route.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attempt.h"
#include "interface.h"

static void set_address(struct sockaddr *place, const char *address)
{
	struct sockaddr_in name = { .sin_family = AF_INET, .sin_addr.s_addr = inet_addr(address) };

	memcpy(place, &name, sizeof(name));
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
