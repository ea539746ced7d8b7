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

int monitor_image_info(uint32_t number, struct sph_image_info *info)
{
	struct spherule_monitor_request request = {
		.function = SPH_SMC_IMAGE_INFO,
		.arguments = { number },
		.record_bytes = sizeof(*info),
		.record = (uintptr_t)info,
	};

	return ask(&request);
}

int monitor_image_space(struct monitor_space *space)
{
	struct spherule_monitor_request request = { .function = SPH_SMC_IMAGE_SPACE };
	int err = ask(&request);

	*space = (struct monitor_space){
		.images = request.results[0],
		.free_bytes = request.results[1],
		.largest_bytes = request.results[2],
	};
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

static int ask_reason(struct spherule_monitor_request *request, uint32_t *reason)
{
	int err = ask(request);

	*reason = err == -EKEYREJECTED ? request->results[0] : 0;
	return err;
}

int monitor_image_finish(uint32_t handle, uint32_t *offset, uint32_t *reason)
{
	struct spherule_monitor_request request = {
		.function = SPH_SMC_IMAGE_FINISH,
		.arguments = { handle },
	};
	const int err = ask_reason(&request, reason);

	*offset = request.results[0];
	return err;
}

int monitor_image_abort(uint32_t handle)
{
	struct spherule_monitor_request request = {
		.function = SPH_SMC_IMAGE_ABORT,
		.arguments = { handle },
	};

	return ask(&request);
}

int monitor_image_install(uint32_t *reason)
{
	struct spherule_monitor_request request = { .function = SPH_SMC_IMAGE_INSTALL };

	return ask_reason(&request, reason);
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
	struct spherule_monitor_request request = {
		.function = SPH_SMC_IMAGE_VERIFY,
		.arguments = { offset },
	};

	return ask(&request) == -EKEYREJECTED ? request.results[0] : 0;
}

int monitor_telemetry(struct sph_telemetry *telemetry)
{
	struct spherule_monitor_request request = {
		.function = SPH_SMC_TELEMETRY,
		.record_bytes = sizeof(*telemetry),
		.record = (uintptr_t)telemetry,
	};

	return ask(&request);
}

void monitor_confirm(uint32_t function)
{
	struct spherule_monitor_request request = { .function = function };
	int err = ask(&request);

	if (err && err != -ENOSYS)
		console_error(E_APPMAN_MONITOR, "this start was not confirmed: %s", strerror(-err));
}

void monitor_feed_watchdog(long long now_ms)
{
	struct spherule_monitor_request request = {
		.function = SPH_SMC_WATCHDOG,
		.arguments = { WATCHDOG_MS },
	};
	int err;

	if (watchdog_due_ms < 0 || now_ms < watchdog_due_ms)
		return;
	err = ask(&request);
	if (err && err != -ENOSYS)
		console_error(E_APPMAN_MONITOR, "watchdog: %s", strerror(-err));
	watchdog_due_ms = err ? -1 : now_ms + WATCHDOG_MS / 3;
}

long long monitor_watchdog_deadline_ms(void)
{
	return watchdog_due_ms;
}
