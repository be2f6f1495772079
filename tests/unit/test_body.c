// SPDX-License-Identifier: ISC
/* test_body.c: bodies of check-ins, JSON and forms, good and hostile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "endpoint/body.h"
#include "endpoint/http.h"

static char why[BODY_WHY_SIZE];
static enum body_use use = BODY_CHECK_IN;

/* Read a copy of exactly `length` bytes and the NUL that http_body puts behind them, so that a read too far is seen. */
static enum status
read_bytes(enum body_kind kind, const char *body, size_t length, struct attempt *attempt)
{
	char *copy = malloc(length + 1);
	enum status status;

	assert_non_null(copy);
	memcpy(copy, body, length);
	copy[length] = '\0';
	status = body_read(kind, use, copy, length, attempt, why);
	free(copy);
	return status;
}

static enum status
read_text(enum body_kind kind, const char *body, struct attempt *attempt)
{
	return read_bytes(kind, body, strlen(body), attempt);
}

static void
test_kinds(void **state)
{
	enum body_kind kind;

	(void)state;
	assert_int_equal(body_kind("application/json", &kind), ST_OK);
	assert_int_equal(kind, BODY_JSON);
	assert_int_equal(body_kind("Application/JSON; charset=utf-8", &kind), ST_OK);
	assert_int_equal(body_kind("application/x-www-form-urlencoded", &kind), ST_OK);
	assert_int_equal(kind, BODY_FORM);
	assert_int_equal(body_kind(NULL, &kind), ST_BAD_TYPE);
	assert_int_equal(body_kind("", &kind), ST_BAD_TYPE);
	assert_int_equal(body_kind("application/jsonp", &kind), ST_BAD_TYPE);
	assert_int_equal(body_kind("multipart/form-data; boundary=x", &kind), ST_BAD_TYPE);
}

static void
test_json_fields_arrive(void **state)
{
	struct attempt attempt;

	(void)state;
	assert_int_equal(read_text(BODY_JSON, "{\"token\":\"T1\",\"runner_name\":\"Zo\\u00eb\",\"nonce\":\"n-1\"}", &attempt), ST_OK);
	assert_string_equal(attempt.code, "T1");
	assert_string_equal(attempt.session, "");
	assert_string_equal(attempt.name, "Zo\xc3\xab");
	assert_string_equal(attempt.nonce, "n-1");
	assert_int_equal(read_text(BODY_JSON, " {\"session_id\":\"S\",\"code\":\"\",\"runner_name\":\"A\"}\n", &attempt), ST_OK);
	assert_string_equal(attempt.session, "S");
	assert_string_equal(attempt.code, "");
}

static void
test_json_is_refused_with_a_sentence(void **state)
{
	static const struct { const char *body, *why; } table[] = {
		{ "", "The JSON cannot be read" }, { "null", "cannot be read" }, { "[]", "one object" }, { "\"x\"", "cannot be read" },
		{ "{\"runner_name\":\"A\"} x", "cannot be read" }, { "{\"runner_name\":\"A\",}", "cannot be read" },
		{ "{\"runner_name\":\"A\",\"runner_name\":\"B\"}", "there twice" },
		{ "{\"runner_name\":7}", "\"runner_name\" must be text" }, { "{\"runner_name\":null}", "must be text" },
		{ "{\"runner_name\":[\"A\"]}", "must be text" }, { "{\"admin\":true}", "\"admin\" is not known" },
		{ "{\"<b>\":\"1\"}", "a field that is not known" }, { "{\"\":\"1\"}", "a field that is not known" },
		{ "{\"runner_name\":\"A\\u0000B\"}", "zero byte" }, { "{\"runner_name\":\"\\ud800\"}", "cannot be read" },
		{ "{\"runner_name\":\"\xff\"}", "cannot be read" }, { "{\"runner_name\":\"A\",\"nonce\":\"a b\"}", "nonce" },
		{ "{\"runner_name\":\"A\",\"nonce\":\"\\u00e9\"}", "nonce" },
		{ "{\"runner_name\":\"A\",\"code\":\"1\",\"token\":\"2\"}", "send one of them" },
	};
	struct attempt attempt;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		assert_int_equal(read_text(BODY_JSON, table[i].body, &attempt), ST_BAD_REQUEST);
		assert_non_null(strstr(why, table[i].why));
	}
	assert_int_equal(read_bytes(BODY_JSON, "{\"runner_name\":\"A\"}\0", 20, &attempt), ST_BAD_REQUEST);
}

