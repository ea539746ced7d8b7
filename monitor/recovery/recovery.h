/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The recovery loader: takes an OS by YMODEM on the secure console when no slot can be started.
 *
 * What comes is an "OS image": a slot from its start to the end of its last image.  It goes into the
 * slot that is not the confirmed one, and nowhere else, and counts only when it is verified there as
 * at a start.  Nothing of it is executed before the restart that follows.
 */
#ifndef MONITOR_RECOVERY_RECOVERY_H
#define MONITOR_RECOVERY_RECOVERY_H

#include <stdint.h>

#include "monitor/boot_verify.h"
#include "monitor/cfi.h"

/*
 * Asks until an OS was taken and restarts the device then (SPH_RESET_RECOVERED), or returns when
 * nobody has answered for YMODEM_ASK_TOTAL_MS.  The state is loaded; @verified is used for working in.
 */
void recovery_run(const struct cfi_flash *flash, uint32_t ram_bytes, struct boot_verified *verified);

#endif
