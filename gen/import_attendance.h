// SPDX-License-Identifier: ISC
/*
 * import_attendance.h: importing registers that clubs keep in spreadsheets.
 *
 * One record of the file is one person at one run. Groups, people and runs that do not exist are
 * made. A run is known by group, date, start and title. Text in brackets after a time is added to
 * the title, so that a roll call and a session in the same minute are two runs. All times are in
 * the club's zone.
 */
#ifndef TURNOUT_IMPORT_ATTENDANCE_H
#define TURNOUT_IMPORT_ATTENDANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "db/store.h"
#include "gen/import.h"

/* The columns, by their names in the header; NULL where there is none. All borrowed. */
struct import_attendance {
	/* one column, or a list of several, which are joined by blanks */
	const char	*person;
	const char	*group;		/* column */
	const char	*group_name;	/* instead: the one group of all records */
	const char	*date;		/* column */
	const char	*date_format;	/* "DD/MM/YYYY" or "MM/DD/YYYY"; NULL for others */
	const char	*time;		/* column of the start, and perhaps the end */
	const char	*start;		/* instead: column of the start */
	const char	*end;		/* and column of the end */
	const char	*title;		/* column */
	const char	*status;	/* column; without it, everybody in the file was present */
	/* lists (import_list) of values of that column: what means present, late … */
	const char	*values[ATTENDANCE_END];
	bool		 is_dry_run;
	int64_t		 now;		/* seconds */
};

struct import_attendance_counts {
	size_t	records;
	size_t	groups, people, runs;	/* new ones */
	size_t	added;			/* attendances that were not known */
	size_t	changed;		/* known ones with another status, which they get */
	size_t	same;			/* known ones with the same status */
	size_t	kept;	/* known ones with another status, set after the run's start */
	size_t	repeats;	/* records of a person and run that an earlier line has */
	size_t	contradictions;	/* those of the repeats that differ; the later line wins */
};

/*
 * Import what `file` holds, as import.h says. A dry run enters nothing, and otherwise ends like a
 * real one. Importing a file twice adds nothing. An imported mark counts from the start of its run.
 *   ST_USAGE    the options do not fit together, or name no column of the file
 *   ST_REFUSED  a bad line, see `notes`       ST_FULL, ST_LOCKED …  as the store
 * Every failure has a bad note that says why, those of the store included.
 */
enum status	import_attendance(struct store *store, FILE *file,
		    const struct import_attendance *options,
		    struct import_notes *notes, struct import_attendance_counts *counts);

#endif
