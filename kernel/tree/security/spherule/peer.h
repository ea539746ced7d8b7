/* SPDX-License-Identifier: GPL-2.0-only */
/* What a socket knows of both of its ends. */
#ifndef _SECURITY_SPHERULE_PEER_H
#define _SECURITY_SPHERULE_PEER_H

#include "identity.h"

/**
 * struct spherule_peer - the identities at a socket
 * @maker: who made this socket
 * @peer: who is at the other end, if @connected
 * @connected: @peer is set, once, before the socket can be used
 */
struct spherule_peer {
	struct spherule_identity maker;
	struct spherule_identity peer;
	bool connected;
};

#endif
