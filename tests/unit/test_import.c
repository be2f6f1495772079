// SPDX-License-Identifier: ISC
/*
 * test_import.c: tables of text, dates and times; then registers, people and calendars, each into a
 * new club. The public register of Toronto's council is read too, from the folder that TURNOUT_DATA
 * names; without it, that is skipped and said.
 */
#include "tests/unit/scratch.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/code.h"
#include "core/wall.h"
#include "db/store.h"
#include "gen/buffer.h"
#include "gen/import.h"
#include "gen/import_attendance.h"
#include "gen/import_calendar.h"
#include "gen/import_people.h"
#include "gen/import_text.h"

#define NOW	1770000000	/* February 2026 */

/* A club in a folder of its own, and what was said while importing into it. */
struct world {
	struct scratch	 scratch;
	struct store	*store;
	struct import_notes notes;
	char		 said[32768];
};

static void
hear(void *handle, const struct import_note *note)
{
	struct world *world = handle;
	size_t used = strlen(world->said);

	(void)snprintf(world->said + used, sizeof world->said - used, "%s %zu: %s\n",
	    note->is_bad ? "bad" : "odd", note->line, note->sentence);
}

static int
set_up(void **state)
{
	static const struct club club = {
		.name = "Example Club", .zone = "Europe/London",
		    .language = "en", .address = "https://example.org",
		.visibility = "name", .word = "run", .opens_min = 30, .closes_min = 30,
	};
	struct world *world = calloc(1, sizeof *world);

	assert_non_null(world);
	assert_int_equal(code_init(), ST_OK);
	scratch_init(&world->scratch);
	assert_int_equal(store_create(scratch_path(&world->scratch, "club.db"), &club, NOW,
	    &world->store), ST_OK);
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

static void
listen(struct world *world)
{
	world->notes = (struct import_notes){ .tell = hear, .handle = world };
	world->said[0] = '\0';
}

static void
assert_said(const struct world *world, const char *part)
{
	if (strstr(world->said, part) == NULL)
		fail_msg("\"%s\" was not said, but:\n%s", part, world->said);
}

static struct figures
count(struct world *world)
{
	struct figures figures;

	assert_int_equal(store_figures(world->store, &figures), ST_OK);
	return figures;
}

/* ---- text ---- */

static void
dates_are_read(void **state)
{
	static const struct {
		const char		*text;
		enum import_slashes	 slashes;
		const char		*date;		/* NULL: refused */
	} cases[] = {
		{ "2024-03-04", IMPORT_SLASHES_REFUSED, "2024-03-04" },
		{ " 2024-3-4 ", IMPORT_SLASHES_REFUSED, "2024-03-04" },
		{ "2024-03-04T00:00:00", IMPORT_SLASHES_REFUSED, "2024-03-04" },
		{ "2024-03-04 00:00", IMPORT_SLASHES_REFUSED, "2024-03-04" },
		{ "2024-03-04 18:30", IMPORT_SLASHES_REFUSED, NULL },
		{ "4.3.2024", IMPORT_SLASHES_REFUSED, "2024-03-04" },
		{ "04.03.2024", IMPORT_SLASHES_MDY, "2024-03-04" },
		{ "03/04/2024", IMPORT_SLASHES_REFUSED, NULL },
		{ "25/12/2024", IMPORT_SLASHES_REFUSED, NULL },
		{ "03/04/2024", IMPORT_SLASHES_DMY, "2024-04-03" },
		{ "03/04/2024", IMPORT_SLASHES_MDY, "2024-03-04" },
		{ "25/12/2024", IMPORT_SLASHES_DMY, "2024-12-25" },
		{ "25/12/2024", IMPORT_SLASHES_MDY, NULL },
		{ "29.02.2023", IMPORT_SLASHES_REFUSED, NULL },
		{ "2024-02-29", IMPORT_SLASHES_DMY, "2024-02-29" },
		{ "4.3.24", IMPORT_SLASHES_REFUSED, NULL },
		{ "2024-03", IMPORT_SLASHES_REFUSED, NULL },
		{ "20240304", IMPORT_SLASHES_REFUSED, NULL },
		{ "2024-03-04x", IMPORT_SLASHES_REFUSED, NULL },
		{ "2024-03-045", IMPORT_SLASHES_REFUSED, NULL },
		{ "99999-03-04", IMPORT_SLASHES_REFUSED, NULL },
		{ "", IMPORT_SLASHES_REFUSED, NULL },
		{ "March 4", IMPORT_SLASHES_REFUSED, NULL },
	};
	enum import_slashes slashes;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char date[WALL_DATE_SIZE] = "";
		const char *why;
		enum status status = import_date(cases[i].text, cases[i].slashes, date, &why);

		if (status != (cases[i].date == NULL ? ST_REFUSED : ST_OK))
			fail_msg("\"%s\" gave %d, %s", cases[i].text, (int)status, date);
		assert_string_equal(date, cases[i].date == NULL ? "" : cases[i].date);
	}
	assert_int_equal(import_slashes("dd/mm/yyyy", &slashes), ST_OK);
	assert_int_equal(slashes, IMPORT_SLASHES_DMY);
	assert_int_equal(import_slashes("MM/DD/YYYY", &slashes), ST_OK);
	assert_int_equal(slashes, IMPORT_SLASHES_MDY);
	assert_int_equal(import_slashes(NULL, &slashes), ST_OK);
	assert_int_equal(slashes, IMPORT_SLASHES_REFUSED);
	assert_int_equal(import_slashes("D/M/Y", &slashes), ST_REFUSED);
}

