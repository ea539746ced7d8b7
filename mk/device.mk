# SPDX-License-Identifier: Apache-2.0
# What the device runs, from the programs to the flash, and running it.

SDK := $(BUILD)/sdk
SPH := $(BUILD)/host/sph
DEVICE := $(BUILD)/device
RUN := $(BUILD)/run
APPS := hello blink
ROOTFS_ID := 5e0b7a0e-6d0c-4c55-9f55-6f1f3c2b7a10

# Each program has its own Makefile and knows what it depends on; it is asked each time, and says
# nothing when there is nothing to do.
QUIET := > /dev/null

.PHONY: device host-tools littlefs-tools sdk appman monitor apps rootfs flash run-device os-image

host-tools: $(BUILD)/host/mkflash
	@mk/step "host: sph" $(BUILD)/log/sph.log $(MAKE) -C host/sph

littlefs-tools:
	@mk/step "host: littlefs" $(BUILD)/log/littlefs.log $(MAKE) -C host/littlefs

$(BUILD)/host/mkflash: image/mkflash.c abi/boot.h abi/smc.h abi/image.h $(BOARD_DIR)/flash_map.h
	@mkdir -p $(@D)
	@gcc -std=gnu11 -O2 -Wall -Wextra -D_GNU_SOURCE -I. -I$(BOARD_DIR) -o $@ $< -lz

$(SDK)/include/hw/%.h: $(BOARD_DIR)/hardware.json | host-tools
	@mkdir -p $(@D)
	@$(SPH) board header $< -o $@

$(BUILD)/jsmn/jsmn.h: /usr/include/jsmn.h
	@mkdir -p $(@D)
	@cp $< $@

$(SDK)/share/boards/$(BOARD)/hardware.json: $(BOARD_DIR)/hardware.json
	@mkdir -p $(@D)
	@cp $< $@

$(SDK)/share/app_manifest.schema.json: abi/app_manifest.schema.json
	@mkdir -p $(@D)
	@cp $< $@

sdk: $(SDK)/share/boards/$(BOARD)/hardware.json $(SDK)/share/app_manifest.schema.json $(KERNEL)/headers.stamp $(SDK)/include/hw/$(subst -,_,$(BOARD)).h
	@mk/step "sdk: C library and applibs" $(BUILD)/log/sdk.log $(MAKE) -C sdk

appman: sdk $(BUILD)/jsmn/jsmn.h
	@mk/step "appman" $(BUILD)/log/appman.log $(MAKE) -C system/appman program \
		SPHERULE_SDK=$(SDK) OUT=$(BUILD)/appman JSMN=$(BUILD)/jsmn

monitor:
	@mk/step "monitor" $(BUILD)/log/monitor.log $(MAKE) -C monitor

apps: sdk $(APPS:%=app-%)

app-%: sdk
	@mk/step "app $*" $(BUILD)/log/app-$*.log $(MAKE) -C apps/$* SPHERULE_SDK=$(SDK) \
		OUT=$(BUILD)/apps/$* SPH=$(SPH)

# No shell, no busybox, no accounts: application-manager, and the C library, which has the SDK's in it.
ROOTFS := $(DEVICE)/rootfs
rootfs: appman host-tools
	@rm -rf $(ROOTFS)
	@mkdir -p $(ROOTFS)/bin $(ROOTFS)/dev $(ROOTFS)/etc $(ROOTFS)/lib $(ROOTFS)/mnt/apps \
		$(ROOTFS)/mnt/app $(ROOTFS)/mnt/storage $(ROOTFS)/proc $(ROOTFS)/mnt/cgroups $(ROOTFS)/tmp \
		$(ROOTFS)/usr/lib
	@cp $(BUILD)/appman/image-root/bin/appman $(ROOTFS)/bin/appman
	@cp $(SDK)/lib/libc.so $(ROOTFS)/usr/lib/
	@chmod 755 $(ROOTFS)/usr/lib/*.so
	@ln -s ../usr/lib/libc.so $(ROOTFS)/lib/ld-musl-armhf.so.1
	@echo "Spherule $(VERSION) ($(BOARD))" > $(ROOTFS)/etc/spherule-release
	@$(SPH) image pack --type rootfs --name spherule-rootfs --component-id $(ROOTFS_ID) \
		-o $(DEVICE)/rootfs.new $(ROOTFS) $(QUIET)
	@cmp -s $(DEVICE)/rootfs.new $(DEVICE)/rootfs.image || \
		cp $(DEVICE)/rootfs.new $(DEVICE)/rootfs.image

# An empty filesystem for the partition "storage". The device makes none: it would have to know that
# nobody misses what is there.
STORAGE := $(DEVICE)/storage.littlefs
# $(1): a number of the board's flash map, in decimal
flash_number = $(shell printf %d $$(sed -n 's/^.define $(1)[[:space:]]*//p' $(BOARD_DIR)/flash_map.h))

