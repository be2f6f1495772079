// SPDX-License-Identifier: ISC
/*
 * store_code.c: which run a code belongs to, when the code was seen, and whether the run accepted
 * check-ins at that time.
 *
 * A part of the one validator. Only a code with a valid signature is believed; a forged one gets no
 * information about a run.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "core/slot.h"
#include "db/attend_inside.h"

/* The local date of `now` in the club's zone. */
static enum status
today(struct store *store, int64_t now, char date[WALL_DATE_SIZE])
{
	struct club club;
	char time[WALL_TIME_SIZE];
	enum status status = store_club(store, &club);

	return status == ST_OK ? wall_local(now, club.zone, date, time) : status;
}

/* ---- the runs around today ---- */

/* Call `each` for the runs of `date`, the day before and the day after: some cross midnight. */
static enum status
runs_around(struct store *store, const char *date,
    bool (*each)(void *handle, const struct run *run), void *handle)
{
	char from[WALL_DATE_SIZE], to[WALL_DATE_SIZE];
	enum status status = wall_date_add(date, -1, from);

	if (status == ST_OK)
		status = wall_date_add(date, 1, to);
	return status == ST_OK ? store_runs(store, 0, from, to, each, handle) : status;
}

/* Is check-in to `run` open? Sets its window. */
static bool
is_open(const struct run *run, int64_t now, struct run_window *window)
{
	struct run_time time = run_time_of(run);

	return run_window(&time, window) == ST_OK && run_state(&time, window, now) == RUN_OPEN;
}

/* A search for the open run that shows these digits or letters. */
struct search {
	const char	*typed;		/* NULL: only find out whether there is a run today */
	int64_t		 now;
	struct run	 run;		/* id 0: not found */
	const char	*date;		/* today */
	bool		 has_run_today;
};

static bool
match_typed(void *handle, const struct run *run)
{
	struct search *search = handle;
	struct run_window window;

	if (strcmp(run->date, search->date) == 0 && !run->is_cancelled)
		search->has_run_today = true;
	if (search->typed == NULL || search->run.id != 0 || !is_open(run, search->now, &window)
	    || !code_typed_check(run->rules.typed, search->typed, strlen(search->typed), run->key,
	        search->now))
		return true;
	search->run = *run;
	return true;
}

/* A search for an open run, for verdict->open. */
struct open_search {
	struct verdict	*verdict;
	int64_t		 now;
};

static bool
match_open(void *handle, const struct run *run)
{
	struct open_search *search = handle;
	struct verdict *verdict = search->verdict;
	struct run_window window;

	if (run->id == verdict->run.id || !is_open(run, search->now, &window))
		return true;
	if (verdict->open.id != 0 &&
	    (verdict->open.group_id == verdict->run.group_id ||
	    run->group_id != verdict->run.group_id))
		return true;
	verdict->open = *run;
	verdict->open_window = window;
	return true;
}

enum status
store_find_open(struct store *store, int64_t now, struct verdict *verdict)
{
	struct open_search search = { verdict, now };
	char date[WALL_DATE_SIZE];
	enum status status = today(store, now, date);

	return status == ST_OK ? runs_around(store, date, match_open, &search) : status;
}

/* ---- which run ---- */

/*
 * Find the run that a code or receipt names; verdict->status is `missing` when there is none.
 */
static enum status
find_run(struct store *store, int64_t id, enum status missing, struct run *run,
    struct verdict *verdict)
{
	enum status status = store_run(store, id, run);

	verdict->status = status == ST_OK ? ST_OK : missing;
	return status == ST_UNKNOWN ? ST_OK : status;
}

static enum status
resolve_receipt(struct store *store, const struct attempt *attempt, struct verdict *verdict,
    struct source *source)
{
	size_t length = strlen(attempt->receipt);
	struct receipt receipt;
	struct run run;
	enum status status;

	verdict->status = receipt_read(attempt->receipt, length, &receipt);
	if (verdict->status != ST_OK)
		return ST_OK;
	status = find_run(store, receipt.run_id, ST_RECEIPT_UNKNOWN, &run, verdict);
	if (status != ST_OK || verdict->status != ST_OK)
		return status;
	verdict->status = receipt_check(attempt->receipt, length, run.key, attempt->now);
	if (verdict->status == ST_RECEIPT_UNKNOWN)
		return ST_OK;
	verdict->run = run;
	*source = (struct source){ .kind = receipt.kind, .number = receipt.number, .at = receipt.at,
	    .is_receipt = true };
	return ST_OK;
}

