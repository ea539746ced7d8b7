// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ports: which a task may bind by name. The manager says it of a program before
 * its execve(), beside its identity, and it is inherited like that. Any port,
 * chosen by the kernel, is everybody's.
 */

#include <linux/in.h>
#include <linux/net.h>
#include <linux/spherule/lsm.h>
#include <net/sock.h>
#include <uapi/linux/spherule.h>

#include "identity.h"

int spherule_set_ports(const void *bytes, size_t length)
{
	const struct spherule_ports *ports = bytes;
	struct spherule_cred *own;
	struct cred *cred;

	if (!spherule_is_trusted())
		return -EPERM;
	if (length != sizeof(*ports) ||
	    ports->tcp_count > ARRAY_SIZE(ports->numbers) ||
	    ports->udp_count > ARRAY_SIZE(ports->numbers) - ports->tcp_count)
		return -EINVAL;
	cred = prepare_creds();
	if (!cred)
		return -ENOMEM;
	own = spherule_cred_of(cred);
	own->ports = *ports;
	return commit_creds(cred);
}

static bool has_port(const struct spherule_ports *ports, int type, u16 port)
{
	unsigned int at = type == SOCK_STREAM ? 0 : ports->tcp_count;
	unsigned int end = type == SOCK_STREAM ? ports->tcp_count :
						 at + ports->udp_count;

	for (; at < end; at++)
		if (ports->numbers[at] == port)
			return true;
	return false;
}

/*
 * Whatever family the address says: bind() of IPv4 takes some that say none.
 * Ports below 1024 ask for SPHERULE_CAP_LOW_PORT as well, afterwards.
 */
static int spherule_socket_bind(struct socket *sock, struct sockaddr *address,
				int length)
{
	const struct sockaddr_in *name = (const struct sockaddr_in *)address;
	u16 port;

	if (sock->sk->sk_family != PF_INET || length < (int)sizeof(*name))
		return 0;
	port = ntohs(name->sin_port);
	if (!port || spherule_capable(SPHERULE_CAP_NETWORK_CONFIG) ||
	    has_port(&spherule_cred_of(current_cred())->ports,
		     sock->sk->sk_type, port))
		return 0;
	return -EACCES;
}

static struct security_hook_list port_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(socket_bind, spherule_socket_bind),
};

void __init spherule_add_port_hooks(void)
{
	security_add_hooks(port_hooks, ARRAY_SIZE(port_hooks),
			   &spherule_lsm_id);
}
