/* SPDX-License-Identifier: GPL-2.0-only */
/* Identities as text (include/uapi/linux/spherule.h). Pure. */
#ifndef _SECURITY_SPHERULE_TEXT_H
#define _SECURITY_SPHERULE_TEXT_H

#include "identity.h"

/**
 * spherule_identity_parse - read an identity
 * @text: need not end in NUL
 * @length: bytes of @text, exactly SPHERULE_IDENTITY_BYTES
 * @identity: written on success only
 *
 * Return: 0, or -EINVAL for another length, other words, digits that are not
 * hexadecimal, a nil component or unknown capabilities.
 */
int spherule_identity_parse(const char *text, size_t length,
			    struct spherule_identity *identity);

/* Writes SPHERULE_IDENTITY_BYTES bytes and a NUL. */
void spherule_identity_format(const struct spherule_identity *identity,
			      char text[SPHERULE_IDENTITY_BYTES + 1]);

#endif
