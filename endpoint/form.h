// SPDX-License-Identifier: ISC
/*
 * form.h: name=value&name=value, percent-encoded, as a form sends it in its body or behind a "?" (WHATWG URL, 5.1).
 */
#ifndef TURNOUT_FORM_H
#define TURNOUT_FORM_H

#include <stddef.h>

#include "core/status.h"

/* One field, decoded in place: NUL behind each; `length` bytes of value may hold others, a name has none. */
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

#endif