static void
times_are_read(void **state)
{
	static const struct {
		const char	*text, *start, *end, *remark;	/* start NULL: refused */
	} cases[] = {
		{ "14:03PM - 15:25PM", "14:03", "15:25", "" },
		{ "17:46PM(Roll Call)", "17:46", "", "Roll Call" },
		{ "09:31AM - 12:50PM", "09:31", "12:50", "" },
		{ "01:15PM", "13:15", "", "" },
		{ "12:10AM", "00:10", "", "" },
		{ "12:10PM", "12:10", "", "" },
		{ "00:10AM", "00:10", "", "" },
		{ "00:10PM", NULL, NULL, NULL },
		{ "18:30", "18:30", "", "" },
		{ " 18:30 ", "18:30", "", "" },
		{ "18.30", "18:30", "", "" },
		{ "8:05", "08:05", "", "" },
		{ "18:30:59", "18:30", "", "" },
		{ "18:30-20:00", "18:30", "20:00", "" },
		{ "18:30 \xE2\x80\x93 20:00", "18:30", "20:00", "" },
		{ "18:30 to 20:00 ( Heats )", "18:30", "20:00", "Heats" },
		{ "(x) 18:30", NULL, NULL, NULL },
		{ "18:30 (A) - 20:00", "18:30", "20:00", "A" },
		{ "6pm", "18:00", "", "" },
		{ "6:30 p.m. - 7 PM", "18:30", "19:00", "" },
		{ "23:59", "23:59", "", "" },
		{ "24:00", NULL, NULL, NULL },
		{ "18:60", NULL, NULL, NULL },
		{ "18:30:61", NULL, NULL, NULL },
		{ "18", NULL, NULL, NULL },
		{ "118:30", NULL, NULL, NULL },
		{ "18:305", NULL, NULL, NULL },
		{ "18:30 20:00", NULL, NULL, NULL },
		{ "18:30 -", NULL, NULL, NULL },
		{ "18:30 - 19:00 - 20:00", NULL, NULL, NULL },
		{ "18:30 (open", NULL, NULL, NULL },
		{ "18:30 (a) (b)", NULL, NULL, NULL },
		{ "18:30 sharp", NULL, NULL, NULL },
		{ "evening", NULL, NULL, NULL },
		{ "", NULL, NULL, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char start[WALL_TIME_SIZE], end[WALL_TIME_SIZE], remark[IMPORT_TEXT_SIZE];
		enum status status = import_times(cases[i].text, start, end, remark);

		if (status != (cases[i].start == NULL ? ST_REFUSED : ST_OK))
			fail_msg("\"%s\" gave %d", cases[i].text, (int)status);
		if (cases[i].start == NULL)
			continue;
		assert_string_equal(start, cases[i].start);
		assert_string_equal(end, cases[i].end);
		assert_string_equal(remark, cases[i].remark);
	}
}

static void
damaged_text_is_repaired(void **state)
{
	static const struct {
		const char	*text, *repaired;	/* NULL: left as it is */
	} cases[] = {
		{ "Metrolinx", NULL },
		{ "Zo\xC3\xAB", NULL },
		{ "Zo\xC3\x83\xC2\xAB", NULL },	/* no control character: not ours to judge */
		{ "", NULL },
		/* twice read as Latin-1, once written as Windows-1252 */
		{ "Metrolinx\xC3\x83\xC2\x82\xC3\x82\xC2\x92s", "Metrolinx\xE2\x80\x99s" },
		{ "Metrolinx\xC3\x82\xC2\x92s", "Metrolinx\xE2\x80\x99s" },
		{ "Metrolinx\xC2\x92s", "Metrolinx\xE2\x80\x99s" },
		{ "caf\xC3\xA9 \xC2\x93x\xC2\x94", "caf\xC3\xA9 \xE2\x80\x9Cx\xE2\x80\x9D" },
		{ "\xC3\xA2\xC2\x80\xC2\x99", "\xE2\x80\x99" },	/* UTF-8 read as Latin-1 */
		{ "a\xC2\x81" "b\xC2\x9D", "ab" },
		/* cannot be Latin-1 */
		{ "\xE5\xB1\xB1\xC2\x85x", "\xE5\xB1\xB1\xE2\x80\xA6x" },
	};
	struct buffer repaired = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		bool is_repaired;

		import_repair(&repaired, cases[i].text, &is_repaired);
		assert_string_equal(buffer_text(&repaired),
		    cases[i].repaired == NULL ? cases[i].text : cases[i].repaired);
		assert_int_equal(is_repaired, cases[i].repaired != NULL);
	}
	buffer_clear(&repaired);
}

static bool
join(void *handle, const char *item)
{
	char *out = handle;

	(void)snprintf(out + strlen(out), 128 - strlen(out), "[%s]", item);
	return true;
}

