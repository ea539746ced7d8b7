# SPDX-License-Identifier: MIT
#
# The flags on which musl, applibs and apps must agree.  Staged beside app.mk.

CROSS ?= arm-linux-gnueabihf-

CPU_FLAGS := -Os -mcpu=cortex-a7 -mthumb -mfloat-abi=hard -mfpu=vfpv4-d16

# Tables for unwinding serve C++ exceptions only and would be read by nobody.
C_FLAGS := $(CPU_FLAGS) -std=gnu11 -g -Wall -Wextra -ffunction-sections -fdata-sections \
	-fstack-protector-strong -fno-unwind-tables -fno-asynchronous-unwind-tables

# One read-only executable segment, mapped from flash, and one writable segment.  Separate segments
# for headers and constants, or RELRO, would each cost a mapping and padding to a page.
PAGE_LDFLAGS := -Wl,-z,max-page-size=4096,-z,noseparate-code,-z,norelro,-z,noexecstack \
	-Wl,--hash-style=gnu,--gc-sections
