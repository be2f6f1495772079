// SPDX-License-Identifier: ISC
/*
 * test_gzip.c: who accepts gzip, what is worth compressing, and that it unpacks to the same bytes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "endpoint/gzip.h"

static void
test_accepted(void **state)
{
	static const struct { const char *header; bool is_accepted; } cases[] = {
		{ NULL, false }, { "", false }, { "gzip", true }, { "GZIP", true },
		{ "br, gzip", true }, { "gzip;q=0.5", true },
		{ "gzip;q=0", false }, { "gzip; q=0.000", false }, { "gzipped", false },
		{ "x-gzip", false }, { "identity", false },
		{ "*", false }, { "deflate, gzip;q=1.0, *;q=0.5", true }, { ",,,gzip", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (gzip_accepted(cases[i].header) != cases[i].is_accepted)
			fail_msg("Accept-Encoding: %s",
			    cases[i].header == NULL ? "(none)" : cases[i].header);
}

static void
test_worth(void **state)
{
	(void)state;
	assert_true(gzip_worth("text/html; charset=utf-8", 5000));
	assert_true(gzip_worth("application/json; charset=utf-8", GZIP_LEAST));
	assert_false(gzip_worth("application/json; charset=utf-8", GZIP_LEAST - 1));
	assert_false(gzip_worth("image/png", 5000));
	assert_false(gzip_worth(NULL, 5000));
}

static void
test_pack(void **state)
{
	char *body = malloc(20000), *copy = malloc(20000);
	unsigned char whole[20000];
	size_t length = 20000;
	z_stream stream = { 0 };

	(void)state;
	assert_non_null(body);
	assert_non_null(copy);
	for (size_t i = 0; i < length; i++)
		body[i] = copy[i] = (char)("who came, and when? "[i % 20]);
	assert_true(gzip_pack(&body, &length));
	assert_true(length < 1000);
	assert_int_equal(inflateInit2(&stream, 15 + 16), Z_OK);
	stream.next_in = (unsigned char *)body;
	stream.avail_in = (uInt)length;
	stream.next_out = whole;
	stream.avail_out = sizeof whole;
	assert_int_equal(inflate(&stream, Z_FINISH), Z_STREAM_END);
	assert_int_equal(stream.total_out, 20000);
	assert_memory_equal(whole, copy, 20000);
	inflateEnd(&stream);
	free(body);
	free(copy);
}

static void
test_pack_noise(void **state)
{
	char *body = malloc(2000);
	uint32_t noise = 1;
	size_t length = 2000;

	(void)state;
	assert_non_null(body);
	for (size_t i = 0; i < length; i++) {
		noise = noise * 1664525u + 1013904223u;
		body[i] = (char)(noise >> 24);
	}
	assert_false(gzip_pack(&body, &length));	/* it would not be smaller */
	assert_int_equal(length, 2000);
	free(body);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_worth),
		cmocka_unit_test(test_pack),
		cmocka_unit_test(test_pack_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
