// SPDX-License-Identifier: GPL-2.0-only
/* See sample.h. */
#include "sample.h"

#include <string.h>

#include <mbedtls/sha256.h>

#include "abi/boot_manifest.h"
#include "abi/errors.h"
#include "abi/smc.h"
#include "monitor/boot_verify.h"
#include "monitor/device/device.h"
#include "monitor/flash_service.h"
#include "monitor/images/image_list.h"
#include "monitor/images/image_store.h"
#include "monitor/images/slots.h"
#include "monitor/normal_ram.h"
#include "monitor/plat.h"
#include "monitor/smc.h"
#include "monitor/state/state.h"
#include "monitor/telemetry/telemetry.h"
#include "monitor/trust/trust.h"

#define CRAMFS_MAGIC		0x28cd3d45u
#define FDT_MAGIC		0xd00dfeedu
#define DTB_BYTES		100u
#define KERNEL_BYTES		300u
#define WRITE_BYTES		4096u

struct boot_info sample_boot;
uint32_t sample_results[3];

static bool is_up;

void package_make(struct package *package, const struct package_spec *spec)
{
	const uint32_t body_bytes = (spec->pages ? spec->pages : 1) * IMAGE_ALIGN_BYTES;
	const enum keys_name key = spec->key ? spec->key : KEYS_OEM;
	const uint32_t head[2] = { CRAMFS_MAGIC, body_bytes };
	struct image_metadata m = { .magic = IMAGE_METADATA_MAGIC, .format = IMAGE_FORMAT,
				    .metadata_bytes = sizeof(m), .body_bytes = body_bytes,
				    .type = spec->type ? spec->type : IMAGE_TYPE_APP,
				    .name = "an app", .security_version = spec->security_version,
				    .abi_required = 1 };

	m.flags = (key == KEYS_OEM || key == KEYS_OS ? IMAGE_F_DEVELOPMENT : 0) ^ spec->flags;
	memset(m.component_id, spec->component, sizeof(m.component_id));
	memset(m.image_id, spec->content, sizeof(m.image_id));
	keys_id(key, m.key_id);
	if (spec->change)
		spec->change(&m);
	memset(package->data, spec->content, body_bytes);
	memcpy(package->data, head, sizeof(head));
	memcpy(package->data + body_bytes, &m, sizeof(m));
	keys_sign(key, package->data, body_bytes + sizeof(m),
		  package->data + body_bytes + sizeof(m));
	package->bytes = body_bytes + (uint32_t)IMAGE_TRAILER_BYTES;
}

static void put_part(uint8_t *slot, struct boot_manifest *manifest, struct boot_part part,
		     uint8_t content)
{
	const uint32_t tree[2] = { __builtin_bswap32(FDT_MAGIC), __builtin_bswap32(DTB_BYTES) };

	memset(slot + part.offset, content, part.bytes);
	if (part.kind == BOOT_PART_DTB)
		memcpy(slot + part.offset, tree, sizeof(tree));
	mbedtls_sha256_ret(slot + part.offset, part.bytes, part.sha256, 0);
	manifest->parts[manifest->part_count++] = part;
}

void sample_make_os(uint8_t *slot, uint32_t security_version, uint8_t content)
{
	struct boot_manifest m = { .magic = BOOT_MANIFEST_MAGIC, .format = BOOT_MANIFEST_FORMAT,
				   .manifest_bytes = sizeof(m), .flags = BOOT_MANIFEST_F_DEVELOPMENT,
				   .security_version = security_version, .os_version = "1.2.3" };
	uint8_t *at = slot + MACHINE_SLOT_MANIFEST;

	memset(slot, 0xff, SAMPLE_OS_BYTES);
	keys_id(KEYS_OS, m.key_id);
	memcpy(m.board, plat.name, strlen(plat.name));
	put_part(slot, &m, (struct boot_part){ BOOT_PART_DTB, 0, DTB_BYTES, { 0 } }, content);
	put_part(slot, &m, (struct boot_part){ BOOT_PART_DTB, MACHINE_DTB_STRIDE, DTB_BYTES, { 0 } },
		 content);
	put_part(slot, &m, (struct boot_part){ BOOT_PART_KERNEL, MACHINE_SLOT_KERNEL, KERNEL_BYTES,
					       { 0 } }, content);
	put_part(slot, &m, (struct boot_part){ BOOT_PART_ROOTFS, MACHINE_SLOT_SYSTEM,
					       MACHINE_SECTOR, { 0 } }, content);
	memcpy(at, &m, sizeof(m));
	keys_sign(KEYS_OS, at, sizeof(m), at + sizeof(m));
}

