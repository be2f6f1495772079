// SPDX-License-Identifier: ISC
/*
 * number.h: the number of a person as a sign-in sheet prints it: "12-7", the row's id and a check
 * digit.
 *
 * The check digit is that of H. M. Damm (Total anti-symmetrische Quasigruppen, Marburg 2004): it
 * finds every wrong digit and every swap of two neighbours.
 */
#ifndef TURNOUT_NUMBER_H
#define TURNOUT_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

#define NUMBER_SIZE	24	/* bytes, with the NUL */

/* The number of the positive `id`. */
void	number_make(int64_t id, char number[NUMBER_SIZE]);

/*
 * The id of `text`, hyphen and blanks anywhere or not at all. False when it is no number, or its
 * check digit is wrong.
 */
bool	number_read(const char *text, int64_t *id);

#endif
