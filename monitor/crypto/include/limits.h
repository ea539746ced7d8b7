/* SPDX-License-Identifier: GPL-2.0-only */
/* The part of <limits.h> that mbed TLS uses; the compiler's own wants that of a C library. */
#ifndef MONITOR_CRYPTO_LIMITS_H
#define MONITOR_CRYPTO_LIMITS_H

#define CHAR_BIT	__CHAR_BIT__

#endif
