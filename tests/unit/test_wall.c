// SPDX-License-Identifier: ISC
/*
 * test_wall.c: wall time against instants computed independently (with Python's zoneinfo, fold 0,
 * tzdata 2025b), rules against dates counted by hand, and refusals.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/vtimezone.h"
#include "core/wall.h"

/*
 * `iso` and `name` are what the instant is in its zone again; in a gap that is a later wall time.
 */
static const struct moment {
	const char	*date, *time, *zone;
	int64_t		 instant;
	const char	*iso, *name;
} moments[] = {
	{ "2026-03-29", "00:59", "Europe/London", INT64_C(1774745940), "2026-03-29T00:59:00+00:00",
	    "GMT" },
	{ "2026-03-29", "01:00", "Europe/London", INT64_C(1774746000), "2026-03-29T02:00:00+01:00",
	    "BST" },
	{ "2026-03-29", "01:30", "Europe/London", INT64_C(1774747800), "2026-03-29T02:30:00+01:00",
	    "BST" },
	{ "2026-03-29", "02:00", "Europe/London", INT64_C(1774746000), "2026-03-29T02:00:00+01:00",
	    "BST" },
	{ "2026-10-25", "00:59", "Europe/London", INT64_C(1792886340), "2026-10-25T00:59:00+01:00",
	    "BST" },
	{ "2026-10-25", "01:00", "Europe/London", INT64_C(1792886400), "2026-10-25T01:00:00+01:00",
	    "BST" },
	{ "2026-10-25", "01:30", "Europe/London", INT64_C(1792888200), "2026-10-25T01:30:00+01:00",
	    "BST" },
	{ "2026-10-25", "02:00", "Europe/London", INT64_C(1792893600), "2026-10-25T02:00:00+00:00",
	    "GMT" },
	{ "2038-01-19", "03:14", "Europe/London", INT64_C(2147483640), "2038-01-19T03:14:00+00:00",
	    "GMT" },
	{ "2045-07-01", "12:00", "Europe/London", INT64_C(2382519600), "2045-07-01T12:00:00+01:00",
	    "BST" },
	{ "2026-03-08", "01:59", "America/New_York", INT64_C(1772953140),
	    "2026-03-08T01:59:00-05:00", "EST" },
	{ "2026-03-08", "02:30", "America/New_York", INT64_C(1772955000),
	    "2026-03-08T03:30:00-04:00", "EDT" },
	{ "2026-03-08", "03:00", "America/New_York", INT64_C(1772953200),
	    "2026-03-08T03:00:00-04:00", "EDT" },
	{ "2026-11-01", "01:30", "America/New_York", INT64_C(1793511000),
	    "2026-11-01T01:30:00-04:00", "EDT" },
	{ "2026-11-01", "02:00", "America/New_York", INT64_C(1793516400),
	    "2026-11-01T02:00:00-05:00", "EST" },
	{ "2040-07-04", "12:00", "America/New_York", INT64_C(2225030400),
	    "2040-07-04T12:00:00-04:00", "EDT" },
	{ "2040-12-24", "18:00", "America/New_York", INT64_C(2240002800),
	    "2040-12-24T18:00:00-05:00", "EST" },
	{ "2026-10-04", "01:59", "Australia/Lord_Howe", INT64_C(1791041340),
	    "2026-10-04T01:59:00+10:30", "+1030" },
	{ "2026-10-04", "02:15", "Australia/Lord_Howe", INT64_C(1791042300),
	    "2026-10-04T02:45:00+11:00", "+11" },
	{ "2026-10-04", "02:30", "Australia/Lord_Howe", INT64_C(1791041400),
	    "2026-10-04T02:30:00+11:00", "+11" },
	{ "2026-04-05", "01:29", "Australia/Lord_Howe", INT64_C(1775312940),
	    "2026-04-05T01:29:00+11:00", "+11" },
	{ "2026-04-05", "01:45", "Australia/Lord_Howe", INT64_C(1775313900),
	    "2026-04-05T01:45:00+11:00", "+11" },
	{ "2026-04-05", "02:00", "Australia/Lord_Howe", INT64_C(1775316600),
	    "2026-04-05T02:00:00+10:30", "+1030" },
	{ "2026-02-15", "02:30", "Africa/Casablanca", INT64_C(1771119000),
	    "2026-02-15T02:30:00+01:00", "+01" },
	{ "2026-02-15", "03:00", "Africa/Casablanca", INT64_C(1771124400),
	    "2026-02-15T03:00:00+00:00", "+00" },
	{ "2026-03-22", "01:59", "Africa/Casablanca", INT64_C(1774144740),
	    "2026-03-22T01:59:00+00:00", "+00" },
	{ "2026-03-22", "02:30", "Africa/Casablanca", INT64_C(1774146600),
	    "2026-03-22T03:30:00+01:00", "+01" },
	{ "2026-03-22", "03:00", "Africa/Casablanca", INT64_C(1774144800),
	    "2026-03-22T03:00:00+01:00", "+01" },
	{ "2026-06-01", "12:00", "Africa/Casablanca", INT64_C(1780311600),
	    "2026-06-01T12:00:00+01:00", "+01" },
	{ "2040-06-01", "12:00", "Africa/Casablanca", INT64_C(2222161200),
	    "2040-06-01T12:00:00+01:00", "+01" },
	{ "2026-03-29", "01:30", "Asia/Kolkata", INT64_C(1774728000), "2026-03-29T01:30:00+05:30",
	    "IST" },
	{ "2050-01-01", "00:00", "Asia/Kolkata", INT64_C(2524588200), "2050-01-01T00:00:00+05:30",
	    "IST" },
	{ "1970-01-01", "00:00", "Asia/Kolkata", INT64_C(-19800), "1970-01-01T00:00:00+05:30",
	    "IST" },
	{ "2026-04-24", "00:30", "Africa/Cairo", INT64_C(1776983400), "2026-04-24T01:30:00+03:00",
	    "EEST" },
	{ "2026-10-29", "23:30", "Africa/Cairo", INT64_C(1793305800), "2026-10-29T23:30:00+03:00",
	    "EEST" },
	{ "2011-12-29", "23:59", "Pacific/Apia", INT64_C(1325239140), "2011-12-29T23:59:00-10:00",
	    "-10" },
	{ "2011-12-30", "12:00", "Pacific/Apia", INT64_C(1325282400), "2011-12-31T12:00:00+14:00",
	    "+14" },
	{ "2011-12-31", "00:00", "Pacific/Apia", INT64_C(1325239200), "2011-12-31T00:00:00+14:00",
	    "+14" },
	{ "2026-03-08", "02:30", "America/St_Johns", INT64_C(1772949600),
	    "2026-03-08T03:30:00-02:30", "NDT" },
	{ "2026-01-01", "00:00", "Asia/Kathmandu", INT64_C(1767204900), "2026-01-01T00:00:00+05:45",
	    "+0545" },
	{ "1970-01-01", "00:00", "UTC", INT64_C(0), "1970-01-01T00:00:00+00:00", "UTC" },
	{ "9999-12-31", "23:59", "UTC", INT64_C(253402300740), "9999-12-31T23:59:00+00:00", "UTC" },
	{ "2026-07-01", "12:00", "GB", INT64_C(1782903600), "2026-07-01T12:00:00+01:00", "BST" },
	{ "2026-07-01", "12:00", "Etc/GMT+12", INT64_C(1782950400), "2026-07-01T12:00:00-12:00",
	    "-12" },
};

