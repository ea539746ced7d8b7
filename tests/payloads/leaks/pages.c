// SPDX-License-Identifier: Apache-2.0
/* Memory that a program gets: what was there before is gone, and nothing lies beside a file. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "leaks.h"
#include "mappings.h"

/* Linux, arch/arm/kernel/signal.c, get_signal_page(): what the page is filled with... */
#define SIGPAGE_FILL	0xe7fddef1u
/* ...but for 17 words, sigreturn_codes.S, at most this far from its beginning. */
#define SIGPAGE_CODE_WORDS	17u
#define SIGPAGE_CODE_LAST	(0x200u + 0x7fcu)

/* Linux, include/uapi/asm-generic/mman-common.h: a wish that only kernels without an MMU grant. */
#define UNCLEARED 0x4000000

#define MARKER	0xa5
#define PAGES	16u

static bool is_zero(const volatile uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (bytes[i])
			return false;
	return true;
}

static int zero_or_fail(const void *bytes, size_t count)
{
	errno = EBADMSG;
	return is_zero(bytes, count) ? 0 : -1;
}

static int check_sigpage(void)
{
	struct mapping page;
	const uint32_t *words;
	unsigned int first = 0, last = PAGE_BYTES / sizeof(*words);

	if (mappings_find("[sigpage]", &page) < 0)
		return -1;
	words = (const uint32_t *)page.start;
	while (first < last && words[first] == SIGPAGE_FILL)
		first++;
	while (last > first && words[last - 1] == SIGPAGE_FILL)
		last--;
	errno = EBADMSG;
	if (last == first || last - first > SIGPAGE_CODE_WORDS ||
	    first * sizeof(*words) > SIGPAGE_CODE_LAST)
		return -1;
	return page.end - page.start == PAGE_BYTES ? 0 : -1;
}

/* Signals come back through it: it is the page it is said to be. */
static volatile sig_atomic_t handled;

static void handle(int number)
{
	handled = number;
}

static int use_sigpage(void)
{
	const struct sigaction action = { .sa_handler = handle };

	if (sigaction(SIGUSR1, &action, NULL) < 0 || raise(SIGUSR1))
		return -1;
	errno = EBADMSG;
	return handled == SIGUSR1 ? 0 : -1;
}

/* A child that fills memory and ends, so that there are pages with something in them. */
static void leave_marks(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		void *pages = mmap(NULL, PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (pages != MAP_FAILED)
			memset(pages, MARKER, PAGES * PAGE_BYTES);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

static int new_memory(int flags)
{
	void *pages;

	leave_marks();
	pages = mmap(NULL, PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1,
		     0);
	return pages == MAP_FAILED ? -1 : zero_or_fail(pages, PAGES * PAGE_BYTES);
}

static int new_private(void) { return new_memory(MAP_PRIVATE); }
static int new_shared(void) { return new_memory(MAP_SHARED); }

/* A page of it is written first: what comes is not the page of zeros that everybody shares. */
static int new_written(void)
{
	uint8_t *pages;

	leave_marks();
	pages = mmap(NULL, PAGES * PAGE_BYTES, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | UNCLEARED, -1, 0);
	if (pages == MAP_FAILED)
		return -1;
	for (unsigned int i = 0; i < PAGES; i++)
		pages[i * PAGE_BYTES] = MARKER;
	for (unsigned int i = 0; i < PAGES; i++)
		if (zero_or_fail(pages + i * PAGE_BYTES + 1, PAGE_BYTES - 1) < 0)
			return -1;
	return 0;
}

static int new_heap(void)
{
	uintptr_t end = (uintptr_t)syscall(SYS_brk, 0), wanted = end + PAGES * PAGE_BYTES;

	leave_marks();
	if ((uintptr_t)syscall(SYS_brk, wanted) != wanted)
		return -1;
	return zero_or_fail((const void *)end, wanted - end);
}

/* Below what the stack ever was. */
static int new_stack(void)
{
	const uint8_t here = 0;
	uintptr_t below = (uintptr_t)&here - 256 * PAGE_BYTES;

	leave_marks();
	return zero_or_fail((const void *)below, PAGES * PAGE_BYTES);
}

static int memory_file(void) { return (int)syscall(SYS_memfd_create, "leaks", MFD_CLOEXEC); }

static int read_back(int fd, off_t offset)
{
	uint8_t bytes[PAGE_BYTES];

	if (pread(fd, bytes, sizeof(bytes), offset) != (ssize_t)sizeof(bytes))
		return -1;
	return zero_or_fail(bytes, sizeof(bytes));
}

static int filled_file(void)
{
	uint8_t bytes[PAGE_BYTES];
	int fd = memory_file();

	memset(bytes, MARKER, sizeof(bytes));
	return write(fd, bytes, sizeof(bytes)) == (ssize_t)sizeof(bytes) ? fd : -1;
}

static int extended_file(void)
{
	int fd = memory_file();

	leave_marks();
	return ftruncate(fd, 2 * PAGE_BYTES) < 0 ? -1 : read_back(fd, 100);
}

static int shrunk_and_extended_file(void)
{
	int fd = filled_file();

	if (fd < 0 || ftruncate(fd, 10) < 0 || ftruncate(fd, 2 * PAGE_BYTES) < 0)
		return -1;
	return read_back(fd, 10);
}

static int file_with_gap(void)
{
	int fd = memory_file();

	leave_marks();
	return pwrite(fd, "x", 1, 3 * PAGE_BYTES) != 1 ? -1 : read_back(fd, PAGE_BYTES);
}

static int allocated_file(void)
{
	int fd = memory_file();

	leave_marks();
	return fallocate(fd, 0, 0, 2 * PAGE_BYTES) < 0 ? -1 : read_back(fd, 0);
}

static int file_with_hole(void)
{
	int fd = filled_file();

	if (fd < 0 || fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE_BYTES) < 0)
		return -1;
	return read_back(fd, 0);
}

/* What a mapping wrote behind the end does not come back when the file grows. */
static int file_written_behind_end(void)
{
	int fd = memory_file();
	uint8_t *page;

	if (ftruncate(fd, 10) < 0)
		return -1;
	page = mmap(NULL, PAGE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		return -1;
	memset(page, MARKER, PAGE_BYTES);
	if (ftruncate(fd, 10) < 0 || ftruncate(fd, 2 * PAGE_BYTES) < 0)
		return -1;
	return read_back(fd, 10);
}

/* A file of an image, and where its last page ends. */
static int open_image_file(const char *path, size_t *size)
{
	struct stat status;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &status) < 0)
		return -1;
	*size = (size_t)status.st_size;
	return fd;
}