/* Is the slot of a screen's code fresh, or expired and delivered late? Sets `source` if so. */
static enum status
judge_slot(const struct attempt *attempt, const struct code_content *content, const struct run *run,
    struct source *source)
{
	int interval_s = run->rules.interval_s;
	enum status status = slot_check(content->number, interval_s, attempt->now);

	if (status != ST_CODE_EXPIRED || !attempt->has_seen_at)
		return status;
	source->at = slot_begins(content->number, interval_s);
	source->is_delivered_late = true;
	return ST_OK;
}

/* Find the run of a token, and check the token with the run's key. */
static enum status
resolve_token(struct store *store, const struct attempt *attempt,
    const struct code_content *content, struct verdict *verdict, struct source *source)
{
	struct run run;
	enum status status = find_run(store, content->run_id, ST_CODE_UNKNOWN, &run, verdict);

	if (status != ST_OK || verdict->status != ST_OK)
		return status;
	verdict->status = code_token_check(attempt->code, strlen(attempt->code), run.key,
	    attempt->now);
	if (verdict->status == ST_CODE_UNKNOWN)	/* a forged one: verdict->run stays empty */
		return ST_OK;
	verdict->run = run;
	source->kind = content->kind;
	source->number = content->kind == CODE_PRINTED ? content->expires / 60 : content->number;
	if (attempt->has_seen_at &&
	    (content->kind != CODE_SCREEN || attempt->seen_at != content->number))
		verdict->status = ST_SEEN_WRONG;
	else if (content->kind == CODE_SCREEN)
		verdict->status = judge_slot(attempt, content, &run, source);
	else if (content->kind == CODE_SINGLE && !run.rules.is_single)
		verdict->status = ST_CODE_EXPIRED;
	return ST_OK;
}

/* Find the run of a session id, in either case; the verdict is `missing` when there is none. */
static enum status
resolve_session(struct store *store, const char *session, enum status missing,
    struct verdict *verdict)
{
	char upper[sizeof ((struct attempt *)0)->session];
	struct run run;
	size_t i;
	enum status status;

	for (i = 0; session[i] != '\0' && i < sizeof upper - 1; i++)
		upper[i] = (char)toupper((unsigned char)session[i]);
	upper[i] = '\0';
	status = store_run_by_session(store, upper, &run);
	verdict->status = status == ST_OK ? ST_OK : missing;
	if (status == ST_OK)
		verdict->run = run;
	return status == ST_UNKNOWN ? ST_OK : status;
}

/* Find the open run of a typed code; NULL: there was no code at all, so find out what to say. */
static enum status
resolve_typed(struct store *store, const char *typed, int64_t now, struct verdict *verdict)
{
	struct search search = { .typed = typed, .now = now };
	char date[WALL_DATE_SIZE];
	enum status status = today(store, now, date);

	search.date = date;
	if (status == ST_OK)
		status = runs_around(store, date, match_typed, &search);
	if (status != ST_OK)
		return status;
	verdict->run = search.run;
	verdict->status = search.run.id != 0 ? ST_OK : !search.has_run_today ? ST_NO_RUN_DAY
	    : typed == NULL ? ST_CODE_MISSING : ST_CODE_UNKNOWN;
	return ST_OK;
}

static enum status
resolve_code(struct store *store, const struct attempt *attempt, struct verdict *verdict,
    struct source *source)
{
	const char *code = attempt->code;
	size_t length = strlen(code);
	struct code_content content;

	*source = (struct source){ .kind = CODE_SESSION, .at = attempt->now };
	if (length == 0)
		return attempt->session[0] != '\0'
		    ? resolve_session(store, attempt->session, ST_RUN_UNKNOWN, verdict)
		    : resolve_typed(store, NULL, attempt->now, verdict);
	if (code_token_read(code, length, &content) == ST_OK)
		return resolve_token(store, attempt, &content, verdict, source);
	if (!code_typed_like(code, length))
		return resolve_session(store, code, ST_CODE_UNKNOWN, verdict);
	source->kind = CODE_TYPED;
	source->number = attempt->now / CODE_STEP_S;
	return resolve_typed(store, code, attempt->now, verdict);
}

