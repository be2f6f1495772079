// SPDX-License-Identifier: ISC
/*
 * store_run.c: runs, one by one and from schedules.
 */
#include <stdio.h>
#include <string.h>

#include "core/crockford.h"
#include "core/slot.h"
#include "db/store_inside.h"

struct run_time
run_time_of(const struct run *run)
{
	return (struct run_time){
		.date = run->date, .start = run->start,
		.end = run->end[0] == '\0' ? NULL : run->end, .zone = run->zone,
		.opens_min = run->opens_min, .closes_min = run->closes_min,
		.is_cancelled = run->is_cancelled,
	};
}

int
run_came(const struct run *run, int *late)
{
	*late = run->is_cancelled ? 0 : run->late;
	return run->is_cancelled ? 0 : run->present + run->late;
}

const char *
run_title(const struct run *run)
{
	return run->title[0] != '\0' ? run->title : run->group;
}

enum status
run_screen_token(const struct run *run, int64_t now, char token[CODE_TOKEN_SIZE], int64_t *number)
{
	struct code_content content = { .run_id = run->id,
	    .kind = run->rules.is_single ? CODE_SINGLE : CODE_SCREEN,
	    .number = run->rules.is_single ? run->serial : slot_at(now, run->rules.interval_s) };

	*number = content.number;
	return code_token_make(&content, run->key, token);
}

/* Fill `run` from a row of RUN_SELECT. */
static void
fill_run(struct rows *rows, struct run *run)
{
	const void *key;
	size_t length;

	memset(run, 0, sizeof *run);
	run->id = rows_int(rows, 0);
	store_copy(rows, 1, run->session, sizeof run->session);
	run->group_id = rows_int(rows, 2);
	store_copy(rows, 3, run->group, sizeof run->group);
	run->schedule_id = rows_int(rows, 4);
	run->place_id = rows_int(rows, 5);
	store_copy(rows, 6, run->place, sizeof run->place);
	run->host_id = rows_int(rows, 7);
	store_copy(rows, 8, run->date, sizeof run->date);
	store_copy(rows, 9, run->start, sizeof run->start);
	store_copy(rows, 10, run->end, sizeof run->end);
	store_copy(rows, 11, run->zone, sizeof run->zone);
	store_copy(rows, 12, run->title, sizeof run->title);
	store_copy(rows, 13, run->slug, sizeof run->slug);
	run->opens_min = (int)rows_int(rows, 14);
	run->closes_min = (int)rows_int(rows, 15);
	run->is_cancelled = rows_int(rows, 16) != 0;
	store_copy(rows, 17, run->reason, sizeof run->reason);
	store_copy(rows, 18, run->uid, sizeof run->uid);
	key = rows_blob(rows, 19, &length);
	if (length == sizeof run->key)
		memcpy(run->key, key, length);
	store_copy(rows, 20, run->capability, sizeof run->capability);
	run->present = (int)rows_int(rows, 21);
	run->late = (int)rows_int(rows, 22);
	run->excused = (int)rows_int(rows, 23);
	run->absent = (int)rows_int(rows, 24);
	store_rules_fill(rows, 25, &run->rules);
	run->sequence = rows_int(rows, 34);
	run->counted_at = rows_int(rows, 35);
	run->serial = rows_int(rows, 36);
	run->is_list = rows_int(rows, 37) != 0;
}

/* Read the one run that `rows` gives; ST_UNKNOWN when there is none. */
static enum status
one_run(struct store *store, struct rows *rows, struct run *run)
{
	enum status status = rows_step(rows);

	if (status == ST_OK)
		fill_run(rows, run);
	else if (status == ST_UNKNOWN)
		store_fail(store, status,
		    "There is no such run. `turnout calendar list` shows them.");
	rows_reset(rows);
	return status;
}

/* Read the counts of `run` again. */
static enum status
count_again(struct store *store, struct run *run)
{
	struct rows *rows = store_query(store, Q_RUN_COUNT);
	enum status status;

	rows_bind_int(rows, "id", run->id);
	status = rows_step(rows);
	if (status == ST_OK) {
		run->present = (int)rows_int(rows, 0);
		run->late = (int)rows_int(rows, 1);
		run->excused = (int)rows_int(rows, 2);
		run->absent = (int)rows_int(rows, 3);
		run->sequence = rows_int(rows, 4);
		run->counted_at = rows_int(rows, 5);
	}
	rows_reset(rows);
	return status;
}

