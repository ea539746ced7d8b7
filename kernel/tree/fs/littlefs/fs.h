/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A mounted littlefs: what all rooms of the core share.
 *
 * The core allocates nothing, locks nothing and knows no VFS: the caller gives
 * the structures and lets one task in at a time. Functions return 0 or -errno:
 * -EUCLEAN for what cannot be on a sound medium, -EIO for what the device
 * could not do, others as named.
 */
#ifndef _LITTLEFS_FS_H
#define _LITTLEFS_FS_H

#include <linux/errno.h>
#include <linux/types.h>

#include "device.h"
#include "format.h"

/* seen: upstream splits a directory before it has 255 entries in a pair */
#define LFS_ENTRIES_MAX		256

#define LFS_PAIR_ENTRIES_MAX	255

/* Linux has no longer names. */
#define LFS_NAME_MAX_BYTES	255

/* struct lfs_slot keeps offsets in 19 bits. */
#define LFS_BLOCK_MAX_BYTES	(1u << 19)

struct lfs_file;
struct lfs_quota;

/**
 * struct lfs_pair - a metadata pair, as its log ends
 * @blocks: the current one first
 * @revision: of the current block
 * @end: behind the last good commit, in bytes
 * @last_tag: the last tag before @end, from where the log is read backwards
 * @next_tag: what the first tag behind @end is XORed with
 * @fcrc_bytes: how much behind @end was blank by the last commit, 0 unknown
 * @fcrc: the CRC of that
 * @tail: the next pair of the list of all pairs, or the null pair
 * @is_split: the next pair belongs to the same directory
 * @delta: the pair's share in the global state
 */
struct lfs_pair {
	u32 blocks[2];
	u32 revision;
	u32 end;
	u32 last_tag;
	u32 next_tag;
	u32 fcrc_bytes;
	u32 fcrc;
	u32 tail[2];
	u32 delta[3];
	bool is_split;
};

/* What a name tag says of an entry, and what its struct says. */
enum lfs_name {
	LFS_NAME_NONE,
	LFS_NAME_FILE,
	LFS_NAME_DIR,
	LFS_NAME_SUPER,
};

enum lfs_struct {
	LFS_STRUCT_NONE,
	LFS_STRUCT_DIR,
	LFS_STRUCT_INLINE,
	LFS_STRUCT_CTZ,
};

/**
 * struct lfs_slot - an entry of a pair
 * @name_at: of the name in the current block
 * @name_bytes: of the name
 * @name: enum lfs_name
 * @has_attrs: the log has tags of attributes for it
 * @data_at: of the data of the struct in the current block
 * @data_bytes: of the data of the struct
 * @data: enum lfs_struct
 */
struct lfs_slot {
	u32 name_at:19;
	u32 name_bytes:10;
	u32 name:2;
	u32 has_attrs:1;
	u32 data_at:19;
	u32 data_bytes:10;
	u32 data:2;
};

/* What data the slots tell of: this, or an attribute of a type up to 255. */
#define LFS_PART_STRUCTS	256

/**
 * struct lfs_table - the pair that was read last, parsed
 * @is_loaded: there is one
 * @blank_end: up to where the bytes behind its log are known to be erased
 * @pair: which
 * @part: what data @slots tell of, LFS_PART_STRUCTS when it is loaded
 * @attr_types: a bit for each type that an attribute has, and maybe others
 * @count: of its entries
 * @slots: its entries, by id
 */
struct lfs_table {
	bool is_loaded;
	u32 blank_end;
	struct lfs_pair pair;
	u32 part;
	u32 attr_types[8];
	u32 count;
	struct lfs_slot slots[LFS_ENTRIES_MAX];
};

/* How many places of names in directories are remembered. */
#define LFS_MARKS_MAX		40

/* What is known of the order of names in a directory. */
enum lfs_order {
	LFS_ORDER_UNKNOWN,
	LFS_ORDER_SORTED,
	LFS_ORDER_OTHER,
};

/**
 * struct lfs_mark - a pair of a directory, and the first name in it
 * @pair: the current block first, if there is a name
 * @name_at, @name_bytes: the name, of no bytes when it is not known
 * @begins: the directory begins here
 * @order: enum lfs_order, if the directory begins here
 */
struct lfs_mark {
	u32 pair[2];
	u32 name_at:19;
	u32 name_bytes:10;
	u32 begins:1;
	u32 order:2;
};

/**
 * struct lfs_index - where names are in directories of several pairs
 * @count: of @marks
 * @stride: of so many pairs that are read, one gets a mark
 * @unmarked: how many pairs there are behind the last mark that was made
 * @marks: of one directory after the other, each in its order; more pairs may
 *	be between them, but no directory has pairs in two places
 */
struct lfs_index {
	u32 count;
	u32 stride;
	u32 unmarked;
	struct lfs_mark marks[LFS_MARKS_MAX];
};

/* Of the map of free blocks: a window of eight times as many blocks. */
#define LFS_WINDOW_BYTES	128

