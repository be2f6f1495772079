// SPDX-License-Identifier: ISC
/*
 * test_rewind.c: the facts as they once were: without anything later, and with everything derived
 * from them as it was.
 */
#include "tests/unit/scratch.h"

#include "core/wall.h"

#define LATER	(SCRATCH_NOW + 100)

struct scene {
	struct scratch	 scratch;
	struct store	*store;
	int64_t		 group_id, run_id;
};

/* A group of two people with a run of last week and one that is open. */
static void
scene_open(struct scene *scene)
{
	bool is_new;

	scratch_init(&scene->scratch);
	scene->store = scratch_store(&scene->scratch, "club.db");
	scene->group_id = scratch_group(scene->store, "Tuesday");
	scratch_run(scene->store, scene->group_id, "2026-11-13", "18:30", "");
	scene->run_id = scratch_run(scene->store, scene->group_id, "2026-11-20", "18:30", "");
	assert_int_equal(store_list_add(scene->store, scene->group_id,
	    scratch_person(scene->store, "Ada"), SCRATCH_NOW, &is_new), ST_OK);
	scratch_person(scene->store, "Bea");
}

static void
scene_close(struct scene *scene)
{
	store_close(scene->store);
	scratch_clear(&scene->scratch);
}

static void
check_in(struct scene *scene, const char *name, int64_t now)
{
	struct attempt attempt = { .now = now };
	struct verdict verdict;
	struct run run;

	assert_int_equal(store_run(scene->store, scene->run_id, &run), ST_OK);
	snprintf(attempt.session, sizeof attempt.session, "%s", run.session);
	snprintf(attempt.name, sizeof attempt.name, "%s", name);
	assert_int_equal(store_attend(scene->store, &attempt, &verdict), ST_OK);
	assert_int_equal(verdict.status, ST_OK);
}

static void
mark(struct scene *scene, int64_t run_id, const char *name, enum attendance_status status,
    const char *proof, int64_t at, int64_t now)
{
	int64_t person;
	bool is_new;

	assert_int_equal(store_person(scene->store, name, true, now, &person, NULL), ST_OK);
	assert_int_equal(store_mark(scene->store, run_id, person, status, proof, at, now, &is_new),
	    ST_OK);
	assert_true(is_new);
}

static void
undo(struct scene *scene, const char *name, int64_t now)
{
	char sql[256];

	snprintf(sql, sizeof sql,
	    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) SELECT "
	    "%lld, id, 'undo', 'present', %lld, %lld, 'host' FROM person WHERE name = '%s'",
	    (long long)scene->run_id, (long long)now, (long long)now, name);
	scratch_sql(scene->store, sql);
}

/* A past of some length: people come, are marked, taken out and come again. */
static void
play_past(struct scene *scene)
{
	char name[16], date[WALL_DATE_SIZE] = "2026-09-30";
	int64_t run;
	int i, j;

	for (i = 1; i <= 28; i++) {
		assert_int_equal(wall_date_add(date, 1, date), ST_OK);
		run = scratch_run(scene->store, scene->group_id, date, "07:00", "");
		for (j = 0; j < 6; j++) {
			snprintf(name, sizeof name, "Runner %c", 'A' + j);
			mark(scene, run, name,
			    (enum attendance_status)((i + j) % 5 % ATTENDANCE_END),
			    "host", SCRATCH_NOW - 99 + i, SCRATCH_NOW);
		}
	}
	check_in(scene, "Ada", SCRATCH_NOW);
	check_in(scene, "Bea", SCRATCH_NOW);
	undo(scene, "Ada", SCRATCH_NOW);
	check_in(scene, "Ada", SCRATCH_NOW);
}

/* One thing of every kind, later. */
static void
play_future(struct scene *scene)
{
	struct place place = { .name = "Boathouse" };
	struct schedule schedule = { .rule = "FREQ=DAILY", .first = "2026-12-01",
	    .through = "2026-12-03", .start = "09:00" };
	struct run run = { .date = "2026-12-24", .start = "10:00", .opens_min = -1,
	    .closes_min = -1 };
	int64_t group, person;
	bool is_new;
	int added;

	assert_int_equal(store_group_add(scene->store, "Hills", false, LATER, &group), ST_OK);
	assert_int_equal(store_place_add(scene->store, &place, LATER, &schedule.place_id), ST_OK);
	assert_int_equal(store_host_add(scene->store, "Mira", LATER, &schedule.host_id), ST_OK);
	schedule.group_id = group;
	assert_int_equal(store_schedule_add(scene->store, &schedule,
	    (const char *const []){ "2026-12-02" }, 1, LATER, &added), ST_OK);
	assert_int_equal(added, 2);
	run.group_id = scene->group_id;
	run.place_id = schedule.place_id;
	assert_int_equal(store_run_add(scene->store, &run, LATER), ST_OK);
	assert_int_equal(store_person(scene->store, "Cleo", true, LATER, &person, NULL), ST_OK);
	assert_int_equal(store_list_add(scene->store, scene->group_id, person, LATER, &is_new),
	    ST_OK);
	check_in(scene, "Cleo", LATER);
	check_in(scene, "Runner A", LATER);
	undo(scene, "Bea", LATER);
	mark(scene, scene->run_id, "Ada", ATTENDANCE_EXCUSED, "host", LATER, LATER);
	mark(scene, scene->run_id, "Runner B", ATTENDANCE_LATE, "host", SCRATCH_NOW - 1, LATER);
	assert_int_equal(store_run_cancel(scene->store, scene->run_id, true, "Ice", LATER), ST_OK);
}

