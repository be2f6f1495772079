// SPDX-License-Identifier: ISC
/*
 * guard.h: the limits as the writer applies them: what each request is to limit.h, before and after
 * its verdict.
 *
 * Refusals are counted in the metrics, and told in the log once a minute at most. Belongs to the
 * writer's thread, but for guard_asker, which looks at nothing but its arguments.
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
	int64_t		 told_ms;	/* when the log was last told, 0 for never */
	int		 untold;	/* refusals since */
};

/* `metrics` is borrowed. ST_FAULT without memory; guard_clear cleans up. */
enum status	guard_init(struct guard *guard, struct metrics *metrics);
void		guard_clear(struct guard *guard);

/* Who sends `attempt` to `route`, and with what; borrows its strings. */
struct limit_asker	guard_asker(enum route route, const struct attempt *attempt);

/* May it be judged? ST_OK; otherwise ST_TRIES or ST_RATE, which is the answer. */
enum status	guard_ask(struct guard *guard, const struct limit_asker *asker);

/*
 * It was judged so; of a suggestion, `is_found` says whether there was a name. Nothing else is
 * asked in between.
 */
void		guard_count(struct guard *guard, const struct limit_asker *asker,
		    enum status verdict, bool is_found);

/* What cannot be read, from `address`: `fault`, or ST_RATE when there is too much of it. */
enum status	guard_unread(struct guard *guard, const char *address, enum status fault);

#endif