#define MOMENTS	(sizeof moments / sizeof moments[0])

static void
wall_times_are_instants(void **state)
{
	(void)state;
	for (size_t i = 0; i < MOMENTS; i++) {
		int64_t instant;

		assert_int_equal(wall_instant(moments[i].date, moments[i].time, moments[i].zone,
		    &instant), ST_OK);
		assert_int_equal(instant, moments[i].instant);
	}
}

static void
instants_are_wall_times(void **state)
{
	(void)state;
	for (size_t i = 0; i < MOMENTS; i++) {
		const struct moment *moment = &moments[i];
		char iso[WALL_ISO_SIZE], date[WALL_DATE_SIZE], time[WALL_TIME_SIZE], name[16];

		assert_int_equal(wall_iso(moment->instant, moment->zone, iso), ST_OK);
		assert_string_equal(iso, moment->iso);
		assert_int_equal(wall_local(moment->instant, moment->zone, date, time), ST_OK);
		assert_memory_equal(date, moment->iso, 10);
		assert_memory_equal(time, moment->iso + 11, 5);
		assert_int_equal(wall_zone_short(moment->instant, moment->zone, name, sizeof name),
		    ST_OK);
		assert_string_equal(name, moment->name);
	}
}

/*
 * What is kept of a zone between two questions changes no answer: asked alone, and each time after
 * others.
 */
