// SPDX-License-Identifier: ISC
/*
 * test_name.c: tables of names, and the promises of name.h for random Unicode (with a fixed seed).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdbool.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include "core/name.h"

#define RANDOM_NAMES	20000

static void
names_are_tidied(void **state)
{
	static const struct {
		const char	*text, *name;	/* NULL: refused */
	} cases[] = {
		{ "Ada Lovelace", "Ada Lovelace" },
		{ "  Ada   Lovelace \t\r\n", "Ada Lovelace" },
		{ "\xE2\x80\xA8" "Ada", "Ada" },	/* line separator at the edge */
		/* no-break space as typed */
		{ "Jean\xC2\xA0" "Dupont", "Jean\xC2\xA0" "Dupont" },
		{ "Jean\xC2\xA0 Dupont", "Jean\xC2\xA0" "Dupont" },
		{ "Zoe\xCC\x88", "Zoe\xCC\x88" },			/* not composed */
		{ "X", "X" },
		{ "4", "4" },
		{ "O'Brien-Smith, Jr.", "O'Brien-Smith, Jr." },
		{ "<b>&\"'", "<b>&\"'" },
		{ "\xE5\xB1\xB1\xE7\x94\xB0\xE3\x80\x80\xE5\xA4\xAA\xE9\x83\x8E",
		  "\xE5\xB1\xB1\xE7\x94\xB0\xE3\x80\x80\xE5\xA4\xAA\xE9\x83\x8E" },
		/* a runner: joiner, selector */
		{ "\xF0\x9F\x8F\x83\xE2\x80\x8D\xE2\x99\x80\xEF\xB8\x8F",
		  "\xF0\x9F\x8F\x83\xE2\x80\x8D\xE2\x99\x80\xEF\xB8\x8F" },
		{ "\xD8\xB9\xD9\x84\xDB\x8C\xE2\x80\x8C", "\xD8\xB9\xD9\x84\xDB\x8C\xE2\x80\x8C" },
		{ "", NULL },
		{ "   ", NULL },
		{ "\t\n", NULL },
		{ "Ada\tLovelace", NULL },
		{ "Ada \n Lovelace", NULL },
		{ "Ada\xE2\x80\xA8" "Lovelace", NULL },		/* line separator */
		{ "Ada\xE2\x80\xA9" "Lovelace", NULL },		/* paragraph separator */
		{ "Ada\x01", NULL },
		{ "Ada\x7F", NULL },
		{ "Ada\xC2\x81", NULL },			/* C1 control */
		{ "Ada\xFF", NULL },
		{ "Ada\xC3", NULL },				/* cut off */
		{ "\xC0\xAF", NULL },				/* overlong */
		{ "Ada\xED\xA0\x80", NULL },			/* surrogate */
		{ "Ada\xF4\x90\x80\x80", NULL },		/* above 10FFFF */
		{ "Ada\xEF\xBF\xBF", NULL },			/* noncharacter */
		{ "Ada\xEE\x80\x80", NULL },			/* private */
		{ "Ada\xCD\xB8", NULL },			/* unassigned U+0378 */
		{ "Ada\xE2\x80\xAE" "ecalevoL", NULL },		/* right-to-left override */
		{ "Ada\xE2\x81\xA6", NULL },			/* isolate */
		{ "\xCC\x88", NULL },				/* a mark alone */
		{ "\xE2\x80\x8B\xE2\x80\x8D", NULL },		/* zero width alone */
		{ "\xE3\x85\xA4", NULL },			/* Hangul filler */
		{ "\xE2\xA0\x80", NULL },			/* blank Braille cell */
		{ "\xC2\xAD", NULL },				/* soft hyphen */
	};
	char name[NAME_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		enum status status = name_tidy(cases[i].text, strlen(cases[i].text), name);

		assert_int_equal(status, cases[i].name != NULL ? ST_OK : ST_NAME_BAD);
		if (cases[i].name != NULL)
			assert_string_equal(name, cases[i].name);
	}
	assert_int_equal(name_tidy("Ada\0Eve", 7, name), ST_NAME_BAD);
	assert_int_equal(name_tidy("AdaEve", 3, name), ST_OK);
	assert_string_equal(name, "Ada");
}

