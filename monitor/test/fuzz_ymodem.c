// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hostile sender: bytes, silences, and blocks with a right checksum.
 *
 * Must hold: no event out of its order, no byte of a file more than was said, a whole file at its end.
 * Each step is a byte of what to do, then what it takes.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "monitor/recovery/ymodem.h"
#include "ymodem_sender.h"

#define MIN(a, b)		((a) < (b) ? (a) : (b))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static struct ymodem y;
static struct ymodem_action action;
static bool has_begun, has_ended;
static uint32_t got;

static void begin(void)
{
	ymodem_begin(&y);
	ymodem_silence(&y, &action);
	has_begun = false;
	has_ended = false;
	got = 0;
}

static void require(bool condition)
{
	if (!condition)
		abort();
}

static void check(void)
{
	require(action.send_bytes <= YMODEM_SEND_MAX);
	switch (action.event) {
	case YMODEM_NOTHING:
		break;
	case YMODEM_BEGIN:
		require(!has_begun);
		has_begun = true;
		break;
	case YMODEM_BLOCK:
		require(has_begun && !has_ended && y.block_bytes && y.block_bytes <= YMODEM_BLOCK_MAX);
		require(y.block_bytes <= y.file_bytes - got);
		got += y.block_bytes;
		break;
	case YMODEM_END:
		require(has_begun && !has_ended && got == y.file_bytes);
		has_ended = true;
		break;
	case YMODEM_DONE:
		require(has_ended);
		break;
	case YMODEM_NOBODY:
		require(!has_begun);
		break;
	case YMODEM_FAILED:
		require(y.reason && action.send_bytes);
		break;
	}
	if (action.event >= YMODEM_DONE)
		begin();
	require(ymodem_timeout_ms(&y) >= 1 && ymodem_timeout_ms(&y) <= 10000);
}

static void feed(const uint8_t *data, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		ymodem_byte(&y, data[i], &action);
		check();
	}
}

/* Number, length of what is given, that; the rest is zero. */
static size_t feed_block(const uint8_t *data, size_t bytes, uint32_t size)
{
	uint8_t block[SENDER_BLOCK_MAX];
	const size_t count = bytes < 2 ? 0 : MIN(MIN(bytes - 2, data[1]), size);

	if (bytes < 2)
		return bytes;
	feed(block, sender_put_block(block, data[0], size, data + 2, (uint32_t)count, 0));
	return 2 + count;
}

static size_t step(const uint8_t *data, size_t bytes)
{
	const size_t count = bytes ? MIN(bytes, data[0] + 1u) : 0;

	feed(data, count);
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	size_t at = 0;

	begin();
	while (at < bytes) {
		const uint8_t what = data[at++];

		if (what % 8 == 0) {
			ymodem_silence(&y, &action);
			check();
		} else if (what % 8 < 4) {
			at += feed_block(data + at, bytes - at, what & 8 ? 1024 : 128);
		} else if (what % 8 < 6) {
			feed(&(uint8_t){ 4 }, 1);
		} else {
			at += step(data + at, bytes - at);
		}
	}
	return 0;
}
