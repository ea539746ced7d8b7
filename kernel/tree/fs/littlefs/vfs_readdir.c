// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading directories.
 *
 * Between two entries the directory may change, and its pairs may move: what
 * stays is the name that was read last.  Reading goes on behind it; without it,
 * where it would be.  Names are sorted on the medium, so that what was there
 * all the time comes exactly once.
 *
 * A position counts entries, behind those for "." and "..".
 */

#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "table.h"
#include "vfs.h"

#define DOTS	2

/**
 * struct cursor - where somebody is in a directory
 * @position: of the entry that the reader gets next; DOTS at the start
 * @dir: of the core; good for as long as nothing has changed
 * @changes: of the mount, when @dir was good
 * @is_pending: the reader does not have the entry that was read last
 * @is_damaged: entries were passed over
 * @is_dir: the entry that was read last is a directory
 * @name_bytes: of @name, 0 at the start
 * @name: of the entry that was read last
 */
struct cursor {
	loff_t position;
	struct lfs_dir dir;
	u32 changes;
	bool is_pending;
	bool is_damaged;
	bool is_dir;
	u32 name_bytes;
	u8 name[LFS_NAME_MAX_BYTES];
};

static void rewind_to_start(struct littlefs_mount *mount, struct cursor *cursor,
			    struct inode *inode)
{
	cursor->position = DOTS;
	cursor->dir = lfs_dir_make(&mount->fs,
				   littlefs_inode_of(inode)->file.node.head);
	cursor->changes = mount->changes;
	cursor->is_pending = false;
	cursor->is_damaged = false;
	cursor->name_bytes = 0;
}

/* Entries that are damaged are passed over; returns 1, 0 or -errno. */
static int next(struct littlefs_mount *mount, struct cursor *cursor,
		struct lfs_entry *entry)
{
	int more;

	do {
		more = lfs_dir_next(&mount->fs, &cursor->dir, entry);
		if (more == -EUCLEAN)
			cursor->is_damaged = true;
	} while (more == -EUCLEAN);
	return more;
}

/*
 * Goes behind the name that was read last, or with @by_order in front of the
 * first that is greater; returns 1 if it is there, 0 or -errno.
 */
static int search(struct littlefs_mount *mount, struct cursor *cursor,
		  struct inode *inode, bool by_order)
{
	struct lfs_entry entry;
	struct lfs_dir before;
	int more, err, order = 0;

	cursor->dir = lfs_dir_make(&mount->fs,
				   littlefs_inode_of(inode)->file.node.head);
	for (;;) {
		before = cursor->dir;
		more = next(mount, cursor, &entry);
		if (more <= 0)
			return more;
		err = lfs_name_order(&mount->fs,
				     &mount->fs.table.slots[entry.id],
				     cursor->name, cursor->name_bytes, &order);
		if (err)
			return err;
		if (!order)
			return 1;
		if (by_order && order > 0)
			break;
	}
	cursor->dir = before;
	return 1;
}

/* Where reading stopped, in a directory that may have changed. */
static int resume(struct littlefs_mount *mount, struct cursor *cursor,
		  struct inode *inode)
{
	int found = 1;

	if (cursor->changes == mount->changes)
		return 0;
	if (cursor->name_bytes)
		found = search(mount, cursor, inode, false);
	else
		rewind_to_start(mount, cursor, inode);
	if (!found)
		found = search(mount, cursor, inode, true);
	if (found < 0)
		return found;
	cursor->changes = mount->changes;
	return 0;
}

/* Reads an entry into the cursor; returns 1, 0 or -errno. */
static int step(struct littlefs_mount *mount, struct cursor *cursor,
		struct inode *inode)
{
	struct lfs_entry entry;
	int more = resume(mount, cursor, inode);

	if (more)
		return more;
	more = next(mount, cursor, &entry);
	if (!more && cursor->is_damaged)
		return -EUCLEAN;
	if (more <= 0)
		return more;
	more = lfs_read(&mount->fs, entry.name_block, entry.name_at,
			cursor->name, entry.name_bytes);
	if (more)
		return more;
	cursor->name_bytes = entry.name_bytes;
	cursor->is_dir = entry.is_dir;
	cursor->is_pending = true;
	return 1;
}

static void pass(struct cursor *cursor)
{
	cursor->is_pending = false;
	cursor->position++;
}

static int step_alone(struct littlefs_mount *mount, struct cursor *cursor,
		      struct inode *inode)
{
	if (cursor->is_pending)
		return 1;
	littlefs_lock(mount);
	return littlefs_unlock(mount, step(mount, cursor, inode));
}

/* After lseek(): returns 1, 0 when the directory is shorter, or -errno. */
static int seek(struct littlefs_mount *mount, struct cursor *cursor,
		struct inode *inode, loff_t position)
{
	int more = 1;

	littlefs_lock(mount);
	rewind_to_start(mount, cursor, inode);
	littlefs_unlock(mount, 0);
	while (more == 1 && cursor->position < position) {
		more = step_alone(mount, cursor, inode);
		if (more == 1)
			pass(cursor);
		if (fatal_signal_pending(current))
			more = -EINTR;
		cond_resched();
	}
	return more;
}

/*
 * The reader's memory may be a page of this filesystem: nothing is locked while
 * it is written to.  What does not fit is kept for the next time.
 */
static int littlefs_readdir(struct file *file, struct dir_context *context)
{
	struct inode *inode = file_inode(file);
	struct littlefs_mount *mount = littlefs_mount_of(inode);
	struct cursor *cursor = file->private_data;
	int more = 1;

	if (!dir_emit_dots(file, context))
		return 0;
	if (context->pos != cursor->position)
		more = seek(mount, cursor, inode, context->pos);
	while (more == 1) {
		more = step_alone(mount, cursor, inode);
		if (more != 1)
			break;
		if (!dir_emit(context, cursor->name, cursor->name_bytes,
			      littlefs_inode_number(inode, cursor->name,
						    cursor->name_bytes),
			      cursor->is_dir ? DT_DIR : DT_REG))
			return 0;
		pass(cursor);
		context->pos = cursor->position;
	}
	return more;
}

static int littlefs_dir_open(struct inode *inode, struct file *file)
{
	struct littlefs_mount *mount = littlefs_mount_of(inode);
	struct cursor *cursor = kzalloc(sizeof(*cursor), GFP_KERNEL);

	if (!cursor)
		return -ENOMEM;
	littlefs_lock(mount);
	rewind_to_start(mount, cursor, inode);
	littlefs_unlock(mount, 0);
	file->private_data = cursor;
	return 0;
}

static int littlefs_dir_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

/* Each change is durable when it returns. */
static int littlefs_dir_fsync(struct file *file, loff_t start, loff_t end,
			      int datasync)
{
	return 0;
}

const struct file_operations littlefs_dir_operations = {
	.open = littlefs_dir_open,
	.release = littlefs_dir_release,
	.read = generic_read_dir,
	.iterate_shared = littlefs_readdir,
	.llseek = generic_file_llseek,
	.fsync = littlefs_dir_fsync,
};
