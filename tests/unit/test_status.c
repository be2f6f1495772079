// SPDX-License-Identifier: ISC
/* test_status.c: every status has a row, every code is its own, every sentence says what to do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <string.h>

#include "core/status.h"

static void
every_status_has_a_row(void **state)
{
	(void)state;
	for (int i = 0; i < ST_END; i++) {
		const struct status_info *info = status_info((enum status)i);

		assert_true(strlen(info->code) > 0);
		assert_int_equal(strspn(info->code, "abcdefghijklmnopqrstuvwxyz_"), strlen(info->code));
		assert_true(strlen(info->title) > 0);
		assert_int_equal(info->sentence[strlen(info->sentence) - 1] == '.' ||
		    info->sentence[strlen(info->sentence) - 1] == '!', 1);
		assert_null(strchr(info->sentence, '%'));
	}
}

static void
codes_are_unique(void **state)
{
	(void)state;
	for (int i = 0; i < ST_END; i++)
		for (int j = 0; j < i; j++)
			assert_string_not_equal(status_info((enum status)i)->code,
			    status_info((enum status)j)->code);
}

/* The person, or the phone, has what it wanted. */
static bool
is_success(int status)
{
	return status == ST_OK || status == ST_PENDING || status == ST_SAME || status == ST_LEFT || status == ST_UNDONE;
}

static void
only_success_has_a_2xx_and_exit_0(void **state)
{
	(void)state;
	for (int i = 0; i < ST_END; i++) {
		const struct status_info *info = status_info((enum status)i);

		assert_int_equal(info->exit == 0, is_success(i));
		assert_int_equal(info->http >= 200 && info->http < 300, is_success(i));
		assert_true(info->http == 0 || (info->http >= 200 && info->http < 600));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status_has_a_row),
		cmocka_unit_test(codes_are_unique),
		cmocka_unit_test(only_success_has_a_2xx_and_exit_0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
