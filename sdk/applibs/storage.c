// SPDX-License-Identifier: MIT
/*
 * The files of an app.  Which app this is, the kernel knows (linux/spherule.h): its component id is the
 * name of both of its folders.  No file of procfs is read, because what procfs keeps of a path that was
 * walked costs RAM.
 */
#include <applibs/storage.h>

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/lsm.h>
#include <linux/spherule.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Linux, arch/arm/tools/syscall.tbl; musl 1.2.3 does not know it yet. */
#define LSM_GET_SELF_ATTR 459

#define CID_WORD "CID: "
#define UUID_TEXT_LENGTH 36

/* application-manager's names. */
#define IMAGES "/mnt/apps/"
#define STORAGE "/mnt/storage/"

#define FOLDER_BYTES STORAGE_MUTABLE_FOLDER_BYTES

static_assert(sizeof(STORAGE) + UUID_TEXT_LENGTH <= FOLDER_BYTES,
	      "there is room for the path of each folder");

static int fail(int error)
{
	errno = error;
	return -1;
}

/* The component id as in the names of folders; the kernel writes it in capitals. */
static int append_component_id(char *text)
{
	/* The kernel rounds up what it gives. */
	union {
		struct lsm_ctx context;
		char bytes[sizeof(struct lsm_ctx) + SPHERULE_IDENTITY_BYTES +
			   sizeof(long)];
	} attribute = { 0 };
	const char *identity = (const char *)attribute.context.ctx;
	uint32_t size = sizeof(attribute.bytes);

	if (syscall(LSM_GET_SELF_ATTR, LSM_ATTR_CURRENT, &attribute, &size,
		    0u) < 0)
		return -1;
	if (strncmp(identity, CID_WORD, strlen(CID_WORD)))
		return fail(EPROTO);
	identity += strlen(CID_WORD);
	for (int i = 0; i < UUID_TEXT_LENGTH; i++)
		text[i] = (char)tolower((unsigned char)identity[i]);
	text[UUID_TEXT_LENGTH] = '\0';
	return 0;
}

static int find_folder(const char *parent, char path[FOLDER_BYTES])
{
	size_t length = strlen(parent);

	memcpy(path, parent, length);
	return append_component_id(path + length);
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
	char folder[FOLDER_BYTES];
	size_t folder_length, length;
	char *path;

	if (check_relative(relativePath) || find_folder(IMAGES, folder))
		return NULL;
	folder_length = strlen(folder);
	length = strlen(relativePath);
	path = malloc(folder_length + 1 + length + 1);
	if (!path)
		return NULL;
	memcpy(path, folder, folder_length);
	path[folder_length] = '/';
	memcpy(path + folder_length + 1, relativePath, length + 1);
	return path;
}

int Storage_OpenFileInImagePackage(const char *relativePath)
{
	char path[FOLDER_BYTES];
	int folder, fd;

	if (check_relative(relativePath) || find_folder(IMAGES, path))
		return -1;
	folder = open_folder(path);
	if (folder < 0)
		return -1;
	fd = openat(folder, relativePath, O_RDONLY | O_CLOEXEC);
	close_folder(folder);
	return fd;
}

/* application-manager makes the folder if the manifest asks for it. */
static int open_storage(void)
{
	char path[FOLDER_BYTES];
	int folder;

	if (find_folder(STORAGE, path))
		return -1;
	folder = open_folder(path);
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
	return fd;
}

int Storage_DeleteMutableFile(void)
{
	int folder = open_storage(), result;

	if (folder < 0)
		return -1;
	result = unlinkat(folder, STORAGE_MUTABLE_FILE_NAME, 0);
	close_folder(folder);
	return result;
}

int Storage_GetMutableFolder(char *path, size_t pathBytes)
{
	char folder[FOLDER_BYTES];

	if (!path)
		return fail(EFAULT);
	if (find_folder(STORAGE, folder))
		return -1;
	if (strlen(folder) >= pathBytes)
		return fail(ERANGE);
	/* Another version of the app may have left one that is closed. */
	if (access(folder, R_OK | W_OK | X_OK) < 0)
		return errno == ENOENT ? fail(EACCES) : -1;
	memcpy(path, folder, strlen(folder) + 1);
	return 0;
}
