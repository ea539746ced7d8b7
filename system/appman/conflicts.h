/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether an image that is staged can be installed beside the apps that are here: its manifest is
 * right, its component is no system app's, and no other app has what it claims (claims.h).
 */
#ifndef APPMAN_CONFLICTS_H
#define APPMAN_CONFLICTS_H

#include <stddef.h>
#include <stdint.h>

/*
 * @offset: of the image in the partition "apps", where the monitor has judged it.  Returns 0, or a number
 * of errors.h with @text, of @room bytes, saying what is wrong: both apps' names are in it.
 */
int conflicts_check(uint32_t offset, char *text, size_t room);

#endif
