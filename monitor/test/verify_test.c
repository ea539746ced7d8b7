// SPDX-License-Identifier: GPL-2.0-only
/*
 * Verified boot: a slot that is as it was signed, and every way in which it can be otherwise.
 *
 * Signed with the development keys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <mbedtls/sha256.h>

#include "abi/array.h"
#include "abi/errors.h"
#include "abi/smc.h"
#include "keys.h"
#include "machine.h"
#include "monitor/boot_verify.h"
#include "monitor/crypto/hash_stream.h"
#include "monitor/plat.h"
#include "monitor/root_key.h"
#include "monitor/state/state.h"


#define DTB_BYTES		100u
#define KERNEL_BYTES		4001u	/* not a multiple of anything */
#define ROOTFS_BYTES		4096u
#define APP_BYTES		300u
#define PARTS			5u
#define RAM_LARGE		(16u * 1024)
#define RAM_SMALL		(8u * 1024)

static const struct boot_part parts[PARTS] = {
	{ BOOT_PART_DTB, 0, DTB_BYTES, { 0 } },
	{ BOOT_PART_DTB, MACHINE_DTB_STRIDE, DTB_BYTES, { 0 } },
	{ BOOT_PART_KERNEL, MACHINE_SLOT_KERNEL, KERNEL_BYTES, { 0 } },
	{ BOOT_PART_ROOTFS, MACHINE_SLOT_SYSTEM, ROOTFS_BYTES, { 0 } },
	{ BOOT_PART_SYSTEM_APP, MACHINE_SLOT_SYSTEM + ROOTFS_BYTES, APP_BYTES, { 0 } },
};

static uint8_t *slot;
static struct boot_manifest manifest;
static struct trust_store store;
static struct boot_verified verified;

static void sign(enum keys_name key)
{
	uint8_t *at = slot + MACHINE_SLOT_MANIFEST;

	memcpy(at, &manifest, sizeof(manifest));
	keys_sign(key, at, sizeof(manifest), at + sizeof(manifest));
}

static void hash_parts(void)
{
	for (uint32_t i = 0; i < manifest.part_count; i++)
		mbedtls_sha256_ret(slot + manifest.parts[i].offset, manifest.parts[i].bytes,
				   manifest.parts[i].sha256, 0);
}

static void put_dtb(uint8_t *at, uint32_t bytes)
{
	const uint32_t header[2] = { __builtin_bswap32(0xd00dfeed), __builtin_bswap32(bytes) };

	memset(at, 0x11, DTB_BYTES);
	memcpy(at, header, sizeof(header));
}

static void make_slot(uint32_t offset)
{
	slot = machine.flash + offset;
	put_dtb(slot, DTB_BYTES);
	put_dtb(slot + MACHINE_DTB_STRIDE, DTB_BYTES);
	memset(slot + MACHINE_SLOT_KERNEL, 0x22, KERNEL_BYTES);
	memset(slot + MACHINE_SLOT_SYSTEM, 0x33, ROOTFS_BYTES);
	memset(slot + MACHINE_SLOT_SYSTEM + ROOTFS_BYTES, 0x44, APP_BYTES);
	memset(&manifest, 0, sizeof(manifest));
	manifest.magic = BOOT_MANIFEST_MAGIC;
	manifest.format = BOOT_MANIFEST_FORMAT;
	manifest.manifest_bytes = sizeof(manifest);
	manifest.security_version = 3;
	manifest.flags = BOOT_MANIFEST_F_DEVELOPMENT;
	manifest.part_count = PARTS;
	strncpy(manifest.os_version, "1.2.3", sizeof(manifest.os_version) - 1);
	keys_id(KEYS_OS, manifest.key_id);
	strncpy(manifest.board, plat.name, sizeof(manifest.board) - 1);
	memcpy(manifest.parts, parts, sizeof(parts));
	hash_parts();
	sign(KEYS_OS);
}

static int load_keys(void **state)
{
	(void)state;
	return keys_load();
}

static int free_keys(void **state)
{
	(void)state;
	keys_free();
	return 0;
}

