// SPDX-License-Identifier: GPL-2.0-only
/* Random numbers, keys, attestation, and the life of a device, through the calls of the normal world. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <mbedtls/ecdsa.h>
#include <mbedtls/sha256.h>

#include "abi/array.h"
#include "abi/device_order.h"
#include "abi/errors.h"
#include "abi/monitor_records.h"
#include "abi/smc.h"
#include "keys.h"
#include "machine.h"
#include "monitor/crypto/random.h"
#include "monitor/device/device.h"
#include "monitor/device/entropy.h"
#include "monitor/device/trng.h"
#include "monitor/normal_ram.h"
#include "monitor/smc.h"
#include "monitor/state/state.h"
#include "monitor/trust/trust.h"

#define RECORD			(MACHINE_RAM_BASE + 64)
#define AT(address)		(machine.ram + (address) - MACHINE_RAM_BASE)
#define RUNS			64u	/* calls in which each bit has to be 0 once and 1 once */

static struct cfi_flash secure_flash;
static struct boot_info info;
static struct device_facts facts;
static struct trust_store store;

/* ---- A device that starts ------------------------------------------------ */

static void set_entropy(uint8_t salt)
{
	for (uint32_t i = 0; i < ENTROPY_BYTES; i++)
		machine.entropy[i] = (uint8_t)(i * 37 + salt);
	machine.entropy_bytes = ENTROPY_BYTES;
}

static void start_device(void)
{
	int error;

	assert_int_equal(cfi_probe(&secure_flash, MACHINE_SECURE_BASE), 0);
	error = state_load(&secure_flash);
	assert_true(error == 0 || error == E_MONITOR_STATE_BLANK);
	crypto_random_stop();
	device_start();
	normal_ram_init(info.ram_bytes);
	trust_init(&info);
	device_init(&facts);
	smc_init(&info);
}

static int set_up(void **state)
{
	(void)state;
	machine_init();
	info = (struct boot_info){ .slot = SPH_SLOT_B, .ram_bytes = MACHINE_RAM_BYTES,
				   .os_security_version = 7 };
	memset(info.measurement.value, 0x3c, sizeof(info.measurement.value));
	keys_id(KEYS_OS, info.os_key_id);
	facts = (struct device_facts){ &info, "1.2.3", false };
	set_entropy(1);
	start_device();
	keys_store(&store);
	store.keys[0].flags = 0;
	keys_adopt(&store);
	return 0;
}

static int32_t call(uint32_t id, uint32_t r1, uint32_t *reason)
{
	uint32_t regs[5] = { id, r1 };

	assert_true(machine_smc(regs));
	if (reason)
		*reason = regs[1];
	return (int32_t)regs[0];
}

static void assert_refused(uint32_t id, int error)
{
	uint32_t reason;

	assert_int_equal(call(id, RECORD, &reason), SPH_SMC_E_REFUSED);
	assert_int_equal(reason, error);
}

static void random_bits(uint32_t bits, uint32_t words[3])
{
	uint32_t regs[5] = { TRNG_RND, bits };

	assert_true(machine_smc(regs));
	assert_int_equal(regs[0], 0);
	words[0] = regs[3];
	words[1] = regs[2];
	words[2] = regs[1];
}

/* ---- Random numbers ------------------------------------------------------ */

/* AS-38: no bit of any length is left unfilled, and none beyond is given. */
static void test_every_bit_varies(void **state)
{
	(void)state;
	for (uint32_t bits = 1; bits <= TRNG_BITS_MAX; bits++) {
		uint32_t ones[3] = { 0 }, zeros[3] = { 0 };

		for (uint32_t run = 0; run < RUNS; run++) {
			uint32_t words[3];

			random_bits(bits, words);
			for (uint32_t i = 0; i < 3; i++) {
				ones[i] |= words[i];
				zeros[i] |= ~words[i];
			}
		}
		for (uint32_t i = 0; i < TRNG_BITS_MAX; i++) {
			assert_int_equal(ones[i / 32] >> i % 32 & 1, i < bits);
			assert_int_equal(zeros[i / 32] >> i % 32 & 1, 1);
		}
	}
}

