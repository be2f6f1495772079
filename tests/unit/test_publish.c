// SPDX-License-Identifier: ISC
/*
 * test_publish.c: an incremental site equals a full one, byte for byte, whatever happened;
 * publishing again writes nothing; failures leave the old files.
 *
 * TURNOUT_SEEDS is the number of random histories (3; 1 under sanitizers). TURNOUT_STRICT compares
 * after each publish, to find the step at fault.
 */
#include "tests/unit/scratch.h"

#include <dirent.h>

#include "core/wall.h"
#include "db/manifest.h"
#include "gen/publish_inside.h"

#define REAL	"templates"
#define SMALL	"tests/golden/club/templates"
#define STEPS	60
#if defined __SANITIZE_ADDRESS__ || defined __SANITIZE_THREAD__
#define SEEDS	1
#else
#define SEEDS	3
#endif

/* ---- two trees ---- */

/* Which page made `path`, by the manifest of `site`? */
static void
print_maker(const char *site, const char *path)
{
	char file[600];
	struct driver *driver;
	struct rows *rows;

	snprintf(file, sizeof file, "%s/manifest.db", site);
	if (driver_open(file, DRIVER_READ, &driver) == ST_OK
	    && driver_prepare(driver, "SELECT page, key FROM file WHERE path = :path", NULL,
	    &rows) == ST_OK) {
		rows_bind_text(rows, "path", path);
		if (rows_step(rows) == ST_OK)
			print_error("  %s: made by page %s, key %s\n", site,
			    rows_text(rows, 0, NULL), rows_text(rows, 1, NULL));
		rows_free(rows);
	}
	driver_close(driver);
}

static bool
report_difference(const char *a, const char *b, const char *path, const char *what)
{
	print_error("%s: %s\n", path, what);
	print_maker(a, path);
	print_maker(b, path);
	return false;
}

static int
is_visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static void
free_entries(struct dirent **entries, int count)
{
	while (count-- > 0)
		free(entries[count]);
	free(entries);
}

static bool
is_same_file(const char *a, const char *b)
{
	struct buffer one = { 0 }, other = { 0 };
	bool is_same;

	assert_true(file_read(a, &one) && file_read(b, &other));
	is_same = one.length == other.length &&
	    (one.length == 0 || memcmp(one.data, other.data, one.length) == 0);
	buffer_clear(&one);
	buffer_clear(&other);
	return is_same;
}

/* Are the folders a/path and b/path the same: names, modes and content, all the way down? */
static bool
is_same_tree(const char *a, const char *b, const char *path)
{
	char one[2048], other[2048], below[1024];
	struct dirent **left = NULL, **right = NULL;
	struct stat info_one, info_other;
	int n_left, n_right, i = 0, j = 0, order;
	bool is_same = true;

	snprintf(one, sizeof one, "%s/%s", a, path);
	snprintf(other, sizeof other, "%s/%s", b, path);
	n_left = scandir(one, &left, is_visible, alphasort);
	n_right = scandir(other, &right, is_visible, alphasort);
	n_left = n_left < 0 ? 0 : n_left;	/* a root is made with its first file, and stays */
	n_right = n_right < 0 ? 0 : n_right;
	while (is_same && (i < n_left || j < n_right)) {
		order = i == n_left ? 1 : j == n_right ? -1
		    : strcmp(left[i]->d_name, right[j]->d_name);
		snprintf(below, sizeof below, "%s/%s", path,
		    order <= 0 ? left[i]->d_name : right[j]->d_name);
		i += order <= 0;
		j += order >= 0;
		if (order != 0) {
			is_same = report_difference(a, b, below,
			    order < 0 ? "only in the first" : "only in the second");
			break;
		}
		snprintf(one, sizeof one, "%s/%s", a, below);
		snprintf(other, sizeof other, "%s/%s", b, below);
		assert_int_equal(lstat(one, &info_one), 0);
		assert_int_equal(lstat(other, &info_other), 0);
		if (info_one.st_mode != info_other.st_mode)
			is_same = report_difference(a, b, below, "different modes");
		else if (S_ISDIR(info_one.st_mode))
			is_same = is_same_tree(a, b, below);
		else if (!is_same_file(one, other))
			is_same = report_difference(a, b, below, "different content");
	}
	free_entries(left, n_left);
	free_entries(right, n_right);
	return is_same;
}

static bool
is_same_site(const char *a, const char *b)
{
	bool is_same = is_same_tree(a, b, "public");

	return is_same_tree(a, b, "private") && is_same;
}

/* ---- publishing ---- */

static struct publisher *
open_publisher(const char *db, const char *templates, const char *site)
{
	struct publisher *publisher;
	struct store *none = NULL;

	if (publisher_open(db, &none, templates, site, &publisher) != ST_OK)
		fail_msg("%s", publisher_why(publisher));
	return publisher;
}

static struct publish_report
publish_now(struct publisher *publisher, int64_t now)
{
	struct publish_report report;

	if (publish(publisher, &(struct publish_request){ .now = now }, &report) != ST_OK)
		fail_msg("%s", publisher_why(publisher));
	return report;
}

/* A copy of `templates` in the scratch: nobody edits it while the test runs. */
static void
copy_templates(struct scratch *scratch, const char *templates, char copy[512])
{
	static const char *const parts[] = { "pages", "partials", "assets", "messages" };
	char from[1024], name[512];
	struct buffer content = { 0 };
	struct dirent **entries;
	size_t part;
	int i, count;

	snprintf(copy, 512, "%s", scratch_path(scratch, "templates"));
	scratch_folder(scratch, "templates");
	for (part = 0; part < sizeof parts / sizeof parts[0]; part++) {
		snprintf(from, sizeof from, "%s/%s", templates, parts[part]);
		if (!file_exists(from) && strcmp(parts[part], "messages") == 0)
			continue;	/* templates without messages are whole */
		snprintf(from, sizeof from, "templates/%s", parts[part]);
		scratch_folder(scratch, from);
		snprintf(from, sizeof from, "%s/%s", templates, parts[part]);
		count = scandir(from, &entries, is_visible, alphasort);
		assert_true(count > 0);
		for (i = 0; i < count; i++) {
			snprintf(from, sizeof from, "%s/%s/%s", templates, parts[part],
			    entries[i]->d_name);
			snprintf(name, sizeof name, "templates/%s/%s", parts[part],
			    entries[i]->d_name);
			content.length = 0;
			assert_true(file_read(from, &content));
			scratch_write(scratch, name, buffer_text(&content));
		}
		free_entries(entries, count);
	}
	buffer_clear(&content);
}

/* A full build into a folder of its own, and whether `site` is the same. */
static bool
is_as_full(struct scratch *scratch, const char *templates, const char *site, int64_t now,
    const char *name)
{
	struct publisher *publisher;
	struct publish_report report;

	publisher = open_publisher(scratch_path(scratch, "club.db"), templates,
	    scratch_path(scratch, name));
	report = publish_now(publisher, now);
	publisher_close(publisher);
	assert_true(report.is_full);
	assert_true(report.pages > 0);
	assert_int_equal(report.changed, report.pages);
	return is_same_site(site, scratch_path(scratch, name));
}

/* ---- a random history ---- */

struct history {
	struct store	*store;
	int64_t		 now;
	uint64_t	 random;
	char		 last[128];	/* what was done last, for messages */
};

/* 0 .. limit - 1; splitmix64. */
static int
pick(struct history *history, int limit)
{
	uint64_t z = (history->random += 0x9e3779b97f4a7c15u);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return (int)((z ^ (z >> 31)) % (uint64_t)limit);
}

