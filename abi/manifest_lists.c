// SPDX-License-Identifier: Apache-2.0
/* Elements of the lists of app_manifest.json. */
#include <errno.h>
#include <string.h>

#include "abi/array.h"
#include "abi/manifest_fields.h"

int manifest_element_arg(struct manifest_parser *p,
			 const struct manifest_field *field, unsigned int token,
			 unsigned int index)
{
	static const char too_long[] =
		"all arguments together must fit in 512 bytes";
	struct manifest *m = p->manifest;
	size_t used = 0, room;
	unsigned int i;

	(void)field;
	if (p->document.tokens[token].type != JSMN_STRING)
		return manifest_fail(p, E_MANIFEST_TYPE, token,
				     "must be a string");
	for (i = 0; i < index; i++)
		used += strlen(m->args + used) + 1;
	room = sizeof(m->args) - used;
	if (room == 0 ||
	    json_copy_string(&p->document, token, m->args + used, room) >= room)
		return manifest_fail(p, E_MANIFEST_RANGE, token, too_long);
	return 0;
}

/* What the board said to a name or a number. */
static int refuse_peripheral(struct manifest_parser *p, unsigned int token,
			     int result)
{
	return manifest_fail(
		p, E_MANIFEST_PERIPHERAL, token,
		result == -EPERM ?
			"must not be a peripheral that belongs to the system" :
			"must be a peripheral of this kind that the board has");
}

static int resolve_name(struct manifest_parser *p,
			const struct manifest_field *field, unsigned int token,
			int64_t *id)
{
	const struct manifest_board *board = p->rules->board;
	char name[64];
	size_t length =
		json_copy_string(&p->document, token, name, sizeof(name));
	int result = -ENOENT;

	if (name[0] != '$')
		return manifest_fail(
			p, E_MANIFEST_TYPE, token,
			"must be a number or a name such as \"$LED1\"");
	if (!board)
		return manifest_fail(
			p, E_MANIFEST_PERIPHERAL, token,
			"must be a number here: names are resolved when"
			" the image is packed");
	if (length < sizeof(name))
		result = board->resolve(board->context, field->kind, name + 1,
					length - 1);
	if (result < 0 || result > MANIFEST_PERIPHERAL_MAX_ID)
		return refuse_peripheral(p, token, result);
	*id = result;
	return 0;
}

static int get_peripheral(struct manifest_parser *p,
			  const struct manifest_field *field,
			  unsigned int token, int64_t *id)
{
	const struct manifest_board *board = p->rules->board;
	int result;

	if (p->document.tokens[token].type == JSMN_STRING)
		return resolve_name(p, field, token, id);
	result = json_get_integer(&p->document, token, 0,
				  MANIFEST_PERIPHERAL_MAX_ID, id);
	if (result == -EINVAL)
		return manifest_fail(p, E_MANIFEST_TYPE, token,
				     "must be a whole number or a name such as"
				     " \"$LED1\"");
	if (result)
		return manifest_fail_range(p, token, "must be", 0,
					   MANIFEST_PERIPHERAL_MAX_ID);
	result = board ? board->check(board->context, field->kind,
				      (unsigned int)*id) :
			 0;
	return result ? refuse_peripheral(p, token, result) : 0;
}

int manifest_element_peripheral(struct manifest_parser *p,
				const struct manifest_field *field,
				unsigned int token, unsigned int index)
{
	uint8_t *ids = manifest_place(p, field->offset);
	int64_t id;
	int result = get_peripheral(p, field, token, &id);

	if (result)
		return result;
	if (memchr(ids, (int)id, index))
		return manifest_fail(
			p, E_MANIFEST_RANGE, token,
			"the same peripheral must not be listed twice");
	ids[index] = (uint8_t)id;
	return 0;
}

int manifest_element_bit(struct manifest_parser *p,
			 const struct manifest_field *field, unsigned int token,
			 unsigned int index)
{
	uint32_t *bits = manifest_place(p, field->offset);
	int choice = manifest_get_choice(p, field, token);

	(void)index;
	if (choice < 0)
		return choice;
	if (*bits & 1u << choice)
		return manifest_fail(p, E_MANIFEST_RANGE, token,
				     "the same name must not be listed twice");
	*bits |= 1u << choice;
	return 0;
}