static void
names_do_not_depend_on_what_was_asked_before(void **state)
{
	static const char *const others[] = { "Europe/London", "America/New_York",
	    "Pacific/Auckland" };
	static const int64_t january = 1767225600, july = 1782864000;
	char alone[400][16], name[16];
	int64_t instant;
	int i;

	(void)state;
	for (size_t z = 0; z < MOMENTS; z++) {
		const char *zone = moments[z].zone;

		for (i = 0, instant = 31536000; i < 400; i++, instant += 53 * 86400)
			assert_int_equal(wall_zone_short(instant, zone, alone[i], sizeof alone[i]),
			    ST_OK);
		while (i-- > 0) {
			instant -= 53 * 86400;
			assert_int_equal(wall_zone_short(january, others[i % 3], name, sizeof name),
			    ST_OK);
			assert_int_equal(wall_zone_short(july, others[i % 3], name, sizeof name),
			    ST_OK);
			assert_int_equal(wall_zone_short(instant, zone, name, sizeof name), ST_OK);
			assert_string_equal(name, alone[i]);
		}
	}
}

/* An instant each 13 h of 430 years, in which a leap year is left out thrice. */
static void
days_are_those_of_the_c_library(void **state)
{
	char date[WALL_DATE_SIZE], time[WALL_TIME_SIZE], expect[64];
	time_t instant;
	struct tm tm;

	(void)state;
	for (instant = 0; instant < (time_t)430 * 366 * 86400; instant += 13 * 3600 + 60) {
		assert_non_null(gmtime_r(&instant, &tm));
		assert_int_equal(wall_local(instant, "UTC", date, time), ST_OK);
		snprintf(expect, sizeof expect, "%04d-%02d-%02d %02d:%02d", tm.tm_year + 1900,
		    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min);
		if (strncmp(date, expect, 10) != 0 || strcmp(time, expect + 11) != 0)
			fail_msg("%s %s is %s", date, time, expect);
	}
}

static void
the_years_are_1970_to_9999(void **state)
{
	char iso[WALL_ISO_SIZE], date[WALL_DATE_SIZE], time[WALL_TIME_SIZE], name[16];
	static const int64_t outside[] = {
		INT64_MIN, -86401, -1, INT64_C(253402300800), INT64_C(253402387200), INT64_MAX
	};

	(void)state;
	for (size_t i = 0; i < sizeof outside / sizeof outside[0]; i++) {
		assert_int_equal(wall_iso(outside[i], "UTC", iso), ST_REFUSED);
		assert_int_equal(wall_local(outside[i], "UTC", date, time), ST_REFUSED);
	}
	assert_int_equal(wall_zone_short(INT64_MAX, "UTC", name, sizeof name), ST_REFUSED);
	assert_int_equal(wall_iso(INT64_C(253402300799), "UTC", iso), ST_OK);
	assert_string_equal(iso, "9999-12-31T23:59:59+00:00");
	assert_int_equal(wall_iso(INT64_C(253402300799), "Asia/Tokyo", iso), ST_REFUSED);
	/*
	 * Liberia was 44 minutes and 30 seconds behind until 1972; the text is still the instant.
	 */
	assert_int_equal(wall_iso(31536000, "Africa/Monrovia", iso), ST_OK);
	assert_string_equal(iso, "1970-12-31T23:16:00-00:44");
}

