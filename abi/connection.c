// SPDX-License-Identifier: Apache-2.0
/* Parses and prints entries of AllowedConnections. */
#include "abi/connection.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define LABEL_BYTES 63
#define LOOPBACK 127
#define BROADCAST 0xffffffffu

static const char address_rule[] =
	"must be an IPv4 address of four numbers, 0 to 255, without leading"
	" zeros";
static const char loopback_rule[] =
	"must not be this device itself: for that there is"
	" AllowedApplicationConnections";

/* A part of the text that is looked at. */
struct span {
	const char *start;
	size_t length;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_alphanumeric(char c)
{
	return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z');
}

/* What people write that is something else, each with the sentence that helps. */
static const char *find_foreign(const struct span *text)
{
	static const struct {
		const char *mark, *rule;
	} foreign[] = {
		{ "://", "must be a host, not a URL" },
		{ "*", "must not have wildcards: each host name stands for"
		       " itself alone" },
		{ "[",
		  "must not be an IPv6 address: this system has IPv4 only" },
		{ "_", "must not be a DNS-SD service: this system does not find"
		       " services" },
		{ " ", "must not have spaces" },
	};
	size_t i, at, colons = 0;

	for (i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++) {
		size_t length = strlen(foreign[i].mark);

		for (at = 0; at + length <= text->length; at++) {
			if (!memcmp(text->start + at, foreign[i].mark, length))
				return foreign[i].rule;
		}
	}
	for (at = 0; at < text->length; at++)
		colons += text->start[at] == ':';
	return colons > 1 ? foreign[2].rule : NULL;
}

/* A decimal number in its only form, up to @max, which is below 100,000. */
static bool get_number(const struct span *text, unsigned int max,
		       unsigned int *number)
{
	size_t i;

	if (text->length < 1 || text->length > 5 ||
	    (text->length > 1 && text->start[0] == '0'))
		return false;
	*number = 0;
	for (i = 0; i < text->length; i++) {
		if (!is_digit(text->start[i]))
			return false;
		*number = 10 * *number + (unsigned int)(text->start[i] - '0');
	}
	return *number <= max;
}

/* Moves what is behind the last @mark from @text to @tail.  False: there is no @mark. */
static bool split(struct span *text, char mark, struct span *tail)
{
	size_t at = text->length;

	while (at > 0 && text->start[at - 1] != mark)
		at--;
	if (at == 0)
		return false;
	*tail = (struct span){ text->start + at, text->length - at };
	text->length = at - 1;
	return true;
}

/*
 * Would a C library take it for an address?  Then it must be one: "0x7f.1" and "2130706433" are
 * 127.0.0.1 to inet_aton().  No name of the public DNS ends in such a label.
 */
static bool looks_numeric(const struct span *host)
{
	struct span head = *host, last = *host;
	size_t i;

	split(&head, '.', &last);
	if (last.length > 1 && last.start[0] == '0' &&
	    lower(last.start[1]) == 'x')
		return true;
	for (i = 0; i < last.length; i++) {
		if (!is_digit(last.start[i]))
			return false;
	}
	return last.length > 0;
}

static const char *parse_address(const struct span *host, uint32_t *address)
{
	struct span rest = *host;
	int byte;

	*address = 0;
	for (byte = 0; byte < 4; byte++) {
		struct span number = rest;
		unsigned int value;

		if (split(&rest, '.', &number) != (byte < 3) ||
		    !get_number(&number, 255, &value))
			return address_rule;
		*address |= (uint32_t)value << 8 * byte;
	}
	return NULL;
}

static const char *check_address(uint32_t address, unsigned int prefix)
{
	uint32_t first = address >> 24;

	if (prefix < 32 && address & (BROADCAST >> prefix))
		return "must have only zeros behind its prefix: 10.0.0.0/8, not"
		       " 10.0.0.1/8";
	if (first == LOOPBACK)
		return loopback_rule;
	if (first == 0)
		return "must not begin with 0: no host has such an address";
	/* 240.0.0.0/4 was never given out, but for the broadcast of the local network. */
	if (first >= 240 && address != BROADCAST)
		return "must not be above 239.255.255.255, but for"
		       " 255.255.255.255";
	return NULL;
}

static const char *parse_block(const struct span *host, const struct span *bits,
			       struct connection *connection)
{
	unsigned int prefix = 32;
	const char *rule = parse_address(host, &connection->address);

