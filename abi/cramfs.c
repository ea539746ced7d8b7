// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only
/* A file in a body that is not mounted. */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "abi/bytes.h"
#include "abi/cramfs.h"
#include "abi/errors.h"

void cramfs_parse_inode(const uint8_t bytes[CRAMFS_INODE_BYTES], struct cramfs_inode *inode)
{
	const uint32_t name_and_offset = get_le32(bytes + 8);

	*inode = (struct cramfs_inode){
		.mode = get_le16(bytes),
		.uid = get_le16(bytes + 2),
		.size = get_le32(bytes + 4) & 0xffffff,
		.gid = bytes[7],
		.name_bytes = (name_and_offset & 63) * 4,
		.offset = name_and_offset >> 6 << 2,
	};
}

static int read_at(const struct cramfs_source *source, uint32_t offset, void *buffer, uint32_t bytes)
{
	if (offset > source->bytes || bytes > source->bytes - offset)
		return -E_IMAGE_FILESYSTEM;
	return source->read(source->context, offset, buffer, bytes);
}

static int read_inode(const struct cramfs_source *source, uint32_t offset, struct cramfs_inode *inode)
{
	uint8_t bytes[CRAMFS_INODE_BYTES];
	const int err = read_at(source, offset, bytes, sizeof(bytes));

	if (!err)
		cramfs_parse_inode(bytes, inode);
	return err;
}

static int read_root(const struct cramfs_source *source, struct cramfs_inode *root)
{
	uint8_t super[CRAMFS_SUPER_BYTES];
	const int err = read_at(source, 0, super, sizeof(super));

	if (err)
		return err;
	cramfs_parse_inode(super + CRAMFS_SUPER_ROOT, root);
	if (get_le32(super + CRAMFS_SUPER_MAGIC) != CRAMFS_MAGIC ||
	    memcmp(super + CRAMFS_SUPER_SIGNATURE, CRAMFS_SIGNATURE, strlen(CRAMFS_SIGNATURE)) ||
	    !S_ISDIR(root->mode))
		return -E_IMAGE_FILESYSTEM;
	return 0;
}

/* Whether the entry whose name stands at @offset is called @wanted; it is only read when it can be. */
static int has_name(const struct cramfs_source *source, uint32_t offset, uint32_t name_bytes,
		    const char *wanted, bool *has)
{
	const size_t length = strlen(wanted);
	char name[CRAMFS_NAME_MAX];
	int err;

	*has = false;
	if (name_bytes < length || name_bytes - length >= sizeof(uint32_t))
		return 0;
	err = read_at(source, offset, name, name_bytes);
	*has = !err && !memcmp(name, wanted, length) && strnlen(name, name_bytes) == length;
	return err;
}

static int find_entry(const struct cramfs_source *source, const char *name, struct cramfs_inode *inode)
{
	struct cramfs_inode root;
	int err = read_root(source, &root);
	uint32_t done = 0;

	while (!err && done < root.size) {
		bool has;

		err = read_inode(source, root.offset + done, inode);
		if (err)
			return err;
		done += CRAMFS_INODE_BYTES;
		if (!inode->name_bytes || done > root.size || inode->name_bytes > root.size - done)
			return -E_IMAGE_FILESYSTEM;
		err = has_name(source, root.offset + done, inode->name_bytes, name, &has);
		if (has)
			return 0;
		done += inode->name_bytes;
	}
	return err ? err : -ENOENT;
}

/* All blocks, one behind the other, in the body. */
static int find_data(const struct cramfs_source *source, const struct cramfs_inode *inode, uint32_t *offset)
{
	const uint32_t blocks = (inode->size + CRAMFS_BLOCK_BYTES - 1) / CRAMFS_BLOCK_BYTES;
	uint32_t first = CRAMFS_BLOCK_DIRECT_RAW;

	for (uint32_t i = 0; i < blocks; i++) {
		uint8_t pointer[sizeof(uint32_t)];
		const int err = read_at(source, inode->offset + i * sizeof(pointer), pointer,
					sizeof(pointer));

		if (err)
			return err;
		if (i == 0)
			first = get_le32(pointer);
		else if (get_le32(pointer) != first + i * CRAMFS_BLOCK_BYTES / sizeof(uint32_t))
			return -E_IMAGE_FILESYSTEM;
	}
	if ((first & CRAMFS_BLOCK_DIRECT_RAW) != CRAMFS_BLOCK_DIRECT_RAW)
		return -E_IMAGE_FILESYSTEM;
	*offset = (first & ~CRAMFS_BLOCK_DIRECT_RAW) << 2;
	return *offset > source->bytes || inode->size > source->bytes - *offset ? -E_IMAGE_FILESYSTEM : 0;
}

int cramfs_find_file(const struct cramfs_source *source, const char *name, uint32_t *offset,
		     uint32_t *size)
{
	struct cramfs_inode inode;
	const int err = find_entry(source, name, &inode);

	if (err)
		return err;
	if (!S_ISREG(inode.mode))
		return -E_IMAGE_FILESYSTEM;
	*size = inode.size;
	return find_data(source, &inode, offset);
}
