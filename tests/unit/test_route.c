// SPDX-License-Identifier: ISC
/* test_route.c: addresses, methods, and what of an address may be logged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "core/route.h"
#include "endpoint/files.h"
#include "endpoint/head.h"
#include "endpoint/http.h"
#include "endpoint/log.h"

static void
test_canonical_paths_alone_are_taken(void **state)
{
	static const char *const good[] = { "/", "/a", "/a/", "/a/b.html",
	    "/runs/2026-11-20/tuesday-run/", "/a..b/...", "/~x/_y" };
	static const char *const bad[] = { "", "a", "//", "/a//b", "/a//", "/.", "/..", "/a/../b",
	"/a/./b", "/a/..", "/%61",
	    "/a%00", "/a b", "/a\\b", "/a\tb", "/a\x7f", "/\xc3\xa9", "/a?b", "/a;b", "/a:b",
	    "http://x/", "*" };
	char longest[1003];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(route_path_valid(good[i]));
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(route_path_valid(bad[i]));
	memset(longest, 'a', sizeof longest);
	longest[0] = '/';
	longest[1000] = '\0';
	assert_true(route_path_valid(longest));
	longest[1000] = 'a';
	longest[1001] = '\0';
	assert_false(route_path_valid(longest));
}

static void
test_routes_match_byte_for_byte(void **state)
{
	static const struct { const char *path; enum route route; const char *argument;
	    } table[] = {
		{ "/api/calendar", ROUTE_CALENDAR, NULL },
		{ "/api/calendar/today", ROUTE_CALENDAR_TODAY, NULL },
		{ "/api/attendance/today", ROUTE_ATTENDANCE_TODAY, NULL },
		{ "/api/qr/ABC", ROUTE_QR, "ABC" },
		{ "/api/attendance/history", ROUTE_HISTORY, NULL },
		{ "/api/attendance/export", ROUTE_EXPORT, NULL },
		{ "/api/qr/validate/T1", ROUTE_VALIDATE, "T1" },
		{ "/api/qr/validate", ROUTE_QR, "validate" },
		{ "/api/v1/sessions/0123456789/stats", ROUTE_STATS, "0123456789/stats" },
		{ "/api/v1/sessions//stats", ROUTE_END, NULL },
		{ "/api/v1/sessions/stats", ROUTE_FILE, "api/v1/sessions/stats" },
		{ "/api/v1/sessions/a/b/stats", ROUTE_FILE, "api/v1/sessions/a/b/stats" },
		{ "/api/v1/sessions/a/stats/", ROUTE_FILE, "api/v1/sessions/a/stats/" },
		{ "/api/v1/sessions/*/stats", ROUTE_END, NULL },
		{ "/health/live", ROUTE_LIVE, NULL }, { "/health/ready", ROUTE_READY, NULL },
		{ "/metrics", ROUTE_METRICS, NULL }, { "/live/ABC.json", ROUTE_COUNT, "ABC.json" },
		{ "/metrics/", ROUTE_FILE, "metrics/" },
		{ "/", ROUTE_FILE, "" }, { "/api/qr/", ROUTE_FILE, "api/qr/" },
		{ "/api/qr/a/b", ROUTE_FILE, "api/qr/a/b" },
		{ "/API/calendar", ROUTE_FILE, "API/calendar" },
		{ "/api/calendar/", ROUTE_FILE, "api/calendar/" },
		{ "/api/calendarx", ROUTE_FILE, "api/calendarx" },
		{ "/health/live/x", ROUTE_FILE, "health/live/x" },
		{ "/api/registerx", ROUTE_FILE, "api/registerx" },
		{ "/api/register/", ROUTE_FILE, "api/register/" },
	};
	struct target target;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		if (table[i].route == ROUTE_END) {
			assert_int_equal(route_find("GET", table[i].path, &target), ST_BAD_REQUEST);
			continue;
		}
		assert_int_equal(route_find("GET", table[i].path, &target), ST_OK);
		assert_int_equal(target.route, table[i].route);
		assert_int_equal(target.length,
		    table[i].argument == NULL ? 0
		    : strcspn(table[i].argument, table[i].route == ROUTE_STATS ? "/" : ""));
		if (table[i].argument == NULL)
			assert_null(target.argument);
		else
			assert_string_equal(target.argument, table[i].argument);
	}
}

