// SPDX-License-Identifier: ISC
/* escape.c: one table says which bytes need a closer look; runs of other bytes are copied whole. */
#include "gen/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <strings.h>

enum {
	FOLD_OCTETS = 75
};

#define BIT(kind)	(uint8_t)(1U << (kind))
#define MARKUP		(uint8_t)(BIT(ESCAPE_HTML) | BIT(ESCAPE_XML))
#define CONTROL		(uint8_t)(BIT(ESCAPE_XML) | BIT(ESCAPE_JSON) | BIT(ESCAPE_ICS))

/* For each ASCII byte, the kinds for which it cannot simply be copied. */
static const uint8_t	special[128] = {
	CONTROL | BIT(ESCAPE_HTML) | BIT(ESCAPE_CSV),
	CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL,
	BIT(ESCAPE_JSON),			/* \t */
	BIT(ESCAPE_JSON) | BIT(ESCAPE_ICS),	/* \n */
	CONTROL, CONTROL,
	BIT(ESCAPE_JSON) | BIT(ESCAPE_ICS),	/* \r */
	CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL,
	CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL, CONTROL,
	['"'] = MARKUP | BIT(ESCAPE_JSON) | BIT(ESCAPE_CSV),
	['&'] = MARKUP,
	['\''] = MARKUP,
	['<'] = MARKUP | BIT(ESCAPE_JSON),
	['>'] = MARKUP,
	['\\'] = BIT(ESCAPE_JSON) | BIT(ESCAPE_ICS),
	[','] = BIT(ESCAPE_ICS),
	[';'] = BIT(ESCAPE_ICS),
	[0x7f] = BIT(ESCAPE_ICS),
};

static const char	replacement[] = "\xef\xbf\xbd";

enum escape_kind
escape_kind_of(const char *path)
{
	static const struct {
		const char		*extension;
		enum escape_kind	 kind;
	} kinds[] = {
		{ "html", ESCAPE_HTML }, { "htm", ESCAPE_HTML },
		{ "xml", ESCAPE_XML }, { "svg", ESCAPE_XML }, { "atom", ESCAPE_XML },
		{ "rss", ESCAPE_XML },
		{ "json", ESCAPE_JSON }, { "webmanifest", ESCAPE_JSON },
		{ "csv", ESCAPE_CSV }, { "ics", ESCAPE_ICS },
	};
	const char	*slash = strrchr(path, '/');
	const char	*dot = strrchr(slash != NULL ? slash : path, '.');

	if (dot != NULL) {
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
			if (strcasecmp(dot + 1, kinds[i].extension) == 0)
				return kinds[i].kind;
		}
	}
	return ESCAPE_NONE;
}

/*
 * The number of bytes of the character at `at`. If it is not valid UTF-8, *is_valid is false and
 * the result is the number of bytes that one U+FFFD replaces: the longest beginning of a character
 * there (Unicode 3.9, U+FFFD Substitution of Maximal Subparts).
 */
static size_t
character_length(const unsigned char *at, size_t left, bool *is_valid)
{
	unsigned char	low = 0x80, high = 0xbf;
	size_t		length, i;

	*is_valid = false;
	if (at[0] < 0xc2 || at[0] > 0xf4) {
		*is_valid = at[0] < 0x80;
		return 1;
	}
	length = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
	if (at[0] == 0xe0)
		low = 0xa0;
	else if (at[0] == 0xed)
		high = 0x9f;
	else if (at[0] == 0xf0)
		low = 0x90;
	else if (at[0] == 0xf4)
		high = 0x8f;
	for (i = 1; i < length; i++) {
		if (i == left || at[i] < low || at[i] > high)
			return i;
		low = 0x80;
		high = 0xbf;
	}
	*is_valid = true;
	return length;
}

