// SPDX-License-Identifier: Apache-2.0
/* What application-manager asks of the Security Monitor. */

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/spherule.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>

#include "abi/errors.h"
#include "console.h"
#include "limits.h"
#include "monitor.h"

static_assert(WATCHDOG_MS >= SPH_WATCHDOG_MIN_MS && WATCHDOG_MS <= SPH_WATCHDOG_MAX_MS,
	      "the monitor takes this time");

#define RESULTS	3

static int device = -1;

/* The first feeding is due at once. */
static long long watchdog_due_ms;

void monitor_open(void)
{
	device = open("/dev/security-monitor", O_RDWR | O_CLOEXEC);
	if (device < 0)
		console_error(E_APPMAN_MONITOR, "/dev/security-monitor: %s", strerror(errno));
}

static int ask(struct spherule_monitor_request *request)
{
	if (device < 0)
		return -ENODEV;
	return ioctl(device, SPHERULE_MONITOR_CALL, request) < 0 ? -errno : 0;
}

static int ask_record(uint32_t function, uint32_t argument, void *record, uint32_t bytes)
{
	struct spherule_monitor_request request = {
		.function = function,
		.arguments = { argument },
		.record_bytes = bytes,
		.record = (uintptr_t)record,
	};

	return ask(&request);
}

/* @results: 0 after an error, unless it is a refusal. */
static int ask_for(uint32_t function, uint32_t argument, uint32_t results[RESULTS])
{
	struct spherule_monitor_request request = { .function = function, .arguments = { argument } };
	const int err = ask(&request);

	static_assert(sizeof(request.results) == RESULTS * sizeof(results[0]), "as the driver has it");
	memcpy(results, request.results, sizeof(request.results));
	return err;
}

static uint32_t reason_of(int err, const uint32_t results[RESULTS])
{
	return err == -EKEYREJECTED ? results[0] : 0;
}

int monitor_image_info(uint32_t number, struct sph_image_info *info)
{
	return ask_record(SPH_SMC_IMAGE_INFO, number, info, sizeof(*info));
}

int monitor_free_bytes(uint32_t *bytes)
{
	uint32_t results[RESULTS];
	const int err = ask_for(SPH_SMC_IMAGE_SPACE, 0, results);

	*bytes = results[1];	/* between the number of images and the largest piece */
	return err;
}

int monitor_image_begin(uint32_t bytes, uint32_t *handle)
{
	struct spherule_monitor_request request = {
		.function = SPH_SMC_IMAGE_BEGIN,
		.arguments = { SPH_IMAGE_APP, bytes },
	};
	int err = ask(&request);

	*handle = request.results[0];
	return err;
}

int monitor_image_write(uint32_t handle, uint32_t offset, const void *data, uint32_t bytes)
{
	struct spherule_monitor_request request = {
		.function = SPH_SMC_IMAGE_WRITE,
		.arguments = { handle, offset, 0, bytes },
		.record_bytes = bytes,
		.record = (uintptr_t)data,
	};

	return ask(&request);
}

int monitor_image_finish(uint32_t handle, uint32_t *offset, uint32_t *reason)
{
	uint32_t results[RESULTS];
	const int err = ask_for(SPH_SMC_IMAGE_FINISH, handle, results);

	*offset = results[0];
	*reason = reason_of(err, results);
	return err;
}

int monitor_image_abort(uint32_t handle)
{
	return ask_record(SPH_SMC_IMAGE_ABORT, handle, NULL, 0);
}

int monitor_image_install(uint32_t *reason)
{
	uint32_t results[RESULTS];
	const int err = ask_for(SPH_SMC_IMAGE_INSTALL, 0, results);

	*reason = reason_of(err, results);
	return err;
}

int monitor_image_remove(const uint8_t component_id[16])
{
	struct spherule_monitor_request request = { .function = SPH_SMC_IMAGE_REMOVE };

	static_assert(sizeof(request.arguments) == 16, "the id fills the arguments");
	memcpy(request.arguments, component_id, sizeof(request.arguments));
	return ask(&request);
}

uint32_t monitor_refusal(uint32_t offset)
{
	uint32_t results[RESULTS];

	return reason_of(ask_for(SPH_SMC_IMAGE_VERIFY, offset, results), results);
}

int monitor_telemetry(struct sph_telemetry *telemetry)
{
	return ask_record(SPH_SMC_TELEMETRY, 0, telemetry, sizeof(*telemetry));
}

void monitor_confirm(uint32_t function)
{
	const int err = ask_record(function, 0, NULL, 0);

	if (err && err != -ENOSYS)
		console_error(E_APPMAN_MONITOR, "this start was not confirmed: %s", strerror(-err));
}

void monitor_feed_watchdog(long long now_ms)
{
	int err;

	if (watchdog_due_ms < 0 || now_ms < watchdog_due_ms)
		return;
	err = ask_record(SPH_SMC_WATCHDOG, WATCHDOG_MS, NULL, 0);
	if (err && err != -ENOSYS)
		console_error(E_APPMAN_MONITOR, "watchdog: %s", strerror(-err));
	watchdog_due_ms = err ? -1 : now_ms + WATCHDOG_MS / 3;
}

long long monitor_watchdog_deadline_ms(void)
{
	return watchdog_due_ms;
}
