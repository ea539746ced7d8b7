/* SPDX-License-Identifier: Apache-2.0 */
/* Bringing the programs to a folder, in the way that the plan of a boot names. */
#ifndef PEERS_PROVIDE_H
#define PEERS_PROVIDE_H

/* "-" stands for no options and for the read-ahead that the kernel chooses. */
struct provide_plan {
	char type[16];		/* of the filesystem; "copy": files of cramfs copied to tmpfs */
	char source[32];	/* mtd:apps, or PROVIDE_NODE for its block device */
	char options[64];
	char read_ahead_kib[8];
};

#define PROVIDE_NODE	"/dev/apps"

/* Reads the plan and makes what it needs that is not what is measured: nodes, read-ahead. */
int provide_prepare(const char *path, struct provide_plan *plan);

/* Mounts or copies to @folder.  0, or -1 with errno. */
int provide_programs(const struct provide_plan *plan, const char *folder);

#endif
