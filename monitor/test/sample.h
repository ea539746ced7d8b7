/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device for tests of what outlives a start: the machine, a factory that has filled its flash, and
 * the start as main.c does it.
 */
#ifndef MONITOR_TEST_SAMPLE_H
#define MONITOR_TEST_SAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "abi/image.h"
#include "keys.h"
#include "machine.h"
#include "monitor/boot.h"

#define PACKAGE_PAGES_MAX	20u	/* more than one piece of a judgement */
#define PACKAGE_MAX		(PACKAGE_PAGES_MAX * IMAGE_ALIGN_BYTES + IMAGE_TRAILER_BYTES)
#define SAMPLE_CUT		1	/* in place of a status: the power failed */

struct package {
	uint32_t bytes;
	uint8_t data[PACKAGE_MAX];
};

/* What a package is made from; zero is what most tests want. */
struct package_spec {
	uint8_t component;		/* all bytes of its id */
	uint8_t content;		/* fills the body, and is the image id */
	uint32_t pages;			/* of the body; 0: 1 */
	uint32_t security_version;
	uint32_t type;			/* 0: an app */
	enum keys_name key;		/* KEYS_ROOT, 0: the OEM's */
	uint32_t flags;			/* beside the one that the key asks for: turned over */
	void (*change)(struct image_metadata *metadata);	/* or NULL */
};

void package_make(struct package *package, const struct package_spec *spec);

/* Fills a slot, wherever it lies in memory. */
#define SAMPLE_OS_BYTES		(MACHINE_SLOT_SYSTEM + MACHINE_SECTOR)
void sample_make_os(uint8_t *slot, uint32_t security_version, uint8_t content);

/* Erased, but for a trust store and an OS of security version 1 in slot A.  The board has no entropy. */
void sample_make(void);

/* From now on it has some, so that the device makes keys at its next start. */
void sample_give_entropy(void);

/*
 * Power on and all that main.c does until Linux would start.  False: nothing started, or the
 * power failed; @machine.end says which.
 */
bool sample_start(void);

/* The same with the OS of the last start, which is not verified again: for fuzzers, which start often. */
bool sample_start_again(void);

extern struct boot_info sample_boot;		/* of the last start */

/* A call.  Returns the status; @sample_results are r1 to r3. */
int32_t sample_call(uint32_t id, uint32_t r1, uint32_t r2, uint32_t r3, uint32_t r4);
extern uint32_t sample_results[3];

/* The same until the status is another one than SPH_SMC_E_AGAIN. */
int32_t sample_call_again(uint32_t id, uint32_t r1);

/* BEGIN, WRITE to the end, FINISH; stops at the first that fails. */
int32_t sample_stage(uint32_t type, const uint8_t *data, uint32_t bytes, uint32_t *handle);

/* That, and INSTALL. */
int32_t sample_install(const struct package *package);

#endif
