// SPDX-License-Identifier: GPL-2.0-only
/* The root key, as crypto/root-key prints it. */
#include "root_key.h"

const struct root_key root_key = {
#include "root_key.inc"
};
