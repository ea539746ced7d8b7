// SPDX-License-Identifier: Apache-2.0
/* Files that are there after the next mount. */

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attempt.h"
#include "storage.h"

static const struct {
	const char *path;
	size_t bytes;
} files[] = {
	{ FOLDER "/kept-empty", 0 },
	{ FOLDER "/kept-small", 100 },
	{ FOLDER "/kept-middle", 5000 },
	{ FOLDER "/kept/large", 300000 },
	{ FOLDER "/kept/small", 511 },
};

static unsigned char data[300000];

void kept_make(void)
{
	if (mkdir(FOLDER "/kept", 0755))
		trouble("mkdir: %m");
	for (unsigned int i = 0; i < ARRAY_SIZE(files); i++) {
		fill(data, files[i].bytes, i);
		if (!file_write(files[i].path, data, files[i].bytes))
			trouble("%s: %m", files[i].path);
	}
}

void kept_check(void)
{
	for (unsigned int i = 0; i < ARRAY_SIZE(files); i++) {
		fill(data, files[i].bytes, i);
		file_expect(files[i].path, data, files[i].bytes);
	}
}
