// SPDX-License-Identifier: ISC
/*
 * test_schema.c: the rules in the database itself, its triggers, and upgrades from older schemas.
 *
 * Everything here is written as a stranger would, with plain SQL.
 */
#include "tests/unit/scratch.h"

#include "core/wall.h"
#include "db/schema.h"
#include "gen/file.h"

/*
 * A database with some rows of every kind: group 1 and 2, place 1, host 1, schedule 1, runs 1 to 3,
 * people 1 and 2.
 */
struct scene {
	struct scratch	 scratch;
	struct store	*store;
};

#define RUN_VALUES(id, group, date, start, title) "INSERT INTO run (id, session, group_id, date, start, zone, title, slug, opens_min, closes_min, key, capability, created_at, updated_at) " \
	"VALUES (" #id ", 'SESSION" #id "', " #group ", '" date "', '" start "', 'UTC', '" title "', 'slug" #id "', 30, 30, zeroblob(32), 'CAP" #id "', 1, 1)"

static void
scene_open(struct scene *scene)
{
	scratch_init(&scene->scratch);
	scene->store = scratch_store(&scene->scratch, "club.db");
	scratch_sql(scene->store,
	    "INSERT INTO \"group\" (id, slug, name, folded, created_at) VALUES (1, 'a', 'A', 'a', "
	    "1), (2, 'b', 'B', 'b', 1);INSERT INTO place (id, slug, name, folded, created_at) "
	    "VALUES (1, 'p', 'P', 'p', 1);INSERT INTO host (id, name, folded, created_at) VALUES "
	    "(1, 'H', 'h', 1);INSERT INTO schedule (id, group_id, rule, first, start, zone, "
	    "through, created_at) VALUES (1, 1, 'FREQ=DAILY', '2026-11-01', '10:00', 'UTC', "
	    "'2026-11-01', 1);" RUN_VALUES(1, 1, "2026-11-10", "10:00", "") ";" RUN_VALUES(2, 1,
	    "2026-11-20", "10:00", "") ";" RUN_VALUES(3, 1, "2026-11-30", "10:00", "") ";"
	    "INSERT INTO person (id, name, folded, initials, created_at) VALUES (1, 'Ada', 'ada', "
	    "'A.', 1), (2, 'Bob', 'bob', 'B.', 1);");
}

static void
scene_close(struct scene *scene)
{
	assert_int_equal(store_check(scene->store), ST_OK);
	store_close(scene->store);
	scratch_clear(&scene->scratch);
}

/* ---- rules ---- */

