// SPDX-License-Identifier: ISC
/*
 * serve.h: takes a request from its head to its reply: routes it, reads its body, hands it to the
 * right thread.
 *
 * Facts go to the writer. Pages go to two threads that read files (the desk), each with its own
 * manifest, so that a slow page delays neither check-ins nor all other pages. A POST that is
 * complete at the gate becomes a visit: no thread waits for its verdict, and one thread sends the
 * replies to all visits. Beyond SERVE_VISITS at a time, further ones wait for one to end; if the
 * writer stands still, they are refused within two seconds.
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
#define SERVE_VISITS	512	/* at a time, of 11 KiB each; those waiting to be one: 2 KiB */
#define SERVE_STUCK_MAX	192	/* requests for pages inside while the disk is stuck */

/* What answers requests; main.c starts and stops its parts. All zero but `db` to begin with. */
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
	struct request		*first;		/* of the requests that wait for a visit to end */
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
 * for lack of memory or threads. serve_stop cleans up, after a failure too; to be called after
 * http_stop and writer_stop.
 */
enum status	serve_start(struct server *server, const char *site, bool is_reload);
void		serve_stop(struct server *server);

/* The http_answer_now and the http_answer of a struct server. */
enum http_now	serve_answer_now(void *handle, struct request *request, struct reply *reply);
void		serve_answer(void *handle, struct request *request, struct reply *reply);

#endif
