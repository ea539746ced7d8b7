/* SPDX-License-Identifier: GPL-2.0-only */
#define BIT(n)	(1u << (n))