$(STORAGE): $(BOARD_DIR)/flash_map.h | littlefs-tools
	@mkdir -p $(@D)
	@rm -f $@
	@$(BUILD)/host/mkfs.littlefs -b $(call flash_number,FLASH_SECTOR_BYTES) \
		-c $$(($(call flash_number,FLASH_STORAGE_BYTES) / $(call flash_number,FLASH_SECTOR_BYTES))) \
		-p $(call flash_number,FLASH_PROGRAM_BYTES) $@

# Which keys the monitor trusts: the development keys.
TRUST_STORE := $(DEVICE)/trust.store

$(TRUST_STORE): image/keys/dev/KEYS | host-tools
	@mkdir -p $(@D)
	@$(SPH) trust sign -o $@

device: $(KERNEL)/xipImage $(DTBS) monitor rootfs apps $(STORAGE) $(TRUST_STORE)

# $(1): bank 1, $(2): kernel, $(3): app images, $(4): further options
OS_PARTS = $(DTBS:%=--dtb %) --kernel $(2) --system $(DEVICE)/rootfs.image
define make_flash
	@$(SPH) os sign $(OS_PARTS) --os-version $(VERSION) -o $(1).manifest
	@$(BUILD)/host/mkflash -o $(1) --trust $(TRUST_STORE) --manifest $(1).manifest $(OS_PARTS) $(patsubst %,--app %,$(3)) \
		--storage $(STORAGE) $(4)
endef

# The OS as one file, for the recovery loader and for updates; it comes without apps.
OS_IMAGE := $(DEVICE)/os.image

os-image: device
	@$(SPH) os sign $(call OS_PARTS,,$(KERNEL)/xipImage) --os-version $(VERSION) -o $(OS_IMAGE).manifest
	@$(SPH) os image $(call OS_PARTS,,$(KERNEL)/xipImage) --manifest $(OS_IMAGE).manifest -o $(OS_IMAGE)
	@echo "$(OS_IMAGE)"

APP_IMAGES := $(foreach app,$(APPS),$(BUILD)/apps/$(app)/$(app).image)

# Flash 0 of a device that was never started.  Every flash 1 of a test has the trust store, so whoever
# starts a device needs both.
NEW_FLASH0 := $(BUILD)/monitor/flash0.img
$(NEW_FLASH0): $(BUILD)/monitor/monitor.bin $(BUILD)/host/mkflash | $(TRUST_STORE)
	@rm -f $@
	@$(BUILD)/host/mkflash -o $@ --monitor $<

# Rewritten when something was built anew; what is in the storage of the device stays as it is.  The
# monitor knows the apps of flash 1 by their hashes: with other apps it is a new device.
$(RUN)/flash0.img: $(NEW_FLASH0) $(RUN)/flash1.img
	@cp $< $@

$(RUN)/flash1.img: $(KERNEL)/xipImage $(DTBS) $(DEVICE)/rootfs.image $(APP_IMAGES) $(STORAGE) $(TRUST_STORE) \
		$(BUILD)/host/mkflash
	@mkdir -p $(@D)
	$(call make_flash,$@,$(KERNEL)/xipImage,$(APP_IMAGES))

include $(BOARD_DIR)/board.mk

run-device: $(RUN)/flash0.img $(RUN)/flash1.img
	@echo "Ctrl-A X leaves; flash is kept in $(RUN)"
	@exec $(QEMU) $(QEMU_MACHINE) -m $(RAM) $(call QEMU_FLASH,$(RUN)/flash0.img,$(RUN)/flash1.img) \
		$(QEMU_CONSOLE)
