// SPDX-License-Identifier: ISC
/*
 * writer.h: the one thread that touches the database.
 *
 * Check-ins that are waiting are judged together and answered when they are on the disk: one sync
 * serves many phones (group commit), since they are secured in the redo log (store_secure). They
 * are committed, so that others see them, when nobody comes any more, or a fraction of a second
 * later. On a slow disk the writer waits a little so that more of a crowd share a sync.
 * Reading requests and writing replies (entry.h) is left to other threads.
 */
#ifndef TURNOUT_WRITER_H
#define TURNOUT_WRITER_H

#include <stdbool.h>

#include "db/store.h"
#include "endpoint/live.h"
#include "endpoint/metrics.h"
#include "endpoint/queue.h"
#include "endpoint/said.h"

#define WRITER_MAX	768	/* requests inside; bounds a batch */
/* requests inside while the disk is stuck, so that threads are left for pages */
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
 * Have `job` answered and wait for that; ST_BUSY, with nothing done, when too many are inside.
 * Takes a POST with its entry, whose verdict is the answer; ROUTE_VALIDATE and ROUTE_STATS;
 * ROUTE_HISTORY and ROUTE_EXPORT, whose reply stays all zero when it is the admin who asks, and for
 * something that exists; and ROUTE_COUNT, which puts the run into `live` if it is near, as
 * job->is_near then says.
 */
enum status	writer_ask(struct writer *writer, struct job *job);

/* The same for a POST that no thread waits for: it is in job->back once it has its verdict. */
enum status	writer_leave(struct writer *writer, struct job *job);

/*
 * ST_OK: the database answers, and *newest is the newest change in it. Waits for its turn; ST_BUSY
 * at once when the writer stands still (queue_inside), ST_FAULT when the database cannot be read.
 */
enum status	writer_probe(struct writer *writer, int64_t *newest);

/* How many requests are waiting or in work; *is_still as of queue_inside. */
int		writer_inside(struct writer *writer, bool *is_still);

#endif
