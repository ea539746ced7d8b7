// SPDX-License-Identifier: Apache-2.0
/* Reads cramfs bodies that anyone may have made. */
#include <string.h>
#include <sys/stat.h>

#include "abi/bytes.h"
#include "host/sph/cramfs.h"

/* Do @bytes bytes at @offset lie in the body? */
static bool is_inside(const struct cramfs_walk *walk, uint64_t offset,
		      uint64_t bytes)
{
	return offset <= walk->length && bytes <= walk->length - offset;
}

/* The block pointers must be raw, direct and consecutive to say MAPPED or PACKED. */
static int read_layout(const struct cramfs_walk *walk,
		       struct cramfs_entry *entry)
{
	uint32_t blocks =
		(entry->size + CRAMFS_BLOCK_BYTES - 1) / CRAMFS_BLOCK_BYTES;
	const uint8_t *table = walk->body + entry->offset;
	uint32_t i, first;

	entry->layout = CRAMFS_LAYOUT_NONE;
	if (blocks == 0)
		return 0;
	if (!is_inside(walk, entry->offset, 4ull * blocks))
		return -E_IMAGE_FILESYSTEM;
	entry->layout = CRAMFS_LAYOUT_OTHER;
	first = get_le32(table);
	if ((first & CRAMFS_BLOCK_DIRECT_RAW) != CRAMFS_BLOCK_DIRECT_RAW)
		return 0;
	for (i = 1; i < blocks; i++) {
		if (get_le32(table + 4 * i) !=
		    first + i * CRAMFS_BLOCK_BYTES / 4)
			return 0;
	}
	first = (first & ~CRAMFS_BLOCK_DIRECT_RAW) << 2;
	if (!is_inside(walk, first, entry->size))
		return -E_IMAGE_FILESYSTEM;
	entry->data = first;
	entry->layout = first % CRAMFS_BLOCK_BYTES ? CRAMFS_LAYOUT_PACKED :
						     CRAMFS_LAYOUT_MAPPED;
	return 0;
}

/* Reads the inode at @at, which is inside; steps into directories. */
static int visit(struct cramfs_walk *walk, uint32_t at,
		 struct cramfs_entry *entry)
{
	struct cramfs_inode inode;

	cramfs_parse_inode(walk->body + at, &inode);
	*entry = (struct cramfs_entry){
		.name = (const char *)walk->body + at + CRAMFS_INODE_BYTES,
		.name_length = inode.name_bytes,
		.mode = inode.mode,
		.uid = inode.uid,
		.size = inode.size,
		.gid = inode.gid,
		.offset = inode.offset,
		.depth = walk->depth,
	};
	if (!is_inside(walk, at + CRAMFS_INODE_BYTES, entry->name_length))
		return -E_IMAGE_FILESYSTEM;
	entry->name_length = strnlen(entry->name, entry->name_length);
	if (walk->budget-- == 0)
		return -E_IMAGE_FILESYSTEM;
	if (S_ISREG(entry->mode) || S_ISLNK(entry->mode))
		return read_layout(walk, entry);
	if (!S_ISDIR(entry->mode) || entry->size == 0)
		return 0;
	if (walk->depth == CRAMFS_MAX_DEPTH ||
	    !is_inside(walk, entry->offset, entry->size))
		return -E_IMAGE_FILESYSTEM;
	walk->levels[walk->depth].at = entry->offset;
	walk->levels[walk->depth].end = entry->offset + entry->size;
	walk->depth++;
	return 0;
}

int cramfs_walk_start(struct cramfs_walk *walk, const uint8_t *body,
		      size_t length, struct cramfs_entry *root)
{
	memset(walk, 0, sizeof(*walk));
	walk->body = body;
	walk->length = length;
	/* Each entry takes room of its own: more visits mean a loop. */
	walk->budget = (uint32_t)(length / CRAMFS_INODE_BYTES);
	if (length < CRAMFS_SUPER_BYTES ||
	    get_le32(body + CRAMFS_SUPER_MAGIC) != CRAMFS_MAGIC ||
	    memcmp(body + CRAMFS_SUPER_SIGNATURE, CRAMFS_SIGNATURE,
		   strlen(CRAMFS_SIGNATURE)) ||
	    !S_ISDIR(get_le16(body + CRAMFS_SUPER_ROOT)))
		return -E_IMAGE_FILESYSTEM;
	return visit(walk, CRAMFS_SUPER_ROOT, root);
}

int cramfs_walk_next(struct cramfs_walk *walk, struct cramfs_entry *entry)
{
	uint32_t at, name_bytes, bytes;
	int result;

	while (walk->depth && walk->levels[walk->depth - 1].at ==
				      walk->levels[walk->depth - 1].end)
		walk->depth--;
	if (walk->depth == 0)
		return 0;
	at = walk->levels[walk->depth - 1].at;
	bytes = walk->levels[walk->depth - 1].end - at;
	if (bytes < CRAMFS_INODE_BYTES)
		return -E_IMAGE_FILESYSTEM;
	name_bytes = (get_le32(walk->body + at + 8) & 63) * 4;
	if (name_bytes == 0 || bytes - CRAMFS_INODE_BYTES < name_bytes)
		return -E_IMAGE_FILESYSTEM;
	walk->levels[walk->depth - 1].at = at + CRAMFS_INODE_BYTES + name_bytes;
	result = visit(walk, at, entry);
	return result ? result : 1;
}