/* A random id of `table`, 0 when it is empty. */
static int64_t
pick_id(struct history *history, const char *table)
{
	char sql[128];
	int64_t count;

	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", table);
	count = scratch_number(history->store, sql);
	if (count == 0)
		return 0;
	snprintf(sql, sizeof sql, "SELECT id FROM %s ORDER BY id LIMIT 1 OFFSET %d", table,
	    pick(history, (int)count));
	return scratch_number(history->store, sql);
}

/* A date near the clock, now and then far from it. */
static void
pick_date(struct history *history, char date[WALL_DATE_SIZE])
{
	char today[WALL_DATE_SIZE], time[WALL_TIME_SIZE];
	int reach = pick(history, 5) == 0 ? 400 : pick(history, 2) == 0 ? 2 : 40;

	assert_int_equal(wall_local(history->now, "Europe/London", today, time), ST_OK);
	assert_int_equal(wall_date_add(today, pick(history, 2 * reach + 1) - reach, date), ST_OK);
}

static void
pick_time(struct history *history, struct run *run)
{
	static const char *const zones[] = { "Europe/London", "Europe/London", "America/New_York",
	    "Pacific/Auckland" };
	static const char *const titles[] = { "", "", "Hill repeats", "Roll call; \"all\", <b>&",
	    "Tempo, 8 km" };
	unsigned int start = (unsigned int)pick(history, 24 * 60);

	pick_date(history, run->date);
	snprintf(run->start, sizeof run->start, "%02u:%02u", start / 60 % 24, start % 60);
	start = start + (unsigned int)pick(history, 200);
	snprintf(run->end, sizeof run->end, "%02u:%02u", start / 60 % 24, start % 60);
	if (pick(history, 6) == 0)
		run->end[0] = '\0';
	snprintf(run->zone, sizeof run->zone, "%s", zones[pick(history, 4)]);
	snprintf(run->title, sizeof run->title, "%s", titles[pick(history, 5)]);
}

static void
add_run(struct history *history)
{
	struct run run = { .group_id = pick_id(history, "\"group\""),
	    .place_id = pick(history, 2) == 0 ? 0 : pick_id(history, "place"),
		.opens_min = pick(history, 3) == 0 ? 1440 : -1,
		    .closes_min = pick(history, 3) == 0 ? 600 : -1 };
	enum status status;

	pick_time(history, &run);
	status = store_run_add(history->store, &run, history->now);
	assert_true(status == ST_OK || status == ST_EXISTS);
}

static void
move_run(struct history *history)
{
	struct run run;
	enum status status;

	if (store_run(history->store, pick_id(history, "run"), &run) != ST_OK)
		return;
	if (pick(history, 2) == 0)
		pick_time(history, &run);
	else
		pick_date(history, run.date);
	run.place_id = pick(history, 2) == 0 ? 0 : pick_id(history, "place");
	status = store_run_move(history->store, &run, history->now);
	assert_true(status == ST_OK || status == ST_EXISTS);
}

static void
cancel_run(struct history *history)
{
	int64_t id = pick_id(history, "run");

	if (id != 0)
		assert_int_equal(store_run_cancel(history->store, id, pick(history, 3) != 0,
		    "Ice, \\ and \"snow\"; <none>", history->now), ST_OK);
}

/* Whatever tool wrote: a run without events is deleted behind the store's back. */
static void
delete_run(struct history *history)
{
	char sql[200];

	snprintf(sql, sizeof sql,
	    "DELETE FROM run WHERE id = %lld AND id NOT IN (SELECT run_id FROM event)",
	    (long long)pick_id(history, "run"));
	scratch_sql(history->store, sql);
}

static void
pick_name(struct history *history, char name[64])
{
	static const char *const first[] = { "Ada", "Żaneta", "Jo <b>", "李", "=SUM(A1)", "O'Neil" };

	snprintf(name, 64, "%s %c", first[pick(history, 6)], 'A' + pick(history, 8));
}

/* Somebody at a run of these days, by its session id; often it is not open. */
static void
check_in(struct history *history)
{
	struct attempt attempt = { .now = history->now };
	struct verdict verdict;
	struct run run;
	char name[64], sql[200], date[WALL_DATE_SIZE], time[WALL_TIME_SIZE];

	assert_int_equal(wall_local(history->now, "Europe/London", date, time), ST_OK);
	snprintf(sql, sizeof sql,
	    "SELECT coalesce((SELECT id FROM run WHERE date >= date('%s', '-1 day') ORDER BY "
	    "date, start, id LIMIT 1 OFFSET %d), 0)", date, pick(history, 3));
	if (store_run(history->store, scratch_number(history->store, sql), &run) != ST_OK)
		return;
	pick_name(history, name);
	snprintf(attempt.name, sizeof attempt.name, "%s", name);
	snprintf(attempt.session, sizeof attempt.session, "%s", run.session);
	assert_int_equal(store_attend(history->store, &attempt, &verdict), ST_OK);
}

static void
mark_person(struct history *history)
{
	char name[64];
	int64_t person, run = pick_id(history, "run");
	bool is_new;

	pick_name(history, name);
	if (run == 0)
		return;
	assert_int_equal(store_person(history->store, name, true, history->now, &person, NULL),
	    ST_OK);
	assert_int_equal(store_mark(history->store, run, person,
	    (enum attendance_status)pick(history, ATTENDANCE_END), "host",
	    history->now - pick(history, 3) * 100, history->now, &is_new), ST_OK);
}

static void
undo_event(struct history *history)
{
	char sql[400];
	int64_t id = pick_id(history, "event");

	snprintf(sql, sizeof sql,
	    "INSERT INTO event (run_id, person_id, kind, status, at, received_at, proof) "
	    "SELECT run_id, person_id, 'undo', status, %lld, %lld, 'host' FROM event WHERE id = "
	    "%lld", (long long)history->now, (long long)history->now, (long long)id);
	scratch_sql(history->store, sql);
}

static void
rename_group(struct history *history)
{
	struct group group = { .id = pick_id(history, "\"group\""),
	    .is_closed = pick(history, 4) == 0 };

	snprintf(group.name, sizeof group.name, "Squad <%d>", pick(history, 1000));
	assert_true(group.id != 0);
	if (store_group_update(history->store, &group) == ST_EXISTS)
		return;
}

static void
add_group(struct history *history)
{
	char name[32];
	int64_t id;

	snprintf(name, sizeof name, "Group %d", pick(history, 1000));
	assert_int_not_equal(store_group_add(history->store, name, false, history->now, &id),
	    ST_FAULT);
}

static void
change_place(struct history *history)
{
	struct place place = { .id = pick_id(history, "place") };
	enum status status;

	snprintf(place.name, sizeof place.name, "Park %d", pick(history, 1000));
	snprintf(place.address, sizeof place.address, "%d High Street; \"N1\"", pick(history, 200));
	if (place.id == 0 || pick(history, 3) == 0)
		status = store_place_add(history->store, &place, history->now, &place.id);
	else
		status = store_place_update(history->store, &place);
	assert_true(status == ST_OK || status == ST_EXISTS);
}

static void
change_person(struct history *history)
{
	static const char *const visibilities[] = { "hidden", "initials", "nickname", "name", "" };
	int64_t id = pick_id(history, "person");

	if (id != 0)
		assert_int_equal(store_person_set(history->store, id,
		    pick(history, 2) == 0 ? "Speedy" : NULL,
		    visibilities[pick(history, 5)]), ST_OK);
}

/* A page of their own, another address for it, or none; a public one, or none. */
static void
give_page(struct history *history)
{
	int64_t id = pick_id(history, "person");

	if (id == 0)
		return;
	if (pick(history, 2) == 0)
		assert_int_equal(store_person_link(history->store, id, pick(history, 4) != 0),
		    ST_OK);
	else
		assert_int_equal(store_person_publish(history->store, id, pick(history, 4) != 0),
		ST_OK);
}

