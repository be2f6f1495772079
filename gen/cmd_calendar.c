// SPDX-License-Identifier: ISC
/* cmd_calendar.c: runs and schedules. cmd_import.c imports iCalendar files. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gen/buffer.h"
#include "gen/cmd_share.h"

#define NEXT_MAX	5	/* runs of a new schedule that are shown */
#define LIST_DAYS	28	/* days listed, unless --to says otherwise */

/* ---- adding ---- */

/* Turn "tuesday,thu" into "FREQ=WEEKLY;BYDAY=TU,TH". Two or more first letters stand for a day. */
static enum status
read_every(const struct call *call, char *rule, size_t size)
{
	static const char *const days[] = { "monday", "tuesday", "wednesday", "thursday", "friday",
	    "saturday", "sunday" };
	const char *text = call_value(call, OPTION_EVERY), *end;
	size_t length, day, n;

	n = (size_t)snprintf(rule, size, "FREQ=WEEKLY;BYDAY=");
	for (; ; text = end + 1) {
		end = text + strcspn(text, ",");
		length = (size_t)(end - text);
		for (day = 0; day < 7; day++)
			if (length >= 2 && length <= strlen(days[day]) &&
			    strncasecmp(text, days[day], length) == 0)
				break;
		if (day == 7 || n + 4 > size)
			return call_fail(call, ST_USAGE,
			    "--every “%s” is not a day of the week, or several with commas. "
			    "Nothing was changed. Write it as tuesday,thursday, or use --rule.",
			    call_value(call, OPTION_EVERY));
		n += (size_t)snprintf(rule + n, size - n, "%c%c%s", toupper(days[day][0]),
		    toupper(days[day][1]), *end == ',' ? "," : "");
		if (*end == '\0')
			return ST_OK;
	}
}

/* Are the options complete, and either for single dates or for a rule? */
static enum status
check_add(const struct call *call)
{
	int kinds = call_has(call, OPTION_DATE) + call_has(call, OPTION_EVERY) + call_has(call,
	    OPTION_RULE);
	const char *group = call_value(call, OPTION_GROUP);

	if (group == NULL || *group == '\0' || !call_has(call, OPTION_START) || kinds != 1)
		return call_fail(call, ST_USAGE,
		    "“calendar add” needs --group, --start and one of --date, --every and --rule. "
		    "Nothing was changed. See turnout help calendar add.");
	if (call_has(call, OPTION_DATE) &&
	    (call_has(call, OPTION_FROM) || call_has(call, OPTION_UNTIL) ||
	    call_has(call, OPTION_SKIP)))
		return call_fail(call, ST_USAGE,
		    "--from, --until and --skip go with --every or --rule, not with --date. "
		    "Nothing was changed.");
	return ST_OK;
}

/* Read the options that single dates and rules share. */
static enum status
read_schedule(const struct call *call, struct schedule *schedule)
{
	enum status status = share_group(call, OPTION_GROUP, &schedule->group_id);

	if (status == ST_OK)
		status = share_place(call, OPTION_PLACE, &schedule->place_id);
	if (status == ST_OK)
		status = share_host(call, OPTION_HOST, &schedule->host_id);
	if (status == ST_OK)
		status = share_title(call, OPTION_TITLE, schedule->title);
	if (status == ST_OK)
		status = share_time(call, OPTION_START, schedule->start);
	if (status == ST_OK)
		status = share_time(call, OPTION_END_TIME, schedule->end);
	return status;
}

static bool
ends_next_day(const char *start, const char *end)
{
	return *end != '\0' && strcmp(end, start) <= 0;
}

