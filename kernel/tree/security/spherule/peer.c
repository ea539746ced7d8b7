// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is at the other end of a Unix socket: SO_PEERSEC.
 *
 * A socket remembers who made it. A connection copies that to the other side,
 * where it stays what it was, whoever holds the socket later.
 */

#include <linux/net.h>
#include <linux/sockptr.h>
#include <net/sock.h>
#include <uapi/linux/spherule.h>

#include "identity.h"
#include "peer.h"
#include "text.h"

static struct spherule_peer *peer_of(const struct sock *sk)
{
	return sk->sk_security + spherule_blob_sizes.lbs_sock;
}

static int spherule_socket_post_create(struct socket *sock, int family,
				       int type, int protocol, int kern)
{
	if (sock->sk)
		peer_of(sock->sk)->maker =
			*spherule_identity_of(current_cred());
	return 0;
}

static void set_peer(struct sock *sk, const struct spherule_identity *identity)
{
	peer_of(sk)->peer = *identity;
	peer_of(sk)->connected = true;
}

static int spherule_unix_stream_connect(struct sock *sock, struct sock *other,
					struct sock *newsk)
{
	/* Who connects counts, not who made the socket that it connects. */
	set_peer(newsk, spherule_identity_of(current_cred()));
	set_peer(sock, &peer_of(other)->maker);
	peer_of(newsk)->maker = peer_of(other)->maker;
	return 0;
}

static int spherule_socket_socketpair(struct socket *a, struct socket *b)
{
	set_peer(a->sk, &peer_of(b->sk)->maker);
	set_peer(b->sk, &peer_of(a->sk)->maker);
	return 0;
}

static int spherule_socket_getpeersec_stream(struct socket *sock,
					     sockptr_t optval, sockptr_t optlen,
					     unsigned int room)
{
	const struct spherule_peer *peer = peer_of(sock->sk);
	char text[SPHERULE_IDENTITY_BYTES + 1];
	u32 length = SPHERULE_IDENTITY_BYTES;
	int err = 0;

	if (!peer->connected)
		return -ENOPROTOOPT;
	spherule_identity_format(&peer->peer, text);
	if (room < length)
		err = -ERANGE;
	else if (copy_to_sockptr(optval, text, length))
		err = -EFAULT;
	if (copy_to_sockptr(optlen, &length, sizeof(length)))
		err = -EFAULT;
	return err;
}

static struct security_hook_list peer_hooks[] __ro_after_init = {
	LSM_HOOK_INIT(socket_post_create, spherule_socket_post_create),
	LSM_HOOK_INIT(unix_stream_connect, spherule_unix_stream_connect),
	LSM_HOOK_INIT(socket_socketpair, spherule_socket_socketpair),
	LSM_HOOK_INIT(socket_getpeersec_stream,
		      spherule_socket_getpeersec_stream),
};

void __init spherule_add_peer_hooks(void)
{
	security_add_hooks(peer_hooks, ARRAY_SIZE(peer_hooks),
			   &spherule_lsm_id);
}
