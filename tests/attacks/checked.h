/* SPDX-License-Identifier: Apache-2.0 */
/* Attempts after which something must still hold, whatever the call said. */
#ifndef CHECKED_H
#define CHECKED_H

#include "attempt.h"

/* Made by each app: 0, or -1 with the errno with which an attempt ends that broke it. */
int checked_invariant(void);

/* attempt_all(), with the invariant checked in the process of each attempt, after it. */
void checked_all(const struct attempt *attempts, unsigned int count);

#endif
