// SPDX-License-Identifier: ISC
/*
 * metrics.h: what /metrics tells, in Prometheus' text format 0.0.4; counted by any thread, without
 * a lock.
 */
#ifndef TURNOUT_METRICS_H
#define TURNOUT_METRICS_H

#include <stdatomic.h>
#include <stdint.h>

#include "core/route.h"
#include "endpoint/http.h"
#include "endpoint/limit.h"

#define METRICS_BOUNDS	12	/* at most, of a histogram */

/* Upper bounds are constant; what is over the last falls into the bucket behind it. */
struct histogram {
	atomic_ullong	counts[METRICS_BOUNDS + 1];
	atomic_ullong	sum;
};

/* All zero at the start. */
struct metrics {
	atomic_ullong	requests[ROUTE_END][6];	/* by route and first digit of the HTTP status */
	atomic_ullong	verdicts[ST_END];		/* of check-ins */
	atomic_ullong	refused[LIMIT_END];		/* by limit */
	atomic_ullong	busy;				/* because a queue was full */
	struct histogram batch;				/* check-ins */
	struct histogram commit;			/* microseconds */
};

void	metrics_request(struct metrics *metrics, enum route route, int http);
/* One batch is on the disk: so many check-ins, in so long. */
void	metrics_batch(struct metrics *metrics, int check_ins, int64_t disk_us);

/* What is so just now. */
struct gauges {
	int	writer_inside;		/* requests waiting or in work */
	int	desk_inside;
	int	requests_refused;	/* by http.c, since the start */
	int64_t	publisher_age_s;	/* -1: not known */
	int	database, site, disk, publisher;	/* 1 well, 0 not */
	int64_t	disk_free_bytes;
	int	open_files;
	int64_t	started;		/* seconds since 1970 */
};

/* All of it into `reply`. */
void	metrics_reply(struct metrics *metrics, const struct gauges *gauges, const char *sqlite,
		    struct reply *reply);

#endif
