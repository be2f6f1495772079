// SPDX-License-Identifier: ISC
/*
 * driver.c: the connection behind driver.h.
 *
 * The settings follow from measurements of SQLite 3.40.1: in a power cut, the DELETE journal loses
 * the last acknowledged commit; WAL has a race that loses pages; TRUNCATE with FULL loses nothing.
 */
#include "db/driver.h"

#include <pthread.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "db/driver_inside.h"
#include "db/journal.h"
#include "db/slab.h"

/* how often a copy waits DRIVER_BUSY_MS for its lock */
#define COPY_TRIES	6

struct driver {
	sqlite3		*db;
	char		 why[512];
	bool		 is_unfit;
	bool		 has_facts;	/* opened for writing, through journal.c */
	/* NULL: everything is allowed */
	bool		(*is_allowed)(void *, const char *, const char *);
	bool		 has_guard;
	void		*guard_handle;
	/* the statements that wrote, see driver_record */
	struct {
		bool	 is_on;
		bool	 is_cut;	/* memory was lacking for a part of it */
		char	*text;
		size_t	 length, size;
	} record;
};

struct rows {
	sqlite3_stmt	*statement;
	struct driver	*driver;
	int		 bound;		/* the parameter bound last, from 1; 0: none yet */
};

struct sqlite3 *
driver_sqlite(struct driver *driver)
{
	return driver->db;
}

const char *
driver_version(void)
{
	return sqlite3_libversion();
}

const char *
driver_why(const struct driver *driver)
{
	return driver == NULL ? "There is no memory left." : driver->why;
}

enum status
driver_fail(struct driver *driver, enum status status, const char *format, ...)
{
	char why[sizeof driver->why];	/* the old sentence may be an argument */
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(why, sizeof why, format, arguments);
	va_end(arguments);
	memcpy(driver->why, why, sizeof why);
	return status;
}

bool
driver_is_unfit(const struct driver *driver)
{
	return driver != NULL && driver->is_unfit;
}

enum status
driver_status(struct driver *driver, int code)
{
	enum status status;

	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_DONE:
	case SQLITE_ROW:
		return ST_OK;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		status = ST_LOCKED;
		break;
	case SQLITE_FULL:
		status = ST_FULL;
		break;
	case SQLITE_READONLY:
		status = ST_READ_ONLY;
		break;
	case SQLITE_NOTADB:
		driver->is_unfit = true;
		status = ST_VERSION;
		break;
	case SQLITE_CONSTRAINT:
		status = code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY
		    ? ST_EXISTS : ST_REFUSED;
		break;
	case SQLITE_CORRUPT:
	case SQLITE_ERROR:
		driver->is_unfit = true;
		status = ST_FAULT;
		break;
	default:
		status = ST_FAULT;
		break;
	}
	if (code == SQLITE_READONLY_ROLLBACK || code == SQLITE_READONLY_RECOVERY)
		return driver_fail(driver, status,
		    "a writer died in the middle of a change, and who may only read cannot put it "
		    "back: the next one that may write does, such as turnoutd when it starts "
		    "(SQLite %d)", code);
	return driver_fail(driver, status, "%s (SQLite %d)", sqlite3_errmsg(driver->db),
	    sqlite3_extended_errcode(driver->db));
}

/*
 * Wait for another connection's lock: 0.2 ms at first, later 1 ms, DRIVER_BUSY_MS in all. SQLite's
 * own handler sleeps 1, 2, 5, 10, 15 … ms, but a reader such as the publisher is done after one or
 * two.
 */
static int
wait_for_lock(void *handle, int tries)
{
	const int fine = 50, fine_us = 200, coarse_us = 1000;

	(void)handle;
	if (tries >= fine + DRIVER_BUSY_MS * 1000 / coarse_us)
		return 0;
	usleep(tries < fine ? fine_us : coarse_us);
	return 1;
}

