// SPDX-License-Identifier: ISC
/* publish_next.c: when a page would differ although no fact changed. */
#include "core/run.h"
#include "core/slot.h"
#include "gen/publish_inside.h"

struct next {
	int64_t	now;
	int64_t	next;
};

static void
take_next(struct next *next, int64_t instant)
{
	if (instant > next->now && instant < next->next)
		next->next = instant;
}

static bool
next_of_run(void *handle, const struct run *run)
{
	struct next *next = handle;
	struct run_time time = run_time_of(run);
	struct run_window window;

	if (run->is_cancelled || run_window(&time, &window) != ST_OK)
		return true;
	take_next(next, window.opens);
	take_next(next, window.closes + 1);	/* `closes` itself is still open */
	if (run_state(&time, &window, next->now) != RUN_OPEN)
		return true;
	take_next(next, (next->now / CODE_STEP_S + 1) * CODE_STEP_S);
	if (!run->rules.is_single)
		take_next(next, slot_begins(slot_at(next->now, run->rules.interval_s) + 1,
		    run->rules.interval_s));
	return true;
}

enum status
publisher_next(struct publisher *publisher, int64_t now, int64_t *instant)
{
	char today[WALL_DATE_SIZE], from[WALL_DATE_SIZE], tomorrow[WALL_DATE_SIZE],
	    to[WALL_DATE_SIZE], time[WALL_TIME_SIZE];
	struct next next = { .now = now, .next = INT64_MAX };
	struct club club;
	int64_t midnight;
	enum status status = store_club(publisher->store, &club);

	if (status == ST_OK)
		status = wall_local(now, club.zone, today, time);
	if (status == ST_OK)
		/* a run's zone may be a day off the club's, and a run opens up to a day early */
		status = wall_date_add(today, -2, from);
	if (status == ST_OK)
		status = wall_date_add(today, 1, tomorrow);
	if (status == ST_OK)
		status = wall_date_add(today, 2, to);
	if (status == ST_OK)
		status = wall_instant(tomorrow, "00:00", club.zone, &midnight);
	if (status == ST_OK) {
		take_next(&next, midnight);
		status = store_runs(publisher->store, 0, from, to, next_of_run, &next);
	}
	*instant = next.next;
	return status == ST_OK ? ST_OK
	    : publisher_fail(publisher, status, "%s", store_why(publisher->store));
}
