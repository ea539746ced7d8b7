// SPDX-License-Identifier: Apache-2.0
/* Identities as text, and taking one. */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/lsm.h>

#include "attempt.h"
#include "identity.h"

/* Linux, arch/arm/tools/syscall.tbl; musl 1.2.3 does not know it yet. */
#define SYS_LSM_SET_SELF_ATTR	460

/* Longer than an identity, to try that. */
#define TEXT_MAX_BYTES		256

void identity_format(unsigned int number, uint32_t capabilities,
		     char text[SPHERULE_IDENTITY_BYTES + 1])
{
	snprintf(text, SPHERULE_IDENTITY_BYTES + 1,
		 "CID: 0B8F3A52-1F0E-4C0E-8A54-0D6A8F6F%04X\nTID: " IDENTITY_TENANT
		 "\nCAPS: %08lx\n",
		 number & 0xffff, (unsigned long)capabilities);
}

static int set_attribute(unsigned int which, const void *bytes, size_t length)
{
	union {
		struct lsm_ctx context;
		char bytes[sizeof(struct lsm_ctx) + TEXT_MAX_BYTES];
	} attribute = { .context = {
		.id = LSM_ID_SPHERULE,
		.len = sizeof(struct lsm_ctx) + length,
		.ctx_len = length,
	} };

	if (length > TEXT_MAX_BYTES) {
		errno = E2BIG;
		return -1;
	}
	memcpy(attribute.context.ctx, bytes, length);
	return (int)syscall(SYS_LSM_SET_SELF_ATTR, which, &attribute,
			    (uint32_t)attribute.context.len, 0u);
}

int identity_set_by_call(const char *text, size_t length)
{
	return set_attribute(LSM_ATTR_EXEC, text, length);
}

int identity_set_ports(const struct spherule_ports *ports, size_t bytes)
{
	return set_attribute(LSM_ATTR_SOCKCREATE, ports, bytes);
}

int identity_set_by_file(const char *path, const char *text, size_t length)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t written = fd < 0 ? -1 : write(fd, text, length);

	attempt_close(fd);
	return written < 0 ? -1 : 0;
}

void identity_execute(unsigned int component, uid_t user, const char *path,
		      char *const arguments[])
{
	char text[SPHERULE_IDENTITY_BYTES + 1];

	identity_format(component, 0, text);
	if (setresgid(user, user, user) || setresuid(user, user, user))
		_exit(errno);
	/* A kernel without the LSM has no such call. */
	if (identity_set_by_call(text, SPHERULE_IDENTITY_BYTES) && errno != EOPNOTSUPP &&
	    errno != ENOSYS)
		_exit(errno);
	execve(path, arguments, NULL);
	_exit(errno);
}

int identity_read(const char *path, char text[SPHERULE_IDENTITY_BYTES + 1])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, SPHERULE_IDENTITY_BYTES + 1);

	attempt_close(fd);
	text[length < 0 ? 0 : length < SPHERULE_IDENTITY_BYTES ? length : SPHERULE_IDENTITY_BYTES] = 0;
	return length < 0 ? -1 : 0;
}
