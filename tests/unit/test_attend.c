// SPDX-License-Identifier: ISC
/*
 * test_attend.c: the verdict on a check-in, by state of the run, kind of code, name and nonce;
 * check-ins of one batch see each other.
 */
#include "tests/unit/scratch.h"

#include "core/wall.h"

/* The runs of every case; today is SCRATCH_NOW, 18:20. */
struct scene {
	struct scratch	 scratch;
	struct store	*store;
	struct run	 open, scheduled, closed, cancelled, past, other;
};

/* Have `run` hold the row of a new run. */
static void
add_run(struct scene *scene, int64_t group_id, const char *date, const char *start, struct run *run)
{
	assert_int_equal(store_run(scene->store,
	    scratch_run(scene->store, group_id, date, start, ""), run), ST_OK);
}

static void
scene_open(struct scene *scene)
{
	int64_t group, closed;
	bool is_new;

	scratch_init(&scene->scratch);
	scene->store = scratch_store(&scene->scratch, "club.db");
	group = scratch_group(scene->store, "Tuesday");
	assert_int_equal(store_group_add(scene->store, "Committee", true, SCRATCH_NOW, &closed),
	    ST_OK);
	add_run(scene, group, "2026-11-20", "18:30", &scene->open);
	add_run(scene, group, "2026-11-20", "21:00", &scene->scheduled);
	add_run(scene, group, "2026-11-20", "08:00", &scene->closed);
	add_run(scene, group, "2026-11-20", "18:00", &scene->cancelled);
	assert_int_equal(store_run_cancel(scene->store, scene->cancelled.id, true,
	    "Ice", SCRATCH_NOW), ST_OK);
	add_run(scene, group, "2026-11-17", "18:30", &scene->past);
	/* open too, of the closed list */
	add_run(scene, closed, "2026-11-20", "18:30", &scene->other);
	assert_int_equal(store_list_add(scene->store, closed,
	    scratch_person(scene->store, "Grace Hopper"), SCRATCH_NOW, &is_new), ST_OK);
	scratch_person(scene->store, "Not Listed");
}

static void
scene_close(struct scene *scene)
{
	assert_int_equal(store_check(scene->store), ST_OK);
	store_close(scene->store);
	scratch_clear(&scene->scratch);
}

static void
make_token(const struct run *run, int64_t expires, char token[CODE_TOKEN_SIZE])
{
	struct code_content content = { .run_id = run->id, .kind = CODE_PRINTED,
	    .expires = expires };

	assert_int_equal(code_token_make(&content, run->key, token), ST_OK);
}

static struct verdict
attend(struct store *store, const char *code, const char *session, const char *name,
    const char *nonce, int64_t now)
{
	struct attempt attempt = { .now = now };
	struct verdict verdict;

	snprintf(attempt.code, sizeof attempt.code, "%s", code);
	snprintf(attempt.session, sizeof attempt.session, "%s", session);
	snprintf(attempt.name, sizeof attempt.name, "%s", name);
	snprintf(attempt.nonce, sizeof attempt.nonce, "%s", nonce);
	assert_int_equal(store_attend(store, &attempt, &verdict), ST_OK);
	return verdict;
}

/* ---- the table: what a code of each kind brings at a run of each state ---- */

enum kind { TOKEN, OVER_TOKEN, FORGED, OTHERS, DIGITS, OLD_DIGITS, LATE_DIGITS, SESSION,
    SESSION_AS_CODE, BAD_SESSION, NOTHING, JUNK, KIND_END };
enum at { OPEN, SCHEDULED, CLOSED, CANCELLED, PAST, AT_END };

static const char *const kind_names[KIND_END] = { "token", "token whose time is over",
    "forged token", "token with the key of another run",
	"digits", "digits of a minute ago", "digits of two minutes ago", "session",
	"session as code, lower case", "unknown session", "nothing", "junk" };
static const char *const at_names[AT_END] = { "open", "scheduled", "closed", "cancelled", "past" };

