// SPDX-License-Identifier: ISC
/*
 * lines.h: the entries of a report, put into a line for each person in each group.
 *
 * Entries come run by run. To have SQL sort them by person costs more than all else of a report,
 * so they are put in their places as they come, and only the lines are sorted.
 */
#ifndef TURNOUT_LINES_H
#define TURNOUT_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/proof.h"
#include "db/sql.h"
#include "gen/buffer.h"

/* What an entry is worth: the digits of templates/partials/report.sql. */
enum mark {
	MARK_NOTHING, MARK_PRESENT, MARK_LATE, MARK_EXCUSED, MARK_ABSENT, MARK_UNPROVEN
};

/* Of an entry's status, "present" and so on, where who came is to have a proof of that level. */
enum mark	lines_mark(const char *status, enum level proof, int64_t level);

struct line;

/* Zeros are no lines. */
struct lines {
	struct line	*list;			/* owned */
	size_t		 count, capacity;
	uint32_t	*places;		/* by hash: number in list, from 1; owned */
	size_t		 n_places;
	struct buffer	 marks;
};

struct line_entry {
	int64_t		person_id, group_id;
	int64_t		size;		/* dates of the group */
	int64_t		place;		/* of this date among them, from 1; elsewhere: no date */
	enum mark	mark;
	enum level	proof;		/* of one who came */
	int64_t		late_s;		/* seconds behind the start of one who came late */
};

/*
 * Add an entry to its line; one with MARK_NOTHING only has the line be there. False: the size is
 * not from 1 to a million, or not that of the line.
 */
bool		lines_add(struct lines *lines, const struct line_entry *entry);

/* Write them, by person and group, one behind the other, and forget them. */
void		lines_take(struct lines *lines, struct buffer *bytes);

/* The table each_line(BLOB) of what lines_take wrote; for its columns see function.h. */
extern const struct sql_table lines_table;

#endif