/* What replaces the valid multi-byte character at `at` in a file of `kind`; NULL when it stays. */
static const char *
wide_substitute(enum escape_kind kind, const unsigned char *at)
{
	if (kind == ESCAPE_JSON && at[0] == 0xe2 && at[1] == 0x80 &&
	    (at[2] == 0xa8 || at[2] == 0xa9))
		return at[2] == 0xa8 ? "\\u2028" : "\\u2029";
	if (kind == ESCAPE_XML && at[0] == 0xef && at[1] == 0xbf &&
	    (at[2] == 0xbe || at[2] == 0xbf))
		return "";
	return NULL;
}

static void
append_markup(struct buffer *out, unsigned char byte, enum escape_kind kind)
{
	switch (byte) {
	case '&':
		buffer_append_text(out, "&amp;");
		break;
	case '<':
		buffer_append_text(out, "&lt;");
		break;
	case '>':
		buffer_append_text(out, "&gt;");
		break;
	case '"':
		buffer_append_text(out, "&quot;");
		break;
	case '\'':
		buffer_append_text(out, "&#39;");
		break;
	default:	/* a control character, which XML cannot express */
		if (kind == ESCAPE_HTML)
			buffer_append_text(out, replacement);
	}
}

static void
append_json(struct buffer *out, unsigned char byte)
{
	static const char	names[] = "\bb\ff\nn\rr\tt\"\"\\\\";

	for (const char *name = names; *name != '\0'; name += 2) {
		if ((unsigned char)name[0] == byte) {
			buffer_append_byte(out, '\\');
			buffer_append_byte(out, name[1]);
			return;
		}
	}
	buffer_format(out, "\\u%04x", byte);
}

/* `next` is the byte after `byte`, 0 at the end: CRLF is one line break. */
static void
append_ics(struct buffer *out, unsigned char byte, unsigned char next)
{
	if (byte == '\\' || byte == ';' || byte == ',') {
		buffer_append_byte(out, '\\');
		buffer_append_byte(out, (char)byte);
	} else if (byte == '\n' || (byte == '\r' && next != '\n'))
		buffer_append_text(out, "\\n");
}

static void
append_byte(struct buffer *out, enum escape_kind kind, unsigned char byte, unsigned char next)
{
	switch (kind) {
	case ESCAPE_HTML:
	case ESCAPE_XML:
		append_markup(out, byte, kind);
		break;
	case ESCAPE_JSON:
		append_json(out, byte);
		break;
	case ESCAPE_CSV:
		if (byte == '"')
			buffer_append_text(out, "\"\"");
		break;
	case ESCAPE_ICS:
		append_ics(out, byte, next);
		break;
	case ESCAPE_NONE:
	case ESCAPE_END:
		break;
	}
}

static void
append_characters(struct buffer *out, enum escape_kind kind, const unsigned char *text,
    size_t length)
{
	const unsigned char	*at = text, *run = text, *end = text + length;
	const uint8_t		 bit = BIT(kind);
	const char		*instead;
	size_t			 width;
	bool			 is_valid;

	for (;;) {
		while (at < end && *at < 0x80 && (special[*at] & bit) == 0)
			at++;
		if (at == end)
			break;
		width = character_length(at, (size_t)(end - at), &is_valid);
		instead = !is_valid ? replacement : width > 1 ? wide_substitute(kind, at) : NULL;
		if (is_valid && width > 1 && instead == NULL) {
			at += width;
			continue;
		}
		buffer_append(out, (const char *)run, (size_t)(at - run));
		if (instead != NULL)
			buffer_append_text(out, instead);
		else
			append_byte(out, kind, *at, at + 1 < end ? at[1] : 0);
		at += width;
		run = at;
	}
	buffer_append(out, (const char *)run, (size_t)(end - run));
}