static int set_up(void **state)
{
	static struct cfi_flash secure;

	(void)state;
	machine_init();
	assert_int_equal(cfi_probe(&secure, MACHINE_SECURE_BASE), 0);
	assert_int_equal(state_load(&secure), E_MONITOR_STATE_BLANK);
	keys_store(&store);
	keys_adopt(&store);
	make_slot(MACHINE_SLOT_B);
	return 0;
}

static int verify(uint32_t ram_bytes)
{
	const int error = boot_verify_slot(SPH_SLOT_B, ram_bytes, &verified);

	assert_int_equal(error != 0, verified.reason != NULL);
	/* Of what was signed, only its use can fail: it has no device tree, or no kernel. */
	if (!error)
		assert_int_equal(boot_verify_doubt(&verified), 0);
	else if (error != E_MONITOR_DTB && error != E_MONITOR_KERNEL)
		assert_int_not_equal(boot_verify_doubt(&verified), 0);
	return error;
}

static void test_root_key(void **state)
{
	uint8_t id[32];

	(void)state;
	mbedtls_sha256_ret(root_key.point, sizeof(root_key.point), id, 0);
	assert_memory_equal(id, root_key.id, sizeof(id));
	assert_int_equal(root_key.point[0], 4);
	assert_true(root_key.is_development);
}

/* RFC 6979, A.2.5: P-256, SHA-256, message "sample". */
static void test_ecdsa(void **state)
{
	static const uint8_t point[65] = {
		0x04, 0x60, 0xfe, 0xd4, 0xba, 0x25, 0x5a, 0x9d, 0x31, 0xc9, 0x61, 0xeb, 0x74, 0xc6,
		0x35, 0x6d, 0x68, 0xc0, 0x49, 0xb8, 0x92, 0x3b, 0x61, 0xfa, 0x6c, 0xe6, 0x69, 0x62,
		0x2e, 0x60, 0xf2, 0x9f, 0xb6, 0x79, 0x03, 0xfe, 0x10, 0x08, 0xb8, 0xbc, 0x99, 0xa4,
		0x1a, 0xe9, 0xe9, 0x56, 0x28, 0xbc, 0x64, 0xf2, 0xf1, 0xb2, 0x0c, 0x2d, 0x7e, 0x9f,
		0x51, 0x77, 0xa3, 0xc2, 0x94, 0xd4, 0x46, 0x22, 0x99,
	};
	static const uint8_t good[64] = {
		0xef, 0xd4, 0x8b, 0x2a, 0xac, 0xb6, 0xa8, 0xfd, 0x11, 0x40, 0xdd, 0x9c, 0xd4,
		0x5e, 0x81, 0xd6, 0x9d, 0x2c, 0x87, 0x7b, 0x56, 0xaa, 0xf9, 0x91, 0xc3, 0x4d,
		0x0e, 0xa8, 0x4e, 0xaf, 0x37, 0x16, 0xf7, 0xcb, 0x1c, 0x94, 0x2d, 0x65, 0x7c,
		0x41, 0xd4, 0x36, 0xc7, 0xa1, 0xb6, 0xe2, 0x9f, 0x65, 0xf3, 0xe9, 0x00, 0xdb,
		0xb9, 0xaf, 0xf4, 0x06, 0x4d, 0xc4, 0xab, 0x2f, 0x84, 0x3a, 0xcd, 0xa8,
	};
	uint8_t hash[32], signature[64], bad_point[65];

	(void)state;
	assert_int_equal(crypto_sha256("sample", 6, hash), 0);
	assert_int_equal(crypto_ecdsa_p256_verify(point, hash, good), 0);
	for (uint32_t bit = 0; bit < sizeof(good) * 8; bit += 5) {
		memcpy(signature, good, sizeof(good));
		signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(crypto_ecdsa_p256_verify(point, hash, signature),
				 E_MONITOR_SIGNATURE);
	}
	/* r and s must be from 1 to n - 1. */
	memset(signature, 0, sizeof(signature));
	assert_int_equal(crypto_ecdsa_p256_verify(point, hash, signature), E_MONITOR_SIGNATURE);
	memset(signature, 0xff, sizeof(signature));
	assert_int_equal(crypto_ecdsa_p256_verify(point, hash, signature), E_MONITOR_SIGNATURE);
	hash[31] ^= 1;
	assert_int_equal(crypto_ecdsa_p256_verify(point, hash, good), E_MONITOR_SIGNATURE);
	memcpy(bad_point, point, sizeof(point));
	bad_point[64] ^= 1; /* not on the curve */
	assert_int_equal(crypto_ecdsa_p256_verify(bad_point, hash, good), E_MONITOR_CRYPTO);
}

