// SPDX-License-Identifier: ISC
/*
 * test_checkin.c: what a table of verdicts cannot cover: phones, receipts, codes for one person,
 * late deliveries, positions, suggestions, names in every script; and that no good scan is refused.
 */
#include "tests/unit/checkin.h"

#include <utf8proc.h>

/* ---- phones ---- */

static void
a_phone_gets_its_own_answer_again(void **state)
{
	struct attempt attempt = attempt_of("Ada", "phone-1"), other = attempt_of("ADA", "phone-2");
	struct scene scene;
	struct verdict verdict, again;

	(void)state;
	scene_open(&scene);
	give_slot(&attempt, &scene.runs[OPEN], 0, false, 0);
	snprintf(attempt.nonce, sizeof attempt.nonce, "once");
	verdict = attend(&scene, &attempt);
	assert_int_equal(verdict.undo_until, SCRATCH_NOW + ATTEND_UNDO_S);
	assert_true(verdict.person_id > 0);
	again = attend(&scene, &attempt);	/* the answer was lost: the same once more */
	assert_true(again.is_repeat);
	assert_int_equal(again.undo_until, verdict.undo_until);
	assert_int_equal(again.proof, verdict.proof);
	assert_int_equal(again.person_id, verdict.person_id);
	assert_int_equal(again.since, verdict.since);
	attempt.nonce[0] = '\0';
	attempt.now += 660;
	snprintf(attempt.name, sizeof attempt.name, "Somebody Else");
	give_slot(&attempt, &scene.runs[OPEN], 0, false, 0);
	verdict = attend(&scene, &attempt);
	assert_int_equal(verdict.status, ST_SAME);
	assert_string_equal(verdict.name, "Ada");
	assert_int_equal(verdict.since, SCRATCH_NOW);
	assert_int_equal(verdict.ordinal, 1);
	assert_int_equal(verdict.undo_until, 0);
	assert_says(&verdict, attempt.now,
	    "You have been in since 18:20, Ada. There is nothing more to do.");
	/* Another phone with the folded name is asked for a letter more. */
	give_slot(&other, &scene.runs[OPEN], 0, false, 0);
	verdict = attend(&scene, &other);
	assert_int_equal(verdict.status, ST_ALREADY);
	assert_int_equal(status_info(verdict.status)->http, 409);
	assert_says(&verdict, other.now,
	    "Ada has been on the list since 18:20. If that is you, there is nothing more to do. If you "
	    "are somebody else with the same name, add a letter of your surname.");
	/* At another run the phone is another one, and the database never says which. */
	snprintf(attempt.session, sizeof attempt.session, "%s", scene.list.session);
	attempt.code[0] = '\0';
	snprintf(attempt.name, sizeof attempt.name, "Grace Hopper");
	assert_int_equal(attend(&scene, &attempt).status, ST_OK);
	assert_int_equal(scratch_number(scene.store, "SELECT count(DISTINCT claim) FROM event"), 2);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM event WHERE instr(CAST(claim AS TEXT), 'phone') > 0"), 0);
	scene_close(&scene);
}

static struct verdict
undo(struct scene *scene, const struct attempt *attempt)
{
	struct verdict verdict;

	assert_int_equal(store_undo(scene->store, attempt, &verdict), ST_OK);
	return verdict;
}

static void
a_phone_takes_its_check_in_back_for_a_minute(void **state)
{
	struct attempt attempt = attempt_of("Ada", "phone-1"), none = attempt_of("", ""),
	    other = attempt_of("", "phone-2");
	struct scene scene;
	struct verdict verdict;
	struct run *run;

	(void)state;
	scene_open(&scene);
	run = &scene.runs[OPEN];
	snprintf(attempt.session, sizeof attempt.session, "%s", run->session);
	snprintf(other.session, sizeof other.session, "%s", run->session);
	snprintf(none.session, sizeof none.session, "%s", run->session);
	assert_int_equal(undo(&scene, &attempt).status, ST_NOT_IN);
	assert_int_equal(attend(&scene, &attempt).status, ST_OK);
	assert_int_equal(undo(&scene, &none).status, ST_CLAIM_MISSING);
	assert_int_equal(undo(&scene, &other).status, ST_NOT_IN);
	attempt.now += ATTEND_UNDO_S + 1;
	assert_int_equal(undo(&scene, &attempt).status, ST_UNDO_LATE);
	attempt.now--;
	verdict = undo(&scene, &attempt);
	assert_int_equal(verdict.status, ST_UNDONE);
	assert_int_equal(verdict.count, 0);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM attendance"), 0);
	attempt.now += 600;
	/* the answer was lost; it is the same again */
	assert_int_equal(undo(&scene, &attempt).status, ST_UNDONE);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM event WHERE kind = 'undo'"), 1);
	/*
	 * The check-in itself comes late once more, as if on its way: it puts nobody in again, and
	 * says so.
	 */
	snprintf(attempt.nonce, sizeof attempt.nonce, "late");
	assert_int_equal(attend(&scene, &attempt).status, ST_OK);
	assert_int_equal(undo(&scene, &attempt).status, ST_UNDONE);
	verdict = attend(&scene, &attempt);
	assert_int_equal(verdict.status, ST_UNDONE);
	assert_true(verdict.is_repeat);
	assert_int_equal(verdict.ordinal, 0);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM attendance"), 0);
	attempt.nonce[0] = '\0';
	/* In again under the right name. */
	snprintf(attempt.name, sizeof attempt.name, "Ada Lovelace");
	assert_int_equal(attend(&scene, &attempt).status, ST_OK);
	assert_int_equal(attend(&scene, &attempt).status, ST_SAME);
	snprintf(attempt.session, sizeof attempt.session, "0000000000");
	assert_int_equal(undo(&scene, &attempt).status, ST_RUN_UNKNOWN);
	scene_close(&scene);
}

