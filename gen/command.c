// SPDX-License-Identifier: ISC
/* command.c: see command.h. */
#include "gen/command.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/patience.h"
#include "gen/buffer.h"
#include "gen/command_help.h"

#define NEAREST_MAX	32	/* letters; longer words are not compared */
#define WORDS_MAX	128	/* candidates of a suggestion */

/* ---- the nearest word ---- */

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The optimal string alignment distance of two words of at most NEAREST_MAX letters. */
static size_t
measure_distance(const char *a, const char *b)
{
	size_t row[NEAREST_MAX + 1][NEAREST_MAX + 1];
	size_t n = strlen(a), m = strlen(b), i, j, cost;

	for (i = 0; i <= n; i++)
		row[i][0] = i;
	for (j = 0; j <= m; j++)
		row[0][j] = j;
	for (i = 1; i <= n; i++)
		for (j = 1; j <= m; j++) {
			cost = a[i - 1] != b[j - 1];
			row[i][j] = least(least(row[i - 1][j] + 1, row[i][j - 1] + 1),
			    row[i - 1][j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[i][j] = least(row[i][j], row[i - 2][j - 2] + 1);
		}
	return row[n][m];
}

const char *
command_nearest(const char *word, const char *const *words)
{
	size_t length = strlen(word), distance, best;
	const char *nearest = NULL;

	if (length == 0 || length > NEAREST_MAX)
		return NULL;
	best = length > 1 && length < 3 ? 1 : length / 3;
	if (length >= 4 && best < 2)
		best = 2;
	best++;			/* exclusive from here on: a candidate must be nearer than this */
	for (; *words != NULL; words++) {
		if (strlen(*words) > NEAREST_MAX)
			continue;
		distance = measure_distance(word, *words);
		if (distance < best) {
			best = distance;
			nearest = *words;
		}
	}
	return nearest;
}

/* ---- looking things up in the table ---- */

const struct command *
command_find(const char *name)
{
	const struct command *command;

	for (command = command_table; command->name != NULL; command++)
		if (strcmp(command->name, name) == 0)
			return command;
	return NULL;
}

/* The number of words in the name. */
static int
count_words(const struct command *command)
{
	return strchr(command->name, ' ') != NULL ? 2 : 1;
}

/* The sub-command that `words` begin with, or NULL. */
static const struct command *
match_words(char *const *words, int n_words)
{
	const struct command *command;
	size_t length;

	for (command = command_table; command->name != NULL; command++) {
		length = strcspn(command->name, " ");
		if (strncmp(words[0], command->name, length) != 0 || words[0][length] != '\0')
			continue;
		if (count_words(command) == 1 ||
		    (n_words > 1 && strcmp(words[1], command->name + length + 1) == 0))
			return command;
	}
	return NULL;
}

/*
 * Say that there is no sub-command `words`, and which one is near. When the first word is that of a
 * family ("calendar"), look for one near the second word in that family, and suggest the whole
 * name.
 */
static enum status
fail_unknown(const struct call *call, char *const *words, int n_words)
{
	char first[WORDS_MAX][NEAREST_MAX];
	const char *candidates[WORDS_MAX + 1], *nearest;
	const struct command *command;
	bool is_family = false;
	size_t n = 0, length;

	for (command = command_table; command->name != NULL; command++) {
		length = strcspn(command->name, " ");
		is_family |= strncmp(words[0], command->name, length) == 0 &&
		    words[0][length] == '\0';
	}
	for (command = command_table; command->name != NULL && n < WORDS_MAX; command++) {
		length = strcspn(command->name, " ");
		if (!is_family)
			snprintf(first[n], sizeof(first[n]), "%.*s", (int)length, command->name);
		else if (strncmp(words[0], command->name, length) == 0 &&
		    words[0][length] == '\0' && command->name[length] == ' ')
			snprintf(first[n], sizeof(first[n]), "%s", command->name + length + 1);
		else
			continue;
		candidates[n] = first[n];
		n++;
	}
	candidates[n] = NULL;
	if (is_family && n_words < 2) {
		help_list(stderr, words[0]);
		return ST_USAGE;
	}
	nearest = command_nearest(words[is_family ? 1 : 0], candidates);
	if (nearest != NULL)
		return call_fail(call, ST_USAGE,
		    "there is no sub-command “%s%s%s”. Nothing was done. Did you mean “turnout "
		    "%s%s%s”?", words[0], is_family ? " " : "", is_family ? words[1] : "",
		    is_family ? words[0] : "", is_family ? " " : "", nearest);
	return call_fail(call, ST_USAGE,
	    "there is no sub-command “%s%s%s”. Nothing was done. See turnout help.",
	    words[0], is_family ? " " : "", is_family ? words[1] : "");
}

/* How `command` (NULL: every sub-command) uses the option `id`, or NULL when it does not. */
static const struct option_use *
find_use(const struct command *command, enum option_id id)
{
	const struct option_use *use;

	if (command != NULL)
		for (use = command->options; use->id != OPTION_END; use++)
			if (use->id == id)
				return use;
	for (use = command_common; use->id != OPTION_END; use++)
		if (use->id == id)
			return use;
	return NULL;
}

/*
 * Say that there is no option `word` (with its hyphens), and which option of `command` is near (any
 * option where `command` is NULL).
 */
static enum status
fail_option(const struct call *call, const struct command *command, const char *word)
{
	const char *candidates[OPTION_END + 1], *nearest;
	char name[NEAREST_MAX + 1];
	size_t n = 0, id;

	for (id = 0; id < OPTION_END; id++)
		if (command == NULL || find_use(command, (enum option_id)id) != NULL)
			candidates[n++] = option_names[id].name;
	candidates[n] = NULL;
	word += strspn(word, "-");
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, "="), word);
	nearest = command_nearest(name, candidates);
	if (nearest != NULL)
		return call_fail(call, ST_USAGE,
		    "there is no option “%s”. Nothing was done. Did you mean --%s?", name, nearest);
	return call_fail(call, ST_USAGE,
	    "there is no option “%s”. Nothing was done. See turnout help%s%s.", name,
	    command != NULL ? " " : "", command != NULL ? command->name : "");
}

