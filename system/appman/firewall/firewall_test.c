// SPDX-License-Identifier: Apache-2.0
/* The pure parts of the firewall: plans, batches, counters. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>

#include "elements.h"
#include "replies.h"
#include "ruleset.h"

static const struct connection connections[] = {
	{ .kind = CONNECTION_ADDRESS, .prefix = 32, .address = 0x0a070001 },
	{ .kind = CONNECTION_ADDRESS, .prefix = 24, .address = 0xc0000200, .port = 1 },
	{ .kind = CONNECTION_NAME, .name_at = 2, .name_length = 3, .port = 443 },
	{ .kind = CONNECTION_NAME, .name_at = 2, .name_length = 3 },
};
static const uint16_t ports[] = { 8080, 53 };
static const uint8_t peers[][IMAGE_UUID_BYTES] = { { 2 } };

/* Of up to three states at once. */
static struct elements_answer told[3][APP_MAX][FIREWALL_ANSWERS_MAX];
static const struct elements_state nobody = { .answers = told[0] };

static void make_apps(struct firewall_app apps[3])
{
	const struct firewall_app plain[3] = {
		{ .uid = 10000,
		  .name = "client",
		  .id = { 1 },
		  .connections = connections,
		  .connection_count = 4,
		  .names = "xxa.b",
		  .names_bytes = 5,
		  .peers = peers,
		  .peer_count = 1 },
		{ .uid = 10001,
		  .name = "server",
		  .id = { 2 },
		  .tcp_ports = ports,
		  .tcp_count = 1,
		  .udp_ports = ports,
		  .udp_count = 1 },
		{ .uid = 10002, .name = "resolver", .id = { 3 }, .is_anywhere = true, .is_resolver = true },
	};

	memcpy(apps, plain, sizeof(plain));
}

static int plan(const struct firewall_app *apps, size_t count, struct elements_wrong *wrong)
{
	struct elements_state old = nobody, new = { .answers = told[1] };

	return elements_plan(apps, count, &old, &new, wrong);
}

static void test_plans_that_are_refused(void **state)
{
	struct elements_wrong wrong;
	struct firewall_app apps[APP_MAX + 1];

	(void)state;
	make_apps(apps);
	assert_int_equal(plan(apps, 3, &wrong), 0);
	apps[1].uid = 10000;
	assert_int_equal(plan(apps, 3, &wrong), -EINVAL);
	assert_string_equal(wrong.app, "server");
	make_apps(apps);
	apps[2].uid = 0;
	assert_int_equal(plan(apps, 3, &wrong), -EINVAL);
	apps[2].uid = 0x10000 + 10000;
	assert_int_equal(plan(apps, 3, &wrong), -EINVAL);
	assert_string_equal(wrong.app, "resolver");
	make_apps(apps);
	apps[0].tcp_ports = ports;
	apps[0].tcp_count = 1;
	assert_int_equal(plan(apps, 3, &wrong), -EADDRINUSE);
	assert_string_equal(wrong.app, "server");
	assert_string_equal(wrong.field, "AllowedTcpServerPorts");
	assert_string_equal(wrong.other, "client");
	/* UDP and TCP are two. */
	apps[1].tcp_count = 0;
	assert_int_equal(plan(apps, 3, &wrong), 0);
	for (size_t i = 0; i <= APP_MAX; i++)
		apps[i] = (struct firewall_app){ .uid = (uid_t)(10000 + i) };
	assert_int_equal(plan(apps, APP_MAX, &wrong), 0);
	assert_int_equal(plan(apps, APP_MAX + 1, &wrong), -E2BIG);
}

static void test_the_port_of_dns_is_the_resolvers(void **state)
{
	struct elements_wrong wrong;
	struct firewall_app apps[3];

	(void)state;
	make_apps(apps);
	apps[1].udp_count = 2;
	assert_int_equal(plan(apps, 3, &wrong), -EADDRINUSE);
	assert_string_equal(wrong.app, "resolver");
	assert_string_equal(wrong.field, "AllowedUdpServerPorts");
	assert_string_equal(wrong.other, "server");
	assert_int_equal(plan(apps, 2, &wrong), 0);
	make_apps(apps);
	apps[0].is_resolver = true;
	assert_int_equal(plan(apps, 3, &wrong), -EADDRINUSE);
	/* Who is it may have it in its list. */
	make_apps(apps);
	apps[2].udp_ports = &ports[1];
	apps[2].udp_count = 1;
	assert_int_equal(plan(apps, 3, &wrong), 0);
}

