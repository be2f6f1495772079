// SPDX-License-Identifier: ISC
/*
 * test_zone.c: every zone of the system's tzdata against the C library, and files that are not
 * zones.
 */
#include "tests/unit/scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/zone.h"

/* every week of the year and every hour of the day comes by */
#define STEP_S		(11 * 86400 + 3607)
#define LAST_S		INT64_C(4102444800)	/* 2100 */

/* The C library's answer, under the TZ that is set. */
static void
compare(const char *name, const struct zone *zone, int64_t instant)
{
	struct zone_state state;
	time_t moment = (time_t)instant;
	struct tm tm;

	localtime_r(&moment, &tm);
	zone_at(zone, instant, &state);
	if (tm.tm_gmtoff != state.offset_s || tm.tm_isdst != state.is_daylight ||
	    strcmp(tm.tm_zone, state.name) != 0)
		fail_msg("%s at %lld: %d %s, and the C library says %ld %s", name,
		    (long long)instant, state.offset_s, state.name,
		    tm.tm_gmtoff, tm.tm_zone);
}

/* The second before each change and the change itself, from 1970 to 2100, and what lies between. */
static void
compare_all(const char *name)
{
	const struct zone *zone = zone_find(name);
	struct zone_state from, to;
	int64_t at, low, high, middle;

	assert_non_null(zone);
	setenv("TZ", name, 1);
	tzset();
	for (at = 0; at < LAST_S; at += STEP_S) {
		compare(name, zone, at);
		zone_at(zone, at, &from);
		zone_at(zone, at + STEP_S, &to);
		if (from.offset_s == to.offset_s)
			continue;
		for (low = at, high = at + STEP_S; high - low > 1; ) {
			middle = low + (high - low) / 2;
			zone_at(zone, middle, &to);
			*(to.offset_s == from.offset_s ? &low : &high) = middle;
		}
		compare(name, zone, low);
		compare(name, zone, high);
	}
}

static void
all_zones_agree_with_the_c_library(void **state)
{
	FILE *list = fopen("/usr/share/zoneinfo/tzdata.zi", "r");
	char line[512], kind[4], first[128], second[128];
	int count = 0;

	(void)state;
	assert_non_null(list);
	while (fgets(line, sizeof line, list) != NULL)
		if (sscanf(line, "%3s %127s %127s", kind, first, second) >= 2 &&
		    (strcmp(kind, "Z") == 0 || strcmp(kind, "L") == 0)
		    && strcmp(first, "Factory") != 0) {
			compare_all(strcmp(kind, "Z") == 0 ? first : second);
			count++;
		}
	assert_int_equal(fclose(list), 0);
	assert_true(count > 400);
}

static void
what_is_no_zone_is_none(void **state)
{
	static const char *const names[] = { "", "Europe", "Europe/Atlantis", "tzdata.zi",
	"zone.tab", "leapseconds", "no/such/folder", "../zoneinfo/UTC",
		"/Europe/London", "localtime", "posix/Europe/London", "right/Europe/London" };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		assert_null(zone_find(names[i]));
	assert_ptr_equal(zone_find("Europe/London"), zone_find("Europe/London"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_zones_agree_with_the_c_library),
		cmocka_unit_test(what_is_no_zone_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
