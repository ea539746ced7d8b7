// SPDX-License-Identifier: GPL-2.0-only
/* Arm PrimeCell UART PL011 (DDI 0183, chapter 3). */
#include "pl011.h"

#include "io.h"

#define UARTDR			0x000
#define UARTFR			0x018
#define UARTFR_RXFE		(1 << 4)
#define UARTFR_TXFF		(1 << 5)
#define UARTIBRD		0x024
#define UARTFBRD		0x028
#define UARTLCR_H		0x02c
#define UARTLCR_H_8N1_FIFO	0x70
#define UARTCR			0x030
#define UARTCR_RXE_TXE_UARTEN	0x301

#define BAUD			115200

/* Far more polls than a character takes at 115200 baud, even from a fast bus. */
#define POLLS_MAX		1000000

void pl011_init(uint32_t base, uint32_t clock_hz)
{
	/* DDI 0183, 3.3.6: the divisor in units of 1/64, rounded. */
	const uint32_t divisor = (clock_hz * 4 + BAUD / 2) / BAUD;

	io_write32(base + UARTCR, 0);
	io_write32(base + UARTIBRD, divisor / 64);
	io_write32(base + UARTFBRD, divisor % 64);
	io_write32(base + UARTLCR_H, UARTLCR_H_8N1_FIFO);
	io_write32(base + UARTCR, UARTCR_RXE_TXE_UARTEN);
}

void pl011_putc(uint32_t base, char c)
{
	for (uint32_t polls = 0; polls < POLLS_MAX; polls++) {
		if (!(io_read32(base + UARTFR) & UARTFR_TXFF)) {
			io_write32(base + UARTDR, (unsigned char)c);
			return;
		}
	}
}

int pl011_getc(uint32_t base)
{
	if (io_read32(base + UARTFR) & UARTFR_RXFE)
		return -1;
	/* The bits above are errors of the line, which the checksum of a block finds. */
	return (int)(io_read32(base + UARTDR) & 0xff);
}
