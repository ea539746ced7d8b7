// SPDX-License-Identifier: Apache-2.0
/* What changes of the firewall: the elements of its sets. */

#include <arpa/inet.h>
#include <errno.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <string.h>

#include "abi/array.h"
#include "elements.h"
#include "ruleset.h"

/* Newer than the headers of some build machines: Linux 6.3. */
#define MESSAGE_DESTROY_ELEMENT	30

/* RFC 1035 section 4.2 */
#define DNS_PORT	53

static bool is_same_list(const void *a, size_t a_count, const void *b, size_t b_count, size_t size)
{
	return a_count == b_count && (!a_count || !memcmp(a, b, a_count * size));
}

#define IS_SAME_LIST(a, b, list, count) \
	is_same_list((a)->list, (a)->count, (b)->list, (b)->count, sizeof((a)->list[0]))

/* Connections have no bytes between their fields. */
static bool is_same(const struct firewall_app *a, const struct firewall_app *b)
{
	return a->uid == b->uid && !memcmp(a->id, b->id, sizeof(a->id)) &&
	       a->is_anywhere == b->is_anywhere && a->is_resolver == b->is_resolver &&
	       IS_SAME_LIST(a, b, connections, connection_count) &&
	       IS_SAME_LIST(a, b, names, names_bytes) &&
	       IS_SAME_LIST(a, b, tcp_ports, tcp_count) &&
	       IS_SAME_LIST(a, b, udp_ports, udp_count) && IS_SAME_LIST(a, b, peers, peer_count);
}

static bool has_names(const struct firewall_app *app)
{
	for (size_t i = 0; i < app->connection_count; i++)
		if (app->connections[i].kind == CONNECTION_NAME)
			return true;
	return false;
}

/* A block is a rule; a single address is an element. */
static bool is_block(const struct connection *c)
{
	return c->kind == CONNECTION_ADDRESS && c->prefix < 32;
}

/* What others may ask of an app: the ports of its lists, and behind them that of DNS of the resolver. */
struct service {
	uint8_t protocol;
	uint16_t port;
};

static size_t listed_count(const struct firewall_app *app)
{
	return app->tcp_count + app->udp_count;
}

static size_t service_count(const struct firewall_app *app)
{
	return listed_count(app) + (app->is_resolver ? 2 : 0);
}

static struct service service_at(const struct firewall_app *app, size_t i)
{
	if (i < app->tcp_count)
		return (struct service){ IPPROTO_TCP, app->tcp_ports[i] };
	if (i < listed_count(app))
		return (struct service){ IPPROTO_UDP, app->udp_ports[i - app->tcp_count] };
	return (struct service){ i == listed_count(app) ? IPPROTO_TCP : IPPROTO_UDP, DNS_PORT };
}

static int check_pair(const struct firewall_app *one, const struct firewall_app *other,
		      struct elements_wrong *wrong)
{
	if (one->uid == other->uid)
		return -EINVAL;
	for (size_t i = 0; i < service_count(one); i++)
		for (size_t j = 0; j < service_count(other); j++) {
			struct service a = service_at(one, i), b = service_at(other, j);

			if (a.protocol != b.protocol || a.port != b.port)
				continue;
			wrong->field = a.protocol == IPPROTO_TCP ? "AllowedTcpServerPorts" :
								   "AllowedUdpServerPorts";
			wrong->other = other->name;
			return -EADDRINUSE;
		}
	return 0;
}

/*
 * The first of @to's services that @from may use, and all behind it: those of itself too, as its own
 * ports are no secret from it; of the resolver that of DNS if there are names to be asked for.
 */
static size_t first_allowed(const struct firewall_app *from, const struct firewall_app *to)
{
	if (from->uid == to->uid)
		return 0;
	for (size_t i = 0; i < from->peer_count; i++)
		if (!memcmp(from->peers[i], to->id, sizeof(to->id)))
			return 0;
	return has_names(from) ? listed_count(to) : service_count(to);
}

/* How much of each limit is used, in the order of the apps. */
struct use {
	size_t hosts, networks, ports, local;
};

