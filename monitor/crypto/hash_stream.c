// SPDX-License-Identifier: GPL-2.0-only
/* SHA-256 that goes on from call to call. */
#include "monitor/crypto/hash_stream.h"

#include <assert.h>
#include <string.h>

#include <mbedtls/sha256.h>

#include "abi/errors.h"
#include "io.h"

#define CHUNK_BYTES		512u

static_assert(sizeof(mbedtls_sha256_context) <= HASH_STREAM_BYTES, "a stream has room");

/* A copy: how the words lie is no business of mbed TLS. */
static void load(mbedtls_sha256_context *sha, const struct hash_stream *stream)
{
	memcpy(sha, stream->context, sizeof(*sha));
}

static void save(struct hash_stream *stream, const mbedtls_sha256_context *sha)
{
	memcpy(stream->context, sha, sizeof(*sha));
}

int hash_stream_begin(struct hash_stream *stream)
{
	mbedtls_sha256_context sha;

	mbedtls_sha256_init(&sha);
	if (mbedtls_sha256_starts_ret(&sha, 0))
		return E_MONITOR_CRYPTO;
	save(stream, &sha);
	return 0;
}

int hash_stream_add(struct hash_stream *stream, const void *data, uint32_t bytes)
{
	mbedtls_sha256_context sha;

	load(&sha, stream);
	if (mbedtls_sha256_update_ret(&sha, data, bytes))
		return E_MONITOR_CRYPTO;
	save(stream, &sha);
	return 0;
}

int hash_stream_add_flash(struct hash_stream *stream, uint32_t address, uint32_t bytes)
{
	uint32_t chunk[CHUNK_BYTES / sizeof(uint32_t)];
	mbedtls_sha256_context sha;

	load(&sha, stream);
	while (bytes) {
		const uint32_t n = bytes < CHUNK_BYTES ? bytes : CHUNK_BYTES;

		io_copy_in(chunk, address, (n + 3) & ~3u);
		if (mbedtls_sha256_update_ret(&sha, (const uint8_t *)chunk, n))
			return E_MONITOR_CRYPTO;
		address += n;
		bytes -= n;
	}
	save(stream, &sha);
	return 0;
}

int hash_stream_value(const struct hash_stream *stream, uint8_t hash[CRYPTO_HASH_BYTES])
{
	mbedtls_sha256_context sha;

	load(&sha, stream);
	return mbedtls_sha256_finish_ret(&sha, hash) ? E_MONITOR_CRYPTO : 0;
}
