# SPDX-License-Identifier: Apache-2.0
# Spherule: build, run and test the whole product. "make help" lists the targets.

VERSION := 0.1.0
BOARD ?= qemu-virt
RAM ?= 4M
BUILD ?= $(CURDIR)/build
JOBS ?= $(shell nproc)
CROSS ?= arm-linux-gnueabihf-
BOARD_DIR := boards/$(BOARD)
export BUILD BOARD VERSION CROSS

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

include mk/kernel.mk
include mk/device.mk
include mk/test.mk

.PHONY: setup build run recovery-image test bench ram stack hardening-cost peers littlefs-peers sandbox-peers report powercut skips fuzz clean distclean soak smallest \
	help

setup: ## install the Debian packages that are missing
	@mk/setup

build: setup ## build everything that the device runs
	@$(MAKE) device

run: build ## boot the device; its flash is kept in build/run; RAM=2M for 2 MiB; Ctrl-A X leaves
	@$(MAKE) run-device

recovery-image: build ## write build/device/os.image, which the recovery loader takes: sb -k on the secure serial line
	@$(MAKE) os-image

test: setup ## run every test; the last line is "N passed, N failed"
	@$(MAKE) run-tests

bench: build ## measure RAM, flash and boot; writes build/bench/summary.json and a chart
	@$(MAKE) run-bench

ram: build ## say whose each KiB of the running device's RAM is; writes the tables of docs/ram.md and docs/ram.svg
	@$(MAKE) run-ram

stack: build ## compute the worst case of the kernel's stacks; CALLS=--make after a change of the kernel (ten minutes)
	@$(MAKE) run-stack

hardening-cost: build ## measure what the kernel hardening that is not taken would cost (half an hour)
	@$(MAKE) run-hardening-cost

peers: build ## measure the same programs on squashfs, erofs and others; writes docs/xip-peers.svg
	@$(MAKE) run-peers

littlefs-peers: build ## measure our littlefs beside JFFS2; writes docs/littlefs-peers.svg
	@$(MAKE) run-littlefs-peers

sandbox-peers: build ## measure the sandbox of an app, by parts and beside bubblewrap and crun; writes docs/sandbox-peers.svg
	@$(MAKE) run-sandbox-peers

smallest: build ## search with how little RAM Debian's kernel and ours reach pid 1 (ten minutes)
	@$(MAKE) run-smallest

report: build ## print the RAM and flash table against tests/budgets.txt
	@$(MAKE) run-report

powercut: build ## cut the power while storage (CUTS=N, 220), images (KILLS=N, 300) and apps (INSTALL_KILLS=N, 200) are changed
	@$(MAKE) run-powercut

skips: build ## skip instructions of verified boot at each place (an hour for each of three attacks)
	@$(MAKE) run-skips

soak: build ## load both sizes of RAM for MINUTES (20) each and, with allocations that fail, for a tenth of that; docs/soak.md
	@$(MAKE) run-soak

fuzz: setup ## long fuzzing of every parser; FUZZ_RUNS=N executions for each (1,000,000)
	@mk/setup mk/packages-fuzz
	@$(MAKE) run-fuzz

clean: ## remove what was built, but not the kernel's source and objects
	rm -rf $(filter-out $(BUILD)/kernel $(BUILD)/apt,$(wildcard $(BUILD)/*))

distclean: ## remove the build folder, the device's flash included
	rm -rf $(BUILD)

help: ## show this list
	@echo "Spherule $(VERSION), board $(BOARD)"
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 18 | sed 's/^/  make /'
