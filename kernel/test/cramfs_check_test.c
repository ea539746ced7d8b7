// SPDX-License-Identifier: GPL-2.0-only
/* Unit tests of the check of cramfs images: one good image, and one thing wrong with it at a time. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/cramfs_fs.h>
#include <sys/stat.h>

#include "check.h"

#define BLOCK_BYTES	4096
#define PAGES		4
#define BYTES		(PAGES * BLOCK_BYTES)
#define NAME_BYTES	4

/* "a" and "b" are directories, "b" in "a"; "f" is a file of two blocks, "l" a link; all names are short. */
struct entry {
	struct cramfs_inode inode;
	char name[NAME_BYTES];
};

struct layout {
	struct cramfs_super super;
	struct entry root[3];		/* a, f, l */
	struct entry a[1];		/* b */
	struct entry b[1];		/* l */
	uint32_t file_table[2];
	uint32_t link_table[1];
	uint32_t deep_table[1];
	char link[4];
	char deep[8];
};

union image {
	struct layout layout;
	uint8_t bytes[BYTES];
};

static union image image;

#define OFFSET_OF(member)	(offsetof(struct layout, member) / 4)
/* The flags of the header are signed. */
#define UNCOMPRESSED		0x80000000u
#define DIRECT			0x40000000u
#define RAW(byte)		((uint32_t)((byte) / 4) | UNCOMPRESSED | DIRECT)

static struct entry make_entry(const char *name, uint32_t mode, uint32_t size, uint32_t offset)
{
	struct entry entry = {
		.inode = { .mode = mode, .size = size, .namelen = NAME_BYTES / 4, .offset = offset },
	};

	memcpy(entry.name, name, strlen(name));
	return entry;
}

static void make_image(void)
{
	struct layout *l = &image.layout;

	memset(&image, 0, sizeof(image));
	l->super = (struct cramfs_super){
		.magic = CRAMFS_MAGIC,
		.size = BYTES,
		.flags = CRAMFS_FLAG_FSID_VERSION_2 | CRAMFS_FLAG_SORTED_DIRS |
			 CRAMFS_FLAG_EXT_BLOCK_POINTERS,
		.root = { .mode = S_IFDIR | 0755, .size = sizeof(l->root), .offset = OFFSET_OF(root) },
	};
	memcpy(l->super.signature, CRAMFS_SIGNATURE, sizeof(l->super.signature));
	l->root[0] = make_entry("a", S_IFDIR | 0755, sizeof(l->a), OFFSET_OF(a));
	l->root[1] = make_entry("f", S_IFREG | 0555, BLOCK_BYTES + 1, OFFSET_OF(file_table));
	l->root[2] = make_entry("l", S_IFLNK | 0777, 3, OFFSET_OF(link_table));
	l->a[0] = make_entry("b", S_IFDIR | 0755, sizeof(l->b), OFFSET_OF(b));
	l->b[0] = make_entry("l", S_IFLNK | 0777, 7, OFFSET_OF(deep_table));
	l->file_table[0] = RAW(2 * BLOCK_BYTES);
	l->file_table[1] = RAW(3 * BLOCK_BYTES);
	l->link_table[0] = RAW(offsetof(struct layout, link));
	l->deep_table[0] = RAW(offsetof(struct layout, deep));
	memcpy(l->link, "a/b", 3);
	memcpy(l->deep, "../../f", 7);
}

static int check(void)
{
	return cramfs_check_image(&image, BYTES);
}

static void test_good_image(void **state)
{
	(void)state;
	make_image();
	assert_int_equal(check(), 0);
}

static void test_empty_root(void **state)
{
	(void)state;
	make_image();
	image.layout.super.root.size = 0;
	image.layout.super.root.offset = 0;
	assert_int_equal(check(), 0);
}

#define L image.layout

