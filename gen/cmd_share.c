// SPDX-License-Identifier: ISC
/* cmd_share.c: see cmd_share.h. */
#include "gen/cmd_share.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "gen/buffer.h"
#include "gen/message.h"

/* ---- options ---- */

enum status
share_date(const struct call *call, enum option_id id, char date[WALL_DATE_SIZE])
{
	const char *text = call_value(call, id);

	if (text == NULL)
		return ST_OK;
	if (!wall_date_valid(text))
		return call_fail(call, ST_USAGE,
		    "--%s “%s” is not a date. Nothing was changed. Write it as 2026-11-20.",
		    option_names[id].name, text);
	memcpy(date, text, WALL_DATE_SIZE);
	return ST_OK;
}

enum status
share_time(const struct call *call, enum option_id id, char time[WALL_TIME_SIZE])
{
	const char *text = call_value(call, id);

	if (text == NULL)
		return ST_OK;
	if (!wall_time_valid(text))
		return call_fail(call, ST_USAGE,
		    "--%s “%s” is not a time of day. Nothing was changed. Write it as 18:30.",
		    option_names[id].name, text);
	memcpy(time, text, WALL_TIME_SIZE);
	return ST_OK;
}

enum status
share_title(const struct call *call, enum option_id id, char title[NAME_SIZE])
{
	const char *text = call_value(call, id);

	title[0] = '\0';
	if (text == NULL || *text == '\0' || name_tidy(text, strlen(text), title) == ST_OK)
		return ST_OK;
	return call_fail(call, ST_USAGE,
	    "--%s must have 1 to %d printable characters. Nothing was changed.",
	    option_names[id].name, NAME_MAX_CHARS);
}

/* Is it UTF-8 without control characters and line breaks? */
static bool
is_line(const char *text)
{
	utf8proc_ssize_t length;
	utf8proc_int32_t code;

	for (; *text != '\0'; text += length) {
		length = utf8proc_iterate((const utf8proc_uint8_t *)text, -1, &code);
		if (length <= 0 || utf8proc_category(code) == UTF8PROC_CATEGORY_CC ||
		    code == 0x2028 || code == 0x2029)
			return false;
	}
	return true;
}

enum status
share_line(const struct call *call, enum option_id id, char *line, size_t size)
{
	const char *text = call_value(call, id);

	if (text == NULL)
		return ST_OK;
	if (strlen(text) >= size || !is_line(text))
		return call_fail(call, ST_USAGE,
		    "--%s must be one line of text, at most %zu bytes. Nothing was changed.",
		    option_names[id].name, size - 1);
	memcpy(line, text, strlen(text) + 1);
	return ST_OK;
}

enum status
share_number(const struct call *call, enum option_id id, double smallest, double largest,
    double *number)
{
	const char *text = call_value(call, id);
	double value;
	char *end;

	if (text == NULL)
		return ST_OK;
	value = strtod(text, &end);
	if (end == text || *end != '\0' || !(value >= smallest && value <= largest))
		return call_fail(call, ST_USAGE,
		    "--%s “%s” is not a number from %g to %g. Nothing was changed.",
		    option_names[id].name, text, smallest, largest);
	*number = value;
	return ST_OK;
}

enum status
share_span(const struct call *call, const char *from, const char *to)
{
	if (from == NULL || to == NULL || strcmp(from, to) <= 0)
		return ST_OK;
	return call_fail(call, ST_USAGE,
	    "the last day, %s, is before the first, %s. Nothing was done. See --from and --to.",
	    to, from);
}

enum status
share_today(const struct call *call, char date[WALL_DATE_SIZE])
{
	char time[WALL_TIME_SIZE];

	if (wall_local(call->now, call->club.zone, date, time) == ST_OK)
		return ST_OK;
	return call_fail(call, ST_FAULT,
	    "The time zone “%s” is not known here. Nothing was done. Is the package tzdata "
	    "installed? turnout doctor says more.", call->club.zone);
}

void
share_year_on(const char *date, char later[WALL_DATE_SIZE])
{
	char text[WALL_DATE_SIZE + 8];

	snprintf(text, sizeof(text), "%04d%.6s", atoi(date) + 1, date + 4);
	if (!wall_date_valid(text))
		memcpy(text + 8, "28", 3);
	memcpy(later, text, WALL_DATE_SIZE);
}

enum status
share_group(const struct call *call, enum option_id option, int64_t *id)
{
	const char *name = call_value(call, option);
	struct group group;
	enum status status;

	*id = 0;
	if (name == NULL || *name == '\0')
		return ST_OK;
	status = store_group_find(call->store, name, &group);
	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	*id = group.id;
	return ST_OK;
}

enum status
share_place(const struct call *call, enum option_id option, int64_t *id)
{
	const char *name = call_value(call, option);
	struct place place;
	enum status status;

	*id = 0;
	if (name == NULL || *name == '\0')
		return ST_OK;
	status = store_place_find(call->store, name, &place);
	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	*id = place.id;
	return ST_OK;
}

