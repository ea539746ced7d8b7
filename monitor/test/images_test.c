// SPDX-License-Identifier: GPL-2.0-only
/* Images and slots: every rule, each refusal beside what is accepted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/array.h"
#include "abi/errors.h"
#include "abi/monitor_records.h"
#include "abi/smc.h"
#include "sample.h"
#include "monitor/images/image_check.h"
#include "monitor/images/image_list.h"
#include "monitor/images/image_store.h"
#include "monitor/images/slots.h"
#include "monitor/state/state.h"
#include "monitor/trust/versions.h"

#define SECTOR			MACHINE_SECTOR
#define SECTORS			(MACHINE_APPS_BYTES / SECTOR)
#define RAM			MACHINE_RAM_BASE
#define REPLACEMENTS		500u

static struct package package;
static uint8_t os[MACHINE_SLOT_BYTES];

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
	(void)state;
	sample_make();
	return !sample_start();
}

static void make(uint8_t component, uint8_t content, uint32_t security_version)
{
	package_make(&package, &(struct package_spec){ .component = component, .content = content,
						       .security_version = security_version });
}

static int32_t stage(const struct package *what)
{
	uint32_t handle;

	return sample_stage(SPH_IMAGE_APP, what->data, what->bytes, &handle);
}

static int32_t begin(uint32_t type, uint32_t bytes)
{
	return sample_call(SPH_SMC_IMAGE_BEGIN, type, bytes, 0, 0);
}

static int32_t install(void)
{
	return sample_call(SPH_SMC_IMAGE_INSTALL, 0, 0, 0, 0);
}

static int32_t remove_component(uint8_t component)
{
	const uint32_t word = component * 0x01010101u;

	return sample_call(SPH_SMC_IMAGE_REMOVE, word, word, word, word);
}

static void assert_refused(int32_t status, uint32_t number)
{
	assert_int_equal(status, SPH_SMC_E_REFUSED);
	assert_int_equal(sample_results[0], number);
}

static void test_install_and_ask(void **state)
{
	(void)state;
	assert_int_equal(sample_call(SPH_SMC_IMAGE_INFO, 0, RAM, 0, 0), SPH_SMC_E_ABSENT);
	make(0xc0, 1, 7);
	assert_int_equal(sample_install(&package), 0);
	assert_int_equal(image_count(), 1);
	assert_int_equal(versions_lowest(state_now(), state_now()->images.entries[0].component_id), 7);
	assert_memory_equal(machine.flash + MACHINE_APPS, package.data, package.bytes);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_INFO, 1, RAM, 0, 0), SPH_SMC_E_ABSENT);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_INFO, 0, RAM + 2, 0, 0), SPH_SMC_E_INVALID);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_INFO, 0, 0x1000, 0, 0), SPH_SMC_E_ADDRESS);
	assert_int_equal(sample_call_again(SPH_SMC_IMAGE_VERIFY, 0), 0);
	assert_int_equal(sample_call_again(SPH_SMC_IMAGE_VERIFY, SECTOR), SPH_SMC_E_ABSENT);
	assert_int_equal(sample_call_again(SPH_SMC_IMAGE_VERIFY, 4), SPH_SMC_E_ABSENT);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_SPACE, 0, 0, 0, 0), 0);
	assert_int_equal(sample_results[0], 1);
	assert_int_equal(sample_results[1], MACHINE_APPS_BYTES - 2 * SECTOR);
	assert_int_equal(sample_results[2], MACHINE_APPS_BYTES - 2 * SECTOR);
	assert_true(sample_start());
	assert_int_equal(image_count(), 1);
	assert_int_equal(sample_call_again(SPH_SMC_IMAGE_VERIFY, 0), 0);
}

static void test_info(void **state)
{
	struct sph_image_info info;

	(void)state;
	make(0xc0, 1, 7);
	assert_int_equal(sample_install(&package), 0);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_INFO, 0, RAM, 0, 0), 0);
	memcpy(&info, machine.ram, sizeof(info));
	assert_int_equal(info.offset, 0);
	assert_int_equal(info.bytes, package.bytes);
	assert_int_equal(info.room_bytes, 2 * SECTOR);
	assert_int_equal(info.security_version, 7);
	assert_int_equal(info.flags, IMAGE_F_DEVELOPMENT);
	assert_int_equal(info.component_id[15], 0xc0);
	assert_int_equal(info.image_id[0], 1);
	assert_memory_equal(info.tenant_id, keys_tenant, sizeof(keys_tenant));
}

static void test_begin(void **state)
{
	uint32_t handle;

	(void)state;
	assert_int_equal(begin(0, 4096), SPH_SMC_E_INVALID);
	assert_int_equal(begin(3, 4096), SPH_SMC_E_INVALID);
	assert_int_equal(begin(SPH_IMAGE_APP, 0), SPH_SMC_E_INVALID);
	assert_int_equal(begin(SPH_IMAGE_APP, 4097), SPH_SMC_E_INVALID);
	assert_int_equal(begin(SPH_IMAGE_APP, MACHINE_APPS_BYTES + 4), SPH_SMC_E_NO_SPACE);
	assert_int_equal(begin(SPH_IMAGE_APP, 0xfffffffc), SPH_SMC_E_NO_SPACE);
	assert_int_equal(begin(SPH_IMAGE_OS, MACHINE_SLOT_BYTES + 4), SPH_SMC_E_NO_SPACE);
	assert_int_equal(begin(SPH_IMAGE_APP, MACHINE_APPS_BYTES), 0);
	handle = sample_results[0];
	assert_int_not_equal(handle, 0);
	assert_int_equal(begin(SPH_IMAGE_APP, 4), SPH_SMC_E_NO_SPACE);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_ABORT, handle, 0, 0, 0), 0);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_ABORT, handle, 0, 0, 0), SPH_SMC_E_ABSENT);
	for (uint32_t i = 0; i < IMAGES_STAGED_MAX; i++) {
		assert_int_equal(begin(i ? SPH_IMAGE_APP : SPH_IMAGE_OS, 4096), 0);
		assert_int_equal(sample_results[0], handle + 1 + i);
		if (!i)
			assert_int_equal(begin(SPH_IMAGE_OS, 4096), SPH_SMC_E_BUSY);
	}
	assert_int_equal(begin(SPH_IMAGE_APP, 4096), SPH_SMC_E_BUSY);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_ABORT, 0, 0, 0, 0), 0);
	assert_int_equal(begin(SPH_IMAGE_APP, 4096), 0);
	assert_int_equal(sample_results[0], handle + 1 + IMAGES_STAGED_MAX);
	assert_int_equal(machine.erases[MACHINE_APPS / SECTOR], 0);
}

static int32_t write_piece(uint32_t handle, uint32_t offset, uint32_t bytes)
{
	return sample_call(SPH_SMC_IMAGE_WRITE, handle, offset, RAM, bytes);
}

static void test_write(void **state)
{
	static uint8_t before[MACHINE_FLASH_BYTES];
	uint32_t handle;

	(void)state;
	assert_int_equal(begin(SPH_IMAGE_APP, 2 * SECTOR), 0);
	handle = sample_results[0];
	memcpy(before, machine.flash, sizeof(before));
	assert_int_equal(write_piece(handle + 1, 0, 4), SPH_SMC_E_ABSENT);
	assert_int_equal(write_piece(0, 0, 4), SPH_SMC_E_ABSENT);
	assert_int_equal(write_piece(handle, 4, 4), SPH_SMC_E_INVALID);
	assert_int_equal(write_piece(handle, 0, 0), SPH_SMC_E_INVALID);
	assert_int_equal(write_piece(handle, 0, 6), SPH_SMC_E_INVALID);
	assert_int_equal(write_piece(handle, 0, SPH_SMC_PROGRAM_MAX + 4), SPH_SMC_E_INVALID);
	assert_int_equal(write_piece(handle, 0, 2 * SECTOR + 4), SPH_SMC_E_INVALID);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_WRITE, handle, 0, RAM + 2, 4), SPH_SMC_E_INVALID);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_WRITE, handle, 0, 0x1000, 4), SPH_SMC_E_ADDRESS);
	assert_int_equal(sample_call_again(SPH_SMC_IMAGE_FINISH, handle), SPH_SMC_E_INVALID);
	assert_memory_equal(machine.flash, before, sizeof(before));
	assert_int_equal(machine.erases[MACHINE_APPS / SECTOR], 0);
	assert_int_equal(write_piece(handle, 0, 100), 0);
	assert_int_equal(write_piece(handle, 0, 100), SPH_SMC_E_INVALID);
	assert_int_equal(write_piece(handle, 100, SECTOR), 0);
	assert_int_equal(machine.erases[MACHINE_APPS / SECTOR], 1);
	assert_int_equal(machine.erases[MACHINE_APPS / SECTOR + 1], 1);
	assert_int_equal(write_piece(handle, 100 + SECTOR, SECTOR), SPH_SMC_E_INVALID);
	assert_int_equal(install(), SPH_SMC_E_BUSY);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_ABORT, 0, 0, 0, 0), 0);
	assert_int_equal(install(), SPH_SMC_E_ABSENT);
}

/* Old data is under it, the flash fails, and the same is written again. */
static void test_write_that_fails(void **state)
{
	uint32_t handle;

	(void)state;
	make(0xc0, 1, 0);
	memset(machine.flash + MACHINE_APPS, 0, 3 * SECTOR);
	assert_int_equal(begin(SPH_IMAGE_APP, package.bytes), 0);
	handle = sample_results[0];
	memcpy(machine.ram, package.data, 4096);
	machine.fault = FAULT_BAD_CELL;
	assert_int_equal(write_piece(handle, 0, 4096), SPH_SMC_E_IO);
	machine.fault = FAULT_NONE;
	assert_int_equal(write_piece(handle, 0, 4096), 0);
	memcpy(machine.ram, package.data + 4096, package.bytes - 4096);
	assert_int_equal(write_piece(handle, 4096, package.bytes - 4096), 0);
	assert_int_equal(sample_call_again(SPH_SMC_IMAGE_FINISH, handle), 0);
	assert_memory_equal(machine.flash + MACHINE_APPS + sample_results[0], package.data, package.bytes);
	assert_int_equal(sample_call_again(SPH_SMC_IMAGE_FINISH, handle), 0);
	assert_memory_equal(machine.flash + MACHINE_APPS + sample_results[0], package.data, package.bytes);
	assert_int_equal(install(), 0);
	assert_int_equal(machine.flash[MACHINE_APPS + package.bytes], 0xff);
}

