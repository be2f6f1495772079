// SPDX-License-Identifier: ISC
/* sql.c: see sql.h. */
#include "db/sql.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdlib.h>

#include "db/driver_inside.h"

struct sql_call {
	sqlite3_context	 *context;
	sqlite3_value	**values;		/* its arguments; NULL where there are none */
};

/* ---- one call ---- */

int64_t
sql_call_int(struct sql_call *call, int argument)
{
	return sqlite3_value_int64(call->values[argument]);
}

const char *
sql_call_text(struct sql_call *call, int argument)
{
	return (const char *)sqlite3_value_text(call->values[argument]);
}

const void *
sql_call_blob(struct sql_call *call, int argument, size_t *length)
{
	const void *blob = sqlite3_value_blob(call->values[argument]);

	*length = (size_t)sqlite3_value_bytes(call->values[argument]);
	return blob;
}

bool
sql_call_is_null(struct sql_call *call, int argument)
{
	return sqlite3_value_type(call->values[argument]) == SQLITE_NULL;
}

void
sql_call_give_int(struct sql_call *call, int64_t value)
{
	sqlite3_result_int64(call->context, value);
}

void
sql_call_give_text(struct sql_call *call, const char *value)
{
	sqlite3_result_text(call->context, value, -1, SQLITE_TRANSIENT);
}

void
sql_call_give_part(struct sql_call *call, const char *value, size_t length)
{
	sqlite3_result_text64(call->context, value, length, SQLITE_TRANSIENT, SQLITE_UTF8);
}

void
sql_call_give_blob(struct sql_call *call, const void *value, size_t length)
{
	sqlite3_result_blob64(call->context, value, length, SQLITE_TRANSIENT);
}

void
sql_call_give_own(struct sql_call *call, void *value, size_t length)
{
	sqlite3_result_blob64(call->context, value, length, free);
}

void
sql_call_fail(struct sql_call *call, const char *why)
{
	sqlite3_result_error(call->context, why, -1);
}

void *
sql_call_state(struct sql_call *call, size_t size)
{
	void *state = size > INT_MAX ? NULL : sqlite3_aggregate_context(call->context, (int)size);

	if (state == NULL && size > 0)
		sqlite3_result_error_nomem(call->context);
	return state;
}

/* The user data of a function. */
struct function_data {
	void		(*function)(struct sql_call *call);	/* of an aggregate: for each row */
	void		(*result)(struct sql_call *call);	/* of an aggregate; else NULL */
	const void	*handle;
};

const void *
sql_call_handle(struct sql_call *call)
{
	const struct function_data *data = sqlite3_user_data(call->context);

	return data->handle;
}

static void
call_through(sqlite3_context *context, int count, sqlite3_value **values)
{
	const struct function_data *data = sqlite3_user_data(context);
	struct sql_call call = { context, values };

	(void)count;
	data->function(&call);
}

static void
result_through(sqlite3_context *context)
{
	const struct function_data *data = sqlite3_user_data(context);
	struct sql_call call = { context, NULL };

	data->result(&call);
}

/* Add a function or, if it has a result of its own, an aggregate. */
static enum status
add(struct driver *driver, const char *name, int arguments, const struct function_data *function)
{
	const bool is_aggregate = function->result != NULL;
	struct function_data *data = malloc(sizeof *data);

	if (data == NULL)
		return driver_status(driver, SQLITE_NOMEM);
	*data = *function;
	return driver_status(driver, sqlite3_create_function_v2(driver_sqlite(driver), name,
	    arguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, data,
	    is_aggregate ? NULL : call_through, is_aggregate ? call_through : NULL,
	    is_aggregate ? result_through : NULL, free));
}

enum status
sql_function_add(struct driver *driver, const char *name, int arguments,
    void (*function)(struct sql_call *call), const void *handle)
{
	return add(driver, name, arguments,
	    &(struct function_data){ .function = function, .handle = handle });
}

enum status
sql_aggregate_add(struct driver *driver, const char *name, int arguments,
    void (*row)(struct sql_call *call), void (*result)(struct sql_call *call))
{
	return add(driver, name, arguments,
	    &(struct function_data){ .function = row, .result = result });
}

/*
 * ---- tables ----
 *
 * To SQLite, one is a virtual table with a hidden column behind the others, its argument, which
 * must be given; it has no rows of its own.
 */

struct table {
	sqlite3_vtab		 base;
	const struct sql_table	*about;
	int			 argument;	/* number of that column */
};

struct cursor {
	sqlite3_vtab_cursor	 base;
	sqlite3_value		*copy;		/* of the argument, if it is needed; owned */
	const char		*bytes;		/* of it */
	size_t			 length, at;	/* the row begins there */
	int64_t			 number;
};

