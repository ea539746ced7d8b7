/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The records that calls of smc.h read from or write to the caller's RAM.
 *
 * All fields are little-endian, all sizes fixed, nothing is padding.  The monitor copies a record
 * once, works on the copy, and writes the whole record back.  Which call takes which record is said
 * in smc.h; the prose is in smc.md.
 */
#ifndef SPHERULE_ABI_MONITOR_RECORDS_H
#define SPHERULE_ABI_MONITOR_RECORDS_H

#ifdef __KERNEL__
#include <linux/types.h>
#else
#include <stdint.h>
#endif

#include "smc.h"

/* SPH_SMC_IMAGE_INFO: an installed image. */
struct sph_image_info {
	uint32_t offset;		/* in SPH_PART_APPS */
	uint32_t bytes;			/* of the package */
	uint32_t room_bytes;		/* of the flash that it takes */
	uint32_t security_version;
	uint32_t flags;			/* IMAGE_F_* of image.h */
	uint8_t component_id[16];
	uint8_t image_id[16];
	uint8_t tenant_id[16];		/* of the key that signed it; nil: not an OEM's key */
	uint8_t reserved[28];		/* 0 */
};

/* SPH_SMC_DEVICE_INFO. */
struct sph_device_info {
	uint8_t device_id[32];		/* SHA-256 of the point */
	uint8_t point[65];		/* of the device's public key */
	uint8_t reserved0[3];		/* 0 */
	uint32_t stage;			/* SPH_STAGE_* */
	uint32_t epoch;
	uint32_t capabilities;		/* SPH_DEVICE_CAP_* */
	uint8_t owner_key_id[32];	/* SHA-256 of the owner's point; zero: no owner */
	uint8_t reserved1[16];		/* 0 */
};

/* SPH_SMC_KEY_DERIVE: @component_id and @generation in, @key out. */
struct sph_key_request {
	uint8_t component_id[16];
	uint32_t generation;		/* a security version, up to that of the installed image */
	uint32_t purpose;		/* SPH_KEY_* */
	uint8_t key[32];
	uint8_t reserved[8];		/* 0 */
};

/* SPH_SMC_ATTEST: @nonce in, all the rest out.  The signature is over SHA-256 of what stands before it. */
struct sph_attestation {
	uint32_t magic;			/* SPH_ATTESTATION_MAGIC */
	uint32_t format;		/* SPH_ATTESTATION_FORMAT */
	uint8_t nonce[32];
	uint8_t device_id[32];
	uint8_t measurement[32];	/* of what was verified at this start */
	uint8_t images[32];		/* SHA-256 over the list of installed images; see smc.md */
	uint8_t monitor_version[16];	/* printable ASCII, padded with NUL */
	uint32_t os_security_version;
	uint32_t trust_version;		/* of the trust store */
	uint32_t slot;			/* SPH_SLOT_* */
	uint32_t stage;			/* SPH_STAGE_* */
	uint32_t epoch;
	uint32_t capabilities;		/* SPH_DEVICE_CAP_* */
	uint32_t boots;			/* of the telemetry */
	uint32_t flags;			/* SPH_ATTESTATION_F_* */
	uint8_t reserved[44];		/* 0 */
	uint8_t signature[64];		/* ECDSA P-256 by the device key: r, then s, big-endian */
};

#define SPH_ATTESTATION_MAGIC		0x54415053	/* "SPAT" */
#define SPH_ATTESTATION_FORMAT		1
#define SPH_ATTESTATION_F_DEVELOPMENT	(1u << 0)	/* the root key is a published development key */

/* SPH_SMC_TELEMETRY. */
struct sph_telemetry {
	uint32_t boots;			/* since the device was made */
	uint32_t resets[8];		/* by SPH_RESET_*; the last ones are 0 */
	uint32_t slot_failures[SPH_SLOT_COUNT];
	uint32_t last_error;		/* of errors.h; 0: none yet */
	uint32_t last_error_boot;
	uint32_t recoveries;
	uint32_t fallbacks;
	uint32_t early_ends;		/* starts in a row that a reset ended before BOOT_SETTLED */
};

#endif