static void
lists_are_split(void **state)
{
	static const struct { const char *list, *items; } cases[] = {
		{ "", "[]" }, { "Y", "[Y]" }, { "Y,yes , 1", "[Y][yes][1]" }, { "N,", "[N][]" },
		{ "\"x, y\",z", "[x, y][z]" }, { "a;b\tc", "[a;b\tc]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char out[128] = "";

		assert_int_equal(import_list(cases[i].list, join, out), ST_OK);
		assert_string_equal(out, cases[i].items);
	}
	assert_int_equal(import_list("a,\"b", join, (char[128]){ "" }), ST_REFUSED);
}

static void
notes_are_counted_capped_and_harmless(void **state)
{
	struct world *world = *state;
	char *last;

	listen(world);
	for (size_t i = 1; i <= IMPORT_NOTES_MAX + 5; i++) {
		import_bad(&world->notes, i, "bell \a, escape \x1B[2J, %s", "\xC2\x9B" "31m");
		import_odd(&world->notes, i, "x");
	}
	assert_int_equal(world->notes.n_bad, IMPORT_NOTES_MAX + 5);
	assert_int_equal(world->notes.n_odd, IMPORT_NOTES_MAX + 5);
	assert_said(world, "bad 50: bell  , escape  [2J,  31m\n");
	assert_null(strstr(world->said, "bad 51:"));
	assert_null(strstr(world->said, "odd 51:"));
	world->notes.is_all = true;
	/* a field cut inside a character */
	import_odd(&world->notes, 98, "%.3s, %.4s.", "caf\xC3\xA9", "caf\xC3\xA9");
	assert_said(world, "odd 98: caf, caf.\n");
	import_odd(&world->notes, 99, "%0*d", 998, 0);
	/* cut inside a character, which goes */
	import_odd(&world->notes, 100, "%0*d\xC3\xA9", 998, 0);
	last = strrchr(world->said, ':');
	assert_int_equal(strlen(last), 1 + 1 + 998 + 1);
}

/* ---- registers ---- */

static const struct import_attendance session = {
	.person = "First Name,Last Name", .group = "Group",
	    .date = "Day", .date_format = "DD/MM/YYYY",
	.start = "Begin", .end = "End", .title = "What", .status = "Came",
	.values = {
		[ATTENDANCE_PRESENT] = "yes",
		    [ATTENDANCE_LATE] = "late", [ATTENDANCE_EXCUSED] = "sick,away",
		[ATTENDANCE_ABSENT] = "no",
	},
	.now = NOW,
};

static enum status
import_text(struct world *world, const char *text, const struct import_attendance *options,
    struct import_attendance_counts *counts)
{
	FILE *file = text[0] == '\0' ? fopen("/dev/null", "r")
	    : fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	enum status status;

	assert_non_null(file);
	listen(world);
	status = import_attendance(world->store, file, options, &world->notes, counts);
	assert_int_equal(fclose(file), 0);
	if (status != ST_OK)
		assert_true(world->notes.n_bad > 0);
	return status;
}

static enum status
import_file(struct world *world, const char *path, const struct import_attendance *options,
    struct import_attendance_counts *counts)
{
	FILE *file = fopen(path, "r");
	enum status status;

	assert_non_null(file);
	listen(world);
	status = import_attendance(world->store, file, options, &world->notes, counts);
	assert_int_equal(fclose(file), 0);
	return status;
}

static void
a_register_is_imported_once(void **state)
{
	struct world *world = *state;
	struct import_attendance options = session;
	struct import_attendance_counts counts;
	struct figures figures;
	struct group group;

	/* a folder: opening is fine, reading is not */
	assert_int_equal(import_file(world, "/", &options, &counts), ST_FAULT);
	assert_said(world, "bad 0: Reading the file failed.");
	options.is_dry_run = true;
	assert_int_equal(import_file(world, "tests/data/session.csv", &options, &counts), ST_OK);
	assert_int_equal(counts.added, 5);
	assert_int_equal(count(world).runs + count(world).people + count(world).groups, 0);
	options.is_dry_run = false;
	assert_int_equal(import_file(world, "tests/data/session.csv", &options, &counts), ST_OK);
	assert_int_equal(counts.records, 5);
	assert_int_equal(counts.groups, 2);
	assert_int_equal(counts.people, 4);
	assert_int_equal(counts.runs, 2);
	figures = count(world);
	assert_int_equal(figures.present, 2);
	assert_int_equal(figures.late, 1);
	assert_int_equal(figures.excused, 1);
	assert_int_equal(figures.absent, 1);
	assert_int_equal(figures.run_dates, 2);
	assert_int_equal(store_group_find(world->store, "walkers, slow", &group), ST_OK);
	assert_int_equal(import_file(world, "tests/data/session.csv", &options, &counts), ST_OK);
	assert_int_equal(counts.groups + counts.people + counts.runs + counts.added
	    + counts.changed, 0);
	assert_int_equal(counts.same, 5);
	assert_int_equal(count(world).events, figures.events);
	assert_string_equal(world->said, "");
}

#define HEAD	"Who,Group,Day,Time,What,Came\n"

static const struct import_attendance sheet = {
	.person = "Who", .group = "Group", .date = "Day", .time = "Time",
	    .title = "What", .status = "Came",
	.values = { [ATTENDANCE_PRESENT] = "Y", [ATTENDANCE_ABSENT] = "N" }, .now = NOW,
};

static void
the_later_line_wins(void **state)
{
	static const char text[] = HEAD
	    "Ada,G,2026-01-06,18:30 - 19:30,,Y\n"
	    "Bob,G,2026-01-06,18:30 - 19:30,,Y\n"
	    "ADA ,g,06.01.2026,6:30pm - 19:30,,N\n"
	    "Bob,G,2026-01-06,18:30 - 19:30,,Y\n";
	struct world *world = *state;
	struct import_attendance_counts counts;

	for (int round = 0; round < 2; round++) {
		assert_int_equal(import_text(world, text, &sheet, &counts), ST_OK);
		assert_int_equal(counts.repeats, 2);
		assert_int_equal(counts.contradictions, 1);
		assert_said(world, "odd 4: ADA on 2026-01-06 at 18:30 was present in line 2 and "
		    "is absent here; the later line wins.");
		assert_said(world, "odd 5: Bob on 2026-01-06 at 18:30 is already in line 3.");
		assert_int_equal(count(world).present, 1);
		assert_int_equal(count(world).absent, 1);
		assert_int_equal(count(world).people, 2);
		assert_int_equal(count(world).events, 2);
	}
}

static void
a_corrected_file_changes_and_a_later_mark_stays(void **state)
{
	struct world *world = *state;
	struct import_attendance_counts counts;
	int64_t ada, bob, events;
	struct run run;
	bool is_new;

	assert_int_equal(import_text(world,
	    HEAD "Ada,G,2026-01-06,18:30,,N\nBob,G,2026-01-06,18:30,,N\n", &sheet, &counts), ST_OK);
	assert_int_equal(import_text(world, HEAD "Ada,G,2026-01-06,18:30,,Y\n", &sheet, &counts),
	    ST_OK);
	assert_int_equal(counts.changed, 1);
	assert_int_equal(count(world).present, 1);
	assert_int_equal(store_run(world->store, 1, &run), ST_OK);
	assert_int_equal(store_person(world->store, "Ada", false, NOW, &ada, NULL), ST_OK);
	assert_int_equal(store_person(world->store, "Bob", false, NOW, &bob, NULL), ST_OK);
	assert_int_equal(store_mark(world->store, run.id, bob, ATTENDANCE_PRESENT, "host", NOW, NOW,
	    &is_new), ST_OK);
	events = count(world).events;
	for (int round = 0; round < 2; round++) {
		assert_int_equal(import_text(world, HEAD "Bob,G,2026-01-06,18:30,,N\n", &sheet,
		    &counts), ST_OK);
		assert_int_equal(counts.kept, 1);
		assert_said(world, "odd 2: This person was recorded as present after the start of "
		    "the run; that stays.");
		assert_int_equal(count(world).events, events);
	}
}

static void
odd_lines_are_reported_and_taken(void **state)
{
	struct world *world = *state;
	struct import_attendance_counts counts;
	struct run run;

	assert_int_equal(import_text(world, HEAD
	    "Ada,G,2026-01-06,22:00 - 01:00,Night,Y,spare\n"
	    "Bob,G,2026-01-06,22:00 - 02:00,Night,Y\n"
	    "Cy,G,2026-01-06,22:00,Night,Y\n"
	    "Di,\"G\xC2\x92s\",2026-01-06,22:00 (Roll Call),\"Night\nshift\",Y\n"
	    "Ed,\"G\xC2\x92s\",2026-01-06,22:00 (Roll Call),,Y\n", &sheet, &counts), ST_OK);
	assert_said(world, "odd 2: There are more fields");
	assert_said(world, "odd 2: The end 01:00 is before the start 22:00; it is taken for the "
	    "next day's.");
	assert_said(world, "odd 3: The run on 2026-01-06 at 22:00");
	assert_said(world, "odd 4: The run on 2026-01-06 at 22:00: its end is missing here, but "
	    "01:00 in the database; that stays.");
	assert_said(world, "was garbled by a wrong encoding; it is read as “G’s”.");
	assert_int_equal(world->notes.n_odd, 5);
	assert_int_equal(count(world).groups, 2);
	assert_int_equal(count(world).runs, 3);
	assert_int_equal(store_run(world->store, 2, &run), ST_OK);
	assert_string_equal(run.title, "Night shift (Roll Call)");
	assert_string_equal(run.end, "");
	assert_string_equal(run.zone, "Europe/London");
	assert_int_equal(store_run(world->store, 3, &run), ST_OK);
	assert_string_equal(run.title, "Roll Call");
}

static void
a_bad_line_refuses_everything(void **state)
{
	static const struct { const char *line, *said; } cases[] = {
		{ ",G,2026-01-06,18:30,,Y\n", "bad 3: There is no person." },
		{ "Ada, ,2026-01-06,18:30,,Y\n", "bad 3: There is no group." },
		{ "Ada,G,06/01/2026,18:30,,Y\n",
		    "bad 3: The date “06/01/2026” may be day/month or month/day; say which with "
		    "--date-format" },
		{ "Ada,G,soon,18:30,,Y\n", "bad 3: The date “soon” is not a date" },
		{ "Ada,G,2026-01-06,late,,Y\n", "bad 3: The time “late” cannot be read" },
		{ "Ada,G,2026-01-06,18:30,,maybe\n",
		    "bad 3: The status “maybe” is none of the values" },
		{ "Ada,G,2026-01-06,18:30,,\n", "bad 3: The status “” is none of the values" },
		{ "Ada\xE2\x80\xAE,G,2026-01-06,18:30,,Y\n", "bad 3: The person" },
		{ "Ada,G,2026-01-06,18:30,\"x\n",
		    "bad 0: Line 3, column 24: this quote is never closed" },
		{ "Ada,G,2026-01-06,18:30,\xE9,Y\n",
		    "bad 0: Line 3, column 24: this is not UTF-8" },
		{ "\xC2\x9D,G,never,never,,never\n",
		    "bad 3: There is no person.\nbad 3: The date “never” is not a date; "
		    "write it as 2026-11-20.\nbad 3: The time" },
	};
	struct world *world = *state;
	struct import_attendance_counts counts;
	char text[512];

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		(void)snprintf(text, sizeof text, HEAD "Bob,G,2026-01-06,18:30,,Y\n%s",
		    cases[i].line);
		assert_int_equal(import_text(world, text, &sheet, &counts), ST_REFUSED);
		assert_said(world, cases[i].said);
		assert_int_equal(count(world).groups + count(world).people + count(world).runs
		    + count(world).events, 0);
	}
	/* And the club is usable afterwards. */
	assert_int_equal(import_text(world, HEAD "Bob,G,2026-01-06,18:30,,Y\n", &sheet, &counts),
	    ST_OK);
}

