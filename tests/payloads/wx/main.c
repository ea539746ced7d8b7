// SPDX-License-Identifier: Apache-2.0
/*
 * An app that tries every way to executable memory that is not an image executed in place: by each
 * object that can be mapped, by each history of a mapping, by other programs, by what the kernel
 * fills, by personalities.  After each attempt it looks whether it has any such memory.
 */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "checked.h"
#include "mappings.h"
#include "wx.h"

/* Where the first segment of this program begins: the linker's name for offset 0 of its file. */
extern const char __executable_start[];

const char *wx_program;

int wx_open_program(void)
{
	return open(wx_program, O_RDONLY | O_CLOEXEC);
}

void *wx_map_program(void)
{
	int fd = wx_open_program();
	void *mapping = MAP_FAILED;
	struct stat status;

	if (fd >= 0 && fstat(fd, &status) == 0)
		mapping = mmap(NULL, (size_t)status.st_size, PROT_RX, MAP_PRIVATE, fd, 0);
	attempt_close(fd);
	return mapping == MAP_FAILED ? NULL : mapping;
}

const void *wx_in_mapping(const void *mapping, int (*function)(void))
{
	unsigned long offset = (unsigned long)function - (unsigned long)__executable_start;

	return (const char *)mapping + offset;
}

int wx_memory_file(unsigned int flags)
{
	int fd = (int)syscall(SYS_memfd_create, "wx", flags);

	if (fd >= 0 && ftruncate(fd, PAGE_BYTES) < 0) {
		attempt_close(fd);
		return -1;
	}
	return fd;
}

void *wx_page(void)
{
	void *page = mmap(NULL, PAGE_BYTES, PROT_RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return page == MAP_FAILED ? NULL : page;
}

int wx_protect(void *page, const int *steps, unsigned int count)
{
	int result = page ? 0 : -1;

	for (unsigned int i = 0; i < count && !result; i++)
		result = mprotect(page, PAGE_BYTES, steps[i]);
	return result;
}

int checked_invariant(void)
{
	return mappings_check_executable();
}

static const struct attempt last[] = {
	{ "AS-08", "no executable memory but the image, at the end", mappings_check_executable, 0 },
};

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[argc - 1], WX_CHILD_ARGUMENT))
		return WX_CHILD_STATUS;
	wx_program = argv[0];
	wx_try_objects();
	wx_try_histories();
	wx_try_text();
	wx_try_places();
	wx_try_programs();
	wx_try_rings();
	wx_try_personalities();
	attempt_all(last, ARRAY_SIZE(last));
	attempt_end("wx");
}
