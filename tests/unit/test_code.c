// SPDX-License-Identifier: ISC
/*
 * test_code.c: tokens and digits against vectors computed independently (with Python's hmac, by the
 * formulas of RFC 2104, 4226 and 6238; the same program gives RFC 6238's own 94287082 at 59 s), and
 * forgeries by the thousand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "core/code.h"

/* Key 0 is the bytes 0 to 31, any other is 32 times 255. */
static void
fill_key(int which, uint8_t key[CODE_KEY_BYTES])
{
	for (int i = 0; i < CODE_KEY_BYTES; i++)
		key[i] = which == 0 ? (uint8_t)i : 255;
}

static const struct {
	int64_t		run_id, expires;
	int		key;
	const char	*token;
} tokens[] = {
	{ 1, 1795200000, 0, "00000024E8HC05SZ204S5J6YP3" },
	{ 1, 1795200001, 0, "00000024E8HC0P89AB215RW3Q4" },
	{ INT64_C(4294967295), INT64_C(16106127300), 255, "7ZZZZZY7ZZZZZVNW6GJ2KS2Y3Y" },
	{ 808, 60, 0, "00001JG400000TQ4G2VYFQRSWT" },
	{ 77, 1700000040, 255, "000004T4DGAMB61KGMV7GCC0YV" },
};

#define TOKENS	(sizeof tokens / sizeof tokens[0])

static void
tokens_are_the_vectors(void **state)
{
	(void)state;
	for (size_t i = 0; i < TOKENS; i++) {
		struct code_content content = { .run_id = tokens[i].run_id, .kind = CODE_PRINTED,
		    .expires = tokens[i].expires }, read;
		int64_t until = (tokens[i].expires + 59) / 60 * 60;
		uint8_t key[CODE_KEY_BYTES];
		char token[CODE_TOKEN_SIZE];

		fill_key(tokens[i].key, key);
		assert_int_equal(code_token_make(&content, key, token), ST_OK);
		assert_string_equal(token, tokens[i].token);
		assert_int_equal(code_token_read(token, strlen(token), &read), ST_OK);
		assert_int_equal(read.run_id, tokens[i].run_id);
		assert_int_equal(read.kind, CODE_PRINTED);
		assert_int_equal(read.expires, until);
		assert_int_equal(code_token_check(token, strlen(token), key, until), ST_OK);
		assert_int_equal(code_token_check(token, strlen(token), key, until + 1),
		    ST_CODE_EXPIRED);
		fill_key(tokens[i].key == 0, key);
		assert_int_equal(code_token_check(token, strlen(token), key, until),
		    ST_CODE_UNKNOWN);
		assert_int_equal(code_token_check(token, strlen(token), key, until + 1),
		    ST_CODE_UNKNOWN);
	}
}

