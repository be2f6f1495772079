// SPDX-License-Identifier: ISC
/*
 * store_attend.c: the one validator of check-ins.
 *
 * Which run does the code belong to, is it open, is the name one we take and not in yet: the verdict is
 * reached here and nowhere else. Everything happens inside the caller's transaction, so a batch of attempts sees
 * itself: the second of two equal names in one batch is told that the first is in.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "db/store_inside.h"

/* How a code was shown, as event.proof says it. */
static const char *const PROOF_SESSION = "session", *const PROOF_DIGITS = "digits", *const PROOF_PRINTED = "printed";

/* The local date of `now` in the club's zone. */
static enum status
today(struct store *store, int64_t now, char date[WALL_DATE_SIZE])
{
	struct club club;
	char time[WALL_TIME_SIZE];
	enum status status = store_club(store, &club);

	return status == ST_OK ? wall_local(now, club.zone, date, time) : status;
}

/* Looking for the open run that shows these digits. */
struct search {
	const char	*digits;
	int64_t		 now;
	struct run	 run;		/* id 0: not found */
	const char	*date;		/* today */
	bool		 has_run_today;
};

static bool
match_digits(void *handle, const struct run *run)
{
	struct search *search = handle;
	struct run_time time = run_time_of(run);
	struct run_window window;

	if (strcmp(run->date, search->date) == 0 && !run->is_cancelled)
		search->has_run_today = true;
	if (search->digits == NULL || search->run.id != 0 || run_window(&time, &window) != ST_OK
	    || run_state(&time, &window, search->now) != RUN_OPEN
	    || !code_digits_check(search->digits, strlen(search->digits), run->key, search->now))
		return true;
	search->run = *run;
	return true;
}

/* Search yesterday to tomorrow (runs cross midnight and zones differ); NULL digits only ask whether there is a run today. */
static enum status
search_runs(struct store *store, const char *digits, int64_t now, struct search *search)
{
	char date[WALL_DATE_SIZE], from[WALL_DATE_SIZE], to[WALL_DATE_SIZE];
	enum status status = today(store, now, date);

	*search = (struct search){ .digits = digits, .now = now, .date = date };
	if (status == ST_OK)
		status = wall_date_add(date, -1, from);
	if (status == ST_OK)
		status = wall_date_add(date, 1, to);
	if (status == ST_OK)
		status = store_runs(store, 0, from, to, match_digits, search);
	search->date = NULL;
	return status;
}

/* A token: find its run, then believe it or not. */
static enum status
resolve_token(struct store *store, const char *code, const struct code_claim *claim, int64_t now, struct verdict *verdict)
{
	struct run run;
	enum status status = store_run(store, claim->run_id, &run);

	if (status == ST_UNKNOWN) {
		verdict->status = ST_CODE_UNKNOWN;
		return ST_OK;
	}
	if (status != ST_OK)
		return status;
	verdict->status = code_token_check(code, strlen(code), run.key, now);
	if (verdict->status != ST_CODE_UNKNOWN)		/* forged ones learn nothing about the run */
		verdict->run = run;
	return ST_OK;
}

/* A session id, in any case. `missing` is what to say when there is none. */
static enum status
resolve_session(struct store *store, const char *session, enum status missing, struct verdict *verdict)
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

/* Typed digits, or nothing at all. */
static enum status
resolve_digits(struct store *store, const char *digits, int64_t now, struct verdict *verdict)
{
	struct search search;
	enum status status = search_runs(store, digits, now, &search);

	if (status != ST_OK)
		return status;
	verdict->run = search.run;
	verdict->status = search.run.id != 0 ? ST_OK : !search.has_run_today ? ST_NO_RUN_DAY
	    : digits == NULL ? ST_CODE_MISSING : ST_CODE_UNKNOWN;
	return ST_OK;
}

/* Which run, and how is that known? verdict->status is ST_OK when run and *proof are set. */
static enum status
resolve(struct store *store, const char *code, const char *session, int64_t now, struct verdict *verdict, const char **proof)
{
	struct code_claim claim;
	size_t length = strlen(code);

	*proof = PROOF_SESSION;
	if (length == 0)
		return session[0] != '\0' ? resolve_session(store, session, ST_RUN_UNKNOWN, verdict)
		    : resolve_digits(store, NULL, now, verdict);
	if (code_digits_like(code, length)) {
		*proof = PROOF_DIGITS;
		return resolve_digits(store, code, now, verdict);
	}
	if (code_token_read(code, length, &claim) == ST_OK) {
		*proof = PROOF_PRINTED;
		return resolve_token(store, code, &claim, now, verdict);
	}
	return resolve_session(store, code, ST_CODE_UNKNOWN, verdict);
}

