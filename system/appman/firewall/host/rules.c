// SPDX-License-Identifier: Apache-2.0
/*
 * What never changes of the firewall: a program of the build machine that writes it to standard output
 * as ruleset.inc, from which ruleset.c takes it.  Messages of netlink lie there as the kernel is to
 * get them, so that pid 1 needs no code that makes them.
 *
 * Exits with 1 when something does not fit.
 * Sources: Linux, include/uapi/linux/netfilter/nf_tables.h, nf_tables of 6.12.
 */

#include <arpa/inet.h>
#include <assert.h>
#include <inttypes.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_conntrack_tuple_common.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "../../limits.h"
#include "../netlink.h"
#include "../ruleset.h"
#include "abi/array.h"

/* Newer than the headers of some build machines: Linux 6.9. */
#define TABLE_PERSIST		0x4

/* A batch is full when it is as long as this: small, as the kernel makes a copy of it. */
#define BATCH_BYTES		1024
#define BATCH_ROOM		(2 * BATCH_BYTES)

/*
 * Only this socket changes the table, whoever else may configure the network; and it stays when the
 * socket is closed, as nothing may be open then.
 */
#define TABLE_FLAGS		(NFT_TABLE_F_OWNER | TABLE_PERSIST)

/* The loopback interface has this number in each network namespace. */
#define LOOPBACK_INDEX		1

/* Registers of four bytes. Keys and what a rule works with begin at the first. */
#define R0	NFT_REG32_00
#define R1	NFT_REG32_01
#define R2	NFT_REG32_02

/* Offsets: RFC 791 section 3.1; RFC 9293 section 3.1 and RFC 768 have ports in one place. */
#define IP_DESTINATION		16
#define SOURCE_PORT		0
#define DESTINATION_PORT	2
#define TCP_FLAGS		13
#define TCP_SYN			0x02
#define TCP_RST			0x04

/* How nft prints keys: its numbers of types, of which a key holds six bits each. */
#define TYPE_ADDRESS	7
#define TYPE_PROTOCOL	12
#define TYPE_PORT	13
#define TYPE_MARK	19
#define TYPE_USER	24
#define TYPES_2(a, b)	((a) << 6 | (b))
#define TYPES_3(a, b, c) (TYPES_2(a, b) << 6 | (c))

/*
 * A note for nft, which the kernel only keeps: keys and data of one word are numbers in the order
 * of the host.  Type, length, 1 (libnftnl, include/libnftnl/udata.h and nftables, datatype.h).
 */
static const uint8_t nft_byte_orders[] = { 0, 4, 1, 0, 0, 0, 1, 4, 1, 0, 0, 0 };

/*
 * With a size the kernel makes room for all of it at once; a set without one grows as needed, and
 * limits.h bounds what is put in.
 */
static const struct {
	const char *name;
	uint32_t key_type;
	uint8_t key_words, data_words;
	uint16_t size;
	uint32_t flags;
	bool counts;
} sets[] = {
	[SET_USERS] = { "users", TYPE_USER, 1, 1, APP_MAX, NFT_SET_MAP, false },
	[SET_FLOWS] = { "flows", TYPES_2(TYPE_USER, TYPE_MARK), 2, 0, APP_MAX, 0, false },
	[SET_HOSTS] = { "hosts", TYPES_3(TYPE_MARK, TYPE_ADDRESS, TYPE_PORT), 3, 0,
			0, 0, false },
	[SET_ANSWERS] = { "answers", TYPES_3(TYPE_MARK, TYPE_ADDRESS, TYPE_PORT), 3, 0,
			  0, NFT_SET_TIMEOUT, false },
	[SET_LOCAL] = { "local", TYPES_3(TYPE_MARK, TYPE_PROTOCOL, TYPE_PORT), 3, 0,
			0, 0, false },
	[SET_SERVERS] = { "servers", TYPES_3(TYPE_MARK, TYPE_PROTOCOL, TYPE_PORT), 3, 0,
			  0, 0, false },
	[SET_PORTS] = { "ports", TYPES_2(TYPE_PROTOCOL, TYPE_PORT), 2, 1, 0, NFT_SET_MAP,
			false },
	[SET_COUNTERS] = { "counters", TYPES_2(TYPE_MARK, TYPE_MARK), 2, 0, 0, 0, true },
};
static_assert(ARRAY_SIZE(sets) == SET_COUNT, "each set has a row");
static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "as on the device: ruleset.c");

