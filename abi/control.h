/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What controld and updated ask of application-manager: control.md.
 *
 * A Unix socket of type SEQPACKET with an abstract name: one packet is one request, one reply, or one
 * event.  Numbers have the order of the processor; both ends are programs of one device.
 */
#ifndef SPHERULE_ABI_CONTROL_H
#define SPHERULE_ABI_CONTROL_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/image.h"

#define CONTROL_SOCKET		"application-manager"	/* behind the NUL of an abstract name */
#define CONTROL_DATA_MAX	4096	/* bytes behind a request */
#define CONTROL_REASON_BYTES	96

enum control_command {
	CONTROL_LIST = 1,	/* value: number of an app from 0; record: struct control_app */
	CONTROL_STATUS,		/* component; record: struct control_app */
	CONTROL_START,		/* component */
	CONTROL_STOP,		/* component; until CONTROL_START or the next start of the device */
	CONTROL_RESTART,	/* component */
	CONTROL_MEMORY,		/* record: struct control_memory */
	CONTROL_WATCH,		/* flags: CONTROL_WATCH_*, 0 for nothing more */
	CONTROL_INSTALL_BEGIN,	/* value: bytes of the image package */
	CONTROL_INSTALL_DATA,	/* value: offset; data: the next bytes, a multiple of 4 */
	CONTROL_INSTALL_COMMIT,
	CONTROL_INSTALL_ABORT,
	CONTROL_REMOVE,		/* component; flags: CONTROL_REMOVE_* */
	CONTROL_RECORDS,	/* value: number from 0, the newest; record: struct control_record */
	CONTROL_SAFE_MODE,	/* flags: CONTROL_SAFE_MODE_ON, or 0 to end it */
	CONTROL_COMMAND_END,
};

#define CONTROL_WATCH_EVENTS	(1u << 0)	/* what happens to apps */
#define CONTROL_WATCH_LOG	(1u << 1)	/* what apps write */
#define CONTROL_REMOVE_STORAGE	(1u << 0)	/* with all that the app has stored */
#define CONTROL_SAFE_MODE_ON	(1u << 0)	/* only system apps are started */

struct control_request {
	uint32_t command;			/* enum control_command */
	uint32_t tag;				/* is in the reply */
	uint8_t component_id[IMAGE_UUID_BYTES];	/* 0 where the command names none */
	uint32_t value;				/* 0 where the command takes none */
	uint32_t flags;				/* likewise */
};

/* A record follows. */
struct control_reply {
	uint32_t command;			/* of the request; CONTROL_EVENT for an event */
	uint32_t tag;				/* likewise; 0 for an event */
	uint32_t error;				/* 0 or a number of errors.h */
	uint32_t record_bytes;
	char reason[CONTROL_REASON_BYTES];	/* text for people, ends in NUL; of an event what it says */
};

#define CONTROL_EVENT		0x80000000u	/* something has happened to an app; record: control_app */
#define CONTROL_LOG		0x80000001u	/* an app has written @reason */

struct control_app {
	uint8_t component_id[IMAGE_UUID_BYTES];
	char name[IMAGE_NAME_BYTES];
	char state[16];				/* a word of application-manager(8) */
	uint32_t is_system;
	uint32_t pid;				/* 0: it does not run */
	uint32_t uid;
	uint32_t restarts;
	uint32_t image_bytes;
	uint32_t run_ms;			/* since its last start */
	uint32_t sent, received, refused;	/* packets; in answers to LIST and STATUS only */
};

struct control_memory {
	uint32_t total_kib;			/* RAM of the machine */
	uint32_t used_kib;
	uint32_t is_safe_mode;			/* only system apps are started */
};

/* Why a program ended. */
enum control_end {
	CONTROL_END_EXIT = 1,	/* by itself, with @code */
	CONTROL_END_SIGNAL,	/* by @signal */
	CONTROL_END_WATCHDOG,	/* it did not say in time that it is well */
	CONTROL_END_MEMORY,	/* it wanted more than its limit */
	CONTROL_END_STOPPED,	/* it was told to */
	CONTROL_END_START,	/* it could not be started: @code is an errno of Linux */
	CONTROL_END_COUNT,
};

/* Where pc and lr are: SPHERULE_END_* of linux/spherule.h. */
#define CONTROL_WHERE_COUNT	3
#define CONTROL_WHERE_MASK	0x0f
#define CONTROL_WHERE_LR_SHIFT	4

struct control_record {
	uint8_t component_id[IMAGE_UUID_BYTES];
	uint32_t boot;				/* which start of the device, as the monitor counts */
	uint32_t time_s;			/* of its end, since the device started */
	uint32_t ran_ms;
	uint32_t peak_kib;			/* memory, since its first start of this boot */
	uint32_t pc, lr;			/* 0 but for a signal that stands for a fault of its own */
	uint8_t reason;				/* enum control_end */
	uint8_t code;				/* exit status */
	uint8_t signal;				/* 0: none ended it */
	uint8_t where;				/* of pc, bits 0 to 3, and of lr, bits 4 to 7 */
};

static_assert(sizeof(struct control_request) == 32, "no gaps");
static_assert(sizeof(struct control_reply) == 112, "no gaps");
static_assert(sizeof(struct control_record) == 44, "no gaps");

/*
 * Whether a packet of @bytes is a request, and in it only what its command takes.  Pure.
 * Returns NULL, or what is wrong with it.
 */
const char *control_check(const struct control_request *request, size_t bytes);

/* Whether the fields of a record, of wherever, are in their ranges.  Pure. */
int control_record_is_sound(const struct control_record *record);

#endif
