// SPDX-License-Identifier: ISC
/*
 * import_attendance.h: registers that clubs keep in spreadsheets.
 *
 * One record of the file is one person at one run. Groups, people and runs that are not there are
 * made. A run is known by group, date, start and title; text in brackets behind a time belongs to
 * the title, so that a roll call and a session of the same minute are two runs. Zone of all of it:
 * the club's.
 */
#ifndef TURNOUT_IMPORT_ATTENDANCE_H
#define TURNOUT_IMPORT_ATTENDANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "db/store.h"
#include "gen/import.h"

/* Which column is what, by its name in the header. NULL where not said. All borrowed. */
struct import_attendance {
	/* one column, or several with commas between, joined by blanks */
	const char	*person;
	const char	*group;		/* column */
	const char	*group_name;	/* instead: the one group of all records */
	const char	*date;		/* column */
	const char	*date_format;	/* "DD/MM/YYYY" or "MM/DD/YYYY"; others need no telling */
	const char	*time;		/* column with start and perhaps end */
	const char	*start;		/* instead: column of the start */
	const char	*end;		/* and of the end */
	const char	*title;		/* column */
	const char	*status;	/* column; without it everybody listed was present */
	/* of that column, comma-separated lists: what means present, late … */
	const char	*values[ATTENDANCE_END];
	bool		 is_dry_run;
	int64_t		 now;		/* seconds */
};

struct import_attendance_counts {
	size_t	records;
	size_t	groups, people, runs;	/* new ones */
	size_t	added;			/* attendances that were not there */
	size_t	changed;		/* that said otherwise */
	size_t	same;			/* that said the same */
	size_t	kept;	/* that said otherwise since after the run's start, and stay as they are */
	size_t	repeats;	/* records of a person at a run that an earlier line had already */
	size_t	contradictions;	/* those among them that said otherwise; the later line wins */
};

/*
 * Import what `file` holds. One transaction; nothing is entered unless it returns ST_OK, and
 * nothing at all in a dry run, which ends like the real one. Importing a file twice adds nothing.
 * An imported mark was so at the start of its run.
 *   ST_USAGE    the options do not fit together, or name no column of the file
 *   ST_REFUSED  a bad line, see `notes`       ST_FULL, ST_LOCKED …  as the store says
 * Every failure has a bad note that says why, those of the store included.
 */
enum status	import_attendance(struct store *store, FILE *file,
		    const struct import_attendance *options,
		    struct import_notes *notes, struct import_attendance_counts *counts);

#endif
