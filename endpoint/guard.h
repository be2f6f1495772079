// SPDX-License-Identifier: ISC
/*
 * guard.h: applies limit.h to the requests that the writer judges, before and after the verdict.
 *
 * Refusals are counted in the metrics and logged once a minute at most. For the writer's thread
 * only, except guard_asker, which depends on nothing but its arguments.
 */
#ifndef TURNOUT_GUARD_H
#define TURNOUT_GUARD_H

#include "core/route.h"
#include "db/store.h"
#include "endpoint/limit.h"
#include "endpoint/metrics.h"

struct guard {
	struct limits	*limits;
	struct metrics	*metrics;
	int64_t		 told_ms;	/* when refusals were last logged, 0 for never */
	int		 untold;	/* refusals since then */
};

/* `metrics` is borrowed. ST_FAULT for lack of memory; guard_clear cleans up then too. */
enum status	guard_init(struct guard *guard, struct metrics *metrics);
void		guard_clear(struct guard *guard);

/* Who sends `attempt` to `route`, and with what. Borrows the strings of `attempt`. */
struct limit_asker	guard_asker(enum route route, const struct attempt *attempt);

/* May the request be judged? ST_OK; otherwise ST_TRIES or ST_RATE, which is then the verdict. */
enum status	guard_ask(struct guard *guard, const struct limit_asker *asker);

/*
 * The request of the last guard_ask got this verdict; for a suggestion, `is_found` says whether a
 * name was found.
 */
void		guard_count(struct guard *guard, const struct limit_asker *asker,
		    enum status verdict, bool is_found);

/* Is somebody guessing codes (limits_alarm)? */
bool		guard_alarm(const struct guard *guard);

/*
 * Count an unreadable request from `address`. Returns its verdict: `fault`, or ST_RATE when too
 * many came.
 */
enum status	guard_unread(struct guard *guard, const char *address, enum status fault);

#endif