static struct verdict
check_out(struct scene *scene, const struct attempt *attempt)
{
	struct verdict verdict;

	assert_int_equal(store_check_out(scene->store, attempt, &verdict), ST_OK);
	return verdict;
}

static void
people_check_out_where_that_is_offered(void **state)
{
	struct attempt attempt = attempt_of("Ada", "phone-1");
	struct scene scene;
	struct verdict verdict;
	struct run *run;

	(void)state;
	scene_open(&scene);
	run = &scene.runs[OPEN];
	snprintf(attempt.session, sizeof attempt.session, "%s", run->session);
	assert_int_equal(check_out(&scene, &attempt).status, ST_NOT_IN);
	assert_int_equal(attend(&scene, &attempt).status, ST_OK);
	assert_int_equal(check_out(&scene, &attempt).status, ST_NO_CHECK_OUT);
	set_rule(&scene, run, "has_check_out", "yes");
	attempt.now += 3600;
	verdict = check_out(&scene, &attempt);
	assert_int_equal(verdict.status, ST_LEFT);
	assert_int_equal(verdict.left_at, attempt.now);
	assert_int_equal(verdict.since, SCRATCH_NOW);
	assert_says(&verdict, attempt.now, "You checked out at 19:20, Ada. Goodbye!");
	attempt.now += 60;
	assert_int_equal(check_out(&scene, &attempt).left_at, attempt.now - 60);	/* once */
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM event WHERE kind = 'check-out'"), 1);
	/* who left came */
	assert_int_equal(scratch_number(scene.store,
	    "SELECT present FROM run_count WHERE present > 0"), 1);
	/* Nobody leaves the day after. */
	attempt = attempt_of("Bob", "phone-2");
	snprintf(attempt.session, sizeof attempt.session, "%s", run->session);
	assert_int_equal(attend(&scene, &attempt).status, ST_OK);
	attempt.now += 86400;
	assert_int_equal(check_out(&scene, &attempt).status, ST_CLOSED);
	scene_close(&scene);
}

/* ---- receipts and codes for one person ---- */

static struct verdict
scan(struct scene *scene, const struct attempt *attempt)
{
	struct verdict verdict;

	assert_int_equal(store_scan(scene->store, attempt, &verdict), ST_OK);
	return verdict;
}

