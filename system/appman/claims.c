// SPDX-License-Identifier: Apache-2.0
/* What only one app of a device can have. */

#include "abi/array.h"
#include "claims.h"

static void add(struct claims *claims, const char *kind, unsigned int id)
{
	claims->list[claims->count++] = (struct claim){ kind, id };
}

static void add_devices(struct claims *claims, const char *kind, const struct manifest_devices *devices)
{
	for (unsigned int i = 0; i < devices->count; i++)
		add(claims, kind, devices->ids[i]);
}

static void add_ports(struct claims *claims, const char *kind, const uint16_t *ports, unsigned int count)
{
	for (unsigned int i = 0; i < count; i++)
		add(claims, kind, ports[i]);
}

/* Of each kind one pointer, for all sets. */
static const char gpio[] = "GPIO", tcp[] = "TCP port", udp[] = "UDP port";
static const char *const devices[] = { "UART", "I2C bus", "SPI bus", "PWM controller", "ADC" };

void claims_collect(const struct manifest *manifest, struct claims *claims)
{
	const struct manifest_devices *const lists[ARRAY_SIZE(devices)] = {
		&manifest->uarts, &manifest->i2c_masters, &manifest->spi_masters, &manifest->pwms,
		&manifest->adcs,
	};

	claims->count = 0;
	for (unsigned int i = 0; i < manifest->gpio_count; i++)
		add(claims, gpio, manifest->gpios[i]);
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++)
		add_devices(claims, devices[i], lists[i]);
	add_ports(claims, tcp, manifest->tcp_ports, manifest->tcp_port_count);
	add_ports(claims, udp, manifest->udp_ports, manifest->udp_port_count);
}

const struct claim *claims_meet(const struct claims *claims, const struct claims *others)
{
	for (size_t i = 0; i < claims->count; i++)
		for (size_t j = 0; j < others->count; j++)
			if (claims->list[i].kind == others->list[j].kind &&
			    claims->list[i].id == others->list[j].id)
				return &claims->list[i];
	return NULL;
}
