// SPDX-License-Identifier: ISC
/*
 * folder.h: the names of all files below a folder, in order.
 *
 * What is no folder counts as a file, symbolic links included: none is followed. {0} is an empty
 * list.
 */
#ifndef TURNOUT_FOLDER_H
#define TURNOUT_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gen/buffer.h"

struct folder {
	struct buffer	 text;		/* the names, a NUL behind each */
	uint32_t	*at;		/* where each begins, by strcmp(3) of the names; owned */
	size_t		 count;
	size_t		 capacity;
};

/*
 * Add what is below ROOT/`part` as "PART/…"; a folder that is not there has nothing. False with
 * errno when something cannot be read.
 */
bool		folder_read(struct folder *folder, const char *root, const char *part);
void		folder_clear(struct folder *folder);

/* Remove `path` with all that is in it; no link is followed. False with errno. */
bool		folder_remove(const char *path);

/* Name `i`; borrowed until the next folder_read. */
const char	*folder_name(const struct folder *folder, size_t i);

/* The number of `name`, or SIZE_MAX. */
size_t		folder_find(const struct folder *folder, const char *name);

#endif
