// SPDX-License-Identifier: GPL-2.0-only
/* Console and calls; see tools.h. */
#include "tools.h"

#include "test_world.h"

#define UARTDR			(*(volatile uint32_t *)UART_BASE)

void smc_call(uint32_t regs[5]);

void put(const char *s)
{
	while (*s)
		UARTDR = (unsigned char)*s++;
}

void put_number(uint32_t n)
{
	char digits[11];
	char *p = &digits[10];

	*p = 0;
	do {
		*--p = (char)('0' + n % 10);
		n /= 10;
	} while (n);
	put(p);
}

int32_t call(uint32_t regs[5])
{
	smc_call(regs);
	return (int32_t)regs[0];
}

int32_t call4(uint32_t id, uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
	uint32_t regs[5] = { id, a, b, c, d };

	return call(regs);
}
