// SPDX-License-Identifier: GPL-2.0-only
/* The states of a transfer: which block is awaited (phase), and what of it (field). */
#include "monitor/recovery/ymodem.h"

#include <stddef.h>
#include <string.h>

#define SOH			0x01
#define STX			0x02
#define EOT			0x04
#define ACK			0x06
#define NAK			0x15
#define CAN			0x18
#define CRC_WANTED		'C'

#define SHORT_BLOCK		128u
#define BLOCK_MS		10000u	/* until a block begins */
#define BYTE_MS			1000u	/* until its next byte, or until the line is quiet */
#define PURGE_MAX		4096u	/* a line that is never quiet */
#define FILE_BYTES_MAX		0x7fffffffu

enum phase {
	PHASE_HEADER,			/* name and length */
	PHASE_DATA,
	PHASE_LAST,			/* the header without a name */
	PHASE_OVER,
};

enum field {
	FIELD_START,
	FIELD_NUMBER,
	FIELD_COMPLEMENT,
	FIELD_DATA,
	FIELD_CRC_HIGH,
	FIELD_CRC_LOW,
	FIELD_PURGE,			/* nothing counts until the line is quiet */
};

static void send(struct ymodem_action *action, uint8_t byte)
{
	action->send[action->send_bytes++] = byte;
}

static void tell(struct ymodem *y, enum ymodem_event event, struct ymodem_action *action)
{
	action->event = event;
	if (event >= YMODEM_DONE)
		y->phase = PHASE_OVER;
}

/* Eight of them, as chapter 7.4 wants against noise that takes one. */
void ymodem_cancel(struct ymodem *y, const char *reason, struct ymodem_action *action)
{
	*action = (struct ymodem_action){ 0 };
	while (action->send_bytes < YMODEM_SEND_MAX)
		send(action, CAN);
	y->reason = reason;
	tell(y, YMODEM_FAILED, action);
}

/* What makes the sender begin, or send a block again. */
static void ask_again(struct ymodem *y, struct ymodem_action *action)
{
	send(action, y->phase == PHASE_DATA && (y->expected != 1 || y->has_end) ? NAK : CRC_WANTED);
}

static void wait_block(struct ymodem *y)
{
	y->field = FIELD_START;
	y->previous = 0;
}

/* Nothing of use came for @ms. */
static void count_error(struct ymodem *y, uint32_t ms, struct ymodem_action *action)
{
	wait_block(y);
	if (y->phase == PHASE_HEADER) {
		y->waited_ms += ms;
		if (y->waited_ms >= YMODEM_ASK_TOTAL_MS)
			tell(y, YMODEM_NOBODY, action);
		else
			ask_again(y, action);
	} else if (++y->errors > YMODEM_ERRORS_MAX) {
		ymodem_cancel(y, "too many errors on the line", action);
	} else {
		ask_again(y, action);
	}
}

static void purge(struct ymodem *y)
{
	y->field = FIELD_PURGE;
	y->purged = 0;
}

/*
 * The line may still bring the end of what failed before: the rest of a block, or many CAN.  Taken for
 * an answer to this transfer, it would be answered with CAN, and the next sender would give up.
 */
void ymodem_begin(struct ymodem *y)
{
	memset(y, 0, sizeof(*y));
	purge(y);
}

uint32_t ymodem_timeout_ms(const struct ymodem *y)
{
	if (y->field != FIELD_START)
		return BYTE_MS;
	return y->phase == PHASE_HEADER ? YMODEM_ASK_MS : BLOCK_MS;
}

void ymodem_silence(struct ymodem *y, struct ymodem_action *action)
{
	*action = (struct ymodem_action){ 0 };
	count_error(y, ymodem_timeout_ms(y), action);
}

/* ---- What is in a block -------------------------------------------------- */

