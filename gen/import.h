// SPDX-License-Identifier: ISC
/*
 * import.h: what all imports share: notes for people, names and columns, and the end.
 *
 * An import is one transaction: everything is entered, or nothing. Every line is looked at. A bad
 * one refuses the whole import; an odd one is reported and accepted.
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

/* A note on one line of the input. Borrowed for the call. */
struct import_note {
	size_t		 line;		/* counted from 1; 0: about the whole file */
	bool		 is_bad;	/* it refuses the import; otherwise odd, accepted */
	const char	*sentence;
};

/* Where notes go, and how many there were. {0} tells nobody. */
struct import_notes {
	void		(*tell)(void *handle, const struct import_note *note);	/* may be NULL */
	void		*handle;
	/* tell all odd ones, even beyond IMPORT_NOTES_MAX (a dry run) */
	bool		 is_all;
	size_t		 n_bad;		/* counted here */
	size_t		 n_odd;
};

/*
 * Make a bad or an odd note; `line` is that of struct import_note. The sentence is formatted as by
 * printf(3), cut at 999 bytes, and its control characters become blanks.
 */
void	import_bad(struct import_notes *notes, size_t line, const char *format, ...)
	    __attribute__((format(printf, 3, 4)));
void	import_odd(struct import_notes *notes, size_t line, const char *format, ...)
	    __attribute__((format(printf, 3, 4)));

/*
 * Make `name` from `text`: repaired (import_repair), with line breaks and tabs as blanks, and
 * tidied (name_tidy). `what` it is ("person") goes into sentences. Where `may_be_empty`, nothing
 * but blanks gives "". False after a bad note. *is_repaired says whether import_repair changed it,
 * which the caller reports.
 */
bool	import_name(struct import_notes *notes, size_t line, const char *what, const char *text,
		    bool may_be_empty,
	    char name[NAME_SIZE], bool *is_repaired);

/*
 * Split a list as options write it, `Y,yes,"x, y"`: commas between, and RFC 4180 quotes around an
 * item that holds one. Calls `each` with every item in order, trimmed of blanks; it returns false
 * to stop. The empty list has one empty item. ST_REFUSED for a quote that is not closed.
 */
enum status	import_list(const char *list, bool (*each)(void *handle, const char *item),
		    void *handle);

/* Make an odd note when the record has more fields than the header. */
void	import_check_row(struct import_notes *notes, const struct csv_row *row);

/* Read the header of `csv`. ST_REFUSED, also for an empty file, or ST_FAULT, after a bad note. */
enum status	import_header(struct import_notes *notes, struct csv *csv,
		    const struct csv_row **header);

/*
 * Put the columns that `list` names into `columns`, at most `most`: it is the name of one column,
 * or a list of several (import_list). ST_USAGE after a bad note.
 */
enum status	import_columns(struct import_notes *notes, const struct csv_row *header,
		    const char *list, size_t *columns, size_t most, size_t *count);

/* The column of `header` called `name`. ST_USAGE after a bad note for none, or several. */
enum status	import_column(struct import_notes *notes, const struct csv_row *header,
		    const char *name, size_t *column);

/* Find the group of that name or slug, or make it (*is_new). Fails as the store does. */
enum status	import_group(struct store *store, const char *name, int64_t now, int64_t *id,
		    bool *is_new);

/* Begin the transaction of an import. Fails as the store does, after a bad note. */
enum status	import_begin(struct store *store, struct import_notes *notes);

/*
 * End an import whose transaction is open. Commits; or rolls back for a dry run, when `status` is
 * not ST_OK, or when a line was bad (ST_REFUSED). Returns how it ended; a failure without a bad
 * note gets one from the store.
 */
enum status	import_end(struct store *store, struct import_notes *notes, bool is_dry_run,
		    enum status status);

#endif
