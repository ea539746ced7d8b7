// SPDX-License-Identifier: Apache-2.0
/* What the kernel answers. */

#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <string.h>

#include "replies.h"
#include "ruleset.h"

struct span {
	const uint8_t *bytes;
	size_t length;
};

static void skip(struct span *rest, size_t length)
{
	if (length > rest->length)
		length = rest->length;
	*rest = (struct span){ rest->bytes + length, rest->length - length };
}

/* Takes the next message off @rest; its type, 0 at the end, or -EPROTO when it is damaged. */
static int next_message(struct span *rest, struct span *body)
{
	struct nlmsghdr header;

	if (rest->length < NLMSG_HDRLEN)
		return 0;
	memcpy(&header, rest->bytes, sizeof(header));
	if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > rest->length)
		return -EPROTO;
	*body = (struct span){ rest->bytes + NLMSG_HDRLEN, header.nlmsg_len - (size_t)NLMSG_HDRLEN };
	skip(rest, NLMSG_ALIGN(header.nlmsg_len));
	return header.nlmsg_type;
}

/* What an NLMSG_ERROR says: 0, an error of the kernel, or -EPROTO when it says nothing. */
static int error_of(struct span body)
{
	int error = -EPROTO;

	if (body.length >= sizeof(error))
		memcpy(&error, body.bytes, sizeof(error));
	return error;
}

/* Takes the next attribute off @rest; its type, or -1 at the end and when it is damaged. */
static int next_attribute(struct span *rest, struct span *value)
{
	struct nlattr attribute;

	if (rest->length < sizeof(attribute))
		return -1;
	memcpy(&attribute, rest->bytes, sizeof(attribute));
	if (attribute.nla_len < NLA_HDRLEN || attribute.nla_len > rest->length)
		return -1;
	*value = (struct span){ rest->bytes + NLA_HDRLEN, attribute.nla_len - (size_t)NLA_HDRLEN };
	skip(rest, NLA_ALIGN(attribute.nla_len));
	return attribute.nla_type & NLA_TYPE_MASK;
}

/* The attribute of one type in @within; false: there is none. */
static bool find(struct span within, int type, struct span *value)
{
	int found;

	while ((found = next_attribute(&within, value)) >= 0)
		if (found == type)
			return true;
	return false;
}

/* The attribute at the end of a way through others. */
static bool walk(struct span within, const int *path, size_t steps, struct span *value)
{
	*value = within;
	for (size_t i = 0; i < steps; i++)
		if (!find(*value, path[i], value))
			return false;
	return true;
}

static uint64_t number_of(struct span counter, int type)
{
	struct span value;
	uint64_t number = 0;

	if (!find(counter, type, &value) || value.length != sizeof(number))
		return 0;
	for (size_t i = 0; i < value.length; i++)
		number = number << 8 | value.bytes[i];
	return number;
}

static void read_element(struct span element, uint32_t mark, struct firewall_counters *counters)
{
	static const int to_key[] = { NFTA_SET_ELEM_KEY, NFTA_DATA_VALUE };
	static const int to_counter[] = { NFTA_SET_ELEM_EXPR, NFTA_EXPR_DATA };
	struct firewall_count *const places[] = {
		[COUNT_SENT] = &counters->sent,
		[COUNT_RECEIVED] = &counters->received,
		[COUNT_REFUSED] = &counters->refused,
	};
	struct span key, counter;
	uint32_t found[2];

	if (!walk(element, to_key, 2, &key) || key.length != sizeof(found))
		return;
	memcpy(found, key.bytes, sizeof(found));
	if (found[0] != mark || found[1] >= COUNT_COUNT || !walk(element, to_counter, 2, &counter))
		return;
	places[found[1]]->packets = number_of(counter, NFTA_COUNTER_PACKETS);
	places[found[1]]->bytes = number_of(counter, NFTA_COUNTER_BYTES);
}

static int read_part(int type, struct span body, uint32_t mark, struct firewall_counters *counters)
{
	struct span list, element;

	if (type == NLMSG_DONE)
		return 0;
	if (type == NLMSG_ERROR)
		return error_of(body) < 0 ? error_of(body) : -EPROTO;
	if (body.length < NLMSG_ALIGN(sizeof(struct nfgenmsg)))
		return -EPROTO;
	skip(&body, NLMSG_ALIGN(sizeof(struct nfgenmsg)));
	if (find(body, NFTA_SET_ELEM_LIST_ELEMENTS, &list))
		while (next_attribute(&list, &element) >= 0)
			read_element(element, mark, counters);
	return -EINPROGRESS;
}

int replies_read_counters(const uint8_t *bytes, size_t length, uint32_t mark,
			  struct firewall_counters *counters)
{
	struct span rest = { bytes, length }, body;
	int type, err = length < NLMSG_HDRLEN ? -EPROTO : -EINPROGRESS;

	while (err == -EINPROGRESS && (type = next_message(&rest, &body)) != 0)
		err = type < 0 ? type : read_part(type, body, mark, counters);
	return err;
}

int replies_read_verdict(const uint8_t *bytes, size_t length, int *verdict)
{
	struct span rest = { bytes, length }, body;
	int type;

	while ((type = next_message(&rest, &body)) > 0)
		if (type == NLMSG_ERROR && (*verdict == -EINPROGRESS || !*verdict))
			*verdict = error_of(body);
	return type;
}
