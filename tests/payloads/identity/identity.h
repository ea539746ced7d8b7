/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of this app share. */
#ifndef IDENTITY_H
#define IDENTITY_H

/* Who this app is, by app_manifest.json, and who it would like to be. */
extern const char identity_own[], identity_other[];

/* What this app was started as; and the argument with which it only says whether it is itself. */
extern const char *identity_program;
#define IDENTITY_CHILD_ARGUMENT	"child"

/* 0 when a file says the own identity. */
int identity_is_own(const char *path);

/* Each part makes its attempts. */
void identity_try_own(void);
void identity_try_peers(void);

#endif
