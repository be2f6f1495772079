// SPDX-License-Identifier: ISC
/*
 * listing.h: rows of values as an aligned table for people, or as JSON for programs.
 *
 * Rows are an array of JSON objects, so that both forms say the same. The table shows the columns
 * asked for, JSON everything.
 */
#ifndef TURNOUT_LISTING_H
#define TURNOUT_LISTING_H

#include <jansson.h>
#include <stdio.h>

struct listing_column {
	const char	*key;			/* of a member of each row */
	const char	*heading;
};

/*
 * Print `rows` (an array of objects) to `out` as a table: one line of headings, and columns two
 * blanks apart, as wide as a terminal shows them. Columns that hold only numbers and nulls are
 * aligned right. Null and "" show as "-", booleans as yes and no, control characters as "?".
 * `columns` ends with a NULL key; only the first 16 are shown. Prints nothing when there are no
 * rows.
 */
void	listing_table(FILE *out, const json_t *rows, const struct listing_column *columns);

/* Print `value` to `out` as indented JSON and a line feed. */
void	listing_json(FILE *out, const json_t *value);

/*
 * json_pack() of jansson, but never NULL: running out of memory ends the program, and so, as a
 * fault of the program, does an invalid format or text that is not UTF-8.
 */
json_t	*listing_pack(const char *format, ...);

#endif
