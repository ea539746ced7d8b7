// SPDX-License-Identifier: Apache-2.0
/* The clock of the device, and its power: who may set and who may switch off. */

#define _GNU_SOURCE
#include <asm/unistd.h>
#include <errno.h>
#include <linux/reboot.h>
#include <stdint.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "attempt.h"
#include "calls.h"
#include "doors.h"

#define MAGIC	LINUX_REBOOT_MAGIC1

/* 2001-09-09: nobody's clock says so by itself. */
static int32_t time_32[2] = { 1000000000, 0 };
static int64_t time_64[2] = { 1000000000, 0 };
static int32_t zone[2] = { 60, 0 };
static int32_t nothing[64];

/* struct timex and struct __kernel_timex begin with the modes, each in its own width. */
static int32_t offset_32[64] = { ADJ_OFFSET, 1000 };
static int32_t frequency_32[64] = { ADJ_FREQUENCY, 0, 1000 };
static int64_t offset_64[64] = { ADJ_OFFSET, 1000 };
static int64_t jump_64[64] = { ADJ_SETOFFSET, 0 };

#define REBOOT(what, command, expected)						\
	{ "AS-19", what, expected, __NR_reboot,					\
	  { MAGIC, LINUX_REBOOT_MAGIC2, (long)(command), ADDRESS("x") } }

static const struct call calls[] = {
	{ "H-77", "read the clock", 0, __NR_clock_gettime64, { CLOCK_REALTIME, ADDRESS(nothing) } },
	{ "H-77", "read how the clock is disciplined", EPERM, __NR_adjtimex, { ADDRESS(nothing) } },
	{ "H-77", "settimeofday", EPERM, __NR_settimeofday, { ADDRESS(time_32), 0 } },
	{ "H-77", "settimeofday: the zone", EPERM, __NR_settimeofday, { 0, ADDRESS(zone) } },
	{ "H-77", "clock_settime", EPERM, __NR_clock_settime,
	  { CLOCK_REALTIME, ADDRESS(time_32) } },
	{ "H-77", "clock_settime64", EPERM, __NR_clock_settime64,
	  { CLOCK_REALTIME, ADDRESS(time_64) } },
	{ "H-77", "clock_settime64: TAI", EINVAL, __NR_clock_settime64,
	  { CLOCK_TAI, ADDRESS(time_64) } },
	{ "H-77", "clock_settime64: monotonic", EINVAL, __NR_clock_settime64,
	  { CLOCK_MONOTONIC, ADDRESS(time_64) } },
	{ "H-77", "clock_settime64: boot time", EINVAL, __NR_clock_settime64,
	  { CLOCK_BOOTTIME, ADDRESS(time_64) } },
	{ "H-77", "adjtimex: offset", EPERM, __NR_adjtimex, { ADDRESS(offset_32) } },
	{ "H-77", "adjtimex: frequency", EPERM, __NR_adjtimex, { ADDRESS(frequency_32) } },
	{ "H-77", "clock_adjtime: offset", EPERM, __NR_clock_adjtime,
	  { CLOCK_REALTIME, ADDRESS(offset_32) } },
	{ "H-77", "clock_adjtime64: offset", EPERM, __NR_clock_adjtime64,
	  { CLOCK_REALTIME, ADDRESS(offset_64) } },
	{ "H-77", "clock_adjtime64: jump", EPERM, __NR_clock_adjtime64,
	  { CLOCK_REALTIME, ADDRESS(jump_64) } },

	REBOOT("restart", LINUX_REBOOT_CMD_RESTART, EPERM),
	REBOOT("restart with a command", LINUX_REBOOT_CMD_RESTART2, EPERM),
	REBOOT("halt", LINUX_REBOOT_CMD_HALT, EPERM),
	REBOOT("power off", LINUX_REBOOT_CMD_POWER_OFF, EPERM),
	REBOOT("let Ctrl-Alt-Del restart", LINUX_REBOOT_CMD_CAD_ON, EPERM),
	REBOOT("let Ctrl-Alt-Del signal", LINUX_REBOOT_CMD_CAD_OFF, EPERM),
	REBOOT("execute another kernel", LINUX_REBOOT_CMD_KEXEC, EPERM),
	REBOOT("suspend to disk", LINUX_REBOOT_CMD_SW_SUSPEND, EPERM),
	REBOOT("an unknown command", 0x1234, EPERM),
	{ "AS-19", "restart with another magic", EPERM, __NR_reboot,
	  { MAGIC, LINUX_REBOOT_MAGIC2A, LINUX_REBOOT_CMD_RESTART, 0 } },
	{ "AS-19", "restart with a wrong magic", EPERM, __NR_reboot,
	  { MAGIC, 0, LINUX_REBOOT_CMD_RESTART, 0 } },
};

/* Alarms that would wake a suspended device; without an RTC the kernel has no such timers. */
static int make_alarm_timer(void)
{
	timer_t timer;

	return (int)syscall(__NR_timer_create, CLOCK_REALTIME_ALARM, NULL, &timer);
}

static int make_alarm_file(void)
{
	return (int)syscall(__NR_timerfd_create, CLOCK_BOOTTIME_ALARM, 0);
}

static int make_timer(void)
{
	timer_t timer;

	return (int)syscall(__NR_timer_create, CLOCK_REALTIME, NULL, &timer);
}

static int clock_is_as_it_was(void)
{
	struct timespec now;

	/* The tries set 2001; the device's own clock is at the epoch or at today. */
	if (clock_gettime(CLOCK_REALTIME, &now) < 0)
		return -1;
	return now.tv_sec / 100000 == time_32[0] / 100000 ? -1 : 0;
}

static const struct attempt attempts[] = {
	{ "H-77", "the clock was not set", clock_is_as_it_was, 0 },
	{ "H-77", "a timer", make_timer, 0 },
	{ "H-77", "a timer that wakes the device", make_alarm_timer, EOPNOTSUPP },
	{ "H-77", "a timer file that wakes the device", make_alarm_file, EPERM },
};

void try_clock(void)
{
	try_calls(calls, ARRAY_SIZE(calls));
	attempt_all(attempts, ARRAY_SIZE(attempts));
}
