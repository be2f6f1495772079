// SPDX-License-Identifier: ISC
/*
 * test_store.c: facts in, structs out: settings, groups, places, runs, schedules, people, lists,
 * figures, backups.
 */
#include "tests/unit/scratch.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "core/wall.h"
#include "db/store_inside.h"

struct scene {
	struct scratch	 scratch;
	struct store	*store;
	int64_t		 group_id;
};

static void
scene_open(struct scene *scene)
{
	scratch_init(&scene->scratch);
	scene->store = scratch_store(&scene->scratch, "club.db");
	scene->group_id = scratch_group(scene->store, "Tuesday");
}

static void
scene_close(struct scene *scene)
{
	assert_int_equal(store_check(scene->store), ST_OK);
	store_close(scene->store);
	scratch_clear(&scene->scratch);
}

/* ---- making and opening ---- */

static void
a_new_database_is_private_and_durable(void **state)
{
	struct scratch scratch;
	struct club club = scratch_club();
	struct store *store;
	struct stat info;

	(void)state;
	scratch_init(&scratch);
	store = scratch_store(&scratch, "club.db");
	assert_int_equal(stat(scratch_path(&scratch, "club.db"), &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	assert_string_equal(store_journal(store), "truncate");
	assert_int_equal(scratch_number(store, "PRAGMA synchronous"), 2);
	assert_int_equal(scratch_number(store, "PRAGMA foreign_keys"), 1);
	assert_int_equal(scratch_number(store, "PRAGMA temp_store"), 2);
	store_close(store);
	assert_int_equal(store_create(scratch_path(&scratch, "club.db"), &club, SCRATCH_NOW,
	    &store), ST_EXISTS);
	assert_non_null(strstr(store_why(store), "club.db already exists. Nothing was changed."));
	store_close(store);
	assert_int_equal(store_create(scratch_path(&scratch, "no-folder/club.db"), &club,
	    SCRATCH_NOW, &store), ST_FAULT);
	store_close(store);
	snprintf(club.zone, sizeof club.zone, "Mars/Olympus");
	assert_int_equal(store_create(scratch_path(&scratch, "mars.db"), &club, SCRATCH_NOW,
	    &store), ST_REFUSED);
	assert_non_null(strstr(store_why(store), "Mars/Olympus"));
	store_close(store);
	assert_int_equal(access(scratch_path(&scratch, "mars.db"), F_OK), -1);
	club = scratch_club();
	snprintf(club.address, sizeof club.address, "gopher://x");
	assert_int_equal(store_create(scratch_path(&scratch, "mars.db"), &club, SCRATCH_NOW,
	    &store), ST_REFUSED);
	store_close(store);
	assert_int_equal(access(scratch_path(&scratch, "mars.db"), F_OK), -1);
	store_close(NULL);
	assert_non_null(store_why(NULL));
	scratch_clear(&scratch);
}

/*
 * SQLite 3.40.1's traps, and what holds each:
 *   DELETE journal loses the last commit in a power cut      a_new_database_is_private_and_durable,
 *                                                            another_journal_is_taken_over
 *   synchronous is FULL, foreign keys are kept               a_new_database_is_private_and_durable,
 *                                                            no_setting_is_left_to_chance
 *   WAL-reset race before 3.51.3                             test_schema: other_files_are_refused;
 *                                                            wal_is_refused_to_readers_too
 *   a schema that another program wrote calls functions      no_setting_is_left_to_chance
 *                                                            (trusted_schema, DEFENSIVE,
 *                                                            extensions)
 *   a damaged page is read as if it were whole               no_setting_is_left_to_chance
 *                                                            (cell_size_check); damage_is_told
 *   deleted names stay in free pages                         no_setting_is_left_to_chance
 *                                                            (secure_delete, which Debian's build
 *                                                            has on by itself); test_forget
 *   a hot journal, and a reader that may not write           a_reader_mends_what_a_dead_writer_left
 *                                                            http/deploy.mjs
 *   a write that cannot begin; ENOSPC, EIO; SIGKILL         a_write_that_cannot_begin_is_no_success
 *                                                            http/faults.mjs; http/kill.mjs
 *   its file system takes less than 128 KiB at a time        test_redo: a_crowd_is_entered_as_well
 *   JSON functions on a small stack                          http/protocol.mjs: 16,000 brackets
 */
static void
no_setting_is_left_to_chance(void **state)
{
	static const enum store_mode modes[] = { STORE_WRITE, STORE_READ };
	struct scene scene;
	struct store *store;
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		assert_int_equal(store_open(scratch_path(&scene.scratch, "club.db"), modes[i],
		    &store), ST_OK);
		assert_int_equal(scratch_number(store, "PRAGMA foreign_keys"), 1);
		assert_int_equal(scratch_number(store, "PRAGMA trusted_schema"), 0);
		assert_int_equal(scratch_number(store, "PRAGMA cell_size_check"), 1);
		assert_int_equal(scratch_number(store, "PRAGMA recursive_triggers"), 0);
		assert_int_equal(driver_run(store_driver(store), "SELECT load_extension('x')"),
		    ST_FAULT);
		assert_non_null(strstr(store_why(store), "not authorized"));
		if (modes[i] == STORE_WRITE) {
			assert_int_equal(scratch_number(store, "PRAGMA synchronous"), 2);
			assert_int_equal(scratch_number(store, "PRAGMA secure_delete"), 1);
			assert_int_equal(driver_run(store_driver(store),
			    "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = sql"),
			    ST_FAULT);
			assert_non_null(strstr(store_why(store), "may not be modified"));
		}
		store_close(store);
	}
	scene_close(&scene);
}

/* sqlite3 or another program may have left any mode: a writer uses TRUNCATE all the same. */
/* A statement that cannot be prepared ends the program: none is written so. */
static void
every_statement_can_be_prepared(void **state)
{
	struct scene scene;
	enum query query;

	(void)state;
	scene_open(&scene);
	for (query = 0; query < Q_END; query++)
		assert_non_null(store_query(scene.store, query));
	scene_close(&scene);
}

static void
another_journal_is_taken_over(void **state)
{
	static const char *const modes[] = { "DELETE", "PERSIST", "MEMORY", "OFF" };
	struct scene scene;
	struct store *store;
	char pragma[64];
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof modes / sizeof modes[0]; i++) {
		snprintf(pragma, sizeof pragma, "PRAGMA journal_mode = %s", modes[i]);
		assert_int_equal(driver_run(store_driver(scene.store), pragma), ST_OK);
		assert_int_equal(store_open(scratch_path(&scene.scratch, "club.db"), STORE_WRITE,
		    &store), ST_OK);
		assert_string_equal(store_journal(store), "truncate");
		store_close(store);
	}
	scene_close(&scene);
}

