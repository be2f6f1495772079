// SPDX-License-Identifier: ISC
/* test_reload.c: where in a page the script goes, and which number a page is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "endpoint/reload.h"

#define SCRIPT	"<script type=\"module\" src=\"/reload.js\" data-number=\"7\"></script>\n"

static void
test_insert(void **state)
{
	static const struct { const char *page, *expect; } cases[] = {
		{ "<html><head><title>a</title></head><body>",
		    "<html><head><title>a</title>" SCRIPT "</head><body>" },
		{ "<HEAD></HEAD >", "<HEAD>" SCRIPT "</HEAD >" },
		{ "<p>no head", "<p>no head" SCRIPT }, { "", SCRIPT },
		{ "</hea", "</hea" SCRIPT }, { "</head></head>", SCRIPT "</head></head>" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct reply reply = { .length = strlen(cases[i].page) };

		reply.body = malloc(reply.length + 1);
		assert_non_null(reply.body);
		memcpy(reply.body, cases[i].page, reply.length);	/* no NUL behind it */
		reload_insert(&reply, 7);
		assert_int_equal(reply.length, strlen(cases[i].expect));
		assert_memory_equal(reply.body, cases[i].expect, reply.length);
		free(reply.body);
	}
}

static void
test_number(void **state)
{
	static const struct { const char *news; long long number; } cases[] = {
		{ "{\"number\": 12, \"error\": \"\"}\n", 12 }, { "{\"number\": \"12\"}", 0 },
		{ "{}", 0 }, { "", 0 }, { "[1]", 0 },
		{ "{\"number\": 12", 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(reload_number(cases[i].news, strlen(cases[i].news)),
		    cases[i].number);
}

static void
test_script(void **state)
{
	(void)state;
	assert_non_null(strstr(reload_script, "fetch('/" RELOAD_NEWS "'"));
	assert_non_null(strstr(reload_script, "script[src=\"/" RELOAD_SCRIPT "\"]"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_insert), cmocka_unit_test(test_number),
		    cmocka_unit_test(test_script),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
