// SPDX-License-Identifier: ISC
/*
 * cmd_import.c: passes the options of each import to the function that does it. Remarks on the
 * input go to standard error as FILE:LINE: sentence, counts to standard output.
 */
#include <string.h>

#include "gen/cmd_share.h"
#include "gen/import_attendance.h"
#include "gen/import_calendar.h"
#include "gen/import_own.h"
#include "gen/import_people.h"

/* Where remarks come from. */
struct source {
	const struct call *call;
	const char	*name;		/* the file's */
};

static void
tell_note(void *handle, const struct import_note *note)
{
	const struct source *source = handle;

	if (!note->is_bad && source->call->is_quiet)
		return;
	if (note->line > 0)
		fprintf(stderr, "turnout: %s:%zu: %s\n", source->name, note->line, note->sentence);
	else
		fprintf(stderr, "turnout: %s: %s\n", source->name, note->sentence);
}

/* Report how an import ended: its counts (reference taken over), or how far it got. */
static enum status
report_import(const struct call *call, enum status status, const struct import_notes *notes,
    json_t *counts)
{
	bool is_dry_run = call_has(call, OPTION_DRY_RUN);
	const char *key, *before;
	json_t *value;

	json_object_set_new(counts, "odd", json_integer((json_int_t)notes->n_odd));
	json_object_set_new(counts, "dry_run", json_boolean(is_dry_run));
	if (status != ST_OK && notes->is_again) {
		call_fail(call, status,
		    "The import was broken off after %zu entries, which stay. Fix the problem above and "
		    "import the file again: what is there is not entered twice.", notes->n_kept);
	} else if (status != ST_OK) {
		call_fail(call, status,
		    "Nothing was imported. Fix the problems above and try again.");
	} else if (call->is_json) {
		listing_json(stdout, counts);
	} else {
		before = is_dry_run ? "Would import: " : "Imported: ";
		json_object_foreach(counts, key, value)
			if (json_is_integer(value)) {
				printf("%s%" JSON_INTEGER_FORMAT " %s", before,
				    json_integer_value(value), key);
				before = ", ";
			}
		printf(".\n");
	}
	json_decref(counts);
	return status;
}

enum status
command_import_attendance(struct call *call)
{
	struct import_attendance options = {
		.person = call_value(call, OPTION_PERSON), .group = call_value(call, OPTION_GROUP),
		.group_name = call_value(call, OPTION_GROUP_NAME),
		.date = call_value(call, OPTION_DATE),
		.date_format = call_value(call, OPTION_DATE_FORMAT),
		.time = call_value(call, OPTION_TIME),
		.start = call_value(call, OPTION_START), .end = call_value(call, OPTION_END_TIME),
		.title = call_value(call, OPTION_TITLE), .status = call_value(call, OPTION_STATUS),
		.values = {
			[ATTENDANCE_PRESENT] = call_value(call, OPTION_PRESENT),
			[ATTENDANCE_LATE] = call_value(call, OPTION_LATE),
			[ATTENDANCE_EXCUSED] = call_value(call, OPTION_EXCUSED),
			[ATTENDANCE_ABSENT] = call_value(call, OPTION_ABSENT),
		},
		.is_dry_run = call_has(call, OPTION_DRY_RUN), .now = call->now,
	};
	struct source source = { call, call->words[0] };
	struct import_notes notes = { .tell = tell_note, .handle = &source,
	    .is_all = options.is_dry_run };
	struct import_attendance_counts counts = { 0 };
	FILE *file = share_open(call, call->words[0]);
	enum status status;

	if (file == NULL)
		return ST_FAULT;
	status = import_attendance(call->store, file, &options, &notes, &counts);
	share_close(file);
	return report_import(call, status, &notes,
	    listing_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}",
	    "records", (json_int_t)counts.records, "groups", (json_int_t)counts.groups,
	    "people", (json_int_t)counts.people, "runs", (json_int_t)counts.runs,
	    "added", (json_int_t)counts.added, "changed", (json_int_t)counts.changed,
	    "same", (json_int_t)counts.same, "kept", (json_int_t)counts.kept,
	    "repeats", (json_int_t)counts.repeats,
	    "contradictions", (json_int_t)counts.contradictions));
}

