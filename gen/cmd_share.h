// SPDX-License-Identifier: ISC
/*
 * cmd_share.h: what several sub-commands need: reading the value of an option, and finding the run
 * or group that a word means.
 *
 * Before a function returns anything but ST_OK, it has said on standard error what is wrong and
 * that nothing was changed. Statuses without an explanation mean that the value is not valid
 * (ST_USAGE) or that nothing of that name exists (ST_UNKNOWN); the functions that read the database
 * may also fail as the store does.
 */
#ifndef TURNOUT_CMD_SHARE_H
#define TURNOUT_CMD_SHARE_H

#include <stdio.h>

#include "gen/command.h"

/*
 * Copy the date or wall time of an option to `date` or `time`, which stays as it is when the option
 * is not given. ST_USAGE.
 */
enum status	share_date(const struct call *call, enum option_id id, char date[WALL_DATE_SIZE]);
enum status	share_time(const struct call *call, enum option_id id, char time[WALL_TIME_SIZE]);

/* The title (name.h) of an option, "" when it is not given or empty. ST_USAGE. */
enum status	share_title(const struct call *call, enum option_id id, char title[NAME_SIZE]);

/*
 * Copy one line of printable UTF-8, shorter than `size` bytes, to `line`, which stays as it is when
 * the option is not given. ST_USAGE.
 */
enum status	share_line(const struct call *call, enum option_id id, char *line, size_t size);

/* A number in these bounds; *number stays as it is when the option is not given. ST_USAGE. */
enum status	share_number(const struct call *call, enum option_id id, double smallest,
		    double largest, double *number);

/* Is `from` not after `to`? ST_OK also when one of them is NULL. ST_USAGE. */
enum status	share_span(const struct call *call, const char *from, const char *to);

/* Today's date in the club's zone. ST_FAULT when that zone is not known on this machine. */
enum status	share_today(const struct call *call, char date[WALL_DATE_SIZE]);

/* The same day a year after `date`; 28 February for 29 February. `later` may be `date`. */
void		share_year_on(const char *date, char later[WALL_DATE_SIZE]);

/* The id of what the option names; 0 when the option is not given or "". ST_UNKNOWN. */
enum status	share_group(const struct call *call, enum option_id option, int64_t *id);
enum status	share_place(const struct call *call, enum option_id option, int64_t *id);
enum status	share_host(const struct call *call, enum option_id option, int64_t *id);

/* Make a name of `text`, which a command names. ST_USAGE. */
enum status	share_name(const struct call *call, const char *text, char name[NAME_SIZE]);

/*
 * End the transaction that is open: commit it where `status` is ST_OK. If that fails, or the store
 * had failed before, say why, that nothing was changed, and roll back. Returns how it ended.
 */
enum status	share_end(const struct call *call, enum status status);

/*
 * call_list of `rows` (reference taken over) that were read with `status`. Where that is not ST_OK,
 * say so instead. Returns `status`.
 */
enum status	share_list(const struct call *call, enum status status, json_t *rows,
		    const struct listing_column *columns, const char *nothing);

/*
 * The run that `word` means: an id, a session id, a date, or "today". Of today's runs that is the
 * open one, else the next one, else the last one. --group narrows dates down.
 *   ST_USAGE       several runs fit: they are listed
 *   ST_UNKNOWN     there is no such run, or no such group
 *   ST_NO_RUN_DAY  "today", and there is no run today
 */
enum status	share_run(const struct call *call, const char *word, struct run *run);

/* A run in one line, for people: "Tuesday Social, Tue 2026-11-24 18:30 (id 12)". */
void		share_run_words(const struct run *run, char *words, size_t size);

/* A run as a row of a listing, and the columns of its table. */
json_t		*share_run_json(const struct call *call, const struct run *run);
extern const struct listing_column share_run_columns[];

/* Tell that pages in the language `tag` will be in English, if it has no file of messages. */
void		share_tell_language(const struct call *call, const char *tag);

/* Open `path` for reading; "-" is standard input. NULL (said) when it cannot be opened. */
FILE		*share_open(const struct call *call, const char *path);
void		share_close(FILE *file);

/* Append a row {key, value, meaning} for the rule called `key`, or for all where that is NULL. */
void		share_rules(const struct run_rules *rules, const char *key, json_t *rows);

#endif
