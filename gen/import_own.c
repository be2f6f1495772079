// SPDX-License-Identifier: ISC
/* import_own.c: see import_own.h. */
#include "gen/import_own.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "gen/buffer.h"
#include "gen/escape.h"
#include "gen/export.h"

/* An event: how often the file had it so far, and the club before the import. */
struct seen {
	int64_t	 in_file, in_club;
	char	 key[];
};

struct reading {
	struct store		*store;
	const struct import_own	*options;
	struct buffer		 file;		/* what it holds */
	struct import_notes	*notes;
	struct import_own_counts *counts;
	enum export_kind	 kind;
	size_t			 column[EXPORT_COLUMN_END];
	const struct csv_row	*row;
	struct buffer		 text;
	void			*seen;		/* tree of struct seen */
};

/* One record, as an event or a line of the register. */
struct record {
	struct register_line line;
	struct run	 run;
	char		 place[NAME_SIZE];
	int64_t		 run_id, person_id;
};

static int
compare_seen(const void *left, const void *right)
{
	return strcmp(((const struct seen *)left)->key, ((const struct seen *)right)->key);
}

/* Find what the tree has under reading->text, or make it. */
static struct seen *
find_seen(struct reading *reading, bool *is_new)
{
	const char *key = buffer_text(&reading->text);
	size_t size = strlen(key) + 1;
	struct seen *made = calloc(1, sizeof *made + size), **found;

	if (made == NULL)
		buffer_fail();
	memcpy(made->key, key, size);
	found = tsearch(made, &reading->seen, compare_seen);
	if (found == NULL)
		buffer_fail();
	*is_new = *found == made;
	if (!*is_new)
		free(made);
	return *found;
}

/* Find out of which kind the file is, and where its columns are. */
static enum status
find_columns(struct reading *reading)
{
	size_t place;

	reading->kind = csv_column(reading->row, "event", &place) == ST_OK ? EXPORT_EVENTS
	    : EXPORT_REGISTER;
	for (enum export_column column = 0; column < EXPORT_COLUMN_END; column++) {
		const struct export_column_about *about = &export_columns[column];

		if ((about->kinds & (1u << reading->kind)) == 0
		    || csv_column(reading->row, about->name, &reading->column[column]) == ST_OK)
			continue;
		import_bad(reading->notes, reading->row->line,
		    "This is not a complete %s from turnout export: the column “%s” is missing, "
		    "or there twice. "
		    "For other files, use turnout import attendance.",
		    reading->kind == EXPORT_EVENTS ? "event log" : "register", about->name);
		return ST_REFUSED;
	}
	return ST_OK;
}

static const char *
cell(const struct reading *reading, enum export_column column)
{
	return escape_csv_undo(reading->row->field[reading->column[column]]);
}

/* Copy a cell that fits; false after a bad note. */
static bool
copy_cell(struct reading *reading, enum export_column column, char *text, size_t size)
{
	const char *value = cell(reading, column);

	if (strlen(value) >= size) {
		import_bad(reading->notes, reading->row->line, "The %s “%.40s…” is too long.",
		    export_columns[column].name, value);
		return false;
	}
	memcpy(text, value, strlen(value) + 1);
	return true;
}

static bool
read_instant(struct reading *reading, enum export_column column, const char *zone, int64_t *instant)
{
	const char *text = cell(reading, column);

	if (wall_parse(text, zone, instant) == ST_OK)
		return true;
	import_bad(reading->notes, reading->row->line,
	    "%s: “%.40s” is not a time such as 2026-11-20T18:30:00+00:00.",
	    export_columns[column].name, text);
	return false;
}