/* Tell what the times of a run leave open: that it ends on the next day, or that clocks change. */
static void
tell_times(const struct call *call, const char *date, const char *start, const char *end,
    const char *zone)
{
	static const int changes_s[] = { 1800, 3600, 7200 };
	char day[WALL_DATE_SIZE], time[WALL_TIME_SIZE];
	int64_t starts;
	size_t i;

	if (ends_next_day(start, end))
		call_tell(call, "The run on %s ends on the next day, at %s.", date, end);
	if (wall_instant(date, start, zone, &starts) != ST_OK ||
	    wall_local(starts, zone, day, time) != ST_OK)
		return;
	if (strcmp(time, start) != 0)
		call_tell(call, "On %s the clocks in %s skip %s: the run starts at %s.", date, zone,
		    start, time);
	for (i = 0; i < sizeof(changes_s) / sizeof(changes_s[0]); i++)
		if (wall_local(starts + changes_s[i], zone, day, time) == ST_OK &&
		    strcmp(time, start) == 0)
			call_tell(call, "On %s the clocks in %s show %s twice: the run starts the "
			    "first time.", date, zone, start);
}

static const char *
text_of(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key));
}

/* Add a run for each --date, and list them in `rows`. */
static enum status
add_dates(const struct call *call, const struct schedule *schedule, json_t *rows)
{
	struct run run, whole;
	const char *date;
	enum status status = ST_OK;
	size_t i;

	for (i = 0; status == ST_OK && (date = call_value_at(call, OPTION_DATE, i)) != NULL; i++) {
		if (!wall_date_valid(date))
			return call_fail(call, ST_USAGE,
			    "--date “%s” is not a date. Nothing was changed. Write it as "
			    "2026-11-20.", date);
		run = (struct run){ .group_id = schedule->group_id, .place_id = schedule->place_id,
		    .host_id = schedule->host_id, .opens_min = -1, .closes_min = -1 };
		memcpy(run.date, date, sizeof(run.date));
		memcpy(run.start, schedule->start, sizeof(run.start));
		memcpy(run.end, schedule->end, sizeof(run.end));
		memcpy(run.title, schedule->title, sizeof(run.title));
		status = store_run_add(call->store, &run, call->now);
		if (status == ST_OK)
			status = store_run(call->store, run.id, &whole);
		if (status == ST_OK)
			json_array_append_new(rows, share_run_json(call, &whole));
	}
	return status == ST_OK ? ST_OK : call_fail_store(call, status, "Nothing was changed.");
}

/* Runs being listed; `schedule_id` is that of a new schedule whose next runs are wanted. */
struct search {
	const struct call *call;
	json_t		*rows;
	int64_t		 schedule_id;
};

static bool
find_next(void *handle, const struct run *run)
{
	struct search *search = handle;

	if (run->schedule_id == search->schedule_id)
		json_array_append_new(search->rows, share_run_json(search->call, run));
	return json_array_size(search->rows) < NEXT_MAX;
}

static bool
count_date(void *handle, const char *date)
{
	size_t *count = handle;

	(void)date;
	(*count)++;
	return true;
}

/* Put the days that --skip names into `skip`, a NULL after the last. */
static enum status
read_skips(const struct call *call, const char **skip, size_t *n_skip)
{
	for (*n_skip = 0; (skip[*n_skip] = call_value_at(call, OPTION_SKIP, *n_skip)) != NULL;
	    ++*n_skip)
		if (!wall_date_valid(skip[*n_skip]))
			return call_fail(call, ST_USAGE,
			    "--skip “%s” is not a date. Nothing was changed. Write it as "
			    "2026-11-20.", skip[*n_skip]);
	return ST_OK;
}

/* Read the rule, and its first and last day. ST_USAGE also when it gives no day in between. */
static enum status
read_rule(const struct call *call, struct schedule *schedule, const char *today)
{
	const char *why = "";
	size_t count = 0;
	enum status status;

	memcpy(schedule->first, today, sizeof(schedule->first));
	status = share_date(call, OPTION_FROM, schedule->first);
	if (status == ST_OK) {
		share_year_on(schedule->first, schedule->through);
		status = share_date(call, OPTION_UNTIL, schedule->through);
	}
	if (status == ST_OK)
		status = call_has(call, OPTION_EVERY)
		    ? read_every(call, schedule->rule, sizeof(schedule->rule))
		    : share_line(call, OPTION_RULE, schedule->rule, sizeof(schedule->rule));
	if (status != ST_OK)
		return status;
	if (wall_rule_dates(schedule->rule, schedule->first, schedule->through, "", count_date,
	    &count, &why) != ST_OK)
		return call_fail(call, ST_USAGE,
		    "The rule “%s” cannot be used: %s Nothing was changed.", schedule->rule, why);
	if (count == 0)
		return call_fail(call, ST_USAGE,
		    "The rule gives no day from %s to %s. Nothing was changed. See --from and "
		    "--until.", schedule->first, schedule->through);
	return ST_OK;
}

