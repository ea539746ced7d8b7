// SPDX-License-Identifier: Apache-2.0
/* Safe mode: only system apps are started. */

#include "abi/errors.h"
#include "abi/monitor_records.h"
#include "console.h"
#include "limits.h"
#include "abi/smc.h"
#include "monitor.h"
#include "safe_mode.h"
#include "supervise.h"

static bool is_on;

void safe_mode_begin(void)
{
	struct sph_telemetry telemetry;

	/* Without an answer the device is as useful as it can be. */
	if (monitor_telemetry(&telemetry) || telemetry.early_ends < SAFE_MODE_EARLY_ENDS)
		return;
	is_on = true;
	console_error(E_APPMAN_SAFE_MODE,
		      "safe mode: %u starts in a row ended within %d s; only system apps are started",
		      telemetry.early_ends, SAFE_MODE_STABLE_MS / 1000);
}

bool safe_mode_is_on(void)
{
	return is_on;
}

bool safe_mode_holds(struct app *app)
{
	app->is_held = is_on && !app->is_system;
	return app->is_held;
}

void safe_mode_set(bool on, long long now_ms)
{
	if (on == is_on)
		return;
	is_on = on;
	console_error(E_APPMAN_SAFE_MODE, on ? "safe mode was asked for; only system apps go on" :
					       "safe mode was ended; all apps are started");
	for_each_app(app) {
		if (on && app->state == APP_RUNNING && safe_mode_holds(app))
			supervise_stop(app, AFTER_NOTHING, now_ms);
		else if (!on && app->is_held && (app->state == APP_STOPPED || app->after == AFTER_NOTHING))
			supervise_stop(app, AFTER_RESTART, now_ms);
	}
}

void safe_mode_settle(long long now_ms)
{
	static bool is_settled;

	if (is_settled || now_ms < SAFE_MODE_STABLE_MS)
		return;
	is_settled = true;
	monitor_confirm(SPH_SMC_BOOT_SETTLED);
}