static const enum status expected[KIND_END][AT_END] = {
	[TOKEN] =		{ ST_OK, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CODE_EXPIRED },
	[OVER_TOKEN] =		{ ST_CODE_EXPIRED, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED,
	    ST_CODE_EXPIRED },
	[FORGED] =		{ ST_CODE_UNKNOWN, ST_CODE_UNKNOWN, ST_CODE_UNKNOWN,
	    ST_CODE_UNKNOWN, ST_CODE_UNKNOWN },
	[OTHERS] =		{ ST_CODE_UNKNOWN, ST_CODE_UNKNOWN, ST_CODE_UNKNOWN,
	    ST_CODE_UNKNOWN, ST_CODE_UNKNOWN },
	/* Digits are looked for at open runs alone. */
	[DIGITS] =		{ ST_OK, ST_CODE_UNKNOWN, ST_CODE_UNKNOWN, ST_CODE_UNKNOWN,
	    ST_CODE_UNKNOWN },
	[OLD_DIGITS] =		{ ST_OK, ST_CODE_UNKNOWN, ST_CODE_UNKNOWN, ST_CODE_UNKNOWN,
	    ST_CODE_UNKNOWN },
	[LATE_DIGITS] =		{ ST_CODE_UNKNOWN, ST_CODE_UNKNOWN, ST_CODE_UNKNOWN,
	    ST_CODE_UNKNOWN, ST_CODE_UNKNOWN },
	[SESSION] =		{ ST_OK, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CLOSED },
	[SESSION_AS_CODE] =	{ ST_OK, ST_NOT_OPEN, ST_CLOSED, ST_CANCELLED, ST_CLOSED },
	[BAD_SESSION] =		{ ST_RUN_UNKNOWN, ST_RUN_UNKNOWN, ST_RUN_UNKNOWN, ST_RUN_UNKNOWN,
	    ST_RUN_UNKNOWN },
	[NOTHING] =		{ ST_CODE_MISSING, ST_CODE_MISSING, ST_CODE_MISSING,
	    ST_CODE_MISSING, ST_CODE_MISSING },
	[JUNK] =		{ ST_CODE_UNKNOWN, ST_CODE_UNKNOWN, ST_CODE_UNKNOWN,
	    ST_CODE_UNKNOWN, ST_CODE_UNKNOWN },
};

/* What somebody with that kind of code of `run` sends. */
static void
make_code(const struct scene *scene, enum kind kind, const struct run *run, char code[64],
    char session[64])
{
	char token[CODE_TOKEN_SIZE] = "", digits[CODE_DIGITS_SIZE] = "";
	struct run imposter = *run;
	size_t i;

	code[0] = session[0] = '\0';
	switch (kind) {
	case TOKEN:
		make_token(run, SCRATCH_NOW + 3600, token);
		break;
	case OVER_TOKEN:
		make_token(run, SCRATCH_NOW - 60, token);
		break;
	case FORGED:
		make_token(run, SCRATCH_NOW + 3600, token);
		token[20] = token[20] == 'A' ? 'B' : 'A';
		break;
	case OTHERS:
		memcpy(imposter.key, scene->other.key, sizeof imposter.key);
		make_token(&imposter, SCRATCH_NOW + 3600, token);
		break;
	case DIGITS:
		code_digits_make(run->key, SCRATCH_NOW, digits);
		break;
	case OLD_DIGITS:
		code_digits_make(run->key, SCRATCH_NOW - CODE_STEP_S, digits);
		break;
	case LATE_DIGITS:
		code_digits_make(run->key, SCRATCH_NOW - 2 * CODE_STEP_S, digits);
		break;
	case SESSION:
		snprintf(session, 64, "%s", run->session);
		break;
	case SESSION_AS_CODE:
		for (i = 0; i < strlen(run->session); i++)
			code[i] = (char)(run->session[i] >= 'A' ? run->session[i] + 32
			    : run->session[i]);
		code[i] = '\0';
		break;
	case BAD_SESSION:
		snprintf(session, 64, "0000000000");
		break;
	case JUNK:
		snprintf(code, 64, "'; DROP TABLE event; --");
		break;
	case NOTHING:
	case KIND_END:
		break;
	}
	if (token[0] != '\0')
		snprintf(code, 64, "%s", token);
	if (digits[0] != '\0')
		snprintf(code, 64, "%.3s %.3s", digits, digits + 3);
}

