// SPDX-License-Identifier: Apache-2.0
/* The reader against the writer, and against damaged bodies.  pack_test.py reads independently. */
#include <elf.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <cmocka.h>

#include "abi/bytes.h"
#include "host/sph/cramfs.h"

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* A program that can be loaded, so that it is mapped, and behind its headers any bytes. */
static struct {
	Elf32_Ehdr header;
	Elf32_Phdr load;
	uint8_t text[5000 - sizeof(Elf32_Ehdr) - sizeof(Elf32_Phdr)];
} program = {
	.header = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS32, ELFDATA2LSB },
		    .e_phoff = sizeof(Elf32_Ehdr),
		    .e_phentsize = sizeof(Elf32_Phdr),
		    .e_phnum = 1 },
	.load = { .p_type = PT_LOAD },
};

static struct tree_node nodes[] = {
	{ .path = "", .name = "", .first_child = 1, .child_count = 4 },
	{ .path = "a", .name = "a", .kind = TREE_FILE, .executable = true },
	{ .path = "bbbbb", .name = "bbbbb", .kind = TREE_FILE },
	{ .path = "d", .name = "d", .first_child = 5, .child_count = 1 },
	{ .path = "e", .name = "e", .kind = TREE_FILE },
	{ .path = "d/f", .name = "f", .kind = TREE_FILE, .parent = 3 },
};
static const struct tree tree = { nodes, ARRAY_SIZE(nodes), ARRAY_SIZE(nodes) };

static struct bytes make(void)
{
	static struct complaint complaint;
	struct bytes body;

	memset(program.text, 'x', sizeof(program.text));
	nodes[1].data = (uint8_t *)&program; /* mapped */
	nodes[1].size = sizeof(program);
	nodes[2].data = (uint8_t *)&program; /* the same: shares the pages */
	nodes[2].size = sizeof(program);
	nodes[5].data = program.text;
	nodes[5].size = 4099; /* packed */
	assert_int_equal(cramfs_write(&tree, "test", &body, &complaint), 0);
	return body;
}

static void test_round_trip(void **state)
{
	struct cramfs_entry e[ARRAY_SIZE(nodes)];
	struct cramfs_walk walk;
	struct bytes body = make();
	size_t count = 1;

	(void)state;
	assert_int_equal(body.length, 4 * 4096);
	assert_int_equal(cramfs_crc(body.data, body.length),
			 get_le32(body.data + CRAMFS_SUPER_CRC));
	assert_int_equal(
		cramfs_walk_start(&walk, body.data, body.length, &e[0]), 0);
	while (cramfs_walk_next(&walk, &e[count]) > 0)
		count++;
	assert_int_equal(count, ARRAY_SIZE(nodes));
	/* Depth first: a, bbbbb, d, d/f, e */
	assert_int_equal(e[1].layout, CRAMFS_LAYOUT_MAPPED);
	assert_int_equal(e[1].mode, S_IFREG | 0555);
	assert_int_equal(e[2].mode, S_IFREG | 0444);
	assert_int_equal(e[2].data, e[1].data);
	/* Shared block pointers would be one inode, with one mode, to the kernel. */
	assert_int_not_equal(e[2].offset, e[1].offset);
	assert_int_equal(e[4].layout, CRAMFS_LAYOUT_PACKED);
	assert_int_equal(e[4].depth, 2);
	assert_memory_equal(body.data + e[4].data, program.text, 4099);
	assert_int_equal(e[5].size, 0);
	free(body.data);
}

/* The result of a walk over @body with the word at @offset replaced. */
static int walk_damaged(size_t offset, uint32_t word, size_t length)
{
	struct cramfs_entry entry;
	struct cramfs_walk walk;
	struct bytes body = make();
	uint8_t *cut = malloc(length);
	int result;

	assert_non_null(cut);
	put_le32(body.data + offset, word);
	memcpy(cut, body.data, length);
	result = cramfs_walk_start(&walk, cut, length, &entry);
	while (!result && (result = cramfs_walk_next(&walk, &entry)) > 0)
		result = 0;
	free(cut);
	free(body.data);
	return result;
}

