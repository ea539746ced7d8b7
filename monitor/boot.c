// SPDX-License-Identifier: GPL-2.0-only
/* Chooses the slot and finds in it what is started. */
#include "boot.h"

#include "abi/errors.h"
#include "abi/smc.h"
#include "crc32.h"
#include "io.h"
#include "plat.h"

/* Devicetree Specification 0.4, 5.2: big-endian words magic and totalsize begin the header. */
#define FDT_MAGIC		0xd00dfeed
#define FDT_HEADER_BYTES	40

#define ERASED_WORD		0xffffffff

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the boot record is read as it lies");

static bool reserved_is_zero(const struct boot_record *record)
{
	uint32_t any = 0;

	for (uint32_t i = 0;
	     i < sizeof(record->reserved) / sizeof(record->reserved[0]); i++)
		any |= record->reserved[i];
	return any == 0;
}

bool boot_record_is_valid(const struct boot_record *record)
{
	return record->magic == BOOT_RECORD_MAGIC &&
	       record->crc32 ==
		       crc32(record, offsetof(struct boot_record, crc32)) &&
	       record->version == BOOT_RECORD_VERSION &&
	       record->sequence != 0 && record->active_slot < SPH_SLOT_COUNT &&
	       reserved_is_zero(record);
}

struct boot_choice
boot_choose_slot(const struct boot_record record[BOOT_RECORD_COPIES])
{
	struct boot_choice choice = { .slot = SPH_SLOT_A, .sequence = 0 };

	for (int i = 0; i < BOOT_RECORD_COPIES; i++) {
		if (boot_record_is_valid(&record[i]) &&
		    record[i].sequence > choice.sequence) {
			choice.slot = record[i].active_slot;
			choice.sequence = record[i].sequence;
		}
	}
	return choice;
}

struct boot_choice boot_read_choice(void)
{
	union {
		struct boot_record record[BOOT_RECORD_COPIES];
		uint32_t words[BOOT_RECORD_COPIES]
			      [sizeof(struct boot_record) / 4];
	} copies;

	for (int i = 0; i < BOOT_RECORD_COPIES; i++)
		io_copy_in(copies.words[i],
			   plat.flash_base + plat.boot_record_offset[i],
			   sizeof(struct boot_record));
	return boot_choose_slot(copies.record);
}

int boot_dtb_offset(uint32_t slot, uint32_t ram_bytes, uint32_t *offset)
{
	for (uint32_t i = 0; i < plat.ram_size_count; i++) {
		if (plat.ram_sizes_kib[i] * 1024 == ram_bytes) {
			*offset = plat.slot[slot].dtb_offset +
				  i * plat.dtb_stride_bytes;
			return 0;
		}
	}
	return E_MONITOR_DTB;
}

int boot_find_dtb(uint32_t slot, uint32_t ram_bytes, uint32_t *address)
{
	uint32_t dtb, bytes;

	if (boot_dtb_offset(slot, ram_bytes, &dtb))
		return E_MONITOR_DTB;
	dtb += plat.flash_base;
	bytes = __builtin_bswap32(io_read32(dtb + 4));
	if (__builtin_bswap32(io_read32(dtb)) != FDT_MAGIC ||
	    bytes < FDT_HEADER_BYTES || bytes > plat.dtb_stride_bytes)
		return E_MONITOR_DTB;
	*address = dtb;
	return 0;
}

int boot_find_kernel(uint32_t slot, uint32_t *address)
{
	const uint32_t kernel = plat.flash_base + plat.slot[slot].kernel_offset;

	if (io_read32(kernel) == ERASED_WORD)
		return E_MONITOR_KERNEL;
	*address = kernel;
	return 0;
}
