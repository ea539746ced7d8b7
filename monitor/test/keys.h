/* SPDX-License-Identifier: GPL-2.0-only */
/* The development keys and two that are none, for tests that sign; and what they sign. */
#ifndef MONITOR_TEST_KEYS_H
#define MONITOR_TEST_KEYS_H

#include <stddef.h>
#include <stdint.h>

#include "abi/trust_store.h"

enum keys_name {
	KEYS_ROOT,		/* the monitor of the tests has it as its root key */
	KEYS_OS,
	KEYS_OEM,
	KEYS_DEBUG,		/* made up by the tests */
	KEYS_OTHER,		/* likewise; in no store that keys_store() makes */
	KEYS_COUNT,
};

/* Once before and after all.  keys_load() returns 0 or, when a file cannot be read, another value. */
int keys_load(void);
void keys_free(void);

void keys_point(enum keys_name name, uint8_t point[65]);
void keys_id(enum keys_name name, uint8_t id[32]);

/* ECDSA over SHA-256 of the bytes. */
void keys_sign(enum keys_name name, const void *bytes, size_t count, uint8_t signature[64]);

/* Version 1: the keys of OS and OEM, which are development keys, and the debug key. */
void keys_store(struct trust_store *store);
extern const uint8_t keys_tenant[TRUST_TENANT_BYTES];

/* Makes it the trust store of the state, without a signature; the state was loaded. */
void keys_adopt(const struct trust_store *store);

#endif