/* Read the current record; everything wrong with it is noted. Some strings stay in the row. */
static bool
read_record(struct reading *reading, struct record *record)
{
	struct register_line *line = &record->line;
	struct run *run = &record->run;
	bool is_event = reading->kind == EXPORT_EVENTS, is_good = true;

	*record = (struct record){ .run = { .opens_min = -1, .closes_min = -1 } };
	import_check_row(reading->notes, reading->row);
	is_good &= copy_cell(reading, EXPORT_DATE, run->date, sizeof run->date);
	is_good &= copy_cell(reading, EXPORT_START, run->start, sizeof run->start);
	is_good &= copy_cell(reading, EXPORT_END, run->end, sizeof run->end);
	is_good &= copy_cell(reading, EXPORT_ZONE, run->zone, sizeof run->zone);
	is_good &= copy_cell(reading, EXPORT_TITLE, run->title, sizeof run->title);
	is_good &= copy_cell(reading, EXPORT_PLACE, record->place, sizeof record->place);
	is_good &= copy_cell(reading, EXPORT_SESSION, run->session, sizeof run->session);
	if (is_good && !wall_zone_valid(run->zone)) {
		import_bad(reading->notes, reading->row->line, "There is no time zone “%s”.",
		    run->zone);
		return false;
	}
	*line = (struct register_line){
		.date = run->date, .start = run->start, .end = run->end, .zone = run->zone,
		.title = run->title, .session = run->session,
		.group = cell(reading, EXPORT_GROUP), .place = record->place,
		.person = cell(reading, EXPORT_PERSON),
		.status = cell(reading, EXPORT_STATUS), .proof = cell(reading, EXPORT_PROOF),
		.event = is_event ? cell(reading, EXPORT_EVENT) : "mark",
		.host = is_event ? cell(reading, EXPORT_HOST) : "",
		.pending = is_event ? cell(reading, EXPORT_PENDING) : "",
		.note = is_event ? cell(reading, EXPORT_NOTE) : "",
		.received = reading->options->now,
		.is_delivered_late = is_event &&
		    strcmp(cell(reading, EXPORT_DELIVERED), "late") == 0,
	};
	is_good = is_good &&
	    read_instant(reading, is_event ? EXPORT_AT : EXPORT_SINCE, run->zone, &line->since);
	if (is_event)
		is_good = is_good &&
		    read_instant(reading, EXPORT_RECEIVED, run->zone, &line->received);
	return is_good;
}

/*
 * Note what the store failed with, or count what it made in *made, if that is not NULL; what
 * existed already is then no failure.
 */
static enum status
judge(struct reading *reading, enum status status, size_t *made)
{
	if (status == ST_OK && made != NULL)
		++*made;
	if (status == ST_OK || (status == ST_EXISTS && made != NULL))
		return ST_OK;
	import_bad(reading->notes, reading->row->line, "%s", store_why(reading->store));
	return status;
}

/* Find the run of the record, by session id or by group, date, start and title; or make it. */
static enum status
enter_run(struct reading *reading, struct record *record)
{
	struct import_own_counts *counts = reading->counts;
	struct place place = { 0 };
	struct run known;
	enum status status = store_run_by_session(reading->store, record->run.session, &known);

	if (status == ST_OK) {
		record->run_id = known.id;
		return ST_OK;
	}
	status = judge(reading,
	    store_group_add(reading->store, record->line.group, false, reading->options->now,
	    &record->run.group_id), &counts->groups);
	if (status == ST_OK && record->line.place[0] != '\0') {
		memcpy(place.name, record->place, sizeof place.name);
		status = judge(reading,
		    store_place_add(reading->store, &place, reading->options->now,
		    &record->run.place_id), &counts->places);
	}
	if (status == ST_OK)
		status = judge(reading,
		    store_run_restore(reading->store, &record->run, reading->options->now),
		    &counts->runs);
	record->run_id = record->run.id;
	return status;
}

/* Tell what the record changes: '+' for something new, '~' for something different. */
static void
tell_difference(struct reading *reading, const struct record *record, char sign, const char *known)
{
	const struct register_line *line = &record->line;

	if (reading->options->differs == NULL || reading->notes->is_again)
		return;
	reading->text.length = 0;
	buffer_format(&reading->text, "%c %s %s %s%s%s: %s %s%s%s%s", sign, line->date, line->start,
	    line->group, *line->title != '\0' ? ", " : "", line->title, line->person,
	    reading->kind == EXPORT_EVENTS ? line->event : "",
	    reading->kind == EXPORT_EVENTS ? " " : "", line->status, known);
	reading->options->differs(reading->options->handle, buffer_text(&reading->text));
}

/* Enter an event, unless the club already had it as often as the file has so far. */
static enum status
enter_event(struct reading *reading, const struct record *record)
{
	const struct register_line *line = &record->line;
	struct seen *seen;
	bool is_new;
	enum status status = ST_OK;

	reading->text.length = 0;
	buffer_format(&reading->text, "%lld %lld %lld %lld %s %s %s %d %s\n%s\n%s",
	    (long long)record->run_id, (long long)record->person_id,
	    (long long)line->since, (long long)line->received, line->event, line->status,
	    line->proof, line->is_delivered_late, line->pending,
	    line->host, line->note);
	seen = find_seen(reading, &is_new);
	if (is_new)
		status = judge(reading,
		    store_event_count(reading->store, record->run_id, record->person_id, line,
		    &seen->in_club), NULL);
	if (status != ST_OK)
		return status;
	if (++seen->in_file <= seen->in_club) {
		reading->counts->same++;
		return ST_OK;
	}
	tell_difference(reading, record, '+', "");
	return judge(reading,
	    store_event_restore(reading->store, record->run_id, record->person_id, line,
	    reading->options->now), &reading->counts->added);
}

