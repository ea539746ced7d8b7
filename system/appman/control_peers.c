// SPDX-License-Identifier: Apache-2.0
/* Two tables: peers, and commands. */

#include <stddef.h>
#include <string.h>

#include "abi/array.h"
#include "abi/control.h"
#include "control_peers.h"
#include "limits.h"

static const struct {
	const char *id;
	unsigned int rights;
} peers[] = {
	{ SYSTEM_APP_CONTROLD,
	  CONTROL_MAY_LOOK | CONTROL_MAY_WATCH | CONTROL_MAY_RUN | CONTROL_MAY_INSTALL },
	{ SYSTEM_APP_UPDATED, CONTROL_MAY_LOOK | CONTROL_MAY_INSTALL },
};

static const unsigned int needs[] = {
	[CONTROL_LIST] = CONTROL_MAY_LOOK,
	[CONTROL_STATUS] = CONTROL_MAY_LOOK,
	[CONTROL_START] = CONTROL_MAY_RUN,
	[CONTROL_STOP] = CONTROL_MAY_RUN,
	[CONTROL_RESTART] = CONTROL_MAY_RUN,
	[CONTROL_MEMORY] = CONTROL_MAY_LOOK,
	[CONTROL_WATCH] = CONTROL_MAY_WATCH,
	[CONTROL_INSTALL_BEGIN] = CONTROL_MAY_INSTALL,
	[CONTROL_INSTALL_DATA] = CONTROL_MAY_INSTALL,
	[CONTROL_INSTALL_COMMIT] = CONTROL_MAY_INSTALL,
	[CONTROL_INSTALL_ABORT] = CONTROL_MAY_INSTALL,
	[CONTROL_REMOVE] = CONTROL_MAY_INSTALL,
	[CONTROL_RECORDS] = CONTROL_MAY_LOOK,
	[CONTROL_SAFE_MODE] = CONTROL_MAY_RUN,
};
static_assert(ARRAY_SIZE(needs) == CONTROL_COMMAND_END, "each command needs a right");

unsigned int control_rights(const char *id)
{
	for (size_t i = 0; i < ARRAY_SIZE(peers); i++)
		if (!strcmp(peers[i].id, id))
			return peers[i].rights;
	return 0;
}

unsigned int control_right_of(uint32_t command)
{
	return command < ARRAY_SIZE(needs) ? needs[command] : 0;
}