static int
connect(sqlite3 *db, void *handle, int count, const char *const *arguments, sqlite3_vtab **base,
    char **why)
{
	const struct sql_table *about = handle;
	sqlite3_str *text = sqlite3_str_new(db);
	struct table *table = sqlite3_malloc(sizeof *table);
	char *sql;
	int code, i;

	(void)count;
	(void)arguments;
	(void)why;
	sqlite3_str_appendall(text, "CREATE TABLE x(");
	for (i = 0; about->columns[i] != NULL; i++)
		sqlite3_str_appendf(text, "%s, ", about->columns[i]);
	sqlite3_str_appendall(text, "argument HIDDEN)");
	sql = sqlite3_str_finish(text);
	code = table == NULL || sql == NULL ? SQLITE_NOMEM : sqlite3_declare_vtab(db, sql);
	sqlite3_free(sql);
	if (code != SQLITE_OK) {
		sqlite3_free(table);
		return code;
	}
	*table = (struct table){ .about = about, .argument = i };
	sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
	*base = &table->base;
	return SQLITE_OK;
}

static int
disconnect(sqlite3_vtab *base)
{
	sqlite3_free(base);
	return SQLITE_OK;
}

/* There is one way to read it: from the argument, once. In the order of the first column. */
static int
find_best(sqlite3_vtab *base, sqlite3_index_info *info)
{
	const struct table *table = (const struct table *)base;
	int i;

	for (i = 0; i < info->nConstraint; i++)
		if (info->aConstraint[i].iColumn == table->argument &&
		    info->aConstraint[i].usable &&
		    info->aConstraint[i].op == SQLITE_INDEX_CONSTRAINT_EQ)
			break;
	if (i == info->nConstraint)
		return SQLITE_CONSTRAINT;
	info->aConstraintUsage[i].argvIndex = 1;
	info->aConstraintUsage[i].omit = 1;
	info->estimatedCost = 1000;
	info->estimatedRows = 1000;
	info->orderByConsumed = table->about->is_ordered && info->nOrderBy == 1 &&
	    info->aOrderBy[0].iColumn == 0 && !info->aOrderBy[0].desc;
	return SQLITE_OK;
}

static int
open_cursor(sqlite3_vtab *base, sqlite3_vtab_cursor **opened)
{
	struct cursor *cursor = sqlite3_malloc(sizeof *cursor);

	(void)base;
	if (cursor == NULL)
		return SQLITE_NOMEM;
	*cursor = (struct cursor){ .copy = NULL };
	*opened = &cursor->base;
	return SQLITE_OK;
}

static void
forget(struct cursor *cursor)
{
	sqlite3_value_free(cursor->copy);
	cursor->copy = NULL;
}

static int
close_cursor(sqlite3_vtab_cursor *base)
{
	struct cursor *cursor = (struct cursor *)base;

	forget(cursor);
	sqlite3_free(cursor);
	return SQLITE_OK;
}

static const struct sql_table *
about_of(const sqlite3_vtab_cursor *base)
{
	return ((const struct table *)base->pVtab)->about;
}

/* Is there a whole row at that place, or is it behind the last? */
static int
stand(struct cursor *cursor)
{
	if (cursor->at >= cursor->length)
		forget(cursor);
	else if (about_of(&cursor->base)->size(cursor->bytes + cursor->at,
	    cursor->length - cursor->at) == 0)
		return SQLITE_MISMATCH;
	return SQLITE_OK;
}

static int
filter(sqlite3_vtab_cursor *base, int number, const char *plan, int count, sqlite3_value **values)
{
	struct cursor *cursor = (struct cursor *)base;
	sqlite3_value *value = values[0];

	(void)number;
	(void)plan;
	(void)count;
	forget(cursor);
	if (!sqlite3_value_frombind(value)) {		/* it may go before the last row */
		value = cursor->copy = sqlite3_value_dup(value);
		if (value == NULL)
			return SQLITE_NOMEM;
	}
	cursor->bytes = sqlite3_value_blob(value);
	cursor->length = (size_t)sqlite3_value_bytes(value);
	cursor->at = 0;
	cursor->number = 0;
	return stand(cursor);
}

static int
next(sqlite3_vtab_cursor *base)
{
	struct cursor *cursor = (struct cursor *)base;

	cursor->at += about_of(base)->size(cursor->bytes + cursor->at, cursor->length - cursor->at);
	cursor->number++;
	return stand(cursor);
}

static int
is_at_end(sqlite3_vtab_cursor *base)
{
	const struct cursor *cursor = (const struct cursor *)base;

	return cursor->at >= cursor->length;
}

static int
column(sqlite3_vtab_cursor *base, sqlite3_context *context, int number)
{
	const struct cursor *cursor = (const struct cursor *)base;
	const struct table *table = (const struct table *)base->pVtab;
	struct sql_call call = { context, NULL };

	if (number < table->argument)
		table->about->column(cursor->bytes + cursor->at, number, &call);
	return SQLITE_OK;
}

static int
row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *number)
{
	*number = ((const struct cursor *)base)->number;
	return SQLITE_OK;
}

enum status
sql_table_add(struct driver *driver, const struct sql_table *table)
{
	static const sqlite3_module module = { .xConnect = connect, .xBestIndex = find_best,
	    .xDisconnect = disconnect, .xOpen = open_cursor, .xClose = close_cursor,
	    .xFilter = filter, .xNext = next, .xEof = is_at_end, .xColumn = column,
	    .xRowid = row_number };

	return driver_status(driver, sqlite3_create_module(driver_sqlite(driver), table->name,
	    &module, (void *)(uintptr_t)table));
}