static void
wal_is_refused_to_readers_too(void **state)
{
	struct scene scene;
	struct store *store;

	(void)state;
	scene_open(&scene);
	assert_int_equal(driver_run(store_driver(scene.store), "PRAGMA journal_mode = WAL"), ST_OK);
	if (strcmp(store_sqlite_version(), "3.51.3") < 0) {
		assert_int_equal(store_open(scratch_path(&scene.scratch, "club.db"), STORE_READ,
		    &store), ST_FAULT);
		assert_non_null(strstr(store_why(store), "PRAGMA journal_mode=TRUNCATE"));
		store_close(store);
	}
	scene_close(&scene);
}

/*
 * SQLite opens the journal at the first write; when it cannot, nothing was written and that is
 * said.
 */
static void
a_write_that_cannot_begin_is_no_success(void **state)
{
	struct scene scene;
	struct store *store;
	struct rlimit old, low;
	enum status status;
	int64_t id;
	int next;

	(void)state;
	scene_open(&scene);
	assert_int_equal(store_open(scratch_path(&scene.scratch, "club.db"), STORE_WRITE, &store),
	    ST_OK);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &old), 0);
	next = open("/dev/null", O_RDONLY);
	assert_true(next >= 0);
	close(next);
	low = (struct rlimit){ .rlim_cur = (rlim_t)next, .rlim_max = old.rlim_max };
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
	status = store_person(store, "Ada", true, SCRATCH_NOW, &id, NULL);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &old), 0);
	assert_int_equal(status, ST_FAULT);
	assert_int_equal(scratch_number(store, "SELECT count(*) FROM person"), 0);
	assert_int_equal(store_person(store, "Ada", true, SCRATCH_NOW, &id, NULL), ST_OK);
	store_close(store);
	scene_close(&scene);
}

static void
a_read_only_store_writes_nothing(void **state)
{
	struct scene scene;
	struct store *store;
	int64_t id;

	(void)state;
	scene_open(&scene);
	assert_int_equal(store_open(scratch_path(&scene.scratch, "club.db"), STORE_READ, &store),
	    ST_OK);
	assert_int_equal(store_group_add(store, "Other", false, SCRATCH_NOW, &id), ST_READ_ONLY);
	assert_int_equal(scratch_number(store, "SELECT count(*) FROM \"group\""), 1);
	store_close(store);
	scene_close(&scene);
}

/*
 * A writer dies in the middle of a large transaction; whoever comes next, also to read only, sees
 * what was before it.
 */
static void
a_reader_mends_what_a_dead_writer_left(void **state)
{
	struct scene scene;
	struct store *store;
	struct stat info;
	pid_t child;
	int result;

	(void)state;
	scene_open(&scene);
	scratch_person(scene.store, "Ada");
	store_close(scene.store);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		if (store_open(scratch_path(&scene.scratch, "club.db"), STORE_WRITE,
		    &store) != ST_OK || driver_run(store_driver(store),
		    "PRAGMA cache_size = 1") != ST_OK || store_begin(store) != ST_OK
		    || driver_run(store_driver(store),
		    "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000) "
		    "INSERT INTO person (name, folded, initials, created_at) SELECT i, i, i, 1 "
		    "FROM n; UPDATE person SET name = 'x' || name") != ST_OK)
			_exit(1);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_true(WIFSIGNALED(result));
	assert_int_equal(stat(scratch_path(&scene.scratch, "club.db-journal"), &info), 0);
	assert_true(info.st_size > 0);
	if (store_open(scratch_path(&scene.scratch, "club.db"), STORE_READ, &scene.store) != ST_OK)
		fail_msg("%s", store_why(scene.store));
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM person WHERE name = 'Ada'"), 1);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM person"), 1);
	scene_close(&scene);
}

/* ---- settings ---- */