static int add_use(struct use *use, const struct firewall_app *app, const struct firewall_app *apps,
		   size_t count, const char **field)
{
	for (size_t i = 0; i < app->connection_count; i++) {
		use->networks += is_block(&app->connections[i]);
		use->hosts += app->connections[i].kind == CONNECTION_ADDRESS &&
			      !is_block(&app->connections[i]);
	}
	use->networks += app->is_anywhere;
	use->ports += service_count(app);
	for (size_t i = 0; i < count; i++)
		use->local += service_count(&apps[i]) - first_allowed(app, &apps[i]);
	if (use->hosts > FIREWALL_HOSTS_MAX || use->networks > FIREWALL_NETWORKS_MAX)
		*field = "AllowedConnections";
	else if (use->ports > FIREWALL_PORTS_MAX)
		*field = "AllowedTcpServerPorts and AllowedUdpServerPorts";
	else if (use->local > FIREWALL_LOCAL_MAX)
		*field = "AllowedApplicationConnections";
	else
		return 0;
	return -E2BIG;
}

static int check(const struct firewall_app *apps, size_t count, struct elements_wrong *wrong)
{
	struct use use = { 0 };
	int err = count > APP_MAX ? -E2BIG : 0;

	*wrong = (struct elements_wrong){ 0 };
	for (size_t i = 0; i < count && !err; i++) {
		*wrong = (struct elements_wrong){ .app = apps[i].name, .field = "user" };
		err = !apps[i].uid || apps[i].uid > 0xffff ? -EINVAL : 0;
		for (size_t j = 0; j < i && !err; j++)
			err = check_pair(&apps[i], &apps[j], wrong);
		if (!err)
			err = add_use(&use, &apps[i], apps, count, &wrong->field);
	}
	return err;
}

/* The place of an app with this entry; the count: none. */
static size_t find(const struct elements_state *state, const struct firewall_app *entry)
{
	size_t i = 0;

	while (i < state->count && !is_same(&state->entries[i], entry))
		i++;
	return i;
}

static uint16_t next_change(struct elements_state *state)
{
	if (++state->changes == 0)
		state->changes = 1;
	return state->changes;
}

int elements_plan(const struct firewall_app *apps, size_t count, const struct elements_state *old,
		  struct elements_state *new, struct elements_wrong *wrong)
{
	int err = check(apps, count, wrong);

	if (err)
		return err;
	new->changes = old->changes;
	new->count = count;
	new->entries = apps;
	for (size_t i = 0; i < count; i++) {
		size_t before = find(old, &apps[i]);

		if (before == old->count) {
			new->apps[i] = (struct elements_app){
				.mark = (uint32_t)next_change(new) << 16 | (uint32_t)apps[i].uid,
			};
			continue;
		}
		new->apps[i] = old->apps[before];
		memcpy(new->answers[i], old->answers[before],
		       new->apps[i].answer_count * sizeof(new->answers[i][0]));
	}
	return 0;
}

static void put_value(struct netlink_writer *writer, uint16_t type, const uint32_t *words,
		      size_t count)
{
	size_t at = netlink_begin(writer, type);

	netlink_put(writer, NFTA_DATA_VALUE, words, count * sizeof(words[0]));
	netlink_end(writer, at);
}

static void begin_set(struct netlink_writer *writer, enum ruleset_set set, uint16_t type,
		      uint16_t flags)
{
	netlink_begin_table(writer, type, flags, NFTA_SET_ELEM_LIST_TABLE);
	netlink_put_text(writer, NFTA_SET_ELEM_LIST_SET, ruleset_sets[set].name);
}

/* Messages about elements have one list; an element is its key, and the data of maps behind it. */
static size_t begin_list(struct netlink_writer *writer, enum ruleset_set set, uint16_t type,
			 uint16_t flags)
{
	begin_set(writer, set, type, flags);
	return netlink_begin(writer, NFTA_SET_ELEM_LIST_ELEMENTS);
}

static void put_element(struct netlink_writer *writer, enum ruleset_set set, const uint32_t *words)
{
	const struct ruleset_set_form *form = &ruleset_sets[set];
	size_t at = netlink_begin(writer, NFTA_LIST_ELEM);

	put_value(writer, NFTA_SET_ELEM_KEY, words, form->key_words);
	if (form->data_words)
		put_value(writer, NFTA_SET_ELEM_DATA, words + form->key_words, form->data_words);
	netlink_end(writer, at);
}

/*
 * Words of keys, as registers have them: numbers of the kernel in its own order, what comes from
 * headers in theirs, from the first byte on; the device is little-endian (ruleset.c).  The data of a
 * map stands behind its key, so that both have the same words.
 */
static void fill_users(struct netlink_writer *writer, const struct elements_state *new,
		       enum ruleset_set set, size_t i)
{
	put_element(writer, set, (uint32_t[]){ new->entries[i].uid, new->apps[i].mark });
}