static void
options_that_do_not_fit_are_refused(void **state)
{
	static const struct { struct import_attendance options; const char *said; } cases[] = {
		{ { .group = "Group", .date = "Day", .time = "Time" }, "--person" },
		{ { .person = "Who", .date = "Day", .time = "Time" }, "--group" },
		{ { .person = "Who", .group = "Group", .group_name = "G",
		    .date = "Day", .time = "Time" }, "--group-name" },
		{ { .person = "Who", .group = "Group", .time = "Time" }, "--date" },
		{ { .person = "Who", .group = "Group", .date = "Day" }, "--time" },
		{ { .person = "Who", .group = "Group", .date = "Day",
		    .time = "Time", .start = "Time" }, "--start" },
		{ { .person = "Who", .group = "Group", .date = "Day",
		    .time = "Time", .end = "Time" }, "--end goes with --start" },
		{ { .person = "Who", .group = "Group", .date = "Day",
		    .time = "Time", .date_format = "DMY" }, "--date-format" },
		{ { .person = "Who", .group = "Group", .date = "Day",
		    .time = "Time", .status = "Came" }, "give both" },
		{ { .person = "Who", .group = "Group", .date = "Day", .time = "Time",
		    .values = { [ATTENDANCE_PRESENT] = "Y" } }, "give both" },
		{ { .person = "Who", .group = "Group", .date = "Day",
		    .time = "Time", .status = "Came",
		    .values = { [ATTENDANCE_PRESENT] = "Y", [ATTENDANCE_LATE] = "x,Y" } },
		        "cannot mean both" },
		{ { .person = "Who", .group = "Group", .date = "Day",
		    .time = "Time", .status = "Came",
		    .values = { [ATTENDANCE_PRESENT] = "\"Y" } }, "a quote that is not closed" },
		{ { .person = "Whom", .group = "Grp", .date = "Day", .time = "Time" },
		    "No column is called “Whom”. The first line of the file has “Who”, “Group”" },
		{ { .person = "Who,\"x", .group = "Group", .date = "Day", .time = "Time" },
		    "a quote is not closed" },
		{ { .person = "Who,Who,Who,Who,Who,Who,Who,Who,Who",
		    .group = "Group", .date = "Day", .time = "Time" }, "More than 8" },
	};
	struct world *world = *state;
	struct import_attendance_counts counts;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(import_text(world, HEAD "Bob,G,2026-01-06,18:30,,Y\n",
		    &cases[i].options, &counts), ST_USAGE);
		assert_said(world, cases[i].said);
	}
	assert_int_equal(import_text(world, "Who,Who\nx,y\n", &cases[0].options, &counts),
	    ST_USAGE);
	assert_int_equal(import_text(world, "", &sheet, &counts), ST_REFUSED);
	assert_said(world, "The file is empty.");
}

