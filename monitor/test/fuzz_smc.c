// SPDX-License-Identifier: GPL-2.0-only
/*
 * A hostile normal world: sequences of calls with arguments from the fuzzer, on a device that has an
 * app installed.  In its RAM are two genuine packages, a newer trust store, an order of the owner and a
 * request for a key, which it can change, and have signed again.
 *
 * Must hold after each call: the status is one that is defined; flash outside of the partitions
 * "apps" and "storage" and of the slot that does not run is as it was; the data of each installed image
 * is as it was; each part of the state changes only by the calls that are there for it, and nothing goes
 * back; RAM is read by calls with a record only, each word once, and written by such calls only, when
 * they succeed, and never shows a secret; the flash is readable.  machine.c ends the program at any
 * access outside flash and normal-world RAM.
 *
 * A call is 9 bytes: what to call, then for each argument a kind and a value that is added to it.  What
 * is left over at the end says that the device is secured, not blank.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "abi/array.h"
#include "abi/device_order.h"
#include "abi/monitor_records.h"
#include "abi/smc.h"
#include "sample.h"
#include "machine.h"
#include "monitor/device/device.h"
#include "monitor/device/trng.h"
#include "monitor/psci.h"
#include "monitor/state/state.h"

#define CALL_BYTES		9
#define PACKAGE_BYTES		(IMAGE_ALIGN_BYTES + (uint32_t)IMAGE_TRAILER_BYTES)
#define SECOND_PACKAGE		8192u	/* in the RAM, as the next ones */
#define STORE			4608u
#define ORDER			6144u
#define KEY_REQUEST		6656u

/* Not calls: a byte of RAM is changed; store or order are signed again. */
#define POKE			1u
#define SIGN			2u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

static const uint32_t ids[] = {
	SPH_SMC_FLASH_PROGRAM, SPH_SMC_FLASH_ERASE, SPH_SMC_FLASH_PARTITION,
	SPH_SMC_FLASH_GEOMETRY, SPH_SMC_BOOT_INFO, SPH_SMC_VERSION, PSCI_VERSION,
	PSCI_CPU_SUSPEND, PSCI_CPU_OFF, PSCI_CPU_ON, PSCI_AFFINITY_INFO, PSCI_MIGRATE_INFO_TYPE,
	PSCI_SYSTEM_OFF, PSCI_SYSTEM_RESET, PSCI_FEATURES, 0x80000000, 0x80000001,
	SPH_SMC_TRUST_INFO, SPH_SMC_TRUST_UPDATE, 0, SPH_SMC_BOOT_OK, SPH_SMC_IMAGE_BEGIN,
	SPH_SMC_IMAGE_WRITE, SPH_SMC_IMAGE_FINISH, SPH_SMC_IMAGE_ABORT, SPH_SMC_IMAGE_INSTALL,
	SPH_SMC_IMAGE_REMOVE, SPH_SMC_IMAGE_INFO, SPH_SMC_IMAGE_SPACE, SPH_SMC_IMAGE_VERIFY,
	SPH_SMC_DEVICE_INFO, SPH_SMC_DEVICE_MANUFACTURE, SPH_SMC_DEVICE_ORDER,
	SPH_SMC_KEY_DERIVE, SPH_SMC_ATTEST, SPH_SMC_TELEMETRY, SPH_SMC_WATCHDOG,
	TRNG_VERSION, TRNG_FEATURES, TRNG_GET_UUID, TRNG_RND, SPH_SMC_IMAGE_HOLD,
	SPH_SMC_IMAGE_RELEASE, SPH_SMC_BOOT_SETTLED, POKE, SIGN,
};