static void fill_hosts(struct netlink_writer *writer, const struct elements_state *new,
		       enum ruleset_set set, size_t i)
{
	for (size_t j = 0; j < new->entries[i].connection_count; j++) {
		const struct connection *c = &new->entries[i].connections[j];
		const uint32_t host[] = { new->apps[i].mark, htonl(c->address), htons(c->port) };

		if (c->kind == CONNECTION_ADDRESS && !is_block(c))
			put_element(writer, set, host);
	}
}

/* What @mark may do with the services of @app; that of DNS is not open to others outside. */
static void put_services(struct netlink_writer *writer, enum ruleset_set set, uint32_t mark,
			 const struct firewall_app *app, size_t first)
{
	size_t end = set == SET_PORTS ? listed_count(app) : service_count(app);

	for (size_t i = first; i < end; i++) {
		struct service its = service_at(app, i);
		const uint32_t words[] = { mark, its.protocol, htons(its.port), mark };

		put_element(writer, set, words + (set == SET_PORTS));
	}
}

static void fill_services(struct netlink_writer *writer, const struct elements_state *new,
			  enum ruleset_set set, size_t i)
{
	put_services(writer, set, new->apps[i].mark, &new->entries[i], 0);
}

static void fill_local(struct netlink_writer *writer, const struct elements_state *new,
		       enum ruleset_set set, size_t i)
{
	const struct firewall_app *apps = new->entries;

	for (size_t j = 0; j < new->count; j++)
		put_services(writer, set, new->apps[i].mark, &apps[j],
			     first_allowed(&apps[i], &apps[j]));
}

/* The sets whose elements are all exchanged.  What is in the others stays as long as its mark. */
static const struct {
	enum ruleset_set set;
	void (*fill)(struct netlink_writer *writer, const struct elements_state *new,
		     enum ruleset_set set, size_t i);
} exchanged[] = {
	{ SET_USERS, fill_users },	 { SET_FLOWS, fill_users }, { SET_HOSTS, fill_hosts },
	{ SET_SERVERS, fill_services }, { SET_LOCAL, fill_local }, { SET_PORTS, fill_services },
};

/* No list: all elements go.  A list may be empty. */
static void exchange(struct netlink_writer *writer, const struct elements_state *new, size_t row)
{
	enum ruleset_set set = exchanged[row].set;
	size_t list;

	begin_set(writer, set, NFT_MSG_DELSETELEM, 0);
	list = begin_list(writer, set, NFT_MSG_NEWSETELEM, NLM_F_CREATE);
	for (size_t i = 0; i < new->count; i++)
		exchanged[row].fill(writer, new, set, i);
	netlink_end(writer, list);
}

static bool has_mark(const struct elements_state *state, uint32_t mark)
{
	for (size_t i = 0; i < state->count; i++)
		if (state->apps[i].mark == mark)
			return true;
	return false;
}

/* Puts the counters of the marks of @state that are not in @other. */
static void put_counters(struct netlink_writer *writer, uint16_t type, uint16_t flags,
			 const struct elements_state *state, const struct elements_state *other)
{
	size_t list = begin_list(writer, SET_COUNTERS, type, flags);

	for (size_t i = 0; i < state->count; i++)
		for (uint32_t c = 0; c < COUNT_COUNT && !has_mark(other, state->apps[i].mark); c++)
			put_element(writer, SET_COUNTERS, (uint32_t[]){ state->apps[i].mark, c });
	netlink_end(writer, list);
}

/* A block of addresses, as a rule. */
static void put_network(struct netlink_writer *writer, uint32_t mark, const struct connection *c)
{
	const struct ruleset_block *block = &ruleset_blocks[c->port != 0];
	const uint32_t mask = c->prefix ? htonl(~0u << (32 - c->prefix)) : 0;
	const uint32_t values[] = {
		[BLANK_MARK] = mark, [BLANK_MASK] = mask,
		[BLANK_ADDRESS] = htonl(c->address) & mask, [BLANK_PORT] = htons(c->port),
	};
	uint8_t *place;

	netlink_begin_table(writer, NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, NFTA_RULE_TABLE);
	place = netlink_put_ready(writer, block->words, block->bytes);
	for (size_t i = 0; i < BLANK_COUNT && place; i++)
		if (block->blanks[i])
			memcpy(place + block->blanks[i], &values[i], sizeof(values[i]));
}