static void
other_shapes_of_sheets_are_read(void **state)
{
	struct world *world = *state;
	struct import_attendance_counts counts;
	struct import_attendance options = { .person = "Name, Vorname",
	.group_name = "Lauftreff", .date = "Datum",
		.start = "Beginn", .now = NOW };
	struct run run;

	/* A byte order mark, semicolons, CRLF, a comma in a column's name, no status, one group. */
	assert_int_equal(import_text(world, "\xEF\xBB\xBF" "\"Name, Vorname\";Datum;Beginn\r\n"
	    "\"Noether, Emmy\";6.1.2026;18.30\r\nG\xC3\xB6" "del Kurt;6.1.2026;18.30\r\n", &options,
	    &counts), ST_OK);
	assert_int_equal(count(world).present, 2);
	options.person = "\"Name, Vorname\", Datum";
	assert_int_equal(import_text(world,
	    "\"Name, Vorname\"\tDatum\tBeginn\nX\t6.1.2026\t20:00\n", &options, &counts), ST_OK);
	assert_int_equal(store_run(world->store, 2, &run), ST_OK);
	assert_string_equal(run.start, "20:00");
	assert_string_equal(run.group, "Lauftreff");
	assert_int_equal(store_person(world->store, "x 6.1.2026", false, NOW, &run.id, NULL),
	    ST_OK);
}

static void
the_council_of_toronto_is_imported(void **state)
{
	static const struct import_attendance council = {
		.person = "First Name,Last Name", .group = "Committee", .date = "Session Date",
		.time = "Session Start-End Time", .title = "Session Type", .status = "Present",
		.values = { [ATTENDANCE_PRESENT] = "Y", [ATTENDANCE_ABSENT] = "N" }, .now = NOW,
	};
	struct world *world = *state;
	const char *folder = getenv("TURNOUT_DATA");
	struct import_attendance_counts counts;
	struct figures figures;
	struct group group;
	char path[512];

	(void)snprintf(path, sizeof path, "%s/toronto-council-attendance.csv",
	    folder == NULL ? "" : folder);
	if (folder == NULL || access(path, R_OK) != 0) {
		print_message("skipped: set TURNOUT_DATA to the folder that has "
		    "toronto-council-attendance.csv\n");
		skip();
	}
	for (int round = 0; round < 2; round++) {
		assert_int_equal(import_file(world, path, &council, &counts), ST_OK);
		assert_int_equal(counts.records, 6111);
		assert_int_equal(counts.repeats, 6);
		assert_int_equal(counts.contradictions, 1);
		assert_int_equal(counts.added, round == 0 ? 6105 : 0);
		assert_int_equal(counts.same, round == 0 ? 0 : 6105);
		figures = count(world);
		assert_int_equal(figures.groups, 46);
		assert_int_equal(figures.people, 28);
		assert_int_equal(figures.runs, 808);
		assert_int_equal(figures.run_dates, 296);
		assert_int_equal(figures.attendances, 6105);
		assert_int_equal(figures.present, 5595);
		assert_int_equal(figures.events, 6105);
	}
	assert_int_equal(store_group_find(world->store,
	    "Subcommittee on Metrolinx\xE2\x80\x99s Ontario Line Construction", &group), ST_OK);
}

/* ---- people ---- */

static enum status
import_names(struct world *world, const char *text, const struct import_people *options,
    struct import_people_counts *counts)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	enum status status;

	assert_non_null(file);
	listen(world);
	status = import_people(world->store, file, options, &world->notes, counts);
	assert_int_equal(fclose(file), 0);
	if (status != ST_OK)
		assert_true(world->notes.n_bad > 0);
	return status;
}