/* Values beside which mistakes live. */
static const uint32_t bases[] = {
	0, SPH_PART_STORAGE, MACHINE_SECTOR, MACHINE_STORAGE_BYTES, MACHINE_RAM_BASE,
	MACHINE_RAM_BASE + MACHINE_RAM_BYTES, MACHINE_FLASH_BASE, SPH_SMC_PROGRAM_MAX,
	0x0e000000, 0x80000000, 0xfffffff0, 0u - MACHINE_SECTOR, 0u - MACHINE_STORAGE,
	PACKAGE_BYTES, MACHINE_RAM_BASE + IMAGE_ALIGN_BYTES, MACHINE_RAM_BASE + SECOND_PACKAGE,
	MACHINE_RAM_BASE + SECOND_PACKAGE + IMAGE_ALIGN_BYTES, 0xa0a0a0a0, 0xb0b0b0b0,
	SAMPLE_OS_BYTES, MACHINE_APPS_BYTES, IMAGE_TRAILER_BYTES,
	MACHINE_RAM_BASE + STORE, MACHINE_RAM_BASE + ORDER, MACHINE_RAM_BASE + KEY_REQUEST,
};

/* Who reads RAM, and how many bytes at most: each once, so that nobody changes them in between. */
static const struct {
	uint32_t id, bytes;
} readers[] = {
	{ SPH_SMC_FLASH_PROGRAM, SPH_SMC_PROGRAM_MAX }, { SPH_SMC_IMAGE_WRITE, SPH_SMC_PROGRAM_MAX },
	{ SPH_SMC_TRUST_UPDATE, TRUST_STORE_BYTES }, { SPH_SMC_DEVICE_ORDER, DEVICE_ORDER_BYTES },
	{ SPH_SMC_KEY_DERIVE, sizeof(struct sph_key_request) },
	{ SPH_SMC_ATTEST, sizeof(struct sph_attestation) },
};

/* What has a record that comes back. */
static const uint32_t record_ids[] = {
	SPH_SMC_TELEMETRY, SPH_SMC_IMAGE_INFO, SPH_SMC_DEVICE_INFO, SPH_SMC_KEY_DERIVE, SPH_SMC_ATTEST,
};

static struct machine ready[2];		/* before a start that is not the first: blank, secured */
static uint8_t ram[2][MACHINE_RAM_BYTES];	/* of each, afterwards */

static struct package first, second;

static void sign_store(uint8_t *memory)
{
	keys_sign(KEYS_ROOT, memory + STORE, sizeof(struct trust_store),
		  memory + STORE + sizeof(struct trust_store));
}

static void sign_order(uint8_t *memory)
{
	keys_sign(KEYS_OTHER, memory + ORDER, sizeof(struct device_order),
		  memory + ORDER + sizeof(struct device_order));
}

static void fill_ram(uint8_t *memory)
{
	struct trust_store store = state_now()->trust.store;
	struct device_order order = { .magic = DEVICE_ORDER_MAGIC, .format = DEVICE_ORDER_FORMAT,
				      .order_bytes = sizeof(order),
				      .kind = DEVICE_ORDER_CAPABILITIES,
				      .epoch = state_now()->device.epoch,
				      .capabilities = SPH_DEVICE_CAP_DEVELOPMENT };
	struct sph_key_request request = { .purpose = SPH_KEY_APP };

	store.version++;
	memset(request.component_id, 0xc0, sizeof(request.component_id));
	if (device_id(order.device_id))
		abort();
	memcpy(memory, first.data, first.bytes);
	memcpy(memory + SECOND_PACKAGE, second.data, second.bytes);
	memcpy(memory + STORE, &store, sizeof(store));
	memcpy(memory + ORDER, &order, sizeof(order));
	memcpy(memory + KEY_REQUEST, &request, sizeof(request));
	sign_store(memory);
	sign_order(memory);
}

/* Not by a claim, which a development root key has refused. */
static void secure(void)
{
	struct device_state *device = &state_draft()->device;

	device->stage = SPH_STAGE_SECURED;
	device->capabilities = SPH_DEVICE_CAP_DEVELOPMENT;
	keys_point(KEYS_OTHER, (uint8_t *)device->owner);
	if (state_commit())
		abort();
}

