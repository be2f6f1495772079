// SPDX-License-Identifier: ISC
/*
 * metrics.h: the content of /metrics, in Prometheus' text format 0.0.4. Any thread counts, without
 * a lock.
 */
#ifndef TURNOUT_METRICS_H
#define TURNOUT_METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#include "core/route.h"
#include "endpoint/http.h"
#include "endpoint/limit.h"

#define METRICS_BOUNDS	12	/* the most bounds of a histogram */

/* Upper bounds are constant; one more bucket holds what is over the last. */
struct histogram {
	atomic_ullong	counts[METRICS_BOUNDS + 1];
	atomic_ullong	sum;
};

/* All zero at the start. */
struct metrics {
	atomic_ullong	requests[ROUTE_END][6];	/* by route and first digit of the HTTP status */
	atomic_ullong	verdicts[ST_END];		/* of check-ins */
	atomic_ullong	refused[LIMIT_END];		/* by limit */
	atomic_ullong	busy;				/* refused because a queue was full */
	struct histogram batch;				/* check-ins of a batch */
	struct histogram commit;			/* microseconds of a commit */
};

/* A request for `route` was answered with status `http`. */
void	metrics_request(struct metrics *metrics, enum route route, int http);
/* A batch of `check_ins` is on the disk, after `disk_us` microseconds. */
void	metrics_batch(struct metrics *metrics, int check_ins, int64_t disk_us);

/* The state of the process at one moment. */
struct gauges {
	int	writer_inside;		/* requests waiting or in work, at the writer */
	int	desk_inside;		/* and at the desk */
	int	requests_refused;	/* http_refused, since the start */
	int64_t	publisher_age_s;	/* age of the oldest unpublished change; -1: unknown */
	int	database, site, disk, publisher;	/* 1 well, 0 not */
	int64_t	disk_free_bytes;
	int	open_files;
	int64_t	started;		/* seconds since 1970 */
};

/* Make `reply` of all of it; 500 for lack of memory. */
void	metrics_reply(struct metrics *metrics, const struct gauges *gauges, const char *sqlite,
		    struct reply *reply);

#endif
