// SPDX-License-Identifier: GPL-2.0-only
/* Trust stores that are taken in or refused, what a key may sign, and versions that only rise. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/array.h"
#include "abi/errors.h"
#include "abi/smc.h"
#include "keys.h"
#include "machine.h"
#include "monitor/cfi.h"
#include "monitor/normal_ram.h"
#include "monitor/root_key.h"
#include "monitor/smc.h"
#include "monitor/state/state.h"
#include "monitor/trust/trust.h"
#include "monitor/trust/versions.h"

#define OS_VERSION		5u
#define RECORD			64u	/* where in RAM the normal world has a store */

static struct cfi_flash secure;
static struct trust_store store;
static struct boot_info boot;

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

/* A device in which an OS of security version 5 runs, and the store of the factory in its flash. */
static int set_up(void **state)
{
	(void)state;
	machine_init();
	assert_int_equal(cfi_probe(&secure, MACHINE_SECURE_BASE), 0);
	assert_int_equal(state_load(&secure), E_MONITOR_STATE_BLANK);
	keys_store(&store);
	memset(&boot, 0, sizeof(boot));
	boot.os_security_version = OS_VERSION;
	keys_id(KEYS_OS, boot.os_key_id);
	normal_ram_init(MACHINE_RAM_BYTES);
	trust_init(&boot);
	smc_init(&boot);
	return 0;
}

static void put(uint8_t *at, enum keys_name signer)
{
	memcpy(at, &store, sizeof(store));
	keys_sign(signer, at, sizeof(store), at + sizeof(store));
}

static int load(enum keys_name signer)
{
	const char *reason = NULL;
	int error;

	put(machine.flash + MACHINE_TRUST, signer);
	error = trust_load(&reason);
	assert_int_equal(error != 0, reason != NULL);
	return error;
}

/* What SPH_SMC_TRUST_UPDATE says of the store: 0, or the number of a refusal. */
static uint32_t update(enum keys_name signer)
{
	uint32_t regs[5] = { SPH_SMC_TRUST_UPDATE, MACHINE_RAM_BASE + RECORD };
	const struct state before = *state_now();

	put(machine.ram + RECORD, signer);
	assert_true(machine_smc(regs));
	if (regs[0] == SPH_SMC_OK) {
		assert_memory_equal(&state_now()->trust.store, &store, sizeof(store));
		return 0;
	}
	assert_int_equal((int32_t)regs[0], SPH_SMC_E_REFUSED);
	assert_memory_equal(state_now(), &before, sizeof(before));
	return regs[1];
}

static int find(enum keys_name name, uint32_t role, uint32_t security_version)
{
	const struct trust_key *key = NULL;
	uint8_t id[32], point[65];
	int error;

	keys_id(name, id);
	error = trust_find(id, role, security_version, &key);
	if (!error) {
		keys_point(name, point);
		assert_memory_equal(key->point, point, sizeof(point));
		assert_int_equal(key->role, role);
	}
	return error;
}

static void set_stage(uint32_t stage, uint32_t capabilities)
{
	struct state *draft = state_draft();

	draft->device.stage = stage;
	draft->device.capabilities = capabilities;
	assert_int_equal(state_commit(), 0);
}

static void test_factory(void **state)
{
	const char *reason = NULL;

	(void)state;
	assert_int_equal(trust_load(&reason), E_MONITOR_TRUST_STORE); /* erased flash */
	assert_int_equal(load(KEYS_OS), E_MONITOR_TRUST_STORE);
	assert_int_equal(state_now()->trust.store.format, 0);
	assert_int_equal(find(KEYS_OS, TRUST_ROLE_OS, 1), E_MONITOR_TRUST_KEY);
	assert_int_equal(load(KEYS_ROOT), 0);
	assert_memory_equal(&state_now()->trust.store, &store, sizeof(store));
	/* After a reset it is there, and that of the flash does not count any more. */
	memset(machine.flash + MACHINE_TRUST, 0, TRUST_STORE_BYTES);
	machine_power_on();
	assert_int_equal(state_load(&secure), 0);
	assert_int_equal(trust_load(&reason), 0);
	assert_memory_equal(&state_now()->trust.store, &store, sizeof(store));
	/* A monitor with another root key does not believe the former one's. */
	store.root_key_id[0] ^= 1;
	keys_adopt(&store);
	assert_int_equal(trust_load(&reason), E_MONITOR_TRUST_STORE);
}

