/* SPDX-License-Identifier: Apache-2.0 */
/* Doors of the kernel that an app does not need, by topic; each function makes its attempts. */
#ifndef DOORS_H
#define DOORS_H

void try_absent(void);
void try_clock(void);
void try_devices(void);
void try_files(void);
void try_jobs(void);
void try_limits(void);
void try_mounts(void);
void try_namespaces(void);
void try_others(void);
void try_proc(void);
void try_view(void);

#endif
