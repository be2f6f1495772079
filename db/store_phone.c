// SPDX-License-Identifier: ISC
/*
 * store_phone.c: recognising the phone that checked in, which may take that back or check out.
 *
 * A part of the one validator. A phone is recognised by the hash of its mark, at one run only
 * (core/claim.h).
 */
#include <string.h>

#include "db/attend_inside.h"

enum status
store_find_phone(struct store *store, const struct attempt *attempt, const struct verdict *verdict,
    struct phone *phone)
{
	struct rows *rows = store_query(store, Q_EVENT_BY_CLAIM);
	enum status status;

	memset(phone, 0, sizeof *phone);
	if (attempt->claim[0] == '\0')
		return ST_OK;
	claim_hash(attempt->claim, verdict->run.key, phone->claim);
	rows_bind_int(rows, "run_id", verdict->run.id);
	rows_bind_blob(rows, "claim", phone->claim, sizeof phone->claim);
	status = rows_step(rows);
	if (status == ST_OK) {
		phone->person_id = rows_int(rows, 0);
		phone->event_id = rows_int(rows, 1);
		phone->received_at = rows_int(rows, 2);
		store_copy(rows, 3, phone->name, sizeof phone->name);
		phone->is_undone = rows_int(rows, 4) != 0;
	}
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

enum status
store_fill_presence(struct store *store, int64_t person_id, struct verdict *verdict)
{
	struct rows *rows = store_query(store, Q_ATTENDANCE);
	enum status status;

	rows_bind_int(rows, "run_id", verdict->run.id);
	rows_bind_int(rows, "person_id", person_id);
	status = rows_step(rows);
	verdict->attendance = ATTENDANCE_END;
	if (status == ST_OK) {
		verdict->attendance = attendance_status_read(rows_text(rows, 0, NULL));
		verdict->since = rows_int(rows, 1);
		verdict->ordinal = (int)rows_int(rows, 2);
		if (proof_read(rows_text(rows, 3, NULL), &verdict->proof) != ST_OK)
			verdict->proof = PROOF_SESSION;
		store_copy(rows, 4, verdict->pending, sizeof verdict->pending);
		verdict->is_delivered_late = rows_int(rows, 5) != 0;
		verdict->left_at = rows_int(rows, 6);
		verdict->person_id = person_id;
	}
	rows_reset(rows);
	return status;
}

/* Does the attendance still follow from the phone's own check-in? */
static enum status
follows_from(struct store *store, const struct phone *phone, const struct verdict *verdict,
    bool *does)
{
	struct rows *rows = store_query(store, Q_ATTENDANCE);
	enum status status;

	rows_bind_int(rows, "run_id", verdict->run.id);
	rows_bind_int(rows, "person_id", phone->person_id);
	status = rows_step(rows);
	*does = status == ST_OK && rows_int(rows, 7) == phone->event_id;
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

/*
 * Find the run and the phone of `attempt`; verdict->status is ST_OK when the phone has checked in,
 * even if it has taken that back.
 */
static enum status
meet(struct store *store, const struct attempt *attempt, struct verdict *verdict,
    struct phone *phone)
{
	enum status status;

	memset(verdict, 0, sizeof *verdict);
	verdict->attendance = ATTENDANCE_END;
	verdict->status = ST_CLAIM_MISSING;
	if (attempt->claim[0] == '\0')
		return ST_OK;
	status = store_judge_run(store, attempt, verdict);
	if (status != ST_OK || verdict->status != ST_OK)
		return status;
	status = store_find_phone(store, attempt, verdict, phone);
	if (phone->person_id == 0)
		verdict->status = ST_NOT_IN;
	else
		memcpy(verdict->name, phone->name, sizeof verdict->name);
	return status;
}

/* Append an event of `kind` from the phone. */
static enum status
append(struct store *store, const struct attempt *attempt, const struct phone *phone,
    const char *kind, const struct verdict *verdict)
{
	struct event event = { .run_id = verdict->run.id, .person_id = phone->person_id,
	    .kind = kind, .status = attendance_status_name(verdict->attendance),
	    .proof = proof_name(verdict->proof), .claim = phone->claim,
	    .at = attempt->now, .now = attempt->now };

	store_remark(store, verdict, event.kind, event.at);
	return store_event_add(store, &event, NULL);
}

/* Take the check-in back, unless that is done, too late, or superseded by a later event. */
static enum status
undo(struct store *store, const struct attempt *attempt, struct verdict *verdict)
{
	struct phone phone = { 0 };
	bool is_its_own;
	enum status status = meet(store, attempt, verdict, &phone);

	if (status != ST_OK || verdict->status != ST_OK)
		return status;
	verdict->status = ST_UNDONE;
	if (phone.is_undone)
		return ST_OK;
	status = follows_from(store, &phone, verdict, &is_its_own);
	if (status == ST_OK)
		status = store_fill_presence(store, phone.person_id, verdict);
	if (status == ST_UNKNOWN)
		verdict->status = ST_NOT_IN;
	else if (status == ST_OK &&
	    (!is_its_own || attempt->now > phone.received_at + ATTEND_UNDO_S))
		verdict->status = ST_UNDO_LATE;
	if (status != ST_OK || verdict->status != ST_UNDONE)
		return status == ST_UNKNOWN ? ST_OK : status;
	status = append(store, attempt, &phone, "undo", verdict);
	if (status == ST_OK)
		status = store_run(store, verdict->run.id, &verdict->run);
	verdict->count = verdict->run.present + verdict->run.late;
	verdict->attendance = ATTENDANCE_END;
	verdict->ordinal = 0;
	verdict->since = verdict->person_id = 0;
	verdict->pending[0] = '\0';
	return status;
}

/* Check the person out, unless that is done, not offered, or too late. */
static enum status
check_out(struct store *store, const struct attempt *attempt, struct verdict *verdict)
{
	struct phone phone = { 0 };
	enum status status = meet(store, attempt, verdict, &phone);

	if (status != ST_OK || verdict->status != ST_OK)
		return status;
	status = phone.is_undone ? ST_UNKNOWN
	    : store_fill_presence(store, phone.person_id, verdict);
	if (status == ST_UNKNOWN || (status == ST_OK && verdict->ordinal == 0))
		verdict->status = ST_NOT_IN;
	else if (status == ST_OK && !verdict->run.rules.has_check_out)
		verdict->status = ST_NO_CHECK_OUT;
	else if (status == ST_OK && verdict->left_at == 0 &&
	    attempt->now > verdict->window.closes + (int64_t)verdict->run.rules.deliver_min * 60)
		verdict->status = ST_CLOSED;
	if (status != ST_OK || verdict->status != ST_OK)
		return status == ST_UNKNOWN ? ST_OK : status;
	verdict->status = ST_LEFT;
	if (verdict->left_at != 0)
		return ST_OK;
	verdict->left_at = attempt->now;
	return append(store, attempt, &phone, "check-out", verdict);
}

enum status
store_undo(struct store *store, const struct attempt *attempt, struct verdict *verdict)
{
	bool is_mine;
	enum status status = store_enter(store, &is_mine);

	return status == ST_OK ? store_leave(store, is_mine, undo(store, attempt, verdict))
	    : status;
}

enum status
store_check_out(struct store *store, const struct attempt *attempt, struct verdict *verdict)
{
	bool is_mine;
	enum status status = store_enter(store, &is_mine);

	return status == ST_OK ? store_leave(store, is_mine, check_out(store, attempt, verdict))
	    : status;
}
