// SPDX-License-Identifier: ISC
/*
 * import_text.h: reading dates, times and text as clubs write them in their spreadsheets. Rules
 * without input or output.
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

/* How a date with slashes is to be read. */
enum import_slashes { IMPORT_SLASHES_REFUSED, IMPORT_SLASHES_DMY, IMPORT_SLASHES_MDY };

/*
 * What a date format (in any case) says about slashes: "DD/MM/YYYY" and "MM/DD/YYYY" give their
 * order; "YYYY-MM-DD", "DD.MM.YYYY" and NULL give IMPORT_SLASHES_REFUSED. ST_REFUSED for any other
 * format.
 */
enum status	import_slashes(const char *format, enum import_slashes *slashes);

/*
 * Read a date: YYYY-MM-DD, DD.MM.YYYY, or one with slashes in the order that `slashes` says. Day
 * and month may have one digit. Blanks around it, and the midnight that databases write after a
 * date, are skipped. ST_REFUSED, and then *why it is not one, as the constant end of a sentence
 * ("is not a date; …").
 */
enum status	import_date(const char *text, enum import_slashes slashes,
		    char date[WALL_DATE_SIZE], const char **why);

/*
 * Read "start - end", or only a start, and a remark in brackets: "17:46PM(Roll Call)". `end` and
 * `remark` (IMPORT_TEXT_SIZE bytes) are "" when there is none. ST_REFUSED when the text holds
 * anything else.
 */
enum status	import_times(const char *text, char start[WALL_TIME_SIZE], char end[WALL_TIME_SIZE],
		    char *remark);

/*
 * Copy `text`, which is UTF-8, without the control characters U+0080..9F that wrong decoding leaves
 * behind. As long as it has such characters, and all of it makes valid UTF-8 when its characters
 * are written as Latin-1, that is done, again and again. Those that are left are then read as
 * Windows-1252, or dropped where that has nothing: "MetrolinxÃ\u0082Â\u0092s" becomes
 * "Metrolinx’s". *is_repaired says whether `text` had any; text without them is copied unchanged.
 */
void	import_repair(struct buffer *repaired, const char *text, bool *is_repaired);

/* Read the code point at *at; -1, with *at unchanged, at the end and where it is not UTF-8. */
int32_t	import_next_point(const char **at);

#endif
