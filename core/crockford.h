// SPDX-License-Identifier: ISC
/*
 * crockford.h: bytes as letters and digits that people can read aloud, and back.
 *
 * Crockford's base 32: 0-9 and A-Z without I, L, O and U, five bits a character, most significant
 * first, padded with zero bits in front to whole characters. Upper case, so that a QR stays in
 * alphanumeric mode. Nothing here is secret or takes constant time.
 */
#ifndef TURNOUT_CROCKFORD_H
#define TURNOUT_CROCKFORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many characters `bytes` bytes become: 26 of 16, 52 of 32. */
#define CROCKFORD_CHARS(bytes)	(((bytes) * 8 + 4) / 5)

/* The character for the low five bits of `value`. */
char	crockford_symbol(unsigned int value);

/* The value of a character, in either case, O as 0, I and L as 1; -1 when it has none. */
int	crockford_value(char symbol);

/* Is it a blank or a hyphen, with which people separate groups? */
bool	crockford_is_filler(char symbol);

/* `count` bytes as CROCKFORD_CHARS(count) characters and a NUL. */
void	crockford_encode(const uint8_t *bytes, size_t count, char *text);

/*
 * The reverse: `length` bytes of `text`, fillers skipped, into `count` bytes. False, with `bytes`
 * undefined, unless they are exactly CROCKFORD_CHARS(count) characters whose padding bits are zero.
 */
bool	crockford_decode(const char *text, size_t length, uint8_t *bytes, size_t count);

#endif