static void
rules_are_kept(void **state)
{
	static const struct { const char *sql; enum status status; } cases[] = {
		{ "INSERT INTO club (id, name, zone, address, created_at) VALUES (2, 'x', 'UTC', "
		    "'http://x', 1)", ST_REFUSED },
		{ "UPDATE club SET name = ''", ST_REFUSED },
		{ "UPDATE club SET name = printf('%.*c', 81, 'x')", ST_REFUSED },
		{ "UPDATE club SET name = printf('%.*c', 80, 'x')", ST_OK },
		{ "UPDATE club SET address = 'ftp://x'", ST_REFUSED },
		{ "UPDATE club SET address = 'http://x/'", ST_REFUSED },
		{ "UPDATE club SET visibility = 'all'", ST_REFUSED },
		{ "UPDATE club SET word = 'party'", ST_REFUSED },
		{ "UPDATE club SET opens_min = -1", ST_REFUSED },
		{ "UPDATE club SET opens_min = 1441", ST_REFUSED },
		{ "UPDATE club SET closes_min = 1441", ST_REFUSED },
		{ "UPDATE club SET opens_min = 'soon'", ST_REFUSED },	/* STRICT */
		{ "INSERT INTO \"group\" (slug, name, folded, created_at) VALUES ('a', 'C', 'c', "
		    "1)", ST_EXISTS },
		{ "INSERT INTO \"group\" (slug, name, folded, created_at) VALUES ('c', 'A', 'a', "
		    "1)", ST_EXISTS },
		{ "UPDATE \"group\" SET is_closed = 2", ST_REFUSED },
		{ "UPDATE place SET latitude = 90.5, longitude = 0", ST_REFUSED },
		{ "UPDATE place SET latitude = 51.5", ST_REFUSED },	/* both or none */
		{ "UPDATE place SET latitude = 51.5, longitude = -180", ST_OK },
		{ "UPDATE place SET longitude = 181", ST_REFUSED },
		{ "UPDATE place SET radius_m = 0", ST_REFUSED },
		{ "INSERT INTO place_network VALUES (9, '192.0.2.0/24')", ST_REFUSED },
		{ "INSERT INTO place_network VALUES (1, '192.0.2.0/24'), (1, '192.0.2.0/24')",
		    ST_EXISTS },
		{ "INSERT INTO place_access_point VALUES (9, '00:00:5e:00:53:01')", ST_REFUSED },
		{ "INSERT INTO host (name, folded, created_at) VALUES ('h', 'h', 1)", ST_EXISTS },
		{ "UPDATE host SET is_admin = 3", ST_REFUSED },
		{ "INSERT INTO schedule (group_id, rule, first, start, zone, through, created_at) "
		    "VALUES (1, 'FREQ=DAILY', '2026-11-01', '10:00', 'UTC', '2026-11-09', 1)",
		    ST_EXISTS },
		{ "UPDATE schedule SET group_id = 9", ST_REFUSED },
		{ "INSERT INTO schedule_skip (schedule_id, date) VALUES (9, '2026-11-01')",
		    ST_REFUSED },
		/*
		 * A run: group, date, start and title; a slug within its date; ids that fit a
		 * token.
		 */
		{ RUN_VALUES(4, 1, "2026-11-10", "10:00", ""), ST_EXISTS },
		{ RUN_VALUES(4, 1, "2026-11-10", "10:00", "Roll call"), ST_OK },
		{ RUN_VALUES(4, 2, "2026-11-10", "10:00", ""), ST_OK },
		{ RUN_VALUES(4, 1, "2026-11-10", "10:01", ""), ST_OK },
		{ RUN_VALUES(4294967295, 1, "2026-11-11", "10:00", ""), ST_OK },
		{ RUN_VALUES(4294967296, 1, "2026-11-11", "10:00", ""), ST_REFUSED },
		{ RUN_VALUES(0, 1, "2026-11-11", "10:00", ""), ST_REFUSED },
		{ RUN_VALUES(4, 9, "2026-11-11", "10:00", ""), ST_REFUSED },
		{ RUN_VALUES(4, 1, "2026-11-1", "10:00", ""), ST_REFUSED },
		{ RUN_VALUES(4, 1, "2026-11-11", "1:00", ""), ST_REFUSED },
		{ RUN_VALUES(4, 1, "2026-11-11", "10:60", ""), ST_REFUSED },
		{ "UPDATE run SET end = '25' WHERE id = 1", ST_REFUSED },
		{ "UPDATE run SET session = 'SESSION2' WHERE id = 1", ST_EXISTS },
		{ "UPDATE run SET capability = 'CAP2' WHERE id = 1", ST_EXISTS },
		{ "UPDATE run SET key = zeroblob(31) WHERE id = 1", ST_REFUSED },
		{ "UPDATE run SET key = 'text' WHERE id = 1", ST_REFUSED },
		{ "UPDATE run SET uid = 'u'", ST_EXISTS },
		{ "UPDATE run SET date = '2026-11-20', slug = 'slug2', title = 'x' WHERE id = 1",
		    ST_EXISTS },
		{ "UPDATE run SET opens_min = 1441 WHERE id = 1", ST_REFUSED },
		{ "UPDATE run SET place_id = 9 WHERE id = 1", ST_REFUSED },
		{ "UPDATE run SET host_id = 9 WHERE id = 1", ST_REFUSED },
		{ "UPDATE run SET schedule_id = 9 WHERE id = 1", ST_REFUSED },
		{ "INSERT INTO person (name, folded, initials, created_at) VALUES ('ADA', 'ada', "
		    "'A.', 1)", ST_EXISTS },
		{ "UPDATE person SET visibility = 'loud'", ST_REFUSED },
		{ "INSERT INTO group_list VALUES (1, 9, 1)", ST_REFUSED },
		{ "INSERT INTO group_list VALUES (9, 1, 1)", ST_REFUSED },
		{ "INSERT INTO group_list VALUES (1, 1, 1), (1, 1, 2)", ST_EXISTS },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
		    "VALUES (9, 1, 'mark', 'late', 1, 1, 'host')", ST_REFUSED },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
		    "VALUES (1, 9, 'mark', 'late', 1, 1, 'host')", ST_REFUSED },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
		    "VALUES (1, 1, 'wish', 'late', 1, 1, 'host')", ST_REFUSED },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
		    "VALUES (1, 1, 'mark', 'early', 1, 1, 'host')", ST_REFUSED },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
		    "VALUES (1, 1, 'mark', 'late', 1, 1, 'hearsay')", ST_REFUSED },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof, "
		    "nonce) VALUES (1, 1, 'mark', 'late', 1, 1, 'host', 'n'), (2, 1, 'mark', "
		    "'late', 1, 1, 'host', 'n')", ST_EXISTS },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
		    "VALUES (1, 1, 'mark', 'late', 1, 1, 'host'); DELETE FROM event", ST_REFUSED },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
		    "VALUES (1, 1, 'mark', 'late', 1, 1, 'host'); UPDATE event SET note = 'x'",
		    ST_REFUSED },
		/* the person is forgotten */
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof, "
		    "nonce, note) VALUES (1, 1, 'mark', 'late', 1, 1, 'host', 'n', 'x'); UPDATE "
		    "event SET nonce = NULL, note = ''", ST_OK },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof, "
		    "nonce, note) VALUES (1, 1, 'mark', 'late', 1, 1, 'host', 'n', 'x'); UPDATE "
		    "event SET nonce = 'm', note = ''", ST_REFUSED },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof, "
		    "nonce, note) VALUES (1, 1, 'mark', 'late', 1, 1, 'host', 'n', 'x'); UPDATE "
		    "event SET nonce = NULL, note = 'y'", ST_REFUSED },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof, "
		    "nonce, note) VALUES (1, 1, 'mark', 'late', 1, 1, 'host', 'n', 'x'); UPDATE "
		    "event SET nonce = NULL, note = '', at = 2", ST_REFUSED },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
		    "VALUES (1, 1, 'mark', 'late', 1, 1, 'host'); DELETE FROM run WHERE id = 1",
		    ST_REFUSED },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
		    "VALUES (1, 1, 'mark', 'late', 1, 1, 'host'); DELETE FROM person WHERE id = 1",
		    ST_REFUSED },
		{ "DELETE FROM \"group\" WHERE id = 1", ST_REFUSED },	/* has runs */
		{ "DELETE FROM \"group\" WHERE id = 2", ST_OK },
		{ "UPDATE run SET place_id = 1; DELETE FROM place", ST_REFUSED },
		{ "UPDATE club SET interval_s = 9", ST_REFUSED },
		{ "UPDATE club SET interval_s = 121", ST_REFUSED },
		{ "UPDATE club SET typed = 'words'", ST_REFUSED },
		{ "UPDATE club SET is_single = 2", ST_REFUSED },
		{ "UPDATE club SET late_min = -1", ST_REFUSED },
		{ "UPDATE club SET late_min = 1441", ST_REFUSED },
		{ "UPDATE club SET deliver_min = 1441", ST_REFUSED },
		{ "UPDATE club SET deliver_min = NULL", ST_REFUSED },
		{ "UPDATE club SET has_check_out = 2", ST_REFUSED },
		{ "UPDATE club SET position = 'wanted'", ST_REFUSED },
		{ "UPDATE club SET network = ''", ST_REFUSED },
		{ "UPDATE club SET access_point = NULL", ST_REFUSED },
		{ "UPDATE club SET interval_s = 10, typed = 'letters', late_min = NULL, "
		    "deliver_min = 0, position = 'refused'", ST_OK },
		{ "UPDATE run SET interval_s = 9", ST_REFUSED },
		{ "UPDATE run SET interval_s = 121", ST_REFUSED },
		{ "UPDATE run SET typed = 'words'", ST_REFUSED },
		{ "UPDATE run SET is_single = 2", ST_REFUSED },
		{ "UPDATE run SET late_min = -1", ST_REFUSED },
		{ "UPDATE run SET late_min = 1441", ST_REFUSED },
		{ "UPDATE run SET deliver_min = 1441", ST_REFUSED },
		{ "UPDATE run SET deliver_min = NULL", ST_REFUSED },
		{ "UPDATE run SET has_check_out = 2", ST_REFUSED },
		{ "UPDATE run SET position = 'wanted'", ST_REFUSED },
		{ "UPDATE run SET network = ''", ST_REFUSED },
		{ "UPDATE run SET access_point = NULL", ST_REFUSED },
		{ "UPDATE run SET interval_s = 10, typed = 'letters', late_min = NULL, "
		    "deliver_min = 0, position = 'refused'", ST_OK },
		{ "UPDATE club SET position_days = 366", ST_REFUSED },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof, "
		    "claim) VALUES (1, 1, 'mark', 'late', 1, 1, 'host', zeroblob(16)); UPDATE "
		    "event SET claim = NULL, nonce = NULL, note = ''", ST_OK },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof, "
		    "claim) VALUES (1, 1, 'mark', 'late', 1, 1, 'host', zeroblob(16)); UPDATE "
		    "event SET claim = x'01020304050607080910111213141516', nonce = NULL, note = "
		    "''", ST_REFUSED },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof, "
		    "is_delivered_late) VALUES (1, 1, 'mark', 'late', 1, 1, 'host', 2)",
		    ST_REFUSED },
		{ "INSERT INTO used_code (run_id, serial, at) VALUES (1, 0, 1)", ST_REFUSED },
		{ "INSERT INTO used_code (run_id, serial, at) VALUES (1, 1, 1), (1, 1, 2)",
		    ST_EXISTS },
		{ "INSERT INTO event_position VALUES (9, 1, 1, 1, 1)", ST_REFUSED },
	};
	struct scene scene;
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t dangling = 0;
		enum status status;

		assert_int_equal(store_begin(scene.store), ST_OK);
		status = driver_run(store_driver(scene.store), cases[i].sql);
		if (status == ST_OK)		/* what the commit would refuse */
			status = driver_number(store_driver(scene.store),
			    "SELECT count(*) FROM pragma_foreign_key_check", &dangling);
		if (dangling > 0)
			status = ST_REFUSED;
		if (status != cases[i].status)
			fail_msg("%s: %d, not %d (%s)", cases[i].sql, (int)status,
			    (int)cases[i].status, store_why(scene.store));
		store_rollback(scene.store);
	}
	scene_close(&scene);
}

/* ---- attendance follows from events ---- */

/* Enter one event for person 1 at run 1. */
static void
enter(struct scene *scene, const char *kind, const char *status, int at)
{
	char sql[300];

	snprintf(sql, sizeof sql,
	    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) VALUES "
	    "(1, 1, '%s', '%s', %d, 0, 'host')", kind, status, at);
	scratch_sql(scene->store, sql);
}