static void test_trng_refuses(void **state)
{
	static const uint32_t wrong[] = { 0, 97, 128, UINT32_MAX };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_int_equal(call(TRNG_RND, wrong[i], NULL), TRNG_INVALID_PARAMETERS);
	assert_int_equal(call(TRNG_VERSION, 0, NULL), 0x10000);
	assert_int_equal(call(TRNG_FEATURES, TRNG_RND, NULL), 0);
	assert_int_equal(call(TRNG_FEATURES, 0xc4000053, NULL), TRNG_NOT_SUPPORTED);
	assert_int_equal(call(TRNG_FEATURES, SPH_SMC_ATTEST, NULL), TRNG_NOT_SUPPORTED);
	assert_true(call(TRNG_GET_UUID, 0, NULL) > 0);
	crypto_random_stop();
	assert_int_equal(call(TRNG_RND, 96, NULL), TRNG_NO_ENTROPY);
}

static void test_health(void **state)
{
	uint8_t bytes[ENTROPY_BYTES];

	(void)state;
	assert_true(entropy_is_healthy(machine.entropy, ENTROPY_BYTES));
	assert_false(entropy_is_healthy(machine.entropy, ENTROPY_BYTES - 1));
	memset(bytes, 0, sizeof(bytes));
	assert_false(entropy_is_healthy(bytes, sizeof(bytes)));
	memset(bytes, 0xff, sizeof(bytes));
	assert_false(entropy_is_healthy(bytes, sizeof(bytes)));
	for (uint32_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = i & 1 ? 0x55 : 0xaa;
	assert_false(entropy_is_healthy(bytes, sizeof(bytes)));
	memcpy(bytes, machine.entropy, sizeof(bytes));
	memset(bytes + 20, 7, 5);
	assert_true(entropy_is_healthy(bytes, sizeof(bytes)));
	memset(bytes + 20, 7, 6);
	assert_false(entropy_is_healthy(bytes, sizeof(bytes)));
	for (uint32_t i = 0; i < 11; i++)
		bytes[2 * i] = 9;
	memset(bytes + 23, 8, 1);
	bytes[25] = 10;
	assert_true(entropy_is_healthy(bytes, sizeof(bytes)));
	bytes[24] = 9;
	assert_false(entropy_is_healthy(bytes, sizeof(bytes)));
}

/* The seed in the state alone makes each boot another one. */
static void test_dead_source_does_not_repeat(void **state)
{
	struct device_state before = state_now()->device;
	uint32_t seen[8][3];

	(void)state;
	machine.entropy_bytes = 0;
	for (uint32_t boot = 0; boot < ARRAY_SIZE(seen); boot++) {
		start_device();
		random_bits(96, seen[boot]);
		for (uint32_t other = 0; other < boot; other++)
			assert_memory_not_equal(seen[boot], seen[other], sizeof(seen[0]));
	}
	assert_non_null(strstr(machine.console, "E1050"));
	assert_memory_not_equal(before.seed, state_now()->device.seed, sizeof(before.seed));
	assert_memory_equal(before.private_key, state_now()->device.private_key, 32);
	assert_memory_equal(before.secret, state_now()->device.secret, 32);
}

/* And the source alone, when two devices have the same state. */
static void test_source_makes_a_difference(void **state)
{
	static struct machine copy;
	uint32_t first[3], second[3], again[3];

	(void)state;
	copy = machine;
	start_device();
	random_bits(96, first);
	memcpy(machine.secure, copy.secure, sizeof(machine.secure));
	start_device();
	random_bits(96, again);
	assert_memory_equal(first, again, sizeof(first));
	memcpy(machine.secure, copy.secure, sizeof(machine.secure));
	set_entropy(2);
	start_device();
	random_bits(96, second);
	assert_memory_not_equal(first, second, sizeof(first));
}

static void test_no_keys_without_entropy(void **state)
{
	(void)state;
	machine_init();
	start_device();
	assert_non_null(strstr(machine.console, "E1050"));
	assert_non_null(strstr(machine.console, "E1051"));
	assert_int_equal(state_now()->device.has_keys, 0);
	assert_int_equal(call(TRNG_RND, 32, NULL), TRNG_NO_ENTROPY);
	assert_refused(SPH_SMC_ATTEST, E_MONITOR_DEVICE_KEYS);
	assert_refused(SPH_SMC_KEY_DERIVE, E_MONITOR_DEVICE_KEYS);
	assert_refused(SPH_SMC_DEVICE_MANUFACTURE, E_MONITOR_DEVICE_KEYS);
	assert_int_equal(call(SPH_SMC_DEVICE_INFO, RECORD, NULL), 0);
	set_entropy(3);
	start_device();
	assert_int_equal(state_now()->device.has_keys, 1);
	assert_int_equal(call(SPH_SMC_ATTEST, RECORD, NULL), 0);
}

/* A seed that could not be kept is not used: the next boot would start from the same one. */
static void test_no_random_numbers_without_a_commit(void **state)
{
	(void)state;
	machine.fault = FAULT_PROGRAM_STATUS;
	start_device();
	assert_int_equal(call(TRNG_RND, 32, NULL), TRNG_NO_ENTROPY);
	assert_non_null(strstr(machine.console, "E1018"));
}

/* ---- Keys of the apps ---------------------------------------------------- */

static void install_signed(uint32_t index, uint8_t id, uint32_t security_version, enum keys_name key)
{
	struct image_entry *entry = &state_draft()->images.entries[index];

	keys_id(key, entry->key_id);
	entry->sectors = 1;
	entry->security_version = security_version;
	memset(entry->component_id, id, sizeof(entry->component_id));
	memset(entry->image_id, id + 1, sizeof(entry->image_id));
	assert_int_equal(state_commit(), 0);
}

static void install(uint32_t index, uint8_t id, uint32_t security_version)
{
	install_signed(index, id, security_version, KEYS_OEM);
}

static int32_t derive(uint8_t id, uint32_t purpose, uint32_t generation, uint8_t key[32])
{
	struct sph_key_request request = { .purpose = purpose, .generation = generation };
	int32_t status;

	memset(request.component_id, id, sizeof(request.component_id));
	memcpy(AT(RECORD), &request, sizeof(request));
	status = call(SPH_SMC_KEY_DERIVE, RECORD, NULL);
	memcpy(&request, AT(RECORD), sizeof(request));
	if (key)
		memcpy(key, request.key, 32);
	return status;
}

static void test_keys_differ(void **state)
{
	static const struct {
		uint8_t id;
		uint32_t purpose, generation;
	} asked[] = { { 1, 1, 3 }, { 2, 1, 3 }, { 1, 2, 3 }, { 1, 1, 2 }, { 1, 1, 0 } };
	uint8_t keys[6][32], again[32];

	(void)state;
	install(4, 1, 3);
	install(2, 2, 9);
	for (size_t i = 0; i < ARRAY_SIZE(asked); i++)
		assert_int_equal(derive(asked[i].id, asked[i].purpose, asked[i].generation, keys[i]), 0);
	set_entropy(9);
	start_device();
	assert_int_equal(derive(1, 1, 3, again), 0);
	assert_memory_equal(keys[0], again, sizeof(again));
	/* Another device. */
	machine_init();
	set_entropy(9);
	start_device();
	keys_adopt(&store);
	install(4, 1, 3);
	assert_int_equal(derive(1, 1, 3, keys[5]), 0);
	for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
		for (size_t k = 0; k < i; k++)
			assert_memory_not_equal(keys[i], keys[k], sizeof(keys[0]));
	}
}

