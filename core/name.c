// SPDX-License-Identifier: ISC
/*
 * name.c: names over utf8proc. Everything happens in buffers on the stack, so nothing here
 * can run out of memory.
 */
#include "core/name.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#define FOLD_CODEPOINTS	(NAME_MAX_CHARS * 18)
#define FOLD_ROUNDS	4	/* after the first; one nearly always proves stability */
#define SLUG_MAX	48

/* NFKC_Casefold, the same flags as utf8proc_NFKC_Casefold(). */
static const int fold_options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
    UTF8PROC_CASEFOLD | UTF8PROC_IGNORE;

/* Unicode's White_Space property (PropList.txt, 15.0). */
static bool
is_space(int32_t point)
{
	return (point >= 0x09 && point <= 0x0D) || point == 0x20 || point == 0x85 ||
	    point == 0xA0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200A) ||
	    point == 0x2028 || point == 0x2029 || point == 0x202F || point == 0x205F ||
	    point == 0x3000;
}

static bool
is_bidi_override(int32_t point)
{
	return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
}

/* May `point` stand inside a name? */
static bool
is_printable(int32_t point)
{
	switch (utf8proc_category(point)) {
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
		return false;
	case UTF8PROC_CATEGORY_LU:
	case UTF8PROC_CATEGORY_LL:
	case UTF8PROC_CATEGORY_LT:
	case UTF8PROC_CATEGORY_LM:
	case UTF8PROC_CATEGORY_LO:
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_MC:
	case UTF8PROC_CATEGORY_ME:
	case UTF8PROC_CATEGORY_ND:
	case UTF8PROC_CATEGORY_NL:
	case UTF8PROC_CATEGORY_NO:
	case UTF8PROC_CATEGORY_PC:
	case UTF8PROC_CATEGORY_PD:
	case UTF8PROC_CATEGORY_PS:
	case UTF8PROC_CATEGORY_PE:
	case UTF8PROC_CATEGORY_PI:
	case UTF8PROC_CATEGORY_PF:
	case UTF8PROC_CATEGORY_PO:
	case UTF8PROC_CATEGORY_SM:
	case UTF8PROC_CATEGORY_SC:
	case UTF8PROC_CATEGORY_SK:
	case UTF8PROC_CATEGORY_SO:
	case UTF8PROC_CATEGORY_ZS:
	case UTF8PROC_CATEGORY_CF:
		return !is_bidi_override(point);
	}
	return false;
}

static bool
is_mark(int32_t point)
{
	utf8proc_category_t category = utf8proc_category(point);

	return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_MC ||
	    category == UTF8PROC_CATEGORY_ME;
}

/* Is `point` visible by itself? U+2800 is a Braille cell without dots. */
static bool
is_visible(int32_t point)
{
	return !is_mark(point) && !is_space(point) && point != 0x2800 &&
	    !utf8proc_get_property(point)->ignorable;
}

enum status
name_tidy(const char *text, size_t length, char name[NAME_SIZE])
{
	const uint8_t *bytes = (const uint8_t *)text;
	size_t at = 0, chars = 0, used = 0;
	int32_t point = 0, space = 0;
	bool has_ink = false;

	name[0] = '\0';
	while (at < length) {
		utf8proc_ssize_t step = utf8proc_iterate(bytes + at,
		    (utf8proc_ssize_t)(length - at), &point);
		if (step < 0)
			return ST_NAME_BAD;
		at += (size_t)step;
		if (is_space(point)) {
			/* keep the first, or one that may not stand inside, to be refused below */
			if (space == 0 || !is_printable(point))
				space = point;
			continue;
		}
		if (!is_printable(point))
			return ST_NAME_BAD;
		if (space != 0 && used > 0) {
			if (!is_printable(space) || ++chars > NAME_MAX_CHARS)
				return ST_NAME_BAD;
			used += (size_t)utf8proc_encode_char(space, (uint8_t *)name + used);
		}
		space = 0;
		if (++chars > NAME_MAX_CHARS)
			return ST_NAME_BAD;
		used += (size_t)utf8proc_encode_char(point, (uint8_t *)name + used);
		has_ink = has_ink || is_visible(point);
	}
	name[used] = '\0';
	return has_ink ? ST_OK : ST_NAME_BAD;
}

/* Collapse and trim white space in `points`; returns the new count. */
static utf8proc_ssize_t
collapse_spaces(int32_t *points, utf8proc_ssize_t count)
{
	utf8proc_ssize_t kept = 0;
	bool is_after_space = true;

	for (utf8proc_ssize_t i = 0; i < count; i++) {
		bool is_blank = is_space(points[i]);

		if (!is_blank || !is_after_space)
			points[kept++] = is_blank ? ' ' : points[i];
		is_after_space = is_blank;
	}
	return kept > 0 && is_after_space ? kept - 1 : kept;
}

