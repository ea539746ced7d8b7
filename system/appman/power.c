// SPDX-License-Identifier: Apache-2.0
/* The end: unmount and hand the machine back to the monitor. */

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app.h"
#include "console.h"
#include "installed.h"
#include "abi/errors.h"
#include "mounts.h"
#include "power.h"
#include "records.h"
#include "storage.h"
#include "supervise.h"

static enum power_action wanted = POWER_STAY;

void power_want(enum power_action action, const char *why)
{
	if (wanted != POWER_STAY)
		return;
	wanted = action;
	console_info("%s: stopping all apps", why);
	supervise_stop_all(console_now_ms());
}

enum power_action power_wanted(void)
{
	return wanted;
}

static void unmount_apps(void)
{
	for_each_app(app) {
		char path[APP_PATH_BYTES];
		int err;

		app_path(app, path);
		err = mounts_remove_image(path);
		if (err)
			console_error(E_APPMAN_MOUNT, "unmount %s: %s", path, strerror(-err));
		if (app->on_trial)
			installed_drop_former(app);
	}
}

/* A killed process holds its image until it is gone; one that hangs in the kernel is not waited for. */
static void end_all_processes(void)
{
	long long deadline_ms = console_now_ms() + STOP_GRACE_MS;

	kill(-1, SIGKILL);
	while (waitpid(-1, NULL, WNOHANG) >= 0 && console_now_ms() < deadline_ms)
		poll(NULL, 0, 10);
}

void power_down(enum power_action action)
{
	end_all_processes();
	unmount_apps();
	records_write(true, console_now_ms());
	storage_close();
	sync();
	console_info("%s", action == POWER_OFF ? "power off" : "reset");
	reboot(action == POWER_OFF ? RB_POWER_OFF : RB_AUTOBOOT);
	console_error(E_APPMAN_INTERNAL, "reboot: %s", strerror(errno));
}
