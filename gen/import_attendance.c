// SPDX-License-Identifier: ISC
/*
 * import_attendance.c: reads the records one by one, and makes groups, people and runs as they come
 * up. Marks are kept in a list until the last line is read: a later line may contradict an earlier
 * one, and only the last one is to become an event.
 */
#include "gen/import_attendance.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "gen/buffer.h"
#include "gen/import_text.h"

#define PERSON_COLUMNS_MAX	8
#define VALUES_MAX		64
#define NO_COLUMN		SIZE_MAX

/* One value of the status column. */
struct value {
	enum attendance_status status;
	char	text[NAME_SIZE];
};

/* Something that this file has mentioned, known by `key`; its first letter tells the kind. */
struct known {
	int64_t	 id;				/* row id, or index of a mark */
	int64_t	 starts;			/* of a run, seconds */
	char	 end[WALL_TIME_SIZE];		/* of a run */
	char	 key[];
};

/* The latest mark of one person at one run. */
struct mark {
	size_t	 line;
	int64_t	 run_id, person_id, at;
	enum attendance_status status;
};

/* One valid record. */
struct record {
	size_t	 line;
	char	 person[NAME_SIZE], group[NAME_SIZE], title[NAME_SIZE];
	char	 date[WALL_DATE_SIZE], start[WALL_TIME_SIZE], end[WALL_TIME_SIZE];
	enum attendance_status status;
};

/* One import. */
struct reading {
	struct store			*store;
	const struct import_attendance	*options;
	struct buffer			 file;		/* what it holds */
	struct import_notes		*notes;
	struct import_attendance_counts	*counts;
	const struct csv_row		*row;		/* the header, then the current record */
	size_t		 person[PERSON_COLUMNS_MAX], n_person;
	size_t		 group, date, time, start, end, title, status;
	enum import_slashes slashes;
	struct value	 values[VALUES_MAX];
	size_t		 n_value;
	enum attendance_status value_status;		/* the one whose list is being read */
	bool		 is_refused;			/* by add_value */
	struct buffer	 text, key;
	struct buffer	 marks;				/* of struct mark */
	void		*known;				/* tree of struct known */
};

/* ---- what the file has mentioned ---- */

static int
compare_known(const void *left, const void *right)
{
	return strcmp(((const struct known *)left)->key, ((const struct known *)right)->key);
}

/* Find or make what is known under reading->key, which is emptied; *is_new when it was made now. */
static struct known *
know(struct reading *reading, bool *is_new)
{
	const char *key = buffer_text(&reading->key);
	size_t size = strlen(key) + 1;
	struct known *made = calloc(1, sizeof *made + size), **found;

	if (made == NULL)
		buffer_fail();
	memcpy(made->key, key, size);
	found = tsearch(made, &reading->known, compare_known);
	if (found == NULL)
		buffer_fail();
	*is_new = *found == made;
	if (!*is_new)
		free(made);
	reading->key.length = 0;
	return *found;
}

static struct mark *
mark_at(struct reading *reading, int64_t index)
{
	return (struct mark *)(void *)reading->marks.data + index;
}

/* ---- options and header ---- */

static bool
add_value(void *handle, const char *text)
{
	struct reading *reading = handle;
	struct value *value = &reading->values[reading->n_value];

	if (reading->n_value == VALUES_MAX || strlen(text) >= sizeof value->text) {
		import_bad(reading->notes, 0,
		    "The values of the status are too many or too long: at most %d of %zu bytes.",
		    VALUES_MAX, sizeof value->text - 1);
		reading->is_refused = true;
		return false;
	}
	for (size_t i = 0; i < reading->n_value; i++)
		if (strcmp(reading->values[i].text, text) == 0 &&
		    reading->values[i].status != reading->value_status) {
			import_bad(reading->notes, 0, "The value “%s” cannot mean both %s and %s.",
			    text, attendance_status_name(reading->values[i].status),
			    attendance_status_name(reading->value_status));
			reading->is_refused = true;
			return false;
		}
	value->status = reading->value_status;
	memcpy(value->text, text, strlen(text) + 1);
	reading->n_value++;
	return true;
}