static void
settings_are_checked(void **state)
{
	static const struct { const char *key, *value; enum status status; } cases[] = {
		{ "name", "  Thames   Striders ", ST_OK }, { "name", "", ST_REFUSED },
		{ "name", "a\nb", ST_REFUSED },
		{ "zone", "America/Toronto", ST_OK }, { "zone", "Toronto", ST_REFUSED },
		{ "zone", "", ST_REFUSED },
		{ "language", "de-CH", ST_OK }, { "language", "x", ST_REFUSED },
		{ "language", "en\" x=\"", ST_REFUSED },
		{ "address", "https://a.example", ST_OK },
		{ "address", "http://127.0.0.1:8010/club", ST_OK },
		{ "address", "https://a.example/", ST_REFUSED },
		{ "address", "https://", ST_REFUSED }, { "address", "https:///x", ST_REFUSED },
		{ "address", "javascript:alert(1)", ST_REFUSED },
		{ "address", "https://a.example/?x", ST_REFUSED },
		{ "address", "https://a b", ST_REFUSED },
		{ "visibility", "initials", ST_OK }, { "visibility", "Name", ST_REFUSED },
		{ "word", "meeting", ST_OK }, { "word", "party", ST_REFUSED },
		{ "opens_min", "0", ST_OK }, { "opens_min", "1440", ST_OK },
		{ "opens_min", "1441", ST_REFUSED }, { "opens_min", "-1", ST_REFUSED },
		{ "closes_min", "10m", ST_REFUSED }, { "closes_min", "", ST_REFUSED },
		{ "closes_min", "45", ST_OK },
		{ "id", "2", ST_UNKNOWN }, { "created_at", "1", ST_UNKNOWN },
	};
	struct scene scene;
	struct club club;
	size_t i;

	(void)state;
	scene_open(&scene);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		enum status status = store_club_set(scene.store, cases[i].key, cases[i].value);

		if (status != cases[i].status)
			fail_msg("%s=%s: %d, not %d", cases[i].key, cases[i].value, (int)status,
			    (int)cases[i].status);
		if (status != ST_OK)
			assert_non_null(strstr(store_why(scene.store), "Nothing was changed."));
	}
	assert_int_equal(store_club(scene.store, &club), ST_OK);
	assert_string_equal(club.name, "Thames Striders");
	assert_string_equal(club.zone, "America/Toronto");
	assert_string_equal(club.language, "de-CH");
	assert_string_equal(club.address, "http://127.0.0.1:8010/club");
	assert_string_equal(club.visibility, "initials");
	assert_string_equal(club.word, "meeting");
	assert_int_equal(club.opens_min, 1440);
	assert_int_equal(club.closes_min, 45);
	scene_close(&scene);
}

/* ---- groups, places, hosts ---- */

static void
groups_are_known_by_name_and_slug(void **state)
{
	struct scene scene;
	struct group group;
	int64_t id, other;

	(void)state;
	scene_open(&scene);
	assert_int_equal(store_group_add(scene.store, "Café  Élan!", true, SCRATCH_NOW, &id),
	    ST_OK);
	assert_int_equal(store_group_find(scene.store, "CAFÉ élan!", &group), ST_OK);
	assert_int_equal(group.id, id);
	assert_string_equal(group.name, "Café Élan!");
	assert_string_equal(group.slug, "cafe-elan");
	assert_true(group.is_closed);
	assert_int_equal(store_group_find(scene.store, "cafe-elan", &group), ST_OK);
	assert_int_equal(group.id, id);
	/* The same slug, another name. */
	assert_int_equal(store_group_add(scene.store, "Cafe Elan", false, SCRATCH_NOW, &other),
	    ST_OK);
	assert_int_equal(store_group_find(scene.store, "Cafe Elan", &group), ST_OK);
	assert_string_equal(group.slug, "cafe-elan-2");
	/* A name goes before a slug. */
	assert_int_equal(store_group_add(scene.store, "cafe-elan-2", false, SCRATCH_NOW, &id),
	    ST_OK);
	assert_int_equal(store_group_find(scene.store, "cafe-elan-2", &group), ST_OK);
	assert_int_equal(group.id, id);
	/* There already: its id. */
	id = 0;
	assert_int_equal(store_group_add(scene.store, "café élan!", false, SCRATCH_NOW, &id),
	    ST_EXISTS);
	assert_int_equal(id, other - 1);
	assert_int_equal(store_group_find(scene.store, "Nobody", &group), ST_UNKNOWN);
	assert_int_equal(store_group_add(scene.store, " ", false, SCRATCH_NOW, &id), ST_NAME_BAD);
	/* Another name: the address stays. */
	assert_int_equal(store_group_find(scene.store, "tuesday", &group), ST_OK);
	snprintf(group.name, sizeof group.name, "Wednesday");
	assert_int_equal(store_group_update(scene.store, &group), ST_OK);
	assert_int_equal(store_group_find(scene.store, "Wednesday", &group), ST_OK);
	assert_string_equal(group.slug, "tuesday");
	snprintf(group.name, sizeof group.name, "Cafe elan");
	assert_int_equal(store_group_update(scene.store, &group), ST_EXISTS);
	scene_close(&scene);
}

static void
places_keep_what_is_known(void **state)
{
	struct scene scene;
	struct place place = { .name = "Old Pier", .address = "1 Quay", .has_position = true,
	    .latitude = 51.5, .longitude = -0.1, .radius_m = 80 }, found;
	struct host host;
	int64_t id;

	(void)state;
	scene_open(&scene);
	assert_int_equal(store_place_add(scene.store, &place, SCRATCH_NOW, &id), ST_OK);
	assert_int_equal(store_place_find(scene.store, "old pier", &found), ST_OK);
	assert_int_equal(found.id, id);
	assert_string_equal(found.slug, "old-pier");
	assert_true(found.has_position && found.latitude == 51.5 && found.longitude == -0.1);
	assert_int_equal(found.radius_m, 80);
	found.has_position = false;
	found.radius_m = 0;
	assert_int_equal(store_place_update(scene.store, &found), ST_OK);
	assert_int_equal(store_place_find(scene.store, "old-pier", &found), ST_OK);
	assert_false(found.has_position);
	assert_int_equal(found.radius_m, 0);
	assert_int_equal(store_place_add(scene.store, &place, SCRATCH_NOW, &id), ST_EXISTS);
	place = (struct place){ .name = "Pole", .has_position = true, .latitude = 91 };
	assert_int_equal(store_place_add(scene.store, &place, SCRATCH_NOW, &id), ST_REFUSED);
	assert_int_equal(store_host_add(scene.store, "Ann Host", SCRATCH_NOW, &id), ST_OK);
	assert_int_equal(store_host_find(scene.store, "ann  HOST", &host), ST_OK);
	assert_int_equal(host.id, id);
	assert_int_equal(store_host_add(scene.store, "ANN host", SCRATCH_NOW, &id), ST_EXISTS);
	assert_int_equal(id, host.id);
	scene_close(&scene);
}

/* ---- runs ---- */

