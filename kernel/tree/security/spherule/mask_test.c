// SPDX-License-Identifier: GPL-2.0-only
/* KUnit tests of what credentials open. */

#include <kunit/test.h>
#include <linux/cred.h>
#include <linux/spherule/lsm.h>

#include "identity.h"

/* Credentials of a component with these bits; not those of any task. */
static struct cred *make_cred(struct kunit *test, u8 component, u32 bits)
{
	struct cred *cred = prepare_creds();
	struct spherule_cred *own;

	KUNIT_ASSERT_NOT_NULL(test, cred);
	own = spherule_cred_of(cred);
	own->identity.component.b[15] = component;
	own->identity.capabilities = bits;
	own->assigned = true;
	return cred;
}

static void mask_test_each_bit_alone(struct kunit *test)
{
	u32 bit, other;

	for (bit = 1; bit & SPHERULE_CAP_KNOWN; bit <<= 1) {
		struct cred *cred = make_cred(test, 1, bit);

		for (other = 1; other & SPHERULE_CAP_KNOWN; other <<= 1)
			KUNIT_EXPECT_EQ_MSG(test,
					    spherule_cred_capable(cred, other),
					    bit == other, "%x of %x", other,
					    bit);
		abort_creds(cred);
	}
}

static void mask_test_all_that_is_asked(struct kunit *test)
{
	struct cred *cred = make_cred(test, 1, SPHERULE_CAP_TIME);

	KUNIT_EXPECT_FALSE(
		test, spherule_cred_capable(cred, SPHERULE_CAP_TIME |
							  SPHERULE_CAP_GPIO));
	KUNIT_EXPECT_TRUE(test, spherule_cred_capable(cred, 0));
	abort_creds(cred);
}

/* The kernel runs these tests as itself. */
static void mask_test_nil_has_all(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, spherule_is_nil(current_cred()));
	KUNIT_EXPECT_TRUE(test, spherule_capable(SPHERULE_CAP_KNOWN));
}

static void mask_test_pending_is_nil(struct kunit *test)
{
	struct cred *cred = make_cred(test, 1, 0);

	spherule_cred_of(cred)->assigned = false;
	spherule_cred_of(cred)->pending = true;
	KUNIT_EXPECT_TRUE(test, spherule_is_nil(cred));
	KUNIT_EXPECT_TRUE(test,
			  uuid_is_null(&spherule_identity_of(cred)->component));
	abort_creds(cred);
}

static void mask_test_components(struct kunit *test)
{
	struct cred *one = make_cred(test, 1, 0), *two = make_cred(test, 2, 0);
	struct cred *again = make_cred(test, 1, SPHERULE_CAP_GPIO);

	KUNIT_EXPECT_TRUE(test, spherule_same_component(one, one));
	KUNIT_EXPECT_TRUE(test, spherule_same_component(one, again));
	KUNIT_EXPECT_FALSE(test, spherule_same_component(one, two));
	KUNIT_EXPECT_FALSE(test, spherule_same_component(one, current_cred()));
	abort_creds(again);
	abort_creds(two);
	abort_creds(one);
}

static struct kunit_case mask_test_cases[] = {
	KUNIT_CASE(mask_test_each_bit_alone),
	KUNIT_CASE(mask_test_all_that_is_asked),
	KUNIT_CASE(mask_test_nil_has_all),
	KUNIT_CASE(mask_test_pending_is_nil),
	KUNIT_CASE(mask_test_components),
	{}
};

static struct kunit_suite mask_test_suite = {
	.name = "spherule-masks",
	.test_cases = mask_test_cases,
};
kunit_test_suite(mask_test_suite);

MODULE_DESCRIPTION("KUnit tests of the capabilities of the Spherule LSM");
MODULE_LICENSE("GPL");
