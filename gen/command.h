// SPDX-License-Identifier: ISC
/*
 * command.h: one table of sub-commands, and one call of one of them.
 *
 * The table (command_table.c) says of each what it is called, takes and does; from it come the
 * parsing, the help and the suggestions, and the manual is compared with it. command_main finds the
 * words, checks the options, opens the database, reads the clock (nobody else does) and calls the
 * function. Standard output carries data, standard error the rest; a function that fails has said
 * why (call_fail) and returns the status that chooses the exit code.
 */
#ifndef TURNOUT_COMMAND_H
#define TURNOUT_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"
#include "db/store.h"
#include "gen/listing.h"

/*
 * Every option there is; an option takes an argument everywhere or nowhere. Rows of option_names in
 * command_table.c.
 */
enum option_id {
	OPTION_DB, OPTION_NOW, OPTION_QUIET, OPTION_HELP, OPTION_VERSION, OPTION_JSON, OPTION_SITE,
	OPTION_TEMPLATES, OPTION_YES, OPTION_DRY_RUN,
	OPTION_NAME, OPTION_ZONE, OPTION_LANGUAGE, OPTION_ADDRESS, OPTION_WORD, OPTION_DEMO,
	OPTION_GROUP, OPTION_DATE, OPTION_RULE, OPTION_EVERY, OPTION_FROM, OPTION_UNTIL, OPTION_TO,
	OPTION_START, OPTION_END_TIME, OPTION_TITLE, OPTION_PLACE, OPTION_HOST, OPTION_SKIP,
	OPTION_REASON, OPTION_CLOSED, OPTION_LATITUDE, OPTION_LONGITUDE, OPTION_RADIUS,
	OPTION_NETWORK, OPTION_ACCESS_POINT, OPTION_NICKNAME, OPTION_VISIBILITY, OPTION_PAGE,
	OPTION_REVOKE, OPTION_REMOVE, OPTION_FORMAT, OPTION_OUTPUT,
	OPTION_GROUP_NAME, OPTION_PERSON, OPTION_TIME, OPTION_STATUS, OPTION_PRESENT, OPTION_LATE,
	OPTION_EXCUSED, OPTION_ABSENT, OPTION_DATE_FORMAT, OPTION_FULL, OPTION_PRECOMPRESS,
	OPTION_AS_OF, OPTION_CHECK, OPTION_SERVE, OPTION_LISTEN,
	OPTION_COLUMNS, OPTION_PAPER, OPTION_PER_PAGE, OPTION_BY, OPTION_ALL, OPTION_LEVEL,
	OPTION_END
};

struct option_name {
	const char	*name;			/* without the hyphens */
	char		 letter;		/* short form, 0 for none */
	bool		 takes_argument;
};

/* How one sub-command uses an option. */
struct option_use {
	enum option_id	 id;
	const char	*argument;		/* what help calls the argument, NULL for a flag */
	const char	*help;			/* one line, no full stop */
	bool		 is_repeatable;
};

/* What the call needs before its function runs. */
enum command_need {
	NEED_NOTHING,	/* call_set_now is then the function's own business too */
	NEED_READ,				/* call->store and call->club; never written */
	NEED_WRITE,				/* the same, to be written; upgraded when older */
};

struct call;

/* One sub-command: one or two words ("calendar add"). */
struct command {
	const char	*name;
	const char	*arguments;		/* as help shows them, "" for none */
	const char	*summary;		/* one line, no full stop */
	const char	*more;	/* a paragraph or two behind it, lines of 78; NULL for none */
	const char	*examples;		/* lines, each a command; never NULL */
	int		 least, most;	/* how many words behind its name; most -1: any number */
	enum command_need need;
	const struct option_use *options;	/* ends with OPTION_END */
	enum status	(*function)(struct call *call);
};

extern const struct option_name option_names[OPTION_END];
/* ends with OPTION_END; every sub-command takes these */
extern const struct option_use	command_common[];
extern const struct command	command_table[];	/* ends with a NULL name */

/* An option as given. */
struct given {
	enum option_id	 id;
	const char	*value;			/* borrowed from argv; NULL for a flag */
};

/*
 * One call: everything a sub-command has to go on. Borrowed by its function, owned by command_main.
 */
struct call {
	const struct command *command;
	char		**argv;			/* of the whole call; permuted */
	char		**words;		/* behind the name of the sub-command */
	int		 n_words;
	struct given	*given;
	size_t		 n_given;
	const char	*database;		/* --db, TURNOUT_DB or db/turnout.db */
	const char	*site;			/* --site or "site" */
	const char	*templates;		/* --templates or "templates" */
	bool		 is_json;
	bool		 is_quiet;
	bool		 is_fixed;		/* --now was given: the clock stands */
	int64_t		 now;			/* seconds since 1970, when the call began */
	struct store	*store;			/* open as command->need says, or NULL */
	struct club	 club;			/* of that store */
};

/* The whole program: parse, look up, run. Returns the exit code. */
int		command_main(int argc, char **argv);

/* The sub-command of that name ("calendar add"), or NULL. */
const struct command *command_find(const char *name);