static void no_name(struct image_metadata *m)
{
	m->name[0] = 0;
}

static void other_abi(struct image_metadata *m)
{
	m->abi_required = IMAGE_ABI_CURRENT + 1;
}

static void nil_component(struct image_metadata *m)
{
	memset(m->component_id, 0, sizeof(m->component_id));
}

static void wrong_magic(struct image_metadata *m)
{
	m->magic = 0;
}

static void wrong_body(struct image_metadata *m)
{
	m->body_bytes *= 2;
}

static void other_key_id(struct image_metadata *m)
{
	m->key_id[0] ^= 1;
}

static void test_rules(void **state)
{
	static const struct {
		struct package_spec spec;
		uint32_t number;
	} cases[] = {
		{ { .component = 1 }, 0 },
		{ { .component = 1, .pages = 5 }, 0 },
		{ { .component = 1, .key = KEYS_DEBUG }, 0 },
		{ { .component = 1, .key = KEYS_OS }, E_MONITOR_TRUST_KEY },
		{ { .component = 1, .key = KEYS_OTHER }, E_MONITOR_TRUST_KEY },
		{ { .component = 1, .type = IMAGE_TYPE_SYSTEM_APP }, E_MONITOR_IMAGE_PLACE },
		{ { .component = 1, .type = IMAGE_TYPE_ROOTFS }, E_MONITOR_IMAGE_PLACE },
		{ { .component = 1, .type = 4 }, E_IMAGE_TYPE },
		{ { .component = 1, .flags = IMAGE_F_DEVELOPMENT }, E_IMAGE_FLAGS },
		{ { .component = 1, .flags = 2 }, E_IMAGE_FLAGS },
		{ { .component = 1, .change = no_name }, E_IMAGE_NAME },
		{ { .component = 1, .change = other_abi }, E_IMAGE_ABI },
		{ { .component = 1, .change = nil_component }, E_IMAGE_COMPONENT_ID },
		{ { .component = 1, .change = wrong_magic }, E_IMAGE_METADATA_MAGIC },
		{ { .component = 1, .change = wrong_body }, E_IMAGE_BODY },
		{ { .component = 1, .change = other_key_id }, E_MONITOR_TRUST_KEY },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		set_up(state);
		package_make(&package, &cases[i].spec);
		if (!cases[i].number) {
			assert_int_equal(sample_install(&package), 0);
			assert_int_equal(sample_call_again(SPH_SMC_IMAGE_VERIFY, 0), 0);
			continue;
		}
		assert_refused(sample_install(&package), cases[i].number);
		/* The handle is gone, and with it the room. */
		assert_int_equal(install(), SPH_SMC_E_ABSENT);
		assert_int_equal(image_count(), 0);
		assert_int_equal(begin(SPH_IMAGE_APP, MACHINE_APPS_BYTES), 0);
	}
}