static void test_damaged(void **state)
{
	/* d is the third entry: 76 + (12 + 4) + (12 + 8) */
	const size_t d = 112;

	(void)state;
	assert_int_equal(walk_damaged(12, 0, 16384), 0);
	assert_int_equal(walk_damaged(0, 0, 16384), -E_IMAGE_FILESYSTEM);
	assert_int_equal(walk_damaged(16, 0, 16384), -E_IMAGE_FILESYSTEM);
	assert_int_equal(walk_damaged(64, 0, 16384), -E_IMAGE_FILESYSTEM);
	/* root: children outside; size no multiple of entries */
	assert_int_equal(walk_damaged(72, 0xffffffc0, 16384),
			 -E_IMAGE_FILESYSTEM);
	assert_int_equal(walk_damaged(68, 13, 16384), -E_IMAGE_FILESYSTEM);
	/* d contains itself */
	assert_int_equal(walk_damaged(d + 8, 1 | (uint32_t)d / 4 << 6, 16384),
			 -E_IMAGE_FILESYSTEM);
	/* block pointers of a outside */
	assert_int_equal(walk_damaged(76 + 8, 1 | 4095u << 6, 16384),
			 -E_IMAGE_FILESYSTEM);
	assert_int_equal(walk_damaged(12, 0, 100), -E_IMAGE_FILESYSTEM);
	assert_int_equal(walk_damaged(12, 0, 75), -E_IMAGE_FILESYSTEM);
}

static int copy(void *context, uint32_t offset, void *buffer, uint32_t bytes)
{
	memcpy(buffer, (const uint8_t *)context + offset, bytes);
	return 0;
}

static int refuse(void *context, uint32_t offset, void *buffer, uint32_t bytes)
{
	(void)context;
	(void)offset;
	(void)buffer;
	(void)bytes;
	return -EIO;
}

static void test_find(void **state)
{
	struct bytes body = make();
	const struct cramfs_source source = { (uint32_t)body.length, copy, body.data };
	const struct cramfs_source broken = { (uint32_t)body.length, refuse, NULL };
	uint32_t offset, size;

	(void)state;
	assert_int_equal(cramfs_find_file(&source, "bbbbb", &offset, &size), 0);
	assert_int_equal(size, sizeof(program));
	assert_memory_equal(body.data + offset, &program, sizeof(program));
	assert_int_equal(cramfs_find_file(&source, "e", &offset, &size), 0);
	assert_int_equal(size, 0);
	assert_int_equal(cramfs_find_file(&source, "d", &offset, &size), -E_IMAGE_FILESYSTEM);
	assert_int_equal(cramfs_find_file(&source, "f", &offset, &size), -ENOENT);
	assert_int_equal(cramfs_find_file(&source, "bbbb", &offset, &size), -ENOENT);
	assert_int_equal(cramfs_find_file(&source, "bbbbbb", &offset, &size), -ENOENT);
	assert_int_equal(cramfs_find_file(&broken, "e", &offset, &size), -EIO);
	free(body.data);
}

/* What is found in a body with one word changed; the body ends where the sanitizer's guard begins. */
static int find_damaged(size_t at, uint32_t word)
{
	struct bytes body = make();
	struct cramfs_source source = { (uint32_t)body.length, copy, body.data };
	uint32_t offset = 0, size = 0;
	int err;

	put_le32(body.data + at, word);
	err = cramfs_find_file(&source, "bbbbb", &offset, &size);
	if (!err)
		assert_true(offset <= body.length && size <= body.length - offset);
	free(body.data);
	return err;
}

static void test_find_damaged(void **state)
{
	static const uint32_t words[] = { 0, 1, 0x41, 0x7fffffff, 0x80000000, 0xffffffff, 0xffffffc1 };

	(void)state;
	assert_int_equal(find_damaged(12, 0), 0);
	assert_int_equal(find_damaged(0, 0), -E_IMAGE_FILESYSTEM);
	assert_int_equal(find_damaged(16, 0), -E_IMAGE_FILESYSTEM);
	assert_int_equal(find_damaged(64, 0), -E_IMAGE_FILESYSTEM);
	/* a without a name; bbbbb's block pointers outside */
	assert_int_equal(find_damaged(76 + 8, 0), -E_IMAGE_FILESYSTEM);
	assert_int_equal(find_damaged(76 + 16 + 8, 2 | 0xffffffc0), -E_IMAGE_FILESYSTEM);
	for (size_t at = 0; at < 256; at += 4)
		for (size_t i = 0; i < ARRAY_SIZE(words); i++)
			find_damaged(at, words[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_find_damaged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