/* Set every pragma and switch explicitly; none is left to its default. */
static enum status
set_up(struct driver *driver, enum driver_mode mode)
{
	char mode_now[16] = "";
	sqlite3_stmt *statement;
	enum status status;

	sqlite3_extended_result_codes(driver->db, 1);
	sqlite3_busy_handler(driver->db, wait_for_lock, NULL);
	sqlite3_db_config(driver->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	sqlite3_db_config(driver->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (sqlite3_prepare_v2(driver->db, "PRAGMA journal_mode", -1, &statement,
	    NULL) != SQLITE_OK)
		return driver_status(driver, sqlite3_extended_errcode(driver->db));
	if (sqlite3_step(statement) == SQLITE_ROW)
		snprintf(mode_now, sizeof mode_now, "%s",
		    (const char *)sqlite3_column_text(statement, 0));
	status = driver_status(driver, sqlite3_finalize(statement));
	if (status != ST_OK)
		return status;
	driver->is_unfit = strcmp(mode_now, "wal") == 0 && sqlite3_libversion_number() < 3051003;
	if (driver->is_unfit)
		return driver_fail(driver, ST_FAULT,
		    "The database is in WAL mode, in which SQLite %s can lose "
		    "rows. Run `sqlite3 FILE 'PRAGMA journal_mode=TRUNCATE'` first.",
		    sqlite3_libversion());
	status = driver_run(driver,
	    "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
	    "PRAGMA recursive_triggers = OFF; PRAGMA case_sensitive_like = OFF; PRAGMA cache_size "
	    "= -1000;");
	if (status == ST_OK && mode == DRIVER_READ)
		/* pages are read once: a larger cache saves no reading */
		status = driver_run(driver, "PRAGMA cache_size = -200;");
	if (status == ST_OK && mode == DRIVER_CACHE)
		status = driver_run(driver,
		    "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = OFF;"
		    /* a page written early locks readers out until the commit */
		    "PRAGMA cache_spill = OFF;");
	else if (status == ST_OK && mode != DRIVER_READ)
		status = driver_run(driver,
		    "PRAGMA journal_mode = TRUNCATE; PRAGMA synchronous = FULL; PRAGMA "
		    "secure_delete = ON;");
	if (status == ST_OK && mode == DRIVER_WRITE)
		status = driver_settle(driver);
	/* statement journals: in a file they were 33 of the 40 writes of a check-in */
	if (status == ST_OK && mode != DRIVER_READ)
		status = driver_run(driver, "PRAGMA temp_store = MEMORY;");
	return status;
}

/* ---- memory (slab.h) ---- */

static int
begin_memory(void *handle)
{
	(void)handle;
	return SQLITE_OK;
}

static void
end_memory(void *handle)
{
	(void)handle;
}

/*
 * SQLite's count of all memory in use, which nobody here reads, is one lock that every thread takes
 * at every row. The sanitizers see more of malloc's pieces than of slab.c's.
 */
static void
set_up_library(void)
{
	static const sqlite3_mem_methods memory = { slab_take, slab_give, slab_resize, slab_size,
	    slab_round, begin_memory, end_memory, NULL };

	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	sqlite3_config(SQLITE_CONFIG_MALLOC, &memory);
#else
	(void)memory;
#endif
}

enum status
driver_open(const char *path, enum driver_mode mode, struct driver **opened)
{
	struct driver *driver;
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	int flags, code;
	enum status status;

	pthread_once(&once, set_up_library);
	*opened = driver = calloc(1, sizeof *driver);
	if (driver == NULL)
		return ST_FAULT;
	flags = SQLITE_OPEN_NOMUTEX |
	    (mode == DRIVER_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE)
	    | (mode == DRIVER_CREATE || mode == DRIVER_CACHE ? SQLITE_OPEN_CREATE : 0);
	driver->has_facts = mode == DRIVER_WRITE || mode == DRIVER_CREATE;
	code = sqlite3_open_v2(path, &driver->db, flags,
	    driver->has_facts ? journal_file_system() : NULL);
	if (code != SQLITE_OK) {
		status = driver_status(driver, code);
		return (code & 0xff) == SQLITE_CANTOPEN ? ST_UNKNOWN : status;
	}
	return set_up(driver, mode);
}

void
driver_close(struct driver *driver)
{
	if (driver == NULL)
		return;
	sqlite3_close(driver->db);
	if (driver->has_facts)
		journal_let_go();
	free(driver->record.text);
	slab_rest();
	free(driver);
}

enum status
driver_run(struct driver *driver, const char *script)
{
	return driver_status(driver, sqlite3_exec(driver->db, script, NULL, NULL, NULL));
}

enum status
driver_number(struct driver *driver, const char *sql, int64_t *number)
{
	struct rows *rows;
	enum status status;

	status = driver_prepare(driver, sql, NULL, &rows);
	if (status != ST_OK)
		return status;
	status = rows_step(rows);
	if (status == ST_OK)
		*number = rows_int(rows, 0);
	rows_free(rows);
	return status;
}

enum status
driver_begin(struct driver *driver)
{
	return driver_run(driver, "BEGIN IMMEDIATE");
}

enum status
driver_begin_read(struct driver *driver)
{
	int64_t version;
	enum status status;

	status = driver_run(driver, "BEGIN");
	if (status == ST_OK) {		/* the first read takes the lock */
		status = driver_number(driver, "PRAGMA schema_version", &version);
		if (status != ST_OK)
			driver_rollback(driver);
	}
	return status;
}

enum status
driver_commit(struct driver *driver)
{
	return driver_run(driver, "COMMIT");
}

void
driver_rollback(struct driver *driver)
{
	if (driver_in_transaction(driver))
		/* not by driver_run, so that driver_why is kept */
		sqlite3_exec(driver->db, "ROLLBACK", NULL, NULL, NULL);
}

void
driver_end_read(struct driver *driver)
{
	if (driver_in_transaction(driver) &&
	    sqlite3_exec(driver->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		driver_rollback(driver);
}

bool
driver_in_transaction(const struct driver *driver)
{
	return sqlite3_get_autocommit(driver->db) == 0;
}

bool
driver_dangles(struct driver *driver)
{
	int unresolved = 1, most;

	sqlite3_db_status(driver->db, SQLITE_DBSTATUS_DEFERRED_FKS, &unresolved, &most, 0);
	return unresolved != 0;
}

enum status
driver_settle(struct driver *driver)
{
	return driver_status(driver, journal_settle(sqlite3_filename_journal(
	    sqlite3_db_filename(driver->db, "main"))));
}

void
driver_record(struct driver *driver, bool is_on)
{
	driver->record.is_on = is_on;
	driver->record.is_cut = false;
	driver->record.length = 0;
}

const char *
driver_recorded(const struct driver *driver, size_t *length)
{
	*length = driver->record.length;
	return driver->record.is_cut ? NULL : *length == 0 ? "" : driver->record.text;
}

/* Add `text` and `end` to the record; NULL: memory is lacking for it. */
static void
add_to_record(struct driver *driver, const char *text, const char *end)
{
	size_t length = text == NULL ? 0 : strlen(text), end_length = strlen(end),
	    needed = driver->record.length + length + end_length + 1;
	char *grown;

	if (needed > driver->record.size) {
		grown = realloc(driver->record.text, 2 * needed);
		if (grown == NULL)
			text = NULL;
		else {
			driver->record.text = grown;
			driver->record.size = 2 * needed;
		}
	}
	if (text == NULL) {
		driver->record.is_cut = true;
		return;
	}
	memcpy(driver->record.text + driver->record.length, text, length);
	memcpy(driver->record.text + driver->record.length + length, end, end_length + 1);
	driver->record.length = needed - 1;
}

/* `rows` has written: add it to the record. */
static void
record_statement(struct driver *driver, struct rows *rows)
{
	char *statement = sqlite3_expanded_sql(rows->statement);

	add_to_record(driver, statement, ";\n");
	sqlite3_free(statement);
}

bool
driver_is_recording(const struct driver *driver)
{
	return driver->record.is_on;
}

void
driver_remark(struct driver *driver, const char *text)
{
	size_t at = driver->record.length;

	add_to_record(driver, "-- ", text);
	add_to_record(driver, "", "\n");
	/* a line feed would end the comment, and what follows would be a statement */
	for (; at + 1 < driver->record.length; at++)
		if (driver->record.text[at] >= '\0' && driver->record.text[at] < ' ')
			driver->record.text[at] = ' ';
}

enum status
driver_counter(struct driver *driver, uint32_t *counter)
{
	const int place = 24;		/* of 4 bytes, big-endian */
	unsigned char bytes[4] = { 0 };
	sqlite3_file *file = NULL;
	int code = sqlite3_file_control(driver->db, "main", SQLITE_FCNTL_FILE_POINTER, &file);

	*counter = 0;
	if (code != SQLITE_OK || file == NULL || file->pMethods == NULL)
		return ST_FAULT;	/* a database in memory has none */
	code = file->pMethods->xRead(file, bytes, (int)sizeof bytes, place);
	if (code != SQLITE_OK)
		return driver_status(driver, code);
	*counter = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	    (uint32_t)bytes[2] << 8 | (uint32_t)bytes[3];
	return ST_OK;
}

bool
driver_has_writer(struct driver *driver)
{
	sqlite3_file *file = NULL;
	int is_reserved = 1;	/* assumed, if it cannot be known */

	if (sqlite3_file_control(driver->db, "main", SQLITE_FCNTL_FILE_POINTER,
	    &file) == SQLITE_OK && file != NULL && file->pMethods != NULL
	    && file->pMethods->xCheckReservedLock != NULL)	/* a database in memory has none */
		file->pMethods->xCheckReservedLock(file, &is_reserved);
	return is_reserved != 0;
}

int64_t
driver_last_id(const struct driver *driver)
{
	return sqlite3_last_insert_rowid(driver->db);
}

int64_t
driver_changed(const struct driver *driver)
{
	return sqlite3_changes64(driver->db);
}

enum status
driver_prepare(struct driver *driver, const char *sql, const char **rest, struct rows **prepared)
{
	sqlite3_stmt *statement;
	enum status status;

	*prepared = NULL;
	status = driver_status(driver,
	    sqlite3_prepare_v3(driver->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, rest));
	if (status != ST_OK || statement == NULL)
		return status == ST_OK ? ST_OK
		    : driver_fail(driver, ST_FAULT, "%s", sqlite3_errmsg(driver->db));
	*prepared = malloc(sizeof **prepared);
	if (*prepared == NULL) {
		sqlite3_finalize(statement);
		return driver_status(driver, SQLITE_NOMEM);
	}
	(*prepared)->statement = statement;
	(*prepared)->driver = driver;
	(*prepared)->bound = 0;
	return ST_OK;
}

enum status
driver_copy_to(struct driver *driver, struct driver *copy)
{
	sqlite3_backup *backup = sqlite3_backup_init(copy->db, "main", driver->db, "main");
	int code, tries = 0;

	if (backup == NULL)
		return driver_fail(driver, ST_FAULT, "%s", sqlite3_errmsg(copy->db));
	do {			/* all pages at once: a writer waits some milliseconds only */
		code = sqlite3_backup_step(backup, -1);
	} while ((code == SQLITE_BUSY || code == SQLITE_LOCKED) && ++tries < COPY_TRIES);
	sqlite3_backup_finish(backup);
	return code == SQLITE_DONE ? ST_OK
	    : driver_fail(driver, driver_status(copy, code), "%s", sqlite3_errmsg(copy->db));
}

enum status
driver_copy(struct driver *driver, const char *path)
{
	struct driver *copy;
	enum status status = driver_open(path, DRIVER_CREATE, &copy);

	if (status != ST_OK)
		driver_fail(driver, status, "%s: %s", path, driver_why(copy));
	else if ((status = driver_copy_to(driver, copy)) != ST_OK)
		driver_fail(driver, status, "%s: %s", path, driver->why);
	if (copy != NULL)	/* its journal goes: the copy is one file */
		(void)driver_run(copy, "PRAGMA journal_mode = DELETE");
	driver_close(copy);
	return status;
}

void
rows_free(struct rows *rows)
{
	if (rows == NULL)
		return;
	sqlite3_finalize(rows->statement);
	free(rows);
}

void
rows_reset(struct rows *rows)
{
	if (rows != NULL)
		sqlite3_reset(rows->statement);
}

/*
 * The number of parameter `name`, from 1. All statements are in the source tree, so an unknown name
 * is a bug. The search starts after the last one bound, since most are bound in the order in which
 * they appear.
 */
static int
parameter(struct rows *rows, const char *name)
{
	int i, count = rows_parameters(rows);

	for (i = 0; i < count; i++) {
		rows->bound = rows->bound % count + 1;
		if (strcmp(rows_parameter(rows, rows->bound - 1), name) == 0)
			return rows->bound;
	}
	fprintf(stderr, "turnout: no parameter :%s in: %s\n", name, sqlite3_sql(rows->statement));
	abort();
}

void
rows_bind_int(struct rows *rows, const char *name, int64_t value)
{
	if (rows != NULL)
		sqlite3_bind_int64(rows->statement, parameter(rows, name), value);
}

void
rows_bind_real(struct rows *rows, const char *name, double value)
{
	if (rows != NULL)
		sqlite3_bind_double(rows->statement, parameter(rows, name), value);
}

void
rows_bind_text(struct rows *rows, const char *name, const char *value)
{
	if (rows != NULL)
		sqlite3_bind_text(rows->statement, parameter(rows, name), value, -1,
		    SQLITE_TRANSIENT);
}

void
rows_bind_blob(struct rows *rows, const char *name, const void *value, size_t length)
{
	if (rows != NULL)
		sqlite3_bind_blob64(rows->statement, parameter(rows, name), value, length,
		    SQLITE_TRANSIENT);
}

void
rows_bind_null(struct rows *rows, const char *name)
{
	if (rows != NULL)
		sqlite3_bind_null(rows->statement, parameter(rows, name));
}

int
rows_parameters(const struct rows *rows)
{
	return sqlite3_bind_parameter_count(rows->statement);
}

const char *
rows_parameter(const struct rows *rows, int i)
{
	const char *name = sqlite3_bind_parameter_name(rows->statement, i + 1);

	/* parameters of other kinds cannot be bound by name */
	return name == NULL || name[0] != ':' ? "?" : name + 1;
}

void
rows_bind_column(struct rows *rows, int i, struct rows *from, int column)
{
	sqlite3_value *value = sqlite3_column_value(from->statement, column);

	if (sqlite3_value_type(value) == SQLITE_BLOB)	/* large, and several queries ask for it */
		sqlite3_bind_blob64(rows->statement, i + 1, sqlite3_value_blob(value),
		    (sqlite3_uint64)sqlite3_value_bytes(value), SQLITE_STATIC);
	else
		sqlite3_bind_value(rows->statement, i + 1, value);
}

enum status
rows_step(struct rows *rows)
{
	enum status status;
	int code;

	if (rows == NULL)
		return ST_FAULT;
	code = sqlite3_step(rows->statement);
	if (code == SQLITE_ROW)
		return ST_OK;
	if (code == SQLITE_DONE) {
		if (rows->driver->record.is_on && !sqlite3_stmt_readonly(rows->statement))
			record_statement(rows->driver, rows);
		return ST_UNKNOWN;
	}
	status = driver_status(rows->driver, code);
	/* a statement that did not get its lock would stay active and keep the next commit's */
	sqlite3_reset(rows->statement);
	return status;
}

enum status
rows_run(struct rows *rows)
{
	enum status status;

	do
		status = rows_step(rows);
	while (status == ST_OK);
	rows_reset(rows);
	return status == ST_UNKNOWN ? ST_OK : status;
}

int
rows_columns(const struct rows *rows)
{
	return sqlite3_column_count(rows->statement);
}

const char *
rows_name(const struct rows *rows, int column)
{
	return sqlite3_column_name(rows->statement, column);
}

bool
rows_is_null(struct rows *rows, int column)
{
	return sqlite3_column_type(rows->statement, column) == SQLITE_NULL;
}

bool
rows_is_text(struct rows *rows, int column)
{
	return sqlite3_column_type(rows->statement, column) == SQLITE_TEXT;
}

int64_t
rows_int(struct rows *rows, int column)
{
	return sqlite3_column_int64(rows->statement, column);
}

double
rows_real(struct rows *rows, int column)
{
	return sqlite3_column_double(rows->statement, column);
}

enum rows_kind
rows_value(struct rows *rows, int column, int64_t *number, const char **text, size_t *length)
{
	/*
	 * A third of the calls that sqlite3_column_* would make. The value is unprotected, but no
	 * other thread uses this connection.
	 */
	sqlite3_value *value = sqlite3_column_value(rows->statement, column);
	int type = sqlite3_value_type(value);

	if (type == SQLITE_NULL)
		return ROWS_NULL;
	if (type == SQLITE_INTEGER) {
		*number = sqlite3_value_int64(value);
		return ROWS_NUMBER;
	}
	*text = (const char *)sqlite3_value_text(value);
	*length = (size_t)sqlite3_value_bytes(value);
	return ROWS_TEXT;
}

const char *
rows_text(struct rows *rows, int column, size_t *length)
{
	const char *text = (const char *)sqlite3_column_text(rows->statement, column);

	if (length != NULL)
		*length = (size_t)sqlite3_column_bytes(rows->statement, column);
	return text;
}

const void *
rows_blob(struct rows *rows, int column, size_t *length)
{
	const void *blob = sqlite3_column_blob(rows->statement, column);

	*length = (size_t)sqlite3_column_bytes(rows->statement, column);
	return blob;
}

bool
rows_reads_only(const struct rows *rows)
{
	return sqlite3_stmt_readonly(rows->statement) != 0;
}

/* ---- page queries ---- */

static int
guard(void *handle, int action, const char *first, const char *second, const char *database,
    const char *view)
{
	struct driver *driver = handle;

	(void)database;
	if (driver->is_allowed == NULL)
		return SQLITE_OK;
	switch (action) {
	case SQLITE_READ:
		/*
		 * No column is named when rows are only counted or joined, and SQLite then does not
		 * say through which view.
		 */
		return second == NULL || second[0] == '\0' ||
		    driver->is_allowed(driver->guard_handle, first, view) ? SQLITE_OK
		    : SQLITE_DENY;
	case SQLITE_TRANSACTION:	/* rows_reads_only says yes to these five */
	case SQLITE_SAVEPOINT:
	case SQLITE_ATTACH:
	case SQLITE_DETACH:
	case SQLITE_PRAGMA:
		return SQLITE_DENY;
	default:
		return SQLITE_OK;	/* rows_reads_only detects writes */
	}
}

void
driver_guard(struct driver *driver,
    bool (*is_allowed)(void *handle, const char *table, const char *view), void *handle)
{
	driver->is_allowed = is_allowed;
	driver->guard_handle = handle;
	if (!driver->has_guard)	/* once: each call has all statements prepared again */
		sqlite3_set_authorizer(driver->db, guard, driver);
	driver->has_guard = true;
}