/* A relocation moves its parent at most; each more needs another bad block. */
#define LFS_RELOCATIONS_MAX	4

/**
 * struct lfs_node - an entry that somebody holds while others are changed
 * @next: the one that was held before
 * @pair: the pair it is in
 * @id: its id there, LFS_ID_NONE when the entry was removed
 * @head: of a directory: the pair it begins in
 * @is_arriving: the entry will be created at this id
 * @file: the open file that it is part of, or NULL
 */
struct lfs_node {
	struct lfs_node *next;
	u32 pair[2];
	u32 id;
	u32 head[2];
	bool is_arriving;
	struct lfs_file *file;
};

/**
 * struct lfs_window - which blocks are free
 * @start: the first block that @used tells of
 * @count: how many blocks it tells of
 * @next: the first of those that was not given away
 * @budget: how many blocks more may be looked at; what was given away since
 *	it was set is not yet on the medium, and must not be given away again
 * @is_old: made before the budget was set, and nothing was given away since:
 *	what it calls used may have become free, and costs no budget
 * @used: a bit for each block
 */
struct lfs_window {
	u32 start;
	u32 count;
	u32 next;
	u32 budget;
	bool is_old;
	u8 used[LFS_WINDOW_BYTES];
};

/**
 * struct lfs_relocation - a pair that has moved, which others do not know yet
 * @from: what the list of pairs calls it
 * @to: where it is
 * @is_in_tree: its parent knows, if it has one
 * @has_parent: it has one
 */
struct lfs_relocation {
	u32 from[2];
	u32 to[2];
	bool is_in_tree;
	bool has_parent;
};

/**
 * struct lfs_config - how a filesystem is to be written; all of the caller's
 * @buffer: for programs; in use while the filesystem is
 * @buffer_bytes: of it, a multiple of the device's program unit
 * @metadata_max: how full a block of metadata gets before its pair is split,
 *	in bytes; 0 for the whole block
 * @inline_max: the largest file that is kept in the log, in bytes
 * @wear_cycles: after how many compactions a pair moves, 0 for never
 */
struct lfs_config {
	void *buffer;
	u32 buffer_bytes;
	u32 metadata_max;
	u32 inline_max;
	u32 wear_cycles;
};

/**
 * struct lfs_fs - a mounted filesystem; owned by the caller, as is @device
 * @device: what it is on
 * @block_count: how many blocks of @device it has
 * @version: of the medium, LFS_VERSION_*
 * @name_max: longest name, in bytes
 * @file_max: largest file, in bytes
 * @attr_max: largest attribute, in bytes
 * @root: the pair in which the root directory begins
 * @gstate: the global state as it is to be: the word, and a pair
 * @gstate_stored: the global state as it is on the medium
 * @seed: something that differs between mounts
 * @quota: the caller's accounts, or NULL
 * @table: the pair that was read last
 * @index: where to look for names first
 * @has_empty: a power cut has left a pair that its directory does not need
 *
 * Of what is written to:
 * @is_writable: lfs_start_writing() has been called
 * @is_recovered: what a power cut may have left has been finished
 * @is_broken: a change ended half-way; there are no more until the next mount
 * @has_orphans: the list of pairs may be wrong
 * @is_settling: pairs that have moved are being made known
 * @orphans: how many pairs are in the list only, on purpose
 * @buffer, @buffer_bytes, @metadata_max, @inline_max, @wear_cycles: as in
 *	struct lfs_config
 * @nodes: entries that are held
 * @window: the free blocks
 * @relocations, @relocation_count: pairs that have moved, a stack
 */
struct lfs_fs {
	struct lfs_device *device;
	u32 block_count;
	u32 version;
	u32 name_max;
	u32 file_max;
	u32 attr_max;
	u32 root[2];
	u32 gstate[3];
	u32 gstate_stored[3];
	u32 seed;
	struct lfs_quota *quota;
	struct lfs_table table;
	struct lfs_index index;
	bool has_empty;

	bool is_writable;
	bool is_recovered;
	bool is_broken;
	bool has_orphans;
	bool is_settling;
	u32 orphans;
	u8 *buffer;
	u32 buffer_bytes;
	u32 metadata_max;
	u32 inline_max;
	u32 wear_cycles;
	struct lfs_node *nodes;
	struct lfs_window window;
	struct lfs_relocation relocations[LFS_RELOCATIONS_MAX];
	u32 relocation_count;
};

/* Whether an error says that there is no room, or none for that owner. */
static inline bool lfs_is_full(int err)
{
	return err == -ENOSPC || err == -EDQUOT;
}

/**
 * lfs_read - read a piece of a block
 * @at: in the block, in bytes
 *
 * Return: 0, -EUCLEAN for what is not in the filesystem, or what the device
 * says.
 */
int lfs_read(const struct lfs_fs *fs, u32 block, u32 at, void *buffer,
	     u32 bytes);

#endif
