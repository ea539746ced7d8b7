/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The channels of apps (abi/app_channel.md): one at most for each that runs, if it wants one.
 *
 * Nothing waits for an app.  One that sends too much is heard less often, and what does not fit into the
 * buffer of one that does not read ends its channel.  Descriptors are numbered by the place of the app
 * in the table.
 */
#ifndef APPMAN_CHANNEL_H
#define APPMAN_CHANNEL_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#include "app.h"

/* One for each app, and behind them the socket on which they come. */
#define CHANNEL_SOURCES	(APP_MAX + 1)

/* Makes the socket.  Returns 0 or -errno. */
int channel_open(void);

/*
 * Fills in what to wait for at @now_ms.  Returns when one is heard again that has sent too much; -1: there
 * is none.
 */
long long channel_sources(struct pollfd sources[CHANNEL_SOURCES], long long now_ms);

/* What app @number has sent, or that it is gone; APP_MAX: apps have come. */
void channel_receive(size_t number);

/* Tells @app of @events, APP_CHANNEL_ON_*, if it wants to know of them. */
void channel_tell(const struct app *app, uint32_t events);

/* @app has ended. */
void channel_close(const struct app *app);

#endif
