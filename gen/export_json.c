// SPDX-License-Identifier: ISC
/*
 * export_json.c: rows as an array of objects, one a line; a single page stands in an object that
 * says which page of how many it is.
 */
#include <stdlib.h>
#include <string.h>

#include "gen/buffer.h"
#include "gen/escape.h"
#include "gen/export.h"

struct json_writer {
	const struct export_table *table;
	FILE		*out;
	bool		 is_begun;	/* the head is in `line` or written */
	size_t		 n_rows;
	struct buffer	 line;
};

static void *
json_open_writer(const struct export_table *table, FILE *out)
{
	struct json_writer *writer = calloc(1, sizeof *writer);

	if (writer == NULL)
		buffer_fail();
	writer->table = table;
	writer->out = out;
	return writer;
}

/* Write the head, before the first row or at the close. */
static void
begin(struct json_writer *writer)
{
	if (!writer->is_begun)
		buffer_append_text(&writer->line,
		    writer->table->paged != NULL ? "{\"rows\": [" : "[");
	writer->is_begun = true;
}

static enum status
json_row(void *handle, const char *const *value)
{
	struct json_writer *writer = handle;
	struct buffer *line = &writer->line;

	line->length = 0;
	begin(writer);
	buffer_append_text(line, writer->n_rows++ == 0 ? "\n{" : ",\n{");
	for (size_t i = 0; i < writer->table->n_columns; i++) {
		buffer_format(line, "%s\"%s\":", i > 0 ? "," : "", writer->table->columns[i].name);
		if (writer->table->columns[i].type == EXPORT_IS_NUMBER) {
			buffer_append_text(line, *value[i] == '\0' ? "null" : value[i]);
			continue;
		}
		buffer_append_byte(line, '"');
		escape_append(line, ESCAPE_JSON, value[i], strlen(value[i]));
		buffer_append_byte(line, '"');
	}
	buffer_append_byte(line, '}');
	return export_put(writer->out, line->data, line->length);
}

static enum status
json_close_writer(void *handle, bool is_whole)
{
	struct json_writer *writer = handle;
	const struct export_request *request = writer->table->paged;
	struct buffer *line = &writer->line;
	enum status status = ST_OK;

	line->length = 0;
	begin(writer);
	buffer_append_text(line, writer->n_rows > 0 ? "\n]" : "]");
	if (request != NULL)
		buffer_format(line, ", \"page\": %zu, \"per_page\": %zu, \"pages\": %zu, "
		    "\"total\": %zu}", request->page, request->per_page,
		    (request->total + request->per_page - 1) / request->per_page, request->total);
	buffer_append_byte(line, '\n');
	if (is_whole)
		status = export_put(writer->out, line->data, line->length);
	buffer_clear(line);
	free(writer);
	return status;
}

const struct export_writer export_json = { json_open_writer, json_row, json_close_writer };
