// SPDX-License-Identifier: ISC
/*
 * driver.h: SQLite; journal.h beside it, its journal, and no other file says so.
 *
 * A driver is a connection with Turnout's settings: TRUNCATE journal, full synchronisation, foreign
 * keys, no extension loading, defensive. Rows are a prepared statement: bind by name, step, read
 * columns by number. An unknown parameter name is a fault of the program. Text for people about the
 * last failure is driver_why().
 */
#ifndef TURNOUT_DRIVER_H
#define TURNOUT_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

#define DRIVER_BUSY_MS	5000	/* how long to wait for another's transaction, milliseconds */

struct driver;
struct rows;

enum driver_mode {
	DRIVER_READ,		/* must exist, never written */
	DRIVER_WRITE,		/* must exist */
	DRIVER_CREATE,		/* made when missing */
	/* made when missing; can be made again, so a crash may cost it (synchronous off) */
	DRIVER_CACHE,
};

/*
 * Open `path`. *driver is the caller's to close, set also on failure unless memory is out.
 * ST_UNKNOWN no such file, ST_VERSION no database at all, ST_LOCKED, ST_READ_ONLY, ST_FULL,
 * ST_FAULT. A file in WAL mode is refused (ST_FAULT): SQLite before 3.51.3 can lose acknowledged
 * rows in it.
 */
enum status	driver_open(const char *path, enum driver_mode mode, struct driver **driver);
void		driver_close(struct driver *driver);

/* A sentence about the last failure; borrowed until the next call. */
const char	*driver_why(const struct driver *driver);

/*
 * Was a failure so far of the file's own making: no database, damaged, in WAL mode, without a table
 * that a statement names? Then only another file helps, whereas a lock, a full disk or one that
 * fails may pass.
 */
bool		driver_is_unfit(const struct driver *driver);

/* Set that sentence; printf-like. Returns `status`. */
enum status	driver_fail(struct driver *driver, enum status status, const char *format, ...)
		    __attribute__((format(printf, 3, 4)));

/* "3.40.1" */
const char	*driver_version(void);

/* Run a script of statements that return nothing. */
enum status	driver_run(struct driver *driver, const char *script);

/* First column of the first row of `sql`, an integer. ST_UNKNOWN when there is no row. */
enum status	driver_number(struct driver *driver, const char *sql, int64_t *number);

enum status	driver_begin(struct driver *driver);		/* BEGIN IMMEDIATE */
/* BEGIN, and hold what is read from now on still */
enum status	driver_begin_read(struct driver *driver);
/* its end; temporary tables stay as they were made meanwhile */
void		driver_end_read(struct driver *driver);
enum status	driver_commit(struct driver *driver);
void		driver_rollback(struct driver *driver);
bool		driver_in_transaction(const struct driver *driver);
/* Does a row refer to one that is not there, so that the commit will be refused? */
bool		driver_dangles(struct driver *driver);

/*
 * What can be read now outlives a power cut, a commit that a killed process did not bring to the
 * disk, too (journal_settle); so it is, without asking, after DRIVER_WRITE was opened.
 */
enum status	driver_settle(struct driver *driver);

/*
 * From now on, or no longer, keep the text of each statement that writes, with what was bound to
 * it; nothing is kept so far. To run the text on the same database does the same again.
 */
void		driver_record(struct driver *driver, bool is_on);
/* What was kept, borrowed until the next statement. NULL: there was no memory for all of it. */
const char	*driver_recorded(const struct driver *driver, size_t *length);

/*
 * The file change counter (SQLite's file format, 1.3.6): another after each commit, whoever made
 * it. For use inside a transaction, before it writes.
 */
enum status	driver_counter(struct driver *driver, uint32_t *counter);

/* another connection has begun to write, and will want readers to let go */
bool		driver_has_writer(struct driver *driver);
int64_t		driver_last_id(const struct driver *driver);
/* rows the last statement changed */
int64_t		driver_changed(const struct driver *driver);

/*
 * Prepare the first statement of `sql`; *rest (may be NULL) points behind it. *rows is NULL when
 * there was none (only blanks and comments). Freed by rows_free. ST_FAULT with the reason when it
 * is not SQL.
 */
enum status	driver_prepare(struct driver *driver, const char *sql, const char **rest,
		    struct rows **rows);

/*
 * Copy the database into another open one, or to `path`, by the online backup API: writers wait for
 * the copying alone.
 */
enum status	driver_copy_to(struct driver *driver, struct driver *copy);
enum status	driver_copy(struct driver *driver, const char *path);