/* Decimal digits up to a blank or the end, as all senders write it. */
static bool parse_length(const uint8_t *text, const uint8_t *end, uint32_t *bytes)
{
	const uint8_t *p = text;
	uint32_t value = 0;

	for (; p < end && *p >= '0' && *p <= '9'; p++) {
		const uint32_t digit = *p - (uint32_t)'0';

		if (value > (FILE_BYTES_MAX - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	if (p == text || p == end || (*p && *p != ' '))
		return false;
	*bytes = value;
	return true;
}

static void take_header(struct ymodem *y, struct ymodem_action *action)
{
	const uint8_t *end = y->block + y->size;
	const uint8_t *p = y->block;

	while (p < end && *p)
		p++;
	if (p == end || p == y->block || (uint32_t)(p - y->block) > YMODEM_NAME_MAX ||
	    !parse_length(p + 1, end, &y->file_bytes)) {
		ymodem_cancel(y, "no name or length of a file came", action);
		return;
	}
	y->left = y->file_bytes;
	y->phase = PHASE_DATA;
	y->expected = 1;
	tell(y, YMODEM_BEGIN, action);
	send(action, ACK);
	send(action, CRC_WANTED);
}

static void take_last(struct ymodem *y, struct ymodem_action *action)
{
	if (y->block[0]) {
		ymodem_cancel(y, "more than one file came", action);
		return;
	}
	tell(y, YMODEM_DONE, action);
	send(action, ACK);
}

static void take_data(struct ymodem *y, struct ymodem_action *action)
{
	if (!y->left) {
		ymodem_cancel(y, "the file is longer than was said", action);
		return;
	}
	y->block_bytes = y->size < y->left ? y->size : y->left;
	y->left -= y->block_bytes;
	y->expected++;
	tell(y, YMODEM_BLOCK, action);
	send(action, ACK);
}

/* Its answer was lost, and it came once more. */
static void take_again(struct ymodem *y, struct ymodem_action *action)
{
	if (++y->errors > YMODEM_ERRORS_MAX) {
		ymodem_cancel(y, "one block comes again and again", action);
		return;
	}
	send(action, ACK);
	if (y->phase == PHASE_DATA && y->expected == 1)
		send(action, CRC_WANTED);
}

/* A block whose checksum is right. */
static void take_block(struct ymodem *y, struct ymodem_action *action)
{
	static void (*const take[])(struct ymodem *, struct ymodem_action *) = {
		[PHASE_HEADER] = take_header,
		[PHASE_DATA] = take_data,
		[PHASE_LAST] = take_last,
	};

	wait_block(y);
	if (y->number == y->expected) {
		y->errors = 0;
		y->has_end = false;
		take[y->phase](y, action);
	} else if (y->phase == PHASE_DATA && y->number == (uint8_t)(y->expected - 1)) {
		take_again(y, action);
	} else {
		ymodem_cancel(y, "a block is missing", action);
	}
}

/* ---- Bytes --------------------------------------------------------------- */

/* The first is refused: a sender that means it says it again, and noise does not. */
static void take_end(struct ymodem *y, struct ymodem_action *action)
{
	if (y->phase == PHASE_HEADER) {
		purge(y);
	} else if (y->phase == PHASE_LAST) {
		count_error(y, 0, action);
		if (action->event == YMODEM_NOTHING) {
			action->send_bytes = 0;
			send(action, ACK);
			send(action, CRC_WANTED);
		}
	} else if (!y->has_end) {
		y->has_end = true;
		send(action, NAK);
	} else if (y->left) {
		ymodem_cancel(y, "the file is shorter than was said", action);
	} else {
		y->phase = PHASE_LAST;
		y->expected = 0;
		tell(y, YMODEM_END, action);
		send(action, ACK);
		send(action, CRC_WANTED);
	}
}

static void start_block(struct ymodem *y, uint32_t size)
{
	y->field = FIELD_NUMBER;
	y->size = size;
	y->got = 0;
	y->crc = 0;
}

static void take_start(struct ymodem *y, uint8_t byte, struct ymodem_action *action)
{
	const bool is_cancel = byte == CAN && y->phase != PHASE_HEADER;
	const bool is_cancelled = is_cancel && y->previous == CAN;

	y->previous = byte;
	if (byte == SOH)
		start_block(y, SHORT_BLOCK);
	else if (byte == STX)
		start_block(y, YMODEM_BLOCK_MAX);
	else if (byte == EOT)
		take_end(y, action);
	else if (is_cancelled)
		ymodem_cancel(y, "the sender has given up", action);
	else if (!is_cancel)
		purge(y);
}

/* The polynomial x^16 + x^12 + x^5 + 1, the highest bit first, from 0: chapter 8. */
static uint32_t crc_add(uint32_t crc, uint8_t byte)
{
	crc ^= (uint32_t)byte << 8;
	for (uint32_t bit = 0; bit < 8; bit++)
		crc = crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1;
	return crc & 0xffff;
}

static void take_field(struct ymodem *y, uint8_t byte, struct ymodem_action *action)
{
	switch (y->field) {
	case FIELD_NUMBER:
		y->number = byte;
		y->field = FIELD_COMPLEMENT;
		return;
	case FIELD_COMPLEMENT:
		if ((y->number ^ byte) == 0xff)
			y->field = FIELD_DATA;
		else
			purge(y);
		return;
	case FIELD_DATA:
		y->block[y->got++] = byte;
		y->crc = crc_add(y->crc, byte);
		if (y->got == y->size)
			y->field = FIELD_CRC_HIGH;
		return;
	case FIELD_CRC_HIGH:
		y->crc ^= (uint32_t)byte << 8;
		y->field = FIELD_CRC_LOW;
		return;
	case FIELD_CRC_LOW:
		if (y->crc == byte)
			take_block(y, action);
		else
			purge(y);
		return;
	default:
		if (++y->purged == PURGE_MAX)
			count_error(y, BYTE_MS, action);
		return;
	}
}

void ymodem_byte(struct ymodem *y, uint8_t byte, struct ymodem_action *action)
{
	*action = (struct ymodem_action){ 0 };
	if (y->field == FIELD_START)
		take_start(y, byte, action);
	else
		take_field(y, byte, action);
}
