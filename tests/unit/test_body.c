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
#include "endpoint/head.h"

static char why[BODY_WHY_SIZE];
static enum body_use use = BODY_CHECK_IN;

/*
 * Read a copy of exactly `length` bytes and the NUL that http_body puts behind them, so that a read
 * too far is seen.
 */
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
	assert_int_equal(read_text(BODY_JSON,
	    "{\"token\":\"T1\",\"runner_name\":\"Zo\\u00eb\",\"nonce\":\"n-1\"}", &attempt), ST_OK);
	assert_string_equal(attempt.code, "T1");
	assert_string_equal(attempt.session, "");
	assert_string_equal(attempt.name, "Zo\xc3\xab");
	assert_string_equal(attempt.nonce, "n-1");
	assert_int_equal(read_text(BODY_JSON,
	    " {\"session_id\":\"S\",\"code\":\"\",\"runner_name\":\"A\"}\n", &attempt), ST_OK);
	assert_string_equal(attempt.session, "S");
	assert_string_equal(attempt.code, "");
}

static void
test_json_is_refused_with_a_sentence(void **state)
{
	static const struct { const char *body, *why; } table[] = {
		{ "", "The JSON cannot be read" }, { "null", "cannot be read" },
		{ "[]", "one object" }, { "\"x\"", "cannot be read" },
		{ "{\"runner_name\":\"A\"} x", "cannot be read" },
		{ "{\"runner_name\":\"A\",}", "cannot be read" },
		{ "{\"runner_name\":\"A\",\"runner_name\":\"B\"}", "sent twice" },
		{ "{\"runner_name\":7}", "\"runner_name\" must be text" },
		{ "{\"runner_name\":null}", "must be text" },
		{ "{\"runner_name\":[\"A\"]}", "must be text" },
		{ "{\"admin\":true}", "\"admin\" is not known" },
		{ "{\"<b>\":\"1\"}", "One of the fields is not known" },
		{ "{\"\":\"1\"}", "One of the fields is not known" },
		{ "{\"runner_name\":\"A\\u0000B\"}", "zero byte" },
		{ "{\"runner_name\":\"\\ud800\"}", "cannot be read" },
		{ "{\"runner_name\":\"\xff\"}", "cannot be read" },
		{ "{\"runner_name\":\"A\",\"nonce\":\"a b\"}", "nonce" },
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
	assert_int_equal(read_bytes(BODY_JSON, "{\"runner_name\":\"A\"}\0", 20, &attempt),
	    ST_BAD_REQUEST);
}

static void
test_every_field_arrives(void **state)
{
	struct attempt attempt;

	(void)state;
	assert_int_equal(read_text(BODY_JSON,
	    "{\"receipt\":\"R\",\"runner_name\":\"A\",\"claim\":\"c-1\",\"lang\":\"de-AT\",\"seen_at\":71808000,\"latitude\":51.5,"
	    "\"longitude\":-1,\"accuracy_m\":7.5,\"access_points\":[\"00-00-5E-00-53-01\",\"02:00:00:00:00:00\",\"junk\",\"00:00:5e:00:53:02\"]}", &attempt), ST_OK);
	assert_string_equal(attempt.receipt, "R");
	assert_string_equal(attempt.claim, "c-1");
	assert_string_equal(attempt.lang, "de-AT");
	assert_true(attempt.has_seen_at && attempt.has_position);
	assert_int_equal(attempt.seen_at, 71808000);
	assert_true(attempt.point.latitude > 51.4 && attempt.point.longitude < -0.9 &&
	    attempt.accuracy_m > 7.4);
	assert_int_equal(attempt.n_access_points, 2);
	assert_string_equal(attempt.access_points[0], "00:00:5e:00:53:01");
	assert_string_equal(attempt.access_points[1], "00:00:5e:00:53:02");
	assert_int_equal(read_text(BODY_FORM,
	    "runner_name=A&seen_at=-3&latitude=51.5&longitude=-1e0&accuracy_m=0", &attempt), ST_OK);
	assert_int_equal(attempt.seen_at, -3);
	assert_true(attempt.has_position);
	assert_int_equal(attempt.n_access_points, 0);
	/* An empty number of a form is not said. */
	assert_int_equal(read_text(BODY_FORM,
	    "runner_name=A&seen_at=&latitude=&longitude=&accuracy_m=", &attempt), ST_OK);
	assert_false(attempt.has_seen_at || attempt.has_position);
}

static void
test_shapes_are_strict(void **state)
{
	static const struct { enum body_kind kind; const char *body, *why; } table[] = {
		{ BODY_JSON, "{\"runner_name\":\"A\",\"seen_at\":\"7\"}",
		    "\"seen_at\" must be a whole number" },
		{ BODY_JSON, "{\"runner_name\":\"A\",\"seen_at\":7.0}", "must be a whole number" },
		{ BODY_JSON, "{\"runner_name\":\"A\",\"latitude\":true}",
		    "\"latitude\" must be a number" },
		{ BODY_JSON, "{\"runner_name\":\"A\",\"latitude\":1,\"longitude\":1}",
		    "go together" },
		{ BODY_JSON, "{\"runner_name\":\"A\",\"latitude\":90.1,\"longitude\":1,\"accuracy_m\":1}", "nowhere on earth" },
		{ BODY_JSON, "{\"runner_name\":\"A\",\"latitude\":1,\"longitude\":1,\"accuracy_m\":-1}", "nowhere on earth" },
		{ BODY_JSON, "{\"runner_name\":\"A\",\"access_points\":\"x\"}",
		    "must be a list of texts" },
		{ BODY_JSON, "{\"runner_name\":\"A\",\"access_points\":[[]]}",
		    "must be a list of texts" },
		{ BODY_JSON, "{\"runner_name\":\"A\",\"claim\":\"a b\"}",
		    "\"claim\" must be printable ASCII" },
		{ BODY_JSON, "{\"runner_name\":\"A\",\"lang\":\"d\u00e9\"}",
		    "\"lang\" must be printable ASCII" },
		{ BODY_FORM, "runner_name=A&lang=de-1234567890123", "\"lang\" is too long" },
		{ BODY_FORM, "runner_name=A&latitude=0x1p3&longitude=1&accuracy_m=1",
		    "\"latitude\" must be a number" },
		{ BODY_FORM, "runner_name=A&latitude=nan&longitude=1&accuracy_m=1",
		    "must be a number" },
		{ BODY_FORM, "runner_name=A&latitude=1+&longitude=1&accuracy_m=1",
		    "must be a number" },
		{ BODY_FORM, "runner_name=A&latitude=1e999&longitude=1&accuracy_m=1",
		    "must be a number" },
		{ BODY_FORM, "runner_name=A&seen_at=1.5", "must be a whole number" },
		{ BODY_FORM, "runner_name=A&seen_at=99999999999999999999",
		    "must be a whole number" },
		{ BODY_FORM, "runner_name=A&access_points=00:00:5e:00:53:01",
		    "can only be sent in JSON" },
	};
	struct attempt attempt;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		if (read_text(table[i].kind, table[i].body, &attempt) != ST_BAD_REQUEST ||
		    strstr(why, table[i].why) == NULL)
			fail_msg("%s: %s", table[i].body, why);
}

/* Each use of a body has its fields, and no others. */
static void
test_uses_have_their_fields(void **state)
{
	static const struct { enum body_use use; const char *body; enum status status; } table[] = {
		{ BODY_SCAN, "{\"token\":\"T\",\"nonce\":\"n\",\"claim\":\"c\",\"lang\":\"pt-BR\"}",
		    ST_OK }, { BODY_SCAN, "{}", ST_OK },
		{ BODY_SCAN, "{\"runner_name\":\"A\"}", ST_BAD_REQUEST },
		{ BODY_SCAN, "{\"receipt\":\"R\"}", ST_BAD_REQUEST },
		{ BODY_SCAN, "{\"seen_at\":1}", ST_BAD_REQUEST },
		{ BODY_PHONE, "{\"session_id\":\"S\",\"claim\":\"c\",\"receipt\":\"R\"}", ST_OK },
		{ BODY_PHONE, "{\"runner_name\":\"A\"}", ST_BAD_REQUEST },
		{ BODY_PHONE, "{\"nonce\":\"n\"}", ST_BAD_REQUEST },
		{ BODY_SUGGEST, "{\"receipt\":\"R\",\"runner_name\":\"\"}", ST_OK },
		{ BODY_SUGGEST, "{\"claim\":\"c\"}", ST_BAD_REQUEST },
		{ BODY_CHECK_IN, "{\"receipt\":\"R\"}", ST_NAME_BAD },
	};
	struct attempt attempt;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		use = table[i].use;
		if (read_text(BODY_JSON, table[i].body, &attempt) != table[i].status)
			fail_msg("use %d: %s: %s", (int)use, table[i].body, why);
	}
	use = BODY_CHECK_IN;
}

