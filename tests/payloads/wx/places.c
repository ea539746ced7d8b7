// SPDX-License-Identifier: Apache-2.0
/*
 * Where memory may be: not at address 0, where a kernel that follows a null pointer would find it.
 * The first pages are refused by the architecture (EINVAL), the next by whoever may not (EPERM).
 */

#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>

#include "checked.h"
#include "wx.h"

/* kernel/config/base.config: CONFIG_DEFAULT_MMAP_MIN_ADDR. */
#define LOWEST 32768u

/* Behind the last address of a program, the kernel's part, and the page of exception vectors. */
static const uint32_t kernel_places[] = { 0x20000000, 0x3f000000, 0x40000000, 0x80000000, 0xffff0000 };

static int map_at(uint32_t address, int flags)
{
	void *page = mmap((void *)(uintptr_t)address, PAGE_BYTES, PROT_RW,
			  MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	return page == MAP_FAILED ? -1 : 0;
}

static int move_to(uint32_t address)
{
	void *page = wx_page();

	return !page || mremap(page, PAGE_BYTES, PAGE_BYTES, MREMAP_MAYMOVE | MREMAP_FIXED,
			       (void *)(uintptr_t)address) == MAP_FAILED ? -1 : 0;
}

static int at_lowest(void) { return map_at(LOWEST, MAP_FIXED); }
static int below_lowest(void) { return map_at(LOWEST - PAGE_BYTES, MAP_FIXED); }
static int at_zero(void) { return map_at(0, MAP_FIXED); }
static int at_zero_if_free(void) { return map_at(0, MAP_FIXED_NOREPLACE); }
static int at_zero_growing(void) { return map_at(0, MAP_FIXED | MAP_GROWSDOWN); }
static int move_to_zero(void) { return move_to(0); }
static int move_below_lowest(void) { return move_to(LOWEST - PAGE_BYTES); }

/* A hint is moved up to where memory may be. */
static int near_zero(void)
{
	char *page = mmap((void *)(uintptr_t)PAGE_BYTES, PAGE_BYTES, PROT_RW,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED || (uintptr_t)page < LOWEST ? -1 : 0;
}

static int touch_below_lowest(void)
{
	volatile char *below = (volatile char *)(uintptr_t)(LOWEST - 1);

	*below = 1;
	return 0;
}

static int grow_below_lowest(void)
{
	if (map_at(LOWEST, MAP_FIXED | MAP_GROWSDOWN) < 0)
		return -1;
	return attempt_in_child(touch_below_lowest);
}

static int over_kernel(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(kernel_places); i++)
		if (map_at(kernel_places[i], MAP_FIXED) == 0)
			return 0;
	return -1;
}

static int move_over_kernel(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(kernel_places); i++)
		if (move_to(kernel_places[i]) == 0)
			return 0;
	return -1;
}

static const struct attempt attempts[] = {
	{ "H-78", "map at the lowest address", at_lowest, 0 },
	{ "H-78", "map near address 0, if that is possible", near_zero, 0 },
	{ "H-78", "map below the lowest address", below_lowest, EPERM },
	{ "H-78", "map at address 0", at_zero, EINVAL },
	{ "H-78", "map at address 0 if it is free", at_zero_if_free, EINVAL },
	{ "H-78", "map at address 0 what grows down", at_zero_growing, EINVAL },
	{ "H-78", "move memory to address 0", move_to_zero, EINVAL },
	{ "H-78", "move memory below the lowest address", move_below_lowest, EPERM },
	{ "H-78", "grow below the lowest address", grow_below_lowest, EINTR },
	{ "H-94", "map over the kernel", over_kernel, ENOMEM },
	{ "H-94", "move memory over the kernel", move_over_kernel, EINVAL },
};

void wx_try_places(void)
{
	checked_all(attempts, ARRAY_SIZE(attempts));
}
