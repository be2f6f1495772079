// SPDX-License-Identifier: ISC
/*
 * store_attend.c: the one validator of check-ins.
 *
 * Which run does the code belong to? Is it open? Is the phone in already? Is the name acceptable,
 * and not in yet? Are the demands of the run met? All verdicts are reached here, with store_code.c,
 * store_at_place.c and store_phone.c, and nowhere else. It happens inside the caller's transaction,
 * so that a batch of attempts sees itself: of two equal names in a batch, the second is told that
 * the first is in.
 */
#include <string.h>

#include "db/attend_inside.h"

/* Has `text` the folded name `folded`? */
static bool
is_same_name(const char *text, const char *folded)
{
	char name[NAME_SIZE], key[NAME_FOLD_SIZE];

	return name_tidy(text, strlen(text), name) == ST_OK && name_fold(name, key) == ST_OK &&
	    strcmp(key, folded) == 0;
}

/*
 * Find the event of the attempt's nonce: its run, its person, and what it said, in `verdict`.
 * *is_theirs: the attempt has the name of that person. ST_UNKNOWN when the nonce is new.
 */
static enum status
find_nonce(struct store *store, const struct attempt *attempt, struct verdict *verdict,
    int64_t *run_id, int64_t *person_id, bool *is_theirs)
{
	struct rows *rows = store_query(store, Q_EVENT_BY_NONCE);
	enum status status;

	rows_bind_text(rows, "nonce", attempt->nonce);
	status = rows_step(rows);
	if (status == ST_OK) {
		*run_id = rows_int(rows, 0);
		*person_id = rows_int(rows, 1);
		verdict->since = rows_int(rows, 2);
		*is_theirs = is_same_name(attempt->name, rows_text(rows, 4, NULL));
		store_copy(rows, 3, verdict->name, sizeof verdict->name);
		verdict->attendance = strcmp(rows_text(rows, 5, NULL), "late") == 0
		    ? ATTENDANCE_LATE : ATTENDANCE_PRESENT;
		if (proof_read(rows_text(rows, 6, NULL), &verdict->proof) != ST_OK)
			verdict->proof = PROOF_SESSION;
		verdict->is_delivered_late = rows_int(rows, 7) != 0;
		store_copy(rows, 8, verdict->pending, sizeof verdict->pending);
		if (rows_int(rows, 9) + ATTEND_UNDO_S >= attempt->now)
			verdict->undo_until = rows_int(rows, 9) + ATTEND_UNDO_S;
	}
	rows_reset(rows);
	return status;
}

/*
 * Answer a known nonce as before, from what is stored. With another name, the answer reveals
 * nothing. ST_UNKNOWN when the nonce is new.
 */
static enum status
repeat(struct store *store, const struct attempt *attempt, struct verdict *verdict)
{
	struct verdict now;
	struct run_time time;
	int64_t run_id = 0, person_id = 0;
	bool is_theirs = false;
	enum status status = find_nonce(store, attempt, verdict, &run_id, &person_id, &is_theirs);

	if (status != ST_OK)
		return status;
	if (!is_theirs) {
		*verdict = (struct verdict){ .status = ST_NONCE_USED,
		    .attendance = ATTENDANCE_END };
		return ST_OK;
	}
	status = store_run(store, run_id, &verdict->run);
	if (status != ST_OK)
		return status;
	time = run_time_of(&verdict->run);
	status = run_window(&time, &verdict->window);
	now = *verdict;
	if (status == ST_OK)
		status = store_fill_presence(store, person_id, &now);
	verdict->ordinal = status == ST_OK ? now.ordinal : 0;
	verdict->person_id = person_id;
	verdict->count = verdict->run.present + verdict->run.late;
	verdict->is_repeat = true;
	if (status == ST_UNKNOWN)	/* taken back since: they are no longer in */
		verdict->status = ST_UNDONE;
	else
		verdict->status = verdict->pending[0] == '\0' ? ST_OK : ST_PENDING;
	return status == ST_UNKNOWN ? ST_OK : status;
}