static void
test_nesting_is_counted_first(void **state)
{
	char body[HEAD_BODY_MAX + 1];
	struct attempt attempt;

	(void)state;
	memset(body, '[', HEAD_BODY_MAX);
	body[HEAD_BODY_MAX] = '\0';
	assert_int_equal(read_text(BODY_JSON, body, &attempt), ST_BAD_REQUEST);
	assert_non_null(strstr(why, "nested too deeply"));
	assert_int_equal(read_text(BODY_JSON,
	    "{\"runner_name\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"}", &attempt), ST_OK);
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
	assert_int_equal(read_text(BODY_FORM, "code=123+456&runner_name=Ada%20Lovelace&nonce=",
	    &attempt), ST_OK);
	assert_string_equal(attempt.code, "123 456");
	assert_string_equal(attempt.name, "Ada Lovelace");
	assert_string_equal(attempt.nonce, "");
	assert_int_equal(read_text(BODY_FORM, "runner%5Fname=%C3%A9%26%3D", &attempt), ST_OK);
	assert_string_equal(attempt.name, "\xc3\xa9&=");
}

static void
test_forms_are_refused(void **state)
{
	static const char *const bad[] = { "runner_name", "runner_name=A&runner_name=B",
	"runner_name=%00", "runner_name=A%",
	    "runner_name=A%4", "runner_name=%zz", "runner_name=A%0", "x=1", "=1",
	    "runner_name=A&&code=1", "runner_name%00=A", "%=1",
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
		cmocka_unit_test(test_every_field_arrives),
		cmocka_unit_test(test_shapes_are_strict),
		cmocka_unit_test(test_uses_have_their_fields),
		cmocka_unit_test(test_nesting_is_counted_first),
		cmocka_unit_test(test_form_fields_arrive),
		cmocka_unit_test(test_forms_are_refused),
		cmocka_unit_test(test_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