enum status
share_host(const struct call *call, enum option_id option, int64_t *id)
{
	const char *name = call_value(call, option);
	struct host host;
	enum status status;

	*id = 0;
	if (name == NULL || *name == '\0')
		return ST_OK;
	status = store_host_find(call->store, name, &host);
	if (status != ST_OK)
		return call_fail_store(call, status,
		    "Nothing was changed. turnout host list shows them.");
	*id = host.id;
	return ST_OK;
}

enum status
share_name(const struct call *call, const char *text, char name[NAME_SIZE])
{
	if (name_tidy(text, strlen(text), name) == ST_OK)
		return ST_OK;
	return call_fail(call, ST_USAGE,
	    "that is not a name: it must have 1 to %d printable characters. Nothing was changed.",
	    NAME_MAX_CHARS);
}

/* ---- the store ---- */

enum status
share_end(const struct call *call, enum status status)
{
	if (status == ST_OK)
		status = store_commit(call->store);
	if (status == ST_OK)
		return ST_OK;
	call_fail_store(call, status, "Nothing was changed.");
	store_rollback(call->store);
	return status;
}

enum status
share_list(const struct call *call, enum status status, json_t *rows,
    const struct listing_column *columns, const char *nothing)
{
	if (status == ST_OK)
		call_list(call, rows, columns, nothing);
	else
		call_fail_store(call, status, "The list is not complete.");
	json_decref(rows);
	return status;
}

/* ---- runs ---- */

void
share_run_words(const struct run *run, char *words, size_t size)
{
	static const char *const days[] = { "", "Mon ", "Tue ", "Wed ", "Thu ", "Fri ", "Sat ",
	    "Sun " };

	snprintf(words, size, "%s, %s%s %s (id %lld)", run_title(run),
	    days[wall_weekday(run->date)], run->date, run->start,
	    (long long)run->id);
}

static enum run_state
state_of(const struct run *run, int64_t now)
{
	struct run_time time = run_time_of(run);
	struct run_window window = { 0 };

	/* Runs in the store have a window; without tzdata it is 0, and they are long past. */
	(void)run_window(&time, &window);
	return run_state(&time, &window, now);
}

const struct listing_column share_run_columns[] = {
	{ "id", "ID" }, { "date", "DATE" }, { "start", "START" }, { "end", "END" },
	{ "group", "GROUP" }, { "title", "TITLE" },
	{ "place", "PLACE" }, { "state", "STATE" }, { "came", "CAME" }, { "reason", "REASON" },
	{ NULL, NULL },
};

json_t *
share_run_json(const struct call *call, const struct run *run)
{
	struct run_time time = run_time_of(run);
	struct run_window window = { 0 };
	char starts[WALL_ISO_SIZE] = "";

	if (run_window(&time, &window) == ST_OK)
		(void)wall_iso(window.starts, run->zone, starts);
	return listing_pack("{s:I,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:s,s:b,s:s,s:i,s:i,s:i,s:i,s:i}",
	    "id", (json_int_t)run->id, "session_id", run->session, "date", run->date,
	    "start", run->start, "end", run->end, "zone", run->zone, "starts", starts,
	    "group", run->group, "title", run_title(run), "place", run->place,
	    "state", run_state_name(run_state(&time, &window, call->now)),
	    "cancelled", run->is_cancelled, "reason", run->reason,
	    "present", run->present, "late", run->late, "excused", run->excused,
	    "absent", run->absent, "came", run->present + run->late);
}

/* Runs collected while the store lists them. */
struct picking {
	struct run	*runs;
	size_t		 count, room;
};

static bool
pick_run(void *handle, const struct run *run)
{
	struct picking *picking = handle;

	if (picking->count == picking->room) {
		picking->room = picking->room * 2 + 8;
		picking->runs = realloc(picking->runs, picking->room * sizeof(*picking->runs));
		if (picking->runs == NULL)
			buffer_fail();
	}
	picking->runs[picking->count++] = *run;
	return true;
}

static enum status
pick_dates(const struct call *call, int64_t group_id, const char *from, const char *to,
    struct picking *picking)
{
	enum status status = store_runs(call->store, group_id, from, to, pick_run, picking);

	return status == ST_OK ? ST_OK : call_fail_store(call, status, "Nothing was changed.");
}

/* Several runs fit: list those in `state`, or all with RUN_STATE_END. */
static enum status
fail_several(const struct call *call, const struct picking *picking, enum run_state state,
    const char *when)
{
	json_t *rows = listing_pack("[]");
	enum status status;
	size_t i;

	for (i = 0; i < picking->count; i++)
		if (state == RUN_STATE_END || state_of(&picking->runs[i], call->now) == state)
			json_array_append_new(rows, share_run_json(call, &picking->runs[i]));
	status = call_fail(call, ST_USAGE,
	    "there are %zu runs %s. Nothing was done. Say which by its id, or add --group:",
	    json_array_size(rows), when);
	listing_table(stderr, rows, share_run_columns);
	json_decref(rows);
	return status;
}

/* Of the runs of yesterday and today: the one that is open, else today's next, else its last. */
static enum status
choose_today(const struct call *call, const struct picking *picking, const char *today,
    struct run *run)
{
	const struct run *open = NULL, *next = NULL, *last = NULL, *each;
	size_t n_open = 0, i;