static void
test_methods_are_a_short_list(void **state)
{
	static const struct { const char *path; enum route route; } posts[] = {
		{ "/api/v1/attendance/mark", ROUTE_REGISTER }, { "/api/v1/scans", ROUTE_SCAN },
		{ "/api/v1/attendance/undo", ROUTE_UNDO },
		{ "/api/v1/attendance/check-out", ROUTE_CHECK_OUT },
		{ "/api/v1/people/suggest", ROUTE_SUGGEST },
	};
	static const char *const others[] = { "PUT", "DELETE", "PATCH", "OPTIONS", "PROPFIND",
	    "LOCK", "CONNECT", "get", "" };
	struct target target;
	size_t i;

	(void)state;
	assert_int_equal(route_find("POST", "/api/register", &target), ST_OK);
	assert_int_equal(target.route, ROUTE_REGISTER);
	assert_int_equal(route_find("GET", "/api/register", &target), ST_BAD_METHOD);
	assert_string_equal(target.allow, "POST");
	for (i = 0; i < sizeof posts / sizeof posts[0]; i++) {
		assert_int_equal(route_find("POST", posts[i].path, &target), ST_OK);
		assert_int_equal(target.route, posts[i].route);
		assert_int_equal(route_find("GET", posts[i].path, &target), ST_BAD_METHOD);
		assert_string_equal(target.allow, "POST");
	}
	assert_int_equal(route_find("POST", "/api/v1/sessions/0123456789/stats", &target),
	    ST_BAD_METHOD);
	assert_int_equal(route_find("POST", "/", &target), ST_BAD_METHOD);
	assert_string_equal(target.allow, "GET, HEAD");
	assert_int_equal(route_find("HEAD", "/", &target), ST_OK);
	for (i = 0; i < sizeof others / sizeof others[0]; i++) {
		assert_int_equal(route_find(others[i], "/api/register", &target), ST_BAD_METHOD);
		assert_int_equal(route_find(others[i], "/runs/", &target), ST_BAD_METHOD);
	}
	assert_int_equal(route_find("POST", "//", &target), ST_BAD_REQUEST);
	assert_int_equal(route_find("GET", "/api/%", &target), ST_BAD_REQUEST);
	assert_true(target.is_api);
}

static void
test_secrets_stay_out_of_the_log(void **state)
{
	static const struct { const char *path, *logged; } table[] = {
		{ "/runs/2026-11-20/tuesday-run/", "/runs/2026-11-20/tuesday-run/" },
		{ "/screen/0123456789ABCDEFGHJKMNPQRS/", "/screen/\xe2\x80\xa6/" },
		{ "//SCREEN//0123456789ABCDEFGHJKMNPQRS", "//SCREEN//\xe2\x80\xa6" },
		{ "/api/qr/validate/123456", "/api/qr/validate/\xe2\x80\xa6" },
		{ "/API/QR/VALIDATE/12-34/56", "/API/QR/validate/\xe2\x80\xa6" },
		{ "/api/qr/0123456789", "/api/qr/0123456789" },
	};
	char text[64], small[12];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		log_path(table[i].path, text, sizeof text);
		assert_string_equal(text, table[i].logged);
	}
	log_path("/a/b/c/d/e/f/g/h/i/j/k/l", small, sizeof small);
	assert_true(strlen(small) < sizeof small);
	log_path("/screen/0123456789ABCDEFGHJKMNPQRS/", small, sizeof small);
	assert_null(strstr(small, "0123"));
}

