/* SPDX-License-Identifier: GPL-2.0-only */
#define ilog2(n)	(31 - __builtin_clz(n))
