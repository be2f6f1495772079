// SPDX-License-Identifier: ISC
/*
 * import_people.h: people, and whose lists they are on, out of a spreadsheet or pasted lines.
 */
#ifndef TURNOUT_IMPORT_PEOPLE_H
#define TURNOUT_IMPORT_PEOPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "db/store.h"
#include "gen/import.h"

/* Which column is what, by its name in the header. NULL where not said. All borrowed. */
struct import_people {
	/* one column, or several with commas between; NULL: no header, every line is a name */
	const char	*name;
	const char	*nickname;	/* column */
	const char	*group;		/* column: put on the list of that group */
	const char	*group_name;	/* instead: the one group of all */
	bool		 is_dry_run;
	int64_t		 now;		/* seconds */
};

struct import_people_counts {
	size_t	records;
	size_t	people, groups;		/* new ones */
	size_t	listed;			/* put on a group's list */
	size_t	same;			/* records that made nobody and put nobody on a list */
};

/*
 * Import what `file` holds. One transaction. Nobody is made twice: a name is matched by its folded
 * key. A nickname that the file leaves empty stays as it is.
 *   ST_USAGE    the options do not fit together, or name no column of the file
 *   ST_REFUSED  a bad line, see `notes`       ST_FULL, ST_LOCKED …  as the store says
 * Every failure has a bad note that says why.
 */
enum status	import_people(struct store *store, FILE *file, const struct import_people *options,
		    struct import_notes *notes, struct import_people_counts *counts);

#endif