static void
test_host_and_length_are_read_strictly(void **state)
{
	static const char *const good[] = { "127.0.0.1", "127.0.0.1:8010", "club.example",
	    "a_b-c:1", "[::1]", "[2001:db8::1]:443" };
	static const char *const bad[] = { "", ":80", "a:", "a:b", "a:123456", "a b", "a/b", "a@b",
	    "[]", "[::1", "[x]", "a\tb", "a,b", "a:1:2" };
	static const char *const lengths[] = { "", "+3", "-3", "3abc", "0x10", "3, 5", " 3", "3 ",
	    "3.0" };
	size_t i, length;

	(void)state;
	for (i = 0; i < sizeof good / sizeof good[0]; i++)
		assert_true(head_host_valid(good[i]));
	for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(head_host_valid(bad[i]));
	for (i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
		assert_int_equal(head_body_length(lengths[i], &length), ST_BAD_REQUEST);
	assert_int_equal(head_body_length("16384", &length), ST_OK);
	assert_int_equal(length, 16384);
	assert_int_equal(head_body_length("0", &length), ST_OK);
	assert_int_equal(head_body_length("16385", &length), ST_TOO_LARGE);
	assert_int_equal(head_body_length("99999999999999999999999", &length), ST_TOO_LARGE);
}

static void
test_a_proxy_on_this_machine_alone_is_believed(void **state)
{
	static const struct { const char *peer, *real, *forwarded, *address; } table[] = {
		{ "203.0.113.9", NULL, NULL, "203.0.113.9" },
		{ "203.0.113.9", "192.0.2.1", "192.0.2.2", "203.0.113.9" },
		{ "127.0.0.1", NULL, NULL, "127.0.0.1" },
		{ "127.0.0.1", "192.0.2.1", "192.0.2.2", "192.0.2.1" },
		{ "127.0.0.1", NULL, "192.0.2.2", "192.0.2.2" },
		{ "127.0.0.1", NULL, "evil, 10.0.0.1,  2001:db8::7 ", "2001:db8::7" },
		{ "127.0.0.1", "junk", "192.0.2.2", "192.0.2.2" },
		{ "127.0.0.1", "junk", "192.0.2.2, junk", "127.0.0.1" },
		{ "127.0.0.1", "", "", "127.0.0.1" },
		{ "127.0.0.1", "1111111111111111111111111111111111111111111111111111", NULL,
		    "127.0.0.1" },
		{ "::1", "192.0.2.1", NULL, "::1" }, { "unknown", NULL, NULL, "" },
	};
	char address[HEAD_ADDRESS_SIZE];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof table / sizeof table[0]; i++) {
		head_address(table[i].peer, table[i].real, table[i].forwarded, address);
		assert_string_equal(address, table[i].address);
	}
}

static void
test_types_and_validators(void **state)
{
	(void)state;
	assert_string_equal(files_type("public/index.html"), "text/html; charset=utf-8");
	assert_string_equal(files_type("public/a.b/calendar.ics"), "text/calendar; charset=utf-8");
	assert_string_equal(files_type("public/qr/X.png"), "image/png");
	assert_string_equal(files_type("public/a.html/plain"), "application/octet-stream");
	assert_string_equal(files_type("x.HTML"), "application/octet-stream");
	assert_true(files_etag_match("\"a1\"", "\"a1\""));
	assert_true(files_etag_match("W/\"a1\"", "\"a1\""));
	assert_true(files_etag_match("\"x\", W/\"y\" ,\"a1\"", "\"a1\""));
	assert_true(files_etag_match("*", "\"a1\""));
	assert_false(files_etag_match("", "\"a1\""));
	assert_false(files_etag_match("\"a1", "\"a1\""));
	assert_false(files_etag_match("a1", "\"a1\""));
	assert_false(files_etag_match("\"a12\", \"\"", "\"a1\""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_canonical_paths_alone_are_taken),
		cmocka_unit_test(test_routes_match_byte_for_byte),
		cmocka_unit_test(test_methods_are_a_short_list),
		cmocka_unit_test(test_secrets_stay_out_of_the_log),
		cmocka_unit_test(test_host_and_length_are_read_strictly),
		cmocka_unit_test(test_a_proxy_on_this_machine_alone_is_believed),
		cmocka_unit_test(test_types_and_validators),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