/* Puts @connection, the next one, and its @name into the manifest. */
static int keep_connection(struct manifest_parser *p, unsigned int token,
			   struct connection *connection, const char *name)
{
	struct manifest *m = p->manifest;
	size_t bytes = connection->kind == CONNECTION_NAME ?
			       connection->name_length + 1u :
			       0;
	unsigned int i;

	if (bytes > sizeof(m->names) - m->names_used)
		return manifest_fail(
			p, E_MANIFEST_RANGE, token,
			"all host names together must fit in 1024 bytes");
	memcpy(m->names + m->names_used, name, bytes);
	connection->name_at = bytes ? (uint16_t)m->names_used : 0;
	for (i = 0; i < m->connection_count; i++) {
		if (connection_is_same(&m->connections[i], connection,
				       m->names))
			return manifest_fail(
				p, E_MANIFEST_RANGE, token,
				"the same connection must not be listed twice");
	}
	m->names_used += (unsigned int)bytes;
	m->connections[m->connection_count] = *connection;
	return 0;
}

int manifest_element_connection(struct manifest_parser *p,
				const struct manifest_field *field,
				unsigned int token, unsigned int index)
{
	char text[CONNECTION_TEXT_BYTES], name[CONNECTION_NAME_BYTES];
	struct connection connection;
	const char *rule;
	size_t length;

	(void)field;
	(void)index;
	if (p->document.tokens[token].type != JSMN_STRING)
		return manifest_fail(p, E_MANIFEST_TYPE, token,
				     "must be a string");
	length = json_copy_string(&p->document, token, text, sizeof(text));
	if (length >= sizeof(text))
		return manifest_fail(p, E_MANIFEST_CONNECTION, token,
				     "must be shorter than 260 bytes");
	if (connection_parse(text, length, &connection, name, &rule))
		return manifest_fail(p, E_MANIFEST_CONNECTION, token, rule);
	return keep_connection(p, token, &connection, name);
}

/*
 * The services of the system, by port: an app that had one of them could be taken for the system by
 * others, or keep the system from its work (DNS, mDNS: RFC 6762, SSDP).  The lower ones need what
 * only the system has.
 */
static bool is_system_port(int64_t port)
{
	static const uint16_t ports[] = { 1900, 5353 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(ports); i++) {
		if (port == ports[i])
			return true;
	}
	return port < 1024;
}

int manifest_element_port(struct manifest_parser *p,
			  const struct manifest_field *field,
			  unsigned int token, unsigned int index)
{
	uint16_t *ports = manifest_place(p, field->offset);
	unsigned int i;
	int64_t port;
	int result =
		json_get_integer(&p->document, token, 1, UINT16_MAX, &port);

	if (result == -EINVAL)
		return manifest_fail(p, E_MANIFEST_TYPE, token,
				     "must be a whole number");
	if (result)
		return manifest_fail_range(p, token, "must be", 1, UINT16_MAX);
	if (is_system_port(port) && !p->rules->is_system)
		return manifest_fail(
			p, E_MANIFEST_SYSTEM, token,
			"must not be a port of the system: those below 1024,"
			" 1900 and 5353");
	for (i = 0; i < index; i++) {
		if (ports[i] == port)
			return manifest_fail(
				p, E_MANIFEST_RANGE, token,
				"the same port must not be listed twice");
	}
	ports[index] = (uint16_t)port;
	return 0;
}

int manifest_element_peer(struct manifest_parser *p,
			  const struct manifest_field *field,
			  unsigned int token, unsigned int index)
{
	struct manifest *m = p->manifest;
	uint8_t *id = m->peers[index];
	unsigned int i;
	int result = manifest_get_uuid(p, token, id);

	(void)field;
	if (result)
		return result;
	if (!memcmp(id, m->component_id, IMAGE_UUID_BYTES))
		return manifest_fail(p, E_MANIFEST_RANGE, token,
				     "must be another app, not this one");
	for (i = 0; i < index; i++) {
		if (!memcmp(id, m->peers[i], IMAGE_UUID_BYTES))
			return manifest_fail(
				p, E_MANIFEST_RANGE, token,
				"the same app must not be listed twice");
	}
	return 0;
}