	for (i = 0; i < picking->count; i++) {
		each = &picking->runs[i];
		if (state_of(each, call->now) == RUN_OPEN) {
			open = each;
			n_open++;
		}
		if (strcmp(each->date, today) != 0)
			continue;
		if (next == NULL && state_of(each, call->now) == RUN_SCHEDULED)
			next = each;
		last = each;
	}
	if (n_open > 1)
		return fail_several(call, picking, RUN_OPEN, "open now");
	if (last == NULL && open == NULL)
		return call_fail(call, ST_NO_RUN_DAY,
		    "there is no run today, %s. Nothing was done. turnout calendar list shows "
		    "the next ones.", today);
	*run = open != NULL ? *open : next != NULL ? *next : *last;
	return ST_OK;
}

/* Find the only run on the date `word`, or the run that "today" means (share_run). */
static enum status
find_by_date(const struct call *call, const char *word, struct run *run)
{
	struct picking picking = { 0 };
	char today[WALL_DATE_SIZE], from[WALL_DATE_SIZE], when[32];
	bool is_today = strcmp(word, "today") == 0;
	int64_t group_id;
	enum status status = share_group(call, OPTION_GROUP, &group_id);

	if (status == ST_OK)
		status = share_today(call, today);
	if (status != ST_OK)
		return status;
	/* yesterday's run may still be open after midnight */
	if (is_today && wall_date_add(today, -1, from) == ST_OK)
		status = pick_dates(call, group_id, from, today, &picking);
	else
		status = pick_dates(call, group_id, word, word, &picking);
	if (status == ST_OK && is_today) {
		status = choose_today(call, &picking, today, run);
	} else if (status == ST_OK && picking.count > 1) {
		snprintf(when, sizeof(when), "on %s", word);
		status = fail_several(call, &picking, RUN_STATE_END, when);
	} else if (status == ST_OK && picking.count == 0) {
		status = call_fail(call, ST_UNKNOWN,
		    "there is no run on %s. Nothing was done. turnout calendar list shows the "
		    "next ones.", word);
	} else if (status == ST_OK) {
		*run = picking.runs[0];
	}
	free(picking.runs);
	return status;
}

enum status
share_run(const struct call *call, const char *word, struct run *run)
{
	char session[CODE_SESSION_SIZE];
	size_t length = strlen(word), i;
	enum status status = ST_UNKNOWN;

	if (strcmp(word, "today") == 0 || wall_date_valid(word))
		return find_by_date(call, word, run);
	if (length == CODE_SESSION_SIZE - 1) {
		for (i = 0; i <= length; i++)
			session[i] = (char)toupper((unsigned char)word[i]);
		status = store_run_by_session(call->store, session, run);
	}
	if (status == ST_UNKNOWN && length <= 10 && length > 0 &&
	    word[strspn(word, "0123456789")] == '\0')
		status = store_run(call->store, strtoll(word, NULL, 10), run);
	if (status == ST_UNKNOWN)
		return call_fail(call, status,
		    "there is no run “%s”: it is not an id, a session id, a date (2026-11-20) or "
		    "“today”. "
		    "Nothing was done. turnout calendar list shows the runs.", word);
	return status == ST_OK ? ST_OK : call_fail_store(call, status, "Nothing was done.");
}

/* ---- languages ---- */

void
share_tell_language(const struct call *call, const char *tag)
{
	struct mustache_error why;
	struct messages messages;

	if (*tag == '\0' || strcmp(tag, "qps") == 0 ||
	    (strncmp(tag, "en", 2) == 0 && (tag[2] == '\0' || tag[2] == '-')) ||
	    !messages_load(&messages, call->templates, tag, &why))
		return;		/* publish reports what is wrong with such a file */
	if (messages.own == NULL)
		call_tell(call, "There are no texts in “%s” yet: its pages will be in English. "
		    "%s/messages has the existing ones, one file per language.", tag,
		    call->templates);
	messages_clear(&messages);
}

/* ---- files ---- */

FILE *
share_open(const struct call *call, const char *path)
{
	FILE *file;

	if (strcmp(path, "-") == 0)
		return stdin;
	file = fopen(path, "re");
	if (file == NULL)
		call_fail(call, ST_FAULT, "%s cannot be read: %s. Nothing was imported.", path,
		    strerror(errno));
	return file;
}

void
share_close(FILE *file)
{
	if (file != NULL && file != stdin)
		(void)fclose(file);		/* only read from */
}

void
share_rules(const struct run_rules *rules, const char *key, json_t *rows)
{
	char text[RUN_RULE_SIZE];
	size_t i;

	for (i = 0; run_rule_key(i) != NULL; i++) {
		bool is_number;

		if (key != NULL && strcmp(key, run_rule_key(i)) != 0)
			continue;
		run_rule_text(rules, i, text);
		is_number = text[strspn(text, "0123456789")] == '\0';
		json_array_append_new(rows, listing_pack("{s:s,s:o,s:s}", "key", run_rule_key(i),
		    "value", is_number ? json_integer(atoi(text)) : json_string(text),
		    "meaning", run_rule_meaning(i)));
	}
}
