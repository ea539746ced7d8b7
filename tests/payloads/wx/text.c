// SPDX-License-Identifier: Apache-2.0
/* The program itself and what can be put in its place: that is not executed. */

#define _GNU_SOURCE
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "checked.h"
#include "code.h"
#include "mappings.h"
#include "wx.h"

#define MAX_STEPS 4

/* Mapping the program again, in one call. */
static const struct program_map {
	const char *what;
	int protection, flags, expected;
} program_maps[] = {
	{ "R", PROT_READ, MAP_PRIVATE, 0 },
	{ "RX", PROT_RX, MAP_PRIVATE, 0 },
	{ "X", PROT_EXEC, MAP_PRIVATE, 0 },
	{ "RX shared", PROT_RX, MAP_SHARED, 0 },
	{ "RX denying writes", PROT_RX, MAP_PRIVATE | MAP_DENYWRITE, 0 },
	{ "RX populated", PROT_RX, MAP_PRIVATE | MAP_POPULATE, 0 },
	{ "RW", PROT_RW, MAP_PRIVATE, 0 },
	{ "RWX", PROT_RWX, MAP_PRIVATE, EACCES },
	{ "WX", PROT_WX, MAP_PRIVATE, EACCES },
	{ "RWX shared", PROT_RWX, MAP_SHARED, EACCES },
	{ "WX shared", PROT_WX, MAP_SHARED, EACCES },
	{ "RW shared", PROT_RW, MAP_SHARED, EACCES },
	{ "RWX shared and validated", PROT_RWX, MAP_SHARED_VALIDATE, EACCES },
	{ "RWX denying writes", PROT_RWX, MAP_PRIVATE | MAP_DENYWRITE, EACCES },
	{ "RWX as a program", PROT_RWX, MAP_PRIVATE | MAP_EXECUTABLE, EACCES },
	{ "RWX populated", PROT_RWX, MAP_PRIVATE | MAP_POPULATE, EACCES },
	{ "RWX locked", PROT_RWX, MAP_PRIVATE | MAP_LOCKED, EACCES },
	{ "RWX unreserved", PROT_RWX, MAP_PRIVATE | MAP_NORESERVE, EACCES },
	{ "RX that grows down", PROT_RX, MAP_PRIVATE | MAP_GROWSDOWN, EINVAL },
	{ "RX synchronous", PROT_RX, MAP_SHARED_VALIDATE | MAP_SYNC, EOPNOTSUPP },
};

/* A second mapping of the program, RX at first, and what mprotect() makes of it. */
static const struct history {
	const char *what;
	int steps[MAX_STEPS];
	unsigned int count;
	int expected;
} histories[] = {
	{ "RX", { PROT_RX }, 1, 0 },
	{ "R", { PROT_READ }, 1, 0 },
	{ "none", { PROT_NONE }, 1, 0 },
	{ "RW", { PROT_RW }, 1, EACCES },
	{ "W", { PROT_WRITE }, 1, EACCES },
	{ "WX", { PROT_WX }, 1, EACCES },
	{ "RWX", { PROT_RWX }, 1, EACCES },
	{ "R, RX", { PROT_READ, PROT_RX }, 2, EACCES },
	{ "R, RWX", { PROT_READ, PROT_RWX }, 2, EACCES },
	{ "none, RX", { PROT_NONE, PROT_RX }, 2, EACCES },
	{ "R, RW, RX", { PROT_READ, PROT_RW, PROT_RX }, 3, EACCES },
	{ "R, RW, R, RX", { PROT_READ, PROT_RW, PROT_READ, PROT_RX }, 4, EACCES },
};

static const struct program_map *program_map;
static const struct history *history;

static int map_again(void)
{
	int fd = wx_open_program();

	return mmap(NULL, PAGE_BYTES, program_map->protection, program_map->flags, fd, 0) ==
			       MAP_FAILED ? -1 : 0;
}

