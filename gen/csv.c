// SPDX-License-Identifier: ISC
/*
 * csv.c: a state machine over bytes. Bytes arrive in `input`; the fields of one record are
 * collected in `record`, one after another, each followed by a NUL.
 */
#include "gen/csv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/name.h"
#include "gen/buffer.h"

#define CHUNK		65536	/* bytes to ask of `read` at a time */
#define WHY_SIZE	320

enum { TAKEN_END = -1, TAKEN_FAULT = -2 };

struct csv {
	bool		(*read)(void *, char *, size_t, size_t *);
	void		*handle;
	struct buffer	 input;
	size_t		 position;		/* of the next byte in `input` */
	bool		 is_read;		/* `read` has come to its end */
	char		 separator;
	size_t		 line, column;		/* those of the last byte taken */
	bool		 is_line_next;		/* that byte was a line break */
	int		 tail;			/* bytes that its UTF-8 sequence still lacks */
	unsigned char	 tail_low, tail_high;	/* range of the next one */
	enum status	 status;		/* anything but ST_OK is final */
	struct buffer	 record;
	size_t		 n_header;		/* 0: the header was not read yet */
	size_t		 offset[CSV_COLUMNS_MAX];
	char		*field[CSV_COLUMNS_MAX];
	struct csv_row	 row;
	char		 why[WHY_SIZE];
	const char	*text;			/* what csv_open_memory has left to read */
	size_t		 text_length;
};

void
csv_open(bool (*read)(void *, char *, size_t, size_t *), void *handle, char separator,
    struct csv **csv)
{
	*csv = calloc(1, sizeof **csv);
	if (*csv == NULL)
		buffer_fail();
	(*csv)->read = read;
	(*csv)->handle = handle;
	(*csv)->separator = separator;
	(*csv)->line = 1;
	(*csv)->status = ST_OK;
}

void
csv_close(struct csv *csv)
{
	if (csv == NULL)
		return;
	buffer_clear(&csv->input);
	buffer_clear(&csv->record);
	free(csv);
}

const char *
csv_why(const struct csv *csv)
{
	return csv->why;
}

/* ---- where bytes come from ---- */

static bool
read_memory(void *handle, char *buffer, size_t size, size_t *length)
{
	struct csv *csv = handle;

	*length = csv->text_length < size ? csv->text_length : size;
	if (*length > 0)
		memcpy(buffer, csv->text, *length);
	csv->text += *length;
	csv->text_length -= *length;
	return true;
}

void
csv_open_memory(const char *text, size_t length, char separator, struct csv **csv)
{
	csv_open(read_memory, NULL, separator, csv);
	(*csv)->handle = *csv;
	(*csv)->text = text;
	(*csv)->text_length = length;
}

/* Reading ends here: keep the status and why. */
static enum status	refuse(struct csv *csv, enum status status, const char *format, ...)
			    __attribute__((format(printf, 3, 4)));

static enum status
refuse(struct csv *csv, enum status status, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	(void)vsnprintf(csv->why, sizeof csv->why, format, arguments);
	va_end(arguments);
	csv->status = status;
	return status;
}

/* Add another chunk to `input`. */
static enum status
fill(struct csv *csv)
{
	size_t length;

	buffer_reserve(&csv->input, CHUNK);
	if (!csv->read(csv->handle, csv->input.data + csv->input.length, CHUNK, &length))
		return refuse(csv, ST_FAULT, "Reading failed after line %zu.", csv->line);
	csv->input.length += length;
	csv->is_read = length == 0;
	return ST_OK;
}

/* Have at least `count` unread bytes in `input`, or fewer at the end of the file. */
static enum status
read_ahead(struct csv *csv, size_t count)
{
	while (csv->input.length - csv->position < count && !csv->is_read)
		if (fill(csv) != ST_OK)
			return csv->status;
	return ST_OK;
}