static void put_networks(struct netlink_writer *writer, const struct elements_state *new, size_t i)
{
	static const struct connection anywhere = { .kind = CONNECTION_ADDRESS };
	const struct firewall_app *app = &new->entries[i];

	for (size_t j = 0; j < app->connection_count; j++)
		if (is_block(&app->connections[j]))
			put_network(writer, new->apps[i].mark, &app->connections[j]);
	if (app->is_anywhere)
		put_network(writer, new->apps[i].mark, &anywhere);
}

int elements_put(struct netlink_writer *writer, const struct elements_state *old,
		 const struct elements_state *new)
{
	netlink_begin_batch(writer);
	for (size_t row = 0; row < ARRAY_SIZE(exchanged); row++)
		exchange(writer, new, row);
	put_counters(writer, NFT_MSG_DELSETELEM, 0, old, new);
	put_counters(writer, NFT_MSG_NEWSETELEM, NLM_F_CREATE, new, old);
	netlink_begin_table(writer, NFT_MSG_DELRULE, 0, NFTA_RULE_TABLE);
	netlink_put_text(writer, NFTA_RULE_CHAIN, RULESET_BLOCKS);
	for (size_t i = 0; i < new->count; i++)
		put_networks(writer, new, i);
	return netlink_end_batch(writer);
}

/* The place of the answer among those of @app: its own, a new one, or that of the oldest. */
static struct elements_answer *place_of(struct elements_app *app, struct elements_answer *answers,
					const struct elements_answer *answer)
{
	struct elements_answer *place;

	for (size_t i = 0; i < app->answer_count; i++)
		if (answers[i].address == answer->address && answers[i].port == answer->port)
			return &answers[i];
	place = &answers[app->next_answer];
	if (app->next_answer == app->answer_count) {
		app->answer_count++;
		*place = *answer;
	}
	app->next_answer = (uint8_t)((app->next_answer + 1) % FIREWALL_ANSWERS_MAX);
	return place;
}

static void put_answer_message(struct netlink_writer *writer, uint16_t type, uint16_t flags,
			       uint32_t mark, const struct elements_answer *answer, uint64_t ttl_ms)
{
	const uint32_t key[] = { mark, htonl(answer->address), htons(answer->port) };
	size_t list = begin_list(writer, SET_ANSWERS, type, flags);
	size_t element = netlink_begin(writer, NFTA_LIST_ELEM);

	put_value(writer, NFTA_SET_ELEM_KEY, key, ruleset_sets[SET_ANSWERS].key_words);
	if (ttl_ms) {
		netlink_put_be64(writer, NFTA_SET_ELEM_TIMEOUT, ttl_ms);
		/* Of an element that is there already only this is renewed. */
		netlink_put_be64(writer, NFTA_SET_ELEM_EXPIRATION, ttl_ms);
	}
	netlink_end(writer, element);
	netlink_end(writer, list);
}

static void put_answer(struct netlink_writer *writer, struct elements_state *state, size_t i,
		       const struct elements_answer *answer, uint32_t ttl_s)
{
	struct elements_app *app = &state->apps[i];
	struct elements_answer *place = place_of(app, state->answers[i], answer);

	/* It may have ended by itself: that is no error. */
	if (place->address != answer->address || place->port != answer->port)
		put_answer_message(writer, MESSAGE_DESTROY_ELEMENT, 0, app->mark, place, 0);
	*place = *answer;
	put_answer_message(writer, NFT_MSG_NEWSETELEM, NLM_F_CREATE, app->mark, place,
			   ttl_s * 1000ull);
}

int elements_put_answers(struct netlink_writer *writer, struct elements_state *state, const char *name,
			 size_t name_length, uint32_t address, uint32_t ttl_s)
{
	int count = 0;

	if (ttl_s < FIREWALL_ANSWER_MIN_S)
		ttl_s = FIREWALL_ANSWER_MIN_S;
	if (ttl_s > FIREWALL_ANSWER_MAX_S)
		ttl_s = FIREWALL_ANSWER_MAX_S;
	for (size_t i = 0; i < state->count; i++)
		for (size_t j = 0; j < state->entries[i].connection_count; j++) {
			const struct connection *c = &state->entries[i].connections[j];

			if (c->kind != CONNECTION_NAME || c->name_length != name_length ||
			    memcmp(state->entries[i].names + c->name_at, name, name_length))
				continue;
			put_answer(writer, state, i, &(struct elements_answer){ address, c->port },
				   ttl_s);
			count++;
		}
	return count;
}
