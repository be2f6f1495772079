// SPDX-License-Identifier: ISC
/*
 * test_run.c: the window of a run over midnight, clock changes and 24 hours; its state second by
 * second.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/run.h"
#include "core/wall.h"

static void
windows_follow_the_clock(void **state)
{
	static const struct {
		struct run_time	time;
		const char	*opens, *starts, *ends, *closes;	/* UTC */
	} cases[] = {
		{ { "2026-11-20", "18:30", "20:00", "Europe/London", 30, 60, false },
		  "2026-11-20T18:00Z", "2026-11-20T18:30Z", "2026-11-20T20:00Z",
		  "2026-11-20T21:00Z" },
		{ { "2026-07-20", "18:30", "20:00", "Europe/London", 0, 0, false },
		  "2026-07-20T17:30Z", "2026-07-20T17:30Z", "2026-07-20T19:00Z",
		  "2026-07-20T19:00Z" },
		/* A roll call has no end. */
		{ { "2026-11-20", "14:03", NULL, "UTC", 15, 0, false },
		  "2026-11-20T13:48Z", "2026-11-20T14:03Z", "2026-11-20T15:03Z",
		  "2026-11-20T15:03Z" },
		/* Over midnight, over the end of a year. */
		{ { "2026-12-31", "22:00", "01:00", "Europe/Paris", 60, 30, false },
		  "2026-12-31T20:00Z", "2026-12-31T21:00Z", "2027-01-01T00:00Z",
		  "2027-01-01T00:30Z" },
		/* The night with 25 hours: 23:00 to 03:00 is five hours. */
		{ { "2026-10-24", "23:00", "03:00", "Europe/London", 0, 0, false },
		  "2026-10-24T22:00Z", "2026-10-24T22:00Z", "2026-10-25T03:00Z",
		  "2026-10-25T03:00Z" },
		/* The night with 23. */
		{ { "2026-03-28", "23:00", "03:00", "Europe/London", 0, 0, false },
		  "2026-03-28T23:00Z", "2026-03-28T23:00Z", "2026-03-29T02:00Z",
		  "2026-03-29T02:00Z" },
		/* 01:45 is skipped and read as 02:45, later than the end at 02:00. */
		{ { "2026-03-29", "01:45", "02:00", "Europe/London", 0, 10, false },
		  "2026-03-29T01:45Z", "2026-03-29T01:45Z", "2026-03-29T01:45Z",
		  "2026-03-29T01:55Z" },
		{ { "2026-11-20", "18:30", "18:30", "UTC", 10, 10, false },
		  "2026-11-20T18:20Z", "2026-11-20T18:30Z", "2026-11-20T18:30Z",
		  "2026-11-20T18:40Z" },
		/* Never open for more than 24 hours. */
		{ { "2026-11-20", "10:00", "09:00", "UTC", 60, 60, false },
		  "2026-11-20T09:00Z", "2026-11-20T10:00Z", "2026-11-21T09:00Z",
		  "2026-11-21T09:00Z" },
		{ { "2026-11-20", "10:00", "12:00", "UTC", 1440, 1440, false },
		  "2026-11-19T10:00Z", "2026-11-20T10:00Z", "2026-11-20T12:00Z",
		  "2026-11-20T10:00Z" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct run_window window;
		int64_t instant;

		assert_int_equal(run_window(&cases[i].time, &window), ST_OK);
		assert_int_equal(wall_parse(cases[i].opens, "UTC", &instant), ST_OK);
		assert_int_equal(window.opens, instant);
		assert_int_equal(wall_parse(cases[i].starts, "UTC", &instant), ST_OK);
		assert_int_equal(window.starts, instant);
		assert_int_equal(wall_parse(cases[i].ends, "UTC", &instant), ST_OK);
		assert_int_equal(window.ends, instant);
		assert_int_equal(wall_parse(cases[i].closes, "UTC", &instant), ST_OK);
		assert_int_equal(window.closes, instant);
	}
}

static void
bad_runs_are_refused(void **state)
{
	static const struct run_time times[] = {
		{ "2026-02-30", "18:30", NULL, "UTC", 0, 0, false },
		{ "2026-11-20", "24:00", NULL, "UTC", 0, 0, false },
		{ "2026-11-20", "18:30", "19:60", "UTC", 0, 0, false },
		{ "2026-11-20", "18:30", "", "UTC", 0, 0, false },
		{ "2026-11-20", "18:30", NULL, "Mars/Olympus", 0, 0, false },
		{ "9999-12-31", "23:00", "01:00", "UTC", 0, 0, false },
		{ "2026-11-20", "18:30", NULL, "UTC", -1, 0, false },
		{ "2026-11-20", "18:30", NULL, "UTC", 0, 1441, false },
	};
	struct run_window window;

	(void)state;
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
		assert_int_equal(run_window(&times[i], &window), ST_REFUSED);
}

static void
states_change_on_the_second(void **state)
{
	struct run_time time = { "2026-11-20", "18:30", "20:00", "UTC", 30, 30, false };
	struct run_window window;

	(void)state;
	assert_int_equal(run_window(&time, &window), ST_OK);
	assert_int_equal(run_state(&time, &window, window.opens - 1), RUN_SCHEDULED);
	assert_int_equal(run_state(&time, &window, window.opens), RUN_OPEN);
	assert_int_equal(run_state(&time, &window, window.starts), RUN_OPEN);
	assert_int_equal(run_state(&time, &window, window.closes), RUN_OPEN);
	assert_int_equal(run_state(&time, &window, window.closes + 1), RUN_CLOSED);
	time.is_cancelled = true;
	assert_int_equal(run_state(&time, &window, window.opens - 1), RUN_CANCELLED);
	assert_int_equal(run_state(&time, &window, window.starts), RUN_CANCELLED);
	assert_int_equal(run_state(&time, &window, window.closes + 1), RUN_CANCELLED);
}

static void
states_have_names(void **state)
{
	(void)state;
	assert_string_equal(run_state_name(RUN_SCHEDULED), "scheduled");
	assert_string_equal(run_state_name(RUN_OPEN), "open");
	assert_string_equal(run_state_name(RUN_CLOSED), "closed");
	assert_string_equal(run_state_name(RUN_CANCELLED), "cancelled");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(windows_follow_the_clock),
		cmocka_unit_test(bad_runs_are_refused),
		cmocka_unit_test(states_change_on_the_second),
		cmocka_unit_test(states_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
