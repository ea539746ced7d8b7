/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Identities of the Spherule LSM, as programs see them, and what they open.
 *
 * /proc/<pid>/attr/current and the socket option SO_PEERSEC give exactly
 *
 *	CID: 48A22E96-D078-4E34-9D7A-91B3404031DA
 *	TID: 9eca6399-06ff-4bec-aaa6-6107eae14d74
 *	CAPS: 00000043
 *
 * each line with its newline: component, tenant, and the bits below in
 * hexadecimal. /proc/self/attr/exec and lsm_set_self_attr() take the same text.
 */
#ifndef _UAPI_LINUX_SPHERULE_H
#define _UAPI_LINUX_SPHERULE_H

#include <linux/ioctl.h>
#include <linux/types.h>

/* Bytes of the text, without a NUL. */
#define SPHERULE_IDENTITY_BYTES		99

/* Netlink sockets for routes and packet filter, CAP_NET_ADMIN, hardware addresses. */
#define SPHERULE_CAP_NETWORK_CONFIG	(1U << 0)
/* Ports below 1024. */
#define SPHERULE_CAP_LOW_PORT		(1U << 1)
/* Setting the clock. */
#define SPHERULE_CAP_TIME		(1U << 2)
/* reboot(2): restart and power off, nothing else of it. */
#define SPHERULE_CAP_POWER		(1U << 3)
/* syslog(2): reading the kernel's log. */
#define SPHERULE_CAP_KERNEL_LOG		(1U << 4)
/* Opening GPIO chips; which lines is said by SPHERULE_GPIO_SET_OWNER. */
#define SPHERULE_CAP_GPIO		(1U << 5)
/* Reading raw flash by MTD devices. */
#define SPHERULE_CAP_FLASH_READ		(1U << 6)
/* /dev/security-monitor: questions to the Security Monitor. */
#define SPHERULE_CAP_MONITOR		(1U << 7)
/* Unix sockets of its own that other components may connect and send to. */
#define SPHERULE_CAP_SERVE		(1U << 8)
/* Debugging: being traced, by a process of the same component that has it too. */
#define SPHERULE_CAP_DEBUG		(1U << 9)
/* What the monitor is asked for, beside SPHERULE_CAP_MONITOR. Images: writing, installing, removing. */
#define SPHERULE_CAP_IMAGE_UPDATE	(1U << 10)
/* Images: which there are, and how much room. */
#define SPHERULE_CAP_IMAGE_QUERY	(1U << 11)
/* The stage of the device, its owner, its trust store. */
#define SPHERULE_CAP_DEVICE_STATE	(1U << 12)
/* Keys of the component itself. */
#define SPHERULE_CAP_DERIVE_KEY		(1U << 13)
/* What the device signs about itself. */
#define SPHERULE_CAP_ATTEST		(1U << 14)
/* Counters of starts, resets and failures. */
#define SPHERULE_CAP_TELEMETRY		(1U << 15)

#define SPHERULE_CAP_KNOWN		((SPHERULE_CAP_TELEMETRY << 1) - 1)

#define SPHERULE_PORTS_MAX	20

/**
 * struct spherule_ports - which ports a program may bind
 * @tcp_count: how many of @numbers are of TCP, the first ones
 * @udp_count: how many behind them are of UDP
 * @numbers: in the order of the host
 *
 * lsm_set_self_attr(LSM_ATTR_SOCKCREATE) takes it, from the manager only, for
 * the program that is executed next. Without it a program binds no port by its
 * number. Ports below 1024 need SPHERULE_CAP_LOW_PORT too;
 * SPHERULE_CAP_NETWORK_CONFIG needs no list.
 */
struct spherule_ports {
	__u16 tcp_count;
	__u16 udp_count;
	__u16 numbers[SPHERULE_PORTS_MAX];
};

/* Where an address is. */
#define SPHERULE_END_NOWHERE	0	/* in no file that is executed: the address itself */
#define SPHERULE_END_IN_PROGRAM	1	/* in the program, whose addresses do not change */
#define SPHERULE_END_IN_LIBRARY	2	/* in a library: bytes behind the start of its code's mapping */

/**
 * struct spherule_end - where a program was when a fault of its own ended it
 * @pc: the instruction
 * @lr: where the function that it is in may return to, bit 0 cleared
 * @pc_where: SPHERULE_END_*
 * @lr_where: likewise
 * @reserved: 0
 *
 * The manager reads it from /proc/<pid>/attr/prev, once, after a child of it has
 * ended by a signal that would leave a core file, and before it collects it.
 */
struct spherule_end {
	__u32 pc;
	__u32 lr;
	__u8 pc_where;
	__u8 lr_where;
	__u16 reserved;
};

/**
 * struct spherule_gpio_owner - whose a GPIO line is
 * @line: offset in the chip
 * @component: CID in the order of its text; nil: nobody's
 */
struct spherule_gpio_owner {
	__u32 line;
	__u8 component[16];
};

/*
 * On a GPIO chip, by the manager only. EBUSY while the line is another's: it is
 * given back before it is given away.
 */
#define SPHERULE_GPIO_SET_OWNER		_IOW(0xB4, 0x80, struct spherule_gpio_owner)

/**
 * struct spherule_monitor_request - a question to the Security Monitor
 * @function: SPH_SMC_* of abi/smc.h; those that can be asked are a table in
 *	drivers/firmware/spherule/device.c
 * @arguments: r1 to r4; 0 where the call takes the address of a record
 * @results: r1 to r3 of the answer, 0 after an error; after EKEYREJECTED the
 *	first is the reason, a number of abi/errors.h
 * @record_bytes: exactly what the call reads or writes there; 0: no record
 * @record: the caller's record, aligned or not; 0: no record
 */
struct spherule_monitor_request {
	__u32 function;
	__u32 arguments[4];
	__u32 results[3];
	__u32 record_bytes;
	__u32 reserved;		/* 0 */
	__u64 record;
};

/*
 * On /dev/security-monitor. EPERM: the call is not in the table, or needs another
 * capability. EINVAL: a record that is not as the call takes it.
 */
#define SPHERULE_MONITOR_CALL		_IOWR(0xB4, 0x90, struct spherule_monitor_request)

#endif