static void
people_are_imported(void **state)
{
	static const char text[] =
	    "First;Last;Nick;Team\nAda;Lovelace;Countess;A\nGrace;Hopper;;B\nADA;LOVELACE;;B\nCy;Young;;\n";
	struct world *world = *state;
	struct import_people options = { .name = "First,Last", .nickname = "Nick",
	    .group = "Team", .is_dry_run = true, .now = NOW };
	struct import_people_counts counts;

	assert_int_equal(import_names(world, text, &options, &counts), ST_OK);
	assert_int_equal(counts.people, 3);
	assert_int_equal(count(world).people + count(world).groups, 0);
	options.is_dry_run = false;
	assert_int_equal(import_names(world, text, &options, &counts), ST_OK);
	assert_int_equal(counts.records, 4);
	assert_int_equal(counts.people, 3);
	assert_int_equal(counts.groups, 2);
	assert_int_equal(counts.listed, 3);
	assert_int_equal(count(world).people, 3);
	assert_int_equal(import_names(world, text, &options, &counts), ST_OK);
	assert_int_equal(counts.same, 4);
	assert_int_equal(count(world).people, 3);
}

static void
pasted_lines_are_names(void **state)
{
	struct world *world = *state;
	struct import_people options = { .group_name = "Beginners", .now = NOW };
	struct import_people_counts counts;
	int64_t id;

	assert_int_equal(import_names(world,
	    "\xEF\xBB\xBF" "Ada Lovelace\r\n\r\n  Grace   Hopper \rKing, Martin; Jr.\n\"O, P\"",
	    &options, &counts), ST_OK);
	assert_int_equal(counts.people, 4);
	assert_int_equal(counts.listed, 4);
	assert_int_equal(store_person(world->store, "Grace Hopper", false, NOW, &id, NULL), ST_OK);
	assert_int_equal(store_person(world->store, "king, martin; jr.", false, NOW, &id, NULL),
	    ST_OK);
	assert_int_equal(store_person(world->store, "O, P", false, NOW, &id, NULL), ST_OK);
	assert_int_equal(import_names(world,
	    "New One\nBad\xE2\x80\xAE\nCaf\xC3\xA9\n\xE2\x80\x8B\n", &options, &counts),
	    ST_REFUSED);
	assert_said(world, "bad 2: The name");
	assert_said(world, "bad 4: The name");
	assert_int_equal(count(world).people, 4);
	assert_int_equal(import_names(world, "caf\xE9\n", &options, &counts), ST_REFUSED);
	options.group = "Team";
	assert_int_equal(import_names(world, "x\n", &options, &counts), ST_USAGE);
	options.group_name = NULL;
	assert_int_equal(import_names(world, "x\n", &options, &counts), ST_USAGE);
	options.name = "Name";
	assert_int_equal(import_names(world, "x\n", &options, &counts), ST_USAGE);
}

/* ---- calendars ---- */

static enum status
import_ics(struct world *world, const char *text, const struct import_calendar *options,
    struct import_calendar_counts *counts)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	enum status status;

	assert_non_null(file);
	listen(world);
	status = import_calendar(world->store, file, options, &world->notes, counts);
	assert_int_equal(fclose(file), 0);
	if (status != ST_OK)
		assert_true(world->notes.n_bad > 0);
	return status;
}

/* All of tests/data/calendar.ics, the caller's to free. */
static char *
read_calendar(void)
{
	FILE *file = fopen("tests/data/calendar.ics", "r");
	char *text = NULL;
	size_t size = 0;

	assert_non_null(file);
	assert_true(getdelim(&text, &size, '\0', file) > 0);
	assert_int_equal(fclose(file), 0);
	return text;
}

/* `text` with the first `old` in it made `new`; `text` is freed. */
static char *
replace(char *text, const char *old, const char *new)
{
	char *at = strstr(text, old), *made = malloc(strlen(text) + strlen(new) + 1);

	assert_non_null(at);
	assert_non_null(made);
	*at = '\0';
	(void)sprintf(made, "%s%s%s", text, new, at + strlen(old));
	free(text);
	return made;
}

static bool
list_run(void *handle, const struct run *run)
{
	char *out = handle;
	size_t used = strlen(out);

	(void)snprintf(out + used, 4096 - used, "%s %s-%s %s %s%s%s%s\n", run->date, run->start,
	    run->end, run->zone, run->title, run->place[0] == '\0' ? "" : " at ", run->place,
	    run->is_cancelled ? " cancelled" : "");
	return true;
}

static void
assert_runs(struct world *world, const char *expected)
{
	char out[4096] = "";

	assert_int_equal(store_runs(world->store, 0, NULL, NULL, list_run, out), ST_OK);
	assert_string_equal(out, expected);
}

static const struct import_calendar spring = {
	.group = "Tuesday Runners", .from = "2026-03-01", .through = "2026-12-31", .now = NOW,
};

#define FIRST_RUNS \
	"2026-03-03 18:30-19:45 Europe/London Intervals at Town Hall steps\n" \
	"2026-03-10 18:30-19:45 Europe/London Intervals at Town Hall steps\n" \
	"2026-03-25 19:00-20:00 Europe/London Intervals at Town Hall steps\n" \
	"2026-03-31 18:30-19:45 Europe/London Intervals cancelled\n" \
	"2026-04-07 18:30-19:45 Europe/London Intervals at Town Hall steps\n" \
	"2026-04-10 23:00-00:30 Europe/London Night run\n" \
	"2026-04-11 09:00- Europe/London Long at Clubhouse\n" \
	"2026-04-15 09:00-10:00 Europe/London Elsewhere\n"