/*
 * Decompose `text` by `options` into `points`, FOLD_CODEPOINTS of them; returns the count,
 * negative when `text` is not UTF-8 or does not fit.
 */
static utf8proc_ssize_t
decompose(const char *text, int32_t *points, int options)
{
	utf8proc_ssize_t count = utf8proc_decompose((const uint8_t *)text,
	    (utf8proc_ssize_t)strlen(text), points, FOLD_CODEPOINTS, (utf8proc_option_t)options);

	return count > FOLD_CODEPOINTS ? UTF8PROC_ERROR_OVERFLOW : count;
}

/*
 * Write `count` points as UTF-8 into `folded`; ST_NAME_BAD when they are none or too many.
 * `points` has room for one more, because utf8proc_reencode adds a NUL in place.
 */
static enum status
encode(int32_t *points, utf8proc_ssize_t count, char folded[NAME_FOLD_SIZE])
{
	if (count <= 0)
		return ST_NAME_BAD;
	count = utf8proc_reencode(points, count, (utf8proc_option_t)0);
	if (count <= 0 || count >= NAME_FOLD_SIZE)
		return ST_NAME_BAD;
	memcpy(folded, points, (size_t)count + 1);
	return ST_OK;
}

/*
 * One round of toNFKC_Casefold(NFD(text)), by which D147 compares. Without the NFD, an iota
 * subscript among other marks would end up in another position. `text` may be `folded`.
 */
