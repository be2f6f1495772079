// SPDX-License-Identifier: ISC
/* file.h: reading whole files. */
#ifndef TURNOUT_FILE_H
#define TURNOUT_FILE_H

#include <stdbool.h>

#include "gen/buffer.h"

/* Add the whole file at `path` to `content`; false with errno, and nothing added that matters. */
bool	file_read(const char *path, struct buffer *content);

/* Is there a file of that name? */
bool	file_exists(const char *path);

#endif