/* Another tenant's image of the same component, after the first was removed; one of the debug key. */
static void test_keys_of_tenants(void **state)
{
	uint8_t first[32], again[32], other[32], debug[32];

	(void)state;
	store.keys[3] = store.keys[1];
	keys_point(KEYS_OTHER, store.keys[3].point);
	store.key_count = 4;
	keys_adopt(&store);
	install(0, 1, 3);
	assert_int_equal(derive(1, SPH_KEY_STORAGE, 3, first), 0);
	/* The same tenant's other key. */
	install_signed(0, 1, 3, KEYS_OTHER);
	assert_int_equal(derive(1, SPH_KEY_STORAGE, 3, again), 0);
	assert_memory_equal(first, again, sizeof(first));
	store.keys[3].tenant_id[0] ^= 1;
	keys_adopt(&store);
	assert_int_equal(derive(1, SPH_KEY_STORAGE, 3, other), 0);
	assert_memory_not_equal(first, other, sizeof(first));
	install_signed(0, 1, 3, KEYS_DEBUG);
	assert_int_equal(derive(1, SPH_KEY_STORAGE, 3, debug), 0);
	assert_memory_not_equal(first, debug, sizeof(first));
	assert_memory_not_equal(other, debug, sizeof(first));
	/* A key that was revoked, and one that is nowhere listed. */
	install(0, 1, 3);
	store.keys[1].flags |= TRUST_KEY_F_REVOKED;
	keys_adopt(&store);
	derive(1, SPH_KEY_STORAGE, 3, NULL);
	assert_refused(SPH_SMC_KEY_DERIVE, E_MONITOR_TRUST_REVOKED);
	install_signed(0, 1, 3, KEYS_ROOT);
	assert_refused(SPH_SMC_KEY_DERIVE, E_MONITOR_TRUST_KEY);
}

