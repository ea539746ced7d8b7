// SPDX-License-Identifier: Apache-2.0
/* Lays a tree out as cramfs: superblock, directories, block pointers, packed, mapped. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "abi/bytes.h"
#include "abi/image.h"
#include "host/sph/cramfs.h"
#include "host/sph/elf_segments.h"

/* From here on at most an eighth of a mapped file is padding, which is less than a page. */
#define MAPPED_MIN_BYTES (8 * CRAMFS_BLOCK_BYTES)

/* Where one node goes.  All offsets in bytes from the start of the body. */
struct slot {
	uint64_t entry; /* its inode, followed by its name */
	uint64_t children; /* directories: first entry */
	uint64_t children_bytes;
	uint64_t table; /* block pointers */
	uint64_t data;
	unsigned int
		same_data; /* first node with these contents: itself when unique */
	unsigned int
		same_inode; /* first node that is the same in all but its name */
	bool mapped;
};

struct layout {
	const struct tree *tree;
	struct slot *slots;
	uint64_t end;
	uint32_t block_count;
};

static uint64_t align_up(uint64_t value, uint64_t alignment)
{
	return (value + alignment - 1) & ~(alignment - 1);
}

static uint32_t blocks_of(const struct tree_node *node)
{
	return (node->size + CRAMFS_BLOCK_BYTES - 1) / CRAMFS_BLOCK_BYTES;
}

static bool has_data(const struct tree_node *node)
{
	return node->kind != TREE_DIRECTORY && node->size > 0;
}

/*
 * The layout that is cheapest on the device.  A mapped file costs up to a page of flash for padding
 * and spares a page of RAM for each of its pages that is mapped; read(2) costs no RAM in either
 * layout.  What can be loaded will be mapped, by the kernel or the dynamic linker, whether it has
 * an x bit or not; whether an app maps another file nobody knows, so that it may cost little only.
 */
static bool wants_mapping(const struct tree_node *node)
{
	if (node->kind != TREE_FILE)
		return false;
	return node->size >= MAPPED_MIN_BYTES ||
	       elf_is_loadable(node->data, node->size);
}

/*
 * Contents are shared by all nodes; block pointers only by nodes of one kind and mode.  The kernel
 * takes the offset of the block pointers as inode number, and would give a second file that
 * shares them the mode of the first.
 */
static void find_twins(struct layout *l, unsigned int index)
{
	const struct tree_node *node = &l->tree->nodes[index];
	struct slot *slot = &l->slots[index];
	unsigned int i;

	slot->same_data = index;
	slot->same_inode = index;
	if (!has_data(node))
		return;
	for (i = 0; i < index; i++) {
		const struct tree_node *other = &l->tree->nodes[i];

		if (!has_data(other) || other->size != node->size ||
		    memcmp(other->data, node->data, node->size))
			continue;
		if (slot->same_data == index)
			slot->same_data = i;
		if (other->kind == node->kind &&
		    other->executable == node->executable) {
			slot->same_inode = i;
			break;
		}
	}
	if (wants_mapping(node))
		l->slots[slot->same_data].mapped = true;
}

static void place_directories(struct layout *l)
{
	unsigned int i, k;

	for (i = 0; i < l->tree->count; i++) {
		const struct tree_node *node = &l->tree->nodes[i];

		if (node->child_count)
			l->slots[i].children = l->end;
		for (k = 0; k < node->child_count; k++) {
			unsigned int child = node->first_child + k;

			l->slots[child].entry = l->end;
			l->end +=
				CRAMFS_INODE_BYTES +
				align_up(strlen(l->tree->nodes[child].name), 4);
		}
		if (node->child_count)
			l->slots[i].children_bytes =
				l->end - l->slots[i].children;
	}
}

static void place_tables(struct layout *l)
{
	unsigned int i;

	for (i = 0; i < l->tree->count; i++) {
		if (!has_data(&l->tree->nodes[i]) ||
		    l->slots[i].same_inode != i)
			continue;
		l->slots[i].table = l->end;
		l->end += 4ull * blocks_of(&l->tree->nodes[i]);
	}
}

static void place_data(struct layout *l, bool mapped)
{
	uint64_t alignment = mapped ? CRAMFS_BLOCK_BYTES : 4;
	unsigned int i;

	for (i = 0; i < l->tree->count; i++) {
		if (!has_data(&l->tree->nodes[i]) ||
		    l->slots[i].same_data != i || l->slots[i].mapped != mapped)
			continue;
		l->end = align_up(l->end, alignment);
		l->slots[i].data = l->end;
		/* The rest of a mapped page must be zero, or it is not mapped. */
		l->end = align_up(l->end + l->tree->nodes[i].size, alignment);
		l->block_count += blocks_of(&l->tree->nodes[i]);
	}
}