static void test_limits_are_kept(void **state)
{
	static struct connection many[FIREWALL_HOSTS_MAX + 1];
	static uint16_t many_ports[FIREWALL_PORTS_MAX + 1];
	struct elements_wrong wrong;
	struct firewall_app app = { .uid = 10000, .name = "many", .connections = many, .tcp_ports = many_ports };

	(void)state;
	for (size_t i = 0; i <= FIREWALL_HOSTS_MAX; i++)
		many[i] = (struct connection){ .kind = CONNECTION_ADDRESS, .prefix = 32,
					       .address = (uint32_t)(0x0a000000 + i) };
	for (size_t i = 0; i <= FIREWALL_PORTS_MAX; i++)
		many_ports[i] = (uint16_t)(1000 + i);
	app.connection_count = FIREWALL_HOSTS_MAX;
	app.tcp_count = FIREWALL_PORTS_MAX;
	assert_int_equal(plan(&app, 1, &wrong), 0);
	app.connection_count++;
	assert_int_equal(plan(&app, 1, &wrong), -E2BIG);
	assert_string_equal(wrong.field, "AllowedConnections");
	app.connection_count--;
	app.tcp_count++;
	assert_int_equal(plan(&app, 1, &wrong), -E2BIG);
	assert_string_equal(wrong.app, "many");
	assert_string_equal(wrong.field, "AllowedTcpServerPorts and AllowedUdpServerPorts");
}

static void test_marks_follow_entries(void **state)
{
	struct elements_state old = { .changes = 0xfffe, .answers = told[0] };
	struct elements_state new = { .answers = told[1] }, newer = { .answers = told[2] };
	struct elements_wrong wrong;
	struct firewall_app apps[3], next[3], last[3];

	(void)state;
	make_apps(apps);
	assert_int_equal(elements_plan(apps, 3, &old, &new, &wrong), 0);
	assert_int_equal(new.apps[0].mark, 0xffffu << 16 | 10000);
	/* 0 is no number of a change. */
	assert_int_equal(new.apps[1].mark, 1u << 16 | 10001);
	new.apps[0].answer_count = 1;
	new.answers[0][0].address = 7;
	make_apps(next);
	next[1].peers = peers;
	next[1].peer_count = 1;
	assert_int_equal(elements_plan(next, 3, &new, &newer, &wrong), 0);
	assert_memory_equal(&newer.apps[0], &new.apps[0], sizeof(newer.apps[0]));
	assert_int_equal(newer.answers[0][0].address, 7);
	assert_memory_equal(&newer.apps[2], &new.apps[2], sizeof(newer.apps[2]));
	assert_int_equal(newer.apps[1].mark, 3u << 16 | 10001);
	/* Each field of an entry counts. */
	memcpy(last, next, sizeof(last));
	last[0].names = "xxa.c";
	last[2].is_anywhere = false;
	assert_int_equal(elements_plan(last, 3, &newer, &new, &wrong), 0);
	assert_int_not_equal(new.apps[0].mark, newer.apps[0].mark);
	assert_int_equal(new.apps[0].answer_count, 0);
	assert_int_equal(new.apps[1].mark, newer.apps[1].mark);
	assert_int_not_equal(new.apps[2].mark, newer.apps[2].mark);
}

/* Every message of a batch is whole, and so are the attributes in it, whatever they are in. */
static void walk(const uint8_t *bytes, size_t length)
{
	while (length) {
		struct nlattr attribute;
		size_t step;

		assert_true(length >= sizeof(attribute));
		memcpy(&attribute, bytes, sizeof(attribute));
		step = NLA_ALIGN(attribute.nla_len);
		assert_true(attribute.nla_len >= NLA_HDRLEN && step <= length);
		if (attribute.nla_type & NLA_F_NESTED)
			walk(bytes + NLA_HDRLEN, attribute.nla_len - (size_t)NLA_HDRLEN);
		bytes += step;
		length -= step;
	}
}

