// SPDX-License-Identifier: ISC
/* test_language.c: which language matches a range, and which an Accept-Language header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/language.h"

static const char *const tags[] = { "ar", "de", "en", "fr", "pt-BR", "zh" };
#define COUNT	((int)(sizeof tags / sizeof tags[0]))

static const char *
name_of(int number)
{
	assert_in_range(number + 1, 0, COUNT);
	return number < 0 ? "none" : tags[number];
}

static void
test_find(void **state)
{
	static const struct { const char *range, *found; } cases[] = {
		{ "de", "de" }, { "DE", "de" }, { "de-CH", "de" }, { "de-Latn-CH-1996", "de" },
		{ "zh-Hans-CN", "zh" }, { "pt-br", "pt-BR" },
		{ "pt-BR-x-a", "pt-BR" }, { "pt", "none" }, { "pt-PT", "none" }, { "d", "none" },
		{ "deu", "none" }, { "de_CH", "none" }, { "", "none" },
		{ "-", "none" }, { "-de", "none" }, { "de-", "de" }, { "*", "none" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_string_equal(name_of(language_find(cases[i].range, strlen(cases[i].range),
		    tags, COUNT)), cases[i].found);
	assert_int_equal(language_find("deXX", 2, tags, COUNT), 1);
	assert_int_equal(language_find("de", 2, tags, 0), -1);
}

static void
test_accepted(void **state)
{
	static const struct { const char *header, *found; } cases[] = {
		{ NULL, "none" }, { "", "none" }, { "de", "de" },
		{ "de-CH, de;q=0.9, en;q=0.8", "de" }, { "nl, fr;q=0.8, en;q=0.9", "en" },
		{ "da, en-GB;q=0.8, en;q=0.7", "en" }, { "en;q=0.1,de;q=0.2,fr;q=0.15", "de" },
		{ "en;q=0.5, fr;q=0.5", "en" },
		{ "de;q=0, fr", "fr" }, { "de;q=0.000", "none" }, { "de;q=0.001", "de" },
		{ "*", "none" }, { "*, de;q=0.1", "de" },
		{ " \tfr\t;\tq=1.000 ", "fr" }, { "fr ; Q=0.3 , de;q=0.4", "de" },
		{ ",,de,,", "de" }, { ";q=1,de", "de" },
		{ "fr;q=2,de;q=0.1", "de" }, { "fr;q=1.5,de;q=0.1", "de" },
		{ "fr;q=,de;q=0.1", "de" }, { "fr;q=-1,de;q=0.1", "de" },
		{ "fr;q=0.9x,de;q=0.1", "de" }, { "fr;level=1,de;q=0.1", "de" },
		{ "fr de", "none" }, { "zh-TW,zh;q=0.9,en-US;q=0.8", "zh" },
		{ "fr;q=0.12345", "fr" }, { "de;q=0.1239, fr;q=0.124", "fr" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *found = name_of(language_accepted(cases[i].header, tags, COUNT));

		if (strcmp(found, cases[i].found) != 0)
			fail_msg("Accept-Language: %s: %s",
			    cases[i].header == NULL ? "(none)" : cases[i].header, found);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_find),
	    cmocka_unit_test(test_accepted) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