/*
 * Those with a hook judge all packets, and drop them until they have rules; the others are where
 * rules go on.
 */
static const struct {
	const char *name;
	int hook;
} chains[] = {
	{ "input", NF_INET_LOCAL_IN },
	{ "output", NF_INET_LOCAL_OUT },
	{ "app", -1 },
	{ "local", -1 },
	{ RULESET_BLOCKS, -1 },
	{ "open", -1 },
	{ "send", -1 },
	{ "refuse", -1 },
};

enum kind {
	END,
	META,		/* reg = key of the packet */
	SET_META,	/* key of the packet = reg */
	CT,		/* reg = key of the flow */
	SET_CT,		/* key of the flow = reg */
	PAYLOAD,	/* reg = length bytes at offset behind the header key */
	NUMBER,		/* reg = value */
	MASK,		/* reg &= value, length bytes */
	IS,
	IS_NOT,		/* ends the rule if length bytes of reg are not, or are, value */
	IN,		/* ends the rule unless the set key has reg and what follows */
	MAP,		/* reg = what the set key says of reg and what follows; ends the rule if nothing */
	COUNT,		/* counts the packet */
	ACCEPT,
	DROP,
	RESET,		/* and a reset of TCP to whoever has sent it */
	GOTO,
	JUMP,
};

/*
 * One expression of nf_tables.  Values of one byte are numbers; others are in the order of the
 * host.
 */
struct expression {
	uint8_t kind;
	uint8_t reg;
	uint16_t key;
	uint16_t offset;
	uint16_t length;
	uint32_t value;
	const char *chain;
	uint8_t blank;	/* the value is filled in on the device: 1 + enum ruleset_blank */
};

#define E_META(r, k)		{ .kind = META, .reg = (r), .key = NFT_META_##k }
#define E_SET_META(k, r)	{ .kind = SET_META, .reg = (r), .key = NFT_META_##k }
#define E_CT(r, k)		{ .kind = CT, .reg = (r), .key = NFT_CT_##k }
#define E_SET_CT(k, r)		{ .kind = SET_CT, .reg = (r), .key = NFT_CT_##k }
#define E_PAYLOAD(r, base, o, n)                                                                \
	{                                                                                       \
		.kind = PAYLOAD, .reg = (r), .key = NFT_PAYLOAD_##base##_HEADER, .offset = (o), \
		.length = (n)                                                                   \
	}
#define E_NUMBER(r, v)		{ .kind = NUMBER, .reg = (r), .length = 4, .value = (v) }
#define E_MASK(r, n, v)		{ .kind = MASK, .reg = (r), .length = (n), .value = (v) }
#define E_IS(r, n, v)		{ .kind = IS, .reg = (r), .length = (n), .value = (v) }
#define E_IS_NOT(r, n, v)	{ .kind = IS_NOT, .reg = (r), .length = (n), .value = (v) }
#define E_IN(r, s)		{ .kind = IN, .reg = (r), .key = SET_##s }
#define E_MAP(r, s)		{ .kind = MAP, .reg = (r), .key = SET_##s }
#define E_IN_COUNTERS(k)	E_NUMBER(R1, COUNT_##k), E_IN(R0, COUNTERS)
#define E_MASK_BLANK(r, b)	{ .kind = MASK, .reg = (r), .length = 4, .blank = 1 + BLANK_##b }
#define E_IS_BLANK(r, n, b)	{ .kind = IS, .reg = (r), .length = (n), .blank = 1 + BLANK_##b }
#define E_COUNT			{ .kind = COUNT }
#define E_ACCEPT		{ .kind = ACCEPT }
#define E_DROP			{ .kind = DROP }
#define E_RESET			{ .kind = RESET }
#define E_GOTO(c)		{ .kind = GOTO, .chain = (c) }
#define E_JUMP(c)		{ .kind = JUMP, .chain = (c) }