static void
eighty_characters_fit(void **state)
{
	char text[2 * NAME_SIZE] = "", name[NAME_SIZE];

	(void)state;
	for (int i = 0; i < NAME_MAX_CHARS; i++)
		strcat(text, "\xF0\x9F\x8F\x83");
	assert_int_equal(name_tidy(text, strlen(text), name), ST_OK);
	assert_string_equal(name, text);
	strcat(text, " ");
	assert_int_equal(name_tidy(text, strlen(text), name), ST_OK);
	strcat(text, "x");
	assert_int_equal(name_tidy(text, strlen(text), name), ST_NAME_BAD);
	memset(text, 'x', 81);
	text[81] = '\0';
	assert_int_equal(name_tidy(text, 81, name), ST_NAME_BAD);
	assert_int_equal(name_tidy(text, 80, name), ST_OK);
	text[79] = ' ';		/* 79, a blank, 1 */
	assert_int_equal(name_tidy(text, 81, name), ST_NAME_BAD);
}

static void
the_longest_folding_fits(void **state)
{
	char text[NAME_SIZE] = "", folded[NAME_FOLD_SIZE], name[NAME_SIZE];

	(void)state;
	for (int i = 0; i < NAME_MAX_CHARS; i++)
		strcat(text, "\xEF\xB7\xBA");	/* U+FDFA becomes 18 characters */
	assert_int_equal(name_tidy(text, strlen(text), name), ST_OK);
	assert_int_equal(name_fold(name, folded), ST_OK);
	assert_true(strlen(folded) > NAME_SIZE);
}

static void
folding_makes_equal(void **state)
{
	static const char *const pairs[][2] = {
		{ "Ada Lovelace", "ADA  lovelace" },
		{ " Ada\xC2\xA0Lovelace ", "ada lovelace" },
		{ "Zo\xC3\xAB", "Zoe\xCC\x88" },
		{ "STRASSE", "Stra\xC3\x9F" "e" },
		{ "\xEF\xBC\xA1\xEF\xBD\x84\xEF\xBD\x81", "ada" },	/* full width */
		{ "\xEF\xAC\x81nn", "FINN" },				/* fi ligature */
		{ "A\xE2\x80\x8B" "da", "Ada" },			/* zero width space */
		{ "A\xC2\xAD" "da", "Ada" },				/* soft hyphen */
		{ "\xCE\xA3\xCE\xAF\xCF\x83\xCF\x85\xCF\x86\xCE\xBF\xCF\x82",	/* final sigma */
		  "\xCE\xA3\xCE\x8A\xCE\xA3\xCE\xA5\xCE\xA6\xCE\x9F\xCE\xA3" },
		{ "\xE2\x84\xA6", "\xCF\x89" },				/* ohm, omega */
		{ "e\xE2\x80\x8D\xCC\x81", "\xC3\xA9" },	/* a joiner before the accent */
	};
	static const char *const different[][2] = {
		{ "Ada", "Eve" }, { "Zoe", "Zo\xC3\xAB" }, { "AdaLovelace", "Ada Lovelace" },
		{ "Ada", "Ad\xD0\xB0" },	/* Cyrillic a: looks alike, is another name */
	};
	char a[NAME_FOLD_SIZE], b[NAME_FOLD_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		assert_int_equal(name_fold(pairs[i][0], a), ST_OK);
		assert_int_equal(name_fold(pairs[i][1], b), ST_OK);
		assert_string_equal(a, b);
	}
	for (size_t i = 0; i < sizeof different / sizeof different[0]; i++) {
		assert_int_equal(name_fold(different[i][0], a), ST_OK);
		assert_int_equal(name_fold(different[i][1], b), ST_OK);
		assert_string_not_equal(a, b);
	}
	assert_int_equal(name_fold("Ada  LOVELACE", a), ST_OK);
	assert_string_equal(a, "ada lovelace");
}

/*
 * A name of ASCII folds without the library, to what the library makes of it: it reads all of a
 * name that has one letter more.
 */
static void
ascii_folds_as_the_library_says(void **state)
{
	char name[40], longer[48], folded[NAME_FOLD_SIZE], other[NAME_FOLD_SIZE];
	uint32_t random = 1;
	int round, i;

	(void)state;
	for (round = 0; round < 20000; round++) {
		for (i = 0; i < 1 + round % 30; i++) {
			random = random * 1664525 + 1013904223;
			name[i] = (random >> 16) % 3 == 0 ? " \t\n\r"[(random >> 24) % 4]
			    : (char)(1 + (random >> 20) % 127);
		}
		name[i] = '\0';
		snprintf(longer, sizeof longer, "%s \u00e9", name);
		assert_int_equal(name_fold(longer, other), ST_OK);
		if (strcmp(other, "\u00e9") == 0) {		/* white space alone */
			assert_int_equal(name_fold(name, folded), ST_NAME_BAD);
			continue;
		}
		assert_int_equal(name_fold(name, folded), ST_OK);
		strcat(folded, " \u00e9");
		assert_string_equal(folded, other);
	}
}

