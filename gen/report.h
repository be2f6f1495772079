// SPDX-License-Identifier: ISC
/*
 * report.h: the figures of the private report pages as files.
 *
 * A kind of report is a section of templates/pages/report.sql, and its columns are that section's,
 * so page and file cannot count differently: a club that changes the query changes both. The grid
 * is the people's marks beside a column a date.
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
	int64_t		 group_id;		/* 0: the whole club; a grid wants a group */
	char		 from[WALL_DATE_SIZE], to[WALL_DATE_SIZE];
	enum level	 level;			/* of proof, at least */
	enum export_format format;
	bool		 is_letter;		/* a PDF on US Letter instead of A4 */
	const char	*club, *about;		/* over a PDF */
};

/* "people", "grid" …: the kind of that name; ST_UNKNOWN. And the name. */
enum status	report_kind_find(const char *name, enum report_kind *kind);
const char	*report_kind_name(enum report_kind kind);

/*
 * A month (2026-11), a year (2026) or a season (2025-2026: September to August) as its first and
 * last date. ST_USAGE: it is none of these.
 */
enum status	report_range(const char *text, char from[WALL_DATE_SIZE], char to[WALL_DATE_SIZE]);

/*
 * Between pages_begin and pages_end, write the report to `out` and flush it; *lines counts what was
 * written.
 *   ST_UNKNOWN  no run that is over is in it; nothing was written
 *   ST_FULL, ST_FAULT with errno: a write failed, what is written is not whole; otherwise see
 *     pages_why
 */
enum status	report_write(struct pages *pages, const struct report_request *request, FILE *out,
		    size_t *lines);

#endif