static void
runs_are_unique_by_group_date_start_and_title(void **state)
{
	static const struct { const char *date, *start, *title; int group; enum status status;
	    const char *slug; } cases[] = {
		{ "2026-11-24", "18:30", "", 0, ST_OK, "tuesday-1830" },
		{ "2026-11-24", "18:30", "", 0, ST_EXISTS, NULL },
		{ "2026-11-24", "18:30", "Roll call", 0, ST_OK, "tuesday-1830-roll-call" },
		{ "2026-11-24", "18:30", "Roll-Call", 0, ST_OK, "tuesday-1830-roll-call-2" },
		{ "2026-11-24", "18:30", "ROLL CALL", 0, ST_OK, "tuesday-1830-roll-call-3" },
		{ "2026-11-24", "18:31", "", 0, ST_OK, "tuesday-1831" },
		{ "2026-11-25", "18:30", "", 0, ST_OK, "tuesday-1830" },
		{ "2026-11-24", "18:30", "", 1, ST_OK, "tuesday-1830-2" },	/* "Tuesday!" */
		/* a title that only says the group */
		{ "2026-11-24", "18:30", "Tuesday", 0, ST_OK, "tuesday-1830-3" },
		{ "2026-02-29", "18:30", "", 0, ST_REFUSED, NULL },
		{ "2026-11-24", "24:00", "", 0, ST_REFUSED, NULL },
		{ "1969-11-24", "18:30", "", 0, ST_REFUSED, NULL },
	};
	struct scene scene;
	int64_t groups[2], first = 0;
	size_t i;

	(void)state;
	scene_open(&scene);
	groups[0] = scene.group_id;
	groups[1] = scratch_group(scene.store, "Tuesday!");
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct run run = { .group_id = groups[cases[i].group], .opens_min = -1,
		    .closes_min = -1 };
		enum status status;

		snprintf(run.date, sizeof run.date, "%s", cases[i].date);
		snprintf(run.start, sizeof run.start, "%s", cases[i].start);
		snprintf(run.title, sizeof run.title, "%s", cases[i].title);
		status = store_run_add(scene.store, &run, SCRATCH_NOW);
		if (status != cases[i].status)
			fail_msg("case %d: %d, not %d: %s", (int)i, (int)status,
			    (int)cases[i].status, store_why(scene.store));
		if (cases[i].slug != NULL)
			assert_string_equal(run.slug, cases[i].slug);
		if (i == 0)
			first = run.id;
		if (status == ST_EXISTS)
			assert_int_equal(run.id, first);
	}
	scene_close(&scene);
}

static void
a_run_is_read_as_it_was_added(void **state)
{
	struct scene scene;
	struct place place = { .name = "Old Pier" };
	struct run run = { .date = "2026-11-24", .start = "23:30", .end = "00:30",
	.zone = "America/New_York", .title = "Night", .uid = "uid-1",
		.opens_min = 5, .closes_min = -1 }, found;

	(void)state;
	scene_open(&scene);
	run.group_id = scene.group_id;
	assert_int_equal(store_place_add(scene.store, &place, SCRATCH_NOW, &run.place_id), ST_OK);
	assert_int_equal(store_run_add(scene.store, &run, SCRATCH_NOW), ST_OK);
	assert_int_equal(store_run_by_session(scene.store, run.session, &found), ST_OK);
	assert_int_equal(found.id, run.id);
	assert_int_equal(store_run_by_uid(scene.store, "uid-1", &found), ST_OK);
	assert_int_equal(found.id, run.id);
	assert_string_equal(found.date, "2026-11-24");
	assert_string_equal(found.end, "00:30");
	assert_string_equal(found.zone, "America/New_York");
	assert_string_equal(found.group, "Tuesday");
	assert_string_equal(found.place, "Old Pier");
	assert_int_equal(found.opens_min, 5);
	assert_int_equal(found.closes_min, 30);		/* the club's */
	assert_memory_equal(found.key, run.key, sizeof run.key);
	assert_string_equal(found.capability, run.capability);
	assert_string_equal(run_title(&found), "Night");
	found.title[0] = '\0';
	assert_string_equal(run_title(&found), "Tuesday");
	assert_int_equal(store_run(scene.store, 999, &found), ST_UNKNOWN);
	assert_int_equal(store_run_by_session(scene.store, "0000000000", &found), ST_UNKNOWN);
	assert_int_equal(store_run_by_uid(scene.store, "uid-2", &found), ST_UNKNOWN);
	run.group_id = 99;
	snprintf(run.date, sizeof run.date, "2026-11-25");
	assert_int_equal(store_run_add(scene.store, &run, SCRATCH_NOW), ST_REFUSED);
	assert_non_null(strstr(store_why(scene.store), "group does not exist"));
	snprintf(run.zone, sizeof run.zone, "Mars/Olympus");
	run.group_id = scene.group_id;
	assert_int_equal(store_run_add(scene.store, &run, SCRATCH_NOW), ST_REFUSED);
	assert_non_null(strstr(store_why(scene.store), "Mars/Olympus"));
	scene_close(&scene);
}

static int64_t
sequence_of(struct scene *scene, int64_t id)
{
	char sql[100];

	snprintf(sql, sizeof sql, "SELECT sequence FROM run WHERE id = %lld", (long long)id);
	return scratch_number(scene->store, sql);
}