#define RULE_EXPRESSIONS_MAX	8

struct rule {
	const char *chain;
	struct expression expressions[RULE_EXPRESSIONS_MAX + 1];
};

static const struct rule rules[] = {
	/* The sender has judged what goes from the device to the device. */
	{ "input", { E_META(R0, IIF), E_IS(R0, 4, LOOPBACK_INDEX), E_ACCEPT } },
	/* What comes to an open port is a flow of the port's owner, of the present one. */
	{ "input",
	  { E_CT(R0, DIRECTION), E_IS(R0, 1, IP_CT_DIR_ORIGINAL), E_META(R0, L4PROTO),
	    E_PAYLOAD(R1, TRANSPORT, DESTINATION_PORT, 2), E_MAP(R0, PORTS), E_SET_CT(MARK, R0) } },
	{ "input", { E_CT(R0, MARK), E_IN_COUNTERS(RECEIVED), E_ACCEPT } },
	{ "input", { E_COUNT, E_DROP } },

	{ "output", { E_META(R0, SKUID), E_MAP(R0, USERS), E_SET_META(MARK, R0), E_GOTO("app") } },
	/* A socket of somebody who has no rules: application-manager needs none. */
	{ "output", { E_META(R0, SKUID), E_COUNT, E_DROP } },
	/*
	 * No program sends this: the end of a connection whose socket is closed, an acknowledgement
	 * before accept(), an error.  It may end or go on with what was allowed.  It may not begin:
	 * answers to a flood of SYN have no owner who could be asked.
	 */
	{ "output",
	  { E_META(R0, L4PROTO), E_IS(R0, 1, IPPROTO_TCP), E_PAYLOAD(R0, TRANSPORT, TCP_FLAGS, 1),
	    E_MASK(R0, 1, TCP_SYN), E_IS_NOT(R0, 1, 0), E_COUNT, E_DROP } },
	/* What the rule with E_RESET answers to a program of the device. */
	{ "output",
	  { E_META(R0, OIF), E_IS(R0, 4, LOOPBACK_INDEX), E_META(R0, L4PROTO), E_IS(R0, 1, IPPROTO_TCP),
	    E_PAYLOAD(R0, TRANSPORT, TCP_FLAGS, 1), E_MASK(R0, 1, TCP_RST), E_IS_NOT(R0, 1, 0),
	    E_ACCEPT } },
	{ "output", { E_CT(R0, MARK), E_IN_COUNTERS(SENT), E_ACCEPT } },
	{ "output", { E_COUNT, E_DROP } },

	{ "app", { E_META(R0, OIF), E_IS(R0, 4, LOOPBACK_INDEX), E_GOTO("local") } },
	/* Its own flow: who has got hold of the port of somebody else's flow is not its owner. */
	{ "app", { E_META(R0, SKUID), E_CT(R1, MARK), E_IN(R0, FLOWS), E_GOTO("send") } },
	{ "app",
	  { E_META(R0, MARK), E_PAYLOAD(R1, NETWORK, IP_DESTINATION, 4), E_NUMBER(R2, 0),
	    E_IN(R0, HOSTS), E_GOTO("open") } },
	{ "app",
	  { E_META(R0, MARK), E_PAYLOAD(R1, NETWORK, IP_DESTINATION, 4),
	    E_PAYLOAD(R2, TRANSPORT, DESTINATION_PORT, 2), E_IN(R0, HOSTS), E_GOTO("open") } },
	{ "app",
	  { E_META(R0, MARK), E_PAYLOAD(R1, NETWORK, IP_DESTINATION, 4), E_NUMBER(R2, 0),
	    E_IN(R0, ANSWERS), E_GOTO("open") } },
	{ "app",
	  { E_META(R0, MARK), E_PAYLOAD(R1, NETWORK, IP_DESTINATION, 4),
	    E_PAYLOAD(R2, TRANSPORT, DESTINATION_PORT, 2), E_IN(R0, ANSWERS), E_GOTO("open") } },
	{ "app", { E_JUMP(RULESET_BLOCKS) } },
	{ "app", { E_GOTO("refuse") } },

	/* A flow of the other end's: only the owner of the port answers. */
	{ "local",
	  { E_CT(R0, DIRECTION), E_IS(R0, 1, IP_CT_DIR_REPLY), E_META(R0, MARK),
	    E_META(R1, L4PROTO), E_PAYLOAD(R2, TRANSPORT, SOURCE_PORT, 2), E_IN(R0, SERVERS),
	    E_GOTO("send") } },
	{ "local",
	  { E_META(R0, MARK), E_META(R1, L4PROTO), E_PAYLOAD(R2, TRANSPORT, DESTINATION_PORT, 2),
	    E_IN(R0, LOCAL), E_GOTO("open") } },
	{ "local", { E_GOTO("refuse") } },

	{ "open", { E_META(R0, MARK), E_SET_CT(MARK, R0), E_GOTO("send") } },
	{ "send", { E_META(R0, MARK), E_IN_COUNTERS(SENT), E_ACCEPT } },
	{ "refuse", { E_META(R0, MARK), E_IN_COUNTERS(REFUSED) } },
	{ "refuse", { E_META(R0, L4PROTO), E_IS(R0, 1, IPPROTO_TCP), E_RESET } },
	{ "refuse", { E_DROP } },
};

