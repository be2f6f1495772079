// SPDX-License-Identifier: ISC
/*
 * test_locale.c: rules in words, dates and numbers by pattern, and what "locale" in a file may
 * hold. (All dates against Intl: tests/cli/language.mjs.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <jansson.h>
#include <string.h>

#include "core/wall.h"
#include "gen/buffer.h"
#include "gen/message.h"
#include "gen/rule.h"

static void
check_rule(const struct messages *messages, const char *rule, const char *expected)
{
	struct buffer words = { 0 };

	rule_words(&messages->locale, messages->language, rule, &words);
	assert_string_equal(buffer_text(&words), expected);
	buffer_clear(&words);
}

static void
rules_have_words(void **state)
{
	static const char *const english[][2] = {
		{ "FREQ=DAILY", "every day" },
		{ "FREQ=DAILY;INTERVAL=2", "every second day" },
		{ "FREQ=DAILY;INTERVAL=10", "every 10 days" },
		{ "FREQ=WEEKLY", "every week" },
		{ "FREQ=WEEKLY;INTERVAL=2", "every second week" },
		{ "FREQ=WEEKLY;BYDAY=TU", "every Tuesday" },
		{ "FREQ=WEEKLY;COUNT=10;BYDAY=TU", "every Tuesday" },
		{ "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "every second Thursday" },
		{ "FREQ=WEEKLY;BYDAY=TH,TU", "every Tuesday and Thursday" },
		{ "FREQ=WEEKLY;BYDAY=SU,MO,FR", "every Monday, Friday and Sunday" },
		{ "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH",
		    "every second week on Tuesday and Thursday" },
		{ "FREQ=WEEKLY;INTERVAL=9;BYDAY=MO", "every 9 weeks on Monday" },
		{ "FREQ=WEEKLY;INTERVAL=3", "every 3 weeks" },
		{ "FREQ=MONTHLY;INTERVAL=3;BYDAY=-1FR", "the last Friday every 3 months" },
		{ "FREQ=MONTHLY;BYDAY=1MO", "the first Monday of the month" },
		{ "FREQ=MONTHLY;BYDAY=-1FR", "the last Friday of the month" },
		{ "FREQ=MONTHLY;BYDAY=1MO,3MO", "the first and third Monday of the month" },
		{ "FREQ=MONTHLY;BYDAY=SA;BYSETPOS=2", "the second Saturday of the month" },
		{ "FREQ=MONTHLY;INTERVAL=2;BYDAY=1MO", "the first Monday of every second month" },
		{ "FREQ=MONTHLY;BYMONTHDAY=15", "day 15 of the month" },
		{ "FREQ=MONTHLY;BYMONTHDAY=-1", "the last day of the month" },
		{ "FREQ=YEARLY;BYMONTH=6;BYDAY=1SA", "the first Saturday of June" },
		{ "FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31", "day 31 of December" },
		/* No phrase fits: the rule itself. */
		{ "FREQ=MONTHLY", "FREQ=MONTHLY" },
		{ "FREQ=MONTHLY;BYDAY=1MO,3TU", "FREQ=MONTHLY;BYDAY=1MO,3TU" },
		{ "FREQ=MONTHLY;BYDAY=MO", "FREQ=MONTHLY;BYDAY=MO" },
		{ "FREQ=MONTHLY;BYMONTHDAY=1,15", "FREQ=MONTHLY;BYMONTHDAY=1,15" },
		{ "FREQ=WEEKLY;BYDAY=MO;BYMONTH=6", "FREQ=WEEKLY;BYDAY=MO;BYMONTH=6" },
		{ "FREQ=YEARLY;BYYEARDAY=100", "FREQ=YEARLY;BYYEARDAY=100" },
		{ "nonsense", "nonsense" },
	};
	static const struct { const char *language, *rule, *words; } others[] = {
		{ "de", "FREQ=WEEKLY;BYDAY=TU", "jeden Dienstag" },
		{ "de", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "jeden zweiten Donnerstag" },
		{ "de", "FREQ=MONTHLY;BYDAY=1MO,3MO", "am ersten und dritten Montag des Monats" },
		{ "fr", "FREQ=WEEKLY;BYDAY=MO,WE,FR", "chaque lundi, mercredi et vendredi" },
		{ "es", "FREQ=MONTHLY;BYMONTHDAY=15", "el 15 de cada mes" },
		{ "ar", "FREQ=DAILY;INTERVAL=2", "كل يومين" },
		{ "ar", "FREQ=DAILY;INTERVAL=3", "كل 3 أيام" },
		{ "ar", "FREQ=DAILY;INTERVAL=11", "كل 11 يومًا" },
		{ "ar", "FREQ=WEEKLY;BYDAY=SU,TU", "كل أسبوع أيام الثلاثاء والأحد" },
		{ "zh", "FREQ=WEEKLY;BYDAY=TU", "每周二" },
		{ "zh", "FREQ=MONTHLY;BYDAY=-1FR", "每月最后一个周五" }, { "de", "nonsense", "nonsense" },
	};
	struct messages messages;
	struct mustache_error why;
	size_t i;

	(void)state;
	assert_true(messages_load(&messages, "templates", "en", &why));
	for (i = 0; i < sizeof english / sizeof english[0]; i++)
		check_rule(&messages, english[i][0], english[i][1]);
	messages_clear(&messages);
	for (i = 0; i < sizeof others / sizeof others[0]; i++) {
		assert_true(messages_load(&messages, "templates", others[i].language, &why));
		check_rule(&messages, others[i].rule, others[i].words);
		messages_clear(&messages);
	}
}

