/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control socket (abi/control.md): who asks, and what is answered.
 *
 * A peer is known by what the kernel says of it (SO_PEERSEC), not by what it says, and only a system app
 * with a row in the table of control_peers.c has any right.  Nothing waits for a peer: a reply that
 * does not fit into its buffer ends the connection, an event that does not fit is lost.
 */
#ifndef APPMAN_CONTROL_H
#define APPMAN_CONTROL_H

#include <poll.h>
#include <stddef.h>

#include "app.h"
#include "limits.h"

/* Makes the socket.  Returns its descriptor, on which peers come, or -errno. */
int control_open(void);

/* A peer has come. */
void control_accept(void);

/* Fills in what to wait for, one for each possible client. */
void control_sources(struct pollfd sources[CONTROL_CLIENTS_MAX]);

/* Client @number has sent something, or is gone. */
void control_receive(size_t number);

/* Something has happened to an app: for those who watch.  @what completes a sentence that begins with its name. */
void control_tell(const struct app *app, const char *what);

/* An app has written a message. */
void control_log(const struct app *app, const char *text, size_t length);

#endif
