// SPDX-License-Identifier: GPL-2.0-only
/* Where names are. */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "dir.h"
#include "index.h"
#include "pair.h"
#include "table.h"

#define CHUNK_BYTES	32

struct lfs_range lfs_range_all(const u32 head[2])
{
	return (struct lfs_range){
		.next = { head[0], head[1] },
		.end = { LFS_BLOCK_NULL, LFS_BLOCK_NULL },
		.is_final = true,
	};
}

bool lfs_range_next(const struct lfs_fs *fs, struct lfs_range *range)
{
	const struct lfs_pair *pair = &fs->table.pair;

	memcpy(range->next, pair->tail, sizeof(range->next));
	return pair->is_split && !lfs_pair_is_null(pair->tail) &&
	       !lfs_pair_is_same(pair->tail, range->end);
}

void lfs_index_clear(struct lfs_fs *fs)
{
	fs->index.count = 0;
	fs->index.stride = 1;
}

static void remove_marks(struct lfs_index *index, u32 first, u32 count)
{
	struct lfs_mark *mark = &index->marks[first];

	index->count -= count;
	memmove(mark, mark + count, (index->count - first) * sizeof(*mark));
}

/* Behind the last mark of a directory that has one at @at. */
static u32 end_of_directory(const struct lfs_index *index, u32 at)
{
	do
		at++;
	while (at < index->count && !index->marks[at].begins);
	return at;
}

/* Returns index->count when there is none. */
static u32 find_mark(const struct lfs_index *index, const u32 blocks[2])
{
	u32 at = 0;

	while (at < index->count &&
	       !lfs_pair_is_same(index->marks[at].pair, blocks))
		at++;
	return at;
}

/* Of a directory, not of any of its pairs. */
static u32 find_directory(const struct lfs_index *index, const u32 head[2])
{
	u32 at = find_mark(index, head);

	return at < index->count && index->marks[at].begins ? at : index->count;
}

static void take_name(struct lfs_mark *mark, const struct lfs_table *table)
{
	u32 id = 0;

	while (id < table->count && !lfs_slot_is_name(&table->slots[id]))
		id++;
	memcpy(mark->pair, table->pair.blocks, sizeof(mark->pair));
	mark->name_bytes = 0;
	if (id == table->count)
		return;
	mark->name_at = table->slots[id].name_at;
	mark->name_bytes = table->slots[id].name_bytes;
}

void lfs_index_refresh(struct lfs_fs *fs)
{
	struct lfs_index *index = &fs->index;
	u32 at = find_mark(index, fs->table.pair.blocks);

	if (at < index->count)
		take_name(&index->marks[at], &fs->table);
}

/* Every second mark goes, but for those where directories begin. */
static void thin_out(struct lfs_index *index)
{
	u32 from, to = 0, number = 0;

	for (from = 0; from < index->count; from++) {
		number = index->marks[from].begins ? 0 : number + 1;
		if (number % 2 == 0)
			index->marks[to++] = index->marks[from];
	}
	index->count = to;
	index->stride *= 2;
}

void lfs_index_add(struct lfs_fs *fs, bool begins)
{
	struct lfs_index *index = &fs->index;
	struct lfs_mark *mark;

	if (begins) {
		lfs_index_end(fs);
		index->unmarked = 0;
	} else if (++index->unmarked < index->stride) {
		return;
	}
	if (index->count == LFS_MARKS_MAX)
		thin_out(index);
	if (index->count == LFS_MARKS_MAX)
		return;
	index->unmarked = 0;
	mark = &index->marks[index->count++];
	*mark = (struct lfs_mark){ .begins = begins };
	take_name(mark, &fs->table);
}

/* A directory of one pair needs no marks. */
void lfs_index_end(struct lfs_fs *fs)
{
	struct lfs_index *index = &fs->index;

	if (index->count && !index->unmarked &&
	    index->marks[index->count - 1].begins)
		index->count--;
}

void lfs_index_move(struct lfs_fs *fs, const u32 from[2], const u32 to[2])
{
	struct lfs_index *index = &fs->index;
	u32 at = find_mark(index, from);

	if (at == index->count)
		return;
	memcpy(index->marks[at].pair, to, sizeof(index->marks[at].pair));
	index->marks[at].name_bytes = 0;
}

void lfs_index_drop(struct lfs_fs *fs, const u32 blocks[2])
{
	struct lfs_index *index = &fs->index;
	u32 at = find_mark(index, blocks);

	if (at < index->count)
		remove_marks(index, at, index->marks[at].begins ?
					end_of_directory(index, at) - at : 1);
}

void lfs_index_split(struct lfs_fs *fs, const u32 blocks[2],
		     const u32 upper[2])
{
	struct lfs_index *index = &fs->index;
	u32 at = find_mark(index, blocks);
	struct lfs_mark *mark;

	/* One that is not noted is found behind the one that was split. */
	if (at == index->count || index->count == LFS_MARKS_MAX)
		return;
	mark = &index->marks[++at];
	memmove(mark + 1, mark, (index->count - at) * sizeof(*mark));
	*mark = (struct lfs_mark){ .pair = { upper[0], upper[1] } };
	index->count++;
}

/**
 * struct last_name - the name that was seen last
 * @block, @at, @bytes: where it is
 */
struct last_name {
	u32 block;
	u32 at;
	u32 bytes;
};

