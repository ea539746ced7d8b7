/* SPDX-License-Identifier: GPL-2.0-only */
/* Arm PrimeCell UART PL011 (DDI 0183), without interrupts. */
#ifndef MONITOR_PL011_H
#define MONITOR_PL011_H

#include <stdint.h>

/* 115200 baud, 8n1, from a reference clock of `clock_hz`. */
void pl011_init(uint32_t base, uint32_t clock_hz);

/* Drops the character when the transmitter does not move. */
void pl011_putc(uint32_t base, char c);

/* A character that has come, or -1.  Never waits. */
int pl011_getc(uint32_t base);

#endif
