// SPDX-License-Identifier: ISC
/* import.c: notes, names, columns, and the steps of an import. */
#include "gen/import.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "db/store.h"
#include "gen/clock.h"
#include "gen/import_text.h"

#define SENTENCE_SIZE	1000
#define READ_SIZE	65536
/* how long a check-in may have to wait for us, beside the commit */
#define STEP_MS		100
/* how long the lock is left to others: they try again each millisecond (db/driver.c) */
#define GAP_MS		5

/* ---- notes ---- */

/*
 * Replace characters that could command a terminal by blanks, and drop the rest of a character that
 * was cut off. In place.
 */
static void
make_printable(char *sentence)
{
	const char *at = sentence;
	char *out = sentence;

	for (const char *begin = at;; begin = at) {
		int32_t point = import_next_point(&at);

		if (*begin == '\0')
			break;
		if (point < 0)
			at++;
		else if (point < 0x20 || (point >= 0x7F && point <= 0x9F))
			*out++ = ' ';
		else
			for (; begin < at; begin++)
				*out++ = *begin;
	}
	*out = '\0';
}

static void	note(struct import_notes *notes, size_t line, bool is_bad, const char *format,
		    va_list arguments) __attribute__((format(printf, 4, 0)));

static void
note(struct import_notes *notes, size_t line, bool is_bad, const char *format, va_list arguments)
{
	size_t *count = is_bad ? &notes->n_bad : &notes->n_odd;
	char sentence[SENTENCE_SIZE];
	struct import_note one = { .line = line, .is_bad = is_bad, .sentence = sentence };

	if (notes->is_again && !is_bad)
		return;
	(*count)++;
	if (notes->tell == NULL || (*count > IMPORT_NOTES_MAX && (is_bad || !notes->is_all)))
		return;
	(void)vsnprintf(sentence, sizeof sentence, format, arguments);
	make_printable(sentence);
	notes->tell(notes->handle, &one);
}

void
import_bad(struct import_notes *notes, size_t line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	note(notes, line, true, format, arguments);
	va_end(arguments);
}

void
import_odd(struct import_notes *notes, size_t line, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	note(notes, line, false, format, arguments);
	va_end(arguments);
}

/* ---- names ---- */

bool
import_name(struct import_notes *notes, size_t line, const char *what, const char *text,
    bool may_be_empty, char name[NAME_SIZE], bool *is_repaired)
{
	struct buffer repaired = { 0 };
	const char *shown;
	bool is_empty, is_good;

	import_repair(&repaired, text, is_repaired);
	for (size_t i = 0; i < repaired.length; i++)
		if (strchr("\t\n\r", repaired.data[i]) != NULL)
			repaired.data[i] = ' ';
	shown = buffer_text(&repaired);
	is_empty = shown[strspn(shown, " ")] == '\0';
	name[0] = '\0';
	is_good = (is_empty && may_be_empty) || name_tidy(shown, strlen(shown), name) == ST_OK;
	if (is_empty && !is_good)
		import_bad(notes, line, "There is no %s.", what);
	else if (!is_good)
		import_bad(notes, line, "The %s “%.400s” is not 1 to %d printable characters.",
		    what, shown, NAME_MAX_CHARS);
	buffer_clear(&repaired);
	return is_good;
}

/* ---- options and columns ---- */

/* Trim blanks from both ends of `text`, in place. */
static char *
trim(char *text)
{
	size_t length;

	while (*text == ' ' || *text == '\t' || *text == '\n')
		text++;
	length = strlen(text);
	while (length > 0 && strchr(" \t\n", text[length - 1]) != NULL)
		length--;
	text[length] = '\0';
	return text;
}

enum status
import_list(const char *list, bool (*each)(void *handle, const char *item), void *handle)
{
	const struct csv_row *row;
	struct csv *csv;
	enum status status;

	csv_open_memory(list, strlen(list), ',', &csv);
	status = csv_next(csv, &row);
	if (status == ST_OK && row == NULL)
		(void)each(handle, "");
	for (size_t i = 0; status == ST_OK && row != NULL && i < row->n_field; i++)
		if (!each(handle, trim(row->field[i])))
			break;
	csv_close(csv);
	return status;
}

enum status
import_column(struct import_notes *notes, const struct csv_row *header, const char *name,
    size_t *column)
{
	struct buffer names = { 0 };
	enum status status = csv_column(header, name, column);

	if (status == ST_OK)
		return ST_OK;
	if (status == ST_EXISTS) {
		import_bad(notes, 0, "Several columns are called “%s”. "
		    "Give each its own name in the first line, and import again.", name);
		return ST_USAGE;
	}
	for (size_t i = 0; i < header->n_field; i++)
		buffer_format(&names, "%s“%s”", i == 0 ? "" : ", ", header->field[i]);
	import_bad(notes, 0, "No column is called “%s”. The first line of the file has %s.",
	    name, buffer_text(&names));
	buffer_clear(&names);
	return ST_USAGE;
}