static void
a_receipt_keeps_the_time_of_the_scan(void **state)
{
	struct attempt attempt = attempt_of("", "phone-1"), typed = attempt_of("Ada", "phone-1");
	struct scene scene;
	struct verdict verdict;
	struct run *run;

	(void)state;
	scene_open(&scene);
	run = &scene.runs[OPEN];
	give_slot(&attempt, run, 0, false, 0);
	verdict = scan(&scene, &attempt);
	assert_int_equal(verdict.status, ST_OK);
	assert_int_equal(verdict.receipt_until, SCRATCH_NOW + RECEIPT_LIFE_S);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM event"), 0);
	/* Ten minutes of typing later the code is long gone; the receipt is not. */
	typed.now += 600;
	memcpy(typed.receipt, verdict.receipt, sizeof verdict.receipt);
	memcpy(typed.code, attempt.code, sizeof typed.code);
	verdict = attend(&scene, &typed);
	assert_int_equal(verdict.status, ST_OK);
	assert_int_equal(verdict.since, SCRATCH_NOW);
	assert_int_equal(verdict.proof, PROOF_SCREEN);
	assert_false(verdict.is_delivered_late);
	/* Once per person, and the phone that scans again is told so at once. */
	assert_int_equal(attend(&scene, &typed).status, ST_SAME);
	typed.claim[0] = '\0';
	assert_int_equal(attend(&scene, &typed).status, ST_ALREADY);
	verdict = scan(&scene, &attempt);
	assert_int_equal(verdict.status, ST_SAME);
	assert_string_equal(verdict.name, "Ada");
	assert_int_equal(strlen(verdict.receipt), RECEIPT_SIZE - 1);
	/* A scan in the last second of the window serves after it. */
	attempt.now = typed.now = SCRATCH_NOW + 100 * 60;
	give_slot(&attempt, run, 0, false, 0);
	verdict = scan(&scene, &attempt);
	assert_string_equal(run_state_name(RUN_OPEN), "open");
	assert_int_equal(verdict.window.closes, attempt.now);
	typed.now += 300;
	memcpy(typed.receipt, verdict.receipt, sizeof verdict.receipt);
	snprintf(typed.name, sizeof typed.name, "Bob");
	assert_int_equal(attend(&scene, &typed).status, ST_OK);
	scene_close(&scene);
}

static void
a_code_for_one_person_serves_one(void **state)
{
	struct attempt attempt = attempt_of("Ada", ""), other = attempt_of("Bob", ""), typed;
	struct scene scene;
	struct verdict verdict;
	struct run *run;

	(void)state;
	scene_open(&scene);
	run = &scene.runs[OPEN];
	set_rule(&scene, run, "is_single", "yes");
	assert_int_equal(run->serial, 1);
	give_token(&attempt, run, CODE_SINGLE, 1);
	give_token(&other, run, CODE_SINGLE, 1);
	snprintf(attempt.nonce, sizeof attempt.nonce, "scan-1");
	snprintf(other.nonce, sizeof other.nonce, "scan-2");
	/* The first scan uses it up, and the screen moves on at once. */
	verdict = scan(&scene, &attempt);
	assert_int_equal(verdict.status, ST_OK);
	reload(&scene, run);
	assert_int_equal(run->serial, 2);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT serial FROM private_run WHERE is_single"), 2);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM change WHERE kind = 'code'"), 1);
	assert_int_equal(scan(&scene, &other).status, ST_CODE_USED);
	assert_int_equal(attend(&scene, &other).status, ST_CODE_USED);
	/* The answer was lost: the same nonce gets its receipt again, and the time of the first. */
	typed = attempt;
	attempt.now += 5;
	assert_string_equal(scan(&scene, &attempt).receipt, verdict.receipt);
	memcpy(typed.receipt, verdict.receipt, sizeof verdict.receipt);
	typed.code[0] = '\0';
	assert_int_equal(attend(&scene, &typed).status, ST_OK);
	/* The receipt is for one person too. */
	snprintf(typed.nonce, sizeof typed.nonce, "another");
	snprintf(typed.name, sizeof typed.name, "Cy");
	assert_int_equal(attend(&scene, &typed).status, ST_CODE_USED);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM person WHERE name = 'Cy'"), 0);
	/* Whoever had it hears that they are in; and may use it again after an undo. */
	snprintf(attempt.claim, sizeof attempt.claim, "%s", "");
	snprintf(attempt.nonce, sizeof attempt.nonce, "later");
	assert_int_equal(attend(&scene, &attempt).status, ST_ALREADY);
	scratch_sql(scene.store,
	    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
	    "SELECT run_id, person_id, 'undo', status, since, since, proof FROM attendance");
	assert_int_equal(attend(&scene, &attempt).status, ST_OK);
	/* Without a scan the check-in itself uses it up; a name that is refused does not. */
	give_token(&other, run, CODE_SINGLE, 2);
	snprintf(other.name, sizeof other.name, "Ada");
	assert_int_equal(attend(&scene, &other).status, ST_ALREADY);
	snprintf(other.name, sizeof other.name, "Bob");
	assert_int_equal(attend(&scene, &other).status, ST_OK);
	reload(&scene, run);
	assert_int_equal(run->serial, 3);
	give_token(&other, run, CODE_SINGLE, 4);
	snprintf(other.nonce, sizeof other.nonce, "scan-4");
	snprintf(other.name, sizeof other.name, "Di");
	assert_int_equal(attend(&scene, &other).status, ST_CODE_AHEAD);
	scene_close(&scene);
}