static void test_every_part_is_signed(void **state)
{
	const uint32_t places[] = { 8, 2000, 4095, 4096 + 16, 4096 + 80, 4096 + 191, 4096 + 192,
				    4096 + 255 };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(places); i++) {
		make(1, 2, 3);
		package.data[places[i]] ^= 1;
		assert_int_equal(sample_install(&package), SPH_SMC_E_REFUSED);
		assert_true(sample_results[0] == E_IMAGE_SIGNATURE ||
			    sample_results[0] == E_IMAGE_RESERVED);
	}
	make(1, 2, 3);
	assert_int_equal(sample_install(&package), 0);
}

static void test_length(void **state)
{
	uint32_t handle;

	(void)state;
	make(1, 2, 3);
	assert_refused(sample_stage(SPH_IMAGE_APP, package.data, package.bytes - 4, &handle),
		       E_IMAGE_TRUNCATED);
	assert_refused(sample_stage(SPH_IMAGE_APP, package.data, package.bytes + 4, &handle),
		       E_MONITOR_IMAGE_LENGTH);
	assert_refused(sample_stage(SPH_IMAGE_APP, package.data, 4, &handle), E_IMAGE_TRUNCATED);
	memset(package.data, 0xff, package.bytes);
	assert_refused(stage(&package), E_IMAGE_MAGIC);
}

