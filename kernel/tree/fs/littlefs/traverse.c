// SPDX-License-Identifier: GPL-2.0-only
/*
 * All metadata pairs, and all blocks that are in use.
 *
 * The list names each pair; after a power cut in a relocation, the tree may
 * have another name of one, so that both are looked at.
 */

#include <linux/errno.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "ctz.h"
#include "file.h"
#include "gstate.h"
#include "pair.h"
#include "table.h"
#include "traverse.h"

/**
 * struct traverse - a walk over all blocks
 * @fs: the filesystem
 * @visit, @context: the caller's
 * @blocks_left: how many more blocks of data there can be, as none is shared
 */
struct traverse {
	struct lfs_fs *fs;
	int (*visit)(void *context, u32 block);
	void *context;
	u32 blocks_left;
};

struct lfs_list lfs_list_make(const struct lfs_fs *fs)
{
	return (struct lfs_list){
		.next = { 0, 1 },
		.pairs_left = fs->block_count / 2,
	};
}

/* Where a pair is, that has moved while the list says where it was. */
static const u32 *find_moved(const struct lfs_fs *fs, const u32 blocks[2])
{
	u32 i;

	for (i = 0; i < fs->relocation_count; i++)
		if (lfs_pair_is_same(fs->relocations[i].from, blocks))
			return fs->relocations[i].to;
	return blocks;
}

int lfs_list_next(struct lfs_fs *fs, struct lfs_list *list)
{
	int err;

	if (lfs_pair_is_null(list->next))
		return 0;
	/* Each pair is two blocks: a longer list goes in a circle. */
	if (!list->pairs_left--)
		return -EUCLEAN;
	err = lfs_table_load(fs, find_moved(fs, list->next));
	if (err)
		return err;
	memcpy(list->next, fs->table.pair.tail, sizeof(list->next));
	return 1;
}

static int visit_pair(struct traverse *walk, const u32 blocks[2])
{
	int err;

	if (!lfs_pair_is_sound(walk->fs, blocks))
		return -EUCLEAN;
	err = walk->visit(walk->context, blocks[0]);
	return err ? err : walk->visit(walk->context, blocks[1]);
}

/* From a block of a file back to its first one. */
static int visit_chain(struct traverse *walk, u32 block, u32 index)
{
	u8 stored[LFS_POINTER_BYTES];
	int err;

	for (;; index--) {
		if (block >= walk->fs->block_count || !walk->blocks_left)
			return -EUCLEAN;
		walk->blocks_left--;
		err = walk->visit(walk->context, block);
		if (err || !index)
			return err;
		err = lfs_read(walk->fs, block, 0, stored, sizeof(stored));
		if (err)
			return err;
		block = get_unaligned_le32(stored);
	}
}

static int visit_ctz(struct traverse *walk, const struct lfs_ctz *ctz)
{
	u32 at;

	if (!lfs_ctz_is_sound(walk->fs, ctz))
		return -EUCLEAN;
	if (!ctz->size)
		return 0;
	return visit_chain(walk, ctz->head,
			   lfs_ctz_index(walk->fs->device->block_bytes,
					 ctz->size - 1, &at));
}

/* The last block of a stream may not have its pointers yet. */
static int visit_stream(struct traverse *walk, const struct lfs_stream *stream)
{
	int err = walk->visit(walk->context, stream->block);

	if (err || !stream->index)
		return err;
	return visit_chain(walk, stream->before, stream->index - 1);
}

/* What the medium does not know: new contents, and those of removed files. */
static int visit_open_files(struct traverse *walk)
{
	const struct lfs_node *node;
	int err = 0;

	for (node = walk->fs->nodes; node && !err; node = node->next) {
		const struct lfs_file *file = node->file;

		if (!file)
			continue;
		walk->blocks_left = 2 * walk->fs->block_count;
		if (!file->is_inline)
			err = visit_ctz(walk, &file->ctz);
		if (!err && file->stream.is_active)
			err = visit_stream(walk, &file->stream);
	}
	return err;
}

static int visit_slot(struct traverse *walk, u32 id)
{
	const struct lfs_table *table = &walk->fs->table;
	const struct lfs_slot *slot = &table->slots[id];
	u8 data[LFS_CTZ_BYTES];
	struct lfs_ctz ctz;
	u32 child[2];
	int err;

	if (slot->data != LFS_STRUCT_DIR && slot->data != LFS_STRUCT_CTZ)
		return 0;
	err = lfs_read(walk->fs, table->pair.blocks[0], slot->data_at, data,
		       sizeof(data));
	if (err)
		return err;
	if (slot->data == LFS_STRUCT_CTZ) {
		ctz.head = get_unaligned_le32(data);
		ctz.size = get_unaligned_le32(data + 4);
		return visit_ctz(walk, &ctz);
	}
	lfs_pair_decode(data, child);
	return visit_pair(walk, child);
}

static int visit_slots(struct traverse *walk)
{
	int err = 0;
	u32 id;

	for (id = 0; !err && id < walk->fs->table.count; id++)
		err = visit_slot(walk, id);
	return err;
}

/* A directory as its entry has it: the list may still have it as it was. */
static int visit_directory(struct traverse *walk, const u32 pair[2])
{
	struct lfs_fs *fs = walk->fs;
	u32 next[2] = { pair[0], pair[1] }, pairs_left = fs->block_count;
	int err;

	do {
		err = pairs_left-- ? lfs_table_load(fs, next) : -EUCLEAN;
		if (!err)
			err = visit_pair(walk, fs->table.pair.blocks);
		if (!err)
			err = visit_slots(walk);
		if (err)
			return err;
		memcpy(next, fs->table.pair.tail, sizeof(next));
	} while (fs->table.pair.is_split && !lfs_pair_is_null(next));
	return 0;
}

static int visit_directories(struct traverse *walk, const u32 pair[2])
{
	u32 own[2] = { pair[0], pair[1] }, child[2], id, count;
	int err = lfs_table_load(walk->fs, own);

	count = walk->fs->table.count;
	for (id = 0; !err && id < count; id++) {
		err = lfs_table_load(walk->fs, own);
		if (!err)
			err = lfs_table_child(walk->fs, id, child);
		if (!err)
			err = visit_directory(walk, child);
		else if (err == -ENOENT)
			err = 0;
	}
	return err;
}

int lfs_traverse(struct lfs_fs *fs, int (*visit)(void *context, u32 block),
		 void *context)
{
	struct traverse walk = {
		.fs = fs,
		.visit = visit,
		.context = context,
		.blocks_left = fs->block_count,
	};
	bool may_be_wrong = lfs_gstate_has_orphans(fs) || fs->has_orphans ||
			    fs->relocation_count;
	struct lfs_list list = lfs_list_make(fs);
	int more, err = 0;

	if (may_be_wrong)
		walk.blocks_left *= 3;
	while ((more = lfs_list_next(fs, &list)) == 1) {
		err = visit_pair(&walk, fs->table.pair.blocks);
		if (!err)
			err = visit_slots(&walk);
		if (!err && may_be_wrong)
			err = visit_directories(&walk, fs->table.pair.blocks);
		if (err)
			return err;
	}
	return more ? more : visit_open_files(&walk);
}
