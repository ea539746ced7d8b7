/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Removing a folder with all that an app has put there.
 *
 * The app is gone, so that nobody changes it meanwhile; but it may be as deep and as full as the app
 * wished.  Neither memory nor the stack grows with it.
 */
#ifndef APPMAN_STORAGE_TREE_H
#define APPMAN_STORAGE_TREE_H

/* Returns 0 or -errno: then a part of it is left. */
int storage_tree_remove(const char *path);

#endif
