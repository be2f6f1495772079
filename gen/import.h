// SPDX-License-Identifier: ISC
/*
 * import.h: what the imports share: notes for people, names and columns, and the end.
 *
 * An import is one transaction: it all goes in, or nothing does. Every line is looked at; a bad one
 * refuses the import, an odd one is reported and taken.
 */
#ifndef TURNOUT_IMPORT_H
#define TURNOUT_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/name.h"
#include "core/status.h"
#include "gen/csv.h"

#define IMPORT_NOTES_MAX	50	/* notes of a kind that are told; all are counted */

struct store;

/* A remark on one line of the input. Lent for the call. */
struct import_note {
	size_t		 line;		/* counted from 1; 0: on the whole */
	bool		 is_bad;	/* it refuses the import; otherwise odd, and taken */
	const char	*sentence;
};

/* Where notes go, and how many there were. {0} keeps silent. */
struct import_notes {
	void		(*tell)(void *handle, const struct import_note *note);	/* may be NULL */
	void		*handle;
	/* tell every odd one, beyond IMPORT_NOTES_MAX (a dry run) */
	bool		 is_all;
	size_t		 n_bad;		/* counted here */
	size_t		 n_odd;
};

/* Note something; the sentence is made as by printf(3), cut at 1,000 bytes. */
void	import_bad(struct import_notes *notes, size_t line, const char *format, ...)
	    __attribute__((format(printf, 3, 4)));
void	import_odd(struct import_notes *notes, size_t line, const char *format, ...)
	    __attribute__((format(printf, 3, 4)));

/*
 * Make a name of `text`: repaired, tidied, line breaks and tabs inside read as blanks. `what` it is
 * ("person") goes into sentences. Nothing but blanks gives "" where it `may_be_empty`. False after
 * a bad note; *is_repaired says whether import_repair changed it, which the caller reports.
 */
bool	import_name(struct import_notes *notes, size_t line, const char *what, const char *text,
		    bool may_be_empty,
	    char name[NAME_SIZE], bool *is_repaired);

/*
 * Split a list as options give it, `Y,yes,"x, y"`: commas, RFC 4180 quotes around an item that
 * holds one. Calls `each` with every item, in order, blanks around it trimmed; it returns false to
 * stop. The empty list has one empty item. ST_REFUSED for a quote that is not closed.
 */
enum status	import_list(const char *list, bool (*each)(void *handle, const char *item),
		    void *handle);

/* What is odd about a record itself: more fields than the header has. */
void	import_check_row(struct import_notes *notes, const struct csv_row *row);

/* Read the header of `csv`. ST_REFUSED or ST_FAULT after a bad note, also for an empty file. */
enum status	import_header(struct import_notes *notes, struct csv *csv,
		    const struct csv_row **header);

/*
 * The columns that `list` names: it is one column's name, or several with commas between
 * (import_list). *count is at most `most`. ST_USAGE after a bad note.
 */
enum status	import_columns(struct import_notes *notes, const struct csv_row *header,
		    const char *list, size_t *columns, size_t most, size_t *count);

/*
 * The column called `name` of `header`; ST_USAGE after a bad note when there is none, or several.
 */
enum status	import_column(struct import_notes *notes, const struct csv_row *header,
		    const char *name, size_t *column);

/*
 * The group of that name or slug, made when there is none; *is_new says whether it was. As the
 * store says.
 */
enum status	import_group(struct store *store, const char *name, int64_t now, int64_t *id,
		    bool *is_new);

/*
 * End an import whose transaction is open: commit, or roll back when `status` is not ST_OK, a line
 * was bad (ST_REFUSED) or it is a dry run. Returns how it ended.
 */
enum status	import_end(struct store *store, struct import_notes *notes, bool is_dry_run,
		    enum status status);

#endif