/* Is the session id that came with a code or receipt, if any, that of its run? */
static bool
is_run_meant(const struct attempt *attempt, const struct run *run)
{
	bool is_alone = attempt->code[0] == '\0' && attempt->receipt[0] == '\0';

	return is_alone || attempt->session[0] == '\0' ||
	    strcasecmp(attempt->session, run->session) == 0;
}

/*
 * Which run does the attempt belong to, and how is that known? A receipt comes first; if it is
 * expired or unknown, the code decides. verdict->status is ST_OK when verdict->run and *source are
 * set.
 */
static enum status
resolve(struct store *store, const struct attempt *attempt, struct verdict *verdict,
    struct source *source)
{
	enum status status = ST_OK;

	verdict->status = ST_RECEIPT_UNKNOWN;
	if (attempt->receipt[0] != '\0')
		status = resolve_receipt(store, attempt, verdict, source);
	if (status == ST_OK && verdict->status != ST_OK &&
	    (attempt->receipt[0] == '\0' || attempt->code[0] != '\0')) {
		memset(&verdict->run, 0, sizeof verdict->run);
		status = resolve_code(store, attempt, verdict, source);
	}
	if (status == ST_OK && verdict->status == ST_OK && !is_run_meant(attempt, &verdict->run))
		verdict->status = ST_CODE_OTHER;
	return status;
}

/* ---- did the run accept check-ins at that time? ---- */

static enum status
fill_window(struct store *store, struct verdict *verdict)
{
	struct run_time time = run_time_of(&verdict->run);
	enum status status = run_window(&time, &verdict->window);

	verdict->count = verdict->run.present + verdict->run.late;
	if (status != ST_OK)
		return store_fail(store, status,
		    "%s %s in the zone “%s” does not exist (run %lld).", verdict->run.date,
		    verdict->run.start, verdict->run.zone, (long long)verdict->run.id);
	return ST_OK;
}

/*
 * The verdict for a run that is over: for a code of another day, that the code is expired;
 * otherwise, that check-in is closed.
 */
static enum status
judge_closed(struct store *store, int64_t now, const struct source *source, struct verdict *verdict)
{
	char date[WALL_DATE_SIZE], closed_date[WALL_DATE_SIZE], closed_time[WALL_TIME_SIZE];
	enum status status = today(store, now, date);

	if (status == ST_OK)
		status = wall_local(verdict->window.closes, verdict->run.zone, closed_date,
		    closed_time);
	if (status == ST_OK)
		verdict->status = source->kind == CODE_SESSION || strcmp(date, closed_date) == 0
		    ? ST_CLOSED : ST_CODE_EXPIRED;
	return status;
}

/*
 * The state of the run matters at the time when the code was seen; a cancellation matters now.
 */
static enum status
judge_time(struct store *store, int64_t now, const struct source *source, struct verdict *verdict)
{
	struct run_time time = run_time_of(&verdict->run);
	int64_t deliver_s = (int64_t)verdict->run.rules.deliver_min * 60;

	switch (run_state(&time, &verdict->window, verdict->status == ST_OK ? source->at : now)) {
	case RUN_CANCELLED:
		verdict->status = ST_CANCELLED;
		break;
	case RUN_SCHEDULED:
		verdict->status = ST_NOT_OPEN;
		break;
	case RUN_CLOSED:
		return judge_closed(store, now, source, verdict);
	case RUN_OPEN:
		if (verdict->status == ST_OK && source->is_delivered_late &&
		    now > verdict->window.closes + deliver_s)
			verdict->status = ST_SEEN_LATE;
		break;
	case RUN_STATE_END:
		break;
	}
	return ST_OK;
}

/* A slot that began before check-in opened and ended after it counts as seen at the opening. */
static void
clamp_slot(const struct verdict *verdict, struct source *source)
{
	int64_t opens = verdict->window.opens;

	if (source->is_delivered_late && source->at < opens &&
	    source->at + verdict->run.rules.interval_s > opens)
		source->at = opens;
}

