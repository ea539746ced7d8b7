// SPDX-License-Identifier: GPL-2.0-only
/* Which sockets there are: Unix, TCP, UDP; netlink for who configures the network. */

#include <linux/fs.h>
#include <linux/in.h>
#include <linux/net.h>
#include <linux/netlink.h>
#include <linux/socket.h>
#include <linux/sockios.h>
#include <linux/spherule/lsm.h>

#include "identity.h"

static bool is_plain(int type, int protocol)
{
	switch (type) {
	case SOCK_STREAM:
		return protocol == IPPROTO_IP || protocol == IPPROTO_TCP;
	case SOCK_DGRAM:
		return protocol == IPPROTO_IP || protocol == IPPROTO_UDP;
	default:
		return false;
	}
}

static int check_netlink(int protocol)
{
	if (protocol != NETLINK_ROUTE && protocol != NETLINK_NETFILTER)
		return -EPERM;
	return spherule_capable(SPHERULE_CAP_NETWORK_CONFIG) ? 0 : -EPERM;
}

/* The manager too: what it does not need it does not have. */
static int spherule_socket_create(int family, int type, int protocol, int kern)
{
	if (kern)
		return 0;
	switch (family) {
	case PF_UNIX:
		return 0;
	case PF_INET:
		return is_plain(type, protocol) ? 0 : -EPERM;
	case PF_NETLINK:
		return check_netlink(protocol);
	default:
		return -EAFNOSUPPORT;
	}
}

/*
 * What tells a hardware address, which follows its device for life: one's own,
 * by two ways, and those of the neighbours.
 */
static bool tells_hardware_address(unsigned int cmd)
{
	return cmd == SIOCGIFHWADDR || cmd == SIOCETHTOOL || cmd == SIOCGARP;
}

static int spherule_file_ioctl(struct file *file, unsigned int cmd,
			       unsigned long arg)
{
	if (!tells_hardware_address(cmd) || !S_ISSOCK(file_inode(file)->i_mode))
		return 0;
	return spherule_capable(SPHERULE_CAP_NETWORK_CONFIG) ? 0 : -EPERM;
}

static struct security_hook_list socket_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(socket_create, spherule_socket_create),
	LSM_HOOK_INIT(file_ioctl, spherule_file_ioctl),
};

void __init spherule_add_socket_hooks(void)
{
	security_add_hooks(socket_hooks, ARRAY_SIZE(socket_hooks),
			   &spherule_lsm_id);
}
