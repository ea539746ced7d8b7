/* SPDX-License-Identifier: GPL-2.0-only */
/* The sending end of YMODEM, for tests: what a sender says, written down. */
#ifndef MONITOR_TEST_YMODEM_SENDER_H
#define MONITOR_TEST_YMODEM_SENDER_H

#include <stdint.h>

#define SENDER_BLOCK_MAX	(3u + 1024u + 2u)

/* One block of @size, 128 or 1024: @count bytes of @data, then @pad.  Returns its length. */
uint32_t sender_put_block(uint8_t *out, uint8_t number, uint32_t size, const void *data,
			  uint32_t count, uint8_t pad);

/* Block 0 with a name and the length of the file. */
uint32_t sender_put_header(uint8_t *out, const char *name, uint32_t file_bytes);

/* A whole transfer in blocks of 1 KiB.  Returns its length. */
uint32_t sender_put_file(uint8_t *out, const uint8_t *data, uint32_t bytes);

#endif
