// SPDX-License-Identifier: ISC
/*
 * number.h: a person's number as a sign-in sheet prints it, "12-7": the row's id and a check digit.
 *
 * The check digit is H. M. Damm's (Total anti-symmetrische Quasigruppen, Marburg 2004): it detects
 * every single wrong digit and every swap of two adjacent digits.
 */
#ifndef TURNOUT_NUMBER_H
#define TURNOUT_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#define NUMBER_SIZE	24	/* bytes, with the NUL */

/* The number of the positive `id`. */
void	number_make(int64_t id, char number[NUMBER_SIZE]);

/*
 * Read the id from `text`; hyphens and blanks are skipped wherever they are. False, with *id
 * undefined, when it is not such a number (18 digits at most) or its check digit is wrong.
 */
bool	number_read(const char *text, int64_t *id);

#endif