/*
 * Whose phone it is that has a code for one person (BACK: took it back, OTHER: its person is in by
 * another), and what has become of the code (USED: by somebody else, OWN: by this phone or person).
 */
enum whose { NEW, IN, BACK, OTHER };
enum fate { FRESH, USED, OWN };

/*
 * What happened before: `next`, Ada's, who has code 1 and will send it, gets what she would send
 * now.
 */
static void
come_in(struct scene *scene, const struct run *run, enum whose whose, enum fate fate,
    struct attempt *next)
{
	struct attempt attempt = *next, bob = attempt_of("Bob", "phone-of-bob");

	if (fate == USED) {
		give_token(&bob, run, CODE_SINGLE, 1);
		assert_int_equal(attend(scene, &bob).status, ST_OK);
	}
	if (fate == OWN)
		snprintf(attempt.receipt, sizeof attempt.receipt, "%s",
		    scan(scene, &attempt).receipt);
	else
		snprintf(attempt.session, sizeof attempt.session, "%s", run->session);
	memcpy(next->receipt, attempt.receipt, sizeof next->receipt);
	if (whose == NEW)
		return;
	if (fate != OWN)
		attempt.code[0] = '\0';
	attempt.nonce[0] = '\0';
	assert_int_equal(attend(scene, &attempt).status, ST_OK);
	if (whose == BACK)
		assert_int_equal(undo(scene, &attempt).status, ST_UNDONE);
	if (whose != OTHER)
		return;
	snprintf(next->claim, sizeof next->claim, "phone-2");
	snprintf(next->nonce, sizeof next->nonce, "scan-2");
	next->receipt[0] = '\0';
}

/* A phone that is in hears so, whatever became of the code, and leaves a fresh one to others. */
static void
a_phone_that_is_in_uses_up_no_code(void **state)
{
	static const struct {
		enum whose whose;
		enum fate fate;
		enum status scan, attend;
		bool is_used_up;	/* by this */
	} cases[] = {
		{ NEW, FRESH, ST_OK, ST_OK, true },
		{ NEW, USED, ST_CODE_USED, ST_CODE_USED, false },
		{ NEW, OWN, ST_OK, ST_OK, false },
		{ IN, FRESH, ST_SAME, ST_SAME, false },
		{ IN, USED, ST_SAME, ST_SAME, false },
		{ IN, OWN, ST_SAME, ST_SAME, false },
		{ BACK, FRESH, ST_OK, ST_OK, true },
		{ BACK, USED, ST_CODE_USED, ST_CODE_USED, false },
		{ BACK, OWN, ST_OK, ST_OK, false },
		/* a scan has no name; and a used code does not tell who is in */
		{ OTHER, FRESH, ST_OK, ST_ALREADY, true },
		{ OTHER, USED, ST_CODE_USED, ST_CODE_USED, false },
		{ OTHER, OWN, ST_CODE_USED, ST_ALREADY, false },
	};
	struct attempt attempt;
	struct verdict verdict;
	struct scene scene;
	struct run *run;
	int64_t serial;
	size_t i;
	int scans;

	(void)state;
	for (i = 0; i < 2 * sizeof cases / sizeof cases[0]; i++) {
		scans = i % 2 == 0;
		scene_open(&scene);
		run = &scene.runs[OPEN];
		set_rule(&scene, run, "is_single", "yes");
		attempt = attempt_of("Ada", "phone-1");
		snprintf(attempt.nonce, sizeof attempt.nonce, "scan-1");
		give_token(&attempt, run, CODE_SINGLE, 1);
		come_in(&scene, run, cases[i / 2].whose, cases[i / 2].fate, &attempt);
		reload(&scene, run);
		serial = run->serial;
		if (scans)
			attempt.receipt[0] = '\0';
		else
			snprintf(attempt.nonce, sizeof attempt.nonce, "name-1");
		verdict = scans ? scan(&scene, &attempt) : attend(&scene, &attempt);
		if (verdict.status != (scans ? cases[i / 2].scan : cases[i / 2].attend))
			fail_msg("case %zu, %s: %s", i / 2, scans ? "scan" : "attend",
			    status_info(verdict.status)->code);
		/* a receipt of a code that is left to others would use it up */
		assert_int_equal(verdict.receipt[0] != '\0', scans && verdict.status == ST_OK);
		reload(&scene, run);
		assert_int_equal(run->serial > serial, cases[i / 2].is_used_up &&
		    verdict.status == ST_OK);
		scene_close(&scene);
	}
}