static void test_rollback(void **state)
{
	(void)state;
	make(1, 1, 5);
	assert_int_equal(sample_install(&package), 0);
	make(1, 2, 4);
	assert_refused(sample_install(&package), E_MONITOR_ROLLBACK);
	make(2, 2, 0); /* another component */
	assert_int_equal(sample_install(&package), 0);
	make(1, 3, 5);
	assert_int_equal(sample_install(&package), 0);
	assert_int_equal(remove_component(1), 0);
	make(1, 4, 4);
	assert_refused(sample_install(&package), E_MONITOR_ROLLBACK);
	assert_int_equal(image_count(), 1);
}

static void test_one_component_once(void **state)
{
	(void)state;
	make(1, 1, 0);
	assert_int_equal(stage(&package), 0);
	make(1, 2, 0);
	assert_refused(stage(&package), E_MONITOR_IMAGE_TWICE);
	make(2, 2, 0);
	assert_int_equal(stage(&package), 0);
	assert_int_equal(install(), 0);
	assert_int_equal(image_count(), 2);
	assert_int_equal(install(), SPH_SMC_E_ABSENT);
}

/* Another tenant's component stays his, until it is removed. */
static void test_tenants(void **state)
{
	struct trust_store store = state_now()->trust.store;

	(void)state;
	store.keys[3] = store.keys[1];
	store.keys[3].tenant_id[0] ^= 1;
	store.keys[3].flags = 0;
	keys_point(KEYS_OTHER, store.keys[3].point);
	store.key_count = 4;
	keys_adopt(&store);
	make(1, 1, 0);
	assert_int_equal(sample_install(&package), 0);
	package_make(&package, &(struct package_spec){ .component = 1, .key = KEYS_OTHER });
	assert_refused(sample_install(&package), E_MONITOR_IMAGE_TENANT);
	package_make(&package, &(struct package_spec){ .component = 2, .key = KEYS_OTHER });
	assert_int_equal(sample_install(&package), 0);
	/* The same tenant's other key. */
	store.keys[3].tenant_id[0] ^= 1;
	keys_adopt(&store);
	package_make(&package, &(struct package_spec){ .component = 1, .key = KEYS_OTHER });
	assert_int_equal(sample_install(&package), 0);
}

/* Between FINISH and INSTALL, and at each mount, the key must still count. */
static void test_a_key_that_is_revoked(void **state)
{
	struct trust_store store = state_now()->trust.store;

	(void)state;
	make(1, 1, 0);
	assert_int_equal(sample_install(&package), 0);
	make(2, 1, 0);
	assert_int_equal(stage(&package), 0);
	store.keys[1].flags |= TRUST_KEY_F_REVOKED;
	keys_adopt(&store);
	assert_refused(install(), E_MONITOR_TRUST_REVOKED);
	assert_refused(sample_call_again(SPH_SMC_IMAGE_VERIFY, 0), E_MONITOR_TRUST_REVOKED);
	store.keys[1].flags &= ~TRUST_KEY_F_REVOKED;
	keys_adopt(&store);
	assert_int_equal(sample_call_again(SPH_SMC_IMAGE_VERIFY, 0), 0);
	assert_int_equal(install(), 0);
}

