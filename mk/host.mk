# SPDX-License-Identifier: Apache-2.0
#
# Rules for what runs on the build machine: programs, unit tests, fuzzers.
#
# A folder's Makefile sets TOP (the project's root, relative or absolute), includes this file and
# calls, with all sources named relative to TOP:
#
#	$(eval $(call host_program,NAME,SOURCES,LIBRARIES))	-> $(HOST)/NAME
#	$(eval $(call host_test,NAME,SOURCES,LIBRARIES))	-> $(HOST)/test/NAME, cmocka, sanitizers
#	$(eval $(call host_check,NAME,SOURCES,LIBRARIES))	-> same without cmocka, not run by itself
#	$(eval $(call host_fuzzer,NAME,SOURCES,LIBRARIES))	-> $(HOST)/fuzz/NAME, sanitizers
#
# HOST_TESTS collects the tests; run-tests runs them and stops at the first that fails.
# With clang's libFuzzer: make fuzz CC=clang FUZZ_MAIN= FUZZ_FLAGS=-fsanitize=fuzzer,address,undefined

ifndef TOP
$(error mk/host.mk: set TOP to the root of the project first)
endif

BUILD ?= $(TOP)/build
# Absolute, whoever calls: the files of dependencies name what they are for.
HOST := $(abspath $(BUILD)/host)

ifeq ($(origin CC),default)
CC := gcc
endif
OPENSSL ?= openssl
PYTHON ?= /usr/bin/python3

HOST_WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 \
	-Wswitch-enum
HOST_CPPFLAGS = -I$(TOP) -I$(HOST)/gen -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -MMD -MP
HOST_CFLAGS = -std=gnu11 -O2 -g $(HOST_WARNINGS)
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
FUZZ_FLAGS ?= $(SANITIZE)
FUZZ_MAIN ?= mk/fuzz_main.c
FUZZ_RUNS ?= 200000

HOST_TESTS :=

# Folders share objects and are tested at the same time: nobody links the half of one.
# $(1): flags
compile = $(CC) $(HOST_CPPFLAGS) -MF $(@:.o=.d) -MT $@ $(1) -c -o $@.$$$$ $< && mv $@.$$$$ $@

# Objects: plain, with sanitizers, and for fuzzers (whose flags may be another compiler's).
$(HOST)/obj/%.o: $(TOP)/%.c
	@mkdir -p $(@D)
	$(call compile,$(HOST_CFLAGS))

$(HOST)/san/%.o: $(TOP)/%.c
	@mkdir -p $(@D)
	$(call compile,$(HOST_CFLAGS) $(SANITIZE))

$(HOST)/fuzzobj/%.o: $(TOP)/%.c
	@mkdir -p $(@D)
	$(call compile,$(HOST_CFLAGS) $(FUZZ_FLAGS))

define host_program
$(HOST)/$(1): $(patsubst %.c,$(HOST)/obj/%.o,$(2))
	@mkdir -p $$(@D)
	$$(CC) $$(HOST_CFLAGS) -o $$@ $$^ $(3)
-include $(patsubst %.c,$(HOST)/obj/%.d,$(2))
endef

define host_check
$(HOST)/test/$(1): $(patsubst %.c,$(HOST)/san/%.o,$(2))
	@mkdir -p $$(@D)
	$$(CC) $$(HOST_CFLAGS) $$(SANITIZE) -o $$@ $$^ $(3)
-include $(patsubst %.c,$(HOST)/san/%.d,$(2))
endef

define host_test
$(call host_check,$(1),$(2),$(3) -lcmocka)
HOST_TESTS += $(HOST)/test/$(1)
endef

define host_fuzzer
$(HOST)/fuzz/$(1): $(patsubst %.c,$(HOST)/fuzzobj/%.o,$(2) $(FUZZ_MAIN))
	@mkdir -p $$(@D)
	$$(CC) $$(HOST_CFLAGS) $$(FUZZ_FLAGS) -o $$@ $$^ $(3)
-include $(patsubst %.c,$(HOST)/fuzzobj/%.d,$(2) $(FUZZ_MAIN))
endef

# The objects are worth keeping between runs.
.SECONDARY:

.PHONY: run-tests
run-tests:
	@set -e; for test in $(HOST_TESTS); do $$test; done