static void
attendance_follows_from_events(void **state)
{
	static const struct {
		struct { const char *kind, *status; int at; } events[5];
		const char *then;		/* status and since, "" for nobody */
	} cases[] = {
		{ { { "check-in", "present", 10 } }, "present 10" },
		{ { { "mark", "absent", 10 } }, "absent 10" },
		{ { { "mark", "absent", 10 }, { "mark", "late", 20 } }, "late 20" },
		/* heard later, was so earlier */
		{ { { "mark", "late", 20 }, { "mark", "absent", 10 } }, "late 20" },
		/* the same time: as heard */
		{ { { "mark", "late", 20 }, { "mark", "absent", 20 } }, "absent 20" },
		/* who checks in came */
		{ { { "mark", "absent", 20 }, { "check-in", "present", 10 } }, "present 10" },
		{ { { "mark", "excused", 20 }, { "check-in", "present", 10 } }, "present 10" },
		{ { { "mark", "late", 20 }, { "check-in", "present", 10 } }, "late 20" },
		{ { { "check-in", "present", 10 }, { "mark", "absent", 20 } }, "absent 20" },
		{ { { "check-in", "present", 10 }, { "undo", "present", 20 } }, "" },
		{ { { "undo", "present", 20 } }, "" },
		{ { { "check-in", "present", 10 }, { "undo", "present", 20 },
		    { "check-in", "present", 15 } }, "present 15" },
		{ { { "check-in", "present", 10 }, { "merge", "present", 20 } }, "present 10" },
	};
	struct scene scene;
	char sql[256];
	size_t i, j;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(store_begin(scene.store), ST_OK);
		for (j = 0; j < 5 && cases[i].events[j].kind != NULL; j++)
			enter(&scene, cases[i].events[j].kind, cases[i].events[j].status,
			    cases[i].events[j].at);
		snprintf(sql, sizeof sql,
		    "SELECT coalesce((SELECT status || ' ' || since FROM attendance WHERE run_id "
		    "= 1 AND person_id = 1), '') = '%s'", cases[i].then);
		if (scratch_number(scene.store, sql) != 1)
			fail_msg("case %d: not %s", (int)i, cases[i].then);
		store_rollback(scene.store);
	}
	scene_close(&scene);
}

static void
ordinals_count_arrivals(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scratch_sql(scene.store,
	    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) VALUES "
	    "(1, 1, 'mark', 'absent', 1, 1, 'host'), (1, 2, 'check-in', 'present', 2, 2, "
	    "'digits'), (1, 1, 'check-in', 'present', 3, 3, 'digits'), (1, 2, 'mark', 'late', 4, "
	    "4, 'host')");
	assert_int_equal(scratch_number(scene.store,
	    "SELECT ordinal FROM attendance WHERE person_id = 2"), 1);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT ordinal FROM attendance WHERE person_id = 1"), 2);
	scratch_sql(scene.store,
	    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) VALUES "
	    "(1, 2, 'mark', 'excused', 5, 5, 'host')");
	assert_int_equal(scratch_number(scene.store,
	    "SELECT ordinal FROM attendance WHERE person_id = 2"), 0);
	scene_close(&scene);
}

/* Whoever takes a check-in back leaves a gap, and nobody gets a place that another has. */
static void
places_stay_unique_after_an_undo(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	scratch_sql(scene.store,
	    "INSERT INTO person (id, name, folded, initials, created_at) VALUES (3, 'Cy', 'cy', "
	    "'C.', 1), (4, 'Di', 'di', 'D.', 1);INSERT INTO event (run_id, person_id, kind, "
	    "status, at, received_at, proof) VALUES (1, 1, 'check-in', 'present', 1, 1, 'digits'),"
	    " (1, 2, 'check-in', 'present', 2, 2, 'digits'), (1, 3, 'check-in', 'present', 3, 3, "
	    "'digits'), (1, 1, 'undo', 'present', 4, 4, 'digits'),"
	    " (1, 4, 'check-in', 'present', 5, 5, 'digits'), (1, 1, 'check-in', 'late', 6, 6, "
	    "'digits')");
	assert_int_equal(scratch_number(scene.store,
	    "SELECT group_concat(ordinal, '') FROM (SELECT ordinal FROM attendance ORDER BY "
	    "person_id)"), 5234);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT present * 10 + late FROM run_count WHERE run_id = 1"), 31);
	scene_close(&scene);
}

static void
leaving_follows_from_events(void **state)
{
	static const struct { const char *event; int64_t left_at; } cases[] = {
		{ "(1, 1, 'check-out', 'present', 5, 5, 'digits')", -1 },	/* never came */
		{ "(1, 1, 'check-in', 'present', 10, 10, 'digits')", 0 },
		{ "(1, 1, 'check-out', 'present', 20, 20, 'digits')", 20 },
		/* a host's correction says nothing of leaving */
		{ "(1, 1, 'mark', 'late', 30, 30, 'host')", 20 },
		{ "(1, 1, 'mark', 'absent', 40, 40, 'host')", 0 },
		{ "(1, 1, 'check-out', 'absent', 50, 50, 'digits')", 0 },
		{ "(1, 1, 'check-in', 'present', 60, 60, 'digits')", 0 },
		{ "(1, 1, 'undo', 'present', 70, 70, 'digits')", -1 },
	};
	struct scene scene;
	char sql[256];
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int64_t left_at;

		snprintf(sql, sizeof sql,
		    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
		    "VALUES %s", cases[i].event);
		scratch_sql(scene.store, sql);
		left_at = scratch_number(scene.store,
		    "SELECT coalesce((SELECT coalesce(left_at, 0) FROM attendance WHERE run_id = "
		    "1 AND person_id = 1), -1)");
		if (left_at != cases[i].left_at)
			fail_msg("%s: %d, not %d", cases[i].event, (int)left_at,
			    (int)cases[i].left_at);
	}
	scene_close(&scene);
}

static uint64_t
random_next(uint64_t *random)
{
	*random ^= *random << 13;
	*random ^= *random >> 7;
	*random ^= *random << 17;
	return *random;
}

/* Both queries give the same rows. */
static void
assert_same_rows(struct scene *scene, const char *a, const char *b)
{
	char sql[1200];

	snprintf(sql, sizeof sql,
	    "SELECT count(*) FROM (SELECT * FROM (%s EXCEPT %s) UNION ALL SELECT * FROM (%s "
	    "EXCEPT %s))", a, b, b, a);
	if (scratch_number(scene->store, sql) != 0)
		fail_msg("not the same: %s and %s", a, b);
}

/* What is kept of those who came is what the attendance says. */
static void
assert_derived(struct scene *scene)
{
	assert_same_rows(scene, "SELECT run_id, proof, number FROM run_proof",
	    "SELECT run_id, proof, count(*) FROM attendance WHERE status IN ('present', 'late') "
	    "GROUP BY run_id, proof");
	assert_same_rows(scene, "SELECT run_id, at, number FROM run_arrival",
	    "SELECT run_id, since / 300 * 300, count(*) FROM attendance WHERE status IN "
	    "('present', 'late') GROUP BY run_id, since / 300 * 300");
	assert_same_rows(scene,
	    "SELECT person_id, came, first_run_id, last_run_id FROM person_count WHERE came > 0",
	    "SELECT person_id, max(number), max(run_id) FILTER (WHERE number = 1), max(run_id) "
	    "FILTER (WHERE number = came) FROM (SELECT *, count(*) OVER (PARTITION BY person_id) "
	    "AS came FROM person_order) GROUP BY person_id");
	assert_same_rows(scene, "SELECT person_id, 0, NULL, NULL FROM person_count WHERE came = 0",
	    "SELECT person_id, came, first_run_id, last_run_id FROM person_count WHERE person_id "
	    "NOT IN (SELECT person_id FROM person_order)");
	/* Whatever person_order says: of a run that is cancelled nothing counts. */
	assert_same_rows(scene, "SELECT person_id, came FROM person_count WHERE came > 0",
	    "SELECT person_id, count(*) FROM attendance WHERE status IN ('present', 'late') "
	    "AND run_id IN (SELECT id FROM run WHERE cancelled_at IS NULL) GROUP BY person_id");
	assert_int_equal(scratch_number(scene->store,
	    "SELECT count(*) FROM run WHERE cancelled_at > 0 AND id IN ("
	    "SELECT first_run_id FROM person_count UNION SELECT last_run_id FROM person_count "
	    "UNION SELECT run_id FROM milestone)"), 0);
	assert_same_rows(scene, "SELECT person_id, name, path FROM face",
	    "SELECT person_id, name, path FROM person_face");
	assert_same_rows(scene, "SELECT person_id, number, run_id FROM milestone",
	    "SELECT person_id, number, run_id FROM person_order WHERE number IN (10, 25, 50, 100, "
	    "250)");
}

