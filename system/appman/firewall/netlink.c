// SPDX-License-Identifier: Apache-2.0
/* Writing netlink messages. */

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <string.h>

#include "netlink.h"

void netlink_start(struct netlink_writer *writer, void *bytes, size_t room)
{
	*writer = (struct netlink_writer){ .bytes = bytes, .room = room };
}

/* Zeroed and aligned; NULL when there is no room. */
static void *take(struct netlink_writer *writer, size_t length)
{
	size_t aligned = NLMSG_ALIGN(length);
	uint8_t *place = writer->bytes + writer->length;

	if (writer->is_full || aligned < length || aligned > writer->room - writer->length) {
		writer->is_full = true;
		return NULL;
	}
	memset(place, 0, aligned);
	writer->length += aligned;
	return place;
}

static void end_message(struct netlink_writer *writer)
{
	struct nlmsghdr *header = (void *)(writer->bytes + writer->message_at);

	if (!writer->is_full && writer->length > writer->message_at)
		header->nlmsg_len = (uint32_t)(writer->length - writer->message_at);
}

void netlink_begin_message(struct netlink_writer *writer, uint16_t type, uint16_t flags,
			   uint8_t family, uint16_t resource)
{
	struct nlmsghdr *header;
	struct nfgenmsg *extra;

	end_message(writer);
	writer->message_at = writer->length;
	header = take(writer, sizeof(*header));
	extra = take(writer, sizeof(*extra));
	if (!extra)
		return;
	header->nlmsg_type = type;
	header->nlmsg_flags = NLM_F_REQUEST | flags;
	header->nlmsg_seq = ++writer->sequence;
	extra->nfgen_family = family;
	extra->version = NFNETLINK_V0;
	extra->res_id = htons(resource);
}

void netlink_begin_table(struct netlink_writer *writer, uint16_t type, uint16_t flags,
			 uint16_t table_attribute)
{
	netlink_begin_message(writer, NFNL_SUBSYS_NFTABLES << 8 | type, flags, NFPROTO_IPV4, 0);
	netlink_put_text(writer, table_attribute, "spherule");
}

int netlink_finish(struct netlink_writer *writer)
{
	end_message(writer);
	return writer->is_full ? -EMSGSIZE : (int)writer->length;
}

void netlink_begin_batch(struct netlink_writer *writer)
{
	netlink_begin_message(writer, NFNL_MSG_BATCH_BEGIN, 0, 0, NFNL_SUBSYS_NFTABLES);
}

/* The last message of the batch proper is answered, when the kernel has done all of it. */
int netlink_end_batch(struct netlink_writer *writer)
{
	struct nlmsghdr *header = (void *)(writer->bytes + writer->message_at);

	if (!writer->is_full)
		header->nlmsg_flags |= NLM_F_ACK;
	netlink_begin_message(writer, NFNL_MSG_BATCH_END, 0, 0, NFNL_SUBSYS_NFTABLES);
	return netlink_finish(writer);
}

uint8_t *netlink_put_ready(struct netlink_writer *writer, const void *attributes, size_t length)
{
	uint8_t *place = take(writer, length);

	if (place)
		memcpy(place, attributes, length);
	return place;
}

void netlink_put(struct netlink_writer *writer, uint16_t type, const void *value, size_t length)
{
	struct nlattr *attribute;

	if (length > UINT16_MAX - NLA_HDRLEN) {
		writer->is_full = true;
		return;
	}
	attribute = take(writer, NLA_HDRLEN + length);
	if (!attribute)
		return;
	attribute->nla_type = type;
	attribute->nla_len = (uint16_t)(NLA_HDRLEN + length);
	if (length)
		memcpy((uint8_t *)attribute + NLA_HDRLEN, value, length);
}

void netlink_put_text(struct netlink_writer *writer, uint16_t type, const char *text)
{
	netlink_put(writer, type, text, strlen(text) + 1);
}

void netlink_put_be64(struct netlink_writer *writer, uint16_t type, uint64_t value)
{
	uint32_t bytes[] = { htonl((uint32_t)(value >> 32)), htonl((uint32_t)value) };

	netlink_put(writer, type, bytes, sizeof(bytes));
}

size_t netlink_begin(struct netlink_writer *writer, uint16_t type)
{
	size_t at = writer->length;

	netlink_put(writer, type | NLA_F_NESTED, NULL, 0);
	return at;
}

void netlink_end(struct netlink_writer *writer, size_t at)
{
	struct nlattr *attribute = (void *)(writer->bytes + at);
	size_t length = writer->length - at;

	if (length > UINT16_MAX)
		writer->is_full = true;
	if (!writer->is_full)
		attribute->nla_len = (uint16_t)length;
}