static void
slots_and_serials_are_the_vectors(void **state)
{
	static const struct { int64_t run_id; enum code_kind kind; int64_t number; int key;
	    const char *token; } cases[] = {
		{ 1, CODE_SCREEN, 71808000, 0, "0000002927PG0FB43V127K5WWV" },
		{ INT64_C(4294967295), CODE_SCREEN, CODE_NUMBER_MAX, 255,
		    "7ZZZZZYBZZZZZV6ABS2KP8ZRZS" },
		{ 808, CODE_SCREEN, 1, 0, "00001JG800000V0RDSXGHRC3GK" },
		{ 1, CODE_SINGLE, 1, 0, "0000002C00000Q2CES2SG41X9G" },
		{ 77, CODE_SINGLE, CODE_NUMBER_MAX, 255, "000004TFZZZZZY2S8RRWZHDTWF" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct code_content content = { .run_id = cases[i].run_id, .kind = cases[i].kind,
		    .number = cases[i].number }, read;
		uint8_t key[CODE_KEY_BYTES];
		char token[CODE_TOKEN_SIZE];

		fill_key(cases[i].key, key);
		assert_int_equal(code_token_make(&content, key, token), ST_OK);
		assert_string_equal(token, cases[i].token);
		assert_int_equal(code_token_read(token, strlen(token), &read), ST_OK);
		assert_int_equal(read.run_id, content.run_id);
		assert_int_equal(read.kind, content.kind);
		assert_int_equal(read.number, content.number);
		assert_int_equal(read.expires, 0);
		/* time is slot_check's */
		assert_int_equal(code_token_check(token, strlen(token), key, INT64_MAX), ST_OK);
		fill_key(cases[i].key == 0, key);
		assert_int_equal(code_token_check(token, strlen(token), key, 0), ST_CODE_UNKNOWN);
	}
}

static void
contents_that_do_not_fit_are_refused(void **state)
{
	static const struct code_content contents[] = {
		{ 0, CODE_PRINTED, 1795200000, 0 },
		{ -1, CODE_PRINTED, 1795200000, 0 },
		{ INT64_C(4294967296), CODE_PRINTED, 1795200000, 0 },
		{ 1, (enum code_kind)0, 1795200000, 1 },
		{ 1, (enum code_kind)6, 1795200000, 1 },
		{ 1, CODE_TYPED, 1795200000, 1 },
		{ 1, CODE_SESSION, 1795200000, 1 },
		{ 1, CODE_PRINTED, 0, 1 },
		{ 1, CODE_PRINTED, -60, 1 },
		{ 1, CODE_PRINTED, INT64_C(16106127301), 1 },
		{ 1, CODE_PRINTED, INT64_MAX, 1 },
		{ 1, CODE_SCREEN, 1795200000, 0 },
		{ 1, CODE_SCREEN, 1795200000, -1 },
		{ 1, CODE_SCREEN, 1795200000, CODE_NUMBER_MAX + 1 },
		{ 1, CODE_SINGLE, 1795200000, 0 },
		{ 1, CODE_SINGLE, 1795200000, INT64_MAX },
	};
	uint8_t key[CODE_KEY_BYTES];
	char token[CODE_TOKEN_SIZE];

	(void)state;
	fill_key(0, key);
	for (size_t i = 0; i < sizeof contents / sizeof contents[0]; i++) {
		assert_int_equal(code_token_make(&contents[i], key, token), ST_REFUSED);
		assert_string_equal(token, "");
	}
}

static void
people_type_tokens_as_they_like(void **state)
{
	static const struct {
		const char	*text;
		enum status	 status;
	} cases[] = {
		{ "00000024e8hc05sz204s5j6yp3", ST_OK },
		{ "ooOO0o24E8HC05SZ2O4S5J6YP3", ST_OK },
		{ " 00000-024E8-HC05S Z204S-5J6YP-3 ", ST_OK },
		{ "00000024E8HC05SZ204S5J6YP", ST_CODE_UNKNOWN },	/* one short */
		{ "00000024E8HC05SZ204S5J6YP33", ST_CODE_UNKNOWN },	/* one long */
		{ "80000024E8HC05SZ204S5J6YP3", ST_CODE_UNKNOWN },	/* first pad bit set */
		{ "G0000024E8HC05SZ204S5J6YP3", ST_CODE_UNKNOWN },	/* second pad bit set */
		{ "U0000024E8HC05SZ204S5J6YP3", ST_CODE_UNKNOWN },	/* no Crockford letter */
		{ "0000002\t4E8HC05SZ204S5J6YP3", ST_CODE_UNKNOWN },
		{ "000000\xC3\xA9" "4E8HC05SZ204S5J6YP3", ST_CODE_UNKNOWN },
		{ "", ST_CODE_UNKNOWN },
		{ "--------------------------", ST_CODE_UNKNOWN },
		{ "0000002RE8HC08CT5FSQSYVWCJ", ST_CODE_UNKNOWN },	/* signed, but kind 6 */
		{ "0000002800000DTJ0QEPDWGQJT", ST_CODE_UNKNOWN },	/* signed, but slot 0 */
		{ "00000004E8HC0FWYEHC4ER6WA9", ST_CODE_UNKNOWN },	/* signed, but run 0 */
		{ "000000A400000DMX3VH3NW3GFH", ST_CODE_UNKNOWN },	/* signed, but expiry 0 */
	};
	uint8_t key[CODE_KEY_BYTES];

	(void)state;
	fill_key(0, key);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct code_content content;
		size_t length = strlen(cases[i].text);

		assert_int_equal(code_token_read(cases[i].text, length, &content), cases[i].status);
		assert_int_equal(code_token_check(cases[i].text, length, key, 1795200000),
		    cases[i].status);
	}
}