/* Do the options fit together? Reads the value lists. */
static enum status
check_options(struct reading *reading)
{
	const struct import_attendance *options = reading->options;
	const char *why = NULL;

	if (options->person == NULL)
		why = "Say which column has the person, with --person.";
	else if ((options->group == NULL) == (options->group_name == NULL))
		why = "Say which column has the group, with --group, or the one group of all "
		    "records, with --group-name.";
	else if (options->date == NULL)
		why = "Say which column has the date, with --date.";
	else if ((options->time == NULL) == (options->start == NULL))
		why = "Say which column has the time, with --time, or the start, with --start.";
	else if (options->end != NULL && options->start == NULL)
		why = "--end goes with --start; --time reads both from one column.";
	else if (import_slashes(options->date_format, &reading->slashes) != ST_OK)
		why = "--date-format is DD/MM/YYYY, MM/DD/YYYY, DD.MM.YYYY or YYYY-MM-DD.";
	for (reading->value_status = 0; reading->value_status < ATTENDANCE_END;
	    reading->value_status++) {
		const char *list = options->values[reading->value_status];

		if (why == NULL && list != NULL && import_list(list, add_value, reading) != ST_OK)
			why = "A list of status values has a quote that is not closed.";
	}
	if (why == NULL && !reading->is_refused &&
	    (options->status == NULL) != (reading->n_value == 0))
		why = "--status names the column, and --present, --late, --excused, --absent the "
		    "values in it; give both.";
	if (why != NULL)
		import_bad(reading->notes, 0, "%s", why);
	return why != NULL || reading->is_refused ? ST_USAGE : ST_OK;
}

/* Find which column holds what; every missing one is noted. */
static enum status
find_columns(struct reading *reading)
{
	const struct import_attendance *options = reading->options;
	const struct { const char *name; size_t *column; } wanted[] = {
		{ options->group, &reading->group }, { options->date, &reading->date },
		{ options->time, &reading->time }, { options->start, &reading->start },
		{ options->end, &reading->end },
		{ options->title, &reading->title }, { options->status, &reading->status },
	};
	enum status status = import_columns(reading->notes, reading->row, options->person,
	    reading->person, PERSON_COLUMNS_MAX, &reading->n_person);

	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		*wanted[i].column = NO_COLUMN;
		if (wanted[i].name != NULL &&
		    import_column(reading->notes, reading->row, wanted[i].name,
		    wanted[i].column) != ST_OK)
			status = ST_USAGE;
	}
	return status;
}

/* ---- reading a record; the readers return false after a bad note ---- */

static const char *
cell(const struct reading *reading, size_t column)
{
	return column == NO_COLUMN ? "" : reading->row->field[column];
}

/* Make a name of reading->text. A text that was decoded wrongly is reported once. */
static bool
read_name(struct reading *reading, const char *what, bool may_be_empty, char name[NAME_SIZE])
{
	const char *text = buffer_text(&reading->text);
	size_t line = reading->row->line;
	bool is_repaired, is_new;

	if (!import_name(reading->notes, line, what, text, may_be_empty, name, &is_repaired))
		return false;
	if (is_repaired) {
		buffer_format(&reading->key, "t%s", text);
		(void)know(reading, &is_new);
		if (is_new)
			import_odd(reading->notes, line,
			    "The %s “%s” was garbled by a wrong encoding; it is read as “%s”.",
			    what, text, name);
	}
	return true;
}

static bool
read_person(struct reading *reading, struct record *record)
{
	reading->text.length = 0;
	for (size_t i = 0; i < reading->n_person; i++)
		buffer_format(&reading->text, "%s%s", i == 0 ? "" : " ",
		    cell(reading, reading->person[i]));
	return read_name(reading, "person", false, record->person);
}

static bool
read_group(struct reading *reading, struct record *record)
{
	const char *fixed = reading->options->group_name;

	reading->text.length = 0;
	buffer_append_text(&reading->text, fixed != NULL ? fixed : cell(reading, reading->group));
	return read_name(reading, "group", false, record->group);
}

static bool
read_date(struct reading *reading, struct record *record)
{
	const char *text = cell(reading, reading->date), *why;

	if (import_date(text, reading->slashes, record->date, &why) == ST_OK)
		return true;
	import_bad(reading->notes, reading->row->line, "The date “%.100s” %s.", text, why);
	return false;
}

