// SPDX-License-Identifier: Apache-2.0
/* Extended attributes: names, limits, who may set them. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "attempt.h"
#include "storage.h"

#define PLACE		FOLDER "/xattrs"
#define OF_ROOT		PLACE "/of-root"	/* a file of the app in root's directory */
#define OWN		PLACE "/app/own"
#define LARGEST_BYTES	1000u
#define MOST		32u

enum { APP = 1000 };

static const char * const paths[] = { OWN, PLACE "/app", FOLDER };

static void expect(const char *path, const char *name, const char *value)
{
	char found[64] = "";
	ssize_t bytes = getxattr(path, name, found, sizeof(found) - 1);

	if (bytes != (ssize_t)strlen(value) || strcmp(found, value))
		trouble("%s of %s: %zd bytes, \"%s\", not \"%s\"", name, path, bytes, found, value);
}

static void set(const char *path, const char *name, const char *value)
{
	if (setxattr(path, name, value, strlen(value), 0))
		trouble("setxattr %s of %s: %m", name, path);
}

static void expect_list(const char *path, const char *wanted, size_t bytes)
{
	char list[256];
	ssize_t count = listxattr(path, list, sizeof(list));

	if (count != (ssize_t)bytes || memcmp(list, wanted, bytes))
		trouble("list of %s: %zd bytes", path, count);
	if (listxattr(path, NULL, 0) != count)
		trouble("length of the list of %s", path);
	refusal_expect("a list that does not fit", (int)listxattr(path, list, bytes - 1), ERANGE);
}

static void try_names(const char *path)
{
	static const char wanted[] = "user.littlefs.41\0user.b\0user.a";
	char small[2];

	refusal_expect("no attribute", (int)getxattr(path, "user.a", NULL, 0), ENODATA);
	set(path, "user.a", "first");
	set(path, "user.b", "");
	set(path, "user.littlefs.41", "number");
	refusal_expect("XATTR_CREATE", setxattr(path, "user.a", "x", 1, XATTR_CREATE), EEXIST);
	refusal_expect("XATTR_REPLACE", setxattr(path, "user.c", "x", 1, XATTR_REPLACE), ENODATA);
	expect(path, "user.a", "first");
	expect(path, "user.b", "");
	refusal_expect("a buffer that is too small",
		       (int)getxattr(path, "user.a", small, sizeof(small)), ERANGE);
	expect_list(path, wanted, sizeof(wanted));
}

static void try_others(const char *path)
{
	refusal_expect("the owner's number", setxattr(path, "user.littlefs.6f", "x", 1, 0),
		       EOPNOTSUPP);
	refusal_expect("the time's number", setxattr(path, "user.littlefs.74", "x", 1, 0),
		       EOPNOTSUPP);
	refusal_expect("the number of a name", setxattr(path, "user.littlefs.80", "x", 1, 0),
		       EOPNOTSUPP);
	refusal_expect("trusted", setxattr(path, "trusted.a", "x", 1, 0), EOPNOTSUPP);
	refusal_expect("security", setxattr(path, "security.a", "x", 1, 0), EOPNOTSUPP);
}

static void expect_kept_and_remove(const char *path)
{
	expect(path, "user.a", "first");
	expect(path, "user.littlefs.41", "number");
	set(path, "user.a", "another");
	expect(path, "user.a", "another");
	if (removexattr(path, "user.a") || removexattr(path, "user.b") ||
	    removexattr(path, "user.littlefs.41"))
		trouble("removexattr of %s: %m", path);
	refusal_expect("removal of none", removexattr(path, "user.a"), ENODATA);
	if (listxattr(path, NULL, 0))
		trouble("%s has attributes still", path);
}

static void try_largest(void)
{
	static char value[1100], found[1100];

	memset(value, 'v', sizeof(value));
	if (setxattr(OWN, "user.large", value, LARGEST_BYTES, 0) ||
	    getxattr(OWN, "user.large", found, sizeof(found)) != (ssize_t)LARGEST_BYTES ||
	    memcmp(found, value, LARGEST_BYTES))
		trouble("a large attribute: %m");
	refusal_expect("too large", setxattr(OWN, "user.large", value, sizeof(value), 0), E2BIG);
	refusal_expect("too large with its name", setxattr(OWN, "user.large", value, 1020, 0),
		       E2BIG);
	if (getxattr(OWN, "user.large", NULL, 0) != (ssize_t)LARGEST_BYTES)
		trouble("what was too large has taken the old one away");
	if (removexattr(OWN, "user.large"))
		trouble("removexattr: %m");
}

static void try_most(void)
{
	char name[16];
	int result = 0;
	unsigned int i;

	for (i = 0; !result && i <= MOST; i++) {
		snprintf(name, sizeof(name), "user.%u", i);
		result = setxattr(OWN, name, name, strlen(name), 0);
	}
	refusal_expect("one attribute too many", result, ENOSPC);
	if (i != MOST + 1)
		trouble("%u attributes", i);
	while (i--) {
		snprintf(name, sizeof(name), "user.%u", i);
		if (i < MOST && removexattr(OWN, name))
			trouble("removexattr %s: %m", name);
	}
}

static int set_of_root(void) { return setxattr(OF_ROOT, "user.a", "x", 1, 0); }
static int set_own(void) { return setxattr(OWN, "user.a", "x", 1, 0); }
static int remove_own(void) { return removexattr(OWN, "user.a"); }

/* It would make a log longer that the app does not pay for. */
static void try_users(void)
{
	refusal_expect("an attribute in another's directory", as_user(APP, set_of_root), EACCES);
	refusal_expect("an attribute in an own directory", as_user(APP, set_own), 0);
	expect(OWN, "user.a", "x");
	refusal_expect("removal in an own directory", as_user(APP, remove_own), 0);
}

void xattrs_try(void)
{
	if (mkdir(PLACE, 0755) || mkdir(PLACE "/app", 0700) || !file_write(OWN, "own", 3) ||
	    !file_write(OF_ROOT, "file", 4) || chown(PLACE "/app", APP, APP) ||
	    chown(OWN, APP, APP) || chown(OF_ROOT, APP, APP))
		trouble("making files: %m");
	for (unsigned int i = 0; i < ARRAY_SIZE(paths); i++) {
		try_names(paths[i]);
		try_others(paths[i]);
	}
	mount_again(NULL);
	for (unsigned int i = 0; i < ARRAY_SIZE(paths); i++)
		expect_kept_and_remove(paths[i]);
	try_largest();
	try_most();
	try_users();
	file_expect(OWN, "own", 3);
	if (unlink(OWN) || unlink(OF_ROOT) || rmdir(PLACE "/app") || rmdir(PLACE))
		trouble("removing: %m");
}
