// SPDX-License-Identifier: ISC
/*
 * csv.h: records out of what spreadsheets export.
 *
 * UTF-8 with or without a byte order mark, separated by comma, semicolon or tab (found from the
 * first record unless told), quotes as in RFC 4180 (line breaks inside too), lines ended by CRLF,
 * LF or CR. The bytes come from a function of the caller's, so nothing here does input. Which
 * column means what is the importers' business.
 *
 * A quote inside an unquoted field stands for itself. A record whose fields are all empty is passed
 * over.
 */
#ifndef TURNOUT_CSV_H
#define TURNOUT_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "core/status.h"

#define CSV_RECORD_MAX	(1 << 20)	/* bytes a record may have */
#define CSV_COLUMNS_MAX	1000		/* fields a record may have */
#define CSV_ONE_COLUMN	'\x1F'		/* as separator: a line is one field */

struct csv;

/* One record. Lent until the next call on the same csv. */
struct csv_row {
	size_t		  line;		/* on which it starts, counted from 1 */
	/* the header's count, missing fields being ""; in the header its own */
	size_t		  n_field;
	/* fields behind those that hold something; they are not given */
	size_t		  n_extra;
	char		**field;	/* UTF-8, NUL-terminated, not trimmed */
};

/*
 * Start reading. `read` fills `buffer` with up to `size` bytes and sets *length, 0 at the end;
 * false when it cannot. `separator` is ',', ';', '\t' or CSV_ONE_COLUMN, or 0 to find it. *csv is
 * the caller's to close. Out of memory ends the program.
 */
void	csv_open(bool (*read)(void *handle, char *buffer, size_t size, size_t *length),
		    void *handle,
	    char separator, struct csv **csv);

/*
 * The same over a file, which stays the caller's, or over `length` bytes at `text`, which must
 * outlive the csv.
 */
void	csv_open_file(FILE *file, char separator, struct csv **csv);
void	csv_open_memory(const char *text, size_t length, char separator, struct csv **csv);

/* Close; NULL is accepted. */
void	csv_close(struct csv *csv);

/*
 * The next record in *row, NULL behind the last one. The first record is the header: its count of
 * fields is that of all.
 *   ST_REFUSED  an unclosed quote, text behind a closing quote, bytes that are not UTF-8, a NUL, or
 *               a record over the caps: csv_why says which and where, and nothing more can be read
 *   ST_FAULT    `read` failed
 */
enum status	csv_next(struct csv *csv, const struct csv_row **row);

/*
 * Which column of `header` is called `name`: *column, counted from 0. An exact match comes first,
 * then one that differs in case and blanks around it only.
 *   ST_UNKNOWN  none    ST_EXISTS  several
 */
enum status	csv_column(const struct csv_row *header, const char *name, size_t *column);

/*
 * A sentence about the last refusal, with line and column (counted in characters from 1). Borrowed
 * from `csv`.
 */
const char	*csv_why(const struct csv *csv);

/* The separator in use, 0 before the first record. */
char		csv_separator(const struct csv *csv);

#endif
