# SPDX-License-Identifier: Apache-2.0
# How the board "qemu-virt" is started.

QEMU ?= qemu-system-arm
QEMU_MACHINE := -M virt,highmem=off,secure=on -cpu cortex-a7 -nographic -nic none

# $(1), $(2): the files of flash 0 and 1
QEMU_FLASH = -drive if=pflash,unit=0,format=raw,file=$(1) -drive if=pflash,unit=1,format=raw,file=$(2)

# Linux's UART and the monitor's on one terminal, with QEMU's own keys (Ctrl-A X).
QEMU_CONSOLE := -chardev stdio,id=terminal,mux=on,signal=off -serial chardev:terminal \
	-serial chardev:terminal -mon chardev=terminal