static unsigned int check_batch(const uint8_t *bytes, size_t length)
{
	uint16_t type = NFNL_MSG_BATCH_BEGIN;
	unsigned int messages = 0, answers = 0;

	for (; length; messages++) {
		struct nlmsghdr header;
		const size_t before = NLMSG_HDRLEN + sizeof(struct nfgenmsg);

		assert_true(length >= before);
		memcpy(&header, bytes, sizeof(header));
		assert_true(header.nlmsg_len >= before && header.nlmsg_len <= length);
		assert_true(messages || header.nlmsg_type == type);
		assert_int_equal(header.nlmsg_seq, messages + 1);
		answers += !!(header.nlmsg_flags & NLM_F_ACK) &&
			   header.nlmsg_type != NFNL_MSG_BATCH_END;
		walk(bytes + before, header.nlmsg_len - before);
		type = header.nlmsg_type;
		bytes += header.nlmsg_len;
		length -= header.nlmsg_len;
	}
	assert_int_equal(type, NFNL_MSG_BATCH_END);
	assert_int_equal(answers, 1);
	return messages;
}

static void test_batches_are_whole(void **state)
{
	static uint8_t buffer[FIREWALL_BATCH_BYTES];
	struct elements_state old = nobody, new = { .answers = told[1] };
	struct elements_wrong wrong;
	struct netlink_writer writer;
	struct firewall_app apps[3];
	int length, first;

	(void)state;
	make_apps(apps);
	assert_int_equal(elements_plan(apps, 3, &old, &new, &wrong), 0);
	netlink_start(&writer, buffer, sizeof(buffer));
	length = elements_put(&writer, &old, &new);
	assert_true(length > 0 && length < 4096);
	check_batch(buffer, (size_t)length);
	first = length;
	/* What stays is not mentioned. */
	old = new;
	netlink_start(&writer, buffer, sizeof(buffer));
	length = elements_put(&writer, &old, &new);
	assert_true(length > 0 && length < first);
	check_batch(buffer, (size_t)length);
	/* Nobody at all. */
	assert_int_equal(elements_plan(NULL, 0, &old, &new, &wrong), 0);
	netlink_start(&writer, buffer, sizeof(buffer));
	length = elements_put(&writer, &old, &new);
	assert_true(length > 0);
	check_batch(buffer, (size_t)length);
}

/* There are rules behind the table, the sets and the chains; each batch is small. */
static void test_rules_are_put_batch_by_batch(void **state)
{
	const struct ruleset_batch *batch;
	unsigned int messages = 0;

	(void)state;
	for (batch = ruleset_batches; batch->bytes; batch++) {
		messages += check_batch((const void *)batch->words, (size_t)batch->bytes) - 2;
		assert_in_range(batch->bytes, 1, 2048);
	}
	assert_in_range(batch - ruleset_batches, 4, 16);
	assert_in_range(messages, 1 + SET_COUNT + 20, 60);
}

/* In buffers of their very size, so that the sanitizer sees the first byte behind. */
static void test_no_byte_behind_the_buffer(void **state)
{
	struct elements_state old = nobody, new = { .answers = told[1] };
	struct elements_wrong wrong;
	struct netlink_writer writer;
	struct firewall_app apps[3];
	int length = -EMSGSIZE;
	size_t room;

	(void)state;
	make_apps(apps);
	assert_int_equal(elements_plan(apps, 3, &old, &new, &wrong), 0);
	for (room = 0; length == -EMSGSIZE; room += 4) {
		void *buffer = malloc(room ? room : 1);

		netlink_start(&writer, buffer, room);
		length = elements_put(&writer, &old, &new);
		free(buffer);
		assert_true(room < FIREWALL_BATCH_BYTES);
	}
	assert_int_equal(length, room - 4);
}

/* The largest that limits.h allows fits. */
static void test_the_largest_batch_fits(void **state)
{
	static uint8_t buffer[FIREWALL_BATCH_BYTES];
	static struct connection many[APP_MAX][12];
	static uint16_t many_ports[APP_MAX][4];
	struct firewall_app apps[APP_MAX];
	struct elements_state old = nobody, new = { .answers = told[1] };
	struct elements_wrong wrong;
	struct netlink_writer writer;
	int length;

	(void)state;
	for (size_t i = 0; i < APP_MAX; i++) {
		apps[i] = (struct firewall_app){ .uid = (uid_t)(10000 + i), .connections = many[i],
						 .connection_count = 12, .tcp_ports = many_ports[i],
						 .tcp_count = 4 };
		for (size_t j = 0; j < 12; j++)
			many[i][j] = (struct connection){ .kind = CONNECTION_ADDRESS,
							  .port = 1,
							  .prefix = j < 4 ? 24 : 32,
							  .address = 0x0a000000 };
		for (size_t j = 0; j < 4; j++)
			many_ports[i][j] = (uint16_t)(1000 + 4 * i + j);
	}
	assert_int_equal(elements_plan(apps, APP_MAX, &old, &new, &wrong), 0);
	netlink_start(&writer, buffer, sizeof(buffer));
	length = elements_put(&writer, &old, &new);
	assert_true(length > 0);
	check_batch(buffer, (size_t)length);
	many[0][4].prefix = 24;
	assert_int_equal(elements_plan(apps, APP_MAX, &old, &new, &wrong), -E2BIG);
}