/* Who took a check-in back may correct the name, with the same code or the receipt of its scan. */
static void
after_an_undo_the_same_code_takes_the_right_name(void **state)
{
	struct attempt attempt, other;
	struct verdict verdict;
	struct scene scene;
	struct run *run;
	int scans;

	(void)state;
	for (scans = 0; scans < 2; scans++) {
		scene_open(&scene);
		run = &scene.runs[OPEN];
		set_rule(&scene, run, "is_single", "yes");
		attempt = attempt_of("Ada Lovelcae", "phone-1");
		other = attempt_of("Bob", "phone-2");
		give_token(&attempt, run, CODE_SINGLE, 1);
		give_token(&other, run, CODE_SINGLE, 1);
		if (scans)
			snprintf(attempt.receipt, sizeof attempt.receipt, "%s",
			    scan(&scene, &attempt).receipt);
		assert_int_equal(attend(&scene, &attempt).status, ST_OK);
		snprintf(attempt.name, sizeof attempt.name, "Ada Lovelace");
		assert_int_equal(undo(&scene, &attempt).status, ST_UNDONE);
		/* nobody else may, and a scan of its own does not take it from the phone */
		assert_int_equal(attend(&scene, &other).status, ST_CODE_USED);
		assert_int_equal(scan(&scene, &other).status, ST_CODE_USED);
		assert_int_equal(scan(&scene, &attempt).status, ST_OK);
		verdict = attend(&scene, &attempt);
		assert_int_equal(verdict.status, ST_OK);
		assert_string_equal(verdict.name, "Ada Lovelace");
		assert_int_equal(attend(&scene, &other).status, ST_CODE_USED);
		reload(&scene, run);
		assert_int_equal(run->present, 1);
		assert_int_equal(run->serial, 2);
		scene_close(&scene);
	}
}

static void
letters_serve_where_the_run_wants_them(void **state)
{
	struct attempt attempt = attempt_of("Ada", "");
	struct scene scene;
	struct run *run;

	(void)state;
	scene_open(&scene);
	run = &scene.runs[OPEN];
	set_rule(&scene, run, "typed", "letters");
	code_digits_make(run->key, attempt.now, attempt.code);
	assert_int_equal(attend(&scene, &attempt).status, ST_CODE_UNKNOWN);
	code_typed_make(CODE_LETTERS, run->key, attempt.now, attempt.code);
	for (size_t i = 0; attempt.code[i] != '\0'; i++)
		if (attempt.code[i] >= 'A')
			attempt.code[i] = (char)(attempt.code[i] + 32);
	assert_int_equal(attend(&scene, &attempt).status, ST_OK);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM attendance WHERE proof = 'digits'"), 1);
	scene_close(&scene);
}

/* ---- late ---- */

static void
late_is_who_comes_late(void **state)
{
	static const struct { const char *late_min; int64_t after_start_s;
	    enum attendance_status status; } cases[] = {
		{ "never", 3600, ATTENDANCE_PRESENT }, { "10", -60, ATTENDANCE_PRESENT },
		{ "10", 600, ATTENDANCE_PRESENT }, { "10", 601, ATTENDANCE_LATE },
		{ "0", 0, ATTENDANCE_PRESENT }, { "0", 1, ATTENDANCE_LATE },
	};
	struct scene scene;
	struct run *run;

	(void)state;
	scene_open(&scene);
	run = &scene.runs[OPEN];
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct attempt attempt = attempt_of("Ada", "");
		struct verdict verdict;

		assert_int_equal(store_begin(scene.store), ST_OK);
		set_rule(&scene, run, "late_min", cases[i].late_min);
		attempt.now = SCRATCH_NOW + 600 + cases[i].after_start_s;
		give_slot(&attempt, run, 0, false, 0);
		verdict = attend(&scene, &attempt);
		assert_int_equal(verdict.status, ST_OK);
		assert_int_equal(verdict.attendance, cases[i].status);
		store_rollback(scene.store);
	}
	scene_close(&scene);
}

static void
late_deliveries_come_as_they_were_seen(void **state)
{
	struct scene scene;
	struct verdict verdict;
	struct run *run;
	int64_t seen = SCRATCH_NOW + 900, closes = SCRATCH_NOW + 100 * 60;
	int i;

	(void)state;
	scene_open(&scene);
	run = &scene.runs[OPEN];
	set_rule(&scene, run, "late_min", "10");
	for (i = 0; i < 2; i++) {
		struct attempt attempt = attempt_of("Ada", "phone");

		give_slot(&attempt, run, SCRATCH_NOW - seen, true, 0);
		/* six hours after closing, and a second less */
		attempt.now = closes + 360 * 60 + 1 - i;
		verdict = attend(&scene, &attempt);
		assert_int_equal(verdict.status, i == 0 ? ST_SEEN_LATE : ST_OK);
	}
	assert_true(verdict.is_delivered_late);
	assert_int_equal(verdict.since, seen);
	/* seen five minutes after the start */
	assert_int_equal(verdict.attendance, ATTENDANCE_PRESENT);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM attendance WHERE is_delivered_late"), 1);
	assert_int_equal(scratch_number(scene.store, "SELECT received_at FROM event"),
	    closes + 360 * 60);
	scene_close(&scene);
}

