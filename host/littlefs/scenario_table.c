// SPDX-License-Identifier: GPL-2.0-only
/* Named changes of a filesystem: what they begin with, and their steps. */
#include "scenario.h"

#include <errno.h>

const struct step scenario_base[] = {
	{ STEP_MKDIR, .path = "d" },
	{ STEP_CREATE, .path = "keep" },
	{ STEP_WRITE, "keep", .size = 50 },
	{ STEP_ATTR, "keep", .position = 0x30, .size = 8 },
	{ STEP_CREATE, .path = "big" },
	{ STEP_WRITE, "big", .size_quarters = 5 },
	{ STEP_NONE },
};

const struct scenario scenarios[] = {
	{
		.name = "create",
		.run = { { STEP_CREATE, .path = "a" }, { STEP_CREATE, .path = "d/a" } },
	}, {
		.name = "write inline",
		.setup = { { STEP_CREATE, .path = "a" } },
		.run = { { STEP_WRITE, "a", .size = 100 },
			 { STEP_WRITE, "a", .position = 20, .size = 30 } },
	}, {
		.name = "write blocks",
		.setup = { { STEP_CREATE, .path = "d/a" } },
		.run = { { STEP_WRITE, "d/a", .size_quarters = 6 } },
	}, {
		.name = "overwrite",
		.run = { { STEP_WRITE, "big", .position_quarters = 3, .size_quarters = 1 },
			 { STEP_WRITE, "big", .size = 60 } },
	}, {
		.name = "append",
		.run = { { STEP_APPEND, "big", .size = 100 }, { STEP_APPEND, "big", .size = 64 },
			 { STEP_APPEND, "big", .size_quarters = 4 }, { STEP_APPEND, "keep", .size = 7 } },
	}, {
		.name = "write behind the end",
		.run = { { STEP_WRITE, "big", .position_quarters = 6, .size = 10 } },
	}, {
		.name = "truncate",
		.run = { { STEP_TRUNCATE, "big", .size_quarters = 7 },
			 { STEP_TRUNCATE, "big", .size_quarters = 3 },
			 { STEP_TRUNCATE, "big", .size = 30 },
			 { STEP_TRUNCATE, "keep", .size = 300 },
			 { STEP_TRUNCATE, .path = "keep" } },
	}, {
		.name = "rename",
		.run = { { STEP_RENAME, "keep", "other" }, { STEP_RENAME, "d", "zz" },
			 { STEP_RENAME, "other", "a" } },
	}, {
		.name = "rename over a file",
		.setup = { { STEP_CREATE, .path = "b" }, { STEP_WRITE, "b", .size_quarters = 2 },
			   { STEP_CREATE, .path = "c" }, { STEP_ATTR, "c", .position = 0x30, .size = 20 } },
		.run = { { STEP_RENAME, "keep", "b" }, { STEP_RENAME, "big", "c" } },
	}, {
		.name = "rename over a directory elsewhere",
		.setup = { { STEP_MKDIR, .path = "e" }, { STEP_CREATE, .path = "e/x" }, { STEP_MKDIR, .path = "d/f" } },
		.run = { { STEP_RENAME, "e", "d/f" }, { STEP_REMOVE, .path = "d/f/x" },
			 { STEP_RENAME, "d/f", "d", .result = -ENOTEMPTY } },
	}, {
		.name = "rename over a directory beside it",
		.setup = { { STEP_MKDIR, .path = "e" }, { STEP_CREATE, .path = "e/x" } },
		.run = { { STEP_RENAME, "e", "d" } },
	}, {
		.name = "rename across directories",
		.setup = { { STEP_CREATE, .path = "d/x" }, { STEP_WRITE, "d/x", .size = 90 },
			   { STEP_MKDIR, .path = "e" }, { STEP_CREATE, .path = "e/y" } },
		.run = { { STEP_RENAME, "keep", "d/k" }, { STEP_RENAME, "big", "d/x" },
			 { STEP_RENAME, "e", "d/e" }, { STEP_RENAME, "d/k", "a" } },
	}, {
		.name = "remove",
		.setup = { { STEP_CREATE, .path = "d/x" }, { STEP_WRITE, "d/x", .size_quarters = 1 } },
		.run = { { STEP_REMOVE, .path = "keep" }, { STEP_REMOVE, .path = "big" }, { STEP_REMOVE, .path = "d/x" } },
	}, {
		.name = "mkdir",
		.run = { { STEP_MKDIR, .path = "d/e" }, { STEP_MKDIR, .path = "a" } },
	}, {
		.name = "rmdir",
		.setup = { { STEP_MKDIR, .path = "e" }, { STEP_MKDIR, .path = "e/f" } },
		.run = { { STEP_REMOVE, .path = "e/f" }, { STEP_REMOVE, .path = "d" }, { STEP_REMOVE, .path = "e" } },
	}, {
		.name = "split of a directory",
		.metadata_max = 1024,
		.setup = { { STEP_MANY, "d", .position = 5, .size = 60 } },
		.run = { { STEP_CREATE, .path = "d/a" }, { STEP_WRITE, "d/a", .size = 90 },
			 { STEP_CREATE, .path = "d/b" }, { STEP_WRITE, "d/b", .size = 90 },
			 { STEP_CREATE, .path = "d/c" }, { STEP_WRITE, "d/c", .size = 90 } },
	}, {
		.name = "mkdir in a split directory",
		.metadata_max = 1024,
		.setup = { { STEP_MANY, "d", .position = 9, .size = 60 } },
		.run = { { STEP_MKDIR, .path = "d/a" }, { STEP_REMOVE, .path = "d/a" } },
	}, {
		.name = "a split directory shrinks",
		.metadata_max = 1024,
		.setup = { { STEP_MANY, "d", .position = 9, .size = 60 } },
		.run = { { STEP_REMOVE, .path = "d/m8" }, { STEP_REMOVE, .path = "d/m7" }, { STEP_REMOVE, .path = "d/m6" },
			 { STEP_REMOVE, .path = "d/m5" }, { STEP_RENAME, "d/m4", "m" },
			 { STEP_RENAME, "d/m3", "n" } },
	}, {
		.name = "wear moves a pair",
		.wear_cycles = 1,
		.setup = { { STEP_MKDIR, .path = "d/e" }, { STEP_CREATE, .path = "d/e/x" } },
		.run = { { STEP_ATTR, "d/e/x", .position = 0x31, .size = 5 },
			 { STEP_CREATE, .path = "d/y" }, { STEP_ATTR, "d/e/x", .position = 0x31 } },
	}, {
		.name = "wear moves the root",
		.wear_cycles = 1,
		.run = { { STEP_CREATE, .path = "a" }, { STEP_REMOVE, .path = "keep" } },
	}, {
		.name = "rename between pairs that move",
		.wear_cycles = 1,
		.setup = { { STEP_MKDIR, .path = "e" }, { STEP_CREATE, .path = "d/x" }, { STEP_CREATE, .path = "e/y" } },
		.run = { { STEP_RENAME, "d/x", "e/y" }, { STEP_RENAME, "e", "d/e" } },
	}, {
		.name = "worn block",
		.setup = { { STEP_CREATE, .path = "d/x" } },
		.worn = { "d" },
		.run = { { STEP_ATTR, "d/x", .position = 0x31, .size = 5 }, { STEP_REMOVE, .path = "d/x" } },
	}, {
		.name = "worn blocks of a directory and its parent",
		.setup = { { STEP_MKDIR, .path = "d/e" }, { STEP_MKDIR, .path = "d/e/f" }, { STEP_CREATE, .path = "d/e/f/x" } },
		.worn = { "d/e/f", "d/e", "d" },
		.run = { { STEP_ATTR, "d/e/f/x", .position = 0x31, .size = 5 },
			 { STEP_RENAME, "d/e/f/x", "d/x" } },
	}, {
		.name = "rmdir beside a worn block",
		.setup = { { STEP_MKDIR, .path = "d/e" }, { STEP_MKDIR, .path = "d/f" } },
		.worn = { "d", "d/e" },
		.run = { { STEP_REMOVE, .path = "d/f" }, { STEP_REMOVE, .path = "d/e" } },
	}, {
		.name = "out of space",
		.setup = { { STEP_CREATE, .path = "d/x" }, { STEP_CREATE, .path = "fill" }, { STEP_FILL, .path = "fill" },
			   { STEP_STUFF, .path = "s" } },
		.run = { { STEP_WRITE, "d/x", .size_quarters = 6, .result = -ENOSPC },
			 { STEP_MKDIR, "e", .result = -ENOSPC },
			 { STEP_ATTR, "keep", .position = 0x31, .size = 5 },
			 { STEP_RENAME, "d/x", "x" }, { STEP_REMOVE, .path = "big" },
			 { STEP_WRITE, "x", .size_quarters = 4 } },
	}, {
		.name = "owner record",
		.app_blocks = 4, .other_blocks = 3,
		.run = { { STEP_OWNER, "keep", .uid = SCENARIO_APP },
			 { STEP_OWNER, "big", .uid = SCENARIO_APP },
			 { STEP_OWNER, "d", .uid = SCENARIO_OTHER },
			 { STEP_OWNER, "big", .uid = SCENARIO_OTHER, .result = -EDQUOT },
			 { STEP_OWNER, "big", .uid = SCENARIO_STRANGER, .result = -EDQUOT },
			 { STEP_OWNER, "", .uid = 0 }, { STEP_OWNER, "big", .uid = 0 },
			 { STEP_ATTR, "keep", .position = 0x30 } },
	}, {
		.name = "changes of a limited owner",
		.app_blocks = 4, .other_blocks = 3,
		.setup = { { STEP_MKDIR, "app", .uid = SCENARIO_APP } },
		.run = { { STEP_CREATE, "app/f", .uid = SCENARIO_APP },
			 { STEP_WRITE, "app/f", .size_quarters = 6 },
			 { STEP_APPEND, "app/f", .size_quarters = 4, .result = -EDQUOT },
			 { STEP_MKDIR, "app/e", .uid = SCENARIO_APP, .result = -EDQUOT },
			 { STEP_MKDIR, "app/e", .uid = SCENARIO_OTHER },
			 { STEP_REMOVE, "app/f" },
			 { STEP_MKDIR, "app/g", .uid = SCENARIO_APP },
			 { STEP_REMOVE, "app/e" } },
	}, {
		.name = "directory of a limited owner splits",
		.app_blocks = 4, .other_blocks = 3, .metadata_max = 1024,
		.setup = { { STEP_OWNER, "d", .uid = SCENARIO_APP },
			   { STEP_MANY, "d", .position = 4, .size = 60, .uid = SCENARIO_APP } },
		.run = { { STEP_CREATE, "d/a", .uid = SCENARIO_APP }, { STEP_WRITE, "d/a", .size = 90 },
			 { STEP_CREATE, "d/b", .uid = SCENARIO_APP }, { STEP_WRITE, "d/b", .size = 90 },
			 { STEP_REMOVE, "d/m0" }, { STEP_REMOVE, "d/m1" } },
	},
};

const size_t scenario_count = sizeof(scenarios) / sizeof(scenarios[0]);
