// SPDX-License-Identifier: ISC
/*
 * test_export.c: register and event log in all formats, with hostile names, and read back; what a
 * full disk gives.
 */
#include "tests/unit/scratch.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/code.h"
#include "core/wall.h"
#include "db/store.h"
#include "gen/escape.h"
#include "gen/export.h"
#include "gen/import_own.h"

#define NOW	1770000000

struct world {
	struct scratch	 scratch;
	struct store	*store;
	struct run	 runs[2];
};

/* One run of `group` with the two `names` present. */
static void
add_run(struct world *world, struct run *run, const char *group, const char *const names[2])
{
	bool is_new;
	int64_t person;

	assert_int_equal(store_group_add(world->store, group, false, NOW, &run->group_id), ST_OK);
	run->opens_min = run->closes_min = -1;
	assert_int_equal(store_run_add(world->store, run, NOW), ST_OK);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(store_person(world->store, names[i], true, NOW, &person, NULL),
		    ST_OK);
		assert_int_equal(store_mark(world->store, run->id, person,
		    i == 0 ? ATTENDANCE_PRESENT : ATTENDANCE_ABSENT,
		    "import", NOW + i, NOW, &is_new), ST_OK);
	}
}

static int
set_up(void **state)
{
	static const struct club club = {
		.name = "Example Club", .zone = "Europe/Berlin",
		    .language = "en", .address = "https://example.org",
		.visibility = "name", .word = "run", .opens_min = 30, .closes_min = 30,
	};
	static const char *const formulas[] = { "=HYPERLINK(\"x\",\"y\")", "O\"Brien, A" };
	static const char *const plain[] = { "Ada \\ Lovelace", "Zo\xC3\xAB" };
	struct world *world = calloc(1, sizeof *world);

	assert_non_null(world);
	assert_int_equal(code_init(), ST_OK);
	scratch_init(&world->scratch);
	assert_int_equal(store_create(scratch_path(&world->scratch, "club.db"), &club, NOW,
	    &world->store), ST_OK);
	world->runs[0] = (struct run){ .date = "2026-02-03", .start = "18:30", .end = "19:30",
	    .title = "+49 Night" };
	world->runs[1] = (struct run){ .date = "2026-07-04", .start = "08:00", .zone = "UTC" };
	add_run(world, &world->runs[0], "B, slow", formulas);
	add_run(world, &world->runs[1], "A", plain);
	*state = world;
	return 0;
}

static int
tear_down(void **state)
{
	struct world *world = *state;

	store_close(world->store);
	scratch_clear(&world->scratch);
	free(world);
	return 0;
}

/* The export as text, the caller's to free. */
static char *
export_text(struct world *world, const struct register_filter *filter, enum export_format format,
    size_t *lines)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	assert_int_equal(export_write(world->store,
	    &(struct export_request){ .format = format, .filter = *filter }, out, lines), ST_OK);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(strlen(text), length);
	return text;
}

static void
csv_is_quoted_and_disarmed(void **state)
{
	struct world *world = *state;
	size_t lines;
	char expected[2048],
	    *text = export_text(world, &(struct register_filter){ 0 }, EXPORT_CSV, &lines);

	(void)snprintf(expected, sizeof expected,
	    "date,start,end,zone,group,title,place,person,status,since,proof,session\r\n"
	    "2026-02-03,18:30,19:30,Europe/Berlin,\"B, slow\",'+49 "
	    "Night,,\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\",present,"
	    "2026-02-02T03:40:00+01:00,import,%s\r\n"
	    "2026-02-03,18:30,19:30,Europe/Berlin,\"B, slow\",'+49 Night,,\"O\"\"Brien, A\",absent,"
	    "2026-02-02T03:40:01+01:00,import,%s\r\n"
	    "2026-07-04,08:00,,UTC,A,,,Ada \\ "
	    "Lovelace,present,2026-02-02T02:40:00+00:00,import,%s\r\n"
	    "2026-07-04,08:00,,UTC,A,,,Zo\xC3\xAB,absent,2026-02-02T02:40:01+00:00,import,%s\r\n",
	    world->runs[0].session, world->runs[0].session, world->runs[1].session,
	    world->runs[1].session);
	assert_string_equal(text, expected);
	assert_int_equal(lines, 4);
	free(text);
}

static void
json_says_what_is_there(void **state)
{
	struct world *world = *state;
	size_t lines;
	char *text = export_text(world, &(struct register_filter){ 0 }, EXPORT_JSON, &lines);
	json_error_t error;
	json_t *array = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	assert_non_null(array);
	assert_int_equal(json_array_size(array), 4);
	assert_int_equal(lines, 4);
	assert_int_equal(json_object_size(json_array_get(array, 0)), 12);
	assert_string_equal(json_string_value(json_object_get(json_array_get(array, 0), "person")),
	    "=HYPERLINK(\"x\",\"y\")");
	assert_string_equal(json_string_value(json_object_get(json_array_get(array, 2), "person")),
	    "Ada \\ Lovelace");
	assert_string_equal(json_string_value(json_object_get(json_array_get(array, 2), "end")),
	    "");
	assert_string_equal(json_string_value(json_object_get(json_array_get(array, 3), "status")),
	    "absent");
	json_decref(array);
	free(text);
}