/* The kernel reads the longest name there can be from each entry, the last one too. */
static int lay_out(struct layout *l)
{
	uint64_t readable;
	unsigned int i;

	l->slots = calloc(l->tree->count, sizeof(*l->slots));
	if (!l->slots)
		return -1;
	for (i = 0; i < l->tree->count; i++)
		find_twins(l, i);
	l->end = CRAMFS_SUPER_BYTES;
	place_directories(l);
	readable = l->end + TREE_MAX_NAME_BYTES;
	place_tables(l);
	place_data(l, false);
	place_data(l, true);
	if (l->end < readable)
		l->end = readable;
	l->end = align_up(l->end, IMAGE_ALIGN_BYTES);
	return 0;
}

static uint32_t mode_of(const struct tree_node *node)
{
	switch (node->kind) {
	case TREE_DIRECTORY:
		return S_IFDIR | 0555;
	case TREE_SYMLINK:
		return S_IFLNK | 0777;
	case TREE_FILE:
		break;
	}
	return S_IFREG | (node->executable ? 0555 : 0444);
}

/* mode:16 uid:16, size:24 gid:8, namelen:6 offset:26; uid and gid are 0 */
static void put_inode(const struct layout *l, unsigned int index, uint8_t *at)
{
	const struct tree_node *node = &l->tree->nodes[index];
	const struct slot *slot = &l->slots[index];
	bool is_directory = node->kind == TREE_DIRECTORY;
	uint64_t offset = is_directory ? slot->children :
					 l->slots[slot->same_inode].table;
	uint64_t size = is_directory ? slot->children_bytes : node->size;
	uint64_t name_words = align_up(strlen(node->name), 4) / 4;

	put_le32(at, mode_of(node));
	put_le32(at + 4, (uint32_t)size);
	put_le32(at + 8, (uint32_t)(name_words | offset / 4 << 6));
	memcpy(at + CRAMFS_INODE_BYTES, node->name, strlen(node->name));
}

static void put_contents(const struct layout *l, unsigned int index,
			 uint8_t *body)
{
	const struct tree_node *node = &l->tree->nodes[index];
	const struct slot *slot = &l->slots[index];
	uint64_t data = l->slots[slot->same_data].data;
	uint32_t block;

	if (!has_data(node))
		return;
	for (block = 0; slot->table && block < blocks_of(node); block++)
		put_le32(body + slot->table + 4ull * block,
			 (uint32_t)(data / 4 + block * CRAMFS_BLOCK_BYTES / 4) |
				 CRAMFS_BLOCK_DIRECT_RAW);
	if (slot->same_data == index)
		memcpy(body + data, node->data, node->size);
}

uint32_t cramfs_crc(const uint8_t *body, size_t length)
{
	static const uint8_t zero[4];
	uLong crc = crc32(0, body, CRAMFS_SUPER_CRC);

	crc = crc32(crc, zero, sizeof(zero));
	return (uint32_t)crc32(crc, body + CRAMFS_SUPER_CRC + 4,
			       (uInt)(length - CRAMFS_SUPER_CRC - 4));
}

static void put_super(const struct layout *l, const char *name, uint8_t *body)
{
	put_le32(body + CRAMFS_SUPER_MAGIC, CRAMFS_MAGIC);
	put_le32(body + CRAMFS_SUPER_SIZE, (uint32_t)l->end);
	put_le32(body + CRAMFS_SUPER_FLAGS, CRAMFS_FLAGS_WRITTEN);
	memcpy(body + CRAMFS_SUPER_SIGNATURE, CRAMFS_SIGNATURE,
	       strlen(CRAMFS_SIGNATURE));
	put_le32(body + CRAMFS_SUPER_BLOCKS, l->block_count);
	put_le32(body + CRAMFS_SUPER_FILES, l->tree->count);
	memcpy(body + CRAMFS_SUPER_NAME, name,
	       strnlen(name, CRAMFS_NAME_BYTES));
	put_inode(l, 0, body + CRAMFS_SUPER_ROOT);
	put_le32(body + CRAMFS_SUPER_CRC, cramfs_crc(body, l->end));
}

int cramfs_write(const struct tree *tree, const char *name, struct bytes *body,
		 struct complaint *complaint)
{
	struct layout l = { .tree = tree };
	int result = -E_PACK_IO;
	unsigned int i;

	if (lay_out(&l))
		goto out_of_memory;
	if (l.end > IMAGE_BODY_MAX_BYTES) {
		result = complain(complaint, E_PACK_IMAGE_SIZE,
				  "the image would have %llu bytes, at most %u"
				  " are possible",
				  (unsigned long long)l.end,
				  IMAGE_BODY_MAX_BYTES);
		goto out;
	}
	body->data = calloc(1, l.end);
	if (!body->data)
		goto out_of_memory;
	body->length = l.end;
	for (i = 1; i < tree->count; i++) {
		put_inode(&l, i, body->data + l.slots[i].entry);
		put_contents(&l, i, body->data);
	}
	put_super(&l, name, body->data);
	result = 0;
	goto out;
out_of_memory:
	result = complain(complaint, E_PACK_IO, "out of memory");
out:
	free(l.slots);
	return result;
}