/* Read the times, and the title, to which text in brackets after the times is added. */
static bool
read_times_and_title(struct reading *reading, struct record *record)
{
	const char *text = cell(reading, reading->time), *title = cell(reading, reading->title);
	char remark[IMPORT_TEXT_SIZE], nothing[WALL_TIME_SIZE], more[IMPORT_TEXT_SIZE];
	enum status status;

	if (reading->time != NO_COLUMN)
		status = import_times(text, record->start, record->end, remark);
	else {
		text = cell(reading, reading->start);
		status = import_times(text, record->start, record->end, remark);
		if (status == ST_OK && record->end[0] != '\0')
			status = ST_REFUSED;
		if (status == ST_OK && *cell(reading, reading->end) != '\0') {
			text = cell(reading, reading->end);
			status = import_times(text, record->end, nothing, more);
			if (status == ST_OK && (nothing[0] != '\0' || more[0] != '\0'))
				status = ST_REFUSED;
		}
	}
	if (status != ST_OK) {
		import_bad(reading->notes, reading->row->line,
		    "The time “%.100s” cannot be read; write it as 18:30, or 18:30 - 20:00 where "
		    "one column has both.", text);
		return false;
	}
	title += strspn(title, " \t\n");
	reading->text.length = 0;
	if (*title == '\0')
		buffer_append_text(&reading->text, remark);
	else
		buffer_format(&reading->text, remark[0] == '\0' ? "%s" : "%s (%s)", title, remark);
	return read_name(reading, "title", true, record->title);
}

/* The value that `text` is: an exact match is preferred to one in another case. */
static const struct value *
find_value(const struct reading *reading, const char *text)
{
	for (int is_folded = 0; is_folded < 2; is_folded++)
		for (size_t i = 0; i < reading->n_value; i++)
			if ((is_folded ? strcasecmp : strcmp)(reading->values[i].text, text) == 0)
				return &reading->values[i];
	return NULL;
}

static bool
read_status(struct reading *reading, struct record *record)
{
	const char *text = cell(reading, reading->status);
	const struct value *value;

	record->status = ATTENDANCE_PRESENT;
	if (reading->status == NO_COLUMN)
		return true;
	reading->text.length = 0;
	text += strspn(text, " \t\n");
	buffer_append_text(&reading->text, text);
	while (reading->text.length > 0 &&
	    strchr(" \t\n", reading->text.data[reading->text.length - 1]) != NULL)
		reading->text.length--;
	value = find_value(reading, buffer_text(&reading->text));
	if (value == NULL) {
		import_bad(reading->notes, reading->row->line,
		    "The status “%.100s” is none of the values given with --present, --late, "
		    "--excused and --absent.", text);
		return false;
	}
	record->status = value->status;
	return true;
}

/* Read the current record; everything wrong with it is noted. */
static bool
read_record(struct reading *reading, struct record *record)
{
	bool is_good;

	record->line = reading->row->line;
	import_check_row(reading->notes, reading->row);
	is_good = read_person(reading, record);
	is_good &= read_group(reading, record);
	is_good &= read_date(reading, record);
	is_good &= read_times_and_title(reading, record);
	is_good &= read_status(reading, record);
	return is_good;
}

/* ---- entering ---- */

/* Note that the store failed at this line. */
static enum status
fail(struct reading *reading, size_t line, enum status status)
{
	import_bad(reading->notes, line, "%s", store_why(reading->store));
	return status;
}

/* A group in the file is known by its name alone; --group-name may also be a slug. */
static enum status
enter_group(struct reading *reading, const struct record *record, int64_t *id)
{
	int64_t now = reading->options->now;
	struct known *known;
	enum status status = ST_OK;
	bool is_new, is_made = false;

	buffer_format(&reading->key, "g%s", record->group);
	known = know(reading, &is_new);
	if (is_new && reading->options->group_name != NULL)
		status = import_group(reading->store, record->group, now, &known->id, &is_made);
	else if (is_new) {
		status = store_group_add(reading->store, record->group, false, now, &known->id);
		is_made = status == ST_OK;
	}
	if (status != ST_OK && status != ST_EXISTS)
		return fail(reading, record->line, status);
	reading->counts->groups += is_made;
	*id = known->id;
	return ST_OK;
}

