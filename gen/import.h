// SPDX-License-Identifier: ISC
/*
 * import.h: what all imports share: notes for people, names and columns, and how it is entered.
 *
 * Every line is looked at. A bad one refuses the whole import, and nothing is entered; an odd one
 * is reported and accepted. That is found out in a copy of the facts, where an import may take as
 * long as it does: whoever holds the lock of the database keeps check-ins waiting. What is good is
 * then entered in steps, between which others have their turn. An import that is cut short leaves
 * what it has entered; repeated, it ends as it would have: what is there is not entered twice.
 */
#ifndef TURNOUT_IMPORT_H
#define TURNOUT_IMPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "core/name.h"
#include "core/status.h"
#include "gen/buffer.h"
#include "gen/csv.h"

#define IMPORT_NOTES_MAX	50	/* notes of a kind that are told; all are counted */
#define IMPORT_FILE_MAX		(256 << 20)	/* bytes a CSV file may have */

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
	/* entering for good, what was judged in a copy: odd ones were told then */
	bool		 is_again;
	int64_t		 began_ms;	/* when this step began, see import_step */
	size_t		 n_kept;	/* entries that steps before this one committed */
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

/* Read `file` into `text`. ST_REFUSED for more than `most` bytes, or ST_FAULT, after a bad note. */
enum status	import_read(struct import_notes *notes, FILE *file, size_t most,
		    struct buffer *text);

/*
 * Have `enter` go through the input and enter all of it: into a copy of the facts, to judge it;
 * and then, unless this is a dry run or a line was bad, into `store`, in steps. It begins with
 * nothing known each time, and calls import_step. Returns how that ended; ST_REFUSED for a bad
 * line. A failure without a bad note gets one from the store; one of the second time
 * (notes->is_again) leaves what earlier steps have entered.
 */
enum status	import_enter(struct store *store, struct import_notes *notes, bool is_dry_run,
		    enum status (*enter)(void *handle, struct store *store), void *handle);

/*
 * Between two entries, when `done` of them are through: end the step if it has taken long enough,
 * let others go, and begin another. Fails as the store does.
 */
enum status	import_step(struct store *store, struct import_notes *notes, size_t done);

#endif
