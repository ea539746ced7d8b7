/* SPDX-License-Identifier: Apache-2.0 */
/* Would the device run this program?  Pure: bytes in, the broken rule out. */
#ifndef SPH_ELF_CHECK_H
#define SPH_ELF_CHECK_H

#include <stddef.h>
#include <stdint.h>

/*
 * Returns NULL when @bytes is a 32-bit little-endian ARM EABI5 program that can be executed in
 * place: no segment is writable and executable, PT_GNU_STACK is there and not executable, and file
 * offsets agree with addresses modulo a page.  Else the rule that it breaks, as a sentence.
 */
const char *elf_check(const uint8_t *bytes, size_t length);

#endif