static enum status
enter_person(struct reading *reading, const struct record *record, int64_t *id)
{
	struct known *known;
	enum status status;
	bool is_new, is_made;

	buffer_format(&reading->key, "p%s", record->person);
	known = know(reading, &is_new);
	if (is_new) {
		status = store_person(reading->store, record->person, true, reading->options->now,
		    &known->id, &is_made);
		if (status != ST_OK)
			return fail(reading, record->line, status);
		reading->counts->people += is_made;
	}
	*id = known->id;
	return ST_OK;
}

/* At the first record of a run: make the run, or find it in the club. */
static enum status
enter_new_run(struct reading *reading, const struct record *record, int64_t group_id,
    struct known *known)
{
	struct run run = { .group_id = group_id, .opens_min = -1, .closes_min = -1 };
	enum status status;

	memcpy(run.date, record->date, sizeof run.date);
	memcpy(run.start, record->start, sizeof run.start);
	memcpy(run.end, record->end, sizeof run.end);
	memcpy(run.title, record->title, sizeof run.title);
	status = store_run_add(reading->store, &run, reading->options->now);
	if (status == ST_OK) {
		reading->counts->runs++;
		if (run.end[0] != '\0' && strcmp(run.end, run.start) < 0)
			import_odd(reading->notes, record->line,
			    "The end %s is before the start %s; it is taken for the next day's.",
			    run.end, run.start);
	} else if (status == ST_EXISTS)
		status = store_run(reading->store, run.id, &run);
	if (status == ST_OK)
		status = wall_instant(run.date, run.start, run.zone, &known->starts);
	if (status != ST_OK)
		return fail(reading, record->line, status);
	known->id = run.id;
	memcpy(known->end, run.end, sizeof known->end);
	return ST_OK;
}

static enum status
enter_run(struct reading *reading, const struct record *record, int64_t group_id,
    const struct known **run)
{
	struct known *known;
	enum status status = ST_OK;
	bool is_new;

	buffer_format(&reading->key, "r%lld %s %s %s", (long long)group_id, record->date,
	    record->start, record->title);
	*run = known = know(reading, &is_new);
	if (is_new)
		status = enter_new_run(reading, record, group_id, known);
	if (status != ST_OK || strcmp(known->end, record->end) == 0)
		return status;
	buffer_format(&reading->key, "e%lld %s", (long long)known->id, record->end);
	(void)know(reading, &is_new);
	if (is_new)
		import_odd(reading->notes, record->line,
		    "The run on %s at %s: its end is %s here, but %s in the database; that stays.",
		    record->date, record->start,
		    record->end[0] == '\0' ? "missing" : record->end,
		    known->end[0] == '\0' ? "missing" : known->end);
	return ST_OK;
}

/* Keep the record as the latest mark of its person at its run. */
static void
enter_mark(struct reading *reading, const struct record *record, const struct known *run,
    int64_t person_id)
{
	struct mark mark = {
		.line = record->line, .run_id = run->id, .person_id = person_id, .at = run->starts,
		.status = record->status,
	};
	struct known *known;
	struct mark *earlier;
	bool is_new;

	buffer_format(&reading->key, "m%lld %lld", (long long)run->id, (long long)person_id);
	known = know(reading, &is_new);
	if (is_new) {
		known->id = (int64_t)(reading->marks.length / sizeof mark);
		buffer_append(&reading->marks, (const char *)&mark, sizeof mark);
		return;
	}
	earlier = mark_at(reading, known->id);
	reading->counts->repeats++;
	if (earlier->status == mark.status)
		import_odd(reading->notes, record->line,
		    "%s on %s at %s is already in line %zu.",
		    record->person, record->date, record->start, earlier->line);
	else {
		reading->counts->contradictions++;
		import_odd(reading->notes, record->line,
		    "%s on %s at %s was %s in line %zu and is %s here; the later line wins.",
		    record->person, record->date, record->start,
		    attendance_status_name(earlier->status), earlier->line,
		    attendance_status_name(mark.status));
	}
	*earlier = mark;
}

