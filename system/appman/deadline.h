/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Moments at which something is due: milliseconds of console_now_ms(), -1 for never.
 */
#ifndef APPMAN_DEADLINE_H
#define APPMAN_DEADLINE_H

#include <stdbool.h>

static inline long long deadline_earlier(long long one, long long other)
{
	if (one < 0 || other < 0)
		return one < 0 ? other : one;
	return one < other ? one : other;
}

static inline bool deadline_is_over(long long deadline_ms, long long now_ms)
{
	return deadline_ms >= 0 && now_ms >= deadline_ms;
}

#endif
