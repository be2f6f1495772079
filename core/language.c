// SPDX-License-Identifier: ISC
/* language.c: see language.h. */
#include "core/language.h"

#include <string.h>
#include <strings.h>

#define WEIGHT_MOST	1000	/* "q=1" */

int
language_find(const char *range, size_t length, const char *const *tags, int count)
{
	int i;

	while (length > 0) {
		for (i = 0; i < count; i++)
			if (strlen(tags[i]) == length && strncasecmp(tags[i], range, length) == 0)
				return i;
		while (length > 0 && range[--length] != '-')
			;
	}
	return -1;
}

/*
 * The weight after a range, in thousandths: `at` is at ";q=0.8" or the range's end (1000). -1 when
 * it cannot be read.
 */
static int
read_weight(const char *at)
{
	int weight, unit;

	at += strspn(at, " \t");
	if (*at == ',' || *at == '\0')
		return WEIGHT_MOST;
	if (*at++ != ';')
		return -1;
	at += strspn(at, " \t");
	if (strncasecmp(at, "q=", 2) != 0 || (at[2] != '0' && at[2] != '1'))
		return -1;
	weight = at[2] == '1' ? WEIGHT_MOST : 0;
	at += 3;
	if (*at == '.')
		for (at++, unit = 100; *at >= '0' && *at <= '9'; at++, unit /= 10)
			weight += (*at - '0') * unit;
	at += strspn(at, " \t");
	return weight > WEIGHT_MOST || (*at != ',' && *at != '\0') ? -1 : weight;
}

int
language_accepted(const char *header, const char *const *tags, int count)
{
	const char *at, *end;
	int best = -1, heaviest = 0;

	for (at = header; at != NULL && *at != '\0'; at = *end == '\0' ? end : end + 1) {
		at += strspn(at, " \t");
		end = at + strcspn(at, ",");
		size_t length = strcspn(at, ",; \t");
		int weight = read_weight(at + length), found;

		if (weight <= heaviest || (found = language_find(at, length, tags, count)) < 0)
			continue;
		heaviest = weight;
		best = found;
	}
	return best;
}