void sample_make(void)
{
	uint8_t *at = machine.flash + MACHINE_TRUST;
	struct trust_store store;

	machine_init();
	keys_store(&store);
	memcpy(at, &store, sizeof(store));
	keys_sign(KEYS_ROOT, at, sizeof(store), at + sizeof(store));
	sample_make_os(machine.flash + MACHINE_SLOT_A, 1, 0xa1);
}

void sample_give_entropy(void)
{
	machine.entropy_bytes = 32;
	for (uint32_t i = 0; i < machine.entropy_bytes; i++)
		machine.entropy[i] = (uint8_t)(i * 37 + 11);
}

static bool try_slot(uint32_t slot)
{
	static struct boot_verified verified;

	if (boot_verify_slot(slot, MACHINE_RAM_BYTES, &verified))
		return false;
	sample_boot = (struct boot_info){
		.slot = slot,
		.ram_bytes = MACHINE_RAM_BYTES,
		.os_security_version = verified.manifest.security_version,
		.measurement = verified.measurement,
	};
	memcpy(sample_boot.os_key_id, verified.manifest.key_id, sizeof(sample_boot.os_key_id));
	return true;
}

static bool find_linux(void)
{
	uint32_t first;

	if (!slots_choose(&first))
		first = boot_read_choice().slot;
	if (try_slot(first) && !slots_count_attempt(first))
		return true;
	slots_refuse(first);
	return try_slot(slots_other(first));
}

static struct cfi_flash flash, secure;

static bool remember(void)
{
	int error;

	if (cfi_probe(&flash, MACHINE_FLASH_BASE) || cfi_probe(&secure, MACHINE_SECURE_BASE))
		return false;
	error = state_load(&secure);
	return !error || error == E_MONITOR_STATE_BLANK;
}

/* What a start changes, as main.c commits it. */
static void commit_start(void)
{
	telemetry_join(&state_draft()->telemetry);
	state_commit();
	telemetry_clear();
}

static void open_calls(void)
{
	static const struct device_facts facts = { &sample_boot, "sample", true };

	normal_ram_init(sample_boot.ram_bytes);
	trust_init(&sample_boot);
	device_init(&facts);
	flash_service_init(&flash, &sample_boot);
	slots_init(&sample_boot);
	image_list_init(&flash);
	if (image_list_adopt())
		return;
	image_store_init(&flash, &sample_boot);
	smc_init(&sample_boot);
	is_up = true;
}

static void start(void)
{
	const char *reason;

	if (!remember())
		return;
	telemetry_count_start(SPH_RESET_POWER_ON);
	if (trust_load(&reason))
		return;
	device_start();
	if (!find_linux())
		return;
	commit_start();
	open_calls();
}

static void start_again(void)
{
	if (!remember())
		return;
	device_start();
	open_calls();
}

bool sample_start(void)
{
	is_up = false;
	return machine_run(start) && is_up;
}

bool sample_start_again(void)
{
	is_up = false;
	return machine_run(start_again) && is_up;
}

int32_t sample_call(uint32_t id, uint32_t r1, uint32_t r2, uint32_t r3, uint32_t r4)
{
	uint32_t regs[5] = { id, r1, r2, r3, r4 };

	if (!machine_smc(regs))
		return SAMPLE_CUT;
	memcpy(sample_results, regs + 1, sizeof(sample_results));
	return (int32_t)regs[0];
}

int32_t sample_call_again(uint32_t id, uint32_t r1)
{
	int32_t status;

	do {
		status = sample_call(id, r1, 0, 0, 0);
	} while (status == SPH_SMC_E_AGAIN);
	return status;
}

int32_t sample_stage(uint32_t type, const uint8_t *data, uint32_t bytes, uint32_t *handle)
{
	int32_t status = sample_call(SPH_SMC_IMAGE_BEGIN, type, bytes, 0, 0);

	*handle = sample_results[0];
	for (uint32_t done = 0; !status && done < bytes; done += WRITE_BYTES) {
		const uint32_t n = bytes - done < WRITE_BYTES ? bytes - done : WRITE_BYTES;

		memcpy(machine.ram, data + done, n);
		status = sample_call(SPH_SMC_IMAGE_WRITE, *handle, done, MACHINE_RAM_BASE, n);
	}
	return status ? status : sample_call_again(SPH_SMC_IMAGE_FINISH, *handle);
}

int32_t sample_install(const struct package *package)
{
	uint32_t handle;
	const int32_t status = sample_stage(SPH_IMAGE_APP, package->data, package->bytes, &handle);

	return status ? status : sample_call(SPH_SMC_IMAGE_INSTALL, 0, 0, 0, 0);
}
