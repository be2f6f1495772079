// SPDX-License-Identifier: ISC
/* export.c: passes rows from the store to a writer, one by one. */
#include "gen/export.h"

#include <errno.h>
#include <string.h>

#include "core/wall.h"
#include "db/driver.h"

#define R	(1u << EXPORT_REGISTER)
#define E	(1u << EXPORT_EVENTS)
#define TELL_EACH	1000	/* lines */

const struct export_column_about export_columns[EXPORT_COLUMN_END] = {
	[EXPORT_DATE] = { "date", EXPORT_IS_DATE, 11, R | E, true },
	[EXPORT_START] = { "start", EXPORT_IS_TIME, 7, R | E, true },
	[EXPORT_END] = { "end", EXPORT_IS_TIME, 7, R | E, false },
	[EXPORT_ZONE] = { "zone", EXPORT_IS_TEXT, 16, R | E, false },
	[EXPORT_GROUP] = { "group", EXPORT_IS_TEXT, 22, R | E, true },
	[EXPORT_TITLE] = { "title", EXPORT_IS_TEXT, 22, R | E, true },
	[EXPORT_PLACE] = { "place", EXPORT_IS_TEXT, 18, R | E, false },
	[EXPORT_PERSON] = { "person", EXPORT_IS_TEXT, 26, R | E, true },
	[EXPORT_EVENT] = { "event", EXPORT_IS_TEXT, 10, E, true },
	[EXPORT_STATUS] = { "status", EXPORT_IS_TEXT, 9, R | E, true },
	[EXPORT_SINCE] = { "since", EXPORT_IS_INSTANT, 20, R, false },
	[EXPORT_AT] = { "at", EXPORT_IS_INSTANT, 20, E, false },
	[EXPORT_RECEIVED] = { "received", EXPORT_IS_INSTANT, 20, E, false },
	[EXPORT_PROOF] = { "proof", EXPORT_IS_TEXT, 9, R | E, false },
	[EXPORT_HOST] = { "host", EXPORT_IS_TEXT, 18, E, false },
	[EXPORT_DELIVERED] = { "delivered", EXPORT_IS_TEXT, 10, E, false },
	[EXPORT_PENDING] = { "pending", EXPORT_IS_TEXT, 12, E, false },
	[EXPORT_NOTE] = { "note", EXPORT_IS_TEXT, 24, E, false },
	[EXPORT_SESSION] = { "session", EXPORT_IS_TEXT, 13, R | E, false },
};

static const char *const kinds[EXPORT_KIND_END] = { [EXPORT_REGISTER] = "register",
    [EXPORT_EVENTS] = "events" };

static const struct {
	const char	*name, *ending;
	const struct export_writer *writer;
} formats[EXPORT_FORMAT_END] = {
	[EXPORT_CSV] = { "csv", "csv", &export_csv },
	[EXPORT_EXCEL] = { "excel", "csv", &export_csv },
	[EXPORT_JSON] = { "json", "json", &export_json },
#ifdef HAVE_XLSX
	[EXPORT_XLSX] = { "xlsx", "xlsx", &export_xlsx },
#else
	[EXPORT_XLSX] = { "xlsx", "xlsx", NULL },
#endif
#ifdef HAVE_PDF
	[EXPORT_PDF] = { "pdf", "pdf", &export_pdf },
#else
	[EXPORT_PDF] = { "pdf", "pdf", NULL },
#endif
};

/* One export. */
struct export {
	struct store	*store;
	struct export_request *request;
	const struct export_writer *writer;
	void		*handle;		/* what the writer's open returned */
	struct export_column_about columns[EXPORT_COLUMN_END];
	size_t		 lines;
	enum status	 status;
	int		 error;			/* errno of the write that failed */
};

enum status
export_kind_find(const char *name, enum export_kind *kind)
{
	for (*kind = 0; *kind < EXPORT_KIND_END; (*kind)++)
		if (strcmp(kinds[*kind], name) == 0)
			return ST_OK;
	return ST_UNKNOWN;
}

enum status
export_format_find(const char *name, enum export_format *format)
{
	for (*format = 0; *format < EXPORT_FORMAT_END; (*format)++)
		if (strcmp(formats[*format].name, name) == 0)
			return ST_OK;
	return ST_UNKNOWN;
}

const char *
export_kind_name(enum export_kind kind)
{
	return kinds[kind];
}

const char *
export_format_name(enum export_format format)
{
	return formats[format].name;
}

