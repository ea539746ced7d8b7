// SPDX-License-Identifier: GPL-2.0-only
/* The checksum by division of polynomials as one long number: another way than the receiver's. */
#include "ymodem_sender.h"

#include <stdio.h>
#include <string.h>

static uint16_t crc(const uint8_t *data, uint32_t count)
{
	uint32_t rest = 0;

	for (uint32_t bit = 0; bit < (count + 2) * 8; bit++) {
		const uint32_t next = bit / 8 < count ? data[bit / 8] >> (7 - bit % 8) & 1 : 0;

		rest = rest << 1 | next;
		if (rest & 0x10000)
			rest ^= 0x11021;
	}
	return (uint16_t)rest;
}

uint32_t sender_put_block(uint8_t *out, uint8_t number, uint32_t size, const void *data,
			  uint32_t count, uint8_t pad)
{
	uint16_t sum;

	out[0] = size == 128 ? 1 : 2;
	out[1] = number;
	out[2] = (uint8_t)~number;
	memset(out + 3, pad, size);
	memcpy(out + 3, data, count);
	sum = crc(out + 3, size);
	out[3 + size] = (uint8_t)(sum >> 8);
	out[4 + size] = (uint8_t)sum;
	return size + 5;
}

uint32_t sender_put_header(uint8_t *out, const char *name, uint32_t file_bytes)
{
	char text[128] = { 0 };
	const int end = snprintf(text, sizeof(text), "%s", name) + 1;

	snprintf(text + end, sizeof(text) - (size_t)end, "%u 14702310000 100644 0 1 %u", file_bytes,
		 file_bytes);
	return sender_put_block(out, 0, 128, text, sizeof(text), 0);
}

uint32_t sender_put_file(uint8_t *out, const uint8_t *data, uint32_t bytes)
{
	uint32_t at = sender_put_header(out, "os.image", bytes);
	uint8_t number = 1;

	for (uint32_t done = 0; done < bytes; done += 1024) {
		const uint32_t count = bytes - done < 1024 ? bytes - done : 1024;

		at += sender_put_block(out + at, number++, 1024, data + done, count, 0x1a);
	}
	out[at++] = 4;
	out[at++] = 4;
	return at + sender_put_block(out + at, 0, 128, "", 0, 0);
}