static void test_keys_refused(void **state)
{
	struct sph_key_request request = { .purpose = SPH_KEY_APP };

	(void)state;
	install(0, 5, 3);
	assert_int_equal(derive(5, SPH_KEY_APP, 3, NULL), 0);
	assert_int_equal(derive(5, SPH_KEY_APP, 4, NULL), SPH_SMC_E_INVALID);
	assert_int_equal(derive(5, 0, 3, NULL), SPH_SMC_E_INVALID);
	assert_int_equal(derive(5, 3, 3, NULL), SPH_SMC_E_INVALID);
	assert_int_equal(derive(6, SPH_KEY_APP, 0, NULL), SPH_SMC_E_ABSENT);
	/* The nil component is that of all entries that are not used. */
	assert_int_equal(derive(0, SPH_KEY_APP, 0, NULL), SPH_SMC_E_ABSENT);
	memset(request.component_id, 5, sizeof(request.component_id));
	request.reserved[7] = 1;
	memcpy(AT(RECORD), &request, sizeof(request));
	assert_int_equal(call(SPH_SMC_KEY_DERIVE, RECORD, NULL), SPH_SMC_E_INVALID);
	assert_int_equal(call(SPH_SMC_KEY_DERIVE, RECORD + 2, NULL), SPH_SMC_E_INVALID);
	assert_int_equal(call(SPH_SMC_KEY_DERIVE, MACHINE_SECURE_BASE, NULL), SPH_SMC_E_ADDRESS);
	assert_int_equal(call(SPH_SMC_KEY_DERIVE, MACHINE_RAM_BASE + MACHINE_RAM_BYTES - 60, NULL),
			 SPH_SMC_E_ADDRESS);
}

/* ---- Attestation --------------------------------------------------------- */

static int verify_signature(const struct sph_attestation *a, const uint8_t point[65])
{
	mbedtls_ecp_keypair pair;
	uint8_t hash[32];
	mbedtls_mpi r, s;
	int result;

	mbedtls_ecp_keypair_init(&pair);
	mbedtls_mpi_init(&r);
	mbedtls_mpi_init(&s);
	mbedtls_sha256_ret((const uint8_t *)a, offsetof(struct sph_attestation, signature), hash, 0);
	mbedtls_ecp_group_load(&pair.grp, MBEDTLS_ECP_DP_SECP256R1);
	mbedtls_ecp_point_read_binary(&pair.grp, &pair.Q, point, 65);
	mbedtls_mpi_read_binary(&r, a->signature, 32);
	mbedtls_mpi_read_binary(&s, a->signature + 32, 32);
	result = mbedtls_ecdsa_verify(&pair.grp, hash, sizeof(hash), &pair.Q, &r, &s);
	mbedtls_mpi_free(&r);
	mbedtls_mpi_free(&s);
	mbedtls_ecp_keypair_free(&pair);
	return result;
}

static void read_info(struct sph_device_info *device)
{
	assert_int_equal(call(SPH_SMC_DEVICE_INFO, RECORD, NULL), 0);
	memcpy(device, AT(RECORD), sizeof(*device));
}

