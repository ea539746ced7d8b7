/* SPDX-License-Identifier: MIT */
/*
 * Inside of applibs: the one channel of this process to application-manager,
 * for all that speak through it.
 *
 * It is opened when it is first used and stays open.  For one thread.
 */
#ifndef APPLIBS_CHANNEL_H
#define APPLIBS_CHANNEL_H

#include <stdint.h>

#include <applibs/eventloop.h>

#include "abi/app_channel.h"

/* Who listens for events, each for those that are its own. */
enum channel_listener {
	CHANNEL_LIFECYCLE,
	CHANNEL_SYSEVENT,
	CHANNEL_LISTENERS,
};

typedef void channel_deliver(uint32_t events,
			     const struct app_channel_memory *memory);

/* A request that has no reply.  0, or -1 with errno of socket(2), connect(2), send(2). */
int applibs_channel_send(uint32_t command, uint32_t value);

/*
 * A request and its reply, which is waited for.  @memory may be NULL.  0, or
 * -1 with errno: that of the reply, or ECONNRESET: the channel was closed.
 */
int applibs_channel_ask(uint32_t command, uint32_t value,
		struct app_channel_memory *memory);

/*
 * Has @deliver called from @el when some of @events have happened.  NULL with
 * errno: EFAULT, EEXIST this listener has one already, EACCES, those of
 * applibs_channel_ask() and EventLoop_RegisterIo().
 */
EventRegistration *applibs_channel_listen(enum channel_listener who, EventLoop *el,
				  uint32_t events, channel_deliver *deliver);

/* 0, also if @reg is NULL; or -1 with errno EINVAL: it is not of @who. */
int applibs_channel_end(enum channel_listener who, EventRegistration *reg);

#endif
