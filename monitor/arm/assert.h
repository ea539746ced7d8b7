/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of the C library's <assert.h> that a program without that library can have. */
#ifndef MONITOR_ARM_ASSERT_H
#define MONITOR_ARM_ASSERT_H

#define static_assert _Static_assert

#endif