/* ---- parsing ---- */

/* Keep an option; command_parse made room for all. */
static void
keep_option(struct call *call, enum option_id id, const char *value)
{
	call->given[call->n_given].id = id;
	call->given[call->n_given].value = value != NULL ? value : "";
	call->n_given++;
}

/* Run getopt. *odd is the first word that is no option, *bare the first that lacks its argument. */
static void
read_options(int argc, char **argv, struct call *call, const char **odd, const char **bare)
{
	struct option table[OPTION_END + 1];
	char letters[OPTION_END * 2 + 2] = ":";
	size_t i, n = 1;
	int found;

	memset(table, 0, sizeof(table));
	for (i = 0; i < OPTION_END; i++) {
		table[i].name = option_names[i].name;
		table[i].has_arg = option_names[i].takes_argument ? required_argument : no_argument;
		table[i].val = 256 + (int)i;
		if (option_names[i].letter == 0)
			continue;
		letters[n++] = option_names[i].letter;
		if (option_names[i].takes_argument)
			letters[n++] = ':';
	}
	letters[n] = '\0';
	optind = 0;		/* glibc: start afresh, with these letters */
	opterr = 0;
	while ((found = getopt_long(argc, argv, letters, table, NULL)) != -1) {
		if (found >= 256) {
			keep_option(call, (enum option_id)(found - 256), optarg);
			continue;
		}
		if (found == ':' && *bare == NULL)
			*bare = argv[optind - 1];
		if (found == '?' && *odd == NULL)
			*odd = argv[optind - 1];
		for (i = 0; i < OPTION_END; i++)
			if (option_names[i].letter == found)
				keep_option(call, (enum option_id)i, optarg);
	}
}

/* Does the sub-command take the options that were given? */
static enum status
check_options(const struct call *call)
{
	const struct option_name *name;
	size_t i;

	for (i = 0; i < call->n_given; i++) {
		name = &option_names[call->given[i].id];
		if (find_use(call->command, call->given[i].id) != NULL)
			continue;
		if (call->command == NULL)
			return call_fail(call, ST_USAGE,
			    "--%s needs a sub-command. Nothing was done. See turnout help.",
			    name->name);
		return call_fail(call, ST_USAGE,
		    "“%s” takes no --%s. Nothing was done. See turnout help %s.",
		    call->command->name, name->name, call->command->name);
	}
	return ST_OK;
}

