// SPDX-License-Identifier: Apache-2.0
/* What never changes of the firewall, as the build machine has made it. */

#include <assert.h>

#include "ruleset.h"
#include "ruleset.inc"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "as on the build machine: host/rules.c");
