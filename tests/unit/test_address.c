// SPDX-License-Identifier: ISC
/* test_address.c: addresses are in capitals where that costs nothing, and nowhere else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/address.h"

static const struct {
	const char	*address, *code, *form;		/* form NULL: refused */
} cases[] = {
	{ "https://runs.example.org", "0ABC", "HTTPS://RUNS.EXAMPLE.ORG/R/#0ABC" },
	{ "http://127.0.0.1:8010", "0ABC", "HTTP://127.0.0.1:8010/R/#0ABC" },
	{ "http://[2001:db8::1]:80", "X", "HTTP://[2001:DB8::1]:80/R/#X" },
	{ "https://example.org/club", "0ABC", "https://example.org/club/R/#0ABC" },
	{ "https://Example.org/Our/Club", "0ABC", "https://Example.org/Our/Club/R/#0ABC" },
	{ "https://a", "", "HTTPS://A/R/#" },
	{ "example.org", "X", NULL },
	{ "://example.org", "X", NULL },
	{ "https://", "X", NULL },
	{ "https:///club", "X", NULL },
	{ "", "X", NULL },
};

static void
test_forms(void **state)
{
	char out[128];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		if (cases[i].form == NULL) {
			assert_int_equal(address_form(cases[i].address, cases[i].code, out,
			    sizeof(out)), ST_REFUSED);
			continue;
		}
		assert_int_equal(address_form(cases[i].address, cases[i].code, out, sizeof(out)),
		    ST_OK);
		assert_string_equal(out, cases[i].form);
	}
}

static void
test_size(void **state)
{
	const char *address = "https://a.example", *form = "HTTPS://A.EXAMPLE/R/#X";
	char out[64];

	(void)state;
	assert_int_equal(address_form(address, "X", out, strlen(form) + 1), ST_OK);
	assert_string_equal(out, form);
	assert_int_equal(address_form(address, "X", out, strlen(form)), ST_REFUSED);
	assert_int_equal(address_form(address, "X", out, 0), ST_REFUSED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
