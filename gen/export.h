// SPDX-License-Identifier: ISC
/*
 * export.h: the register as a file, a line a person and run.
 *
 * Columns, in CSV and JSON alike: date, start, end, zone, group, title, place, person, status, since, proof,
 * session. `since` is ISO 8601 with the offset of the run's zone. By date, start, group, title and person.
 */
#ifndef TURNOUT_EXPORT_H
#define TURNOUT_EXPORT_H

#include <stddef.h>
#include <stdio.h>

#include "db/store.h"

enum export_format {
	EXPORT_CSV,		/* RFC 4180: CRLF, quoted where needed, UTF-8; formulas disarmed */
	EXPORT_JSON,		/* an array of objects, one a line; what is empty is "" */
};

/*
 * Write the register to `out` and flush it; *lines counts what was written. `out` stays the caller's, whose fclose must be checked too.
 *   ST_FULL   the disk is full (what is written is not whole)     ST_FAULT  any other failed write, errno says
 * or as the store says (store_why).
 */
enum status	export_attendance(struct store *store, const struct register_filter *filter, enum export_format format,
		    FILE *out, size_t *lines);

#endif
