// SPDX-License-Identifier: ISC
/*
 * import_own.h: what turnout export wrote as CSV, read again: a register or an event log, whichever
 * the head says.
 *
 * All columns of the kind must be there, in any order, others too. Groups, places, people, hosts
 * and runs that are not there are made, a run with the session id it had; its address for hosts and
 * its codes are new. A run that is there, by session id, or else by group, date, start and title,
 * stays as the club has it. The apostrophe that disarmed a formula goes (gen/escape.h).
 *
 * An event log enters the events that the club has not: into an empty club that gives the same
 * events in the same order, and so the same attendance. A register enters for each line that says
 * something else a mark at its time with its proof; where the club knows something newer, that
 * stays. Times come back to the second, line breaks in notes as LF. What no export has, such as
 * lists, schedules and the nicknames of people, does not come back; nor do people who were
 * forgotten: they are one “Someone”.
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
	/* told of every line that changes something; NULL: nobody asks */
	void		(*differs)(void *handle, const char *sentence);
	void		*handle;
};

struct import_own_counts {
	size_t	records;
	size_t	groups, places, people, runs;	/* new ones */
	size_t	added;		/* attendances or events that were not there */
	size_t	changed;	/* attendances that said otherwise */
	size_t	same;
	size_t	kept;		/* attendances of which the club knows something newer */
	size_t	only_here;	/* attendances or events of the club that the file has not */
};

/*
 * Import what `file` holds: one transaction, as import.h says.
 *   ST_REFUSED  no export of ours, or a bad line, see `notes` ST_FULL, ST_LOCKED … as the store
 *               says
 */
enum status	import_own(struct store *store, FILE *file, const struct import_own *options,
		    struct import_notes *notes, struct import_own_counts *counts);

#endif