static void make_ready(void)
{
	if (keys_load())
		abort();
	sample_make();
	package_make(&first, &(struct package_spec){ .component = 0xc0, .content = 1 });
	memcpy(machine.flash + MACHINE_APPS, first.data, first.bytes);
	package_make(&first, &(struct package_spec){ .component = 0xa0, .content = 1 });
	package_make(&second, &(struct package_spec){ .component = 0xb0, .content = 1 });
	for (uint32_t i = MACHINE_STORAGE; i < MACHINE_FLASH_BYTES; i += 97)
		machine.flash[i] = (uint8_t)i;
	sample_give_entropy();
	if (!sample_start())
		abort();
	fill_ram(ram[0]);
	ready[0] = machine;
	secure();
	fill_ram(ram[1]);
	ready[1] = machine;
}

static bool is_same(const uint8_t *a, const uint8_t *b, uint32_t from, uint32_t to)
{
	return !memcmp(a + from, b + from, to - from);
}

static void check_flash(const struct machine *before, const struct state *state)
{
	const uint32_t storage_end = MACHINE_STORAGE + MACHINE_STORAGE_BYTES;

	if (!is_same(machine.flash, before->flash, 0, MACHINE_SLOT_B) ||
	    !is_same(machine.flash, before->flash, MACHINE_SLOT_B + MACHINE_SLOT_BYTES,
		     MACHINE_APPS) ||
	    !is_same(machine.flash, before->flash, storage_end, MACHINE_FLASH_BYTES) ||
	    !is_same(machine.secure, before->secure, 0, MACHINE_STATE))
		abort();
	for (uint32_t i = 0; i < IMAGES_MAX; i++) {
		const struct image_entry *entry = &state->images.entries[i];
		const uint32_t start = MACHINE_APPS + entry->sector * MACHINE_SECTOR;

		if (!is_same(machine.flash, before->flash, start, start + entry->bytes))
			abort();
	}
}

static bool has_record(uint32_t id)
{
	for (size_t i = 0; i < ARRAY_SIZE(record_ids); i++) {
		if (record_ids[i] == id)
			return true;
	}
	return false;
}

static uint32_t may_read(uint32_t id)
{
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
		if (readers[i].id == id)
			return readers[i].bytes / (uint32_t)sizeof(uint32_t);
	}
	return 0;
}

static bool is_in_ram(const uint8_t *secret)
{
	return memmem(machine.ram, sizeof(machine.ram), secret, 16);
}

static void check_ram(uint32_t id, const struct machine *before, bool is_ok)
{
	const struct device_state *device = &state_now()->device;

	if (machine.ram_reads - before->ram_reads > may_read(id))
		abort();
	if (machine.ram_writes == before->ram_writes)
		return;
	if (!is_ok || !has_record(id) || is_in_ram(device->private_key) || is_in_ram(device->secret) ||
	    is_in_ram(device->seed))
		abort();
}

/* Who the device is never changes; its life goes forwards, by orders that raise the epoch. */
static void check_device(uint32_t id, const struct device_state *before, bool is_ok)
{
	const struct device_state *now = &state_now()->device;

	if (!memcmp(now, before, sizeof(*now)))
		return;
	if (memcmp(now, before, offsetof(struct device_state, stage)) || !is_ok ||
	    now->stage < before->stage)
		abort();
	if (id == SPH_SMC_DEVICE_ORDER ? now->epoch != before->epoch + 1 :
	    id != SPH_SMC_DEVICE_MANUFACTURE || now->stage != SPH_STAGE_MANUFACTURING)
		abort();
}

