// SPDX-License-Identifier: ISC
/*
 * driver.h: SQLite, which only driver.c, sql.c, journal.c and redo.c know.
 *
 * A driver is a connection with Turnout's settings: TRUNCATE journal, full synchronisation, foreign
 * keys, no loading of extensions, defensive. Rows are a prepared statement: bind by name, step,
 * read columns by number. An unknown parameter name is a bug, and ends the program. driver_why()
 * has a sentence for people about the last failure.
 */
#ifndef TURNOUT_DRIVER_H
#define TURNOUT_DRIVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

#define DRIVER_BUSY_MS	5000	/* the longest wait for a lock of another connection */

struct driver;
struct rows;

enum driver_mode {
	DRIVER_READ,		/* must exist, never written */
	DRIVER_WRITE,		/* must exist */
	DRIVER_CREATE,		/* made when missing */
	/* made when missing; not synced: a crash may cost what can be made again */
	DRIVER_CACHE,
};

/*
 * Open `path`. *driver is the caller's to close, and set on failure too, but for lack of memory.
 * ST_UNKNOWN when there is no such file or it may not be opened, ST_VERSION when it is not a
 * database, ST_LOCKED, ST_READ_ONLY, ST_FULL, ST_FAULT. A file in WAL mode is refused (ST_FAULT)
 * with SQLite before 3.51.3, which can lose acknowledged rows in it.
 */
enum status	driver_open(const char *path, enum driver_mode mode, struct driver **driver);
void		driver_close(struct driver *driver);

/* A sentence about the last failure; borrowed until the next call. NULL is accepted. */
const char	*driver_why(const struct driver *driver);

/*
 * Was any failure so far due to the file itself: not a database, damaged, in WAL mode, without a
 * table that a statement names? Then only another file helps, while a lock, a full disk or a
 * failing one may pass. False for NULL.
 */
bool		driver_is_unfit(const struct driver *driver);

/* Set the sentence of driver_why, as by printf. Returns `status`. */
enum status	driver_fail(struct driver *driver, enum status status, const char *format, ...)
		    __attribute__((format(printf, 3, 4)));

/* "3.40.1" */
const char	*driver_version(void);

/* Run a script of statements that return nothing. */
enum status	driver_run(struct driver *driver, const char *script);

/* First column of the first row of `sql`, an integer. ST_UNKNOWN when there is no row. */
enum status	driver_number(struct driver *driver, const char *sql, int64_t *number);

enum status	driver_begin(struct driver *driver);		/* BEGIN IMMEDIATE */
/* BEGIN, and read the same state of the database until driver_end_read */
enum status	driver_begin_read(struct driver *driver);
/* end that; what was put into temporary tables meanwhile stays */
void		driver_end_read(struct driver *driver);
enum status	driver_commit(struct driver *driver);
/* does nothing outside a transaction */
void		driver_rollback(struct driver *driver);
bool		driver_in_transaction(const struct driver *driver);
/* Does a row refer to one that does not exist, so that the commit will be refused? */
bool		driver_dangles(struct driver *driver);

/*
 * Make all that can be read now survive a power cut, including a commit that a killed process did
 * not sync (journal_settle). Opening with DRIVER_WRITE does this.
 */
enum status	driver_settle(struct driver *driver);

/*
 * Start with an empty record and, if `is_on`, add to it the text of each statement that writes,
 * with the values bound to it. Running that text on the same database has the same effect again.
 */
void		driver_record(struct driver *driver, bool is_on);
bool		driver_is_recording(const struct driver *driver);
/* Add a comment to the record: `text` on a line of its own, with blanks for control characters. */
void		driver_remark(struct driver *driver, const char *text);
/* The record, borrowed until the next statement. NULL: memory was lacking for a part of it. */
const char	*driver_recorded(const struct driver *driver, size_t *length);

