// SPDX-License-Identifier: Apache-2.0
/* What the kernel says of the counters of a set's elements. */

#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <string.h>

#include "counters.h"
#include "ruleset.h"

struct span {
	const uint8_t *bytes;
	size_t length;
};

/* Takes the next attribute off @rest; its type, or -1 at the end and when it is damaged. */
static int next_attribute(struct span *rest, struct span *value)
{
	struct nlattr attribute;
	size_t step;

	if (rest->length < sizeof(attribute))
		return -1;
	memcpy(&attribute, rest->bytes, sizeof(attribute));
	if (attribute.nla_len < NLA_HDRLEN || attribute.nla_len > rest->length)
		return -1;
	*value = (struct span){ rest->bytes + NLA_HDRLEN, attribute.nla_len - (size_t)NLA_HDRLEN };
	step = NLA_ALIGN(attribute.nla_len);
	if (step > rest->length)
		step = rest->length;
	*rest = (struct span){ rest->bytes + step, rest->length - step };
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

static int read_message(const struct nlmsghdr *header, struct span body, uint32_t mark,
			struct firewall_counters *counters)
{
	struct span list, element;
	int error;

	if (header->nlmsg_type == NLMSG_DONE)
		return 0;
	if (header->nlmsg_type == NLMSG_ERROR) {
		if (body.length < sizeof(error))
			return -EPROTO;
		memcpy(&error, body.bytes, sizeof(error));
		return error < 0 ? error : -EPROTO;
	}
	if (body.length < NLMSG_ALIGN(sizeof(struct nfgenmsg)))
		return -EPROTO;
	body.bytes += NLMSG_ALIGN(sizeof(struct nfgenmsg));
	body.length -= NLMSG_ALIGN(sizeof(struct nfgenmsg));
	if (find(body, NFTA_SET_ELEM_LIST_ELEMENTS, &list))
		while (next_attribute(&list, &element) >= 0)
			read_element(element, mark, counters);
	return -EINPROGRESS;
}

int counters_parse(const uint8_t *bytes, size_t length, uint32_t mark, struct firewall_counters *counters)
{
	struct nlmsghdr header;
	int err = -EINPROGRESS;

	if (length < NLMSG_HDRLEN)
		return -EPROTO;
	while (err == -EINPROGRESS && length >= NLMSG_HDRLEN) {
		size_t step;

		memcpy(&header, bytes, sizeof(header));
		if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > length)
			return -EPROTO;
		err = read_message(&header,
				   (struct span){ bytes + NLMSG_HDRLEN,
						  header.nlmsg_len - (size_t)NLMSG_HDRLEN },
				   mark, counters);
		step = NLMSG_ALIGN(header.nlmsg_len);
		if (step > length)
			step = length;
		bytes += step;
		length -= step;
	}
	return err;
}
