// SPDX-License-Identifier: ISC
/* import_people.c: each record is one person. */
#include "gen/import_people.h"

#include <stdlib.h>
#include <string.h>

#include "gen/buffer.h"

#define NAME_COLUMNS_MAX	8
#define NO_COLUMN		SIZE_MAX

/* One import. */
struct reading {
	struct store			*store;
	const struct import_people	*options;
	struct buffer			 file;		/* what it holds */
	struct import_notes		*notes;
	struct import_people_counts	*counts;
	const struct csv_row		*row;		/* the header, then the current record */
	size_t		 name[NAME_COLUMNS_MAX], n_name, nickname, group;
	struct buffer	 text;				/* the name, joined from its columns */
};

/* One valid person. */
struct entry {
	char	 name[NAME_SIZE];
	char	 nickname[NAME_SIZE];			/* "" for none given */
	char	 group[NAME_SIZE];			/* "" for none given */
};

/* Find which column holds what; every missing one is noted. */
static enum status
find_columns(struct reading *reading)
{
	const struct import_people *options = reading->options;
	enum status status = import_columns(reading->notes, reading->row, options->name,
	    reading->name, NAME_COLUMNS_MAX, &reading->n_name);

	if (options->nickname != NULL &&
	    import_column(reading->notes, reading->row, options->nickname,
	    &reading->nickname) != ST_OK)
		status = ST_USAGE;
	if (options->group != NULL &&
	    import_column(reading->notes, reading->row, options->group, &reading->group) != ST_OK)
		status = ST_USAGE;
	return status;
}

/* Make a name of `text`. False after a bad note. */
static bool
read_name(struct reading *reading, const char *what, const char *text, bool may_be_empty,
    char name[NAME_SIZE])
{
	bool is_repaired;

	if (!import_name(reading->notes, reading->row->line, what, text, may_be_empty, name,
	    &is_repaired))
		return false;
	if (is_repaired)
		import_odd(reading->notes, reading->row->line,
		    "The %s “%s” was garbled by a wrong encoding; it is read as "
		    "“%s”.", what, text, name);
	return true;
}

/* Read the current record. False after a bad note. */
static bool
read_entry(struct reading *reading, struct entry *entry)
{
	const struct import_people *options = reading->options;
	char *const *field = reading->row->field;
	bool is_good;

	import_check_row(reading->notes, reading->row);
	reading->text.length = 0;
	for (size_t i = 0; i < reading->n_name; i++)
		buffer_format(&reading->text, "%s%s", i == 0 ? "" : " ", field[reading->name[i]]);
	is_good = read_name(reading, "name", buffer_text(&reading->text), false, entry->name);
	is_good &= read_name(reading,
	    "nickname", options->nickname == NULL ? "" : field[reading->nickname], true,
	    entry->nickname);
	is_good &= read_name(reading, "group", options->group_name != NULL ? options->group_name :
	    options->group == NULL ? "" : field[reading->group], true, entry->group);
	return is_good;
}

static enum status
enter_person(struct reading *reading, const struct entry *entry)
{
	struct import_people_counts *counts = reading->counts;
	int64_t now = reading->options->now, person_id, group_id;
	bool is_made = false, is_listed = false, is_group_made = false;
	enum status status = store_person(reading->store, entry->name, true, now, &person_id,
	    &is_made);

	if (status == ST_OK && entry->nickname[0] != '\0')
		status = store_person_set(reading->store, person_id, entry->nickname, NULL);
	if (status == ST_OK && entry->group[0] != '\0') {
		status = import_group(reading->store, entry->group, now, &group_id, &is_group_made);
		if (status == ST_OK)
			status = store_list_add(reading->store, group_id, person_id, now,
			    &is_listed);
	}
	if (status != ST_OK) {
		import_bad(reading->notes, reading->row->line, "%s", store_why(reading->store));
		return status;
	}
	counts->people += is_made;
	counts->groups += is_group_made;
	counts->listed += is_listed;
	counts->same += !is_made && !is_listed;
	return ST_OK;
}

/* Read all records: those after the header, or every line when there is none. */
static enum status
read_all(struct reading *reading, struct csv *csv)
{
	struct entry entry;
	enum status status;

	while ((status = csv_next(csv, &reading->row)) == ST_OK && reading->row != NULL) {
		reading->counts->records++;
		if (read_entry(reading, &entry) && reading->notes->n_bad == 0) {
			status = enter_person(reading, &entry);
			if (status == ST_OK)
				status = import_step(reading->store, reading->notes,
				    reading->counts->records);
			if (status != ST_OK)
				return status;
		}
	}
	if (status != ST_OK)
		import_bad(reading->notes, 0, "%s", csv_why(csv));
	return status;
}

static enum status
check_options(struct reading *reading)
{
	const struct import_people *options = reading->options;

	if (options->group != NULL && options->group_name != NULL)
		import_bad(reading->notes, 0,
		    "--group names a column and --group-name the one group of all; give one of "
		    "them.");
	else if (options->name == NULL && (options->nickname != NULL || options->group != NULL))
		import_bad(reading->notes, 0,
		    "Columns need a header; say which one has the name, with --name.");
	else
		return ST_OK;
	return ST_USAGE;
}

static enum status
enter_all(void *handle, struct store *store)
{
	struct reading *reading = handle;
	bool has_header = reading->options->name != NULL;
	struct csv *csv;
	enum status status = ST_OK;

	reading->store = store;
	reading->n_name = 1;
	*reading->counts = (struct import_people_counts){ 0 };
	csv_open_memory(buffer_text(&reading->file), reading->file.length,
	    has_header ? 0 : CSV_ONE_COLUMN, &csv);
	if (has_header) {
		status = import_header(reading->notes, csv, &reading->row);
		if (status == ST_OK)
			status = find_columns(reading);
	}
	if (status == ST_OK)
		status = read_all(reading, csv);
	csv_close(csv);
	return status;
}

enum status
import_people(struct store *store, FILE *file, const struct import_people *options,
    struct import_notes *notes, struct import_people_counts *counts)
{
	struct reading reading = { .options = options, .notes = notes, .counts = counts };
	enum status status = check_options(&reading);

	*counts = (struct import_people_counts){ 0 };
	if (status == ST_OK)
		status = import_read(notes, file, IMPORT_FILE_MAX, &reading.file);
	if (status == ST_OK)
		status = import_enter(store, notes, options->is_dry_run, enter_all, &reading);
	buffer_clear(&reading.file);
	buffer_clear(&reading.text);
	return status;
}
