// SPDX-License-Identifier: GPL-2.0-only
/* A file that holds the bytes of a flash. */
#include "image.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "mount.h"

int image_open(struct image *image, const char *path, int writable)
{
	int fd = open(path, (writable ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	struct stat status;
	int result = -EIO;
	void *bytes;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &status)) {
		result = -errno;
		goto out;
	}
	result = -EFBIG;
	if (status.st_size > (off_t)UINT32_MAX)
		goto out;
	result = -EINVAL;
	if (!status.st_size)
		goto out;
	bytes = mmap(NULL, (size_t)status.st_size, PROT_READ | (writable ? PROT_WRITE : 0),
		     MAP_SHARED, fd, 0);
	if (bytes == MAP_FAILED) {
		result = -errno;
		goto out;
	}
	*image = (struct image){ bytes, (size_t)status.st_size };
	result = 0;
out:
	close(fd);
	return result;
}

void image_close(struct image *image)
{
	munmap(image->bytes, image->size);
}

int image_mount(struct image *image, uint32_t block_bytes, struct flash *flash, struct lfs_fs *fs)
{
	uint32_t first = block_bytes ? block_bytes : LFS_BLOCK_MIN_BYTES;
	uint32_t last = block_bytes ? block_bytes : LFS_BLOCK_MAX_BYTES;
	int found = -EINVAL;

	/* Of all errors, one that is not "another block size" says most. */
	for (uint32_t bytes = first; bytes <= last; bytes *= 2) {
		int result;

		flash_init(flash, image->bytes, image->size, bytes, 1);
		result = lfs_mount(fs, &flash->device);
		if (!result)
			return 0;
		if (found == -EINVAL)
			found = result;
	}
	return found;
}

const char *image_error_text(int error)
{
	switch (error) {
	case -EINVAL:
		return "no littlefs of version 2.0 or 2.1 with this block size and these limits";
	case -EUCLEAN:
		return "the filesystem is damaged";
	default:
		return strerror(-error);
	}
}
