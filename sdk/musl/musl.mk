# SPDX-License-Identifier: MIT
#
# Builds musl out of tree and stages headers, start files, libc.a and libc.so into $(STAGE).  libc.so has applibs in it:
# $(APPLIBS_SHARED), objects that are compiled with these headers.

MUSL_BASE := $(shell sed '/^\#/d' musl/base)
MUSL_SOURCE := $(BUILD)/src/musl
MUSL_BUILD := $(BUILD)/sdk-musl
MUSL_HEADERS := $(STAGE)/include/stdio.h
MUSL_CFLAGS := $(CPU_FLAGS) -ffunction-sections -fdata-sections -ffile-prefix-map=$(BUILD)=.

$(MUSL_SOURCE)/.fetch-source: musl/base
	BUILD=$(BUILD) ../mk/fetch-source $(MUSL_BASE) $(MUSL_SOURCE)
	touch $@

# Prefix "/" and DESTDIR: nothing below names a folder of this machine.
$(MUSL_BUILD)/config.mak: $(MUSL_SOURCE)/.fetch-source musl/musl.mk musl/libc.ld page_ends.ld flags.mk
	rm -rf $(MUSL_BUILD)
	mkdir -p $(MUSL_BUILD)
	cd $(MUSL_BUILD) && CROSS_COMPILE=$(CROSS) CC=$(CROSS)gcc \
		CFLAGS="$(MUSL_CFLAGS)" \
		LDFLAGS="$(PAGE_LDFLAGS) -Wl,-T,$(abspath page_ends.ld) -Wl,-T,$(abspath musl/libc.ld)" \
		$(MUSL_SOURCE)/configure --target=arm-linux-musleabihf --prefix=/ --syslibdir=/lib \
		--enable-optimize=size --disable-wrapper >configure.log

$(MUSL_HEADERS): $(MUSL_BUILD)/config.mak
	+$(MAKE) -C $(MUSL_BUILD) DESTDIR=$(STAGE) install-headers >$(MUSL_BUILD)/headers.log
	touch $@

# applibs goes into libc.so as objects: symbols of archives are not exported.  musl's rules do not know them, so that
# libc.so is always linked here.  The unwinder's tables that libgcc would bring are of no use; see app.mk.
$(STAGE)/lib/libc.a: $(MUSL_HEADERS) $(APPLIBS_SHARED)
	rm -f $(MUSL_BUILD)/lib/libc.so
	+$(MAKE) -C $(MUSL_BUILD) DESTDIR=$(STAGE) AR=$(CROSS)ar \
		RANLIB=$(CROSS)ranlib LIBCC="$(APPLIBS_SHARED) -lgcc -Wl,--defsym=__aeabi_unwind_cpp_pr0=0" \
		all install >$(MUSL_BUILD)/build.log
	$(CROSS)strip --strip-unneeded $(STAGE)/lib/libc.so
	rm -f $(STAGE)/lib/ld-musl-armhf.so.1
	touch $@