static void test_answers_take_turns(void **state)
{
	const struct firewall_app apps[2] = {
		{ 0 },
		{ .connections = &connections[2], .connection_count = 1, .names = "xxa.b" },
	};
	struct elements_state firewall = { .count = 2, .entries = apps, .answers = told[0],
					   .apps[1].mark = 1 << 16 | 10000 };
	const struct elements_answer *its = firewall.answers[1];
	static uint8_t buffer[4096];
	struct netlink_writer writer;
	int length;

	(void)state;
	for (uint32_t i = 1; i <= FIREWALL_ANSWERS_MAX + 2; i++) {
		netlink_start(&writer, buffer, sizeof(buffer));
		netlink_begin_batch(&writer);
		assert_int_equal(elements_put_answers(&writer, &firewall, "a.b", 3, i, 0), 1);
		length = netlink_end_batch(&writer);
		assert_true(length > 0);
		/* Begin, the new one, end; and the one that has to go. */
		assert_int_equal(check_batch(buffer, (size_t)length),
				 i > FIREWALL_ANSWERS_MAX ? 4 : 3);
	}
	assert_int_equal(its[0].address, FIREWALL_ANSWERS_MAX + 1);
	assert_int_equal(its[1].address, FIREWALL_ANSWERS_MAX + 2);
	assert_int_equal(its[2].address, 3);
	/* One that is there keeps its place. */
	netlink_start(&writer, buffer, sizeof(buffer));
	netlink_begin_batch(&writer);
	elements_put_answers(&writer, &firewall, "a.b", 3, 3, UINT32_MAX);
	assert_int_equal(check_batch(buffer, (size_t)netlink_end_batch(&writer)), 3);
	assert_int_equal(firewall.apps[1].next_answer, 2);
}

static void test_names_are_found(void **state)
{
	static uint8_t buffer[4096];
	struct firewall_app apps[3];
	struct elements_state firewall = { .count = 3, .entries = apps, .answers = told[0] };
	struct netlink_writer writer;

	(void)state;
	make_apps(apps);
	netlink_start(&writer, buffer, sizeof(buffer));
	netlink_begin_batch(&writer);
	/* For one port, and for every. */
	assert_int_equal(elements_put_answers(&writer, &firewall, "a.b", 3, 1, 0), 2);
	assert_int_equal(told[0][0][0].port, 443);
	assert_int_equal(told[0][0][1].port, 0);
	assert_int_equal(elements_put_answers(&writer, &firewall, "a.bc", 4, 1, 0), 0);
	assert_int_equal(elements_put_answers(&writer, &firewall, "a.c", 3, 1, 0), 0);
	assert_int_equal(firewall.apps[0].answer_count, 2);
	assert_int_equal(firewall.apps[1].answer_count, 0);
}

/* A dump as the kernel makes it: one message with one element, then the end. */
static size_t make_dump(uint8_t buffer[512], uint32_t mark)
{
	const uint32_t words[] = { mark, COUNT_RECEIVED };
	struct netlink_writer writer;
	size_t list, element, key, expression, data;

	netlink_start(&writer, buffer, 512);
	netlink_begin_table(&writer, NFT_MSG_NEWSETELEM, NLM_F_MULTI, NFTA_SET_ELEM_LIST_TABLE);
	list = netlink_begin(&writer, NFTA_SET_ELEM_LIST_ELEMENTS);
	element = netlink_begin(&writer, NFTA_LIST_ELEM);
	key = netlink_begin(&writer, NFTA_SET_ELEM_KEY);
	netlink_put(&writer, NFTA_DATA_VALUE, words, sizeof(words));
	netlink_end(&writer, key);
	expression = netlink_begin(&writer, NFTA_SET_ELEM_EXPR);
	netlink_put_text(&writer, NFTA_EXPR_NAME, "counter");
	data = netlink_begin(&writer, NFTA_EXPR_DATA);
	netlink_put_be64(&writer, NFTA_COUNTER_BYTES, 0x123456789a);
	netlink_put_be64(&writer, NFTA_COUNTER_PACKETS, 7);
	netlink_end(&writer, data);
	netlink_end(&writer, expression);
	netlink_end(&writer, element);
	netlink_end(&writer, list);
	netlink_begin_message(&writer, NLMSG_DONE, NLM_F_MULTI, 0, 0);
	return (size_t)netlink_finish(&writer);
}

