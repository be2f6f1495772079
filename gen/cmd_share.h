// SPDX-License-Identifier: ISC
/*
 * cmd_share.h: what several sub-commands do alike: read an option, find what a word means.
 *
 * Each says on standard error what is wrong, and that nothing was changed, before it returns
 * anything but ST_OK.
 */
#ifndef TURNOUT_CMD_SHARE_H
#define TURNOUT_CMD_SHARE_H

#include <stdio.h>

#include "gen/command.h"

/*
 * The date or wall time of an option into `date` or `time`; left as it is when the option is not
 * given. ST_USAGE.
 */
enum status	share_date(const struct call *call, enum option_id id, char date[WALL_DATE_SIZE]);
enum status	share_time(const struct call *call, enum option_id id, char time[WALL_TIME_SIZE]);

/* A title (name.h), "" when not given or empty. ST_USAGE. */
enum status	share_title(const struct call *call, enum option_id id, char title[NAME_SIZE]);

/*
 * One line of printable UTF-8 that fits `size`; left as it is when the option is not given.
 * ST_USAGE.
 */
enum status	share_line(const struct call *call, enum option_id id, char *line, size_t size);

/* A number between `least` and `most`; left as it is when not given. ST_USAGE. */
enum status	share_number(const struct call *call, enum option_id id, double least, double most,
		    double *number);

/* Is there a day from `from` to `to`, or is one of them NULL? ST_USAGE. */
enum status	share_span(const struct call *call, const char *from, const char *to);

/* Today in the club's zone. */
enum status	share_today(const struct call *call, char date[WALL_DATE_SIZE]);

/* `date` a year on: the same day and month; 28 February for the 29th. `later` may be `date`. */
void		share_year_on(const char *date, char later[WALL_DATE_SIZE]);

/* Find what the option names; *id is 0 when it is not given or "". ST_UNKNOWN. */
enum status	share_group(const struct call *call, enum option_id option, int64_t *id);
enum status	share_place(const struct call *call, enum option_id option, int64_t *id);
enum status	share_host(const struct call *call, enum option_id option, int64_t *id);

/*
 * The run that `word` means: an id, a session id, a date, or "today", where the one that is open
 * comes before the next and that before the last. --group narrows dates down. ST_USAGE with a list
 * when several fit, ST_UNKNOWN, ST_NO_RUN_DAY.
 */
enum status	share_run(const struct call *call, const char *word, struct run *run);

/* A run for people in one line: "Tuesday Social, Tue 2026-11-24 18:30 (id 12)". */
void		share_run_words(const struct run *run, char *words, size_t size);

/* A run as listings show it. */
json_t		*share_run_json(const struct call *call, const struct run *run);
extern const struct listing_column share_run_columns[];

/* Tell that pages in the language `tag` will have English words, where nobody wrote any of it. */
void		share_tell_language(const struct call *call, const char *tag);

/* Open `path` for reading, "-" for standard input. NULL (said) when it cannot be read. */
FILE		*share_open(const struct call *call, const char *path);
void		share_close(FILE *file);

/*
 * Append to `rows` {key, value, meaning} of the rule called `key`, or of all of them where it is
 * NULL.
 */
void		share_rules(const struct run_rules *rules, const char *key, json_t *rows);

#endif
