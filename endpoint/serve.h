// SPDX-License-Identifier: ISC
/*
 * serve.h: one request from its head to its reply: route it, read its body, hand it to the right thread.
 *
 * Facts go to the writer, pages to two threads that read files (the desk), each with a manifest of its own, so that a
 * slow page delays neither check-ins nor every other page.
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
	struct publisher	*publisher;	/* NULL: none wanted */
	struct exporter		*exporter;
	struct queue		 desk_queue;
	struct desk {
		struct queue	*queue;
		struct said	*said;
		struct files	*files;
		pthread_t	 thread;
		bool		 has_thread;
	}			 desks[SERVE_DESKS];
};

/* Start the desk for the site directory `site` (files_open). ST_FAULT without memory or threads; serve_stop cleans up. */
enum status	serve_start(struct server *server, const char *site, bool is_reload);
void		serve_stop(struct server *server);

/* The http_answer_now and the http_answer of a struct server. */
bool		serve_answer_now(void *handle, const char *path, const char *known, struct reply *reply);
void		serve_answer(void *handle, struct request *request, struct reply *reply);

#endif