static void
change_club(struct history *history)
{
	static const char *const visibilities[] = { "hidden", "initials", "nickname", "name" };

	if (pick(history, 3) == 0)	/* it makes a full build, so not too often */
		assert_int_equal(store_club_set(history->store,
		    "visibility", visibilities[pick(history, 4)]), ST_OK);
}

/* What readers may choose, or the language of a group. */
static void
change_languages(struct history *history)
{
	static const char *const offered[] = { "", "de", "en,de", "ar" },
	    *const languages[] = { "", "", "de", "en", "ar" };
	char sql[128];

	if (pick(history, 3) == 0) {
		assert_int_equal(store_club_set(history->store,
		    "languages", offered[pick(history, 4)]), ST_OK);
		return;
	}
	snprintf(sql, sizeof sql,
	    "UPDATE \"group\" SET language = nullif('%s', '') WHERE id = %lld",
	    languages[pick(history, 5)], (long long)pick_id(history, "\"group\""));
	assert_int_equal(driver_run(store_driver(history->store), sql), ST_OK);
}

static void
list_person(struct history *history)
{
	int64_t person = pick_id(history, "person"), group = pick_id(history, "\"group\"");
	bool is_new;

	if (person != 0 && group != 0)
		assert_int_equal(store_list_add(history->store, group, person, history->now,
		    &is_new), ST_OK);
}

static void
add_schedule(struct history *history)
{
	static const char *const rules[] = { "FREQ=WEEKLY;BYDAY=TU",
	    "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA", "FREQ=MONTHLY;BYDAY=1MO" };
	struct schedule schedule = { .group_id = pick_id(history, "\"group\""),
	    .place_id = pick_id(history, "place"), .start = "18:30", .end = "20:00" };
	int added;

	pick_date(history, schedule.first);
	assert_int_equal(wall_date_add(schedule.first, 30, schedule.through), ST_OK);
	snprintf(schedule.rule, sizeof schedule.rule, "%s", rules[pick(history, 3)]);
	assert_int_equal(store_schedule_add(history->store, &schedule, NULL, 0, history->now,
	    &added), ST_OK);
}

static void
move_clock(struct history *history)
{
	switch (pick(history, 6)) {
	case 0:
		history->now += 86400 * pick(history, 30);
		break;
	case 1:
	case 2:
		history->now += 3600 * pick(history, 20);
		break;
	default:
		history->now += pick(history, 5400);
		break;
	}
}

static void
do_something(struct history *history)
{
	static const struct {
		const char	*name;
		void		(*act)(struct history *);
		int		 weight;
	} acts[] = {
		{ "add a run", add_run, 5 }, { "move a run", move_run, 4 },
		{ "cancel a run", cancel_run, 3 },
		{ "delete a run", delete_run, 1 }, { "check in", check_in, 8 },
		{ "mark somebody", mark_person, 5 },
		{ "undo", undo_event, 3 }, { "rename a group", rename_group, 2 },
		{ "add a group", add_group, 1 },
		{ "change a place", change_place, 2 }, { "change a person", change_person, 3 },
		{ "give a page", give_page, 3 }, { "change the club", change_club, 1 },
		{ "change languages", change_languages, 1 },
		{ "list somebody", list_person, 1 }, { "add a schedule", add_schedule, 1 },
		{ "move the clock", move_clock, 6 },
	};
	int total = 0, chosen;
	size_t i;

	for (i = 0; i < sizeof acts / sizeof acts[0]; i++)
		total += acts[i].weight;
	chosen = pick(history, total);
	for (i = 0; chosen >= acts[i].weight; i++)
		chosen -= acts[i].weight;
	acts[i].act(history);
	snprintf(history->last + strlen(history->last),
	    sizeof history->last - strlen(history->last), "%s, ", acts[i].name);
}

static void
play_history(const char *templates, uint64_t seed)
{
	struct scratch scratch;
	struct history history = { .now = SCRATCH_NOW, .random = seed };
	struct publisher *publisher;
	char site[512], copy[512], name[32];
	bool is_strict = getenv("TURNOUT_STRICT") != NULL;
	int step;

	scratch_init(&scratch);
	copy_templates(&scratch, templates, copy);
	templates = copy;
	history.store = scratch_store(&scratch, "club.db");
	scratch_group(history.store, "Tuesday");
	scratch_group(history.store, "Track");
	for (step = 0; step < 12; step++)
		add_run(&history);
	snprintf(site, sizeof site, "%s", scratch_path(&scratch, "site"));
	publisher = open_publisher(scratch_path(&scratch, "club.db"), templates, site);
	for (step = 1; step <= STEPS; step++) {
		do_something(&history);
		if (pick(&history, 3) != 0 && step % 10 != 0)
			continue;
		publish_now(publisher, history.now);
		snprintf(name, sizeof name, "full-%d", step);
		if ((is_strict || step % 10 == 0) &&
		    !is_as_full(&scratch, templates, site, history.now, name))
			fail_msg("seed %llu, step %d, now %lld: after %sthe site is not as a full "
			    "build makes it", (unsigned long long)seed, step,
			    (long long)history.now, history.last);
		if (is_strict || step % 10 == 0)
			history.last[0] = '\0';
	}
	publisher_close(publisher);
	store_close(history.store);
	scratch_clear(&scratch);
}

static void
any_history_ends_as_a_full_build(void **state)
{
	const char *seeds = getenv("TURNOUT_SEEDS");
	int count = seeds == NULL ? SEEDS : atoi(seeds), seed;

	(void)state;
	for (seed = 1; seed <= count; seed++) {
		play_history(REAL, (uint64_t)seed);
		play_history(SMALL, (uint64_t)seed + 1000);
	}
}

/* ---- single histories ---- */

/* A club with a few runs, published once with `templates`. */
struct scene {
	struct scratch		 scratch;
	struct store		*store;
	struct publisher	*publisher;
	char			 site[512];
	int64_t			 group_id, run_id;
};

/* Does the file have the text in it? */
static bool
is_in(struct scratch *scratch, const char *name, const char *text)
{
	struct buffer content = { 0 };
	bool is_there = file_read(scratch_path(scratch, name), &content) &&
	    strstr(buffer_text(&content), text) != NULL;

	buffer_clear(&content);
	return is_there;
}

static void
scene_open(struct scene *scene, const char *templates)
{
	scratch_init(&scene->scratch);
	scene->store = scratch_store(&scene->scratch, "club.db");
	scene->group_id = scratch_group(scene->store, "Tuesday");
	scratch_run(scene->store, scene->group_id, "2026-11-17", "18:30", "");
	scene->run_id = scratch_run(scene->store, scene->group_id, "2026-11-20", "18:30", "");
	scratch_run(scene->store, scene->group_id, "2026-12-01", "18:30", "");
	snprintf(scene->site, sizeof scene->site, "%s", scratch_path(&scene->scratch, "site"));
	scene->publisher = open_publisher(scratch_path(&scene->scratch, "club.db"), templates,
	    scene->site);
	publish_now(scene->publisher, SCRATCH_NOW);
}

static void
scene_close(struct scene *scene)
{
	publisher_close(scene->publisher);
	store_close(scene->store);
	scratch_clear(&scene->scratch);
}

/* Somebody of that name checks in at the run that is open. */
static void
scene_check_in(struct scene *scene, const char *name)
{
	struct attempt attempt = { .now = SCRATCH_NOW };
	struct verdict verdict;
	struct run run;

	assert_int_equal(store_run(scene->store, scene->run_id, &run), ST_OK);
	snprintf(attempt.session, sizeof attempt.session, "%s", run.session);
	snprintf(attempt.name, sizeof attempt.name, "%s", name);
	assert_int_equal(store_attend(scene->store, &attempt, &verdict), ST_OK);
	assert_int_equal(verdict.status, ST_OK);
}