static void
sequence_moves_on_with_each_change(void **state)
{
	struct scene scene;
	struct run run, other;
	char old[CODE_CAPABILITY_SIZE], slug[128];
	int64_t id;

	(void)state;
	scene_open(&scene);
	id = scratch_run(scene.store, scene.group_id, "2026-11-24", "18:30", "");
	scratch_run(scene.store, scene.group_id, "2026-12-01", "18:30", "");
	assert_int_equal(store_run_cancel(scene.store, id, true, "Ice", SCRATCH_NOW), ST_OK);
	assert_int_equal(store_run_cancel(scene.store, id, true, "Ice", SCRATCH_NOW), ST_OK);
	assert_int_equal(sequence_of(&scene, id), 1);
	assert_int_equal(store_run_cancel(scene.store, id, true, "Snow", SCRATCH_NOW), ST_OK);
	assert_int_equal(store_run(scene.store, id, &run), ST_OK);
	assert_true(run.is_cancelled);
	assert_string_equal(run.reason, "Snow");
	assert_int_equal(store_run_cancel(scene.store, id, false, "", SCRATCH_NOW), ST_OK);
	assert_int_equal(sequence_of(&scene, id), 3);
	assert_int_equal(store_run_cancel(scene.store, id, false, "", SCRATCH_NOW), ST_OK);
	assert_int_equal(sequence_of(&scene, id), 3);
	/* Moved; the slug goes along. */
	assert_int_equal(store_run(scene.store, id, &run), ST_OK);
	assert_int_equal(store_run_move(scene.store, &run, SCRATCH_NOW), ST_OK);
	assert_int_equal(sequence_of(&scene, id), 3);
	snprintf(run.date, sizeof run.date, "2026-11-25");
	snprintf(run.start, sizeof run.start, "19:00");
	run.end[0] = '\0';
	assert_int_equal(store_run_move(scene.store, &run, SCRATCH_NOW), ST_OK);
	assert_int_equal(sequence_of(&scene, id), 4);
	assert_int_equal(store_run(scene.store, id, &run), ST_OK);
	assert_string_equal(run.slug, "tuesday-1900");
	assert_string_equal(run.end, "");
	snprintf(slug, sizeof slug, "%s", run.slug);
	/* Where another is; to nowhere; what is not there. */
	other = run;
	snprintf(other.date, sizeof other.date, "2026-12-01");
	snprintf(other.start, sizeof other.start, "18:30");
	assert_int_equal(store_run_move(scene.store, &other, SCRATCH_NOW), ST_EXISTS);
	assert_non_null(strstr(store_why(scene.store), "Nothing was changed"));
	snprintf(other.date, sizeof other.date, "2026-13-01");
	assert_int_equal(store_run_move(scene.store, &other, SCRATCH_NOW), ST_REFUSED);
	other.id = 999;
	assert_int_equal(store_run_move(scene.store, &other, SCRATCH_NOW), ST_UNKNOWN);
	assert_int_equal(store_run_cancel(scene.store, 999, true, "", SCRATCH_NOW), ST_UNKNOWN);
	assert_int_equal(store_run(scene.store, id, &run), ST_OK);
	assert_string_equal(run.slug, slug);
	assert_int_equal(sequence_of(&scene, id), 4);
	/* Another capability; nothing that a calendar would show. */
	memcpy(old, run.capability, sizeof old);
	assert_int_equal(store_run_revoke(scene.store, id, SCRATCH_NOW), ST_OK);
	assert_int_equal(store_run(scene.store, id, &run), ST_OK);
	assert_string_not_equal(run.capability, old);
	assert_int_equal(strlen(run.capability), CODE_CAPABILITY_SIZE - 1);
	assert_int_equal(sequence_of(&scene, id), 4);
	scene_close(&scene);
}

/* Collect "date start" of runs. */
static bool
collect_run(void *handle, const struct run *run)
{
	struct buffer *list = handle;

	buffer_format(list, "%s%s", list->length > 0 ? " " : "", run->date + 5);
	return list->length < 60;
}

static void
runs_are_listed_by_range(void **state)
{
	struct scene scene;
	struct buffer list = { 0 };
	int64_t other;

	(void)state;
	scene_open(&scene);
	other = scratch_group(scene.store, "Other");
	scratch_run(scene.store, scene.group_id, "2026-12-01", "18:30", "");
	scratch_run(scene.store, scene.group_id, "2026-11-24", "18:30", "");
	scratch_run(scene.store, other, "2026-11-30", "18:30", "");
	assert_int_equal(store_runs(scene.store, 0, NULL, NULL, collect_run, &list), ST_OK);
	assert_string_equal(buffer_text(&list), "11-24 11-30 12-01");
	list.length = 0;
	assert_int_equal(store_runs(scene.store, scene.group_id, NULL, "2026-11-30", collect_run,
	    &list), ST_OK);
	assert_string_equal(buffer_text(&list), "11-24");
	list.length = 0;
	assert_int_equal(store_runs(scene.store, 0, "2026-11-30", "2026-12-01", collect_run, &list),
	    ST_OK);
	assert_string_equal(buffer_text(&list), "11-30 12-01");
	buffer_clear(&list);
	scene_close(&scene);
}

/* ---- schedules ---- */

static void
assert_dates(struct scene *scene, const char *expected)
{
	struct buffer list = { 0 };

	assert_int_equal(store_runs(scene->store, 0, NULL, NULL, collect_run, &list), ST_OK);
	assert_string_equal(buffer_text(&list), expected);
	buffer_clear(&list);
}