/* If this phone is in at the run, the verdict is ST_SAME, whatever name it sends this time. */
static enum status
judge_phone(struct store *store, const struct attempt *attempt, struct verdict *verdict,
    struct phone *phone)
{
	enum status status = store_find_phone(store, attempt, verdict, phone);

	if (status != ST_OK || phone->person_id == 0 || phone->is_undone)
		return status;
	status = store_fill_presence(store, phone->person_id, verdict);
	if (status == ST_OK && verdict->ordinal > 0) {
		verdict->status = ST_SAME;
		memcpy(verdict->name, phone->name, sizeof verdict->name);
		if (attempt->now <= phone->received_at + ATTEND_UNDO_S)
			verdict->undo_until = phone->received_at + ATTEND_UNDO_S;
	}
	return status == ST_UNKNOWN ? ST_OK : status;
}

/* Find or make the person; the verdict is ST_NOT_LISTED when the group's list does not allow it. */
static enum status
judge_person(struct store *store, int64_t now, struct verdict *verdict, int64_t *person_id,
    bool *is_new)
{
	struct rows *rows;
	enum status status = store_person(store, verdict->name, !verdict->run.is_list, now,
	    person_id, is_new);

	if (status == ST_OK && verdict->run.is_list) {
		rows = store_query(store, Q_LIST_HAS);
		rows_bind_int(rows, "group_id", verdict->run.group_id);
		rows_bind_int(rows, "person_id", *person_id);
		status = store_exists(rows);
	}
	if (status == ST_UNKNOWN)
		verdict->status = ST_NOT_LISTED;
	return status == ST_UNKNOWN ? ST_OK : status;
}

/*
 * May whoever has this name still use the code for one person? Judged before judge_person, so that
 * no person is made for a code that is used.
 */
static enum status
judge_single(struct store *store, const struct source *source, const struct phone *phone,
    struct verdict *verdict)
{
	int64_t person_id = 0;
	enum status status = ST_OK;

	if (source->kind != CODE_SINGLE)
		return ST_OK;
	status = store_person(store, verdict->name, false, 0, &person_id, NULL);
	return status == ST_OK || status == ST_UNKNOWN
	    ? store_judge_serial(store, source, person_id, phone, verdict) : status;
}

/*
 * If this person is in already, the verdict is ST_ALREADY, with since when and the name as on the
 * list.
 */
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

/* Store where the phone was, if the club keeps positions. */
static enum status
keep_position(struct store *store, const struct attempt *attempt, int64_t event_id)
{
	struct club club;
	struct rows *rows;
	enum status status;

	if (!attempt->has_position || !place_point_valid(&attempt->point))
		return ST_OK;
	status = store_club(store, &club);
	if (status != ST_OK || club.position_days == 0)
		return status;
	rows = store_query(store, Q_POSITION_ADD);
	rows_bind_int(rows, "event_id", event_id);
	rows_bind_real(rows, "latitude", attempt->point.latitude);
	rows_bind_real(rows, "longitude", attempt->point.longitude);
	rows_bind_real(rows, "accuracy_m", attempt->accuracy_m);
	rows_bind_int(rows, "now", attempt->now);
	return store_write(store, rows);
}

enum status
store_positions_prune(struct store *store, int64_t now)
{
	const int64_t day_s = 86400;	/* exactly 24 hours, not a calendar day */
	struct club club;
	struct rows *rows;
	enum status status = store_club(store, &club);

	if (status != ST_OK)
		return status;
	rows = store_query(store, Q_POSITION_PRUNE);
	rows_bind_int(rows, "until", club.position_days == 0 ? INT64_MAX
	    : now - club.position_days * day_s);
	return store_write(store, rows);
}

