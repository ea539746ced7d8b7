/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * The trust store: which keys may sign what.
 *
 *	offset 0	struct trust_store
 *	behind it	signature by the root key: ECDSA P-256 over SHA-256 of it, r then s, 32 bytes
 *			each, big-endian
 *
 * The Security Monitor has the root key compiled in.  The factory puts a trust store into the boot
 * partition, at the place that the flash map fixes; later ones come by SPH_SMC_TRUST_UPDATE.  The
 * parser is pure: bytes in, checked numbers out, no allocation.  Host tool and monitor both use it,
 * so it is under both licences.  Prose: trust_store.md.
 */
#ifndef SPHERULE_ABI_TRUST_STORE_H
#define SPHERULE_ABI_TRUST_STORE_H

#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/types.h>
#else
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#endif

#define TRUST_STORE_MAGIC		0x53545053	/* "SPTS" */
#define TRUST_STORE_FORMAT		1
#define TRUST_STORE_KEYS_MAX		12
#define TRUST_STORE_SIGNATURE_BYTES	64
#define TRUST_POINT_BYTES		65	/* SEC 1, 2.3.3: 4, then x and y, big-endian */
#define TRUST_TENANT_BYTES		16

enum trust_role {
	TRUST_ROLE_OS = 1,		/* boot manifests, root filesystems, system apps */
	TRUST_ROLE_OEM = 2,		/* apps of one tenant */
	TRUST_ROLE_DEBUG = 3,		/* apps, while an order of the owner has opened debugging */
};

#define TRUST_KEY_F_DEVELOPMENT	(1u << 0)	/* everybody has its private half */
#define TRUST_KEY_F_REVOKED	(1u << 1)	/* signs nothing any more */
#define TRUST_KEY_F_KNOWN	(TRUST_KEY_F_DEVELOPMENT | TRUST_KEY_F_REVOKED)

struct trust_key {
	uint32_t role;				/* enum trust_role */
	uint32_t flags;				/* TRUST_KEY_F_* */
	uint32_t min_security_version;		/* what it signs must be from here */
	uint32_t max_security_version;		/* to here; not below the minimum */
	uint8_t tenant_id[TRUST_TENANT_BYTES];	/* role OEM: the TID, not nil; else zero */
	uint8_t point[TRUST_POINT_BYTES];
	uint8_t reserved[3];			/* 0 */
};

#define TRUST_STORE_F_DEVELOPMENT	(1u << 0)	/* the root key is a published development key */
#define TRUST_STORE_F_KNOWN		TRUST_STORE_F_DEVELOPMENT

/* Little-endian.  Reserved fields and keys that are not used are zero and are checked to be. */
struct trust_store {
	uint32_t magic;			/* TRUST_STORE_MAGIC */
	uint16_t format;		/* TRUST_STORE_FORMAT */
	uint16_t store_bytes;		/* sizeof(struct trust_store) */
	uint32_t version;		/* 1 and up; a device takes only higher ones */
	uint32_t key_count;		/* 1 to TRUST_STORE_KEYS_MAX */
	uint32_t flags;			/* TRUST_STORE_F_* */
	uint8_t root_key_id[32];	/* SHA-256 of the root key's point */
	uint8_t reserved[12];		/* 0 */
	struct trust_key keys[TRUST_STORE_KEYS_MAX];
};

#define TRUST_STORE_BYTES	(sizeof(struct trust_store) + TRUST_STORE_SIGNATURE_BYTES)

/*
 * Copies and checks a trust store, except for its signature and for whether its points are on the
 * curve.  A key stands in it once, with one role.  Returns 0 or -E_MONITOR_TRUST_FIELD; @store
 * counts only after 0.
 */
int trust_store_parse(const uint8_t *bytes, size_t byte_count, struct trust_store *store);

/* "OS", "OEM", "debug"; NULL when @role is none of them. */
const char *trust_role_name(uint32_t role);

static_assert(sizeof(struct trust_key) == 100, "a key of the trust store is 100 bytes");
static_assert(sizeof(struct trust_store) == 1264, "the trust store is 1,264 bytes");
static_assert(offsetof(struct trust_store, keys) == 64, "the keys begin at 64");

#endif
