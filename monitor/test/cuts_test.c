// SPDX-License-Identifier: GPL-2.0-only
/*
 * The power fails in each command that the flash gets, in the middle of what it does and behind it, in
 * each kind of transaction (that of the recovery loader: recovery_test.c).
 * After each cut the device starts again with one of the sets that the same transaction goes through
 * when it is not cut: the old one, the new one.  Every image that is listed is as it was signed.
 *
 * Writes how many cuts there were to $POWER_CUTS, if that is set, for tests/bench.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/array.h"
#include "abi/device_order.h"
#include "abi/errors.h"
#include "abi/smc.h"
#include "sample.h"
#include "monitor/device/device.h"
#include "monitor/images/image_list.h"
#include "monitor/state/state.h"

#define STATES_MAX		6
#define RECORD			(MACHINE_RAM_BASE + 64)
#define AT(address)		(machine.ram + (address) - MACHINE_RAM_BASE)
#define SECTOR			MACHINE_SECTOR

/* What must not be something in between: all that the device remembers, but for the counters. */
struct memory {
	int load;			/* what state_load() said */
	struct image_entry images[IMAGES_MAX];
	struct slot_state slots;
	struct version_state versions;
	struct device_state device;	/* but for the seed, which each start changes */
	uint32_t was_adopted, trust_version;
};

static struct package a1, a2, b1, b2, c1;
static uint8_t os[SAMPLE_OS_BYTES];

static struct machine snapshot;
static struct memory allowed[STATES_MAX];
static uint32_t allowed_count;
static uint32_t cuts, wrong;

static void read_memory(struct memory *memory)
{
	const struct state *state = state_now();

	memset(memory, 0, sizeof(*memory));
	memcpy(memory->images, state->images.entries, sizeof(memory->images));
	memory->slots = state->slots;
	memory->versions = state->versions;
	memory->device = state->device;
	memset(memory->device.seed, 0, sizeof(memory->device.seed));
	memory->was_adopted = state->images.was_adopted;
	memory->trust_version = state->trust.store.version;
}

static void load(void)
{
	static struct cfi_flash secure;

	if (cfi_probe(&secure, MACHINE_SECURE_BASE))
		return;
	state_load(&secure);
}

static bool is_allowed(void)
{
	static struct memory memory;

	read_memory(&memory);
	for (uint32_t i = 0; i < allowed_count; i++) {
		if (!memcmp(&memory, &allowed[i], sizeof(memory)))
			return true;
	}
	return false;
}

static void allow(void)
{
	if (is_allowed())
		return;
	assert_true(allowed_count < STATES_MAX);
	read_memory(&allowed[allowed_count++]);
}

static int32_t call(uint32_t id, uint32_t r1)
{
	const int32_t status = sample_call(id, r1, id == SPH_SMC_IMAGE_BEGIN ? sizeof(os) : r1, r1, r1);

	if (status != SAMPLE_CUT && !machine.cut_at)
		allow();
	return status;
}

static bool all_verify(void)
{
	for (uint32_t i = 0; i < IMAGES_MAX; i++) {
		const struct image_entry *entry = &state_now()->images.entries[i];

		if (entry->sectors &&
		    sample_call_again(SPH_SMC_IMAGE_VERIFY, entry->sector * SECTOR))
			return false;
	}
	return true;
}

/* ---- Transactions: true at their end, false at the cut ------------------- */

static bool install_all(const struct package *const *packages)
{
	uint32_t handle;

	for (; *packages; packages++) {
		if (sample_stage(SPH_IMAGE_APP, (*packages)->data, (*packages)->bytes, &handle))
			return false;
	}
	return !call(SPH_SMC_IMAGE_INSTALL, 0);
}

static bool install_one(void)
{
	return install_all((const struct package *const[]){ &c1, NULL });
}

static bool replace(void)
{
	return install_all((const struct package *const[]){ &a2, NULL });
}

static bool install_three(void)
{
	return install_all((const struct package *const[]){ &a2, &b2, &c1, NULL });
}

static bool remove_one(void)
{
	return !call(SPH_SMC_IMAGE_REMOVE, 0xa0a0a0a0);
}

static bool install_os(void)
{
	uint32_t handle;

	if (sample_stage(SPH_IMAGE_OS, os, sizeof(os), &handle))
		return false;
	return !call(SPH_SMC_IMAGE_INSTALL, 0);
}

/* The second one first ends the trial that waits. */
static bool install_os_twice(void)
{
	if (!install_os() || call(SPH_SMC_IMAGE_BEGIN, SPH_IMAGE_OS) ||
	    sample_call(SPH_SMC_IMAGE_ABORT, 0, 0, 0, 0))
		return false;
	return install_os();
}