/* Everything but the nonce is what it would be had the caller written nothing. */
static void attest(uint8_t fill, struct sph_attestation *a)
{
	memset(AT(RECORD), fill, sizeof(*a));
	memset(AT(RECORD) + offsetof(struct sph_attestation, nonce), 0x77, sizeof(a->nonce));
	assert_int_equal(call(SPH_SMC_ATTEST, RECORD, NULL), 0);
	memcpy(a, AT(RECORD), sizeof(*a));
}

static void test_attestation(void **state)
{
	struct sph_attestation a, other;
	struct sph_device_info device;
	uint8_t list[72], hash[32];

	(void)state;
	install(9, 2, 0x01020304);
	install(3, 8, 5);
	read_info(&device);
	attest(0, &a);
	assert_int_equal(verify_signature(&a, device.point), 0);
	attest(0xff, &other);
	assert_memory_equal(&a, &other, sizeof(a));
	mbedtls_sha256_ret(device.point, 65, hash, 0);
	assert_memory_equal(a.device_id, hash, 32);
	assert_memory_equal(device.device_id, hash, 32);
	assert_memory_equal(a.measurement, info.measurement.value, 32);
	assert_string_equal((char *)a.monitor_version, "1.2.3");
	assert_int_equal(a.os_security_version, 7);
	assert_int_equal(a.trust_version, 1);
	assert_int_equal(a.slot, SPH_SLOT_B);
	assert_int_equal(a.flags, 0);
	memset(list, 2, 16);
	memset(list + 16, 3, 16);
	memcpy(list + 32, "\4\3\2\1", 4);
	memset(list + 36, 8, 16);
	memset(list + 52, 9, 16);
	memcpy(list + 68, "\5\0\0\0", 4);
	mbedtls_sha256_ret(list, sizeof(list), hash, 0);
	assert_memory_equal(a.images, hash, 32);
	for (size_t i = 0; i < offsetof(struct sph_attestation, signature); i += 13) {
		other = a;
		((uint8_t *)&other)[i] ^= 1;
		assert_int_not_equal(verify_signature(&other, device.point), 0);
	}
	facts.root_is_development = true;
	attest(0, &other);
	assert_int_equal(other.flags, SPH_ATTESTATION_F_DEVELOPMENT);
}

static void test_attestation_refused(void **state)
{
	(void)state;
	assert_int_equal(call(SPH_SMC_ATTEST, RECORD + 1, NULL), SPH_SMC_E_INVALID);
	assert_int_equal(call(SPH_SMC_ATTEST, 0, NULL), SPH_SMC_E_ADDRESS);
	assert_int_equal(call(SPH_SMC_ATTEST, MACHINE_RAM_BASE + MACHINE_RAM_BYTES - 288, NULL),
			 SPH_SMC_E_ADDRESS);
	/* Without random numbers nothing would be blinded. */
	crypto_random_stop();
	assert_refused(SPH_SMC_ATTEST, E_MONITOR_CRYPTO);
}

/* No call gives the private key or the secret, whatever it writes. */
static void test_secrets_stay(void **state)
{
	static const uint32_t ids[] = { SPH_SMC_DEVICE_INFO, SPH_SMC_ATTEST, SPH_SMC_KEY_DERIVE };
	const struct device_state *device = &state_now()->device;

	(void)state;
	install(0, 0x11, 1);
	for (size_t i = 0; i < ARRAY_SIZE(ids); i++) {
		memset(AT(RECORD), 0x11, 512);
		memset(AT(RECORD) + 16, 0, 500);
		*AT(RECORD + 20) = 1;
		assert_int_equal(call(ids[i], RECORD, NULL), 0);
		assert_null(memmem(machine.ram, sizeof(machine.ram), device->private_key, 8));
		assert_null(memmem(machine.ram, sizeof(machine.ram), device->secret, 8));
		assert_null(memmem(machine.ram, sizeof(machine.ram), device->seed, 8));
	}
}

/* ---- Orders -------------------------------------------------------------- */

static struct device_order make_order(uint32_t kind)
{
	struct device_order order = {
		.magic = DEVICE_ORDER_MAGIC,
		.format = DEVICE_ORDER_FORMAT,
		.order_bytes = sizeof(order),
		.kind = kind,
		.epoch = state_now()->device.epoch,
	};

