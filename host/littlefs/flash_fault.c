// SPDX-License-Identifier: GPL-2.0-only
/* What is on flash after an operation that was cut, or in a block that fails. */
#include "flash_fault.h"

#include <errno.h>
#include <string.h>

static uint32_t next(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 16;
}

static uint8_t *unstable_at(const struct flash *flash, const uint8_t *at)
{
	return flash->unstable + (at - flash->bytes);
}

/* The bits of a byte that the operation changes. */
static uint8_t in_flight(const uint8_t *to, const uint8_t *from, uint32_t i)
{
	return from ? (uint8_t)(to[i] & ~from[i]) : (uint8_t)~to[i];
}

static void change(uint8_t *to, const uint8_t *from, uint8_t bits)
{
	*to = (uint8_t)(from ? *to & ~bits : *to | bits);
}

/* Unstable bits are kept as 1, which is what they are when the mark goes. */
static void loosen(struct flash *flash, uint8_t *to, uint8_t bits)
{
	if (!flash->unstable)
		return;
	*to |= bits;
	*unstable_at(flash, to) |= bits;
}

static void cut_prefix(struct flash *flash, uint8_t *to, const uint8_t *from, uint32_t bytes)
{
	uint32_t count = (next(&flash->noise) << 16 | next(&flash->noise)) % (bytes + 1);

	for (uint32_t i = 0; i < count; i++)
		change(&to[i], from, in_flight(to, from, i));
}

static void cut_any_bits(struct flash *flash, uint8_t *to, const uint8_t *from, uint32_t bytes)
{
	bool is_unstable = !from && flash->cut == FLASH_CUT_UNSTABLE;

	for (uint32_t i = 0; i < bytes; i++) {
		uint8_t bits = in_flight(to, from, i);
		uint32_t noise = next(&flash->noise);

		change(&to[i], from, bits & (uint8_t)noise);
		if (is_unstable)
			loosen(flash, &to[i], bits & (uint8_t)(noise >> 8));
	}
}

/* One or two of the bits that are to be changed: a program leaves out these, an erase changes these. */
static void cut_few_bits(struct flash *flash, uint8_t *to, const uint8_t *from, uint32_t bytes)
{
	uint32_t left = 1 + next(&flash->noise) % 2;
	uint32_t start = next(&flash->noise) << 16 | next(&flash->noise);
	/* An erase is near its begin or its end. */
	bool is_done = from || next(&flash->noise) % 2;

	for (uint32_t k = 0; k < bytes; k++) {
		uint32_t i = (uint32_t)(((uint64_t)start + k) % bytes);
		uint8_t bits = in_flight(to, from, i), few = 0;

		if (left && bits) {
			few = (uint8_t)(bits & -bits);
			left--;
		}
		if (is_done)
			change(&to[i], from, bits & (uint8_t)~few);
		if (!from)
			loosen(flash, &to[i], few);
	}
}

void flash_cut_change(struct flash *flash, uint8_t *to, const uint8_t *from, uint32_t bytes)
{
	switch (flash->cut) {
	case FLASH_CUT_TORN:
		cut_prefix(flash, to, from, bytes);
		break;
	case FLASH_CUT_NOISE:
	case FLASH_CUT_UNSTABLE:
		cut_any_bits(flash, to, from, bytes);
		break;
	case FLASH_CUT_MARGINAL:
		cut_few_bits(flash, to, from, bytes);
		break;
	case FLASH_CUT_CLEAN:
	case FLASH_CUTS:
		break;
	}
}

void flash_read_unstable(struct flash *flash, const uint8_t *from, uint8_t *buffer, uint32_t bytes)
{
	const uint8_t *unstable = unstable_at(flash, from);

	for (uint32_t i = 0; i < bytes; i++)
		for (uint32_t bit = 1; unstable[i] && bit < 0x100; bit <<= 1)
			if (unstable[i] & bit &&
			    next(&flash->read_noise) % 256 < flash->zeros_per_256)
				buffer[i] &= (uint8_t)~bit;
}

enum flash_fault flash_fault_of(const struct flash *flash, uint32_t block)
{
	if (flash->erases_max && flash->erase_counts[block] >= flash->erases_max)
		return FLASH_FAULT_ERROR;
	if (!flash->faults || (flash->faults_end && flash->operations > flash->faults_end))
		return FLASH_FAULT_NONE;
	return flash->faults[block];
}

int flash_fault_before(enum flash_fault fault, bool is_erase)
{
	if (fault == FLASH_FAULT_ERROR || (is_erase && fault == FLASH_FAULT_ERASE_ERROR))
		return -EIO;
	return fault == (is_erase ? FLASH_FAULT_ERASE_NOTHING : FLASH_FAULT_PROGRAM_NOTHING);
}

/* The first bit that was to become 0, and is 1 all the same. */
static void lose_program(uint8_t *to, const uint8_t *from, uint32_t bytes)
{
	for (uint32_t i = 0; i < bytes; i++) {
		uint8_t bits = (uint8_t)~from[i];

		to[i] |= (uint8_t)(bits & -bits);
		if (bits)
			return;
	}
}

int flash_fault_after(struct flash *flash, enum flash_fault fault, bool is_erase, uint8_t *to,
		      const uint8_t *from, uint32_t bytes)
{
	if (is_erase && fault == FLASH_FAULT_ERASE_BIT)
		to[next(&flash->noise) % bytes] &= 0xfe;
	if (!is_erase && fault == FLASH_FAULT_PROGRAM_BIT)
		lose_program(to, from, bytes);
	if (!is_erase && fault == FLASH_FAULT_PROGRAM_ERROR)
		memset(to + bytes / 2, 0xff, bytes - bytes / 2);
	return !is_erase && (fault == FLASH_FAULT_PROGRAM_ERROR ||
			     fault == FLASH_FAULT_PROGRAM_LATE) ?
		       -EIO :
		       0;
}