/*
 * Parse `argv` into `call`: options and words in any order, "--" ends the options. Complaints go to
 * standard error.
 *   ST_OK     call->command is set, or NULL when there were no words; call->given is the caller's
 *             to free, call->words point into argv (which is permuted)
 *   ST_USAGE  unknown sub-command or option, an argument missing, an option that the sub-command
 *             does not take
 */
enum status	command_parse(int argc, char **argv, struct call *call);

/*
 * Of `words` (NULL-terminated) the one nearest to `word`: fewest insertions, deletions,
 * replacements and swaps of neighbours (optimal string alignment), at most a third of the length of
 * `word`, but two at least for four letters and more. NULL when none is near.
 */
const char	*command_nearest(const char *word, const char *const *words);

/* ---- for the sub-commands ---- */

/*
 * What the call asks for wants a library that this program `lacks` (a sentence): hand it over to
 * the program beside this one that has them (turnout-export). Comes back where there is none:
 * ST_USAGE, said.
 */
enum status	call_elsewhere(const struct call *call, const char *lacks);

/* The value of an option: the last given, NULL when not given ("" for a flag). */
const char	*call_value(const struct call *call, enum option_id id);
bool		call_has(const struct call *call, enum option_id id);

/*
 * All values of a repeatable option, in order: the one numbered `i` from 0, NULL behind the last.
 */
const char	*call_value_at(const struct call *call, enum option_id id, size_t i);

/* Now, for a call that lasts: the clock each time, or what --now said. Seconds since 1970. */
int64_t		call_clock(const struct call *call);

/*
 * Set call->now from --now, read in `zone` where it is wall time, or from the clock. Done already
 * where a store is open. ST_USAGE (said) when --now is not an instant.
 */
enum status	call_set_now(struct call *call, const char *zone);

/*
 * Set call->now from --as-of, which is read as --now is, or is a date: then the end of that day in
 * the club's zone, or what --now says if that day has not ended. ST_USAGE (said) when it is no
 * instant, or still to come.
 */
enum status	call_set_past(struct call *call);

/* Say "turnout: …" on standard error: a sentence or three. Returns `status`. */
enum status	call_fail(const struct call *call, enum status status, const char *format, ...)
		    __attribute__((format(printf, 3, 4)));

/*
 * Say what the store says about its last failure, and `undone`: sentences on what was not done and
 * what to do. Returns `status`.
 */
enum status	call_fail_store(const struct call *call, enum status status, const char *undone);

/*
 * Print `rows` (listing.h) on standard output as --json or a table; when there are none and no
 * --json, tell `nothing`.
 */
void		call_list(const struct call *call, const json_t *rows,
		    const struct listing_column *columns, const char *nothing);

/* Tell a person something on standard error, unless -q. */
void		call_tell(const struct call *call, const char *format,
		    ...) __attribute__((format(printf, 2, 3)));

/*
 * May something be destroyed? Yes with --yes, or when a person at a terminal says so to `question`.
 * ST_USAGE (said) without a terminal, ST_REFUSED (said) when the answer is no.
 */
enum status	call_confirm(const struct call *call, const char *question);

/* ---- the functions of the table ---- */

enum status	command_init(struct call *call);
enum status	command_set(struct call *call);
enum status	command_calendar_add(struct call *call);
enum status	command_calendar_cancel(struct call *call);
enum status	command_calendar_restore(struct call *call);
enum status	command_calendar_move(struct call *call);
enum status	command_calendar_rules(struct call *call);
enum status	command_calendar_list(struct call *call);
enum status	command_calendar_import(struct call *call);
enum status	command_calendar_extend(struct call *call);
enum status	command_group_add(struct call *call);
enum status	command_group_list(struct call *call);
enum status	command_group_set(struct call *call);
enum status	command_group_open(struct call *call);
enum status	command_group_close(struct call *call);
enum status	command_place_add(struct call *call);
enum status	command_place_list(struct call *call);
enum status	command_place_set(struct call *call);
enum status	command_person_add(struct call *call);
enum status	command_person_list(struct call *call);
enum status	command_person_import(struct call *call);
enum status	command_person_set(struct call *call);
enum status	command_person_link(struct call *call);
enum status	command_person_forget(struct call *call);
enum status	command_host_add(struct call *call);
enum status	command_host_list(struct call *call);
enum status	command_code(struct call *call);
enum status	command_import_attendance(struct call *call);
enum status	command_import(struct call *call);
enum status	command_publish(struct call *call);
enum status	command_check(struct call *call);		/* of turnout publish --check */
enum status	command_watch(struct call *call);
enum status	command_export(struct call *call);
enum status	command_export_all(struct call *call);		/* of turnout export --all */
enum status	command_export_link(struct call *call);
enum status	command_report(struct call *call);
enum status	command_export_poster(struct call *call);
enum status	command_export_sheet(struct call *call);
enum status	command_import_sheet(struct call *call);
enum status	command_backup(struct call *call);
enum status	command_doctor(struct call *call);
enum status	command_status(struct call *call);
enum status	command_help(struct call *call);

#endif