/* What a stranger changed behind the triggers' back is found, whichever table it is in. */
static void
what_does_not_follow_is_told(void **state)
{
	static const struct { const char *sql, *says; } cases[] = {
		{ "UPDATE run_count SET late = late + 1 WHERE run_id = 2",
		    "stored counts are not those of the attendance, of the run 2026-11-20 slug2" },
		{ "DELETE FROM run_count WHERE run_id = 3", "stored counts" },
		{ "UPDATE run_proof SET number = 7", "stored proofs" },
		{ "UPDATE run_arrival SET at = at + 300", "stored arrivals" },
		{ "DELETE FROM run_arrival", "stored arrivals" },
		{ "UPDATE person_count SET came = 3 WHERE person_id = 1",
		    "of the person number 1" },
		{ "UPDATE person_count SET first_run_id = 3 WHERE person_id = 1",
		    "first or last run" },
		{ "UPDATE person_count SET last_run_id = NULL WHERE person_id = 1",
		    "first or last run" },
		{ "INSERT INTO milestone VALUES (1, 10, 2)", "stored milestones" },
		{ "UPDATE attendance SET since = since + 1", "does not follow from the events" },
		{ "DELETE FROM attendance; INSERT INTO attendance VALUES (1, 2, 'present', 100, "
		    "'host', 1, 1, NULL, 0, '')", "does not follow from the events" },
		{ "UPDATE attendance SET pending = 'position'", "does not follow from the events" },
		{ "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
		    "VALUES (2, 2, 'mark', 'late', 100, 100, 'host'); "
		    "UPDATE attendance SET ordinal = 1 WHERE run_id = 2",
		    "the same place in the order of arrival" },
	};
	struct scene scene;
	size_t i;

	(void)state;
	scene_open(&scene);
	scratch_sql(scene.store,
	    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) VALUES "
	    "(2, 1, 'mark', 'present', 100, 100, 'host'), (1, 2, 'mark', 'absent', 100, 100, "
	    "'host')");
	assert_int_equal(store_check(scene.store), ST_OK);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(driver_begin(store_driver(scene.store)), ST_OK);
		scratch_sql(scene.store, cases[i].sql);
		if (store_check(scene.store) != ST_PROBLEMS ||
		    strstr(store_why(scene.store), cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].sql, store_why(scene.store));
		driver_rollback(store_driver(scene.store));
	}
	scene_close(&scene);
}

static void
counts_equal_a_recount(void **state)
{
	static const char *const kinds[] = { "check-in", "check-in", "check-out", "mark", "mark",
	    "mark", "undo", "merge" };
	static const char *const statuses[] = { "present", "late", "excused", "absent" };
	static const char *const conflicts[] = { "", "", "OR IGNORE", "OR REPLACE", "OR FAIL" };
	struct scene scene;
	char sql[300];
	uint64_t random = 0x5475726e;
	int64_t sequence = 0, before;
	int i;

	(void)state;
	scene_open(&scene);
	scratch_sql(scene.store,
	    "WITH n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 12) INSERT INTO "
	    "person (id, name, folded, initials, created_at) "
	    "SELECT i, i, i, i, 1 FROM n");
	scratch_sql(scene.store,
	    "WITH n(i) AS (SELECT 4 UNION ALL SELECT i + 1 FROM n WHERE i < 40) INSERT INTO run "
	    "(id, session, group_id, date, start, zone, slug, "
	    "opens_min, closes_min, key, capability, created_at, updated_at) SELECT i, i, 1 + i % "
	    "2, date('2026-11-01', (i * 7 % 37) || ' days'), '12:00', 'UTC', i, "
	    "30, 30, zeroblob(32), 'C' || i, 1, 1 FROM n");
	assert_int_equal(store_begin(scene.store), ST_OK);
	for (i = 0; i < 2000; i++) {
		snprintf(sql, sizeof sql,
		    "INSERT %s INTO event (run_id, person_id, kind, status, at, received_at, "
		    "proof) VALUES (%d, %d, '%s', '%s', %d, 0, 'host')",
		    conflicts[random_next(&random) % 5], (int)(random_next(&random) % 40) + 1,
		    (int)(random_next(&random) % 12) + 1, kinds[random_next(&random) % 7],
		    statuses[random_next(&random) % 4], (int)(random_next(&random) % 500));
		scratch_sql(scene.store, sql);
		before = sequence;
		sequence = scratch_number(scene.store, "SELECT sum(sequence) FROM run_count");
		assert_true(sequence >= before);
		if (i % 50 == 0) {
			snprintf(sql, sizeof sql,
			    "UPDATE run SET date = date('2026-11-01', '%d days'), title = 'moved "
			    "%d', slug = 'moved-%d' WHERE id = %d",
			    (int)(random_next(&random) % 60), i, i,
			    (int)(random_next(&random) % 40) + 1);
			scratch_sql(scene.store, sql);
		}
		/* cancelled, or taking place again, some of them more than once */
		if (i % 20 == 0) {
			snprintf(sql, sizeof sql,
			    "UPDATE run SET cancelled_at = CASE WHEN cancelled_at IS NULL OR id "
			    "%% 5 = 0 THEN %d END WHERE id = %d", i + 1,
			    (int)(random_next(&random) % 40) + 1);
			scratch_sql(scene.store, sql);
		}
	}
	assert_int_equal(store_commit(scene.store), ST_OK);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM event"), 2000);
	assert_true(scratch_number(scene.store, "SELECT count(*) FROM attendance") > 10);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM run_count AS c WHERE (present, late, excused, absent) IS NOT "
	    "(SELECT coalesce(sum(status = 'present'), 0), coalesce(sum(status = 'late'), 0), "
	    "coalesce(sum(status = 'excused'), 0), coalesce(sum(status = 'absent'), 0) "
	    "FROM attendance WHERE run_id = c.run_id)"), 0);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM run_count"), 40);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM attendance WHERE (ordinal > 0) <> (status IN ('present', "
	    "'late'))"), 0);
	assert_true(scratch_number(scene.store,
	    "SELECT count(*) FROM attendance AS a JOIN run AS r ON r.id = a.run_id "
	    "WHERE r.cancelled_at > 0 AND a.ordinal > 0") > 5);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) - count(DISTINCT kind || key) FROM change"), 0);
	assert_derived(&scene);
	scene_close(&scene);
}

/* ---- the change log ---- */

/*
 * The log after `sql`, of what is behind the newest change and event before, as "kind:key
 * kind:key", sorted, is `expected`.
 */