/*
 * May the state of the run replace the verdict `status`? Not when the code is of another run or
 * came with the time of another slot, which is wrong at any time.
 */
static bool
is_about_time(enum status status)
{
	return status == ST_OK || status == ST_CODE_EXPIRED || status == ST_CODE_AHEAD ||
	    status == ST_RECEIPT_EXPIRED;
}

enum status
store_judge_code(struct store *store, const struct attempt *attempt, struct verdict *verdict,
    struct source *source)
{
	enum status status = resolve(store, attempt, verdict, source);

	if (status != ST_OK || verdict->run.id == 0)
		return status;
	status = fill_window(store, verdict);
	clamp_slot(verdict, source);
	if (status == ST_OK && is_about_time(verdict->status))
		status = judge_time(store, attempt->now, source, verdict);
	return status;
}

enum status
store_judge_run(struct store *store, const struct attempt *attempt, struct verdict *verdict)
{
	struct source source;
	enum status status;

	if (attempt->session[0] != '\0')
		status = resolve_session(store, attempt->session, ST_RUN_UNKNOWN, verdict);
	else
		status = resolve(store, attempt, verdict, &source);
	if (status != ST_OK || verdict->run.id == 0)
		return status;
	verdict->status = ST_OK;
	return fill_window(store, verdict);
}

enum status
store_code_check(struct store *store, const char *code, int64_t now, struct verdict *verdict)
{
	struct attempt attempt = { .now = now };
	struct source source;
	enum status status;

	memset(verdict, 0, sizeof *verdict);
	verdict->attendance = ATTENDANCE_END;
	verdict->status = ST_CODE_UNKNOWN;
	if (strlen(code) >= sizeof attempt.code)
		return ST_OK;
	memcpy(attempt.code, code, strlen(code) + 1);
	status = store_judge_code(store, &attempt, verdict, &source);
	if (status == ST_OK && verdict->status == ST_OK && source.kind == CODE_SINGLE)
		status = store_judge_serial(store, &source, 0, NULL, verdict);
	return status;
}

/* ---- codes for one person ---- */

enum status
store_judge_serial(struct store *store, const struct source *source, int64_t person_id,
    const struct phone *phone, struct verdict *verdict)
{
	int64_t taken_back = phone != NULL && phone->is_undone ? phone->person_id : 0, by;
	struct rows *rows;
	enum status status;

	if (source->kind != CODE_SINGLE)
		return ST_OK;
	rows = store_query(store, Q_USED_CODE);
	rows_bind_int(rows, "run_id", verdict->run.id);
	rows_bind_int(rows, "serial", source->number);
	status = rows_step(rows);
	by = status == ST_OK ? rows_int(rows, 0) : 0;
	rows_reset(rows);
	if (status == ST_OK &&
	    (by != 0 ? by != person_id && by != taken_back : !source->is_receipt))
		verdict->status = ST_CODE_USED;
	if (status == ST_UNKNOWN && source->number > verdict->run.serial)
		verdict->status = ST_CODE_AHEAD;
	return status == ST_UNKNOWN ? ST_OK : status;
}

enum status
store_use_serial(struct store *store, const struct attempt *attempt, const struct source *source,
    int64_t person_id, const struct verdict *verdict)
{
	struct rows *rows;
	enum status status = ST_OK;

	if (source->kind != CODE_SINGLE)
		return ST_OK;
	if (!source->is_receipt) {
		rows = store_query(store, Q_USED_CODE_ADD);
		rows_bind_int(rows, "run_id", verdict->run.id);
		rows_bind_int(rows, "serial", source->number);
		rows_bind_text(rows, "nonce", attempt->nonce[0] == '\0' ? NULL : attempt->nonce);
		rows_bind_int(rows, "now", attempt->now);
		status = store_write(store, rows);
	}
	if (status != ST_OK || person_id == 0)
		return status;
	rows = store_query(store, Q_USED_CODE_BY);
	rows_bind_int(rows, "run_id", verdict->run.id);
	rows_bind_int(rows, "serial", source->number);
	rows_bind_int(rows, "person_id", person_id);
	return store_write(store, rows);
}