static void
schedules_make_runs_once(void **state)
{
	static const char *const skip[] = { "2026-10-27" };
	struct scene scene;
	struct schedule schedule = { .rule = "FREQ=WEEKLY;BYDAY=TU", .first = "2026-10-13",
	    .start = "18:30", .end = "20:00", .through = "2026-11-03" };
	struct schedule again;
	struct run run;
	int64_t start, end;
	int added;

	(void)state;
	scene_open(&scene);
	schedule.group_id = scene.group_id;
	again = schedule;
	assert_int_equal(store_schedule_add(scene.store, &again, skip, 1, SCRATCH_NOW, &added),
	    ST_OK);
	assert_int_equal(added, 3);
	assert_dates(&scene, "10-13 10-20 11-03");
	/* Wall time stays when the clock changes, instants move. */
	assert_int_equal(wall_instant("2026-10-20", "18:30", "Europe/London", &start), ST_OK);
	assert_int_equal(wall_instant("2026-11-03", "18:30", "Europe/London", &end), ST_OK);
	assert_int_equal(end - start, 14 * 86400 + 3600);
	assert_int_equal(scratch_number(scene.store, "SELECT count(DISTINCT start) FROM run"), 1);
	/* The same again adds nothing; further on adds what is new, and not what was skipped. */
	again = schedule;
	assert_int_equal(store_schedule_add(scene.store, &again, NULL, 0, SCRATCH_NOW, &added),
	    ST_OK);
	assert_int_equal(added, 0);
	/* One was moved away, by hand another stands in the way. */
	assert_int_equal(store_run(scene.store, 2, &run), ST_OK);
	snprintf(run.date, sizeof run.date, "2026-10-21");
	assert_int_equal(store_run_move(scene.store, &run, SCRATCH_NOW), ST_OK);
	scratch_run(scene.store, scene.group_id, "2026-11-10", "18:30", "");
	again = schedule;
	snprintf(again.through, sizeof again.through, "2026-11-17");
	assert_int_equal(store_schedule_add(scene.store, &again, NULL, 0, SCRATCH_NOW, &added),
	    ST_OK);
	assert_int_equal(added, 1);
	assert_dates(&scene, "10-13 10-21 11-03 11-10 11-17");
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM schedule WHERE through = '2026-11-17'"), 1);
	/* Less far: nothing goes back. */
	again = schedule;
	assert_int_equal(store_schedule_add(scene.store, &again, NULL, 0, SCRATCH_NOW, &added),
	    ST_OK);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM schedule WHERE through = '2026-11-17'"), 1);
	scene_close(&scene);
}

static void
bad_schedules_change_nothing(void **state)
{
	static const struct { const char *rule, *first, *start, *end, *zone, *through; } cases[] = {
		{ "FREQ=HOURLY", "2026-10-13", "18:30", "", "", "2026-11-03" },
		{ "EVERY TUESDAY", "2026-10-13", "18:30", "", "", "2026-11-03" },
		{ "FREQ=DAILY", "2026-10-32", "18:30", "", "", "2026-11-03" },
		{ "FREQ=DAILY", "2026-10-13", "18:30", "", "", "soon" },
		{ "FREQ=DAILY", "2026-10-13", "25:00", "", "", "2026-11-03" },
		{ "FREQ=DAILY", "2026-10-13", "18:30", "1930", "", "2026-11-03" },
		{ "FREQ=DAILY", "2026-10-13", "18:30", "", "Mars/Olympus", "2026-11-03" },
		/* no date, and a bad time all the same */
		{ "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "2026-10-13", "25:00", "", "",
		    "2026-11-03" },
	};
	static const char *const skip[] = { "never" };
	struct scene scene;
	struct schedule schedule;
	size_t i;
	int added;

	(void)state;
	scene_open(&scene);
	for (i = 0; i <= sizeof cases / sizeof cases[0]; i++) {
		bool is_skip = i == sizeof cases / sizeof cases[0];
		size_t at = is_skip ? 0 : i;

		schedule = (struct schedule){ .group_id = scene.group_id };
		snprintf(schedule.rule, sizeof schedule.rule, "%s",
		    is_skip ? "FREQ=DAILY" : cases[at].rule);
		snprintf(schedule.first, sizeof schedule.first, "%s", cases[at].first);
		snprintf(schedule.start, sizeof schedule.start, "%s", cases[at].start);
		snprintf(schedule.end, sizeof schedule.end, "%s", cases[at].end);
		snprintf(schedule.zone, sizeof schedule.zone, "%s", cases[at].zone);
		snprintf(schedule.through, sizeof schedule.through, "%s", cases[at].through);
		if (store_schedule_add(scene.store, &schedule, skip, is_skip, SCRATCH_NOW,
		    &added) != ST_REFUSED)
			fail_msg("case %d", (int)i);
		assert_int_equal(scratch_number(scene.store,
		    "SELECT (SELECT count(*) FROM schedule) + (SELECT count(*) FROM run) + "
		    "(SELECT count(*) FROM schedule_skip)"), 0);
	}
	scene_close(&scene);
}

/* ---- people ---- */

static void
people_are_one_a_folded_name(void **state)
{
	struct scene scene;
	int64_t id, same;
	bool is_new;

	(void)state;
	scene_open(&scene);
	assert_int_equal(store_person(scene.store, "Ada", false, SCRATCH_NOW, &id, &is_new),
	    ST_UNKNOWN);
	assert_false(is_new);
	assert_int_equal(store_person(scene.store, "Zoë  Ångström", true, SCRATCH_NOW, &id,
	    &is_new), ST_OK);
	assert_true(is_new);
	assert_int_equal(store_person(scene.store, "ZOE\xcc\x88 ångström", true, SCRATCH_NOW, &same,
	    &is_new), ST_OK);
	assert_false(is_new);
	assert_int_equal(same, id);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM person WHERE name = 'Zoë Ångström' AND initials = 'Z. Å.'"), 1);
	assert_int_equal(store_person(scene.store, "\x1b[31m", true, SCRATCH_NOW, &id, NULL),
	    ST_NAME_BAD);
	assert_int_equal(store_person_set(scene.store, same, "  Zed ", "nickname"), ST_OK);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM person WHERE nickname = 'Zed' AND visibility = 'nickname'"), 1);
	assert_int_equal(store_person_set(scene.store, same, "New", "loud"), ST_REFUSED);
	assert_int_equal(store_person_set(scene.store, same, "\n", NULL), ST_NAME_BAD);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM person WHERE nickname = 'Zed' AND visibility = 'nickname'"), 1);
	assert_int_equal(store_person_set(scene.store, same, "", ""), ST_OK);
	assert_int_equal(scratch_number(scene.store,
	    "SELECT count(*) FROM person WHERE nickname IS NULL AND visibility IS NULL"), 1);
	assert_int_equal(store_list_add(scene.store, scene.group_id, same, SCRATCH_NOW, &is_new),
	    ST_OK);
	assert_true(is_new);
	assert_int_equal(store_list_add(scene.store, scene.group_id, same, SCRATCH_NOW, &is_new),
	    ST_OK);
	assert_false(is_new);
	assert_int_equal(store_list_add(scene.store, 99, same, SCRATCH_NOW, &is_new), ST_REFUSED);
	scene_close(&scene);
}

