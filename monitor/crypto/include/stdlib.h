/* SPDX-License-Identifier: GPL-2.0-only */
/* A header of mbed TLS wants <stdlib.h>, and nothing of it. */
