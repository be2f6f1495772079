// SPDX-License-Identifier: ISC
/*
 * queue.h: from the web server's threads to ours, and the wait for the answer.
 *
 * The library's threads have 100 KiB of stack, so SQLite and files are touched by threads of our
 * own (queue_thread). A queue knows how many requests are with it, waiting or in work. A burst may
 * fill it to its capacity; when it stands still, it takes only so many as leave threads for others:
 * the rest hear "slow down" at once.
 */
#ifndef TURNOUT_QUEUE_H
#define TURNOUT_QUEUE_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/route.h"
#include "core/status.h"
#include "endpoint/exporter.h"
#include "endpoint/http.h"
#include "endpoint/said.h"

/*
 * One request on its way; of the thread that waits for it, or where none does, of whoever takes it
 * from `back`.
 */
struct job {
	struct request		*request;
	struct reply		*reply;
	struct target		 target;
	struct said_reader	 reader;	/* whom the answer is for */
	int64_t			 now;		/* when it came, seconds since 1970 */
	bool			 is_near;	/* of ROUTE_COUNT: the run is in memory now */
	/* of a POST to one of our own addresses (entry.h); NULL: of none */
	struct entry		*entry;
	/* of ROUTE_HISTORY and ROUTE_EXPORT; NULL: it could not be read */
	struct exporter_ask	*ask;
	/*
	 * of ROUTE_READY and ROUTE_METRICS: the writer's newest change, then the last in the site
	 */
	int64_t			 change;
	/* where it goes once it is answered; NULL: a thread waits for it */
	struct queue		*back;
	struct job		*next;
	sem_t			 done;
};

#define QUEUE_STILL_MS	1000	/* no answer for so long, with work inside: it stands still */

struct queue {
	pthread_mutex_t		 lock;
	pthread_cond_t		 filled;
	struct job		*first;
	struct job		**last;
	int			 inside;	/* jobs not yet answered */
	int			 capacity;	/* of `inside`, always */
	int			 still_capacity;	/* of `inside`, when it stands still */
	/* when something was last answered, or let into an empty queue; monotonic */
	int64_t			 moved_ms;
	bool			 is_closed;
};

void		queue_init(struct queue *queue, int capacity, int still_capacity);
void		queue_clear(struct queue *queue);

/*
 * How many are inside; *is_still (may be NULL): none was answered for QUEUE_STILL_MS, so that
 * asking may take long.
 */
int		queue_inside(struct queue *queue, bool *is_still);

/*
 * Hand `job`, whose `back` is NULL, over and wait until it is answered. ST_BUSY, with nothing done,
 * when the queue is full or closed.
 */
enum status	queue_ask(struct queue *queue, struct job *job);

/*
 * Hand `job` over: once it is answered it is in job->back, maybe before this returns. ST_BUSY, with
 * nothing done, as above.
 */
enum status	queue_leave(struct queue *queue, struct job *job);

/* `job` has its answer already: put it into job->back. */
void		queue_return(struct job *job);

/*
 * Wait for work, or the close; nothing is taken. The second waits `wait_us` microseconds at most,
 * and is false when nothing came.
 */
void		queue_wait(struct queue *queue);
bool		queue_wait_for(struct queue *queue, int64_t wait_us);

/*
 * Wait for work; all that is there, oldest first, or one job of it. NULL once the queue is closed
 * and empty.
 */
struct job	*queue_take_all(struct queue *queue);
struct job	*queue_take(struct queue *queue);

/*
 * These `count` jobs are answered: their owners go on, or they are in their `back`, which counts
 * none inside. None must be touched again.
 */
void		queue_done(struct queue *queue, struct job *const *jobs, int count);

/* Let nothing in any more; what is inside is still answered. */
void		queue_close(struct queue *queue);

/* Start a thread of ours, with 1 MiB of stack. ST_FAULT when there is none to be had. */
enum status	queue_thread(pthread_t *thread, void *(*run)(void *handle), void *handle);

#endif
