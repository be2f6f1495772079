// SPDX-License-Identifier: ISC
/* file.h: reading whole files. */
#ifndef TURNOUT_FILE_H
#define TURNOUT_FILE_H

#include <stdbool.h>

#include "gen/buffer.h"

/* Add the file at `path` to `content`. False with errno when that fails, perhaps half-way. */
bool	file_read(const char *path, struct buffer *content);

/* Is there a file of that name? */
bool	file_exists(const char *path);

#endif
