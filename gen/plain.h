// SPDX-License-Identifier: ISC
/* plain.h: other people's text in our messages. */
#ifndef TURNOUT_PLAIN_H
#define TURNOUT_PLAIN_H

#include <stddef.h>

/*
 * `text` of `length` bytes as part of a line, in `line` of `size` bytes (8 at least): control
 * characters become blanks, those at the end go, and what does not fit becomes "…", at the end of a
 * character.
 */
void	plain_copy(const char *text, size_t length, char *line, size_t size);

#endif