static void check_trust(uint32_t id, const struct state *before, bool is_ok)
{
	const struct state *now = state_now();

	if (memcmp(&now->trust, &before->trust, sizeof(now->trust)) &&
	    (id != SPH_SMC_TRUST_UPDATE || !is_ok ||
	     now->trust.store.version <= before->trust.store.version))
		abort();
	for (uint32_t i = 0; i < VERSIONS_MAX; i++) {
		if (now->versions.entries[i].security_version <
		    before->versions.entries[i].security_version)
			abort();
	}
	if (memcmp(&now->telemetry, &before->telemetry, sizeof(now->telemetry)) &&
	    (id != SPH_SMC_BOOT_SETTLED || !is_ok))
		abort();
}

static bool is_one_of(uint32_t id, uint32_t a, uint32_t b, uint32_t c)
{
	return id == a || id == b || id == c;
}

static void check(uint32_t id, const struct machine *before, const struct state *state,
		  const uint32_t regs[5])
{
	const struct state *now = state_now();
	const bool is_ok = regs[0] == SPH_SMC_OK;

	if ((int32_t)regs[0] < SPH_SMC_E_LAST || !machine.flash_in_array_mode)
		abort();
	if ((int32_t)regs[0] == SPH_SMC_E_REFUSED ? !regs[1] || regs[2] | regs[3] :
	    (int32_t)regs[0] < 0 && (regs[1] | regs[2] | regs[3]))
		abort();
	check_flash(before, state);
	check_ram(id, before, is_ok);
	check_device(id, &state->device, is_ok);
	check_trust(id, state, is_ok);
	if (memcmp(&now->images, &state->images, sizeof(now->images)) &&
	    !(is_ok && is_one_of(id, SPH_SMC_IMAGE_INSTALL, SPH_SMC_IMAGE_REMOVE, 0)))
		abort();
	if (memcmp(&now->slots, &state->slots, sizeof(now->slots)) &&
	    !(is_ok && is_one_of(id, SPH_SMC_IMAGE_INSTALL, SPH_SMC_BOOT_OK, SPH_SMC_IMAGE_BEGIN)))
		abort();
	if (now->versions.os < state->versions.os)
		abort();
}

/* True when it was no call.  The address is that of the first argument, and up to 4 KiB more. */
static bool prepare_ram(uint32_t id, uint32_t address, const uint8_t *data)
{
	const uint32_t at = address - MACHINE_RAM_BASE + data[5] * 16u;

	if (id == POKE && at < MACHINE_RAM_BYTES)
		machine.ram[at] ^= data[8];
	if (id == SIGN && data[1] & 1)
		sign_store(machine.ram);
	else if (id == SIGN)
		sign_order(machine.ram);
	return id == POKE || id == SIGN;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	const bool is_secured = bytes % CALL_BYTES;
	static struct machine before;
	static struct state state;
	static bool is_ready;

	if (!is_ready)
		make_ready();
	is_ready = true;
	machine = ready[is_secured];
	machine_power_on();
	if (!sample_start_again())
		abort();
	memcpy(machine.ram, ram[is_secured], sizeof(machine.ram));

	for (; bytes >= CALL_BYTES; data += CALL_BYTES, bytes -= CALL_BYTES) {
		uint32_t regs[5] = { ids[data[0] % ARRAY_SIZE(ids)] };
		const uint32_t id = regs[0];

		for (int i = 1; i <= 4; i++)
			regs[i] = bases[data[2 * i - 1] % ARRAY_SIZE(bases)] +
				  (uint32_t)(int32_t)(int8_t)data[2 * i];
		if (data[0] & 0x80 && regs[0] == 0)
			memcpy(regs, data + 1, sizeof(regs[0]));
		if (prepare_ram(id, regs[1], data))
			continue;
		before.ram_writes = machine.ram_writes;
		before.ram_reads = machine.ram_reads;
		memcpy(before.flash, machine.flash, sizeof(before.flash));
		memcpy(before.secure, machine.secure, sizeof(before.secure));
		state = *state_now();
		if (!machine_smc(regs))
			continue; /* power off or reset: a defined end, and the next call a new boot */
		check(id, &before, &state, regs);
	}
	return 0;
}
