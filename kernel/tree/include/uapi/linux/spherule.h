/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Identities of the Spherule LSM, as programs see them.
 *
 * /proc/<pid>/attr/current and the socket option SO_PEERSEC give exactly
 *
 *	CID: 48A22E96-D078-4E34-9D7A-91B3404031DA
 *	TID: 9eca6399-06ff-4bec-aaa6-6107eae14d74
 *	CAPS: 00000043
 *
 * each line with its newline: component, tenant, and the bits below in
 * hexadecimal. /proc/self/attr/exec and lsm_set_self_attr() take the same text.
 */
#ifndef _UAPI_LINUX_SPHERULE_H
#define _UAPI_LINUX_SPHERULE_H

/* Bytes of the text, without a NUL. */
#define SPHERULE_IDENTITY_BYTES		99

/* Netlink sockets: addresses, routes, packet filter. */
#define SPHERULE_CAP_NETWORK_CONFIG	(1U << 0)

#define SPHERULE_CAP_KNOWN		SPHERULE_CAP_NETWORK_CONFIG

#endif
