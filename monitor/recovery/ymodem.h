/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The receiving end of YMODEM: one file, blocks of 128 bytes or 1 KiB, CRC-16.
 *
 * Bytes and silences go in, what to do comes out: no input and output of its own, no memory but the
 * struct.  Source: Chuck Forsberg, "XMODEM/YMODEM Protocol Reference" (1988), chapters 4, 5 and 7.
 */
#ifndef MONITOR_RECOVERY_YMODEM_H
#define MONITOR_RECOVERY_YMODEM_H

#include <stdbool.h>
#include <stdint.h>

#define YMODEM_BLOCK_MAX	1024u
#define YMODEM_NAME_MAX		255u	/* bytes of the name; it is not used */
#define YMODEM_ERRORS_MAX	10u	/* in a row: chapter 7.4 */
#define YMODEM_ASK_MS		3000u	/* 'C' is repeated */
#define YMODEM_ASK_TOTAL_MS	60000u	/* until YMODEM_NOBODY */
#define YMODEM_SEND_MAX		8u

enum ymodem_event {
	YMODEM_NOTHING,
	YMODEM_BEGIN,		/* a file of @file_bytes follows */
	YMODEM_BLOCK,		/* its next @block_bytes, in @block */
	YMODEM_END,		/* the file was whole */
	YMODEM_DONE,		/* the sender has nothing more: the transfer is over */
	YMODEM_FAILED,		/* likewise, and it failed; @reason says why */
	YMODEM_NOBODY,		/* nobody sends */
};

/* What to do about a byte or a silence: first the event, then these bytes go to the sender. */
struct ymodem_action {
	enum ymodem_event event;
	uint32_t send_bytes;
	uint8_t send[YMODEM_SEND_MAX];
};

struct ymodem {
	/* For whoever is told of an event; valid until the next byte. */
	uint8_t block[YMODEM_BLOCK_MAX];
	uint32_t block_bytes;
	uint32_t file_bytes;
	const char *reason;		/* after YMODEM_FAILED, for the log */

	/* Its own. */
	uint8_t phase, field;
	uint8_t expected, number;	/* of blocks, modulo 256 */
	uint8_t previous;		/* the byte before, where a block may begin */
	bool has_end;			/* one EOT came */
	uint32_t size, got;		/* of the block that is coming */
	uint32_t crc;
	uint32_t left;			/* of the file */
	uint32_t errors, waited_ms, purged;
};

/* A new transfer: asked for once the line is quiet.  After DONE, FAILED or NOBODY begin again. */
void ymodem_begin(struct ymodem *y);

/* How long to wait for the next byte, in ms, 1 to 10000. */
uint32_t ymodem_timeout_ms(const struct ymodem *y);

void ymodem_byte(struct ymodem *y, uint8_t byte, struct ymodem_action *action);

/* ymodem_timeout_ms() have passed without a byte. */
void ymodem_silence(struct ymodem *y, struct ymodem_action *action);

/* The receiver cannot go on, which ends the transfer: @action is what to send.  @reason is kept. */
void ymodem_cancel(struct ymodem *y, const char *reason, struct ymodem_action *action);

#endif
