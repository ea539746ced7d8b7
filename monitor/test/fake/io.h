/* SPDX-License-Identifier: GPL-2.0-only */
/* Instead of arm/io.h: physical addresses of the machine in test/machine.c. */
#ifndef MONITOR_TEST_FAKE_IO_H
#define MONITOR_TEST_FAKE_IO_H

#include <stdint.h>

uint32_t io_read32(uint32_t address);
void io_write32(uint32_t address, uint32_t value);
void io_copy_in(uint32_t *to, uint32_t address, uint32_t bytes);

#endif
