// SPDX-License-Identifier: ISC
/*
 * site.h: the folder that readers see, and how a file gets into it.
 *
 * SITE/public may go anywhere, SITE/private is for turnoutd alone. A file is composed in SITE/new, checked, and renamed
 * over its target, so that nobody reads half of it; one that is equal already is left alone. No
 * symbolic link is followed and nothing outside is touched. One process at a time holds the site.
 */
#ifndef TURNOUT_SITE_H
#define TURNOUT_SITE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

struct site;

/*
 * Open SITE, made when missing, and wait up to `wait_ms` for another process to let go of it.
 * ST_LOCKED, ST_FULL, ST_FAULT: then *site still answers site_why (unless memory is out) and is closed by the caller.
 */
enum status	site_open(const char *path, int wait_ms, struct site **site);
void		site_close(struct site *site);
const char	*site_why(const struct site *site);

/* Let go of the site between two publishes, and take it again. */
void		site_unlock(struct site *site);
enum status	site_lock(struct site *site, int wait_ms);

/*
 * Make `path` ("public/index.html") hold `length` bytes of `data`; *is_changed says whether it had to be written. Missing
 * folders are made. A file below private/ is for its owner alone. The modification time of a renewed file moves on by a second at least:
 * servers whose validator counts whole seconds would answer "not modified" otherwise.
 */
enum status	site_write(struct site *site, const char *path, const char *data, size_t length, bool *is_changed);

/* Remove a file and the folders that it leaves empty. ST_OK when it was not there. */
enum status	site_remove(struct site *site, const char *path);

/* Is `path` made of plain names (no "..", no leading dot or slash, no control character), fit to be written? */
bool		site_path_valid(const char *path);

#endif
