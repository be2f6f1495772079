// SPDX-License-Identifier: ISC
/*
 * store_export.c: the register and the event log, line by line; events restored from such a log;
 * the sign-in sheet; a record of exports; and figures.
 */
#include "db/store_inside.h"

/* Bind the filter, and lend every row to `each`; the event log (`is_log`) has six more columns. */
static enum status
read_lines(struct rows *rows, const struct register_filter *filter, bool is_log,
    bool (*each)(void *handle, const struct register_line *line), void *handle)
{
	struct register_line line;
	enum status status;

	rows_bind_text(rows, "from", filter->from == NULL ? "0000-00-00" : filter->from);
	rows_bind_text(rows, "to", filter->to == NULL ? "9999-99-99" : filter->to);
	rows_bind_int(rows, "group_id", filter->group_id);
	rows_bind_int(rows, "person_id", filter->person_id);
	while ((status = rows_step(rows)) == ST_OK) {
		line = (struct register_line){
			.date = rows_text(rows, 0, NULL), .start = rows_text(rows, 1, NULL),
			.end = rows_text(rows, 2, NULL), .zone = rows_text(rows, 3, NULL),
			.group = rows_text(rows, 4, NULL), .title = rows_text(rows, 5, NULL),
			.place = rows_text(rows, 6, NULL), .person = rows_text(rows, 7, NULL),
			.session = rows_text(rows, 8, NULL), .status = rows_text(rows, 9, NULL),
			.proof = rows_text(rows, 10, NULL), .since = rows_int(rows, 11),
			.event = "", .host = "", .pending = "", .note = "",
		};
		if (is_log) {
			line.event = rows_text(rows, 12, NULL);
			line.received = rows_int(rows, 13);
			line.host = rows_text(rows, 14, NULL);
			line.is_delivered_late = rows_int(rows, 15) != 0;
			line.pending = rows_text(rows, 16, NULL);
			line.note = rows_text(rows, 17, NULL);
		}
		if (!each(handle, &line))
			break;
	}
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

enum status
store_register(struct store *store, const struct register_filter *filter,
    bool (*each)(void *handle, const struct register_line *line), void *handle)
{
	return read_lines(store_query(store, Q_REGISTER), filter, false, each, handle);
}

enum status
store_event_log(struct store *store, const struct register_filter *filter,
    bool (*each)(void *handle, const struct register_line *line), void *handle)
{
	return read_lines(store_query(store, Q_EVENT_LOG), filter, true, each, handle);
}

/* Bind all of an event but its host. */
static void
bind_event(struct rows *rows, int64_t run_id, int64_t person_id, const struct register_line *line)
{
	rows_bind_int(rows, "run_id", run_id);
	rows_bind_int(rows, "person_id", person_id);
	rows_bind_text(rows, "kind", line->event);
	rows_bind_text(rows, "status", line->status);
	rows_bind_int(rows, "at", line->since);
	rows_bind_int(rows, "received_at", line->received);
	rows_bind_text(rows, "proof", line->proof);
	rows_bind_int(rows, "is_delivered_late", line->is_delivered_late);
	rows_bind_text(rows, "pending", line->pending);
	rows_bind_text(rows, "note", line->note);
}

enum status
store_event_count(struct store *store, int64_t run_id, int64_t person_id,
    const struct register_line *line, int64_t *count)
{
	struct rows *rows = store_query(store, Q_EVENT_COUNT);
	enum status status;

	bind_event(rows, run_id, person_id, line);
	rows_bind_text(rows, "host", line->host);
	status = rows_step(rows);
	*count = status == ST_OK ? rows_int(rows, 0) : 0;
	rows_reset(rows);
	return status;
}

enum status
store_event_restore(struct store *store, int64_t run_id, int64_t person_id,
    const struct register_line *line, int64_t now)
{
	int64_t host_id = 0;
	struct rows *rows;
	enum status status = line->host[0] == '\0' ? ST_OK
	    : store_host_add(store, line->host, now, &host_id);

	if (status != ST_OK && status != ST_EXISTS)
		return status;
	rows = store_query(store, Q_EVENT_RESTORE);
	bind_event(rows, run_id, person_id, line);
	if (host_id == 0)
		rows_bind_null(rows, "host_id");
	else
		rows_bind_int(rows, "host_id", host_id);
	return store_write(store, rows);
}

enum status
store_export_note(struct store *store, int64_t at, const char *who, const char *kind,
    const char *format, const struct register_filter *filter, size_t lines)
{
	struct rows *rows = store_query(store, Q_EXPORT_ADD);

	rows_bind_int(rows, "at", at);
	rows_bind_text(rows, "who", who);
	rows_bind_text(rows, "kind", kind);
	rows_bind_text(rows, "format", format);
	rows_bind_text(rows, "first", filter->from);
	rows_bind_text(rows, "last", filter->to);
	rows_bind_int(rows, "group_id", filter->group_id);
	rows_bind_int(rows, "person_id", filter->person_id);
	rows_bind_int(rows, "lines", (int64_t)lines);
	return store_write(store, rows);
}

enum status
store_sheet(struct store *store, const struct run *run,
    bool (*each)(void *handle, int64_t id, const char *name), void *handle)
{
	struct rows *rows = store_query(store, Q_SHEET);
	enum status status;

	rows_bind_int(rows, "group_id", run->group_id);
	rows_bind_text(rows, "date", run->date);
	while ((status = rows_step(rows)) == ST_OK)
		if (!each(handle, rows_int(rows, 0), rows_text(rows, 1, NULL)))
			break;
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

enum status
store_figures(struct store *store, struct figures *figures)
{
	struct rows *rows = store_query(store, Q_FIGURES);
	enum status status = rows_step(rows);

	if (status != ST_OK)
		return status;
	*figures = (struct figures){
		.groups = rows_int(rows, 0), .places = rows_int(rows, 1),
		.people = rows_int(rows, 2), .runs = rows_int(rows, 3),
		.run_dates = rows_int(rows, 4), .attendances = rows_int(rows, 5),
		.present = rows_int(rows, 6), .late = rows_int(rows, 7),
		.excused = rows_int(rows, 8), .absent = rows_int(rows, 9),
		.events = rows_int(rows, 10), .schema = STORE_SCHEMA,
	};
	rows_reset(rows);
	return ST_OK;
}
