// SPDX-License-Identifier: ISC
/*
 * test_verdict.c: every verdict on a check-in: all combinations of the run's state, code and its
 * age, phone, name and proof, each with its stable code and a sentence.
 */
#include "tests/unit/checkin.h"

/* ---- the table ---- */

enum kind {
	SLOT, SLOT_BEFORE, SLOT_GRACE, SLOT_STALE, SLOT_AHEAD, SLOT_FORGED, SLOT_OTHERS, SEEN_FRESH,
	SEEN_STALE, SEEN_AT_OPENING, SEEN_BEFORE_OPENING, SEEN_SHIFTED, SEEN_WITHOUT_SLOT, PRINTED,
	PRINTED_OVER, SERIAL_UNASKED, TYPED, TYPED_BEFORE, TYPED_STALE, SESSION, SESSION_UNKNOWN,
	RECEIPT, RECEIPT_OLD, RECEIPT_FORGED, RECEIPT_OLD_BUT_SLOT, RECEIPT_OF_ANOTHER,
	CODE_OF_ANOTHER, NOTHING, JUNK, KIND_END
};

#define SAME_AT_ALL(status) { status, status, status, status, status }

/* What a code of each kind and age brings at a run of each state. */
static const struct { const char *what; enum status at[AT_END]; } table[KIND_END] = {
	[SLOT] = { "the code shown now",
	    { ST_OK, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CODE_EXPIRED } },
	[SLOT_BEFORE] = { "the code before it",
	    { ST_OK, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CODE_EXPIRED } },
	[SLOT_GRACE] = { "the one before, in the last second of its grace",
	    { ST_OK, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CODE_EXPIRED } },
	[SLOT_STALE] = { "a code two minutes old",
	    { ST_CODE_EXPIRED, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CODE_EXPIRED } },
	[SLOT_AHEAD] = { "a code of the next minute",
	    { ST_CODE_AHEAD, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CODE_EXPIRED } },
	[SLOT_FORGED] = { "a forged code", SAME_AT_ALL(ST_CODE_UNKNOWN) },
	[SLOT_OTHERS] = { "a code with the key of another run", SAME_AT_ALL(ST_CODE_UNKNOWN) },
	[SEEN_FRESH] = { "the code shown now, said to be late",
	    { ST_OK, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CODE_EXPIRED } },
	[SEEN_STALE] = { "a code of five minutes ago, delivered late",
	    { ST_OK, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CODE_EXPIRED } },
	[SEEN_AT_OPENING] = { "a code of a minute after opening, delivered late",
	    { ST_OK, ST_NOT_OPEN, ST_SEEN_LATE, ST_CANCELLED, ST_SEEN_LATE } },
	[SEEN_BEFORE_OPENING] = { "a code of a minute before opening, delivered late",
	    { ST_NOT_OPEN, ST_NOT_OPEN, ST_NOT_OPEN, ST_CANCELLED, ST_NOT_OPEN } },
	[SEEN_SHIFTED] = { "a code with another slot than its own", SAME_AT_ALL(ST_SEEN_WRONG) },
	[SEEN_WITHOUT_SLOT] = { "a printed code, delivered late", SAME_AT_ALL(ST_SEEN_WRONG) },
	[PRINTED] = { "a printed code",
	    { ST_OK, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CODE_EXPIRED } },
	[PRINTED_OVER] = { "a printed code whose time is over",
	    { ST_CODE_EXPIRED, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CODE_EXPIRED } },
	[SERIAL_UNASKED] = { "a code for one person, of a run that has none",
	    { ST_CODE_EXPIRED, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CODE_EXPIRED } },
	/* Typed codes are looked for at open runs alone. */
	[TYPED] = { "the digits shown now",
	    { ST_OK, ST_CODE_UNKNOWN, ST_CODE_UNKNOWN, ST_CODE_UNKNOWN, ST_CODE_UNKNOWN } },
	[TYPED_BEFORE] = { "the digits before them",
	    { ST_OK, ST_CODE_UNKNOWN, ST_CODE_UNKNOWN, ST_CODE_UNKNOWN, ST_CODE_UNKNOWN } },
	[TYPED_STALE] = { "digits two minutes old", SAME_AT_ALL(ST_CODE_UNKNOWN) },
	[SESSION] = { "the session id",
	    { ST_OK, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CLOSED } },
	[SESSION_UNKNOWN] = { "an unknown session id", SAME_AT_ALL(ST_RUN_UNKNOWN) },
	[RECEIPT] = { "a receipt",
	    { ST_OK, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CODE_EXPIRED } },
	[RECEIPT_OLD] = { "a receipt that is too old",
	    { ST_RECEIPT_EXPIRED, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CODE_EXPIRED } },
	[RECEIPT_FORGED] = { "a forged receipt", SAME_AT_ALL(ST_RECEIPT_UNKNOWN) },
	[RECEIPT_OLD_BUT_SLOT] = { "a receipt that is too old, and a fresh code",
	    { ST_OK, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CODE_EXPIRED } },
	[RECEIPT_OF_ANOTHER] = { "a receipt of another run than the session id",
	    SAME_AT_ALL(ST_CODE_OTHER) },
	[CODE_OF_ANOTHER] = { "a code of another run than the session id",
	    SAME_AT_ALL(ST_CODE_OTHER) },
	[NOTHING] = { "nothing", SAME_AT_ALL(ST_CODE_MISSING) },
	[JUNK] = { "junk", SAME_AT_ALL(ST_CODE_UNKNOWN) },
};