enum status
command_parse(int argc, char **argv, struct call *call)
{
	const char *odd = NULL, *bare = NULL;
	size_t room = 1;
	int i;

	for (i = 0; i < argc; i++)
		room += strlen(argv[i]);	/* "-qq" is two options: a byte each is enough */
	call->command = NULL;
	call->n_given = 0;
	call->given = calloc(room, sizeof(*call->given));
	if (call->given == NULL)
		buffer_fail();
	read_options(argc, argv, call, &odd, &bare);
	call->argv = argv;
	call->words = argv + optind;
	call->n_words = argc - optind;
	if (call->n_words > 0)
		call->command = match_words(call->words, call->n_words);
	if (odd != NULL)
		return fail_option(call, call->command, odd);
	if (bare != NULL)
		return call_fail(call, ST_USAGE,
		    "%s needs an argument. Nothing was done. See turnout help%s%s.", bare,
		    call->command != NULL ? " " : "",
		    call->command != NULL ? call->command->name : "");
	if (call->n_words == 0)
		return check_options(call);
	if (call->command == NULL && call_has(call, OPTION_HELP) && call->n_words == 1)
		return ST_OK;		/* "turnout calendar --help" */
	if (call->command == NULL)
		return fail_unknown(call, call->words, call->n_words);
	call->words += count_words(call->command);
	call->n_words -= count_words(call->command);
	return check_options(call);
}

/* Is the name of `command` also the first word of other names? */
static bool
is_family_too(const struct command *command)
{
	const struct command *other;
	size_t length = strlen(command->name);

	for (other = command_table; other->name != NULL; other++)
		if (strncmp(other->name, command->name, length) == 0 && other->name[length] == ' ')
			return true;
	return false;
}

/* The number of bytes in `arguments` that name what must be given: those before " ...". */
static int
count_needed(const char *arguments)
{
	const char *dots = strstr(arguments, " ...");

	return (int)(dots != NULL ? (size_t)(dots - arguments) : strlen(arguments));
}

/* Are there as many words as the sub-command wants? */
static enum status
check_words(const struct call *call)
{
	const struct command *command = call->command;

	if (call->n_words < command->least)
		return call_fail(call, ST_USAGE,
		    "“%s” needs %.*s. Nothing was done. See turnout help %s.", command->name,
		    count_needed(command->arguments), command->arguments, command->name);
	if (command->most >= 0 && call->n_words > command->most && is_family_too(command))
		return fail_unknown(call, call->words - 1, call->n_words + 1);
	if (command->most >= 0 && call->n_words > command->most)
		return call_fail(call, ST_USAGE,
		    "“%s” is one word too many for “%s”. Nothing was done. "
		    "Put quotes around names with spaces; see turnout help %s.",
		    call->words[command->most], command->name, command->name);
	return ST_OK;
}

/* ---- what sub-commands ask of their call ---- */

const char *
call_value_at(const struct call *call, enum option_id id, size_t i)
{
	size_t k;

	for (k = 0; k < call->n_given; k++)
		if (call->given[k].id == id && i-- == 0)
			return call->given[k].value;
	return NULL;
}

const char *
call_value(const struct call *call, enum option_id id)
{
	const char *value = NULL;
	size_t k;

	for (k = 0; k < call->n_given; k++)
		if (call->given[k].id == id)
			value = call->given[k].value;
	return value;
}

bool
call_has(const struct call *call, enum option_id id)
{
	return call_value(call, id) != NULL;
}

int64_t
call_clock(const struct call *call)
{
	return call->is_fixed ? call->now : (int64_t)time(NULL);
}

enum status
call_set_now(struct call *call, const char *zone)
{
	const char *text = call_value(call, OPTION_NOW);

	call->is_fixed = false;
	call->now = call_clock(call);
	if (text == NULL)
		return ST_OK;
	if (wall_parse(text, zone, &call->now) != ST_OK)
		return call_fail(call, ST_USAGE,
		    "--now “%s” is not a time. Nothing was done. Write it as 2026-11-20T18:30, "
		    "which is wall time in %s, or add Z or +01:00.", text, zone);
	call->is_fixed = true;
	return ST_OK;
}

/* The end of the day `date` in `zone`: the second before the next day begins. */
static enum status
read_day(const char *date, const char *zone, int64_t *instant)
{
	char next[WALL_DATE_SIZE];
	enum status status = wall_date_add(date, 1, next);

	if (status == ST_OK)
		status = wall_instant(next, "00:00", zone, instant);
	*instant -= status == ST_OK;
	return status;
}