/* All rows of all tables but the log of changes, as text. */
static void
dump(struct store *store, struct buffer *text)
{
	struct rows *tables, *rows;
	char sql[128];
	int column;

	assert_int_equal(driver_prepare(store_driver(store),
	    "SELECT name FROM sqlite_schema WHERE type = 'table' "
	    "AND name NOT LIKE 'sqlite%' AND name <> 'change' ORDER BY name", NULL, &tables),
	    ST_OK);
	while (rows_step(tables) == ST_OK) {
		snprintf(sql, sizeof sql, "SELECT * FROM \"%s\" ORDER BY 1, 2",
		    rows_text(tables, 0, NULL));
		buffer_format(text, "%s\n", sql);
		assert_int_equal(driver_prepare(store_driver(store), sql, NULL, &rows), ST_OK);
		while (rows_step(rows) == ST_OK) {
			for (column = 0; column < rows_columns(rows); column++)
				buffer_format(text, "%s|",
				    rows_is_null(rows, column) ? "NULL"
				    : rows_text(rows, column, NULL));
			buffer_format(text, "\n");
		}
		rows_free(rows);
	}
	rows_free(tables);
}

/* Is `store`, taken back to `at`, as `expected`? */
static void
assert_rewound(struct store *store, int64_t at, const struct buffer *expected)
{
	struct buffer found = { 0 };
	struct store *copy;

	if (store_rewind(store, at, &copy) != ST_OK)
		fail_msg("%s", store_why(store));
	dump(copy, &found);
	assert_string_equal(buffer_text(&found), expected->data);
	assert_int_equal(store_check(copy), ST_OK);
	store_close(copy);
	buffer_clear(&found);
}

static void
nothing_later_changes_nothing(void **state)
{
	struct scene scene;
	struct buffer now = { 0 };

	(void)state;
	scene_open(&scene);
	play_past(&scene);
	play_future(&scene);
	dump(scene.store, &now);
	buffer_text(&now);
	assert_rewound(scene.store, LATER, &now);
	assert_rewound(scene.store, LATER + 1000, &now);
	buffer_clear(&now);
	scene_close(&scene);
}

static void
what_came_later_is_gone(void **state)
{
	struct scene scene;
	struct buffer then = { 0 }, now = { 0 }, after = { 0 };

	(void)state;
	scene_open(&scene);
	play_past(&scene);
	dump(scene.store, &then);
	assert_true(scratch_number(scene.store, "SELECT count(*) FROM milestone") > 0);
	play_future(&scene);
	dump(scene.store, &now);
	assert_string_not_equal(buffer_text(&then), buffer_text(&now));
	assert_rewound(scene.store, SCRATCH_NOW, &then);
	assert_rewound(scene.store, LATER - 1, &then);
	dump(scene.store, &after);
	/* and the facts themselves stay */
	assert_string_equal(buffer_text(&now), buffer_text(&after));
	buffer_clear(&then);
	buffer_clear(&now);
	buffer_clear(&after);
	scene_close(&scene);
}

/* What stays keeps what it refers to, whenever that was made. */
static void
references_stay_whole(void **state)
{
	struct scene scene;
	struct store *copy;
	struct place place = { .name = "Boathouse" };
	struct run run;

	(void)state;
	scene_open(&scene);
	check_in(&scene, "Ada", SCRATCH_NOW);
	assert_int_equal(store_place_add(scene.store, &place, LATER, &place.id), ST_OK);
	assert_int_equal(store_run(scene.store, scene.run_id, &run), ST_OK);
	run.place_id = place.id;
	assert_int_equal(store_run_move(scene.store, &run, LATER), ST_OK);
	assert_int_equal(store_rewind(scene.store, SCRATCH_NOW, &copy), ST_OK);
	/* moved since: that cannot come back */
	assert_int_equal(scratch_number(copy, "SELECT count(*) FROM place"), 1);
	assert_int_equal(scratch_number(copy,
	    "SELECT count(*) FROM run WHERE place_id IS NOT NULL"), 1);
	assert_int_equal(store_check(copy), ST_OK);
	/* the guards are there again */
	assert_int_equal(driver_run(store_driver(copy), "UPDATE event SET at = 0"), ST_REFUSED);
	assert_int_equal(driver_run(store_driver(copy), "DELETE FROM event"), ST_REFUSED);
	store_close(copy);
	scene_close(&scene);
}