/* Skip a byte order mark; refuse UTF-16. */
static enum status
read_mark(struct csv *csv)
{
	const char *text;
	size_t length;

	if (read_ahead(csv, 3) != ST_OK)
		return csv->status;
	text = csv->input.data;
	length = csv->input.length;
	if (length >= 2 && (memcmp(text, "\xFF\xFE", 2) == 0 || memcmp(text, "\xFE\xFF", 2) == 0))
		return refuse(csv, ST_REFUSED,
		    "The file is UTF-16. Save the sheet as “CSV UTF-8” and import that.");
	if (length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		csv->position = 3;
	return ST_OK;
}

/*
 * Take the separator that occurs most often in the first record, outside quotes. When two are
 * equal, the one that is rarer in prose wins: tab, then semicolon.
 */
static enum status
find_separator(struct csv *csv)
{
	static const char candidates[] = "\t;,";
	size_t count[3] = { 0 }, best = 2;
	bool is_quoted = false, is_begun = false;
	char before = ',';

	for (size_t i = csv->position;; i++) {
		const char *found;
		char byte;

		if (i >= CSV_RECORD_MAX || read_ahead(csv, i - csv->position + 1) != ST_OK ||
		    i >= csv->input.length)
			break;
		byte = csv->input.data[i];
		if (byte == '"' && (is_quoted || before == '"' ||
		    strchr(candidates, before) != NULL))
			is_quoted = !is_quoted;
		else if (!is_quoted && (byte == '\n' || byte == '\r')) {
			if (is_begun)
				break;
			before = ',';
			continue;
		}
		else if (!is_quoted && byte != '\0' && (found = strchr(candidates, byte)) != NULL)
			count[found - candidates]++;
		is_begun = true;
		before = byte == '\0' ? ' ' : byte;
	}
	for (size_t i = 3; i-- > 0;)
		if (count[i] > 0 && count[i] >= count[best])
			best = i;
	csv->separator = candidates[best];
	return csv->status;
}

/* Does `byte` continue valid UTF-8 (Unicode 15, table 3-7)? */
static bool
step_utf8(struct csv *csv, unsigned char byte)
{
	if (csv->tail > 0) {
		if (byte < csv->tail_low || byte > csv->tail_high)
			return false;
		csv->tail--;
	} else if (byte >= 0xF0 && byte <= 0xF4)
		csv->tail = 3;
	else if (byte >= 0xE0 && byte < 0xF0)
		csv->tail = 2;
	else if (byte >= 0xC2 && byte < 0xE0)
		csv->tail = 1;
	else if (byte >= 0x80)
		return false;
	csv->tail_low = byte == 0xE0 ? 0xA0 : byte == 0xF0 ? 0x90 : 0x80;
	csv->tail_high = byte == 0xED ? 0x9F : byte == 0xF4 ? 0x8F : 0xBF;
	return true;
}

static enum status
refuse_encoding(struct csv *csv)
{
	return refuse(csv, ST_REFUSED, "Line %zu, column %zu: this is not UTF-8. "
	    "Save the sheet as “CSV UTF-8” and import that.", csv->line, csv->column);
}

/* Take the next byte, any line break as LF; or TAKEN_END or TAKEN_FAULT. */
static int
take(struct csv *csv)
{
	unsigned char byte;

	if (csv->position == csv->input.length) {
		csv->input.length = csv->position = 0;
		if (read_ahead(csv, 1) != ST_OK)
			return TAKEN_FAULT;
	}
	if (csv->input.length == 0) {
		if (csv->tail == 0)
			return TAKEN_END;
		(void)refuse_encoding(csv);
		return TAKEN_FAULT;
	}
	byte = (unsigned char)csv->input.data[csv->position++];
	if (csv->is_line_next) {
		csv->line++;
		csv->column = 0;
		csv->is_line_next = false;
	}
	if (csv->tail == 0)
		csv->column++;
	if (!step_utf8(csv, byte)) {
		(void)refuse_encoding(csv);
		return TAKEN_FAULT;
	}
	if (byte == '\0') {
		(void)refuse(csv, ST_REFUSED,
		    "Line %zu, column %zu: a NUL byte. This is not a text file; "
		    "save the sheet as CSV and import that.", csv->line, csv->column);
		return TAKEN_FAULT;
	}
	if (byte == '\r') {
		if (read_ahead(csv, 1) != ST_OK)
			return TAKEN_FAULT;
		if (csv->position < csv->input.length && csv->input.data[csv->position] == '\n')
			csv->position++;
		byte = '\n';
	}
	csv->is_line_next = byte == '\n';
	return byte;
}

/* The current field is complete; the next one begins after it. */
static enum status
end_field(struct csv *csv)
{
	buffer_append_byte(&csv->record, '\0');
	if (csv->row.n_field == CSV_COLUMNS_MAX)
		return refuse(csv, ST_REFUSED, "Line %zu: more than %d fields.", csv->row.line,
		    CSV_COLUMNS_MAX);
	csv->row.n_field++;
	if (csv->row.n_field < CSV_COLUMNS_MAX)
		csv->offset[csv->row.n_field] = csv->record.length;
	return ST_OK;
}

static enum status
add_byte(struct csv *csv, int byte)
{
	if (csv->record.length >= CSV_RECORD_MAX)
		return refuse(csv, ST_REFUSED,
		    "Line %zu: the record that starts here is longer than %d bytes. "
		    "Is a quote missing its end?", csv->row.line, CSV_RECORD_MAX);
	buffer_append_byte(&csv->record, (char)byte);
	return ST_OK;
}

/*
 * Read the rest of a quoted field, whose opening quote was taken. *byte is what follows the closing
 * quote: a separator, LF or TAKEN_END.
 */
static enum status
read_quoted(struct csv *csv, int *byte)
{
	size_t line = csv->line, column = csv->column;

	for (;;) {
		*byte = take(csv);
		if (*byte == '"') {
			*byte = take(csv);
			if (*byte != '"')
				break;
		}
		if (*byte == TAKEN_FAULT)
			return csv->status;
		if (*byte == TAKEN_END)
			return refuse(csv, ST_REFUSED,
			    "Line %zu, column %zu: this quote is never closed.", line, column);
		if (add_byte(csv, *byte) != ST_OK)
			return csv->status;
	}
	if (*byte == TAKEN_FAULT)
		return csv->status;
	if (*byte != csv->separator && *byte != '\n' && *byte != TAKEN_END)
		return refuse(csv, ST_REFUSED, "Line %zu, column %zu: text after a closing quote. "
		    "A quote inside a quoted field is written twice.", csv->line, csv->column);
	return ST_OK;
}

/* Read one field; *byte is what ended it: the separator, LF or TAKEN_END. */
static enum status
read_field(struct csv *csv, int *byte)
{
	*byte = take(csv);
	if (csv->row.n_field == 0 && csv->record.length == 0)
		csv->row.line = csv->line;
	if (*byte == '"') {
		if (read_quoted(csv, byte) != ST_OK)
			return csv->status;
		return end_field(csv);
	}
	for (; *byte != csv->separator && *byte != '\n' && *byte != TAKEN_END; *byte = take(csv))
		if (*byte == TAKEN_FAULT || add_byte(csv, *byte) != ST_OK)
			return csv->status;
	return end_field(csv);
}

/* Read one record, even an empty one; *is_end when there was none left. */
static enum status
read_record(struct csv *csv, bool *is_end)
{
	int byte;

	csv->record.length = 0;
	csv->row.n_field = 0;
	csv->offset[0] = 0;
	do {
		if (read_field(csv, &byte) != ST_OK)
			return csv->status;
	} while (byte == csv->separator);
	*is_end = byte == TAKEN_END && csv->record.length == 1;
	return ST_OK;
}

/* Give the record as many fields as the header has. */
static void
lay_out(struct csv *csv)
{
	size_t n_read = csv->row.n_field;

	if (csv->n_header == 0)
		csv->n_header = n_read;
	csv->row.n_field = csv->n_header;
	csv->row.field = csv->field;
	csv->row.n_extra = 0;
	for (size_t i = 0; i < n_read || i < csv->n_header; i++) {
		char *field = csv->record.data + (i < n_read ? csv->offset[i]
		    : csv->record.length - 1);

		if (i < csv->n_header)
			csv->field[i] = field;
		else if (*field != '\0')
			csv->row.n_extra++;
	}
}

enum status
csv_next(struct csv *csv, const struct csv_row **row)
{
	bool is_end = false;

	*row = NULL;
	if (csv->status != ST_OK)
		return csv->status;
	if (csv->n_header == 0 && read_mark(csv) != ST_OK)
		return csv->status;
	if (csv->separator == 0 && find_separator(csv) != ST_OK)
		return csv->status;
	do {
		if (read_record(csv, &is_end) != ST_OK)
			return csv->status;
	} while (!is_end && csv->record.length == csv->row.n_field);	/* only NULs */
	if (!is_end) {
		lay_out(csv);
		*row = &csv->row;
	}
	return ST_OK;
}

/* Do both names fold to the same key? */
static bool
is_alike(const char *left, const char *right)
{
	char left_folded[NAME_FOLD_SIZE], right_folded[NAME_FOLD_SIZE];

	return name_fold(left, left_folded) == ST_OK && name_fold(right, right_folded) == ST_OK &&
	    strcmp(left_folded, right_folded) == 0;
}

enum status
csv_column(const struct csv_row *header, const char *name, size_t *column)
{
	size_t count = 0;

	for (int is_folded = 0; is_folded < 2 && count == 0; is_folded++)
		for (size_t i = 0; i < header->n_field; i++)
			if (is_folded ? is_alike(header->field[i], name)
			    : strcmp(header->field[i], name) == 0) {
				if (count++ == 0)
					*column = i;
			}
	return count == 0 ? ST_UNKNOWN : count == 1 ? ST_OK : ST_EXISTS;
}
