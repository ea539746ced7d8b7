/* SPDX-License-Identifier: GPL-2.0-only */
/* What is on flash after an operation that was cut, or in a block that fails. */
#ifndef HOST_LITTLEFS_FLASH_FAULT_H
#define HOST_LITTLEFS_FLASH_FAULT_H

#include "flash.h"

/* Programs, or erases for a @from of NULL, as far as flash->cut says. */
void flash_cut_change(struct flash *flash, uint8_t *to, const uint8_t *from, uint32_t bytes);

/* What a read of bytes at @from sees, some of which may be unstable. */
void flash_read_unstable(struct flash *flash, const uint8_t *from, uint8_t *buffer, uint32_t bytes);

/* The fault of a block as it is now. */
enum flash_fault flash_fault_of(const struct flash *flash, uint32_t block);

/*
 * Before and after a program or an erase of a block with a fault: -EIO for an error, 1 for nothing
 * that is done, 0; and what it leaves of @bytes at @to, -EIO or 0.
 */
int flash_fault_before(enum flash_fault fault, bool is_erase);
int flash_fault_after(struct flash *flash, enum flash_fault fault, bool is_erase, uint8_t *to,
		      const uint8_t *from, uint32_t bytes);

#endif
