// SPDX-License-Identifier: ISC
/*
 * test_forget.c: a forgotten person is found nowhere, not even in the bytes of the file, and still
 * counts.
 */
#include "tests/unit/scratch.h"

#include "core/wall.h"

#define MANY	6000	/* people: enough for pages of the file to be split again and again */

struct scene {
	struct scratch	 scratch;
	struct store	*store;
	int64_t		 group_id, run_id, person_id;
};

/* Ada is on a list, and checked in. */
static void
scene_open(struct scene *scene)
{
	struct attempt attempt = { .now = SCRATCH_NOW, .name = "Ada  Lovelace",
	    .nonce = "ada-phone-1" };
	struct verdict verdict;
	struct run run;
	bool is_new;

	scratch_init(&scene->scratch);
	scene->store = scratch_store(&scene->scratch, "club.db");
	scene->group_id = scratch_group(scene->store, "Tuesday");
	scene->run_id = scratch_run(scene->store, scene->group_id, "2026-11-20", "18:30", "");
	assert_int_equal(store_run(scene->store, scene->run_id, &run), ST_OK);
	snprintf(attempt.session, sizeof attempt.session, "%s", run.session);
	assert_int_equal(store_attend(scene->store, &attempt, &verdict), ST_OK);
	assert_int_equal(verdict.status, ST_OK);
	scene->person_id = scratch_person(scene->store, "Ada Lovelace");
	assert_int_equal(store_list_add(scene->store, scene->group_id, scene->person_id,
	    SCRATCH_NOW, &is_new), ST_OK);
	assert_int_equal(store_person_set(scene->store, scene->person_id, "Countess", "nickname"),
	    ST_OK);
	assert_int_equal(store_person_link(scene->store, scene->person_id, true), ST_OK);
	assert_int_equal(store_person_publish(scene->store, scene->person_id, true), ST_OK);
	scratch_sql(scene->store,
	    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof, note) "
	    "VALUES (1, 1, 'mark', 'late', 1795198801, 1795198801, 'host', 'Ada was late')");
}

static void
scene_close(struct scene *scene)
{
	assert_int_equal(store_check(scene->store), ST_OK);
	store_close(scene->store);
	scratch_clear(&scene->scratch);
}

/* Is `text` among the bytes of the database file? */
static bool
is_in_file(struct scene *scene, const char *text)
{
	struct buffer content = { 0 };
	bool is_found;

	assert_true(file_read(scratch_path(&scene->scratch, "club.db"), &content));
	is_found = memmem(content.data, content.length, text, strlen(text)) != NULL;
	buffer_clear(&content);
	return is_found;
}

static void
what_is_known_is_counted(void **state)
{
	struct scene scene;
	struct person_traces traces;
	int64_t host;

	(void)state;
	scene_open(&scene);
	assert_int_equal(store_person_traces(scene.store, scene.person_id, &traces), ST_OK);
	assert_string_equal(traces.name, "Ada Lovelace");
	assert_int_equal(traces.lists, 1);
	assert_int_equal(traces.events, 2);
	assert_int_equal(traces.came, 1);
	assert_false(traces.is_host);
	assert_int_equal(store_host_add(scene.store, "ada lovelace", SCRATCH_NOW, &host), ST_OK);
	assert_int_equal(store_person_traces(scene.store, scene.person_id, &traces), ST_OK);
	assert_true(traces.is_host);
	assert_int_equal(store_person_traces(scene.store, 99, &traces), ST_UNKNOWN);
	scene_close(&scene);
}

