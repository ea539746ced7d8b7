// SPDX-License-Identifier: GPL-2.0-only
/* Identities as text. */

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/string.h>
#include <uapi/linux/spherule.h>

#include "text.h"

#define CID_WORD "CID: "
#define TID_WORD "\nTID: "
#define CAPS_WORD "\nCAPS: "
#define CAPS_DIGITS 8

static_assert(sizeof(CID_WORD) - 1 + UUID_STRING_LEN + sizeof(TID_WORD) - 1 +
		      UUID_STRING_LEN + sizeof(CAPS_WORD) - 1 + CAPS_DIGITS +
		      1 ==
	      SPHERULE_IDENTITY_BYTES);

static bool take_word(const char **text, const char *word)
{
	size_t length = strlen(word);

	if (memcmp(*text, word, length))
		return false;
	*text += length;
	return true;
}

static bool take_uuid(const char **text, uuid_t *uuid)
{
	if (uuid_parse(*text, uuid))
		return false;
	*text += UUID_STRING_LEN;
	return true;
}

static bool take_capabilities(const char **text, u32 *capabilities)
{
	int i;

	*capabilities = 0;
	for (i = 0; i < CAPS_DIGITS; i++) {
		int digit = hex_to_bin(*(*text)++);

		if (digit < 0)
			return false;
		*capabilities = *capabilities << 4 | digit;
	}
	return true;
}

/* The length is checked first, so that no step reads behind the end. */
int spherule_identity_parse(const char *text, size_t length,
			    struct spherule_identity *identity)
{
	struct spherule_identity found;

	if (length != SPHERULE_IDENTITY_BYTES)
		return -EINVAL;
	if (!take_word(&text, CID_WORD) ||
	    !take_uuid(&text, &found.component) ||
	    !take_word(&text, TID_WORD) || !take_uuid(&text, &found.tenant) ||
	    !take_word(&text, CAPS_WORD) ||
	    !take_capabilities(&text, &found.capabilities) ||
	    !take_word(&text, "\n"))
		return -EINVAL;
	if (uuid_is_null(&found.component) ||
	    found.capabilities & ~SPHERULE_CAP_KNOWN)
		return -EINVAL;
	*identity = found;
	return 0;
}

void spherule_identity_format(const struct spherule_identity *identity,
			      char text[SPHERULE_IDENTITY_BYTES + 1])
{
	snprintf(text, SPHERULE_IDENTITY_BYTES + 1,
		 CID_WORD "%pUB" TID_WORD "%pUb" CAPS_WORD "%08x\n",
		 &identity->component, &identity->tenant,
		 identity->capabilities);
}
