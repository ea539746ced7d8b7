// SPDX-License-Identifier: Apache-2.0
/* Keeping the ring: what is put into it, and when it is written. */

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "abi/errors.h"
#include "abi/monitor_records.h"
#include "abi/record_ring.h"
#include "console.h"
#include "counter.h"
#include "monitor.h"
#include "records.h"

#define FILE_PATH	STORAGE_FOLDER "/.appman"
#define ATTRIBUTE	"user.ends"

/* littlefs has 1,022 bytes for the name behind "user.", its NUL, and the value. */
static_assert(sizeof("ends") + sizeof(struct record_ring) <= 1022, "the ring fits an attribute");

static_assert(CONTROL_WHERE_COUNT == SPHERULE_END_IN_LIBRARY + 1, "the kernel's places are known");

static struct record_ring ring = { .magic = RECORD_RING_MAGIC };
static uint32_t boot;
static bool is_changed;
static unsigned int writes_left = RECORDS_WRITES_AT_ONCE;
static long long counted_ms;		/* when writes_left last grew */

void records_open(void)
{
	struct sph_telemetry telemetry;
	ssize_t got = getxattr(FILE_PATH, ATTRIBUTE, &ring, sizeof(ring));

	if (!monitor_telemetry(&telemetry))
		boot = telemetry.boots;
	if (got >= 0 && record_ring_is_sound(&ring, (size_t)got))
		return;
	/* Longer than any ring: ERANGE. */
	if (got >= 0 || (errno != ENOENT && errno != ENODATA))
		console_error(E_APPMAN_RECORDS, "what is kept of how programs ended is not used: %s",
			      got >= 0 ? "it is damaged" : strerror(errno));
	ring = (struct record_ring){ .magic = RECORD_RING_MAGIC };
}

void records_read_end(pid_t pid, struct spherule_end *end)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/attr/prev", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, end, sizeof(*end)) != (ssize_t)sizeof(*end))
		*end = (struct spherule_end){ 0 };
	if (fd >= 0)
		close(fd);
}

void records_add_end(const struct app *app, int status, uint8_t reason, long long ran_ms,
		     const struct spherule_end *end)
{
	struct control_record record = {
		.boot = boot,
		.time_s = (uint32_t)(counter_since_power_on_us() / 1000000),
		.ran_ms = ran_ms > UINT32_MAX ? UINT32_MAX : (uint32_t)ran_ms,
		.peak_kib = app->memory_peak_kib,
		.pc = end->pc,
		.lr = end->lr,
		.reason = reason,
		.code = WIFSIGNALED(status) ? 0 : (uint8_t)WEXITSTATUS(status),
		.signal = WIFSIGNALED(status) ? (uint8_t)WTERMSIG(status) : 0,
		.where = (uint8_t)(end->pc_where | end->lr_where << CONTROL_WHERE_LR_SHIFT),
	};

	image_uuid_parse(app->id, strlen(app->id), record.component_id);
	record_ring_add(&ring, &record);
	is_changed = true;
}

const struct control_record *records_get(uint32_t number)
{
	return number < ring.count ? &ring.records[number] : NULL;
}

void records_write(bool at_once, long long now_ms)
{
	int fd;

	if (now_ms - counted_ms >= RECORDS_WRITE_MS) {
		counted_ms = now_ms;
		writes_left += writes_left < RECORDS_WRITES_AT_ONCE;
	}
	if (!is_changed || (!writes_left && !at_once))
		return;
	writes_left -= writes_left > 0;
	is_changed = false;
	fd = open(FILE_PATH, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || fsetxattr(fd, ATTRIBUTE, &ring, record_ring_bytes(&ring), 0) < 0)
		console_error(E_APPMAN_RECORDS, "how programs ended cannot be kept: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
}
