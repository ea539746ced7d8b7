/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/*
 * What an app and application-manager tell each other while the app runs: app_channel.md.
 *
 * A Unix socket of type SEQPACKET with an abstract name.  Packets have a fixed size, numbers the order
 * of the processor: both ends are programs of one device.  Also under MIT, because applibs has it.
 */
#ifndef SPHERULE_ABI_APP_CHANNEL_H
#define SPHERULE_ABI_APP_CHANNEL_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define APP_CHANNEL_SOCKET	"application-manager.app"	/* behind the NUL of an abstract name */

enum app_channel_command {
	APP_CHANNEL_READY = 1,		/* no reply */
	APP_CHANNEL_ALIVE,		/* no reply */
	APP_CHANNEL_EVENTS,		/* value: APP_CHANNEL_ON_* that are wanted from now on */
	APP_CHANNEL_TAKEN,		/* value: those of the last event that were handled; no reply */
	APP_CHANNEL_MEMORY,		/* needs HeapMemStats */
	APP_CHANNEL_RESET_PEAK,		/* needs ResetMemoryWatermarks */
	APP_CHANNEL_REBOOT,		/* needs ForceReboot */
	APP_CHANNEL_POWER_DOWN,		/* needs ForcePowerDown; value: seconds until it wakes, not 0 */
	APP_CHANNEL_COMMAND_END,
};

/* Bits of events.  What is about updates needs SystemEventNotifications. */
#define APP_CHANNEL_ON_MEMORY_HIGH	(1u << 0)
#define APP_CHANNEL_ON_UPDATE_READY	(1u << 1)
#define APP_CHANNEL_ON_UPDATE_STARTED	(1u << 2)	/* nothing sends this one yet */
#define APP_CHANNEL_ON_NO_UPDATE	(1u << 3)	/* likewise */
#define APP_CHANNEL_ON_UPDATES	(APP_CHANNEL_ON_UPDATE_READY | APP_CHANNEL_ON_UPDATE_STARTED | \
				 APP_CHANNEL_ON_NO_UPDATE)
#define APP_CHANNEL_ON_ALL	(APP_CHANNEL_ON_MEMORY_HIGH | APP_CHANNEL_ON_UPDATES)

#define APP_CHANNEL_NO_WAKE	0xffffffffu	/* of POWER_DOWN: until somebody switches it on */

struct app_channel_request {
	uint32_t command;	/* enum app_channel_command */
	uint32_t value;		/* 0 where the command takes none */
};

#define APP_CHANNEL_EVENT	0x80000000u	/* the command of a message that nobody asked for */

/* KiB. */
struct app_channel_memory {
	uint32_t total;		/* all that the app uses, the kernel's for it included */
	uint32_t user;		/* of it its programs' own: data, stacks, files in memory */
	uint32_t peak;		/* of total, since the device started or it was set back */
	uint32_t high;		/* from here on it is told, and slowed down */
	uint32_t limit;		/* more is not given */
};

/* A reply or an event. */
struct app_channel_message {
	uint32_t command;	/* of the request, or APP_CHANNEL_EVENT */
	int32_t result;		/* of a request: 0 or -errno */
	uint32_t events;	/* of an event: APP_CHANNEL_ON_* */
	struct app_channel_memory memory; /* of APP_CHANNEL_MEMORY, and of each event */
};

static_assert(sizeof(struct app_channel_request) == 8, "no gaps");
static_assert(sizeof(struct app_channel_message) == 32, "no gaps");

/* Whether a packet of @bytes is a request, with no more than its command takes: 0 or -EBADMSG.  Pure. */
int app_channel_check(const struct app_channel_request *request, size_t bytes);

#endif