static void test_counters_are_read(void **state)
{
	struct firewall_counters count = { 0 };
	uint8_t buffer[512];
	size_t length = make_dump(buffer, 0x12345);

	(void)state;
	assert_int_equal(replies_read_counters(buffer, length, 0x12345, &count), 0);
	assert_int_equal(count.received.packets, 7);
	assert_int_equal(count.received.bytes, 0x123456789a);
	count = (struct firewall_counters){ 0 };
	assert_int_equal(replies_read_counters(buffer, length, 0x12346, &count), 0);
	assert_int_equal(count.received.packets, 0);
	/* Without its end it is a part. */
	assert_int_equal(replies_read_counters(buffer, length - 20, 0x12345, &count), -EINPROGRESS);
	assert_int_equal(replies_read_counters(buffer, 3, 0x12345, &count), -EPROTO);
}

static void test_verdicts_are_read(void **state)
{
	static const struct {
		struct nlmsghdr header;
		struct nlmsgerr error;
	} answers[] = {
		{ { .nlmsg_len = sizeof(answers[0]), .nlmsg_type = NLMSG_ERROR }, { .error = 0 } },
		{ { .nlmsg_len = sizeof(answers[0]), .nlmsg_type = NLMSG_ERROR }, { .error = -ENOENT } },
		{ { .nlmsg_len = sizeof(answers[0]), .nlmsg_type = NLMSG_ERROR }, { .error = -EPERM } },
	};
	int verdict = -EINPROGRESS;

	(void)state;
	assert_int_equal(replies_read_verdict((const void *)answers, sizeof(answers[0]), &verdict), 0);
	assert_int_equal(verdict, 0);
	/* The first error counts. */
	assert_int_equal(replies_read_verdict((const void *)answers, sizeof(answers), &verdict), 0);
	assert_int_equal(verdict, -ENOENT);
	assert_int_equal(replies_read_verdict((const void *)answers, sizeof(answers[0]) - 1, &verdict),
			 -EPROTO);
}

/* Cut and with a byte changed: whatever comes out, nothing is read that is not there. */
static void test_damaged_counters_do_no_harm(void **state)
{
	struct firewall_counters count;
	uint8_t buffer[512];
	size_t length = make_dump(buffer, 0x12345);

	(void)state;
	for (size_t cut = 0; cut <= length; cut++) {
		uint8_t *copy = malloc(cut ? cut : 1);

		memcpy(copy, buffer, cut);
		replies_read_counters(copy, cut, 0x12345, &count);
		for (size_t i = 0; i < cut; i++) {
			copy[i] ^= 0xff;
			replies_read_counters(copy, cut, 0x12345, &count);
			copy[i] ^= 0xff;
		}
		free(copy);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plans_that_are_refused),
		cmocka_unit_test(test_the_port_of_dns_is_the_resolvers),
		cmocka_unit_test(test_limits_are_kept),
		cmocka_unit_test(test_marks_follow_entries),
		cmocka_unit_test(test_batches_are_whole),
		cmocka_unit_test(test_rules_are_put_batch_by_batch),
		cmocka_unit_test(test_no_byte_behind_the_buffer),
		cmocka_unit_test(test_the_largest_batch_fits),
		cmocka_unit_test(test_answers_take_turns),
		cmocka_unit_test(test_names_are_found),
		cmocka_unit_test(test_counters_are_read),
		cmocka_unit_test(test_verdicts_are_read),
		cmocka_unit_test(test_damaged_counters_do_no_harm),
	};

	return cmocka_run_group_tests_name("appman firewall", tests, NULL, NULL);
}