static void
zones_are_the_ianas(void **state)
{
	static const char *const good[] = {
		"UTC", "Etc/UTC", "Europe/London", "GB", "America/Argentina/Buenos_Aires",
		"Etc/GMT+12", "EST5EDT", "Asia/Calcutta",
	};
	static const char *const bad[] = {
		"", "Europe", "Europe/", "Europe/Atlantis", "europe/london", "/Europe/London",
		"Europe//London ", "../zoneinfo/UTC", "./UTC", "/etc/localtime", "localtime",
		"posixrules", "posix/Europe/London", "right/Europe/London", "Factory", "zone.tab",
		"tzdata.zi", "leapseconds", "Europe/London\n", "UTC+1",
		"Europe/LondonEurope/LondonEurope/LondonEurope/LondonEurope/London",
	};
	int64_t instant;
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(wall_zone_valid(good[i]));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_false(wall_zone_valid(bad[i]));
		assert_int_equal(wall_instant("2026-11-20", "18:30", bad[i], &instant), ST_REFUSED);
		assert_int_equal(wall_iso(0, bad[i], text), ST_REFUSED);
		assert_int_equal(wall_local(0, bad[i], text, text + 32), ST_REFUSED);
		assert_int_equal(wall_zone_short(0, bad[i], text, sizeof text), ST_REFUSED);
		assert_null(vtimezone_text(bad[i]));
	}
	assert_int_equal(wall_zone_short(0, "Asia/Kolkata", text, 3), ST_REFUSED);
}

static void
dates_and_times_are_checked(void **state)
{
	static const char *const dates[] = {
		"1970-01-01", "2026-11-20", "2028-02-29", "2000-02-29", "9999-12-31", "2026-04-30",
	};
	static const char *const no_dates[] = {
		"", "2026-11-2", "2026-11-201", "2026-11-31", "2026-02-29", "2100-02-29",
		"2026-13-01", "2026-00-10", "2026-01-00", "2026-01-32", "1969-12-31", "2026/11/20",
		"20261120", "2026-11-20 ", " 2026-11-20", "2O26-11-20",
		"-026-11-20", "2026-+1-20", "99999-1-01",
	};
	static const char *const times[] = { "00:00", "18:30", "23:59" };
	static const char *const no_times[] = {
		"", "24:00", "18:60", "8:30", "18.30", "1830", "18:3", "18:300", "-1:00", "18:30 ",
		" 8:30",
	};
	int64_t instant;

	(void)state;
	for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++)
		assert_true(wall_date_valid(dates[i]));
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
		assert_true(wall_time_valid(times[i]));
	for (size_t i = 0; i < sizeof no_dates / sizeof no_dates[0]; i++) {
		assert_false(wall_date_valid(no_dates[i]));
		assert_int_equal(wall_weekday(no_dates[i]), 0);
		assert_int_equal(wall_instant(no_dates[i], "18:30", "UTC", &instant), ST_REFUSED);
	}
	for (size_t i = 0; i < sizeof no_times / sizeof no_times[0]; i++) {
		assert_false(wall_time_valid(no_times[i]));
		assert_int_equal(wall_instant("2026-11-20", no_times[i], "UTC", &instant),
		    ST_REFUSED);
	}
}

