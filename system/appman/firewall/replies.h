/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the kernel answers: verdicts on batches, and the counters of a set's elements.  Pure.
 *
 * Sources: Linux, include/uapi/linux/netfilter/nf_tables.h: enum nft_set_elem_list_attributes and
 * what is in them.
 */
#ifndef APPMAN_FIREWALL_REPLIES_H
#define APPMAN_FIREWALL_REPLIES_H

#include <stddef.h>
#include <stdint.h>

#include "firewall.h"

/*
 * One part of the dump of the set with counters.  Writes those of @mark that are in it to @counters.
 * Returns 0 at the end of the dump, -EINPROGRESS when there are more parts, an error of the kernel,
 * or -EPROTO for what is no such part.
 */
int replies_read_counters(const uint8_t *bytes, size_t length, uint32_t mark,
			  struct firewall_counters *counters);

/*
 * One part of what is said to a batch.  @verdict is -EINPROGRESS before the first; it becomes 0 when
 * the kernel has done all of the batch, or the first error.  Returns 0, or -EPROTO for what is no such
 * part.
 */
int replies_read_verdict(const uint8_t *bytes, size_t length, int *verdict);

#endif
