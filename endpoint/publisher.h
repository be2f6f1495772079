// SPDX-License-Identifier: ISC
/*
 * publisher.h: keeps one `turnout watch` running, so that the pages follow the facts.
 *
 * It is a separate process, found beside our own program file. When it dies, it is started again:
 * at once if it has run for a minute, else after a second, then after ever longer waits, up to a
 * minute. No check-in ever waits for it.
 */
#ifndef TURNOUT_PUBLISHER_H
#define TURNOUT_PUBLISHER_H

#include <stdbool.h>

#include "core/status.h"

struct publisher;

/*
 * Prepare to publish the database `db` into the site directory `site` and, unless it is NULL, on to
 * `target` (--to). All three are borrowed until the stop. *publisher is the caller's to stop, after
 * a failure too. ST_FAULT for lack of memory, or when our own program file is not found.
 */
enum status	publisher_prepare(const char *db, const char *site, const char *target,
		    struct publisher **publisher);

/*
 * Start a thread that starts the process and keeps it running; a missing program is only logged.
 * ST_FAULT when there is no thread.
 */
enum status	publisher_start(struct publisher *publisher);

/* Is the process running now? True for NULL: then somebody else runs it. */
bool		publisher_is_alive(struct publisher *publisher);

/* End the process (SIGTERM, after 5 s SIGKILL) and wait for it; NULL is accepted. */
void		publisher_stop(struct publisher *publisher);

#endif
