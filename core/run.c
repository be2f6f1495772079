// SPDX-License-Identifier: ISC
/* run.c: the window of a run; wall.c does the arithmetic of clocks. */
#include "core/run.h"

#include <stddef.h>
#include <string.h>

#include "core/code.h"
#include "core/wall.h"

#define MARGIN_MAX_MIN	1440

/* When the run ends; never before it starts, even where the clock skips its end. */
static enum status
end_instant(const struct run_time *time, int64_t starts, int64_t *ends)
{
	char next[WALL_DATE_SIZE];
	const char *date = time->date;
	enum status status;

	if (time->end == NULL) {
		*ends = starts + RUN_NO_END_MIN * 60;
		return ST_OK;
	}
	if (!wall_time_valid(time->end))
		return ST_REFUSED;
	if (strcmp(time->end, time->start) < 0) {
		status = wall_date_add(time->date, 1, next);
		if (status != ST_OK)
			return status;
		date = next;
	}
	status = wall_instant(date, time->end, time->zone, ends);
	if (status == ST_OK && *ends < starts)
		*ends = starts;
	return status;
}

enum status
run_window(const struct run_time *time, struct run_window *window)
{
	enum status status;

	if (time->opens_min < 0 || time->opens_min > MARGIN_MAX_MIN ||
	    time->closes_min < 0 || time->closes_min > MARGIN_MAX_MIN)
		return ST_REFUSED;
	status = wall_instant(time->date, time->start, time->zone, &window->starts);
	if (status != ST_OK)
		return status;
	status = end_instant(time, window->starts, &window->ends);
	if (status != ST_OK)
		return status;
	window->opens = window->starts - time->opens_min * 60;
	window->closes = window->ends + time->closes_min * 60;
	if (window->closes > window->opens + CODE_MAX_S)
		window->closes = window->opens + CODE_MAX_S;
	return ST_OK;
}

enum run_state
run_state_far(const char *date, int64_t now)
{
	/*
	 * A window begins one day before the date at the earliest and is over two days after it,
	 * and no zone is more than a day off UTC.
	 */
	const int64_t margin = 4;
	int64_t day = wall_day(date), today = now / 86400;	/* in UTC every day is as long */

	if (day == INT64_MIN || (day - margin <= today && today <= day + margin))
		return RUN_STATE_END;
	return today > day ? RUN_CLOSED : RUN_SCHEDULED;
}

enum run_state
run_state(const struct run_time *time, const struct run_window *window, int64_t now)
{
	if (time->is_cancelled)
		return RUN_CANCELLED;
	if (now < window->opens)
		return RUN_SCHEDULED;
	return now <= window->closes ? RUN_OPEN : RUN_CLOSED;
}

const char *
run_state_name(enum run_state state)
{
	static const char *const names[RUN_STATE_END] = {
		[RUN_SCHEDULED] = "scheduled",
		[RUN_OPEN] = "open",
		[RUN_CLOSED] = "closed",
		[RUN_CANCELLED] = "cancelled",
	};

	return names[state];
}