static void
assert_changes(struct scene *scene, const char *sql, const char *expected)
{
	struct rows *rows;
	int64_t newest = scratch_number(scene->store, "SELECT coalesce(max(id), 0) FROM change");
	int64_t event = scratch_number(scene->store, "SELECT coalesce(max(id), 0) FROM event");

	scratch_sql(scene->store, sql);
	assert_int_equal(driver_prepare(store_driver(scene->store),
	    "SELECT coalesce(group_concat(word, ' '), '') FROM "
	    "(SELECT kind || ':' || key AS word FROM change WHERE id > :newest "
	    "UNION SELECT kind || ':' || key FROM event_change WHERE event_id > :event ORDER BY "
	    "word)", NULL, &rows), ST_OK);
	rows_bind_int(rows, "newest", newest);
	rows_bind_int(rows, "event", event);
	assert_int_equal(rows_step(rows), ST_OK);
	if (strcmp(rows_text(rows, 0, NULL), expected) != 0)
		fail_msg("%s\n  logs %s\n  not  %s", sql, rows_text(rows, 0, NULL), expected);
	rows_free(rows);
	assert_int_equal(scratch_number(scene->store,
	    "SELECT count(*) - count(DISTINCT kind || ':' || key) FROM change"), 0);
}

static void
every_change_is_logged(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	assert_changes(&scene, "UPDATE club SET name = 'Other'", "club:1");
	assert_changes(&scene, "UPDATE \"group\" SET name = 'Z' WHERE id = 2", "group:2");
	assert_changes(&scene,
	    "INSERT INTO \"group\" (id, slug, name, folded, created_at) VALUES (3, 'c', 'C', 'c', "
	    "1)", "group:3");
	assert_changes(&scene, "DELETE FROM \"group\" WHERE id = 3", "group:3");
	assert_changes(&scene, "UPDATE place SET address = 'x'", "place:1");
	assert_changes(&scene, "INSERT INTO place_network VALUES (1, '192.0.2.0/24')", "place:1");
	assert_changes(&scene, "DELETE FROM place_network", "place:1");
	assert_changes(&scene, "INSERT INTO place_access_point VALUES (1, '00:00:5e:00:53:01')",
	    "place:1");
	assert_changes(&scene, "DELETE FROM place_access_point", "place:1");
	assert_changes(&scene, "INSERT INTO used_code (run_id, serial, at) VALUES (1, 1, 1)",
	    "code:1");
	assert_changes(&scene,
	    "INSERT INTO place (id, slug, name, folded, created_at) VALUES (2, 'q', 'Q', 'q', 1)",
	    "place:2");
	assert_changes(&scene, "DELETE FROM place WHERE id = 2", "place:2");
	assert_changes(&scene, "UPDATE schedule SET group_id = 2",
	    "schedule:1 timetable:1 timetable:2");
	assert_changes(&scene, "DELETE FROM schedule", "schedule:1 timetable:2");
	assert_changes(&scene, "INSERT INTO group_list VALUES (1, 2, 1)", "list:1 record:2");
	assert_changes(&scene, "DELETE FROM group_list", "list:1 record:2");
	assert_changes(&scene, "UPDATE person SET nickname = 'x' WHERE id = 2", "person:2");
	assert_changes(&scene,
	    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) VALUES "
	    "(1, 2, 'mark', 'late', 1, 1, 'host')", "count:1 debut:1 record:2");
	/* where they were shown */
	assert_changes(&scene, "UPDATE person SET nickname = 'y' WHERE id = 2", "count:1 person:2");
	assert_changes(&scene,
	    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) VALUES "
	    "(1, 2, 'undo', 'late', 1, 1, 'host')", "count:1 debut:1 record:2");
	assert_changes(&scene,
	    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) VALUES "
	    "(1, 2, 'undo', 'late', 1, 1, 'host')",
	    "count:1 record:2");	/* an event that changed nothing is looked at too */
	/* nobody sees one who was nowhere */
	assert_changes(&scene,
	    "INSERT INTO person (id, name, folded, initials, created_at) VALUES (3, 'C', 'c', "
	    "'C.', 1)", "");
	assert_changes(&scene, "DELETE FROM person WHERE id = 3", "person:3");
	assert_changes(&scene, "UPDATE run SET host_id = 1 WHERE id = 2",
	    "date:2026-11-20 near:1 near:3 run:2 timetable:1");
	assert_changes(&scene, "UPDATE host SET name = 'I'", "run:2");
	scene_close(&scene);
}

/*
 * Runs whose newcomers are others than those in temp.debut, though the log behind `change` and
 * `event` does not say so.
 */
static int64_t
unsaid_debuts(struct scene *scene, int64_t change, int64_t event)
{
	char sql[500];

	snprintf(sql, sizeof sql,
	    "SELECT count(*) FROM (SELECT first_run_id AS id FROM (SELECT * FROM (SELECT "
	    "person_id, first_run_id FROM person_count EXCEPT SELECT * FROM temp.debut) UNION ALL "
	    "SELECT * FROM (SELECT * FROM temp.debut EXCEPT SELECT person_id, first_run_id FROM "
	    "person_count)) WHERE first_run_id IS NOT NULL) WHERE id NOT IN (SELECT key FROM "
	    "change WHERE id > %lld AND kind = 'debut' UNION SELECT key FROM event_change WHERE "
	    "event_id > %lld AND kind = 'debut')", (long long)change, (long long)event);
	return scratch_number(scene->store, sql);
}

/* Whatever the events were, and however many a follower sees at a time. */
static void
whose_first_run_it_is_is_logged(void **state)
{
	static const char *const kinds[] = { "check-in", "mark", "undo" };
	struct scene scene;
	char sql[300];
	uint64_t random = 0x6465;
	int64_t change = 0, event = 0;
	int i;

	(void)state;
	scene_open(&scene);
	scratch_sql(scene.store, "CREATE TEMP TABLE debut (person_id, first_run_id)");
	for (i = 0; i < 600; i++) {
		snprintf(sql, sizeof sql,
		    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
		    "VALUES (%d, %d, '%s', '%s', %d, 0, 'host')",
		    (int)(random_next(&random) % 3) + 1, (int)(random_next(&random) % 2) + 1,
		    kinds[random_next(&random) % 3],
		    random_next(&random) % 3 == 0 ? "absent" : "present", i);
		scratch_sql(scene.store, sql);
		if (random_next(&random) % 3 > 0)
			continue;
		assert_int_equal(unsaid_debuts(&scene, change, event), 0);
		scratch_sql(scene.store,
		    "DELETE FROM temp.debut; INSERT INTO temp.debut SELECT person_id, "
		    "first_run_id FROM person_count");
		change = scratch_number(scene.store, "SELECT coalesce(max(id), 0) FROM change");
		event = scratch_number(scene.store, "SELECT max(id) FROM event");
	}
	scene_close(&scene);
}

static void
neighbours_are_logged(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	/* In the middle, at the ends, alone in its group; other groups are no neighbours. */
	assert_changes(&scene, RUN_VALUES(4, 1, "2026-11-15", "10:00", ""),
	    "date:2026-11-15 near:1 near:2 run:4 timetable:1");
	assert_changes(&scene, RUN_VALUES(5, 1, "2026-11-01", "10:00", ""),
	    "date:2026-11-01 near:1 run:5 timetable:1");
	assert_changes(&scene, RUN_VALUES(6, 1, "2026-12-01", "10:00", ""),
	    "date:2026-12-01 near:3 run:6 timetable:1");
	assert_changes(&scene, RUN_VALUES(7, 2, "2026-11-16", "10:00", ""),
	    "date:2026-11-16 run:7 timetable:2");
	/* Order on one date is by start, then title. */
	assert_changes(&scene, RUN_VALUES(8, 1, "2026-11-15", "10:00", "b"),
	    "date:2026-11-15 near:2 near:4 run:8 timetable:1");
	assert_changes(&scene, RUN_VALUES(9, 1, "2026-11-15", "10:00", "a"),
	    "date:2026-11-15 near:4 near:8 run:9 timetable:1");
	assert_changes(&scene, RUN_VALUES(10, 1, "2026-11-15", "09:59", "z"),
	    "date:2026-11-15 near:1 near:4 run:10 timetable:1");
	/* Moved: those it leaves and those it comes between. 5 1 10 4 9 8 2 3 6 */
	assert_changes(&scene, "UPDATE run SET date = '2026-11-25' WHERE id = 4",
	    "date:2026-11-15 date:2026-11-25 near:10 near:2 near:3 near:9 run:4 timetable:1");
	/* Into another group. 5 1 10 9 8 2 4 3 6 */
	assert_changes(&scene, "UPDATE run SET group_id = 2 WHERE id = 4",
	    "date:2026-11-25 near:2 near:3 near:7 run:4 timetable:1 timetable:2");
	/* Gone. */
	assert_changes(&scene, "DELETE FROM run WHERE id = 2",
	    "date:2026-11-20 near:3 near:8 run:2 timetable:1");
	assert_changes(&scene, "DELETE FROM run WHERE id = 6",
	    "date:2026-12-01 near:3 run:6 timetable:1");
	scene_close(&scene);
}

