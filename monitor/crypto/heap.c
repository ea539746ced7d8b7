// SPDX-License-Identifier: GPL-2.0-only
/* The only memory that mbed TLS gets. */
#include <mbedtls/memory_buffer_alloc.h>

#include "abi/smc.h"
#include "log.h"
#include "monitor/crypto/verify.h"
#include "plat.h"

/* To verify a signature takes more than 4 and less than 6 KiB. */
#define ARENA_BYTES		(8u * 1024)

static uint8_t arena[ARENA_BYTES] __attribute__((aligned(8)));

void crypto_init(void)
{
	mbedtls_memory_buffer_alloc_init(arena, sizeof(arena));
}

/* Only a bug of ours or of the library comes here. */
void crypto_heap_is_damaged(int status)
{
	(void)status;
	log_error(E_MONITOR_CRYPTO, "the arena of the cryptography is damaged");
	plat_power_off();
}
