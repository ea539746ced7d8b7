// SPDX-License-Identifier: GPL-2.0-only
/* What a filesystem shows, a line each. */
#include "manifest.h"

#include <errno.h>
#include <mbedtls/sha256.h>
#include <stdlib.h>
#include <string.h>

#include "attr.h"
#include "dir.h"
#include "escape.h"
#include "file.h"

#define SHA256_BYTES	32
#define PIECE_BYTES	4096

struct line {
	char *path;		/* owned, escaped */
	char kind;		/* d, f or a */
	uint32_t type;		/* of an attribute */
	uint32_t size;
	uint8_t hash[SHA256_BYTES];
};

struct directory {
	char *path;		/* owned, escaped, without a slash at the end */
	uint32_t pair[2];
};

/* Directories that were found are a queue: the tree can be as deep as it likes. */
struct manifest {
	struct lfs_fs *fs;
	struct line *lines;
	size_t line_count, line_room;
	struct directory *queue;
	size_t queue_count, queue_room;
	uint8_t *is_directory;	/* a byte for each block */
	uint64_t bytes_left;	/* of contents: no block belongs to two files */
};

/* Room for one more of an array's elements; NULL without memory, and the array stays. */
static void *grow(void *array, size_t count, size_t *room, size_t size)
{
	void *grown;

	if (count < *room)
		return array;
	grown = reallocarray(array, *room ? *room * 2 : 64, size);
	if (grown)
		*room = *room ? *room * 2 : 64;
	return grown;
}

static struct line *add_line(struct manifest *m, char kind, const char *path)
{
	struct line *lines = grow(m->lines, m->line_count, &m->line_room, sizeof(*lines));
	struct line *line;

	if (!lines)
		return NULL;
	m->lines = lines;
	line = &lines[m->line_count];
	*line = (struct line){ .kind = kind, .path = strdup(path) };
	if (!line->path)
		return NULL;
	m->line_count++;
	return line;
}

static int add_directory(struct manifest *m, const char *path, const uint32_t pair[2])
{
	struct directory *queue = grow(m->queue, m->queue_count, &m->queue_room, sizeof(*queue));
	char *copy;

	/* A second way to a directory may be one to itself. */
	if (m->is_directory[pair[0]] || m->is_directory[pair[1]])
		return -EUCLEAN;
	m->is_directory[pair[0]] = m->is_directory[pair[1]] = 1;
	if (!queue)
		return -ENOMEM;
	m->queue = queue;
	copy = strdup(path);
	if (!copy)
		return -ENOMEM;
	queue[m->queue_count++] = (struct directory){ copy, { pair[0], pair[1] } };
	return 0;
}

static int hash_attr(struct manifest *m, const struct lfs_attr *attr, const char *path)
{
	struct line *line = add_line(m, 'a', path);
	uint8_t value[LFS_TAG_DATA_MAX];
	int result;

	if (!line)
		return -ENOMEM;
	line->type = attr->type;
	line->size = attr->bytes;
	result = lfs_read(m->fs, attr->block, attr->at, value, attr->bytes);
	if (!result)
		mbedtls_sha256_ret(value, attr->bytes, line->hash, 0);
	return result;
}

static int add_attrs(struct manifest *m, const uint32_t pair[2], uint32_t id, const char *path)
{
	struct lfs_attr_walk walk;
	struct lfs_attr attr;
	int more = 1;
	int result = lfs_attr_start(m->fs, pair, id, &walk);

	while (!result && (more = lfs_attr_next(m->fs, &walk, &attr)) == 1)
		result = hash_attr(m, &attr, path);
	return result ? result : more;
}

static int hash_file(struct lfs_fs *fs, const struct lfs_entry *entry, uint8_t *hash)
{
	uint8_t piece[PIECE_BYTES];
	mbedtls_sha256_context context;
	struct lfs_file file;
	uint32_t position = 0;
	int got = 0;

	lfs_file_open(fs, &file, entry, NULL, 0);
	mbedtls_sha256_init(&context);
	mbedtls_sha256_starts_ret(&context, 0);
	while ((got = lfs_file_read(fs, &file, position, piece, sizeof(piece))) > 0) {
		mbedtls_sha256_update_ret(&context, piece, (size_t)got);
		position += (uint32_t)got;
	}
	mbedtls_sha256_finish_ret(&context, hash);
	mbedtls_sha256_free(&context);
	lfs_file_close(fs, &file);
	return got;
}