static void
numbers_are_grouped(void **state)
{
	static const struct { const char *number, *english, *other; } cases[] = {
		{ "0", "0", "0" }, { "999", "999", "999" }, { "1000", "1,000", "1000" },
		{ "-1234.5", "-1,234.5", "-1234,5" }, { "12345", "12,345", "12.345" },
		{ "1234567.25", "1,234,567.25", "1.234.567,25" }, { "", "", "" },
	};
	struct locale locale = locale_english;
	char text[LOCALE_TEXT_SIZE];
	size_t i;

	(void)state;
	locale.group = ".";
	locale.decimal = ",";
	locale.group_from = "10000";
	locale.percent = "%#";
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		locale_number(&locale_english, cases[i].number, strlen(cases[i].number), text);
		assert_string_equal(text, cases[i].english);
		locale_number(&locale, cases[i].number, strlen(cases[i].number), text);
		assert_string_equal(text, cases[i].other);
	}
	locale_percent(&locale_english, "85", 2, text);
	assert_string_equal(text, "85%");
	locale_percent(&locale, "85", 2, text);
	assert_string_equal(text, "%85");
}

/* Text that does not fit is cut, never written behind. */
static void
patterns_are_cut(void **state)
{
	struct locale locale = locale_english;
	char pattern[300], text[LOCALE_TEXT_SIZE + 8];

	(void)state;
	memset(pattern, 'x', sizeof pattern);
	pattern[sizeof pattern - 1] = '\0';
	memset(text, '#', sizeof text);
	locale.forms[LOCALE_DATE_WORDS] = pattern;
	locale_date(&locale, LOCALE_DATE_WORDS, "2026-11-20", text);
	assert_int_equal(strlen(text), LOCALE_TEXT_SIZE - 1);
	assert_int_equal(text[LOCALE_TEXT_SIZE], '#');
	locale.forms[LOCALE_DATE_WORDS] = "d 'de' MMMM''y";
	locale_date(&locale, LOCALE_DATE_WORDS, "2026-02-01", text);
	assert_string_equal(text, "1 de February2026");
}

static void
note(void *handle, const char *key, const char *found)
{
	buffer_format(handle, "%s %s\n", key, found);
}

static void
data_are_checked(void **state)
{
	struct locale locale = locale_english;
	struct buffer found = { 0 };
	json_t *data = json_pack("{s:[s,s], s:s, s:s}", "months", "a", "b", "comma", "+", "hone",
	    "x");

	(void)state;
	assert_non_null(data);
	locale_read(&locale, data, note, &found);
	assert_non_null(strstr(buffer_text(&found), "months is not as it should be"));
	assert_non_null(strstr(buffer_text(&found), "hone is nothing"));
	assert_non_null(strstr(buffer_text(&found), "weekdays is missing"));
	assert_null(strstr(buffer_text(&found), "\ncomma"));
	assert_string_equal(locale.months[0], "January");
	assert_string_equal(locale.comma, "+");
	json_decref(data);
	buffer_clear(&found);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_have_words),
		cmocka_unit_test(numbers_are_grouped),
		cmocka_unit_test(patterns_are_cut),
		cmocka_unit_test(data_are_checked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
