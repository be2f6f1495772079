// SPDX-License-Identifier: ISC
/*
 * queue.h: hands requests from the web server's threads to our own, and waits for the answers.
 *
 * The library's threads have 100 KiB of stack, so only threads of our own (queue_thread) use SQLite
 * and read files. A queue counts the requests inside it, waiting or in work. A burst may fill it to
 * its capacity. While it stands still (no answer for QUEUE_STILL_MS), it takes fewer, so that
 * threads are left for other requests; the rest are refused at once.
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
 * One request on its way. It belongs to the thread that waits for it or, when none does, to the one
 * that takes it from `back`.
 */
struct job {
	struct request		*request;
	struct reply		*reply;
	struct target		 target;
	struct said_reader	 reader;	/* who gets the answer */
	int64_t			 now;		/* when it came, seconds since 1970 */
	bool			 is_near;	/* ROUTE_COUNT: the run is now in memory */
	struct entry		*entry;		/* a POST (entry.h); otherwise NULL */
	/* ROUTE_HISTORY and ROUTE_EXPORT; NULL: the query could not be read */
	struct exporter_ask	*ask;
	/* ROUTE_READY: the newest change, in the database or in the site, as asked */
	int64_t			 change;
	/* where it goes once it is answered; NULL: a thread waits for it */
	struct queue		*back;
	struct job		*next;
	sem_t			 done;
};

#define QUEUE_STILL_MS	1000	/* with work inside, no answer for so long is standing still */

struct queue {
	pthread_mutex_t		 lock;
	pthread_cond_t		 filled;
	struct job		*first;
	struct job		**last;
	int			 inside;	/* jobs not yet answered */
	int			 capacity;	/* the most inside */
	int			 still_capacity;	/* the most inside while it stands still */
	/* the last answer, or entry into an empty queue; monotonic */
	int64_t			 moved_ms;
	bool			 is_closed;
};

void		queue_init(struct queue *queue, int capacity, int still_capacity);
void		queue_clear(struct queue *queue);

/*
 * How many are inside. *is_still (may be NULL): the queue stands still, so an answer may take long.
 */
int		queue_inside(struct queue *queue, bool *is_still);

/*
 * Put in `job`, whose `back` is NULL, and wait until it is answered. ST_BUSY, with nothing done,
 * when the queue is full or closed.
 */
enum status	queue_ask(struct queue *queue, struct job *job);

/*
 * Put in `job` and return; once answered, it is in job->back, maybe before this returns. ST_BUSY,
 * with nothing done, when the queue is full or closed.
 */
enum status	queue_leave(struct queue *queue, struct job *job);

/* Put `job`, which is answered already, into job->back; that always has room. */
void		queue_return(struct job *job);

/*
 * Wait until there is work or the queue is closed; nothing is taken. The second waits `wait_us`
 * microseconds at most, and returns false when that time is up.
 */
void		queue_wait(struct queue *queue);
bool		queue_wait_for(struct queue *queue, int64_t wait_us);

/*
 * Wait for work and take it: all jobs there are, oldest first, linked by `next`; or the oldest one.
 * NULL once the queue is closed and empty.
 */
struct job	*queue_take_all(struct queue *queue);
struct job	*queue_take(struct queue *queue);

/*
 * These `count` jobs are answered: wake the threads that wait for them, or put them into their
 * `back`, where they do not count as inside. The caller must not touch them again.
 */
void		queue_done(struct queue *queue, struct job *const *jobs, int count);

/* Take no new jobs; those inside are still answered. */
void		queue_close(struct queue *queue);

/* Start a thread of our own, with 1 MiB of stack. ST_FAULT when there is none. */
enum status	queue_thread(pthread_t *thread, void *(*run)(void *handle), void *handle);

#endif
