// SPDX-License-Identifier: Apache-2.0
/* Any bytes as a message of the resolver: what is accepted is what is formatted the same. */
#include <stdlib.h>
#include <string.h>

#include "abi/resolver.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t bytes[RESOLVER_MESSAGE_MAX];
	struct resolver_answer answer;
	struct resolver_reply reply;

	if (!resolver_parse_answer(data, size, &answer) &&
	    (strlen(answer.name) != answer.name_length ||
	     resolver_format_answer(&answer, bytes) != size || memcmp(bytes, data, size)))
		abort();
	if (!resolver_parse_reply(data, size, &reply) &&
	    (resolver_format_reply(&reply, bytes) != size || memcmp(bytes, data, size)))
		abort();
	return 0;
}