/* Does the run take check-ins at `now`? A code of another day is called expired, one of today closed. */
static enum status
judge_time(struct store *store, int64_t now, const char *proof, struct verdict *verdict)
{
	struct run_time time = run_time_of(&verdict->run);
	char date[WALL_DATE_SIZE], closed_date[WALL_DATE_SIZE], closed_time[WALL_TIME_SIZE];
	enum status status = run_window(&time, &verdict->window);

	if (status != ST_OK)
		return store_fail(store, status, "%s %s in the zone “%s” is no moment in time (run %lld).", verdict->run.date,
		    verdict->run.start, verdict->run.zone, (long long)verdict->run.id);
	status = today(store, now, date);
	if (status == ST_OK)
		status = wall_local(verdict->window.closes, verdict->run.zone, closed_date, closed_time);
	if (status != ST_OK)
		return status;
	switch (run_state(&time, &verdict->window, now)) {
	case RUN_CANCELLED:
		verdict->status = ST_CANCELLED;
		break;
	case RUN_SCHEDULED:
		verdict->status = ST_NOT_OPEN;
		break;
	case RUN_CLOSED:
		verdict->status = proof == PROOF_SESSION || strcmp(date, closed_date) == 0 ? ST_CLOSED : ST_CODE_EXPIRED;
		break;
	case RUN_OPEN:
	case RUN_STATE_END:
		break;
	}
	return ST_OK;
}

/* Resolve and judge the time; what is not about the person. */
static enum status
judge_code(struct store *store, const char *code, const char *session, int64_t now, struct verdict *verdict,
    const char **proof)
{
	enum status status = resolve(store, code, session, now, verdict, proof);

	if (status == ST_OK && verdict->run.id != 0)
		status = judge_time(store, now, *proof, verdict);
	verdict->count = verdict->run.present + verdict->run.late;
	return status;
}

enum status
store_code_check(struct store *store, const char *code, int64_t now, struct verdict *verdict)
{
	const char *proof;

	memset(verdict, 0, sizeof *verdict);
	return judge_code(store, code, "", now, verdict, &proof);
}

/* Is that the name the nonce came with, as far as folding goes? */
static bool
is_same_name(const char *text, const char *folded)
{
	char name[NAME_SIZE], key[NAME_FOLD_SIZE];

	return name_tidy(text, strlen(text), name) == ST_OK && name_fold(name, key) == ST_OK && strcmp(key, folded) == 0;
}

/*
 * A nonce seen before: the same answer, from what is stored. Somebody else's nonce tells nothing of them.
 * ST_UNKNOWN when it is new.
 */
static enum status
repeat(struct store *store, const struct attempt *attempt, struct verdict *verdict)
{
	struct rows *rows = store_query(store, Q_EVENT_BY_NONCE);
	struct run_time time;
	int64_t run_id = 0, person_id = 0;
	bool is_theirs = false;
	enum status status;

	rows_bind_text(rows, "nonce", attempt->nonce);
	status = rows_step(rows);
	if (status == ST_OK) {
		run_id = rows_int(rows, 0);
		person_id = rows_int(rows, 1);
		verdict->since = rows_int(rows, 2);
		is_theirs = is_same_name(attempt->name, rows_text(rows, 4, NULL));
		if (is_theirs)
			store_copy(rows, 3, verdict->name, sizeof verdict->name);
	}
	rows_reset(rows);
	if (status != ST_OK)
		return status;
	if (!is_theirs) {
		*verdict = (struct verdict){ .status = ST_NONCE_USED };
		return ST_OK;
	}
	status = store_run(store, run_id, &verdict->run);
	if (status != ST_OK)
		return status;
	time = run_time_of(&verdict->run);
	status = run_window(&time, &verdict->window);
	rows = store_query(store, Q_ATTENDANCE);
	rows_bind_int(rows, "run_id", run_id);
	rows_bind_int(rows, "person_id", person_id);
	if (status == ST_OK)
		status = rows_step(rows);
	if (status == ST_OK)
		verdict->ordinal = (int)rows_int(rows, 2);
	rows_reset(rows);
	verdict->count = verdict->run.present + verdict->run.late;
	verdict->is_repeat = true;
	verdict->status = ST_OK;
	return status == ST_UNKNOWN ? ST_OK : status;	/* an undo took the attendance back, the answer stays */
}

