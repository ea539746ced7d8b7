/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much an app may log: a bucket that LogBytesPerSecond of its manifest fills, up to LOG_QUOTA_S
 * seconds' worth.  Who has emptied it is not heard until half of it is there again, so that what was
 * dropped is said once and not between any two messages.  Pure.
 */
#ifndef APPMAN_LOG_QUOTA_H
#define APPMAN_LOG_QUOTA_H

#include <stdbool.h>
#include <stddef.h>

#include "app.h"

/* Whether a message of @bytes is taken.  What is not is counted in @quota until somebody says so. */
bool log_quota_takes(struct log_quota *quota, size_t bytes, long long now_ms);

#endif
