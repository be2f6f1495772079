// SPDX-License-Identifier: ISC
/*
 * import_calendar.h: runs out of an iCalendar file (RFC 5545).
 *
 * Every occurrence of every event between two dates becomes a run of one group, remembered by the
 * event's UID, with "#" and the date of the occurrence behind it when the event recurs: so a later
 * version of the file moves and cancels the runs of the earlier one. An event in an IANA zone keeps
 * it; one without a zone is in the club's, and any other instant is written as the club's wall
 * time.
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
	const char	*group;		/* name or slug; made when there is none */
	const char	*from;		/* first local date, included */
	const char	*through;	/* last local date, included */
	bool		 is_dry_run;
	int64_t		 now;		/* seconds */
};

struct import_calendar_counts {
	size_t	events;			/* in the file */
	size_t	groups, places, runs;	/* new ones */
	size_t	moved;			/* to another time, place or title */
	size_t	cancelled;
	size_t	resumed;	/* cancelled by an earlier import, and taking place after all */
	size_t	same;			/* as they were */
	/* events that make no run here: all day, longer than a day, recurring by the hour … */
	size_t	skipped;
};

/*
 * Import what `file` holds. One transaction. An occurrence that is cancelled in the file becomes,
 * or stays, a cancelled run; one that is left out (EXDATE) is cancelled when it is there. Importing
 * twice adds nothing.
 *   ST_USAGE    dates or group of the options are off
 *   ST_REFUSED  not an iCalendar file, or too large      ST_FULL, ST_LOCKED …  as the store says
 * Every failure has a bad note that says why; what is passed over has an odd one. At most
 * WALL_RULE_MAX runs an event.
 */
enum status	import_calendar(struct store *store, FILE *file,
		    const struct import_calendar *options, struct import_notes *notes,
		    struct import_calendar_counts *counts);

#endif
