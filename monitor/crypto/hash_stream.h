/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SHA-256 of flash in pieces, for what is too long for one call of the normal world.
 *
 * The caller owns the stream, which may be dropped at any time: it holds no memory of anybody.
 */
#ifndef MONITOR_CRYPTO_HASH_STREAM_H
#define MONITOR_CRYPTO_HASH_STREAM_H

#include <stdint.h>

#include "monitor/crypto/verify.h"

#define HASH_STREAM_BYTES	112u	/* a context of mbed TLS; hash_stream.c compares */

struct hash_stream {
	uint32_t context[HASH_STREAM_BYTES / sizeof(uint32_t)];
};

/* All return 0 or E_MONITOR_CRYPTO. */
int hash_stream_begin(struct hash_stream *stream);

/* Bytes of the monitor's own memory. */
int hash_stream_add(struct hash_stream *stream, const void *data, uint32_t bytes);

/*
 * Bytes of flash.  @address: physical, a multiple of 4.  The words that hold the last bytes are read
 * whole.
 */
int hash_stream_add_flash(struct hash_stream *stream, uint32_t address, uint32_t bytes);

/* The hash of all that was added.  The stream stays as it is, and more may be added. */
int hash_stream_value(const struct hash_stream *stream, uint8_t hash[CRYPTO_HASH_BYTES]);

#endif
