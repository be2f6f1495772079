// SPDX-License-Identifier: ISC
/* test_function.c: the SQL functions of page queries: results, NULL, and what they refuse. */
#include "tests/unit/scratch.h"

#include "core/wall.h"
#include "gen/function.h"
#include "gen/message.h"

#define WINDOW	"'2026-11-20', '18:30', '20:00', 'Europe/London', 30, 15"
#define KEY	"x'000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'"

static void
open_driver(struct driver **driver)
{
	static struct messages languages[2];
	static const struct tongues tongues = { languages, 2 };
	struct mustache_error why;

	if (languages[0].english == NULL)
		assert_true(messages_load(&languages[0], "templates", "en", &why) &&
		    messages_load(&languages[1], "templates", "de", &why));
	assert_int_equal(driver_open(":memory:", DRIVER_CREATE, driver), ST_OK);
	assert_int_equal(function_add_all(*driver, &tongues), ST_OK);
}

/* Every column of the lines. */
#define LINES(lines)	"group_concat(person_id || ' ' || group_id || ' ' || marks || ' came ' || " \
	"came || ' late ' || late || ' ' || minutes || ' ' || worst || ' excused ' || excused || "	\
	"' unproven ' || unproven || ' proven ' || printed || screen || place || host, ', ') "	\
	"FROM each_line((SELECT " lines "))"

