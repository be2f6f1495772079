// SPDX-License-Identifier: ISC
/*
 * test_redo_rows.c: what the redo log repeats is, row for row, what a commit would have left: the
 * same is done to two copies of a club, one of which commits while the other dies.
 */
#include <sys/wait.h>

#include "tests/unit/checkin.h"

enum what { ATTEND, SCAN, UNDO, CHECK_OUT };

/* One thing that a phone does; to be done in this order. */
struct deed {
	enum what	 what;
	const char	*name, *claim;
	enum at		 run;
	int64_t		 serial;	/* of a code for one person; 0: the run itself is named */
	bool		 has_position;
	enum status	 expected;
};

static const struct deed deeds[] = {
	{ ATTEND, "Ada Lovelace", "claim-of-the-first-phone-000001", OPEN, 0, true, ST_OK },
	{ ATTEND, "Zoë O'Neill “Zo”", "", OPEN, 0, false, ST_OK },
	{ ATTEND, "ada  lovelace", "claim-of-another-phone-00000002", OPEN, 0, false, ST_ALREADY },
	{ SCAN, "", "claim-of-a-third-phone-000000003", OPEN, 1, false, ST_OK },
	{ ATTEND, "Grace Hopper", "claim-of-a-third-phone-000000003", OPEN, 2, true, ST_OK },
	{ UNDO, "", "claim-of-the-first-phone-000001", OPEN, 0, false, ST_UNDONE },
	{ ATTEND, "Ada Lovelace", "claim-of-the-first-phone-000001", OPEN, 0, false, ST_OK },
	{ CHECK_OUT, "", "claim-of-the-first-phone-000001", OPEN, 0, false, ST_LEFT },
	{ ATTEND, "Too Early", "", SCHEDULED, 0, false, ST_NOT_OPEN },
};
#define DEEDS	(sizeof deeds / sizeof deeds[0])

static enum status
act(struct scene *scene, struct store *store, const struct deed *deed)
{
	struct attempt attempt = attempt_of(deed->name, deed->claim);
	const struct run *run = &scene->runs[deed->run];
	struct verdict verdict;
	enum status status = ST_FAULT;

	if (deed->serial > 0)
		give_token(&attempt, run, CODE_SINGLE, deed->serial);
	else
		snprintf(attempt.session, sizeof attempt.session, "%s", run->session);
	if (deed->has_position) {
		attempt.has_position = true;
		attempt.point = (struct place_point)POINT;
		attempt.accuracy_m = 12.5;
	}
	snprintf(attempt.address, sizeof attempt.address, "%s", HOME);
	switch (deed->what) {
	case ATTEND:
		status = store_attend(store, &attempt, &verdict);
		break;
	case SCAN:
		status = store_scan(store, &attempt, &verdict);
		break;
	case UNDO:
		status = store_undo(store, &attempt, &verdict);
		break;
	case CHECK_OUT:
		status = store_check_out(store, &attempt, &verdict);
		break;
	}
	return status == ST_OK ? verdict.status : status;
}

/* Do all of it, and commit at the end; or secure each, and die. */
static void
act_all(struct scene *scene, const char *path, bool commits)
{
	struct store *store;
	pid_t child = fork();
	size_t i;
	int how;

	if (child == 0) {
		if (store_open(path, STORE_WRITE, &store) != ST_OK ||
		    store_begin_secure(store) != ST_OK)
			_exit(1);
		for (i = 0; i < DEEDS; i++)
			if (act(scene, store, &deeds[i]) != deeds[i].expected ||
			    (!commits && store_secure(store) != ST_OK))
				_exit(10 + (int)i);
		if (commits && store_commit(store) != ST_OK)
			_exit(2);
		_exit(0);
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &how, 0), child);
	assert_int_equal(WEXITSTATUS(how), 0);
	assert_true(WIFEXITED(how));
}

/* Every table of one beside the other's. */
static void
assert_same(const char *one, const char *other)
{
	char sql[1024];
	struct rows *tables;
	struct driver *driver;
	int64_t rows, apart;
	int compared = 0;

	assert_int_equal(driver_open(one, DRIVER_WRITE, &driver), ST_OK);
	snprintf(sql, sizeof sql, "ATTACH '%s' AS other", other);
	assert_int_equal(driver_run(driver, sql), ST_OK);
	assert_int_equal(driver_prepare(driver,
	    "SELECT name FROM main.sqlite_schema WHERE type = 'table'", NULL, &tables), ST_OK);
	while (rows_step(tables) == ST_OK) {
		const char *name = rows_text(tables, 0, NULL);

		snprintf(sql, sizeof sql, "SELECT count(*) FROM main.\"%s\"", name);
		assert_int_equal(driver_number(driver, sql, &rows), ST_OK);
		snprintf(sql, sizeof sql,
		    "SELECT (SELECT count(*) FROM (SELECT * FROM main.\"%s\" EXCEPT "
		    "SELECT * FROM other.\"%s\")) + abs(%lld - (SELECT count(*) FROM "
		    "other.\"%s\"))", name, name, (long long)rows, name);
		assert_int_equal(driver_number(driver, sql, &apart), ST_OK);
		if (apart != 0)
			fail_msg("%s: %lld rows are not the same", name, (long long)apart);
		compared += rows > 0;
	}
	rows_free(tables);
	driver_close(driver);
	assert_true(compared > 10);
}

/* Each event is there in words, too, in its order, should the log be set aside. */
static void
assert_told(struct scene *scene)
{
	static const struct { const char *kind, *name; } lines[] = {
		{ "check-in", "Ada Lovelace" }, { "check-in", "Zoë O'Neill “Zo”" },
		{ "check-in", "Grace Hopper" }, { "undo", "Ada Lovelace" },
		{ "check-in", "Ada Lovelace" }, { "check-out", "Ada Lovelace" },
	};
	struct buffer log = { 0 };
	const char *at;
	char line[128];
	size_t i;

	assert_true(file_read(scratch_path(&scene->scratch, "club.db-redo"), &log));
	at = buffer_text(&log);
	for (i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		snprintf(line, sizeof line, "\n-- %s 2026-11-20T18:20:00+00:00 %s, run ",
		    lines[i].kind, lines[i].name);
		at = strstr(at, line);
		assert_non_null(at);
		at++;
	}
	buffer_clear(&log);
}

static void
the_log_does_the_same_again(void **state)
{
	struct scene scene;
	struct store *store;
	char died[512], committed[512];

	(void)state;
	scene_open(&scene);
	set_rule(&scene, &scene.runs[OPEN], "has_check_out", "yes");
	set_rule(&scene, &scene.runs[OPEN], "is_single", "yes");
	reload(&scene, &scene.runs[OPEN]);
	scratch_sql(scene.store, "UPDATE club SET position_days = 7");
	snprintf(died, sizeof died, "%s", scratch_path(&scene.scratch, "club.db"));
	snprintf(committed, sizeof committed, "%s", scratch_path(&scene.scratch, "twin.db"));
	assert_int_equal(driver_copy(store_driver(scene.store), committed), ST_OK);
	act_all(&scene, died, false);
	assert_told(&scene);
	act_all(&scene, committed, true);
	assert_int_equal(store_open(died, STORE_WRITE, &store), ST_OK);
	assert_int_equal(store_check(store), ST_OK);
	store_close(store);
	assert_same(died, committed);
	scene_close(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_log_does_the_same_again),
	};

	if (code_init() != ST_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
