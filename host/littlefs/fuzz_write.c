// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of any image, or of a filesystem that is made here, on a device that has bad blocks and
 * loses its power where the input says so.
 *
 * What is programmed on a medium that was damaged before may be wrong; memory is not.  What was made
 * here has to stay sound: it can be mounted and read after each cut, a mount shows what was shown
 * before it, and nothing is programmed that is not blank.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"
#include "flash.h"
#include "fuzz_change.h"
#include "make.h"
#include "manifest.h"
#include "mount.h"
#include "packed.h"
#include "quota.h"
#include "recover.h"

#define CHANGES_MAX	32
#define POWER_CUTS_MAX	4

/* The begin of an input, before the changes. */
enum {
	AT_FLAGS,
	AT_DEVICE,	/* program unit, kind of the cuts, what the second block does that fails */
	AT_CONFIG,	/* how much is inline, when pairs move, how full they get */
	AT_CUT_LOW,	/* the operation in which the power fails, each time; 0 for never */
	AT_CUT_HIGH,
	AT_BAD,		/* two blocks that fail; the first ones never do */
	AT_COUNT = AT_BAD + 2,
	HEADER_BYTES,
};

#define FLAG_MADE	0x01
#define FLAG_VERSION_20	0x02
#define FLAG_QUOTA	0x04
#define FLAG_ENFORCED	0x08

struct machine {
	const uint8_t *header;
	struct packed packed;
	struct flash flash;
	struct lfs_fs fs;
	struct lfs_quota quota;
	struct fuzz_held held;
	uint8_t faults[PACKED_BLOCKS_MAX];
	uint32_t power_cuts;
	bool must_be_sound;
};

static uint8_t buffer[FUZZ_BUFFER_BYTES];

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(const struct machine *m, bool holds, const char *what)
{
	if (!m->must_be_sound || holds)
		return;
	fprintf(stderr, "fuzz_write: %s\n", what);
	abort();
}

static uint32_t program_bytes(const struct machine *m)
{
	static const uint32_t units[] = { 1, 1, 4, 16 };

	return units[m->header[AT_DEVICE] % 4];
}

static void power_on(struct machine *m)
{
	const uint8_t *h = m->header;

	must(m, !m->flash.dirty_programs, "programmed what was not blank");
	flash_init(&m->flash, m->packed.image, m->packed.size, m->packed.block_bytes,
		   program_bytes(m));
	m->flash.faults = m->faults;
	m->flash.cut = (enum flash_cut)(h[AT_DEVICE] / 4 % 3);
	m->flash.noise = h[AT_DEVICE] + m->power_cuts;
	if (m->power_cuts < POWER_CUTS_MAX)
		m->flash.cut_at = h[AT_CUT_LOW] | (uint32_t)h[AT_CUT_HIGH] << 8;
}

static int start(struct machine *m)
{
	const uint8_t config = m->header[AT_CONFIG], flags = m->header[AT_FLAGS];
	const uint32_t half = m->packed.block_bytes / 2;
	const struct lfs_config how = {
		.buffer = buffer,
		.buffer_bytes = config & 0x80 ? 64 : sizeof(buffer),
		.inline_max = config % 4 * 70,
		.wear_cycles = config / 4 % 4,
		.metadata_max = config & 0x40 && half >= LFS_BLOCK_MIN_BYTES ? half : 0,
	};
	int result;

	m->held = (struct fuzz_held){ 0 };
	power_on(m);
	result = lfs_mount(&m->fs, &m->flash.device);
	must(m, !result, "cannot be mounted");
	if (result)
		return result;
	lfs_quota_init(&m->quota, flags & FLAG_ENFORCED, 0);
	m->fs.quota = flags & FLAG_QUOTA ? &m->quota : NULL;
	return lfs_start_writing(&m->fs, &how);
}

static char *show(struct machine *m)
{
	char *text = NULL;
	size_t bytes = 0;
	FILE *file = open_memstream(&text, &bytes);
	int result;

	if (!file)
		abort();
	result = manifest_print(&m->fs, file);
	fclose(file);
	must(m, !result, "cannot be read");
	return text;
}

