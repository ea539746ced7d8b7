/* SPDX-License-Identifier: Apache-2.0 */
/* The filter of system calls of apps, from application-manager's own table and by its own builder. */
#ifndef BOXES_FILTER_H
#define BOXES_FILTER_H

/* A descriptor of a file that holds it, as bubblewrap reads one; or -1 with errno. */
int filter_file(void);

/* Takes the calling process under it, for ever.  Returns 0, or -1 with errno. */
int filter_enter(void);

#endif