/* I and L are 1: "1" is in no vector above, so one is made that has it. */
static void
letters_like_one_are_one(void **state)
{
	struct code_content content = { .run_id = 1, .kind = CODE_PRINTED, .expires = 1795200000 };
	uint8_t key[CODE_KEY_BYTES];
	char token[CODE_TOKEN_SIZE];
	int changed = 0;

	(void)state;
	fill_key(0, key);
	for (content.run_id = 1; content.run_id < 64; content.run_id++) {
		assert_int_equal(code_token_make(&content, key, token), ST_OK);
		for (char *c = token; *c != '\0'; c++)
			if (*c == '1')
				*c = "IiLl"[changed++ % 4];
		assert_int_equal(code_token_check(token, strlen(token), key, 0), ST_OK);
	}
	assert_true(changed >= 4);
}

static void
the_length_bounds_what_is_read(void **state)
{
	const char text[] = "00000024E8HC05SZ204S5J6YP3garbage";
	struct code_content content;
	uint8_t key[CODE_KEY_BYTES];

	(void)state;
	fill_key(0, key);
	assert_int_equal(code_token_read(text, 26, &content), ST_OK);
	assert_int_equal(code_token_check(text, 26, key, 0), ST_OK);
	assert_int_equal(code_token_check(text, sizeof text, key, 0), ST_CODE_UNKNOWN);
	assert_true(code_typed_like("123456789", 6));
}

/* xorshift64*, so that the same tokens are tried on every machine. */
static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * UINT64_C(2685821657736338717);
}

static void
ten_thousand_random_and_ten_thousand_mutated_are_refused(void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint64_t seed = UINT64_C(0x5EED0FC0DE);
	uint8_t key[CODE_KEY_BYTES];
	char token[CODE_TOKEN_SIZE];

	(void)state;
	fill_key(0, key);
	for (int i = 0; i < 20000; i++) {
		struct code_content content = { .run_id = 1 + i,
		    .kind = (enum code_kind)(CODE_PRINTED + i / 2 % 3), .expires = 1795200000,
		    .number = 71808000 + i };

		assert_int_equal(code_token_make(&content, key, token), ST_OK);
		assert_int_equal(code_token_check(token, 26, key, 0), ST_OK);
		if (i % 2 == 0) {
			/* Another character somewhere: every bit counts, the pad bits too. */
			size_t at = next_random(&seed) % 26;
			char before = token[at];

			while (token[at] == before)
				token[at] = alphabet[next_random(&seed) % 32];
		} else {
			for (int c = 0; c < 26; c++)
				token[c] = alphabet[next_random(&seed) % (c == 0 ? 8 : 32)];
		}
		assert_int_equal(code_token_check(token, 26, key, 0), ST_CODE_UNKNOWN);
	}
}

static void
every_single_character_of_a_token_counts(void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint8_t key[CODE_KEY_BYTES];
	char token[CODE_TOKEN_SIZE];

	(void)state;
	fill_key(0, key);
	for (size_t at = 0; at < 26; at++)
		for (int c = 0; c < 32; c++) {
			strcpy(token, tokens[0].token);
			if (token[at] == alphabet[c])
				continue;
			token[at] = alphabet[c];
			assert_int_equal(code_token_check(token, 26, key, 0), ST_CODE_UNKNOWN);
		}
}