/* Without open files each block that is in use is charged. */
static void check_charged(struct machine *m)
{
	uint32_t used = 0, charged = 0;

	if (!m->must_be_sound || !m->fs.quota || m->fs.is_broken || m->fs.has_orphans ||
	    !m->fs.is_recovered || !m->quota.is_counted)
		return;
	for (uint32_t i = 0; i < m->quota.count; i++)
		charged += m->quota.accounts[i].used;
	must(m, !lfs_count_used(&m->fs, &used), "cannot be counted");
	must(m, used == charged, "charged is not what is used");
}

/* A mount shows what was there before. */
static int mount_again(struct machine *m)
{
	char *before, *after;
	bool is_known;
	int result;

	fuzz_close(&m->fs, &m->held);
	check_charged(m);
	/* A change that ended half-way is done or not. */
	is_known = !m->fs.is_broken;
	before = show(m);
	result = start(m);
	after = result ? NULL : show(m);
	must(m, !is_known || !after || !strcmp(before, after), "shows something else after a mount");
	free(before);
	free(after);
	return result;
}

static int make(struct machine *m)
{
	const struct lfs_limits limits = {
		.version = m->header[AT_FLAGS] & FLAG_VERSION_20 ? LFS_VERSION_2_0 :
								   LFS_VERSION_2_1,
		.block_count = (uint32_t)(m->packed.size / m->packed.block_bytes),
		.name_max = 255,
		.file_max = LFS_FILE_LIMIT_BYTES,
		.attr_max = LFS_ATTR_LIMIT_BYTES,
	};

	power_on(m);
	m->flash.cut_at = 0;
	return lfs_make(&m->fs, &m->flash.device, &limits, buffer, sizeof(buffer));
}

static void change_all(struct machine *m, const uint8_t *choices, size_t count)
{
	if (m->header[AT_FLAGS] & FLAG_MADE) {
		if (make(m))
			return;
		m->must_be_sound = true;
	}
	if (start(m))
		return;
	for (size_t i = 0; i < count; i++) {
		const uint8_t *choice = choices + i * FUZZ_CHANGE_BYTES;
		int result = 0;

		if (choice[0] == 0xff)
			result = mount_again(m);
		else
			fuzz_change(&m->fs, &m->held, choice);
		if (m->flash.is_off) {
			m->power_cuts++;
			result = start(m);
		}
		if (result)
			return;
	}
	mount_again(m);
}

static void run(const uint8_t *data, size_t size, bool mends)
{
	/* Those that say so: what others leave nobody can make sound. */
	static const uint8_t faults[] = { FLASH_FAULT_ERROR, FLASH_FAULT_PROGRAM_ERROR,
					  FLASH_FAULT_PROGRAM_LATE, FLASH_FAULT_ERASE_ERROR };
	static struct machine m;
	size_t count = data[AT_COUNT] % (CHANGES_MAX + 1);
	size_t blocks;

	m = (struct machine){ .header = data };
	data += HEADER_BYTES;
	size -= HEADER_BYTES;
	if (count > size / FUZZ_CHANGE_BYTES)
		count = size / FUZZ_CHANGE_BYTES;
	if (packed_open(data + count * FUZZ_CHANGE_BYTES, size - count * FUZZ_CHANGE_BYTES,
			&m.packed))
		abort();
	if (mends)
		packed_mend(&m.packed);
	blocks = m.packed.size / m.packed.block_bytes;
	for (size_t i = 0; i < 2; i++) {
		size_t block = m.header[AT_BAD + i] % blocks;

		if (block > 1)
			m.faults[block] = i ? faults[m.header[AT_DEVICE] / 16 % 4] :
					      FLASH_FAULT_ERROR;
	}
	change_all(&m, data, count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < HEADER_BYTES)
		return 0;
	run(data, size, false);
	if (!(data[AT_FLAGS] & FLAG_MADE))
		run(data, size, true);
	return 0;
}