static void
forge(char *text)
{
	text[20] = text[20] == 'A' ? 'B' : 'A';
}

/* Codes of the screen. */
static void
give_screen(const struct scene *scene, enum kind kind, const struct run *run,
    struct attempt *attempt)
{
	struct run_time time = run_time_of(run);
	struct run_window window;
	struct run imposter = *run;
	int64_t now = attempt->now;

	assert_int_equal(run_window(&time, &window), ST_OK);
	memcpy(imposter.key, scene->list.key, sizeof imposter.key);
	/*
	 * SCRATCH_NOW is the first second of a slot: the one before the last was fresh until 54 s
	 * after it began.
	 */
	give_slot(attempt, kind == SLOT_OTHERS ? &imposter : run,
	    kind == SLOT || kind == SEEN_FRESH || kind == SLOT_FORGED || kind == SLOT_OTHERS ? 0
	    : kind == SLOT_BEFORE ? 25 : kind == SLOT_GRACE ? 50 : kind == SLOT_AHEAD ? -60
	    : kind == SEEN_STALE ? 300
	    : kind == SEEN_AT_OPENING ? now - window.opens - 60 : kind == SEEN_BEFORE_OPENING
	    ? now - window.opens + 60 : 120, kind >= SEEN_FRESH && kind <= SEEN_SHIFTED,
	    kind == SEEN_SHIFTED);
	if (kind == SLOT_FORGED)
		forge(attempt->code);
}

/* Receipts. */
static void
give_scanned(const struct scene *scene, enum kind kind, const struct run *run,
    struct attempt *attempt)
{
	give_receipt(attempt, run, CODE_SCREEN, slot_at(attempt->now, 25),
	    kind == RECEIPT_OLD || kind == RECEIPT_OLD_BUT_SLOT ? RECEIPT_LIFE_S + 1 : 60);
	if (kind == RECEIPT_FORGED)
		forge(attempt->receipt);
	if (kind == RECEIPT_OLD_BUT_SLOT)
		give_slot(attempt, run, 0, false, 0);
	if (kind == RECEIPT_OF_ANOTHER)
		snprintf(attempt->session, sizeof attempt->session, "%s", scene->list.session);
}

/* What somebody with that kind of code of `run` sends. */
static void
give(const struct scene *scene, enum kind kind, const struct run *run, struct attempt *attempt)
{
	if (kind <= SEEN_SHIFTED) {
		give_screen(scene, kind, run, attempt);
	} else if (kind >= RECEIPT && kind <= RECEIPT_OF_ANOTHER) {
		give_scanned(scene, kind, run, attempt);
	} else if (kind == PRINTED || kind == PRINTED_OVER || kind == SEEN_WITHOUT_SLOT) {
		give_token(attempt, run, CODE_PRINTED,
		    attempt->now + (kind == PRINTED_OVER ? -60 : 3600));
		attempt->has_seen_at = kind == SEEN_WITHOUT_SLOT;
	} else if (kind == SERIAL_UNASKED) {
		give_token(attempt, run, CODE_SINGLE, 1);
	} else if (kind == TYPED || kind == TYPED_BEFORE || kind == TYPED_STALE) {
		code_digits_make(run->key, attempt->now - (kind - TYPED) * CODE_STEP_S,
		    attempt->code);
	} else if (kind == SESSION || kind == SESSION_UNKNOWN) {
		snprintf(attempt->session, sizeof attempt->session, "%s",
		    kind == SESSION ? run->session : "0000000000");
	} else if (kind == CODE_OF_ANOTHER) {
		give_slot(attempt, run, 0, false, 0);
		snprintf(attempt->session, sizeof attempt->session, "%s", scene->list.session);
	} else if (kind == JUNK) {
		snprintf(attempt->code, sizeof attempt->code, "'; DROP TABLE event; --");
	}
}

