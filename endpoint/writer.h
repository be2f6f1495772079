// SPDX-License-Identifier: ISC
/*
 * writer.h: the one thread that touches the database.
 *
 * Check-ins that have gathered are judged together and answered when that is on the disk: one sync
 * serves many phones (group commit). A crowd's are there by the redo log first (store_secure), and
 * in the database, where others see them, as soon as nobody comes, or a fraction of a second later.
 * While many come and the disk is slow, it waits a little for more of them. What is not the
 * database's (entry.h) is done by others.
 */
#ifndef TURNOUT_WRITER_H
#define TURNOUT_WRITER_H

#include <stdbool.h>

#include "db/store.h"
#include "endpoint/live.h"
#include "endpoint/metrics.h"
#include "endpoint/queue.h"
#include "endpoint/said.h"

#define WRITER_MAX	768	/* requests inside; bounds the batch of a commit */
/* requests inside when the disk is stuck: the other threads are left for pages */
#define WRITER_STUCK_MAX	192

struct writer;

/*
 * Open the database `path` and start the thread; it counts into `metrics` and puts the runs it
 * changes into `live`, and looks after `said`, all borrowed. *writer is the caller's to stop, also
 * after a failure (NULL without memory); statuses are store_open's, and ST_LOCKED when another
 * turnoutd serves this database.
 */
enum status	writer_start(const char *path, struct metrics *metrics, struct live *live,
		    struct said *said, struct writer **writer);

/* Why writer_start failed, in a sentence. Borrowed. */
const char	*writer_why(const struct writer *writer);

/* Answer what is inside, then end and close the database; NULL is accepted. */
void		writer_stop(struct writer *writer);

/*
 * Answer `job` and return then; ST_BUSY, with nothing done, when too many are inside. It is a POST
 * with its entry, of which the verdict is the answer; ROUTE_VALIDATE, ROUTE_STATS; ROUTE_HISTORY
 * and ROUTE_EXPORT, whose reply stays all zero where the admin asks for what there is; or
 * ROUTE_COUNT, for which the run is put into `live` and job->is_near says whether it is.
 */
enum status	writer_ask(struct writer *writer, struct job *job);

/* The same for a POST that no thread waits for: it is in job->back once it has its verdict. */
enum status	writer_leave(struct writer *writer, struct job *job);

/*
 * Does the database answer? Then *newest is the newest change in it. Waits for its turn, but not
 * where nothing moves: ST_BUSY.
 */
enum status	writer_probe(struct writer *writer, int64_t *newest);

/* How many requests are waiting or in work; *is_still as of queue_inside. */
int		writer_inside(struct writer *writer, bool *is_still);

#endif