/*
 * What a check-in runs takes nothing back by itself, else SQLite copies every page that it touches:
 * no conflict ends the statement alone (ABORT is 2), no function may fail, no reference is judged
 * at once.
 */
static void
a_check_in_needs_no_copies_of_pages(void **state)
{
	static const char *const statements[] = {
		"INSERT OR ROLLBACK INTO person (name, folded, initials, created_at) VALUES ('x', "
		    "'x', 'x', 1)",
		"INSERT OR ROLLBACK INTO event (run_id, person_id, kind, status, at, received_at, "
		"proof, nonce, claim, is_delivered_late, pending) "
		"VALUES (1, 1, 'check-in', 'present', 1, 1, 'screen', 'n', x'00', 0, '')",
	};
	struct scene scene;
	struct rows *rows;
	char sql[400];
	int opcodes, copies;
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof statements / sizeof statements[0]; i++) {
		snprintf(sql, sizeof sql, "EXPLAIN %s", statements[i]);
		assert_int_equal(driver_prepare(store_driver(scene.store), sql, NULL, &rows),
		    ST_OK);
		for (opcodes = 0, copies = 0; rows_step(rows) == ST_OK; opcodes++) {
			const char *opcode = rows_text(rows, 1, NULL);

			if ((strncmp(opcode, "Halt", 4) == 0 && rows_int(rows, 2) != 0 &&
			    rows_int(rows, 3) == 2) || strcmp(opcode, "Function") == 0
			    || (strcmp(opcode, "FkCounter") == 0 && rows_int(rows, 2) == 0 &&
			    rows_int(rows, 3) > 0))
				copies++;
		}
		rows_free(rows);
		assert_true(opcodes > 50);
		assert_int_equal(copies, 0);
	}
	scene_close(&scene);
}

/*
 * The few lines of a run that stand out are found by an index of them alone, however many the
 * others are.
 */
static void
lines_that_stand_out_are_found_by_themselves(void **state)
{
	static const struct { const char *where, *index; } cases[] = {
		{ "pending > ''", "COVERING INDEX attendance_to_settle" },
		{ "is_delivered_late = 1", "COVERING INDEX attendance_delivered_late" },
		{ "left_at IS NOT NULL", "COVERING INDEX attendance_left" },
	};
	struct scene scene;
	struct rows *rows;
	char sql[200];
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		snprintf(sql, sizeof sql,
		    "EXPLAIN QUERY PLAN SELECT count(*) FROM private_attendance WHERE run_id = 1 "
		    "AND %s", cases[i].where);
		assert_int_equal(driver_prepare(store_driver(scene.store), sql, NULL, &rows),
		    ST_OK);
		assert_int_equal(rows_step(rows), ST_OK);
		if (strstr(rows_text(rows, 3, NULL), cases[i].index) == NULL)
			fail_msg("%s: %s", cases[i].where, rows_text(rows, 3, NULL));
		rows_free(rows);
	}
	scene_close(&scene);
}

static void
the_log_hears_strangers_conflict_clauses(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene);
	assert_changes(&scene, "UPDATE OR IGNORE person SET nickname = 'x' WHERE id = 1",
	    "person:1");
	assert_changes(&scene, "UPDATE OR IGNORE person SET nickname = 'y' WHERE id = 1",
	    "person:1");
	assert_changes(&scene, "UPDATE OR REPLACE person SET nickname = 'z' WHERE id = 1",
	    "person:1");
	assert_changes(&scene,
	    "INSERT OR IGNORE INTO event (run_id, person_id, kind, status, at, received_at, "
	    "proof) VALUES (1, 1, 'check-in', 'present', 5, 5, 'host')",
	    "count:1 debut:1 record:1");
	assert_changes(&scene,
	    "INSERT OR REPLACE INTO event (run_id, person_id, kind, status, at, received_at, "
	    "proof) VALUES (1, 1, 'mark', 'late', 6, 6, 'host')",
	    "count:1 debut:1 record:1");
	assert_changes(&scene,
	    "INSERT OR IGNORE INTO event (run_id, person_id, kind, status, at, received_at, "
	    "proof) VALUES (1, 1, 'mark', 'absent', 7, 7, 'host')",
	    "count:1 debut:1 record:1");
	assert_int_equal(scratch_number(scene.store,
	    "SELECT present * 100 + late * 10 + absent FROM run_count WHERE run_id = 1"), 1);
	assert_changes(&scene,
	    "INSERT OR REPLACE INTO \"group\" (id, slug, name, folded, created_at) VALUES (2, "
	    "'b', 'Bee', 'bee', 1)", "group:2");
	assert_changes(&scene,
	    "INSERT OR IGNORE INTO \"group\" (id, slug, name, folded, created_at) VALUES (2, 'b', "
	    "'Bee', 'bee', 1)", "");
	assert_changes(&scene,
	    "INSERT INTO \"group\" (id, slug, name, folded, created_at) VALUES (2, 'b', 'Bea', "
	    "'bea', 1) ON CONFLICT (id) DO UPDATE SET name = excluded.name",
	    "group:2");
	scene_close(&scene);
}

/* ---- what pages see ---- */

static void
views_show_people_as_they_want(void **state)
{
	static const struct { const char *club, *person, *nickname, *shown; } cases[] = {
		{ "name", NULL, NULL, "Ada" }, { "initials", NULL, NULL, "A." },
		{ "nickname", NULL, NULL, "A." }, { "nickname", NULL, "Ace", "Ace" },
		{ "hidden", NULL, NULL, NULL }, { "hidden", "name", NULL, "Ada" },
		{ "name", "hidden", NULL, NULL }, { "name", "initials", "Ace", "A." },
		{ "initials", "nickname", "Ace", "Ace" }, { "initials", "nickname", NULL, "A." },
	};
	struct scene scene;
	struct rows *rows;
	size_t i;

	(void)state;
	scene_open(&scene);
	enter(&scene, "check-in", "present", 1);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(store_club_set(scene.store, "visibility", cases[i].club), ST_OK);
		assert_int_equal(store_person_set(scene.store, 1,
		    cases[i].nickname == NULL ? "" : cases[i].nickname,
		    cases[i].person == NULL ? "" : cases[i].person), ST_OK);
		assert_int_equal(driver_prepare(store_driver(scene.store),
		    "SELECT name FROM public_attendance", NULL, &rows), ST_OK);
		assert_int_equal(rows_step(rows), cases[i].shown == NULL ? ST_UNKNOWN : ST_OK);
		if (cases[i].shown != NULL)
			assert_string_equal(rows_text(rows, 0, NULL), cases[i].shown);
		rows_free(rows);
	}
	/* No public view has a secret. */
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM sqlite_schema AS s JOIN pragma_table_info(s.name) AS c WHERE "
	    "s.type = 'view' AND s.name LIKE 'public%' AND c.name IN ('key', 'capability', "
	    "'person_id', 'nonce', 'token_hash', 'folded')"), 0);
	scene_close(&scene);
}

