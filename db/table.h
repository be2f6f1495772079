// SPDX-License-Identifier: ISC
/* table.h: for driver.c alone: tables that queries read out of one value (driver_table). */
#ifndef TURNOUT_TABLE_H
#define TURNOUT_TABLE_H

#include "db/driver.h"

struct sqlite3;
struct sqlite3_context;
struct sqlite3_value;

struct sql_call {
	struct sqlite3_context	*context;
	struct sqlite3_value	**values;
};

/* See driver_table. An SQLite result code. */
int		table_add(struct sqlite3 *db, const struct sql_table *table);

#endif