static void test_verify(void **state)
{
	(void)state;
	package_make(&package, &(struct package_spec){ .component = 1, .pages = 3 });
	assert_int_equal(sample_install(&package), 0);
	for (uint32_t at = 0; at < package.bytes; at += 1021) {
		machine.flash[MACHINE_APPS + at] ^= 4;
		assert_refused(sample_call_again(SPH_SMC_IMAGE_VERIFY, 0), E_MONITOR_IMAGE_CHANGED);
		machine.flash[MACHINE_APPS + at] ^= 4;
	}
	assert_int_equal(sample_call_again(SPH_SMC_IMAGE_VERIFY, 0), 0);
}

/* How often a call is made until it does not say AGAIN; @status is what it says then. */
static uint32_t count_calls(uint32_t id, uint32_t r1, int32_t *status)
{
	uint32_t calls = 1;

	while ((*status = sample_call(id, r1, 0, 0, 0)) == SPH_SMC_E_AGAIN)
		calls++;
	return calls;
}

/* Writes all of it, and does not judge it; returns the handle. */
static uint32_t write_all(const struct package *what)
{
	uint32_t handle;

	assert_int_equal(begin(SPH_IMAGE_APP, what->bytes), 0);
	handle = sample_results[0];
	for (uint32_t done = 0; done < what->bytes; done += 4096) {
		const uint32_t n = what->bytes - done < 4096 ? what->bytes - done : 4096;

		memcpy(machine.ram, what->data + done, n);
		assert_int_equal(write_piece(handle, done, n), 0);
	}
	return handle;
}

/* What is longer than a piece is judged and verified in several calls, whatever comes between them. */
static void test_pieces(void **state)
{
	const uint32_t behind_a_piece = MACHINE_APPS + IMAGE_CHECK_PIECE_BYTES + 100;
	uint32_t handle;
	int32_t status;

	(void)state;
	package_make(&package, &(struct package_spec){ .component = 1, .pages = PACKAGE_PAGES_MAX });
	assert_true(package.bytes > IMAGE_CHECK_PIECE_BYTES);
	handle = write_all(&package);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_FINISH, handle, 0, 0, 0), SPH_SMC_E_AGAIN);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_FINISH, handle, 0, 0, 0), SPH_SMC_E_AGAIN);
	assert_int_equal(install(), SPH_SMC_E_BUSY);
	machine.flash[behind_a_piece] ^= 1;
	assert_refused(sample_call(SPH_SMC_IMAGE_FINISH, handle, 0, 0, 0), E_IMAGE_SIGNATURE);
	handle = write_all(&package);
	assert_int_equal(count_calls(SPH_SMC_IMAGE_FINISH, handle, &status), 3);
	assert_int_equal(status, 0);
	assert_int_equal(install(), 0);
	assert_int_equal(count_calls(SPH_SMC_IMAGE_VERIFY, 0, &status), 2);
	assert_int_equal(status, 0);

	make(2, 1, 0);
	assert_int_equal(sample_install(&package), 0);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_VERIFY, 0, 0, 0, 0), SPH_SMC_E_AGAIN);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_VERIFY, 21 * SECTOR, 0, 0, 0), 0);
	assert_int_equal(count_calls(SPH_SMC_IMAGE_VERIFY, 0, &status), 2);
	assert_int_equal(status, 0);
	assert_int_equal(sample_call(SPH_SMC_IMAGE_VERIFY, 0, 0, 0, 0), SPH_SMC_E_AGAIN);
	machine.flash[behind_a_piece] ^= 1;
	assert_refused(sample_call(SPH_SMC_IMAGE_VERIFY, 0, 0, 0, 0), E_MONITOR_IMAGE_CHANGED);
}