/* ---- versions ---- */

/* The one row and column that `sql` gives in the file at `path`. */
static int64_t
number_in(const char *path, const char *sql)
{
	struct driver *driver;
	int64_t number = -1;

	assert_int_equal(driver_open(path, DRIVER_READ, &driver), ST_OK);
	assert_int_equal(driver_number(driver, sql, &number), ST_OK);
	driver_close(driver);
	return number;
}

static void
the_version_is_that_of_the_schema(void **state)
{
	struct scene scene;
	const struct schema_upgrade *upgrade;
	int version = 1;

	(void)state;
	scene_open(&scene);
	assert_int_equal(scratch_number(scene.store, "PRAGMA user_version"), STORE_SCHEMA);
	scene_close(&scene);
	/*
	 * The upgrades lead there one by one from the first; one that is released brings a test of
	 * its own from the schema before it.
	 */
	for (upgrade = schema_upgrades; upgrade->version != 0; upgrade++)
		assert_int_equal(upgrade->version, ++version);
	assert_int_equal(version, STORE_SCHEMA);
}

static const struct schema_upgrade fake[] = {
	{ 2, "ALTER TABLE person ADD COLUMN shoe TEXT; UPDATE person SET shoe = 'red';" },
	{ 3, "CREATE TABLE shoe (id INTEGER PRIMARY KEY) STRICT;" },
	{ 4, "CREATE TABLE lace (id INTEGER PRIMARY KEY) STRICT; SELECT no_such_function();" },
	{ 0, NULL }
};

static void
upgrades_go_step_by_step(void **state)
{
	struct scene scene;
	struct driver *driver;
	struct stat info;
	const char *path;

	(void)state;
	scene_open(&scene);
	path = scratch_path(&scene.scratch, "club.db");
	driver = store_driver(scene.store);
	scratch_sql(scene.store, "PRAGMA user_version = 1");
	if (store_upgrade(driver, path, 1, 3, fake) != ST_OK)
		fail_msg("%s", store_why(scene.store));
	assert_int_equal(number_in(path, "PRAGMA user_version"), 3);
	assert_int_equal(number_in(path, "SELECT count(*) FROM person WHERE shoe = 'red'"), 2);
	assert_int_equal(number_in(path, "SELECT count(*) FROM shoe"), 0);
	/* The copy is as it was, and for its owner alone. */
	assert_int_equal(number_in(scratch_path(&scene.scratch, "club.db.before-3"),
	    "PRAGMA user_version"), 1);
	assert_int_equal(number_in(scratch_path(&scene.scratch, "club.db.before-3"),
	    "SELECT count(*) FROM person"), 2);
	assert_int_equal(stat(scratch_path(&scene.scratch, "club.db.before-3"), &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	/* A copy that is there is not written over. */
	assert_int_equal(store_upgrade(driver, path, 3, 3, fake), ST_EXISTS);
	assert_non_null(strstr(store_why(scene.store), "club.db.before-3"));
	assert_non_null(strstr(store_why(scene.store), "Nothing was changed"));
	/* A step that fails leaves nothing of itself. */
	assert_int_equal(store_upgrade(driver, path, 3, 4, fake), ST_FAULT);
	assert_non_null(strstr(store_why(scene.store), "no_such_function"));
	assert_non_null(strstr(store_why(scene.store), "before-4"));
	assert_int_equal(number_in(path, "PRAGMA user_version"), 3);
	assert_int_equal(number_in(path, "SELECT count(*) FROM sqlite_schema WHERE name = 'lace'"),
	    0);
	/* No way there. */
	assert_int_equal(store_upgrade(driver, path, STORE_SCHEMA, STORE_SCHEMA + 1,
	    schema_upgrades), ST_VERSION);
	assert_int_equal(number_in(path, "PRAGMA user_version"), 3);
	/* No room for the copy: nothing of it stays. */
	assert_int_equal(store_upgrade(driver, scratch_path(&scene.scratch, "no-folder/club.db"), 3,
	    4, fake), ST_FAULT);
	assert_non_null(strstr(store_why(scene.store), "No such file or directory"));
	assert_non_null(strstr(store_why(scene.store), "Nothing was changed"));
	assert_int_not_equal(access(scratch_path(&scene.scratch, "club.db.before-3-journal"), F_OK),
	    0);
	scene_close(&scene);
}

/* Every table, view, column, index and trigger of a database, in words. Freed by the caller. */
static char *
shape_of(struct store *store)
{
	struct rows *rows;
	char *shape;

	assert_int_equal(driver_prepare(store_driver(store),
	    "SELECT group_concat(word, char(10)) FROM (SELECT t.name || '.' || c.name || ' ' || "
	    "c.type || c.\"notnull\" || c.pk AS word FROM sqlite_schema AS t "
	    "JOIN pragma_table_info(t.name) AS c WHERE t.type IN ('table', 'view') AND t.name NOT "
	    "LIKE 'sqlite%' UNION ALL SELECT type || ' ' || name FROM sqlite_schema WHERE type IN "
	    "('index', 'trigger') ORDER BY 1)", NULL, &rows), ST_OK);
	assert_int_equal(rows_step(rows), ST_OK);
	shape = strdup(rows_text(rows, 0, NULL));
	assert_non_null(shape);
	rows_free(rows);
	return shape;
}

/*
 * A database of version `version` with a history of thirty runs; at the last of them somebody took
 * a check-in back, so that a place was given twice.
 */
static void
make_version(const char *path, int version)
{
	const char *tests = getenv("TESTS");
	struct buffer text = { 0 };
	struct driver *driver;
	char name[600], sql[1200];
	int i;

	snprintf(name, sizeof name, "%s/data/schema-%d.sql", tests == NULL ? "tests" : tests,
	    version);
	assert_true(file_read(name, &text));
	assert_int_equal(driver_open(path, DRIVER_CREATE, &driver), ST_OK);
	assert_int_equal(driver_run(driver, buffer_text(&text)), ST_OK);
	buffer_clear(&text);
	assert_int_equal(driver_run(driver,
	    "INSERT INTO club (id, name, zone, address, created_at) VALUES (1, 'Old', 'UTC', "
	    "'http://x', 1);INSERT INTO \"group\" (id, slug, name, folded, created_at) VALUES (1, "
	    "'a', 'A', 'a', 1);INSERT INTO person (id, name, folded, initials, created_at) VALUES "
	    "(1, 'Ada', 'ada', 'A.', 1), (2, 'Bob', 'bob', 'B.', 1), (3, 'Cy', 'cy', 'C.', 1)"),
	    ST_OK);
	for (i = 1; i <= 30; i++) {
		snprintf(sql, sizeof sql,
		    "INSERT INTO run (id, session, group_id, date, start, zone, slug, opens_min, "
		    "closes_min, key, capability, created_at, updated_at) "
		    "VALUES (%d, 'S%d', 1, date('2026-11-01', '-%d days'), '10:00', 'UTC', 's', "
		    "30, 30, zeroblob(32), 'C%d', 1, 1);INSERT INTO event (run_id, person_id, "
		    "kind, status, at, received_at, proof) VALUES (%d, %d, 'mark', '%s', %d, 1, "
		    "'host')", i, i, i, i, i, i % 4 == 0 ? 2 : 1,
		    i % 9 == 0 ? "absent" : i % 5 == 0 ? "late" : "present", i * 100);
		assert_int_equal(driver_run(driver, sql), ST_OK);
	}
	assert_int_equal(driver_run(driver,
	    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof, nonce) "
	    "VALUES (30, 2, 'check-in', 'present', 3001, 3001, 'digits', 'n'), (30, 1, 'undo', "
	    "'present', 3002, 3002, 'host', NULL), (30, 3, 'check-in', 'present', 3003, 3003, "
	    "'digits', NULL); UPDATE run SET cancelled_at = 1 WHERE id = 27"), ST_OK);
	driver_close(driver);
}

/*
 * A database of an older version becomes one of today: the same shape, and what is kept beside the
 * counts is what the rows say.
 */
static void
assert_brought_here(int version)
{
	struct scene now, old;
	char *expected, *shape;
	const char *path;

	scene_open(&now);
	scratch_init(&old.scratch);
	path = scratch_path(&old.scratch, "old.db");
	make_version(path, version);
	if (store_open(path, STORE_WRITE, &old.store) != ST_OK)
		fail_msg("%s", store_why(old.store));
	assert_int_equal(scratch_number(old.store, "PRAGMA user_version"), STORE_SCHEMA);
	expected = shape_of(now.store);
	shape = shape_of(old.store);
	assert_string_equal(shape, expected);
	free(shape);
	free(expected);
	assert_derived(&old);
	assert_int_equal(scratch_number(old.store, "SELECT count(*) FROM milestone"), 1);
	/*
	 * All events are there, and go on being kept; a place that was given twice is given once.
	 */
	assert_int_equal(scratch_number(old.store, "SELECT count(*) FROM event"), 33);
	assert_int_equal(scratch_number(old.store, "SELECT id FROM event WHERE nonce = 'n'"), 31);
	assert_int_equal(driver_run(store_driver(old.store), "DELETE FROM event"), ST_REFUSED);
	assert_int_equal(scratch_number(old.store,
	    "SELECT group_concat(ordinal, '') FROM (SELECT ordinal FROM attendance WHERE run_id = "
	    "30 ORDER BY person_id)"),
	    version < 3 ? 12 : 23);		/* 3 left the place of who took it back free */
	scratch_sql(old.store,
	    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) VALUES "
	    "(30, 1, 'check-in', 'present', 3004, 3004, 'digits'), "
	    "(30, 1, 'check-out', 'present', 3005, 3005, 'digits')");
	assert_int_equal(scratch_number(old.store, "SELECT max(id) FROM event"), 35);
	assert_int_equal(scratch_number(old.store,
	    "SELECT ordinal FROM attendance WHERE run_id = 30 AND left_at = 3005"),
	    version < 3 ? 3 : 4);
	assert_int_equal(scratch_number(old.store,
	    "SELECT deliver_min + interval_s FROM run WHERE id = 30"), 385);
	scene_close(&old);
	scene_close(&now);
}