/* Append the event, from which triggers derive attendance and counts, and complete the verdict. */
static enum status
enter(struct store *store, const struct attempt *attempt, const struct phone *phone,
    int64_t person_id, const struct source *source, struct verdict *verdict)
{
	const struct run_rules *rules = &verdict->run.rules;
	bool is_late = rules->late_min >= 0 &&
	    source->at > verdict->window.starts + (int64_t)rules->late_min * 60;
	struct event event = { .run_id = verdict->run.id, .person_id = person_id,
	    .kind = "check-in",
	    .status = attendance_status_name(is_late ? ATTENDANCE_LATE : ATTENDANCE_PRESENT),
	    .proof = proof_name(verdict->proof), .pending = verdict->pending,
	    .nonce = attempt->nonce[0] == '\0' ? NULL : attempt->nonce,
	    .claim = attempt->claim[0] == '\0' ? NULL : phone->claim,
	    .at = source->at, .now = attempt->now,
	    .is_delivered_late = source->is_delivered_late };
	int64_t id = 0;
	enum status status;

	store_remark(store, verdict, event.kind, event.at);
	status = store_event_add(store, &event, &id);
	if (status == ST_OK)
		status = store_use_serial(store, attempt, source, person_id, verdict);
	if (status == ST_OK)
		status = keep_position(store, attempt, id);
	if (status == ST_OK)
		status = store_fill_presence(store, person_id, verdict);
	verdict->status = verdict->pending[0] == '\0' ? ST_OK : ST_PENDING;
	verdict->count++;
	if (attempt->claim[0] != '\0')
		verdict->undo_until = attempt->now + ATTEND_UNDO_S;
	return status;
}

/* Is it a refusal for code, time or list, after which another run may be the one that is meant? */
static bool
wants_another(enum status status)
{
	static const enum status wanting[] = {
		ST_CODE_MISSING, ST_CODE_UNKNOWN, ST_CODE_EXPIRED, ST_CODE_AHEAD, ST_CODE_OTHER,
		ST_RUN_UNKNOWN, ST_NO_RUN_DAY, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_NOT_LISTED,
		ST_RECEIPT_UNKNOWN, ST_RECEIPT_EXPIRED, ST_SEEN_WRONG, ST_SEEN_LATE,
	};
	size_t i;

	for (i = 0; i < sizeof wanting / sizeof wanting[0]; i++)
		if (status == wanting[i])
			return true;
	return false;
}

/* Judge an attempt whose nonce is new, step by step, and enter it. */
static enum status
attend(struct store *store, const struct attempt *attempt, struct verdict *verdict)
{
	struct source source;
	struct phone phone;
	int64_t person_id = 0;
	bool is_new = false;
	enum status status = store_judge_code(store, attempt, verdict, &source);

	if (status == ST_OK && verdict->status == ST_OK)
		status = judge_phone(store, attempt, verdict, &phone);
	if (status == ST_OK && verdict->status == ST_OK)
		verdict->status = name_tidy(attempt->name, strlen(attempt->name), verdict->name);
	if (status == ST_OK && verdict->status == ST_OK)
		status = store_judge_place(store, attempt, &source, verdict);
	if (status == ST_OK && verdict->status == ST_OK)
		status = judge_single(store, &source, &phone, verdict);
	if (status == ST_OK && verdict->status == ST_OK)
		status = judge_person(store, attempt->now, verdict, &person_id, &is_new);
	if (status == ST_OK && verdict->status == ST_OK && !is_new)
		status = judge_presence(store, person_id, verdict);
	if (status == ST_OK && verdict->status == ST_OK)
		return enter(store, attempt, &phone, person_id, &source, verdict);
	if (verdict->status != ST_SAME)
		verdict->pending[0] = '\0';
	if (verdict->status == ST_NAME_BAD)
		verdict->name[0] = '\0';	/* a part of it may be there */
	return status;
}

enum status
store_attend(struct store *store, const struct attempt *attempt, struct verdict *verdict)
{
	bool is_mine;
	enum status status;

	memset(verdict, 0, sizeof *verdict);
	verdict->attendance = ATTENDANCE_END;
	status = store_enter(store, &is_mine);
	if (status != ST_OK)
		return status;
	status = attempt->nonce[0] == '\0' ? ST_UNKNOWN : repeat(store, attempt, verdict);
	if (status == ST_UNKNOWN)
		status = attend(store, attempt, verdict);
	if (status == ST_OK && wants_another(verdict->status))
		status = store_find_open(store, attempt->now, verdict);
	return store_leave(store, is_mine, status);
}

