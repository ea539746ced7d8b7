// SPDX-License-Identifier: GPL-2.0-only
/* What is on a medium. */
#include "dump.h"

#include <errno.h>
#include <stdlib.h>

#include "attr.h"
#include "dir.h"
#include "escape.h"
#include "gstate.h"
#include "pair.h"
#include "traverse.h"

static void print_super(struct lfs_fs *fs, struct out *out)
{
	char version[16];

	snprintf(version, sizeof(version), "%u.%u", fs->version >> 16, fs->version & 0xffff);
	out_text(out, "version", version);
	out_number(out, "block_bytes", fs->device->block_bytes);
	out_number(out, "block_count", fs->block_count);
	out_number(out, "device_block_count", fs->device->block_count);
	out_number(out, "name_max_bytes", fs->name_max);
	out_number(out, "file_max_bytes", fs->file_max);
	out_number(out, "attr_max_bytes", fs->attr_max);
	out_pair(out, "root", fs->root);
	out_number(out, "may_have_orphans", lfs_gstate_has_orphans(fs));
	if (!lfs_gstate_has_move(fs))
		return;
	out_pair(out, "moved_pair", fs->gstate + 1);
	out_number(out, "moved_id", lfs_tag_id(fs->gstate[0]));
}

static int print_attrs(struct lfs_fs *fs, struct out *out, uint32_t id)
{
	struct lfs_attr_walk walk;
	struct lfs_attr attr;
	int result = lfs_attr_start(fs, fs->table.pair.blocks, id, &walk);

	if (result)
		return result;
	out_begin(out, "attributes", true);
	while ((result = lfs_attr_next(fs, &walk, &attr)) == 1) {
		out_begin(out, NULL, false);
		out_number(out, "type", attr.type);
		out_number(out, "bytes", attr.bytes);
		out_end(out);
	}
	out_end(out);
	return result;
}

static int print_name(struct lfs_fs *fs, struct out *out, const struct lfs_slot *slot)
{
	uint8_t name[LFS_TAG_DATA_MAX];
	char text[ESCAPE_CHARS * LFS_TAG_DATA_MAX + 1];
	int result = lfs_read(fs, fs->table.pair.blocks[0], slot->name_at, name, slot->name_bytes);

	if (result)
		return result;
	escape(name, slot->name_bytes, text);
	out_text(out, "name", text);
	return 0;
}

static void print_entry(const struct lfs_entry *entry, struct out *out)
{
	if (entry->is_dir) {
		out_pair(out, "child", entry->child);
		return;
	}
	out_number(out, "bytes", entry->ctz.size);
	if (!entry->is_inline)
		out_number(out, "head", entry->ctz.head);
}

static int print_slot(struct lfs_fs *fs, struct out *out, uint32_t id)
{
	static const char *const kinds[] = { "none", "file", "directory", "superblock" };
	const struct lfs_slot *slot = &fs->table.slots[id];
	struct lfs_entry entry;
	int result;

	out_number(out, "id", id);
	out_text(out, "kind", kinds[slot->name]);
	result = print_name(fs, out, slot);
	if (result)
		return result;
	result = lfs_entry_load(fs, fs->table.pair.blocks, id, &entry);
	if (!result)
		print_entry(&entry, out);
	else if (result == -EUCLEAN)
		out_text(out, "struct", "damaged");
	else if (result != -ENOENT)
		return result;
	return print_attrs(fs, out, id);
}

static int print_pair(struct lfs_fs *fs, struct out *out)
{
	const struct lfs_pair *pair = &fs->table.pair;
	int result = 0;

	out_pair(out, "blocks", pair->blocks);
	out_number(out, "revision", pair->revision);
	out_number(out, "log_bytes", pair->end);
	if (!lfs_pair_is_null(pair->tail))
		out_pair(out, pair->is_split ? "hard_tail" : "soft_tail", pair->tail);
	out_begin(out, "entries", true);
	for (uint32_t id = 0; !result && id < fs->table.count; id++) {
		out_begin(out, NULL, false);
		result = print_slot(fs, out, id);
		out_end(out);
	}
	out_end(out);
	return result;
}

static int mark_block(void *context, u32 block)
{
	uint8_t *is_used = context;

	is_used[block] = 1;
	return 0;
}

static int print_usage(struct lfs_fs *fs, struct out *out)
{
	uint8_t *is_used = calloc(1, fs->block_count);
	uint32_t used = 0;
	int result = -ENOMEM;

	if (!is_used)
		return -ENOMEM;
	result = lfs_traverse(fs, mark_block, is_used);
	for (uint32_t i = 0; i < fs->block_count; i++)
		used += is_used[i];
	free(is_used);
	if (!result)
		out_number(out, "blocks_in_use", used);
	return result;
}

int dump_print(struct lfs_fs *fs, struct out *out)
{
	struct lfs_list list = lfs_list_make(fs);
	int result;

	out_begin(out, NULL, false);
	print_super(fs, out);
	out_begin(out, "pairs", true);
	while ((result = lfs_list_next(fs, &list)) == 1) {
		out_begin(out, NULL, false);
		result = print_pair(fs, out);
		out_end(out);
		if (result)
			break;
	}
	out_end(out);
	if (!result)
		result = print_usage(fs, out);
	out_end(out);
	return result;
}