/* Each makes one thing wrong. */
static void bad_magic(void) { L.super.magic++; }
static void bad_signature(void) { L.super.signature[0]++; }
static void size_less(void) { L.super.size -= BLOCK_BYTES; }
static void size_more(void) { L.super.size += BLOCK_BYTES; }
static void no_version(void) { L.super.flags &= ~CRAMFS_FLAG_FSID_VERSION_2; }
static void no_pointers(void) { L.super.flags &= ~CRAMFS_FLAG_EXT_BLOCK_POINTERS; }
static void holes(void) { L.super.flags |= CRAMFS_FLAG_HOLES; }
static void shifted_root(void) { L.super.flags |= CRAMFS_FLAG_SHIFTED_ROOT_OFFSET; }
static void root_is_file(void) { L.super.root.mode = S_IFREG | 0755; }
static void root_elsewhere(void) { L.super.root.offset = OFFSET_OF(a); }
static void root_odd_size(void) { L.super.root.size -= 2; }
static void root_too_long(void) { L.super.root.size = (1 << 24) - 4; }
static void root_cut(void) { L.super.root.size -= 4; }
static void device(void) { L.root[1].inode.mode = S_IFCHR | 0666; }
static void block_device(void) { L.root[1].inode.mode = S_IFBLK | 0666; }
static void fifo(void) { L.root[1].inode.mode = S_IFIFO | 0666; }
static void sock(void) { L.root[1].inode.mode = S_IFSOCK | 0666; }
static void no_type(void) { L.root[1].inode.mode = 0755; }
static void set_uid(void) { L.root[1].inode.mode |= S_ISUID; }
static void set_gid(void) { L.root[0].inode.mode |= S_ISGID; }
static void sticky(void) { L.root[0].inode.mode |= S_ISVTX; }
static void other_owner(void) { L.root[1].inode.uid = 1; }
static void other_group(void) { L.root[1].inode.gid = 1; }
static void no_name(void) { L.root[1].inode.namelen = 0; }
static void empty_name(void) { memset(L.root[1].name, 0, NAME_BYTES); }
static void long_name(void) { L.root[2].inode.namelen = 63; }
static void name_with_slash(void) { memcpy(L.root[1].name, "f/g", 3); }
static void name_with_nul(void) { memcpy(L.root[1].name, "f\0g", 3); }
static void name_dot(void) { memcpy(L.root[0].name, ".", 2); }
static void name_dots(void) { memcpy(L.root[0].name, "..", 3); }
static void name_twice(void) { memcpy(L.root[1].name, "a", 2); }
static void wrong_order(void) { memcpy(L.root[2].name, "e", 2); }
static void cycle(void) { L.a[0].inode.offset = OFFSET_OF(root); }
static void itself(void) { L.a[0].inode.offset = OFFSET_OF(a); }
static void folder_outside(void) { L.a[0].inode.offset = BYTES / 4; }
static void folder_odd(void) { L.a[0].inode.size = 6; }
static void table_outside(void) { L.root[1].inode.offset = (BYTES - 4) / 4; }
static void table_nowhere(void) { L.root[1].inode.offset = 0; }
static void huge_file(void) { L.root[1].inode.size = (1 << 24) - 1; }
static void block_outside(void) { L.file_table[0] = RAW(BYTES); }
static void block_half_outside(void) { L.file_table[0] = RAW(BYTES - 2048); }
static void block_far_outside(void) { L.file_table[0] = RAW(0xfffff000u); }
static void block_compressed(void) { L.file_table[0] &= ~UNCOMPRESSED; }
static void block_not_direct(void) { L.file_table[1] &= ~DIRECT; }
static void block_nowhere(void) { L.file_table[0] = RAW(0); }
static void link_absolute(void) { memcpy(L.link, "/ab", 3); }
static void link_up(void) { memcpy(L.link, "../", 3); }
static void link_empty(void) { L.root[2].inode.size = 0; }
static void link_with_nul(void) { memcpy(L.link, "a\0b", 3); }
static void link_long(void) { L.root[2].inode.size = BLOCK_BYTES; }
static void deep_too_far(void) { memcpy(L.deep, "../../..", 8), L.b[0].inode.size = 8; }
static void deep_down_and_up(void) { memcpy(L.deep, "x/../..", 7); }

static void (*const wrongs[])(void) = {
	bad_magic, bad_signature, size_less, size_more, no_version, no_pointers, holes, shifted_root,
	root_is_file, root_elsewhere, root_odd_size, root_too_long, root_cut, device, block_device,
	fifo, sock, no_type, set_uid, set_gid, sticky, other_owner, other_group, no_name, empty_name,
	long_name, name_with_slash, name_with_nul, name_dot, name_dots, name_twice, wrong_order,
	cycle, itself, folder_outside, folder_odd, table_outside, table_nowhere, huge_file,
	block_outside, block_half_outside, block_far_outside, block_compressed, block_not_direct,
	block_nowhere, link_absolute, link_up, link_empty, link_with_nul, link_long, deep_too_far,
	deep_down_and_up,
};

static void test_one_thing_wrong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
		make_image();
		wrongs[i]();
		if (check() != -EINVAL)
			fail_msg("wrong number %zu is not seen", i);
	}
}

static void test_too_small(void **state)
{
	(void)state;
	make_image();
	for (size_t bytes = 0; bytes < BYTES; bytes += bytes < 128 ? 1 : 1021)
		assert_int_equal(cramfs_check_image(&image, bytes), -EINVAL);
}

/* Folders in folders: as deep as allowed, and one more. */
static void make_deep(unsigned int depth)
{
	struct entry *entries = (struct entry *)(image.bytes + sizeof(struct cramfs_super));

	make_image();
	memset(image.bytes + sizeof(struct cramfs_super), 0, BYTES - sizeof(struct cramfs_super));
	image.layout.super.root.size = sizeof(*entries);
	for (unsigned int i = 0; i + 1 < depth; i++)
		entries[i] = make_entry("d", S_IFDIR | 0755, sizeof(*entries),
					(sizeof(struct cramfs_super) + (i + 1) * sizeof(*entries)) / 4);
	entries[depth - 1] = make_entry("e", S_IFREG | 0444, 0, 0);
}

static void test_depth(void **state)
{
	(void)state;
	make_deep(CRAMFS_CHECK_DEPTH_MAX);
	assert_int_equal(check(), 0);
	make_deep(CRAMFS_CHECK_DEPTH_MAX + 1);
	assert_int_equal(check(), -EINVAL);
}

/* Each folder has the next one twice: two to the fifteenth ways, which must not be walked. */
static void test_shared_folders_are_bounded(void **state)
{
	struct entry *entries = (struct entry *)(image.bytes + sizeof(struct cramfs_super));

	(void)state;
	make_image();
	memset(entries, 0, BYTES - sizeof(struct cramfs_super));
	image.layout.super.root.size = 2 * sizeof(*entries);
	for (uint32_t i = 0; i < CRAMFS_CHECK_DEPTH_MAX - 1; i++) {
		uint32_t next = (sizeof(struct cramfs_super) + 2 * (i + 1) * sizeof(*entries)) / 4;

		entries[2 * i] = make_entry("a", S_IFDIR | 0755, 2 * sizeof(*entries), next);
		entries[2 * i + 1] = make_entry("b", S_IFDIR | 0755, 2 * sizeof(*entries), next);
	}
	assert_int_equal(check(), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good_image),
		cmocka_unit_test(test_empty_root),
		cmocka_unit_test(test_one_thing_wrong),
		cmocka_unit_test(test_too_small),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_shared_folders_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