static int add_entry(struct manifest *m, const struct lfs_entry *entry, const char *path)
{
	struct line *line = add_line(m, entry->is_dir ? 'd' : 'f', path);
	int result = -ENOMEM;

	if (!line)
		return -ENOMEM;
	line->size = entry->ctz.size;
	if (entry->is_dir)
		result = add_directory(m, path, entry->child);
	else if (entry->ctz.size > m->bytes_left)
		result = -EUCLEAN;
	else
		result = hash_file(m->fs, entry, line->hash);
	if (!entry->is_dir)
		m->bytes_left -= entry->ctz.size;
	return result ? result : add_attrs(m, entry->pair, entry->id, path);
}

/* Returns the path of an entry, which the caller frees, or NULL. */
static int make_path(struct manifest *m, const char *parent, const struct lfs_entry *entry,
		     char **path)
{
	uint8_t name[LFS_NAME_MAX_BYTES];
	char text[ESCAPE_CHARS * LFS_NAME_MAX_BYTES + 1];
	int result = lfs_read(m->fs, entry->name_block, entry->name_at, name, entry->name_bytes);

	if (result)
		return result;
	escape(name, entry->name_bytes, text);
	return asprintf(path, "%s/%s", parent, text) < 0 ? -ENOMEM : 0;
}

static int read_directory(struct manifest *m, size_t index)
{
	const char *parent = m->queue[index].path;
	struct lfs_dir dir = lfs_dir_make(m->fs, m->queue[index].pair);
	struct lfs_entry entry;
	int more, result;

	while ((more = lfs_dir_next(m->fs, &dir, &entry)) == 1) {
		char *path = NULL;

		result = make_path(m, parent, &entry, &path);
		if (!result)
			result = add_entry(m, &entry, path);
		free(path);
		if (result)
			return result;
	}
	return more;
}

static int compare_lines(const void *left, const void *right)
{
	const struct line *a = left, *b = right;
	int order = strcmp(a->path, b->path);

	if (order)
		return order;
	if (a->kind != b->kind)
		return a->kind == 'a' ? 1 : -1;
	return a->type < b->type ? -1 : a->type > b->type;
}

static void print_line(const struct line *line, FILE *out)
{
	if (line->kind == 'a')
		fprintf(out, "a %02x:%u ", line->type, line->size);
	else if (line->kind == 'f')
		fprintf(out, "f %u ", line->size);
	else
		fprintf(out, "d - -");
	for (int i = 0; line->kind != 'd' && i < SHA256_BYTES; i++)
		fprintf(out, "%02x", line->hash[i]);
	fprintf(out, " %s\n", line->path);
}

static int collect(struct manifest *m)
{
	int result = add_line(m, 'd', "/") ? 0 : -ENOMEM;

	if (!result)
		result = add_attrs(m, m->fs->root, 0, "/");
	if (!result)
		result = add_directory(m, "", m->fs->root);
	for (size_t i = 0; !result && i < m->queue_count; i++)
		result = read_directory(m, i);
	return result;
}

int manifest_print(struct lfs_fs *fs, FILE *out)
{
	struct manifest m = {
		.fs = fs,
		.bytes_left = (uint64_t)fs->block_count * fs->device->block_bytes,
	};
	int result = -ENOMEM;
	size_t i;

	m.is_directory = calloc(1, fs->block_count);
	if (m.is_directory)
		result = collect(&m);
	if (!result)
		qsort(m.lines, m.line_count, sizeof(*m.lines), compare_lines);
	for (i = 0; !result && out && i < m.line_count; i++)
		print_line(&m.lines[i], out);
	for (i = 0; i < m.line_count; i++)
		free(m.lines[i].path);
	for (i = 0; i < m.queue_count; i++)
		free(m.queue[i].path);
	free(m.lines);
	free(m.queue);
	free(m.is_directory);
	return result;
}