static void
every_code_meets_every_state(void **state)
{
	struct scene scene;
	const struct run *runs[AT_END];
	enum kind kind;
	enum at at;

	(void)state;
	scene_open(&scene);
	runs[OPEN] = &scene.open;
	runs[SCHEDULED] = &scene.scheduled;
	runs[CLOSED] = &scene.closed;
	runs[CANCELLED] = &scene.cancelled;
	runs[PAST] = &scene.past;
	for (kind = 0; kind < KIND_END; kind++)
		for (at = 0; at < AT_END; at++) {
			char code[64], session[64], name[32];
			struct verdict verdict, check;
			int64_t events = scratch_number(scene.store, "SELECT count(*) FROM event");

			make_code(&scene, kind, runs[at], code, session);
			snprintf(name, sizeof name, "Runner %d %d", (int)kind, (int)at);
			if (session[0] == '\0') {
				assert_int_equal(store_code_check(scene.store, code, SCRATCH_NOW,
				    &check), ST_OK);
				assert_int_equal(scratch_number(scene.store,
				    "SELECT count(*) FROM event"), events);
			}
			verdict = attend(scene.store, code, session, name, "", SCRATCH_NOW);
			if (verdict.status != expected[kind][at])
				fail_msg("%s of a run that is %s: %d, not %d", kind_names[kind],
				    at_names[at], (int)verdict.status,
				    (int)expected[kind][at]);
			if (session[0] == '\0')
				assert_int_equal(check.status, verdict.status);
			assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM event"),
			    events + (verdict.status == ST_OK));
			if (verdict.status == ST_OK) {
				assert_int_equal(verdict.run.id, runs[at]->id);
				assert_int_equal(verdict.ordinal, verdict.count);
				assert_int_equal(verdict.since, SCRATCH_NOW);
			}
			/* who forges learns nothing about the run */
			if (kind == FORGED || kind == OTHERS)
				assert_int_equal(verdict.run.id, 0);
		}
	assert_int_equal(scratch_number(scene.store,
	    "SELECT present FROM run_count WHERE present > 0"), 5);
	scene_close(&scene);
}

static void
proof_says_how_the_code_was_shown(void **state)
{
	static const struct { enum kind kind; const char *proof; } cases[] = {
		{ TOKEN, "printed" }, { DIGITS, "digits" }, { SESSION, "session" },
		{ SESSION_AS_CODE, "session" },
	};
	struct scene scene;
	char code[64], session[64], name[32], sql[128];
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		make_code(&scene, cases[i].kind, &scene.open, code, session);
		snprintf(name, sizeof name, "Runner %d", (int)i);
		assert_int_equal(attend(scene.store, code, session, name, "", SCRATCH_NOW).status,
		    ST_OK);
		snprintf(sql, sizeof sql,
		    "SELECT count(*) FROM attendance WHERE proof = '%s' AND ordinal = %d",
		    cases[i].proof, (int)i + 1);
		assert_int_equal(scratch_number(scene.store, sql), 1);
	}
	scene_close(&scene);
}

static void
a_day_without_a_run_says_so(void **state)
{
	struct scene scene;
	int64_t tomorrow = SCRATCH_NOW + 86400;

	(void)state;
	scene_open(&scene);
	assert_int_equal(attend(scene.store, "", "", "Ada", "", tomorrow).status, ST_NO_RUN_DAY);
	assert_int_equal(attend(scene.store, "123456", "", "Ada", "", tomorrow).status,
	    ST_NO_RUN_DAY);
	/* A cancelled run makes no run day. */
	assert_int_equal(store_run_cancel(scene.store,
	    scratch_run(scene.store, scene.open.group_id, "2026-11-21", "10:00", ""), true, "",
	    SCRATCH_NOW), ST_OK);
	assert_int_equal(attend(scene.store, "", "", "Ada", "", tomorrow).status, ST_NO_RUN_DAY);
	scene_close(&scene);
}

