/* SPDX-License-Identifier: Apache-2.0 */
/* What a manifest asks for, for people: sph manifest check prints it. */
#ifndef SPH_MANIFEST_PRINT_H
#define SPH_MANIFEST_PRINT_H

#include <stdio.h>

#include "abi/manifest.h"

/* Lines "  name  value".  @manifest is a valid one, whose texts hold no control characters. */
void manifest_print(FILE *out, const struct manifest *manifest);

#endif
