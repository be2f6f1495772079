// SPDX-License-Identifier: ISC
/*
 * export.h: the register and the event log as files.
 *
 * The register has one line for each person at each run, sorted by date, start, group, title and
 * person; the event log has one line for each event, in the order in which they were entered. Both
 * have a single source of rows, so that all formats hold the same. Each format has a writer, in a
 * file of its own.
 *
 * Columns come in the order of enum export_column, which is stable: a new column comes at the end
 * of a kind. Dates are YYYY-MM-DD, wall times HH:MM, instants ISO 8601 with the offset of the run's
 * zone. A missing value is "".
 */
#ifndef TURNOUT_EXPORT_H
#define TURNOUT_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "db/store.h"

enum export_kind { EXPORT_REGISTER, EXPORT_EVENTS, EXPORT_KIND_END };

enum export_format {
	/* RFC 4180: CRLF, quoted where needed, UTF-8; formulas disarmed (gen/escape.h) */
	EXPORT_CSV,
	EXPORT_EXCEL,		/* the same after a byte order mark, for Excel */
	/* an array of objects, one a line; for one page, {rows, page, per_page, pages, total} */
	EXPORT_JSON,
	EXPORT_XLSX,		/* a sheet: header row frozen, dates and times typed, no formulas */
	EXPORT_PDF,		/* a table whose head is repeated on each page */
	EXPORT_FORMAT_END
};

enum export_column {
	EXPORT_DATE, EXPORT_START, EXPORT_END, EXPORT_ZONE, EXPORT_GROUP, EXPORT_TITLE,
	EXPORT_PLACE, EXPORT_PERSON, EXPORT_EVENT, EXPORT_STATUS, EXPORT_SINCE, EXPORT_AT,
	EXPORT_RECEIVED, EXPORT_PROOF, EXPORT_HOST, EXPORT_DELIVERED,
	EXPORT_PENDING, EXPORT_NOTE, EXPORT_SESSION, EXPORT_COLUMN_END
};

enum export_type { EXPORT_IS_TEXT, EXPORT_IS_DATE, EXPORT_IS_TIME, EXPORT_IS_INSTANT,
    EXPORT_IS_NUMBER };

/* The properties of a column. */
struct export_column_about {
	const char	*name;		/* in the head of a table, and for --columns */
	enum export_type type;
	int		 width;		/* of its cells in a sheet and on paper, characters */
	unsigned int	 kinds;		/* the kinds that have it, 1 << kind each */
	bool		 is_printed;	/* on paper, when no columns are chosen */
	const char	*printed;	/* its name on paper; NULL for `name` */
};
extern const struct export_column_about export_columns[EXPORT_COLUMN_END];

/* What to export. */
struct export_request {
	enum export_kind kind;
	enum export_format format;
	struct register_filter filter;
	enum export_column columns[EXPORT_COLUMN_END];
	size_t		 n_columns;	/* 0: all of the kind, in a PDF those with is_printed */
	const char	*club;		/* at the head of each PDF page */
	/* the line below that: "Register, 2026-01-01 to 2026-12-31" */
	const char	*about;
	bool		 is_letter;	/* a PDF on US Letter instead of A4 */
	/* JSON only: write page `page`, from 1, of `per_page` rows; per_page 0: all rows */
	size_t		 page, per_page;
	/* rows on all pages; known when the writer closes */
	size_t		 total;
	/* called from time to time with the lines written so far; may be NULL */
	void		(*tell)(void *handle, size_t lines);
	void		*handle;
};

/* What a writer is to write besides the rows. Borrowed by the writer from open to close. */
struct export_table {
	const char	*name;		/* the name of a sheet */
	const char	*club, *about;	/* at the head of each PDF page */
	enum export_format format;
	bool		 is_letter;
	const struct export_column_about *columns;
	size_t		 n_columns;
	/* > 0: rows may be too wide for a page: these first columns are repeated; 0: they fit */
	size_t		 n_fixed;
	const struct export_request *paged;	/* JSON of one page of rows; NULL: of all */
};

/* One format. `row` and `close` return ST_OK, ST_FULL or ST_FAULT, with errno. */
struct export_writer {
	/* never NULL: out of memory ends the program */
	void		*(*open)(const struct export_table *table, FILE *out);
	/* table->n_columns values, none NULL; "" for a missing one */
	enum status	(*row)(void *writer, const char *const *value);
	/* frees the writer; without `is_whole`, rows are missing and the file is to be abandoned */
	enum status	(*close)(void *writer, bool is_whole);
};
extern const struct export_writer export_csv, export_json, export_xlsx, export_pdf;

/* The writer of a format; NULL when this program lacks it (export_format_lacks). */
const struct export_writer *export_writer_of(enum export_format format);

/* The kind ("register") or format ("csv") of that name, ST_UNKNOWN for none; and the names. */
enum status	export_kind_find(const char *name, enum export_kind *kind);
enum status	export_format_find(const char *name, enum export_format *format);
const char	*export_kind_name(enum export_kind kind);
const char	*export_format_name(enum export_format format);
const char	*export_format_ending(enum export_format format);	/* of file names: "csv" */

/* Why this program cannot write this format, a sentence; NULL when it can. */
const char	*export_format_lacks(enum export_format format);

/* The column called `name`; ST_UNKNOWN when `kind` has none. */
enum status	export_column_find(enum export_kind kind, const char *name,
		    enum export_column *column);

/*
 * Write what `request` asks for to `out` and flush it; *lines is the number of lines written. `out`
 * stays the caller's, who must check its fclose too. Fills in the columns where none are chosen,
 * and counts request->total up. The format must have a writer.
 *   ST_FULL, ST_FAULT  a write failed, with errno; what is written is not complete
 *   ST_REFUSED         the facts cannot be read: store_why has the reason
 */
enum status	export_write(struct store *store, struct export_request *request, FILE *out,
		    size_t *lines);

/* For writers: the status of a write that has just failed, by errno; and a checked fwrite. */
enum status	export_failed(void);
enum status	export_put(FILE *out, const char *data, size_t length);

#endif
