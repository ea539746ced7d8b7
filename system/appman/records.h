/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How programs ended: a ring of records that outlives resets and power cuts.
 *
 * It is an attribute of a file of root in the storage, which no app sees, replaced as a whole in one
 * commit (docs/decisions/0032-ends-of-programs-are-kept.md).  Writes are bounded by
 * RECORDS_WRITES_AT_ONCE and RECORDS_WRITE_MS: what came since the last one is lost with the power, not
 * at an orderly reset.  What is read back was on a medium that somebody else may have written: it is
 * taken whole and sound, or the ring is empty.
 */
#ifndef APPMAN_RECORDS_H
#define APPMAN_RECORDS_H

#include <stdbool.h>
#include <linux/spherule.h>

#include "abi/control.h"
#include "app.h"

/* Reads the ring; the storage is mounted. */
void records_open(void);

/* Where a process that has ended and is not collected yet was; all 0 when nothing is known. */
void records_read_end(pid_t pid, struct spherule_end *end);

/* Notes that @app ended; @status as of wait(2), @reason CONTROL_END_*. */
void records_add_end(const struct app *app, int status, uint8_t reason, long long ran_ms,
		     const struct spherule_end *end);

/* The newest is number 0; NULL behind the last. */
const struct control_record *records_get(uint32_t number);

/* Writes what was not written yet, if it is due or @at_once; called as often as the watchdog is fed. */
void records_write(bool at_once, long long now_ms);

#endif
