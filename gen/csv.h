// SPDX-License-Identifier: ISC
/*
 * csv.h: reading the records of CSV files that spreadsheets export.
 *
 * Files are UTF-8 with or without a byte order mark; fields are separated by comma, semicolon or
 * tab (found from the first record unless told) and quoted as in RFC 4180, with line breaks in
 * quotes allowed; lines end in CRLF, LF or CR. The bytes come from a function of the caller's, so
 * this module does no input of its own. The importers decide which column means what.
 *
 * A quote inside an unquoted field stands for itself. A record whose fields are all empty is
 * skipped.
 */
#ifndef TURNOUT_CSV_H
#define TURNOUT_CSV_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

#define CSV_RECORD_MAX	(1 << 20)	/* the most bytes in a record */
#define CSV_COLUMNS_MAX	1000		/* the most fields in a record */
#define CSV_ONE_COLUMN	'\x1F'		/* as the separator: a line is one field */

struct csv;

/* One record. Borrowed until the next call on the same csv. */
struct csv_row {
	size_t		  line;		/* on which the record starts, counted from 1 */
	/* as many as the header has; missing fields are "" */
	size_t		  n_field;
	/* non-empty fields beyond those, which are left out */
	size_t		  n_extra;
	char		**field;	/* UTF-8, NUL-terminated, not trimmed */
};

/*
 * Start reading. `read` fills `buffer` with up to `size` bytes and sets *length, to 0 at the end;
 * it returns false when it fails. `separator` is ',', ';', '\t' or CSV_ONE_COLUMN, or 0 to find it.
 * The caller closes *csv. Out of memory ends the program.
 */
void	csv_open(bool (*read)(void *handle, char *buffer, size_t size, size_t *length),
		    void *handle,
	    char separator, struct csv **csv);

/* The same for text, which must outlive the csv. */
void	csv_open_memory(const char *text, size_t length, char separator, struct csv **csv);

/* Free `csv`; NULL is accepted. */
void	csv_close(struct csv *csv);

/*
 * Set *row to the next record, or to NULL after the last one. The first record is the header, and
 * every other record gets as many fields as it has.
 *   ST_REFUSED  an unclosed quote, text after a closing quote, bytes that are not UTF-8, a NUL, or
 *               a record over the limits
 *   ST_FAULT    `read` failed
 * Either is final: nothing more can be read, and csv_why says what is wrong and where.
 */
enum status	csv_next(struct csv *csv, const struct csv_row **row);

/*
 * Set *column to the number, from 0, of the column of `header` that is called `name`. An exact
 * match is preferred to one that is the same when folded (core/name.h).
 *   ST_UNKNOWN  there is none    ST_EXISTS  there are several; *column is the first
 */
enum status	csv_column(const struct csv_row *header, const char *name, size_t *column);

/*
 * A sentence about the last failure, with the line and, mostly, the column (in characters from 1).
 * Borrowed from `csv`.
 */
const char	*csv_why(const struct csv *csv);

#endif