static enum status
enter_record(struct reading *reading, const struct record *record)
{
	int64_t group_id = 0, person_id = 0;
	const struct known *run;
	enum status status = enter_group(reading, record, &group_id);

	if (status == ST_OK)
		status = enter_person(reading, record, &person_id);
	if (status == ST_OK)
		status = enter_run(reading, record, group_id, &run);
	if (status == ST_OK)
		enter_mark(reading, record, run, person_id);
	return status;
}

/* Enter one mark, unless the club has the same or a newer one. */
static enum status
store_one(struct reading *reading, const struct mark *mark)
{
	struct import_attendance_counts *counts = reading->counts;
	enum attendance_status known;
	int64_t since;
	enum status status = store_attendance(reading->store, mark->run_id, mark->person_id, &known,
	    &since);
	bool is_known = status == ST_OK, is_new;

	if (status != ST_OK && status != ST_UNKNOWN)
		return fail(reading, mark->line, status);
	if (is_known && known == mark->status) {
		counts->same++;
		return ST_OK;
	}
	if (is_known && since > mark->at) {
		counts->kept++;
		import_odd(reading->notes, mark->line,
		    "This person was recorded as %s after the start of the run; that "
		    "stays.", attendance_status_name(known));
		return ST_OK;
	}
	status = store_mark(reading->store, mark->run_id, mark->person_id, mark->status,
	    "import", mark->at, reading->options->now, &is_new);
	if (status != ST_OK)
		return fail(reading, mark->line, status);
	if (is_known)
		counts->changed++;
	else
		counts->added++;
	return ST_OK;
}

/* Read all records. */
static enum status
read_all(struct reading *reading, struct csv *csv)
{
	struct record record;
	enum status status;

	while ((status = csv_next(csv, &reading->row)) == ST_OK && reading->row != NULL) {
		reading->counts->records++;
		if (read_record(reading, &record) && reading->notes->n_bad == 0) {
			status = enter_record(reading, &record);
			if (status == ST_OK)
				status = import_step(reading->store, reading->notes, 0);
			if (status != ST_OK)
				return status;
		}
	}
	if (status != ST_OK)
		import_bad(reading->notes, 0, "%s", csv_why(csv));
	return status;
}

static enum status
store_marks(struct reading *reading)
{
	size_t i, count = reading->marks.length / sizeof(struct mark);
	enum status status = ST_OK;

	for (i = 0; status == ST_OK && reading->notes->n_bad == 0 && i < count; i++) {
		status = import_step(reading->store, reading->notes, i);
		if (status == ST_OK)
			status = store_one(reading, mark_at(reading, (int64_t)i));
	}
	return status;
}

/* Read the file, then enter the marks. */
static enum status
enter_all(void *handle, struct store *store)
{
	struct reading *reading = handle;
	struct csv *csv;
	enum status status;

	reading->store = store;
	*reading->counts = (struct import_attendance_counts){ 0 };
	reading->marks.length = 0;
	csv_open_memory(buffer_text(&reading->file), reading->file.length, 0, &csv);
	status = import_header(reading->notes, csv, &reading->row);
	if (status == ST_OK)
		status = find_columns(reading);
	if (status == ST_OK)
		status = read_all(reading, csv);
	if (status == ST_OK)
		status = store_marks(reading);
	csv_close(csv);
	tdestroy(reading->known, free);
	reading->known = NULL;
	return status;
}

enum status
import_attendance(struct store *store, FILE *file, const struct import_attendance *options,
    struct import_notes *notes, struct import_attendance_counts *counts)
{
	struct reading *reading = calloc(1, sizeof *reading);
	enum status status;

	if (reading == NULL)
		buffer_fail();
	reading->options = options;
	reading->notes = notes;
	reading->counts = counts;
	*counts = (struct import_attendance_counts){ 0 };
	status = check_options(reading);
	if (status == ST_OK)
		status = import_read(notes, file, IMPORT_FILE_MAX, &reading->file);
	if (status == ST_OK)
		status = import_enter(store, notes, options->is_dry_run, enter_all, reading);
	buffer_clear(&reading->file);
	buffer_clear(&reading->text);
	buffer_clear(&reading->key);
	buffer_clear(&reading->marks);
	free(reading);
	return status;
}