static void test_power_cut(void **state)
{
	const char *reason = NULL;

	(void)state;
	put(machine.flash + MACHINE_TRUST, KEYS_ROOT);
	machine.fault = FAULT_PROGRAM_STATUS;
	assert_int_equal(trust_load(&reason), E_MONITOR_STATE_WRITE);
	assert_int_equal(state_now()->trust.store.format, 0);
}

/* Every bit of store and signature counts. */
static void test_bits(void **state)
{
	const char *reason = NULL;

	(void)state;
	put(machine.flash + MACHINE_TRUST, KEYS_ROOT);
	for (uint32_t bit = 0; bit < TRUST_STORE_BYTES * 8; bit += 7) {
		uint8_t *byte = machine.flash + MACHINE_TRUST + bit / 8;

		*byte ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(trust_load(&reason), E_MONITOR_TRUST_STORE);
		*byte ^= (uint8_t)(1 << bit % 8);
	}
	assert_int_equal(trust_load(&reason), 0);
}

/* The parser has its own test; here, that its verdict counts, and what the root key knows. */
static void test_signed_nonsense(void **state)
{
	(void)state;
	store.keys[2] = store.keys[0];
	assert_int_equal(load(KEYS_ROOT), E_MONITOR_TRUST_FIELD);
	keys_store(&store);
	store.flags = 0; /* the root key is a development key */
	assert_int_equal(load(KEYS_ROOT), E_MONITOR_TRUST_FIELD);
	assert_int_equal(state_now()->trust.store.format, 0);
}

static void test_roles(void **state)
{
	(void)state;
	keys_adopt(&store);
	for (enum keys_name name = KEYS_ROOT; name < KEYS_COUNT; name++) {
		for (uint32_t role = 0; role <= TRUST_ROLE_DEBUG + 1; role++) {
			const int may = name >= KEYS_OS && name <= KEYS_DEBUG &&
					role == TRUST_ROLE_OS + name - KEYS_OS;

			assert_int_equal(find(name, role, 1), may ? 0 : E_MONITOR_TRUST_KEY);
		}
	}
	assert_int_equal(find(KEYS_OS, 33, 1), E_MONITOR_TRUST_KEY);
	assert_int_equal(find(KEYS_OS, UINT32_MAX, 1), E_MONITOR_TRUST_KEY);
}

static void test_range_and_revocation(void **state)
{
	(void)state;
	store.keys[0].min_security_version = 3;
	store.keys[0].max_security_version = 4;
	store.keys[1].flags |= TRUST_KEY_F_REVOKED;
	keys_adopt(&store);
	assert_int_equal(find(KEYS_OS, TRUST_ROLE_OS, 2), E_MONITOR_TRUST_RANGE);
	assert_int_equal(find(KEYS_OS, TRUST_ROLE_OS, 3), 0);
	assert_int_equal(find(KEYS_OS, TRUST_ROLE_OS, 4), 0);
	assert_int_equal(find(KEYS_OS, TRUST_ROLE_OS, 5), E_MONITOR_TRUST_RANGE);
	assert_int_equal(find(KEYS_OS, TRUST_ROLE_OS, UINT32_MAX), E_MONITOR_TRUST_RANGE);
	assert_int_equal(find(KEYS_OEM, TRUST_ROLE_OEM, 3), E_MONITOR_TRUST_REVOKED);
}

