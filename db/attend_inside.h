// SPDX-License-Identifier: ISC
/*
 * attend_inside.h: what the files of the one validator share: store_code.c, store_verdict.c,
 * store_attend.c, store_phone.c.
 */
#ifndef TURNOUT_ATTEND_INSIDE_H
#define TURNOUT_ATTEND_INSIDE_H

#include "db/store_inside.h"

/* How the run of an attempt was found, once that is believed. */
struct source {
	enum code_kind	kind;
	int64_t		number;			/* as in struct receipt */
	/*
	 * when the code was seen: of a receipt its scan, of a late delivery its slot; otherwise now
	 */
	int64_t		at;
	bool		is_receipt;		/* the code itself came before */
	bool		is_delivered_late;
};

/*
 * Which run does `attempt` belong to, and does it take check-ins at the time that counts?
 * verdict->status is ST_OK when verdict->run, its window and *source are set; otherwise it says why
 * not, with the run where that may be told. (store_code.c)
 */
enum status	store_judge_code(struct store *store, const struct attempt *attempt,
		    struct verdict *verdict, struct source *source);

/*
 * The run that `attempt` names by session id, receipt, token or typed code, whatever its state and
 * the age of the code; signatures are still checked. verdict->run and its window, or
 * verdict->status. (store_code.c)
 */
enum status	store_judge_run(struct store *store, const struct attempt *attempt,
		    struct verdict *verdict);

/*
 * Fill in verdict->open: the run open at `now` that a refused person may want: of the same group
 * first, then the earliest. (store_code.c)
 */
enum status	store_find_open(struct store *store, int64_t now, struct verdict *verdict);

/*
 * The serial of a code for one person: may it still be used at this run by `person_id` (0: somebody
 * new)? Its receipt may while nobody has, and whoever has may again. (store_code.c)
 */
enum status	store_judge_serial(struct store *store, const struct source *source,
		    int64_t person_id, struct verdict *verdict);

/* Use it up; `person_id` 0: for a receipt. (store_code.c) */
enum status	store_use_serial(struct store *store, const struct attempt *attempt,
		    const struct source *source, int64_t person_id,
		    const struct verdict *verdict);

/*
 * Was the phone at the place, as far as the run asks? verdict->proof and ->pending are set;
 * verdict->status says no where the run demands what is missing. (store_verdict.c)
 */
enum status	store_judge_place(struct store *store, const struct attempt *attempt,
		    const struct source *source, struct verdict *verdict);

/* The newest check-in of a phone at a run. */
struct phone {
	int64_t		person_id;		/* 0: there is none */
	int64_t		event_id;
	int64_t		received_at;		/* seconds */
	char		name[NAME_SIZE];
	bool		is_undone;		/* taken back since */
	/* what is kept of its mark at this run; not set without a mark */
	uint8_t		claim[CLAIM_HASH_BYTES];
};

/* Recognise the phone of `attempt` at verdict->run. (store_phone.c) */
enum status	store_find_phone(struct store *store, const struct attempt *attempt,
		    const struct verdict *verdict, struct phone *phone);

/*
 * Fill in what is known of `person_id` at verdict->run: ordinal, since, attendance, proof, pending
 * …; ST_UNKNOWN when nothing is. (store_phone.c)
 */
enum status	store_fill_presence(struct store *store, int64_t person_id,
		    struct verdict *verdict);

/* The status of that name in the database; ATTENDANCE_END for another. (store_person.c) */
enum attendance_status	attendance_status_read(const char *name);

/* One event to append. */
struct event {
	int64_t		 run_id, person_id;
	const char	*kind, *status, *proof;
	const char	*nonce;			/* NULL: none */
	const char	*pending;		/* NULL: nothing */
	const uint8_t	*claim;			/* CLAIM_HASH_BYTES, NULL: none */
	int64_t		 at, now;		/* seconds */
	bool		 is_delivered_late;
};

/*
 * Append it; *id (may be NULL) is its own. Attendance and counts follow by trigger.
 * (store_person.c)
 */
enum status	store_event_add(struct store *store, const struct event *event, int64_t *id);

#endif
