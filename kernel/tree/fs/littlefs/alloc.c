// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding free blocks.
 *
 * A window goes around the device: what it tells was true when it was made, and
 * blocks only become free since. Blocks that an operation was given before it
 * refers to them are behind the window, which must not reach them again: for
 * one that is made then, they look free. It ends where the budget does.
 *
 * What an old window calls used may be free by now. An operation that finds
 * nothing in the rest of it is to look at those blocks again.
 */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "alloc.h"
#include "traverse.h"

void lfs_alloc_start(struct lfs_fs *fs)
{
	fs->window.budget = fs->block_count;
	fs->window.is_old = true;
}

static int mark_used(void *context, u32 block)
{
	struct lfs_fs *fs = context;
	struct lfs_window *window = &fs->window;
	u32 index = (block + fs->block_count - window->start) % fs->block_count;

	if (index < window->count)
		window->used[index / 8] |= 1u << index % 8;
	return 0;
}

static int make_window(struct lfs_fs *fs, u32 start, u32 count)
{
	struct lfs_window *window = &fs->window;
	int err;

	window->start = start;
	window->count = min_t(u32, count, 8 * LFS_WINDOW_BYTES);
	window->next = 0;
	window->is_old = false;
	memset(window->used, 0, sizeof(window->used));
	err = lfs_traverse(fs, mark_used, fs);
	if (err)
		window->count = 0;
	return err;
}

int lfs_alloc(struct lfs_fs *fs, u32 *block)
{
	struct lfs_window *window = &fs->window;

	while (window->budget) {
		u32 index = window->next;

		if (index == window->count) {
			u32 start = window->count ?
					    window->start + window->count :
					    fs->seed;
			int err = make_window(fs, start % fs->block_count,
					      window->budget);

			if (err)
				return err;
			continue;
		}
		window->next++;
		if (window->used[index / 8] & 1u << index % 8) {
			window->budget -= !window->is_old;
			continue;
		}
		window->budget--;
		window->is_old = false;
		*block = (window->start + index) % fs->block_count;
		return 0;
	}
	return -ENOSPC;
}

u32 lfs_alloc_count_free(const struct lfs_fs *fs)
{
	const struct lfs_window *window = &fs->window;
	u32 count = 0, i;

	for (i = window->next; i < window->count; i++)
		count += !(window->used[i / 8] >> i % 8 & 1);
	return count;
}

static u32 count_used(const struct lfs_window *window)
{
	u32 count = 0, i;

	for (i = 0; i < window->count; i++)
		count += window->used[i / 8] >> i % 8 & 1;
	return count;
}

/* What the window tells at the end is what the next operation begins with. */
int lfs_count_used(struct lfs_fs *fs, u32 *blocks)
{
	struct lfs_window *window = &fs->window;
	u32 left = fs->block_count;
	u32 start = window->count ? window->start + window->next : fs->seed;

	*blocks = 0;
	while (left) {
		int err;

		start %= fs->block_count;
		err = make_window(fs, start, left);
		if (err)
			return err;
		*blocks += count_used(window);
		left -= window->count;
		start += window->count;
	}
	return 0;
}