/* A slot that had begun when check-in opened was seen while it was open. */
static void
the_slot_over_the_opening_counts(void **state)
{
	struct attempt attempt = attempt_of("Ada", "");
	struct scene scene;
	struct verdict verdict;
	struct run *run;
	int64_t opens = SCRATCH_NOW - 20 * 60;

	(void)state;
	scene_open(&scene);
	run = &scene.runs[OPEN];
	set_rule(&scene, run, "interval_s", "110");
	assert_true(opens % 110 != 0);
	give_slot(&attempt, run, attempt.now - opens, true, 0);
	verdict = attend(&scene, &attempt);
	assert_int_equal(verdict.status, ST_OK);
	assert_int_equal(verdict.since, opens);
	scene_close(&scene);
}

/* ---- positions ---- */

static void
positions_go_when_the_club_says(void **state)
{
	struct attempt attempt = attempt_of("Ada", "");
	struct scene scene;
	struct run *run;

	(void)state;
	scene_open(&scene);
	run = &scene.runs[OPEN];
	set_rule(&scene, run, "position", "noted");
	snprintf(attempt.session, sizeof attempt.session, "%s", run->session);
	attempt.has_position = true;
	attempt.point = (struct place_point)POINT;
	attempt.accuracy_m = 12;
	snprintf(attempt.address, sizeof attempt.address, "203.0.113.77");
	assert_int_equal(attend(&scene, &attempt).status, ST_OK);
	/* unless it says otherwise */
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM event_position"), 0);
	assert_int_equal(store_club_set(scene.store, "position_days", "7"), ST_OK);
	snprintf(attempt.name, sizeof attempt.name, "Bob");
	assert_int_equal(attend(&scene, &attempt).status, ST_OK);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM event_position WHERE latitude = 51.5 AND accuracy_m = 12"), 1);
	assert_int_equal(store_positions_prune(scene.store, SCRATCH_NOW + 7 * 86400), ST_OK);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM event_position"), 1);
	assert_int_equal(store_positions_prune(scene.store, SCRATCH_NOW + 7 * 86400 + 1), ST_OK);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM event_position"), 0);
	snprintf(attempt.name, sizeof attempt.name, "Cy");
	assert_int_equal(attend(&scene, &attempt).status, ST_OK);
	assert_int_equal(store_person_forget(scene.store, scratch_person(scene.store, "Cy")),
	    ST_OK);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM event_position"), 0);
	snprintf(attempt.name, sizeof attempt.name, "Di");
	assert_int_equal(attend(&scene, &attempt).status, ST_OK);
	assert_int_equal(store_club_set(scene.store, "position_days", "0"), ST_OK);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM event_position"), 0);
	scene_close(&scene);
}

/* ---- suggestions ---- */

static struct verdict
suggest(struct scene *scene, const struct attempt *attempt, char names[SUGGEST_MAX][NAME_SIZE],
    int *count)
{
	struct verdict verdict;

	assert_int_equal(store_suggest(scene->store, attempt, names, count, &verdict), ST_OK);
	return verdict;
}

