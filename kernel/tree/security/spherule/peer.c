// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unix sockets between components: who is at the other end (SO_PEERSEC), and
 * who may be reached at all.
 *
 * Linux keeps the credentials of a peer for SO_PEERCRED, as they were when it
 * called connect(), listen() or socketpair(). The identity is in them.
 */

#include <linux/net.h>
#include <linux/sockptr.h>
#include <net/sock.h>
#include <uapi/linux/spherule.h>

#include "identity.h"
#include "text.h"

/*
 * A component reaches itself, the manager, and who offers a service to others.
 * The manager reaches everybody.
 */
static int may_reach(const struct cred *server)
{
	if (spherule_is_trusted() ||
	    spherule_same_component(current_cred(), server) ||
	    spherule_cred_capable(server, SPHERULE_CAP_SERVE))
		return 0;
	return -EPERM;
}

/* @other is locked; it listens, so that its credentials are there. */
static int spherule_unix_stream_connect(struct sock *sock, struct sock *other,
					struct sock *newsk)
{
	return may_reach(other->sk_peer_cred);
}

/*
 * A datagram socket has no credentials of its own; the file of it has those of
 * its maker. One that is not yet, or no longer, a file is nobody's to reach.
 */
static int spherule_unix_may_send(struct socket *sock, struct socket *other)
{
	return other && other->file ? may_reach(other->file->f_cred) : -EPERM;
}

static bool copy_peer(struct sock *sk, struct spherule_identity *identity)
{
	bool known;

	spin_lock(&sk->sk_peer_lock);
	known = sk->sk_peer_cred;
	if (known)
		*identity = *spherule_identity_of(sk->sk_peer_cred);
	spin_unlock(&sk->sk_peer_lock);
	return known;
}

static int spherule_socket_getpeersec_stream(struct socket *sock,
					     sockptr_t optval, sockptr_t optlen,
					     unsigned int room)
{
	struct spherule_identity identity;
	char text[SPHERULE_IDENTITY_BYTES + 1];
	u32 length = SPHERULE_IDENTITY_BYTES;
	int err = 0;

	/* A listening socket holds its own credentials there: it has no peer. */
	if (sock->sk->sk_family != PF_UNIX ||
	    sock->sk->sk_state == TCP_LISTEN || !copy_peer(sock->sk, &identity))
		return -ENOPROTOOPT;
	spherule_identity_format(&identity, text);
	if (room < length)
		err = -ERANGE;
	else if (copy_to_sockptr(optval, text, length))
		err = -EFAULT;
	if (copy_to_sockptr(optlen, &length, sizeof(length)))
		err = -EFAULT;
	return err;
}

static struct security_hook_list peer_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(unix_stream_connect, spherule_unix_stream_connect),
	LSM_HOOK_INIT(unix_may_send, spherule_unix_may_send),
	LSM_HOOK_INIT(socket_getpeersec_stream,
		      spherule_socket_getpeersec_stream),
};

void __init spherule_add_peer_hooks(void)
{
	security_add_hooks(peer_hooks, ARRAY_SIZE(peer_hooks),
			   &spherule_lsm_id);
}