/* ---- receipts ---- */

/*
 * The code for one person is used. If it was used by a scan with the same nonce, the answer to that
 * was lost: accept it again, with the time of that scan.
 */
static enum status
find_used(struct store *store, const struct attempt *attempt, struct source *source,
    struct verdict *verdict)
{
	struct rows *rows = store_query(store, Q_USED_CODE);
	const char *nonce;
	enum status status;

	rows_bind_int(rows, "run_id", verdict->run.id);
	rows_bind_int(rows, "serial", source->number);
	status = rows_step(rows);
	nonce = status == ST_OK ? rows_text(rows, 1, NULL) : NULL;
	if (nonce != NULL && strcmp(nonce, attempt->nonce) == 0) {
		source->at = rows_int(rows, 2);
		source->is_receipt = true;
		verdict->status = ST_OK;
	}
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

/* Use up a code for one person; others pass. */
static enum status
use_up(struct store *store, const struct attempt *attempt, const struct phone *phone,
    struct source *source, struct verdict *verdict)
{
	enum status status = store_judge_serial(store, source, 0, phone, verdict);

	if (status == ST_OK && verdict->status == ST_CODE_USED && !source->is_receipt)
		status = find_used(store, attempt, source, verdict);
	if (status != ST_OK || verdict->status != ST_OK)
		return status;
	return store_use_serial(store, attempt, source, 0, verdict);
}

static enum status
give_receipt(struct store *store, const struct source *source, struct verdict *verdict)
{
	struct receipt receipt = { .run_id = verdict->run.id, .kind = source->kind,
	    .number = source->number, .at = source->at };

	verdict->receipt_until = receipt.at + RECEIPT_LIFE_S;
	if (receipt_make(&receipt, verdict->run.key, verdict->receipt) != ST_OK)
		return store_fail(store, ST_FAULT, "No receipt can be made for run %lld.",
		    (long long)receipt.run_id);
	return ST_OK;
}

enum status
store_scan(struct store *store, const struct attempt *attempt, struct verdict *verdict)
{
	struct source source;
	struct phone phone;
	bool is_mine;
	enum status status;

	memset(verdict, 0, sizeof *verdict);
	verdict->attendance = ATTENDANCE_END;
	status = store_enter(store, &is_mine);
	if (status != ST_OK)
		return status;
	status = store_judge_code(store, attempt, verdict, &source);
	if (status == ST_OK && verdict->status == ST_OK && source.is_delivered_late)
		/* a late delivery needs no receipt: the check-in itself may be sent */
		verdict->status = ST_CODE_EXPIRED;
	if (status == ST_OK && verdict->status == ST_OK)
		status = judge_phone(store, attempt, verdict, &phone);
	if (status == ST_OK && verdict->status == ST_OK)
		status = use_up(store, attempt, &phone, &source, verdict);
	/* to a phone that is in, for somebody else; a code for one person serves them as it is */
	if (status == ST_OK && (verdict->status == ST_OK ||
	    (verdict->status == ST_SAME && source.kind != CODE_SINGLE)))
		status = give_receipt(store, &source, verdict);
	if (status == ST_OK && wants_another(verdict->status))
		status = store_find_open(store, attempt->now, verdict);
	return store_leave(store, is_mine, status);
}

void
store_attend_prepare(struct store *store)
{
	static const enum query asked[] = {
		Q_EVENT_BY_NONCE, Q_RUN, Q_EVENT_BY_CLAIM, Q_PERSON_FIND, Q_PERSON_ADD, Q_EVENT_ADD,
		Q_ATTENDANCE, Q_EVENT_UP_TO,
	};
	size_t i;

	for (i = 0; i < sizeof asked / sizeof asked[0]; i++)
		(void)store_query(store, asked[i]);
}