/* Print a difference that a dry run found. */
static void
print_difference(void *handle, const char *sentence)
{
	(void)handle;
	puts(sentence);
}

enum status
command_import(struct call *call)
{
	struct import_own options = { .is_dry_run = call_has(call, OPTION_DRY_RUN),
	    .now = call->now };
	struct source source = { call, call->words[0] };
	struct import_notes notes = { .tell = tell_note, .handle = &source,
	    .is_all = options.is_dry_run };
	struct import_own_counts counts = { 0 };
	FILE *file = share_open(call, call->words[0]);
	enum status status;

	if (file == NULL)
		return ST_FAULT;
	if (options.is_dry_run && !call->is_json)
		options.differs = print_difference;
	status = import_own(call->store, file, &options, &notes, &counts);
	share_close(file);
	return report_import(call, status, &notes,
	    listing_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}",
	    "records", (json_int_t)counts.records, "groups", (json_int_t)counts.groups,
	    "places", (json_int_t)counts.places, "people", (json_int_t)counts.people,
	    "runs", (json_int_t)counts.runs, "added", (json_int_t)counts.added,
	    "changed", (json_int_t)counts.changed, "same", (json_int_t)counts.same,
	    "kept", (json_int_t)counts.kept, "only_here", (json_int_t)counts.only_here));
}

enum status
command_person_import(struct call *call)
{
	struct import_people options = {
		.name = call_value(call, OPTION_NAME),
		.nickname = call_value(call, OPTION_NICKNAME),
		.group = call_value(call, OPTION_GROUP),
		.group_name = call_value(call, OPTION_GROUP_NAME),
		.is_dry_run = call_has(call, OPTION_DRY_RUN), .now = call->now,
	};
	struct source source = { call, call->words[0] };
	struct import_notes notes = { .tell = tell_note, .handle = &source,
	    .is_all = options.is_dry_run };
	struct import_people_counts counts = { 0 };
	FILE *file = share_open(call, call->words[0]);
	enum status status;

	if (file == NULL)
		return ST_FAULT;
	status = import_people(call->store, file, &options, &notes, &counts);
	share_close(file);
	return report_import(call, status, &notes, listing_pack("{s:I,s:I,s:I,s:I,s:I}",
	    "records", (json_int_t)counts.records, "people", (json_int_t)counts.people,
	    "groups", (json_int_t)counts.groups, "listed", (json_int_t)counts.listed,
	    "same", (json_int_t)counts.same));
}

#ifdef LEAN

enum status
command_calendar_import(struct call *call)
{
	return call_elsewhere(call, "This program was built without the reader of calendars.");
}

#else

enum status
command_calendar_import(struct call *call)
{
	char from[WALL_DATE_SIZE], through[WALL_DATE_SIZE];
	struct import_calendar options = {
		.group = call_value(call, OPTION_GROUP), .from = from, .through = through,
		.is_dry_run = call_has(call, OPTION_DRY_RUN), .now = call->now,
	};
	struct source source = { call, call->words[0] };
	struct import_notes notes = { .tell = tell_note, .handle = &source,
	    .is_all = options.is_dry_run };
	struct import_calendar_counts counts = { 0 };
	FILE *file;
	enum status status;

	if (options.group == NULL)
		return call_fail(call, ST_USAGE,
		    "“calendar import” needs --group. Nothing was imported.");
	status = share_today(call, from);
	if (status == ST_OK)
		status = share_date(call, OPTION_FROM, from);
	if (status == ST_OK) {
		share_year_on(from, through);
		status = share_date(call, OPTION_UNTIL, through);
	}
	if (status != ST_OK)
		return status;
	file = share_open(call, call->words[0]);
	if (file == NULL)
		return ST_FAULT;
	status = import_calendar(call->store, file, &options, &notes, &counts);
	share_close(file);
	return report_import(call, status, &notes,
	    listing_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}",
	    "events", (json_int_t)counts.events, "groups", (json_int_t)counts.groups,
	    "places", (json_int_t)counts.places, "runs", (json_int_t)counts.runs,
	    "moved", (json_int_t)counts.moved, "cancelled", (json_int_t)counts.cancelled,
	    "resumed", (json_int_t)counts.resumed, "same", (json_int_t)counts.same,
	    "skipped", (json_int_t)counts.skipped));
}

#endif
