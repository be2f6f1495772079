// SPDX-License-Identifier: ISC
/*
 * publisher.h: keeps one `turnout watch` running beside us, so that the pages follow the facts.
 *
 * It is a process of its own, found beside our program file. When it dies it is started again, at
 * once the first time and ever later after that (up to a minute); a check-in never waits for it.
 */
#ifndef TURNOUT_PUBLISHER_H
#define TURNOUT_PUBLISHER_H

#include <stdbool.h>

#include "core/status.h"

struct publisher;

/*
 * Prepare it for database `db` and site directory `site`; it hands what it publishes on to
 * `target`, if not NULL. All three are borrowed until the stop, and *publisher is the caller's to
 * stop. ST_FAULT without memory.
 */
enum status	publisher_prepare(const char *db, const char *site, const char *target,
		    struct publisher **publisher);

/* Start the process, soon: a thread does it. ST_FAULT without threads. */
enum status	publisher_start(struct publisher *publisher);

/* Is the process there just now? True for NULL: then it is nobody's business here. */
bool		publisher_is_alive(struct publisher *publisher);

/* End the process (SIGTERM, after 5 s SIGKILL) and wait for it; NULL is accepted. */
void		publisher_stop(struct publisher *publisher);

#endif
