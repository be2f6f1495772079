// SPDX-License-Identifier: ISC
/*
 * form.h: name=value&name=value, percent-encoded, as a form sends it in its body or behind a "?"
 * (WHATWG URL, 5.1).
 */
#ifndef TURNOUT_FORM_H
#define TURNOUT_FORM_H

#include <stddef.h>

#include "core/status.h"

/*
 * One field, decoded in place. Name and value end with a NUL; the `length` bytes of the value may
 * contain others, a name does not.
 */
struct form_field {
	const char	*name;
	const char	*value;
	size_t		 length;
};

/*
 * The next field of the text from *at to `end` (exclusive, but *end is writable); moves *at past
 * it.
 *   ST_UNKNOWN  there is none left     ST_BAD_REQUEST  it cannot be read
 */
enum status	form_next(char **at, char *end, struct form_field *field);

#define FORM_QUERY_MAX	1024	/* bytes; form_find reads no text as long as this */

/*
 * Copy the last value of `name` in `text` to `value`, cut to `size`. An unreadable field ends the
 * search. Without a value, or when `text` is too long, `value` stays as it is.
 */
void		form_find(const char *text, const char *name, char *value, size_t size);

#endif