enum phone_case { NO_PHONE, NEW_PHONE, SAME_PHONE, PHONE_END };
enum name_case { NEW_NAME, TAKEN_NAME, BAD_NAME, NAME_END };
enum proof_case { NOT_ASKED, HERE, PENDING, REFUSED, PROOF_CASE_END };

static const char *const phone_names[PHONE_END] = { "no phone", "a new phone", "the same phone" };
static const char *const name_names[NAME_END] = { "a new name", "a name that is in", "a bad name" };
static const char *const proof_names[PROOF_CASE_END] = { "no proof asked", "a proof given",
    "a proof pending", "a proof refused" };

/*
 * The verdict that the rules ask for: the code, then the phone, the name, the proof, and who is in.
 */
static enum status
expect(enum kind kind, enum at at, enum phone_case phone, enum name_case name,
    enum proof_case proof)
{
	if (table[kind].at[at] != ST_OK)
		return table[kind].at[at];
	if (phone == SAME_PHONE)
		return ST_SAME;
	if (name == BAD_NAME)
		return ST_NAME_BAD;
	if (proof == REFUSED)
		return ST_PLACE_MISSING;
	if (name == TAKEN_NAME)
		return ST_ALREADY;
	return proof == PENDING ? ST_PENDING : ST_OK;
}

/* One cell of the table; what it enters is taken back. */
static void
walk(struct scene *scene, enum kind kind, enum at at, enum phone_case phone, enum name_case name,
    enum proof_case proof)
{
	static const char *const names[NAME_END] = { "Ada Lovelace", "TAKEN name", "\x01" };
	static const char *const claims[PHONE_END] = { "", "phone-2", "phone-1" };
	struct attempt attempt = attempt_of(names[name], claims[phone]);
	enum status expected = expect(kind, at, phone, name, proof);
	int64_t events = scratch_number(scene->store, "SELECT count(*) FROM event");
	struct verdict verdict;
	bool is_entered = expected == ST_OK || expected == ST_PENDING;

	give(scene, kind, &scene->runs[at], &attempt);
	if (proof == HERE) {
		attempt.has_position = true;
		attempt.point = (struct place_point)POINT;
	}
	verdict = attend(scene, &attempt);
	if (verdict.status != expected)
		fail_msg("%s, run %d, %s, %s, %s: %s, not %s", table[kind].what, (int)at,
		    phone_names[phone], name_names[name], proof_names[proof],
		    status_info(verdict.status)->code, status_info(expected)->code);
	assert_int_equal(scratch_number(scene->store, "SELECT count(*) FROM event"),
	    events + is_entered);
	if (verdict.status == ST_CODE_UNKNOWN || verdict.status == ST_RECEIPT_UNKNOWN)
		assert_int_equal(verdict.run.id, 0);	/* who forges learns nothing */
	if (is_entered) {
		assert_int_equal(verdict.proof,
		    kind == SESSION ? PROOF_SESSION : proof == HERE ? PROOF_PLACE : kind == PRINTED
		    ? PROOF_PRINTED
		    : kind == TYPED || kind == TYPED_BEFORE ? PROOF_DIGITS : PROOF_SCREEN);
		assert_int_equal(verdict.is_delivered_late,
		    kind == SEEN_STALE || kind == SEEN_AT_OPENING);
	}
	/*
	 * Never a dead end: what the code or the time refuses leads to a run that is open, of its
	 * group if there is one, and not the run itself.
	 */
	if (table[kind].at[at] != ST_OK)
		assert_int_equal(verdict.open.id,
		    at == OPEN || verdict.run.id == 0 ? scene->list.id : scene->runs[OPEN].id);
	else
		assert_int_equal(verdict.open.id, 0);
}