/*
 * The file change counter (SQLite's file format, 1.3.6), which every commit changes, whoever makes
 * it. For use inside a transaction that has not written yet; outside of one, it is that of some
 * moment just now. ST_FAULT for a database in memory.
 */
enum status	driver_counter(struct driver *driver, uint32_t *counter);

/* has another connection begun to write, so that readers should soon end? */
bool		driver_has_writer(struct driver *driver);
/* the row id of the last insert */
int64_t		driver_last_id(const struct driver *driver);
/* how many rows the last statement changed */
int64_t		driver_changed(const struct driver *driver);

/*
 * Prepare the first statement of `sql`; *rest (may be NULL) is set to what follows it. *rows, freed
 * by rows_free, is NULL when there is no statement, only blanks and comments, and on failure. Any
 * failure is ST_FAULT.
 */
enum status	driver_prepare(struct driver *driver, const char *sql, const char **rest,
		    struct rows **rows);

/*
 * Copy the database to another open one, or to `path`, which is one file then, without a journal.
 * By the online backup API: writers wait only while it copies. ST_LOCKED when either stays locked
 * for half a minute: a crowd may keep one who reads it all out for longer than DRIVER_BUSY_MS.
 */
enum status	driver_copy_to(struct driver *driver, struct driver *copy);
enum status	driver_copy(struct driver *driver, const char *path);

/* ---- rows ---- */

/*
 * NULL, for a statement that could not be prepared, is accepted by rows_free, rows_reset and the
 * functions that bind by name; rows_step and rows_run then return ST_FAULT, and driver_why still
 * says why it could not be prepared.
 */
void		rows_free(struct rows *rows);
void		rows_reset(struct rows *rows);	/* ready to run again; bindings stay */

/* Bind a parameter, named without its colon. Text and blobs are copied. The name must exist. */
void		rows_bind_int(struct rows *rows, const char *name, int64_t value);
void		rows_bind_real(struct rows *rows, const char *name, double value);
/* NULL binds NULL */
void		rows_bind_text(struct rows *rows, const char *name, const char *value);
void		rows_bind_blob(struct rows *rows, const char *name, const void *value,
		    size_t length);
void		rows_bind_null(struct rows *rows, const char *name);

/* How many parameters there are, and the name of parameter `i` (from 0) without its colon. */
int		rows_parameters(const struct rows *rows);
const char	*rows_parameter(const struct rows *rows, int i);

/*
 * Bind parameter `i` of `rows` to column `column` of the current row of `from`, as it is. A BLOB is
 * lent: `rows` may not be stepped with it once `from` moved on.
 */
void		rows_bind_column(struct rows *rows, int i, struct rows *from, int column);

/*
 * ST_OK: there is a row. ST_UNKNOWN: there are no more. ST_EXISTS: a UNIQUE constraint is violated.
 * ST_REFUSED: another constraint is. Otherwise a fault.
 */
enum status	rows_step(struct rows *rows);

/* Run a statement to its end, ignoring any rows, and reset it. ST_OK when done. */
enum status	rows_run(struct rows *rows);

int		rows_columns(const struct rows *rows);
/* borrowed until the next step */
const char	*rows_name(const struct rows *rows, int column);
bool		rows_is_null(struct rows *rows, int column);
bool		rows_is_text(struct rows *rows, int column);

/*
 * The value of a column in one call: an integer in *number, or anything else as *text (borrowed
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
bool		rows_reads_only(const struct rows *rows);	/* it writes nothing */

/* ---- page queries; db/sql.h has the functions that they may call ---- */

/*
 * From now on, refuse to prepare statements that read a column of a table to which `is_allowed`
 * says no, and transactions, ATTACH, DETACH and PRAGMA. `view` is the view through which the table
 * is read, NULL for none. With `is_allowed` NULL, everything is allowed again.
 */
void		driver_guard(struct driver *driver,
		    bool (*is_allowed)(void *handle, const char *table, const char *view),
		    void *handle);

#endif