enum status
call_set_past(struct call *call)
{
	const char *text = call_value(call, OPTION_AS_OF), *zone = call->club.zone;
	char today[WALL_DATE_SIZE], time[WALL_TIME_SIZE];
	int64_t at = 0;

	if (read_day(text, zone, &at) != ST_OK && wall_parse(text, zone, &at) != ST_OK)
		return call_fail(call, ST_USAGE,
		    "--as-of “%s” is neither a date nor a time. Nothing was done. Write it as "
		    "2026-11-01, which is the end of that day, or as 2026-11-01T18:30, which is "
		    "wall time in %s.", text, zone);
	if (at > call->now && wall_local(call->now, zone, today, time) == ST_OK &&
	    strcmp(text, today) == 0)
		at = call->now;
	if (at > call->now)
		return call_fail(call, ST_USAGE,
		    "--as-of “%s” is in the future. Nothing was done. Give a day or time "
		    "in the past.", text);
	call->now = at;
	call->is_fixed = true;
	return ST_OK;
}

/* Write a line to standard error, all at once. */
static void	say(const struct call *call, const char *before, const char *format,
		    va_list arguments) __attribute__((format(printf, 3, 0)));

static void
say(const struct call *call, const char *before, const char *format, va_list arguments)
{
	struct buffer line = { 0 };
	char *text = NULL;
	int lost = 0;

	if (call->patience != NULL && !patience_has_room(call->patience, &lost))
		return;
	if (lost > 0)
		buffer_format(&line, "turnout: %d line%s lost: nobody read them.\n", lost,
		    lost == 1 ? " was" : "s were");
	if (vasprintf(&text, format, arguments) < 0)
		buffer_fail();
	buffer_format(&line, "%s%s\n", before, text);
	fwrite(line.data, 1, line.length, stderr);
	buffer_clear(&line);
	free(text);
}

enum status
call_fail(const struct call *call, enum status status, const char *format, ...)
{
	va_list arguments;

	fflush(stdout);
	va_start(arguments, format);
	say(call, "turnout: ", format, arguments);
	va_end(arguments);
	return status;
}

enum status
call_fail_store(const struct call *call, enum status status, const char *undone)
{
	const char *why = store_why(call->store);
	size_t length = strlen(why);

	/* Many of the store's sentences say what was not done. */
	if (strstr(why, "othing was") != NULL)
		return call_fail(call, status, "%s", why);
	return call_fail(call, status, "%s%s %s", why,
	    length > 0 && strchr(".?", why[length - 1]) != NULL ? "" : ".", undone);
}

void
call_tell(const struct call *call, const char *format, ...)
{
	va_list arguments;

	if (call->is_quiet)
		return;
	va_start(arguments, format);
	say(call, "", format, arguments);
	va_end(arguments);
}

enum status
call_confirm(const struct call *call, const char *question)
{
	char answer[16];

	if (call_has(call, OPTION_YES))
		return ST_OK;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return call_fail(call, ST_USAGE,
		    "%s There is no terminal to ask at. Nothing was changed. Add --yes.",
		    question);
	fprintf(stderr, "%s [y/N] ", question);
	if (fgets(answer, sizeof(answer), stdin) != NULL && (answer[0] == 'y' || answer[0] == 'Y'))
		return ST_OK;
	return call_fail(call, ST_REFUSED, "The answer was no. Nothing was changed.");
}

void
call_list(const struct call *call, const json_t *rows, const struct listing_column *columns,
    const char *nothing)
{
	if (call->is_json)
		listing_json(stdout, rows);
	else if (json_array_size(rows) > 0)
		listing_table(stdout, rows, columns);
	else
		call_tell(call, "%s", nothing);
}

void
call_show(const struct call *call, json_t *object, const char *what)
{
	const struct listing_column columns[] = { { "key", what }, { "value", "VALUE" },
	    { NULL, NULL } };
	json_t *rows = listing_pack("[]"), *value;
	const char *key;

	json_object_foreach(object, key, value)
		json_array_append_new(rows, listing_pack("{s:s,s:O}", "key", key, "value", value));
	if (call->is_json)
		listing_json(stdout, object);
	else
		listing_table(stdout, rows, columns);
	json_decref(rows);
	json_decref(object);
}

/* ---- running ---- */

/* Open the store as the sub-command needs it, and set the clock in the club's zone. */
static enum status
open_store(struct call *call)
{
	enum status status;

	/* publish --check reports what is wrong with the database itself */
	if (call->command->need == NEED_NOTHING || call_has(call, OPTION_CHECK))
		return ST_OK;
	status = store_open(call->database,
	    call->command->need == NEED_WRITE ? STORE_WRITE : STORE_READ, &call->store);
	/* upgrade an older one, then open it for reading */
	if (status == ST_VERSION && call->command->need == NEED_READ) {
		store_close(call->store);
		status = store_open(call->database, STORE_WRITE, &call->store);
		if (status == ST_OK) {
			store_close(call->store);
			status = store_open(call->database, STORE_READ, &call->store);
		}
	}
	if (status == ST_UNKNOWN)
		return call_fail(call, status,
		    "there is no database %s. Nothing was done. Make one with turnout init, "
		    "or name yours with --db.", call->database);
	if (status == ST_OK)
		status = store_club(call->store, &call->club);
	if (status != ST_OK)
		return call_fail_store(call, status,
		    "Nothing was done. turnout doctor may say more.");
	return call_set_now(call, call->club.zone);
}

