/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Safe mode: only system apps are started.
 *
 * On when SAFE_MODE_EARLY_ENDS starts of the device in a row were ended by a reset before they had
 * lasted for SAFE_MODE_STABLE_MS, which the Security Monitor counts (abi/smc.md), or when a program asks
 * for it.  Off at the next start of the device after one that lasted, or when a program asks for that.
 */
#ifndef APPMAN_SAFE_MODE_H
#define APPMAN_SAFE_MODE_H

#include <stdbool.h>

#include "app.h"

/* Asks the monitor, before the first app is started. */
void safe_mode_begin(void);

bool safe_mode_is_on(void);

/* Whether @app, whose start is due, has to wait for the end of safe mode. */
bool safe_mode_holds(struct app *app);

/* Stops the apps of OEMs, or starts those that safe mode has stopped or kept from starting. */
void safe_mode_set(bool on, long long now_ms);

/* Tells the monitor, once, when this start has lasted; called at least as often as the watchdog is fed. */
void safe_mode_settle(long long now_ms);

#endif