	assert_int_equal(device_id(order.device_id), 0);
	return order;
}

static void put_order(const struct device_order *order, enum keys_name signer)
{
	memcpy(AT(RECORD), order, sizeof(*order));
	keys_sign(signer, order, sizeof(*order), AT(RECORD) + sizeof(*order));
}

static void put_claim(enum keys_name owner)
{
	struct device_order order = make_order(DEVICE_ORDER_CLAIM);

	keys_point(owner, order.point);
	put_order(&order, owner);
}

static void put_transfer(enum keys_name from, enum keys_name to)
{
	struct device_order order = make_order(DEVICE_ORDER_TRANSFER);

	keys_point(to, order.point);
	put_order(&order, from);
}

static void put_capabilities(enum keys_name owner, uint32_t capabilities)
{
	struct device_order order = make_order(DEVICE_ORDER_CAPABILITIES);

	order.capabilities = capabilities;
	put_order(&order, owner);
}

static void obey(void)
{
	assert_int_equal(call(SPH_SMC_DEVICE_ORDER, RECORD, NULL), 0);
}

static void manufacture(void)
{
	assert_int_equal(call(SPH_SMC_DEVICE_MANUFACTURE, 0, NULL), 0);
}

static void refuse(int error)
{
	const struct device_state before = state_now()->device;

	assert_refused(SPH_SMC_DEVICE_ORDER, error);
	assert_memory_equal(&before, &state_now()->device, sizeof(before));
}

static void test_life(void **state)
{
	struct sph_device_info device;
	uint8_t old[DEVICE_ORDER_BYTES], id[32];

	(void)state;
	put_claim(KEYS_OTHER);
	refuse(E_MONITOR_ORDER_STAGE);
	manufacture();
	assert_refused(SPH_SMC_DEVICE_MANUFACTURE, E_MONITOR_ORDER_STAGE);
	put_claim(KEYS_OTHER);
	obey();
	read_info(&device);
	keys_id(KEYS_OTHER, id);
	assert_memory_equal(device.owner_key_id, id, 32);
	assert_int_equal(device.stage, SPH_STAGE_SECURED);
	assert_int_equal(device.capabilities, 0);
	assert_refused(SPH_SMC_DEVICE_MANUFACTURE, E_MONITOR_ORDER_STAGE);
	put_claim(KEYS_DEBUG);
	refuse(E_MONITOR_ORDER_STAGE);

	put_capabilities(KEYS_OTHER, SPH_DEVICE_CAP_ALL);
	memcpy(old, AT(RECORD), sizeof(old));
	obey();
	read_info(&device);
	assert_int_equal(device.capabilities, SPH_DEVICE_CAP_ALL);
	put_capabilities(KEYS_OTHER, 0);
	obey();
	/* What was shut is not opened by the order that had opened it. */
	memcpy(AT(RECORD), old, sizeof(old));
	refuse(E_MONITOR_ORDER_EPOCH);

	put_capabilities(KEYS_OTHER, SPH_DEVICE_CAP_DEBUG);
	obey();
	put_transfer(KEYS_OTHER, KEYS_DEBUG);
	obey();
	read_info(&device);
	keys_id(KEYS_DEBUG, id);
	assert_memory_equal(device.owner_key_id, id, 32);
	assert_int_equal(device.capabilities, 0);
	/* AS-43: what the old owner signed is void, of before and of now. */
	memcpy(AT(RECORD), old, sizeof(old));
	refuse(E_MONITOR_ORDER_EPOCH);
	put_capabilities(KEYS_OTHER, SPH_DEVICE_CAP_DEBUG);
	refuse(E_MONITOR_ORDER_SIGNATURE);
	put_capabilities(KEYS_DEBUG, SPH_DEVICE_CAP_DEBUG);
	obey();
	/* It is all remembered. */
	start_device();
	assert_int_equal(state_now()->device.stage, SPH_STAGE_SECURED);
	assert_int_equal(state_now()->device.capabilities, SPH_DEVICE_CAP_DEBUG);
}