static void
everything_meets_everything(void **state)
{
	struct scene scene;
	int cells = 0;

	(void)state;
	scene_open(&scene);
	for (int proof = 0; proof < PROOF_CASE_END; proof++)
		for (int at = 0; at < AT_END; at++) {
			struct attempt taken = attempt_of("Taken Name", "phone-1");

			assert_int_equal(store_begin(scene.store), ST_OK);
			snprintf(taken.session, sizeof taken.session, "%s",
			    scene.runs[OPEN].session);
			assert_int_equal(attend(&scene, &taken).status, ST_OK);
			set_rule(&scene, &scene.runs[at],
			    "position", proof == NOT_ASKED ? "ignored" : proof == REFUSED
			    ? "refused" : "pending");
			for (int kind = 0; kind < KIND_END; kind++)
				for (int phone = 0; phone < PHONE_END; phone++)
					for (int name = 0; name < NAME_END; name++, cells++) {
						scratch_sql(scene.store, "SAVEPOINT cell");
						walk(&scene, (enum kind)kind, (enum at)at,
						    (enum phone_case)phone, (enum name_case)name,
						    (enum proof_case)proof);
						scratch_sql(scene.store,
						    "ROLLBACK TO cell; RELEASE cell");
					}
			store_rollback(scene.store);
		}
	assert_int_equal(cells, PROOF_CASE_END * AT_END * KIND_END * PHONE_END * NAME_END);
	scene_close(&scene);
}

/* ---- what is asked for at the place ---- */

static void
each_proof_is_weighed_as_the_run_asks(void **state)
{
	static const struct {
		const char *rule, *demand;
		struct place_point point;
		double accuracy_m;		/* below 0: no position */
		const char *address, *access_point;
		enum status status;
		const char *pending;
		enum proof proof;
	} cases[] = {
		{ "position", "ignored", POINT, 5, HOME, "00:00:5e:00:53:01", ST_OK, "",
		    PROOF_SCREEN },
		{ "position", "noted", POINT, 5, "", "", ST_OK, "", PROOF_PLACE },
		{ "position", "noted", { 52, 0 }, 5, "", "", ST_OK, "", PROOF_SCREEN },
		{ "position", "noted", POINT, -1, "", "", ST_OK, "", PROOF_SCREEN },
		{ "position", "pending", POINT, 5, "", "", ST_OK, "", PROOF_PLACE },
		{ "position", "pending", POINT, -1, "", "", ST_PENDING, "position", PROOF_SCREEN },
		{ "position", "pending", { 52, 0 }, 5, "", "", ST_PENDING,
		    "position", PROOF_SCREEN },
		{ "position", "pending", POINT, 5000, "", "", ST_PENDING,
		    "position", PROOF_SCREEN },
		{ "position", "refused", POINT, 5, "", "", ST_OK, "", PROOF_PLACE },
		{ "position", "refused", POINT, -1, "", "", ST_PLACE_MISSING, "", PROOF_SCREEN },
		{ "position", "refused", POINT, 5000, "", "", ST_PLACE_MISSING, "", PROOF_SCREEN },
		{ "position", "refused", { 52, 0 }, 5, "", "", ST_PLACE_OTHER, "", PROOF_SCREEN },
		{ "network", "noted", POINT, -1, HOME, "", ST_OK, "", PROOF_PLACE },
		{ "network", "noted", POINT, -1, "203.0.113.1", "", ST_OK, "", PROOF_SCREEN },
		{ "network", "pending", POINT, -1, "2001:db8:1::9", "", ST_OK, "", PROOF_PLACE },
		{ "network", "pending", POINT, -1, "", "", ST_PENDING, "network", PROOF_SCREEN },
		{ "network", "refused", POINT, -1, HOME, "", ST_OK, "", PROOF_PLACE },
		{ "network", "refused", POINT, 5, "203.0.113.1", "", ST_NETWORK_OTHER, "",
		    PROOF_SCREEN },
		{ "access_point", "noted", POINT, -1, "", "00:00:5e:00:53:01", ST_OK, "",
		    PROOF_PLACE },
		{ "access_point", "pending", POINT, -1, "", "00:00:5e:00:53:02", ST_PENDING,
		    "access-point", PROOF_SCREEN },
		{ "access_point", "pending", POINT, -1, "", "00:00:5e:00:53:01", ST_OK, "",
		    PROOF_PLACE },
		{ "access_point", "refused", POINT, -1, "", "", ST_ACCESS_POINT_OTHER, "",
		    PROOF_SCREEN },
		{ "access_point", "refused", POINT, -1, "", "00:00:5e:00:53:01", ST_OK, "",
		    PROOF_PLACE },
	};
	struct scene scene;
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct attempt attempt = attempt_of("Ada", "");
		struct run run = scene.runs[OPEN];
		struct verdict verdict;

		assert_int_equal(store_begin(scene.store), ST_OK);
		set_rule(&scene, &run, cases[i].rule, cases[i].demand);
		give_slot(&attempt, &run, 0, false, 0);
		attempt.has_position = cases[i].accuracy_m >= 0;
		attempt.point = cases[i].point;
		attempt.accuracy_m = cases[i].accuracy_m;
		snprintf(attempt.address, sizeof attempt.address, "%s", cases[i].address);
		snprintf(attempt.access_points[0], sizeof attempt.access_points[0], "%s",
		    cases[i].access_point);
		attempt.n_access_points = cases[i].access_point[0] != '\0';
		verdict = attend(&scene, &attempt);
		if (verdict.status != cases[i].status ||
		    strcmp(verdict.pending, cases[i].pending) != 0 ||
		    verdict.proof != cases[i].proof)
			fail_msg("case %d, %s %s: %s, “%s”, %s", (int)i, cases[i].rule,
			    cases[i].demand, status_info(verdict.status)->code, verdict.pending,
			    proof_name(verdict.proof));
		store_rollback(scene.store);
	}
	scene_close(&scene);
}