/* Add the runs of a rule; list the next ones in `rows`. */
static enum status
add_schedule(const struct call *call, struct schedule *schedule, json_t *rows, int *added)
{
	struct search search = { .call = call, .rows = rows };
	const char **skip = calloc(call->n_given + 1, sizeof(*skip));
	char today[WALL_DATE_SIZE];
	size_t n_skip;
	enum status status;

	if (skip == NULL)
		buffer_fail();
	status = share_today(call, today);
	if (status == ST_OK)
		status = read_rule(call, schedule, today);
	if (status == ST_OK)
		status = read_skips(call, skip, &n_skip);
	if (status == ST_OK) {
		status = store_schedule_add(call->store, schedule, skip, n_skip, call->now, added);
		search.schedule_id = schedule->id;
		if (status == ST_OK)
			status = store_runs(call->store, schedule->group_id, today, NULL, find_next,
			    &search);
		if (status != ST_OK)
			call_fail_store(call, status, "Nothing was changed.");
	}
	free(skip);
	return status;
}

/* Tell what came of a rule; `has_next` when a list of the next runs follows. */
static void
tell_added(const struct call *call, const struct schedule *schedule, int added, bool has_next)
{
	const char *next = has_next ? " The next:" : "";

	if (added == 0)
		call_tell(call, "No run was added from %s to %s: all runs of the rule exist "
		    "already.%s", schedule->first, schedule->through, next);
	else
		call_tell(call, "%d run%s added, from %s to %s.%s", added, added == 1 ? "" : "s",
		    schedule->first, schedule->through, next);
	if (ends_next_day(schedule->start, schedule->end))
		call_tell(call, "They end on the next day, at %s.", schedule->end);
}

enum status
command_calendar_add(struct call *call)
{
	struct schedule schedule = { 0 };
	json_t *rows = listing_pack("[]"), *row;
	size_t i;
	bool is_rule = !call_has(call, OPTION_DATE);
	int added = 0;
	enum status status = check_add(call);

	if (status == ST_OK)
		status = read_schedule(call, &schedule);
	if (status == ST_OK && (status = store_begin(call->store)) != ST_OK)
		call_fail_store(call, status, "Nothing was changed.");
	else if (status == ST_OK) {
		status = is_rule ? add_schedule(call, &schedule, rows, &added)
		    : add_dates(call, &schedule, rows);
		if (status != ST_OK)
			store_rollback(call->store);
		else if ((status = store_commit(call->store)) != ST_OK)
			call_fail_store(call, status, "Nothing was changed.");
	}
	if (status == ST_OK && is_rule)
		tell_added(call, &schedule, added, json_array_size(rows) > 0);
	json_array_foreach(rows, i, row)
		if (status == ST_OK && !is_rule)
			tell_times(call, text_of(row, "date"), text_of(row, "start"),
			    text_of(row, "end"), text_of(row, "zone"));
	if (status == ST_OK)
		call_list(call, rows, share_run_columns, added > 0
		    ? "None of them is in the future." : "turnout calendar list shows them.");
	json_decref(rows);
	return status;
}

/* ---- changing ---- */

enum status
command_calendar_cancel(struct call *call)
{
	char reason[STORE_TEXT_SIZE] = "", words[NAME_SIZE + 64];
	struct run run;
	enum status status = share_line(call, OPTION_REASON, reason, sizeof(reason));

	if (status == ST_OK)
		status = share_run(call, call->words[0], &run);
	if (status != ST_OK)
		return status;
	if (run.is_cancelled && !call_has(call, OPTION_REASON))
		memcpy(reason, run.reason, sizeof(reason));
	status = store_run_cancel(call->store, run.id, true, reason, call->now);
	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	share_run_words(&run, words, sizeof(words));
	call_tell(call, "Cancelled: %s. turnout calendar restore %lld undoes that.", words,
	    (long long)run.id);
	if (run.present + run.late > 0)
		call_tell(call, "%d came to it. That is kept, but not counted while it is "
		    "cancelled.", run.present + run.late);
	return ST_OK;
}