static enum status
fold_once(const char *text, char folded[NAME_FOLD_SIZE])
{
	int32_t points[FOLD_CODEPOINTS + 1];
	enum status status;
	utf8proc_ssize_t count;

	count = decompose(text, points, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
	status = encode(points, count, folded);
	if (status != ST_OK)
		return status;
	count = decompose(folded, points, fold_options);
	if (count > 0)
		count = utf8proc_normalize_utf32(points, count, (utf8proc_option_t)fold_options);
	if (count > 0)
		count = collapse_spaces(points, count);
	return encode(points, count, folded);
}

/*
 * Fold a name of ASCII alone, as most are: nothing in it decomposes, composes or is ignored, so
 * D147 only makes its letters small. False when it is not ASCII, is blank or does not fit.
 */
static bool
fold_ascii(const char *name, char folded[NAME_FOLD_SIZE])
{
	size_t used = 0;

	for (; *name != '\0'; name++) {
		char letter = *name >= 'A' && *name <= 'Z' ? (char)(*name - 'A' + 'a')
		    : is_space(*name) ? ' ' : *name;

		if ((unsigned char)*name > 0x7F || used + 1 == NAME_FOLD_SIZE)
			return false;
		if (letter != ' ' || (used > 0 && folded[used - 1] != ' '))
			folded[used++] = letter;
	}
	if (used > 0 && folded[used - 1] == ' ')
		used--;
	folded[used] = '\0';
	return used > 0;
}

/*
 * Repeated until nothing changes: folding one character may let others compose.
 */
enum status
name_fold(const char *name, char folded[NAME_FOLD_SIZE])
{
	char again[NAME_FOLD_SIZE];
	enum status status;

	if (fold_ascii(name, folded))
		return ST_OK;
	folded[0] = '\0';
	status = fold_once(name, folded);
	for (int round = 0; status == ST_OK && round < FOLD_ROUNDS; round++) {
		status = fold_once(folded, again);
		if (status == ST_OK && strcmp(folded, again) == 0)
			return ST_OK;
		if (status == ST_OK)
			memcpy(folded, again, sizeof again);
	}
	folded[0] = '\0';
	return ST_NAME_BAD;
}

/* Append `point` to `text`, *used of whose `size` bytes are in use; leaves room for a NUL. */
static bool
append_point(char *text, size_t size, size_t *used, int32_t point)
{
	uint8_t bytes[4];
	size_t length = (size_t)utf8proc_encode_char(point, bytes);

	if (*used + length + 1 > size)
		return false;
	memcpy(text + *used, bytes, length);
	*used += length;
	return true;
}

enum status
name_initials(const char *name, char *initials, size_t size)
{
	const uint8_t *bytes = (const uint8_t *)name;
	utf8proc_ssize_t step;
	size_t used = 0;
	int32_t point, before = ' ', state = 0;
	int words = 0;
	bool is_in_first = false, fits = true;

	initials[0] = '\0';
	for (; *bytes != '\0'; bytes += step, before = point) {
		bool is_start, is_cut;

		step = utf8proc_iterate(bytes, -1, &point);
		if (step < 0)
			return ST_NAME_BAD;
		is_start = is_space(before) && !is_space(point);
		is_cut = utf8proc_grapheme_break_stateful(before, point, &state);
		if (is_in_first && (is_cut || is_space(point))) {
			fits = fits && append_point(initials, size, &used, '.');
			is_in_first = false;
		}
		if (is_start && words < 3) {
			if (words++ > 0)
				fits = fits && append_point(initials, size, &used, ' ');
			fits = fits && append_point(initials, size, &used, utf8proc_toupper(point));
			is_in_first = true;
		} else if (is_in_first) {
			fits = fits && append_point(initials, size, &used, point);
		}
	}
	if (is_in_first)
		fits = fits && append_point(initials, size, &used, '.');
	initials[fits ? used : 0] = '\0';
	return fits && used > 0 ? ST_OK : ST_NAME_BAD;
}

/* The ASCII spelling of letters that Unicode does not decompose. */
static const char *
plain_letter(int32_t point)
{
	switch (point) {
	case 0xE6:	return "ae";
	case 0xF0:	return "d";	/* eth */
	case 0xF8:	return "o";	/* o with stroke */
	case 0xFE:	return "th";	/* thorn */
	case 0x111:	return "d";	/* d with stroke */
	case 0x131:	return "i";	/* dotless i */
	case 0x142:	return "l";	/* l with stroke */
	case 0x153:	return "oe";
	default:	return NULL;
	}
}

/* A slug as it grows. `is_gap`: a hyphen is due, if anything follows. */
struct slug {
	char	*text;
	size_t	 used;
	bool	 is_gap;
	bool	 is_full;
};

static void
slug_append(struct slug *slug, char letter)
{
	bool has_hyphen = slug->is_gap && slug->used > 0;

	slug->is_full = slug->is_full || slug->used + (has_hyphen ? 2 : 1) > SLUG_MAX;
	if (slug->is_full)
		return;
	if (has_hyphen)
		slug->text[slug->used++] = '-';
	slug->text[slug->used++] = letter;
	slug->is_gap = false;
}

/* Marks, format characters and other scripts' letters vanish; any other character is a gap. */
static bool
is_dropped(int32_t point)
{
	utf8proc_category_t category = utf8proc_category(point);

	return is_mark(point) || category == UTF8PROC_CATEGORY_LU ||
	    category == UTF8PROC_CATEGORY_LL || category == UTF8PROC_CATEGORY_LT ||
	    category == UTF8PROC_CATEGORY_LM || category == UTF8PROC_CATEGORY_LO ||
	    category == UTF8PROC_CATEGORY_CF;
}

static void
slug_append_point(struct slug *slug, int32_t point)
{
	const char *plain = plain_letter(point);

	if ((point >= 'a' && point <= 'z') || (point >= '0' && point <= '9'))
		slug_append(slug, (char)point);
	else if (plain != NULL)
		for (; *plain != '\0'; plain++)
			slug_append(slug, *plain);
	else if (!is_dropped(point))
		slug->is_gap = true;
}

void
name_slug(const char *text, char *slug, size_t size)
{
	const uint8_t *bytes = (const uint8_t *)text;
	struct slug out = { .text = slug };
	int32_t point, parts[18];

	assert(size > SLUG_MAX);
	while (*bytes != '\0') {
		utf8proc_ssize_t step = utf8proc_iterate(bytes, -1, &point), count;
		int bound = 0;

		if (step < 0) {
			bytes++;
			continue;
		}
		bytes += step;
		count = utf8proc_decompose_char(point, parts, 18,
		    UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD, &bound);
		for (utf8proc_ssize_t i = 0; i < count && i < 18; i++)
			slug_append_point(&out, parts[i]);
	}
	if (out.used == 0)
		slug[out.used++] = 'x';
	slug[out.used] = '\0';
}

void
name_slugs(const char *const *texts, size_t count, char *slugs, size_t size)
{
	char slug[49];
	size_t length = 0;

	slugs[0] = '\0';
	for (size_t i = 0; i < count; i++) {
		if (texts[i] == NULL || texts[i][0] == '\0')
			continue;
		name_slug(texts[i], slug, sizeof slug);
		if (length + 1 + strlen(slug) + 1 > size)
			return;
		length += (size_t)snprintf(slugs + length, size - length, "%s%s",
		    length > 0 ? "-" : "", slug);
	}
}