static void
dates_move(void **state)
{
	static const struct {
		const char	*date;
		int		 days;
		const char	*moved;	/* NULL: refused */
	} cases[] = {
		{ "2026-11-20", 0, "2026-11-20" }, { "2026-11-20", 11, "2026-12-01" },
		{ "2026-12-31", 1, "2027-01-01" }, { "2028-02-28", 1, "2028-02-29" },
		{ "2027-02-28", 1, "2027-03-01" }, { "2028-03-01", -1, "2028-02-29" },
		{ "2026-01-01", -1, "2025-12-31" }, { "2026-03-28", 2, "2026-03-30" },
		{ "1970-01-01", 2932896, "9999-12-31" }, { "1970-01-01", 2932897, NULL },
		{ "1970-01-01", -1, NULL }, { "2026-11-20", 2147483647, NULL },
		{ "2026-11-20", -2147483647 - 1, NULL }, { "2026-02-30", 1, NULL }, { "", 1, NULL },
	};
	static const char *const week[] = {
		"2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21",
		    "2026-11-22"
	};
	char moved[WALL_DATE_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		enum status status = wall_date_add(cases[i].date, cases[i].days, moved);

		assert_int_equal(status, cases[i].moved != NULL ? ST_OK : ST_REFUSED);
		if (cases[i].moved != NULL)
			assert_string_equal(moved, cases[i].moved);
	}
	for (int i = 0; i < 7; i++)
		assert_int_equal(wall_weekday(week[i]), i + 1);
}

