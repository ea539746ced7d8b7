/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-only */
/*
 * Behind a large variable of which hardly anything is used.  Pages of .bss that nothing has touched are
 * no RAM: what is in use lies together on a few when such variables do not lie between.  sdk/app.ld puts
 * them behind all others.
 */
#ifndef SPHERULE_ABI_SPARSE_H
#define SPHERULE_ABI_SPARSE_H

#define SPARSE	__attribute__((section(".bss.sparse")))

#endif
