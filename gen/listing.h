// SPDX-License-Identifier: ISC
/*
 * listing.h: rows of values as an aligned table for people or as JSON for programs.
 *
 * Rows are an array of JSON objects, so that both forms say the same. A table shows the columns
 * asked for; JSON shows all.
 */
#ifndef TURNOUT_LISTING_H
#define TURNOUT_LISTING_H

#include <jansson.h>
#include <stdio.h>

struct listing_column {
	const char	*key;			/* of the object */
	const char	*heading;
};

/*
 * Print `rows` (an array of objects) to `out` as a table: one heading line, columns two blanks
 * apart, those of numbers alone to the right, the width of a character as a terminal counts it.
 * null and "" show as "-", truth as yes and no, control characters as "?". `columns` ends with a
 * NULL key. No rows print nothing.
 */
void	listing_table(FILE *out, const json_t *rows, const struct listing_column *columns);

/* Print `value` to `out` as indented JSON and a line feed. */
void	listing_json(FILE *out, const json_t *value);

/*
 * json_pack(3) that never returns NULL: out of memory ends the program, an invalid format or text
 * that is not UTF-8 is a fault of the program.
 */
json_t	*listing_pack(const char *format, ...);

#endif