static void
what_cannot_be_folded_is_refused(void **state)
{
	static const char *const texts[] = { "", "  ", "\xE2\x80\x8B", "Ada\xFF", "\xED\xA0\x80" };
	char folded[NAME_FOLD_SIZE], huge[3 * NAME_FOLD_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_int_equal(name_fold(texts[i], folded), ST_NAME_BAD);
		assert_string_equal(folded, "");
	}
	memset(huge, 'x', sizeof huge - 1);
	huge[sizeof huge - 1] = '\0';
	assert_int_equal(name_fold(huge, folded), ST_NAME_BAD);
}

/* xorshift64*, so that the same names are tried on every machine. */
static uint64_t
next_random(uint64_t *seed)
{
	*seed ^= *seed >> 12;
	*seed ^= *seed << 25;
	*seed ^= *seed >> 27;
	return *seed * UINT64_C(2685821657736338717);
}

/* A code point out of the blocks where folding is hard, or any at all. */
static int32_t
random_point(uint64_t *seed)
{
	static const int32_t blocks[][2] = {
		{ 0x20, 0x5F }, { 0xA0, 0x60 }, { 0x100, 0x150 }, { 0x300, 0x70 }, { 0x370, 0x90 },
		{ 0x5B0, 0x80 }, { 0x900, 0x80 }, { 0x1100, 0x100 }, { 0x1E00, 0x200 },
		{ 0x2000, 0x70 }, { 0x2100, 0x90 }, { 0xAC00, 0x2BA4 }, { 0xFB00, 0x500 },
		{ 0xFF00, 0xF0 }, { 0x1D15E, 0x80 }, { 0x1D400, 0x400 }, { 0x1F1E6, 0x400 },
		{ 0, 0x110000 },
	};
	const int32_t *block = blocks[next_random(seed) % (sizeof blocks / sizeof blocks[0])];
	int32_t point = block[0] + (int32_t)(next_random(seed) % (uint64_t)block[1]);

	return point >= 0xD800 && point <= 0xDFFF ? 'x' : point;
}

static void
random_text(uint64_t *seed, char text[NAME_SIZE])
{
	size_t used = 0;

	for (uint64_t count = 1 + next_random(seed) % 12; count > 0; count--) {
		int32_t point = random_point(seed);

		used += (size_t)utf8proc_encode_char(point == 0 ? 'x' : point,
		    (uint8_t *)text + used);
	}
	text[used] = '\0';
}

/* Folding `text` and folding what `change` makes of it must agree. */
static void
assert_same_fold(const char *folded, uint8_t *changed)
{
	char again[NAME_FOLD_SIZE];

	assert_non_null(changed);
	assert_int_equal(name_fold((char *)changed, again), ST_OK);
	assert_string_equal(again, folded);
	free(changed);
}

static void
promises_hold_for_random_names(void **state)
{
	uint64_t seed = UINT64_C(0x5EEDFADE);
	char text[NAME_SIZE], name[NAME_SIZE], again[NAME_SIZE];
	char folded[NAME_FOLD_SIZE], twice[NAME_FOLD_SIZE];
	int taken = 0;

	(void)state;
	for (int i = 0; i < RANDOM_NAMES; i++) {
		random_text(&seed, text);
		if (name_tidy(text, strlen(text), name) != ST_OK)
			continue;
		taken++;
		assert_int_equal(name_tidy(name, strlen(name), again), ST_OK);
		assert_string_equal(again, name);
		assert_int_equal(name_fold(name, folded), ST_OK);
		assert_int_equal(name_fold(folded, twice), ST_OK);
		assert_string_equal(twice, folded);
		assert_int_equal(name_fold(text, twice), ST_OK);
		assert_string_equal(twice, folded);
		assert_same_fold(folded, utf8proc_NFC((uint8_t *)name));
		assert_same_fold(folded, utf8proc_NFD((uint8_t *)name));
	}
	assert_true(taken > RANDOM_NAMES / 5);
}

/* Every single character that is a name folds, to a fixed point; case makes no difference. */
static void
promises_hold_for_every_character(void **state)
{
	char text[5], name[NAME_SIZE], folded[NAME_FOLD_SIZE], other[NAME_FOLD_SIZE];
	int taken = 0;

	(void)state;
	for (int32_t point = 1; point <= 0x10FFFF; point++) {
		utf8proc_ssize_t length;

		if (point >= 0xD800 && point <= 0xDFFF)
			continue;
		length = utf8proc_encode_char(point, (uint8_t *)text);
		text[length] = '\0';
		if (name_tidy(text, (size_t)length, name) != ST_OK)
			continue;
		taken++;
		assert_int_equal(name_fold(name, folded), ST_OK);
		assert_int_equal(name_fold(folded, other), ST_OK);
		assert_string_equal(folded, other);
		if (utf8proc_tolower(utf8proc_toupper(point)) != point)
			continue;
		length = utf8proc_encode_char(utf8proc_toupper(point), (uint8_t *)text);
		text[length] = '\0';
		assert_int_equal(name_fold(text, other), ST_OK);
		assert_string_equal(folded, other);
	}
	assert_true(taken > 140000);	/* Unicode 15 assigns 149,186 characters */
}