/* ---- names ---- */

static void
names_are_judged(void **state)
{
	static const struct { const char *name; bool is_list; enum status status; const char *shown;
	    } cases[] = {
		{ "  Ada   Lovelace ", false, ST_OK, "Ada Lovelace" },
		{ "ADA lovelace", false, ST_ALREADY, "Ada Lovelace" },	/* as the list has it */
		{ "", false, ST_NAME_BAD, NULL },
		{ "a\x01" "b", false, ST_NAME_BAD, NULL },
		{ "\xff", false, ST_NAME_BAD, NULL },
		{ "Not Listed", true, ST_NOT_LISTED, NULL },
		{ "Nobody Knows", true, ST_NOT_LISTED, NULL },
		{ "grace HOPPER", true, ST_OK, "grace HOPPER" },
		{ "Grace Hopper", true, ST_ALREADY, "Grace Hopper" },
	};
	struct scene scene;
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct verdict verdict = attend(scene.store, "",
		    cases[i].is_list ? scene.other.session : scene.open.session, cases[i].name, "",
		    SCRATCH_NOW + (int64_t)i);

		if (verdict.status != cases[i].status)
			fail_msg("“%s”: %d, not %d", cases[i].name, (int)verdict.status,
			    (int)cases[i].status);
		if (cases[i].shown != NULL)
			assert_string_equal(verdict.name, cases[i].shown);
		if (verdict.status == ST_ALREADY) {
			assert_int_equal(verdict.since, SCRATCH_NOW + (int64_t)i - 1);
			assert_int_equal(verdict.count, 1);
		}
	}
	/* A closed list takes no new people in. */
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM person WHERE folded = 'nobody knows'"), 0);
	scene_close(&scene);
}

static void
whoever_was_marked_otherwise_may_check_in(void **state)
{
	static const struct { enum attendance_status mark; enum status status; } cases[] = {
		{ ATTENDANCE_ABSENT, ST_OK }, { ATTENDANCE_EXCUSED, ST_OK },
		{ ATTENDANCE_PRESENT, ST_ALREADY }, { ATTENDANCE_LATE, ST_ALREADY },
	};
	struct scene scene;
	char name[32];
	bool is_new;
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t person;

		snprintf(name, sizeof name, "Runner %d", (int)i);
		person = scratch_person(scene.store, name);
		/* Even a mark from the future, which a host with a clock that is ahead may make. */
		assert_int_equal(store_mark(scene.store, scene.open.id, person, cases[i].mark,
		    "host", SCRATCH_NOW + 600, SCRATCH_NOW, &is_new), ST_OK);
		assert_int_equal(attend(scene.store, "", scene.open.session, name, "",
		    SCRATCH_NOW).status, cases[i].status);
	}
	assert_int_equal(scratch_number(scene.store,
	    "SELECT present * 1000 + late * 100 + excused * 10 + absent FROM run_count WHERE "
	    "present > 0"), 3100);
	scene_close(&scene);
}

/*
 * A hall is one transaction, and its run is not read for each: whatever else happens in it is seen
 * all the same.
 */
