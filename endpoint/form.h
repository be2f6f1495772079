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
 * One field, decoded in place: NUL behind each; `length` bytes of value may hold others, a name has
 * none.
 */
struct form_field {
	const char	*name;
	const char	*value;
	size_t		 length;
};

/*
 * The next field of the text from *at to `end` (exclusive, but writable); *at moves on behind it.
 *   ST_UNKNOWN  there is none any more     ST_BAD_REQUEST  it cannot be read
 */
enum status	form_next(char **at, char *end, struct form_field *field);

#define FORM_QUERY_MAX	1024	/* bytes of a text that form_find reads */

/*
 * The last value of `name` in `text` into `value`, cut to `size`; what cannot be read, and what
 * comes after it, counts for nothing.
 */
void		form_find(const char *text, const char *name, char *value, size_t size);

#endif
