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
#include "counters.h"
#include "elements.h"
#include "firewall.h"
#include "netlink.h"
#include "ruleset.h"

/* A part of a dump is no longer: NLMSG_GOODSIZE.  What is said to a batch is a few words. */
#define DUMP_BYTES	8192
#define VERDICT_BYTES	256

static int netlink = -1;
static uint32_t sequence = 1;

/* As it is, and as it is to be after a change. */
static struct elements_answer answers[2][APP_MAX][FIREWALL_ANSWERS_MAX];
static struct elements_state states[2] = { { .answers = answers[0] }, { .answers = answers[1] } };
static struct elements_state *state = &states[0], *next = &states[1];
static const struct elements_wrong nobody;

/* What the kernel says to a batch: it has done all of it, or the first error. */
static int read_verdict(const uint8_t *bytes, size_t length, int *verdict)
{
	while (length >= sizeof(struct nlmsghdr)) {
		const struct nlmsghdr *header = (const void *)bytes;
		const struct nlmsgerr *error = (const void *)(bytes + NLMSG_HDRLEN);
		size_t step = NLMSG_ALIGN(header->nlmsg_len);

		if (header->nlmsg_len < sizeof(*header) || header->nlmsg_len > length)
			return -EPROTO;
		if (header->nlmsg_type == NLMSG_ERROR &&
		    header->nlmsg_len >= NLMSG_LENGTH(sizeof(*error)) &&
		    (*verdict == -EINPROGRESS || !*verdict))
			*verdict = error->error;
		if (step >= length)
			break;
		bytes += step;
		length -= step;
	}
	return 0;
}

/* The kernel works in the call of send(), so that its answers are there afterwards. */
static int transact(const void *batch, size_t length)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	alignas(NLMSG_ALIGNTO) uint8_t answer[VERDICT_BYTES];
	int verdict = -EINPROGRESS, err = 0;

	if (netlink < 0)
		return -EBADF;
	if (sendto(netlink, batch, length, 0, (const struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0)
		return -errno;
	for (;;) {
		ssize_t got = recv(netlink, answer, sizeof(answer), MSG_DONTWAIT);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			break;
		if (!err)
			err = read_verdict(answer, (size_t)got, &verdict);
	}
	return err ? err : verdict == -EINPROGRESS ? -EIO : verdict;
}

static void start(struct netlink_writer *writer)
{
	netlink_start(writer, scratch_memory(), FIREWALL_BATCH_BYTES, sequence);
}

/* @length: of the batch, or the error of making it. */
static int finish(const struct netlink_writer *writer, int length)
{
	int err = length;

	sequence = writer->sequence;
	if (length > 0)
		err = transact(scratch_memory(), (size_t)length);
	return err;
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

static void take_next(void)
{
	struct elements_state *former = state;

	state = next;
	next = former;
}

static int open_socket(void)
{
	const int on = 1;
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_NETFILTER);

	if (fd < 0)
		return -errno;
	/* An error comes without the message that it is about. */
	if (setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

int firewall_open(void)
{
	int err;

	netlink = open_socket();
	err = netlink < 0 ? netlink : 0;
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

	if (!err) {
		wrong = nobody;
		start(&writer);
		err = finish(&writer, elements_put(&writer, apps, state, next));
	}
	if (err)
		complain(&wrong, err);
	else
		take_next();
	return err;
}

int firewall_add_answer(const char *name, size_t name_length, uint32_t address, uint32_t ttl_s)
{
	struct elements_wrong wrong;
	struct netlink_writer writer;
	int apps = 0, err;

	if (!address)
		return -EINVAL;
	/* The same apps: a copy. */
	elements_plan(state->entries, state->count, state, next, &wrong);
	start(&writer);
	netlink_begin_batch(&writer);
	for (size_t i = 0; i < state->count; i++) {
		size_t from = 0;
		uint16_t port;

		while (elements_find_name(&state->entries[i], name, name_length, &from, &port)) {
			elements_put_answer(&writer, next, i, address, port, ttl_s);
			apps++;
		}
	}
	err = apps ? finish(&writer, netlink_end_batch(&writer)) : 0;
	if (!err)
		take_next();
	else
		complain(&nobody, err);
	return err ? err : apps;
}

/* A dump comes in parts, each made when the one before it has been taken. */
static int read_counters(uint32_t mark, struct firewall_counters *counters)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct netlink_writer writer;
	uint8_t *bytes = scratch_memory();
	int length, err = -EINPROGRESS;

	start(&writer);
	netlink_begin_table(&writer, NFT_MSG_GETSETELEM, NLM_F_DUMP, NFTA_SET_ELEM_LIST_TABLE);
	netlink_put_text(&writer, NFTA_SET_ELEM_LIST_SET, ruleset_sets[SET_COUNTERS].name);
	length = netlink_finish(&writer);
	sequence = writer.sequence;
	if (length < 0)
		return length;
	if (sendto(netlink, bytes, (size_t)length, 0, (const struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0)
		return -errno;
	while (err == -EINPROGRESS) {
		ssize_t got = recv(netlink, bytes, DUMP_BYTES, MSG_DONTWAIT);

		err = got < 0 ? -errno : counters_parse(bytes, (size_t)got, mark, counters);
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
		if (elements_user(&state->apps[i]) == uid)
			err = read_counters(state->apps[i].mark, counters);
	return err;
}