static bool
collect_person(void *handle, const struct person *person)
{
	buffer_format(handle, "%s %lld;", person->name, (long long)person->came);
	return true;
}

static bool
collect_line(void *handle, const struct register_line *line)
{
	buffer_format(handle, "%s %s %s %s %s;", line->date + 5, line->group, line->person,
	    line->status, line->place);
	return true;
}

static bool
collect_group(void *handle, const struct group *group, int64_t runs, int64_t people)
{
	buffer_format(handle, "%s %lld %lld;", group->name, (long long)runs, (long long)people);
	return true;
}

static void
marks_lists_and_figures_agree(void **state)
{
	static const struct { int run, person; enum attendance_status mark; bool is_new;
	    } marks[] = {
		{ 1, 1, ATTENDANCE_PRESENT, true }, { 1, 1, ATTENDANCE_PRESENT, false },
		{ 1, 2, ATTENDANCE_LATE, true }, { 2, 1, ATTENDANCE_ABSENT, true },
		{ 2, 2, ATTENDANCE_EXCUSED, true }, { 2, 2, ATTENDANCE_ABSENT, true },
		{ 2, 2, ATTENDANCE_ABSENT, false },
	};
	struct scene scene;
	struct buffer list = { 0 };
	struct register_filter filter = { 0 };
	struct figures figures;
	enum attendance_status known;
	int64_t since;
	bool is_new;
	size_t i;

	(void)state;
	scene_open(&scene);
	scratch_run(scene.store, scene.group_id, "2026-11-24", "18:30", "");
	scratch_run(scene.store, scene.group_id, "2026-12-01", "18:30", "");
	scratch_person(scene.store, "Bob");
	scratch_person(scene.store, "ada");
	assert_int_equal(store_list_add(scene.store, scene.group_id, 2, SCRATCH_NOW, &is_new),
	    ST_OK);
	for (i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		assert_int_equal(store_mark(scene.store, marks[i].run, marks[i].person,
		    marks[i].mark, "import", SCRATCH_NOW + (int64_t)i, SCRATCH_NOW, &is_new),
		    ST_OK);
		assert_int_equal(is_new, marks[i].is_new);
	}
	assert_int_equal(store_mark(scene.store, 9, 1, ATTENDANCE_LATE, "import", 1, 1, &is_new),
	    ST_REFUSED);
	assert_int_equal(store_mark(scene.store, 1, 1, ATTENDANCE_LATE, "rumour", 1, 1, &is_new),
	    ST_REFUSED);
	assert_int_equal(store_attendance(scene.store, 2, 2, &known, &since), ST_OK);
	assert_int_equal(known, ATTENDANCE_ABSENT);
	assert_int_equal(since, SCRATCH_NOW + 5);
	assert_int_equal(store_attendance(scene.store, 2, 9, &known, &since), ST_UNKNOWN);
	assert_int_equal(store_people(scene.store, 0, collect_person, &list), ST_OK);
	assert_string_equal(buffer_text(&list), "ada 1;Bob 1;");
	list.length = 0;
	assert_int_equal(store_people(scene.store, scene.group_id, collect_person, &list), ST_OK);
	assert_string_equal(buffer_text(&list), "ada 1;");
	list.length = 0;
	assert_int_equal(store_groups(scene.store, collect_group, &list), ST_OK);
	assert_string_equal(buffer_text(&list), "Tuesday 2 1;");
	list.length = 0;
	assert_int_equal(store_register(scene.store, &filter, collect_line, &list), ST_OK);
	assert_string_equal(buffer_text(&list),
	    "11-24 Tuesday ada late ;11-24 Tuesday Bob present ;12-01 Tuesday ada absent ;12-01 "
	    "Tuesday Bob absent ;");
	list.length = 0;
	filter = (struct register_filter){ .from = "2026-11-25", .to = "2026-11-30" };
	assert_int_equal(store_register(scene.store, &filter, collect_line, &list), ST_OK);
	assert_int_equal(list.length, 0);
	assert_int_equal(store_figures(scene.store, &figures), ST_OK);
	assert_int_equal(figures.groups, 1);
	assert_int_equal(figures.people, 2);
	assert_int_equal(figures.runs, 2);
	assert_int_equal(figures.run_dates, 2);
	assert_int_equal(figures.attendances, 4);
	assert_int_equal(figures.present, 1);
	assert_int_equal(figures.late, 1);
	assert_int_equal(figures.excused, 0);
	assert_int_equal(figures.absent, 2);
	assert_int_equal(figures.events, 5);
	assert_int_equal(figures.schema, STORE_SCHEMA);
	buffer_clear(&list);
	scene_close(&scene);
}

/* ---- transactions and copies ---- */

static void
a_transaction_is_all_or_nothing(void **state)
{
	struct scene scene;
	struct store *other;
	int64_t id;

	(void)state;
	scene_open(&scene);
	assert_int_equal(store_begin(scene.store), ST_OK);
	scratch_run(scene.store, scene.group_id, "2026-11-24", "18:30", "");
	scratch_person(scene.store, "Ada");
	/* A refusal inside ends only itself. */
	assert_int_equal(store_group_add(scene.store, "Tuesday", false, SCRATCH_NOW, &id),
	    ST_EXISTS);
	assert_int_equal(store_person_set(scene.store, 1, "x", "loud"), ST_REFUSED);
	assert_int_equal(store_open(scratch_path(&scene.scratch, "club.db"), STORE_READ, &other),
	    ST_OK);
	assert_int_equal(scratch_number(other, "SELECT count(*) FROM run"), 0);
	assert_int_equal(store_commit(scene.store), ST_OK);
	assert_int_equal(scratch_number(other, "SELECT count(*) FROM run"), 1);
	store_close(other);
	assert_int_equal(store_begin(scene.store), ST_OK);
	scratch_person(scene.store, "Bob");
	store_rollback(scene.store);
	store_rollback(scene.store);
	assert_int_equal(scratch_number(scene.store, "SELECT count(*) FROM person"), 1);
	scene_close(&scene);
}