/* Enter a line of the register as a mark, unless the club has the same or something newer. */
static enum status
enter_line(struct reading *reading, const struct record *record)
{
	const struct register_line *line = &record->line;
	enum attendance_status known;
	char was[64];
	int64_t since;
	bool is_new;
	enum status status = store_attendance(reading->store, record->run_id, record->person_id,
	    &known, &since);

	if (status != ST_OK && status != ST_UNKNOWN)
		return judge(reading, status, NULL);
	reading->text.length = 0;
	buffer_format(&reading->text, "%lld %lld", (long long)record->run_id,
	    (long long)record->person_id);
	(void)find_seen(reading, &is_new);
	if (!is_new) {
		import_odd(reading->notes, reading->row->line,
		    "%s on %s at %s is already further up; that line counts.", line->person,
		    line->date, line->start);
		return ST_OK;
	}
	if (status == ST_UNKNOWN) {
		tell_difference(reading, record, '+', "");
		return judge(reading,
		    store_event_restore(reading->store, record->run_id, record->person_id, line,
		    reading->options->now), &reading->counts->added);
	}
	if (strcmp(attendance_status_name(known), line->status) == 0 && since == line->since) {
		reading->counts->same++;
		return ST_OK;
	}
	if (since > line->since) {
		reading->counts->kept++;
		return ST_OK;
	}
	snprintf(was, sizeof was, ", was %s", attendance_status_name(known));
	tell_difference(reading, record, '~', was);
	return judge(reading,
	    store_event_restore(reading->store, record->run_id, record->person_id, line,
	    reading->options->now), &reading->counts->changed);
}

static enum status
enter_record(struct reading *reading, struct record *record)
{
	bool is_new = false;
	enum status status = enter_run(reading, record);

	if (status == ST_OK)
		status = judge(reading,
		    store_person(reading->store, record->line.person, true, reading->options->now,
		    &record->person_id, &is_new), NULL);
	reading->counts->people += is_new;
	if (status != ST_OK)
		return status;
	return reading->kind == EXPORT_EVENTS ? enter_event(reading, record)
	    : enter_line(reading, record);
}

static enum status
read_all(struct reading *reading, struct csv *csv)
{
	struct import_own_counts *counts = reading->counts;
	struct figures before;
	struct record record;
	enum status status = store_figures(reading->store, &before);
	size_t there, found;

	if (status != ST_OK)
		return status;
	while ((status = csv_next(csv, &reading->row)) == ST_OK && reading->row != NULL) {
		counts->records++;
		if (!read_record(reading, &record) || reading->notes->n_bad > 0)
			continue;
		status = enter_record(reading, &record);
		if (status == ST_OK)
			status = import_step(reading->store, reading->notes, counts->records);
		if (status != ST_OK)
			return status;
	}
	if (status != ST_OK)
		import_bad(reading->notes, 0, "%s", csv_why(csv));
	there = (size_t)(reading->kind == EXPORT_EVENTS ? before.events : before.attendances);
	found = counts->same + counts->changed + counts->kept;
	/* some may have come meanwhile */
	counts->only_here = there > found ? there - found : 0;
	return status;
}

static enum status
enter_all(void *handle, struct store *store)
{
	struct reading *reading = handle;
	struct csv *csv;
	enum status status;

	reading->store = store;
	*reading->counts = (struct import_own_counts){ 0 };
	csv_open_memory(buffer_text(&reading->file), reading->file.length, 0, &csv);
	status = import_header(reading->notes, csv, &reading->row);
	if (status == ST_OK)
		status = find_columns(reading);
	if (status == ST_OK)
		status = read_all(reading, csv);
	csv_close(csv);
	tdestroy(reading->seen, free);
	reading->seen = NULL;
	return status;
}

enum status
import_own(struct store *store, FILE *file, const struct import_own *options,
    struct import_notes *notes, struct import_own_counts *counts)
{
	struct reading reading = { .options = options, .notes = notes, .counts = counts };
	enum status status;

	*counts = (struct import_own_counts){ 0 };
	status = import_read(notes, file, IMPORT_FILE_MAX, &reading.file);
	if (status == ST_OK)
		status = import_enter(store, notes, options->is_dry_run, enter_all, &reading);
	buffer_clear(&reading.file);
	buffer_clear(&reading.text);
	return status;
}