enum status
command_calendar_restore(struct call *call)
{
	char words[NAME_SIZE + 64];
	struct run run;
	enum status status = share_run(call, call->words[0], &run);

	if (status != ST_OK)
		return status;
	share_run_words(&run, words, sizeof(words));
	if (run.is_cancelled)
		status = store_run_cancel(call->store, run.id, false, "", call->now);
	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	call_tell(call, run.is_cancelled ? "Takes place again: %s." : "Was not cancelled: %s.",
	    words);
	return ST_OK;
}

/* Minutes since midnight of "HH:MM". */
static int
count_minutes(const char *time)
{
	return atoi(time) * 60 + atoi(time + 3);
}

/* Read what is to change. A new start without --end moves the end too: the run stays as long. */
static enum status
read_move(const struct call *call, struct run *run)
{
	const char *end = call_value(call, OPTION_END_TIME);
	int before = count_minutes(run->start);
	unsigned minutes;
	enum status status = share_date(call, OPTION_DATE, run->date);

	if (status == ST_OK)
		status = share_time(call, OPTION_START, run->start);
	if (status == ST_OK && end != NULL && *end == '\0')
		run->end[0] = '\0';
	else if (status == ST_OK)
		status = share_time(call, OPTION_END_TIME, run->end);
	if (status == ST_OK && end == NULL && run->end[0] != '\0') {
		minutes = (unsigned)(count_minutes(run->end) + count_minutes(run->start) - before
		    + 1440) % 1440;
		snprintf(run->end, sizeof(run->end), "%02u:%02u", minutes / 60, minutes % 60);
	}
	if (status == ST_OK && call_has(call, OPTION_PLACE))
		status = share_place(call, OPTION_PLACE, &run->place_id);
	return status;
}

enum status
command_calendar_move(struct call *call)
{
	char words[NAME_SIZE + 64];
	struct run run;
	enum status status;

	if (!call_has(call, OPTION_DATE) && !call_has(call, OPTION_START) &&
	    !call_has(call, OPTION_END_TIME) && !call_has(call, OPTION_PLACE))
		return call_fail(call, ST_USAGE,
		    "“calendar move” needs --date, --start, --end or --place. Nothing was "
		    "changed.");
	status = share_run(call, call->words[0], &run);
	if (status == ST_OK)
		status = read_move(call, &run);
	if (status != ST_OK)
		return status;
	status = store_run_move(call->store, &run, call->now);
	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	share_run_words(&run, words, sizeof(words));
	call_tell(call, "Now: %s.", words);
	tell_times(call, run.date, run.start, run.end, run.zone);
	if (run.present + run.late > 0)
		call_tell(call, "%d came to it; their check-ins move with "
		    "it.", run.present + run.late);
	if (run.is_cancelled)
		call_tell(call, "It is still cancelled; turnout calendar restore %lld undoes "
		    "that.", (long long)run.id);
	return ST_OK;
}

/* Set one rule of a run's check-in. */
static enum status
set_rule(const struct call *call, struct run *run, const char *key, const char *value)
{
	char words[NAME_SIZE + 64];
	const char *why;
	enum status status = run_rules_set(&run->rules, key, value, &why);

	if (status == ST_UNKNOWN)
		return call_fail(call, ST_USAGE,
		    "there is no rule “%s”. Nothing was changed. turnout calendar rules RUN lists "
		    "them.", key);
	if (status != ST_OK)
		return call_fail(call, ST_USAGE,
		    "“%s” is not valid for %s: it must be %s. Nothing was "
		    "changed.", value, key, why);
	status = store_run_rules(call->store, run->id, &run->rules, call->now);
	if (status != ST_OK)
		return call_fail_store(call, status, "Nothing was changed.");
	share_run_words(run, words, sizeof(words));
	call_tell(call, "%s is set, of %s.", key, words);
	return ST_OK;
}

