# SPDX-License-Identifier: Apache-2.0
# The kernel: source tree, configuration, product kernel, test kernel, headers, device trees.

KERNEL := $(BUILD)/kernel
LINUX_TARBALL ?= /usr/src/linux-source-6.12.tar.xz
KERNEL_SOURCE = $(KERNEL)/src
KERNEL_MAKE = $(MAKE) -C $(KERNEL_SOURCE) ARCH=arm CROSS_COMPILE=$(CROSS) LOCALVERSION= \
	KBUILD_BUILD_USER=spherule KBUILD_BUILD_HOST=spherule KBUILD_BUILD_TIMESTAMP=@0
XIP_PHYS_ADDR = $(shell sed -n 's/^.define KERNEL_XIP_PHYS_ADDR[[:space:]]*//p' $(BOARD_DIR)/flash_map.h)

KERNEL_SERIES := $(wildcard kernel/base kernel/series kernel/patches/*.patch)
KERNEL_OVERLAY := $(shell find -L kernel/tree -type f)
KERNEL_CONFIG := kernel/config/base.config $(BOARD_DIR)/kernel.config $(BOARD_DIR)/flash_map.h

# A fresh unpacking keeps the dates of the archive, so that only what the series changes is rebuilt.
$(KERNEL)/src.stamp: $(KERNEL_SERIES) $(LINUX_TARBALL)
	@mk/step "kernel: unpacking and patching the source" $(BUILD)/log/kernel-tree.log \
		env BUILD=$(BUILD) LINUX_TARBALL=$(LINUX_TARBALL) kernel/k tree
	@grep '^kernel/k: note' $(BUILD)/log/kernel-tree.log || true
	@touch $@

$(KERNEL)/overlay.stamp: $(KERNEL)/src.stamp $(KERNEL_OVERLAY)
	@BUILD=$(BUILD) kernel/k overlay
	@touch $@

# $(1): output folder, $(2): configuration fragments, of which a later one overrides an earlier one.
define kernel_configure
	@mkdir -p $(1)
	@{ cat $(2); echo CONFIG_XIP_PHYS_ADDR=$(XIP_PHYS_ADDR); } > $(1)/fragment.config
	@$(KERNEL_MAKE) -s O=$(1) KCONFIG_ALLCONFIG=$(1)/fragment.config allnoconfig > $(1)/config.log 2>&1 || \
		{ cat $(1)/config.log >&2; exit 1; }
	@mk/kernel-config-check $(1)/fragment.config $(1)/.config
	@touch $(1)/.config
endef

$(KERNEL)/out/.config: $(KERNEL)/overlay.stamp $(KERNEL_CONFIG)
	$(call kernel_configure,$(KERNEL)/out,kernel/config/base.config $(BOARD_DIR)/kernel.config)

$(KERNEL)/xipImage: $(KERNEL)/out/.config
	@mk/step "kernel: compiling (some minutes the first time)" $(BUILD)/log/kernel.log \
		$(KERNEL_MAKE) O=$(KERNEL)/out -j$(JOBS) xipImage
	@cp $(KERNEL)/out/arch/arm/boot/xipImage $@

$(KERNEL)/out-test/.config: $(KERNEL)/overlay.stamp $(KERNEL_CONFIG) kernel/config/test.config
	$(call kernel_configure,$(KERNEL)/out-test,kernel/config/base.config $(BOARD_DIR)/kernel.config kernel/config/test.config)

$(KERNEL)/xipImage-test: $(KERNEL)/out-test/.config
	@mk/step "kernel: compiling the test kernel" $(BUILD)/log/kernel-test.log \
		$(KERNEL_MAKE) O=$(KERNEL)/out-test -j$(JOBS) xipImage
	@cp $(KERNEL)/out-test/arch/arm/boot/xipImage $@

# What the LSM costs is seen beside a kernel without it.
$(KERNEL)/out-open/.config: $(KERNEL)/overlay.stamp $(KERNEL_CONFIG) kernel/config/open.config
	$(call kernel_configure,$(KERNEL)/out-open,kernel/config/base.config $(BOARD_DIR)/kernel.config kernel/config/open.config)

$(KERNEL)/xipImage-open: $(KERNEL)/out-open/.config
	@mk/step "kernel: compiling the kernel without the LSM" $(BUILD)/log/kernel-open.log \
		$(KERNEL_MAKE) O=$(KERNEL)/out-open -j$(JOBS) xipImage
	@cp $(KERNEL)/out-open/arch/arm/boot/xipImage $@

# What executing in place is worth is seen beside what others would use (tests/peers). A variant starts
# as a copy of the objects of another: paths in an output folder are relative to it, so that only what
# depends on the options that differ is compiled.
PEERS_CONFIG := kernel/config/base.config $(BOARD_DIR)/kernel.config kernel/config/open.config \
	kernel/config/peers.config
STOCK_CONFIG := $(PEERS_CONFIG) kernel/config/stock.config
WORKSPACE_CONFIG := $(STOCK_CONFIG) kernel/config/workspace.config
BLOCKLESS_CONFIG := $(PEERS_CONFIG) kernel/config/blockless.config
JFFS2_CONFIG := $(BLOCKLESS_CONFIG) kernel/config/jffs2.config
JFFS2ZLIB_CONFIG := $(JFFS2_CONFIG) kernel/config/jffs2zlib.config
PEER_KERNELS := $(addprefix $(KERNEL)/xipImage-,peers stock workspace blockless)
JFFS2_KERNELS := $(addprefix $(KERNEL)/xipImage-,jffs2 jffs2zlib)
PEER_SOURCES := $(KERNEL)/overlay.stamp $(BOARD_DIR)/flash_map.h

$(KERNEL)/out-peers/.config: $(PEER_SOURCES) $(PEERS_CONFIG) | $(KERNEL)/xipImage-open
	@[ -d $(KERNEL)/out-peers ] || cp -a $(KERNEL)/out-open $(KERNEL)/out-peers
	$(call kernel_configure,$(KERNEL)/out-peers,$(PEERS_CONFIG))

$(KERNEL)/out-stock/.config: $(PEER_SOURCES) $(STOCK_CONFIG) | $(KERNEL)/xipImage-peers
	@[ -d $(KERNEL)/out-stock ] || cp -a $(KERNEL)/out-peers $(KERNEL)/out-stock
	$(call kernel_configure,$(KERNEL)/out-stock,$(STOCK_CONFIG))

$(KERNEL)/out-workspace/.config: $(PEER_SOURCES) $(WORKSPACE_CONFIG) | $(KERNEL)/xipImage-stock
	@[ -d $(KERNEL)/out-workspace ] || cp -a $(KERNEL)/out-stock $(KERNEL)/out-workspace
	$(call kernel_configure,$(KERNEL)/out-workspace,$(WORKSPACE_CONFIG))

# Most of the kernel depends on whether there are block devices.
$(KERNEL)/out-blockless/.config: $(PEER_SOURCES) $(BLOCKLESS_CONFIG) | $(KERNEL)/xipImage-open
	@[ -d $(KERNEL)/out-blockless ] || cp -a $(KERNEL)/out-open $(KERNEL)/out-blockless
	$(call kernel_configure,$(KERNEL)/out-blockless,$(BLOCKLESS_CONFIG))

# JFFS2 beside our littlefs.
$(KERNEL)/out-jffs2/.config: $(PEER_SOURCES) $(JFFS2_CONFIG) | $(KERNEL)/xipImage-blockless
	@[ -d $(KERNEL)/out-jffs2 ] || cp -a $(KERNEL)/out-blockless $(KERNEL)/out-jffs2
	$(call kernel_configure,$(KERNEL)/out-jffs2,$(JFFS2_CONFIG))

$(KERNEL)/out-jffs2zlib/.config: $(PEER_SOURCES) $(JFFS2ZLIB_CONFIG) | $(KERNEL)/xipImage-jffs2
	@[ -d $(KERNEL)/out-jffs2zlib ] || cp -a $(KERNEL)/out-jffs2 $(KERNEL)/out-jffs2zlib
	$(call kernel_configure,$(KERNEL)/out-jffs2zlib,$(JFFS2ZLIB_CONFIG))

# The sandbox of an app beside bubblewrap and crun.
SANDBOX_CONFIG := kernel/config/base.config $(BOARD_DIR)/kernel.config kernel/config/sandbox.config
SANDBOX_KERNEL := $(KERNEL)/xipImage-sandbox

$(KERNEL)/out-sandbox/.config: $(PEER_SOURCES) $(SANDBOX_CONFIG) | $(KERNEL)/xipImage
	@[ -d $(KERNEL)/out-sandbox ] || cp -a $(KERNEL)/out $(KERNEL)/out-sandbox
	$(call kernel_configure,$(KERNEL)/out-sandbox,$(SANDBOX_CONFIG))

# The product's kernel whose allocations can be made to fail (make soak).
FAULTS_CONFIG := $(KERNEL_CONFIG) kernel/config/faults.config
FAULTS_KERNEL := $(KERNEL)/xipImage-faults

$(KERNEL)/out-faults/.config: $(PEER_SOURCES) $(FAULTS_CONFIG)
	$(call kernel_configure,$(KERNEL)/out-faults,$(filter %.config,$(FAULTS_CONFIG)))

# What the patches are worth: upstream's sources, which the series begins with.
UNPATCHED_CONFIG := kernel/config/base.config $(BOARD_DIR)/kernel.config kernel/config/open.config \
	kernel/config/unpatched.config
UNPATCHED_KERNEL := $(KERNEL)/xipImage-unpatched

$(KERNEL)/unpatched.stamp: $(KERNEL)/src.stamp
	@rm -rf $(KERNEL)/unpatched
	@mkdir -p $(KERNEL)/unpatched
	@git -C $(KERNEL)/src archive base | tar -x -C $(KERNEL)/unpatched
	@touch $@

$(KERNEL)/out-unpatched/.config $(UNPATCHED_KERNEL): KERNEL_SOURCE = $(KERNEL)/unpatched
$(KERNEL)/out-unpatched/.config: $(KERNEL)/unpatched.stamp $(BOARD_DIR)/flash_map.h $(UNPATCHED_CONFIG)
	$(call kernel_configure,$(KERNEL)/out-unpatched,$(UNPATCHED_CONFIG))

$(PEER_KERNELS) $(JFFS2_KERNELS) $(SANDBOX_KERNEL) $(FAULTS_KERNEL) $(UNPATCHED_KERNEL): $(KERNEL)/xipImage-%: $(KERNEL)/out-%/.config
	@mk/step "kernel: compiling the kernel \"$*\"" $(BUILD)/log/kernel-$*.log \
		$(KERNEL_MAKE) O=$(KERNEL)/out-$* -j$(JOBS) xipImage
	@cp $(KERNEL)/out-$*/arch/arm/boot/xipImage $@

$(KERNEL)/headers.stamp: $(KERNEL)/overlay.stamp
	@mk/step "kernel: headers for programs" $(BUILD)/log/kernel-headers.log \
		$(KERNEL_MAKE) O=$(KERNEL)/headers INSTALL_HDR_PATH=$(BUILD)/sdk headers_install
	@touch $@

# One device tree for each size of RAM that the board's flash map names.
RAM_SIZES := $(shell sed -n 's/^.define RAM_SIZES_KIB[[:space:]]*//p' $(BOARD_DIR)/flash_map.h | tr -d ,)
DTBS := $(RAM_SIZES:%=$(BUILD)/dtb/$(BOARD)-%.dtb)

$(BUILD)/dtb/$(BOARD)-%.dtb: $(BOARD_DIR)/$(BOARD).dts $(BOARD_DIR)/flash_map.h
	@mkdir -p $(@D)
	@cpp -nostdinc -undef -P -D__DTS__ -x assembler-with-cpp -I $(BOARD_DIR) -DRAM_KIB=$* $< | \
		dtc -q -I dts -O dtb -o $@ -
