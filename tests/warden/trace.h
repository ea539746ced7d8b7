/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a debugger does with ptrace(2).  All return 0, or -1 with errno: that of ptrace(), the exit
 * status of a process that ended, or EPROTO when it did something else than was waited for.
 */
#ifndef WARDEN_TRACE_H
#define WARDEN_TRACE_H

#include <stdint.h>
#include <sys/types.h>

/* Numbers of registers. */
enum trace_register { TRACE_R0 = 0, TRACE_R1 = 1, TRACE_PC = 15, TRACE_REGISTERS = 18 };

/* Attaches and waits until it has stopped. */
int trace_attach(pid_t pid);
/* Attaches without stopping it; the end of the tracer detaches. */
int trace_seize(pid_t pid);
int trace_detach(pid_t pid);

/* Lets it run; with @signal, waits until it stops for that. */
int trace_continue(pid_t pid);
int trace_wait(pid_t pid, int signal);
int trace_continue_to(pid_t pid, int signal);

int trace_read(pid_t pid, uintptr_t address, uint32_t *word);
int trace_write(pid_t pid, uintptr_t address, uint32_t word);
int trace_registers(pid_t pid, uint32_t registers[TRACE_REGISTERS]);

/* Puts a breakpoint on the Thumb instruction at @address; @original is what was there. */
int trace_set_breakpoint(pid_t pid, uintptr_t address, uint16_t *original);
int trace_remove_breakpoint(pid_t pid, uintptr_t address, uint16_t original);

#endif
