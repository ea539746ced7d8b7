/* SPDX-License-Identifier: Apache-2.0 */
/* A few instructions that can be put somewhere, and jumping to them. */
#ifndef CODE_H
#define CODE_H

/* Puts a function at an address that is writable. */
void code_plant(void *address);

/*
 * Calls what code_plant() put at an address, or a copy of code_answer(), in a child: 0 when it ran,
 * or -1 with EFAULT when the processor refused.
 */
int code_run(const void *address);

/* A function of this program that code_run() can run from another place. */
int code_answer(void);

#endif
