// SPDX-License-Identifier: ISC
/*
 * files.h: serves the pages that the generator made, and nothing else.
 *
 * A path is looked up in the generator's manifest and only then opened, without following any link:
 * below site/private if it begins with "screen/", "person/", "exports/" or "reports/", where a
 * capability follows; else below site/public. A stray file is never served. With `is_reload`, pages
 * get a script that loads them again when they change (reload.h). One struct files belongs to one
 * thread.
 */
#ifndef TURNOUT_FILES_H
#define TURNOUT_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/route.h"
#include "endpoint/said.h"

struct files;

/*
 * Serve from the site directory `site`, which need not exist yet. ST_FAULT for lack of memory or a
 * path that is too long; files_close cleans up then too. NULL may be closed.
 */
enum status	files_open(const char *site, bool is_reload, struct files **files);
void		files_close(struct files *files);

/*
 * Answer the request of `reader`, whose `target` is ROUTE_FILE or an address of the API for which
 * the generator makes a file: 200; 304 for a known ETag; 301 from "/runs" to "/runs/"; 404 with the
 * site's page for that, or in JSON for the API; 500 when the file cannot be read.
 */
void		files_answer(struct files *files, const struct said_reader *reader,
		    const struct target *target, struct reply *reply);

/*
 * Has the site been published, that is, is there a manifest? Then *change is the newest change that
 * the site contains, counted as store_newest_change does.
 */
bool		files_published(struct files *files, int64_t *change);

/*
 * The pure rules, for tests: the Content-Type for the extension of `path`; and, is `etag` in the
 * If-None-Match `header`?
 */
const char	*files_type(const char *path);
bool		files_etag_match(const char *header, const char *etag);

#endif
