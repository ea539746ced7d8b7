/* SPDX-License-Identifier: Apache-2.0 */
/* What the console shows when the device has come up: version, apps, RAM, flash. */
#ifndef APPMAN_REPORT_H
#define APPMAN_REPORT_H

void report_print(void);

/* "Spherule 0.1.0 (qemu-virt)" as the root filesystem says, "Spherule" when it does not. */
const char *report_release(void);

#endif