static void test_sha256_of_flash(void **state)
{
	struct hash_stream stream;
	uint8_t here[32], there[32];

	(void)state;
	for (uint32_t i = 0; i < MACHINE_FLASH_BYTES; i++)
		machine.flash[i] = (uint8_t)(i * 7 + i / 256);
	for (uint32_t bytes = 0; bytes < 3000; bytes += 61) {
		crypto_sha256(machine.flash + 8, bytes, here);
		assert_int_equal(hash_stream_begin(&stream), 0);
		assert_int_equal(hash_stream_add_flash(&stream, MACHINE_FLASH_BASE + 8, bytes), 0);
		assert_int_equal(hash_stream_value(&stream, there), 0);
		assert_memory_equal(here, there, sizeof(here));
	}
}

/* M = H(M || H(part)), by hand. */
static void test_measurement(void **state)
{
	uint8_t both[64] = { 0 };

	(void)state;
	assert_int_equal(verify(RAM_SMALL), 0);
	mbedtls_sha256_ret((const uint8_t *)&manifest, sizeof(manifest), both + 32, 0);
	mbedtls_sha256_ret(both, sizeof(both), both, 0);
	for (uint32_t i = 1; i < PARTS; i++) { /* the first tree is for the larger RAM */
		memcpy(both + 32, manifest.parts[i].sha256, 32);
		mbedtls_sha256_ret(both, sizeof(both), both, 0);
	}
	assert_memory_equal(verified.measurement.value, both, 32);
}

static void test_good(void **state)
{
	(void)state;
	assert_int_equal(verify(RAM_LARGE), 0);
	assert_int_equal(verified.dtb, MACHINE_FLASH_BASE + MACHINE_SLOT_B);
	assert_int_equal(verified.kernel,
			 MACHINE_FLASH_BASE + MACHINE_SLOT_B + MACHINE_SLOT_KERNEL);
	assert_string_equal(verified.manifest.os_version, "1.2.3");
	assert_int_equal(verify(RAM_SMALL), 0);
	assert_int_equal(verified.dtb, MACHINE_FLASH_BASE + MACHINE_SLOT_B + MACHINE_DTB_STRIDE);
	/* The other slot is empty. */
	assert_int_equal(boot_verify_slot(SPH_SLOT_A, RAM_LARGE, &verified),
			 E_MONITOR_MANIFEST_ABSENT);
	assert_int_equal(verify(4096), E_MONITOR_DTB);
}

/* Every bit of manifest and signature counts. */
static void test_bits_of_the_manifest(void **state)
{
	(void)state;
	for (uint32_t bit = 0; bit < BOOT_MANIFEST_BYTES * 8; bit += 3) {
		uint8_t *byte = slot + MACHINE_SLOT_MANIFEST + bit / 8;
		const uint32_t at = bit / 8;
		int wanted = E_MONITOR_SIGNATURE;

		if (at < 4)
			wanted = E_MONITOR_MANIFEST_ABSENT;
		else if (at >= 52 && at < 84)
			wanted = E_MONITOR_KEY;
		*byte ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(verify(RAM_LARGE), wanted);
		*byte ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(verify(RAM_LARGE), 0);
}

static void test_bits_of_the_parts(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < PARTS; i++) {
		const uint32_t places[] = { 0, parts[i].bytes / 2, parts[i].bytes - 1 };

		for (size_t n = 0; n < ARRAY_SIZE(places); n++) {
			uint8_t *byte = slot + parts[i].offset + places[n];

			*byte ^= 0x10;
			/* The tree for the other size of RAM is not used. */
			assert_int_equal(verify(RAM_LARGE), i == 1 ? 0 : E_MONITOR_PART);
			assert_int_equal(verify(RAM_SMALL), i == 0 ? 0 : E_MONITOR_PART);
			*byte ^= 0x10;
		}
	}
	/* What no part holds is not looked at. */
	slot[MACHINE_SLOT_KERNEL + KERNEL_BYTES] = 0;
	assert_int_equal(verify(RAM_LARGE), 0);
}

