/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of this app share. */
#ifndef TRACER_H
#define TRACER_H

#include <stddef.h>
#include <stdint.h>

/* What this app was started as. */
extern const char *tracer_program;

/* A word of this program's text that nothing executes: the one to write to. */
uintptr_t tracer_text(void);

/* Each part makes its attempts. */
void tracer_try_trace(void);
void tracer_try_memory(void);
void tracer_try_descriptors(void);
void tracer_try_kernel(void);
void tracer_try_control(void);

#endif
