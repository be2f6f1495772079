// SPDX-License-Identifier: ISC
/*
 * site.h: the folder that readers see, and how a file gets into it.
 *
 * SITE/public may go anywhere, SITE/private is for turnoutd alone. A file is composed beside them
 * (SITE/new-N) and renamed over its target, so that nobody reads half of it; one that is equal
 * already is left alone. No symbolic link is followed and nothing outside is touched. One process
 * at a time holds the site; within it every thread has a hand of its own.
 */
#ifndef TURNOUT_SITE_H
#define TURNOUT_SITE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/status.h"

struct site;		/* a hand on the folder */

/*
 * Open SITE, made when missing, and wait up to `wait_ms` for another process to let go of it.
 * ST_LOCKED, ST_FULL, ST_FAULT: then *site still answers site_why (unless memory is out) and is
 * closed by the caller.
 */
enum status	site_open(const char *path, int wait_ms, struct site **site);
void		site_close(struct site *site);
const char	*site_why(const struct site *site);

/* Let go of the site between two publishes, and take it again. */
void		site_unlock(struct site *site);
enum status	site_lock(struct site *site, int wait_ms);

/*
 * Another hand on a site that is open, number `number` from 1, for another thread. Closed before
 * the site itself; never locked.
 */
enum status	site_hand(const struct site *site, int number, struct site **hand);

/* What it takes to make a file hold what it should. */
enum site_change {
	SITE_SAME,		/* it does already */
	SITE_ADDED,		/* there was none */
	SITE_CHANGED,		/* there was another */
};

/*
 * Would `path` ("public/index.html") have to be written to hold `length` bytes of `data`? Nothing
 * is: site_put does that, called next. ST_REFUSED: not a path for a page. ST_FAULT, …: what stands
 * there cannot be replaced.
 */
enum status	site_look(struct site *site, const char *path, const char *data, size_t length,
		    enum site_change *change);

/*
 * The same for a file that is not there as far as anybody knows. The folder around it is made at
 * once, and where there was none, nobody need look.
 */
enum status	site_look_new(struct site *site, const char *path, const char *data, size_t length,
		    enum site_change *change);

/*
 * Write what was looked at last. Missing folders are made. A file below private/ is for its owner
 * alone, and for the group of a SITE that has the set-group-ID bit: so a turnoutd of another user
 * reads it (chmod g+s SITE before the first publish). The modification time of a renewed file moves
 * on by a second at least: servers whose validator counts whole seconds would answer "not modified"
 * otherwise.
 */
enum status	site_put(struct site *site, const char *data, size_t length);

/*
 * A file made from another one, as a packed copy is, has the very time of that one, so that it
 * tells which content it was made from. site_put_beside writes it after site_look of itself, with
 * the time of `path`, also where the content is the same; site_has_beside asks, after site_look of
 * the other one said SITE_SAME: is there a regular file at `path` of its time?
 */
enum status	site_put_beside(struct site *site, const char *path, const char *data,
		    size_t length);
bool		site_has_beside(const struct site *site, const char *path);

/* Remove a file and the folders that it leaves empty. ST_OK when it was not there. */
enum status	site_remove(struct site *site, const char *path);

/*
 * Is `path` made of plain names (no "..", no leading dot or slash, no control character), fit to be
 * written?
 */
bool		site_path_valid(const char *path);

#endif
