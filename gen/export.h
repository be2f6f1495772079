// SPDX-License-Identifier: ISC
/*
 * export.h: the register and the event log as files.
 *
 * The register has a line a person and run, by date, start, group, title and person; the event log
 * a line an event, in the order of their coming. Both go through one source of rows, so that all
 * formats hold the same. A format is a writer, in a file of its own.
 *
 * Columns, in the order of enum export_column, stable: new ones come at the end of a kind. Dates
 * are YYYY-MM-DD, wall times HH:MM, instants ISO 8601 with the offset of the run's zone. What is
 * empty is "".
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
	EXPORT_EXCEL,		/* the same behind a byte order mark, by which Excel knows UTF-8 */
	/* an array of objects, one a line; of a page {rows, page, per_page, pages, total} */
	EXPORT_JSON,
	EXPORT_XLSX,		/* a sheet: head frozen, dates and times typed, no formulas */
	EXPORT_PDF,		/* a table on pages with a repeated head */
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

/* What is known of a column. */
struct export_column_about {
	const char	*name;		/* in heads and for --columns */
	enum export_type type;
	int		 width;		/* in a sheet and on paper, characters */
	unsigned int	 kinds;		/* 1 << kind for each kind that has it */
	bool		 is_printed;	/* on paper, unless columns are chosen */
	const char	*printed;	/* its name on paper; NULL: the same */
};
extern const struct export_column_about export_columns[EXPORT_COLUMN_END];

/* What to export. */
struct export_request {
	enum export_kind kind;
	enum export_format format;
	struct register_filter filter;
	enum export_column columns[EXPORT_COLUMN_END];
	size_t		 n_columns;	/* 0: all of the kind; for a PDF those that are printed */
	const char	*club;		/* over a PDF */
	/* what is in it, a line under that: "Register, 2026-01-01 to 2026-12-31" */
	const char	*about;
	bool		 is_letter;	/* a PDF on US Letter instead of A4 */
	/* of JSON: that page alone, from 1, of so many rows; per_page 0: all */
	size_t		 page, per_page;
	/* rows that there are, on all pages: known when the writer closes */
	size_t		 total;
	/* called now and then; NULL: nobody asks */
	void		(*tell)(void *handle, size_t lines);
	void		*handle;
};

/* What a writer writes: a head and rows. Lent to it from open to close. */
struct export_table {
	const char	*name;		/* of a sheet */
	const char	*club, *about;	/* over a PDF */
	enum export_format format;
	bool		 is_letter;
	const struct export_column_about *columns;
	size_t		 n_columns;
	/*
	 * > 0: the rows are too long for a page, and these first columns stand on each; 0: they fit
	 */
	size_t		 n_fixed;
	const struct export_request *paged;	/* JSON of one page of its rows; NULL: of all */
};

/* One format. The functions return ST_OK, ST_FULL or ST_FAULT (errno says why). */
struct export_writer {
	/* never NULL: out of memory ends the program */
	void		*(*open)(const struct export_table *table, FILE *out);
	/* table->n_columns of them, none NULL; "" for nothing */
	enum status	(*row)(void *writer, const char *const *value);
	/* frees it; without is_whole there is nothing to finish */
	enum status	(*close)(void *writer, bool is_whole);
};
extern const struct export_writer export_csv, export_json, export_xlsx, export_pdf;

/* The writer of a format; NULL when it is lacking (export_format_lacks). */
const struct export_writer *export_writer_of(enum export_format format);

/* "register", "csv": the kind or format of that name; ST_UNKNOWN. And the names. */
enum status	export_kind_find(const char *name, enum export_kind *kind);
enum status	export_format_find(const char *name, enum export_format *format);
const char	*export_kind_name(enum export_kind kind);
const char	*export_format_name(enum export_format format);
const char	*export_format_ending(enum export_format format);	/* of file names: "csv" */

/* Why this program writes no such files, a sentence; NULL when it does. */
const char	*export_format_lacks(enum export_format format);

/* The column of that name that `kind` has; ST_UNKNOWN. */
enum status	export_column_find(enum export_kind kind, const char *name,
		    enum export_column *column);

/*
 * Write what `request` asks for to `out` and flush it; *lines counts what was written. `out` stays
 * the caller's, whose fclose must be checked too. Fills in the columns where none are chosen.
 *   ST_FULL   the disk is full (what is written is not whole) ST_FAULT any other failed write,
 *             errno says
 * or as the store says (store_why).
 */
enum status	export_write(struct store *store, struct export_request *request, FILE *out,
		    size_t *lines);

/* For writers: what a write that has just failed comes to, by errno; and a checked fwrite. */
enum status	export_failed(void);
enum status	export_put(FILE *out, const char *data, size_t length);

#endif
