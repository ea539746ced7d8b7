/* SPDX-License-Identifier: Apache-2.0 */
/* What sockets could give an app beyond its own talk, by topic. */
#ifndef SOCKETS_H
#define SOCKETS_H

#include <stdbool.h>

void try_families(void);
void try_ioctls(void);
void try_local(void);
void try_options(void);
void try_ports(void);

/* Whether the loopback interface is up: nobody configures the network yet. */
bool loopback_is_up(void);

#endif
