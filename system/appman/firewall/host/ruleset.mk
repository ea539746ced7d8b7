# SPDX-License-Identifier: Apache-2.0
#
# ruleset.inc, made by a program of the build machine.  Included with TOP (the project's root) and
# RULESET (the folder for it, which is made).

HOST_CC ?= gcc
FIREWALL := $(TOP)/system/appman/firewall
RULESET_SOURCES := $(FIREWALL)/host/rules.c $(FIREWALL)/netlink.c

$(RULESET)/ruleset.inc: $(RULESET_SOURCES) $(FIREWALL)/netlink.h $(FIREWALL)/ruleset.h $(FIREWALL)/../limits.h
	@mkdir -p $(RULESET)
	$(HOST_CC) -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Wshadow -I$(TOP) -o $(RULESET)/rules $(RULESET_SOURCES)
	$(RULESET)/rules > $@.new
	mv $@.new $@
