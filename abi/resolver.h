/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How the resolver (networkd) tells application-manager the addresses of names, before it tells an
 * app.
 *
 * The messages, their order and who may send them are in resolver.md.  Pure: nothing is allocated.
 */
#ifndef SPHERULE_ABI_RESOLVER_H
#define SPHERULE_ABI_RESOLVER_H

#include <stddef.h>
#include <stdint.h>

#define RESOLVER_PATH		"/dev/resolver"	/* SOCK_SEQPACKET; a message is a record of it */

#define RESOLVER_MAGIC		0x52504153	/* "SAPR" */
#define RESOLVER_FORMAT		1
#define RESOLVER_ADDRESSES_MAX	8
#define RESOLVER_NAME_MAX	253		/* RFC 1035, without the root's dot */

/* Bytes of a question before its addresses and its name, and of a reply. */
#define RESOLVER_HEAD_BYTES	20
#define RESOLVER_REPLY_BYTES	16
#define RESOLVER_MESSAGE_MAX (RESOLVER_HEAD_BYTES + 4 * RESOLVER_ADDRESSES_MAX + RESOLVER_NAME_MAX)

struct resolver_answer {
	uint32_t id;		/* the sender's; comes back in the reply */
	uint32_t ttl_s;
	uint8_t address_count;	/* 1 to RESOLVER_ADDRESSES_MAX */
	uint8_t name_length;	/* 1 to RESOLVER_NAME_MAX */
	uint32_t addresses[RESOLVER_ADDRESSES_MAX]; /* 192.0.2.7 is 0xc0000207 */
	char name[RESOLVER_NAME_MAX + 1];	/* lower case, ended by NUL */
};

struct resolver_reply {
	uint32_t id;
	int32_t result;		/* apps that can use the addresses now; or -errno, and none can */
};

/* Returns 0, or -EBADMSG when it is not exactly one message of its kind. */
int resolver_parse_answer(const uint8_t *bytes, size_t length, struct resolver_answer *answer);
int resolver_parse_reply(const uint8_t *bytes, size_t length, struct resolver_reply *reply);

/* Returns the length; 0 when counts or name are out of range. */
size_t resolver_format_answer(const struct resolver_answer *answer,
			      uint8_t bytes[RESOLVER_MESSAGE_MAX]);
size_t resolver_format_reply(const struct resolver_reply *reply,
			     uint8_t bytes[RESOLVER_REPLY_BYTES]);

#endif
