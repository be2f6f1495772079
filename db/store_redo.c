// SPDX-License-Identifier: ISC
/*
 * store_redo.c: securing what is acknowledged before it is committed, and entering what a writer
 * that died had secured.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "db/store_inside.h"

/* how long a reader waits for a commit: turnoutd commits a crowd's once a second at least */
#define AWAIT_MS	1200
#define AWAIT_STEP_NS	2000000

/* why a log is set aside */
#define CHANGED	"another program changed the database after turnoutd ended, so that check-ins which " \
		"were acknowledged do not fit any more"
#define STRANGE	"the redo log beside the database was written by another version of turnoutd, or is " \
		"damaged, and this one cannot read it"

/* Which event is the newest up to `id`, and when was it received? Zeros when there is none. */
static enum status
read_event(struct store *store, int64_t id, struct redo_mark *mark)
{
	struct rows *rows;
	enum status status = store_query_of_any(store, Q_EVENT_UP_TO, &rows);

	if (status != ST_OK)
		return status;
	mark->event = mark->received_at = 0;
	rows_bind_int(rows, "id", id);
	status = rows_step(rows);
	if (status == ST_OK) {
		mark->event = rows_int(rows, 0);
		mark->received_at = rows_int(rows, 1);
	}
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

/* Is the newest event up to `id` the one that the log leads to? */
static enum status
has_event(struct store *store, int64_t id, const struct redo_mark *mark, bool *has)
{
	struct redo_mark found;
	enum status status = read_event(store, id, &found);

	*has = status == ST_OK && found.event == mark->event &&
	    found.received_at == mark->received_at;
	return status;
}

/* Keep a log for a person to look at, and say why and where. */
static enum status
set_aside(struct store *store, const char *why)
{
	char name[4096];

	if (redo_set_aside(store->redo, name, sizeof name) != ST_OK)
		return store_fail(store, ST_FAULT,
		    "%s may have acknowledged check-ins that cannot be entered, and cannot be moved. "
		    "Nothing was changed. Move it away and enter them by hand.",
		    redo_path(store->redo));
	fprintf(stderr, "turnout: %s. Nothing of it was entered, and it is kept in %s: each line "
	    "that begins with -- check-in, -- check-out or -- undo may have been acknowledged. "
	    "Enter by hand what is missing.\n", why, name);
	return ST_OK;
}

/*
 * Run the log. When a constraint refuses it, or it does not lead to the event it should, it belongs
 * to another database with the same change counter, and is set aside.
 */
static enum status
enter_script(struct store *store, const char *script, const struct redo_mark *mark)
{
	bool is_there = false;
	enum status status = driver_run(store->driver, script);

	if (status == ST_OK)
		status = has_event(store, INT64_MAX, mark, &is_there);
	if (status == ST_OK && (!is_there || driver_dangles(store->driver)))
		status = ST_REFUSED;
	if (status != ST_EXISTS && status != ST_REFUSED)
		return status;
	/* while nobody else can begin, and add to a new one */
	status = set_aside(store, CHANGED);
	driver_rollback(store->driver);
	return status == ST_OK ? driver_begin(store->driver) : status;
}

enum status
store_redo_enter(struct store *store)
{
	struct redo_mark mark = { 0 };
	char *script = NULL;
	uint32_t counter;
	bool is_there;
	enum status status = driver_counter(store->driver, &counter);

	if (status == ST_OK) {
		status = redo_read(store->redo, counter, &mark, &script);
		if (status == ST_VERSION)
			status = set_aside(store, STRANGE);
		else if (status != ST_OK)
			store_fail(store, status, "%s cannot be read. Nothing was changed.",
			    redo_path(store->redo));
	}
	/* what cannot be read just now may have been acknowledged */
	store->owes = script != NULL || status != ST_OK;
	if (script != NULL && mark.counter == counter) {
		status = enter_script(store, script, &mark);
	} else if (script != NULL) {	/* it was committed, or belongs to another database */
		status = has_event(store, mark.event, &mark, &is_there);
		if (status == ST_OK && !is_there)
			status = set_aside(store, CHANGED);
		else if (status == ST_OK && (status = driver_settle(store->driver)) == ST_OK)
			redo_clear(store->redo);
		store->owes = status != ST_OK;
	}
	free(script);
	return status;
}

bool
store_redo_waits(struct store *store)
{
	struct redo_mark mark;
	char *script = NULL;
	bool waits = redo_read(store->redo, 0, &mark, &script) != ST_OK || script != NULL;

	free(script);
	return waits;
}

/* Does the log lead on from the state of the database, whose counter goes into *counter? */
static bool
leads_on(struct store *store, uint32_t *counter)
{
	struct redo_mark mark;
	char *script = NULL;
	bool leads = driver_counter(store->driver, counter) == ST_OK &&
	    redo_read(store->redo, 0, &mark, &script) == ST_OK && script != NULL &&
	    mark.counter == *counter;

	free(script);
	return leads;
}

/* Milliseconds of a clock that only goes forward. */
static int64_t
now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
store_redo_await(struct store *store)
{
	const struct timespec step = { .tv_nsec = AWAIT_STEP_NS };
	const int64_t until_ms = now_ms() + AWAIT_MS;
	uint32_t first, counter;
	bool leads = leads_on(store, &first);

	for (counter = first; leads && counter == first && now_ms() < until_ms; ) {
		nanosleep(&step, NULL);
		leads = leads_on(store, &counter);
	}
}

bool
store_owes(const struct store *store)
{
	return store->owes;
}

void
store_remark(struct store *store, const struct verdict *verdict, const char *kind, int64_t at)
{
	const struct run *run = &verdict->run;
	char text[2 * NAME_SIZE + 256], time[WALL_ISO_SIZE];

	if (!driver_is_recording(store->driver))
		return;
	if (wall_iso(at, run->zone, time) != ST_OK)
		time[0] = '\0';
	snprintf(text, sizeof text, "%s %s %s, run %s of %s %s, %s", kind, time, verdict->name,
	    run->session, run->date, run->start, run_title(run));
	driver_remark(store->driver, text);
}

enum status
store_begin_secure(struct store *store)
{
	enum status status = store_begin(store);

	if (status != ST_OK || store->redo == NULL)
		return status;
	if (!store->secures)	/* a page written early locks readers out until the commit */
		status = driver_run(store->driver, "PRAGMA cache_spill = OFF");
	if (status == ST_OK)
		status = driver_counter(store->driver, &store->counter);
	if (status != ST_OK) {
		store_rollback(store);
		return status;
	}
	store->secures = true;
	driver_record(store->driver, true);
	return ST_OK;
}

enum status
store_secure(struct store *store)
{
	struct redo_mark mark;
	size_t length;
	const char *text = driver_recorded(store->driver, &length);
	enum status status;

	if (text == NULL || store->redo == NULL)
		return ST_FAULT;
	if (length == 0)
		return ST_OK;
	mark.counter = store->counter;
	status = read_event(store, INT64_MAX, &mark);
	if (status == ST_OK) {
		store->owes = true;
		status = redo_add(store->redo, mark, text, length);
	}
	if (status == ST_OK)
		driver_record(store->driver, true);
	return status;
}
