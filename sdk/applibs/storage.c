// SPDX-License-Identifier: MIT
/*
 * The files of an app.  It sees its own only, so that both folders have the same name in each app.
 */
#include <applibs/storage.h>

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* application-manager's names. */
#define IMAGE "/mnt/app"
#define STORAGE "/mnt/storage"

static_assert(sizeof(STORAGE) <= STORAGE_MUTABLE_FOLDER_BYTES,
	      "there is room for the path of the folder");

static int fail(int error)
{
	errno = error;
	return -1;
}

static int open_folder(const char *path)
{
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* close() that keeps errno. */
static void close_folder(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
}

/* Are all its parts names, none of them "", "." or ".."? */
static int check_relative(const char *path)
{
	if (!path)
		return fail(EFAULT);
	for (;; path++) {
		size_t length = strcspn(path, "/");

		if (length == 0 || (length <= 2 && !strncmp(path, "..", length)))
			return fail(EINVAL);
		path += length;
		if (!*path)
			return 0;
	}
}

char *Storage_GetAbsolutePathInImagePackage(const char *relativePath)
{
	size_t length;
	char *path;

	if (check_relative(relativePath))
		return NULL;
	length = strlen(relativePath);
	path = malloc(sizeof(IMAGE "/") + length);
	if (!path)
		return NULL;
	memcpy(path, IMAGE "/", strlen(IMAGE "/"));
	memcpy(path + strlen(IMAGE "/"), relativePath, length + 1);
	return path;
}

int Storage_OpenFileInImagePackage(const char *relativePath)
{
	int folder, fd;

	if (check_relative(relativePath))
		return -1;
	folder = open_folder(IMAGE);
	if (folder < 0)
		return -1;
	fd = openat(folder, relativePath, O_RDONLY | O_CLOEXEC);
	close_folder(folder);
	return fd;
}

/*
 * Without MutableStorage there is no folder of the storage in the app's view, and the root filesystem
 * shows through, which nobody writes to.
 */
static int storage_result(int result)
{
	return result < 0 && errno == EROFS ? fail(EACCES) : result;
}

static int open_storage(void)
{
	int folder = open_folder(STORAGE);

	return folder < 0 && errno == ENOENT ? fail(EACCES) : folder;
}

int Storage_OpenMutableFile(void)
{
	int folder = open_storage(), fd;

	if (folder < 0)
		return -1;
	fd = openat(folder, STORAGE_MUTABLE_FILE_NAME,
		    O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	close_folder(folder);
	return storage_result(fd);
}

int Storage_DeleteMutableFile(void)
{
	int folder = open_storage(), result;

	if (folder < 0)
		return -1;
	result = unlinkat(folder, STORAGE_MUTABLE_FILE_NAME, 0);
	close_folder(folder);
	return storage_result(result);
}

int Storage_GetMutableFolder(char *path, size_t pathBytes)
{
	if (!path)
		return fail(EFAULT);
	if (sizeof(STORAGE) > pathBytes)
		return fail(ERANGE);
	if (access(STORAGE, R_OK | W_OK | X_OK) < 0)
		return errno == ENOENT ? fail(EACCES) : storage_result(-1);
	memcpy(path, STORAGE, sizeof(STORAGE));
	return 0;
}
