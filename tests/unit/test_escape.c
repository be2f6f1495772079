// SPDX-License-Identifier: ISC
/* test_escape.c: a table of what each kind of file needs; folding; kinds by file name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../../gen/escape.h"

#define FFFD	"\xef\xbf\xbd"
#define TEXT(text)	text, sizeof(text) - 1

static const struct {
	enum escape_kind	 kind;
	const char		*text;
	size_t			 length;
	const char		*expected;
} cases[] = {
	{ ESCAPE_NONE, TEXT("a<b>&\"'\\,;\n\x01"), "a<b>&\"'\\,;\n\x01" },
	{ ESCAPE_NONE, TEXT(""), "" },
	{ ESCAPE_HTML, TEXT("a<b>&\"'c"), "a&lt;b&gt;&amp;&quot;&#39;c" },
	{ ESCAPE_HTML, TEXT("&amp;"), "&amp;amp;" },
	{ ESCAPE_HTML, TEXT("Ödön 日本 🏃"), "Ödön 日本 🏃" },
	{ ESCAPE_HTML, TEXT("a\0b"), "a" FFFD "b" },
	{ ESCAPE_HTML, TEXT("tab\tline\n"), "tab\tline\n" },
	{ ESCAPE_XML, TEXT("a<b>&\"'c"), "a&lt;b&gt;&amp;&quot;&#39;c" },
	{ ESCAPE_XML, TEXT("a\0b\x01" "c\x1f" "d\x0b" "e\tf\n\x7f"), "abcde\tf\n\x7f" },
	{ ESCAPE_XML, TEXT("a\uFFFE\uFFFF\uFFFDb"), "a" FFFD "b" },
	{ ESCAPE_JSON, TEXT("\"\\/\b\f\n\r\t"), "\\\"\\\\/\\b\\f\\n\\r\\t" },
	{ ESCAPE_JSON, TEXT("a\0b\x01\x1f\x7f"), "a\\u0000b\\u0001\\u001f\x7f" },
	{ ESCAPE_JSON, TEXT("</script>&'"), "\\u003c/script>&'" },
	{ ESCAPE_JSON, TEXT("a\u2028b\u2029c\u2027"), "a\\u2028b\\u2029c\u2027" },
	/* Broken UTF-8, in every kind */
	{ ESCAPE_NONE, TEXT("a\xff" "b"), "a" FFFD "b" },
	{ ESCAPE_HTML, TEXT("\x80"), FFFD },
	{ ESCAPE_HTML, TEXT("\xc0\xaf"), FFFD FFFD },
	{ ESCAPE_HTML, TEXT("\xe2\x82"), FFFD },
	{ ESCAPE_HTML, TEXT("\xe2\x82<"), FFFD "&lt;" },
	{ ESCAPE_XML, TEXT("\xed\xa0\x80"), FFFD FFFD FFFD },
	{ ESCAPE_JSON, TEXT("\xf0\x9f\x8f"), FFFD },
	{ ESCAPE_JSON, TEXT("\xf4\x90\x80\x80"), FFFD FFFD FFFD FFFD },
	{ ESCAPE_JSON, TEXT("\xe0\x80\x80\xf5\xc3"), FFFD FFFD FFFD FFFD FFFD },
	{ ESCAPE_CSV, TEXT("a\xff,"), "\"a" FFFD ",\"" },
	{ ESCAPE_ICS, TEXT("a\xff"), "a" FFFD },
	/* CSV */
	{ ESCAPE_CSV, TEXT(""), "" },
	{ ESCAPE_CSV, TEXT("plain text; with 'marks'"), "plain text; with 'marks'" },
	{ ESCAPE_CSV, TEXT("a,b"), "\"a,b\"" },
	{ ESCAPE_CSV, TEXT("say \"hi\""), "\"say \"\"hi\"\"\"" },
	{ ESCAPE_CSV, TEXT("two\nlines"), "\"two\nlines\"" },
	{ ESCAPE_CSV, TEXT("two\rlines"), "\"two\rlines\"" },
	{ ESCAPE_CSV, TEXT("a\0b"), "ab" },
	{ ESCAPE_CSV, TEXT("=1+1"), "'=1+1" },
	{ ESCAPE_CSV, TEXT("=HYPERLINK(\"x\",1)"), "\"'=HYPERLINK(\"\"x\"\",1)\"" },
	{ ESCAPE_CSV, TEXT("+1+1"), "'+1+1" },
	{ ESCAPE_CSV, TEXT("-1-1"), "'-1-1" },
	{ ESCAPE_CSV, TEXT("-"), "'-" },
	{ ESCAPE_CSV, TEXT("-1."), "'-1." },
	{ ESCAPE_CSV, TEXT("@SUM(A1)"), "'@SUM(A1)" },
	{ ESCAPE_CSV, TEXT("\tx"), "'\tx" },
	{ ESCAPE_CSV, TEXT("\rx"), "\"'\rx\"" },
	{ ESCAPE_CSV, TEXT("  =1"), "'  =1" },
	{ ESCAPE_CSV, TEXT("\u00a0 \u3000=1"), "'\u00a0 \u3000=1" },
	{ ESCAPE_CSV, TEXT("＝1"), "'＝1" },
	{ ESCAPE_CSV, TEXT("＋1"), "'＋1" },
	{ ESCAPE_CSV, TEXT(" －1"), "' －1" },
	{ ESCAPE_CSV, TEXT("＠x"), "'＠x" },
	{ ESCAPE_CSV, TEXT("-3"), "-3" },
	{ ESCAPE_CSV, TEXT("+1.5"), "+1.5" },
	{ ESCAPE_CSV, TEXT("-1,5"), "\"-1,5\"" },
	{ ESCAPE_CSV, TEXT("a=b"), "a=b" },
	/* iCalendar */
	{ ESCAPE_ICS, TEXT("a\\b;c,d:e\"f"), "a\\\\b\\;c\\,d:e\"f" },
	{ ESCAPE_ICS, TEXT("1\n2\r\n3\r4"), "1\\n2\\n3\\n4" },
	{ ESCAPE_ICS, TEXT("a\0b\x01\x1f\x7f\tc"), "ab\tc" },
};

