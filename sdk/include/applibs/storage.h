/* SPDX-License-Identifier: MIT */
/*
 * Files of the app: those of its image, which nobody can change, and what it keeps in flash.
 *
 * What is kept outlives the app's restarts, updates of it and of the system.  The app's manifest asks
 * for it:
 *
 *	"Capabilities": { "MutableStorage": { "SizeKB": 8 } }
 *
 * SizeKB is what fits at least.  Flash is given out in the blocks that it erases, and more than that
 * is refused with EDQUOT.  What write(2) took is on the medium after fsync(2) or close(2); a power cut
 * before leaves the content that the file had then, whole.  Nothing in the storage can be executed.
 *
 * Functions return -1, or NULL, and set errno on failure.  Descriptors are not inherited over exec.
 * Names and behaviour are those of Azure Sphere's applibs, up to "Additions of Spherule".
 */
#ifndef APPLIBS_STORAGE_H
#define APPLIBS_STORAGE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * The path of a file of the image, from the root of the device's files, whether the file is there or
 * not.  The caller frees it.  Returns NULL with errno: EFAULT @relativePath is NULL, EINVAL it is
 * empty, absolute, or has a part that is empty, "." or "..", ENOMEM.
 */
char *Storage_GetAbsolutePathInImagePackage(const char *relativePath);

/*
 * Opens a file of the image for reading.  Returns a file descriptor that the caller closes, or -1 with
 * errno: EFAULT, EINVAL as above; others of open(2).
 */
int Storage_OpenFileInImagePackage(const char *relativePath);

/*
 * Opens the app's file for reading and writing, at its start; makes it if it is not there.  Returns a
 * file descriptor that the caller closes, or -1 with errno: EACCES the manifest does not ask for
 * MutableStorage; others of open(2).
 */
int Storage_OpenMutableFile(void);

/*
 * Deletes the app's file.  Returns 0, or -1 with errno: EACCES the manifest does not ask for
 * MutableStorage, ENOENT there is no file; others of unlink(2).
 */
int Storage_DeleteMutableFile(void);

/*
 * Additions of Spherule.
 *
 * The app's file is one of a folder, which is the app's: it may have as many files and folders there
 * as its SizeKB has room for.  Files of up to 512 bytes are kept in the folder itself.  A larger one takes
 * whole blocks of what the flash erases, and a folder takes two.
 */

/* Room for every path that Storage_GetMutableFolder() gives. */
#define STORAGE_MUTABLE_FOLDER_BYTES 64

/* Name of the app's file in the folder. */
#define STORAGE_MUTABLE_FILE_NAME "mutable"

/*
 * Puts the path of the app's folder into @path, with a NUL and without a slash at its end.  Returns 0,
 * or -1 with errno: EFAULT @path is NULL, ERANGE @pathBytes is too small, EACCES the manifest does not
 * ask for MutableStorage.
 */
int Storage_GetMutableFolder(char *path, size_t pathBytes);

#ifdef __cplusplus
}
#endif

#endif
