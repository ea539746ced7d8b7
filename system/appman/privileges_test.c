// SPDX-License-Identifier: Apache-2.0
/* Unit tests of the privileges. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/spherule.h>

#include "limits.h"
#include "privileges.h"

#define OEM_ID	"5DF999F1-7096-426A-8A78-A7A43C36CF28"

static struct app make_app(const char *id, bool is_system)
{
	struct app app = { .is_system = is_system };

	memcpy(app.id, id, sizeof(app.id));
	return app;
}

static void test_nothing_without_asking(void **state)
{
	struct app oem = make_app(OEM_ID, false), system = make_app(OEM_ID, true);
	struct manifest manifest = { 0 };

	(void)state;
	assert_int_equal(privileges_capabilities(&oem, &manifest), 0);
	assert_int_equal(privileges_capabilities(&system, &manifest), 0);
}

static void test_gpio_is_asked_for(void **state)
{
	struct app app = make_app(OEM_ID, false);
	struct manifest manifest = { .gpio_count = 1 };

	(void)state;
	assert_int_equal(privileges_capabilities(&app, &manifest), SPHERULE_CAP_GPIO);
}

/* The id of a system app in the OEM's partition is worth nothing. */
static void test_system_capabilities_need_the_system(void **state)
{
	struct app system = make_app(SYSTEM_APP_NETWORKD, true);
	struct app oem = make_app(SYSTEM_APP_NETWORKD, false);
	struct manifest manifest = { .system_privileges = SPHERULE_CAP_KNOWN };

	(void)state;
	assert_true(privileges_capabilities(&system, &manifest) & SPHERULE_CAP_NETWORK_CONFIG);
	assert_int_equal(privileges_capabilities(&oem, &manifest), 0);
	assert_true(privileges_is_networkd(&system));
	assert_false(privileges_is_networkd(&oem));
}

/* Neither what the row has and the manifest does not ask for, nor the other way round. */
static void test_system_capabilities_are_row_and_manifest(void **state)
{
	struct app system = make_app(SYSTEM_APP_NETWORKD, true);
	struct manifest manifest = { 0 };

	(void)state;
	assert_int_equal(privileges_capabilities(&system, &manifest), 0);
	manifest.system_privileges = SPHERULE_CAP_TIME | SPHERULE_CAP_DEBUG;
	assert_int_equal(privileges_capabilities(&system, &manifest), SPHERULE_CAP_TIME);
}

/* The table is searched with ids that come from image_uuid_format(). */
static void test_ids_are_in_the_form_of_the_table(void **state)
{
	uint8_t id[IMAGE_UUID_BYTES];
	char text[IMAGE_UUID_TEXT_BYTES];

	(void)state;
	assert_int_equal(image_uuid_parse(SYSTEM_APP_NETWORKD, strlen(SYSTEM_APP_NETWORKD), id), 0);
	image_uuid_format(id, text);
	assert_string_equal(text, SYSTEM_APP_NETWORKD);
}

static void test_groups_follow_capabilities(void **state)
{
	gid_t groups[PRIVILEGES_GROUPS_MAX];

	(void)state;
	assert_int_equal(privileges_groups(0, groups), 0);
	assert_int_equal(privileges_groups(SPHERULE_CAP_TIME | SPHERULE_CAP_MONITOR, groups), 1);
	assert_int_equal(groups[0], GID_MONITOR);
	assert_int_equal(privileges_groups(SPHERULE_CAP_KNOWN, groups), PRIVILEGES_GROUPS_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_without_asking),
		cmocka_unit_test(test_gpio_is_asked_for),
		cmocka_unit_test(test_system_capabilities_need_the_system),
		cmocka_unit_test(test_system_capabilities_are_row_and_manifest),
		cmocka_unit_test(test_ids_are_in_the_form_of_the_table),
		cmocka_unit_test(test_groups_follow_capabilities),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