static void
moments_are_parsed(void **state)
{
	static const struct {
		const char	*text;
		int64_t		 instant;	/* -1: refused */
	} cases[] = {
		{ "2026-07-20T18:30", 1784568600 },		/* London summer */
		{ "2026-07-20 18:30", 1784568600 },
		{ "2026-07-20 18:30:07", 1784568607 },
		{ "2026-07-20T18:30Z", 1784572200 },
		{ "2026-07-20T18:30:00Z", 1784572200 },
		{ "2026-07-20T18:30:00+01:00", 1784568600 },
		{ "2026-07-20T18:30-05:30", 1784592000 },
		{ "@1790000000", 1790000000 },
		{ "@0", 0 },
		{ "@253402300799", INT64_C(253402300799) },
		{ "@253402300800", -1 }, { "@9999999999999999999999", -1 }, { "@", -1 },
		{ "@-1", -1 }, { "@1 ", -1 },
		{ "", -1 }, { "2026-07-20", -1 }, { "2026-07-20T", -1 }, { "2026-07-20T18", -1 },
		{ "2026-07-20T18:3", -1 }, { "2026-07-20T18:30:", -1 },
		{ "2026-07-20T18:30:6", -1 },
		{ "2026-07-20T18:30:60", -1 }, { "2026-07-20T18:30:00.5", -1 },
		{ "2026-07-20t18:30", -1 },
		{ "2026-07-20T18:30z", -1 }, { "2026-07-20T18:30+1:00", -1 },
		{ "2026-07-20T18:30+0100", -1 },
		{ "2026-07-20T18:30+01:00x", -1 }, { "2026-07-20T18:30+24:00", -1 },
		{ "2026-02-30T18:30", -1 },
		{ "2026-07-20T18:30 ", -1 }, { "now", -1 }, { "today", -1 },
		{ "20260720T1830Z", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t instant = -1;
		enum status status = wall_parse(cases[i].text, "Europe/London", &instant);

		assert_int_equal(status, cases[i].instant >= 0 ? ST_OK : ST_REFUSED);
		assert_int_equal(instant, cases[i].instant);
	}
	assert_int_equal(wall_parse("2026-07-20T18:30", "Mars/Olympus", &(int64_t){ 0 }),
	    ST_REFUSED);
}

/* The dates of a rule, joined by blanks; `stop_after` of them at most. */
struct collected {
	char	text[400];
	int	count, stop_after;
};

static bool
collect(void *handle, const char *date)
{
	struct collected *collected = handle;

	if (strlen(collected->text) + 12 < sizeof collected->text) {
		strcat(collected->text, collected->count > 0 ? " " : "");
		strcat(collected->text, date);
	}
	collected->count++;
	return collected->count != collected->stop_after;
}

static void
rules_give_dates(void **state)
{
	static const struct {
		const char	*rule, *first, *last, *dates;
	} cases[] = {
		{ "FREQ=WEEKLY;BYDAY=TU", "2026-11-17", "2026-12-01",
		    "2026-11-17 2026-11-24 2026-12-01" },
		{ "FREQ=WEEKLY;BYDAY=TU", "2026-11-18", "2026-11-30", "2026-11-24" },
		{ "FREQ=WEEKLY", "2026-11-18", "2026-12-02", "2026-11-18 2026-11-25 2026-12-02" },
		{ "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH", "2026-11-17", "2026-12-03",
		  "2026-11-17 2026-11-19 2026-12-01 2026-12-03" },
		{ "FREQ=WEEKLY;COUNT=2;BYDAY=TU", "2026-11-18", "2027-12-31",
		    "2026-11-24 2026-12-01" },
		{ "FREQ=WEEKLY;UNTIL=20261124;BYDAY=TU", "2026-11-17", "2027-12-31",
		    "2026-11-17 2026-11-24" },
		{ "FREQ=WEEKLY;UNTIL=20261124T235959Z;BYDAY=TU", "2026-11-17", "2027-12-31",
		  "2026-11-17 2026-11-24" },
		{ "FREQ=WEEKLY;UNTIL=20261124T000000Z;BYDAY=TU", "2026-11-17", "2027-12-31",
		  "2026-11-17 2026-11-24" },
		{ "FREQ=MONTHLY;BYDAY=1MO", "2026-11-01", "2027-02-28",
		  "2026-11-02 2026-12-07 2027-01-04 2027-02-01" },
		{ "FREQ=MONTHLY;BYDAY=-1FR", "2026-11-01", "2027-01-31",
		    "2026-11-27 2026-12-25 2027-01-29" },
		{ "FREQ=MONTHLY;BYMONTHDAY=31", "2026-11-01", "2027-03-31",
		    "2026-12-31 2027-01-31 2027-03-31" },
		{ "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-11-01", "2026-12-31",
		  "2026-11-30 2026-12-31" },
		{ "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "2026-01-01", "2033-01-01",
		    "2028-02-29 2032-02-29" },
		{ "FREQ=DAILY", "2026-03-28", "2026-03-30", "2026-03-28 2026-03-29 2026-03-30" },
		{ "freq=daily;interval=30", "2026-01-31", "2026-04-01",
		    "2026-01-31 2026-03-02 2026-04-01" },
		{ "FREQ=WEEKLY;BYDAY=TU", "2026-11-18", "2026-11-20", "" },
		{ "FREQ=WEEKLY;BYDAY=TU", "2026-11-18", "2026-11-17", "" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct collected collected = { .count = 0 };
		const char *why = "untouched";

		assert_int_equal(wall_rule_dates(cases[i].rule, cases[i].first, cases[i].last, "",
		    collect, &collected, &why), ST_OK);
		assert_string_equal(collected.text, cases[i].dates);
		assert_string_equal(why, "untouched");
	}
}

static void
rules_are_capped_and_stopped(void **state)
{
	struct collected collected = { .count = 0 };
	const char *why = "";

	(void)state;
	assert_int_equal(wall_rule_dates("FREQ=DAILY", "2026-01-01", "2028-09-26", "", collect,
	    &collected, NULL), ST_OK);
	assert_int_equal(collected.count, WALL_RULE_MAX);
	collected.count = 0;
	assert_int_equal(wall_rule_dates("FREQ=DAILY", "2026-01-01", "2028-09-27", "", collect,
	    &collected, &why), ST_REFUSED);
	assert_int_equal(collected.count, WALL_RULE_MAX);
	assert_non_null(strstr(why, "1,000"));
	/* Carried on year after year: what was given before does not count. */
	collected.count = 0;
	assert_int_equal(wall_rule_dates("FREQ=DAILY", "2026-01-01", "2028-09-28", "2028-09-26",
	    collect, &collected, NULL), ST_OK);
	assert_int_equal(collected.count, 2);
	collected = (struct collected){ .stop_after = 3 };
	assert_int_equal(wall_rule_dates("FREQ=DAILY", "2026-01-01", "9999-12-31", "", collect,
	    &collected, NULL), ST_OK);
	assert_int_equal(collected.count, 3);
}

static void
rules_are_refused(void **state)
{
	static const struct {
		const char	*rule, *first, *last, *why;	/* a word of the sentence */
	} cases[] = {
		{ "FREQ=SECONDLY", "2026-01-01", "2026-12-31", "daily" },
		{ "FREQ=MINUTELY;INTERVAL=90", "2026-01-01", "2026-12-31", "daily" },
		{ "FREQ=HOURLY;INTERVAL=24", "2026-01-01", "2026-12-31", "daily" },
		{ "FREQ=DAILY;BYHOUR=9", "2026-01-01", "2026-12-31", "BYHOUR" },
		{ "FREQ=DAILY;BYMINUTE=9", "2026-01-01", "2026-12-31", "BYHOUR" },
		{ "FREQ=DAILY;BYSECOND=0", "2026-01-01", "2026-12-31", "BYHOUR" },
		{ "FREQ=WEEKLY;BYDAY=1TU", "2026-01-01", "2026-12-31", "number" },
		{ "FREQ=DAILY;INTERVAL=0", "2026-01-01", "2026-12-31", "cannot be read" },
		{ "FREQ=WEEKLY;BYDAY=XX", "2026-01-01", "2026-12-31", "cannot be read" },
		{ "FREQ=WEEKLY;FOO=1", "2026-01-01", "2026-12-31", "cannot be read" },
		{ "FREQ=WEEKLY;FREQ=DAILY", "2026-01-01", "2026-12-31", "cannot be read" },
		{ "BYDAY=TU", "2026-01-01", "2026-12-31", "cannot be read" },
		{ "RRULE:FREQ=WEEKLY", "2026-01-01", "2026-12-31", "cannot be read" },
		{ "every tuesday", "2026-01-01", "2026-12-31", "cannot be read" },
		{ "", "2026-01-01", "2026-12-31", "cannot be read" },
		{ "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31", "2026-01-01", "2026-12-31",
		    "contradicts" },
		{ "FREQ=WEEKLY\r\nSUMMARY:x", "2026-01-01", "2026-12-31", "line break" },
		{ "FREQ=WEEKLY", "2026-02-30", "2026-12-31", "date" },
		{ "FREQ=WEEKLY", "2026-01-01", "2026-12-32", "date" },
	};
	char rule[1024];
	const char *why = NULL;
	struct collected collected = { .count = 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		why = NULL;
		assert_int_equal(wall_rule_dates(cases[i].rule, cases[i].first, cases[i].last, "",
		    collect, &collected, &why), ST_REFUSED);
		assert_non_null(why);
		assert_non_null(strstr(why, cases[i].why));
	}
	memset(rule, ';', sizeof rule);
	memcpy(rule, "FREQ=DAILY", 10);
	rule[sizeof rule - 1] = '\0';
	assert_int_equal(wall_rule_dates(rule, "2026-01-01", "2026-12-31", "", collect, &collected,
	    NULL), ST_REFUSED);
	assert_int_equal(collected.count, 0);
}

static void
zones_are_written_for_calendars(void **state)
{
	static const char london_tail[] =
	    "BEGIN:DAYLIGHT\r\nTZNAME:BST\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n"
	    "DTSTART:19810329T010000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\n"
	    "BEGIN:STANDARD\r\nTZNAME:GMT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\n"
	    "DTSTART:19961027T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\n"
	    "END:VTIMEZONE\r\n";
	static const char kolkata[] =
	    "BEGIN:VTIMEZONE\r\nTZID:Asia/Kolkata\r\nBEGIN:STANDARD\r\nTZNAME:IST\r\n"
	    "TZOFFSETFROM:+0530\r\nTZOFFSETTO:+0530\r\nDTSTART:19700101T053000\r\nEND:STANDARD\r\n"
	    "END:VTIMEZONE\r\n";
	static const char utc[] =
	    "BEGIN:VTIMEZONE\r\nTZID:UTC\r\nBEGIN:STANDARD\r\nTZNAME:UTC\r\n"
	    "TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0000\r\nDTSTART:19700101T000000\r\nEND:STANDARD\r\n"
	    "END:VTIMEZONE\r\n";
	char *text;

	(void)state;
	text = vtimezone_text("Asia/Kolkata");
	assert_non_null(text);
	assert_string_equal(text, kolkata);
	free(text);
	text = vtimezone_text("UTC");
	assert_non_null(text);
	assert_string_equal(text, utc);
	free(text);
	text = vtimezone_text("Europe/London");
	assert_non_null(text);
	assert_int_equal(strncmp(text, "BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\n", 37), 0);
	assert_true(strlen(text) > sizeof london_tail);
	assert_string_equal(text + strlen(text) - (sizeof london_tail - 1), london_tail);
	free(text);
	/* Ramadan has no yearly rule: dates alone, and nothing open-ended. */
	text = vtimezone_text("Africa/Casablanca");
	assert_non_null(text);
	assert_non_null(strstr(text, "RDATE:20260322T020000\r\n"));
	assert_null(strstr(text, "RRULE"));
	free(text);
	/* West of Greenwich the list begins in 1969. */
	text = vtimezone_text("America/Toronto");
	assert_non_null(text);
	assert_non_null(strstr(text,
	    "TZOFFSETFROM:-0500\r\nTZOFFSETTO:-0500\r\nDTSTART:19691231T190000\r\nEND:STANDARD\r\n"));
	free(text);
	/* Half an hour. */
	text = vtimezone_text("Australia/Lord_Howe");
	assert_non_null(text);
	assert_non_null(strstr(text, "TZOFFSETFROM:+1030\r\nTZOFFSETTO:+1100\r\n"
	    "DTSTART:20081005T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=1SU\r\n"));
	free(text);
}

/* Many threads on many zones, each first used by several at once. */
static void *
check_moments(void *failures)
{
	for (int round = 0; round < 20; round++)
		for (size_t i = 0; i < MOMENTS; i++) {
			int64_t instant = 0;
			char name[16] = "";

			if (wall_instant(moments[i].date, moments[i].time, moments[i].zone,
			    &instant) != ST_OK || instant != moments[i].instant ||
			    wall_zone_short(instant, moments[i].zone, name, sizeof name) != ST_OK ||
			    strcmp(name, moments[i].name) != 0)
				++*(int *)failures;
		}
	return NULL;
}

static void
threads_agree(void **state)
{
	pthread_t threads[4];
	int failures[4] = { 0 };

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, check_moments, &failures[i]), 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		assert_int_equal(failures[i], 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threads_agree),	/* first, while no zone is loaded */
		cmocka_unit_test(wall_times_are_instants),
		cmocka_unit_test(instants_are_wall_times),
		cmocka_unit_test(days_are_those_of_the_c_library),
		cmocka_unit_test(names_do_not_depend_on_what_was_asked_before),
		cmocka_unit_test(the_years_are_1970_to_9999),
		cmocka_unit_test(zones_are_the_ianas),
		cmocka_unit_test(dates_and_times_are_checked),
		cmocka_unit_test(dates_move),
		cmocka_unit_test(moments_are_parsed),
		cmocka_unit_test(rules_give_dates),
		cmocka_unit_test(rules_are_capped_and_stopped),
		cmocka_unit_test(rules_are_refused),
		cmocka_unit_test(zones_are_written_for_calendars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
