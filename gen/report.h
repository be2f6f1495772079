// SPDX-License-Identifier: ISC
/*
 * report.h: the figures of the private report pages, as files.
 *
 * Each kind of report is a section of templates/pages/report.sql and has columns of that section,
 * so that page and file cannot count differently: a club that changes the query changes both. A
 * grid has the marks of each person beside the other columns, one column for each date.
 */
#ifndef TURNOUT_REPORT_H
#define TURNOUT_REPORT_H

#include <stdio.h>

#include "core/proof.h"
#include "gen/export.h"
#include "gen/page.h"

enum report_kind {
	REPORT_PEOPLE, REPORT_GRID, REPORT_MONTHS, REPORT_WEEKS, REPORT_PLACES, REPORT_GROUPS,
	REPORT_PROOFS, REPORT_NEWCOMERS, REPORT_STOPPED, REPORT_KIND_END
};

struct report_request {
	enum report_kind kind;
	int64_t		 group_id;		/* 0: the whole club; a grid needs a group */
	char		 from[WALL_DATE_SIZE], to[WALL_DATE_SIZE];
	enum level	 level;			/* the least proof that counts */
	enum export_format format;
	bool		 is_letter;		/* a PDF on US Letter instead of A4 */
	const char	*club, *about;		/* at the head of each PDF page */
};

/* "people", "grid" …: the kind of that name, ST_UNKNOWN when there is none; and the name. */
enum status	report_kind_find(const char *name, enum report_kind *kind);
const char	*report_kind_name(enum report_kind kind);

/*
 * The first and last date of a month (2026-11), a year (2026) or a season (2025-2026: September to
 * August). ST_USAGE when `text` is none of these.
 */
enum status	report_range(const char *text, char from[WALL_DATE_SIZE], char to[WALL_DATE_SIZE]);

/*
 * Write the report to `out` and flush it; to be called between pages_begin and pages_end. *lines is
 * the number of lines written.
 *   ST_UNKNOWN         it covers no run that is over; nothing was written
 *   ST_REFUSED         the templates or the facts cannot be read: see pages_why
 *   ST_FULL, ST_FAULT  a write failed, with errno; what is written is not complete
 */
enum status	report_write(struct pages *pages, const struct report_request *request, FILE *out,
		    size_t *lines);

#endif
