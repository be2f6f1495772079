// SPDX-License-Identifier: ISC
/* crockford.c: see crockford.h. */
#include "core/crockford.h"

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

char
crockford_symbol(unsigned int value)
{
	return alphabet[value & 31];
}

int
crockford_value(char symbol)
{
	/* From '0' on: the value plus one; 0 where there is none. */
	static const uint8_t values['z' - '0' + 1] = {
		1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0, 0, 0, 0, 0, 0,
		11, 12, 13, 14, 15, 16, 17, 18, 2, 19, 20, 2, 21, 22, 1,
		23, 24, 25, 26, 27, 0, 28, 29, 30, 31, 32, 0, 0, 0, 0, 0, 0,
		11, 12, 13, 14, 15, 16, 17, 18, 2, 19, 20, 2, 21, 22, 1,
		23, 24, 25, 26, 27, 0, 28, 29, 30, 31, 32,
	};

	return symbol < '0' || symbol > 'z' ? -1 : values[symbol - '0'] - 1;
}

bool
crockford_is_filler(char symbol)
{
	return symbol == ' ' || symbol == '-';
}

/* How many zero bits pad `count` bytes in front. */
static int
pad_of(size_t count)
{
	return (int)(CROCKFORD_CHARS(count) * 5 - count * 8);
}

void
crockford_encode(const uint8_t *bytes, size_t count, char *text)
{
	size_t chars = CROCKFORD_CHARS(count), at = 0;
	unsigned int bits = 0;
	int have = pad_of(count);

	for (size_t i = 0; i < chars; i++) {
		if (have < 5) {
			bits = (bits << 8 | bytes[at++]) & 0xFFF;
			have += 8;
		}
		have -= 5;
		text[i] = crockford_symbol(bits >> have);
	}
	text[chars] = '\0';
}

bool
crockford_decode(const char *text, size_t length, uint8_t *bytes, size_t count)
{
	size_t all = CROCKFORD_CHARS(count), chars = 0, at = 0;
	unsigned int bits = 0;
	int have = -pad_of(count);

	for (size_t i = 0; i < length; i++) {
		int value;

		if (crockford_is_filler(text[i]))
			continue;
		value = crockford_value(text[i]);
		if (value < 0 || chars == all || (chars == 0 && value >> (5 - pad_of(count)) != 0))
			return false;
		chars++;
		bits = (bits << 5 | (unsigned int)value) & 0xFFF;
		have += 5;
		if (have >= 8) {
			have -= 8;
			bytes[at++] = (uint8_t)(bits >> have & 0xFF);
		}
	}
	return chars == all;
}