static void test_another_key(void **state)
{
	static const enum keys_name others[] = { KEYS_ROOT, KEYS_OEM, KEYS_DEBUG, KEYS_OTHER };

	(void)state;
	sign(KEYS_OEM); /* and says that it is the OS key */
	assert_int_equal(verify(RAM_LARGE), E_MONITOR_SIGNATURE);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		keys_id(others[i], manifest.key_id);
		sign(others[i]);
		assert_int_equal(verify(RAM_LARGE), E_MONITOR_KEY);
	}
}

/* The OS key too signs only what the trust store lets it. */
static void test_key_that_may_not(void **state)
{
	(void)state;
	store.keys[0].min_security_version = manifest.security_version + 1;
	keys_adopt(&store);
	assert_int_equal(verify(RAM_LARGE), E_MONITOR_TRUST_RANGE);
	store.keys[0].min_security_version = manifest.security_version;
	store.keys[0].max_security_version = manifest.security_version;
	keys_adopt(&store);
	assert_int_equal(verify(RAM_LARGE), 0);
	store.keys[0].flags |= TRUST_KEY_F_REVOKED;
	keys_adopt(&store);
	assert_int_equal(verify(RAM_LARGE), E_MONITOR_TRUST_REVOKED);
	/* A key that is no development key, and a manifest that says that it is. */
	store.keys[0].flags = 0;
	keys_adopt(&store);
	assert_int_equal(verify(RAM_LARGE), E_MONITOR_MANIFEST_FIELD);
	manifest.flags = 0;
	sign(KEYS_OS);
	assert_int_equal(verify(RAM_LARGE), 0);
	memset(&store, 0, sizeof(store));
	keys_adopt(&store);
	assert_int_equal(verify(RAM_LARGE), E_MONITOR_KEY);
}

static void test_rollback(void **state)
{
	(void)state;
	state_draft()->versions.os = manifest.security_version;
	assert_int_equal(state_commit(), 0);
	assert_int_equal(verify(RAM_LARGE), 0);
	state_draft()->versions.os = manifest.security_version + 1;
	assert_int_equal(state_commit(), 0);
	assert_int_equal(verify(RAM_LARGE), E_MONITOR_ROLLBACK);
	manifest.security_version++;
	sign(KEYS_OS);
	assert_int_equal(verify(RAM_LARGE), 0);
}

/* The proof asks the device by itself: one branch of verify() that was skipped is not enough. */
static void test_doubt_asks_the_device(void **state)
{
	static const struct {
		uint32_t role, flags, min, max;
	} bad[] = {
		{ TRUST_ROLE_OS, TRUST_KEY_F_DEVELOPMENT | TRUST_KEY_F_REVOKED, 0, UINT32_MAX },
		{ TRUST_ROLE_OS, TRUST_KEY_F_DEVELOPMENT, 4, UINT32_MAX },
		{ TRUST_ROLE_OS, TRUST_KEY_F_DEVELOPMENT, 0, 2 },
		{ TRUST_ROLE_OEM, TRUST_KEY_F_DEVELOPMENT, 0, UINT32_MAX },
	};

	(void)state;
	assert_int_equal(verify(RAM_LARGE), 0);
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		store.keys[0].role = bad[i].role;
		store.keys[0].flags = bad[i].flags;
		store.keys[0].min_security_version = bad[i].min;
		store.keys[0].max_security_version = bad[i].max;
		keys_adopt(&store);
		assert_int_not_equal(boot_verify_doubt(&verified), 0);
	}
	store.key_count = 0;
	keys_adopt(&store);
	assert_int_not_equal(boot_verify_doubt(&verified), 0);
	keys_store(&store);
	keys_adopt(&store);
	assert_int_equal(boot_verify_doubt(&verified), 0);
	state_draft()->versions.os = manifest.security_version + 1;
	assert_int_equal(state_commit(), 0);
	assert_int_not_equal(boot_verify_doubt(&verified), 0);
}

