// SPDX-License-Identifier: Apache-2.0
/* The only parser of the resolver's messages. */

#include "abi/resolver.h"

#include <errno.h>
#include <string.h>

#include "abi/bytes.h"

/* Where the fields of a head are; resolver.md. */
#define AT_MAGIC	0
#define AT_FORMAT	4
#define AT_LENGTH	6
#define AT_ID		8
#define AT_TTL		12
#define AT_RESULT	12
#define AT_ADDRESSES	16
#define AT_NAME		17
#define AT_RESERVED	18

static int check_head(const uint8_t *bytes, size_t length, size_t least, size_t most)
{
	if (length < least || length > most || get_le32(bytes + AT_MAGIC) != RESOLVER_MAGIC ||
	    get_le16(bytes + AT_FORMAT) != RESOLVER_FORMAT || get_le16(bytes + AT_LENGTH) != length)
		return -EBADMSG;
	return 0;
}

static void put_head(uint8_t *bytes, size_t length, uint32_t id)
{
	put_le32(bytes + AT_MAGIC, RESOLVER_MAGIC);
	put_le16(bytes + AT_FORMAT, RESOLVER_FORMAT);
	put_le16(bytes + AT_LENGTH, (uint32_t)length);
	put_le32(bytes + AT_ID, id);
}

/* What a host name may be made of is the manifest's to say; here it is what can be printed. */
static int is_name(const uint8_t *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (bytes[i] <= ' ' || bytes[i] >= 0x7f || (bytes[i] >= 'A' && bytes[i] <= 'Z'))
			return 0;
	return 1;
}

static size_t length_of(const struct resolver_answer *answer)
{
	if (!answer->address_count || answer->address_count > RESOLVER_ADDRESSES_MAX ||
	    !answer->name_length || answer->name_length > RESOLVER_NAME_MAX)
		return 0;
	return RESOLVER_HEAD_BYTES + 4u * answer->address_count + answer->name_length;
}

int resolver_parse_answer(const uint8_t *bytes, size_t length, struct resolver_answer *answer)
{
	const uint8_t *addresses = bytes + RESOLVER_HEAD_BYTES, *name;

	*answer = (struct resolver_answer){ 0 };
	if (check_head(bytes, length, RESOLVER_HEAD_BYTES, RESOLVER_MESSAGE_MAX))
		return -EBADMSG;
	answer->id = get_le32(bytes + AT_ID);
	answer->ttl_s = get_le32(bytes + AT_TTL);
	answer->address_count = bytes[AT_ADDRESSES];
	answer->name_length = bytes[AT_NAME];
	if (length_of(answer) != length || get_le16(bytes + AT_RESERVED))
		return -EBADMSG;
	name = addresses + 4u * answer->address_count;
	if (!is_name(name, answer->name_length))
		return -EBADMSG;
	for (size_t i = 0; i < answer->address_count; i++)
		answer->addresses[i] = get_le32(addresses + 4 * i);
	memcpy(answer->name, name, answer->name_length);
	return 0;
}

size_t resolver_format_answer(const struct resolver_answer *answer,
			      uint8_t bytes[RESOLVER_MESSAGE_MAX])
{
	size_t length = length_of(answer);

	if (!length)
		return 0;
	put_head(bytes, length, answer->id);
	put_le32(bytes + AT_TTL, answer->ttl_s);
	bytes[AT_ADDRESSES] = answer->address_count;
	bytes[AT_NAME] = answer->name_length;
	put_le16(bytes + AT_RESERVED, 0);
	for (size_t i = 0; i < answer->address_count; i++)
		put_le32(bytes + RESOLVER_HEAD_BYTES + 4 * i, answer->addresses[i]);
	memcpy(bytes + length - answer->name_length, answer->name, answer->name_length);
	return length;
}

int resolver_parse_reply(const uint8_t *bytes, size_t length, struct resolver_reply *reply)
{
	*reply = (struct resolver_reply){ 0 };
	if (check_head(bytes, length, RESOLVER_REPLY_BYTES, RESOLVER_REPLY_BYTES))
		return -EBADMSG;
	reply->id = get_le32(bytes + AT_ID);
	reply->result = (int32_t)get_le32(bytes + AT_RESULT);
	return 0;
}

size_t resolver_format_reply(const struct resolver_reply *reply,
			     uint8_t bytes[RESOLVER_REPLY_BYTES])
{
	put_head(bytes, RESOLVER_REPLY_BYTES, reply->id);
	put_le32(bytes + AT_RESULT, (uint32_t)reply->result);
	return RESOLVER_REPLY_BYTES;
}
