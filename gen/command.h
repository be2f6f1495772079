// SPDX-License-Identifier: ISC
/*
 * command.h: the table of sub-commands, and the call of one of them.
 *
 * The table (command_table.c) gives the name of each sub-command, what it takes and what it does.
 * Parsing, help and suggestions work from it, and a test compares the manual page with it.
 * command_main finds the sub-command, checks the options, opens the database, reads the clock
 * (nobody else does) and calls the function. Standard output carries data, standard error the rest.
 * A function that fails has already said why (call_fail); the status it returns chooses the exit
 * code. "(said)" below means: said on standard error.
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
 * Every option there is. An option takes an argument with every sub-command or with none. Indexes
 * option_names in command_table.c.
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
	const char	*argument;		/* its name in the help; NULL for a flag */
	const char	*help;			/* one line, no full stop */
	bool		 is_repeatable;
};

/* What the call needs before its function runs. */
enum command_need {
	NEED_NOTHING,	/* no database; call_set_now is left to the function */
	NEED_READ,				/* call->store and call->club, to read only */
	NEED_WRITE,				/* the same, to write; upgraded when older */
};

struct call;

/* One sub-command: one or two words ("calendar add"). */
struct command {
	const char	*name;
	const char	*arguments;		/* as the help shows them, "" for none */
	const char	*summary;		/* one line, no full stop */
	const char	*more;	/* a paragraph or two more, lines of 78; NULL for none */
	const char	*examples;		/* one command a line; never NULL */
	int		 least, most;	/* words after the name; most -1: no limit */
	enum command_need need;
	const struct option_use *options;	/* ends with OPTION_END */
	enum status	(*function)(struct call *call);
};

extern const struct option_name option_names[OPTION_END];
/* ends with OPTION_END; every sub-command takes these as well */
extern const struct option_use	command_common[];
extern const struct command	command_table[];	/* ends with a NULL name */

/* An option on the command line. */
struct given {
	enum option_id	 id;
	const char	*value;			/* borrowed from argv; "" for a flag */
};

/* One call: all that a sub-command works from. Owned by command_main, borrowed by the function. */
struct call {
	const struct command *command;
	char		**argv;			/* the whole command line, permuted */
	char		**words;		/* those after the name of the sub-command */
	int		 n_words;
	struct given	*given;
	size_t		 n_given;
	const char	*database;		/* --db, TURNOUT_DB or db/turnout.db */
	const char	*site;			/* --site, else "site" */
	const char	*templates;		/* --templates, or as found */
	bool		 is_json;
	bool		 is_quiet;
	bool		 is_fixed;		/* --now was given: the clock stands still */
	int64_t		 now;			/* seconds since 1970, when the call began */
	struct patience	*patience;		/* with the reader of stderr; NULL: no end of it */
	struct store	*store;			/* opened as command->need says, or NULL */
	struct club	 club;			/* the club in that store */
};

/* The whole program: parse, find the sub-command, run it. Returns the exit code. */
int		command_main(int argc, char **argv);

/* The sub-command of that name ("calendar add"), or NULL. */
const struct command *command_find(const char *name);

/*
 * Parse `argv` into `call`. Options and words may come in any order; "--" ends the options.
 *   ST_OK     call->command is set; or it is NULL, when there were no words, or --help and a single
 *             word that is no sub-command ("calendar")
 *   ST_USAGE  (said) unknown sub-command or option, an argument missing, or an option that the
 *             sub-command does not take
 * Either way call->given is the caller's to free, and call->words point into `argv`, which is
 * permuted.
 */
enum status	command_parse(int argc, char **argv, struct call *call);

/*
 * The word of `words` (NULL-terminated) that is nearest to `word`: fewest insertions, deletions,
 * replacements and swaps of neighbours (optimal string alignment distance). It may differ by a
 * third of the length of `word`; by one for two letters, and by two for four letters or five. NULL
 * when none is that near, and for a `word` of more than 32 letters.
 */
const char	*command_nearest(const char *word, const char *const *words);

/* ---- for the sub-commands ---- */

/*
 * The call needs a library that this program was built without: run turnout-export, which has it
 * and stands beside this program, in place of this one. Returns only when that cannot be run:
 * ST_USAGE, having said `lacks` (a sentence).
 */
enum status	call_elsewhere(const struct call *call, const char *lacks);

/* The value of an option, the last if repeated; "" for a flag, NULL when it was not given. */
const char	*call_value(const struct call *call, enum option_id id);
bool		call_has(const struct call *call, enum option_id id);

/* One of the values of a repeatable option: number `i` in order, from 0. NULL after the last. */
const char	*call_value_at(const struct call *call, enum option_id id, size_t i);

/* Now, in seconds since 1970, for a call that lasts: the clock each time, unless --now fixed it. */
int64_t		call_clock(const struct call *call);

/*
 * Set call->now, and call->is_fixed, from --now (wall time in it is taken to be in `zone`) or from
 * the clock. Where a store is open, this was done already. ST_USAGE (said) when --now is not an
 * instant.
 */
enum status	call_set_now(struct call *call, const char *zone);

/*
 * Set call->now from --as-of, which must be given: an instant, written as for --now, or a date. A
 * date stands for the end of that day in the club's zone, or, if it is today, for the time that
 * call->now had. ST_USAGE (said) when it is neither, or lies in the future.
 */
enum status	call_set_past(struct call *call);

/* Say "turnout: …" on standard error: one to three sentences. Returns `status`. */
enum status	call_fail(const struct call *call, enum status status, const char *format, ...)
		    __attribute__((format(printf, 3, 4)));

/*
 * Say why the store failed last, and then `undone`: sentences that tell what was not done and what
 * to do. `undone` is left out when the store's own words tell it. Returns `status`.
 */
enum status	call_fail_store(const struct call *call, enum status status, const char *undone);

/*
 * Print `rows` (listing.h) on standard output, as JSON with --json and otherwise as a table. When
 * there is no row for a table, tell `nothing`.
 */
void		call_list(const struct call *call, const json_t *rows,
		    const struct listing_column *columns, const char *nothing);

/* The same of one `object` (reference taken over): its keys, headed `what`, and its values. */
void		call_show(const struct call *call, json_t *object, const char *what);

/* Tell a person something on standard error, unless -q. */
void		call_tell(const struct call *call, const char *format,
		    ...) __attribute__((format(printf, 2, 3)));

/*
 * May something be destroyed? ST_OK with --yes, or when a person at a terminal answers `question`
 * with yes. ST_USAGE (said) without a terminal, ST_REFUSED (said) when the answer is no.
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
enum status	command_check(struct call *call);		/* turnout publish --check */
enum status	command_watch(struct call *call);
enum status	command_export(struct call *call);
enum status	command_export_all(struct call *call);		/* turnout export --all */
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
