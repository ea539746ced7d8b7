/* SPDX-License-Identifier: Apache-2.0 */
/* What is done with a file that was opened for one thing. */
#ifndef APPMAN_DESCRIPTOR_H
#define APPMAN_DESCRIPTOR_H

#include <errno.h>
#include <unistd.h>

/* Closes @fd after a system call that returned @result.  Returns 0, or the -errno of that call. */
static inline int close_after(int fd, long result)
{
	const int err = result < 0 ? -errno : 0;

	close(fd);
	return err;
}

#endif