/* Find or make the person, as the group's list allows; the verdict says no where it does not. */
static enum status
judge_person(struct store *store, int64_t now, struct verdict *verdict, int64_t *person_id)
{
	struct rows *rows = store_query(store, Q_GROUP_NAME);
	bool is_closed;
	enum status status;

	rows_bind_int(rows, "id", verdict->run.group_id);
	status = rows_step(rows);
	is_closed = status == ST_OK && rows_int(rows, 1) != 0;
	rows_reset(rows);
	if (status != ST_OK)
		return status == ST_UNKNOWN ? ST_FAULT : status;
	status = store_person(store, verdict->name, !is_closed, now, person_id, NULL);
	if (status == ST_OK && is_closed) {
		rows = store_query(store, Q_LIST_HAS);
		rows_bind_int(rows, "group_id", verdict->run.group_id);
		rows_bind_int(rows, "person_id", *person_id);
		status = store_exists(rows);
	}
	if (status == ST_UNKNOWN)
		verdict->status = ST_NOT_LISTED;
	return status == ST_UNKNOWN ? ST_OK : status;
}

/* Is this person in already? Then the verdict says since when, with the name as it stands on the list. */
static enum status
judge_presence(struct store *store, int64_t person_id, struct verdict *verdict)
{
	char folded[NAME_FOLD_SIZE];
	enum attendance_status known;
	struct rows *rows;
	int64_t since;
	enum status status = store_attendance(store, verdict->run.id, person_id, &known, &since);

	if (status != ST_OK || (known != ATTENDANCE_PRESENT && known != ATTENDANCE_LATE))
		return status == ST_UNKNOWN ? ST_OK : status;
	verdict->status = ST_ALREADY;
	verdict->since = since;
	status = name_fold(verdict->name, folded);
	rows = store_query(store, Q_PERSON_FIND);
	rows_bind_text(rows, "folded", folded);
	if (status == ST_OK)
		status = rows_step(rows);
	if (status == ST_OK)
		store_copy(rows, 1, verdict->name, sizeof verdict->name);
	rows_reset(rows);
	return status;
}

/* Append the event; attendance and counts follow by trigger. */
static enum status
enter(struct store *store, const struct attempt *attempt, int64_t person_id, const char *proof, struct verdict *verdict)
{
	struct rows *rows = store_query(store, Q_EVENT_ADD);
	enum status status;

	rows_bind_int(rows, "run_id", verdict->run.id);
	rows_bind_int(rows, "person_id", person_id);
	rows_bind_text(rows, "kind", "check-in");
	rows_bind_text(rows, "status", "present");
	rows_bind_int(rows, "at", attempt->now);
	rows_bind_int(rows, "now", attempt->now);
	rows_bind_text(rows, "proof", proof);
	rows_bind_text(rows, "nonce", attempt->nonce[0] == '\0' ? NULL : attempt->nonce);
	status = rows_run(rows);
	if (status != ST_OK)
		return status;
	rows = store_query(store, Q_ATTENDANCE);
	rows_bind_int(rows, "run_id", verdict->run.id);
	rows_bind_int(rows, "person_id", person_id);
	status = rows_step(rows);
	if (status == ST_OK)
		verdict->ordinal = (int)rows_int(rows, 2);
	rows_reset(rows);
	verdict->since = attempt->now;
	verdict->count++;
	return status;
}

enum status
store_attend(struct store *store, const struct attempt *attempt, struct verdict *verdict)
{
	const char *proof;
	int64_t person_id = 0;
	bool is_mine;
	enum status status;

	memset(verdict, 0, sizeof *verdict);
	status = store_enter(store, &is_mine);
	if (status != ST_OK)
		return status;
	status = attempt->nonce[0] == '\0' ? ST_UNKNOWN : repeat(store, attempt, verdict);
	if (status != ST_UNKNOWN)
		return store_leave(store, is_mine, status);
	status = judge_code(store, attempt->code, attempt->session, attempt->now, verdict, &proof);
	if (status == ST_OK && verdict->status == ST_OK)
		verdict->status = name_tidy(attempt->name, strlen(attempt->name), verdict->name);
	if (status == ST_OK && verdict->status == ST_OK)
		status = judge_person(store, attempt->now, verdict, &person_id);
	if (status == ST_OK && verdict->status == ST_OK)
		status = judge_presence(store, person_id, verdict);
	if (status == ST_OK && verdict->status == ST_OK)
		status = enter(store, attempt, person_id, proof, verdict);
	return store_leave(store, is_mine, status);
}