static void
functions_answer(void **state)
{
	static const struct { const char *sql, *text; } cases[] = {
		{ "run_opens(" WINDOW ")", "1795197600" },
		{ "run_starts(" WINDOW ")", "1795199400" },
		{ "run_ends(" WINDOW ")", "1795204800" },
		{ "run_closes(" WINDOW ")", "1795205700" },
		{ "run_starts('2026-11-20', '18:30', NULL, 'UTC', 0, 0)", "1795199400" },
		/* an hour where none is known */
		{ "run_ends('2026-11-20', '18:30', NULL, 'UTC', 0, 0)", "1795203000" },
		{ "run_state(" WINDOW ", 0, 1795197599)", "scheduled" },
		{ "run_state(" WINDOW ", 0, 1795197600)", "open" },
		{ "run_state(" WINDOW ", 0, 1795205700)", "open" },
		{ "run_state(" WINDOW ", 0, 1795205701)", "closed" },
		{ "run_state(" WINDOW ", 1, 1795197600)", "cancelled" },
		{ "instant('2026-07-01', '12:00', 'Europe/London')", "1782903600" },
		{ "iso(1795199400, 'Europe/London')", "2026-11-20T18:30:00+00:00" },
		{ "iso(1782903600, 'Europe/London')", "2026-07-01T12:00:00+01:00" },
		{ "wall_time(1782903600, 'Europe/London')", "12:00" },
		{ "wall_date(1795219200, 'Asia/Tokyo')", "2026-11-21" },
		{ "zone_short('2026-07-01', '12:00', 'Europe/London')", "BST" },
		{ "zone_short('2026-12-01', '12:00', 'Europe/London')", "GMT" },
		{ "date_words('2026-11-20', 'en')", "Friday 20 November 2026" },
		{ "date_words('2026-02-01', 'en')", "Sunday 1 February 2026" },
		{ "date_short('2026-11-20', 'en')", "Fri 20 Nov" },
		{ "word('mark_late', 'en') || word('mark_late', 'de')", "LV" },
		{ "word(NULL, 'en')", NULL },
		{ "month_words('2026-11', 'en')", "November 2026" },
		{ "month_words('2026-05', 'en')", "May 2026" },
		{ "date_words('2026-11-20', 'de')", "Freitag, 20. November 2026" },
		{ "date_words('2026-11-20', NULL)", "Friday 20 November 2026" },
		{ "date_words('2026-11-20', 'xx')", "Friday 20 November 2026" },
		{ "date_near('2026-11-20', '2026-01-01', 'en')", "Fri 20 Nov" },
		{ "date_near('2026-11-20', '2025-12-31', 'en')", "Fri 20 Nov 2026" },
		{ "day_words('2026-11-02', 'en')", "2 November" },
		{ "day_short('2026-11-20', 'en')", "20 Nov" },
		{ "day_year('2026-11-20', 'en')", "20 Nov 2026" },
		{ "month_name('2026-11', 'en')", "November" },
		{ "month_short('2026-11-20', 'en')", "Nov" },
		{ "month_letter('2026-11', 'en')", "N" },
		{ "weekday_name('2026-11-20', 'de')", "Freitag" },
		{ "weekday_short('2026-11-20', 'en')", "Fri" },
		{ "weekday_letters('2026-11-20', 'en')", "Fr" },
		{ "week_field('2026-11-16', 'en')", "0" },
		{ "weekday('2026-11-16')", "1" }, { "weekday('2026-11-22')", "7" },
		{ "percent(14, 'en')", "14%" }, { "percent(14, 'de')", "14\302\240%" },
		{ "percent(NULL, 'en')", NULL },
		{ "date_add('2026-02-28', 1)", "2026-03-01" },
		{ "date_add('2024-02-28', 1)", "2024-02-29" },
		{ "date_add('2026-01-01', -1)", "2025-12-31" },
		{ "rule_words('FREQ=WEEKLY;BYDAY=TU', 'en')", "every Tuesday" },
		{ "utc_stamp(1795199400)", "20261120T183000Z" },
		{ "utc_stamp(0)", "19700101T000000Z" },
		{ "substr(vtimezone_markup('Europe/London'), 1, 40)",
		    "BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\n" },
		{ "form_address('https://turnout.example', 'ABC')",
		    "HTTPS://TURNOUT.EXAMPLE/R/#ABC" },
		{ "form_address('https://turnout.example/Club', 'ABC')",
		    "https://turnout.example/Club/R/#ABC" },
		{ "length(code_token(7, " KEY ", 1795205700))", "26" },
		{ "code_token(7, " KEY ", 1795205700) = code_token(7, " KEY ", 1795205700)", "1" },
		{ "code_token(7, " KEY ", 1795205700) = code_token(8, " KEY ", 1795205700)", "0" },
		{ "length(code_typed(" KEY ", 'digits', 1795199400))", "6" },
		{ "code_typed(" KEY ", 'digits', 1795199400) GLOB '[0-9]*'", "1" },
		{ "code_typed(" KEY ", 'digits', 1795199400) = "
		    "code_typed(" KEY ", 'digits', 1795199460)", "0" },
		{ "code_typed(" KEY ", 'digits', 1795199400) = "
		    "code_typed(" KEY ", 'digits', 1795199401)", "1" },
		{ "length(code_typed(" KEY ", 'letters', 1795199400))", "6" },
		{ "code_typed(" KEY ", 'letters', 1795199400) = "
		    "code_typed(" KEY ", 'digits', 1795199400)", "0" },
		{ "length(code_shown(7, " KEY ", 0, 71807976))", "26" },
		{ "code_shown(7, " KEY ", 0, 71807976) = code_shown(7, " KEY ", 0, 71807977)",
		    "0" },
		{ "code_shown(7, " KEY ", 0, 71807976) = code_shown(7, " KEY ", 1, 71807976)",
		    "0" },
		{ "slot_at(1795199424, 25)", "71807976" },
		{ "slot_at(1795199425, 25)", "71807977" },
		{ "slot_begins(71807976, 25)", "1795199400" },
		{ "slot_valid_until(71807976, 25)", "1795199454" },
		{ "mark('present', 'session', 0)", "1" }, { "mark('late', 'host', 4)", "2" },
		{ "mark('excused', 'session', 4)", "3" },
		{ "mark('absent', 'host', 0)", "4" }, { "mark('present', 'printed', 2)", "5" },
		{ "mark('late', 'session', 1)", "5" },
		/* by person and group; dates in any order, what is nowhere is left out */
		{ LINES("lines(7, 1, 6, column1, column2, column3, 0, column4) FROM (VALUES "
		    "(5, 'late', 'screen', 170), (0, 'present', 'host', 0), "
		    "(2, 'present', 'session', 0), (7, 'present', 'host', 0), "
		    "(1, 'late', 'screen', 60), (3, 'excused', 'import', 0), "
		    "(4, 'absent', 'host', 0))"),
		    "7 1 213420 came 3 late 2 3 2 excused 1 unproven 0 proven 2200" },
		{ LINES("lines(7, 1, 3, column1, column2, column3, 2, -60) FROM (VALUES "
		    "(1, 'late', 'digits'), (2, 'present', 'printed'), (3, 'late', 'session'))"),
		    "7 1 255 came 1 late 1 0 0 excused 0 unproven 2 proven 1100" },
		{ LINES("lines(column1, column2, column2 + 1, 1, 'present', 'host', 0, 0) FROM "
		    "(VALUES (9, 1), (2, 2), (9, 2), (2, 1))"),
		    "2 1 10 came 1 late 0 0 0 excused 0 unproven 0 proven 1111, "
		    "2 2 100 came 1 late 0 0 0 excused 0 unproven 0 proven 1111, "
		    "9 1 10 came 1 late 0 0 0 excused 0 unproven 0 proven 1111, "
		    "9 2 100 came 1 late 0 0 0 excused 0 unproven 0 proven 1111" },
		/* somebody of the list */
		{ LINES("lines(7, 1, 2, 0, NULL, NULL, 0, NULL)"),
		    "7 1 00 came 0 late 0 0 0 excused 0 unproven 0 proven 0000" },
		{ LINES("lines(1, 1, 1, 1, 'present', 'host', 0, 0) FROM (VALUES (1)) WHERE "
		    "column1 = 2"), NULL },
		{ "count(*) FROM each_line(NULL)", "0" }, { "count(*) FROM each_line('')", "0" },
		{ "count(*) || ' ' || sum(length(marks)) FROM each_line((SELECT lines(i % 3000, "
		    "i % 2, 2, 1, 'present', 'host', 0, 0) FROM (WITH RECURSIVE n(i) AS (VALUES (1) "
		    "UNION ALL SELECT i + 1 FROM n WHERE i < 9000) SELECT i FROM n)))",
		    "3000 6000" },
		/* in the order of people, which SQLite is told */
		{ "group_concat(number, ' ') FROM (SELECT person_id || ':' || count(*) AS number FROM "
		    "each_line((SELECT lines(column1, column2, 1, 1, 'present', 'host', 0, 0) FROM "
		    "(VALUES (9, 1), (2, 2), (9, 2), (3, 1)))) GROUP BY person_id)", "2:1 3:1 9:2" },
		{ "steps_path(column1, 5, column2) FROM (VALUES (-15, 9), (0, 12), (115, 1))",
		    "H-15l5 -9H0l5 -12H115l5 -1" },
		{ "group_concat(path, ' ') FROM (SELECT steps_path(column1, 1, 2) AS path FROM "
		    "(VALUES (1), (3)) GROUP BY column1)", "H1l1 -2 H3l1 -2" },
		{ "steps_path(-9223372036854775807 - 1, 0, 9223372036854775807)",
		    "H-9223372036854775808l0 -9223372036854775807" },
		{ "steps_path(column1, 5, 1) FROM (VALUES (1)) WHERE column1 = 2", NULL },
		{ "marked('0120152', '12')", "4" }, { "marked('', '12')", "0" },
		{ "missed_longest('1004501')", "5" }, { "missed_longest('10300')", "3" },
		{ "missed_now('0010354')", "3" }, { "missed_now('0013')", "0" },
		{ "missed_longest('')", "0" },
		{ "mark(NULL, 'host', 0)", NULL }, { "marked(NULL, '1')", NULL },
		{ "missed_longest(NULL)", NULL }, { "missed_now(NULL)", NULL },
		{ "qr_size('A')", "29" }, { "hex(substr(qr_png('A'), 1, 8))", "89504E470D0A1A0A" },
		{ "substr(qr_path('A'), 1, 8)", "M4 4h7v1" },
		{ "proof_level('session')", "0" }, { "proof_level('printed')", "1" },
		{ "proof_level('digits')", "2" }, { "proof_level('screen')", "2" },
		{ "proof_level('place')", "3" }, { "proof_level('host')", "4" },
		{ "proof_level('import')", "4" },
		{ "level_name(0)", "none" }, { "level_name(1)", "printed" },
		{ "level_name(2)", "screen" }, { "level_name(3)", "place" },
		{ "level_name(4)", "host" },
		/* NULL first: NULL. */
		{ "run_state(NULL, '18:30', '20:00', 'UTC', 0, 0, 0, 0)", NULL },
		{ "run_opens(NULL, '18:30', '20:00', 'UTC', 0, 0)", NULL },
		{ "instant(NULL, '12:00', 'UTC')", NULL }, { "iso(NULL, 'UTC')", NULL },
		{ "wall_time(NULL, 'UTC')", NULL }, { "wall_date(NULL, 'UTC')", NULL },
		{ "zone_short(NULL, '12:00', 'UTC')", NULL }, { "date_words(NULL, 'en')", NULL },
		{ "date_short(NULL, 'en')", NULL }, { "month_words(NULL, 'en')", NULL },
		{ "weekday(NULL)", NULL }, { "date_add(NULL, 1)", NULL },
		{ "rule_words(NULL, 'en')", NULL }, { "utc_stamp(NULL)", NULL },
		{ "vtimezone_markup(NULL)", NULL }, { "code_token(NULL, " KEY ", 1)", NULL },
		{ "code_typed(NULL, 'digits', 1)", NULL },
		{ "code_shown(NULL, " KEY ", 0, 1)", NULL }, { "slot_at(NULL, 25)", NULL },
		{ "slot_begins(NULL, 25)", NULL },
		{ "slot_valid_until(NULL, 25)", NULL },
		{ "form_address(NULL, 'x')", NULL }, { "qr_png(NULL)", NULL },
		{ "qr_path(NULL)", NULL }, { "qr_size(NULL)", NULL },
		{ "proof_level(NULL)", NULL }, { "level_name(NULL)", NULL },
	};
	struct driver *driver;
	struct rows *rows;
	char sql[1000];
	const char *text;
	size_t i;

	(void)state;
	open_driver(&driver);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(sql, sizeof sql, "SELECT %s", cases[i].sql);
		if (driver_prepare(driver, sql, NULL, &rows) != ST_OK || rows_step(rows) != ST_OK)
			fail_msg("%s: %s", sql, driver_why(driver));
		text = rows_text(rows, 0, NULL);
		if ((text == NULL) != (cases[i].text == NULL) ||
		    (text != NULL && strncmp(text, cases[i].text, strlen(cases[i].text)) != 0))
			fail_msg("%s gives %s, not %s", cases[i].sql, text == NULL ? "NULL" : text,
			    cases[i].text == NULL ? "NULL" : cases[i].text);
		rows_free(rows);
	}
	driver_close(driver);
}

