// SPDX-License-Identifier: GPL-2.0-only
/* When the contents of a file changed. */

#include <linux/errno.h>
#include <linux/unaligned.h>

#include "attr.h"
#include "mtime.h"

/* Of four bytes: signed, as time_t is. */
#define SHORT_BYTES	4

void lfs_mtime_encode(s64 seconds, u8 stored[LFS_MTIME_BYTES])
{
	put_unaligned_le64(seconds, stored);
}

int lfs_mtime_load(struct lfs_fs *fs, const u32 pair[2], u32 id, s64 *seconds)
{
	u8 stored[LFS_MTIME_BYTES];
	int bytes = lfs_attr_read(fs, pair, id, LFS_ATTR_MTIME, stored,
				  sizeof(stored));

	*seconds = 0;
	if (bytes == LFS_MTIME_BYTES)
		*seconds = get_unaligned_le64(stored);
	else if (bytes == SHORT_BYTES)
		*seconds = (s32)get_unaligned_le32(stored);
	return bytes < 0 && bytes != -ENODATA ? bytes : 0;
}

int lfs_mtime_set(struct lfs_fs *fs, const u32 pair[2], u32 id, s64 seconds)
{
	u8 stored[LFS_MTIME_BYTES];

	lfs_mtime_encode(seconds, stored);
	return lfs_attr_set(fs, pair, id, LFS_ATTR_MTIME, stored,
			    sizeof(stored));
}