static void test_remove(void **state)
{
	(void)state;
	assert_int_equal(remove_component(1), SPH_SMC_E_ABSENT);
	assert_int_equal(remove_component(0), SPH_SMC_E_ABSENT);
	make(1, 1, 0);
	assert_int_equal(sample_install(&package), 0);
	assert_int_equal(remove_component(2), SPH_SMC_E_ABSENT);
	assert_int_equal(remove_component(1), 0);
	assert_int_equal(image_count(), 0);
	assert_true(sample_start());
	assert_int_equal(image_count(), 0);
}

static void test_full_list(void **state)
{
	(void)state;
	make(1, 1, 0);
	for (uint32_t i = 0; i < IMAGES_MAX; i++) {
		struct image_entry *entry = &state_draft()->images.entries[i];

		*entry = (struct image_entry){ .sector = SECTORS + i, .sectors = 1 };
		memset(entry->component_id, (int)(0x40 + i), sizeof(entry->component_id));
		assert_int_equal(state_commit(), 0);
	}
	assert_int_equal(sample_install(&package), SPH_SMC_E_NO_SPACE);
	assert_int_equal(remove_component(0x41), 0);
	assert_int_equal(install(), 0);
}

static void test_state_that_cannot_be_written(void **state)
{
	(void)state;
	make(1, 1, 0);
	assert_int_equal(stage(&package), 0);
	machine.fault = FAULT_PROGRAM_STATUS;
	assert_int_equal(install(), SPH_SMC_E_IO);
	assert_int_equal(image_count(), 0);
	machine.fault = FAULT_NONE;
	assert_int_equal(install(), 0);
	machine.fault = FAULT_PROGRAM_STATUS;
	assert_int_equal(remove_component(1), SPH_SMC_E_IO);
	machine.fault = FAULT_NONE;
	assert_int_equal(image_count(), 1);
}

static void test_wear(void **state)
{
	uint32_t least = UINT32_MAX, most = 0, sum = 0, starts = 0;

	(void)state;
	for (uint32_t i = 0; i < REPLACEMENTS; i++) {
		package_make(&package, &(struct package_spec){ .component = (uint8_t)(1 + i % 3),
							       .content = (uint8_t)i,
							       .pages = 1 + i % 3 });
		assert_int_equal(sample_install(&package), 0);
		if (i % 7 == 0) {
			assert_true(sample_start());
			starts++;
		}
	}
	assert_true(starts > 50);
	for (uint32_t i = 0; i < SECTORS; i++) {
		const uint32_t erases = machine.erases[MACHINE_APPS / SECTOR + i];

		least = erases < least ? erases : least;
		most = erases > most ? erases : most;
		sum += erases;
	}
	print_message("%u replacements: each sector erased %u to %u times, mean %u\n", REPLACEMENTS,
		      least, most, sum / SECTORS);
	/* The last ones are left out when what comes does not fit there any more. */
	assert_true(most * SECTORS <= sum + sum / 8);
	assert_true(least >= most / 3);
}

/* ---- The first start ----------------------------------------------------- */

/* What the factory did not write is written first. */
static void test_room_behind_adopted(void **state)
{
	(void)state;
	sample_make();
	make(1, 3, 0);
	memcpy(machine.flash + MACHINE_APPS + 4 * SECTOR, package.data, package.bytes);
	assert_true(sample_start());
	assert_int_equal(image_count(), 1);
	assert_int_equal(state_now()->images.next_sector, 4 + (package.bytes + SECTOR - 1) / SECTOR);
}