static void
a_calendar_is_imported_once(void **state)
{
	struct world *world = *state;
	struct import_calendar options = spring;
	struct import_calendar_counts counts;
	char *text = read_calendar();
	struct run run;

	options.is_dry_run = true;
	assert_int_equal(import_ics(world, text, &options, &counts), ST_OK);
	assert_int_equal(counts.runs, 8);
	assert_int_equal(count(world).runs + count(world).groups + count(world).places, 0);
	options.is_dry_run = false;
	assert_int_equal(import_ics(world, text, &options, &counts), ST_OK);
	assert_int_equal(counts.events, 10);
	assert_int_equal(counts.runs, 8);
	assert_int_equal(counts.cancelled, 1);
	assert_int_equal(counts.groups, 1);
	assert_int_equal(counts.places, 2);
	assert_int_equal(counts.skipped, 3);
	assert_said(world, "“Race day” of 2026-04-12 lasts all day");
	assert_said(world, "“Chimes” of 2026-04-13 recurs more than once a day");
	assert_said(world, "“Vague” of 2026-04-14 has a time or a rule that cannot be read");
	assert_said(world, "The time zone “Nowhere/At All” is unknown");
	assert_int_equal(world->notes.n_odd, 4);
	assert_runs(world, FIRST_RUNS);
	assert_int_equal(store_run_by_uid(world->store, "weekly@example.org#2026-03-24", &run),
	    ST_OK);
	assert_string_equal(run.date, "2026-03-25");
	assert_int_equal(import_ics(world, text, &options, &counts), ST_OK);
	assert_int_equal(counts.runs + counts.moved + counts.cancelled + counts.resumed
	    + counts.groups + counts.places, 0);
	assert_int_equal(counts.same, 8);
	assert_runs(world, FIRST_RUNS);
	free(text);
}

static void
a_later_calendar_moves_cancels_and_resumes(void **state)
{
	struct world *world = *state;
	struct import_calendar_counts counts;
	char *text = read_calendar();

	assert_int_equal(import_ics(world, text, &spring, &counts), ST_OK);
	text = replace(text, "STATUS:CANCELLED\n", "");
	text = replace(text, "EXDATE;TZID=Europe/London:20260317T183000\n",
	    "EXDATE;TZID=Europe/London:20260310T183000\n");
	text = replace(text, "DTSTART:20260410T220000Z", "DTSTART:20260409T170000Z");
	text = replace(text, "SUMMARY:Long", "STATUS:CANCELLED\nSUMMARY:Long");
	assert_int_equal(import_ics(world, text, &spring, &counts), ST_OK);
	assert_int_equal(counts.runs, 1);
	assert_int_equal(counts.moved, 1);
	assert_int_equal(counts.cancelled, 2);
	assert_int_equal(counts.resumed, 1);
	assert_runs(world,
	    "2026-03-03 18:30-19:45 Europe/London Intervals at Town Hall steps\n"
	    "2026-03-10 18:30-19:45 Europe/London Intervals at Town Hall steps cancelled\n"
	    "2026-03-17 18:30-19:45 Europe/London Intervals at Town Hall steps\n"
	    "2026-03-25 19:00-20:00 Europe/London Intervals at Town Hall steps\n"
	    "2026-03-31 18:30-19:45 Europe/London Intervals\n"
	    "2026-04-07 18:30-19:45 Europe/London Intervals at Town Hall steps\n"
	    "2026-04-09 18:00-19:30 Europe/London Night run\n"
	    "2026-04-11 09:00- Europe/London Long at Clubhouse cancelled\n"
	    "2026-04-15 09:00-10:00 Europe/London Elsewhere\n");
	assert_int_equal(import_ics(world, text, &spring, &counts), ST_OK);
	assert_int_equal(counts.same, 8);
	assert_int_equal(counts.runs + counts.moved + counts.cancelled + counts.resumed, 0);
	free(text);
}

static void
an_admins_cancellation_stays(void **state)
{
	struct world *world = *state;
	struct import_calendar_counts counts;
	char *text = read_calendar();
	struct run run;

	assert_int_equal(import_ics(world, text, &spring, &counts), ST_OK);
	assert_int_equal(store_run_by_uid(world->store, "floating@example.org", &run), ST_OK);
	assert_int_equal(store_run_cancel(world->store, run.id, true, "Ice.", NOW), ST_OK);
	assert_int_equal(import_ics(world, text, &spring, &counts), ST_OK);
	assert_int_equal(store_run(world->store, run.id, &run), ST_OK);
	assert_true(run.is_cancelled);
	assert_string_equal(run.reason, "Ice.");
	free(text);
}

#define EVENT(lines)	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:a\r\n" lines "END:VEVENT\r\nEND:VCALENDAR\r\n"