static bool
is_plain_number(const char *at, const char *end)
{
	const char	*digits;

	if (at < end && (*at == '+' || *at == '-'))
		at++;
	for (digits = at; at < end && *at >= '0' && *at <= '9'; at++)
		;
	if (at == digits)
		return false;
	if (at < end && (*at == '.' || *at == ',')) {
		for (digits = ++at; at < end && *at >= '0' && *at <= '9'; at++)
			;
		if (at == digits)
			return false;
	}
	return at == end;
}

/* Would a spreadsheet take the field for a formula, perhaps after leading blanks? */
static bool
is_formula(const char *text, size_t length)
{
	static const char	*const blanks[] = { " ", "\u00a0", "\u3000", "\ufeff" };
	static const char	*const starts[] = {
		"=", "+", "-", "@", "\t", "\r", "\n",
		"\uff1d", "\uff0b", "\uff0d", "\uff20"
	};
	const char	*at = text, *end = text + length, *before;
	size_t		 i, width;

	do {
		before = at;
		for (i = 0; i < sizeof(blanks) / sizeof(blanks[0]); i++) {
			width = strlen(blanks[i]);
			if ((size_t)(end - at) >= width && memcmp(at, blanks[i], width) == 0)
				at += width;
		}
	} while (at != before);
	for (i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		width = strlen(starts[i]);
		if ((size_t)(end - at) >= width && memcmp(at, starts[i], width) == 0)
			return !is_plain_number(at, end);
	}
	return false;
}

/*
 * Must the field get an apostrophe in front? It must also if it is a formula behind apostrophes of
 * its own, so that removing one restores it.
 */
static bool
is_armed(const char *text, size_t length)
{
	size_t own = 0;

	while (own < length && text[own] == '\'')
		own++;
	return is_formula(text + own, length - own);
}

const char *
escape_csv_undo(const char *text)
{
	return *text == '\'' && is_armed(text, strlen(text)) ? text + 1 : text;
}

static void
append_csv(struct buffer *out, const char *text, size_t length)
{
	bool	 is_quoted = false;

	for (size_t i = 0; i < length && !is_quoted; i++)
		is_quoted = text[i] == '"' || text[i] == ',' || text[i] == '\n' || text[i] == '\r';
	if (is_quoted)
		buffer_append_byte(out, '"');
	if (is_armed(text, length))
		buffer_append_byte(out, '\'');
	append_characters(out, ESCAPE_CSV, (const unsigned char *)text, length);
	if (is_quoted)
		buffer_append_byte(out, '"');
}

void
escape_append(struct buffer *out, enum escape_kind kind, const char *text, size_t length)
{
	if (length == 0)
		return;
	if (kind == ESCAPE_CSV)
		append_csv(out, text, length);
	else
		append_characters(out, kind, (const unsigned char *)text, length);
}

static void
append_folded(struct buffer *out, const char *line, size_t length)
{
	size_t	 room = FOLD_OCTETS, cut;

	while (length > room) {
		for (cut = room; cut > 0 && ((unsigned char)line[cut] & 0xc0) == 0x80; cut--)
			;
		if (cut == 0)	/* not UTF-8: no sequence to keep whole */
			cut = room;
		buffer_append(out, line, cut);
		buffer_append_text(out, "\r\n ");
		line += cut;
		length -= cut;
		room = FOLD_OCTETS - 1;
	}
	buffer_append(out, line, length);
	buffer_append_text(out, "\r\n");
}

void
escape_ics_fold(struct buffer *file, size_t from)
{
	struct buffer	 folded = { 0 };
	const char	*at = file->data + from, *end = file->data + file->length, *stop;
	size_t		 length;

	while (at < end) {
		stop = memchr(at, '\n', (size_t)(end - at));
		if (stop == NULL)
			stop = end;
		length = (size_t)(stop - at);
		if (length > 0 && at[length - 1] == '\r')
			length--;
		append_folded(&folded, at, length);
		at = stop < end ? stop + 1 : end;
	}
	file->length = from;
	buffer_append(file, folded.data, folded.length);
	buffer_clear(&folded);
}
