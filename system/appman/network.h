/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the apps of the device may do on the network, from their manifests into the firewall.
 *
 * An app's entry is in force from its first start on, until it is stopped, replaced or removed: while
 * it waits for its next start nobody else has its ports.  What the firewall needs of a manifest is
 * kept here, in lists of a bounded size.
 */
#ifndef APPMAN_NETWORK_H
#define APPMAN_NETWORK_H

#include "abi/manifest.h"
#include "app.h"

/*
 * The app may do what @manifest says, and nothing else that it could before; after firewall_open(), and
 * if that has failed not at all.  Raises the loopback interface for who needs it.  Returns 0, or -errno
 * after having reported the reason; then all is as it was.
 */
int network_give(const struct app *app, const struct manifest *manifest);

/* The app may do nothing any more.  Reports when it fails: then it may until the next change. */
void network_take(const struct app *app);

#endif
