// SPDX-License-Identifier: ISC
/*
 * export_xlsx.c: rows as a sheet, with libxlsxwriter. The library writes only to a file that it
 * opens by name; we give it a nameless temporary file and copy that at the end, so that a killed
 * process leaves nothing behind. Memory is constant: each row is on disk before the next one.
 *
 * Instants are written as wall time in the run's zone, because a sheet knows no zones; the column
 * "zone" names it.
 */
#include "gen/export.h"

#ifdef HAVE_XLSX

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "gen/buffer.h"

struct xlsx_writer {
	const struct export_table *table;
	FILE		*out;
	FILE		*file;		/* the library's, nameless; NULL when that failed */
	lxw_workbook	*book;		/* NULL when it could not be made */
	lxw_worksheet	*sheet;
	lxw_format	*format[EXPORT_IS_INSTANT + 1];
	lxw_row_t	 row;
	int		 error;		/* errno of a failed open */
};

/* The status for an error of the library. */
static enum status
judge(lxw_error error)
{
	if (error == LXW_NO_ERROR)
		return ST_OK;
	if (error == LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE ||
	    error == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED)
		errno = EFBIG;		/* 1,048,576 rows, 32,767 characters */
	else if (errno == 0)
		errno = EIO;
	return export_failed();
}

static void
write_head(struct xlsx_writer *writer)
{
	static const char *const patterns[] = {
		[EXPORT_IS_DATE] = "yyyy-mm-dd", [EXPORT_IS_TIME] = "hh:mm",
		[EXPORT_IS_INSTANT] = "yyyy-mm-dd hh:mm:ss",
	};
	const struct export_table *table = writer->table;
	lxw_format *head = workbook_add_format(writer->book);

	format_set_bold(head);
	format_set_bottom(head, LXW_BORDER_THIN);
	for (size_t type = EXPORT_IS_DATE; type <= EXPORT_IS_INSTANT; type++) {
		writer->format[type] = workbook_add_format(writer->book);
		format_set_num_format(writer->format[type], patterns[type]);
	}
	writer->sheet = workbook_add_worksheet(writer->book, table->name);
	worksheet_freeze_panes(writer->sheet, 1, (lxw_col_t)table->n_fixed);
	worksheet_repeat_rows(writer->sheet, 0, 0);
	for (size_t i = 0; i < table->n_columns; i++) {
		const struct export_column_about *about = &table->columns[i];

		worksheet_set_column(writer->sheet, (lxw_col_t)i, (lxw_col_t)i, about->width, NULL);
		worksheet_write_string(writer->sheet, 0, (lxw_col_t)i, about->name, head);
	}
}

static void *
xlsx_open(const struct export_table *table, FILE *out)
{
	struct xlsx_writer *writer = calloc(1, sizeof *writer);
	const char *folder = getenv("TMPDIR");
	lxw_workbook_options options = { .constant_memory = LXW_TRUE };
	char path[32];
	int file;

	if (writer == NULL)
		buffer_fail();
	writer->table = table;
	writer->out = out;
	if (folder == NULL || *folder == '\0')
		folder = P_tmpdir;
	options.tmpdir = (char *)(uintptr_t)folder;		/* the library only reads it */
	file = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (file >= 0)
		writer->file = fdopen(file, "rb");
	if (writer->file != NULL) {
		snprintf(path, sizeof path, "/proc/self/fd/%d", file);
		errno = 0;
		writer->book = workbook_new_opt(path, &options);
	}
	writer->error = errno;
	if (writer->book != NULL)
		write_head(writer);
	return writer;
}

/* The number that the `count` digits at `text` write. */
static int
digits(const char *text, int count)
{
	int number = 0;

	while (count-- > 0)
		number = number * 10 + (*text++ - '0');
	return number;
}

static lxw_error
write_cell(struct xlsx_writer *writer, size_t i, const char *value)
{
	enum export_type type = writer->table->columns[i].type;
	lxw_datetime at = { 0 };

	if (*value == '\0')
		return LXW_NO_ERROR;
	if (type == EXPORT_IS_NUMBER)
		return worksheet_write_number(writer->sheet, writer->row, (lxw_col_t)i,
		    strtod(value, NULL), NULL);
	if (type == EXPORT_IS_TEXT)
		return worksheet_write_string(writer->sheet, writer->row, (lxw_col_t)i, value,
		    NULL);
	if (type == EXPORT_IS_TIME) {
		at.hour = digits(value, 2);
		at.min = digits(value + 3, 2);
	} else {
		at.year = digits(value, 4);
		at.month = digits(value + 5, 2);
		at.day = digits(value + 8, 2);
	}
	if (type == EXPORT_IS_INSTANT) {
		at.hour = digits(value + 11, 2);
		at.min = digits(value + 14, 2);
		at.sec = digits(value + 17, 2);
	}
	return worksheet_write_datetime(writer->sheet, writer->row, (lxw_col_t)i, &at,
	    writer->format[type]);
}

static enum status
xlsx_row(void *handle, const char *const *value)
{
	struct xlsx_writer *writer = handle;
	lxw_error error = LXW_NO_ERROR;

	if (writer->book == NULL) {
		errno = writer->error;
		return export_failed();
	}
	errno = 0;
	writer->row++;
	for (size_t i = 0; i < writer->table->n_columns && error == LXW_NO_ERROR; i++)
		error = write_cell(writer, i, value[i]);
	return judge(error);
}

/* Copy the library's file to ours. */
static enum status
copy_file(struct xlsx_writer *writer)
{
	char chunk[65536];
	size_t length;
	enum status status = ST_OK;

	while (status == ST_OK && (length = fread(chunk, 1, sizeof chunk, writer->file)) > 0)
		status = export_put(writer->out, chunk, length);
	if (status == ST_OK && ferror(writer->file) != 0)
		status = export_failed();
	return status;
}

static enum status
xlsx_close(void *handle, bool is_whole)
{
	struct xlsx_writer *writer = handle;
	enum status status;
	int error;

	errno = 0;
	if (writer->book != NULL) {
		if (is_whole && writer->row > 0)
			worksheet_autofilter(writer->sheet, 0, 0, writer->row,
			    (lxw_col_t)(writer->table->n_columns - 1));
		status = judge(workbook_close(writer->book));
	} else {
		errno = writer->error;
		status = export_failed();
	}
	if (status == ST_OK && is_whole)
		status = copy_file(writer);
	error = errno;
	if (writer->file != NULL)
		(void)fclose(writer->file);	/* only read from */
	free(writer);
	errno = error;
	return status;
}

const struct export_writer export_xlsx = { xlsx_open, xlsx_row, xlsx_close };

#endif