static void
filters_narrow(void **state)
{
	struct world *world = *state;
	const struct { struct register_filter filter; size_t lines; } cases[] = {
		{ { .from = "2026-02-04" }, 2 },
		{ { .to = "2026-02-03" }, 2 },
		{ { .from = "2026-02-03", .to = "2026-07-04" }, 4 },
		{ { .group_id = world->runs[1].group_id }, 2 },
		{ { .group_id = world->runs[1].group_id, .to = "2026-07-03" }, 0 },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		for (int format = EXPORT_CSV; format <= EXPORT_JSON; format++) {
			size_t lines;
			char *text = export_text(world, &cases[i].filter,
			    (enum export_format)format, &lines);

			assert_int_equal(lines, cases[i].lines);
			if (cases[i].lines == 0 && format == EXPORT_JSON)
				assert_string_equal(text, "[]\n");
			free(text);
		}
}

static void
a_full_disk_is_an_error(void **state)
{
	struct world *world = *state;
	size_t lines;

	for (int is_buffered = 0; is_buffered < 2; is_buffered++)
		for (int format = EXPORT_CSV; format <= EXPORT_JSON; format++) {
			FILE *out = fopen("/dev/full", "w");

			assert_non_null(out);
			assert_int_equal(setvbuf(out, NULL, is_buffered ? _IOFBF : _IONBF, 4096),
			    0);
			assert_int_equal(export_write(world->store,
			    &(struct export_request){ .format = (enum export_format)format },
			    out, &lines), ST_FULL);
			assert_int_equal(errno, ENOSPC);
			(void)fclose(out);
		}
}

static void
an_unwritable_file_is_a_fault(void **state)
{
	struct world *world = *state;
	FILE *out = fopen("/dev/null", "r");
	size_t lines;

	assert_non_null(out);
	assert_int_equal(export_write(world->store,
	    &(struct export_request){ .format = EXPORT_CSV }, out, &lines), ST_FAULT);
	assert_int_equal(errno, EBADF);
	assert_int_equal(fclose(out), 0);
}

/* A small linear congruential generator (Knuth, MMIX): the same texts at each run. */
static uint32_t
next_random(uint64_t *seed, uint32_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*seed >> 33) % below;
}

/*
 * Text of up to eleven pieces, among them all that CSV, spreadsheets and we treat in a way of their
 * own.
 */
static void
make_text(uint64_t *seed, bool may_break, char text[NAME_SIZE])
{
	static const char *const pieces[] = {
		"a", "Zo\xC3\xAB", "\"", ",", "'", "=", "+", "-", "@", "\xF0\x9F\x8F\x83", "1", ";",
		    "\xE5\xAD\x90", "=1+1", "''", "b c",
		"\n", "\n\n", "\t",
	};
	uint32_t count = 1 + next_random(seed, 10);

	text[0] = '\0';
	for (uint32_t i = 0; i < count; i++)
		strcat(text, pieces[next_random(seed, may_break ? 19 : 16)]);
	strcat(text, "x");
}

/* An empty club in the scratch, called `name`. */
static struct store *
open_empty(struct scratch *scratch, const char *name)
{
	static const struct club club = {
		.name = "Other Club", .zone = "America/Toronto",
		    .language = "en", .address = "https://example.net",
		.visibility = "name", .word = "run", .opens_min = 30, .closes_min = 30,
	};
	struct store *store;

	assert_int_equal(store_create(scratch_path(scratch, name), &club, NOW, &store), ST_OK);
	return store;
}

static char *
export_kind(struct store *store, enum export_kind kind, enum export_format format)
{
	char *text = NULL;
	size_t length = 0, lines;
	FILE *out = open_memstream(&text, &length);

	assert_int_equal(export_write(store,
	    &(struct export_request){ .kind = kind, .format = format }, out, &lines), ST_OK);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void
tell_note(void *handle, const struct import_note *note)
{
	(void)handle;
	print_message("%zu: %s\n", note->line, note->sentence);
}

static enum status
import_text(struct store *store, const char *text, bool is_dry_run,
    struct import_own_counts *counts)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	struct import_notes notes = { .tell = tell_note };
	enum status status;

	assert_non_null(file);
	status = import_own(store, file,
	    &(struct import_own){ .is_dry_run = is_dry_run, .now = NOW + 5 }, &notes, counts);
	assert_int_equal(fclose(file), 0);
	return status;
}