const char *
export_format_ending(enum export_format format)
{
	return formats[format].ending;
}

const struct export_writer *
export_writer_of(enum export_format format)
{
	return formats[format].writer;
}

const char *
export_format_lacks(enum export_format format)
{
	if (formats[format].writer != NULL)
		return NULL;
	return format == EXPORT_XLSX
	    ? "This turnout was built without XLSX: install libxlsxwriter-dev and build it again." :
	    "This turnout was built without PDF: install libcairo2-dev and libpango1.0-dev and "
	        "build it again.";
}

enum status
export_column_find(enum export_kind kind, const char *name, enum export_column *column)
{
	for (*column = 0; *column < EXPORT_COLUMN_END; (*column)++)
		if ((export_columns[*column].kinds & (1u << kind)) != 0 &&
		    strcmp(export_columns[*column].name, name) == 0)
			return ST_OK;
	return ST_UNKNOWN;
}

enum status
export_failed(void)
{
	return errno == ENOSPC || errno == EDQUOT ? ST_FULL : ST_FAULT;
}

enum status
export_put(FILE *out, const char *data, size_t length)
{
	errno = 0;
	return fwrite(data, 1, length, out) == length ? ST_OK : export_failed();
}

/* Keep the first failure of the writer. */
static void
note(struct export *export, enum status status)
{
	if (status == ST_OK || export->status != ST_OK)
		return;
	export->error = errno;
	export->status = status;
}

static bool
add_line(void *handle, const struct register_line *line)
{
	struct export *export = handle;
	struct export_request *request = export->request;
	char since[WALL_ISO_SIZE], received[WALL_ISO_SIZE] = "";
	const char *const all[EXPORT_COLUMN_END] = {
		line->date, line->start, line->end, line->zone, line->group, line->title,
		line->place, line->person, line->event, line->status, since, since, received,
		line->proof, line->host, line->is_delivered_late ? "late" : "",
		line->pending, line->note, line->session,
	};
	const char *value[EXPORT_COLUMN_END];

	request->total++;
	if (request->per_page > 0 && (request->total - 1) / request->per_page != request->page - 1)
		return true;
	export->status = wall_iso(line->since, line->zone, since);
	if (export->status == ST_OK && request->kind == EXPORT_EVENTS)
		export->status = wall_iso(line->received, line->zone, received);
	if (export->status != ST_OK) {
		export->status = driver_fail(store_driver(export->store), ST_REFUSED,
		    "“%s”, the time zone of the run on %s, is not known here (is the package tzdata "
		    "installed?)", line->zone, line->date);
		return false;
	}
	for (size_t i = 0; i < request->n_columns; i++)
		value[i] = all[request->columns[i]];
	note(export, export->writer->row(export->handle, value));
	export->lines++;
	if (request->tell != NULL && export->lines % TELL_EACH == 0)
		request->tell(request->handle, export->lines);
	return export->status == ST_OK;
}

/* Choose all columns of the kind; for paper only those that are printed. */
static void
choose_columns(struct export_request *request)
{
	for (enum export_column column = 0; column < EXPORT_COLUMN_END; column++)
		if ((export_columns[column].kinds & (1u << request->kind)) != 0
		    && (request->format != EXPORT_PDF || export_columns[column].is_printed))
			request->columns[request->n_columns++] = column;
}

enum status
export_write(struct store *store, struct export_request *request, FILE *out, size_t *lines)
{
	struct export export = { .store = store, .request = request,
	    .writer = export_writer_of(request->format), .status = ST_OK };
	struct export_table table = { .name = export_kind_name(request->kind),
	    .club = request->club, .about = request->about,
		.format = request->format, .is_letter = request->is_letter,
		.columns = export.columns,
		.paged = request->per_page > 0 ? request : NULL };
	enum status status;

	if (request->n_columns == 0)
		choose_columns(request);
	for (table.n_columns = 0; table.n_columns < request->n_columns; table.n_columns++)
		export.columns[table.n_columns] = export_columns[request->columns[table.n_columns]];
	export.handle = export.writer->open(&table, out);
	status = (request->kind == EXPORT_EVENTS ? store_event_log : store_register)(store,
	    &request->filter, add_line, &export);
	note(&export, export.writer->close(export.handle, status == ST_OK &&
	    export.status == ST_OK));
	errno = 0;
	if (fflush(out) != 0)
		note(&export, export_failed());
	*lines = export.lines;
	errno = export.error;
	return status == ST_OK ? export.status : ST_REFUSED;
}
