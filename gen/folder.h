// SPDX-License-Identifier: ISC
/*
 * folder.h: the names of all files below a folder, sorted.
 *
 * Everything that is not a folder counts as a file, also symbolic links, which are never followed.
 * {0} is an empty list.
 */
#ifndef TURNOUT_FOLDER_H
#define TURNOUT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gen/buffer.h"

struct folder {
	struct buffer	 text;		/* the names, each followed by a NUL */
	uint32_t	*at;		/* where each begins, in strcmp(3) order; owned */
	size_t		 count;
	size_t		 capacity;
};

/*
 * Add the names of all files below ROOT/`part`, as "PART/…". A folder that does not exist has none.
 * False with errno when something cannot be read.
 */
bool		folder_read(struct folder *folder, const char *root, const char *part);
void		folder_clear(struct folder *folder);

/* Remove `path` and everything in it; links are not followed. False with errno. */
bool		folder_remove(const char *path);

/* Name number `i`, from 0; borrowed until the next folder_read or folder_clear. */
const char	*folder_name(const struct folder *folder, size_t i);

/* The number of `name`, or SIZE_MAX when it is not there. */
size_t		folder_find(const struct folder *folder, const char *name);

#endif
