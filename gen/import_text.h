// SPDX-License-Identifier: ISC
/*
 * import_text.h: dates, times and text as clubs write them in their sheets. Rules without input or
 * output.
 */
#ifndef TURNOUT_IMPORT_TEXT_H
#define TURNOUT_IMPORT_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/name.h"
#include "core/status.h"
#include "core/wall.h"

#define IMPORT_TEXT_SIZE	(NAME_SIZE * 4)

struct buffer;

/* How dates with slashes are written. */
enum import_slashes { IMPORT_SLASHES_REFUSED, IMPORT_SLASHES_DMY, IMPORT_SLASHES_MDY };

/*
 * "DD/MM/YYYY", "MM/DD/YYYY", in any case; "YYYY-MM-DD", "DD.MM.YYYY" and NULL, which need no
 * telling. ST_REFUSED otherwise.
 */
enum status	import_slashes(const char *format, enum import_slashes *slashes);

/*
 * Read a date: YYYY-MM-DD (also with a midnight behind it, as databases write), DD.MM.YYYY, and the
 * one with slashes that `slashes` says. Day and month may have one digit. Blanks around it are
 * skipped. ST_REFUSED with *why (a constant part of a sentence: "is not a date …").
 */
enum status	import_date(const char *text, enum import_slashes slashes,
		    char date[WALL_DATE_SIZE], const char **why);

/*
 * Read "start - end", or a start alone, and what stands in brackets behind it: "17:46PM(Roll
 * Call)". `end` is "" for none; `remark` (IMPORT_TEXT_SIZE bytes) is "" for none. ST_REFUSED when
 * anything else is there.
 */
enum status	import_times(const char *text, char start[WALL_TIME_SIZE], char end[WALL_TIME_SIZE],
		    char *remark);

/*
 * Copy `text` without the control characters U+0080..9F that wrong decoding leaves behind. Where
 * all of it reads as UTF-8 once more when taken for Latin-1, that is done (again and again), what
 * is left is read as Windows-1252, and what that does not know is dropped:
 * "MetrolinxÃ\u0082Â\u0092s" becomes "Metrolinx’s". *is_repaired says whether it differs from
 * `text`, which is UTF-8. Text without such characters is never touched.
 */
void	import_repair(struct buffer *repaired, const char *text, bool *is_repaired);

/*
 * The code point at *at, which moves behind it; -1 at the end, or where it is no UTF-8 (*at stays).
 */
int32_t	import_next_point(const char **at);

#endif
