/* SPDX-License-Identifier: Apache-2.0 */
/* Identities as text, and taking one. */
#ifndef WARDEN_IDENTITY_H
#define WARDEN_IDENTITY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/spherule.h>

#define IDENTITY_TENANT	"9eca6399-06ff-4bec-aaa6-6107eae14d74"

/* The text of component number @number with @capabilities, and a NUL. */
void identity_format(unsigned int number, uint32_t capabilities,
		     char text[SPHERULE_IDENTITY_BYTES + 1]);

/* Both ways to set the identity after the next execve(); 0, or -1 with errno. */
int identity_set_by_call(const char *text, size_t length);
int identity_set_by_file(const char *path, const char *text, size_t length);

/* The ports that the caller's next program may bind: 0, or -1 with errno. */
int identity_set_ports(const struct spherule_ports *ports, size_t bytes);

/* Reads /proc/self/attr/current or the like; 0, or -1 with errno. */
int identity_read(const char *path, char text[SPHERULE_IDENTITY_BYTES + 1]);

/*
 * In a child of the manager: becomes a user and a component without capabilities, and executes a
 * program; ends with errno.  Works on a kernel without identities, too.
 */
_Noreturn void identity_execute(unsigned int component, uid_t user, const char *path,
				char *const arguments[]);

#endif