/* ---- rows ---- */

/*
 * NULL, of a statement that could not be prepared, is accepted by rows_free, rows_reset and what
 * binds by name; rows_step and rows_run of it are faults, of which driver_why says what preparing
 * it said.
 */
void		rows_free(struct rows *rows);
void		rows_reset(struct rows *rows);	/* ready to run again; bindings stay */

/* Parameters, by name without the colon. The text and blob forms copy. The name must exist. */
void		rows_bind_int(struct rows *rows, const char *name, int64_t value);
void		rows_bind_real(struct rows *rows, const char *name, double value);
/* NULL binds NULL */
void		rows_bind_text(struct rows *rows, const char *name, const char *value);
void		rows_bind_blob(struct rows *rows, const char *name, const void *value,
		    size_t length);
void		rows_bind_null(struct rows *rows, const char *name);

/* Parameter `i` of rows_parameters, from 0: its name without the colon. */
int		rows_parameters(const struct rows *rows);
const char	*rows_parameter(const struct rows *rows, int i);

/* Bind parameter `i` of `rows` to column `column` of the current row of `from`, as it is. */
void		rows_bind_column(struct rows *rows, int i, struct rows *from, int column);

/*
 * ST_OK: a row is there. ST_UNKNOWN: no more. Otherwise a fault, or ST_EXISTS for a UNIQUE rule,
 * ST_REFUSED for another rule.
 */
enum status	rows_step(struct rows *rows);

/* Run a statement that returns nothing, and reset it. ST_OK when done. */
enum status	rows_run(struct rows *rows);

int		rows_columns(const struct rows *rows);
/* borrowed until the next step */
const char	*rows_name(const struct rows *rows, int column);
bool		rows_is_null(struct rows *rows, int column);
bool		rows_is_text(struct rows *rows, int column);

/*
 * What a column holds, asked for once: an integer in *number, or anything else as *text (borrowed
 * until the next step) and *length.
 */
enum rows_kind { ROWS_NULL, ROWS_NUMBER, ROWS_TEXT };
enum rows_kind	rows_value(struct rows *rows, int column, int64_t *number, const char **text,
		    size_t *length);
int64_t		rows_int(struct rows *rows, int column);
double		rows_real(struct rows *rows, int column);
/* borrowed until the next step; NULL for NULL; length may be NULL */
const char	*rows_text(struct rows *rows, int column, size_t *length);
const void	*rows_blob(struct rows *rows, int column, size_t *length);
bool		rows_reads_only(const struct rows *rows);

/* ---- functions for page queries ---- */

/* One call of an SQL function: read arguments, give one answer. */
struct sql_call;
int64_t		sql_call_int(struct sql_call *call, int argument);
const char	*sql_call_text(struct sql_call *call, int argument);		/* NULL for NULL */
const void	*sql_call_blob(struct sql_call *call, int argument, size_t *length);
bool		sql_call_is_null(struct sql_call *call, int argument);
void		sql_call_give_int(struct sql_call *call, int64_t value);
/* copied; NULL gives NULL */
void		sql_call_give_text(struct sql_call *call, const char *value);
/* copied */
void		sql_call_give_blob(struct sql_call *call, const void *value, size_t length);
void		sql_call_fail(struct sql_call *call, const char *why);

/* what the function was added with */
const void	*sql_call_handle(struct sql_call *call);

/*
 * Add a deterministic function of `arguments` arguments; `handle` is borrowed until the connection
 * is closed, NULL if it needs none.
 */
enum status	driver_function(struct driver *driver, const char *name, int arguments,
		    void (*function)(struct sql_call *call), const void *handle);

/*
 * Add an aggregate: `row` is called for each row of a group, `result` behind the last of them,
 * without arguments, for the one answer. What they share is sql_call_state: `size` bytes, zero at
 * first, the same for all rows of a group; with size 0 those that there are, NULL when no row asked
 * for any. NULL without memory, and the statement fails.
 */
enum status	driver_aggregate(struct driver *driver, const char *name, int arguments,
		    void (*row)(struct sql_call *call), void (*result)(struct sql_call *call));
void		*sql_call_state(struct sql_call *call, size_t size);

/*
 * Refuse to prepare what reads a column of a table that `is_allowed` says no to, transactions,
 * ATTACH and PRAGMA; `view` is NULL at the top level. NULL takes the guard away.
 */
void		driver_guard(struct driver *driver,
		    bool (*is_allowed)(void *handle, const char *table, const char *view),
		    void *handle);

#endif