static void
digits_are_the_vectors(void **state)
{
	static const struct {
		int64_t		now;
		const char	*digits[2];	/* for key 0 and the other */
	} cases[] = {
		{ 0, { "414783", "381884" } },
		{ 59, { "414783", "381884" } },
		{ 60, { "555770", "365938" } },
		{ 119, { "555770", "365938" } },
		{ 1111111109, { "890682", "022524" } },
		{ 1795200000, { "113293", "271522" } },
		{ 1795200059, { "113293", "271522" } },
		{ INT64_C(20000000000), { "438618", "309578" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (int k = 0; k < 2; k++) {
			uint8_t key[CODE_KEY_BYTES];
			char digits[CODE_DIGITS_SIZE];
			const char *typed = cases[i].digits[k], *other = cases[i].digits[!k];
			int64_t step = cases[i].now / CODE_STEP_S * CODE_STEP_S;

			fill_key(k, key);
			code_digits_make(key, cases[i].now, digits);
			assert_string_equal(digits, typed);
			assert_true(code_typed_check(CODE_DIGITS, typed, 6, key, cases[i].now));
			assert_true(code_typed_check(CODE_DIGITS, typed, 6, key,
			    step + 2 * CODE_STEP_S - 1));
			assert_false(code_typed_check(CODE_DIGITS, typed, 6, key,
			    step + 2 * CODE_STEP_S));
			assert_false(code_typed_check(CODE_DIGITS, typed, 6, key, step - 1));
			assert_false(code_typed_check(CODE_DIGITS, other, 6, key, cases[i].now));
		}
}

static void
digits_before_1970_are_none(void **state)
{
	uint8_t key[CODE_KEY_BYTES];
	char digits[CODE_DIGITS_SIZE] = "123456";

	(void)state;
	fill_key(0, key);
	code_digits_make(key, -1, digits);
	assert_string_equal(digits, "");
	assert_false(code_typed_check(CODE_DIGITS, "", 0, key, -1));
	assert_false(code_typed_check(CODE_DIGITS, "000000", 6, key, -1));
	assert_false(code_typed_check(CODE_DIGITS, "414783", 6, key, INT64_MIN + CODE_STEP_S));
}

static void
typed_digits_are_recognised(void **state)
{
	static const struct {
		const char	*text;
		bool		 is_like;
	} cases[] = {
		{ "113293", true }, { "113 293", true }, { " 113-293 ", true },
		{ "1-1-3-2-9-3", true },
		{ "11329", false }, { "1132930", false }, { "", false }, { "      ", false },
		{ "11329a", false }, { "113.293", false }, { "+13293", false },
		{ "\xD9\xA1" "13293", false },	/* an Arabic digit */
	};
	uint8_t key[CODE_KEY_BYTES];

	(void)state;
	fill_key(0, key);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t length = strlen(cases[i].text);

		assert_int_equal(code_typed_check(CODE_DIGITS, cases[i].text, length, key,
		    1795200000), cases[i].is_like);
	}
	assert_false(code_typed_check(CODE_DIGITS, "113293\0", 7, key, 1795200000));
}

static void
letters_are_the_vectors(void **state)
{
	static const struct { int64_t now; const char *letters[2]; } cases[] = {
		{ 0, { "ADQFVW", "HBY13G" } },
		{ 59, { "ADQFVW", "HBY13G" } },
		{ 60, { "3ZGP2M", "06R315" } },
		{ 119, { "3ZGP2M", "06R315" } },
		{ 1111111109, { "4SNBC2", "E5KENS" } },
		{ 1795200059, { "BNP3GA", "Y4PV6W" } },
		{ INT64_C(20000000000), { "NGJNH2", "9VWD2D" } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		for (int k = 0; k < 2; k++) {
			uint8_t key[CODE_KEY_BYTES];
			char letters[CODE_DIGITS_SIZE];
			const char *typed = cases[i].letters[k], *other = cases[i].letters[!k];
			int64_t step = cases[i].now / CODE_STEP_S * CODE_STEP_S;

			fill_key(k, key);
			code_typed_make(CODE_LETTERS, key, cases[i].now, letters);
			assert_string_equal(letters, typed);
			assert_true(code_typed_check(CODE_LETTERS, typed, 6, key, cases[i].now));
			assert_true(code_typed_check(CODE_LETTERS, typed, 6, key,
			    step + 2 * CODE_STEP_S - 1));
			assert_false(code_typed_check(CODE_LETTERS, typed, 6, key,
			    step + 2 * CODE_STEP_S));
			assert_false(code_typed_check(CODE_LETTERS, typed, 6, key, step - 1));
			assert_false(code_typed_check(CODE_LETTERS, other, 6, key, cases[i].now));
			assert_false(code_typed_check(CODE_DIGITS, typed, 6, key, cases[i].now));
			code_typed_make(CODE_DIGITS, key, cases[i].now, letters);
			assert_true(code_typed_check(CODE_DIGITS, letters, 6, key, cases[i].now));
			assert_false(code_typed_check(CODE_LETTERS, letters, 6, key, cases[i].now));
		}
}

static void
letters_are_typed_as_people_like(void **state)
{
	static const struct { const char *text; bool is_like; } cases[] = {
		{ "HBY13G", true }, { "hby 13g", true }, { " HBY-I3g ", true }, { "hbyL3G", true },
		{ "HBY13", false }, { "HBY13GG", false },
		{ "HBY13U", false }, { "", false }, { "HBY13\xC3", false },
	};
	char letters[CODE_DIGITS_SIZE] = "ABCDEF";
	uint8_t key[CODE_KEY_BYTES];

	(void)state;
	fill_key(255, key);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		size_t length = strlen(cases[i].text);

		assert_int_equal(code_typed_like(cases[i].text, length), cases[i].is_like);
		assert_int_equal(code_typed_check(CODE_LETTERS, cases[i].text, length, key, 30),
		    cases[i].is_like);
	}
	code_typed_make(CODE_LETTERS, key, -1, letters);
	assert_string_equal(letters, "");
	assert_false(code_typed_check(CODE_LETTERS, "000000", 6, key, -1));
	assert_false(code_typed_check(CODE_LETTERS, "000000", 6, key, INT64_MIN));
}

static void
fresh_randomness_is_fresh(void **state)
{
	uint8_t keys[2][CODE_KEY_BYTES];
	char sessions[2][CODE_SESSION_SIZE], capabilities[2][CODE_CAPABILITY_SIZE];

	(void)state;
	for (int i = 0; i < 2; i++) {
		code_key_new(keys[i]);
		code_session_new(sessions[i]);
		code_capability_new(capabilities[i]);
		assert_int_equal(strlen(sessions[i]), CODE_SESSION_SIZE - 1);
		assert_int_equal(strlen(capabilities[i]), CODE_CAPABILITY_SIZE - 1);
		assert_int_equal(strspn(sessions[i], "0123456789ABCDEFGHJKMNPQRSTVWXYZ"),
		    CODE_SESSION_SIZE - 1);
		assert_int_equal(strspn(capabilities[i], "0123456789ABCDEFGHJKMNPQRSTVWXYZ"),
		    CODE_CAPABILITY_SIZE - 1);
	}
	assert_memory_not_equal(keys[0], keys[1], CODE_KEY_BYTES);
	assert_string_not_equal(sessions[0], sessions[1]);
	assert_string_not_equal(capabilities[0], capabilities[1]);
}

static int
set_up(void **state)
{
	(void)state;
	return code_init() == ST_OK && code_init() == ST_OK ? 0 : -1;
}

static void
digits_of_other_keyboards_are_plain_ones(void **state)
{
	static const struct { const char *typed, *plain; } cases[] = {
		{ "٠١٢ ٣٤٥", "012 345" }, { "٦٧٨٩", "6789" }, { "۰۱۲۳۴۵۶۷۸۹", "0123456789" },
		{ "０１２３４５６７８９", "0123456789" }, { "ＡＺａｚ－", "AZaz-" },
		{ "123\u3000456", "123 456" }, { "414783", "414783" }, { "", "" },
		{ "é٪ـ！～", "é٪ـ!~" }, { "\xd9", "\xd9" }, { "1\xef\xbc", "1\xef\xbc" },
		{ "\xdb\xba\xef\xbd\x9f", "\xdb\xba\xef\xbd\x9f" },
	};
	char text[64];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		strcpy(text, cases[i].typed);
		code_plain(text);
		assert_string_equal(text, cases[i].plain);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tokens_are_the_vectors),
		cmocka_unit_test(digits_of_other_keyboards_are_plain_ones),
		cmocka_unit_test(slots_and_serials_are_the_vectors),
		cmocka_unit_test(contents_that_do_not_fit_are_refused),
		cmocka_unit_test(people_type_tokens_as_they_like),
		cmocka_unit_test(letters_like_one_are_one),
		cmocka_unit_test(the_length_bounds_what_is_read),
		cmocka_unit_test(ten_thousand_random_and_ten_thousand_mutated_are_refused),
		cmocka_unit_test(every_single_character_of_a_token_counts),
		cmocka_unit_test(digits_are_the_vectors),
		cmocka_unit_test(digits_before_1970_are_none),
		cmocka_unit_test(typed_digits_are_recognised),
		cmocka_unit_test(letters_are_the_vectors),
		cmocka_unit_test(letters_are_typed_as_people_like),
		cmocka_unit_test(fresh_randomness_is_fresh),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
