/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writing netlink messages into a buffer of the caller's.
 *
 * A writer never writes behind its buffer: what does not fit is left out and the writer says so at
 * the end, so that nothing has to be asked in between.  Nothing is allocated.  Pure.
 *
 * Sources: Linux, include/uapi/linux/netlink.h (messages and attributes, both aligned to four
 * bytes), nfnetlink.h (the header behind that of a message, and batches).
 */
#ifndef APPMAN_FIREWALL_NETLINK_H
#define APPMAN_FIREWALL_NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct netlink_writer {
	uint8_t *bytes;		/* aligned to four bytes; the caller's */
	size_t room;
	size_t length;
	size_t message_at;	/* the message that is being written */
	uint32_t sequence;	/* of the message that is being written: from 1 on */
	bool is_full;		/* something did not fit */
};

void netlink_start(struct netlink_writer *writer, void *bytes, size_t room);

/*
 * Begins a message of nfnetlink and ends the one before it.  @resource is in host order (res_id:
 * the subsystem of a batch); @flags are NLM_F_* beside NLM_F_REQUEST.
 */
void netlink_begin_message(struct netlink_writer *writer, uint16_t type, uint16_t flags,
			   uint8_t family, uint16_t resource);

/* The same, about our table of nf_tables, which it names.  @type: NFT_MSG_*. */
void netlink_begin_table(struct netlink_writer *writer, uint16_t type, uint16_t flags,
			 uint16_t table_attribute);

/* Ends the last message.  Returns the bytes of all, or -EMSGSIZE when something did not fit. */
int netlink_finish(struct netlink_writer *writer);

/*
 * A batch of messages to nf_tables, all of which are done or none; to the last the kernel answers.
 * The end returns as netlink_finish().
 */
void netlink_begin_batch(struct netlink_writer *writer);
int netlink_end_batch(struct netlink_writer *writer);

void netlink_put(struct netlink_writer *writer, uint16_t type, const void *value, size_t length);
void netlink_put_text(struct netlink_writer *writer, uint16_t type, const char *text);

/* Whole attributes.  Returns where they are now, or NULL when there is no room. */
uint8_t *netlink_put_ready(struct netlink_writer *writer, const void *attributes, size_t length);

/* Numbers of nf_tables' attributes are big-endian. */
void netlink_put_be64(struct netlink_writer *writer, uint16_t type, uint64_t value);

/* An attribute of attributes: what is put until netlink_end(), to which the result is given. */
size_t netlink_begin(struct netlink_writer *writer, uint16_t type);
void netlink_end(struct netlink_writer *writer, size_t at);

#endif
