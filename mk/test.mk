# SPDX-License-Identifier: Apache-2.0
# Tests and measurements.

# Each of these folders has unit tests: "make -C FOLDER test".
UNIT_TESTS := abi host/littlefs host/sph kernel/test monitor sdk system/appman tests/littlefs
FUZZERS := abi host/littlefs host/sph kernel/test monitor/test
FUZZ_RUNS ?= 1000000
PAYLOADS := $(notdir $(patsubst %/,%,$(wildcard tests/payloads/*/)))
PYTHON := /usr/bin/python3

.PHONY: payloads warden firewall xip storage owner installer peer-images littlefs-peer-images boxes \
	partial-appman foreign-boxes sandbox-images run-tests run-bench run-ram run-stack run-hardening-cost run-peers \
	run-littlefs-peers run-sandbox-peers run-report run-fuzz run-powercut run-skips run-soak debian-kernel run-smallest

payloads: $(PAYLOADS:%=payload-%)

payload-%: sdk host-tools
	@mk/step "payload $*" $(BUILD)/log/payload-$*.log $(MAKE) -C tests/payloads/$* \
		SPHERULE_SDK=$(SDK) OUT=$(BUILD)/payloads/$* SPH=$(SPH)

# The stand-ins for application-manager in root filesystems of tests, and their programs.
WARDEN_PROGRAMS := warden ward debugger walker envoy toll first orphan

warden: $(WARDEN_PROGRAMS:%=warden-%)

warden-%: sdk
	@mk/step "warden: $*" $(BUILD)/log/warden-$*.log $(MAKE) -C tests/warden program APP=$* \
		SPHERULE_SDK=$(SDK) OUT=$(BUILD)/warden/$*

# Pid 1 of the root filesystem in which execution in place is looked at.
xip: sdk
	@mk/step "xip" $(BUILD)/log/xip.log $(MAKE) -C tests/xip program \
		SPHERULE_SDK=$(SDK) OUT=$(BUILD)/xip

# Pid 1 and the apps of the root filesystem in which the firewall is tried.
FIREWALL_PROGRAMS := gate guest

firewall: $(FIREWALL_PROGRAMS:%=firewall-%)

firewall-%: sdk
	@mk/step "firewall: $*" $(BUILD)/log/firewall-$*.log $(MAKE) -C tests/firewall program APP=$* \
		SPHERULE_SDK=$(SDK) OUT=$(BUILD)/firewall/$*

# What the other filesystems are measured with: pid 1, the programs, the kernels.
PEER_PROGRAMS := peer worker

peer-%: sdk
	@mk/step "peers: $*" $(BUILD)/log/peer-$*.log $(MAKE) -C tests/peers program APP=$* \
		SPHERULE_SDK=$(SDK) OUT=$(BUILD)/peers/$*

peer-images: payload-sleeper payload-dynamic $(PEER_PROGRAMS:%=peer-%) $(PEER_KERNELS)

# Our littlefs beside JFFS2: pid 1 and the kernels.
littlefs-peer-images: peer-writer littlefs-tools $(JFFS2_KERNELS)

# What a sandbox costs: pid 1 that starts programs in those of others; application-manager of which parts
# can be left out; bubblewrap and crun.
BOXES := $(BUILD)/boxes
PARTIAL := start_app cgroups_give cgroups_entry seccomp_enter applog_open_sender view_enter execve mount \
	umount2 syscall socket

boxes: sdk payload-sleeper payload-starter
	@mk/step "boxes" $(BUILD)/log/boxes.log $(MAKE) -C tests/boxes program \
		SPHERULE_SDK=$(SDK) OUT=$(BOXES)/boxes

partial-appman: appman
	@mk/step "appman by parts" $(BUILD)/log/partial.log $(MAKE) -C system/appman program \
		SPHERULE_SDK=$(SDK) OUT=$(BOXES)/appman JSMN=$(BUILD)/jsmn MORE_SRCS=partial.c \
		MORE_FOLDER=$(CURDIR)/tests/boxes MORE_CFLAGS="-iquote . -I$(CURDIR)/tests/peers" \
		LDFLAGS="$(PARTIAL:%=-Wl,--wrap=%)"

foreign-boxes:
	@mk/step "bubblewrap and crun" $(BUILD)/log/foreign.log mk/fetch-packages armhf \
		tests/boxes/debian-packages $(BOXES)/debian

sandbox-images: device boxes partial-appman foreign-boxes $(SANDBOX_KERNEL)

# Pid 1 of the root filesystem that tries the littlefs of the partition "storage".
storage: sdk littlefs-tools
	@mk/step "storage" $(BUILD)/log/storage.log $(MAKE) -C tests/storage program \
		SPHERULE_SDK=$(SDK) OUT=$(BUILD)/storage

# A monitor whose root key is not published, for devices that can be claimed.
OWNER := $(BUILD)/owner

$(OWNER)/root.pem:
	@mkdir -p $(@D)
	@openssl ecparam -name prime256v1 -genkey -noout -out $@

owner: monitor $(OWNER)/root.pem $(BUILD)/host/mkflash
	@mk/step "monitor with a root key of its own" $(BUILD)/log/owner.log $(MAKE) -C monitor \
		OUT=$(OWNER)/monitor ROOT_KEY=$(OWNER)/root.pem
	@$(BUILD)/host/mkflash -o $(OWNER)/flash0.img --monitor $(OWNER)/monitor/monitor.bin

# A small program in the place of Linux, which installs, for tests that start a device often.
installer: monitor
	@mk/step "monitor: installer" $(BUILD)/log/installer.log $(MAKE) -C monitor installer

test-images: device payloads warden partial-appman firewall xip storage owner installer $(KERNEL)/xipImage-test $(KERNEL)/xipImage-open \
	$(NEW_FLASH0)

run-tests: test-images
	@UNIT_TESTS="$(UNIT_TESTS)" $(PYTHON) tests/run

run-ram: payload-dynamic $(NEW_FLASH0)
	@$(PYTHON) tests/bench/ram_report.py

# The worst case of the kernel's stacks. CALLS=--make first compiles the kernel's objects once more and makes
# tests/stack/calls.txt of them.
run-stack: $(KERNEL)/xipImage
	@$(PYTHON) tests/stack/worst.py $(CALLS)

run-bench: payloads warden firewall xip peer-images littlefs-peer-images sandbox-images debian-kernel \
		$(KERNEL)/xipImage-open $(UNPATCHED_KERNEL) $(NEW_FLASH0)
	@$(PYTHON) tests/bench/bench.py

run-hardening-cost: $(NEW_FLASH0)
	@$(PYTHON) tests/bench/hardening_cost.py

run-peers: peer-images $(NEW_FLASH0)
	@$(PYTHON) tests/bench/peers.py

run-littlefs-peers: littlefs-peer-images $(NEW_FLASH0)
	@$(PYTHON) tests/bench/littlefs_peers.py

# Debian's kernel, which is only unpacked and started in QEMU.
DEBIAN_KERNEL := $(BUILD)/debian-kernel

debian-kernel:
	@mk/step "Debian's kernel" $(BUILD)/log/debian-kernel.log mk/fetch-packages armhf \
		tests/debian/debian-packages $(DEBIAN_KERNEL)

run-smallest: debian-kernel warden $(NEW_FLASH0)
	@$(PYTHON) tests/bench/smallest.py

run-sandbox-peers: sandbox-images warden $(NEW_FLASH0)
	@$(PYTHON) tests/bench/sandbox_peers.py

run-report: payloads $(NEW_FLASH0)
	@$(PYTHON) tests/bench/report.py

# First on the build machine, where a cut may leave any bits.
run-powercut: storage installer $(NEW_FLASH0)
	@$(MAKE) -C host/littlefs powercut-run
	@$(PYTHON) tests/bench/powercut.py $(CUTS)
	@$(PYTHON) tests/bench/image_cuts.py images $(KILLS)
	@$(PYTHON) tests/bench/image_cuts.py apps $(INSTALL_KILLS)

run-skips: installer $(NEW_FLASH0)
	@$(PYTHON) tests/bench/skips.py $(ATTACKS)

run-soak: payloads warden $(FAULTS_KERNEL) $(NEW_FLASH0)
	@$(PYTHON) tests/bench/under_load.py $(MINUTES)

run-fuzz:
	@$(PYTHON) tests/bench/fuzz.py $(FUZZ_RUNS) $(FUZZERS)
