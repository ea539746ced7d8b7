// SPDX-License-Identifier: Apache-2.0
/* Unit tests of which user is which app. */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "limits.h"
#include "users.h"

#define FIRST	APP_UID_FIRST
#define LAST	(APP_UID_FIRST + APP_UID_COUNT - 1)

struct app apps[APP_MAX];

struct app *app_by_uid(uid_t uid)
{
	for_each_app(app)
		if (app->uid == uid)
			return app;
	return NULL;
}

static int begin_with_three(void **state)
{
	(void)state;
	memset(apps, 0, sizeof(apps));
	for (int i = 0; i < 3; i++)
		apps[i].state = APP_WAITING;
	users_begin();
	return 0;
}

static void assert_users(uid_t first, uid_t second, uid_t third)
{
	assert_int_equal(users_settle(), 0);
	assert_int_equal(apps[0].uid, first);
	assert_int_equal(apps[1].uid, second);
	assert_int_equal(apps[2].uid, third);
}

static void by_place_without_folders(void **state)
{
	(void)state;
	assert_users(FIRST, FIRST + 1, FIRST + 2);
}

static void folder_keeps_its_user(void **state)
{
	(void)state;
	users_claim(&apps[2], FIRST, FIRST);
	users_claim(&apps[0], FIRST + 77, FIRST + 77);
	assert_users(FIRST + 77, FIRST + 1, FIRST);
}

static void group_is_enough(void **state)
{
	(void)state;
	users_claim(&apps[1], 0, LAST);
	assert_users(FIRST, LAST, FIRST + 2);
}

/* An app may give its folder to a group that it is in, such as that of the GPIO chips. */
static void owner_is_enough(void **state)
{
	(void)state;
	users_claim(&apps[1], LAST, GID_GPIO);
	assert_users(FIRST, LAST, FIRST + 2);
}

static void folder_of_an_app_that_is_gone(void **state)
{
	(void)state;
	users_claim(NULL, FIRST + 1, FIRST + 1);
	users_claim(NULL, 0, FIRST + APP_MAX);
	assert_users(FIRST, FIRST + APP_MAX + 1, FIRST + 2);
}

static void taken_place_goes_behind_the_places(void **state)
{
	(void)state;
	users_claim(&apps[2], FIRST, FIRST);
	assert_users(FIRST + APP_MAX, FIRST + 1, FIRST);
}

static void users_outside_the_range_are_not_given(void **state)
{
	static const uid_t users[] = { 0, 1, GID_FLASH, FIRST - 1, LAST + 1, 65534, APP_NO_UID,
				       APP_NO_UID - 1, 0x80000000u + FIRST };

	(void)state;
	for (size_t i = 0; i < sizeof(users) / sizeof(users[0]); i++) {
		begin_with_three(NULL);
		users_claim(&apps[0], users[i], users[i]);
		assert_users(FIRST, FIRST + 1, FIRST + 2);
	}
}

static void one_user_of_two_folders_is_nobodys(void **state)
{
	(void)state;
	users_claim(&apps[0], FIRST + 50, FIRST + 50);
	users_claim(&apps[1], FIRST + 50, FIRST + 50);
	users_claim(&apps[2], 0, FIRST + 50);
	assert_users(FIRST, FIRST + 1, FIRST + 2);
	begin_with_three(NULL);
	users_claim(NULL, FIRST + 2, FIRST + 2);
	users_claim(&apps[0], FIRST + 2, FIRST + 2);
	assert_users(FIRST, FIRST + 1, FIRST + APP_MAX);
}

static uint32_t next_random(uint32_t *random)
{
	*random = *random * 1664525u + 1013904223u;
	return *random >> 16;
}

/* Whatever the folders say: of each app a user of the range, of no two the same. */
static void any_folders(void **state)
{
	uint32_t random = 1;

	(void)state;
	for (int run = 0; run < 20000; run++) {
		begin_with_three(NULL);
		for (int i = 0; i < 8; i++) {
			uint32_t who = next_random(&random) % 5;

			users_claim(who < 3 ? &apps[who] : NULL,
				    FIRST - 2 + next_random(&random) % 30,
				    FIRST - 2 + next_random(&random) % 30);
		}
		assert_int_equal(users_settle(), 0);
		for (int i = 0; i < 3; i++) {
			assert_true(users_is_app(apps[i].uid));
			assert_int_not_equal(apps[i].uid, apps[(i + 1) % 3].uid);
		}
	}
}

/* An app that comes when the others run. */
static void late_comer(void **state)
{
	(void)state;
	users_claim(NULL, FIRST + 9, FIRST + 9);	/* its folder */
	users_claim(NULL, FIRST + 8, FIRST + 8);
	users_claim(NULL, FIRST + 8, FIRST + 8);	/* two folders of one user */
	assert_int_equal(users_settle(), 0);
	apps[3] = (struct app){ .state = APP_WAITING, .uid = APP_NO_UID };
	users_claim_late(&apps[3], apps[1].uid, apps[1].uid);	/* has it already */
	assert_int_equal(apps[3].uid, APP_NO_UID);
	users_claim_late(&apps[3], FIRST + 8, FIRST + 8);
	assert_int_equal(apps[3].uid, APP_NO_UID);
	users_claim_late(&apps[3], 0, 0);
	assert_int_equal(apps[3].uid, APP_NO_UID);
	users_claim_late(&apps[3], 0, FIRST + 9);
	assert_int_equal(apps[3].uid, FIRST + 9);
	apps[3].state = APP_ABSENT;
}

static void user_of_one_who_goes_is_free(void **state)
{
	(void)state;
	assert_int_equal(users_settle(), 0);
	users_release(&apps[2]);
	apps[2].uid = APP_NO_UID;
	assert_int_equal(users_settle(), 0);
	assert_users(FIRST, FIRST + 1, FIRST + 2);
}

static void no_user_is_left(void **state)
{
	(void)state;
	for (uid_t uid = FIRST; uid < LAST; uid++)
		users_claim(NULL, uid, uid);
	assert_int_equal(users_settle(), -EUSERS);
	assert_int_equal(apps[0].uid, LAST);
	assert_int_equal(apps[1].uid, APP_NO_UID);
	assert_int_equal(apps[1].state, APP_REFUSED);
	assert_false(users_is_app(APP_NO_UID));
}

#define USERS_TEST(test) cmocka_unit_test_setup(test, begin_with_three)

int main(void)
{
	const struct CMUnitTest tests[] = {
		USERS_TEST(by_place_without_folders),
		USERS_TEST(folder_keeps_its_user),
		USERS_TEST(group_is_enough),
		USERS_TEST(owner_is_enough),
		USERS_TEST(folder_of_an_app_that_is_gone),
		USERS_TEST(taken_place_goes_behind_the_places),
		USERS_TEST(users_outside_the_range_are_not_given),
		USERS_TEST(one_user_of_two_folders_is_nobodys),
		USERS_TEST(any_folders),
		USERS_TEST(late_comer),
		USERS_TEST(user_of_one_who_goes_is_free),
		USERS_TEST(no_user_is_left),
	};

	return cmocka_run_group_tests_name("appman: users", tests, NULL, NULL);
}