static void
version_1_is_brought_here(void **state)
{
	(void)state;
	assert_brought_here(1);
}

static void
version_2_is_brought_here(void **state)
{
	(void)state;
	assert_brought_here(2);
}

static void
version_3_is_brought_here(void **state)
{
	(void)state;
	assert_brought_here(3);
}

static void
version_4_is_brought_here(void **state)
{
	(void)state;
	assert_brought_here(4);
}

static void
version_5_is_brought_here(void **state)
{
	(void)state;
	assert_brought_here(5);
}

static void
version_6_is_brought_here(void **state)
{
	(void)state;
	assert_brought_here(6);
}

static void
version_7_is_brought_here(void **state)
{
	(void)state;
	assert_brought_here(7);
}

/* Open `name` and expect `status` with `says` in the sentence. */
static void
assert_open(struct scratch *scratch, const char *name, enum store_mode mode, enum status expected,
    const char *says)
{
	struct store *store;
	enum status status = store_open(scratch_path(scratch, name), mode, &store);

	assert_non_null(store);
	if (status != expected || (says != NULL && strstr(store_why(store), says) == NULL))
		fail_msg("%s: %d, not %d: %s", name, (int)status, (int)expected, store_why(store));
	store_close(store);
}

static void
other_files_are_refused(void **state)
{
	struct scene scene;
	struct driver *driver;

	(void)state;
	scene_open(&scene);
	assert_open(&scene.scratch, "club.db", STORE_READ, ST_OK, NULL);
	assert_open(&scene.scratch, "no.db", STORE_WRITE, ST_UNKNOWN, "turnout init");
	scratch_write(&scene.scratch, "text.db",
	    "Dear diary, this is no database, and it is a bit longer than a header of one, which "
	    "has one hundred bytes.");
	assert_open(&scene.scratch, "text.db", STORE_WRITE, ST_VERSION,
	    "text.db is not a Turnout database");
	scratch_write(&scene.scratch, "empty.db", "");
	assert_open(&scene.scratch, "empty.db", STORE_WRITE, ST_VERSION, "not a Turnout database");
	scratch_assert_file(&scene.scratch, "empty.db", "");

	assert_int_equal(driver_open(scratch_path(&scene.scratch, "other.db"), DRIVER_CREATE,
	    &driver), ST_OK);
	assert_int_equal(driver_run(driver,
	    "CREATE TABLE bookmark (url TEXT); PRAGMA user_version = 1"), ST_OK);
	driver_close(driver);
	assert_open(&scene.scratch, "other.db", STORE_WRITE, ST_VERSION,
	    "other.db is not a Turnout database");

	scratch_sql(scene.store, "PRAGMA user_version = 99");
	assert_open(&scene.scratch, "club.db", STORE_WRITE, ST_VERSION, "from version 99");
	assert_open(&scene.scratch, "club.db", STORE_READ, ST_VERSION, "Run the newer turnout");
	scratch_sql(scene.store, "PRAGMA user_version = 0");
	assert_open(&scene.scratch, "club.db", STORE_READ, ST_VERSION, "turnout status");
	assert_int_equal(number_in(scratch_path(&scene.scratch, "club.db"), "PRAGMA user_version"),
	    0);
	assert_int_equal(access(scratch_path(&scene.scratch, "club.db.before-1"), F_OK), -1);
	scratch_sql(scene.store, "PRAGMA user_version = 1");

	/* WAL: an SQLite of 3.51.3 or later has not the race it is refused for. */
	assert_int_equal(driver_run(store_driver(scene.store), "PRAGMA journal_mode = WAL"), ST_OK);
	store_close(scene.store);
	if (strcmp(store_sqlite_version(), "3.51.3") < 0)
		assert_open(&scene.scratch, "club.db", STORE_WRITE, ST_FAULT,
		    "journal_mode=TRUNCATE");
	scratch_clear(&scene.scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_are_kept),
		cmocka_unit_test(attendance_follows_from_events),
		cmocka_unit_test(ordinals_count_arrivals),
		cmocka_unit_test(places_stay_unique_after_an_undo),
		cmocka_unit_test(leaving_follows_from_events),
		cmocka_unit_test(what_does_not_follow_is_told),
		cmocka_unit_test(counts_equal_a_recount),
		cmocka_unit_test(every_change_is_logged),
		cmocka_unit_test(whose_first_run_it_is_is_logged),
		cmocka_unit_test(neighbours_are_logged),
		cmocka_unit_test(a_check_in_needs_no_copies_of_pages),
		cmocka_unit_test(lines_that_stand_out_are_found_by_themselves),
		cmocka_unit_test(the_log_hears_strangers_conflict_clauses),
		cmocka_unit_test(views_show_people_as_they_want),
		cmocka_unit_test(the_version_is_that_of_the_schema),
		cmocka_unit_test(upgrades_go_step_by_step),
		cmocka_unit_test(version_1_is_brought_here),
		cmocka_unit_test(version_2_is_brought_here),
		cmocka_unit_test(version_3_is_brought_here),
		cmocka_unit_test(version_4_is_brought_here),
		cmocka_unit_test(version_5_is_brought_here),
		cmocka_unit_test(version_6_is_brought_here),
		cmocka_unit_test(version_7_is_brought_here),
		cmocka_unit_test(other_files_are_refused),
	};

	if (code_init() != ST_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