/* Of the run that was read last in this transaction, only the counts are read (store->last_run). */
enum status
store_run(struct store *store, int64_t id, struct run *run)
{
	struct rows *rows;
	enum status status;

	if (store->last_run.id == id && id != 0) {
		*run = store->last_run;
		return count_again(store, run);
	}
	rows = store_query(store, Q_RUN);
	rows_bind_int(rows, "id", id);
	status = one_run(store, rows, run);
	/* in a transaction, nobody else can change it */
	if (status == ST_OK && driver_in_transaction(store->driver))
		store->last_run = *run;
	return status;
}

enum status
store_run_by_session(struct store *store, const char *session, struct run *run)
{
	struct rows *rows = store_query(store, Q_RUN_BY_SESSION);

	rows_bind_text(rows, "session", session);
	return one_run(store, rows, run);
}

enum status
store_run_by_uid(struct store *store, const char *uid, struct run *run)
{
	struct rows *rows = store_query(store, Q_RUN_BY_UID);
	enum status status;
	int64_t id = 0;

	rows_bind_text(rows, "uid", uid);
	status = rows_step(rows);
	if (status == ST_OK)
		id = rows_int(rows, 0);
	rows_reset(rows);
	return status == ST_OK ? store_run(store, id, run) : status;
}

enum status
store_runs(struct store *store, int64_t group_id, const char *from, const char *to,
    bool (*each)(void *handle, const struct run *run), void *handle)
{
	struct rows *rows = store_query(store, Q_RUNS);
	struct run run;
	enum status status;

	rows_bind_int(rows, "group_id", group_id);
	rows_bind_text(rows, "from", from == NULL ? "0000-00-00" : from);
	rows_bind_text(rows, "to", to == NULL ? "9999-99-99" : to);
	while ((status = rows_step(rows)) == ST_OK) {
		fill_run(rows, &run);
		if (!each(handle, &run))
			break;
	}
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

/* ST_REFUSED unless the times (`end` may be "") and the zone are valid. */
static enum status
check_times(struct store *store, const char *start, const char *end, const char *zone)
{
	if (!wall_time_valid(start) || (end[0] != '\0' && !wall_time_valid(end)))
		return store_fail(store, ST_REFUSED, "“%s”–“%s” are not times; write HH:MM.",
		    start, end);
	if (!wall_zone_valid(zone))
		return store_fail(store, ST_REFUSED,
		    "There is no time zone “%s”. Use an IANA name such as Europe/London.", zone);
	return ST_OK;
}

/* ST_REFUSED unless date, times and zone are valid and give a window. */
static enum status
check_run(struct store *store, const struct run *run)
{
	struct run_time time = run_time_of(run);
	struct run_window window;
	enum status status;

	if (!wall_date_valid(run->date))
		return store_fail(store, ST_REFUSED, "“%s” is not a date; write YYYY-MM-DD.",
		    run->date);
	status = check_times(store, run->start, run->end, run->zone);
	if (status == ST_OK && run_window(&time, &window) != ST_OK)
		return store_fail(store, ST_REFUSED, "%s %s in %s does not exist.", run->date,
		    run->start, run->zone);
	return status;
}

/*
 * The slug: group, start and, if it has its own, title; followed by -2, -3 … when taken on that
 * date.
 */
static void
make_slug(struct store *store, struct run *run)
{
	char group[40], title[49] = "", base[sizeof run->slug - 12];
	struct rows *rows;
	int number;

	name_slug(run->group, title, sizeof title);
	snprintf(group, sizeof group, "%.39s", title);
	title[0] = '\0';
	if (run->title[0] != '\0' && strcmp(run->title, run->group) != 0)
		name_slug(run->title, title, sizeof title);
	snprintf(base, sizeof base, "%s-%.2s%.2s%s%s", group, run->start, run->start + 3,
	    title[0] == '\0' ? "" : "-", title);
	snprintf(run->slug, sizeof run->slug, "%s", base);
	for (number = 2; ; number++) {
		rows = store_query(store, Q_RUN_SLUG);
		rows_bind_text(rows, "date", run->date);
		rows_bind_text(rows, "slug", run->slug);
		rows_bind_int(rows, "id", run->id);
		if (store_exists(rows) != ST_OK)
			return;
		snprintf(run->slug, sizeof run->slug, "%s-%d", base, number);
	}
}

/* The id of the run with the same group, date, start and title, or 0. */
static int64_t
find_same(struct store *store, const struct run *run)
{
	struct rows *rows = store_query(store, Q_RUN_FIND);
	int64_t id;

	rows_bind_int(rows, "group_id", run->group_id);
	rows_bind_text(rows, "date", run->date);
	rows_bind_text(rows, "start", run->start);
	rows_bind_text(rows, "title", run->title);
	id = rows_step(rows) == ST_OK ? rows_int(rows, 0) : 0;
	rows_reset(rows);
	return id;
}

/* Bind a text, NULL for ""; or a number, NULL for 0. */
static void
bind_optional(struct rows *rows, const char *name, const char *text)
{
	rows_bind_text(rows, name, text[0] == '\0' ? NULL : text);
}

static void
bind_reference(struct rows *rows, const char *name, int64_t id)
{
	if (id == 0)
		rows_bind_null(rows, name);
	else
		rows_bind_int(rows, name, id);
}

static enum status
insert_run(struct store *store, struct run *run, int64_t now)
{
	struct rows *rows = store_query(store, Q_RUN_ADD);
	enum status status;

	code_key_new(run->key);
	code_capability_new(run->capability);
	rows_bind_text(rows, "session", run->session);
	rows_bind_int(rows, "group_id", run->group_id);
	bind_reference(rows, "schedule_id", run->schedule_id);
	bind_reference(rows, "place_id", run->place_id);
	bind_reference(rows, "host_id", run->host_id);
	rows_bind_text(rows, "date", run->date);
	rows_bind_text(rows, "start", run->start);
	bind_optional(rows, "end", run->end);
	rows_bind_text(rows, "zone", run->zone);
	rows_bind_text(rows, "title", run->title);
	rows_bind_text(rows, "slug", run->slug);
	rows_bind_int(rows, "opens_min", run->opens_min);
	rows_bind_int(rows, "closes_min", run->closes_min);
	bind_optional(rows, "uid", run->uid);
	rows_bind_blob(rows, "key", run->key, sizeof run->key);
	rows_bind_text(rows, "capability", run->capability);
	store_rules_bind(rows, &run->rules);
	rows_bind_int(rows, "now", now);
	status = store_write(store, rows);
	if (status == ST_OK)
		run->id = driver_last_id(store->driver);
	return status;
}

/* The group's name, for the slug; ST_REFUSED when there is no such group. */
static enum status
group_name(struct store *store, int64_t id, char name[NAME_SIZE])
{
	struct rows *rows = store_query(store, Q_GROUP_NAME);
	enum status status;

	rows_bind_int(rows, "id", id);
	status = rows_step(rows);
	if (status == ST_OK)
		store_copy(rows, 0, name, NAME_SIZE);
	rows_reset(rows);
	return status == ST_UNKNOWN
	    ? store_fail(store, ST_REFUSED, "The run's group does not exist.") : status;
}

/* Add a run that has its session id. */
static enum status
add_run(struct store *store, struct run *run, int64_t now)
{
	struct club club;
	bool is_mine;
	enum status status;

	status = store_club(store, &club);
	if (status != ST_OK)
		return status;
	if (run->zone[0] == '\0')
		memcpy(run->zone, club.zone, sizeof run->zone);
	if (run->opens_min < 0)
		run->opens_min = club.opens_min;
	if (run->closes_min < 0)
		run->closes_min = club.closes_min;
	if (run->rules.interval_s == 0)
		run->rules = club.rules;
	run->id = 0;
	run->is_cancelled = false;
	status = check_run(store, run);
	if (status == ST_OK)
		status = store_enter(store, &is_mine);
	if (status != ST_OK)
		return status;
	run->id = find_same(store, run);
	if (run->id != 0)
		status = store_fail(store, ST_EXISTS,
		    "That group already has a run on %s at %s with that title. "
		    "Nothing was changed.", run->date, run->start);
	if (status == ST_OK)
		status = group_name(store, run->group_id, run->group);
	if (status == ST_OK) {
		make_slug(store, run);
		status = insert_run(store, run, now);
	}
	return store_leave(store, is_mine, status);
}

enum status
store_run_add(struct store *store, struct run *run, int64_t now)
{
	code_session_new(run->session);
	return add_run(store, run, now);
}

enum status
store_run_restore(struct store *store, struct run *run, int64_t now)
{
	size_t i;

	for (i = 0; run->session[i] != '\0' && crockford_value(run->session[i]) >= 0; i++)
		;
	if (run->session[i] != '\0' || i != CODE_SESSION_SIZE - 1)
		return store_fail(store, ST_REFUSED, "“%s” is not a session id.", run->session);
	return add_run(store, run, now);
}

enum status
store_run_cancel(struct store *store, int64_t id, bool is_cancelled, const char *reason,
    int64_t now)
{
	struct run run;
	struct rows *rows;
	enum status status = store_run(store, id, &run);

	if (status != ST_OK)
		return status;
	if (run.is_cancelled == is_cancelled && strcmp(run.reason, reason) == 0)
		return ST_OK;
	rows = store_query(store, Q_RUN_CANCEL);
	rows_bind_int(rows, "id", id);
	rows_bind_int(rows, "is_cancelled", is_cancelled);
	rows_bind_text(rows, "reason", reason);
	rows_bind_int(rows, "now", now);
	return store_write(store, rows);
}

/* Have two runs the same time, title and place, so that a move changes nothing? */
static bool
is_same_time(const struct run *a, const struct run *b)
{
	return strcmp(a->date, b->date) == 0 && strcmp(a->start, b->start) == 0 &&
	    strcmp(a->end, b->end) == 0 && strcmp(a->zone, b->zone) == 0 &&
	    strcmp(a->title, b->title) == 0 && a->place_id == b->place_id;
}

enum status
store_run_move(struct store *store, const struct run *moved, int64_t now)
{
	struct run run;
	struct rows *rows;
	bool is_mine;
	enum status status = store_run(store, moved->id, &run);

	if (status != ST_OK || is_same_time(&run, moved))
		return status;
	status = check_run(store, moved);
	if (status == ST_OK)
		status = store_enter(store, &is_mine);
	if (status != ST_OK)
		return status;
	if (strcmp(run.date, moved->date) != 0 || strcmp(run.start, moved->start) != 0 ||
	    strcmp(run.title, moved->title) != 0) {
		snprintf(run.date, sizeof run.date, "%s", moved->date);
		snprintf(run.start, sizeof run.start, "%s", moved->start);
		snprintf(run.title, sizeof run.title, "%s", moved->title);
		make_slug(store, &run);		/* otherwise its address stays */
	}
	rows = store_query(store, Q_RUN_MOVE);
	rows_bind_int(rows, "id", run.id);
	rows_bind_text(rows, "date", moved->date);
	rows_bind_text(rows, "start", moved->start);
	bind_optional(rows, "end", moved->end);
	rows_bind_text(rows, "zone", moved->zone);
	rows_bind_text(rows, "title", moved->title);
	bind_reference(rows, "place_id", moved->place_id);
	rows_bind_text(rows, "slug", run.slug);
	rows_bind_int(rows, "now", now);
	status = store_write(store, rows);
	if (status == ST_EXISTS)
		store_fail(store, status,
		    "There is another run of that group on %s at %s with that title. Nothing was "
		    "changed.", moved->date, moved->start);
	return store_leave(store, is_mine, status);
}

enum status
store_run_revoke(struct store *store, int64_t id, int64_t now)
{
	struct rows *rows = store_query(store, Q_RUN_REVOKE);
	char capability[CODE_CAPABILITY_SIZE];
	enum status status;

	code_capability_new(capability);
	rows_bind_int(rows, "id", id);
	rows_bind_text(rows, "capability", capability);
	rows_bind_int(rows, "now", now);
	status = store_write(store, rows);
	if (status == ST_OK && driver_changed(store->driver) == 0)
		status = store_fail(store, ST_UNKNOWN,
		    "There is no such run. `turnout calendar list` shows them.");
	return status;
}

/* ---- schedules ---- */

/* Making the runs of one schedule. */
struct expansion {
	struct store		*store;
	const struct schedule	*schedule;
	/* the last date for which runs were made before; "" for none */
	char			 made[WALL_DATE_SIZE];
	int64_t			 now;
	int			 added;
	enum status		 status;
};

/* Is there a row for this schedule and date? `query` looks for :id and :date. */
static bool
has_date(struct store *store, enum query query, int64_t id, const char *date)
{
	struct rows *rows = store_query(store, query);

	rows_bind_int(rows, "id", id);
	rows_bind_text(rows, "date", date);
	return store_exists(rows) == ST_OK;
}

static bool
add_date(void *handle, const char *date)
{
	struct expansion *expansion = handle;
	const struct schedule *schedule = expansion->schedule;
	struct run run = { .group_id = schedule->group_id, .schedule_id = schedule->id,
	    .place_id = schedule->place_id, .host_id = schedule->host_id, .opens_min = -1,
	    .closes_min = -1 };

	if (has_date(expansion->store, Q_SCHEDULE_SKIPPED, schedule->id, date)
	    || has_date(expansion->store, Q_SCHEDULE_RUN, schedule->id, date))
		return true;
	snprintf(run.date, sizeof run.date, "%s", date);
	memcpy(run.start, schedule->start, sizeof run.start);
	memcpy(run.end, schedule->end, sizeof run.end);
	memcpy(run.zone, schedule->zone, sizeof run.zone);
	memcpy(run.title, schedule->title, sizeof run.title);
	expansion->status = store_run_add(expansion->store, &run, expansion->now);
	if (expansion->status == ST_EXISTS)
		expansion->status = ST_OK;	/* somebody added it by hand */
	else if (expansion->status == ST_OK)
		expansion->added++;
	return expansion->status == ST_OK;
}

/*
 * Find or insert the row of `schedule`, and set its id; `made` becomes the last date for which its
 * runs were made before.
 */
static enum status
enter_schedule(struct store *store, struct schedule *schedule, int64_t now,
    char made[WALL_DATE_SIZE])
{
	struct rows *rows = store_query(store, Q_SCHEDULE_FIND);
	enum status status;

	rows_bind_int(rows, "group_id", schedule->group_id);
	rows_bind_text(rows, "rule", schedule->rule);
	rows_bind_text(rows, "first", schedule->first);
	rows_bind_text(rows, "start", schedule->start);
	rows_bind_text(rows, "title", schedule->title);
	status = rows_step(rows);
	if (status == ST_OK) {
		schedule->id = rows_int(rows, 0);
		store_copy(rows, 1, made, WALL_DATE_SIZE);
	}
	rows_reset(rows);
	if (status == ST_OK) {
		rows = store_query(store, Q_SCHEDULE_THROUGH);
		rows_bind_text(rows, "through", schedule->through);
		rows_bind_int(rows, "id", schedule->id);
		return store_write(store, rows);
	}
	if (status != ST_UNKNOWN)
		return status;
	rows = store_query(store, Q_SCHEDULE_ADD);
	rows_bind_int(rows, "group_id", schedule->group_id);
	bind_reference(rows, "place_id", schedule->place_id);
	bind_reference(rows, "host_id", schedule->host_id);
	rows_bind_text(rows, "title", schedule->title);
	rows_bind_text(rows, "rule", schedule->rule);
	rows_bind_text(rows, "first", schedule->first);
	rows_bind_text(rows, "start", schedule->start);
	bind_optional(rows, "end", schedule->end);
	rows_bind_text(rows, "zone", schedule->zone);
	rows_bind_text(rows, "through", schedule->through);
	rows_bind_int(rows, "now", now);
	status = store_write(store, rows);
	if (status == ST_OK)
		schedule->id = driver_last_id(store->driver);
	return status;
}

/* Remember the dates to leave out. */
static enum status
enter_skips(struct store *store, int64_t id, const char *const *skip, size_t n_skip)
{
	struct rows *rows;
	enum status status = ST_OK;
	size_t i;

	for (i = 0; i < n_skip && status == ST_OK; i++) {
		if (!wall_date_valid(skip[i]))
			return store_fail(store, ST_REFUSED,
			    "“%s” is not a date; write YYYY-MM-DD.", skip[i]);
		rows = store_query(store, Q_SCHEDULE_SKIP);
		rows_bind_int(rows, "id", id);
		rows_bind_text(rows, "date", skip[i]);
		status = store_write(store, rows);
	}
	return status;
}

/* Make the runs of the schedule that were not made before. */
static enum status
make_runs(struct expansion *expansion)
{
	const struct schedule *schedule = expansion->schedule;
	const char *why = "";
	/* a run made before may have been moved, and must not be made again */
	enum status status = wall_rule_dates(schedule->rule, schedule->first, schedule->through,
	    expansion->made, add_date, expansion, &why);

	return status == ST_OK ? expansion->status : store_fail(expansion->store, status,
	    "The rule “%s” cannot be used: %s Nothing was changed.", schedule->rule, why);
}

enum status
store_schedule_add(struct store *store, struct schedule *schedule, const char *const *skip,
    size_t n_skip, int64_t now, int *added)
{
	struct expansion expansion = { .store = store, .schedule = schedule, .now = now };
	struct club club;
	bool is_mine;
	enum status status = store_club(store, &club);

	*added = 0;
	if (status != ST_OK)
		return status;
	if (schedule->zone[0] == '\0')
		memcpy(schedule->zone, club.zone, sizeof schedule->zone);
	if (!wall_date_valid(schedule->first) || !wall_date_valid(schedule->through))
		return store_fail(store, ST_REFUSED,
		    "“%s” to “%s” are not dates; write YYYY-MM-DD.", schedule->first,
		    schedule->through);
	status = check_times(store, schedule->start, schedule->end, schedule->zone);
	if (status == ST_OK)
		status = store_enter(store, &is_mine);
	if (status != ST_OK)
		return status;
	status = enter_schedule(store, schedule, now, expansion.made);
	if (status == ST_OK)
		status = enter_skips(store, schedule->id, skip, n_skip);
	if (status == ST_OK)
		status = make_runs(&expansion);
	*added = expansion.added;
	return store_leave(store, is_mine, status);
}

enum status
store_schedules(struct store *store, int64_t group_id,
    bool (*each)(void *handle, const struct schedule *schedule),
    void *handle)
{
	struct rows *rows = store_query(store, Q_SCHEDULES);
	struct schedule schedule;
	enum status status;

	rows_bind_int(rows, "group_id", group_id);
	while ((status = rows_step(rows)) == ST_OK) {
		schedule.id = rows_int(rows, 0);
		schedule.group_id = rows_int(rows, 1);
		schedule.place_id = rows_int(rows, 2);
		schedule.host_id = rows_int(rows, 3);
		store_copy(rows, 4, schedule.title, sizeof schedule.title);
		store_copy(rows, 5, schedule.rule, sizeof schedule.rule);
		store_copy(rows, 6, schedule.first, sizeof schedule.first);
		store_copy(rows, 7, schedule.start, sizeof schedule.start);
		store_copy(rows, 8, schedule.end, sizeof schedule.end);
		store_copy(rows, 9, schedule.zone, sizeof schedule.zone);
		store_copy(rows, 10, schedule.through, sizeof schedule.through);
		if (!each(handle, &schedule))
			break;
	}
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

enum status
store_schedule_skips(struct store *store, int64_t id, bool (*each)(void *handle, const char *date),
    void *handle)
{
	struct rows *rows = store_query(store, Q_SCHEDULE_SKIPS);
	enum status status;

	rows_bind_int(rows, "id", id);
	while ((status = rows_step(rows)) == ST_OK)
		if (!each(handle, rows_text(rows, 0, NULL)))
			break;
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}
