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

#include <stdbool.h>
#include <stddef.h>

#include "app.h"

/* Makes the receiving socket.  Returns it, or -errno. */
int applog_open(void);

/* A sending socket for an app.  Returns it, or -errno. */
int applog_open_sender(void);

/* Takes at most LOG_BURST messages from the receiving socket to the console. */
void applog_receive(void);

/*
 * Whether a message of @bytes is within the quota of an app: a bucket that LogBytesPerSecond of its manifest
 * fills, up to LOG_QUOTA_S seconds' worth.  Who has emptied it is not heard until half of it is there
 * again, so that what was dropped is said once and not between any two messages.  What is not taken is
 * counted in @quota until somebody says so.  Pure.
 */
bool applog_takes(struct log_quota *quota, size_t bytes, long long now_ms);

#endif