static void test_stages(void **state)
{
	const uint32_t development = SPH_DEVICE_CAP_DEVELOPMENT, debug = SPH_DEVICE_CAP_DEBUG;
	const int shut = E_MONITOR_TRUST_STAGE;
	const struct {
		uint32_t stage, capabilities;
		int oem, oem_debug, debug;
	} cases[] = {
		{ SPH_STAGE_BLANK, 0, 0, 0, 0 },
		{ SPH_STAGE_MANUFACTURING, 0, 0, 0, 0 },
		{ SPH_STAGE_SECURED, 0, shut, shut, shut },
		{ SPH_STAGE_SECURED, development, 0, shut, shut },
		{ SPH_STAGE_SECURED, debug, shut, 0, shut },
		{ SPH_STAGE_SECURED, development | debug, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		keys_store(&store);
		keys_adopt(&store);
		set_stage(cases[i].stage, cases[i].capabilities);
		assert_int_equal(find(KEYS_OEM, TRUST_ROLE_OEM, 1), cases[i].oem);
		assert_int_equal(find(KEYS_DEBUG, TRUST_ROLE_DEBUG, 1), cases[i].oem_debug);
		/* With a published root key a published OS key makes nothing worse. */
		assert_int_equal(find(KEYS_OS, TRUST_ROLE_OS, 1), 0);
		store.keys[1].flags = 0;
		store.keys[2].flags = TRUST_KEY_F_DEVELOPMENT;
		keys_adopt(&store);
		assert_int_equal(find(KEYS_OEM, TRUST_ROLE_OEM, 1), 0);
		assert_int_equal(find(KEYS_DEBUG, TRUST_ROLE_DEBUG, 1), cases[i].debug);
	}
}

static void test_app_keys(void **state)
{
	const struct trust_key *key = NULL;
	uint8_t id[32];

	(void)state;
	keys_adopt(&store);
	keys_id(KEYS_OEM, id);
	assert_int_equal(trust_find_app(id, 1, &key), 0);
	assert_memory_equal(key->tenant_id, keys_tenant, sizeof(keys_tenant));
	keys_id(KEYS_DEBUG, id);
	assert_int_equal(trust_find_app(id, 1, &key), 0);
	keys_id(KEYS_OS, id);
	assert_int_equal(trust_find_app(id, 1, &key), E_MONITOR_TRUST_KEY);
	keys_id(KEYS_OTHER, id);
	assert_int_equal(trust_find_app(id, 1, &key), E_MONITOR_TRUST_KEY);
}

static void test_update(void **state)
{
	uint32_t info[5] = { SPH_SMC_TRUST_INFO };

	(void)state;
	keys_adopt(&store);
	assert_int_equal(update(KEYS_ROOT), E_MONITOR_TRUST_OLD); /* the same once more */
	store.version = 7;
	assert_int_equal(update(KEYS_OS), E_MONITOR_TRUST_STORE);
	assert_int_equal(update(KEYS_ROOT), 0);
	store.version = 6;
	assert_int_equal(update(KEYS_ROOT), E_MONITOR_TRUST_OLD);
	store.version = 8;
	store.reserved[0] = 1;
	assert_int_equal(update(KEYS_ROOT), E_MONITOR_TRUST_FIELD);
	store.reserved[0] = 0;
	store.keys[3] = store.keys[0];
	keys_point(KEYS_OTHER, store.keys[3].point);
	store.key_count = 4;
	assert_int_equal(update(KEYS_ROOT), 0);
	assert_int_equal(find(KEYS_OTHER, TRUST_ROLE_OS, 1), 0);
	assert_true(machine_smc(info));
	assert_int_equal(info[0], SPH_SMC_OK);
	assert_int_equal(info[1], 8);
	assert_int_equal(info[2], 4);
	machine_power_on();
	assert_int_equal(state_load(&secure), 0);
	assert_memory_equal(&state_now()->trust.store, &store, sizeof(store));
}

static void test_update_arguments(void **state)
{
	static const struct {
		uint32_t address;
		int32_t status;
	} cases[] = {
		{ 0, SPH_SMC_E_ADDRESS },
		{ MACHINE_RAM_BASE - 4, SPH_SMC_E_ADDRESS },
		{ MACHINE_RAM_BASE + 2, SPH_SMC_E_INVALID },
		{ MACHINE_RAM_BASE + MACHINE_RAM_BYTES, SPH_SMC_E_ADDRESS },
		{ MACHINE_RAM_BASE + MACHINE_RAM_BYTES - TRUST_STORE_BYTES + 4, SPH_SMC_E_ADDRESS },
		{ MACHINE_RAM_BASE + MACHINE_RAM_BYTES - TRUST_STORE_BYTES, SPH_SMC_OK },
		{ MACHINE_SECURE_BASE, SPH_SMC_E_ADDRESS },
		{ MACHINE_FLASH_BASE + MACHINE_TRUST, SPH_SMC_E_ADDRESS },
		{ 0xfffffffc, SPH_SMC_E_ADDRESS },
	};

	(void)state;
	keys_adopt(&store);
	store.version = 2;
	put(machine.flash + MACHINE_TRUST, KEYS_ROOT);
	put(machine.ram + MACHINE_RAM_BYTES - TRUST_STORE_BYTES, KEYS_ROOT);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		uint32_t regs[5] = { SPH_SMC_TRUST_UPDATE, cases[i].address };
		const uint32_t reads = machine.ram_reads;

		assert_true(machine_smc(regs));
		assert_int_equal((int32_t)regs[0], cases[i].status);
		assert_int_equal(machine.ram_reads - reads, /* each word once, or none */
				 cases[i].status ? 0 : TRUST_STORE_BYTES / 4);
	}
}