/* What the holder of the key signed by mistake is refused too. */
static void test_signed_nonsense(void **state)
{
	(void)state;
	manifest.flags = 0; /* the OS key is a development key */
	sign(KEYS_OS);
	assert_int_equal(verify(RAM_LARGE), E_MONITOR_MANIFEST_FIELD);
	manifest.flags = BOOT_MANIFEST_F_DEVELOPMENT;
	manifest.reserved[0] = 1;
	sign(KEYS_OS);
	assert_int_equal(verify(RAM_LARGE), E_MONITOR_MANIFEST_FIELD);
	manifest.reserved[0] = 0;
	manifest.board[0] ^= 1;
	sign(KEYS_OS);
	assert_int_equal(verify(RAM_LARGE), E_MONITOR_BOARD);
	manifest.board[0] ^= 1;
	manifest.parts[2].bytes = 0xffffffff;
	sign(KEYS_OS);
	assert_int_equal(verify(RAM_LARGE), E_MONITOR_MANIFEST_PARTS);
	manifest.parts[2].bytes = KERNEL_BYTES;
	put_dtb(slot, DTB_BYTES + 1); /* longer than what was signed */
	hash_parts();
	sign(KEYS_OS);
	assert_int_equal(verify(RAM_LARGE), E_MONITOR_DTB);
	put_dtb(slot, DTB_BYTES);
	memset(slot + MACHINE_SLOT_KERNEL, 0xff, 4);
	hash_parts();
	sign(KEYS_OS);
	assert_int_equal(verify(RAM_LARGE), E_MONITOR_KERNEL);
}

/* Linux would find an image there. */
static void test_behind_the_last_image(void **state)
{
	const uint32_t end = MACHINE_SLOT_SYSTEM + 2 * BOOT_MANIFEST_IMAGE_ALIGN;

	(void)state;
	slot[end] = 0x45;
	assert_int_equal(verify(RAM_LARGE), E_MONITOR_UNSIGNED);
	slot[end] = 0xff;
	slot[end + BOOT_MANIFEST_IMAGE_ALIGN - 1] = 0;
	assert_int_equal(verify(RAM_LARGE), E_MONITOR_UNSIGNED);
	slot[end + BOOT_MANIFEST_IMAGE_ALIGN - 1] = 0xff;
	assert_int_equal(verify(RAM_LARGE), 0);
	/* To the end of the slot: nothing can stand behind it. */
	manifest.parts[4].bytes = MACHINE_SLOT_BYTES - manifest.parts[4].offset;
	hash_parts();
	sign(KEYS_OS);
	assert_int_equal(verify(RAM_LARGE), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_root_key, set_up),
		cmocka_unit_test_setup(test_ecdsa, set_up),
		cmocka_unit_test_setup(test_sha256_of_flash, set_up),
		cmocka_unit_test_setup(test_measurement, set_up),
		cmocka_unit_test_setup(test_good, set_up),
		cmocka_unit_test_setup(test_bits_of_the_manifest, set_up),
		cmocka_unit_test_setup(test_bits_of_the_parts, set_up),
		cmocka_unit_test_setup(test_another_key, set_up),
		cmocka_unit_test_setup(test_key_that_may_not, set_up),
		cmocka_unit_test_setup(test_rollback, set_up),
		cmocka_unit_test_setup(test_doubt_asks_the_device, set_up),
		cmocka_unit_test_setup(test_signed_nonsense, set_up),
		cmocka_unit_test_setup(test_behind_the_last_image, set_up),
	};

	return cmocka_run_group_tests_name("monitor verified boot", tests, load_keys, free_keys);
}
