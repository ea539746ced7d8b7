/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An entry of AllowedConnections: where an app may send packets to, and get answers from.
 *
 *	192.0.2.7	192.0.2.0/24	host.example	each with ":PORT" behind it or not
 *
 * The manifest's validator makes these, the firewall is made of them, and whoever resolves names
 * for apps compares with them.  Pure: nothing is allocated, the caller owns all memory.
 *
 * Sources: addresses in their only form, four decimal numbers, RFC 6943 section 3.1.1; host names
 * RFC 1123 section 2.1, lengths RFC 1035 section 2.3.4; blocks of addresses RFC 4632; reserved
 * addresses RFC 6890.  The kernel has no IPv6.
 */
#ifndef SPHERULE_ABI_CONNECTION_H
#define SPHERULE_ABI_CONNECTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONNECTION_MIN_PREFIX	8	/* 10.0.0.0/8: the largest private network there is */
#define CONNECTION_NAME_BYTES	254	/* a host name and its NUL */
#define CONNECTION_TEXT_BYTES	260	/* the longest entry: host name, ":65535", NUL */

enum connection_kind {
	CONNECTION_ADDRESS = 1,	/* one address or a block of them */
	CONNECTION_NAME,	/* whatever addresses the host name has */
};

struct connection {
	uint8_t kind;		/* enum connection_kind */
	uint8_t prefix;		/* ADDRESS: bits of @address that count, 8 to 32 */
	uint16_t port;		/* TCP and UDP; 0: every port */
	uint32_t address;	/* ADDRESS: 192.0.2.7 is 0xc0000207; bits behind @prefix are 0 */
	uint16_t name_at;	/* NAME: for the owner, who keeps names in one buffer */
	uint16_t name_length;	/* NAME: 1 to 253 */
};

/*
 * Parses @text, which need not end in NUL.  @name gets the host name in lower case, ended by NUL,
 * or "" for an address; name_at is set to 0.  Returns 0, or -EINVAL with the broken @rule, a
 * sentence without its full stop.
 */
int connection_parse(const char *text, size_t length, struct connection *connection,
		     char name[CONNECTION_NAME_BYTES], const char **rule);

/*
 * The text of @connection, whose host name is at @names + name_at; connection_parse() makes the
 * same of it.  Returns its length.
 */
size_t connection_format(const struct connection *connection, const char *names,
			 char text[CONNECTION_TEXT_BYTES]);

/* Do the two allow exactly the same?  @names is the buffer of both. */
bool connection_is_same(const struct connection *a, const struct connection *b, const char *names);

#endif