/* A register of last year that was imported today was true last year. */
static void
what_was_entered_behind_its_day_counts_from_it(void **state)
{
	struct scene scene;
	struct store *copy;
	int64_t run, past, between;

	(void)state;
	scene_open(&scene);
	assert_int_equal(wall_parse("2026-03-03T19:00Z", "UTC", &past), ST_OK);
	assert_int_equal(wall_parse("2026-03-10T19:00Z", "UTC", &between), ST_OK);
	run = scratch_run(scene.store, scene.group_id, "2026-03-03", "18:30", "");
	mark(&scene, run, "Dora", ATTENDANCE_PRESENT, "import", past, SCRATCH_NOW);
	/* by a host, today */
	mark(&scene, run, "Emil", ATTENDANCE_PRESENT, "host", past, SCRATCH_NOW);
	assert_int_equal(store_run_cancel(scene.store,
	    scratch_run(scene.store, scene.group_id, "2026-03-04", "18:30", ""), true, "Storm",
	    SCRATCH_NOW), ST_OK);
	assert_int_equal(store_rewind(scene.store, between, &copy), ST_OK);
	assert_int_equal(scratch_number(copy, "SELECT count(*) FROM run"), 2);
	assert_int_equal(scratch_number(copy,
	    "SELECT count(*) FROM run WHERE reason = 'Storm' AND cancelled_at IS NOT NULL"), 1);
	assert_int_equal(scratch_number(copy, "SELECT sum(present) FROM run_count"), 1);
	assert_int_equal(scratch_number(copy, "SELECT count(*) FROM person"), 1);
	assert_int_equal(scratch_number(copy, "SELECT count(*) FROM \"group\""), 1);
	store_close(copy);
	assert_int_equal(store_rewind(scene.store, past - 86400, &copy), ST_REFUSED);
	assert_null(copy);
	assert_non_null(strstr(store_why(scene.store), "the club was made on 2026-11-20"));
	scene_close(&scene);
}

/* What phones said comes along; codes for one person and positions, which no page shows, do not. */
static void
what_phones_said_is_taken_back(void **state)
{
	struct attempt attempt = { .now = SCRATCH_NOW, .name = "Ada",
	    .claim = "phone", .has_position = true };
	struct store *copy;
	struct verdict verdict;
	struct scene scene;
	struct run run;

	(void)state;
	scene_open(&scene);
	assert_int_equal(store_club_set(scene.store, "position_days", "3"), ST_OK);
	assert_int_equal(store_run(scene.store, scene.run_id, &run), ST_OK);
	run.rules.has_check_out = run.rules.is_single = true;
	assert_int_equal(store_run_rules(scene.store, run.id, &run.rules, SCRATCH_NOW), ST_OK);
	snprintf(attempt.session, sizeof attempt.session, "%s", run.session);
	assert_int_equal(store_attend(scene.store, &attempt, &verdict), ST_OK);
	scratch_sql(scene.store,
	    "INSERT INTO used_code (run_id, serial, at, person_id) SELECT run_id, 1, since, "
	    "person_id FROM attendance");
	attempt.now = LATER;
	assert_int_equal(store_check_out(scene.store, &attempt, &verdict), ST_OK);
	assert_int_equal(verdict.status, ST_LEFT);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM event_position"), 1);
	assert_int_equal(store_rewind(scene.store, LATER - 1, &copy), ST_OK);
	assert_int_equal(scratch_number(copy,
	    "SELECT count(*) FROM attendance WHERE left_at IS NULL AND status = 'present'"), 1);
	assert_int_equal(scratch_number(copy,
	    "SELECT count(*) FROM event WHERE length(claim) = 16"), 1);
	assert_int_equal(store_check(copy), ST_OK);
	store_close(copy);
	assert_int_equal(store_rewind(scene.store, LATER, &copy), ST_OK);
	assert_int_equal(scratch_number(copy, "SELECT left_at FROM attendance"), LATER);
	assert_int_equal(scratch_number(copy,
	    "SELECT (SELECT count(*) FROM event_position) + (SELECT count(*) FROM used_code)"), 0);
	assert_int_equal(store_check(copy), ST_OK);
	store_close(copy);
	scene_close(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_later_changes_nothing),
		cmocka_unit_test(what_came_later_is_gone),
		cmocka_unit_test(references_stay_whole),
		cmocka_unit_test(what_was_entered_behind_its_day_counts_from_it),
		cmocka_unit_test(what_phones_said_is_taken_back),
	};

	if (code_init() != ST_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