static void
twice_writes_nothing(void **state)
{
	static const char *const templates[] = { REAL, SMALL };
	struct scene scene;
	struct publish_report report;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof templates / sizeof templates[0]; i++) {
		scene_open(&scene, templates[i]);
		report = publish_now(scene.publisher, SCRATCH_NOW);
		assert_false(report.is_full);
		assert_int_equal(report.changed, 0);
		assert_int_equal(report.removed, 0);
		assert_int_equal(publish(scene.publisher,
		    &(struct publish_request){ .now = SCRATCH_NOW, .is_full = true }, &report),
		    ST_OK);
		assert_true(report.is_full);
		assert_int_equal(report.changed, 0);
		assert_int_equal(report.removed, 0);
		/* Another process, later. */
		publisher_close(scene.publisher);
		scene.publisher = open_publisher(scratch_path(&scene.scratch, "club.db"),
		    templates[i], scene.site);
		report = publish_now(scene.publisher, SCRATCH_NOW);
		assert_false(report.is_full);
		assert_int_equal(report.changed, 0);
		scene_close(&scene);
	}
}

static void
one_check_in_touches_few_pages(void **state)
{
	struct scene scene;
	struct publish_report report;

	(void)state;
	scene_open(&scene, SMALL);
	scene_check_in(&scene, "Ada");
	report = publish_now(scene.publisher, SCRATCH_NOW);
	assert_int_equal(report.changed, 4);	/* the index, the run, the month, the host's */
	assert_int_equal(report.removed, 0);
	assert_true(is_as_full(&scene.scratch, SMALL, scene.site, SCRATCH_NOW, "full"));
	scene_close(&scene);
}

/* How many statements of page number `i` are there. */
static size_t
count_prepared(struct pages *pages, size_t i)
{
	const struct page *page = pages_at(pages, i);
	size_t query, count = 0;

	for (query = 0; query < page->n_queries; query++)
		count += page->queries[query].rows != NULL;
	return count;
}

/*
 * In a process that did not make the site, nothing is prepared before it is needed; then all that a
 * check-in asks, and no other page.
 */
static void
what_a_check_in_needs_is_there_before(void **state)
{
	static const char *const asked[] = { "api-attendance", "home", "host-live", "live", "run" };
	struct scene scene;
	struct pages *pages;
	size_t i, next = 0;

	(void)state;
	scene_open(&scene, REAL);
	publisher_close(scene.publisher);
	scene.publisher = open_publisher(scratch_path(&scene.scratch, "club.db"), REAL, scene.site);
	assert_int_equal(publish_now(scene.publisher, SCRATCH_NOW).changed, 0);
	pages = scene.publisher->pages;
	for (i = 0; i < pages_count(pages); i++)
		assert_true(count_prepared(pages, i) <= 1);	/* keys that are asked always */
	publisher_warm(scene.publisher);
	for (i = 0; i < pages_count(pages); i++) {
		const struct page *page = pages_at(pages, i);
		bool is_asked = next < sizeof asked / sizeof asked[0] &&
		    strcmp(page->name, asked[next]) == 0;

		next += is_asked;
		assert_true(is_asked
		    ? count_prepared(pages, i) == page->n_queries &&
		    page->texts[page->language].is_checked : count_prepared(pages, i) <= 1);
	}
	assert_int_equal(next, sizeof asked / sizeof asked[0]);
	scene_check_in(&scene, "Ada");
	assert_int_equal(publish_now(scene.publisher, SCRATCH_NOW).changed, 5);
	assert_true(is_as_full(&scene.scratch, REAL, scene.site, SCRATCH_NOW, "full"));
	scene_close(&scene);
}

/*
 * Another process finds in the manifest what the last one read of the templates; but not of a
 * folder where somebody was just writing.
 */
static void
untouched_templates_are_remembered(void **state)
{
	static const char *const templates[] = { SMALL, REAL };
	struct scene scene;
	struct pages *pages = NULL;
	struct pages_memory memory = { 0 };
	struct mustache_error why;
	char copy[512], db[512];
	size_t i, n_pages;

	(void)state;
	for (i = 0; i < 2; i++) {
		scene_open(&scene, templates[i]);
		n_pages = pages_count(scene.publisher->pages);
		assert_false(pages_is_remembered(scene.publisher->pages));
		publisher_close(scene.publisher);
		scene_check_in(&scene, "Ada");
		snprintf(db, sizeof db, "%s", scratch_path(&scene.scratch, "club.db"));
		scene.publisher = open_publisher(db, templates[i], scene.site);
		assert_true(pages_is_remembered(scene.publisher->pages));
		assert_int_equal(pages_count(scene.publisher->pages), n_pages);
		assert_true(publish_now(scene.publisher, SCRATCH_NOW).changed >= 4);
		assert_true(is_as_full(&scene.scratch, templates[i], scene.site, SCRATCH_NOW,
		    "full"));

		/*
		 * Of another stamp it is no memory, and a hash that is not certain makes it none.
		 */
		pages_remember(scene.publisher->pages, &memory);
		memory.stamp[0] ^= 1;
		assert_int_equal(pages_load(store_driver(scene.store), templates[i], &memory,
		    &pages, &why), ST_OK);
		assert_false(pages_is_remembered(pages));
		pages_clear(pages);
		pages_memory_clear(&memory);
		pages_remember(scene.publisher->pages, &memory);
		pages_memory_add(&memory, "new", (const uint8_t[MANIFEST_HASH_BYTES]){ 0 }, 0);
		assert_int_equal(pages_load(store_driver(scene.store), templates[i], &memory,
		    &pages, &why), ST_OK);
		assert_false(pages_is_remembered(pages));
		pages_clear(pages);
		pages_memory_clear(&memory);
		scene_close(&scene);
	}

	scratch_init(&scene.scratch);
	copy_templates(&scene.scratch, SMALL, copy);
	scene.store = scratch_store(&scene.scratch, "club.db");
	assert_int_equal(pages_load(store_driver(scene.store), copy, NULL, &pages, &why), ST_OK);
	assert_memory_equal(pages_stamp(pages), ((const uint8_t[MANIFEST_HASH_BYTES]){ 0 }),
	    MANIFEST_HASH_BYTES);
	pages_clear(pages);
	store_close(scene.store);
	scratch_clear(&scene.scratch);
}

static void
write_manifest(struct scene *scene, const char *sql)
{
	struct driver *driver;
	char path[600];

	snprintf(path, sizeof path, "%s/manifest.db", scene->site);
	assert_int_equal(driver_open(path, DRIVER_CACHE, &driver), ST_OK);
	if (driver_run(driver, sql) != ST_OK)
		fail_msg("%s", driver_why(driver));
	driver_close(driver);
}

/* Is `text` in the front page after another check-in and a publish by a process of its own? */
static bool
is_published(struct scene *scene, const char *name, const char *text)
{
	struct buffer page = { 0 };
	char path[600];
	bool is_there;

	publisher_close(scene->publisher);
	scene_check_in(scene, name);
	scene->publisher = open_publisher(scratch_path(&scene->scratch, "club.db"), REAL,
	    scene->site);
	assert_true(publish_now(scene->publisher, SCRATCH_NOW).changed >= 4);
	snprintf(path, sizeof path, "%s/public/index.html", scene->site);
	assert_true(file_read(path, &page));
	is_there = strstr(buffer_text(&page), text) != NULL;
	buffer_clear(&page);
	return is_there;
}

/*
 * What templates say in a language is taken from the manifest while nobody touches them, and made
 * anew where it is not there.
 */