static void
the_forgotten_still_count(void **state)
{
	static const char *const gone[] = { "Ada", "ada", "lovelace", "Countess", "A. L.",
	    "ada-phone-1" };
	struct scene scene;
	struct attempt attempt = { .now = SCRATCH_NOW + 60, .name = "Ada Lovelace",
	    .nonce = "ada-phone-1" };
	struct verdict verdict;
	struct run run;
	int64_t other, change;
	char sql[200];
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof gone / sizeof gone[0]; i++)
		assert_true(is_in_file(&scene, gone[i]));
	change = scratch_number(scene.store, "SELECT max(id) FROM change");
	assert_int_equal(store_person_forget(scene.store, scene.person_id), ST_OK);
	assert_int_equal(store_compact(scene.store), ST_OK);
	for (i = 0; i < sizeof gone / sizeof gone[0]; i++)
		if (is_in_file(&scene, gone[i]))
			fail_msg("“%s” is still in the file", gone[i]);
	assert_int_equal(scratch_number(scene.store, "SELECT late FROM run_count"), 1);
	assert_int_equal(scratch_number(scene.store, "SELECT came FROM person_count"), 1);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM event WHERE nonce IS NULL AND note = ''"), 2);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM group_list"), 0);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM person WHERE name = 'Someone' AND visibility = 'hidden' "
	    "AND nickname IS NULL AND capability IS NULL AND profile IS NULL AND initials = ''"),
	    1);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM public_attendance"), 0);

	/* Whatever shows them is told of it. */
	snprintf(sql, sizeof sql,
	    "SELECT count(DISTINCT kind) FROM change WHERE id > %lld AND kind IN ('person', "
	    "'count', 'list', 'record')", (long long)change);
	assert_int_equal(scratch_number(scene.store, sql), 4);

	/* Nobody meets them by a name: neither by theirs nor by what they are called now. */
	assert_int_equal(store_person(scene.store, "Someone", false, 1, &other, NULL), ST_UNKNOWN);
	assert_int_equal(store_person(scene.store, "1", false, 1, &other, NULL), ST_UNKNOWN);
	assert_int_equal(store_run(scene.store, scene.run_id, &run), ST_OK);
	snprintf(attempt.session, sizeof attempt.session, "%s", run.session);
	assert_int_equal(store_attend(scene.store, &attempt, &verdict), ST_OK);
	assert_int_equal(verdict.status, ST_OK);
	assert_int_equal(verdict.ordinal, 2);
	assert_int_not_equal(scratch_person(scene.store, "Ada Lovelace"), scene.person_id);

	/* Another one, and the same one again. */
	assert_int_equal(store_person_forget(scene.store,
	    scratch_person(scene.store, "Ada Lovelace")), ST_OK);
	assert_int_equal(store_person_forget(scene.store, scene.person_id), ST_OK);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM person WHERE name = 'Someone'"), 2);
	scene_close(&scene);
}

/*
 * Names come in no order and pages are split, which leaves copies behind that no deletion reaches.
 */
static void
a_large_file_forgets_too(void **state)
{
	struct scene scene;
	char name[64];
	int i;

	(void)state;
	scene_open(&scene);
	assert_int_equal(store_begin(scene.store), ST_OK);
	for (i = 0; i < MANY; i++) {
		snprintf(name, sizeof name, "%c%.*s marker%04d.", 'a' + i * 7 % 26, i % 31,
		    "bcdefghijklmnopqrstuvwxyzabcdefg", i);
		scratch_person(scene.store, name);
		if (i % 100 == 99) {
			assert_int_equal(store_commit(scene.store), ST_OK);
			assert_int_equal(store_begin(scene.store), ST_OK);
		}
	}
	for (i = 2; i < MANY; i += 3)
		assert_int_equal(store_person_forget(scene.store, i), ST_OK);
	assert_int_equal(store_commit(scene.store), ST_OK);
	assert_int_equal(store_compact(scene.store), ST_OK);
	for (i = 2; i < MANY; i += 3) {
		/* the first of them is number 2 */
		snprintf(name, sizeof name, "marker%04d.", i - 2);
		if (is_in_file(&scene, name))
			fail_msg("“%s” is still in the file", name);
	}
	assert_true(is_in_file(&scene, "marker0001."));
	scene_close(&scene);
}

/* Whoever chose a person before somebody else forgot them, is told; so for an id of nobody. */
static void
nobody_is_changed_who_is_not_there(void **state)
{
	struct scene scene;
	int64_t ids[2] = { 99 }, change;
	size_t i;

	(void)state;
	scene_open(&scene);
	ids[1] = scene.person_id;
	assert_int_equal(store_person_forget(scene.store, scene.person_id), ST_OK);
	change = scratch_number(scene.store, "SELECT max(id) FROM change");
	for (i = 0; i < 2; i++) {
		assert_int_equal(store_person_link(scene.store, ids[i], true), ST_UNKNOWN);
		assert_non_null(strstr(store_why(scene.store), "That person is not there"));
		assert_int_equal(store_person_publish(scene.store, ids[i], true), ST_UNKNOWN);
		assert_non_null(strstr(store_why(scene.store), "That person is not there"));
		assert_int_equal(store_person_publish(scene.store, ids[i], false), ST_UNKNOWN);
		assert_int_equal(store_person_set(scene.store, ids[i], "\n", NULL), ST_NAME_BAD);
		assert_int_equal(store_person_set(scene.store, ids[i], "Countess", NULL), ST_UNKNOWN);
		assert_non_null(strstr(store_why(scene.store), "That person is not there"));
		assert_int_equal(store_person_set(scene.store, ids[i], NULL, NULL), ST_UNKNOWN);
	}
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM person "
	    "WHERE coalesce(capability, nickname, profile) IS NOT NULL"), 0);
	assert_int_equal(scratch_number(scene.store, "SELECT max(id) FROM change"), change);
	scene_close(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_known_is_counted),
		cmocka_unit_test(the_forgotten_still_count),
		cmocka_unit_test(nobody_is_changed_who_is_not_there),
		cmocka_unit_test(a_large_file_forgets_too),
	};

	if (code_init() != ST_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