static void
what_a_place_does_not_have_cannot_be_asked_for(void **state)
{
	struct attempt attempt = attempt_of("Ada", "");
	struct scene scene;
	struct run *run;

	(void)state;
	scene_open(&scene);
	run = &scene.runs[OPEN];
	set_rule(&scene, run, "position", "refused");
	set_rule(&scene, run, "network", "refused");
	set_rule(&scene, run, "access_point", "pending");
	give_slot(&attempt, run, 0, false, 0);
	assert_int_equal(attend(&scene, &attempt).status, ST_PLACE_MISSING);
	scratch_sql(scene.store,
	    "UPDATE place SET latitude = NULL, longitude = NULL; DELETE FROM place_network; "
	    "DELETE FROM place_access_point");
	assert_int_equal(attend(&scene, &attempt).status, ST_OK);
	scene_close(&scene);
}

static void
a_host_settles_what_is_pending(void **state)
{
	struct attempt attempt = attempt_of("Ada", "phone");
	struct scene scene;
	struct verdict verdict;
	struct run *run;
	int64_t person, sequence;
	bool is_new;

	(void)state;
	scene_open(&scene);
	run = &scene.runs[OPEN];
	set_rule(&scene, run, "position", "pending");
	set_rule(&scene, run, "network", "pending");
	give_slot(&attempt, run, 0, false, 0);
	snprintf(attempt.nonce, sizeof attempt.nonce, "n1");
	verdict = attend(&scene, &attempt);
	assert_int_equal(verdict.status, ST_PENDING);
	assert_string_equal(verdict.pending, "position network");
	assert_says(&verdict, attempt.now,
	    "You are in, Ada: number 1 at Tuesday. The host will confirm it, because your "
	    "location and the network at the place could not be verified.");
	verdict = attend(&scene, &attempt);		/* the same answer */
	assert_int_equal(verdict.status, ST_PENDING);
	assert_true(verdict.is_repeat);
	assert_string_equal(verdict.pending, "position network");
	person = scratch_person(scene.store, "Ada");
	sequence = scratch_number(scene.store,
	    "SELECT max(event_id) FROM event_change WHERE kind = 'count'");
	assert_int_equal(store_mark(scene.store, run->id, person, ATTENDANCE_PRESENT,
	    "host", SCRATCH_NOW + 600, SCRATCH_NOW + 600, &is_new), ST_OK);
	assert_true(is_new);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM attendance WHERE pending = '' AND proof = 'host'"), 1);
	/* when they came */
	assert_int_equal(scratch_number(scene.store, "SELECT since FROM attendance"), SCRATCH_NOW);
	assert_true(scratch_number(scene.store,
	    "SELECT max(event_id) FROM event_change WHERE kind = 'count'") > sequence);
	assert_int_equal(store_mark(scene.store, run->id, person, ATTENDANCE_PRESENT,
	    "host", SCRATCH_NOW + 700, SCRATCH_NOW + 700, &is_new), ST_OK);
	assert_false(is_new);
	attempt.now += 30;
	assert_int_equal(store_undo(scene.store, &attempt, &verdict), ST_OK);
	assert_int_equal(verdict.status, ST_UNDO_LATE);		/* it is the host's now */
	scene_close(&scene);
}

