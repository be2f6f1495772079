// SPDX-License-Identifier: ISC
/*
 * test_receipt.c: receipts against vectors computed independently (with Python's hmac), and
 * forgeries by the thousand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "core/crockford.h"
#include "core/receipt.h"

#define CHARS	(RECEIPT_SIZE - 1)

/* Key 0 is the bytes 0 to 31, any other is 32 times 255. */
static void
fill_key(int which, uint8_t key[CODE_KEY_BYTES])
{
	for (int i = 0; i < CODE_KEY_BYTES; i++)
		key[i] = which == 0 ? (uint8_t)i : 255;
}

static const struct { struct receipt receipt; int key; const char *text; } vectors[] = {
	{ { 1, CODE_SCREEN, 71808000, 1795200000 }, 0,
	    "0000000J8HXM00000000DC098040ZJCDM88MCW8Q7H590FM092XE" },
	{ { INT64_C(4294967295), CODE_PRINTED, CODE_NUMBER_MAX, INT64_MAX }, 255,
	    "1ZZZZZZHZZZZZXZZZZZZZZZZZZT5Q03QEXWNWA2ZV3KRK5J82E6Y" },
	{ { 77, CODE_SESSION, 0, 0 }, 0, "0000016N0000000000000000000FXR3VMAZGW7JDGVMNC7SDQ17N" },
	{ { 808, CODE_TYPED, 29920000, 1795200059 }, 255,
	    "00000CM43J4B00000000DC098EWEFJ2W6P09YWP9QRVTGJAKP7E9" },
	{ { 5, CODE_SINGLE, 1, 1795200000 }, 0,
	    "0000002K000004000000DC098078QYGKGPFZQ2QP3EEC3M085TBK" },
};

static void
receipts_are_the_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
		const struct receipt *receipt = &vectors[i].receipt;
		uint8_t key[CODE_KEY_BYTES];
		char text[RECEIPT_SIZE];
		struct receipt read;

		fill_key(vectors[i].key, key);
		assert_int_equal(receipt_make(receipt, key, text), ST_OK);
		assert_string_equal(text, vectors[i].text);
		assert_int_equal(receipt_read(text, CHARS, &read), ST_OK);
		assert_int_equal(read.run_id, receipt->run_id);
		assert_int_equal(read.kind, receipt->kind);
		assert_int_equal(read.number, receipt->number);
		assert_int_equal(read.at, receipt->at);
		assert_int_equal(receipt_check(text, CHARS, key, receipt->at), ST_OK);
		fill_key(vectors[i].key == 0, key);
		assert_int_equal(receipt_check(text, CHARS, key, receipt->at), ST_RECEIPT_UNKNOWN);
	}
}

static void
receipts_serve_for_a_quarter_of_an_hour(void **state)
{
	uint8_t key[CODE_KEY_BYTES];

	(void)state;
	fill_key(0, key);
	assert_int_equal(receipt_check(vectors[0].text, CHARS, key, 1795200000 + RECEIPT_LIFE_S),
	    ST_OK);
	assert_int_equal(receipt_check(vectors[0].text, CHARS, key,
	    1795200000 + RECEIPT_LIFE_S + 1), ST_RECEIPT_EXPIRED);
	/* the clock was set back */
	assert_int_equal(receipt_check(vectors[0].text, CHARS, key, 1795200000 - 3600), ST_OK);
}

