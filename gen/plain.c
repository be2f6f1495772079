// SPDX-License-Identifier: ISC
/* plain.c: see plain.h. */
#include "gen/plain.h"

#include <stdbool.h>
#include <string.h>

#define DOTS	"…"

static bool
is_plain(char byte)
{
	return (unsigned char)byte >= ' ' && byte != 0x7f;
}

void
plain_copy(const char *text, size_t length, char *line, size_t size)
{
	bool is_cut;
	size_t i;

	while (length > 0 && (text[length - 1] == ' ' || !is_plain(text[length - 1])))
		length--;
	is_cut = length >= size;
	if (is_cut)		/* no part of a character */
		for (length = size - sizeof DOTS;
		    length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80; length--)
			;
	for (i = 0; i < length; i++)
		line[i] = is_plain(text[i]) ? text[i] : ' ';
	memcpy(line + length, is_cut ? DOTS : "", is_cut ? sizeof DOTS : 1);
}
