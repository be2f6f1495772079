// SPDX-License-Identifier: ISC
/*
 * files.h: the pages that the generator made, and nothing else.
 *
 * An address is looked up in the generator's manifest and only then opened, below site/public, or
 * below site/private for "screen/CAPABILITY/…" and "person/CAPABILITY/…", without following any
 * link. A stray file is never served. With `is_reload` pages get a script that loads them again
 * (reload.h). One struct files belongs to one thread.
 */
#ifndef TURNOUT_FILES_H
#define TURNOUT_FILES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/route.h"
#include "endpoint/said.h"

struct files;

/* Serve from the site directory `site`, which need not be there yet. ST_FAULT without memory. */
enum status	files_open(const char *site, bool is_reload, struct files **files);
void		files_close(struct files *files);

/*
 * Answer the request of `reader`, whose `target` is ROUTE_FILE or one of the generated answers of
 * the API: 200, 304 for a known ETag, 301 to a directory's own address, 404 with the site's page
 * for it.
 */
void		files_answer(struct files *files, const struct said_reader *reader,
		    const struct target *target, struct reply *reply);

/*
 * Is there a manifest, that is, has the site been published? Then *change is what
 * store_newest_change said when all in the site was all there was.
 */
bool		files_published(struct files *files, int64_t *change);

/*
 * The pure rules, for tests: Content-Type by the path's extension; does If-None-Match `header` know
 * `etag`?
 */
const char	*files_type(const char *path);
bool		files_etag_match(const char *header, const char *etag);

#endif
