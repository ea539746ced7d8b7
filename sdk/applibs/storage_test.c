// SPDX-License-Identifier: MIT
/* applibs/storage.h against a kernel that is played here: its calls are wrapped. */
#include <applibs/storage.h>

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FOLDER_FD 101
#define FILE_FD 102
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

#define IMAGE "/mnt/app"
#define STORAGE "/mnt/storage"

/* What the kernel is to answer, 0 for success, and what it was asked. */
static struct {
	int folder_error;
	int file_error;
	char folder[128];
	char file[128];
	int folder_flags, file_flags;
	int closed;
} kernel;

int __wrap_open(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap_openat(int folder, const char *path, int flags, ...);
int __wrap_openat64(int folder, const char *path, int flags, ...);
int __wrap_unlinkat(int folder, const char *path, int flags);
int __wrap_access(const char *path, int mode);
int __wrap_close(int fd);
int __real_close(int fd);

static int answer(int error, int success)
{
	if (!error)
		return success;
	errno = error;
	return -1;
}

static void note(char *where, const char *path)
{
	assert_true(strlen(path) < sizeof(kernel.file));
	memcpy(where, path, strlen(path) + 1);
}

int __wrap_open(const char *path, int flags, ...)
{
	note(kernel.folder, path);
	kernel.folder_flags = flags;
	return answer(kernel.folder_error, FOLDER_FD);
}

/* The names that they have with 64-bit file offsets. */
int __wrap_open64(const char *path, int flags, ...)
{
	return __wrap_open(path, flags);
}

int __wrap_openat(int folder, const char *path, int flags, ...)
{
	assert_int_equal(folder, FOLDER_FD);
	note(kernel.file, path);
	kernel.file_flags = flags;
	return answer(kernel.file_error, FILE_FD);
}

int __wrap_openat64(int folder, const char *path, int flags, ...)
{
	return __wrap_openat(folder, path, flags);
}

int __wrap_unlinkat(int folder, const char *path, int flags)
{
	assert_int_equal(folder, FOLDER_FD);
	assert_int_equal(flags, 0);
	note(kernel.file, path);
	return answer(kernel.file_error, 0);
}

int __wrap_access(const char *path, int mode)
{
	assert_int_equal(mode, R_OK | W_OK | X_OK);
	note(kernel.folder, path);
	return answer(kernel.folder_error, 0);
}

int __wrap_close(int fd)
{
	if (fd != FOLDER_FD)
		return __real_close(fd);
	kernel.closed++;
	/* What the caller reports must not come from here. */
	errno = EIO;
	return 0;
}

static int reset_kernel(void **state)
{
	(void)state;
	memset(&kernel, 0, sizeof(kernel));
	return 0;
}

static void path_in_the_image(void **state)
{
	char *path = Storage_GetAbsolutePathInImagePackage("data/table.bin");

	(void)state;
	assert_string_equal(path, IMAGE "/data/table.bin");
	free(path);
}

static void file_of_the_image_is_read_only(void **state)
{
	(void)state;
	assert_int_equal(Storage_OpenFileInImagePackage("a"), FILE_FD);
	assert_string_equal(kernel.folder, IMAGE);
	assert_string_equal(kernel.file, "a");
	assert_int_equal(kernel.file_flags & O_ACCMODE, O_RDONLY);
	assert_true(kernel.file_flags & O_CLOEXEC);
	assert_true(kernel.folder_flags & O_CLOEXEC);
	assert_false(kernel.file_flags & O_CREAT);
	assert_int_equal(kernel.closed, 1);
}

static void only_plain_relative_paths(void **state)
{
	static const char *const wrong[] = {
		"", "/", "/etc/x", ".", "..", "./a", "../a", "a/..", "a/.",
		"a/../b", "a/./b", "a//b", "a/", "//",
	};
	static const char *const right[] = {
		"a", "a/b/c", ".a", "..a", "...", "a.", "a..", "a/.b", "a/...",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		errno = 0;
		assert_int_equal(Storage_OpenFileInImagePackage(wrong[i]), -1);
		assert_int_equal(errno, EINVAL);
		errno = 0;
		assert_null(Storage_GetAbsolutePathInImagePackage(wrong[i]));
		assert_int_equal(errno, EINVAL);
	}
	assert_int_equal(Storage_OpenFileInImagePackage(NULL), -1);
	assert_int_equal(errno, EFAULT);
	assert_null(Storage_GetAbsolutePathInImagePackage(NULL));
	assert_int_equal(errno, EFAULT);
	assert_string_equal(kernel.folder, "");
	for (size_t i = 0; i < ARRAY_SIZE(right); i++) {
		assert_int_equal(Storage_OpenFileInImagePackage(right[i]),
				 FILE_FD);
		assert_string_equal(kernel.file, right[i]);
	}
}

static void mutable_file_is_made(void **state)
{
	(void)state;
	assert_int_equal(Storage_OpenMutableFile(), FILE_FD);
	assert_string_equal(kernel.folder, STORAGE);
	assert_string_equal(kernel.file, STORAGE_MUTABLE_FILE_NAME);
	assert_int_equal(kernel.file_flags, O_RDWR | O_CREAT | O_CLOEXEC);
	assert_int_equal(kernel.closed, 1);
}

static void mutable_file_is_deleted(void **state)
{
	(void)state;
	assert_int_equal(Storage_DeleteMutableFile(), 0);
	assert_string_equal(kernel.folder, STORAGE);
	assert_string_equal(kernel.file, STORAGE_MUTABLE_FILE_NAME);
	assert_int_equal(kernel.closed, 1);
	kernel.file_error = ENOENT;
	assert_int_equal(Storage_DeleteMutableFile(), -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(kernel.closed, 2);
}

static int get_folder(void)
{
	char path[STORAGE_MUTABLE_FOLDER_BYTES];

	return Storage_GetMutableFolder(path, sizeof(path));
}

static void without_the_capability(void **state)
{
	static int (*const calls[])(void) = {
		Storage_OpenMutableFile, Storage_DeleteMutableFile, get_folder,
	};
	static const int errors[] = { ENOENT, EACCES };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(calls) * ARRAY_SIZE(errors); i++) {
		kernel.folder_error = errors[i % 2];
		assert_int_equal(calls[i / 2](), -1);
		assert_int_equal(errno, EACCES);
	}
	/* What is there without the folder is the root filesystem, which nobody writes to. */
	kernel.folder_error = 0;
	kernel.file_error = EROFS;
	assert_int_equal(Storage_OpenMutableFile(), -1);
	assert_int_equal(errno, EACCES);
	assert_int_equal(Storage_DeleteMutableFile(), -1);
	assert_int_equal(errno, EACCES);
	kernel.folder_error = EROFS;
	assert_int_equal(get_folder(), -1);
	assert_int_equal(errno, EACCES);
}

static void other_errors_are_passed_on(void **state)
{
	(void)state;
	kernel.folder_error = EMFILE;
	assert_int_equal(Storage_OpenMutableFile(), -1);
	assert_int_equal(errno, EMFILE);
	kernel.folder_error = 0;
	kernel.file_error = EDQUOT;
	assert_int_equal(Storage_OpenMutableFile(), -1);
	assert_int_equal(errno, EDQUOT);
	assert_int_equal(kernel.closed, 1);
}

static void folder_is_named(void **state)
{
	char path[STORAGE_MUTABLE_FOLDER_BYTES];

	(void)state;
	assert_int_equal(Storage_GetMutableFolder(path, sizeof(path)), 0);
	assert_string_equal(path, STORAGE);
	assert_int_equal(Storage_GetMutableFolder(path, sizeof(STORAGE)), 0);
	assert_int_equal(Storage_GetMutableFolder(path, sizeof(STORAGE) - 1),
			 -1);
	assert_int_equal(errno, ERANGE);
	assert_int_equal(Storage_GetMutableFolder(NULL, sizeof(path)), -1);
	assert_int_equal(errno, EFAULT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(path_in_the_image, reset_kernel),
		cmocka_unit_test_setup(file_of_the_image_is_read_only,
				       reset_kernel),
		cmocka_unit_test_setup(only_plain_relative_paths, reset_kernel),
		cmocka_unit_test_setup(mutable_file_is_made, reset_kernel),
		cmocka_unit_test_setup(mutable_file_is_deleted, reset_kernel),
		cmocka_unit_test_setup(without_the_capability, reset_kernel),
		cmocka_unit_test_setup(other_errors_are_passed_on,
				       reset_kernel),
		cmocka_unit_test_setup(folder_is_named, reset_kernel),
	};

	return cmocka_run_group_tests_name("applibs/storage", tests, NULL,
					   NULL);
}