	if (rule)
		return rule;
	if (bits->start &&
	    (!get_number(bits, 32, &prefix) || prefix < CONNECTION_MIN_PREFIX))
		return "must have a prefix of /8 to /32";
	connection->kind = CONNECTION_ADDRESS;
	connection->prefix = (uint8_t)prefix;
	return check_address(connection->address, prefix);
}

static const char *check_label(const struct span *label)
{
	size_t i;

	if (label->length == 0)
		return "must not have two dots together, nor one at an end";
	if (label->length > LABEL_BYTES)
		return "must have at most 63 bytes between two dots";
	for (i = 0; i < label->length; i++) {
		char c = label->start[i];
		bool is_end = i == 0 || i == label->length - 1;

		if (!is_alphanumeric(c) && (c != '-' || is_end))
			return "must be a host name: letters, digits and, not at"
			       " an end of a part, \"-\"";
	}
	return NULL;
}

static const char *parse_name(const struct span *host,
			      struct connection *connection, char *name)
{
	static const char local[] = "localhost";
	struct span rest = *host, label = *host;
	bool has_more, is_last = true;
	size_t i;

	if (host->length >= CONNECTION_NAME_BYTES)
		return "must have at most 253 bytes";
	do {
		const char *rule;

		label = rest;
		has_more = split(&rest, '.', &label);
		rule = check_label(&label);
		if (rule)
			return rule;
		for (i = 0; i < label.length; i++)
			name[i] = lower(label.start[i]);
		name[i] = '\0';
		if (is_last && !strcmp(name, local))
			return loopback_rule;
		is_last = false;
	} while (has_more);
	for (i = 0; i < host->length; i++)
		name[i] = lower(host->start[i]);
	name[i] = '\0';
	connection->kind = CONNECTION_NAME;
	connection->name_length = (uint16_t)host->length;
	return NULL;
}

static const char *parse(const char *text, size_t length,
			 struct connection *connection, char *name)
{
	struct span host = { text, length };
	struct span port = { NULL, 0 }, bits = { NULL, 0 };
	const char *rule = find_foreign(&host);
	unsigned int number;

	if (rule)
		return rule;
	if (split(&host, ':', &port)) {
		if (!get_number(&port, UINT16_MAX, &number) || number == 0)
			return "must have a port of 1 to 65535 behind \":\"";
		connection->port = (uint16_t)number;
	}
	if (host.length == 0)
		return "must name a host";
	if (split(&host, '/', &bits) || looks_numeric(&host))
		return parse_block(&host, &bits, connection);
	return parse_name(&host, connection, name);
}

int connection_parse(const char *text, size_t length,
		     struct connection *connection,
		     char name[CONNECTION_NAME_BYTES], const char **rule)
{
	memset(connection, 0, sizeof(*connection));
	name[0] = '\0';
	*rule = parse(text, length, connection, name);
	if (!*rule)
		return 0;
	memset(connection, 0, sizeof(*connection));
	name[0] = '\0';
	return -EINVAL;
}

size_t connection_format(const struct connection *connection, const char *names,
			 char text[CONNECTION_TEXT_BYTES])
{
	uint32_t a = connection->address;
	char prefix[sizeof("/255")] = "", port[sizeof(":65535")] = "";
	int length;

	if (connection->port)
		snprintf(port, sizeof(port), ":%u", connection->port);
	if (connection->kind == CONNECTION_NAME) {
		length = snprintf(text, CONNECTION_TEXT_BYTES, "%.*s%s",
				  CONNECTION_NAME_BYTES - 1,
				  names + connection->name_at, port);
		return (size_t)length;
	}
	if (connection->prefix < 32)
		snprintf(prefix, sizeof(prefix), "/%u", connection->prefix);
	length = snprintf(text, CONNECTION_TEXT_BYTES, "%u.%u.%u.%u%s%s",
			  a >> 24, a >> 16 & 255, a >> 8 & 255, a & 255, prefix,
			  port);
	return (size_t)length;
}

bool connection_is_same(const struct connection *a, const struct connection *b,
			const char *names)
{
	if (a->kind != b->kind || a->prefix != b->prefix ||
	    a->port != b->port || a->address != b->address)
		return false;
	return a->kind != CONNECTION_NAME ||
	       !strcmp(names + a->name_at, names + b->name_at);
}