/* Those of the chain with blocks of addresses: for each port, and for one. */
static const struct expression blocks[][RULE_EXPRESSIONS_MAX + 1] = {
	{ E_META(R0, MARK), E_IS_BLANK(R0, 4, MARK), E_PAYLOAD(R0, NETWORK, IP_DESTINATION, 4),
	  E_MASK_BLANK(R0, MASK), E_IS_BLANK(R0, 4, ADDRESS), E_GOTO("open") },
	{ E_META(R0, MARK), E_IS_BLANK(R0, 4, MARK), E_PAYLOAD(R0, NETWORK, IP_DESTINATION, 4),
	  E_MASK_BLANK(R0, MASK), E_IS_BLANK(R0, 4, ADDRESS),
	  E_PAYLOAD(R0, TRANSPORT, DESTINATION_PORT, 2), E_IS_BLANK(R0, 2, PORT), E_GOTO("open") },
};

static void put_be32(struct netlink_writer *writer, uint16_t type, uint32_t value)
{
	uint32_t bytes = htonl(value);

	netlink_put(writer, type, &bytes, sizeof(bytes));
}

/* A value as registers have it: bytes of headers in their order, numbers of the kernel in its own. */
static void put_value(struct netlink_writer *writer, uint16_t type, const void *bytes,
		      size_t length)
{
	size_t at = netlink_begin(writer, type);

	netlink_put(writer, NFTA_DATA_VALUE, bytes, length);
	netlink_end(writer, at);
}

static void put_number(struct netlink_writer *writer, uint16_t type, uint32_t value, size_t length)
{
	uint8_t byte = (uint8_t)value;
	uint16_t half = (uint16_t)value;
	const void *const places[] = { [1] = &byte, [2] = &half, [4] = &value };

	put_value(writer, type, places[length], length);
}

static void put_meta(struct netlink_writer *writer, const struct expression *e)
{
	put_be32(writer, e->kind == META ? NFTA_META_DREG : NFTA_META_SREG, e->reg);
	put_be32(writer, NFTA_META_KEY, e->key);
}

