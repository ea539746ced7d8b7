// SPDX-License-Identifier: MIT
/* Readiness, the watchdog, and the word before memory ends. */
#include <applibs/lifecycle.h>

#include <errno.h>
#include <stddef.h>

#include "channel.h"

static Lifecycle_MemoryHighCallback *memory_high;
static void *memory_high_context;

int Lifecycle_Ready(void)
{
	return applibs_channel_send(APP_CHANNEL_READY, 0);
}

int Lifecycle_Alive(void)
{
	return applibs_channel_send(APP_CHANNEL_ALIVE, 0);
}

static void deliver(uint32_t events, const struct app_channel_memory *memory)
{
	const Lifecycle_Memory told = {
		.totalKB = memory->total,
		.userKB = memory->user,
		.peakKB = memory->peak,
		.highKB = memory->high,
		.limitKB = memory->limit,
	};

	(void)events;
	memory_high(&told, memory_high_context);
}

EventRegistration *
Lifecycle_RegisterForMemoryHigh(EventLoop *el,
				Lifecycle_MemoryHighCallback *callback,
				void *context)
{
	EventRegistration *reg;

	if (!callback) {
		errno = EFAULT;
		return NULL;
	}
	reg = applibs_channel_listen(CHANNEL_LIFECYCLE, el, APP_CHANNEL_ON_MEMORY_HIGH,
			     deliver);
	if (reg) {
		memory_high = callback;
		memory_high_context = context;
	}
	return reg;
}

int Lifecycle_UnregisterForMemoryHigh(EventRegistration *reg)
{
	return applibs_channel_end(CHANNEL_LIFECYCLE, reg);
}