static void
test_nesting_is_counted_first(void **state)
{
	char body[HTTP_BODY_MAX + 1];
	struct attempt attempt;

	(void)state;
	memset(body, '[', HTTP_BODY_MAX);
	body[HTTP_BODY_MAX] = '\0';
	assert_int_equal(read_text(BODY_JSON, body, &attempt), ST_BAD_REQUEST);
	assert_non_null(strstr(why, "nested too deeply"));
	assert_int_equal(read_text(BODY_JSON, "{\"runner_name\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"}", &attempt), ST_OK);
	assert_string_equal(attempt.name, "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"[");
	body[BODY_DEPTH_MAX] = '\0';
	assert_int_equal(read_text(BODY_JSON, body, &attempt), ST_BAD_REQUEST);
	assert_non_null(strstr(why, "cannot be read"));
}

static void
test_form_fields_arrive(void **state)
{
	struct attempt attempt;

	(void)state;
	assert_int_equal(read_text(BODY_FORM, "code=123+456&runner_name=Ada%20Lovelace&nonce=", &attempt), ST_OK);
	assert_string_equal(attempt.code, "123 456");
	assert_string_equal(attempt.name, "Ada Lovelace");
	assert_string_equal(attempt.nonce, "");
	assert_int_equal(read_text(BODY_FORM, "runner%5Fname=%C3%A9%26%3D", &attempt), ST_OK);
	assert_string_equal(attempt.name, "\xc3\xa9&=");
}

static void
test_forms_are_refused(void **state)
{
	static const char *const bad[] = { "runner_name", "runner_name=A&runner_name=B", "runner_name=%00", "runner_name=A%",
	    "runner_name=A%4", "runner_name=%zz", "runner_name=A%0", "x=1", "=1", "runner_name=A&&code=1", "runner_name%00=A", "%=1",
	    "runner_name=A&nonce=%0a" };
	struct attempt attempt;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_int_equal(read_text(BODY_FORM, bad[i], &attempt), ST_BAD_REQUEST);
		assert_true(why[0] != '\0');
	}
	assert_int_equal(read_bytes(BODY_FORM, "runner_name=A\0B", 15, &attempt), ST_BAD_REQUEST);
	assert_int_equal(read_text(BODY_FORM, "", &attempt), ST_NAME_BAD);
}

/* `count` times "a" behind `head`, as a form. */
static enum status
read_long(const char *head, size_t count)
{
	char body[2000];
	struct attempt attempt;
	size_t length = strlen(head);

	memcpy(body, head, length);
	memset(body + length, 'a', count);
	return read_bytes(BODY_FORM, body, length + count, &attempt);
}

static void
test_lengths(void **state)
{
	(void)state;
	assert_int_equal(read_long("runner_name=", NAME_SIZE * 2 - 1), ST_OK);
	assert_int_equal(read_long("runner_name=", NAME_SIZE * 2), ST_NAME_BAD);
	assert_int_equal(read_long("runner_name=A&nonce=", 64), ST_OK);
	assert_int_equal(read_long("runner_name=A&nonce=", 65), ST_BAD_REQUEST);
	assert_int_equal(read_long("runner_name=A&code=", 63), ST_OK);
	assert_int_equal(read_long("runner_name=A&code=", 64), ST_BAD_REQUEST);
	assert_non_null(strstr(why, "\"code\" is too long"));
	assert_int_equal(read_long("runner_name=A&session_id=", 64), ST_BAD_REQUEST);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_json_fields_arrive),
		cmocka_unit_test(test_json_is_refused_with_a_sentence),
		cmocka_unit_test(test_nesting_is_counted_first),
		cmocka_unit_test(test_form_fields_arrive),
		cmocka_unit_test(test_forms_are_refused),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
