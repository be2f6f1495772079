// SPDX-License-Identifier: ISC
/* test_message.c: the plural categories of CLDR, and words put into templates. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "gen/message.h"

/* The integer samples of CLDR's plurals.xml. */
static void
test_category(void **state)
{
	static const struct { const char *language; unsigned long long number; const char *category;
	    } cases[] = {
		{ "en", 0, "other" }, { "en", 1, "one" }, { "en", 2, "other" },
		{ "en", 21, "other" },
		{ "de", 0, "other" }, { "de", 1, "one" }, { "de", 101, "other" },
		{ "fr", 0, "one" }, { "fr", 1, "one" }, { "fr", 2, "other" },
		{ "fr", 1000000, "many" }, { "fr", 1000001, "other" },
		{ "es", 0, "other" }, { "es", 1, "one" }, { "es", 2, "other" },
		{ "es", 3000000, "many" },
		{ "ar", 0, "zero" }, { "ar", 1, "one" }, { "ar", 2, "two" }, { "ar", 3, "few" },
		{ "ar", 10, "few" }, { "ar", 11, "many" },
		{ "ar", 99, "many" }, { "ar", 100, "other" }, { "ar", 102, "other" },
		{ "ar", 103, "few" }, { "ar", 1011, "many" },
		{ "zh", 0, "other" }, { "zh", 1, "other" }, { "zh", 7, "other" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_string_equal(message_category(cases[i].language, cases[i].number),
		    cases[i].category);
}

static void
fill(const char *language, const char *template, const char *expected)
{
	struct messages messages;
	struct mustache_error why = { "" };
	struct buffer text = { 0 };

	buffer_append_text(&text, template);
	assert_true(messages_load(&messages, "templates", language, &why));
	if (messages_fill(&messages, "page.html", &text, &why))
		assert_string_equal(buffer_text(&text), expected);
	else
		assert_string_equal(why.text, expected);
	buffer_clear(&text);
	messages_clear(&messages);
}

static void
test_fill(void **state)
{
	(void)state;
	fill("en", "<p>{{t.home}}</p>{{club}}", "<p>Home</p>{{club}}");
	fill("xx", "{{t.home}}", "Home");
	fill("en-GB", "{{t.home}}{{t.home}}", "HomeHome");
	fill("en", "a\n\n{{t.hone}}",
	    "page.html:3: messages/en.json has no text “hone”, or one without “other”");
	fill("en", "{{t.home", "{{t.home");
}

static void
test_plural(void **state)
{
	struct messages messages;
	struct mustache_error why;
	struct buffer text = { 0 };

	(void)state;
	buffer_append_text(&text, "{{t.times_so_far}}");
	assert_true(messages_load(&messages, "templates", "en", &why));
	assert_true(messages_fill(&messages, "page.html", &text, &why));
	assert_non_null(strstr(buffer_text(&text),
	    "{{#runs.one}}<b>{{runs.number}}</b> time so far{{/runs.one}}"));
	assert_non_null(strstr(buffer_text(&text),
	    "{{^runs.one}}<b>{{runs.number}}</b> times so far{{/runs.one}}"));
	buffer_clear(&text);
	messages_clear(&messages);
}

/* A text by what a column says, one of them by number; and the language nobody speaks. */
static void
test_select(void **state)
{
	(void)state;
	fill("en", "{{t.next_word}}", "{{#word.class}}Next class{{/word.class}}{{^word.class}}"
	    "{{#word.meeting}}Next meeting{{/word.meeting}}{{^word.meeting}}Next "
	    "run{{/word.meeting}}{{/word.class}}");
	fill("qps", "<html dir={{t.dir}}>{{t.home}}", "<html dir=ltr>[Hömé ~]");
	fill("qps", "{{t.see_history}}",
	    "[Séé thé <a href=\"{{tree}}history/\">hístörý</a> för whát hás tákéñ "
	    "pláçé. ~~~~~ ~~~~~ ~~~~]");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_category),
		cmocka_unit_test(test_fill),
		cmocka_unit_test(test_plural),
		cmocka_unit_test(test_select),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