/* 400 events at 20 runs in several zones, all texts random. */
static void
fill_randomly(struct store *store, uint64_t *seed)
{
	static const char *const zones[] = { "Europe/Berlin", "America/Toronto", "Asia/Kathmandu",
	    "UTC" };
	static const char *const kinds[] = { "check-in", "mark", "mark", "check-out", "undo" };
	static const char *const proofs[] = { "session", "digits", "printed", "screen", "place",
	    "host", "import" };
	char text[NAME_SIZE], host[NAME_SIZE], note[NAME_SIZE];
	int64_t runs[20], people[30];

	for (size_t i = 0; i < 30; i++) {
		make_text(seed, false, text);
		assert_int_equal(store_person(store, text, true, NOW, &people[i], NULL), ST_OK);
	}
	for (size_t i = 0; i < 20; i++) {
		struct run run = { .opens_min = -1, .closes_min = -1 };
		struct place place = { 0 };
		enum status status;

		make_text(seed, false, text);
		status = store_group_add(store, text, false, NOW, &run.group_id);
		assert_true(status == ST_OK || status == ST_EXISTS);
		make_text(seed, false, place.name);
		status = store_place_add(store, &place, NOW, &run.place_id);
		assert_true(status == ST_OK || status == ST_EXISTS);
		(void)snprintf(run.date, sizeof run.date, "2026-%02u-%02u",
		    1 + next_random(seed, 12), 1 + next_random(seed, 28));
		(void)snprintf(run.start, sizeof run.start, "%02u:%02u", next_random(seed, 24),
		    next_random(seed, 60));
		if (next_random(seed, 2) == 0)
			(void)snprintf(run.end, sizeof run.end, "%02u:00", next_random(seed, 24));
		(void)snprintf(run.zone, sizeof run.zone, "%s", zones[next_random(seed, 4)]);
		if (next_random(seed, 2) == 0)
			make_text(seed, false, run.title);
		assert_int_equal(store_run_add(store, &run, NOW), ST_OK);
		runs[i] = run.id;
	}
	for (int i = 0; i < 400; i++) {
		struct register_line line = {
			.event = kinds[next_random(seed, 5)],
			    .status = attendance_status_name(next_random(seed, ATTENDANCE_END)),
			.proof = proofs[next_random(seed, 7)],
			    .since = NOW + next_random(seed, 300), .received = NOW + 300,
			.is_delivered_late = next_random(seed, 4) == 0, .host = "",
			    .pending = next_random(seed, 4) == 0 ? "position network" : "",
			.note = "",
		};

		if (next_random(seed, 3) == 0) {
			make_text(seed, true, note);
			line.note = note;
		}
		if (next_random(seed, 6) == 0) {
			make_text(seed, false, host);
			line.host = host;
		}
		assert_int_equal(store_event_restore(store, runs[next_random(seed, 20)],
		    people[next_random(seed, 30)], &line, NOW), ST_OK);
	}
}

static void
an_event_log_comes_back_as_it_was(void **state)
{
	uint64_t seed = 20261128;

	(void)state;
	for (int round = 0; round < 5; round++) {
		struct scratch scratch;
		struct store *one, *other;
		char *log, *list, *again;
		struct import_own_counts counts;

		scratch_init(&scratch);
		one = open_empty(&scratch, "one.db");
		other = open_empty(&scratch, "other.db");
		fill_randomly(one, &seed);
		log = export_kind(one, EXPORT_EVENTS, round % 2 == 0 ? EXPORT_CSV : EXPORT_EXCEL);
		list = export_kind(one, EXPORT_REGISTER, EXPORT_CSV);
		assert_int_equal(import_text(other, log, true, &counts), ST_OK);
		assert_int_equal(counts.added, 400);
		again = export_kind(other, EXPORT_EVENTS, EXPORT_CSV);
		assert_int_equal(strchr(again, '\n')[1], '\0');	/* a dry run enters nothing */
		free(again);
		assert_int_equal(import_text(other, log, false, &counts), ST_OK);
		assert_int_equal(counts.added, 400);
		assert_int_equal(counts.runs, 20);
		again = export_kind(other, EXPORT_EVENTS,
		    round % 2 == 0 ? EXPORT_CSV : EXPORT_EXCEL);
		assert_string_equal(again, log);
		free(again);
		again = export_kind(other, EXPORT_REGISTER, EXPORT_CSV);
		assert_string_equal(again, list);
		free(again);
		assert_int_equal(import_text(other, log, false, &counts), ST_OK);
		assert_int_equal(counts.same, 400);
		assert_int_equal(counts.added + counts.only_here + counts.people + counts.runs, 0);
		assert_int_equal(store_check(other), ST_OK);
		free(log);
		free(list);
		store_close(one);
		store_close(other);
		scratch_clear(&scratch);
	}
}

