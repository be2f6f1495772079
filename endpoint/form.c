// SPDX-License-Identifier: ISC
/* form.c: see form.h. */
#include "endpoint/form.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int
hex_value(char digit)
{
	const char *digits = "0123456789abcdef",
	    *at = digit == '\0' ? NULL : strchr(digits, tolower((unsigned char)digit));

	return at == NULL ? -1 : (int)(at - digits);
}

/* Undo percent-encoding in place up to `end` and append a NUL; false when it is malformed. */
static bool
decode(char *text, const char *end, size_t *length)
{
	char *to = text;

	*length = 0;
	while (text < end) {
		if (*text == '%') {
			int high = end - text > 2 ? hex_value(text[1]) : -1,
			    low = high < 0 ? -1 : hex_value(text[2]);

			if (low < 0)
				return false;
			*to = (char)(high * 16 + low);
			text += 3;
		} else {
			*to = *text == '+' ? ' ' : *text;
			text++;
		}
		to++;
		(*length)++;
	}
	*to = '\0';
	return true;
}

enum status
form_next(char **at, char *end, struct form_field *field)
{
	char *begin = *at, *stop, *equals;
	size_t length;

	if (begin >= end)
		return ST_UNKNOWN;
	stop = memchr(begin, '&', (size_t)(end - begin));
	if (stop == NULL)
		stop = end;
	equals = memchr(begin, '=', (size_t)(stop - begin));
	if (equals == NULL)
		return ST_BAD_REQUEST;
	field->name = begin;
	field->value = equals + 1;
	*at = stop + 1;
	if (!decode(equals + 1, stop, &field->length) || !decode(begin, equals, &length) ||
	    memchr(begin, '\0', length) != NULL)
		return ST_BAD_REQUEST;
	return ST_OK;
}

void
form_find(const char *text, const char *name, char *value, size_t size)
{
	char copy[FORM_QUERY_MAX], *at = copy;
	size_t length = strlen(text);
	struct form_field field;

	if (length >= sizeof copy)
		return;
	memcpy(copy, text, length + 1);
	while (form_next(&at, copy + length, &field) == ST_OK)
		if (strcmp(field.name, name) == 0)
			snprintf(value, size, "%s", field.value);
}