static void
words_of_untouched_templates_are_remembered(void **state)
{
	struct scene scene;

	(void)state;
	scene_open(&scene, REAL);
	write_manifest(&scene,
	    "UPDATE text SET content = replace(content, '<main', '<p>kept</p><main')");
	assert_true(is_published(&scene, "Ada", "<p>kept</p>"));
	write_manifest(&scene, "DELETE FROM text");
	assert_false(is_published(&scene, "Ben", "<p>kept</p>"));
	write_manifest(&scene,
	    "UPDATE text SET content = replace(content, '<main', '<p>kept</p><main')");
	assert_true(is_published(&scene, "Cy", "<p>kept</p>"));
	write_manifest(&scene,
	    "UPDATE state SET stamp = zeroblob(16); INSERT INTO text VALUES ('gone', 'en', '')");
	assert_false(is_published(&scene, "Di", "<p>kept</p>"));
	write_manifest(&scene,
	    "CREATE TEMP TABLE one (id PRIMARY KEY); INSERT INTO one VALUES ('gone'); "
	    /* it is no more, or there were two */
	    "INSERT INTO one SELECT name FROM text WHERE name = 'gone'");
	assert_true(is_as_full(&scene.scratch, REAL, scene.site, SCRATCH_NOW, "full"));
	scene_close(&scene);
}

static void
mark_present(struct scene *scene, const char *name, int64_t now)
{
	bool is_new;

	assert_int_equal(store_mark(scene->store, scene->run_id, scratch_person(scene->store, name),
	    ATTENDANCE_PRESENT, "host", now, now, &is_new), ST_OK);
}

/* The sums of months that a publisher keeps follow what another one published meanwhile. */
static void
sums_follow_another_publisher(void **state)
{
	const int64_t now = SCRATCH_NOW + 86400;
	struct scene scene;
	struct publisher *other;

	(void)state;
	scene_open(&scene, REAL);
	mark_present(&scene, "Ada", now);
	publish_now(scene.publisher, now);
	mark_present(&scene, "Ben", now);
	other = open_publisher(scratch_path(&scene.scratch, "club.db"), REAL, scene.site);
	publish_now(other, now);
	publisher_close(other);
	/* on the front page, and no count */
	scratch_sql(scene.store, "UPDATE \"group\" SET name = 'Else'");
	publish_now(scene.publisher, now);
	assert_true(is_as_full(&scene.scratch, REAL, scene.site, now, "full"));
	scene_close(&scene);
}

/*
 * Somebody with an own and a public page, and an earlier run: the check-in is on their own page,
 * and counts when the run is over.
 */
static void
one_check_in_changes_one_page_of_the_person(void **state)
{
	struct scene scene;
	struct publish_report report;
	struct person_pages pages;
	struct buffer own = { 0 };
	char path[600];
	int64_t person;
	bool is_new;

	(void)state;
	scene_open(&scene, REAL);
	person = scratch_person(scene.store, "Ada");
	assert_int_equal(store_person_set(scene.store, person, NULL, "name"), ST_OK);
	assert_int_equal(store_person_link(scene.store, person, true), ST_OK);
	assert_int_equal(store_person_publish(scene.store, person, true), ST_OK);
	assert_int_equal(store_mark(scene.store,
	    scratch_number(scene.store, "SELECT min(id) FROM run"), person, ATTENDANCE_PRESENT,
	    "host", SCRATCH_NOW - 3 * 86400, SCRATCH_NOW, &is_new), ST_OK);
	assert_true(publish_now(scene.publisher, SCRATCH_NOW).pages > 5);
	scene_check_in(&scene, "Ada");
	report = publish_now(scene.publisher, SCRATCH_NOW);
	/* home, the run, the live file and the host's, today's API, their own page */
	assert_int_equal(report.changed, 6);
	assert_int_equal(report.pages, 6);
	assert_int_equal(store_person_pages(scene.store, person, &pages), ST_OK);
	snprintf(path, sizeof path, "%s/private/person/%s/index.html", scene.site,
	    pages.capability);
	assert_true(file_read(path, &own));
	assert_non_null(strstr(buffer_text(&own), "You have been in since"));
	assert_non_null(strstr(buffer_text(&own), "<b>1</b> time<"));
	publish_now(scene.publisher, SCRATCH_NOW + 86400);
	own.length = 0;
	assert_true(file_read(path, &own));
	assert_null(strstr(buffer_text(&own), "You have been in since"));
	assert_non_null(strstr(buffer_text(&own), "<b>2</b> times"));
	assert_true(is_as_full(&scene.scratch, REAL, scene.site, SCRATCH_NOW + 86400, "full"));

	assert_int_equal(store_person_link(scene.store, person, true), ST_OK);
	publish_now(scene.publisher, SCRATCH_NOW + 86400);
	own.length = 0;
	assert_false(file_read(path, &own));	/* the old address */
	buffer_clear(&own);
	scene_close(&scene);
}

/* Has that report ("groups/tuesday/2026") the one text, and not the other? */
static bool
is_reported(struct scene *scene, const char *name, const char *there, const char *missing)
{
	struct buffer content = { 0 };
	struct club club;
	char path[800];
	bool is_so;

	assert_int_equal(store_club(scene->store, &club), ST_OK);
	snprintf(path, sizeof path, "%s/private/reports/%s/%s/index.html", scene->site,
	    club.capability, name);
	is_so = file_read(path, &content) && strstr(buffer_text(&content), there) != NULL &&
	    strstr(buffer_text(&content), missing) == NULL;
	buffer_clear(&content);
	return is_so;
}

/*
 * Only runs that are over count: who came twice, stayed away and comes again has not stopped after
 * three times, and who is at a run of the month before that is still open was not there before.
 */
static void
a_check_in_changes_no_report(void **state)
{
	static const char in_november[] = "Mon 30 Nov 2026, <bdi>Tuesday";
	static const char in_december[] = "Tue 1 Dec 2026, <bdi>Tuesday";
	static const char nobody_new[] =
	    "for the first time.</p>\n<ul class=\"plain\" data-none=\"Nobody.\"></ul>";
	static const char *const dates[] = { "2026-10-06", "2026-10-13", "2026-10-20", "2026-10-27",
	    "2026-11-03", "2026-11-10" };
	struct run night = { .date = "2026-11-30", .start = "23:00", .zone = "Europe/London",
	    .opens_min = 30, .closes_min = 600 };
	struct attempt attempt = { .name = "Bea" };
	struct verdict verdict;
	struct scene scene;
	int64_t ada, bea, run, now;
	bool is_new;
	size_t i;

	(void)state;
	scene_open(&scene, REAL);
	ada = scratch_person(scene.store, "Ada");
	bea = scratch_person(scene.store, "Bea");
	for (i = 0; i < sizeof dates / sizeof dates[0]; i++) {
		run = scratch_run(scene.store, scene.group_id, dates[i], "18:30", "");
		if (i < 2)
			assert_int_equal(store_mark(scene.store, run, ada, ATTENDANCE_PRESENT,
			    "host", SCRATCH_NOW - 86400, SCRATCH_NOW, &is_new), ST_OK);
	}
	/* her first of all, so that no other becomes it */
	run = scratch_run(scene.store, scratch_group(scene.store, "Track"), "2026-10-06", "18:30",
	    "");
	assert_int_equal(store_mark(scene.store, run, bea, ATTENDANCE_PRESENT,
	    "host", SCRATCH_NOW - 86400, SCRATCH_NOW, &is_new), ST_OK);
	publish_now(scene.publisher, SCRATCH_NOW);
	assert_true(is_reported(&scene, "groups/tuesday/2026", "Ada", "5 missed since"));
	scene_check_in(&scene, "Ada");
	/* home, the run, the live file and the host's, today's API */
	assert_int_equal(publish_now(scene.publisher, SCRATCH_NOW).pages, 5);
	assert_true(is_as_full(&scene.scratch, REAL, scene.site, SCRATCH_NOW, "full"));

	assert_int_equal(wall_parse("2026-12-01T03:00Z", "UTC", &now), ST_OK);
	night.group_id = scene.group_id;
	assert_int_equal(store_run_add(scene.store, &night, SCRATCH_NOW), ST_OK);
	scratch_run(scene.store, scene.group_id, "2026-12-01", "00:15", "");
	run = scratch_run(scene.store, scene.group_id, "2026-12-01", "00:30", "");
	assert_int_equal(store_mark(scene.store, run, bea, ATTENDANCE_PRESENT, "host", now - 3600,
	    now, &is_new), ST_OK);
	publish_now(scene.publisher, now);
	assert_true(is_reported(&scene, "groups/tuesday/2026-12", in_december,
	    nobody_new));
	assert_true(is_reported(&scene, "groups/tuesday/2026-11", nobody_new, in_november));
	snprintf(attempt.session, sizeof attempt.session, "%s", night.session);
	attempt.now = now;
	assert_int_equal(store_attend(scene.store, &attempt, &verdict), ST_OK);
	assert_int_equal(verdict.status, ST_OK);
	publish_now(scene.publisher, now);
	assert_true(is_as_full(&scene.scratch, REAL, scene.site, now, "night"));
	assert_true(is_reported(&scene, "groups/tuesday/2026-12", in_december,
	    nobody_new));
	assert_true(is_reported(&scene, "groups/tuesday/2026-11", nobody_new, in_november));
	publish_now(scene.publisher, now + 86400);	/* that one is over, too */
	assert_true(is_as_full(&scene.scratch, REAL, scene.site, now + 86400, "over"));
	assert_true(is_reported(&scene, "groups/tuesday/2026-11", in_november,
	    nobody_new));
	assert_true(is_reported(&scene, "groups/tuesday/2026-12", nobody_new,
	    in_december));
	scene_close(&scene);
}

