/* SPDX-License-Identifier: GPL-2.0-only */
/* Bits, counted by the compiler. */
#ifndef FAKE_LINUX_BITOPS_H
#define FAKE_LINUX_BITOPS_H

#include <linux/bits.h>

#define hweight32(word)	((u32)__builtin_popcount(word))
#define __ffs(word)	((u32)__builtin_ctz(word))

#endif
