// SPDX-License-Identifier: ISC
/* listing.c: see listing.h. */
#include "gen/listing.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "gen/buffer.h"

#define COLUMNS_MAX	16

json_t *
listing_pack(const char *format, ...)
{
	json_error_t error;
	json_t *value;
	va_list arguments;

	va_start(arguments, format);
	value = json_vpack_ex(&error, 0, format, arguments);
	va_end(arguments);
	if (value == NULL && json_error_code(&error) == json_error_out_of_memory)
		buffer_fail();
	if (value == NULL) {
		fprintf(stderr, "turnout: a fault of the program: %s.\n", error.text);
		abort();
	}
	return value;
}

void
listing_json(FILE *out, const json_t *value)
{
	/* A failed write leaves ferror(out) set, which the end of the program checks. */
	(void)json_dumpf(value, out,
	    JSON_INDENT(2) | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(15));
	(void)putc('\n', out);
}

/* Read one code point at `text`; *width is its cells. Returns its length in bytes. */
static size_t
read_character(const char *text, int *width, bool *is_control)
{
	utf8proc_int32_t code;
	utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &code);

	if (length <= 0) {		/* not UTF-8: take a single byte */
		*is_control = true;
		*width = 1;
		return 1;
	}
	*is_control = utf8proc_category(code) == UTF8PROC_CATEGORY_CC;
	*width = *is_control ? 1 : utf8proc_charwidth(code);
	return (size_t)length;
}

static size_t
text_width(const char *text)
{
	size_t width = 0;
	bool is_control;
	int cells;

	while (*text != '\0') {
		text += read_character(text, &cells, &is_control);
		width += (size_t)cells;
	}
	return width;
}

static void
print_text(FILE *out, const char *text)
{
	bool is_control;
	size_t length;
	int cells;

	for (; *text != '\0'; text += length) {
		length = read_character(text, &cells, &is_control);
		if (is_control)
			putc('?', out);
		else
			fwrite(text, 1, length, out);
	}
}

/* The text that a cell shows; `number` is room for digits. */
static const char *
cell_text(const json_t *value, char number[32])
{
	if (json_is_true(value))
		return "yes";
	if (json_is_false(value))
		return "no";
	if (json_is_integer(value)) {
		snprintf(number, 32, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
		return number;
	}
	if (json_is_real(value)) {
		snprintf(number, 32, "%.6g", json_real_value(value));
		return number;
	}
	return json_string_length(value) > 0 ? json_string_value(value) : "-";
}

static void
print_cell(FILE *out, const char *text, size_t width, bool is_right, bool is_last)
{
	size_t blanks = width - text_width(text);

	if (is_right)
		fprintf(out, "%*s", (int)blanks, "");
	print_text(out, text);
	if (!is_right && !is_last)
		fprintf(out, "%*s", (int)blanks, "");
	if (!is_last)
		fputs("  ", out);
}

void
listing_table(FILE *out, const json_t *rows, const struct listing_column *columns)
{
	size_t width[COLUMNS_MAX], n, i, j, cells;
	bool is_right[COLUMNS_MAX];
	char number[32];
	const json_t *value;
	json_t *row;

	if (json_array_size(rows) == 0)
		return;
	for (n = 0; columns[n].key != NULL && n < COLUMNS_MAX; n++) {
		width[n] = text_width(columns[n].heading);
		is_right[n] = true;
		json_array_foreach(rows, i, row) {
			value = json_object_get(row, columns[n].key);
			cells = text_width(cell_text(value, number));
			width[n] = cells > width[n] ? cells : width[n];
			is_right[n] &= json_is_number(value) || json_is_null(value);
		}
	}
	for (j = 0; j < n; j++)
		print_cell(out, columns[j].heading, width[j], is_right[j], j + 1 == n);
	putc('\n', out);
	json_array_foreach(rows, i, row) {
		for (j = 0; j < n; j++) {
			value = json_object_get(row, columns[j].key);
			print_cell(out, cell_text(value, number), width[j], is_right[j],
			    j + 1 == n);
		}
		putc('\n', out);
	}
}
