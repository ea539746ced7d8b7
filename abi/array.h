/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/* The number of elements of an array. */
#ifndef SPHERULE_ABI_ARRAY_H
#define SPHERULE_ABI_ARRAY_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#endif