static bool boot_ok(void)
{
	return !call(SPH_SMC_BOOT_OK, 0);
}

static bool settle(void)
{
	return !call(SPH_SMC_BOOT_SETTLED, 0);
}

static bool manufacture(void)
{
	return !call(SPH_SMC_DEVICE_MANUFACTURE, 0);
}

static bool update_trust(void)
{
	struct trust_store store = state_now()->trust.store;

	store.version++;
	memcpy(AT(RECORD), &store, sizeof(store));
	keys_sign(KEYS_ROOT, &store, sizeof(store), AT(RECORD) + sizeof(store));
	return !call(SPH_SMC_TRUST_UPDATE, RECORD);
}

/* Of the first owner. */
static bool give_order(struct device_order order)
{
	order.magic = DEVICE_ORDER_MAGIC;
	order.format = DEVICE_ORDER_FORMAT;
	order.order_bytes = sizeof(order);
	order.epoch = state_now()->device.epoch;
	assert_int_equal(device_id(order.device_id), 0);
	memcpy(AT(RECORD), &order, sizeof(order));
	keys_sign(KEYS_OTHER, &order, sizeof(order), AT(RECORD) + sizeof(order));
	return !call(SPH_SMC_DEVICE_ORDER, RECORD);
}

static bool open_debug(void)
{
	return give_order((struct device_order){ .kind = DEVICE_ORDER_CAPABILITIES,
						 .capabilities = SPH_DEVICE_CAP_ALL });
}

static bool transfer(void)
{
	struct device_order order = { .kind = DEVICE_ORDER_TRANSFER };

	keys_point(KEYS_DEBUG, order.point);
	return give_order(order);
}

/* The first start remembers thrice: the trust store, then the keys, then the apps. */
static void allow_first_steps(void)
{
	if (allowed_count != 1 || allowed[0].trust_version)
		return;
	allowed[1] = allowed[0];
	allowed[1].trust_version = 1;
	allowed[2] = allowed[1];
	allowed[2].device = state_now()->device;
	memset(allowed[2].device.seed, 0, sizeof(allowed[2].device.seed));
	allowed_count = 3;
}

static bool start(void)
{
	const bool is_up = sample_start();

	if (!is_up || machine.cut_at)
		return is_up;
	allow_first_steps();
	allow();
	return true;
}

/* ---- What was before ----------------------------------------------------- */

static void blank(void)
{
	sample_make();
	sample_give_entropy();
}

static void factory(void)
{
	blank();
	memcpy(machine.flash + MACHINE_APPS, a1.data, a1.bytes);
	memcpy(machine.flash + MACHINE_APPS + 4 * SECTOR, b1.data, b1.bytes);
}

static void with_two(void)
{
	factory();
	assert_true(sample_start());
	assert_int_equal(image_count(), 2);
}

/* Its owner is KEYS_OTHER.  Not by a claim, which a development root key has refused. */
static void with_owner(void)
{
	struct state *draft;

	with_two();
	draft = state_draft();
	draft->device.stage = SPH_STAGE_SECURED;
	keys_point(KEYS_OTHER, (uint8_t *)draft->device.owner);
	/* No development key signed the apps, or none would verify. */
	draft->trust.store.keys[1].flags = 0;
	assert_int_equal(state_commit(), 0);
}

static void with_new_os(void)
{
	with_two();
	assert_true(install_os());
}

static void on_trial(void)
{
	with_new_os();
	assert_true(sample_start());
	assert_int_equal(sample_boot.slot, SPH_SLOT_B);
}

static void trial_is_over(void)
{
	with_new_os();
	for (int i = 0; i < 3; i++)
		assert_true(sample_start());
}

static void trial_is_damaged(void)
{
	with_new_os();
	machine.flash[MACHINE_SLOT_B + MACHINE_SLOT_KERNEL] ^= 1;
}

/* ---- The cuts ------------------------------------------------------------ */

/* @is_start: the transaction is the start itself; else it comes behind one. */
static const struct scenario {
	const char *name;
	void (*prepare)(void);
	bool (*work)(void);
	bool is_start;
} scenarios[] = {
	{ "first start", blank, start, true },
	{ "first start with apps", factory, start, true },
	{ "install one", with_two, install_one, false },
	{ "replace one", with_two, replace, false },
	{ "install three", with_two, install_three, false },
	{ "remove", with_two, remove_one, false },
	{ "install an OS", with_two, install_os, false },
	{ "install an OS over one that waits", with_two, install_os_twice, false },
	{ "first start of an OS", with_new_os, start, true },
	{ "boot ok", with_two, boot_ok, false },
	{ "boot ok of an OS on trial", on_trial, boot_ok, false },
	{ "an ordinary start", with_two, start, true },
	{ "settled", with_two, settle, false },
	{ "trust update", with_two, update_trust, false },
	{ "manufacture", with_two, manufacture, false },
	{ "capabilities", with_owner, open_debug, false },
	{ "transfer", with_owner, transfer, false },
	{ "end of a trial", trial_is_over, start, true },
	{ "an OS on trial is damaged", trial_is_damaged, start, true },
};

