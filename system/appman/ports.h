/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ports that a program may bind, which the LSM enforces (docs/lsm.md).
 */
#ifndef APPMAN_PORTS_H
#define APPMAN_PORTS_H

#include <linux/spherule.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Ports are in host order.  Pure.  Returns 0, or -E2BIG when they are more than SPHERULE_PORTS_MAX;
 * then there are none.
 */
int ports_list(struct spherule_ports *ports, const uint16_t *tcp, size_t tcp_count,
	       const uint16_t *udp, size_t udp_count);

/*
 * For the next execve() of the calling process, a child of application-manager that has not become
 * anybody yet.  Makes one system call and nothing else.  Returns 0, or -1 with errno.
 */
int ports_take(const struct spherule_ports *ports);

#endif
