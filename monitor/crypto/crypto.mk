# SPDX-License-Identifier: GPL-2.0-only
#
# mbed TLS, from Debian's source package, and the root key that is compiled in.

CRYPTO_BASE := $(shell sed '/^\#/d' crypto/base)
CRYPTO_SOURCE := $(abspath $(BUILD))/src/mbedtls
CRYPTO_STAMP := $(CRYPTO_SOURCE)/.fetch-source
CFLAGS	+= -isystem crypto/include -isystem $(CRYPTO_SOURCE)/include \
	   -DMBEDTLS_CONFIG_FILE='"monitor/crypto/mbedtls_config.h"'

CRYPTO_LIBRARY := bignum constant_time ecdsa ecp ecp_curves hmac_drbg md memory_buffer_alloc platform \
	   platform_util sha256
CRYPTO_OBJS := $(CRYPTO_LIBRARY:%=$(OUT)/obj/mbedtls/%.o)

$(CRYPTO_STAMP): crypto/base
	BUILD=$(BUILD) ../mk/fetch-source $(CRYPTO_BASE) $(CRYPTO_SOURCE)
	touch $@

# With the monitor's flags but without its warnings: the code is not ours.
$(CRYPTO_OBJS): $(OUT)/obj/mbedtls/%.o: crypto/crypto.mk Makefile $(CRYPTO_STAMP)
	@mkdir -p $(@D)
	$(TARGET_CC) $(filter-out $(WARNINGS),$(CFLAGS)) -MMD -MP -c -o $@ $(CRYPTO_SOURCE)/library/$*.c

# The public half of the root key, which stands for a hash in fuses.  Only the public half is read.
ROOT_KEY ?= ../image/keys/dev/root.pem
DEVELOPMENT_KEYS := ../image/keys/dev/KEYS

# Asked each time, because ROOT_KEY may name another file than last time.
$(OUT)/root_key.inc: FORCE | $(OUT)/obj
	@crypto/root-key $(ROOT_KEY) $(DEVELOPMENT_KEYS) > $@.new
	@cmp -s $@.new $@ || cp $@.new $@

$(OUT)/obj/root_key.o: $(OUT)/root_key.inc
