// SPDX-License-Identifier: ISC
/*
 * attend_inside.h: shared by the files of the one validator: store_code.c, store_at_place.c,
 * store_attend.c, store_phone.c, store_suggest.c; and store_person.c, which appends events.
 */
#ifndef TURNOUT_ATTEND_INSIDE_H
#define TURNOUT_ATTEND_INSIDE_H

#include "db/store_inside.h"

/* How the run of an attempt was found, after verification. */
struct source {
	enum code_kind	kind;
	int64_t		number;			/* as in struct receipt */
	/* when the code was seen: of a receipt, its scan; of a late delivery, its slot; else now */
	int64_t		at;
	bool		is_receipt;		/* the code itself came earlier */
	bool		is_delivered_late;
};

/*
 * Which run does `attempt` belong to, and did it accept check-ins at source->at? verdict->status is
 * ST_OK when verdict->run, its window and *source are set; otherwise it is the refusal, with the
 * run if the attempt may know it. (store_code.c)
 */
enum status	store_judge_code(struct store *store, const struct attempt *attempt,
		    struct verdict *verdict, struct source *source);

/*
 * The run that `attempt` names by session id, receipt, token or typed code, whatever its state and
 * the age of the code; signatures are still verified. verdict->status is ST_OK when verdict->run
 * and its window are set. (store_code.c)
 */
enum status	store_judge_run(struct store *store, const struct attempt *attempt,
		    struct verdict *verdict);

/*
 * Fill in verdict->open: the run open at `now` that a refused person probably means, the earliest
 * of the same group or, if there is none, of all; id 0: none is open. (store_code.c)
 */
enum status	store_find_open(struct store *store, int64_t now, struct verdict *verdict);

/* The newest check-in of a phone at a run. */
struct phone {
	int64_t		person_id;		/* 0: there is none */
	int64_t		event_id;
	int64_t		received_at;		/* seconds */
	char		name[NAME_SIZE];
	bool		is_undone;		/* taken back since */
	/* the hash of its mark at this run; zeros when it sent no mark */
	uint8_t		claim[CLAIM_HASH_BYTES];
};

/*
 * May a code for one person still be used at this run by `person_id` (0: somebody new), on `phone`
 * (NULL: unknown)? verdict->status: ST_CODE_USED if not, ST_CODE_AHEAD for a serial still to come,
 * else unchanged. Its receipt may be used until somebody has used the code. That person may use it
 * again, and so may the phone that took that check-in back: for the right name. Other kinds of code
 * pass. (store_code.c)
 */
enum status	store_judge_serial(struct store *store, const struct source *source,
		    int64_t person_id, const struct phone *phone, struct verdict *verdict);

/* Use up such a code: for `person_id`, or for a receipt if that is 0. (store_code.c) */
enum status	store_use_serial(struct store *store, const struct attempt *attempt,
		    const struct source *source, int64_t person_id,
		    const struct verdict *verdict);

/*
 * Was the phone at the place, as far as the run asks? Sets verdict->proof and ->pending, and
 * verdict->status to the refusal when a demand is not met. (store_at_place.c)
 */
enum status	store_judge_place(struct store *store, const struct attempt *attempt,
		    const struct source *source, struct verdict *verdict);

/* Find the phone of `attempt` at verdict->run; phone->person_id is 0 if unknown. (store_phone.c) */
enum status	store_find_phone(struct store *store, const struct attempt *attempt,
		    const struct verdict *verdict, struct phone *phone);

/*
 * Copy the attendance of `person_id` at verdict->run to `verdict`: ordinal, since, attendance,
 * proof, pending …; ST_UNKNOWN when there is none. (store_phone.c)
 */
enum status	store_fill_presence(struct store *store, int64_t person_id,
		    struct verdict *verdict);

/* The status with that name; ATTENDANCE_END when there is none. (store_person.c) */
enum attendance_status	attendance_status_read(const char *name);

/* One event to append. */
struct event {
	int64_t		 run_id, person_id;
	const char	*kind, *status, *proof;
	const char	*nonce;			/* NULL: none */
	const char	*pending;		/* NULL: nothing */
	const uint8_t	*claim;			/* CLAIM_HASH_BYTES, NULL: none */
	int64_t		 at, now;		/* seconds since 1970 */
	bool		 is_delivered_late;
};

/* Append `event`; *id (may be NULL) is its id. Triggers derive the rest. (store_person.c) */
enum status	store_event_add(struct store *store, const struct event *event, int64_t *id);

#endif
