// SPDX-License-Identifier: GPL-2.0-only
/* Counting the blocks of each owner: what the medium says, and open files. */

#include <linux/errno.h>
#include <linux/string.h>

#include "file.h"
#include "index.h"
#include "pair.h"
#include "quota.h"
#include "table.h"
#include "traverse.h"

/* The blocks of a directory; fs->table is lost. */
static int count_chain(struct lfs_fs *fs, const u32 head[2], u32 *blocks)
{
	struct lfs_range range = lfs_range_all(head);

	*blocks = 0;
	do {
		int err = *blocks < fs->block_count ?
				  lfs_table_load(fs, range.next) :
				  -EUCLEAN;

		if (err)
			return err;
		*blocks += 2;
	} while (lfs_range_next(fs, &range));
	return 0;
}

static int load_owner(struct lfs_fs *fs, const u32 pair[2], u32 id, u32 *uid)
{
	struct lfs_owner owner = { .uid = fs->quota->missing_owner };
	int err = lfs_owner_load(fs, pair, id, &owner);

	*uid = owner.uid;
	return err;
}

static struct lfs_file *find_open(const struct lfs_fs *fs,
				  const struct lfs_entry *entry)
{
	struct lfs_node *node;

	for (node = fs->nodes; node; node = node->next)
		if (node->file && node->id == entry->id &&
		    lfs_pair_shares(node->pair, entry->pair))
			return node->file;
	return NULL;
}

int lfs_quota_find(struct lfs_fs *fs, const struct lfs_entry *entry,
		   struct lfs_holding *holding)
{
	int err;

	*holding = (struct lfs_holding){ 0 };
	if (!fs->quota)
		return 0;
	err = load_owner(fs, entry->pair, entry->id, &holding->owner);
	if (err)
		return err;
	if (entry->is_dir)
		return count_chain(fs, entry->child, &holding->blocks);
	holding->file = find_open(fs, entry);
	if (holding->file)
		holding->blocks = holding->file->charged_blocks;
	else if (!entry->is_inline)
		holding->blocks = lfs_ctz_blocks(fs, entry->ctz.size);
	return 0;
}

/* The pairs of the superblock and of the root directory, which has no entry. */
static int find_root(struct lfs_fs *fs, struct lfs_holding *holding)
{
	static const u32 first[2] = { 0, 1 };
	int err = load_owner(fs, fs->root, 0, &holding->owner);

	return err ? err : count_chain(fs, first, &holding->blocks);
}

int lfs_quota_find_at(struct lfs_fs *fs, const u32 pair[2], u32 id,
		      struct lfs_holding *holding)
{
	struct lfs_entry entry;
	int err;

	if (!fs->quota)
		return 0;
	*holding = (struct lfs_holding){ 0 };
	if (!id && lfs_pair_shares(pair, fs->root))
		return find_root(fs, holding);
	err = lfs_entry_load(fs, pair, id, &entry);
	return err ? err : lfs_quota_find(fs, &entry, holding);
}

int lfs_quota_pair_owner(struct lfs_fs *fs, const u32 blocks[2], u32 *owner)
{
	struct lfs_list list = lfs_list_make(fs);
	u32 head[2] = { 0, 1 }, pair[2], id;
	bool begins = false;
	int more, err;

	*owner = 0;
	if (!fs->quota)
		return 0;
	while ((more = lfs_list_next(fs, &list)) == 1) {
		if (begins)
			memcpy(head, fs->table.pair.blocks, sizeof(head));
		if (lfs_pair_shares(fs->table.pair.blocks, blocks))
			break;
		begins = !fs->table.pair.is_split;
	}
	if (more <= 0)
		return more ? more : -EUCLEAN;
	/* The superblock, and the root directory behind it. */
	if (lfs_pair_has(head, 0))
		memcpy(head, fs->root, sizeof(head));
	err = lfs_dir_place(fs, head, pair, &id);
	return err ? err : load_owner(fs, pair, id, owner);
}

/*
 * Entries that are damaged hold nothing that could be given back, and the
 * superblock is no entry.
 */
static int count_entry(struct lfs_fs *fs, const u32 pair[2], u32 id)
{
	struct lfs_holding holding;
	struct lfs_entry entry;
	int err = lfs_entry_load(fs, pair, id, &entry);

	if (!err)
		err = lfs_quota_find(fs, &entry, &holding);
	if (err)
		return err == -ENOENT || err == -EUCLEAN ? 0 : err;
	if (holding.file)
		holding.blocks = holding.file->stored_blocks;
	lfs_quota_add(fs, holding.owner, holding.blocks);
	return 0;
}

static int count_entries(struct lfs_fs *fs)
{
	struct lfs_list list = lfs_list_make(fs);
	int more, err = 0;

	while (!err && (more = lfs_list_next(fs, &list)) == 1) {
		u32 pair[2], count = fs->table.count, id;

		memcpy(pair, fs->table.pair.blocks, sizeof(pair));
		for (id = 0; !err && id < count; id++)
			err = count_entry(fs, pair, id);
	}
	return err ? err : more;
}

static int count_root(struct lfs_fs *fs)
{
	struct lfs_holding holding;
	int err = lfs_quota_find_at(fs, fs->root, 0, &holding);

	if (!err)
		lfs_quota_add(fs, holding.owner, holding.blocks);
	return err;
}

/* What open files have besides what the medium says. */
static void count_open(struct lfs_fs *fs)
{
	const struct lfs_node *node;

	for (node = fs->nodes; node; node = node->next)
		if (node->file)
			lfs_quota_add(fs, node->file->owner,
			    node->file->charged_blocks -
				    node->file->stored_blocks);
}

int lfs_quota_count(struct lfs_fs *fs)
{
	struct lfs_quota *quota = fs->quota;
	u32 i;
	int err;

	if (!quota || quota->is_counted)
		return 0;
	for (i = 0; i < quota->count; i++)
		quota->accounts[i].used = 0;
	quota->is_counted = true;
	err = count_root(fs);
	if (!err)
		err = count_entries(fs);
	if (!err)
		count_open(fs);
	quota->is_counted = !err;
	return err;
}