static size_t whole_pages(size_t size) { return (size + PAGE_BYTES - 1) & ~(PAGE_BYTES - 1ul); }

/* Behind it in flash is another file, or the metadata; the rest of its last page is zero. */
static int rest_of_last_page(const char *path, int protection, int flags)
{
	size_t size;
	int fd = open_image_file(path, &size);
	const uint8_t *file;

	if (fd < 0)
		return -1;
	file = mmap(NULL, whole_pages(size), protection, flags, fd, 0);
	if (file == MAP_FAILED)
		return -1;
	return zero_or_fail(file + size, whole_pages(size) - size);
}

#define RW (PROT_READ | PROT_WRITE)

static int manifest_rest(void)
{
	return rest_of_last_page("app_manifest.json", PROT_READ, MAP_PRIVATE);
}
static int manifest_rest_shared(void)
{
	return rest_of_last_page("app_manifest.json", PROT_READ, MAP_SHARED);
}
static int manifest_rest_writable(void)
{
	return rest_of_last_page("app_manifest.json", RW, MAP_PRIVATE);
}
static int program_rest(void) { return rest_of_last_page(leaks_program, PROT_READ, MAP_PRIVATE); }
static int program_rest_shared(void)
{
	return rest_of_last_page(leaks_program, PROT_READ, MAP_SHARED);
}
static int program_rest_writable(void) { return rest_of_last_page(leaks_program, RW, MAP_PRIVATE); }
static int program_rest_executable(void)
{
	return rest_of_last_page(leaks_program, PROT_READ | PROT_EXEC, MAP_PRIVATE);
}

static int read_behind_end(void)
{
	size_t size;
	int fd = open_image_file(leaks_program, &size);
	char byte;

	errno = ENODATA;
	return fd < 0 || pread(fd, &byte, 1, (off_t)size) <= 0 ? -1 : 0;
}

/* The page behind the last of the file: touching it ends a child. */
static volatile const char *behind;

static int touch_behind(void) { return *behind + *behind == 512; }

static int map_behind(const char *path, int protection, unsigned long more_pages)
{
	size_t size;
	int fd = open_image_file(path, &size);
	const char *file;

	if (fd < 0)
		return -1;
	file = mmap(NULL, whole_pages(size) + more_pages * PAGE_BYTES, protection, MAP_PRIVATE, fd,
		    0);
	if (file == MAP_FAILED)
		return -1;
	behind = file + whole_pages(size);
	return attempt_in_child(touch_behind);
}

