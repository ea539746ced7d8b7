// SPDX-License-Identifier: Apache-2.0
/*
 * The one place where the tokenizer jsmn (a header-only library, Debian package libjsmn-dev) is
 * compiled.  json.c alone calls it.
 */
#define JSMN_STRICT
#include <jsmn.h>