static int follow(void) { return wx_protect(wx_map_program(), history->steps, history->count); }

static int run_second(void)
{
	void *mapping = wx_map_program();

	return mapping ? code_run(wx_in_mapping(mapping, code_answer)) : -1;
}

/* The page of code_answer() in a mapping of the program, and the function there. */
static void *second_page(const void **function)
{
	void *mapping = wx_map_program();

	if (!mapping)
		return NULL;
	*function = wx_in_mapping(mapping, code_answer);
	return wx_page_of(*function);
}

/* Its own text, and that it still runs. */
static int protect_text(int protection)
{
	const void *function = (const void *)(uintptr_t)code_answer;
	int result = mprotect(wx_page_of(function), PAGE_BYTES, protection), error = errno;

	if (code_run(function) < 0)
		return -1;
	errno = error;
	return result;
}

static int text_to_rw(void) { return protect_text(PROT_RW); }
static int text_to_w(void) { return protect_text(PROT_WRITE); }
static int text_to_wx(void) { return protect_text(PROT_WX); }
static int text_to_rwx(void) { return protect_text(PROT_RWX); }

/* Two pages side by side: one of the program, one that is filled. */
struct neighbours {
	char *filled, *program;
};

static int make_neighbours(struct neighbours *pair, bool filled_first)
{
	char *pages = mmap(NULL, 2 * PAGE_BYTES, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = wx_open_program();

	if (pages == MAP_FAILED)
		return -1;
	pair->filled = filled_first ? pages : pages + PAGE_BYTES;
	pair->program = filled_first ? pages + PAGE_BYTES : pages;
	code_plant(pair->filled);
	return mmap(pair->program, PAGE_BYTES, PROT_RX, MAP_PRIVATE | MAP_FIXED, fd, 0) ==
			       MAP_FAILED ? -1 : 0;
}

static int protect_both(bool filled_first, int protection)
{
	struct neighbours pair;
	int result, error;

	if (make_neighbours(&pair, filled_first) < 0)
		return -1;
	result = mprotect(filled_first ? pair.filled : pair.program, 2 * PAGE_BYTES, protection);
	error = errno;
	if (code_run(pair.filled) == 0)
		return 0;
	errno = error;
	return result;
}

static int both_rx(void) { return protect_both(false, PROT_RX); }
static int both_rx_filled_first(void) { return protect_both(true, PROT_RX); }
static int both_rw(void) { return protect_both(false, PROT_RW); }
static int both_rw_filled_first(void) { return protect_both(true, PROT_RW); }

static int map_over(int protection)
{
	const void *function;
	void *page = second_page(&function);

	if (!page || mmap(page, PAGE_BYTES, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
			  -1, 0) == MAP_FAILED)
		return -1;
	code_plant((void *)(uintptr_t)function);
	return code_run(function);
}

static int map_rwx_over(void) { return map_over(PROT_RWX); }
static int map_rw_over(void) { return map_over(PROT_RW); }

/* What a refused mapping was to replace is still there. */
static int refused_map_over(void)
{
	const void *function;
	void *page = second_page(&function);

	if (!page || mmap(page, PAGE_BYTES, PROT_RWX, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
			  0) != MAP_FAILED)
		return -1;
	return code_run(function);
}

/* A filled page moved to where the program was mapped; @copy is at its place of code_answer(). */
static void *move_over(const void **copy)
{
	void *page = second_page(copy);
	char *filled = wx_page();

	if (!page || !filled)
		return NULL;
	code_plant(filled + (*(const char **)copy - (const char *)page));
	return mremap(filled, PAGE_BYTES, PAGE_BYTES, MREMAP_MAYMOVE | MREMAP_FIXED, page) ==
			       MAP_FAILED ? NULL : page;
}

static int move_over_and_run(void)
{
	const void *copy;

	return move_over(&copy) ? code_run(copy) : -1;
}

static int move_over_and_protect(void)
{
	static const int steps[] = { PROT_RX };
	const void *copy;

	return wx_protect(move_over(&copy), steps, ARRAY_SIZE(steps));
}

static int move_program(void)
{
	const void *function;
	void *page = second_page(&function);
	void *target = wx_page();
	unsigned long offset = (unsigned long)function - (unsigned long)page;

	if (!page || !target || mremap(page, PAGE_BYTES, PAGE_BYTES,
				       MREMAP_MAYMOVE | MREMAP_FIXED, target) == MAP_FAILED)
		return -1;
	return code_run((const char *)target + offset);
}

static int resize_program(size_t old_bytes, size_t new_bytes, int flags)
{
	int fd = wx_open_program();
	void *page = mmap(NULL, PAGE_BYTES, PROT_RX, MAP_PRIVATE, fd, 0);

	if (page == MAP_FAILED)
		return -1;
	return mremap(page, old_bytes, new_bytes, flags) == MAP_FAILED ? -1 : 0;
}

static int grow_program(void) { return resize_program(PAGE_BYTES, 2 * PAGE_BYTES, MREMAP_MAYMOVE); }
static int duplicate_program(void) { return resize_program(0, PAGE_BYTES, MREMAP_MAYMOVE); }
static int leave_program(void)
{
	return resize_program(PAGE_BYTES, PAGE_BYTES, MREMAP_MAYMOVE | MREMAP_DONTUNMAP);
}

/* Filled shared memory under a second address. */
static int duplicate_shared(void)
{
	void *page = mmap(NULL, PAGE_BYTES, PROT_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0), *copy;

	if (page == MAP_FAILED)
		return -1;
	code_plant(page);
	copy = mremap(page, 0, PAGE_BYTES, MREMAP_MAYMOVE);
	return copy == MAP_FAILED ? -1 : mprotect(copy, PAGE_BYTES, PROT_RX);
}

static int remap_shared(int protection_of_call, int protection_after)
{
	void *page = mmap(NULL, 2 * PAGE_BYTES, PROT_RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (page == MAP_FAILED)
		return -1;
	code_plant(page);
	if (syscall(SYS_remap_file_pages, page, PAGE_BYTES, protection_of_call, 1, 0) < 0)
		return -1;
	return mprotect(page, PAGE_BYTES, protection_after);
}

static int remap_pages(void) { return remap_shared(0, PROT_RW); }
static int remap_pages_rx(void) { return remap_shared(PROT_RX, PROT_RX); }
static int remap_pages_then_rx(void) { return remap_shared(0, PROT_RX); }
static int remap_pages_of_program(void)
{
	int fd = wx_open_program();
	void *pages = mmap(NULL, 2 * PAGE_BYTES, PROT_RX, MAP_SHARED, fd, 0);

	if (pages == MAP_FAILED)
		return -1;
	return (int)syscall(SYS_remap_file_pages, pages, PAGE_BYTES, 0, 1, 0);
}

static int protect_with_key(void)
{
	return (int)syscall(SYS_pkey_mprotect, wx_page(), PAGE_BYTES, PROT_RX, -1);
}

/* All advice there is or may come to be, on a mapping of the program. */
static int advise(void)
{
	const void *function;
	void *page = second_page(&function);

	if (!page)
		return -1;
	for (int advice = 0; advice < 128; advice++) {
		if (madvise(page, PAGE_BYTES, advice) == 0)
			return 0;
		if (errno != ENOSYS)
			return -1;
	}
	return -1;
}

static int grow_stack_rx(void)
{
	char here[PAGE_BYTES];

	return mprotect(wx_page_of(here), PAGE_BYTES, PROT_RX | PROT_GROWSDOWN);
}

static int arguments_rx(void)
{
	return mprotect(wx_page_of((const void *)getauxval(AT_EXECFN)), PAGE_BYTES, PROT_RX);
}

/* The page with the kernel's code for the return from signals. */
static int protect_sigpage(const int *steps, unsigned int count)
{
	struct mapping page;

	if (mappings_find("[sigpage]", &page) < 0)
		return -1;
	return wx_protect((void *)page.start, steps, count);
}

static int sigpage_rw(void)
{
	return protect_sigpage((const int[]){ PROT_RW }, 1);
}

static int sigpage_rwx(void)
{
	return protect_sigpage((const int[]){ PROT_RWX }, 1);
}

static int sigpage_r_rw_rx(void)
{
	return protect_sigpage((const int[]){ PROT_READ, PROT_RW, PROT_RX }, 3);
}

static const struct attempt attempts[] = {
	{ "AS-06", "run a second mapping of its program", run_second, 0 },
	{ "AS-06", "run a second mapping moved elsewhere", move_program, 0 },
	{ "AS-06", "its own text to RW", text_to_rw, EACCES },
	{ "AS-06", "its own text to W", text_to_w, EACCES },
	{ "AS-06", "its own text to WX", text_to_wx, EACCES },
	{ "AS-06", "its own text to RWX", text_to_rwx, EACCES },
	{ "AS-06", "text and filled memory to RX in one call", both_rx, EACCES },
	{ "AS-06", "filled memory and text to RX in one call", both_rx_filled_first, EACCES },
	{ "AS-06", "text and filled memory to RW in one call", both_rw, EACCES },
	{ "AS-06", "filled memory and text to RW in one call", both_rw_filled_first, EACCES },
	{ "AS-06", "map RWX in the place of text", map_rwx_over, EACCES },
	{ "AS-06", "run text after such a refusal", refused_map_over, 0 },
	{ "AS-06", "run RW memory mapped in the place of text", map_rw_over, EFAULT },
	{ "AS-06", "run filled memory moved over text", move_over_and_run, EFAULT },
	{ "AS-06", "filled memory moved over text to RX", move_over_and_protect, EACCES },
	{ "AS-06", "grow a mapping of its program", grow_program, EFAULT },
	{ "AS-06", "duplicate a mapping of its program", duplicate_program, EINVAL },
	{ "AS-06", "move its program and leave the mapping", leave_program, EINVAL },
	{ "AS-06", "a duplicate of shared memory to RX", duplicate_shared, EACCES },
	{ "AS-06", "remap pages of shared memory", remap_pages, 0 },
	{ "AS-06", "remap pages as RX", remap_pages_rx, EINVAL },
	{ "AS-06", "remapped pages to RX", remap_pages_then_rx, EACCES },
	{ "AS-06", "remap pages of its program", remap_pages_of_program, EINVAL },
	{ "AS-06", "RX with a protection key", protect_with_key, ENOSYS },
	{ "AS-06", "give advice about its text", advise, ENOSYS },
	{ "AS-06", "the whole stack to RX", grow_stack_rx, EACCES },
	{ "AS-06", "its arguments to RX", arguments_rx, EACCES },
	{ "AS-06", "the page for signals to RW", sigpage_rw, EACCES },
	{ "AS-06", "the page for signals to RWX", sigpage_rwx, EACCES },
	{ "AS-06", "the page for signals: R, RW, RX", sigpage_r_rw_rx, EACCES },
};

static void try_one(const char *row, const char *what, const char *how, int (*try)(void),
		    int expected)
{
	char text[96];
	const struct attempt attempt = { row, text, try, expected };

	snprintf(text, sizeof(text), "%s%s", what, how);
	checked_all(&attempt, 1);
}

void wx_try_text(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(program_maps); i++) {
		program_map = &program_maps[i];
		try_one("H-51", "map its program ", program_map->what, map_again,
			program_map->expected);
	}
	for (size_t i = 0; i < ARRAY_SIZE(histories); i++) {
		history = &histories[i];
		try_one("AS-06", "a mapping of its program: RX, ", history->what, follow,
			history->expected);
	}
	checked_all(attempts, ARRAY_SIZE(attempts));
}
