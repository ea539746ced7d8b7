/* SPDX-License-Identifier: GPL-2.0-only */
/* Named changes of a filesystem, each of which is cut everywhere. */
#ifndef HOST_LITTLEFS_SCENARIO_H
#define HOST_LITTLEFS_SCENARIO_H

#include <stddef.h>
#include <stdint.h>

#include "fs.h"

enum step_kind {
	STEP_NONE,		/* the end of the steps */
	STEP_CREATE,
	STEP_MKDIR,
	STEP_WRITE,
	STEP_APPEND,
	STEP_TRUNCATE,
	STEP_RENAME,
	STEP_REMOVE,
	STEP_ATTR,		/* of type @position; of no bytes: taken away */
	STEP_OWNER,		/* to @uid */
	STEP_MANY,		/* @position files of @size bytes in a directory */
	STEP_FILL,		/* a file, until there is no room */
	STEP_STUFF,		/* files of a block, until there is none */
};

/* Owners with a limit, and one without. */
enum { SCENARIO_APP = 1000, SCENARIO_OTHER, SCENARIO_STRANGER };

/*
 * One change; what it may leave after a cut is the state before it or the one behind it.  Sizes are
 * bytes, and quarters of a block.
 */
struct step {
	enum step_kind kind;
	const char *path, *to;
	uint32_t position, position_quarters;
	uint32_t size, size_quarters;
	int result;		/* what it has to return */
	uint32_t uid;		/* of what is made, 0 for one that is not recorded */
};

#define STEPS_MAX	12
#define WORN_MAX	3

/**
 * struct scenario - steps that are cut
 * @setup: what is made before, behind what all scenarios have
 * @run: the steps; the states between them are the only ones between old and new
 * @metadata_max: for fs->metadata_max, 0 for that of the geometry
 * @wear_cycles: for fs->wear_cycles
 * @worn: directories; the block that their pairs are compacted to next fails
 * @app_blocks, @other_blocks: what SCENARIO_APP and SCENARIO_OTHER may have; 0 for no quotas
 */
struct scenario {
	const char *name;
	struct step setup[STEPS_MAX], run[STEPS_MAX];
	uint32_t metadata_max, wear_cycles;
	const char *worn[WORN_MAX];
	uint32_t app_blocks, other_blocks;
};

extern const struct scenario scenarios[];
extern const size_t scenario_count;

/* Files and directories that each scenario begins with. */
extern const struct step scenario_base[];

/* Makes a step.  Returns what the core does. */
int step_run(struct lfs_fs *fs, const struct step *step);

#endif
