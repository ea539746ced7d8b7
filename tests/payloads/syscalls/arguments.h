/* SPDX-License-Identifier: Apache-2.0 */
/* Arguments with which a system call tells whether it is there and open, and harms nobody. */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#define ARGUMENT_COUNT	6

/* Opens and fills what the arguments point to; once, before arguments_of(). */
void arguments_prepare(void);

/* The arguments of system call @number. */
const long *arguments_of(unsigned int number);

#endif