static void test_adoption(void **state)
{
	uint8_t *apps = machine.flash + MACHINE_APPS;

	(void)state;
	sample_make();
	package_make(&package, &(struct package_spec){ .component = 1, .pages = 2,
						       .security_version = 9 });
	memcpy(apps, package.data, package.bytes);
	make(2, 1, 0);
	package.data[100] ^= 1;			/* not genuine */
	memcpy(apps + 4 * SECTOR, package.data, package.bytes);
	make(1, 3, 0);				/* the same component again, and older */
	memcpy(apps + 8 * SECTOR, package.data, package.bytes);
	memset(apps + 12 * SECTOR, 0x13, SECTOR);	/* no package */
	make(4, 3, 0);
	memcpy(apps + 14 * SECTOR + 512, package.data, package.bytes);	/* not at a sector */
	package_make(&package, &(struct package_spec){ .component = 5,
						       .type = IMAGE_TYPE_SYSTEM_APP });
	memcpy(apps + 18 * SECTOR, package.data, package.bytes);
	make(7, 1, 0);
	package.data[5] = 0x20;			/* a length that covers the next one */
	memcpy(apps + 20 * SECTOR, package.data, package.bytes);
	make(6, 1, 0);
	memcpy(apps + 22 * SECTOR, package.data, package.bytes);
	assert_true(sample_start());
	assert_int_equal(image_count(), 2);
	assert_non_null(strstr(machine.console, "E2012"));
	assert_non_null(strstr(machine.console, "E1032"));
	assert_non_null(strstr(machine.console, "E2001"));
	assert_non_null(strstr(machine.console, "E1031"));
	assert_non_null(strstr(machine.console, "E2004"));
	assert_int_equal(sample_call_again(SPH_SMC_IMAGE_VERIFY, 0), 0);
	assert_int_equal(sample_call_again(SPH_SMC_IMAGE_VERIFY, 22 * SECTOR), 0);
	assert_int_equal(state_now()->images.entries[0].security_version, 9);
	/* Later nothing more is taken in. */
	make(7, 1, 0);
	memcpy(apps + 4 * SECTOR, package.data, package.bytes);
	assert_true(sample_start());
	assert_int_equal(image_count(), 2);
	assert_int_equal(sample_call_again(SPH_SMC_IMAGE_VERIFY, 4 * SECTOR), SPH_SMC_E_ABSENT);
}

/* ---- The OS -------------------------------------------------------------- */

static int32_t install_os(uint32_t security_version)
{
	uint32_t handle;
	int32_t status;

	sample_make_os(os, security_version, (uint8_t)(0xb0 + security_version));
	status = sample_stage(SPH_IMAGE_OS, os, SAMPLE_OS_BYTES, &handle);
	return status ? status : install();
}

static int32_t boot_ok(void)
{
	return sample_call(SPH_SMC_BOOT_OK, 0, 0, 0, 0);
}

static void test_os_that_works(void **state)
{
	uint32_t commands;

	(void)state;
	assert_int_equal(sample_boot.slot, SPH_SLOT_A);
	memset(machine.flash + MACHINE_SLOT_B, 0, MACHINE_SLOT_BYTES);
	assert_int_equal(install_os(2), 0);
	assert_true(sample_start());
	assert_int_equal(sample_boot.slot, SPH_SLOT_B);
	assert_int_equal(state_now()->slots.attempts_left, SLOT_ATTEMPTS - 1);
	/* The old one must stay until the new one is confirmed. */
	assert_int_equal(begin(SPH_IMAGE_OS, 4096), SPH_SMC_E_BUSY);
	assert_int_equal(boot_ok(), 0);
	assert_int_equal(state_now()->versions.os, 2);
	commands = machine.flash_commands;
	assert_int_equal(boot_ok(), 0);
	assert_int_equal(machine.flash_commands, commands);
	for (int i = 0; i < 5; i++) {
		assert_true(sample_start());
		assert_int_equal(sample_boot.slot, SPH_SLOT_B);
	}
	assert_refused(install_os(1), E_MONITOR_ROLLBACK);
	assert_int_equal(install_os(2), 0);
	assert_true(sample_start());
	assert_int_equal(sample_boot.slot, SPH_SLOT_A);
}

static void test_os_that_does_not(void **state)
{
	(void)state;
	assert_int_equal(boot_ok(), 0);
	assert_int_equal(install_os(2), 0);
	for (uint32_t i = 1; i <= SLOT_ATTEMPTS; i++) {
		assert_true(sample_start());
		assert_int_equal(sample_boot.slot, SPH_SLOT_B);
		assert_int_equal(state_now()->slots.attempts_left, SLOT_ATTEMPTS - i);
	}
	assert_int_equal(state_now()->telemetry.fallbacks, 0);
	for (int i = 0; i < 3; i++) {
		assert_true(sample_start());
		assert_int_equal(sample_boot.slot, SPH_SLOT_A);
		assert_int_equal(state_now()->telemetry.fallbacks, 1);
	}
	assert_non_null(strstr(machine.console, "E1035"));
	assert_int_equal(state_now()->versions.os, 1);
}

/* It says "boot ok" while another one waits for its trial: that one is tried all the same. */
static void test_boot_ok_before_a_trial(void **state)
{
	(void)state;
	assert_int_equal(install_os(2), 0);
	assert_int_equal(boot_ok(), 0);
	assert_int_equal(state_now()->versions.os, 1);
	assert_true(sample_start());
	assert_int_equal(sample_boot.slot, SPH_SLOT_B);
}

