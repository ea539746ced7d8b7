# SPDX-License-Identifier: MIT
#
# Builds an app for Spherule with this SDK alone.  An app's Makefile:
#
#	APP = hello
#	SRCS = main.c
#	include $(SPHERULE_SDK)/app.mk
#
# Makes $(OUT)/image-root (the image's files: bin/$(APP) and app_manifest.json) and, if the host
# command sph is found, packs it as $(OUT)/$(APP).image.  $(OUT)/$(APP).debug is the program with
# its symbols.
#
#	LINK	static (default) or dynamic.  A static program dirties 2 pages of RAM, a dynamic one
#		3, the third of libc.so, and has a page table more.  Code costs no RAM either way,
#		because it is executed in flash.  Choose dynamic when flash is short.
#	OUT	folder of the results, "out"
#	SPH	the host command, "sph"; PACK_FLAGS are more options of "sph image pack"
#	BOARD	the board that gives names such as "$LED1" their numbers, "qemu-virt"
#	LIBS	more libraries, CFLAGS and LDFLAGS more flags

ifeq ($(strip $(APP)),)
$(error app.mk: set APP, the name of the program, before including this file)
endif
ifeq ($(strip $(SRCS)),)
$(error app.mk: set SRCS, the C files of $(APP), before including this file)
endif

SDK := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))
include $(SDK)/flags.mk

OUT ?= out
LINK ?= static
SPH ?= sph
BOARD ?= qemu-virt

APP_CC := $(CROSS)gcc
APP_INCLUDES := -nostdinc -isystem $(SDK)/include \
	-isystem $(shell $(APP_CC) -print-file-name=include)
APP_OBJS := $(SRCS:%.c=$(OUT)/obj/%.o)
APP_ROOT := $(OUT)/image-root
APP_PROGRAM := $(APP_ROOT)/bin/$(APP)
APP_SPH := $(shell command -v $(SPH))
APP_BOARD := $(wildcard $(SDK)/share/boards/$(BOARD)/hardware.json)

LINK_static := -static
LINK_dynamic := -Wl,-dynamic-linker,/lib/ld-musl-armhf.so.1 -T $(SDK)/page_ends.ld
LINK_MODE := $(LINK_$(LINK))
ifeq ($(LINK_MODE),)
$(error app.mk: LINK is '$(LINK)': must be static or dynamic)
endif

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.PHONY: all clean
all: $(APP_PROGRAM) $(APP_ROOT)/app_manifest.json $(if $(APP_SPH),$(OUT)/$(APP).image)

$(OUT)/obj/%.o: %.c $(SDK)/app.mk $(SDK)/flags.mk
	@mkdir -p $(@D)
	$(APP_CC) $(C_FLAGS) -fno-pie $(APP_INCLUDES) -ffile-prefix-map=$(SDK)=/sdk \
		-ffile-prefix-map=$(CURDIR)=. -MMD -MP $(CFLAGS) -c -o $@ $<

# Position-dependent: a relocated program would have to write to its own pages first.  libgcc's
# arithmetic names a routine of the C++ unwinder and would bring all of it: it gets address 0.
$(OUT)/$(APP).debug: $(APP_OBJS) $(SDK)/app.ld $(SDK)/page_ends.ld $(SDK)/lib/libc.a $(SDK)/lib/libapplibs.a
	$(APP_CC) -nostdlib -no-pie $(LINK_MODE) $(PAGE_LDFLAGS) -T $(SDK)/app.ld \
		-Wl,-Map,$(OUT)/$(APP).map -Wl,--defsym=__aeabi_unwind_cpp_pr0=0 $(LDFLAGS) -o $@ \
		$(SDK)/lib/crt1.o $(SDK)/lib/crti.o $(APP_OBJS) -L$(SDK)/lib \
		$(LIBS) -lapplibs -Wl,--start-group -lc -lgcc -Wl,--end-group $(SDK)/lib/crtn.o

$(APP_PROGRAM): $(OUT)/$(APP).debug
	@mkdir -p $(@D)
	$(CROSS)strip --strip-all -o $@ $<

$(APP_ROOT)/app_manifest.json: app_manifest.json
	@mkdir -p $(@D)
	cp $< $@

$(OUT)/$(APP).image: $(APP_PROGRAM) $(APP_ROOT)/app_manifest.json $(APP_BOARD) $(APP_SPH)
	$(APP_SPH) image pack $(APP_ROOT) -o $@ $(APP_BOARD:%=--board %) $(PACK_FLAGS)

clean:
	rm -rf $(APP_ROOT) $(OUT)/obj $(OUT)/$(APP).debug $(OUT)/$(APP).map $(OUT)/$(APP).image

-include $(APP_OBJS:.o=.d)
