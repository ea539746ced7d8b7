/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The list of installed images: its entries in the state, and the calls that ask about them.
 */
#ifndef MONITOR_IMAGES_IMAGE_LIST_H
#define MONITOR_IMAGES_IMAGE_LIST_H

#include <stdint.h>

#include "monitor/cfi.h"
#include "monitor/images/image_table.h"
#include "monitor/plat.h"
#include "monitor/smc.h"
#include "monitor/state/state.h"

/* Before the other functions; @flash lives as long as the monitor. */
void image_list_init(const struct cfi_flash *flash);

/* The partition of the apps.  It belongs to no slot: both name the same. */
const struct plat_partition *image_partition(void);

uint32_t image_count(void);

/* The image that begins at @offset of the partition, or NULL. */
const struct image_entry *image_list_find_offset(uint32_t offset);

/*
 * Whether an image that is genuine may be in the list now: its key and version still count, and the
 * component is not another tenant's.  0 or E_MONITOR_TRUST_*, E_MONITOR_ROLLBACK,
 * E_MONITOR_IMAGE_TENANT, E_MONITOR_CRYPTO.
 */
int image_list_check(const struct image_entry *entry);

/*
 * Checks it again and puts it into a draft, in the place of an older image of its component, and
 * raises the version.  0; SPH_SMC_E_NO_SPACE when the list is full; or as image_list_check(), or
 * E_MONITOR_VERSIONS_FULL.
 */
int image_list_put(struct state *draft, const struct image_entry *entry);

/*
 * Once in the life of a device: takes in the genuine packages that begin at sectors of the
 * partition, and logs which it refused.  Returns 0 or E_MONITOR_STATE_WRITE.
 */
int image_list_adopt(void);

int32_t image_remove(const struct smc_args *args, struct smc_results *results);
int32_t image_info(const struct smc_args *args, struct smc_results *results);
int32_t image_verify(const struct smc_args *args, struct smc_results *results);

#endif