static void test_os_that_is_damaged(void **state)
{
	uint32_t handle;

	(void)state;
	sample_make_os(os, 2, 7);
	os[MACHINE_SLOT_SYSTEM + 5] ^= 1;
	assert_refused(sample_stage(SPH_IMAGE_OS, os, SAMPLE_OS_BYTES, &handle), E_MONITOR_PART);
	os[MACHINE_SLOT_MANIFEST + 30] ^= 1;
	assert_refused(sample_stage(SPH_IMAGE_OS, os, SAMPLE_OS_BYTES, &handle),
		       E_MONITOR_SIGNATURE);
	assert_int_equal(install_os(2), 0);
	machine.flash[MACHINE_SLOT_B + MACHINE_SLOT_SYSTEM] ^= 1;
	assert_true(sample_start());
	assert_int_equal(sample_boot.slot, SPH_SLOT_A);
	assert_int_equal(state_now()->slots.trial, 0);
	assert_int_equal(state_now()->telemetry.fallbacks, 1);
}

/* The attempt cannot be counted: the OS on trial is not started. */
static void test_attempt_that_is_not_counted(void **state)
{
	(void)state;
	assert_int_equal(install_os(2), 0);
	machine.fault = FAULT_PROGRAM_STATUS;
	assert_true(sample_start());
	assert_int_equal(sample_boot.slot, SPH_SLOT_A);
	machine.fault = FAULT_NONE;
}

static void test_os_and_app_together(void **state)
{
	uint32_t handle;

	(void)state;
	sample_make_os(os, 2, 7);
	make(1, 1, 0);
	assert_int_equal(sample_stage(SPH_IMAGE_OS, os, SAMPLE_OS_BYTES, &handle), 0);
	assert_int_equal(sample_install(&package), 0);
	assert_int_equal(image_count(), 1);
	assert_true(sample_start());
	assert_int_equal(sample_boot.slot, SPH_SLOT_B);
}

/* One that waits is given up when its slot is taken for the next one. */
static void test_os_over_one_that_waits(void **state)
{
	(void)state;
	assert_int_equal(install_os(2), 0);
	assert_int_equal(begin(SPH_IMAGE_OS, SAMPLE_OS_BYTES), 0);
	assert_int_equal(state_now()->slots.trial, 0);
	assert_true(sample_start());
	assert_int_equal(sample_boot.slot, SPH_SLOT_A);
	assert_int_equal(install_os(3), 0);
	assert_true(sample_start());
	assert_int_equal(sample_boot.os_security_version, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_install_and_ask, set_up),
		cmocka_unit_test_setup(test_info, set_up),
		cmocka_unit_test_setup(test_begin, set_up),
		cmocka_unit_test_setup(test_write, set_up),
		cmocka_unit_test_setup(test_write_that_fails, set_up),
		cmocka_unit_test_setup(test_rules, set_up),
		cmocka_unit_test_setup(test_every_part_is_signed, set_up),
		cmocka_unit_test_setup(test_length, set_up),
		cmocka_unit_test_setup(test_rollback, set_up),
		cmocka_unit_test_setup(test_one_component_once, set_up),
		cmocka_unit_test_setup(test_tenants, set_up),
		cmocka_unit_test_setup(test_a_key_that_is_revoked, set_up),
		cmocka_unit_test_setup(test_verify, set_up),
		cmocka_unit_test_setup(test_pieces, set_up),
		cmocka_unit_test_setup(test_remove, set_up),
		cmocka_unit_test_setup(test_full_list, set_up),
		cmocka_unit_test_setup(test_state_that_cannot_be_written, set_up),
		cmocka_unit_test_setup(test_wear, set_up),
		cmocka_unit_test_setup(test_adoption, set_up),
		cmocka_unit_test_setup(test_room_behind_adopted, set_up),
		cmocka_unit_test_setup(test_os_that_works, set_up),
		cmocka_unit_test_setup(test_os_that_does_not, set_up),
		cmocka_unit_test_setup(test_boot_ok_before_a_trial, set_up),
		cmocka_unit_test_setup(test_os_that_is_damaged, set_up),
		cmocka_unit_test_setup(test_attempt_that_is_not_counted, set_up),
		cmocka_unit_test_setup(test_os_and_app_together, set_up),
		cmocka_unit_test_setup(test_os_over_one_that_waits, set_up),
	};

	return cmocka_run_group_tests_name("monitor images", tests, load_keys, free_keys);
}
