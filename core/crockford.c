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
	if (symbol >= 'a' && symbol <= 'z')
		symbol = (char)(symbol - 'a' + 'A');
	if (symbol == 'O')
		symbol = '0';
	if (symbol == 'I' || symbol == 'L')
		symbol = '1';
	for (int i = 0; i < 32; i++)
		if (alphabet[i] == symbol)
			return i;
	return -1;
}

bool
crockford_is_filler(char symbol)
{
	return symbol == ' ' || symbol == '-';
}

/* Zero bits in front of `count` bytes. */
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
