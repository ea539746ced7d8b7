// SPDX-License-Identifier: GPL-2.0-only
/* Records in a ring of sectors; see store.h. */
#include "monitor/state/store.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>

#include "abi/errors.h"
#include "monitor/crc32.h"
#include "io.h"

#define MAGIC			0x54535053	/* "SPST" */
#define SEAL			0x5ea1ed00
#define ERASED_WORD		0xffffffff

struct head {
	uint32_t magic, format, bytes, sequence;
};

static_assert(sizeof(struct head) == STORE_HEAD_BYTES, "the head of a record is 16 bytes");

static uint32_t places_per_sector(const struct store *store)
{
	return store->flash->sector_bytes / STORE_PLACE_BYTES;
}

static uint32_t place_count(const struct store *store)
{
	return store->sectors * places_per_sector(store);
}

static uint32_t offset_of(const struct store *store, uint32_t place)
{
	return store->offset + place * STORE_PLACE_BYTES;
}

static uint32_t address_of(const struct store *store, uint32_t place)
{
	return store->flash->base + offset_of(store, place);
}

static bool is_erased(const struct store *store, uint32_t place, uint32_t bytes)
{
	const uint32_t address = address_of(store, place);
	uint32_t all = ERASED_WORD;

	for (uint32_t i = 0; i < bytes; i += sizeof(uint32_t))
		all &= io_read32(address + i);
	return all == ERASED_WORD;
}

/* The sequence that a place claims, or 0. */
static uint32_t claimed_sequence(const struct store *store, uint32_t place)
{
	const uint32_t address = address_of(store, place);
	struct head head;

	io_copy_in((uint32_t *)&head, address, sizeof(head));
	if (head.magic != MAGIC || head.format != store->format || head.bytes != store->bytes)
		return 0;
	return head.sequence;
}

static uint32_t checksum(const struct head *head, const void *payload, uint32_t bytes)
{
	return crc32(head, sizeof(*head)) ^ crc32(payload, bytes);
}

/* Copies the record's payload and says whether it is whole. */
static bool read_record(const struct store *store, uint32_t place, void *payload)
{
	const uint32_t address = address_of(store, place);
	struct head head;

	io_copy_in((uint32_t *)&head, address, sizeof(head));
	io_copy_in(payload, address + sizeof(head), store->bytes);
	return io_read32(address + sizeof(head) + store->bytes) ==
	       checksum(&head, payload, store->bytes);
}

/*
 * The newest of the places that stand before @store's in this order, by sequence and then by place.
 * Two can claim one sequence: what was written after an interruption, and what was interrupted.
 */
static bool find_older(struct store *store)
{
	const uint32_t limit = store->sequence, limit_place = store->place;

	store->sequence = 0;
	for (uint32_t place = 0; place < place_count(store); place++) {
		const uint32_t sequence = claimed_sequence(store, place);

		if (sequence && sequence >= store->sequence &&
		    (sequence < limit || (sequence == limit && place < limit_place))) {
			store->sequence = sequence;
			store->place = place;
		}
	}
	return store->sequence != 0;
}

/*
 * Nothing but the first sector: then the very first record was interrupted, perhaps repeatedly.
 * What was begun at a place has left a head there.
 */
static bool was_never_used(const struct store *store)
{
	for (uint32_t place = places_per_sector(store); place < place_count(store); place++) {
		if (!is_erased(store, place, STORE_HEAD_BYTES))
			return false;
	}
	return true;
}

int store_load(struct store *store, void *payload)
{
	store->sequence = UINT32_MAX;
	store->place = place_count(store);
	while (find_older(store)) {
		const uint32_t seal = address_of(store, store->place) + STORE_HEAD_BYTES +
				      store->bytes + sizeof(uint32_t);

		if (read_record(store, store->place, payload))
			return io_read32(seal) == SEAL ? 0 : store_save(store, payload);
	}
	return was_never_used(store) ? E_MONITOR_STATE_BLANK : E_MONITOR_STATE_DAMAGED;
}

/* An erased place behind the newest record, else the start of the next sector, erased now. */
static int find_place(const struct store *store, uint32_t *place)
{
	const uint32_t per_sector = places_per_sector(store);
	const uint32_t sector = store->place / per_sector;
	uint32_t next = 0;

	if (store->sequence) {
		for (next = store->place + 1; next / per_sector == sector; next++) {
			if (is_erased(store, next, STORE_PLACE_BYTES)) {
				*place = next;
				return 0;
			}
		}
		next %= place_count(store);
	}
	*place = next;
	return cfi_erase(store->flash, offset_of(store, next)) ? E_MONITOR_STATE_WRITE : 0;
}

int store_save(struct store *store, const void *payload)
{
	const struct head head = { MAGIC, store->format, store->bytes, store->sequence + 1 };
	const uint32_t sum = checksum(&head, payload, store->bytes);
	const uint32_t seal = SEAL;
	const struct {
		const void *data;
		uint32_t bytes;
	} pieces[] = {
		{ &head, sizeof(head) },
		{ payload, store->bytes },
		{ &sum, sizeof(sum) },
		{ &seal, sizeof(seal) },
	};
	const bool is_first = !store->sequence;
	uint32_t place = 0, offset;

	if (find_place(store, &place))
		return E_MONITOR_STATE_WRITE;
	/*
	 * Whatever becomes of this one, the next claims a higher sequence: a record of which only the
	 * seal failed must not count instead of what is saved after it.  The first one is erased then.
	 */
	if (!is_first)
		store->sequence++;
	offset = offset_of(store, place);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		if (cfi_program(store->flash, offset, pieces[i].data, pieces[i].bytes))
			return E_MONITOR_STATE_WRITE;
		offset += pieces[i].bytes;
	}
	store->place = place;
	store->sequence = head.sequence;
	return 0;
}