static void
a_register_comes_back_as_it_was(void **state)
{
	uint64_t seed = 42;
	char *list, *again, *edited;
	struct scratch scratch;
	struct store *one, *other;
	struct import_own_counts counts;
	size_t added;

	(void)state;
	scratch_init(&scratch);
	one = open_empty(&scratch, "one.db");
	other = open_empty(&scratch, "other.db");
	fill_randomly(one, &seed);
	list = export_kind(one, EXPORT_REGISTER, EXPORT_CSV);
	assert_int_equal(import_text(other, list, false, &counts), ST_OK);
	added = counts.added;
	assert_int_equal(added, counts.records);
	again = export_kind(other, EXPORT_REGISTER, EXPORT_CSV);
	assert_string_equal(again, list);
	free(again);
	/*
	 * A line less: the club has one more than the file. A status edited: that line alone
	 * changes.
	 */
	edited = strdup(list);
	*strstr(edited, ",present,") = '\0';
	again = strdup(strstr(list, ",present,") + strlen(",present,"));
	edited = realloc(edited, strlen(list) + 16);
	strcat(strcat(edited, ",excused,"), again);
	free(again);
	*(char *)(uintptr_t)strrchr(edited, '\n') = '\0';
	assert_int_equal(import_text(other, edited, true, &counts), ST_OK);
	assert_int_equal(counts.changed, 1);
	assert_int_equal(counts.same, added - 1);
	assert_int_equal(counts.only_here, 0);
	free(edited);
	free(list);
	store_close(one);
	store_close(other);
	scratch_clear(&scratch);
}

static void
an_apostrophe_of_ones_own_stays(void **state)
{
	static const char *const texts[] = { "", "'", "''", "'a", "=1", "'=1", "''=1", "' =1",
	    " =1", "-3", "'-3", "-a", "'tis", "+1.5x" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct buffer out = { 0 };

		escape_append(&out, ESCAPE_CSV, texts[i], strlen(texts[i]));
		assert_string_equal(escape_csv_undo(buffer_text(&out)), texts[i]);
		assert_true(strchr("=+-@", out.data[0]) == NULL || out.length == 0 ||
		    strcmp(texts[i], "-3") == 0);
		buffer_clear(&out);
	}
}

static void
strangers_are_refused(void **state)
{
	struct world *world = *state;
	static const char head[] =
	    "date,start,end,zone,group,title,place,person,status,since,proof,session\r\n";
	static const char *const lines[] = {
		"2026-02-30,18:30,,UTC,G,,,Ada,present,2026-02-03T18:30:00+00:00,host,0123456789\r\n",
		"2026-02-03,18:30,,Moon/Base,G,,,Ada,present,2026-02-03T18:30:00+00:00,host,0123456789\r\n",
		"2026-02-03,18:30,,UTC,G,,,Ada,there,2026-02-03T18:30:00+00:00,host,0123456789\r\n",
		"2026-02-03,18:30,,UTC,G,,,Ada,present,yesterday,host,0123456789\r\n",
		"2026-02-03,18:30,,UTC,G,,,Ada,present,2026-02-03T18:30:00+00:00,hearsay,0123456789\r\n",
		"2026-02-03,18:30,,UTC,G,,,Ada,present,2026-02-03T18:30:00+00:00,host,short\r\n",
		"2026-02-03,18:30,,UTC,,,,Ada,present,2026-02-03T18:30:00+00:00,host,0123456789\r\n",
		"2026-02-03,18:30,,UTC,G,,,,present,2026-02-03T18:30:00+00:00,host,0123456789\r\n",
	};
	struct import_own_counts counts;
	char text[512], *before = export_kind(world->store, EXPORT_EVENTS, EXPORT_CSV), *after;

	assert_int_equal(import_text(world->store, "date,person\r\n2026-02-03,Ada\r\n", false,
	    &counts), ST_REFUSED);
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		(void)snprintf(text, sizeof text, "%s%s", head, lines[i]);
		if (import_text(world->store, text, false, &counts) == ST_OK)
			fail_msg("taken: %s", lines[i]);
	}
	after = export_kind(world->store, EXPORT_EVENTS, EXPORT_CSV);
	assert_string_equal(after, before);
	free(before);
	free(after);
}

int
main(void)
{
#define WITH_CLUB(test)	cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		WITH_CLUB(csv_is_quoted_and_disarmed),
		WITH_CLUB(json_says_what_is_there),
		WITH_CLUB(filters_narrow),
		WITH_CLUB(a_full_disk_is_an_error),
		WITH_CLUB(an_unwritable_file_is_a_fault),
		WITH_CLUB(an_event_log_comes_back_as_it_was),
		WITH_CLUB(a_register_comes_back_as_it_was),
		WITH_CLUB(an_apostrophe_of_ones_own_stays),
		WITH_CLUB(strangers_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