/*
 * Somebody's rate of a year moves with each date that is over, though they were not there, and with
 * nothing else: no check-in, no midnight.
 */
static void
a_rate_is_of_dates_that_are_over(void **state)
{
	static const char *const dates[] = { "2026-10-06", "2026-10-13", "2026-10-20",
	    "2026-10-27" };
	struct run night = { .date = "2026-12-31", .start = "23:00", .zone = "Europe/London",
	    .opens_min = 30, .closes_min = 600 };
	struct attempt attempt = { .name = "Bea" };
	struct verdict verdict;
	struct scene scene;
	int64_t ada, run = 0, now;
	char page[80];
	bool is_new;
	size_t i;

	(void)state;
	scene_open(&scene, REAL);
	ada = scratch_person(scene.store, "Ada");
	for (i = 0; i < sizeof dates / sizeof dates[0]; i++) {
		run = scratch_run(scene.store, scene.group_id, dates[i], "18:30", "");
		if (i == 1)
			assert_int_equal(store_mark(scene.store, run, ada, ATTENDANCE_PRESENT,
			    "host", SCRATCH_NOW - 86400, SCRATCH_NOW, &is_new), ST_OK);
	}
	night.group_id = scene.group_id;
	assert_int_equal(store_run_add(scene.store, &night, SCRATCH_NOW), ST_OK);
	snprintf(page, sizeof page, "people/%lld", (long long)ada);
	assert_int_equal(wall_parse("2026-12-31T12:00Z", "UTC", &now), ST_OK);
	publish_now(scene.publisher, now);
	/* the scene has three of its own */
	assert_true(is_reported(&scene, page, "<td class=\"n\">6</td><td class=\"n\">17%</td>",
	    "7</td>"));

	now += 86400;		/* the last date is open still */
	snprintf(attempt.session, sizeof attempt.session, "%s", night.session);
	attempt.now = now - 43200;
	assert_int_equal(store_attend(scene.store, &attempt, &verdict), ST_OK);
	assert_int_equal(verdict.status, ST_OK);
	publish_now(scene.publisher, now - 43200);
	assert_true(is_reported(&scene, page, "<td class=\"n\">6</td><td class=\"n\">17%</td>",
	    "7</td>"));
	assert_true(is_as_full(&scene.scratch, REAL, scene.site, now - 43200, "new-year"));
	publish_now(scene.publisher, now);
	assert_true(is_reported(&scene, page, "<td class=\"n\">7</td><td class=\"n\">14%</td>",
	    "6</td>"));
	assert_true(is_as_full(&scene.scratch, REAL, scene.site, now, "over"));
	assert_int_equal(store_run_cancel(scene.store, run, true, "", now), ST_OK);
	publish_now(scene.publisher, now);
	assert_true(is_reported(&scene, page, "17%</td>", "14%</td>"));
	assert_true(is_as_full(&scene.scratch, REAL, scene.site, now, "cancelled"));
	scene_close(&scene);
}

/*
 * What a club offers its readers is there, costs its part, and goes with the offer; a group's
 * language is that of its pages and its runs'.
 */
static void
languages_come_and_go(void **state)
{
	struct publish_report report;
	struct scene scene;
	struct group group;
	int64_t own;

	(void)state;
	scene_open(&scene, REAL);
	assert_int_equal(publish(scene.publisher,
	    &(struct publish_request){ .now = SCRATCH_NOW, .is_full = true }, &report), ST_OK);
	own = report.pages;
	assert_int_equal(store_club_set(scene.store, "languages", "de"), ST_OK);
	report = publish_now(scene.publisher, SCRATCH_NOW);
	if (report.pages <= own || report.pages >= 2 * own)
		fail_msg("%lld pages, and %lld in one language", (long long)report.pages,
		    (long long)own);
	assert_true(is_in(&scene.scratch, "site/public/de/groups/tuesday/index.html",
	    "<html lang=\"de\""));
	assert_true(is_in(&scene.scratch, "site/public/de/groups/tuesday/index.html",
	    "href=\"../../../groups/tuesday/\" hreflang=\"en\""));
	assert_true(is_in(&scene.scratch, "site/public/groups/tuesday/index.html",
	    "href=\"../../de/groups/tuesday/\" hreflang=\"de\""));
	scratch_assert_file(&scene.scratch, "site/public/de/404.html", NULL);
	scratch_assert_file(&scene.scratch, "site/public/de/calendar.ics", NULL);
	scene_check_in(&scene, "Ada");
	report = publish_now(scene.publisher, SCRATCH_NOW);
	/* home and the run, twice; the live file and the host's, today's API */
	assert_int_equal(report.changed, 7);
	assert_true(is_as_full(&scene.scratch, REAL, scene.site, SCRATCH_NOW, "both"));

	assert_int_equal(store_group_find(scene.store, "Tuesday", &group), ST_OK);
	snprintf(group.language, sizeof group.language, "ar");
	assert_int_equal(store_group_update(scene.store, &group), ST_OK);
	publish_now(scene.publisher, SCRATCH_NOW);
	assert_true(is_in(&scene.scratch, "site/public/groups/tuesday/index.html",
	    "<html lang=\"ar\" dir=\"rtl\">"));
	assert_true(is_in(&scene.scratch, "site/public/groups/index.html", "<html lang=\"en\""));
	assert_true(is_in(&scene.scratch, "site/public/en/groups/tuesday/index.html",
	    "<html lang=\"en\""));
	assert_true(is_as_full(&scene.scratch, REAL, scene.site, SCRATCH_NOW, "of a group"));

	assert_int_equal(store_club_set(scene.store, "languages", ""), ST_OK);
	assert_int_equal(publish_now(scene.publisher, SCRATCH_NOW).pages, own);
	scratch_assert_file(&scene.scratch, "site/public/de/index.html", NULL);
	scratch_assert_file(&scene.scratch, "site/public/en/index.html", NULL);
	assert_true(is_as_full(&scene.scratch, REAL, scene.site, SCRATCH_NOW, "none"));
	scene_close(&scene);
}