static void
functions_refuse(void **state)
{
	static const char *const cases[] = {
		"run_state('2026-11-31', '18:30', '20:00', 'UTC', 0, 0, 0, 0)",
		    "run_opens('2026-11-20', '18:30', '20:00', 'Mars', 0, 0)",
		"run_opens('2026-11-20', '18:30', '20:00', 'UTC', -1, 0)",
		"instant('2026-11-20', '24:00', 'UTC')", "instant('2026-11-20', NULL, 'UTC')",
		"iso(0, 'Mars')", "iso(0, NULL)", "wall_time(0, 'Mars')", "wall_date(-1, 'UTC')",
		"zone_short('2026-11-20', '12:00', 'Mars')",
		"date_words('20 November', 'en')", "date_words('', 'en')",
		"date_short('2026-02-30', 'en')", "month_words('2026-13', 'en')",
		"date_words('2026-11', 'en')", "date_near(1, 2, 3)", "month_words('', 'en')",
		"word('no_such', 'en')", "word('remark', 'de')",
		"date_add('2026-02-30', 1)", "date_add('9999-12-31', 1)",
		"vtimezone_markup('Mars')", "code_token(0, " KEY ", 1)", "code_token(7, x'00', 1)",
		"code_token(7, NULL, 1)", "code_typed(x'00', 'digits', 1)",
		"code_shown(7, x'00', 0, 1)", "code_shown(0, " KEY ", 0, 1)",
		"code_shown(7, " KEY ", 0, 0)", "form_address('turnout.example', 'x')",
		"qr_png(printf('%.*c', 3000, 'x'))", "qr_path(printf('%.*c', 3000, 'x'))",
		"utc_stamp(9223372036854775807)", "proof_level('')", "proof_level('Host')",
		"proof_level('none')", "level_name(-1)", "level_name(5)",
		"level_name(4294967296)", "mark('present', 'rumour', 1)",
		"lines(1, 1, 1, 1, 'present', 'rumour', 0, 0)",
		"lines(1, 1, 0, 1, 'present', 'host', 0, 0)",
		"lines(1, 1, 1000001, 1, 'present', 'host', 0, 0)",
		"lines(1, 1, column1, 1, 'present', 'host', 0, 0) FROM (VALUES (1), (2))",
		"count(*) FROM each_line('no line')",
		"count(*) FROM each_line((SELECT substr(lines(1, 1, 9, 1, 'present', 'host', 0, 0), "
		    "1, 80)))",
	};
	struct driver *driver;
	struct rows *rows;
	char sql[1000];
	size_t i;

	(void)state;
	open_driver(&driver);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(sql, sizeof sql, "SELECT %s", cases[i]);
		assert_int_equal(driver_prepare(driver, sql, NULL, &rows), ST_OK);
		if (rows_step(rows) != ST_FAULT)
			fail_msg("%s gives %s", cases[i], rows_text(rows, 0, NULL));
		assert_true(strlen(driver_why(driver)) > 5);
		rows_free(rows);
	}
	driver_close(driver);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(functions_answer),
		cmocka_unit_test(functions_refuse),
	};

	if (code_init() != ST_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
