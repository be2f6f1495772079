// SPDX-License-Identifier: ISC
/*
 * sql.h: what page queries have beyond SQLite's own SQL: functions, aggregates and tables of ours.
 */
#ifndef TURNOUT_SQL_H
#define TURNOUT_SQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/status.h"

struct driver;

/* One call of an SQL function: it reads arguments and gives one result. */
struct sql_call;
int64_t		sql_call_int(struct sql_call *call, int argument);
const char	*sql_call_text(struct sql_call *call, int argument);		/* NULL for NULL */
const void	*sql_call_blob(struct sql_call *call, int argument, size_t *length);
bool		sql_call_is_null(struct sql_call *call, int argument);
void		sql_call_give_int(struct sql_call *call, int64_t value);
/* copied; NULL gives NULL */
void		sql_call_give_text(struct sql_call *call, const char *value);
/* text of that many bytes; copied */
void		sql_call_give_part(struct sql_call *call, const char *value, size_t length);
/* copied */
void		sql_call_give_blob(struct sql_call *call, const void *value, size_t length);
/* a BLOB from malloc(3), which is freed when it is no longer needed */
void		sql_call_give_own(struct sql_call *call, void *value, size_t length);
void		sql_call_fail(struct sql_call *call, const char *why);

/* the handle with which the function was added */
const void	*sql_call_handle(struct sql_call *call);

/*
 * Add a deterministic function of `arguments` arguments; `handle` is borrowed until the connection
 * is closed, NULL if it needs none.
 */
enum status	sql_function_add(struct driver *driver, const char *name, int arguments,
		    void (*function)(struct sql_call *call), const void *handle);

/*
 * Add an aggregate: `row` is called for each row of a group, then `result`, without arguments, to
 * give the result. They share the state that sql_call_state returns: `size` bytes, zero at first,
 * the same in all calls of a group. With size 0 it returns the existing state, NULL if there is
 * none. NULL for lack of memory, and then the statement fails.
 */
enum status	sql_aggregate_add(struct driver *driver, const char *name, int arguments,
		    void (*row)(struct sql_call *call), void (*result)(struct sql_call *call));
void		*sql_call_state(struct sql_call *call, size_t size);

/*
 * A table that queries read out of a BLOB, as in SELECT person_id FROM each_line(:lines): rows
 * stand in it one behind the other.
 */
struct sql_table {
	const char	*name;
	const char	*const *columns;	/* behind the last NULL */
	bool		 is_ordered;	/* by the first column, lower ones first */
	/* how long the row at `row` is, of `left` bytes; 0: it is no row, and the query fails */
	size_t		(*size)(const char *row, size_t left);
	void		(*column)(const char *row, int column, struct sql_call *call);
};

/* Add such a table; `table` is borrowed until the connection is closed. */
enum status	sql_table_add(struct driver *driver, const struct sql_table *table);

#endif