static void test_update_io(void **state)
{
	uint32_t regs[5] = { SPH_SMC_TRUST_UPDATE, MACHINE_RAM_BASE + RECORD };

	(void)state;
	keys_adopt(&store);
	store.version = 2;
	put(machine.ram + RECORD, KEYS_ROOT);
	machine.fault = FAULT_PROGRAM_STATUS;
	assert_true(machine_smc(regs));
	assert_int_equal((int32_t)regs[0], SPH_SMC_E_IO);
	assert_int_equal(state_now()->trust.store.version, 1);
}

/* The lesson of AS-32: no update may be the reason why a device does not start. */
static void test_update_keeps_the_os(void **state)
{
	(void)state;
	keys_adopt(&store);
	store.version = 2;
	store.keys[0].flags |= TRUST_KEY_F_REVOKED;
	assert_int_equal(update(KEYS_ROOT), E_MONITOR_TRUST_REVOKED);
	store.keys[0].flags = TRUST_KEY_F_DEVELOPMENT;
	store.keys[0].min_security_version = OS_VERSION + 1;
	assert_int_equal(update(KEYS_ROOT), E_MONITOR_TRUST_RANGE);
	store.keys[0].min_security_version = 0;
	store.keys[0].max_security_version = OS_VERSION - 1;
	assert_int_equal(update(KEYS_ROOT), E_MONITOR_TRUST_RANGE);
	store.keys[0].max_security_version = OS_VERSION;
	keys_point(KEYS_OTHER, store.keys[0].point);
	assert_int_equal(update(KEYS_ROOT), E_MONITOR_TRUST_KEY);
	keys_point(KEYS_OS, store.keys[0].point);
	store.keys[0].role = TRUST_ROLE_DEBUG;
	assert_int_equal(update(KEYS_ROOT), E_MONITOR_TRUST_KEY);
	store.keys[0].role = TRUST_ROLE_OS;
	assert_int_equal(update(KEYS_ROOT), 0);
}

static void install(uint32_t index, enum keys_name signer, uint32_t security_version)
{
	struct image_entry *image = &state_draft()->images.entries[index];

	image->sectors = 1;
	image->security_version = security_version;
	keys_id(signer, image->key_id);
	assert_int_equal(state_commit(), 0);
}

static void test_update_keeps_the_apps(void **state)
{
	(void)state;
	keys_adopt(&store);
	install(0, KEYS_DEBUG, 3);
	install(IMAGES_MAX - 1, KEYS_OEM, 4);
	install(7, KEYS_OTHER, 4); /* refused already: nothing of it is lost */
	store.version = 2;
	store.keys[1].min_security_version = 5;
	assert_int_equal(update(KEYS_ROOT), E_MONITOR_TRUST_RANGE);
	store.keys[1].min_security_version = 4;
	store.key_count = 2;
	memset(&store.keys[2], 0, sizeof(store.keys[2]));
	assert_int_equal(update(KEYS_ROOT), E_MONITOR_TRUST_KEY);
	state_draft()->images.entries[0].sectors = 0; /* removed */
	assert_int_equal(state_commit(), 0);
	assert_int_equal(update(KEYS_ROOT), 0);
}

