// SPDX-License-Identifier: ISC
/*
 * import_people.h: importing people, and the lists they are on, from spreadsheets or plain lines.
 */
#ifndef TURNOUT_IMPORT_PEOPLE_H
#define TURNOUT_IMPORT_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "db/store.h"
#include "gen/import.h"

/* The columns, by their names in the header; NULL where there is none. All borrowed. */
struct import_people {
	/* one column, or a list, joined by blanks; NULL: no header, each line is a name */
	const char	*name;
	const char	*nickname;	/* column */
	const char	*group;		/* column of the group whose list the person is put on */
	const char	*group_name;	/* instead: the one group of all */
	bool		 is_dry_run;
	int64_t		 now;		/* seconds */
};

struct import_people_counts {
	size_t	records;
	size_t	people, groups;		/* new ones */
	size_t	listed;			/* put on a group's list */
	size_t	same;			/* records that made and listed nobody */
};

/*
 * Import what `file` holds, as import.h says. Nobody is made twice: names are matched by their
 * folded key. An empty nickname in the file leaves the person's as it is.
 *   ST_USAGE    the options do not fit together, or name no column of the file
 *   ST_REFUSED  a bad line, see `notes`       ST_FULL, ST_LOCKED …  as the store
 * Every failure has a bad note that says why.
 */
enum status	import_people(struct store *store, FILE *file, const struct import_people *options,
		    struct import_notes *notes, struct import_people_counts *counts);

#endif
