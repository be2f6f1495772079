// SPDX-License-Identifier: ISC
/*
 * serve.h: one request from its head to its reply: route it, read its body, hand it to the right
 * thread.
 *
 * Facts go to the writer, pages to two threads that read files (the desk), each with a manifest of
 * its own, so that a slow page delays neither check-ins nor every other page. A check-in that came
 * whole to the gate is a visit: no thread waits for its verdict, and one thread sends the replies
 * to all of them. With as many as there may be, the next wait, but not for a writer that stands
 * still: then they are refused within two seconds.
 */
#ifndef TURNOUT_SERVE_H
#define TURNOUT_SERVE_H

#include <pthread.h>

#include "endpoint/exporter.h"
#include "endpoint/files.h"
#include "endpoint/health.h"
#include "endpoint/live.h"
#include "endpoint/metrics.h"
#include "endpoint/publisher.h"
#include "endpoint/queue.h"
#include "endpoint/said.h"
#include "endpoint/writer.h"

#define SERVE_DESKS	2
#define SERVE_VISITS	512	/* on their way at a time: each has 11 KiB, who waits for that 2 */
#define SERVE_STUCK_MAX	192	/* requests for pages inside when the disk is stuck */

/* What answers; start the parts before, stop them after. All zero but `db` to begin with. */
struct server {
	const char		*db;		/* path; borrowed */
	struct http		*http;		/* NULL until it listens */
	struct metrics		 metrics;
	struct live		 live;
	struct said		*said;
	int64_t			 started;	/* seconds since 1970 */
	pthread_mutex_t		 lag_lock;
	struct health_lag	 lag;
	struct writer		*writer;
	atomic_int		 asking;	/* threads that wait for the writer */
	struct publisher	*publisher;	/* NULL: none wanted */
	struct exporter		*exporter;
	struct queue		 judged;	/* visits that have their verdict */
	pthread_t		 replier;	/* makes and sends the replies to these */
	bool			 has_replier;
	pthread_mutex_t		 visits_lock;	/* over the next three */
	int			 visits;	/* on their way */
	struct request		*first;		/* of those who wait for one of them to end */
	struct request		**last;
	struct queue		 desk_queue;
	struct desk {
		struct queue	*queue;
		struct said	*said;
		struct files	*files;
		pthread_t	 thread;
		bool		 has_thread;
	}			 desks[SERVE_DESKS];
};

/*
 * Start the desk for the site directory `site` (files_open), and the thread that replies. ST_FAULT
 * without memory or threads. serve_stop, after http_stop and writer_stop, cleans up.
 */
enum status	serve_start(struct server *server, const char *site, bool is_reload);
void		serve_stop(struct server *server);

/* The http_answer_now and the http_answer of a struct server. */
enum http_now	serve_answer_now(void *handle, struct request *request, struct reply *reply);
void		serve_answer(void *handle, struct request *request, struct reply *reply);

#endif
