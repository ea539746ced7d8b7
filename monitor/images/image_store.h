/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The image calls of abi/smc.h that write: room, data, judgement, and one commit for all.
 *
 * What is being written is remembered in RAM only, so a reset forgets it.  Nothing in the visible
 * flash is an installed image but what the table in the secure flash says.
 */
#ifndef MONITOR_IMAGES_IMAGE_STORE_H
#define MONITOR_IMAGES_IMAGE_STORE_H

#include "monitor/boot.h"
#include "monitor/cfi.h"
#include "monitor/smc.h"

#define IMAGES_STAGED_MAX	4	/* handles at once */

/* Before the first call, when the state was loaded; both live as long as the monitor. */
void image_store_init(const struct cfi_flash *flash, const struct boot_info *boot);

int32_t image_begin(const struct smc_args *args, struct smc_results *results);
int32_t image_write(const struct smc_args *args, struct smc_results *results);
int32_t image_finish(const struct smc_args *args, struct smc_results *results);
int32_t image_abort(const struct smc_args *args, struct smc_results *results);
int32_t image_install(const struct smc_args *args, struct smc_results *results);
int32_t image_space(const struct smc_args *args, struct smc_results *results);

#endif