static void
names_are_suggested_to_who_is_there(void **state)
{
	static const char *const listed[] = { "Grace Hopper", "Graça Fernandes", "Gracie Allen",
	    "Zoë Gräcke", "Anne-Grace O'Gracely", "王小明", "Zz Top" };
	static const struct { const char *typed; int count; enum status status; } cases[] = {
		{ "gr", 0, ST_PREFIX_SHORT }, { "", 0, ST_PREFIX_SHORT },
		{ "  g r", 0, ST_PREFIX_SHORT }, { "...", 0, ST_PREFIX_SHORT },
		{ "\x01", 0, ST_PREFIX_SHORT },
		{ "gra", 4, ST_OK }, { "GRAC", 3, ST_OK }, { "gra\xcc\x88", 1, ST_OK },
		{ "grace h", 1, ST_OK }, { "hop", 1, ST_OK }, { "opp", 0, ST_OK },
		{ "gracel", 1, ST_OK }, { "王小明", 1, ST_OK }, { "%%%gra", 0, ST_OK },
		{ "nobody", 0, ST_OK },
	};
	char names[SUGGEST_MAX][NAME_SIZE], name[32];
	struct attempt attempt = attempt_of("", "");
	struct scene scene;
	int count;
	bool is_new;

	(void)state;
	scene_open(&scene);
	for (size_t i = 0; i < sizeof listed / sizeof listed[0]; i++)
		assert_int_equal(store_list_add(scene.store, scene.list.group_id,
		    scratch_person(scene.store, listed[i]), SCRATCH_NOW, &is_new), ST_OK);
	scratch_person(scene.store, "Grace Elsewhere");
	give_slot(&attempt, &scene.list, 0, false, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(attempt.name, sizeof attempt.name, "%s", cases[i].typed);
		if (suggest(&scene, &attempt, names, &count).status != cases[i].status ||
		    count != cases[i].count)
			fail_msg("“%s”: %d names", cases[i].typed, count);
	}
	/* Five at most, however many there are. */
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof name, "Runner %c", 'A' + i);
		assert_int_equal(store_list_add(scene.store, scene.list.group_id,
		    scratch_person(scene.store, name), SCRATCH_NOW, &is_new), ST_OK);
	}
	snprintf(attempt.name, sizeof attempt.name, "run");
	assert_int_equal(suggest(&scene, &attempt, names, &count).status, ST_OK);
	assert_int_equal(count, SUGGEST_MAX);
	assert_string_equal(names[0], "Runner A");
	/* Not for who has the address alone, an old code, or none; nobody of an open group. */
	attempt.now += 120;
	assert_int_equal(suggest(&scene, &attempt, names, &count).status, ST_CODE_EXPIRED);
	attempt.code[0] = '\0';
	snprintf(attempt.session, sizeof attempt.session, "%s", scene.list.session);
	assert_int_equal(suggest(&scene, &attempt, names, &count).status, ST_CODE_MISSING);
	assert_int_equal(count, 0);
	give_receipt(&attempt, &scene.list, CODE_SCREEN, 1, 10);
	assert_int_equal(suggest(&scene, &attempt, names, &count).status, ST_OK);
	assert_int_equal(count, SUGGEST_MAX);
	attempt.session[0] = attempt.receipt[0] = '\0';
	give_slot(&attempt, &scene.runs[OPEN], 0, false, 0);
	assert_int_equal(suggest(&scene, &attempt, names, &count).status, ST_OK);
	assert_int_equal(count, 0);
	scene_close(&scene);
}

/* ---- names of every kind ---- */

/* Up to eight characters of scripts, marks, ligatures, widths and blanks, as bytes. */
static void
random_name(uint64_t *seed, char *name)
{
	static const utf8proc_int32_t points[] = { 'a', 'A', 'b', ' ', ' ', 0xe9, 'e', 0x301, 0xdf,
	's', 'S', 0x130, 'i', 0x131, 0x3a3, 0x3c3, 0x3c2, 0xfb01, 'f',
		0x200d, 0x200b, 0xff21, 0x1e9e, 0x345, 0x3b9, 0x212b, 0xc5, 0x30a, 0x5d0, 0x627,
		0x4e2d, 0xac00, 0x1100, 0x1161, 0x1f600, 0xa0, 0x3000, '-', '\'' };
	size_t length = 0, count = 1 + next_random(seed) % 8;

	while (count-- > 0)
		length += (size_t)utf8proc_encode_char(
		    points[next_random(seed) % (sizeof points / sizeof points[0])],
		    (utf8proc_uint8_t *)name + length);
	name[length] = '\0';
}

/*
 * Names that fold alike are one person, whatever bytes they come in; others are others; what is no
 * name enters nobody.
 */