/* Whether a name of the pair in fs->table is behind another one: 1, 0, -errno. */
static int is_behind(const struct lfs_fs *fs, const struct lfs_slot *slot,
		     const struct last_name *last)
{
	u32 common = min_t(u32, slot->name_bytes, last->bytes), done;
	u8 a[CHUNK_BYTES], b[CHUNK_BYTES];

	for (done = 0; done < common; done += CHUNK_BYTES) {
		u32 part = min_t(u32, common - done, CHUNK_BYTES);
		int err = lfs_read(fs, last->block, last->at + done, a, part);
		int order;

		if (!err)
			err = lfs_read(fs, fs->table.pair.blocks[0],
				       slot->name_at + done, b, part);
		if (err)
			return err;
		order = memcmp(a, b, part);
		if (order)
			return order < 0;
	}
	return slot->name_bytes < last->bytes;
}

/* Whether the names of the pair in fs->table follow each other and @last. */
static int check_pair(const struct lfs_fs *fs, struct last_name *last)
{
	const struct lfs_table *table = &fs->table;
	u32 id;
	int is_sorted = 1;

	for (id = 0; id < table->count && is_sorted == 1; id++) {
		const struct lfs_slot *slot = &table->slots[id];

		if (!lfs_slot_is_name(slot))
			continue;
		if (last->bytes)
			is_sorted = is_behind(fs, slot, last);
		*last = (struct last_name){
			.block = table->pair.blocks[0],
			.at = slot->name_at,
			.bytes = slot->name_bytes,
		};
	}
	return is_sorted;
}

/* Makes marks for a directory in the place of those that it has. */
static int survey(struct lfs_fs *fs, const u32 head[2])
{
	struct lfs_range range = lfs_range_all(head);
	u32 pairs_left = fs->block_count;
	struct last_name last = { .bytes = 0 };
	int is_sorted = 1;
	bool begins = true;

	lfs_index_drop(fs, head);
	if (fs->index.count > LFS_MARKS_MAX / 2)
		lfs_index_clear(fs);
	do {
		int err = pairs_left-- ? lfs_table_load(fs, range.next) :
					 -EUCLEAN;

		if (!err && is_sorted)
			is_sorted = check_pair(fs, &last);
		if (err || is_sorted < 0) {
			lfs_index_clear(fs);
			return err ? err : is_sorted;
		}
		lfs_index_add(fs, begins);
		begins = false;
	} while (lfs_range_next(fs, &range));
	lfs_index_end(fs);
	return is_sorted;
}

int lfs_index_check(struct lfs_fs *fs, const u32 head[2])
{
	struct lfs_index *index = &fs->index;
	u32 at = find_directory(index, head);
	int is_sorted;

	if (at < index->count && index->marks[at].order != LFS_ORDER_UNKNOWN)
		return index->marks[at].order == LFS_ORDER_SORTED;
	is_sorted = survey(fs, head);
	at = find_directory(index, head);
	if (is_sorted >= 0 && at < index->count)
		index->marks[at].order = is_sorted ? LFS_ORDER_SORTED :
						     LFS_ORDER_OTHER;
	return is_sorted;
}

/*
 * Whether the first name of a pair comes after the one that is looked for: 1, 0
 * or -errno; -ENOENT when the pair has none.
 */
static int is_above(struct lfs_fs *fs, u32 at, const void *name,
		    u32 name_bytes)
{
	struct lfs_mark *mark = &fs->index.marks[at];
	int err = 0, order;

	if (!mark->name_bytes) {
		err = lfs_table_load(fs, mark->pair);
		if (!err)
			take_name(mark, &fs->table);
		if (!err && !mark->name_bytes)
			err = -ENOENT;
	}
	if (!err)
		err = lfs_name_compare(fs, mark->pair[0], mark->name_at,
				       mark->name_bytes, name, name_bytes,
				       &order);
	return err ? err : order > 0;
}

/* The last mark of a directory that is not behind a name. */
static int search(struct lfs_fs *fs, u32 *first, const void *name,
		  u32 name_bytes)
{
	struct lfs_index *index = &fs->index;
	u32 end = end_of_directory(index, *first);

	while (end - *first > 1) {
		u32 middle = *first + (end - *first) / 2;
		int above = is_above(fs, middle, name, name_bytes);

		if (above == -ENOENT) {
			remove_marks(index, middle, 1);
			end--;
		} else if (above < 0) {
			return above;
		} else if (above) {
			end = middle;
		} else {
			*first = middle;
		}
	}
	return 0;
}

int lfs_index_seek(struct lfs_fs *fs, const u32 head[2], const void *name,
		   u32 name_bytes, struct lfs_range *range)
{
	struct lfs_index *index = &fs->index;
	u32 at = find_directory(index, head);
	bool is_sorted;
	int err;

	*range = lfs_range_all(head);
	if (at == index->count) {
		err = lfs_table_load(fs, head);
		if (err || !fs->table.pair.is_split)
			return err;
		err = lfs_index_check(fs, head);
		at = find_directory(index, head);
		if (err < 0 || at == index->count)
			return min(err, 0);
	}
	is_sorted = index->marks[at].order == LFS_ORDER_SORTED;
	err = search(fs, &at, name, name_bytes);
	if (err)
		return err;
	range->is_final = is_sorted;
	memcpy(range->next, index->marks[at].pair, sizeof(range->next));
	if (++at < index->count && !index->marks[at].begins)
		memcpy(range->end, index->marks[at].pair, sizeof(range->end));
	return 0;
}
