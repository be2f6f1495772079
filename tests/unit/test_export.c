// SPDX-License-Identifier: ISC
/* test_export.c: the register as CSV and JSON, hostile names included, and what a full disk says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
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
#include "gen/export.h"

#define NOW	1770000000

struct world {
	char		 folder[64], path[96];
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
		assert_int_equal(store_person(world->store, names[i], true, NOW, &person, NULL), ST_OK);
		assert_int_equal(store_mark(world->store, run->id, person, i == 0 ? ATTENDANCE_PRESENT : ATTENDANCE_ABSENT,
		    "import", NOW + i, NOW, &is_new), ST_OK);
	}
}

static int
set_up(void **state)
{
	static const struct club club = {
		.name = "Example Club", .zone = "Europe/Berlin", .language = "en", .address = "https://example.org",
		.visibility = "name", .word = "run", .opens_min = 30, .closes_min = 30,
	};
	static const char *const formulas[] = { "=HYPERLINK(\"x\",\"y\")", "O\"Brien, A" };
	static const char *const plain[] = { "Ada \\ Lovelace", "Zo\xC3\xAB" };
	struct world *world = calloc(1, sizeof *world);

	assert_non_null(world);
	wall_init();
	assert_int_equal(code_init(), ST_OK);
	(void)snprintf(world->folder, sizeof world->folder, "%s/turnout-export-XXXXXX", P_tmpdir);
	assert_non_null(mkdtemp(world->folder));
	(void)snprintf(world->path, sizeof world->path, "%s/club.db", world->folder);
	assert_int_equal(store_create(world->path, &club, NOW, &world->store), ST_OK);
	world->runs[0] = (struct run){ .date = "2026-02-03", .start = "18:30", .end = "19:30", .title = "+49 Night" };
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
	assert_int_equal(unlink(world->path), 0);
	(void)snprintf(world->path + strlen(world->path), 16, "-journal");
	(void)unlink(world->path);
	assert_int_equal(rmdir(world->folder), 0);
	free(world);
	return 0;
}

/* The export as text, the caller's to free. */
static char *
export_text(struct world *world, const struct register_filter *filter, enum export_format format, size_t *lines)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);

	assert_non_null(out);
	assert_int_equal(export_attendance(world->store, filter, format, out, lines), ST_OK);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(strlen(text), length);
	return text;
}

static void
csv_is_quoted_and_disarmed(void **state)
{
	struct world *world = *state;
	size_t lines;
	char expected[2048], *text = export_text(world, &(struct register_filter){ 0 }, EXPORT_CSV, &lines);

	(void)snprintf(expected, sizeof expected,
	    "date,start,end,zone,group,title,place,person,status,since,proof,session\r\n"
	    "2026-02-03,18:30,19:30,Europe/Berlin,\"B, slow\",'+49 Night,,\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\",present,"
	    "2026-02-02T03:40:00+01:00,import,%s\r\n"
	    "2026-02-03,18:30,19:30,Europe/Berlin,\"B, slow\",'+49 Night,,\"O\"\"Brien, A\",absent,"
	    "2026-02-02T03:40:01+01:00,import,%s\r\n"
	    "2026-07-04,08:00,,UTC,A,,,Ada \\ Lovelace,present,2026-02-02T02:40:00+00:00,import,%s\r\n"
	    "2026-07-04,08:00,,UTC,A,,,Zo\xC3\xAB,absent,2026-02-02T02:40:01+00:00,import,%s\r\n",
	    world->runs[0].session, world->runs[0].session, world->runs[1].session, world->runs[1].session);
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
	assert_string_equal(json_string_value(json_object_get(json_array_get(array, 0), "person")), "=HYPERLINK(\"x\",\"y\")");
	assert_string_equal(json_string_value(json_object_get(json_array_get(array, 2), "person")), "Ada \\ Lovelace");
	assert_string_equal(json_string_value(json_object_get(json_array_get(array, 2), "end")), "");
	assert_string_equal(json_string_value(json_object_get(json_array_get(array, 3), "status")), "absent");
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
			char *text = export_text(world, &cases[i].filter, (enum export_format)format, &lines);

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
			assert_int_equal(setvbuf(out, NULL, is_buffered ? _IOFBF : _IONBF, 4096), 0);
			assert_int_equal(export_attendance(world->store, &(struct register_filter){ 0 },
			    (enum export_format)format, out, &lines), ST_FULL);
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
	assert_int_equal(export_attendance(world->store, &(struct register_filter){ 0 }, EXPORT_CSV, out, &lines), ST_FAULT);
	assert_int_equal(errno, EBADF);
	assert_int_equal(fclose(out), 0);
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
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