static void
what_does_not_fit_is_refused(void **state)
{
	static const struct receipt receipts[] = {
		{ 0, CODE_SCREEN, 1, 1795200000 },
		{ INT64_C(4294967296), CODE_SCREEN, 1, 1795200000 },
		{ 1, (enum code_kind)0, 1, 1795200000 }, { 1, CODE_KIND_END, 1, 1795200000 },
		{ 1, CODE_SCREEN, -1, 1795200000 },
		{ 1, CODE_SCREEN, CODE_NUMBER_MAX + 1, 1795200000 }, { 1, CODE_SCREEN, 1, -1 },
	};
	/* of kind 0, of kind 6, of run 0, of a time that is none */
	static const char *const signed_ones[] = {
		"0000000G000004000000DC09806XC8SKTWVTMWGYJB3YBZ9AX90X",
		"0000000P000004000000DC098017ATJ5HQERGW5780V7S5MHE73G",
		"00000001000004000000DC09801KJW9XDV888XYZF696VW4KK5DH",
		"0000000H0000060000000000002YDFY5GHDFPTTES8CTT45VA2SV",
	};
	uint8_t key[CODE_KEY_BYTES];
	char text[RECEIPT_SIZE];
	struct receipt read;

	(void)state;
	fill_key(0, key);
	for (size_t i = 0; i < sizeof receipts / sizeof receipts[0]; i++) {
		assert_int_equal(receipt_make(&receipts[i], key, text), ST_REFUSED);
		assert_string_equal(text, "");
	}
	for (size_t i = 0; i < sizeof signed_ones / sizeof signed_ones[0]; i++) {
		assert_int_equal(receipt_read(signed_ones[i], CHARS, &read), ST_RECEIPT_UNKNOWN);
		assert_int_equal(receipt_check(signed_ones[i], CHARS, key, 0), ST_RECEIPT_UNKNOWN);
	}
	assert_int_equal(receipt_read("", 0, &read), ST_RECEIPT_UNKNOWN);
	/* a token */
	assert_int_equal(receipt_read("00000024E8HC05SZ204S5J6YP3", 26, &read), ST_RECEIPT_UNKNOWN);
	assert_int_equal(receipt_read(vectors[0].text, CHARS - 1, &read), ST_RECEIPT_UNKNOWN);
}

/* xorshift64*, so that the same receipts are tried on every machine. */
static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * UINT64_C(2685821657736338717);
}

/* Another character at a place of its own for each `i`, or all of them at random (i odd). */
static void
forge(char text[RECEIPT_SIZE], int i, uint64_t *seed)
{
	size_t at = next_random(seed) % CHARS;
	char before = text[at];

	if (i % 2 == 0)
		while (text[at] == before)
			text[at] = crockford_symbol((unsigned int)(next_random(seed) % 32));
	else
		for (at = 0; at < CHARS; at++)
			text[at] = crockford_symbol((unsigned int)(next_random(seed) % (at == 0 ? 2
			    : 32)));
}

static void
ten_thousand_random_and_ten_thousand_mutated_are_refused(void **state)
{
	uint64_t seed = UINT64_C(0x5EED0FC0DE);
	uint8_t key[CODE_KEY_BYTES];
	char text[RECEIPT_SIZE];

	(void)state;
	fill_key(0, key);
	for (int i = 0; i < 20000; i++) {
		struct receipt receipt = { 1 + i, CODE_SCREEN, 71808000 + i, 1795200000 + i };

		assert_int_equal(receipt_make(&receipt, key, text), ST_OK);
		assert_int_equal(receipt_check(text, CHARS, key, receipt.at), ST_OK);
		forge(text, i, &seed);
		assert_int_equal(receipt_check(text, CHARS, key, receipt.at), ST_RECEIPT_UNKNOWN);
	}
}

static void
short_ones_are_the_vectors(void **state)
{
	static const struct { int64_t person_id, since; int key; const char *text; } cases[] = {
		{ 1, 1795200000, 0, "6A6N" }, { 2, 1795200000, 0, "V3CQ" },
		{ 1, 1795200001, 255, "ZKP5" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		uint8_t key[CODE_KEY_BYTES];
		char text[RECEIPT_SHORT_SIZE];

		fill_key(cases[i].key, key);
		receipt_short(cases[i].person_id, cases[i].since, key, text);
		assert_string_equal(text, cases[i].text);
	}
}

static int
set_up(void **state)
{
	(void)state;
	return code_init() == ST_OK ? 0 : -1;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(receipts_are_the_vectors),
		cmocka_unit_test(receipts_serve_for_a_quarter_of_an_hour),
		cmocka_unit_test(what_does_not_fit_is_refused),
		cmocka_unit_test(ten_thousand_random_and_ten_thousand_mutated_are_refused),
		cmocka_unit_test(short_ones_are_the_vectors),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