/* The first publish has no clock before it, and 1970 began in 1969 here. */
static void
a_club_west_of_greenwich_is_published(void **state)
{
	struct club club = scratch_club();
	struct scratch scratch;
	struct store *store;
	struct publisher *publisher;

	(void)state;
	scratch_init(&scratch);
	snprintf(club.zone, sizeof club.zone, "America/Toronto");
	assert_int_equal(store_create(scratch_path(&scratch, "club.db"), &club, SCRATCH_NOW,
	    &store), ST_OK);
	publisher = open_publisher(scratch_path(&scratch, "club.db"), REAL,
	    scratch_path(&scratch, "site"));
	assert_true(publish_now(publisher, SCRATCH_NOW).changed > 0);
	publisher_close(publisher);
	store_close(store);
	scratch_clear(&scratch);
}

/* The database is replaced by another club's, whose log is longer than what was published. */
static void
another_database_makes_a_full_build(void **state)
{
	struct scene scene;
	struct club club = scratch_club();
	int64_t group;
	char date[WALL_DATE_SIZE] = "2026-12-01";
	int i;

	(void)state;
	scene_open(&scene, SMALL);
	publisher_close(scene.publisher);
	store_close(scene.store);
	assert_int_equal(unlink(scratch_path(&scene.scratch, "club.db")), 0);
	unlink(scratch_path(&scene.scratch, "club.db-journal"));
	snprintf(club.name, sizeof club.name, "Striders");
	assert_int_equal(store_create(scratch_path(&scene.scratch, "club.db"), &club,
	    SCRATCH_NOW + 1, &scene.store), ST_OK);
	group = scratch_group(scene.store, "Sunday");
	for (i = 0; i < 30; i++) {
		assert_int_equal(wall_date_add(date, 1, date), ST_OK);
		scratch_run(scene.store, group, date, "09:00", "");
	}
	scene.publisher = open_publisher(scratch_path(&scene.scratch, "club.db"), SMALL,
	    scene.site);
	assert_true(publish_now(scene.publisher, SCRATCH_NOW).is_full);
	assert_true(is_as_full(&scene.scratch, SMALL, scene.site, SCRATCH_NOW, "full"));
	scene_close(&scene);
}

static void
a_clock_that_goes_back_is_followed(void **state)
{
	static const int64_t moves[] = { 3600, 90000, -90000, -40, 60, 0 };
	struct scene scene;
	char name[32];
	int64_t now = SCRATCH_NOW;
	size_t i;

	(void)state;
	scene_open(&scene, REAL);
	for (i = 0; i < sizeof moves / sizeof moves[0]; i++) {
		now += moves[i];
		assert_int_equal(publish_now(scene.publisher, now).is_full, moves[i] < 0);
		snprintf(name, sizeof name, "full-%d", (int)i);
		assert_true(is_as_full(&scene.scratch, REAL, scene.site, now, name));
	}
	scene_close(&scene);
}

/* Files that vanish or the manifest that breaks: a full publish mends both. */
static void
damage_is_mended(void **state)
{
	struct scene scene;
	struct publish_report report;

	(void)state;
	scene_open(&scene, SMALL);
	assert_int_equal(unlink(scratch_path(&scene.scratch, "site/public/index.html")), 0);
	scratch_write(&scene.scratch, "site/public/runs.ics", "scribble");
	assert_int_equal(publish(scene.publisher,
	    &(struct publish_request){ .now = SCRATCH_NOW, .is_full = true }, &report), ST_OK);
	assert_int_equal(report.changed, 2);
	assert_true(is_as_full(&scene.scratch, SMALL, scene.site, SCRATCH_NOW, "full"));
	publisher_close(scene.publisher);
	scratch_write(&scene.scratch, "site/manifest.db",
	    "this is no database at all, and long enough to be looked at twice "
	    "............................................");
	scene.publisher = open_publisher(scratch_path(&scene.scratch, "club.db"), SMALL,
	    scene.site);
	report = publish_now(scene.publisher, SCRATCH_NOW);
	assert_true(report.is_full);
	assert_int_equal(report.changed, 0);
	scene_close(&scene);
}

/* ---- templates that change ---- */

/*
 * Deleted under a publisher that stays open: it says so, and opened again it makes everything anew.
 */
