/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the apps write to their standard output and error.
 *
 * Each app gets a datagram socket that is connected to one socket of pid 1: no pages for a pipe,
 * no copy of the app's name in the message.  Who wrote a message is known from the credentials that
 * the kernel attaches, and cannot be forged.
 */
#ifndef APPMAN_APPLOG_H
#define APPMAN_APPLOG_H

/* Makes the receiving socket.  Returns it, or -errno. */
int applog_open(void);

/* A sending socket for an app.  Returns it, or -errno. */
int applog_open_sender(void);

/* Takes at most LOG_BURST messages from the receiving socket to the console. */
void applog_receive(void);

#endif