static void put_ct(struct netlink_writer *writer, const struct expression *e)
{
	put_be32(writer, e->kind == CT ? NFTA_CT_DREG : NFTA_CT_SREG, e->reg);
	put_be32(writer, NFTA_CT_KEY, e->key);
}

static void put_payload(struct netlink_writer *writer, const struct expression *e)
{
	put_be32(writer, NFTA_PAYLOAD_DREG, e->reg);
	put_be32(writer, NFTA_PAYLOAD_BASE, e->key);
	put_be32(writer, NFTA_PAYLOAD_OFFSET, e->offset);
	put_be32(writer, NFTA_PAYLOAD_LEN, e->length);
}

static void put_immediate(struct netlink_writer *writer, const struct expression *e)
{
	put_be32(writer, NFTA_IMMEDIATE_DREG, e->reg);
	put_number(writer, NFTA_IMMEDIATE_DATA, e->value, e->length);
}

static void put_mask(struct netlink_writer *writer, const struct expression *e)
{
	put_be32(writer, NFTA_BITWISE_SREG, e->reg);
	put_be32(writer, NFTA_BITWISE_DREG, e->reg);
	put_be32(writer, NFTA_BITWISE_LEN, e->length);
	put_number(writer, NFTA_BITWISE_XOR, 0, e->length);
	/* Last, as put_expressions() looks for blanks there. */
	put_number(writer, NFTA_BITWISE_MASK, e->value, e->length);
}

static void put_compare(struct netlink_writer *writer, const struct expression *e)
{
	put_be32(writer, NFTA_CMP_SREG, e->reg);
	put_be32(writer, NFTA_CMP_OP, e->kind == IS ? NFT_CMP_EQ : NFT_CMP_NEQ);
	put_number(writer, NFTA_CMP_DATA, e->value, e->length);
}

static void put_lookup(struct netlink_writer *writer, const struct expression *e)
{
	netlink_put_text(writer, NFTA_LOOKUP_SET, sets[e->key].name);
	put_be32(writer, NFTA_LOOKUP_SREG, e->reg);
	if (e->kind == MAP)
		put_be32(writer, NFTA_LOOKUP_DREG, e->reg);
}

static void put_counter(struct netlink_writer *writer, const struct expression *e)
{
	(void)e;
	netlink_put_be64(writer, NFTA_COUNTER_BYTES, 0);
	netlink_put_be64(writer, NFTA_COUNTER_PACKETS, 0);
}

static void put_reset(struct netlink_writer *writer, const struct expression *e)
{
	(void)e;
	put_be32(writer, NFTA_REJECT_TYPE, NFT_REJECT_TCP_RST);
}