static void
what_happens_to_the_run_meanwhile_counts(void **state)
{
	struct scene scene;
	struct verdict verdict;
	char token[CODE_TOKEN_SIZE];

	(void)state;
	scene_open(&scene);
	make_token(&scene.open, SCRATCH_NOW + 3600, token);
	assert_int_equal(store_begin(scene.store), ST_OK);
	assert_int_equal(attend(scene.store, token, "", "Ada", "", SCRATCH_NOW).status, ST_OK);
	verdict = attend(scene.store, token, "", "Bob", "", SCRATCH_NOW);
	assert_int_equal(verdict.status, ST_OK);
	assert_int_equal(verdict.count, 2);
	assert_int_equal(verdict.run.present, 1);	/* as it was before */
	assert_int_equal(store_run_cancel(scene.store, scene.open.id, true, "Ice", SCRATCH_NOW),
	    ST_OK);
	assert_int_equal(attend(scene.store, token, "", "Cid", "", SCRATCH_NOW).status,
	    ST_CANCELLED);
	assert_int_equal(store_run_cancel(scene.store, scene.open.id, false, "", SCRATCH_NOW),
	    ST_OK);
	assert_int_equal(attend(scene.store, token, "", "Cid", "", SCRATCH_NOW).count, 3);
	assert_int_equal(store_commit(scene.store), ST_OK);
	scene_close(&scene);
}

/*
 * Outside of a transaction nothing is remembered: another program may have changed the run since.
 */
static void
a_code_is_asked_about_as_the_run_is_now(void **state)
{
	struct scene scene;
	struct store *other;
	struct verdict verdict;
	char token[CODE_TOKEN_SIZE];

	(void)state;
	scene_open(&scene);
	make_token(&scene.open, SCRATCH_NOW + 3600, token);
	assert_int_equal(store_open(scratch_path(&scene.scratch, "club.db"), STORE_WRITE, &other),
	    ST_OK);
	assert_int_equal(store_code_check(scene.store, token, SCRATCH_NOW, &verdict), ST_OK);
	assert_int_equal(verdict.status, ST_OK);
	assert_int_equal(store_run_cancel(other, scene.open.id, true, "Ice", SCRATCH_NOW), ST_OK);
	assert_int_equal(store_code_check(scene.store, token, SCRATCH_NOW, &verdict), ST_OK);
	assert_int_equal(verdict.status, ST_CANCELLED);
	store_close(other);
	scene_close(&scene);
}

/* ---- nonces ---- */

static void
a_nonce_gets_the_same_answer(void **state)
{
	struct scene scene;
	struct verdict first, again;

	(void)state;
	scene_open(&scene);
	first = attend(scene.store, "", scene.open.session, "Ada", "nonce-1", SCRATCH_NOW);
	assert_int_equal(first.status, ST_OK);
	assert_false(first.is_repeat);
	attend(scene.store, "", scene.open.session, "Bob", "nonce-2", SCRATCH_NOW + 1);
	/* The same, with another name, another run, after closing time, and without a code. */
	again = attend(scene.store, "", scene.open.session, "Ada", "nonce-1", SCRATCH_NOW + 2);
	assert_int_equal(again.status, ST_OK);
	assert_true(again.is_repeat);
	assert_int_equal(again.run.id, scene.open.id);
	assert_string_equal(again.name, "Ada");
	assert_int_equal(again.ordinal, 1);
	assert_int_equal(again.since, SCRATCH_NOW);
	assert_int_equal(again.count, 2);
	assert_true(attend(scene.store, "", scene.closed.session, "Ada", "nonce-1",
	    SCRATCH_NOW + 2).is_repeat);
	assert_string_equal(attend(scene.store, "", "", " ADA ", "nonce-1",
	    SCRATCH_NOW + 86400).name, "Ada");
	/* With another name it tells nothing of the first and counts nobody. */
	again = attend(scene.store, "", scene.open.session, "Carol", "nonce-1", SCRATCH_NOW + 2);
	assert_int_equal(again.status, ST_NONCE_USED);
	assert_string_equal(again.name, "");
	assert_int_equal(again.run.id, 0);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM event"), 2);
	/* A refusal is judged anew: it may be well by then. */
	assert_int_equal(attend(scene.store, "", scene.scheduled.session, "Dora", "nonce-3",
	    SCRATCH_NOW).status, ST_NOT_OPEN);
	again = attend(scene.store, "", scene.scheduled.session, "Dora", "nonce-3",
	    SCRATCH_NOW + 2 * 3600 + 1800);
	assert_int_equal(again.status, ST_OK);
	assert_false(again.is_repeat);
	/* Another nonce with the same name: already in. */
	assert_int_equal(attend(scene.store, "", scene.open.session, "ada", "nonce-4",
	    SCRATCH_NOW + 3).status, ST_ALREADY);
	scene_close(&scene);
}