/* Make sure that all that was printed has been written. */
static enum status
close_output(const struct call *call, enum status status)
{
	int error;

	errno = 0;
	if ((fflush(stdout) == 0 && !ferror(stdout)) || status != ST_OK)
		return status;		/* a failed call has already said why */
	error = errno != 0 ? errno : EIO;
	return call_fail(call, error == ENOSPC ? ST_FULL : ST_FAULT,
	    "standard output could not be written: %s. What was printed is not complete. Make "
	    "room, "
	    "or send it elsewhere.", strerror(error));
}

/*
 * The folder "templates" here, else the one that belongs to this program: in its source tree, or
 * where `make install` puts it.
 */
static const char *
find_templates(char *found, size_t size)
{
	static const char *const places[] = { "../templates", "../share/turnout/templates" };
	char program[PATH_MAX - 64];
	ssize_t length;
	size_t i;

	length = access("templates/pages", F_OK) == 0 ? -1
	    : readlink("/proc/self/exe", program, sizeof program - 1);
	for (i = 0; length > 0 && i < sizeof places / sizeof places[0]; i++) {
		program[length] = '\0';
		snprintf(found, size, "%.*s/%s", (int)(strrchr(program, '/') - program), program,
		    places[i]);
		if (access(found, F_OK) == 0)
			return found;
	}
	return "templates";
}

static enum status
run_call(struct call *call)
{
	const char *environment = getenv("TURNOUT_DB");
	char templates[PATH_MAX];
	enum status status;

	call->database = call_value(call, OPTION_DB);
	if (call->database == NULL)
		call->database = environment != NULL && *environment != '\0' ? environment
		    : "db/turnout.db";
	call->site = call_has(call, OPTION_SITE) ? call_value(call, OPTION_SITE) : "site";
	call->templates = call_has(call, OPTION_TEMPLATES) ? call_value(call, OPTION_TEMPLATES)
	    : find_templates(templates, sizeof templates);
	call->is_json = call_has(call, OPTION_JSON);
	call->is_quiet = call_has(call, OPTION_QUIET);
	status = check_words(call);
	if (status == ST_OK)
		status = open_store(call);
	if (status == ST_OK)
		status = call->command->function(call);
	store_close(call->store);
	call->store = NULL;
	return status;
}

/* Loading the libraries that draw takes longer than a publish: only calls that need them wait. */
enum status
call_elsewhere(const struct call *call, const char *lacks)
{
	char program[PATH_MAX];
	ssize_t length = readlink("/proc/self/exe", program, sizeof program - sizeof "-export");

	if (length > 0) {
		memcpy(program + length, "-export", sizeof "-export");
		execv(program, call->argv);
	}
	return call_fail(call, ST_USAGE, "%s Nothing was written.", lacks);
}

int
command_main(int argc, char **argv)
{
	struct call call = { 0 };
	enum status status;

	status = command_parse(argc, argv, &call);
	if (status == ST_OK) {
		if (call_has(&call, OPTION_VERSION))
			help_version(stdout);
		else if (call.command != NULL && call_has(&call, OPTION_HELP))
			help_command(stdout, call.command);
		else if (call.command != NULL)
			status = run_call(&call);
		else if (!help_list(stdout, call.n_words > 0 ? call.words[0] : NULL))
			status = fail_unknown(&call, call.words, call.n_words);
	}
	status = close_output(&call, status);
	free(call.given);
	return status_info(status)->exit;
}

enum status
command_help(struct call *call)
{
	char name[64] = "";
	const struct command *command;

	if (call->n_words == 0) {
		help_list(stdout, NULL);
		return ST_OK;
	}
	snprintf(name, sizeof(name), "%s%s%s", call->words[0], call->n_words > 1 ? " " : "",
	    call->n_words > 1 ? call->words[1] : "");
	command = command_find(name);
	if (command != NULL)
		help_command(stdout, command);
	else if (call->n_words > 1 || !help_list(stdout, name))
		return fail_unknown(call, call->words, call->n_words);
	return ST_OK;
}