/* Write people until told to stop. */
static _Noreturn void
write_people(const char *path, int stop)
{
	struct store *store;
	char name[32], told;
	int64_t id;
	unsigned int i;

	fcntl(stop, F_SETFL, O_NONBLOCK);
	if (store_open(path, STORE_WRITE, &store) != ST_OK)
		_exit(1);
	for (i = 0; read(stop, &told, 1) < 0; i++) {
		snprintf(name, sizeof name, "Runner %u", i);
		if (store_person(store, name, true, SCRATCH_NOW, &id, NULL) != ST_OK)
			_exit(2);
	}
	store_close(store);
	_exit(0);
}

static void
a_backup_is_whole_while_others_write(void **state)
{
	struct scene scene;
	struct store *copy;
	struct stat info;
	char name[32];
	int64_t people = 0, now;
	int ends[2], result, i;
	pid_t child;

	(void)state;
	scene_open(&scene);
	store_close(scene.store);
	assert_int_equal(pipe(ends), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		close(ends[1]);
		write_people(scratch_path(&scene.scratch, "club.db"), ends[0]);
	}
	close(ends[0]);
	/*
	 * Who writes without a pause may keep a reader out for as long as it waits; it may ask
	 * again.
	 */
	for (i = 0; (result = (int)store_open(scratch_path(&scene.scratch, "club.db"), STORE_READ,
	    &scene.store)) == ST_LOCKED && i < 10; i++)
		store_close(scene.store);
	assert_int_equal(result, ST_OK);
	for (i = 0; i < 5; i++) {
		snprintf(name, sizeof name, "copy-%d.db", i);
		if (store_backup(scene.store, scratch_path(&scene.scratch, name)) != ST_OK)
			fail_msg("%s", store_why(scene.store));
		assert_int_equal(store_open(scratch_path(&scene.scratch, name), STORE_WRITE, &copy),
		    ST_OK);
		assert_int_equal(store_check(copy), ST_OK);
		now = scratch_number(copy, "SELECT count(*) FROM person");
		assert_true(now >= people);
		people = now;
		store_close(copy);
	}
	assert_int_equal(stat(scratch_path(&scene.scratch, "copy-0.db"), &info), 0);
	assert_int_equal(info.st_mode & 07777, 0600);
	assert_int_equal(store_backup(scene.store, scratch_path(&scene.scratch, "copy-0.db")),
	    ST_EXISTS);
	assert_int_equal(store_backup(scene.store,
	    scratch_path(&scene.scratch, "no-folder/copy.db")), ST_FAULT);
	close(ends[1]);
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_true(WIFEXITED(result) && WEXITSTATUS(result) == 0);
	scene_close(&scene);
}

static void
damage_is_told(void **state)
{
	struct scene scene;
	char noise[64];
	int file;

	(void)state;
	scene_open(&scene);
	scratch_sql(scene.store,
	    "PRAGMA foreign_keys = OFF; INSERT INTO group_list VALUES (77, 78, 1); PRAGMA "
	    "foreign_keys = ON");
	assert_int_equal(store_check(scene.store), ST_PROBLEMS);
	assert_non_null(strstr(store_why(scene.store), "foreign_key_check"));
	store_close(scene.store);
	memset(noise, 0x5a, sizeof noise);
	file = open(scratch_path(&scene.scratch, "club.db"), O_WRONLY);
	assert_true(file >= 0);
	assert_int_equal(pwrite(file, noise, sizeof noise, 3 * 4096), (ssize_t)sizeof noise);
	assert_int_equal(close(file), 0);
	if (store_open(scratch_path(&scene.scratch, "club.db"), STORE_READ, &scene.store) == ST_OK)
		assert_int_not_equal(store_check(scene.store), ST_OK);
	store_close(scene.store);
	scratch_clear(&scene.scratch);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_database_is_private_and_durable),
		cmocka_unit_test(no_setting_is_left_to_chance),
		cmocka_unit_test(every_statement_can_be_prepared),
		cmocka_unit_test(another_journal_is_taken_over),
		cmocka_unit_test(wal_is_refused_to_readers_too),
		cmocka_unit_test(a_write_that_cannot_begin_is_no_success),
		cmocka_unit_test(a_read_only_store_writes_nothing),
		cmocka_unit_test(a_reader_mends_what_a_dead_writer_left),
		cmocka_unit_test(settings_are_checked),
		cmocka_unit_test(groups_are_known_by_name_and_slug),
		cmocka_unit_test(places_keep_what_is_known),
		cmocka_unit_test(runs_are_unique_by_group_date_start_and_title),
		cmocka_unit_test(a_run_is_read_as_it_was_added),
		cmocka_unit_test(sequence_moves_on_with_each_change),
		cmocka_unit_test(runs_are_listed_by_range),
		cmocka_unit_test(schedules_make_runs_once),
		cmocka_unit_test(bad_schedules_change_nothing),
		cmocka_unit_test(people_are_one_a_folded_name),
		cmocka_unit_test(marks_lists_and_figures_agree),
		cmocka_unit_test(a_transaction_is_all_or_nothing),
		cmocka_unit_test(a_backup_is_whole_while_others_write),
		cmocka_unit_test(damage_is_told),
	};

	if (code_init() != ST_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