static void
initials_are_the_first_graphemes(void **state)
{
	static const struct {
		const char	*name, *initials;
	} cases[] = {
		{ "Ada Lovelace", "A. L." },
		{ "ada", "A." },
		{ "Anna Maria van der Berg", "A. M. V." },
		{ "  \xC3\xA9lodie  \xC3\x96z ", "\xC3\x89. \xC3\x96." },
		{ "e\xCC\x81lodie x", "E\xCC\x81. X." },	/* the accent stays */
		{ "\xE5\xB1\xB1\xE7\x94\xB0\xE3\x80\x80\xE5\xA4\xAA",
		    "\xE5\xB1\xB1. \xE5\xA4\xAA." },
		{ "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA flag", "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA. F." },
		{ "", NULL },
		{ "   ", NULL },
		{ "Ada \xFF", NULL },
	};
	char initials[64], crowd[128] = "a";

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		enum status status = name_initials(cases[i].name, initials, sizeof initials);

		assert_int_equal(status, cases[i].initials != NULL ? ST_OK : ST_NAME_BAD);
		if (cases[i].initials != NULL)
			assert_string_equal(initials, cases[i].initials);
	}
	for (int i = 0; i < 60; i++)
		strcat(crowd, "\xCC\x81");
	assert_int_equal(name_initials(crowd, initials, sizeof initials), ST_NAME_BAD);
	assert_string_equal(initials, "");
}

static void
slugs_are_plain(void **state)
{
	static const struct {
		const char	*text, *slug;
	} cases[] = {
		{ "Caf\xC3\xA9  Tuesday!", "cafe-tuesday" },
		{ "Cafe\xCC\x81", "cafe" },
		{ "--Hello,   World--", "hello-world" },
		{ "Stra\xC3\x9F" "e", "strasse" },
		{ "\xC5\x81\xC3\xB3" "d\xC5\xBA \xC3\x98lklub", "lodz-olklub" },
		{ "\xC3\x86sir \xC3\x9Eor", "aesir-thor" },
		{ "\xD0\xA0\xD1\x83\xD1\x81 Run", "run" },
		{ "\xE5\xB1\xB1\xE7\x94\xB0", "x" },
		{ "", "x" },
		{ "...", "x" },
		{ "5k \xC2\xBD", "5k-1-2" },
		{ "a\xFF\xFE" "b", "ab" },
		{ "../../etc/passwd", "etc-passwd" },
		{ "123456789012345678901234567890123456789012345678901234",
		  "123456789012345678901234567890123456789012345678" },
		{ "12345678901234567890123456789012345678901234567 tail",
		  "12345678901234567890123456789012345678901234567" },
	};
	char slug[49];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		name_slug(cases[i].text, slug, sizeof slug);
		assert_string_equal(slug, cases[i].slug);
	}
}

static void
random_bytes_make_slugs_too(void **state)
{
	uint64_t seed = UINT64_C(0x51065106);
	char text[201], slug[49], again[49], name[NAME_SIZE];

	(void)state;
	for (int i = 0; i < RANDOM_NAMES; i++) {
		size_t length = next_random(&seed) % 200;

		for (size_t c = 0; c < length; c++)
			text[c] = (char)(1 + next_random(&seed) % 255);
		text[length] = '\0';
		name_slug(text, slug, sizeof slug);
		assert_int_equal(strspn(slug, "abcdefghijklmnopqrstuvwxyz0123456789-"),
		    strlen(slug));
		assert_true(slug[0] != '-' && slug[0] != '\0' && slug[strlen(slug) - 1] != '-');
		assert_null(strstr(slug, "--"));
		name_slug(slug, again, sizeof again);
		assert_string_equal(again, slug);
		(void)name_tidy(text, length, name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_tidied),
		cmocka_unit_test(eighty_characters_fit),
		cmocka_unit_test(the_longest_folding_fits),
		cmocka_unit_test(folding_makes_equal),
		cmocka_unit_test(ascii_folds_as_the_library_says),
		cmocka_unit_test(what_cannot_be_folded_is_refused),
		cmocka_unit_test(promises_hold_for_random_names),
		cmocka_unit_test(promises_hold_for_every_character),
		cmocka_unit_test(initials_are_the_first_graphemes),
		cmocka_unit_test(slugs_are_plain),
		cmocka_unit_test(random_bytes_make_slugs_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