enum status
command_calendar_rules(struct call *call)
{
	static const struct listing_column columns[] = { { "key", "KEY" }, { "value", "VALUE" },
	    { "meaning", "MEANING" }, { NULL, NULL } };
	struct run run;
	json_t *rows;
	enum status status = share_run(call, call->words[0], &run);

	if (status != ST_OK)
		return status;
	if (call->n_words == 2)
		return call_fail(call, ST_USAGE,
		    "“calendar rules” needs RUN alone, or RUN, KEY and VALUE. Nothing was "
		    "changed.");
	if (call->n_words == 3)
		return set_rule(call, &run, call->words[1], call->words[2]);
	rows = listing_pack("[]");
	share_rules(&run.rules, NULL, rows);
	call_list(call, rows, columns, "");
	json_decref(rows);
	return ST_OK;
}

/* ---- listing and carrying on ---- */

static bool
list_run(void *handle, const struct run *run)
{
	struct search *search = handle;

	json_array_append_new(search->rows, share_run_json(search->call, run));
	return true;
}

enum status
command_calendar_list(struct call *call)
{
	struct search search = { .call = call };
	char from[WALL_DATE_SIZE], to[WALL_DATE_SIZE];
	int64_t group_id;
	enum status status = share_group(call, OPTION_GROUP, &group_id);

	if (status == ST_OK)
		status = share_today(call, from);
	if (status == ST_OK)
		status = share_date(call, OPTION_FROM, from);
	if (status == ST_OK && wall_date_add(from, LIST_DAYS, to) != ST_OK)
		memcpy(to, from, sizeof(to));		/* near the year 10000 */
	if (status == ST_OK)
		status = share_date(call, OPTION_TO, to);
	if (status == ST_OK)
		status = share_span(call, from, to);
	if (status != ST_OK)
		return status;
	search.rows = listing_pack("[]");
	status = store_runs(call->store, group_id, from, to, list_run, &search);
	return share_list(call, status, search.rows, share_run_columns,
	    "There is no run in that time. See --from and --to.");
}

/* Schedules collected while the store lists them. */
struct picking {
	struct schedule	*schedules;
	size_t		 count, room;
};

static bool
pick_schedule(void *handle, const struct schedule *schedule)
{
	struct picking *picking = handle;

	if (picking->count == picking->room) {
		picking->room = picking->room * 2 + 8;
		picking->schedules = realloc(picking->schedules,
		    picking->room * sizeof(*picking->schedules));
		if (picking->schedules == NULL)
			buffer_fail();
	}
	picking->schedules[picking->count++] = *schedule;
	return true;
}

/* Extend the schedules that end before `until`, in one transaction. A failure is said. */
static enum status
extend_schedules(const struct call *call, struct picking *picking, const char *until, int *total,
    int *carried)
{
	enum status status = store_begin(call->store);
	size_t i;
	int added;

	*total = *carried = 0;
	for (i = 0; i < picking->count && status == ST_OK; i++) {
		if (strcmp(picking->schedules[i].through, until) >= 0)
			continue;
		memcpy(picking->schedules[i].through, until, WALL_DATE_SIZE);
		status = store_schedule_add(call->store, &picking->schedules[i], NULL, 0, call->now,
		    &added);
		*total += added;
		++*carried;
	}
	return share_end(call, status);
}

enum status
command_calendar_extend(struct call *call)
{
	struct picking picking = { 0 };
	char until[WALL_DATE_SIZE];
	int64_t group_id;
	int added, carried;
	enum status status = share_group(call, OPTION_GROUP, &group_id);

	if (status == ST_OK)
		status = share_today(call, until);
	if (status == ST_OK) {
		share_year_on(until, until);
		status = share_date(call, OPTION_UNTIL, until);
	}
	if (status != ST_OK)
		return status;
	status = store_schedules(call->store, group_id, pick_schedule, &picking);
	if (status != ST_OK)
		call_fail_store(call, status, "Nothing was changed.");
	else
		status = extend_schedules(call, &picking, until, &added, &carried);
	if (status == ST_OK)
		call_tell(call, "%d of %zu schedules carried on to %s: %d runs added.", carried,
		    picking.count, until, added);
	free(picking.schedules);
	return status;
}
