/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How functions of sph say what is wrong: one number of abi/errors.h and one line of text that
 * names the file, the field and the rule.  They never print; main.c does.
 */
#ifndef SPH_COMPLAINT_H
#define SPH_COMPLAINT_H

#include "abi/errors.h"

struct complaint {
	int number;		/* of abi/errors.h; 0 when there is none */
	char text[5120];	/* fits a path of PATH_MAX bytes and a rule */
};

/* Fills in @complaint and returns -@number, so that "return complain(...)" reads well. */
int complain(struct complaint *complaint, int number, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Prints "sph: error E5003: text" to standard error, control characters as "?". */
void complaint_print(const struct complaint *complaint);

#endif
