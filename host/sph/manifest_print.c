// SPDX-License-Identifier: Apache-2.0
/* Says what a manifest asks for, a line for each thing; what it does not ask for has no line. */
#include "host/sph/manifest_print.h"

#include "abi/array.h"

static void print_ids(FILE *out, const char *name, unsigned int count,
		      const uint8_t *ids)
{
	unsigned int i;

	if (!count)
		return;
	fprintf(out, "  %-12s", name);
	for (i = 0; i < count; i++)
		fprintf(out, " %u", ids[i]);
	fputc('\n', out);
}

static void print_ports(FILE *out, const char *name, unsigned int count,
			const uint16_t *ports)
{
	unsigned int i;

	if (!count)
		return;
	fprintf(out, "  %-12s", name);
	for (i = 0; i < count; i++)
		fprintf(out, " %u", ports[i]);
	fputc('\n', out);
}

static void print_peripherals(FILE *out, const struct manifest *m)
{
	const struct {
		const char *name;
		const struct manifest_devices *devices;
	} kinds[] = {
		{ "Uart", &m->uarts },
		{ "I2cMaster", &m->i2c_masters },
		{ "SpiMaster", &m->spi_masters },
		{ "Pwm", &m->pwms },
		{ "Adc", &m->adcs },
	};
	size_t i;

	print_ids(out, "Gpio", m->gpio_count, m->gpios);
	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		print_ids(out, kinds[i].name, kinds[i].devices->count,
			  kinds[i].devices->ids);
}

static void print_network(FILE *out, const struct manifest *m)
{
	char text[CONNECTION_TEXT_BYTES], id[IMAGE_UUID_TEXT_BYTES];
	unsigned int i;

	for (i = 0; i < m->connection_count; i++) {
		connection_format(&m->connections[i], m->names, text);
		fprintf(out, "  %-12s %s\n", "connects to", text);
	}
	print_ports(out, "TCP ports", m->tcp_port_count, m->tcp_ports);
	print_ports(out, "UDP ports", m->udp_port_count, m->udp_ports);
	for (i = 0; i < m->peer_count; i++) {
		image_uuid_format(m->peers[i], id);
		fprintf(out, "  %-12s %s\n", "talks to", id);
	}
}

void manifest_print(FILE *out, const struct manifest *m)
{
	char id[IMAGE_UUID_TEXT_BYTES];

	image_uuid_format(m->component_id, id);
	fprintf(out, "  %-12s %s\n  %-12s %s\n  %-12s %s\n", "name", m->name,
		"component", id, "program", m->entry_point);
	fprintf(out, "  %-12s %u KiB\n  %-12s %u\n  %-12s %u bytes/s\n",
		"memory", m->memory_kib, "CPU weight", m->cpu_weight, "log",
		m->log_bytes_per_s);
	if (m->cpu_max_percent < 100)
		fprintf(out, "  %-12s %u %%\n", "CPU at most", m->cpu_max_percent);
	if (m->tmp_kib)
		fprintf(out, "  %-12s %u KiB\n", "/tmp", m->tmp_kib);
	if (m->storage_kib)
		fprintf(out, "  %-12s %u KiB\n", "storage", m->storage_kib);
	print_peripherals(out, m);
	print_network(out, m);
}
