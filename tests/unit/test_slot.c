// SPDX-License-Identifier: ISC
/*
 * test_slot.c: which code is shown, and how long it is fresh; eight displays; no good scan is
 * refused, and every old one is.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "core/slot.h"

static const uint8_t key[CODE_KEY_BYTES] = { 1, 2, 3 };

static void
slots_begin_and_end(void **state)
{
	static const struct { int64_t now; int interval_s; int64_t slot, begins, until;
	    } cases[] = {
		{ 0, 25, 0, 0, 54 },
		{ 24, 25, 0, 0, 54 },
		{ 25, 25, 1, 25, 79 },
		{ 1795200000, 25, 71808000, 1795200000, 1795200054 },
		{ 1795200024, 25, 71808000, 1795200000, 1795200054 },
		{ 1795200025, 25, 71808001, 1795200025, 1795200079 },
		{ 1795200025, 10, 179520002, 1795200020, 1795200044 },
		{ 1795200025, 120, 14960000, 1795200000, 1795200244 },
		{ 1795200025, 9, 179520002, 1795200020, 1795200044 },		/* as 10 */
		{ 1795200025, 0, 179520002, 1795200020, 1795200044 },
		{ 1795200025, 121, 14960000, 1795200000, 1795200244 },		/* as 120 */
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(slot_at(cases[i].now, cases[i].interval_s), cases[i].slot);
		assert_int_equal(slot_begins(cases[i].slot, cases[i].interval_s), cases[i].begins);
		assert_int_equal(slot_valid_until(cases[i].slot, cases[i].interval_s),
		    cases[i].until);
	}
	assert_int_equal(slot_at(-1, 25), 0);
}

static void
freshness_has_edges(void **state)
{
	static const struct { int64_t slot; int64_t now; enum status status; } cases[] = {
		{ 100, 2500 - SLOT_GRACE_S - 1, ST_CODE_AHEAD },
		/* the server's clock was set back meanwhile */
		{ 100, 2500 - SLOT_GRACE_S, ST_OK },
		{ 100, 2500, ST_OK },
		{ 100, 2549, ST_OK },
		{ 100, 2549 + SLOT_GRACE_S, ST_OK },
		{ 100, 2550 + SLOT_GRACE_S, ST_CODE_EXPIRED },
		{ 100, 1795200000, ST_CODE_EXPIRED },
		{ -1, 2500, ST_CODE_EXPIRED },
		{ INT64_MIN, 2500, ST_CODE_EXPIRED },
		{ INT64_MAX, 2500, ST_CODE_AHEAD },
		{ CODE_NUMBER_MAX, 2500, ST_CODE_AHEAD },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (slot_check(cases[i].slot, 25, cases[i].now) != cases[i].status)
			fail_msg("slot %lld at %lld: %d, not %d", (long long)cases[i].slot,
			    (long long)cases[i].now,
			    (int)slot_check(cases[i].slot, 25, cases[i].now), (int)cases[i].status);
}

/* The token of `slot` of a run. */
static enum status
make_token(int64_t run_id, int64_t slot, char token[CODE_TOKEN_SIZE])
{
	struct code_content content = { .run_id = run_id, .kind = CODE_SCREEN, .number = slot };

	return code_token_make(&content, key, token);
}

/*
 * Whoever scans at any second and is as slow as an interval and the grace is taken, and two
 * intervals and the grace later nobody is.
 */
static void
no_good_scan_is_refused(void **state)
{
	static const int intervals[] = { 10, 25, 60, 120 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof intervals / sizeof intervals[0]; i++) {
		int interval = intervals[i];
		int64_t now;

		for (now = 1795200000; now < 1795200000 + 5 * interval; now++) {
			char shown[CODE_TOKEN_SIZE];
			struct code_content content;
			int64_t travel;

			assert_int_equal(make_token(7, slot_at(now, interval), shown), ST_OK);
			assert_int_equal(code_token_read(shown, 26, &content), ST_OK);
			assert_int_equal(code_token_check(shown, 26, key, now), ST_OK);
			for (travel = 0; travel <= interval + SLOT_GRACE_S; travel++)
				assert_int_equal(slot_check(content.number, interval, now + travel),
				    ST_OK);
			assert_int_equal(slot_check(content.number, interval,
			    now + 2 * interval + SLOT_GRACE_S), ST_CODE_EXPIRED);
		}
	}
}

static void
tokens_say_run_and_slot(void **state)
{
	char token[CODE_TOKEN_SIZE], next[CODE_TOKEN_SIZE];
	struct code_content content;

	(void)state;
	assert_int_equal(make_token(7, 71808000, token), ST_OK);
	assert_int_equal(make_token(7, 71808001, next), ST_OK);
	assert_string_not_equal(token, next);
	assert_int_equal(code_token_read(token, 26, &content), ST_OK);
	assert_int_equal(content.kind, CODE_SCREEN);
	assert_int_equal(content.run_id, 7);
	assert_int_equal(content.number, 71808000);
	assert_int_equal(make_token(0, 71808000, token), ST_REFUSED);
	assert_string_equal(token, "");
	assert_int_equal(make_token(7, 0, token), ST_REFUSED);
	assert_int_equal(make_token(7, CODE_NUMBER_MAX + 1, token), ST_REFUSED);
	/* January 2055 */
	assert_true(slot_at(INT64_C(2684354559), SLOT_INTERVAL_MIN_S) <= CODE_NUMBER_MAX);
}

static int
set_up(void **state)
{
	(void)state;
	return code_init() == ST_OK ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slots_begin_and_end),
		cmocka_unit_test(freshness_has_edges),
		cmocka_unit_test(no_good_scan_is_refused),
		cmocka_unit_test(tokens_say_run_and_slot),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
