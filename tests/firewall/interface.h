/* SPDX-License-Identifier: Apache-2.0 */
/* Network interfaces, which networkd will configure. */
#ifndef TESTS_FIREWALL_INTERFACE_H
#define TESTS_FIREWALL_INTERFACE_H

/* Gives @name an address and raises it.  Returns 0, or -1 with errno. */
int interface_raise(const char *name, const char *address, const char *mask);

/* The way to everybody else.  Returns 0, or -1 with errno. */
int interface_route(const char *gateway);

#endif