/* ---- batches ---- */

static void
a_batch_sees_itself(void **state)
{
	struct scene scene;
	char name[32];
	int i;

	(void)state;
	scene_open(&scene);
	assert_int_equal(store_begin(scene.store), ST_OK);
	for (i = 1; i <= 50; i++) {
		struct verdict verdict;

		snprintf(name, sizeof name, "Runner %d", i);
		verdict = attend(scene.store, "", scene.open.session, name, name, SCRATCH_NOW);
		assert_int_equal(verdict.status, ST_OK);
		assert_int_equal(verdict.ordinal, i);
		assert_int_equal(verdict.count, i);
		assert_int_equal(attend(scene.store, "", scene.open.session, name, "",
		    SCRATCH_NOW).status, ST_ALREADY);
		assert_true(attend(scene.store, "", scene.open.session, name, name,
		    SCRATCH_NOW).is_repeat);
		assert_int_equal(attend(scene.store, "", scene.open.session, "\n", "",
		    SCRATCH_NOW).status, ST_NAME_BAD);
	}
	store_rollback(scene.store);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM event"), 0);
	assert_int_equal(scratch_number(scene.store, "SELECT sum(present) FROM run_count"), 0);
	assert_int_equal(attend(scene.store, "", scene.open.session, "Runner 7", "Runner 7",
	    SCRATCH_NOW).ordinal, 1);
	scene_close(&scene);
}

/* Another zone's evening is our tomorrow: digits find the run all the same. */
static void
digits_find_runs_over_midnight_and_zones(void **state)
{
	struct scene scene;
	struct run night = { .group_id = 1, .date = "2026-11-20", .start = "23:30", .end = "01:00",
	    .opens_min = 30, .closes_min = 30 };
	struct run far = { .group_id = 1, .date = "2026-11-21", .start = "07:30", .end = "08:30",
	    .zone = "Pacific/Auckland", .opens_min = 30, .closes_min = 30 };
	char digits[CODE_DIGITS_SIZE];
	int64_t instant;

	(void)state;
	scene_open(&scene);
	assert_int_equal(store_run_add(scene.store, &night, SCRATCH_NOW), ST_OK);
	assert_int_equal(wall_instant("2026-11-21", "01:15", "Europe/London", &instant), ST_OK);
	code_digits_make(night.key, instant, digits);
	assert_int_equal(attend(scene.store, digits, "", "Ada", "", instant).status, ST_OK);
	assert_int_equal(store_run_add(scene.store, &far, SCRATCH_NOW), ST_OK);
	assert_int_equal(wall_instant("2026-11-20", "18:25", "Europe/London", &instant), ST_OK);
	code_digits_make(far.key, instant, digits);
	assert_int_equal(attend(scene.store, digits, "", "Ada", "", instant).status, ST_OK);
	scene_close(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_meets_every_state),
		cmocka_unit_test(proof_says_how_the_code_was_shown),
		cmocka_unit_test(a_day_without_a_run_says_so),
		cmocka_unit_test(names_are_judged),
		cmocka_unit_test(whoever_was_marked_otherwise_may_check_in),
		cmocka_unit_test(what_happens_to_the_run_meanwhile_counts),
		cmocka_unit_test(a_code_is_asked_about_as_the_run_is_now),
		cmocka_unit_test(a_nonce_gets_the_same_answer),
		cmocka_unit_test(a_batch_sees_itself),
		cmocka_unit_test(digits_find_runs_over_midnight_and_zones),
	};

	if (code_init() != ST_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