static int touch_behind_manifest(void) { return map_behind("app_manifest.json", PROT_READ, 1); }
static int touch_behind_program(void) { return map_behind(leaks_program, PROT_READ, 1); }
static int touch_behind_writable(void) { return map_behind(leaks_program, RW, 1); }
static int touch_behind_executable(void)
{
	return map_behind(leaks_program, PROT_READ | PROT_EXEC, 1);
}
static int touch_far_behind(void) { return map_behind(leaks_program, PROT_READ, 4096); }

/* Offsets in pages, so that they can be larger than a file can be. */
static int map_at(unsigned long page, size_t bytes)
{
	int fd = open(leaks_program, O_RDONLY | O_CLOEXEC);
	void *file = (void *)syscall(SYS_mmap2, NULL, bytes, PROT_READ, MAP_PRIVATE, fd, page);

	if (file == MAP_FAILED)
		return -1;
	behind = file;
	return attempt_in_child(touch_behind);
}

static int map_offset_behind(void) { return map_at(10000, PAGE_BYTES); }
static int map_offset_far(void) { return map_at(0xffffffff, PAGE_BYTES); }
static int map_offset_wraps(void) { return map_at(0xfffffffe, 4 * PAGE_BYTES); }
static int map_nothing(void) { return map_at(0, 0); }
static int map_too_much(void) { return map_at(0, 0xfffff000); }
static int map_between_pages(void)
{
	int fd = open(leaks_program, O_RDONLY | O_CLOEXEC);

	return mmap(NULL, PAGE_BYTES, PROT_READ, MAP_PRIVATE, fd, 100) == MAP_FAILED ? -1 : 0;
}

static int grow_mapping(void)
{
	size_t size;
	int fd = open_image_file(leaks_program, &size);
	char *file = mmap(NULL, PAGE_BYTES, PROT_READ, MAP_PRIVATE, fd, 0);

	if (file == MAP_FAILED)
		return -1;
	return mremap(file, PAGE_BYTES, whole_pages(size) + PAGE_BYTES, MREMAP_MAYMOVE) ==
			       MAP_FAILED ? -1 : 0;
}

static const struct attempt attempts[] = {
	{ "AS-23", "the page for signals has the code and else one value", check_sigpage, 0 },
	{ "AS-23", "come back from a signal by it", use_sigpage, 0 },
	{ "AS-21", "new memory is zero", new_private, 0 },
	{ "AS-21", "new memory is zero where it was not written", new_written, 0 },
	{ "AS-21", "new shared memory is zero", new_shared, 0 },
	{ "AS-21", "new heap is zero", new_heap, 0 },
	{ "AS-21", "new stack is zero", new_stack, 0 },
	{ "AS-21", "an extended memory file is zero", extended_file, 0 },
	{ "AS-21", "a file shrunk and extended is zero", shrunk_and_extended_file, 0 },
	{ "AS-21", "the gap in a memory file is zero", file_with_gap, 0 },
	{ "AS-21", "an allocated memory file is zero", allocated_file, 0 },
	{ "AS-21", "the hole in a memory file is zero", file_with_hole, 0 },
	{ "AS-21", "what was written behind the end is gone", file_written_behind_end, 0 },
	{ "O5", "the last page of its manifest ends with zeros", manifest_rest, 0 },
	{ "O5", "the same, shared", manifest_rest_shared, 0 },
	{ "O5", "the same, writable", manifest_rest_writable, 0 },
	{ "O5", "the last page of its program ends with zeros", program_rest, 0 },
	{ "O5", "the same, shared", program_rest_shared, 0 },
	{ "O5", "the same, writable", program_rest_writable, 0 },
	{ "O5", "the same, executable", program_rest_executable, 0 },
	{ "O5", "read behind the end of its program", read_behind_end, ENODATA },
	{ "AS-24", "touch the page behind its manifest", touch_behind_manifest, EINTR },
	{ "AS-24", "touch the page behind its program", touch_behind_program, EINTR },
	{ "AS-24", "the same, writable", touch_behind_writable, EINTR },
	{ "AS-24", "the same, executable", touch_behind_executable, EINTR },
	{ "AS-24", "touch it in a mapping far too long", touch_far_behind, EINTR },
	{ "AS-24", "touch a mapping that begins behind its program", map_offset_behind, EINTR },
	{ "AS-24", "map at the largest offset", map_offset_far, EOVERFLOW },
	{ "AS-24", "map at an offset that wraps", map_offset_wraps, EOVERFLOW },
	{ "AS-24", "map between pages", map_between_pages, EINVAL },
	{ "AS-24", "map nothing", map_nothing, EINVAL },
	{ "AS-24", "map all there is", map_too_much, ENOMEM },
	{ "AS-24", "grow a mapping of its program", grow_mapping, EFAULT },
};

void leaks_try_pages(void)
{
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