static void put_verdict(struct netlink_writer *writer, const struct expression *e)
{
	static const int codes[] = {
		[ACCEPT] = NF_ACCEPT, [DROP] = NF_DROP, [GOTO] = NFT_GOTO, [JUMP] = NFT_JUMP,
	};
	size_t data, verdict;

	put_be32(writer, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
	data = netlink_begin(writer, NFTA_IMMEDIATE_DATA);
	verdict = netlink_begin(writer, NFTA_DATA_VERDICT);
	put_be32(writer, NFTA_VERDICT_CODE, (uint32_t)codes[e->kind]);
	if (e->chain)
		netlink_put_text(writer, NFTA_VERDICT_CHAIN, e->chain);
	netlink_end(writer, verdict);
	netlink_end(writer, data);
}

static const struct {
	const char *name;
	void (*put)(struct netlink_writer *writer, const struct expression *e);
} encodings[] = {
	[META] = { "meta", put_meta },	       [SET_META] = { "meta", put_meta },
	[CT] = { "ct", put_ct },	       [SET_CT] = { "ct", put_ct },
	[PAYLOAD] = { "payload", put_payload }, [NUMBER] = { "immediate", put_immediate },
	[MASK] = { "bitwise", put_mask },      [IS] = { "cmp", put_compare },
	[IS_NOT] = { "cmp", put_compare },     [IN] = { "lookup", put_lookup },
	[MAP] = { "lookup", put_lookup },      [COUNT] = { "counter", put_counter },
	[ACCEPT] = { "immediate", put_verdict }, [DROP] = { "immediate", put_verdict },
	[RESET] = { "reject", put_reset },     [GOTO] = { "immediate", put_verdict },
	[JUMP] = { "immediate", put_verdict },
};

/* All of a rule but its table.  @blanks, of one that has some: where their values lie. */
static void put_rule(struct netlink_writer *writer, const char *chain, const struct expression *e,
		     size_t blanks[BLANK_COUNT])
{
	size_t list;

	netlink_put_text(writer, NFTA_RULE_CHAIN, chain);
	list = netlink_begin(writer, NFTA_RULE_EXPRESSIONS);
	for (; e->kind != END; e++) {
		size_t element = netlink_begin(writer, NFTA_LIST_ELEM), data;

		netlink_put_text(writer, NFTA_EXPR_NAME, encodings[e->kind].name);
		data = netlink_begin(writer, NFTA_EXPR_DATA);
		encodings[e->kind].put(writer, e);
		if (e->blank)
			blanks[e->blank - 1] = writer->length - sizeof(uint32_t);
		netlink_end(writer, data);
		netlink_end(writer, element);
	}
	netlink_end(writer, list);
}

static void put_table(struct netlink_writer *writer)
{
	netlink_begin_table(writer, NFT_MSG_NEWTABLE, NLM_F_CREATE | NLM_F_EXCL, NFTA_TABLE_NAME);
	put_be32(writer, NFTA_TABLE_FLAGS, TABLE_FLAGS);
}

static void put_set(struct netlink_writer *writer, enum ruleset_set set)
{
	size_t at;

	netlink_begin_table(writer, NFT_MSG_NEWSET, NLM_F_CREATE | NLM_F_EXCL, NFTA_SET_TABLE);
	netlink_put_text(writer, NFTA_SET_NAME, sets[set].name);
	put_be32(writer, NFTA_SET_ID, set + 1);
	put_be32(writer, NFTA_SET_FLAGS, sets[set].flags);
	put_be32(writer, NFTA_SET_KEY_TYPE, sets[set].key_type);
	put_be32(writer, NFTA_SET_KEY_LEN, 4u * sets[set].key_words);
	if (sets[set].data_words) {
		put_be32(writer, NFTA_SET_DATA_TYPE, TYPE_MARK);
		put_be32(writer, NFTA_SET_DATA_LEN, 4u * sets[set].data_words);
	}
	if (sets[set].size) {
		at = netlink_begin(writer, NFTA_SET_DESC);
		put_be32(writer, NFTA_SET_DESC_SIZE, sets[set].size);
		netlink_end(writer, at);
	}
	netlink_put(writer, NFTA_SET_USERDATA, nft_byte_orders, sizeof(nft_byte_orders));
	if (!sets[set].counts)
		return;
	/* Each element gets a counter of its own. */
	at = netlink_begin(writer, NFTA_SET_EXPR);
	netlink_put_text(writer, NFTA_EXPR_NAME, "counter");
	netlink_end(writer, at);
}

static void put_chain(struct netlink_writer *writer, const char *name, int hook)
{
	size_t at;

	netlink_begin_table(writer, NFT_MSG_NEWCHAIN, NLM_F_CREATE | NLM_F_EXCL, NFTA_CHAIN_TABLE);
	netlink_put_text(writer, NFTA_CHAIN_NAME, name);
	if (hook < 0)
		return;
	at = netlink_begin(writer, NFTA_CHAIN_HOOK);
	put_be32(writer, NFTA_HOOK_HOOKNUM, (uint32_t)hook);
	put_be32(writer, NFTA_HOOK_PRIORITY, 0);
	netlink_end(writer, at);
	put_be32(writer, NFTA_CHAIN_POLICY, NF_DROP);
	netlink_put_text(writer, NFTA_CHAIN_TYPE, "filter");
}

/*
 * The table with its sets, then the chains, then rule by rule.  From the second step on nothing passes
 * but what the rules let.  Returns false, and puts nothing, behind the last step.
 */
static bool put_step(struct netlink_writer *writer, size_t step)
{
	if (step == 0) {
		put_table(writer);
		for (unsigned int set = 0; set < SET_COUNT; set++)
			put_set(writer, set);
	} else if (step == 1) {
		for (size_t i = 0; i < ARRAY_SIZE(chains); i++)
			put_chain(writer, chains[i].name, chains[i].hook);
	} else if (step - 2 < ARRAY_SIZE(rules)) {
		netlink_begin_table(writer, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND,
			      NFTA_RULE_TABLE);
		put_rule(writer, rules[step - 2].chain, rules[step - 2].expressions, NULL);
	} else {
		return false;
	}
	return true;
}

static void print_words(const char *name, size_t number, const uint8_t *bytes, size_t length)
{
	printf("static const uint32_t %s_%zu[] = {", name, number);
	for (size_t at = 0; at < length; at += sizeof(uint32_t)) {
		uint32_t word;

		memcpy(&word, bytes + at, sizeof(word));
		printf("%s0x%08" PRIx32 ",", at % 32 ? " " : "\n\t", word);
	}
	printf("\n};\n");
}

static bool print_batches(void)
{
	_Alignas(uint32_t) static uint8_t bytes[BATCH_ROOM];
	size_t count = 0, step = 0;
	bool is_more = true;

	while (is_more) {
		struct netlink_writer writer;
		size_t empty;
		int length;

		netlink_start(&writer, bytes, sizeof(bytes));
		netlink_begin_batch(&writer);
		empty = writer.length;
		while (is_more && writer.length < BATCH_BYTES)
			is_more = put_step(&writer, step++);
		if (writer.length == empty)
			break;
		length = netlink_end_batch(&writer);
		if (length < 0)
			return false;
		print_words("batch", count++, bytes, (size_t)length);
	}
	printf("const struct ruleset_batch ruleset_batches[] = {\n");
	for (size_t i = 0; i < count; i++)
		printf("\t{ batch_%zu, sizeof(batch_%zu) },\n", i, i);
	printf("\t{ NULL, 0 },\n};\n");
	return true;
}

static void print_sets(void)
{
	printf("const struct ruleset_set_form ruleset_sets[SET_COUNT] = {\n");
	for (size_t i = 0; i < SET_COUNT; i++)
		printf("\t{ \"%s\", %u, %u },\n", sets[i].name, sets[i].key_words,
		       sets[i].data_words);
	printf("};\n");
}

static bool print_blocks(void)
{
	_Alignas(uint32_t) static uint8_t bytes[BATCH_ROOM];
	size_t blanks[ARRAY_SIZE(blocks)][BLANK_COUNT] = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
		struct netlink_writer writer;

		netlink_start(&writer, bytes, sizeof(bytes));
		put_rule(&writer, RULESET_BLOCKS, blocks[i], blanks[i]);
		if (writer.is_full)
			return false;
		print_words("block", i, bytes, writer.length);
	}
	printf("const struct ruleset_block ruleset_blocks[] = {\n");
	for (size_t i = 0; i < ARRAY_SIZE(blocks); i++) {
		printf("\t{ block_%zu, sizeof(block_%zu), {", i, i);
		for (size_t j = 0; j < BLANK_COUNT; j++)
			printf(" %zu,", blanks[i][j]);
		printf(" } },\n");
	}
	printf("};\n");
	return true;
}

int main(void)
{
	printf("/* Made by system/appman/firewall/host/rules.c. */\n");
	print_sets();
	return print_batches() && print_blocks() && !fflush(stdout) ? 0 : 1;
}