static void note_wrong(const struct scenario *scenario, uint32_t at, const char *what)
{
	printf("%s: cut at command %u: %s\n", scenario->name, at, what);
	wrong++;
}

static void judge(const struct scenario *scenario, uint32_t at)
{
	machine_power_on();
	if (!machine_run(load) || !is_allowed())
		note_wrong(scenario, at, "neither the old nor the new set");
	machine_power_on();
	if (!sample_start() || !all_verify())
		note_wrong(scenario, at, "the device does not start, or an image does not verify");
}

static void get_ready(const struct scenario *scenario)
{
	memcpy(machine.flash, snapshot.flash, sizeof(machine.flash));
	memcpy(machine.secure, snapshot.secure, sizeof(machine.secure));
	machine_power_on();
	if (!scenario->is_start)
		assert_true(sample_start());
	else
		assert_true(machine_run(load));
	machine.flash_commands = 0;
}

/* At each command of the transaction; returns how many there are. */
static uint32_t cut_each(const struct scenario *scenario, enum machine_cut how)
{
	uint32_t at = 0;

	for (;;) {
		get_ready(scenario);
		machine.cut = how;
		machine.cut_at = ++at;
		if (scenario->work())
			return at - 1;
		assert_int_equal(machine.end, END_CUT);
		cuts++;
		judge(scenario, at);
	}
}

/*
 * @commits: that come before, so that the transaction begins at another place of the ring: each other
 * one finds its sector full and has to erase the next one.
 */
static void run(const struct scenario *scenario, uint32_t commits)
{
	uint32_t commands = 0;

	scenario->prepare();
	for (; commits; commits--) {
		state_draft();
		assert_int_equal(state_commit(), 0);
	}
	snapshot = machine;
	allowed_count = 0;
	get_ready(scenario);
	allow();
	assert_true(scenario->work());
	for (enum machine_cut how = 0; how < CUT_COUNT; how++)
		commands = cut_each(scenario, how);
	printf("%s: %u commands, %u sets\n", scenario->name, commands, allowed_count);
	assert_true(commands > 0);
}

static void test_cuts(void **state)
{
	const char *path = getenv("POWER_CUTS");
	FILE *file;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(scenarios); i++) {
		run(&scenarios[i], 0);
		/* A device that was never started has nothing before it. */
		if (scenarios[i].prepare != blank && scenarios[i].prepare != factory)
			run(&scenarios[i], 1);
	}
	printf("%u power cuts, %u wrong\n", cuts, wrong);
	assert_int_equal(wrong, 0);
	if (path) {
		file = fopen(path, "w");
		assert_non_null(file);
		fprintf(file, "{\"monitor_powercuts\": %u, \"monitor_powercuts_wrong\": %u}\n", cuts,
			wrong);
		fclose(file);
	}
}

/* The judge sees what is wrong: an image whose data is not there. */
static void test_a_wrong_set_is_seen(void **state)
{
	(void)state;
	with_two();
	allowed_count = 0;
	allow();
	assert_true(all_verify());
	machine.flash[MACHINE_APPS + 100] ^= 1;
	assert_false(all_verify());
	assert_true(is_allowed());
	assert_true(remove_one());
	allowed_count = 1;
	assert_false(is_allowed());
}

static int set_up(void **state)
{
	(void)state;
	if (keys_load())
		return 1;
	package_make(&a1, &(struct package_spec){ .component = 0xa0, .content = 0xa1, .pages = 2 });
	package_make(&a2, &(struct package_spec){ .component = 0xa0, .content = 0xa2, .pages = 1,
						  .security_version = 2 });
	package_make(&b1, &(struct package_spec){ .component = 0xb0, .content = 0xb1 });
	package_make(&b2, &(struct package_spec){ .component = 0xb0, .content = 0xb2 });
	package_make(&c1, &(struct package_spec){ .component = 0xc0, .content = 0xc1 });
	sample_make_os(os, 2, 0x0b);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	keys_free();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_wrong_set_is_seen),
		cmocka_unit_test(test_cuts),
	};

	return cmocka_run_group_tests_name("monitor power cuts", tests, set_up, tear_down);
}
