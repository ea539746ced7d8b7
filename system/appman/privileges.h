/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a program may do beyond its own memory: capabilities of the Spherule LSM (linux/spherule.h)
 * and the groups that own device nodes.
 *
 * An OEM app gets what its manifest asks for, and never a capability of the system.  A system app
 * gets what its manifest asks for of its row of the table; one without a row gets nothing.  Pure.
 */
#ifndef APPMAN_PRIVILEGES_H
#define APPMAN_PRIVILEGES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "abi/manifest.h"
#include "app.h"

#define PRIVILEGES_GROUPS_MAX	3

/* SPHERULE_CAP_* */
uint32_t privileges_capabilities(const struct app *app, const struct manifest *manifest);

/* Whether it is the system app that configures the network and answers for names. */
bool privileges_is_networkd(const struct app *app);

/* The groups of the nodes that @capabilities open.  Returns how many. */
size_t privileges_groups(uint32_t capabilities, gid_t groups[PRIVILEGES_GROUPS_MAX]);

#endif
