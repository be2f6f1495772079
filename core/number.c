// SPDX-License-Identifier: ISC
/* number.c: see number.h. */
#include "core/number.h"

#include <inttypes.h>
#include <stdio.h>

#define DIGITS_MAX	18

/* One step of Damm's quasigroup of order 10. */
static unsigned int
step(unsigned int before, unsigned int digit)
{
	static const unsigned char table[10][10] = {
		{ 0, 3, 1, 7, 5, 9, 8, 6, 4, 2 }, { 7, 0, 9, 2, 1, 5, 4, 8, 6, 3 },
		{ 4, 2, 0, 6, 8, 7, 1, 3, 5, 9 },
		{ 1, 7, 5, 0, 9, 8, 3, 4, 2, 6 }, { 6, 1, 2, 3, 0, 4, 5, 9, 7, 8 },
		{ 3, 6, 7, 4, 2, 0, 9, 5, 8, 1 },
		{ 5, 8, 6, 9, 7, 2, 0, 1, 3, 4 }, { 8, 9, 4, 5, 3, 6, 2, 0, 1, 7 },
		{ 9, 4, 3, 8, 6, 1, 7, 2, 0, 5 },
		{ 2, 5, 8, 1, 4, 3, 6, 7, 9, 0 },
	};

	return table[before][digit];
}

void
number_make(int64_t id, char number[NUMBER_SIZE])
{
	unsigned int check = 0;
	int length = snprintf(number, NUMBER_SIZE, "%" PRId64, id);

	for (int i = 0; i < length; i++)
		check = step(check, (unsigned int)(number[i] - '0'));
	snprintf(number + length, (size_t)(NUMBER_SIZE - length), "-%u", check);
}

bool
number_read(const char *text, int64_t *id)
{
	unsigned int check = 0;
	int64_t all = 0;
	int digits = 0;

	for (; *text != '\0'; text++) {
		if (*text == '-' || *text == ' ')
			continue;
		if (*text < '0' || *text > '9' || ++digits > DIGITS_MAX)
			return false;
		check = step(check, (unsigned int)(*text - '0'));
		all = all * 10 + (*text - '0');
	}
	*id = all / 10;
	return digits > 1 && check == 0 && *id > 0;
}
