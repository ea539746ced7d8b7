// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of the text form of identities. */

#include <kunit/test.h>
#include <linux/string.h>
#include <uapi/linux/spherule.h>

#include "text.h"

static const char good[] = "CID: 48A22E96-D078-4E34-9D7A-91B3404031DA\n"
			   "TID: 9eca6399-06ff-4bec-aaa6-6107eae14d74\n"
			   "CAPS: 00000001\n";

static void text_test_round_trip(struct kunit *test)
{
	struct spherule_identity identity;
	char text[SPHERULE_IDENTITY_BYTES + 1];

	KUNIT_ASSERT_EQ(test, strlen(good), SPHERULE_IDENTITY_BYTES);
	KUNIT_ASSERT_EQ(test,
			spherule_identity_parse(good, strlen(good), &identity),
			0);
	KUNIT_EXPECT_EQ(test, identity.capabilities, 1);
	spherule_identity_format(&identity, text);
	KUNIT_EXPECT_STREQ(test, text, good);
}

/* Every byte of the good text, changed to what cannot stand there. */
static void text_test_each_byte_counts(struct kunit *test)
{
	struct spherule_identity identity;
	char text[SPHERULE_IDENTITY_BYTES];
	size_t i;

	for (i = 0; i < sizeof(text); i++) {
		memcpy(text, good, sizeof(text));
		text[i] = '~';
		KUNIT_EXPECT_EQ_MSG(test,
				    spherule_identity_parse(text, sizeof(text),
							    &identity),
				    -EINVAL, "byte %zu", i);
		text[i] = '\0';
		KUNIT_EXPECT_EQ(test,
				spherule_identity_parse(text, sizeof(text),
							&identity),
				-EINVAL);
	}
}

static void text_test_length_counts(struct kunit *test)
{
	struct spherule_identity identity;
	char text[SPHERULE_IDENTITY_BYTES + 1];
	size_t length;

	memcpy(text, good, sizeof(text));
	for (length = 0; length < SPHERULE_IDENTITY_BYTES; length++)
		KUNIT_EXPECT_EQ(
			test, spherule_identity_parse(text, length, &identity),
			-EINVAL);
	KUNIT_EXPECT_EQ(test,
			spherule_identity_parse(text, sizeof(text), &identity),
			-EINVAL);
}

static void text_test_values_are_checked(struct kunit *test)
{
	static const char nil[] = "CID: 00000000-0000-0000-0000-000000000000\n"
				  "TID: 9eca6399-06ff-4bec-aaa6-6107eae14d74\n"
				  "CAPS: 00000000\n";
	static const char unknown[] =
		"CID: 48A22E96-D078-4E34-9D7A-91B3404031DA\n"
		"TID: 00000000-0000-0000-0000-000000000000\n"
		"CAPS: 80000000\n";
	struct spherule_identity identity = { .capabilities = 77 };

	KUNIT_EXPECT_EQ(test,
			spherule_identity_parse(nil, strlen(nil), &identity),
			-EINVAL);
	KUNIT_EXPECT_EQ(test,
			spherule_identity_parse(unknown, strlen(unknown),
						&identity),
			-EINVAL);
	KUNIT_EXPECT_EQ(test, identity.capabilities, 77);
}

static struct kunit_case text_test_cases[] = {
	KUNIT_CASE(text_test_round_trip),
	KUNIT_CASE(text_test_each_byte_counts),
	KUNIT_CASE(text_test_length_counts),
	KUNIT_CASE(text_test_values_are_checked),
	{}
};

static struct kunit_suite text_test_suite = {
	.name = "spherule-lsm",
	.test_cases = text_test_cases,
};
kunit_test_suite(text_test_suite);

MODULE_DESCRIPTION("KUnit tests of the Spherule LSM");
MODULE_LICENSE("GPL");
