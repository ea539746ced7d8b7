// SPDX-License-Identifier: Apache-2.0
/* The ports that a program may bind. */

#include <errno.h>
#include <linux/lsm.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ports.h"

/* Linux, arch/arm/tools/syscall.tbl; musl 1.2.3 does not know it yet. */
#define SYS_LSM_SET_SELF_ATTR	460

int ports_list(struct spherule_ports *ports, const uint16_t *tcp, size_t tcp_count,
	       const uint16_t *udp, size_t udp_count)
{
	*ports = (struct spherule_ports){ 0 };
	if (tcp_count > SPHERULE_PORTS_MAX || udp_count > SPHERULE_PORTS_MAX - tcp_count)
		return -E2BIG;
	for (size_t i = 0; i < tcp_count; i++)
		ports->numbers[i] = tcp[i];
	for (size_t i = 0; i < udp_count; i++)
		ports->numbers[tcp_count + i] = udp[i];
	ports->tcp_count = (uint16_t)tcp_count;
	ports->udp_count = (uint16_t)udp_count;
	return 0;
}

int ports_take(const struct spherule_ports *ports)
{
	union {
		struct lsm_ctx context;
		char bytes[sizeof(struct lsm_ctx) + sizeof(*ports)];
	} attribute = { .context = {
		.id = LSM_ID_SPHERULE,
		.len = sizeof(attribute.bytes),
		.ctx_len = sizeof(*ports),
	} };

	memcpy(attribute.context.ctx, ports, sizeof(*ports));
	return (int)syscall(SYS_LSM_SET_SELF_ATTR, LSM_ATTR_SOCKCREATE, &attribute,
			    sizeof(attribute.bytes), 0u);
}
