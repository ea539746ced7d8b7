/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The socket by which networkd tells the addresses of names (abi/resolver.md), for the firewall.
 *
 * Nothing here waits; the event loop calls in when a descriptor has something.
 */
#ifndef APPMAN_RESOLVER_H
#define APPMAN_RESOLVER_H

#include <sys/types.h>

/* Makes the socket.  Returns its descriptor for resolver_accept(), or -errno. */
int resolver_open(void);

/*
 * From now on only processes of this user come as far as the socket; they are still asked who they
 * are.
 */
int resolver_give(uid_t uid);

/*
 * Takes or turns down who has come.  Returns the descriptor for resolver_receive(), -1 when there
 * is none.
 */
int resolver_accept(void);

/* Takes messages.  Returns the descriptor, -1 when the connection has ended. */
int resolver_receive(void);

#endif
