// SPDX-License-Identifier: Apache-2.0
/* The firewall: transactions with the kernel. */

#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <stdalign.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../console.h"
#include "../limits.h"
#include "../scratch.h"
#include "abi/errors.h"
#include "abi/sparse.h"
#include "elements.h"
#include "firewall.h"
#include "netlink.h"
#include "replies.h"
#include "ruleset.h"

/* A part of a dump is no longer: NLMSG_GOODSIZE.  What is said to a batch is a few words. */
#define DUMP_BYTES	8192
#define VERDICT_BYTES	256

static int netlink = -1;

/* As it is, and as it is to be after a change. */
static SPARSE struct elements_answer answers[2][APP_MAX][FIREWALL_ANSWERS_MAX];
static struct elements_state states[2] = { { .answers = answers[0] }, { .answers = answers[1] } };
static struct elements_state *state = &states[0], *next = &states[1];
static const struct elements_wrong nobody;

/*
 * The kernel works in the call of send(), so that its answers are there afterwards.  @length: of the
 * batch, or the error of making it.
 */
static int transact(const void *batch, int length)
{
	alignas(NLMSG_ALIGNTO) uint8_t answer[VERDICT_BYTES];
	int verdict = -EINPROGRESS, err = 0;

	if (length < 0)
		return length;
	if (send(netlink, batch, (size_t)length, 0) < 0)
		return -errno;
	for (;;) {
		ssize_t got = recv(netlink, answer, sizeof(answer), MSG_DONTWAIT);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		if (!err)
			err = replies_read_verdict(answer, (size_t)got, &verdict);
	}
	return err ? err : verdict == -EINPROGRESS ? -EIO : verdict;
}

static void start(struct netlink_writer *writer)
{
	netlink_start(writer, scratch_memory(), FIREWALL_BATCH_BYTES);
}

static void complain(const struct elements_wrong *wrong, int err)
{
	if (wrong->app)
		console_error(E_FIREWALL_APP, "%s: %s: %s%s%s", wrong->app, wrong->field,
			      strerror(-err), wrong->other ? ": it belongs to " : "",
			      wrong->other ? wrong->other : "");
	else
		console_error(E_FIREWALL, "the rules of the network could not be set: %s",
			      strerror(-err));
}

/* The end of a change: what was to be is, or stays what it was. */
static int settle(const struct elements_wrong *wrong, int err)
{
	struct elements_state *former = state;

	if (err) {
		complain(wrong, err);
		return err;
	}
	state = next;
	next = former;
	return 0;
}

int firewall_open(void)
{
	const int on = 1;
	int err = 0;

	netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_NETFILTER);
	/* An error comes without the message that it is about. */
	if (netlink < 0 || setsockopt(netlink, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)) < 0)
		err = -errno;
	for (const struct ruleset_batch *batch = ruleset_batches; !err && batch->bytes; batch++)
		err = transact(batch->words, batch->bytes);
	if (err) {
		complain(&nobody, err);
		close(netlink);
		netlink = -1;
	}
	return err;
}

int firewall_apply(const struct firewall_app *apps, size_t count)
{
	struct elements_wrong wrong;
	struct netlink_writer writer;
	int err = elements_plan(apps, count, state, next, &wrong);

	if (err)
		return settle(&wrong, err);
	start(&writer);
	return settle(&nobody, transact(scratch_memory(), elements_put(&writer, state, next)));
}

int firewall_add_answer(const char *name, size_t name_length, uint32_t address, uint32_t ttl_s)
{
	struct elements_wrong wrong;
	struct netlink_writer writer;
	int count, err = 0;

	if (!address)
		return -EINVAL;
	/* The same apps: a copy. */
	elements_plan(state->entries, state->count, state, next, &wrong);
	start(&writer);
	netlink_begin_batch(&writer);
	count = elements_put_answers(&writer, next, name, name_length, address, ttl_s);
	if (count)
		err = transact(scratch_memory(), netlink_end_batch(&writer));
	err = settle(&nobody, err);
	return err ? err : count;
}

/* A dump comes in parts, each made when the one before it has been taken. */
static int read_counters(uint32_t mark, struct firewall_counters *counters)
{
	struct netlink_writer writer;
	uint8_t *bytes = scratch_memory();
	int length, err = -EINPROGRESS;

	start(&writer);
	netlink_begin_table(&writer, NFT_MSG_GETSETELEM, NLM_F_DUMP, NFTA_SET_ELEM_LIST_TABLE);
	netlink_put_text(&writer, NFTA_SET_ELEM_LIST_SET, ruleset_sets[SET_COUNTERS].name);
	length = netlink_finish(&writer);
	if (length < 0)
		return length;
	if (send(netlink, bytes, (size_t)length, 0) < 0)
		return -errno;
	while (err == -EINPROGRESS) {
		ssize_t got = recv(netlink, bytes, DUMP_BYTES, MSG_DONTWAIT);

		err = got < 0 ? -errno : replies_read_counters(bytes, (size_t)got, mark, counters);
	}
	return err;
}

int firewall_read_counters(uid_t uid, struct firewall_counters *counters)
{
	int err = -ENOENT;

	*counters = (struct firewall_counters){ 0 };
	if (netlink < 0)
		return -EBADF;
	for (size_t i = 0; i < state->count; i++)
		if (state->entries[i].uid == uid)
			err = read_counters(state->apps[i].mark, counters);
	return err;
}