static void test_order_refusals(void **state)
{
	struct device_order order;

	(void)state;
	manufacture();
	put_claim(KEYS_OTHER);
	*AT(RECORD + DEVICE_ORDER_BYTES - 1) ^= 1;
	refuse(E_MONITOR_ORDER_SIGNATURE);
	put_claim(KEYS_OTHER);
	*AT(RECORD) ^= 1;
	refuse(E_MONITOR_ORDER_FIELD);
	order = make_order(DEVICE_ORDER_CLAIM);
	keys_point(KEYS_OTHER, order.point);
	put_order(&order, KEYS_DEBUG);
	refuse(E_MONITOR_ORDER_SIGNATURE);
	order.kind = 4;
	put_order(&order, KEYS_OTHER);
	refuse(E_MONITOR_ORDER_KIND);
	order.kind = DEVICE_ORDER_TRANSFER;
	put_order(&order, KEYS_OTHER);
	refuse(E_MONITOR_ORDER_STAGE);
	order.kind = DEVICE_ORDER_CLAIM;
	order.device_id[31] ^= 1;
	put_order(&order, KEYS_OTHER);
	refuse(E_MONITOR_ORDER_DEVICE);
	order.device_id[31] ^= 1;
	order.epoch++;
	put_order(&order, KEYS_OTHER);
	refuse(E_MONITOR_ORDER_EPOCH);
	order.epoch--;
	order.point[64] ^= 1;
	put_order(&order, KEYS_OTHER);
	refuse(E_MONITOR_ORDER_FIELD);
	order.point[64] ^= 1;
	put_order(&order, KEYS_OTHER);
	assert_int_equal(call(SPH_SMC_DEVICE_ORDER, RECORD + 2, NULL), SPH_SMC_E_INVALID);
	assert_int_equal(call(SPH_SMC_DEVICE_ORDER, MACHINE_SECURE_BASE, NULL), SPH_SMC_E_ADDRESS);
	obey();
}

static void test_development_devices_are_not_claimed(void **state)
{
	(void)state;
	manufacture();
	put_claim(KEYS_OTHER);
	facts.root_is_development = true;
	refuse(E_MONITOR_ORDER_DEVELOPMENT);
	facts.root_is_development = false;
	store.keys[0].flags = TRUST_KEY_F_DEVELOPMENT;
	keys_adopt(&store);
	refuse(E_MONITOR_ORDER_DEVELOPMENT);
	store.keys[0].flags = 0;
	keys_adopt(&store);
	obey();
}

static void test_order_that_is_not_kept(void **state)
{
	(void)state;
	manufacture();
	put_claim(KEYS_OTHER);
	machine.fault = FAULT_PROGRAM_STATUS;
	assert_int_equal(call(SPH_SMC_DEVICE_ORDER, RECORD, NULL), SPH_SMC_E_IO);
	assert_int_equal(state_now()->device.stage, SPH_STAGE_MANUFACTURING);
}

static int load(void **state)
{
	(void)state;
	return keys_load();
}

static int unload(void **state)
{
	(void)state;
	crypto_random_stop();
	keys_free();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_every_bit_varies, set_up),
		cmocka_unit_test_setup(test_trng_refuses, set_up),
		cmocka_unit_test_setup(test_health, set_up),
		cmocka_unit_test_setup(test_dead_source_does_not_repeat, set_up),
		cmocka_unit_test_setup(test_source_makes_a_difference, set_up),
		cmocka_unit_test_setup(test_no_keys_without_entropy, set_up),
		cmocka_unit_test_setup(test_no_random_numbers_without_a_commit, set_up),
		cmocka_unit_test_setup(test_keys_differ, set_up),
		cmocka_unit_test_setup(test_keys_of_tenants, set_up),
		cmocka_unit_test_setup(test_keys_refused, set_up),
		cmocka_unit_test_setup(test_attestation, set_up),
		cmocka_unit_test_setup(test_attestation_refused, set_up),
		cmocka_unit_test_setup(test_secrets_stay, set_up),
		cmocka_unit_test_setup(test_life, set_up),
		cmocka_unit_test_setup(test_order_refusals, set_up),
		cmocka_unit_test_setup(test_development_devices_are_not_claimed, set_up),
		cmocka_unit_test_setup(test_order_that_is_not_kept, set_up),
	};

	return cmocka_run_group_tests(tests, load, unload);
}
