// SPDX-License-Identifier: ISC
/* export.c: one line of the register after another, through a buffer, to the file. */
#include "gen/export.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "core/wall.h"
#include "gen/buffer.h"
#include "gen/escape.h"

#define N_COLUMN	12

static const char *const columns[N_COLUMN] = {
	"date", "start", "end", "zone", "group", "title", "place", "person", "status", "since", "proof", "session",
};

/* One export. */
struct export {
	enum export_format format;
	FILE		*out;
	struct buffer	 line;
	size_t		 lines;
	enum status	 status;
	int		 error;		/* errno of the write that failed */
};

/* A write has just failed: that ends the export. */
static void
fail(struct export *export)
{
	export->error = errno;
	export->status = errno == ENOSPC || errno == EDQUOT ? ST_FULL : ST_FAULT;
}

static void
write_line(struct export *export)
{
	errno = 0;
	if (fwrite(export->line.data, 1, export->line.length, export->out) != export->line.length)
		fail(export);
	export->line.length = 0;
}

static void
add_csv(struct buffer *line, const char *const value[N_COLUMN])
{
	for (size_t i = 0; i < N_COLUMN; i++) {
		if (i > 0)
			buffer_append_byte(line, ',');
		escape_append(line, ESCAPE_CSV, value[i], strlen(value[i]));
	}
	buffer_append_text(line, "\r\n");
}

static void
add_json(struct buffer *line, bool is_first, const char *const value[N_COLUMN])
{
	buffer_append_text(line, is_first ? "\n{" : ",\n{");
	for (size_t i = 0; i < N_COLUMN; i++) {
		buffer_format(line, "%s\"%s\":\"", i > 0 ? "," : "", columns[i]);
		escape_append(line, ESCAPE_JSON, value[i], strlen(value[i]));
		buffer_append_byte(line, '"');
	}
	buffer_append_byte(line, '}');
}

static bool
add_line(void *handle, const struct register_line *line)
{
	struct export *export = handle;
	char since[WALL_ISO_SIZE];
	const char *const value[N_COLUMN] = {
		line->date, line->start, line->end, line->zone, line->group, line->title, line->place, line->person,
		line->status, since, line->proof, line->session,
	};

	export->status = wall_iso(line->since, line->zone, since);
	if (export->status != ST_OK)
		return false;
	if (export->format == EXPORT_CSV)
		add_csv(&export->line, value);
	else
		add_json(&export->line, export->lines == 0, value);
	write_line(export);
	export->lines++;
	return export->status == ST_OK;
}

enum status
export_attendance(struct store *store, const struct register_filter *filter, enum export_format format,
    FILE *out, size_t *lines)
{
	struct export export = { .format = format, .out = out, .status = ST_OK };
	enum status status;

	if (format == EXPORT_CSV)
		add_csv(&export.line, columns);
	else
		buffer_append_byte(&export.line, '[');
	write_line(&export);
	status = export.status;
	if (status == ST_OK)
		status = store_register(store, filter, add_line, &export);
	if (status == ST_OK)
		status = export.status;
	if (status == ST_OK && format == EXPORT_JSON) {
		buffer_append_text(&export.line, export.lines == 0 ? "]\n" : "\n]\n");
		write_line(&export);
		status = export.status;
	}
	errno = 0;
	if (fflush(out) != 0 && status == ST_OK) {
		fail(&export);
		status = export.status;
	}
	buffer_clear(&export.line);
	*lines = export.lines;
	errno = export.error;
	return status;
}
