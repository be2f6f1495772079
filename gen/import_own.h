// SPDX-License-Identifier: ISC
/*
 * import_own.h: reading CSV that turnout export wrote: a register or an event log, as its header
 * row tells.
 *
 * All columns of the kind must be there, in any order; others are ignored. Groups, places, people,
 * hosts and runs that do not exist are made. A run gets back its session id, but the address of its
 * screen and its codes are new. A run that exists, by session id, or else by group, date, start and
 * title, stays as the club has it. The apostrophe that disarmed a formula is removed
 * (gen/escape.h).
 *
 * Of an event log, those events are entered that the club does not have. In an empty club this
 * gives the same events in the same order, and so the same attendance. Of a register, each line
 * that differs is entered as a mark with its time and proof, unless the club knows something newer.
 * Times come back to the second, line breaks in notes as LF. What no export contains, such as
 * lists, schedules and nicknames, does not come back, and people who were forgotten come back as
 * the one person “Someone”.
 */
#ifndef TURNOUT_IMPORT_OWN_H
#define TURNOUT_IMPORT_OWN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "gen/import.h"

struct import_own {
	bool		 is_dry_run;
	int64_t		 now;		/* seconds */
	/* told once of every line that changes something, "+ …" new or "~ …" different; or NULL */
	void		(*differs)(void *handle, const char *sentence);
	void		*handle;
};

struct import_own_counts {
	size_t	records;
	size_t	groups, places, people, runs;	/* new ones */
	size_t	added;		/* attendances or events that were not there */
	size_t	changed;	/* attendances that were different */
	size_t	same;
	size_t	kept;		/* attendances for which the club knows something newer */
	size_t	only_here;	/* attendances or events of the club that are not in the file */
};

/*
 * Import what `file` holds, as import.h says.
 *   ST_REFUSED  not an export of ours, or a bad line, see `notes`
 *   ST_FULL, ST_LOCKED …  as the store
 * Every failure has a bad note that says why.
 */
enum status	import_own(struct store *store, FILE *file, const struct import_own *options,
		    struct import_notes *notes, struct import_own_counts *counts);

#endif
