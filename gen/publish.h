// SPDX-License-Identifier: ISC
/*
 * publish.h: from the database to the site: what changed since the last time, or everything.
 *
 * A publisher holds what is loaded once: the store, the templates, the manifest. It reads in short
 * transactions, some pages each, so that nobody who checks in waits for it; what changed meanwhile
 * is published right behind. It writes only files that differ, removes only its own, and then notes
 * how far it came. Whatever happens in between, readers see old or new pages, and the next publish
 * mends the rest.
 */
#ifndef TURNOUT_PUBLISH_H
#define TURNOUT_PUBLISH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

struct publisher;
struct store;

#define PUBLISH_WAIT_MS	10000	/* how long to wait for another publisher to let go of the site */

/* What one publish did. */
struct publish_report {
	int64_t		pages;		/* rendered, images included */
	int64_t		images;		/* of these, QR images */
	int64_t		changed;	/* files written */
	int64_t		removed;	/* files removed */
	int64_t		ms;		/* how long it took */
	bool		is_full;	/* everything was looked at */
};

/*
 * Open the database `db` for reading, or take over *store where that is open already (it is NULL
 * then), load `templates`, open `site` (made when missing). *publisher is the caller's to close,
 * also on failure, so that publisher_why can be asked. ST_UNKNOWN, ST_REFUSED (a template is
 * wrong), ST_LOCKED, …
 */
enum status	publisher_open(const char *db, struct store **store, const char *templates,
		    const char *site, struct publisher **publisher);
void		publisher_close(struct publisher *publisher);
const char	*publisher_why(const struct publisher *publisher);

/*
 * Are database, site, lock and manifest still the files that were opened? When one was deleted or
 * replaced, what is published reaches nobody: close the publisher and open it again.
 */
bool		publisher_is_current(const struct publisher *publisher);

/*
 * From now on publish the facts as they were at `at` (store_rewind), seconds since 1970: every page
 * each time, and the next publish of another publisher looks at everything too. ST_REFUSED: there
 * was no site then.
 */
enum status	publisher_rewind(struct publisher *publisher, int64_t at);

enum publish_change { PUBLISH_ADDED, PUBLISH_CHANGED, PUBLISH_REMOVED };

/* What to publish. */
struct publish_request {
	int64_t	 now;		/* the clock of the pages, seconds since 1970 */
	bool	 is_full;	/* look at every page */
	bool	 is_dry;	/* find out what would change, and change nothing */
	void	*handle;
	/*
	 * Told of each file before it happens; NULL: nobody asks. From any thread, one at a time.
	 */
	void	(*changing)(void *handle, const char *path, enum publish_change change);
};

/*
 * Publish. On failure publisher_why says why; what was written stays, and the next publish goes on
 * from there.
 */
enum status	publish(struct publisher *publisher, const struct publish_request *request,
		    struct publish_report *report);

/* Have at hand what a check-in is published with, while nobody waits for it. */
void		publisher_warm(struct publisher *publisher);

/*
 * Whether packed copies stand beside text files (gen/precompress.h); those that are there go when
 * not. Before the first publish.
 */
void		publisher_precompress(struct publisher *publisher, bool is_precompressed);

/*
 * Read the templates again after they changed; on failure the old ones stay in use and
 * publisher_why says why.
 */
enum status	publisher_reload(struct publisher *publisher);

/*
 * The next instant behind `now` at which a page would differ although no fact changed: midnight in
 * the club's zone, a run that opens or closes, the next typed code of an open run.
 */
enum status	publisher_next(struct publisher *publisher, int64_t now, int64_t *next);

/* One line for people: "142 pages, 31 images, 5 changed, 0 removed, 84 ms". `size` at least 128. */
void		publish_summary(const struct publish_report *report, char *text, size_t size);

#endif
