// SPDX-License-Identifier: ISC
/*
 * import_calendar.h: importing runs from an iCalendar file (RFC 5545).
 *
 * Every occurrence of every event between two dates becomes a run of one group. The run keeps the
 * event's UID, followed by "#" and the date of the occurrence when the event recurs, so that a
 * later version of the file moves and cancels the runs of an earlier one. An event in an IANA zone
 * keeps that zone; one without a zone is in the club's; an instant of any other kind is written as
 * the club's wall time.
 */
#ifndef TURNOUT_IMPORT_CALENDAR_H
#define TURNOUT_IMPORT_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "db/store.h"
#include "gen/import.h"

#define IMPORT_CALENDAR_MAX	(16 << 20)	/* bytes a file may have */

struct import_calendar {
	const char	*group;		/* name or slug; made if it does not exist */
	const char	*from;		/* first local date, included */
	const char	*through;	/* last local date, included */
	bool		 is_dry_run;
	int64_t		 now;		/* seconds */
};

struct import_calendar_counts {
	size_t	events;			/* in the file */
	size_t	groups, places, runs;	/* new ones */
	size_t	moved;			/* runs that got another time, place or title */
	size_t	cancelled;
	size_t	resumed;	/* cancelled by an earlier import, now taking place */
	size_t	same;			/* runs left as they were */
	/* events that make no run: all day, longer than a day, recurring by the hour … */
	size_t	skipped;
};

/*
 * Import what `file` holds, as import.h says. An occurrence that is cancelled in the file becomes,
 * or stays, a cancelled run; the run of one that is left out (EXDATE) is cancelled. Importing a
 * file twice adds nothing. An event gives at most WALL_RULE_MAX runs.
 *   ST_USAGE    the dates or the group are missing or not valid
 *   ST_REFUSED  not an iCalendar file, or too large      ST_FULL, ST_LOCKED …  as the store
 * Every failure has a bad note that says why; everything that is skipped has an odd one.
 */
enum status	import_calendar(struct store *store, FILE *file,
		    const struct import_calendar *options, struct import_notes *notes,
		    struct import_calendar_counts *counts);

#endif
