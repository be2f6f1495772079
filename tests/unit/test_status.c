// SPDX-License-Identifier: ISC
/* test_status.c: every status has a row, its own code, and a sentence that says what to do. */
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
		assert_int_equal(strspn(info->code, "abcdefghijklmnopqrstuvwxyz_"),
		    strlen(info->code));
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
	return status == ST_OK || status == ST_PENDING || status == ST_SAME || status == ST_LEFT ||
	    status == ST_UNDONE;
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

/* What programs and pages of others rely on: a code and its number never change. */
static void
codes_are_stable(void **state)
{
	static const struct { enum status status; const char *code; int http; } table[] = {
		{ ST_OK, "ok", 201 }, { ST_PENDING, "pending", 201 },
		{ ST_SAME, "already_you", 200 }, { ST_LEFT, "checked_out", 200 },
		{ ST_UNDONE, "undone", 200 }, { ST_ALREADY, "already", 409 },
		{ ST_CODE_MISSING, "code_missing", 400 },
		{ ST_CODE_UNKNOWN, "code_unknown", 403 }, { ST_CODE_EXPIRED, "code_expired", 410 },
		{ ST_CODE_AHEAD, "code_ahead", 403 },
		{ ST_CODE_OTHER, "code_other", 403 }, { ST_CODE_USED, "code_used", 409 },
		{ ST_RECEIPT_UNKNOWN, "receipt_unknown", 403 },
		{ ST_RECEIPT_EXPIRED, "receipt_expired", 410 },
		{ ST_SEEN_WRONG, "seen_at_wrong", 403 },
		{ ST_SEEN_LATE, "delivered_too_late", 410 },
		{ ST_RUN_UNKNOWN, "run_unknown", 404 }, { ST_NO_RUN_DAY, "no_run_today", 404 },
		{ ST_NOT_OPEN, "not_open_yet", 403 },
		{ ST_CLOSED, "closed", 403 }, { ST_CANCELLED, "cancelled", 409 },
		{ ST_NAME_BAD, "name_bad", 422 }, { ST_NONCE_USED, "nonce_used", 409 },
		{ ST_NOT_LISTED, "not_listed", 403 }, { ST_PLACE_MISSING, "position_missing", 403 },
		{ ST_PLACE_OTHER, "position_other", 403 },
		{ ST_NETWORK_OTHER, "network_other", 403 },
		{ ST_ACCESS_POINT_OTHER, "access_point_other", 403 },
		{ ST_CLAIM_MISSING, "claim_missing", 400 }, { ST_NOT_IN, "not_in", 404 },
		{ ST_UNDO_LATE, "undo_late", 403 },
		{ ST_NO_CHECK_OUT, "no_check_out", 403 }, { ST_PREFIX_SHORT, "prefix_short", 422 },
		{ ST_BAD_REQUEST, "bad_request", 400 },
		{ ST_BUSY, "slow_down", 503 }, { ST_TRIES, "too_many_tries", 429 },
		{ ST_RATE, "too_many_requests", 429 },
		{ ST_FULL, "storage_full", 507 }, { ST_READ_ONLY, "read_only", 503 },
		{ ST_FAULT, "server", 500 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		assert_string_equal(status_info(table[i].status)->code, table[i].code);
		assert_int_equal(status_info(table[i].status)->http, table[i].http);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status_has_a_row),
		cmocka_unit_test(codes_are_unique),
		cmocka_unit_test(codes_are_stable),
		cmocka_unit_test(only_success_has_a_2xx_and_exit_0),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