static void
rules_and_zones_are_kept(void **state)
{
	static const struct { const char *text, *runs; } cases[] = {
		/* Wall time stays over the change of clocks, in the event's own zone. */
		{ EVENT("DTSTART;TZID=Europe/Berlin:20261024T080000\r\nRRULE:FREQ=DAILY;COUNT=2\r\nSUMMARY:A\r\n"),
		  "2026-10-24 08:00- Europe/Berlin A\n2026-10-25 08:00- Europe/Berlin A\n" },
		/* An instant moves with them. */
		{ EVENT("DTSTART:20261024T070000Z\r\nRRULE:FREQ=DAILY;COUNT=2\r\nSUMMARY:B\r\n"),
		  "2026-10-24 08:00- Europe/London B\n2026-10-25 07:00- Europe/London B\n" },
		/* A last day without a time includes it. */
		{ EVENT("DTSTART:20260601T180000\r\nRRULE:FREQ=WEEKLY;UNTIL=20260608\r\nSUMMARY:C\r\n"),
		  "2026-06-01 18:00- Europe/London C\n2026-06-08 18:00- Europe/London C\n" },
		/* A last moment in UTC, one second before. */
		{ EVENT("DTSTART;TZID=Europe/London:20260601T180000\r\nRRULE:FREQ=WEEKLY;UNTIL=20260608T165959Z\r\nSUMMARY:D\r\n"),
		  "2026-06-01 18:00- Europe/London D\n" },
		/* Dates alone, one of them twice, one left out. */
		{ EVENT("DTSTART:20260601T180000\r\nRDATE:20260603T180000,20260605T190000\r\nRDATE:20260605T190000\r\n"
		    "EXDATE:20260603T180000\r\nSUMMARY:E\r\n"),
		  "2026-06-01 18:00- Europe/London E\n2026-06-05 19:00- Europe/London E\n" },
		/* A zone of the file that names its place, and one that does not. */
		{ "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:W. "
		    "Europe\r\nX-LIC-LOCATION:Europe/Berlin\r\nBEGIN:STANDARD\r\n"
		  "DTSTART:19700101T000000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
		  "BEGIN:VTIMEZONE\r\nTZID:Own\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\nTZOFFSETFROM:+0300\r\n"
		  "TZOFFSETTO:+0300\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n"
		  "BEGIN:VEVENT\r\nUID:1\r\nDTSTART;TZID=W. "
		  "Europe:20260105T180000\r\nSUMMARY:F\r\nEND:VEVENT\r\n"
		  "BEGIN:VEVENT\r\nUID:2\r\nDTSTART;TZID=Own:20260106T013000\r\nDURATION:PT2H\r\nSUMMARY:G\r\nEND:VEVENT\r\n"
		  "END:VCALENDAR\r\n",
		  "2026-01-05 18:00- Europe/Berlin F\n2026-01-05 22:30-00:30 Europe/London G\n" },
		/* The group's name as title is none; no UID. */
		{ "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260601T180000\nSUMMARY:Tuesday "
		    "Runners\nEND:VEVENT\nEND:VCALENDAR",
		  "2026-06-01 18:00- Europe/London \n" },
		/* What makes no run. */
		{ EVENT("DTSTART:20260601T180000\r\nDTEND:20260602T180000\r\nSUMMARY:H\r\n"), "" },
		{ EVENT("DTSTART:20260601T180000\r\nDTEND:20260601T170000\r\nSUMMARY:H\r\n"), "" },
		{ EVENT("DTSTART:20260601T180000\r\nRRULE:FREQ=DAILY;BYHOUR=9,18;COUNT=4\r\nSUMMARY:H\r\n"), "" },
		{ EVENT("SUMMARY:H\r\n"), "" },
		{ "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "" },
	};
	struct import_calendar options = spring;
	struct import_calendar_counts counts;

	options.from = "2026-01-01";
	tear_down(state);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct world *world;

		set_up(state);
		world = *state;
		for (int round = 0; round < 2; round++) {
			assert_int_equal(import_ics(world, cases[i].text, &options, &counts),
			    ST_OK);
			assert_runs(world, cases[i].runs);
		}
		tear_down(state);
	}
	set_up(state);
}

static void
a_rule_without_an_end_is_capped(void **state)
{
	struct world *world = *state;
	struct import_calendar options = spring;
	struct import_calendar_counts counts;

	options.through = "2036-12-31";
	assert_int_equal(import_ics(world,
	    EVENT("DTSTART:20200101T180000\r\nRRULE:FREQ=DAILY\r\nSUMMARY:A\r\n"), &options,
	    &counts), ST_OK);
	assert_int_equal(counts.runs, WALL_RULE_MAX);
	assert_said(world, "gives more than 1000 runs; those from 2028-11-25 on are left out.");
}

static void
what_is_no_calendar_is_refused(void **state)
{
	static const char *const texts[] = {
		"Name,Date\nAda,2026-01-01\n",
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20260601T180000\n", "END:VCALENDAR",
		"\n",
	};
	struct import_calendar options = spring;
	struct import_calendar_counts counts;
	struct world *world = *state;

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_int_equal(import_ics(world, texts[i], &options, &counts), ST_REFUSED);
		assert_int_equal(count(world).groups + count(world).runs, 0);
	}
	options.through = "2026-02-30";
	assert_int_equal(import_ics(world, texts[0], &options, &counts), ST_USAGE);
	options.through = "2026-01-01";
	assert_int_equal(import_ics(world, texts[0], &options, &counts), ST_USAGE);
}

int
main(void)
{
#define WITH_CLUB(test)	cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_read),
		cmocka_unit_test(times_are_read),
		cmocka_unit_test(damaged_text_is_repaired),
		cmocka_unit_test(lists_are_split),
		WITH_CLUB(notes_are_counted_capped_and_harmless),
		WITH_CLUB(a_register_is_imported_once),
		WITH_CLUB(the_later_line_wins),
		WITH_CLUB(a_corrected_file_changes_and_a_later_mark_stays),
		WITH_CLUB(odd_lines_are_reported_and_taken),
		WITH_CLUB(a_bad_line_refuses_everything),
		WITH_CLUB(options_that_do_not_fit_are_refused),
		WITH_CLUB(other_shapes_of_sheets_are_read),
		WITH_CLUB(the_council_of_toronto_is_imported),
		WITH_CLUB(people_are_imported),
		WITH_CLUB(pasted_lines_are_names),
		WITH_CLUB(a_calendar_is_imported_once),
		WITH_CLUB(a_later_calendar_moves_cancels_and_resumes),
		WITH_CLUB(an_admins_cancellation_stays),
		WITH_CLUB(rules_and_zones_are_kept),
		WITH_CLUB(a_rule_without_an_end_is_capped),
		WITH_CLUB(what_is_no_calendar_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