static void
names_that_fold_alike_are_one_person(void **state)
{
	uint64_t seed = UINT64_C(0x5EED0FC0DE);
	struct scene scene;
	int taken = 0, refused = 0, already = 0;

	(void)state;
	scene_open(&scene);
	assert_int_equal(store_begin(scene.store), ST_OK);
	for (int i = 0; i < 3000; i++) {
		char tidy[NAME_SIZE], folded[NAME_FOLD_SIZE], sql[NAME_FOLD_SIZE + 128];
		struct attempt attempt = attempt_of("", "");
		struct verdict verdict;
		struct rows *rows;
		bool is_name, is_known;

		random_name(&seed, attempt.name);
		snprintf(attempt.session, sizeof attempt.session, "%s", scene.runs[OPEN].session);
		is_name = name_tidy(attempt.name, strlen(attempt.name), tidy) == ST_OK &&
		    name_fold(tidy, folded) == ST_OK;
		snprintf(sql, sizeof sql, "SELECT 1 FROM person WHERE folded = :folded");
		assert_int_equal(driver_prepare(store_driver(scene.store), sql, NULL, &rows),
		    ST_OK);
		rows_bind_text(rows, "folded", is_name ? folded : "");
		is_known = rows_step(rows) == ST_OK;
		rows_free(rows);
		verdict = attend(&scene, &attempt);
		assert_int_equal(verdict.status,
		    !is_name ? ST_NAME_BAD : is_known ? ST_ALREADY : ST_OK);
		refused += !is_name;
		already += verdict.status == ST_ALREADY;
		if (verdict.status != ST_OK)
			continue;
		taken++;
		/* In other letters, forms and spaces it is the same one. */
		for (int form = 0; form < 2; form++) {
			utf8proc_uint8_t *other = form == 0
			    ? utf8proc_NFD((const utf8proc_uint8_t *)tidy)
			    : utf8proc_NFC((const utf8proc_uint8_t *)tidy);

			assert_non_null(other);
			snprintf(attempt.name, sizeof attempt.name, "  %s ", (const char *)other);
			assert_int_equal(attend(&scene, &attempt).status, ST_ALREADY);
			free(other);
		}
		assert_true(strlen(folded) < sizeof attempt.name);
		memcpy(attempt.name, folded, strlen(folded) + 1);
		verdict = attend(&scene, &attempt);
		assert_int_equal(verdict.status, ST_ALREADY);
		assert_string_equal(verdict.name, tidy);	/* as it was typed first */
	}
	assert_true(taken > 500 && refused > 10 && already > 50);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT present FROM run_count WHERE present > 0"), taken);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT max(ordinal) - count(*) FROM attendance"), 0);
	assert_int_equal(store_commit(scene.store), ST_OK);
	scene_close(&scene);
}

/* ---- eight displays ---- */

/*
 * Eight displays with clocks up to a minute off show what the server's time says. Whoever scans one
 * at any second of three slots, and is as slow as an interval and the grace, is in; with a receipt
 * as slow as a quarter of an hour.
 */
static void
no_good_scan_is_refused(void **state)
{
	struct scene scene;
	struct run *run;
	int refused = 0, scans = 0;

	(void)state;
	scene_open(&scene);
	run = &scene.runs[OPEN];
	assert_int_equal(store_begin(scene.store), ST_OK);
	for (int64_t now = SCRATCH_NOW; now < SCRATCH_NOW + 75; now++)
		for (int display = 0; display < 8; display++, scans++) {
			struct attempt attempt = { .now = now };
			int64_t travel = (scans * 7) % (run->rules.interval_s + SLOT_GRACE_S + 1);
			struct verdict verdict;

			snprintf(attempt.name, sizeof attempt.name, "Runner %d", scans);
			give_slot(&attempt, run, 0, false, 0);
			attempt.now = now + travel;
			if (scans % 2 == 0) {
				verdict = scan(&scene, &attempt);
				memcpy(attempt.receipt, verdict.receipt, sizeof verdict.receipt);
				attempt.now += (scans * 11) % RECEIPT_LIFE_S;
			}
			verdict = attend(&scene, &attempt);
			refused += verdict.status != ST_OK;
		}
	assert_int_equal(refused, 0);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT present FROM run_count WHERE present > 0"), scans);
	store_rollback(scene.store);
	scene_close(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_phone_gets_its_own_answer_again),
		cmocka_unit_test(a_phone_takes_its_check_in_back_for_a_minute),
		cmocka_unit_test(people_check_out_where_that_is_offered),
		cmocka_unit_test(a_receipt_keeps_the_time_of_the_scan),
		cmocka_unit_test(a_code_for_one_person_serves_one),
		cmocka_unit_test(a_phone_that_is_in_uses_up_no_code),
		cmocka_unit_test(after_an_undo_the_same_code_takes_the_right_name),
		cmocka_unit_test(letters_serve_where_the_run_wants_them),
		cmocka_unit_test(late_is_who_comes_late),
		cmocka_unit_test(late_deliveries_come_as_they_were_seen),
		cmocka_unit_test(the_slot_over_the_opening_counts),
		cmocka_unit_test(positions_go_when_the_club_says),
		cmocka_unit_test(names_are_suggested_to_who_is_there),
		cmocka_unit_test(names_that_fold_alike_are_one_person),
		cmocka_unit_test(no_good_scan_is_refused),
	};

	if (code_init() != ST_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
