// SPDX-License-Identifier: ISC
/* plain.h: other people's text within our messages. */
#ifndef TURNOUT_PLAIN_H
#define TURNOUT_PLAIN_H

#include <stddef.h>

/*
 * Copy `length` bytes of `text` to `line` (`size` bytes, at least 8) as part of one line: control
 * characters become blanks, except at the end, where they and blanks are dropped. What does not fit
 * is replaced by "…", after a whole character.
 */
void	plain_copy(const char *text, size_t length, char *line, size_t size);

#endif