/* What is refused says concretely which run it was about, and when. */
static void
refusals_are_concrete(void **state)
{
	static const struct { enum kind kind; enum at at; const char *says; } cases[] = {
		{ PRINTED, PAST, "This code was for Tuesday on Tuesday 17 November 2026 at 18:30 and is no "
		    "longer valid. Scan the one shown today." },
		{ SLOT_STALE, OPEN, "This code is no longer valid. Scan the one shown today." },
		{ PRINTED, SCHEDULED, "Check-in opens at 20:30." },
		{ PRINTED, CLOSED, "Check-in closed at 09:30. Ask the host to add you." },
		{ PRINTED, CANCELLED, "Tuesday is cancelled: Ice." },
		{ CODE_OF_ANOTHER, OPEN,
		    "This code is for Tuesday, not for the page you came from. Scan the code "
		    "shown where you are." },
		{ SEEN_AT_OPENING, PAST,
		    "This check-in was delivered too late. Nothing was counted; ask the host to "
		    "add you." },
	};
	struct scene scene;

	(void)state;
	scene_open(&scene);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct attempt attempt = attempt_of("Ada", "");
		struct verdict verdict;

		give(&scene, cases[i].kind, &scene.runs[cases[i].at], &attempt);
		verdict = attend(&scene, &attempt);
		assert_says(&verdict, attempt.now, cases[i].says);
	}
	scene_close(&scene);
}

/* 5,000 codes and 5,000 receipts with one character changed, and as many at random. */
static void
ten_thousand_guesses_find_nothing(void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	uint64_t seed = UINT64_C(0xBADC0DE);
	struct scene scene;

	(void)state;
	scene_open(&scene);
	assert_int_equal(store_begin(scene.store), ST_OK);
	for (int i = 0; i < 20000; i++) {
		struct attempt attempt = attempt_of("Mallory", "");
		struct verdict verdict;
		bool is_receipt = i % 4 >= 2;
		char *text = is_receipt ? attempt.receipt : attempt.code;
		size_t chars = is_receipt ? RECEIPT_SIZE - 1 : CODE_TOKEN_SIZE - 1, at;

		if (is_receipt)
			give_receipt(&attempt, &scene.runs[OPEN], CODE_SCREEN,
			    slot_at(attempt.now, 25), 1);
		else
			give_slot(&attempt, &scene.runs[OPEN], 0, false, 0);
		if (i % 2 == 0) {
			char before = text[at = next_random(&seed) % chars];

			while (text[at] == before)
				text[at] = alphabet[next_random(&seed) % 32];
		} else {
			for (at = 0; at < chars; at++)
				text[at] = alphabet[next_random(&seed) % 32];
		}
		assert_int_equal(store_attend(scene.store, &attempt, &verdict), ST_OK);
		if (verdict.status != (is_receipt ? ST_RECEIPT_UNKNOWN : ST_CODE_UNKNOWN))
			fail_msg("%s: %s", text, status_info(verdict.status)->code);
	}
	store_rollback(scene.store);
	scene_close(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_meets_everything),
		cmocka_unit_test(each_proof_is_weighed_as_the_run_asks),
		cmocka_unit_test(what_a_place_does_not_have_cannot_be_asked_for),
		cmocka_unit_test(a_host_settles_what_is_pending),
		cmocka_unit_test(refusals_are_concrete),
		cmocka_unit_test(ten_thousand_guesses_find_nothing),
	};

	if (code_init() != ST_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