static void
a_deleted_site_is_noticed(void **state)
{
	struct scene scene;
	struct publish_report report;

	(void)state;
	scene_open(&scene, SMALL);
	assert_true(publisher_is_current(scene.publisher));
	assert_int_equal(nftw(scene.site, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	assert_false(publisher_is_current(scene.publisher));
	scene_check_in(&scene, "Sam Vimes");
	assert_int_not_equal(publish(scene.publisher,
	    &(struct publish_request){ .now = SCRATCH_NOW, .is_full = true }, &report), ST_OK);
	assert_true(strlen(publisher_why(scene.publisher)) > 20);
	publisher_close(scene.publisher);
	scene.publisher = open_publisher(scratch_path(&scene.scratch, "club.db"), SMALL,
	    scene.site);
	assert_true(publish_now(scene.publisher, SCRATCH_NOW).is_full);
	assert_true(is_as_full(&scene.scratch, SMALL, scene.site, SCRATCH_NOW, "full"));
	assert_int_equal(unlink(scratch_path(&scene.scratch, "site/manifest.db")), 0);
	assert_false(publisher_is_current(scene.publisher));
	scene_close(&scene);
}

static void
changed_templates_are_followed(void **state)
{
	struct scene scene;
	struct publish_report report;
	char copy[512];

	(void)state;
	scratch_init(&scene.scratch);
	copy_templates(&scene.scratch, SMALL, copy);
	scene.store = scratch_store(&scene.scratch, "club.db");
	scene.group_id = scratch_group(scene.store, "Tuesday");
	scratch_run(scene.store, scene.group_id, "2026-11-17", "18:30", "");
	snprintf(scene.site, sizeof scene.site, "%s", scratch_path(&scene.scratch, "site"));
	scene.publisher = open_publisher(scratch_path(&scene.scratch, "club.db"), copy, scene.site);
	publish_now(scene.publisher, SCRATCH_NOW);

	/* A template: its pages alone. */
	scratch_write(&scene.scratch, "templates/pages/register.csv",
	    "date\n{{#runs}}\n{{date}}\n{{/runs}}\n");
	assert_int_equal(publisher_reload(scene.publisher), ST_OK);
	report = publish_now(scene.publisher, SCRATCH_NOW);
	assert_int_equal(report.changed, 1);
	scratch_assert_file(&scene.scratch, "site/public/months/2026-11.csv", "date\n2026-11-17\n");

	/* Another path: the old file goes. */
	scratch_write(&scene.scratch, "templates/pages/feed.sql",
	    "-- @page public feed/all.ics\n-- @query keys\n"
	    "SELECT 'feed' AS key WHERE :since = 0\n-- @query page\nSELECT key FROM "
	    "temp.touched\n");
	scratch_write(&scene.scratch, "templates/pages/feed.ics",
	    "BEGIN:VCALENDAR\nEND:VCALENDAR\n");
	assert_int_equal(publisher_reload(scene.publisher), ST_OK);
	report = publish_now(scene.publisher, SCRATCH_NOW);
	assert_int_equal(report.changed, 1);
	assert_int_equal(report.removed, 1);
	scratch_assert_file(&scene.scratch, "site/public/runs.ics", NULL);
	scratch_assert_file(&scene.scratch, "site/public/feed/all.ics",
	    "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");

	/* A broken one: the old stay in use, with file and line. */
	scratch_write(&scene.scratch, "templates/pages/register.csv",
	    "date\n{{#runs}}\n{{dote}}\n{{/runs}}\n");
	assert_int_equal(publisher_reload(scene.publisher), ST_REFUSED);
	assert_non_null(strstr(publisher_why(scene.publisher), "pages/register.csv:3: "));
	assert_non_null(strstr(publisher_why(scene.publisher), "dote"));
	assert_int_equal(publish_now(scene.publisher, SCRATCH_NOW).changed, 0);

	/* Taken away: its files go. */
	assert_int_equal(unlink(scratch_path(&scene.scratch, "templates/pages/register.csv")), 0);
	assert_int_equal(unlink(scratch_path(&scene.scratch, "templates/pages/register.sql")), 0);
	assert_int_equal(publisher_reload(scene.publisher), ST_OK);
	report = publish_now(scene.publisher, SCRATCH_NOW);
	assert_int_equal(report.changed, 0);
	assert_int_equal(report.removed, 1);
	assert_int_equal(access(scratch_path(&scene.scratch, "site/public/months"), F_OK), -1);
	assert_true(is_as_full(&scene.scratch, copy, scene.site, SCRATCH_NOW, "full"));
	scene_close(&scene);
}

/* Replace the feed of a copy of the small templates by this page, and say how publishing ends. */
static void
assert_refused(const char *head, const char *page, const char *says)
{
	struct scratch scratch;
	struct store *store;
	struct publisher *publisher;
	struct publish_report report;
	char copy[512], sql[1024];

	scratch_init(&scratch);
	copy_templates(&scratch, SMALL, copy);
	store = scratch_store(&scratch, "club.db");
	scratch_run(store, scratch_group(store, "Tuesday"), "2026-11-17", "18:30", "");
	snprintf(sql, sizeof sql,
	    "-- @page %s\n-- @query keys\nSELECT 1 AS key UNION SELECT 2\n-- @query page\n%s\n",
	    head, page);
	scratch_write(&scratch, "templates/pages/feed.sql", sql);
	scratch_write(&scratch, "templates/pages/feed.ics", "");
	publisher = open_publisher(scratch_path(&scratch, "club.db"), copy,
	    scratch_path(&scratch, "site"));
	assert_int_equal(publish(publisher, &(struct publish_request){ .now = SCRATCH_NOW },
	    &report), ST_REFUSED);
	if (strstr(publisher_why(publisher), says) == NULL)
		fail_msg("it says: %s", publisher_why(publisher));
	publisher_close(publisher);
	store_close(store);
	scratch_clear(&scratch);
}

static void
bad_rows_are_refused(void **state)
{
	(void)state;
	assert_refused("public {key}.ics", "SELECT 1 AS key FROM temp.touched",
	    "two rows of key 1");
	assert_refused("public all.ics", "SELECT key FROM temp.touched",
	    "public/all.ics is also made by page feed, key 1");
	assert_refused("public {path}.ics",
	    "SELECT key, '../../etc/passwd' AS path FROM temp.touched", "is not a path for a page");
	assert_refused("public {path}.ics", "SELECT key, '/etc/passwd' AS path FROM temp.touched",
	    "is not a path for a page");
	assert_refused("public {path}.ics", "SELECT key, 'a/./' || key AS path FROM temp.touched",
	    "is not a path for a page");
	assert_refused("public {path}.ics",
	    "SELECT key, 'a' || char(10) || key AS path FROM temp.touched", "is not a path for a "
	    "page");
	assert_refused("public {path}.ics", "SELECT key, '' AS path FROM temp.touched",
	    "gives no whole path");
	assert_refused("public {path}.ics", "SELECT key, NULL AS path FROM temp.touched",
	    "gives no whole path");
}

static void
what_cannot_be_opened_is_said(void **state)
{
	struct scene scene;
	struct publisher *publisher;
	struct store *none = NULL;

	(void)state;
	scene_open(&scene, SMALL);
	assert_int_equal(publisher_open(scratch_path(&scene.scratch, "no.db"), &none, SMALL,
	    scene.site, &publisher), ST_UNKNOWN);
	assert_non_null(strstr(publisher_why(publisher), "no.db"));
	publisher_close(publisher);
	assert_int_equal(publisher_open(scratch_path(&scene.scratch, "club.db"), &none,
	    "no-templates", scene.site, &publisher), ST_UNKNOWN);
	assert_non_null(strstr(publisher_why(publisher), "no-templates"));
	publisher_close(publisher);
	scratch_write(&scene.scratch, "file", "");
	assert_int_equal(publisher_open(scratch_path(&scene.scratch, "club.db"), &none, SMALL,
	    scratch_path(&scene.scratch, "file"), &publisher), ST_FAULT);
	assert_non_null(strstr(publisher_why(publisher), "/file"));
	publisher_close(publisher);
	scene_close(&scene);
}

/* ---- the clock ---- */

static void
next_is_when_something_moves(void **state)
{
	static const struct { const char *now, *next; } cases[] = {
		{ "2026-11-20T10:00Z", "2026-11-20T18:00:00Z" },	/* opens */
		{ "2026-11-20T18:00:30Z", "2026-11-20T18:00:50Z" },	/* the screen's code */
		{ "2026-11-20T18:00:50Z", "2026-11-20T18:01:00Z" },	/* the typed one */
		{ "2026-11-20T19:59:50Z", "2026-11-20T20:00:00Z" },
		/* closed from the second behind 20:00 on */
		{ "2026-11-20T20:00:00Z", "2026-11-20T20:00:01Z" },
		{ "2026-11-20T20:00:01Z", "2026-11-21T00:00:00Z" },	/* midnight */
		{ "2026-07-01T12:00Z", "2026-07-01T23:00:00Z" },	/* of the zone */
	};
	struct scene scene;
	struct run early = { .date = "2026-11-23", .start = "10:00", .zone = "Pacific/Auckland",
	    .opens_min = 1440, .closes_min = 0 };
	int64_t now, next, expected;
	size_t i;

	(void)state;
	scene_open(&scene, SMALL);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(wall_parse(cases[i].now, "UTC", &now), ST_OK);
		assert_int_equal(wall_parse(cases[i].next, "UTC", &expected), ST_OK);
		assert_int_equal(publisher_next(scene.publisher, now, &next), ST_OK);
		assert_int_equal(next, expected);
	}
	/*
	 * A run two days ahead by its own date opens today: a day early, in a zone that is ahead.
	 */
	early.group_id = scene.group_id;
	assert_int_equal(store_run_add(scene.store, &early, SCRATCH_NOW), ST_OK);
	assert_int_equal(wall_parse("2026-11-21T12:00Z", "UTC", &now), ST_OK);
	assert_int_equal(wall_parse("2026-11-21T21:00Z", "UTC", &expected), ST_OK);
	assert_int_equal(publisher_next(scene.publisher, now, &next), ST_OK);
	assert_int_equal(next, expected);
	scene_close(&scene);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(twice_writes_nothing),
		cmocka_unit_test(one_check_in_touches_few_pages),
		cmocka_unit_test(what_a_check_in_needs_is_there_before),
		cmocka_unit_test(untouched_templates_are_remembered),
		cmocka_unit_test(words_of_untouched_templates_are_remembered),
		cmocka_unit_test(sums_follow_another_publisher),
		cmocka_unit_test(one_check_in_changes_one_page_of_the_person),
		cmocka_unit_test(a_check_in_changes_no_report),
		cmocka_unit_test(a_rate_is_of_dates_that_are_over),
		cmocka_unit_test(languages_come_and_go),
		cmocka_unit_test(a_club_west_of_greenwich_is_published),
		cmocka_unit_test(another_database_makes_a_full_build),
		cmocka_unit_test(a_clock_that_goes_back_is_followed),
		cmocka_unit_test(damage_is_mended),
		cmocka_unit_test(a_deleted_site_is_noticed),
		cmocka_unit_test(changed_templates_are_followed),
		cmocka_unit_test(bad_rows_are_refused),
		cmocka_unit_test(what_cannot_be_opened_is_said),
		cmocka_unit_test(next_is_when_something_moves),
		cmocka_unit_test(any_history_ends_as_a_full_build),
	};

	if (code_init() != ST_OK)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
