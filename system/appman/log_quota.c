// SPDX-License-Identifier: Apache-2.0
/* How much an app may log. */

#include "limits.h"
#include "log_quota.h"

static uint32_t capacity(const struct log_quota *quota)
{
	const uint32_t bytes = quota->bytes_per_s * LOG_QUOTA_S;

	return bytes > LOG_QUOTA_MIN_BYTES ? bytes : LOG_QUOTA_MIN_BYTES;
}

static void fill(struct log_quota *quota, long long now_ms)
{
	const uint32_t most = capacity(quota);
	const unsigned long long gained = (unsigned long long)(now_ms - quota->filled_ms) *
					  quota->bytes_per_s / 1000;

	/* Less than a byte is left to grow. */
	if (!gained)
		return;
	quota->filled_ms = now_ms;
	quota->room_bytes = gained > most - quota->room_bytes ? most :
								quota->room_bytes + (uint32_t)gained;
}

void log_quota_set(struct log_quota *quota, uint32_t bytes_per_s, long long now_ms)
{
	if (quota->bytes_per_s == bytes_per_s)
		return;
	quota->bytes_per_s = bytes_per_s;
	quota->room_bytes = capacity(quota);
	quota->filled_ms = now_ms;
	quota->is_closed = false;
}

bool log_quota_takes(struct log_quota *quota, size_t bytes, long long now_ms)
{
	const uint32_t cost = bytes > LOG_MESSAGE_COST_MIN ? (uint32_t)bytes : LOG_MESSAGE_COST_MIN;

	fill(quota, now_ms);
	if (quota->is_closed ? quota->room_bytes < capacity(quota) / 2 : quota->room_bytes < cost) {
		quota->is_closed = true;
		quota->dropped_messages++;
		quota->dropped_bytes += (uint32_t)bytes;
		return false;
	}
	quota->is_closed = false;
	quota->room_bytes -= cost;
	return true;
}
