# SPDX-License-Identifier: GPL-2.0-only
#
# The test program for the normal world, and a monitor with a bug in it.

WORLD	:= $(OUT)/test_world
WORLD_FLAGS := $(filter-out -mfloat-abi=soft -mgeneral-regs-only,$(TARGET_FLAGS)) \
	   -mfloat-abi=soft -mfpu=neon-vfpv4
WORLD_DEPS := $(wildcard ../abi/*.h $(BOARD_DIR)/*.h *.h test_world/*)

$(WORLD):
	mkdir -p $@

$(WORLD)/test_world.lds: test_world/test_world.lds.S $(WORLD_DEPS) | $(WORLD)
	$(TARGET_CC) -E -P -I$(BOARD_DIR) -o $@ $<

$(WORLD)/start.o: test_world/start.S $(WORLD_DEPS) | $(WORLD)
	$(TARGET_CC) -marm $(WORLD_FLAGS) -c -o $@ $<

$(WORLD)/main.o $(WORLD)/tools.o $(WORLD)/installer.o $(WORLD)/fault.o: $(WORLD)/%.o: \
		test_world/%.c $(WORLD_DEPS) | $(WORLD)
	$(TARGET_CC) $(CFLAGS) -c -o $@ $<

WORLD_OBJS := $(WORLD)/start.o $(WORLD)/tools.o $(OUT)/obj/string.o

$(WORLD)/test_world.elf: $(WORLD)/main.o $(OUT)/obj/fdt.o
$(WORLD)/installer.elf: $(WORLD)/installer.o
$(WORLD)/test_world.elf $(WORLD)/installer.elf: $(WORLD_OBJS) $(WORLD)/test_world.lds
	$(TARGET_CC) $(TARGET_FLAGS) $(LDFLAGS) -T $(WORLD)/test_world.lds -o $@ \
		$(filter %.o,$^) -lgcc

$(WORLD)/monitor_fault.elf: $(OUT)/monitor.elf $(WORLD)/fault.o
	$(TARGET_CC) $(TARGET_FLAGS) $(LDFLAGS) -Wl,--wrap=psci_version -T monitor.ld -o $@ \
		$(ALL_OBJS) $(WORLD)/fault.o -lgcc

# What the tests of the device start in the place of Linux.
installer: $(WORLD)/installer.bin

qemu-test: $(OUT)/monitor.bin $(WORLD)/test_world.bin $(WORLD)/installer.bin \
		$(WORLD)/monitor_fault.bin
	$(MAKE) -C ../host/sph BUILD=$(abspath $(BUILD)) BOARD=$(BOARD) all
	test_world/run $(OUT) $(BOARD_DIR)/flash_map.h $(BUILD)/host/sph
