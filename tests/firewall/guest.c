// SPDX-License-Identifier: Apache-2.0
/* An app in the network of plan.h; its first argument says which. */

#include <stddef.h>
#include <string.h>

#include "attempt.h"
#include "guest.h"

static const struct {
	const char *mode;
	void (*run)(void);
} modes[] = {
	{ "client", client_try },    { "unnamed", client_unnamed },
	{ "named", client_named },   { "again", client_again },
	{ "pinger", client_ping },   { "stranger", stranger_try },
	{ "thief", stranger_steal }, { "intruder", stranger_intrude },
	{ "server", server_serve },  { "networkd", networkd_resolve },
	{ "client-app", client_app },	  { "client-look", client_look },
	{ "stranger-app", stranger_app }, { "server-app", server_app },
	{ "networkd-app", networkd_app }, { "load-app", load_app },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(modes); i++) {
		if (strcmp(modes[i].mode, argv[1]))
			continue;
		modes[i].run();
		return attempt_sum(argv[1]);
	}
	return 1;
}
