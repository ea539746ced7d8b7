/* SPDX-License-Identifier: GPL-2.0-only */
/* What a filesystem should show after random changes, and the changes. */
#ifndef HOST_LITTLEFS_MODEL_H
#define HOST_LITTLEFS_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "fs.h"

#define MODEL_ENTRIES_MAX	96
#define MODEL_PATH_BYTES	200
#define MODEL_ATTR_BYTES	24
#define MODEL_FILE_BYTES	40000

struct model_entry {
	char path[MODEL_PATH_BYTES];	/* "" for what is not in use */
	bool is_dir;
	uint8_t *data;			/* owned, MODEL_FILE_BYTES of room; files only */
	uint32_t size;
	uint8_t attr[MODEL_ATTR_BYTES];
	uint32_t attr_bytes;		/* 0 for none */
};

struct model {
	struct model_entry entries[MODEL_ENTRIES_MAX];
};

enum model_kind {
	MODEL_CREATE,
	MODEL_MKDIR,
	MODEL_WRITE,
	MODEL_APPEND,
	MODEL_TRUNCATE,
	MODEL_REMOVE,
	MODEL_RENAME,
	MODEL_ATTR,
	MODEL_KINDS,
};

struct model_change {
	enum model_kind kind;
	char path[MODEL_PATH_BYTES], to[MODEL_PATH_BYTES];
	uint32_t position, size, seed;
};

/* A change that the model can make, from a stream of random numbers. */
struct model_change model_choose(const struct model *model, uint32_t *random, uint32_t max_bytes);

/* Makes the change in the model, or in the filesystem: 0 or -errno. */
void model_apply(struct model *model, const struct model_change *change);
int model_run(struct lfs_fs *fs, const struct model_change *change);

/* The manifest of the model, and that of a filesystem or NULL; the caller frees them. */
char *model_manifest(const struct model *model);
char *model_read(struct lfs_fs *fs);

void model_free(struct model *model);

#endif
