// SPDX-License-Identifier: Apache-2.0
/* What a program may do beyond its own memory. */

#include <assert.h>
#include <linux/spherule.h>
#include <string.h>

#include "abi/array.h"
#include "limits.h"
#include "privileges.h"

/* The system apps, by component id.  networkd binds the port of DHCP and sets the clock by SNTP. */
static const struct {
	const char *id;
	uint32_t capabilities;
} system_apps[] = {
	{ SYSTEM_APP_NETWORKD, SPHERULE_CAP_NETWORK_CONFIG | SPHERULE_CAP_LOW_PORT |
				       SPHERULE_CAP_TIME | SPHERULE_CAP_SERVE },
};

static const struct {
	uint32_t capability;
	gid_t group;
} node_groups[] = {
	{ SPHERULE_CAP_GPIO, GID_GPIO },
	{ SPHERULE_CAP_FLASH_READ, GID_FLASH },
	{ SPHERULE_CAP_MONITOR, GID_MONITOR },
};
static_assert(ARRAY_SIZE(node_groups) == PRIVILEGES_GROUPS_MAX, "each group has room");

static uint32_t system_capabilities(const char *id)
{
	for (size_t i = 0; i < ARRAY_SIZE(system_apps); i++)
		if (!strcmp(system_apps[i].id, id))
			return system_apps[i].capabilities;
	return 0;
}

uint32_t privileges_capabilities(const struct app *app, const struct manifest *manifest)
{
	uint32_t capabilities = 0;

	if (manifest->gpio_count)
		capabilities |= SPHERULE_CAP_GPIO;
	if (app->is_system)
		capabilities |= system_capabilities(app->id) & manifest->system_privileges;
	return capabilities;
}

bool privileges_is_networkd(const struct app *app)
{
	return app->is_system && !strcmp(app->id, SYSTEM_APP_NETWORKD);
}

size_t privileges_groups(uint32_t capabilities, gid_t groups[PRIVILEGES_GROUPS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_SIZE(node_groups); i++)
		if (capabilities & node_groups[i].capability)
			groups[count++] = node_groups[i].group;
	return count;
}
