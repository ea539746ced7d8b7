// SPDX-License-Identifier: GPL-2.0-only
/* Sets up what only the secure world can set up for the normal one (Arm DDI 0406C.d, B4.1). */
#include "world.h"

#include "cpu.h"
#include "plat.h"

#define READ_CP15(value, op1, crn, crm, op2) \
	__asm__ volatile("mrc p15, " #op1 ", %0, " #crn ", " #crm ", " #op2 : "=r"(value))

#define WRITE_CP15(value, op1, crn, crm, op2) \
	__asm__ volatile("mcr p15, " #op1 ", %0, " #crn ", " #crm ", " #op2 ::"r"(value) : "memory")

/* B4.1.129: secure configuration. */
#define SCR_NS			(1 << 0)

/* B4.1.111: VFP and NEON, and the cache-coherency switch of ACTLR (implementation defined). */
#define NSACR_CP10_CP11		(3 << 10)
#define NSACR_NS_SMP		(1 << 18)

/* Cortex-A7 TRM, 4.3.31: must be set before caches are enabled, also with one processor. */
#define ACTLR_SMP		(1 << 6)

/* Cortex-A7 TRM, 4.3.27: the value at reset: MMU, caches and alignment checks off. */
#define SCTLR_RESET		0x00c50078

/* B4.1.94: not 0 when there is a Hyp mode, and with it an offset of the virtual timer. */
#define ID_PFR1_VIRTUALIZATION	(0xf << 12)

static void set_virtual_timer_offset_zero(void)
{
	uint32_t features;

	READ_CP15(features, 0, c0, c1, 1);
	if (features & ID_PFR1_VIRTUALIZATION)
		__asm__ volatile("mcrr p15, 4, %0, %0, c14" ::"r"(0));
}

/* Monitor mode reaches the normal world's copies of banked registers while SCR.NS is set. */
static void reset_banked_registers(void)
{
	uint32_t scr;

	READ_CP15(scr, 0, c1, c1, 0);
	WRITE_CP15(scr | SCR_NS, 0, c1, c1, 0);
	cpu_barrier();
	WRITE_CP15(SCTLR_RESET, 0, c1, c0, 0);
	WRITE_CP15(0, 0, c12, c0, 0); /* VBAR */
	WRITE_CP15(0, 0, c2, c0, 2);  /* TTBCR */
	WRITE_CP15(0, 0, c8, c7, 0);  /* TLBIALL */
	WRITE_CP15(0, 0, c7, c5, 0);  /* ICIALLU */
	set_virtual_timer_offset_zero();
	WRITE_CP15(scr, 0, c1, c1, 0);
	cpu_barrier();
}

void world_init(void)
{
	uint32_t actlr;

	WRITE_CP15(NSACR_CP10_CP11 | NSACR_NS_SMP, 0, c1, c1, 2);
	READ_CP15(actlr, 0, c1, c0, 1);
	WRITE_CP15(actlr | ACTLR_SMP, 0, c1, c0, 1);
	WRITE_CP15(plat.timer_hz, 0, c14, c0, 0); /* CNTFRQ */
	reset_banked_registers();
}