static void
test_escape_append(void **state)
{
	size_t	failed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buffer	 out = { 0 };
		char		*exact = malloc(cases[i].length + 1);

		assert_non_null(exact);
		/* The end of the block is the end of the text: reading on is seen. */
		memcpy(exact + 1, cases[i].text, cases[i].length);
		escape_append(&out, cases[i].kind, exact + 1, cases[i].length);
		if (strcmp(buffer_text(&out), cases[i].expected) != 0 ||
		    strlen(cases[i].expected) != out.length) {
			print_error("kind %d, %s: expected %s, got %s\n", (int)cases[i].kind,
			    cases[i].text, cases[i].expected, buffer_text(&out));
			failed++;
		}
		buffer_clear(&out);
		free(exact);
	}
	assert_int_equal(failed, 0);
}

static void
test_kind_of(void **state)
{
	static const struct {
		const char		*path;
		enum escape_kind	 kind;
	} kinds[] = {
		{ "templates/pages/run.html", ESCAPE_HTML }, { "a.HTML", ESCAPE_HTML },
		{ "feed.atom", ESCAPE_XML }, { "map.xml", ESCAPE_XML }, { "qr.svg", ESCAPE_XML },
		{ "live/RUN.json", ESCAPE_JSON }, { "app.webmanifest", ESCAPE_JSON },
		{ "history.csv", ESCAPE_CSV }, { "calendar.ics", ESCAPE_ICS },
		{ "robots.txt", ESCAPE_NONE }, { "html", ESCAPE_NONE },
		{ "x.html/robots", ESCAPE_NONE },
		{ "", ESCAPE_NONE }, { "a.html.", ESCAPE_NONE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		assert_int_equal(escape_kind_of(kinds[i].path), kinds[i].kind);
}

/* `text` folded; the caller clears it. */
static struct buffer
fold(const char *text)
{
	struct buffer	file = { 0 };

	buffer_append_text(&file, "before\n");		/* stays as it is */
	buffer_append_text(&file, text);
	escape_ics_fold(&file, strlen("before\n"));
	assert_memory_equal(file.data, "before\n", strlen("before\n"));
	file.length -= strlen("before\n");
	memmove(file.data, file.data + strlen("before\n"), file.length);
	(void)buffer_text(&file);
	return file;
}

static void
test_fold_lines(void **state)
{
	static const struct {
		const char	*text, *expected;
	} lines[] = {
		{ "", "" },
		{ "A:1\nB:2\n", "A:1\r\nB:2\r\n" },
		{ "A:1\r\nB:2", "A:1\r\nB:2\r\n" },
		{ "A:1\n\nB:2\n", "A:1\r\n\r\nB:2\r\n" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct buffer	folded = fold(lines[i].text);

		assert_string_equal(folded.data, lines[i].expected);
		buffer_clear(&folded);
	}
}

/* Lines of 0 to 400 octets of each width of character: none too long, none cut inside one. */
static void
test_fold_width(void **state)
{
	static const char	*const characters[] = { "x", "ö", "日", "🏃" };

	(void)state;
	for (size_t width = 1; width <= 4; width++) {
		struct buffer	line = { 0 };

		for (size_t octets = 0; octets <= 400; octets += width) {
			struct buffer	folded = fold(buffer_text(&line)), unfolded = { 0 };
			const char	*at = folded.data, *stop;

			while ((stop = strstr(at, "\r\n")) != NULL) {
				assert_true(stop - at <= 75);
				assert_true(at == folded.data || at[0] == ' ');
				at += at != folded.data;
				assert_true(((unsigned char)at[0] & 0xc0) != 0x80);
				buffer_append(&unfolded, at, (size_t)(stop - at));
				at = stop + 2;
			}
			assert_string_equal(at, "");
			assert_string_equal(buffer_text(&unfolded), buffer_text(&line));
			/* As few lines as the width allows. */
			assert_true(folded.length <= octets + 2 + 3 * (octets / (75 - width)));
			buffer_clear(&folded);
			buffer_clear(&unfolded);
			buffer_append_text(&line, characters[width - 1]);
		}
		buffer_clear(&line);
	}
}

int
main(void)
{
	const struct CMUnitTest	tests[] = {
		cmocka_unit_test(test_escape_append),
		cmocka_unit_test(test_kind_of),
		cmocka_unit_test(test_fold_lines),
		cmocka_unit_test(test_fold_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