/* The columns found so far. */
struct finding {
	struct import_notes	*notes;
	const struct csv_row	*header;
	size_t			*columns, most, count;
	enum status		 status;
};

static bool
find_one(void *handle, const char *name)
{
	struct finding *finding = handle;

	if (finding->count == finding->most) {
		import_bad(finding->notes, 0, "More than %zu columns are joined into one name.",
		    finding->most);
		finding->status = ST_USAGE;
	} else
		finding->status = import_column(finding->notes, finding->header, name,
		&finding->columns[finding->count++]);
	return finding->status == ST_OK;
}

enum status
import_columns(struct import_notes *notes, const struct csv_row *header, const char *list,
    size_t *columns, size_t most, size_t *count)
{
	struct finding finding = { .notes = notes, .header = header, .columns = columns,
	    .most = most, .status = ST_OK };

	if (csv_column(header, list, &columns[0]) == ST_OK)
		finding.count = 1;
	else if (import_list(list, find_one, &finding) != ST_OK) {
		import_bad(notes, 0, "In the list of columns %s a quote is not closed.", list);
		finding.status = ST_USAGE;
	}
	*count = finding.count;
	return finding.status;
}

enum status
import_header(struct import_notes *notes, struct csv *csv, const struct csv_row **header)
{
	enum status status = csv_next(csv, header);

	if (status != ST_OK)
		import_bad(notes, 0, "%s", csv_why(csv));
	else if (*header == NULL) {
		import_bad(notes, 0, "The file is empty.");
		status = ST_REFUSED;
	}
	return status;
}

void
import_check_row(struct import_notes *notes, const struct csv_row *row)
{
	if (row->n_extra > 0)
		import_odd(notes, row->line,
		    "There are more fields than in the first line of the file; "
		    "%zu at the end are left out. Does a text with a comma lack its quotes?",
		    row->n_extra);
}

enum status
import_group(struct store *store, const char *name, int64_t now, int64_t *id, bool *is_new)
{
	struct group group;
	enum status status = store_group_find(store, name, &group);

	*is_new = status == ST_UNKNOWN;
	if (status == ST_OK)
		*id = group.id;
	return *is_new ? store_group_add(store, name, false, now, id) : status;
}

/* ---- the input, and entering it ---- */

enum status
import_read(struct import_notes *notes, FILE *file, size_t most, struct buffer *text)
{
	size_t length;

	do {
		buffer_reserve(text, READ_SIZE);
		length = fread(text->data + text->length, 1, READ_SIZE, file);
		text->length += length;
	} while (length > 0 && text->length <= most);
	if (ferror(file) != 0) {
		import_bad(notes, 0, "Reading the file failed.");
		return ST_FAULT;
	}
	if (text->length <= most)
		return ST_OK;
	import_bad(notes, 0, "The file is larger than %zu MiB.", most >> 20);
	return ST_REFUSED;
}

/* Go through the input once. Commits what was entered, or rolls the last step back. */
static enum status
enter_once(struct store *store, struct import_notes *notes,
    enum status (*enter)(void *handle, struct store *store), void *handle)
{
	enum status status = store_begin(store);

	notes->began_ms = clock_ms();
	if (status == ST_OK)
		status = enter(handle, store);
	if (status == ST_OK && notes->n_bad > 0)
		status = ST_REFUSED;
	if (status == ST_OK)
		status = store_commit(store);
	if (status != ST_OK && notes->n_bad == 0)
		import_bad(notes, 0, "%s", store_why(store));
	if (status != ST_OK)
		store_rollback(store);
	return status;
}

enum status
import_enter(struct store *store, struct import_notes *notes, bool is_dry_run,
    enum status (*enter)(void *handle, struct store *store), void *handle)
{
	struct store *copy;
	enum status status = store_snapshot(store, &copy);

	if (status != ST_OK) {
		import_bad(notes, 0, "%s", store_why(store));
		return status;
	}
	status = enter_once(copy, notes, enter, handle);
	store_close(copy);
	if (status != ST_OK || is_dry_run)
		return status;
	notes->is_again = true;
	return enter_once(store, notes, enter, handle);
}

enum status
import_step(struct store *store, struct import_notes *notes, size_t done)
{
	const struct timespec gap = { .tv_nsec = GAP_MS * 1000000 };
	enum status status;

	if (!notes->is_again || clock_ms() < notes->began_ms + STEP_MS)
		return ST_OK;
	status = store_commit(store);
	if (status != ST_OK)
		return status;
	notes->n_kept = done;
	nanosleep(&gap, NULL);
	status = store_begin(store);
	notes->began_ms = clock_ms();
	return status;
}
