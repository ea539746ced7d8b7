// SPDX-License-Identifier: GPL-2.0-only
/* Names that go away. */

#include <linux/errno.h>
#include <linux/string.h>

#include "commit.h"
#include "file.h"
#include "index.h"
#include "name.h"
#include "pair.h"
#include "quota.h"
#include "recover.h"
#include "table.h"

int lfs_dir_is_empty(struct lfs_fs *fs, const u32 pair[2])
{
	struct lfs_range range = lfs_range_all(pair);
	u32 pairs_left = fs->block_count;

	do {
		int err = pairs_left-- ? lfs_table_load(fs, range.next) :
					 -EUCLEAN;

		if (err)
			return err;
		if (fs->table.count)
			return 0;
	} while (lfs_range_next(fs, &range));
	return 1;
}

int lfs_drop_dir(struct lfs_fs *fs, const u32 pair[2])
{
	u32 next[2] = { pair[0], pair[1] }, pairs_left = fs->block_count;
	bool has_more = true, is_orphan = true;
	int err = 0;

	while (!err && has_more) {
		u32 own[2] = { next[0], next[1] }, before[2];

		err = pairs_left-- ? lfs_table_load(fs, own) : -EUCLEAN;
		if (err)
			break;
		has_more = fs->table.pair.is_split;
		memcpy(next, fs->table.pair.tail, sizeof(next));
		/* The list is right again with the last one. */
		is_orphan = has_more;
		if (!is_orphan)
			fs->orphans--;
		lfs_update_orphans(fs);
		err = lfs_find_before(fs, own, before);
		if (!err)
			err = lfs_drop_pair(fs, before, own);
	}
	if (is_orphan)
		fs->orphans--;
	/* Without its name it is an orphan, for the next change to take. */
	if (err)
		fs->has_orphans = true;
	if (err)
		lfs_quota_forget(fs);
	if (err && !lfs_is_full(err))
		fs->is_broken = true;
	return fs->is_broken ? err : 0;
}

static int remove_entry(struct lfs_fs *fs, const struct lfs_entry *entry)
{
	const struct lfs_piece edit = {
		.tag = lfs_tag(LFS_TYPE_DELETE, entry->id, 0),
	};
	int err;

	if (entry->is_dir)
		fs->orphans++;
	lfs_update_orphans(fs);
	err = lfs_commit(fs, entry->pair, &edit, 1);
	if (err && entry->is_dir)
		fs->orphans--;
	if (err)
		lfs_update_orphans(fs);
	return err;
}

int lfs_remove(struct lfs_fs *fs, const struct lfs_name_ref *name)
{
	/* Follows the pair of the entry. */
	struct lfs_node place = { .id = LFS_ID_NONE };
	struct lfs_holding holding;
	struct lfs_entry entry;
	int err = lfs_start_change(fs), is_empty = 1;

	if (!err)
		err = lfs_dir_find(fs, name->dir, name->text, name->bytes,
				   &entry);
	if (!err && entry.is_dir)
		is_empty = lfs_dir_is_empty(fs, entry.child);
	if (!err && is_empty <= 0)
		err = is_empty ? is_empty : -ENOTEMPTY;
	if (!err && !entry.is_dir)
		err = lfs_files_detach(fs, entry.pair, entry.id);
	if (!err)
		err = lfs_quota_find(fs, &entry, &holding);
	if (err)
		return err;
	memcpy(place.head, entry.pair, sizeof(place.head));
	lfs_node_hold(fs, &place);
	err = remove_entry(fs, &entry);
	if (!err)
		lfs_quota_leave(fs, &holding);
	if (!err && entry.is_dir)
		err = lfs_drop_dir(fs, entry.child);
	if (!err)
		err = lfs_drop_if_empty(fs, place.head);
	lfs_node_drop(fs, &place);
	return err;
}
