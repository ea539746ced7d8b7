// SPDX-License-Identifier: Apache-2.0
/* How much an app may log. */

#include "applog.h"
#include "limits.h"

/* Rooms are in thousandths of a byte: what a quota gives in a millisecond is a whole number of them. */
bool applog_takes(struct log_quota *quota, size_t bytes, long long now_ms)
{
	const long long burst = 1000ll * LOG_QUOTA_S * quota->bytes_per_s;
	const long long least = 1000ll * LOG_QUOTA_MIN_BYTES;
	const long long most = burst > least ? burst : least;
	const long long cost = 1000ll * (bytes > LOG_MESSAGE_COST_MIN ? bytes : LOG_MESSAGE_COST_MIN);

	quota->room += (now_ms - quota->filled_ms) * quota->bytes_per_s;
	if (!quota->filled_ms || quota->room > most)
		quota->room = most;
	quota->filled_ms = now_ms;
	quota->is_closed = quota->room < (quota->is_closed ? most / 2 : cost);
	if (quota->is_closed) {
		quota->dropped_messages++;
		quota->dropped_bytes += (unsigned int)bytes;
		return false;
	}
	quota->room -= cost;
	return true;
}
