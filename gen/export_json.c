// SPDX-License-Identifier: ISC
/* export_json.c: rows as an array of objects, one a line. */
#include <stdlib.h>
#include <string.h>

#include "gen/buffer.h"
#include "gen/escape.h"
#include "gen/export.h"

struct json_writer {
	const struct export_table *table;
	FILE		*out;
	bool		 is_begun;
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

static enum status
json_row(void *handle, const char *const *value)
{
	struct json_writer *writer = handle;
	struct buffer *line = &writer->line;

	line->length = 0;
	buffer_append_text(line, writer->is_begun ? ",\n{" : "[\n{");
	writer->is_begun = true;
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
	const char *end = writer->is_begun ? "\n]\n" : "[]\n";
	enum status status = is_whole ? export_put(writer->out, end, strlen(end)) : ST_OK;

	buffer_clear(&writer->line);
	free(writer);
	return status;
}

const struct export_writer export_json = { json_open_writer, json_row, json_close_writer };
