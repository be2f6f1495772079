// SPDX-License-Identifier: ISC
/*
 * run.h: when a run is scheduled, open, closed or cancelled.
 *
 * Check-in opens `opens_min` minutes before the start and closes `closes_min` minutes after the
 * end. A run without an end (a roll call) is taken to last RUN_NO_END_MIN. The window is computed
 * from wall time and zone, never stored.
 */
#ifndef TURNOUT_RUN_H
#define TURNOUT_RUN_H

#include <stdbool.h>
#include <stdint.h>

#include "core/status.h"

#define RUN_NO_END_MIN	60	/* minutes */

enum run_state {
	RUN_SCHEDULED,
	RUN_OPEN,
	RUN_CLOSED,
	RUN_CANCELLED,
	RUN_STATE_END
};

/* What the window of a run depends on. Borrowed strings. */
struct run_time {
	const char	*date;		/* local date of the start */
	const char	*start;		/* wall time "HH:MM" */
	const char	*end;	/* wall time, NULL for none; before the start means the next day */
	const char	*zone;		/* IANA */
	int		 opens_min;	/* minutes before the start, 0 .. 1440 */
	int		 closes_min;	/* minutes after the end, 0 .. 1440 */
	bool		 is_cancelled;
};

/* The instants of a run, seconds since 1970. */
struct run_window {
	int64_t		 opens;
	int64_t		 starts;
	int64_t		 ends;
	int64_t		 closes;	/* at most 24 hours after `opens` */
};

/*
 * Compute `window`. An end that a clock change puts before the start counts as the start.
 * ST_REFUSED when date, time or zone is not valid, or `opens_min` or `closes_min` out of range.
 */
enum status	run_window(const struct run_time *time, struct run_window *window);

/*
 * What `date` alone tells of a run at `now`, whatever its times and zone: RUN_CLOSED when its
 * window is surely over, RUN_SCHEDULED when it has surely not begun, RUN_STATE_END when the window
 * must be computed. Cheap: most runs of a history are far from now.
 */
enum run_state	run_state_far(const char *date, int64_t now);

/* The state at `now`; the run is still open in the second `closes` itself. */
enum run_state	run_state(const struct run_time *time, const struct run_window *window,
		    int64_t now);

/* "scheduled", "open", "closed", "cancelled". */
const char	*run_state_name(enum run_state state);

#endif
