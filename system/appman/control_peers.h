/* SPDX-License-Identifier: Apache-2.0 */
/* Who may ask application-manager for what. */
#ifndef APPMAN_CONTROL_PEERS_H
#define APPMAN_CONTROL_PEERS_H

#include <stdint.h>

#define CONTROL_MAY_LOOK	(1u << 0)	/* list, status, memory, records */
#define CONTROL_MAY_WATCH	(1u << 1)	/* events and logs */
#define CONTROL_MAY_RUN		(1u << 2)	/* start, stop, restart, safe mode */
#define CONTROL_MAY_INSTALL	(1u << 3)	/* install, remove */

/* CONTROL_MAY_* of a system app; 0 for all others.  @id as image_uuid_format() has it.  Pure. */
unsigned int control_rights(const char *id);

/* The right that a command of abi/control.h takes.  Pure. */
unsigned int control_right_of(uint32_t command);

#endif
