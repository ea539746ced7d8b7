/* SPDX-License-Identifier: Apache-2.0 */
/* What a client says to a server of the tests: one byte. */
#ifndef WARDEN_SERVER_H
#define WARDEN_SERVER_H

enum server_wish {
	SERVER_PIPE,	/* send me a descriptor of this kind */
	SERVER_FILE,
	SERVER_NULL,
	SERVER_EVENT,
	SERVER_CHIP,
	SERVER_LINE,
	SERVER_WHO_AM_I, /* say what SO_PEERSEC tells you of me */
};

#define SERVER_SEES_CLIENT	'c'
#define SERVER_SEES_OTHER	'o'

#endif
