/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sockets of application-manager that apps connect to, and who has.
 *
 * A peer is who the kernel says that it is, of the moment when it connected.
 */
#ifndef APPMAN_PEER_H
#define APPMAN_PEER_H


#include "app.h"

/*
 * A socket of type SEQPACKET that listens by the abstract name @name, on which up to @backlog wait.
 * Returns its descriptor, which the caller closes, or -errno.
 */
int peer_listen(const char *name, int backlog);

/* The app whose component and user the peer has, or NULL. */
struct app *peer_app(int fd);

#endif