/* The OS before the one on trial may need a key that the new store lacks. */
static void test_no_update_during_a_trial(void **state)
{
	uint32_t regs[5] = { SPH_SMC_TRUST_UPDATE, MACHINE_RAM_BASE + RECORD };
	struct state *draft;

	(void)state;
	keys_adopt(&store);
	draft = state_draft();
	draft->slots.is_set = 1;
	draft->slots.trial = 1;
	assert_int_equal(state_commit(), 0);
	store.version = 2;
	put(machine.ram + RECORD, KEYS_ROOT);
	assert_true(machine_smc(regs));
	assert_int_equal((int32_t)regs[0], SPH_SMC_E_BUSY);
	state_draft()->slots.trial = 0;
	assert_int_equal(state_commit(), 0);
	assert_int_equal(update(KEYS_ROOT), 0);
}

static void test_keeps_in_another_stage(void **state)
{
	struct state *draft;

	(void)state;
	keys_adopt(&store);
	install(3, KEYS_OEM, 1);
	draft = state_draft();
	draft->device.stage = SPH_STAGE_SECURED;
	assert_int_equal(trust_keeps(draft), E_MONITOR_TRUST_STAGE);
	draft->device.capabilities = SPH_DEVICE_CAP_DEVELOPMENT;
	assert_int_equal(trust_keeps(draft), 0);
	draft->device.capabilities = 0;
	draft->images.entries[3].sectors = 0;
	assert_int_equal(trust_keeps(draft), 0);
}

static void test_versions(void **state)
{
	static const uint8_t nil[16];
	struct state *draft = state_draft();
	uint8_t id[16] = "component";

	(void)state;
	assert_int_equal(versions_lowest(draft, id), 0);
	for (uint32_t i = 0; i < VERSIONS_MAX; i++) {
		id[15] = (uint8_t)i;
		assert_int_equal(versions_raise(draft, id, i + 5), 0);
	}
	for (uint32_t i = 0; i < VERSIONS_MAX; i++) {
		id[15] = (uint8_t)i;
		assert_int_equal(versions_lowest(draft, id), i + 5);
		assert_int_equal(versions_raise(draft, id, i), 0); /* lower: stays */
		assert_int_equal(versions_lowest(draft, id), i + 5);
	}
	assert_int_equal(versions_raise(draft, id, UINT32_MAX), 0);
	assert_int_equal(versions_lowest(draft, id), UINT32_MAX);
	id[15] = VERSIONS_MAX;
	assert_int_equal(versions_raise(draft, id, 1), E_MONITOR_VERSIONS_FULL);
	assert_int_equal(versions_lowest(draft, id), 0);
	memset(&draft->versions, 0, sizeof(draft->versions));
	assert_int_equal(versions_raise(draft, nil, 9), E_MONITOR_VERSIONS_FULL);
	assert_int_equal(versions_lowest(draft, nil), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_factory, set_up),
		cmocka_unit_test_setup(test_power_cut, set_up),
		cmocka_unit_test_setup(test_bits, set_up),
		cmocka_unit_test_setup(test_signed_nonsense, set_up),
		cmocka_unit_test_setup(test_roles, set_up),
		cmocka_unit_test_setup(test_range_and_revocation, set_up),
		cmocka_unit_test_setup(test_stages, set_up),
		cmocka_unit_test_setup(test_app_keys, set_up),
		cmocka_unit_test_setup(test_update, set_up),
		cmocka_unit_test_setup(test_update_arguments, set_up),
		cmocka_unit_test_setup(test_update_io, set_up),
		cmocka_unit_test_setup(test_update_keeps_the_os, set_up),
		cmocka_unit_test_setup(test_update_keeps_the_apps, set_up),
		cmocka_unit_test_setup(test_no_update_during_a_trial, set_up),
		cmocka_unit_test_setup(test_keeps_in_another_stage, set_up),
		cmocka_unit_test_setup(test_versions, set_up),
	};

	return cmocka_run_group_tests_name("monitor trust", tests, load_keys, free_keys);
}
