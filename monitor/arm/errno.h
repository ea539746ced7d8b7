/* SPDX-License-Identifier: GPL-2.0-only */
/* The errors that the shared parsers of abi/ return beside their own; as Linux numbers them. */
#ifndef MONITOR_ARM_ERRNO_H
#define MONITOR_ARM_ERRNO_H

#define EINVAL		22
#define ENODATA		61

#endif
