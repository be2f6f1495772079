// SPDX-License-Identifier: ISC
/* export_csv.c: rows as CSV. */
#include <stdlib.h>
#include <string.h>

#include "gen/buffer.h"
#include "gen/escape.h"
#include "gen/export.h"

struct csv_writer {
	FILE		*out;
	size_t		 n_columns;
	/* not written yet: the head, until the first row or the close */
	struct buffer	 line;
};

static void
add_line(struct csv_writer *writer, const char *const *value)
{
	for (size_t i = 0; i < writer->n_columns; i++) {
		if (i > 0)
			buffer_append_byte(&writer->line, ',');
		escape_append(&writer->line, ESCAPE_CSV, value[i], strlen(value[i]));
	}
	buffer_append_text(&writer->line, "\r\n");
}

static enum status
put_line(struct csv_writer *writer)
{
	size_t length = writer->line.length;

	writer->line.length = 0;
	return export_put(writer->out, writer->line.data, length);
}

static void *
csv_open_writer(const struct export_table *table, FILE *out)
{
	struct csv_writer *writer = calloc(1, sizeof *writer);
	const char **names = calloc(table->n_columns + 1, sizeof *names);

	if (writer == NULL || names == NULL)
		buffer_fail();
	writer->out = out;
	writer->n_columns = table->n_columns;
	for (size_t i = 0; i < table->n_columns; i++)
		names[i] = table->columns[i].name;
	if (table->format == EXPORT_EXCEL)
		buffer_append_text(&writer->line, "\xEF\xBB\xBF");
	add_line(writer, names);
	free(names);
	return writer;
}

static enum status
csv_row(void *handle, const char *const *value)
{
	add_line(handle, value);
	return put_line(handle);
}

static enum status
csv_close_writer(void *handle, bool is_whole)
{
	struct csv_writer *writer = handle;
	enum status status = is_whole && writer->line.length > 0 ? put_line(writer) : ST_OK;

	buffer_clear(&writer->line);
	free(writer);
	return status;
}

const struct export_writer export_csv = { csv_open_writer, csv_row, csv_close_writer };
