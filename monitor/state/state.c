// SPDX-License-Identifier: GPL-2.0-only
/* The state in memory: as it is in flash, and as it will be. */
#include "monitor/state/state.h"

#include <assert.h>
#include <string.h>

#include "abi/errors.h"
#include "monitor/state/store.h"
#include "monitor/plat.h"

static_assert(sizeof(struct state) <= STORE_PAYLOAD_MAX, "the state fits a place of the store");
static_assert(sizeof(struct state) % sizeof(uint32_t) == 0, "the state is whole words");

static struct state now, draft;
static struct store store;

int state_load(const struct cfi_flash *secure_flash)
{
	int error;

	store = (struct store){
		.flash = secure_flash,
		.offset = plat.state_offset,
		.sectors = plat.state_sectors,
		.format = STATE_FORMAT,
		.bytes = sizeof(now),
	};
	error = store_load(&store, &now);
	if (error == E_MONITOR_STATE_BLANK)
		memset(&now, 0, sizeof(now));
	return error;
}

const struct state *state_now(void)
{
	return &now;
}

struct state *state_draft(void)
{
	memcpy(&draft, &now, sizeof(draft));
	return &draft;
}

int state_commit(void)
{
	const int error = store_save(&store, &draft);

	if (!error)
		memcpy(&now, &draft, sizeof(now));
	return error;
}
